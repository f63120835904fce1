#include "cli/source_look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/source_off.h"
#include "config/check.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "crawler/fetch.h"
#include "parsers/detect.h"

enum { MAX_SAVED = 64 << 20 };

static const char *const yaml_words[] = { "true", "false", "yes", "no", "on",
                                          "off",  "null",  "y",   "n",  "nan" };

/* The page at `url`, asked for once and as politely as a board is; the address that answered. */
static int fetch_page(struct cli *cli, struct str url, struct str *ret_html, struct str *ret_final,
                      struct diag *d)
{
    struct fetch_options opt = cli->config.settings.fetch;
    CLEANUP(fetcher_close) struct fetcher *f = NULL;
    struct request req = { .method = STR("GET"), .url = url };
    const struct answer *answer = NULL;
    void *tag;
    int r;

    opt.never = never_read;
    r = fetch_curl_open(&f, &opt, d);
    if (!r)
        r = f->submit(f, &req, NULL, d);
    if (!r)
        r = f->next(f, &answer, &tag, -1, d);
    if (r < 0)
        return r;
    if (r != FETCH_ANSWER)
        return diag_fail(d, ERR_NET, STR_FMT ": no answer", STR_ARG(url));
    if (answer->outcome != ANSWER_OK && str_find(str_of(answer->error), url) >= 0)
        return diag_fail(d, ERR_NET, "%s", answer->error);
    if (answer->outcome != ANSWER_OK)
        return diag_fail(d, ERR_NET, STR_FMT ": %s", STR_ARG(url), answer->error);
    if (answer->status < 200 || answer->status > 299)
        return diag_fail(d, ERR_NET, STR_FMT ": HTTP %d", STR_ARG(url), answer->status);
    *ret_html = str_dup(cli->run, answer->body);
    *ret_final = str_dup(cli->run, answer->final_url);
    return 0;
}

static int refuse(struct str url, struct diag *d)
{
    const char *why = never_read(url);

    return why ? diag_fail(d, ERR_DENIED, STR_FMT ": %s", STR_ARG(url), why) : 0;
}

/* DETECT_FOUND, or 0: neither the address nor the page leads to a board. ERR_DENIED: to one that is
 * never read. */
static int look(struct cli *cli, struct str what, struct source *ret, struct diag *d)
{
    const struct adapter *ads = cli->config.adapters.items;
    size_t n = cli->config.adapters.n;
    struct str html = { 0 }, final = { 0 };
    bool is_url = str_starts(what, STR("http://")) || str_starts(what, STR("https://"));
    int r = is_url ? refuse(what, d) : 0;

    if (r)
        return r;
    if (is_url && detect_url(cli->run, ads, n, what, ret) == DETECT_FOUND)
        return DETECT_FOUND;
    r = is_url ? fetch_page(cli, what, &html, &final, d)
               : cli_read_file(cli, what, MAX_SAVED, &html, d);
    if (r)
        return r;
    if (final.n && detect_url(cli->run, ads, n, final, ret) == DETECT_FOUND)
        return DETECT_FOUND;
    r = detect_page(cli->run, ads, n, html, final, ret);
    for (size_t i = 0; r == DETECT_FOUND && i < ret->params.n; i++) {
        struct str value = ret->params.items[i];

        (void)str_cut(&value, '=');
        if (refuse(value, d))
            return ERR_DENIED;
    }
    return r;
}

/* A scalar of YAML: plain where no reader could take it for anything else. */
static void add_scalar(struct buf *b, struct str s)
{
    bool plain = s.n && ascii_is_alpha(s.p[0]);

    for (size_t i = 0; i < s.n && plain; i++)
        plain = ascii_is_alnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '_' || s.p[i] == '.';
    for (size_t i = 0; i < ARRAY_LEN(yaml_words) && plain; i++)
        plain = !str_eq_fold(s, str_of(yaml_words[i]));
    if (!plain)
        buf_add_byte(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (!plain && s.p[i] == '\'')
            buf_add_byte(b, '\'');
        buf_add_byte(b, s.p[i]);
    }
    if (!plain)
        buf_add_byte(b, '\'');
}

