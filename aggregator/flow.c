#include "aggregator/flow.h"

#include <stdlib.h>

#include "core/arena.h"

/* A group, and one thing that falls into it: an opening that counts, or a role that came or went.
 */
struct entry {
    struct str key;
    uint32_t employer;
    bool counts, came, ended, found;
};

struct entries {
    struct entry *items;
    size_t n, cap;
};

static struct str stage_key(int stage, struct arena *a)
{
    return stage >= 1 && stage <= STAGES ? str_printf(a, "%d", stage) : STR("unstaged");
}

/* The entry under each group of the opening. */
static void enter(const struct opening *o, enum flow_by by, struct entry e, struct arena *a,
                  struct entries *io)
{
    const struct signal *s = &o->lead->signal;
    size_t cities = 0;

    e.employer = o->employer;
    if (by != FLOW_CITY) {
        e.key = by == FLOW_STAGE         ? stage_key(s->stage, a)
                : by == FLOW_COMPANY     ? o->employer_name
                : by == FLOW_MODE        ? str_of(work_mode_name(s->mode))
                : s->track != TRACK_NONE ? str_of(track_name(s->track))
                                         : STR("none");
        *ARENA_PUSH(a, io) = e;
        return;
    }
    for (size_t i = 0; i < s->n_places; i++) {
        bool again = !s->places[i].city.n;

        for (size_t k = 0; k < i && !again; k++)
            again = str_eq(s->places[k].city, s->places[i].city);
        if (again)
            continue;
        e.key = s->places[i].city;
        *ARENA_PUSH(a, io) = e;
        cities++;
    }
    if (!cities) {
        e.key = STR("no city named");
        *ARENA_PUSH(a, io) = e;
    }
}

static int by_key(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    int order = str_cmp(a->key, b->key);

    if (order)
        return order;
    if (a->counts != b->counts)
        return a->counts ? -1 : 1;
    return (a->employer > b->employer) - (a->employer < b->employer);
}

static int by_openings(const void *x, const void *y)
{
    const struct flow_row *a = x, *b = y;

    if (a->openings != b->openings)
        return a->openings > b->openings ? -1 : 1;
    return str_cmp(a->key, b->key);
}

static struct flow_row sum_of(const struct entry *e, size_t n)
{
    struct flow_row ret = { .key = e[0].key };

    for (size_t i = 0; i < n; i++) {
        ret.openings += e[i].counts;
        ret.employers +=
            e[i].counts && (i == 0 || !e[i - 1].counts || e[i - 1].employer != e[i].employer);
        ret.came += e[i].came;
        ret.ended += e[i].ended;
        ret.found += e[i].found;
    }
    return ret;
}

static struct entry moved(const struct role *r, int64_t from, int64_t to)
{
    bool appeared = r->first_proof > from && r->first_proof <= to;

    return (struct entry){ .came = appeared && r->came,
                           .found = appeared && !r->came,
                           .ended = r->ended_by > from && r->ended_by <= to };
}

size_t flow_rows(const struct market *m, const struct roles_seen *roles, enum flow_by by,
                 int64_t from, struct arena *a, struct flow_row **ret)
{
    struct entries all = { 0 };
    struct flow_row *rows;
    size_t n = 0;

    for (size_t i = 0; i < m->n_openings; i++)
        if (m->openings[i].why == COUNTED)
            enter(&m->openings[i], by, (struct entry){ .counts = true }, a, &all);
    for (size_t i = 0; i < roles->n; i++) {
        struct entry e = moved(&roles->items[i], from, m->at);

        if (e.came || e.ended || e.found)
            enter(roles->items[i].opening, by, e, a, &all);
    }
    rows = ARENA_NEW(a, struct flow_row, all.n + 1);
    if (all.n)
        qsort(all.items, all.n, sizeof(*all.items), by_key);
    for (size_t i = 0, j; i < all.n; i = j) {
        for (j = i; j < all.n && str_eq(all.items[j].key, all.items[i].key);)
            j++;
        rows[n++] = sum_of(&all.items[i], j - i);
    }
    if (n && by != FLOW_STAGE)
        qsort(rows, n, sizeof(*rows), by_openings);
    *ret = rows;
    return n;
}

struct flow_row flow_between(const struct roles_seen *roles, int64_t from, int64_t to)
{
    struct flow_row ret = { 0 };

    for (size_t i = 0; i < roles->n; i++) {
        struct entry e = moved(&roles->items[i], from, to);

        ret.came += e.came;
        ret.ended += e.ended;
        ret.found += e.found;
    }
    return ret;
}
