#include "aggregator/tally.h"

#include <math.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"

/* A percentage wider than this says nothing (METHOD: 40 points). */
static const double WIDEST = .40;

struct share share_of(const struct cluster *c, size_t k, double rho)
{
    struct share ret = { .share = NAN, .low = NAN, .high = NAN, .too_few = true };
    struct interval i = share_interval(c, k, rho);

    for (size_t e = 0; e < k; e++) {
        ret.openings += c[e].hits;
        ret.employers += c[e].hits > 0;
    }
    if (k < SHARE_EMPLOYERS || effective_employers(c, k) < SHARE_K_EFF || i.high - i.low > WIDEST)
        return ret;
    ret.share = i.at;
    ret.low = i.low;
    ret.high = i.high;
    ret.too_few = false;
    return ret;
}

struct share share_alone(const struct cluster *c, size_t k)
{
    struct icc_pool own = { 0 };

    icc_pool_add(&own, intra_correlation(c, k));
    return share_of(c, k, icc_pool_rho(&own, NAN));
}

static void count_asks(struct tally *t, const struct market *m, const struct opening *o,
                       bool required_only, struct arena *a)
{
    const uint32_t employer = t->local[o->employer] - 1;

    for (uint32_t i = 0; i < o->traits->asks.n; i++) {
        uint32_t ask = m->words[o->traits->asks.at + i], skill = ask >> ASK_BITS;
        struct skill_tally *to = &t->skills[skill];

        if (skill >= m->n_skills || (required_only && !(ask & ASK_REQUIRED)))
            continue;
        if (!to->hits)
            to->hits = ARENA_NEW(a, uint32_t, t->k);
        to->employers += to->hits[employer]++ == 0;
        to->openings++;
        to->stated += (ask & ASK_STATED) != 0;
        to->required += (ask & ASK_REQUIRED) != 0;
    }
}

static struct cluster *clusters_of(const struct tally *t, const struct skill_tally *s,
                                   struct arena *a)
{
    struct cluster *c = ARENA_NEW(a, struct cluster, t->k ? t->k : 1);

    for (size_t e = 0; e < t->k; e++)
        c[e] = (struct cluster){ t->employers[e].n, s->hits ? s->hits[e] : 0 };
    return c;
}

void tally_pool(struct tally *t, size_t n_skills)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;

    for (size_t i = 0; i < n_skills; i++) {
        t->skills[i].icc = NAN;
        if (!t->skills[i].hits)
            continue;
        t->skills[i].icc = intra_correlation(clusters_of(t, &t->skills[i], &scratch), t->k);
        icc_pool_add(&t->pool, t->skills[i].icc);
        arena_reset(&scratch);
    }
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t keep_panel(const struct market *m, const struct str *panel, size_t n_panel,
                  const struct opening **io, size_t n)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    bool *in = ARENA_NEW(&scratch, bool, m->n_known + 1);
    size_t kept = 0;

    for (size_t i = 0; n_panel && i < m->n_known; i++)
        in[i] = bsearch(&m->known[i].key, panel, n_panel, sizeof(*panel), by_text) != NULL;
    for (size_t i = 0; i < n; i++) {
        const struct run *at = &io[i]->traits->sources;
        bool any = false;

        for (uint32_t k = 0; k < at->n && !any; k++)
            any = in[m->words[at->at + k]];
        if (any)
            io[kept++] = io[i];
    }
    return kept;
}

void tally_of(const struct market *m, const struct opening *const *sel, size_t n,
              bool required_only, struct arena *a, struct tally *ret)
{
    *ret = (struct tally){
        .local = ARENA_NEW(a, uint32_t, m->n_employers + 1),
        .employers = ARENA_NEW(a, struct cluster, n ? n : 1),
        .skills = ARENA_NEW(a, struct skill_tally, m->n_skills + 1),
    };
    for (size_t i = 0; i < n; i++) {
        uint32_t *local = &ret->local[sel[i]->employer];

        if (!sel[i]->traits->read)
            continue;
        if (!*local)
            *local = (uint32_t)++ret->k;
        ret->employers[*local - 1].n++;
        ret->openings++;
    }
    for (size_t i = 0; i < n; i++)
        if (sel[i]->traits->read)
            count_asks(ret, m, sel[i], required_only, a);
    ret->k_eff = effective_employers(ret->employers, ret->k);
}

struct share tally_share(const struct tally *t, const struct skill_tally *s, struct arena *a)
{
    return share_of(clusters_of(t, s, a), t->k, icc_pool_rho(&t->pool, s->icc));
}
