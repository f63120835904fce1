#include <math.h>

#include "aggregator/figures.h"
#include "aggregator/quantiles.h"
#include "aggregator/tally.h"
#include "core/arena.h"
#include "core/cleanup.h"

/* A bullet is stale where enough ads were read and almost none evidences it. Required skills are
 * met at 80%, compared in fifths so that no rounding decides. */
enum { STALE_BULLET_OPENINGS = 100, MISSING_SHOWN = 10, MET_FIFTHS = 4 };
static const double STALE_BULLET_SHARE = .03;

struct selection {
    const struct opening **items;
    size_t n;
    struct tally tally;
};

/* By skill: the first stage whose bullets teach it; 0: none. */
static uint8_t *taught_from(const struct market *m, struct arena *a)
{
    uint8_t *ret = ARENA_NEW(a, uint8_t, m->n_skills + 1);

    for (int s = STAGES; s > 0; s--)
        for (size_t b = 0; b < m->roadmap->stages[s - 1].n_bullets; b++) {
            const struct bullet_view *bullet = &m->roadmap->stages[s - 1].bullets[b];

            for (size_t i = 0; i < bullet->skills.n; i++)
                for (size_t k = 0; k < m->n_skills; k++)
                    if (str_eq(m->skills[k].id, bullet->skills.items[i]))
                        ret[k] = (uint8_t)s;
        }
    return ret;
}

struct met {
    int64_t required, met;
};

/* Stated required skills of an opening; what merely follows from another, and words that name no
 * skill one could learn ("AI"), are not asked of anybody. */
static struct met skills_met(const struct market *m, const struct signal *s, const uint8_t *taught,
                             int stage)
{
    struct met ret = { 0 };
    uint32_t last = UINT32_MAX;

    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *x = &s->mentions[i];

        if (x->polarity != POLARITY_REQUIRED || x->implied || x->skill == last
            || x->skill >= m->n_skills || m->skills[x->skill].generic)
            continue;
        last = x->skill;
        ret.required++;
        ret.met += taught[x->skill] && taught[x->skill] <= stage;
    }
    return ret;
}

struct coverage {
    int64_t covered, n, left_out;
};

static struct coverage coverage_of(const struct market *m, const struct selection *sel,
                                   const uint8_t *taught, int stage)
{
    struct coverage ret = { 0 };

    for (size_t i = 0; i < sel->n; i++) {
        const struct posting_fact *f = sel->items[i]->lead;
        struct met met;

        if (!f->text_read || !f->has_signal)
            continue;
        met = skills_met(m, &f->signal, taught, stage);
        ret.left_out += met.required == 0;
        ret.n += met.required > 0;
        ret.covered += met.required > 0 && 5 * met.met >= MET_FIFTHS * met.required;
    }
    return ret;
}

static double ratio(int64_t part, int64_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

static bool evidences(const struct signal *s, uint32_t bullet)
{
    for (size_t i = 0; i < s->n_bullets; i++)
        if (s->bullets[i].bullet == bullet)
            return true;
    return false;
}

static struct share bullet_share(const struct selection *sel, uint32_t bullet)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct tally *t = &sel->tally;
    struct cluster *c = ARENA_NEW(&scratch, struct cluster, t->k ? t->k : 1);
    struct share ret;

    for (size_t e = 0; e < t->k; e++)
        c[e].n = t->employers[e].n;
    for (size_t i = 0; i < sel->n; i++) {
        const struct posting_fact *f = sel->items[i]->lead;

        if (f->text_read && f->has_signal && evidences(&f->signal, bullet))
            c[t->local[sel->items[i]->employer] - 1].hits++;
    }
    ret = share_of(c, t->k, icc_pool_rho(&t->pool, NAN));
    return ret;
}

