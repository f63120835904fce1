#include "store/waiting.h"

#include <stdlib.h>

enum {
    BEGUN = 1024,      /* readings under way without a row; of more, the oldest get theirs */
    WAITING_MAX = 512, /* rows of a table: they are written before they fill a cache */
};

struct waiting {
    struct begun begun[BEGUN]; /* by id; ids are given in turn */
    int64_t newest;            /* id that was given; 0: not known */
    struct arena memory;       /* of the two lists: until they are written */
    struct {
        struct line {
            int64_t reading;
            struct transfer t;
        } * items;
        size_t n, cap;
    } lines;
    struct {
        struct answered {
            int64_t reading, body, at;
            struct str url;
        } * items;
        size_t n, cap;
    } answers;
};

static int write_begun(struct store *s, struct begun *b, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_ahead(s, "INSERT INTO reading (id, source, started) VALUES (?1, ?2, ?3)");

    stmt_int(&q, 1, b->id);
    stmt_int(&q, 2, b->source);
    stmt_int(&q, 3, b->started);
    waiting_done(b);
    return stmt_run(&q, d);
}

static int write_line(struct store *s, const struct line *l, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_ahead(
        s, "INSERT INTO request (reading, method, url, at, outcome, robots, robots_line,"
           " gap_required_ms, gap_kept_ms, status, bytes_wire, bytes_body, ms, reused, redirects,"
           " error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
           " ?16)");
    const struct transfer *t = &l->t;

    stmt_int_or_null(&q, 1, l->reading);
    stmt_str(&q, 2, t->method);
    stmt_str(&q, 3, t->url);
    stmt_int(&q, 4, t->at);
    stmt_str(&q, 5, str_of(answer_outcome_name(t->outcome)));
    stmt_str(&q, 6, str_of(t->robots));
    stmt_int(&q, 7, t->robots_line);
    stmt_int(&q, 8, t->gap_required_ms);
    stmt_int(&q, 9, t->gap_kept_ms);
    stmt_int(&q, 10, t->status);
    stmt_int(&q, 11, t->bytes_wire);
    stmt_int(&q, 12, t->bytes_body);
    stmt_int(&q, 13, t->ms);
    stmt_int(&q, 14, t->reused);
    stmt_int(&q, 15, t->redirects);
    stmt_str(&q, 16, str_of(t->error));
    return stmt_run(&q, d);
}

static int write_answer(struct store *s, const struct answered *a, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_ahead(s, "INSERT INTO answer (reading, body, url, at) VALUES (?1, ?2, ?3, ?4)");

    stmt_int(&q, 1, a->reading);
    stmt_int(&q, 2, a->body);
    stmt_str(&q, 3, a->url);
    stmt_int(&q, 4, a->at);
    return stmt_run(&q, d);
}

static int write_all(struct store *s, struct diag *d)
{
    struct waiting *w = s->waiting;
    int r = 0;

    for (size_t i = 0; i < w->lines.n && !r; i++) {
        r = waiting_need(s, w->lines.items[i].reading, d);
        if (!r)
            r = write_line(s, &w->lines.items[i], d);
    }
    for (size_t i = 0; i < w->answers.n && !r; i++) {
        r = waiting_need(s, w->answers.items[i].reading, d);
        if (!r)
            r = write_answer(s, &w->answers.items[i], d);
    }
    w->lines.n = w->lines.cap = w->answers.n = w->answers.cap = 0;
    arena_reset(&w->memory);
    s->settle = NULL;
    return r;
}

static void forget(struct store *s)
{
    arena_free(&s->waiting->memory);
    free(s->waiting);
    s->waiting = NULL;
    s->settle = NULL;
}

static struct waiting *waiting_of(struct store *s)
{
    if (!s->waiting)
        s->waiting = calloc(1, sizeof(*s->waiting));
    if (!s->waiting)
        out_of_memory();
    s->forget_waiting = forget;
    return s->waiting;
}

static int newest_reading(struct store *s, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_ahead(s, "SELECT max(id) FROM reading");
    int r = stmt_step(&q, d);

    if (r < 0)
        return r;
    *ret = col_int(&q, 0);
    return 0;
}

int waiting_begin(struct store *s, struct source_known *source, int64_t now, int64_t *ret_reading,
                  struct diag *d)
{
    struct waiting *w = waiting_of(s);
    struct begun *b;
    int r = w->newest ? 0 : newest_reading(s, &w->newest, d);

    if (r)
        return r;
    b = &w->begun[++w->newest % BEGUN];
    if (b->id)
        r = write_begun(s, b, d);
    *b = (struct begun){ w->newest, now, source->id, source, s->forgotten };
    *ret_reading = w->newest;
    return r;
}

struct begun *waiting_find(struct store *s, int64_t reading)
{
    struct begun *b = s->waiting && reading ? &s->waiting->begun[reading % BEGUN] : NULL;

    return b && b->id == reading ? b : NULL;
}

int waiting_need(struct store *s, int64_t reading, struct diag *d)
{
    struct begun *b = waiting_find(s, reading);

    return b ? write_begun(s, b, d) : 0;
}

void waiting_done(struct begun *b)
{
    b->id = 0;
}

static int wait_on(struct store *s, size_t n, struct diag *d)
{
    s->settle = write_all;
    return n < WAITING_MAX ? 0 : write_all(s, d);
}

int waiting_transfer(struct store *s, int64_t reading, const struct transfer *t, struct diag *d)
{
    struct waiting *w = waiting_of(s);
    struct line *l = ARENA_PUSH(&w->memory, &w->lines);

    *l = (struct line){ reading, *t };
    l->t.method = str_dup(&w->memory, t->method);
    l->t.url = str_dup(&w->memory, t->url);
    return wait_on(s, w->lines.n, d);
}

int waiting_answer(struct store *s, int64_t reading, int64_t body, struct str url, int64_t at,
                   struct diag *d)
{
    struct waiting *w = waiting_of(s);

    *ARENA_PUSH(&w->memory, &w->answers) =
        (struct answered){ reading, body, at, str_dup(&w->memory, url) };
    return wait_on(s, w->answers.n, d);
}
