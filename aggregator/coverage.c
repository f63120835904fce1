#include "aggregator/coverage.h"

#include <math.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"

/* Required skills are met at 80%, compared in fifths so that no rounding decides. */
enum { MET_FIFTHS = 4, NEXT_SHOWN = 10 };

/* What may be wrong in 20 of such lists: that one of the skills called worse than the first is as
 * good (Hsu 1984, multiple comparisons with the best; shared out by Bonferroni). */
static const double TIE_RISK = .05;

void selection_of(const struct market *m, const struct filter *f, struct arena *a,
                  struct selection *ret)
{
    ret->rows = sheet_select(m, f, false, a);
    tally_of(m, &ret->rows, f->required_only, NULL, a, &ret->tally);
    tally_pool(&ret->tally, m->n_skills);
}

/* The place in the tally of a row's employer, for a row that was read; -1: it was not. */
static ptrdiff_t place_of(const struct market *m, const struct tally *t, uint32_t row)
{
    bool read = m->sheet.kind[row].flags & SHEET_READ;

    return read ? (ptrdiff_t)t->local[m->sheet.employer[row]] - 1 : -1;
}

struct share selection_share(const struct market *m, const struct selection *sel,
                             bool (*shows)(const struct market *m, uint32_t row, const void *ctx),
                             const void *ctx)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct tally *t = &sel->tally;
    struct cluster *c = ARENA_NEW(&scratch, struct cluster, t->k + 1);

    for (size_t e = 0; e < t->k; e++)
        c[e].n = t->employers[e].n;
    for (size_t i = 0; i < sel->rows.n; i++) {
        ptrdiff_t place = place_of(m, t, sel->rows.items[i]);

        if (place >= 0)
            c[place].hits += shows(m, sel->rows.items[i], ctx);
    }
    return share_of(c, t->k, icc_pool_rho(&t->pool, NAN));
}

/* The skills that an opening requires in words; what merely follows from another, and words that
 * name no skill one could learn ("AI"), are not asked of anybody. False: no more. */
static bool next_required(const struct market *m, uint32_t row, uint32_t *io, uint32_t *ret)
{
    const struct sheet *s = &m->sheet;

    while (s->asks_at[row] + *io < s->asks_at[row + 1]) {
        uint16_t ask = s->asks[s->asks_at[row] + (*io)++];

        *ret = ask >> ASK_BITS;
        if ((ask & ASK_IN_WORDS) && *ret < m->n_skills && !m->skills[*ret].generic)
            return true;
    }
    return false;
}

/* By employer of the selection: openings that require something, those met, and those that one
 * skill more would meet. */
struct gains {
    struct cluster *asking; /* k of them; hits: met */
    uint32_t **adds;        /* by market skill; NULL: would meet none */
    size_t k;
};

static void count_opening(const struct market *m, uint32_t row, const bool *has, size_t employer,
                          struct gains *g, struct coverage *ret, struct arena *a)
{
    int64_t required = 0, met = 0;
    uint32_t skill;

    for (uint32_t i = 0; next_required(m, row, &i, &skill);) {
        required++;
        met += has[skill];
    }
    if (!required) {
        ret->left_out++;
        return;
    }
    g->asking[employer].n++;
    if (5 * met >= MET_FIFTHS * required) {
        g->asking[employer].hits++;
        return;
    }
    if (5 * (met + 1) < MET_FIFTHS * required)
        return;
    ret->one_short++;
    for (uint32_t i = 0; next_required(m, row, &i, &skill);) {
        if (has[skill])
            continue;
        if (!g->adds[skill])
            g->adds[skill] = ARENA_NEW(a, uint32_t, g->k);
        g->adds[skill][employer]++;
    }
}

/* The employers that ask, side by side: an employer all of whose openings were left out is none. */
static size_t clusters_of(const struct gains *g, const uint32_t *hits, struct cluster *ret)
{
    size_t k = 0;

    for (size_t e = 0; e < g->k; e++)
        if (g->asking[e].n)
            ret[k++] = (struct cluster){ g->asking[e].n, hits ? hits[e] : g->asking[e].hits };
    return k;
}

/*
 * Whether `other` adds as much as `first` for all one can tell: the difference, employer by
 * employer, is not beyond what employers like these would show by chance.
 */