static void fill_bullets(const struct market *m, const struct selection *sel, int stage,
                         uint32_t first, struct stage_figures *to, struct arena *a)
{
    const struct stage_view *view = &m->roadmap->stages[stage - 1];

    to->n_bullets = view->n_bullets;
    to->bullets = ARENA_NEW(a, struct bullet_figures, view->n_bullets + 1);
    for (size_t b = 0; b < view->n_bullets; b++) {
        struct share s = bullet_share(sel, first + (uint32_t)b);

        to->bullets[b] = (struct bullet_figures){
            .bullet = &view->bullets[b],
            .evidenced = s,
            .stale = !s.too_few && s.share < STALE_BULLET_SHARE
                     && sel->tally.openings >= STALE_BULLET_OPENINGS,
        };
    }
}

static void fill_missing(const struct market *m, const struct selection *sel, const uint8_t *taught,
                         int stage, struct stage_figures *to, struct arena *a)
{
    struct demand_row *rows;
    size_t n = demand_rows(m, &sel->tally, a, &rows);

    to->missing = ARENA_NEW(a, struct demand_row, MISSING_SHOWN);
    for (size_t i = 0; i < n && to->n_missing < MISSING_SHOWN; i++) {
        size_t skill = (size_t)(rows[i].skill - m->skills);

        if (rows[i].demand.employers < RANK_EMPLOYERS || rows[i].skill->generic
            || rows[i].skill->practice || (taught[skill] && taught[skill] <= stage))
            continue;
        to->missing[to->n_missing++] = rows[i];
    }
}

static void fill_counts(const struct selection *sel, struct stage_figures *to)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct valued *years = ARENA_NEW(&scratch, struct valued, sel->n + 1);
    struct valued *pay = ARENA_NEW(&scratch, struct valued, sel->n + 1);
    size_t n_years = 0, n_pay = 0;

    for (size_t i = 0; i < sel->n; i++) {
        int32_t months = sel->items[i]->lead->signal.experience.min_months;
        uint32_t employer = sel->items[i]->employer;
        double inr;

        if (months >= 0)
            years[n_years++] = (struct valued){ months / 12.0, employer };
        if (pay_in_inr(sel->items[i], &inr))
            pay[n_pay++] = (struct valued){ inr, employer };
    }
    to->openings = (int64_t)sel->n;
    to->disclosed_share = ratio((int64_t)n_pay, (int64_t)sel->n);
    to->years = quantiles_of(years, n_years);
    to->pay = quantiles_of(pay, n_pay);
}

static int64_t employers_of(const struct market *m, const struct selection *sel)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    bool *hires = ARENA_NEW(&scratch, bool, m->n_employers + 1);
    int64_t n = 0;

    for (size_t i = 0; i < sel->n; i++) {
        n += !hires[sel->items[i]->employer];
        hires[sel->items[i]->employer] = true;
    }
    return n;
}

static void select_stage(const struct market *m, int stage, struct arena *a, struct selection *ret)
{
    market_select(m, &(struct filter){ .stage = stage }, a, &ret->items, &ret->n);
    tally_of(m, ret->items, ret->n, false, a, &ret->tally);
}

int stages_of(const struct market *m, struct stages *ret, struct arena *a, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct selection all, own;
    uint8_t *taught;
    uint32_t bullet = 0;

    if (!m->roadmap)
        return diag_fail(d, ERR_CONFIG, "stages: no roadmap is configured");
    *ret = (struct stages){ 0 };
    taught = taught_from(m, &scratch);
    select_stage(m, 0, &scratch, &all);
    for (int s = 1; s <= STAGES; s++) {
        struct stage_figures *to = &ret->stage[s - 1];
        struct coverage after = coverage_of(m, &all, taught, s), at_stage;

        select_stage(m, s, &scratch, &own);
        at_stage = coverage_of(m, &own, taught, s);
        fill_counts(&own, to);
        to->employers = employers_of(m, &own);
        fill_bullets(m, &own, s, bullet, to, a);
        fill_missing(m, &own, taught, s, to, a);
        to->coverage = ratio(after.covered, after.n);
        to->coverage_n = after.n;
        to->coverage_left_out = after.left_out;
        to->coverage_own = ratio(at_stage.covered, at_stage.n);
        to->coverage_own_n = at_stage.n;
        bullet += (uint32_t)m->roadmap->stages[s - 1].n_bullets;
    }
    select_stage(m, -1, &scratch, &own);
    ret->unstaged = (int64_t)own.n;
    return 0;
}
