#ifndef TESTS_UNIT_FETCH_ROOM_H
#define TESTS_UNIT_FETCH_ROOM_H

/* A room to test a fetcher in: a server with its folder, the fetcher, and what it told us. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "boards/boards.h"
#include "core/arena.h"
#include "crawler/fetch.h"
#include "test.h"

enum { NOW = 1795470840, LINES_MAX = 128, ANSWERS_MAX = 64 };

struct saved {
    enum answer_outcome outcome;
    int status;
    char url[256], error[200], etag[100];
    size_t body_n;
    char body[96];
};

struct room {
    char dir[256];
    struct boards *boards;
    struct fetch_options opt;
    struct fetcher *fetcher;
    struct arena mem;
    int64_t now;
    struct transfer lines[LINES_MAX];
    char urls[LINES_MAX][256];
    bool robots[LINES_MAX];
    size_t n_lines;
    struct host_state hosts[16];
    size_t n_hosts;
    struct saved answers[ANSWERS_MAX]; /* by tag */
    size_t order[ANSWERS_MAX], n_answers;
    struct diag diag;
};

static inline int64_t room_now(void *ctx)
{
    return ((struct room *)ctx)->now;
}

static inline int room_load(void *ctx, struct str host, struct arena *a, struct host_state *ret,
                            struct diag *d)
{
    struct room *r = ctx;

    (void)a;
    (void)d;
    for (size_t i = 0; i < r->n_hosts; i++)
        if (str_eq(r->hosts[i].host, host)) {
            *ret = r->hosts[i];
            return 0;
        }
    return 1;
}

static inline int room_save(void *ctx, const struct host_state *h, struct diag *d)
{
    struct room *r = ctx;
    size_t i = 0;

    (void)d;
    while (i < r->n_hosts && !str_eq(r->hosts[i].host, h->host))
        i++;
    if (i == r->n_hosts)
        r->n_hosts++;
    r->hosts[i] = *h;
    r->hosts[i].host = str_dup(&r->mem, h->host);
    r->hosts[i].robots = str_dup(&r->mem, h->robots);
    return 0;
}

static inline int room_ledger(void *ctx, const struct transfer *t, void *tag, struct diag *d)
{
    struct room *r = ctx;

    (void)d;
    if (r->n_lines == LINES_MAX)
        abort();
    r->lines[r->n_lines] = *t;
    r->robots[r->n_lines] = !tag;
    snprintf(r->urls[r->n_lines], sizeof(r->urls[0]), STR_FMT, STR_ARG(t->url));
    r->n_lines++;
    return 0;
}

static inline void write_file(struct room *r, const char *name, const char *text)
{
    char path[512], *slash;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", r->dir, name);
    slash = strrchr(path, '/');
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
    f = fopen(path, "w");
    if (!f || fputs(text, f) < 0 || fclose(f))
        abort();
}

static inline void reopen(struct room *r)
{
    fetcher_close(&r->fetcher);
    if (fetch_curl_open(&r->fetcher, &r->opt, &r->diag))
        abort();
}

/* Files are pairs of name and text, ended by NULL. */
static inline void open_room(struct room *r, const char *const *files)
{
    char why[200];

    memset(r, 0, sizeof(*r));
    snprintf(r->dir, sizeof(r->dir), "%s/fetch.XXXXXX", SCRATCH_DIR);
    if (!mkdtemp(r->dir))
        abort();
    for (size_t i = 0; files[i]; i += 2)
        write_file(r, files[i], files[i + 1]);
    r->boards = boards_start(r->dir, 0, NULL, why);
    if (!r->boards) {
        fprintf(stderr, "%s\n", why);
        abort();
    }
    r->now = NOW;
    r->opt = (struct fetch_options){
        .user_agent = STR("roletide/0.1 (+https://roletide.example)"),
        .contact = STR("crawler@roletide.example"),
        .gap_ms = 1,
        .timeout_s = 3,
        .stall_s = 1,
        .max_tries = 1,
        .max_body_kib = 256,
        .allow_loopback = true,
        .ctx = r,
        .load_host = room_load,
        .save_host = room_save,
        .ledger = room_ledger,
        .now = room_now,
    };
    reopen(r);
}

/* Read the sites again, on the same port: a row may name it. */
static inline void restart(struct room *r)
{
    uint16_t port = boards_port(r->boards);
    char why[200];

    boards_stop(&r->boards);
    r->boards = boards_start(r->dir, port, NULL, why);
    if (!r->boards)
        abort();
}

static inline void close_room(struct room *r)
{
    fetcher_close(&r->fetcher);
    boards_stop(&r->boards);
    arena_free(&r->mem);
}

static inline struct request get(struct room *r, const char *host, const char *path)
{
    return (struct request){ .method = STR("GET"),
                             .url = str_printf(&r->mem, "http://%s:%u%s", host,
                                               boards_port(r->boards), path) };
}

static inline void submit(struct room *r, const struct request *q, size_t tag)
{
    CHECK_ROW(!r->fetcher->submit(r->fetcher, q, &r->answers[tag], &r->diag), tag);
}

/* Take answers until none is due. */
static inline void drain(struct room *r)
{
    const struct answer *a;
    void *tag;
    int got;

    while ((got = r->fetcher->next(r->fetcher, &a, &tag, 5000, &r->diag)) == FETCH_ANSWER) {
        struct saved *s = tag;

        s->outcome = a->outcome;
        s->status = a->status;
        s->body_n = a->body.n;
        snprintf(s->body, sizeof(s->body), STR_FMT,
                 STR_ARG(str_slice(a->body, 0, sizeof(s->body) - 1)));
        snprintf(s->url, sizeof(s->url), STR_FMT, STR_ARG(a->final_url));
        snprintf(s->etag, sizeof(s->etag), STR_FMT, STR_ARG(a->etag));
        snprintf(s->error, sizeof(s->error), "%s", a->error);
        r->order[r->n_answers++] = (size_t)(s - r->answers);
    }
    CHECK(got == FETCH_IDLE);
}

static inline const struct saved *ask(struct room *r, const char *host, const char *path)
{
    struct request q = get(r, host, path);

    submit(r, &q, 0);
    drain(r);
    return &r->answers[0];
}

static inline size_t hits_of(struct room *r, const char *url)
{
    struct boards_hit h;
    size_t n = 0;

    for (size_t i = 0; boards_hit(r->boards, i, &h); i++)
        n += strcmp(h.url, url) == 0;
    return n;
}

static inline int64_t ms_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#define FILES(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

#endif