static bool is_tie(const struct gains *g, const uint32_t *first, const uint32_t *other,
                   size_t rivals)
{
    double n = 0, sum = 0, squares = 0, k = 0;

    for (size_t e = 0; e < g->k; e++) {
        n += (double)g->asking[e].n;
        sum += (double)first[e] - (double)other[e];
        k += g->asking[e].n > 0;
    }
    if (k < 2)
        return true;
    for (size_t e = 0; e < g->k; e++) {
        double off = (double)first[e] - (double)other[e] - sum / n * (double)g->asking[e].n;

        squares += off * off;
    }
    return sum <= student_t(k - 1, TIE_RISK / (double)rivals) * sqrt(squares * k / (k - 1));
}

static int adds_most(const void *x, const void *y)
{
    const struct next_skill *a = x, *b = y;

    if (a->adds.openings != b->adds.openings)
        return a->adds.openings > b->adds.openings ? -1 : 1;
    return str_cmp(a->skill->id, b->skill->id);
}

static void rank_next(const struct market *m, const struct gains *g, double rho, struct cluster *c,
                      struct coverage *ret, struct arena *a)
{
    struct next_skill *all = ARENA_NEW(a, struct next_skill, m->n_skills + 1);
    size_t n = 0;

    for (size_t i = 0; i < m->n_skills; i++) {
        struct share adds;

        if (!g->adds[i])
            continue;
        adds = share_of(c, clusters_of(g, g->adds[i], c), rho);
        if (adds.employers >= RANK_EMPLOYERS)
            all[n++] = (struct next_skill){ .skill = &m->skills[i], .adds = adds };
    }
    if (n)
        qsort(all, n, sizeof(*all), adds_most);
    for (size_t i = 1; i < n; i++)
        all[i].tie =
            is_tie(g, g->adds[all[0].skill - m->skills], g->adds[all[i].skill - m->skills], n - 1);
    if (n > 1)
        all[0].tie = all[1].tie;
    ret->next = all;
    ret->n_next = n < NEXT_SHOWN ? n : NEXT_SHOWN;
}

void selection_covered(const struct market *m, const struct selection *sel, const bool *has,
                       struct coverage *ret, struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct tally *t = &sel->tally;
    struct cluster *c = ARENA_NEW(&scratch, struct cluster, t->k + 1);
    struct gains g = {
        .asking = ARENA_NEW(&scratch, struct cluster, t->k + 1),
        .adds = ARENA_NEW(&scratch, uint32_t *, m->n_skills + 1),
        .k = t->k,
    };
    double rho = icc_pool_rho(&t->pool, NAN);

    *ret = (struct coverage){ 0 };
    for (size_t i = 0; i < sel->rows.n; i++) {
        ptrdiff_t place = place_of(m, t, sel->rows.items[i]);

        if (place >= 0)
            count_opening(m, sel->rows.items[i], has, (size_t)place, &g, ret, &scratch);
    }
    ret->employers = (int64_t)clusters_of(&g, NULL, c);
    for (int64_t e = 0; e < ret->employers; e++)
        ret->n += c[e].n;
    ret->met = share_of(c, (size_t)ret->employers, rho);
    rank_next(m, &g, rho, c, ret, a);
}

size_t selection_lacks(const struct market *m, const struct selection *sel, const bool *has,
                       struct demand_row **ret, struct arena *a)
{
    struct demand_row *rows;
    size_t n = demand_rows(m, &sel->tally, a, &rows), kept = 0;

    for (size_t i = 0; i < n && kept < MISSING_SHOWN; i++)
        if (rows[i].demand.employers >= RANK_EMPLOYERS && !rows[i].skill->generic
            && !rows[i].skill->practice && !has[rows[i].skill - m->skills])
            rows[kept++] = rows[i];
    *ret = rows;
    return kept;
}

void with_of(const struct market *m, const struct filter *f, const bool *has, struct with *ret,
             struct arena *a)
{
    struct filter each = *f;

    *ret = (struct with){ .has = has };
    for (int stage = 0; stage <= STAGES; stage++) {
        CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
        struct selection sel;

        each.stage = stage;
        selection_of(m, &each, &scratch, &sel);
        selection_covered(m, &sel, has, &ret->coverage[stage], a);
        if (stage == 0)
            ret->n_missing = selection_lacks(m, &sel, has, &ret->missing, a);
    }
}
