#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/documents.h"

/* The five parts of RFC 3986 3; a part that is not there has p NULL, which differs from empty. */
struct url {
    struct str scheme, authority, path, query, fragment;
};

static size_t scheme_length(struct str s)
{
    size_t i = 0;

    if (!s.n || !ascii_is_alpha(s.p[0]))
        return 0;
    while (i < s.n && (ascii_is_alnum(s.p[i]) || strchr("+-.", s.p[i])) && s.p[i])
        i++;
    return i < s.n && s.p[i] == ':' ? i : 0;
}

static struct str cut_at(struct str *s, size_t at, bool skip)
{
    struct str head = { s->p, at };

    *s = (struct str){ s->p + at + skip, s->n - at - skip };
    return head;
}

static size_t find_any(struct str s, const char *set)
{
    size_t i = 0;

    while (i < s.n && !(s.p[i] && strchr(set, s.p[i])))
        i++;
    return i;
}

static struct url split(struct str s)
{
    struct url u = { 0 };
    size_t n = scheme_length(s);

    if (n)
        u.scheme = cut_at(&s, n, true);
    if (str_starts(s, STR("//"))) {
        s = (struct str){ s.p + 2, s.n - 2 };
        u.authority = cut_at(&s, find_any(s, "/?#"), false);
    }
    u.path = cut_at(&s, find_any(s, "?#"), false);
    if (s.n && s.p[0] == '?') {
        cut_at(&s, 0, true);
        u.query = cut_at(&s, find_any(s, "#"), false);
    }
    if (s.n && s.p[0] == '#')
        u.fragment = (struct str){ s.p + 1, s.n - 1 };
    return u;
}

/* RFC 3986 5.2.4. */
static void remove_dot_segments(struct buf *out, struct str in)
{
    size_t start = out->n;

    while (in.n) {
        size_t n;

        if (str_starts(in, STR("../"))) {
            in = str_from(in, 3);
        } else if (str_starts(in, STR("./"))) {
            in = str_from(in, 2);
        } else if (str_starts(in, STR("/./")) || str_eq(in, STR("/."))) {
            in = in.n == 2 ? STR("/") : str_from(in, 2);
        } else if (str_starts(in, STR("/../")) || str_eq(in, STR("/.."))) {
            in = in.n == 3 ? STR("/") : str_from(in, 3);
            while (out->n > start && out->p[--out->n] != '/')
                ;
        } else if (str_eq(in, STR(".")) || str_eq(in, STR(".."))) {
            break;
        } else {
            n = 1 + find_any(str_from(in, 1), "/");
            buf_add(out, str_slice(in, 0, n));
            in = str_from(in, n);
        }
    }
}

/* RFC 3986 5.2.3: all of the base's path up to its last '/', then the reference's. */
static struct str merge(struct arena *a, const struct url *base, struct str path)
{
    size_t n = base->path.n;

    if (base->authority.p && !base->path.n)
        return str_printf(a, "/" STR_FMT, STR_ARG(path));
    while (n && base->path.p[n - 1] != '/')
        n--;
    return str_printf(a, STR_FMT STR_FMT, (int)n, base->path.p, STR_ARG(path));
}

static void part(struct buf *b, const char *before, struct str s, const char *after)
{
    if (!s.p)
        return;
    buf_add(b, str_of(before));
    buf_add(b, s);
    buf_add(b, str_of(after));
}

struct str url_join(struct arena *a, struct str base, struct str ref)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct str r = str_trim(ref), from = str_trim(base);
    struct url u = split(r.p ? r : STR("")), o = split(from.p ? from : STR(""));

    if (!u.scheme.p) {
        if (!o.scheme.p)
            return (struct str){ 0 };
        u.scheme = o.scheme;
        if (!u.authority.p) {
            u.authority = o.authority;
            if (!u.path.n) {
                u.path = o.path;
                u.query = u.query.p ? u.query : o.query;
            } else if (u.path.p[0] != '/') {
                u.path = merge(a, &o, u.path);
            }
        }
    }
    part(&b, "", u.scheme, ":");
    part(&b, "//", u.authority, "");
    remove_dot_segments(&b, u.path);
    part(&b, "?", u.query, "");
    part(&b, "#", u.fragment, "");
    return buf_take(&b, a);
}

int url_resolve(struct arena *a, struct str base, struct str ref, struct str *ret, struct diag *d)
{
    struct str url = url_join(a, base, ref);

    if (!url.n)
        return diag_fail(d, ERR_FORMAT, "no address: \"" STR_FMT "\" on \"" STR_FMT "\"",
                         STR_ARG(ref), STR_ARG(base));
    *ret = url;
    return 0;
}

struct str url_escape(struct arena *a, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (ascii_is_alnum(s.p[i]) || (c && strchr("-._~", c))) {
            buf_add_byte(&b, s.p[i]);
            continue;
        }
        buf_add_byte(&b, '%');
        buf_add_byte(&b, hex[c >> 4]);
        buf_add_byte(&b, hex[c & 15]);
    }
    return buf_take(&b, a);
}
