#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "crawler/fetch.h"

enum { FILE_MAX = 64 << 20 };

/* One saved answer. */
struct saved {
    struct str method, url, file;
    struct answer answer;
    bool given;
};

struct waiting {
    struct saved *saved; /* NULL: none was */
    struct str url;
    void *tag;
};

struct replay {
    struct fetcher face; /* first */
    const char *dir;
    struct arena mem;
    struct saveds {
        struct saved *items;
        size_t n, cap;
    } saved;
    struct waitings {
        struct waiting *items;
        size_t n, cap;
    } queue;
    size_t next;
    struct answer missing;
};

static int read_file(struct arena *a, const char *path, struct str *ret, struct diag *d)
{
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    CLEANUP(buf_release) struct buf b = { 0 };
    char part[16384];
    size_t n;

    if (!f)
        return diag_fail(d, ERR_IO, "%s: %m", path);
    while ((n = fread(part, 1, sizeof(part), f)) > 0) {
        buf_add(&b, (struct str){ part, n });
        if (b.n > FILE_MAX)
            return diag_fail(d, ERR_LIMIT, "%s: over %d bytes", path, FILE_MAX);
    }
    if (ferror(f))
        return diag_fail(d, ERR_IO, "%s: %m", path);
    *ret = buf_take(&b, a);
    return 0;
}

/* "Name: value" fields, separated by `|`: those that an answer carries. */
static void read_headers(struct answer *answer, struct str headers)
{
    while (headers.n) {
        struct str field = str_cut(&headers, '|'), name = str_trim(str_cut(&field, ':'));

        field = str_trim(field);
        if (str_eq_fold(name, STR("content-type")))
            answer->content_type = field;
        else if (str_eq_fold(name, STR("etag")))
            answer->etag = field;
        else if (str_eq_fold(name, STR("last-modified")))
            answer->last_modified = field;
        else if (str_eq_fold(name, STR("final-url")))
            answer->final_url = field;
    }
}

static int read_row(struct replay *r, struct str row, int line, struct diag *d)
{
    struct str what = str_cut(&row, '\t'), status = str_cut(&row, '\t'),
               headers = str_cut(&row, '\t');
    struct saved *s = ARENA_PUSH(&r->mem, &r->saved);
    int64_t code;

    s->method = str_cut(&what, ' ');
    s->url = what;
    s->file = str_trim(row);
    if (!what.n || !str_int(status, &code) || code < 0 || code > 599)
        return diag_fail(d, ERR_FORMAT, "%s/index.tsv:%d: not METHOD URL, status, headers, file",
                         r->dir, line);
    s->answer.status = (int)code;
    s->answer.final_url = s->url;
    s->answer.outcome = code == 0                    ? ANSWER_FAILED
                        : code == 304                ? ANSWER_UNCHANGED
                        : code == 429 || code == 503 ? ANSWER_DEFERRED
                                                     : ANSWER_OK;
    if (s->answer.outcome != ANSWER_OK)
        snprintf(s->answer.error, sizeof(s->answer.error), "saved as status %d", (int)code);
    read_headers(&s->answer, headers);
    return 0;
}

static int read_index(struct replay *r, struct diag *d)
{
    struct str text = { 0 };
    int line = 0, err;

    err = read_file(&r->mem, str_printf(&r->mem, "%s/index.tsv", r->dir).p, &text, d);
    while (!err && text.n) {
        struct str row = str_cut(&text, '\n');

        line++;
        if (row.n && row.p[0] != '#')
            err = read_row(r, row, line, d);
    }
    return err;
}

/* Answers to one request are given in their order in the index; the last one again and again. */
static struct saved *find_saved(struct replay *r, const struct request *q)
{
    struct saved *last = NULL;

    for (size_t i = 0; i < r->saved.n; i++) {
        struct saved *s = &r->saved.items[i];

        if (!str_eq(s->method, q->method) || !str_eq(s->url, q->url))
            continue;
        last = s;
        if (!s->given)
            break;
    }
    return last;
}

static int submit(struct fetcher *face, const struct request *q, void *tag, struct diag *d)
{
    struct replay *r = (struct replay *)face;
    struct saved *s = find_saved(r, q);

    (void)d;
    if (s)
        s->given = true;
    *ARENA_PUSH(&r->mem, &r->queue) =
        (struct waiting){ .saved = s, .url = str_dup(&r->mem, q->url), .tag = tag };
    return 0;
}

static int next(struct fetcher *face, const struct answer **ret, void **ret_tag, int timeout_ms,
                struct diag *d)
{
    struct replay *r = (struct replay *)face;
    struct waiting *w;
    struct saved *s;
    int err;

    (void)timeout_ms;
    if (r->next == r->queue.n)
        return FETCH_IDLE;
    w = &r->queue.items[r->next++];
    *ret_tag = w->tag;
    s = w->saved;
    if (!s) {
        r->missing = (struct answer){ .outcome = ANSWER_FAILED,
                                      .final_url = w->url,
                                      .error = "no answer was saved" };
        *ret = &r->missing;
        return FETCH_ANSWER;
    }
    if (s->answer.outcome == ANSWER_OK && s->file.n && !s->answer.body.p) {
        err = read_file(&r->mem, str_printf(&r->mem, "%s/" STR_FMT, r->dir, STR_ARG(s->file)).p,
                        &s->answer.body, d);
        if (err)
            return err;
    }
    *ret = &s->answer;
    return FETCH_ANSWER;
}

static size_t room(const struct fetcher *face)
{
    (void)face;
    return SIZE_MAX;
}

static void close_replay(struct fetcher *face)
{
    struct replay *r = (struct replay *)face;

    arena_free(&r->mem);
    free(r);
}

int fetch_replay_open(struct fetcher **ret, const char *dir, struct diag *d)
{
    struct replay *r = calloc(1, sizeof(*r));
    int err;

    if (!r)
        return diag_fail(d, ERR_IO, "out of memory");
    r->face = (struct fetcher){ submit, next, room, close_replay };
    r->dir = str_cstr(&r->mem, str_of(dir));
    err = read_index(r, d);
    if (err) {
        close_replay(&r->face);
        return err;
    }
    *ret = &r->face;
    return 0;
}
