#include <math.h>

#include "aggregator/finished.h"
#include "aggregator/tally.h"
#include "core/arena.h"
#include "core/cleanup.h"

static void tally_filter(const struct market *m, const struct filter *f, bool adjacent,
                         struct arena *a, struct tally *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct rows rows = sheet_select(m, f, adjacent, &scratch);

    tally_of(m, &rows, f->required_only, NULL, a, ret);
}

static int64_t openings_of(const struct tally *t, size_t employer)
{
    return t->local[employer] ? t->employers[t->local[employer] - 1].n : 0;
}

/* Enough employers to say that one share is larger than another. */
static bool can_rank(const struct tally *t, const struct skill_tally *s)
{
    return t->k >= SHARE_EMPLOYERS && t->k_eff >= SHARE_K_EFF && s->employers >= RANK_EMPLOYERS;
}

static double plain_share(const struct tally *t, size_t skill)
{
    return t->openings ? (double)t->skills[skill].openings / (double)t->openings : NAN;
}

/* What a selection is compared with: all counted openings, and those of each stage. */
struct lifts {
    struct tally all, stage[STAGES];
};

static void tally_stages(const struct market *m, bool required_only, struct arena *a,
                         struct lifts *ret)
{
    for (int stage = 0; stage <= STAGES; stage++) {
        struct filter f = { .required_only = required_only, .stage = stage };
        struct rows rows = sheet_select(m, &f, false, a);

        tally_counts(m, &rows, required_only, a, stage ? &ret->stage[stage - 1] : &ret->all);
    }
}

/* The counts of a tally, without its employers: as they were finished. */
static int tally_finished(const struct market *m, struct store *s, int stage, bool required_only,
                          struct arena *a, struct tally *ret, struct diag *d)
{
    struct demand_total kept;
    int r = store_finished_demand(s, stage, required_only, a, &kept, d);

    if (r)
        return r;
    *ret = (struct tally){ .k = (size_t)kept.employers,
                           .openings = kept.openings,
                           .k_eff = kept.k_eff,
                           .skills = ARENA_NEW(a, struct skill_tally, m->n_skills + 1) };
    for (size_t i = 0; i < kept.n_rows; i++)
        if (kept.rows[i].skill >= 0 && (size_t)kept.rows[i].skill < m->n_skills)
            ret->skills[kept.rows[i].skill] =
                (struct skill_tally){ .openings = kept.rows[i].openings,
                                      .employers = kept.rows[i].employers };
    return 0;
}

static int find_lifts(const struct market *m, struct store *s, bool required_only, struct arena *a,
                      struct lifts *ret, struct diag *d)
{
    int r = m->finished && s ? 0 : STORE_NONE;

    for (int stage = 0; r == 0 && stage <= STAGES; stage++)
        r = tally_finished(m, s, stage, required_only, a,
                           stage ? &ret->stage[stage - 1] : &ret->all, d);
    if (r != STORE_NONE)
        return r;
    tally_stages(m, required_only, a, ret);
    return 0;
}

static int highest_stage(const struct lifts *l, size_t skill)
{
    double best = 1;
    int ret = 0;

    for (int i = 0; i < STAGES; i++) {
        double lift = plain_share(&l->stage[i], skill) / plain_share(&l->all, skill);

        if (can_rank(&l->stage[i], &l->stage[i].skills[skill]) && lift > best) {
            best = lift;
            ret = i + 1;
        }
    }
    return ret;
}

/* The selection restricted to boards whose state is known at both ends. */
static void tally_panel(const struct market *m, const struct filter *f, const struct market *before,
                        struct arena *a, struct tally *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct rows rows = sheet_select(m, f, false, &scratch);

    sheet_keep_panel(m, before->panel, before->n_panel, &rows);
    tally_counts(m, &rows, f->required_only, a, ret);
}

struct trend {
    bool known;
    struct tally now, then;
};

static int trend_of(const struct market *m, const struct filter *f, struct store *s,
                    struct arena *a, struct trend *ret, struct diag *d)
{
    struct market with = *m;
    struct filter earlier = *f;
    int r;

    ret->known = false;
    if (!s && !m->before)
        return 0;
    r = market_load_before(&with, s, a, d);
    if (r < 0)
        return r;
    if (f->first_after)
        earlier.first_after = f->first_after - (m->at - with.before->at);
    tally_panel(m, f, with.before, a, &ret->now);
    tally_panel(with.before, &earlier, with.before, a, &ret->then);
    ret->known = true;
    return 0;
}

static double skill_trend(const struct trend *t, size_t skill)
{
    if (!t->known || !can_rank(&t->now, &t->now.skills[skill]) || t->then.k < SHARE_EMPLOYERS
        || t->then.k_eff < SHARE_K_EFF)
        return NAN;
    return plain_share(&t->now, skill) - plain_share(&t->then, skill);
}