static void add_line(struct buf *b, const char *key, struct str value)
{
    if (!value.n)
        return;
    buf_add(b, str_of(key));
    add_scalar(b, value);
    buf_add_byte(b, '\n');
}

/* A source as an item of a YAML list; what is not known is left out. */
static void add_source(struct buf *b, const struct source *s)
{
    add_line(b, "- key: ", s->key);
    add_line(b, "  adapter: ", s->adapter);
    buf_add(b, STR("  params: { "));
    for (size_t i = 0; i < s->params.n; i++) {
        struct str value = s->params.items[i], name = str_cut(&value, '=');

        if (i)
            buf_add(b, STR(", "));
        buf_add(b, name);
        buf_add(b, STR(": "));
        add_scalar(b, value);
    }
    buf_add(b, STR(" }\n"));
    add_line(b, "  company: ", s->company);
    add_line(b, "  policy: ", s->policy.n ? s->policy : STR("default"));
    add_line(b, "  confidence: ", s->confidence);
    add_line(b, "  learned_from: ", s->learned_from);
    add_line(b, "  why_added: ", s->why_added);
    add_line(b, "  added: ", s->added);
    add_line(b, "  permission: ", s->permission);
}

static int say_nothing_found(struct str what)
{
    fprintf(stderr, "roletide: " STR_FMT ": leads to no board that is known\n", STR_ARG(what));
    return EXIT_NOTHING;
}

int source_detect(struct cli *cli, struct str what, struct diag *d)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct source found;
    int r = look(cli, what, &found, d);

    if (r < 0)
        return r;
    if (r != DETECT_FOUND)
        return say_nothing_found(what);
    add_source(&b, &found);
    fwrite(b.p, 1, b.n, stdout);
    if (config_source(&cli->config, found.key) && !cli->quiet)
        fprintf(stderr, "roletide: " STR_FMT " is among the sources already\n", STR_ARG(found.key));
    return 0;
}

static int io_fail(struct diag *d, const char *path)
{
    return diag_fail(d, ERR_IO, "%s: %s", path, strerror(errno));
}

static int make_folders(struct arena *a, const char *path, struct diag *d)
{
    char *copy = str_cstr(a, str_of(path));

    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0755) && errno != EEXIST)
            return io_fail(d, copy);
        *p = '/';
    }
    return mkdir(copy, 0755) && errno != EEXIST ? io_fail(d, copy) : 0;
}

/* Beside its place first, under a name that the configuration does not read: a run that starts
 * meanwhile sees the whole file or none, and nobody holds a lock. */
static int put_file(const char *path, const char *beside, struct str bytes, struct diag *d)
{
    CLEANUP(file_close) FILE *f = fopen(beside, "wxe");
    int r = 0;

    if (!f)
        return io_fail(d, beside);
    if (fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fflush(f) || fsync(fileno(f)))
        r = io_fail(d, beside);
    if (!r && link(beside, path))
        r = io_fail(d, path);
    (void)unlink(beside);
    return r;
}

/* SOURCES/keka-tarang.yaml of "keka:tarang". */
static const char *file_of(struct arena *a, const char *folder, struct str key)
{
    char *name = str_cstr(a, key);

    for (char *p = name; *p; p++)
        if (!ascii_is_alnum(*p) && *p != '-' && *p != '_' && *p != '.')
            *p = '-';
    return str_printf(a, "%s/sources/%s.yaml", folder, name).p;
}

