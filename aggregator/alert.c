#include "aggregator/alert.h"

#include <math.h>

#include "aggregator/tally.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

static const double DEVIATIONS = 3.5, LEAST_CHANGE = .05;

const char *alert_kind_name(enum alert_kind k)
{
    static const char *const names[ALERT_KINDS] = { "stock", "new" };

    return names[k];
}

struct end {
    double n, hits;
    size_t employers, naming, silent;
};

static void add_to(struct end *to, const struct cluster *c)
{
    to->n += (double)c->n;
    to->hits += (double)c->hits;
    to->employers += c->n > 0;
    to->naming += c->hits > 0;
    to->silent += c->hits < c->n;
}

static size_t rarer(const struct end *e)
{
    return e->naming < e->silent ? e->naming : e->silent;
}

static double residual(const struct cluster *c, const struct end *of, double share)
{
    return ((double)c->hits - share * (double)c->n) / of->n;
}

void paired_change(const struct paired *e, size_t k, struct paired_change *ret)
{
    struct end now = { 0 }, then = { 0 };
    double squares = 0, largest = 0, change;

    for (size_t i = 0; i < k; i++) {
        add_to(&now, &e[i].now);
        add_to(&then, &e[i].then);
    }
    *ret = (struct paired_change){ .now = now.hits / now.n, .then = then.hits / then.n, .by = -1 };
    change = ret->now - ret->then;
    for (size_t i = 0; i < k; i++) {
        double apart = residual(&e[i].now, &now, ret->now) - residual(&e[i].then, &then, ret->then);
        double part = (double)e[i].now.hits / now.n - (double)e[i].then.hits / then.n;

        squares += apart * apart;
        if (part / change > .5 && fabs(part) > largest) {
            ret->by = (ptrdiff_t)i;
            largest = fabs(part);
        }
    }
    ret->deviation = sqrt(squares);
    ret->employers = now.employers < then.employers ? now.employers : then.employers;
    ret->naming = rarer(&now) > rarer(&then) ? rarer(&now) : rarer(&then);
    ret->armed = ret->employers >= ALERT_EMPLOYERS && ret->naming >= ALERT_NAMING;
    ret->beyond =
        ret->armed && fabs(change) >= LEAST_CHANGE && fabs(change) > DEVIATIONS * ret->deviation;
}

/* One end: who hires there, and how many of whose openings name what. */
struct told {
    struct tally tally;
    uint32_t *hits; /* by skill, then by place in the tally */
};

static void tell_end(const struct market *m, const struct alert_ends *ends, enum alert_kind kind,
                     struct arena *a, struct told *ret)
{
    struct filter f = { 0 };
    struct namings namings = { 0 };
    struct rows rows;

    if (kind == ALERT_NEW)
        f.first_after = m->at - (int64_t)ALERT_LAG * DAY_SECONDS + 1;
    rows = sheet_select(m, &f, false, a);
    sheet_keep_panel(m, ends->panel, ends->n_panel, &rows);
    tally_of(m, &rows, false, &namings, a, &ret->tally);
    ret->hits = ARENA_NEW(a, uint32_t, m->n_skills * ret->tally.k + 1);
    for (size_t i = 0; i < namings.n; i++)
        ret->hits[namings.items[i].skill * ret->tally.k + namings.items[i].employer] =
            namings.items[i].openings;
}

/* The employers of both ends, each once, with their place in either tally plus 1. */
struct couple {
    struct str name;
    uint32_t now, then;
};

static struct couple *couple_employers(const struct alert_ends *ends, const struct told *now,
                                       const struct told *then, struct arena *a, size_t *ret_n)
{
    const struct market *x = ends->now, *y = ends->then;
    struct couple *list = ARENA_NEW(a, struct couple, x->n_employers + y->n_employers + 1);
    size_t n = 0;

    for (size_t i = 0, j = 0; i < x->n_employers || j < y->n_employers;) {
        int order = i == x->n_employers   ? 1
                    : j == y->n_employers ? -1
                                          : str_cmp(x->employer_keys[i], y->employer_keys[j]);
        struct couple c = { .name = order <= 0 ? x->employers[i] : y->employers[j] };

        if (order <= 0)
            c.now = now->tally.local[i++];
        if (order >= 0)
            c.then = then->tally.local[j++];
        if (c.now || c.then)
            list[n++] = c;
    }
    *ret_n = n;
    return list;
}

static struct cluster cluster_of(const struct told *t, uint32_t place, size_t skill)
{
    if (!place)
        return (struct cluster){ 0 };
    return (struct cluster){ t->tally.employers[place - 1].n,
                             t->hits[skill * t->tally.k + place - 1] };
}

struct skill_change *alert_changes(const struct alert_ends *ends, enum alert_kind kind,
                                   struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct skill_change *ret = ARENA_NEW(a, struct skill_change, ends->now->n_skills + 1);
    struct told now, then;
    struct couple *list;
    struct paired *pairs;
    size_t n;

    tell_end(ends->now, ends, kind, &scratch, &now);
    tell_end(ends->then, ends, kind, &scratch, &then);
    list = couple_employers(ends, &now, &then, &scratch, &n);
    pairs = ARENA_NEW(&scratch, struct paired, n + 1);
    for (size_t skill = 0; skill < ends->now->n_skills; skill++) {
        for (size_t i = 0; i < n; i++) {
            pairs[i].now = cluster_of(&now, list[i].now, skill);
            pairs[i].then = cluster_of(&then, list[i].then, skill);
        }
        paired_change(pairs, n, &ret[skill].change);
        if (ret[skill].change.by >= 0)
            ret[skill].employer = list[ret[skill].change.by].name;
    }
    return ret;
}
