#include "tests/e2e/played.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GAP_MS = 1000, HOSTS_A_NET = 250 };

void played_open(struct played *p, const char *name)
{
    struct config_options where = { .path = SOURCE_DIR "/config", .shipped = SOURCE_DIR "/config" };
    struct diag d = { 0 };

    *p = (struct played){ 0 };
    play_open(&p->play, name);
    kinds_read(&p->play.memory, SOURCE_DIR "/tests/e2e/kinds", &p->kinds);
    if (config_load(&p->play.memory, &where, &p->config, &d)) {
        fprintf(stderr, "%s\n", d.text);
        exit(1);
    }
}

/* The address is where the board is played; the rest is the source's own. */
static void add_param(struct played *p, struct replay_board *b, struct str name, struct str value)
{
    if (str_eq(name, STR("base")))
        value = str_printf(&p->play.memory, "@[%s]", b->host);
    else
        words_set(&p->play.memory, &b->words, name, value);
    buf_printf(&p->sources, STR_FMT ": '" STR_FMT "', ", STR_ARG(name), STR_ARG(value));
}

static void add_given(struct played *p, struct replay_board *b, const struct strs *params)
{
    for (size_t i = 0; i < params->n; i++) {
        struct str value = params->items[i], name = str_cut(&value, '=');

        if (!str_eq(name, STR("base")))
            add_param(p, b, name, value);
    }
}

static void add_of_kind(struct played *p, struct replay_board *b)
{
    struct str rest = b->kind->source;

    while (rest.n) {
        struct str value = str_cut(&rest, '\n'), name = str_cut(&value, '=');

        add_param(p, b, name, words_fill(&p->play.memory, value, &b->words, false));
    }
}

static void add_source(struct played *p, struct replay_board *b, const struct adapter *ad,
                       const struct strs *params)
{
    buf_printf(&p->sources,
               "- { key: '" STR_FMT "', adapter: " STR_FMT ", company: '" STR_FMT "', policy: %s, "
               "params: { ",
               STR_ARG(b->key), STR_ARG(ad->id), STR_ARG(b->employer),
               b->never ? "'off'" : "default");
    for (size_t i = 0; i < ad->params.n; i++)
        if (str_eq(ad->params.items[i].name, STR("base")))
            add_param(p, b, STR("base"), STR(""));
    if (params)
        add_given(p, b, params);
    else
        add_of_kind(p, b);
    buf_add(&p->sources, STR("} }\n"));
}

struct replay_board *played_add(struct played *p, const struct adapter *ad, struct str key,
                                const struct strs *params, bool never)
{
    struct arena *a = &p->play.memory;
    struct replay_board *b = ARENA_NEW(a, struct replay_board, 1);
    unsigned n = (unsigned)p->boards.n;

    *b = (struct replay_board){ .kind = kind_find(&p->kinds, ad->id),
                                .key = key,
                                .number = n,
                                .seed = 2166136261u + n,
                                .manner = "",
                                .never = never };
    if (!b->kind && !never) {
        fprintf(stderr, "no tests/e2e/kinds/" STR_FMT ".board\n", STR_ARG(ad->id));
        exit(1);
    }
    snprintf(b->host, sizeof(b->host), "127.1.%u.%u", n / HOSTS_A_NET, n % HOSTS_A_NET + 1);
    b->employer = str_printf(a, "Employer %u", n);
    words_set(a, &b->words, STR("employer"), b->employer);
    words_set(a, &b->words, STR("slug"), str_printf(a, "played%u", n));
    for (size_t i = 0; i < ad->params.n; i++)
        words_set(a, &b->words, ad->params.items[i].name, ad->params.items[i].default_);
    *ARENA_PUSH(a, &p->boards) = b;
    add_source(p, b, ad, params);
    return b;
}

struct place {
    struct play *play;
    const char *host;
};

static void write_file(void *ctx, const char *path, struct str bytes)
{
    struct place *to = ctx;
    struct arena a = ARENA_INIT;

    play_file(to->play, str_cstr(&a, str_printf(&a, "%s/%s", to->host, path)), bytes);
    arena_free(&a);
}

void played_write(struct played *p, const struct replay_board *b)
{
    struct place place = { &p->play, b->host };

    replay_write(b, &(struct replay_writer){ &place, write_file });
}

static void quicken(struct played *p, int faster)
{
    static const struct str key = { "\ngap_ms: ", 9 };
    struct arena a = ARENA_INIT;
    DIR *d = opendir(SOURCE_DIR "/config/adapters");
    struct dirent *e;

    while (d && (e = readdir(d))) {
        struct str text, after;
        ptrdiff_t at;
        int64_t gap;

        if (!str_ends(str_of(e->d_name), STR(".yaml")))
            continue;
        text = kinds_file(&a, str_printf(&a, SOURCE_DIR "/config/adapters/%s", e->d_name));
        at = str_find(text, key);
        after = at < 0 ? STR("") : str_from(text, (size_t)at + key.n);
        if (!str_int(str_cut(&after, '\n'), &gap))
            continue;
        scratch_file(&a, p->play.folder, str_printf(&a, "config/adapters/%s", e->d_name).p,
                     str_printf(&a, STR_FMT "\ngap_ms: %d\n" STR_FMT,
                                STR_ARG(str_slice(text, 0, (size_t)at)), (int)gap / faster,
                                STR_ARG(after)));
    }
    closedir(d);
    arena_free(&a);
}

void played_start(struct played *p, int faster)
{
    struct arena *a = &p->play.memory;

    play_start(&p->play, str_cstr(a, buf_str(&p->sources)));
    scratch_file(a, p->play.folder, "config/roletide.yaml",
                 str_printf(a,
                            "own_sources: true\nallow_loopback: true\nfetch:\n  gap_ms: %d\n"
                            "  timeout_s: 4\n  connect_timeout_s: 3\n  stall_s: 2\n",
                            GAP_MS / faster));
    if (faster > 1)
        quicken(p, faster);
}

void played_close(struct played *p)
{
    play_close(&p->play);
    buf_release(&p->sources);
}

bool played_hit(const struct replay_board *b, const struct boards_hit *hit)
{
    size_t n = strlen(b->host);

    return !strncmp(hit->host, b->host, n) && hit->host[n] == ':'
           && strcmp(hit->url, "/robots.txt") != 0;
}

struct str report_line(struct arena *a, struct str report, struct str key)
{
    struct str start = str_printf(a, "{\"source\":\"" STR_FMT "\",", STR_ARG(key));

    while (report.n) {
        struct str line = str_cut(&report, '\n');

        if (str_starts(line, start))
            return line;
    }
    return STR("");
}
