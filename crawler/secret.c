#include "crawler/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"

static const struct str opening = { "{secret:", 8 };

static void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static int blame(struct diag *d, struct str dir, struct str name, const char *why)
{
    diag_fail(d, ERR_CONFIG, "the key " STR_FMT ": %s", STR_ARG(name), why);
    if (dir.n)
        diag_hint(d, "put it into " STR_FMT "/" STR_FMT ", chmod 0600", STR_ARG(dir),
                  STR_ARG(name));
    else
        diag_hint(d, "set fetch.secrets_dir, or LoadCredential= in the unit");
    return ERR_CONFIG;
}

/* systemd gives the service its credentials by an ACL, whose mask shows as the group's mode. */
static mode_t forbidden_mode(struct str dir)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");

    return credentials && str_eq(dir, str_of(credentials)) ? 0037 : 0077;
}

int secret_read(struct str dir, struct str name, struct arena *a, struct str *ret, struct diag *d)
{
    CLEANUP(fd_close) int fd = -1;
    char text[SECRET_BYTES_MAX + 2];
    struct stat st;
    struct str value;
    ssize_t n;

    if (!dir.n)
        return blame(d, dir, name, "no folder of keys is configured");
    fd = open(str_printf(a, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(name)).p,
              O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return blame(d, dir, name, strerror(errno));
    if (fstat(fd, &st) || !S_ISREG(st.st_mode))
        return blame(d, dir, name, "not a plain file");
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return blame(d, dir, name, "its file belongs to another user");
    if (st.st_mode & forbidden_mode(dir))
        return blame(d, dir, name, "others may read its file");
    n = read(fd, text, sizeof(text));
    if (n < 0)
        return blame(d, dir, name, strerror(errno));
    value = str_trim((struct str){ text, (size_t)n });
    if (value.n < SECRET_BYTES_MIN || value.n > SECRET_BYTES_MAX)
        return blame(d, dir, name, "not 8 to 4096 bytes");
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] < ' ' || value.p[i] > '~')
            return blame(d, dir, name, "a byte that is no printable ASCII");
    *ret = str_dup(a, value);
    explicit_bzero(text, sizeof(text));
    return 0;
}

bool secret_stands_in(struct str text)
{
    return str_find(text, opening) >= 0;
}

static struct str escaped(struct arena *a, struct str v, enum secret_escape escape)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i < v.n; i++) {
        bool url = escape == SECRET_URL || escape == SECRET_URL_LOWER;
        bool json = escape == SECRET_JSON || escape == SECRET_JSON_SLASHED;

        if (url && !ascii_is_alnum(v.p[i]) && !memchr("-._~", v.p[i], 4)) {
            buf_printf(&b, escape == SECRET_URL ? "%%%02X" : "%%%02x",
                       (unsigned)(unsigned char)v.p[i]);
            continue;
        }
        if ((json && (v.p[i] == '"' || v.p[i] == '\\'))
            || (escape == SECRET_JSON_SLASHED && v.p[i] == '/'))
            buf_add_byte(&b, '\\');
        buf_add_byte(&b, v.p[i]);
    }
    return buf_take(&b, a);
}

static struct str replaced(struct arena *a, struct str text, struct str from, struct str to)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    ptrdiff_t at = str_find(text, from);

    if (at < 0)
        return text;
    for (; at >= 0; at = str_find(text, from)) {
        buf_add(&b, str_slice(text, 0, (size_t)at));
        buf_add(&b, to);
        text = str_from(text, (size_t)at + from.n);
    }
    buf_add(&b, text);
    return buf_take(&b, a);
}

static struct str placeholder(struct arena *a, struct str name)
{
    return str_printf(a, "{secret:" STR_FMT "}", STR_ARG(name));
}

struct str secret_fill(struct arena *a, struct str text, const struct secrets *keys,
                       enum secret_escape escape)
{
    for (size_t i = 0; i < keys->n && secret_stands_in(text); i++)
        text = replaced(a, text, placeholder(a, keys->items[i].name),
                        escaped(a, keys->items[i].value, escape));
    return text;
}

struct str secret_hide(struct arena *a, struct str text, const struct secrets *keys)
{
    for (size_t i = 0; i < keys->n; i++) {
        struct str to = placeholder(a, keys->items[i].name);

        for (int escape = SECRET_PLAIN; escape < SECRET_ESCAPES; escape++)
            text =
                replaced(a, text, escaped(a, keys->items[i].value, (enum secret_escape)escape), to);
    }
    return text;
}

void secret_hide_in(struct arena *a, struct buf *b, const struct secrets *keys)
{
    struct str before = buf_str(b), after = secret_hide(a, before, keys);

    if (after.p == before.p)
        return;
    b->n = 0;
    buf_add(b, after);
}
