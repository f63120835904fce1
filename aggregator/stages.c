#include <math.h>
#include <stdlib.h>

#include "aggregator/coverage.h"
#include "aggregator/quantiles.h"
#include "core/arena.h"
#include "core/cleanup.h"

/* A bullet, or a skill of one, is stale where enough ads were read and almost none asks for it. */
enum { STALE_OPENINGS = 100 };
static const double STALE_SHARE = .03;

/* By market skill: whether a bullet teaches it. What the vintage does not know is none, nor is a
 * word that names nothing one could learn ("AI"). */
static void add_taught(const struct market *m, const struct bullet_view *bullet, bool *io)
{
    for (size_t i = 0; i < bullet->skills.n; i++)
        for (size_t k = 0; k < m->n_skills; k++)
            io[k] |= !m->skills[k].generic && str_eq(m->skills[k].id, bullet->skills.items[i]);
}

static bool is_stale(const struct selection *sel, const struct share *s)
{
    return !s->too_few && s->share < STALE_SHARE && sel->tally.openings >= STALE_OPENINGS;
}

static bool evidences(const struct market *m, uint32_t row, const void *bullet)
{
    return sheet_opening(m, row)->traits->bullets >> *(const uint32_t *)bullet & 1;
}

/* Whether it asks for one of these, by skill of the market. */
static bool asks_one(const struct market *m, uint32_t row, const void *taught)
{
    const struct sheet *s = &m->sheet;

    for (uint32_t i = s->asks_at[row]; i < s->asks_at[row + 1]; i++) {
        uint32_t skill = s->asks[i] >> ASK_BITS;

        if (skill < m->n_skills && ((const bool *)taught)[skill])
            return true;
    }
    return false;
}

static int most_demanded(const void *x, const void *y)
{
    const struct bullet_skill *a = x, *b = y;

    if (a->demand.openings != b->demand.openings)
        return a->demand.openings > b->demand.openings ? -1 : 1;
    return str_cmp(a->skill->id, b->skill->id);
}

static void fill_skills(const struct market *m, const struct selection *sel, const bool *has,
                        struct bullet_figures *to, struct arena *a)
{
    to->skills = ARENA_NEW(a, struct bullet_skill, to->bullet->skills.n + 1);
    for (size_t i = 0; i < m->n_skills; i++) {
        struct share s;

        if (!has[i] || to->n_skills == to->bullet->skills.n)
            continue;
        s = tally_share(&sel->tally, &sel->tally.skills[i]);
        to->skills[to->n_skills++] = (struct bullet_skill){ &m->skills[i], s, is_stale(sel, &s) };
        to->asks += s.openings;
    }
    if (to->n_skills)
        qsort(to->skills, to->n_skills, sizeof(*to->skills), most_demanded);
}

static void fill_bullets(const struct market *m, const struct selection *sel, int stage,
                         uint32_t first, struct stage_figures *to, struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    const struct stage_view *view = &m->roadmap->stages[stage - 1];

    to->n_bullets = view->n_bullets;
    to->bullets = ARENA_NEW(a, struct bullet_figures, view->n_bullets + 1);
    for (size_t b = 0; b < view->n_bullets; b++) {
        uint32_t bullet = first + (uint32_t)b;
        bool *has = ARENA_NEW(&scratch, bool, m->n_skills + 1);
        struct bullet_figures *f = &to->bullets[b];

        f->bullet = &view->bullets[b];
        add_taught(m, f->bullet, has);
        f->evidenced = selection_share(m, sel, evidences, &bullet);
        f->asked = selection_share(m, sel, asks_one, has);
        f->stale = is_stale(sel, &f->evidenced);
        fill_skills(m, sel, has, f, a);
    }
}

static void fill_asks(const struct market *m, const struct selection *sel, const bool *taught,
                      struct stage_figures *to)
{
    for (size_t i = 0; i < m->n_skills; i++) {
        int64_t n = m->skills[i].generic ? 0 : sel->tally.skills[i].openings;

        to->asks += n;
        to->asks_covered += taught[i] ? n : 0;
    }
}

static struct quantiles years_of(const struct market *m, const struct selection *sel)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct valued *years = ARENA_NEW(&scratch, struct valued, sel->rows.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < sel->rows.n; i++) {
        const struct opening *o = sheet_opening(m, sel->rows.items[i]);

        if (o->traits->min_months >= 0)
            years[n++] = (struct valued){ o->traits->min_months / 12.0, o->employer };
    }
    return quantiles_of(years, n);
}

/* Rows stand employer by employer. */
static int64_t employers_of(const struct market *m, const struct rows *rows)
{
    const uint32_t *employer = m->sheet.employer;
    int64_t n = 0;

    for (size_t i = 0; i < rows->n; i++)
        n += i == 0 || employer[rows->items[i]] != employer[rows->items[i - 1]];
    return n;
}

/* `taught`: by market skill, what the bullets of the stages up to this one teach. */
static void fill_stage(const struct market *m, const struct selection *all,
                       const struct filter *filter, const bool *taught, uint32_t first_bullet,
                       struct stage_figures *to, struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct selection own;

    selection_of(m, filter, &scratch, &own);
    to->openings = (int64_t)own.rows.n;
    to->employers = employers_of(m, &own.rows);
    to->read = own.tally.openings;
    to->years = years_of(m, &own);
    salary_of(m, filter, &to->pay);
    fill_bullets(m, &own, filter->stage, first_bullet, to, a);
    fill_asks(m, &own, taught, to);
    selection_covered(m, all, taught, &to->coverage, a);
    selection_covered(m, &own, taught, &to->coverage_own, a);
    to->n_missing = selection_lacks(m, &own, taught, &to->missing, a);
}

int stages_of(const struct market *m, const struct filter *f, struct stages *ret, struct arena *a,
              struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct selection all, unstaged;
    struct filter each = *f;
    uint32_t bullet = 0;
    bool *taught;

    if (!m->roadmap)
        return diag_fail(d, ERR_CONFIG, "stages: no roadmap is configured");
    *ret = (struct stages){ 0 };
    taught = ARENA_NEW(&scratch, bool, m->n_skills + 1);
    each.stage = 0;
    selection_of(m, &each, &scratch, &all);
    for (int s = 1; s <= STAGES; s++) {
        const struct stage_view *view = &m->roadmap->stages[s - 1];

        for (size_t b = 0; b < view->n_bullets; b++)
            add_taught(m, &view->bullets[b], taught);
        each.stage = s;
        fill_stage(m, &all, &each, taught, bullet, &ret->stage[s - 1], a);
        bullet += (uint32_t)view->n_bullets;
    }
    each.stage = -1;
    selection_of(m, &each, &scratch, &unstaged);
    ret->unstaged = (int64_t)unstaged.rows.n;
    return 0;
}
