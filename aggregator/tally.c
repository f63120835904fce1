#include "aggregator/tally.h"

#include <math.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"

/* A percentage wider than this says nothing (METHOD: 40 points). */
static const double WIDEST = .40;

/* A count, and a percentage where enough employers stand behind it. */
static struct share share_if_enough(int64_t openings, int64_t employers, const struct sizes *s,
                                    struct interval i)
{
    struct share ret = { openings, employers, NAN, NAN, NAN, true };

    if (s->k < SHARE_EMPLOYERS || sizes_effective(s) < SHARE_K_EFF || i.high - i.low > WIDEST)
        return ret;
    return (struct share){ openings, employers, i.at, i.low, i.high, false };
}

static int most_demanded(const void *x, const void *y)
{
    const struct demand_row *a = x, *b = y;

    if (a->demand.openings != b->demand.openings)
        return a->demand.openings > b->demand.openings ? -1 : 1;
    return str_cmp(a->skill->id, b->skill->id);
}

void demand_sort(struct demand_row *rows, size_t n)
{
    if (n)
        qsort(rows, n, sizeof(*rows), most_demanded);
}

struct share share_of(const struct cluster *c, size_t k, double rho)
{
    struct sizes s = sizes_of(c, k);
    int64_t openings = 0, employers = 0;

    for (size_t e = 0; e < k; e++) {
        openings += c[e].hits;
        employers += c[e].hits > 0;
    }
    return share_if_enough(openings, employers, &s, share_interval(c, k, rho));
}

struct share share_between(const struct share *less, double share, const struct share *most)
{
    struct share ret = { less->openings, less->employers, share, less->low, most->high, false };

    if (less->too_few || most->too_few || ret.high - ret.low > WIDEST)
        return (struct share){ less->openings, less->employers, NAN, NAN, NAN, true };
    return ret;
}

struct share share_alone(const struct cluster *c, size_t k)
{
    struct icc_pool own = { 0 };

    icc_pool_add(&own, intra_correlation(c, k));
    return share_of(c, k, icc_pool_rho(&own, NAN));
}

struct share tally_share(const struct tally *t, const struct skill_tally *s)
{
    return share_if_enough(s->openings, s->employers, &t->sizes,
                           trait_interval(&t->sizes, &s->trait, icc_pool_rho(&t->pool, s->icc)));
}

void tally_pool(struct tally *t, size_t n_skills)
{
    for (size_t i = 0; i < n_skills; i++) {
        struct skill_tally *s = &t->skills[i];

        s->icc = s->openings ? trait_correlation(&t->sizes, &s->trait) : NAN;
        icc_pool_add(&t->pool, s->icc);
    }
}

/* The skills that one employer's openings name, while they are counted. */
struct counting {
    struct tally *t;
    struct named {
        uint32_t openings, stated, required;
    } * skills;      /* 0 but for those in `named` */
    uint32_t *named; /* n of them */
    size_t n, n_skills;
    bool required_only;
};

static void count_asks(struct counting *c, const struct sheet *s, uint32_t row)
{
    const uint16_t *end = s->asks + s->asks_at[row + 1];

    for (const uint16_t *ask = s->asks + s->asks_at[row]; ask < end; ask++) {
        const uint32_t skill = *ask >> ASK_BITS;
        struct named *to = &c->skills[skill];

        if (skill >= c->n_skills || (c->required_only && !(*ask & ASK_REQUIRED)))
            continue;
        if (!to->openings++)
            c->named[c->n++] = skill;
        to->stated += (*ask & ASK_STATED) / ASK_STATED;
        to->required += (*ask & ASK_REQUIRED) / ASK_REQUIRED;
    }
}

static void end_employer(struct counting *c, uint32_t place, struct namings *namings,
                         struct arena *a)
{
    const struct weighed w = sizes_weigh(&c->t->sizes, c->t->employers[place].n);

    for (size_t i = 0; i < c->n; i++) {
        const uint32_t skill = c->named[i];
        const struct named named = c->skills[skill];
        struct skill_tally *to = &c->t->skills[skill];

        to->openings += named.openings;
        to->stated += named.stated;
        to->required += named.required;
        to->employers++;
        trait_add(&to->trait, &w, named.openings);
        if (namings)
            *ARENA_PUSH(a, namings) = (struct naming){ place, skill, named.openings };
        c->skills[skill] = (struct named){ 0 };
    }
    c->n = 0;
}

/* Rows stand employer by employer. */
static void count_employers(const struct sheet *s, const struct rows *rows, struct tally *to)
{
    for (size_t i = 0; i < rows->n; i++) {
        const uint32_t row = rows->items[i];
        uint32_t *local = &to->local[s->employer[row]];

        if (!(s->kind[row].flags & SHEET_READ))
            continue;
        if (!*local)
            *local = (uint32_t)++to->k;
        to->employers[*local - 1].n++;
        to->openings++;
    }
    to->sizes = sizes_of(to->employers, to->k);
    to->k_eff = sizes_effective(&to->sizes);
}

static void begin_tally(const struct market *m, const struct rows *rows, struct arena *a,
                        struct tally *ret)
{
    *ret = (struct tally){
        .local = ARENA_NEW(a, uint32_t, m->n_employers + 1),
        .employers = ARENA_NEW(a, struct cluster, m->n_employers + 1),
        .skills = ARENA_NEW(a, struct skill_tally, m->n_skills + 1),
    };
    count_employers(&m->sheet, rows, ret);
}

void tally_counts(const struct market *m, const struct rows *rows, bool required_only,
                  struct arena *a, struct tally *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct sheet *s = &m->sheet;
    struct count {
        uint32_t openings, employers, last; /* `last`: the employer that named it, plus 1 */
    } *counts = ARENA_NEW(&scratch, struct count, SKILLS_MAX + 1);

    begin_tally(m, rows, a, ret);
    for (size_t i = 0; i < rows->n; i++) {
        const uint32_t row = rows->items[i], employer = s->employer[row] + 1;
        const uint16_t *end = s->asks + s->asks_at[row + 1];

        if (!(s->kind[row].flags & SHEET_READ))
            continue;
        for (const uint16_t *ask = s->asks + s->asks_at[row]; ask < end; ask++) {
            struct count *to = &counts[*ask >> ASK_BITS];

            if (required_only && !(*ask & ASK_REQUIRED))
                continue;
            to->openings++;
            to->employers += to->last != employer;
            to->last = employer;
        }
    }
    for (size_t i = 0; i < m->n_skills && i <= SKILLS_MAX; i++) {
        ret->skills[i].openings = counts[i].openings;
        ret->skills[i].employers = counts[i].employers;
    }
}

void tally_of(const struct market *m, const struct rows *rows, bool required_only,
              struct namings *namings, struct arena *a, struct tally *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct sheet *s = &m->sheet;
    struct counting c = { .t = ret,
                          .skills = ARENA_NEW(&scratch, struct named, SKILLS_MAX + 1),
                          .named = ARENA_NEW(&scratch, uint32_t, m->n_skills + 1),
                          .n_skills = m->n_skills,
                          .required_only = required_only };

    begin_tally(m, rows, a, ret);
    for (size_t i = 0, j; i < rows->n; i = j) {
        const uint32_t employer = s->employer[rows->items[i]];

        for (j = i; j < rows->n && s->employer[rows->items[j]] == employer; j++)
            if (s->kind[rows->items[j]].flags & SHEET_READ)
                count_asks(&c, s, rows->items[j]);
        if (ret->local[employer])
            end_employer(&c, ret->local[employer] - 1, namings, a);
    }
}
