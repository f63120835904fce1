#include "aggregator/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* One opening's mentions: each skill once, however often it is said. */
static void count_mentions(struct tally *t, const struct market *m, const struct signal *s,
                           uint32_t employer, bool required_only, struct arena *a)
{
    for (size_t i = 0, j; i < s->n_mentions; i = j) {
        uint32_t skill = s->mentions[i].skill;
        bool named = false, stated = false, required = false;
        struct skill_tally *to;

        for (j = i; j < s->n_mentions && s->mentions[j].skill == skill; j++) {
            bool demands = s->mentions[j].polarity >= POLARITY_PREFERRED;

            named |= demands;
            stated |= demands && !s->mentions[j].implied;
            required |= s->mentions[j].polarity == POLARITY_REQUIRED;
        }
        if (skill >= m->n_skills || !(required_only ? required : named))
            continue;
        to = &t->skills[skill];
        if (!to->hits)
            to->hits = ARENA_NEW(a, uint32_t, t->k);
        to->employers += to->hits[employer]++ == 0;
        to->openings++;
        to->stated += stated;
        to->required += required;
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

static void pool_skills(struct tally *t, size_t n_skills)
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

bool opening_in_panel(const struct opening *o, const struct str *panel, size_t n)
{
    for (size_t i = 0; n && i < o->n_members; i++)
        if (bsearch(&o->members[i]->source, panel, n, sizeof(*panel), by_text))
            return true;
    return false;
}

bool opening_was_read(const struct opening *o)
{
    return o->lead->text_read && o->lead->has_signal;
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

        if (!opening_was_read(sel[i]))
            continue;
        if (!*local)
            *local = (uint32_t)++ret->k;
        ret->employers[*local - 1].n++;
        ret->openings++;
    }
    for (size_t i = 0; i < n; i++)
        if (opening_was_read(sel[i]))
            count_mentions(ret, m, &sel[i]->lead->signal, ret->local[sel[i]->employer] - 1,
                           required_only, a);
    ret->k_eff = effective_employers(ret->employers, ret->k);
    pool_skills(ret, m->n_skills);
}

struct share tally_share(const struct tally *t, const struct skill_tally *s, struct arena *a)
{
    return share_of(clusters_of(t, s, a), t->k, icc_pool_rho(&t->pool, s->icc));
}
