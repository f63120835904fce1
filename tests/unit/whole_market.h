#ifndef TESTS_UNIT_WHOLE_MARKET_H
#define TESTS_UNIT_WHOLE_MARKET_H

#include <math.h>

#include "aggregator/figures.h"
#include "aggregator/market.h"
#include "core/date.h"
#include "store_util.h"

/*
 * The market out of every posting there ever was, all of them in memory and joined at once: what
 * the walk and what is kept must agree with.
 */
struct whole_facts {
    struct arena *a;
    const struct posting_fact **items;
    size_t n, cap;
};

static inline int take_fact(void *ctx, const struct posting_fact *f, struct diag *d)
{
    struct whole_facts *to = ctx;

    (void)d;
    *ARENA_PUSH(to->a, to) = f;
    return 0;
}

static inline void whole_market(struct market *ret, struct store *s, int64_t at,
                                const struct skill_view *skills, size_t n_skills, struct arena *a)
{
    struct whole_facts facts = { .a = a };
    struct source_state *sources = NULL;
    struct source_proven *known = NULL;
    struct market_in in = { .at = at, .skills = skills, .n_skills = n_skills };
    struct diag d = { 0 };

    OK(store_sources_at(s, at, a, &sources, &in.n_sources, &d));
    OK(store_proven_by(s, at, a, &known, &in.n_known, &d));
    OK(store_scan(s, at, a, take_fact, &facts, &d));
    in.facts = facts.items;
    in.n_facts = facts.n;
    in.sources = sources;
    in.known = known;
    market_build(ret, &in, a);
}

/* With the market that changes are counted from, and the boards whose change since is known. */
static inline void whole_market_before(struct market *m, struct store *s, struct arena *a)
{
    struct market *before = ARENA_NEW(a, struct market, 1);
    struct proven_reading *days = NULL;
    struct diag d = { 0 };
    int64_t newest = 0;
    size_t n = 0;

    OK(store_proven_readings(s, 0, m->at, a, &days, &n, &d));
    for (size_t i = 0; i < n; i++)
        newest = days[i].day > newest ? days[i].day : newest;
    newest = n ? newest : m->day;
    whole_market(before, s, day_start(newest - CHANGE_DAYS + 1) - 1, m->skills, m->n_skills, a);
    before->panel = ARENA_NEW(a, struct str, n + 1);
    for (size_t i = 0; i < n; i++) { /* in order of source, then day */
        bool again = before->n_panel && str_eq(before->panel[before->n_panel - 1], days[i].source);

        if (!again && days[i].at <= before->at && before->day - days[i].day <= PANEL_GAP_DAYS)
            before->panel[before->n_panel++] = days[i].source;
    }
    m->before = before;
}

static inline bool same(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

static inline bool same_life(const struct life *x, const struct life *y)
{
    return x->n == y->n && x->employers == y->employers && x->ended == y->ended
           && x->left_out == y->left_out && same(x->median, y->median) && same(x->low, y->low)
           && same(x->high, y->high) && x->reposted.openings == y->reposted.openings
           && same(x->reposted.share, y->reposted.share);
}

/* Whether pay_of() says of a market what salary_of() says of the whole. */
static inline bool same_pay(const struct market *asked, const struct market *m, struct store *s)
{
    struct salary x, y;
    struct diag d = { 0 };

    if (pay_of(asked, s, &x, &d) != 0)
        return false;
    salary_of(m, &(struct filter){ 0 }, &y);
    return x.openings == y.openings && x.disclosed.openings == y.disclosed.openings
           && x.disclosed.employers == y.disclosed.employers
           && same(x.disclosed.share, y.disclosed.share) && x.pay.n == y.pay.n
           && x.pay.employers == y.pay.employers && same(x.pay.p50, y.pay.p50)
           && same(x.pay.p25_low, y.pay.p25_low) && same(x.pay.p50_high, y.pay.p50_high)
           && same(x.pay.p75, y.pay.p75);
}

#endif