static int write_source(struct cli *cli, const struct source *s, const char **ret_path,
                        struct diag *d)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    const char *folder =
        config_own_folder(cli->run, cli->config_path.n ? cli->config_path.p : NULL);
    const char *path;
    int r;

    if (!folder) {
        diag_fail(d, ERR_CONFIG, "there is no folder of your own configuration to add to");
        diag_hint(d, "name one: roletide --config DIR source add ...");
        return ERR_CONFIG;
    }
    path = file_of(cli->run, folder, s->key);
    add_source(&b, s);
    r = make_folders(cli->run, str_printf(cli->run, "%s/sources", folder).p, d);
    if (!r)
        r = put_file(path, str_printf(cli->run, "%s.%ld", path, (long)getpid()).p, buf_str(&b), d);
    *ret_path = path;
    return r;
}

/* A known source by its key, else the board behind an address or in a saved page. */
static int find(struct cli *cli, struct str what, struct source *ret, struct diag *d)
{
    const struct source *known = config_source(&cli->config, what);
    int r;

    if (known) {
        *ret = *known;
        return DETECT_FOUND;
    }
    r = look(cli, what, ret, d);
    known = r == DETECT_FOUND ? config_source(&cli->config, ret->key) : NULL;
    if (known)
        *ret = *known;
    return r;
}

static bool is_read(const struct source *s)
{
    return !str_eq(s->policy, STR("opt-in")) && !str_eq(s->policy, STR("off"));
}

/* What a person who adds it says of a source, over what was known. */
static void describe(struct cli *cli, const struct source_words *w, struct str what,
                     struct source *io)
{
    io->policy = STR("default");
    if (w->company.n)
        io->company = w->company;
    if (w->permission.n)
        io->permission = w->permission;
    if (!io->learned_from.n)
        io->learned_from = what;
    if (!io->confidence.n)
        io->confidence = STR("medium");
    if (w->hiring)
        io->why_added = STR("hiring");
    if (!io->added.n) {
        char today[DATE_TEXT];

        date_format_iso(cli->now, today);
        io->added = str_dup(cli->run, str_slice(str_of(today), 0, 10));
    }
}

/* Whether a person wrote it: two files of one folder would contradict each other. */
static bool is_own(struct cli *cli, const struct source *s)
{
    const char *folder =
        config_own_folder(cli->run, cli->config_path.n ? cli->config_path.p : NULL);
    struct str origin = config_origin_of(&cli->config, cli->run, s->key.p);

    return folder && str_starts(origin, str_of(folder));
}

int source_add(struct cli *cli, struct str what, const struct source_words *words, struct diag *d)
{
    struct source s = { 0 };
    const struct adapter *ad;
    const char *path = NULL;
    struct diag unfit = { 0 };
    bool known;
    int r = find(cli, what, &s, d);

    if (r < 0)
        return r;
    if (r != DETECT_FOUND)
        return say_nothing_found(what);
    ad = config_adapter(&cli->config, s.adapter);
    if (!ad || str_eq(ad->policy, STR("off")))
        return diag_fail(d, ERR_DENIED, STR_FMT ": %s", STR_ARG(s.key),
                         ad ? str_cstr(cli->run, ad->why) : "no such adapter");
    known = config_source(&cli->config, s.key) != NULL;
    if (known && is_read(&s) && !words->permission.n) {
        fprintf(stderr, "roletide: " STR_FMT " is read already\n", STR_ARG(s.key));
        return 0;
    }
    if (known && is_own(cli, &s)) {
        diag_fail(d, ERR_USAGE, STR_FMT ": it stands in your configuration already",
                  STR_ARG(s.key));
        diag_hint(d, "set its policy to default: " STR_FMT,
                  STR_ARG(config_origin_of(&cli->config, cli->run, s.key.p)));
        return ERR_USAGE;
    }
    describe(cli, words, what, &s);
    r = adapter_check_source(ad, &s, d);
    if (!r)
        r = write_source(cli, &s, &path, d);
    if (r)
        return r;
    puts(path);
    if (source_is_fit(cli, &s, &unfit)) /* it is added, and waits for a key or a permission */
        cli_complain(cli, &unfit);
    else if (!cli->quiet)
        fprintf(stderr, "hint: roletide source check " STR_FMT "\n", STR_ARG(s.key));
    return 0;
}