static struct demand_row row_of(const struct market *m, const struct tally *t, size_t skill)
{
    const struct skill_tally *s = &t->skills[skill];

    return (struct demand_row){
        .skill = &m->skills[skill],
        .demand = tally_share(t, s),
        .stated = s->stated,
        .required = s->required,
        .lift = NAN,
        .adjacent_lift = NAN,
        .adjacent_low = NAN,
        .adjacent_high = NAN,
        .trend = NAN,
        .without = NAN,
        .without_low = NAN,
        .without_high = NAN,
    };
}

size_t demand_rows(const struct market *m, const struct tally *t, struct arena *a,
                   struct demand_row **ret)
{
    struct demand_row *rows = ARENA_NEW(a, struct demand_row, m->n_skills + 1);
    size_t n = 0;

    for (size_t i = 0; i < m->n_skills; i++)
        if (t->skills[i].openings)
            rows[n++] = row_of(m, t, i);
    demand_sort(rows, n);
    *ret = rows;
    return n;
}

/* What makes a skill MLOps and not just tech: more asked here than in the roles around. */
static void set_adjacent(struct demand_row *row, size_t skill, const struct tally *t,
                         const struct tally *beside)
{
    struct share other = tally_share(beside, &beside->skills[skill]);
    struct interval ratio;

    if (row->demand.too_few || other.too_few || !can_rank(t, &t->skills[skill])
        || !can_rank(beside, &beside->skills[skill]))
        return;
    ratio =
        ratio_interval((struct interval){ row->demand.share, row->demand.low, row->demand.high },
                       (struct interval){ other.share, other.low, other.high });
    row->adjacent_lift = ratio.at;
    row->adjacent_low = ratio.low;
    row->adjacent_high = ratio.high;
}

/* One employer's habit is not the market's: named, and the shares of the others beside. */
static void set_largest(const struct market *m, const struct filter *f, const struct tally *t,
                        struct demand *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct rows rows;
    struct tally others;
    size_t most = 0, kept = 0;

    for (size_t e = 1; e < m->n_employers; e++)
        if (openings_of(t, e) > openings_of(t, most))
            most = e;
    if (f->company.n || LARGE_PART * openings_of(t, most) <= t->openings)
        return;
    ret->largest.name = m->employers[most];
    ret->largest.openings = openings_of(t, most);
    rows = sheet_select(m, f, false, &scratch);
    for (size_t i = 0; i < rows.n; i++)
        if (m->sheet.employer[rows.items[i]] != most)
            rows.items[kept++] = rows.items[i];
    rows.n = kept;
    tally_of(m, &rows, f->required_only, NULL, &scratch, &others);
    tally_pool(&others, m->n_skills);
    for (size_t i = 0; i < ret->n_rows; i++) {
        struct demand_row *row = &ret->rows[i];
        struct share s = tally_share(&others, &others.skills[row->skill - m->skills]);

        row->without = s.share;
        row->without_low = s.low;
        row->without_high = s.high;
    }
}

int demand_of(const struct market *m, const struct filter *f, struct store *s, struct demand *ret,
              struct arena *a, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct tally t, beside;
    struct lifts lifts;
    struct trend trend;
    int r;

    if (m->made)
        return finished_demand(m, f, s, ret, a, d);
    tally_filter(m, f, false, &scratch, &t);
    tally_pool(&t, m->n_skills);
    /* ML, data and platform roles that the same filter lets through: what is compared with. */
    tally_filter(m, f, true, &scratch, &beside);
    tally_pool(&beside, m->n_skills);
    r = find_lifts(m, s, f->required_only, &scratch, &lifts, d);
    if (r == 0)
        r = trend_of(m, f, s, &scratch, &trend, d);
    if (r == 0) {
        *ret = (struct demand){ .openings = t.openings,
                                .employers = (int64_t)t.k,
                                .k_eff = t.k_eff,
                                .adjacent = beside.openings };
        ret->n_rows = demand_rows(m, &t, a, &ret->rows);
    }
    for (size_t i = 0; r == 0 && i < ret->n_rows; i++) {
        struct demand_row *row = &ret->rows[i];
        size_t skill = (size_t)(row->skill - m->skills);

        if (can_rank(&t, &t.skills[skill]) && !row->demand.too_few)
            row->lift = plain_share(&t, skill) / plain_share(&lifts.all, skill);
        set_adjacent(row, skill, &t, &beside);
        row->stage = highest_stage(&lifts, skill);
        row->trend = skill_trend(&trend, skill);
    }
    if (r == 0)
        set_largest(m, f, &t, ret);
    return r;
}
