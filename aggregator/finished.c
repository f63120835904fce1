#include "aggregator/finished.h"

#include <math.h>

#include "aggregator/market.h"
#include "aggregator/tally.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

enum { SELECTIONS = 2 * (STAGES + 1) }; /* every stage and all of them, required or not */

/* Aliases are settings, not facts: other aliases join other openings. */
static int64_t terms_of(const struct roadmap_view *roadmap, struct arena *a)
{
    size_t n = roadmap ? roadmap->n_aliases : 0;
    struct str *parts = ARENA_NEW(a, struct str, 2 * n + 1);

    for (size_t i = 0; i < n; i++) {
        parts[2 * i] = roadmap->aliases[i].name;
        parts[2 * i + 1] = roadmap->aliases[i].employer;
    }
    return (int64_t)hash_parts(parts, 2 * n).low;
}

/* When the clock alone changes what is open or fresh. */
static int64_t holds_until(const struct market *m)
{
    int64_t until = INT64_MAX;

    for (size_t i = 0; i < m->n_openings; i++)
        for (size_t k = 0; k < m->openings[i].n_members; k++) {
            const struct posting_fact *f = m->openings[i].members[k];
            int64_t stale = day_start(day_of(f->source_proven) + STALE_DAYS + 1);

            if (posting_fresh(f, m->at) && stale < until)
                until = stale;
            if (f->source_window && posting_open(f, m->at) && f->expires && f->expires < until)
                until = f->expires;
        }
    return until;
}

static struct demand_figure kept_of(const struct market *m, const struct demand_row *row)
{
    return (struct demand_figure){
        .skill = row->skill - m->skills,
        .openings = row->demand.openings,
        .employers = row->demand.employers,
        .stated = row->stated,
        .required = row->required,
        .highest_stage = row->stage,
        .share = row->demand.share,
        .low = row->demand.low,
        .high = row->demand.high,
        .lift = row->lift,
        .adjacent_lift = row->adjacent_lift,
        .adjacent_low = row->adjacent_low,
        .adjacent_high = row->adjacent_high,
        .trend = row->trend,
    };
}

static struct demand_row row_of(const struct market *m, const struct demand_figure *kept)
{
    return (struct demand_row){
        .skill = &m->skills[kept->skill],
        .demand = { .openings = kept->openings,
                    .employers = kept->employers,
                    .share = kept->share,
                    .low = kept->low,
                    .high = kept->high,
                    .too_few = isnan(kept->share) },
        .stated = kept->stated,
        .required = kept->required,
        .lift = kept->lift,
        .stage = (int)kept->highest_stage,
        .adjacent_lift = kept->adjacent_lift,
        .adjacent_low = kept->adjacent_low,
        .adjacent_high = kept->adjacent_high,
        .trend = kept->trend,
    };
}

static int make_selection(const struct market *m, struct store *s, struct demand_total *io,
                          struct arena *a, struct diag *d)
{
    struct filter f = { .stage = (int)io->stage, .required_only = io->required_only };
    struct demand dm;
    int r = demand_of(m, &f, s, &dm, a, d);

    if (r < 0)
        return r;
    io->openings = dm.openings;
    io->employers = dm.employers;
    io->adjacent = dm.adjacent;
    io->k_eff = dm.k_eff;
    io->rows = ARENA_NEW(a, struct demand_figure, dm.n_rows + 1);
    io->n_rows = dm.n_rows;
    for (size_t i = 0; i < dm.n_rows; i++)
        io->rows[i] = kept_of(m, &dm.rows[i]);
    return 0;
}

int finished_make(struct market *m, struct store *s, struct arena *a, struct diag *d)
{
    struct demand_total demand[SELECTIONS];
    struct finished f = { .made = m->at,
                          .until = holds_until(m),
                          .terms = terms_of(m->roadmap, a),
                          .demand = demand,
                          .n_demand = SELECTIONS };
    int r = market_load_before(m, s, a, d);

    for (int i = 0; r == 0 && i < SELECTIONS; i++) {
        demand[i] = (struct demand_total){ .stage = i / 2, .required_only = i % 2 };
        r = make_selection(m, s, &demand[i], a, d);
    }
    return r == 0 ? store_put_finished(s, &f, d) : r;
}

int finished_open(struct market *ret, struct store *s, int64_t at,
                  const struct roadmap_view *roadmap, const struct skill_view *skills,
                  size_t n_skills, struct arena *a, struct diag *d)
{
    struct finished f;
    int r = store_finished(s, &f, d);

    if (r != 0)
        return r;
    if (at < f.made || at >= f.until || f.terms != terms_of(roadmap, a))
        return STORE_NONE;
    *ret = (struct market){
        .at = at,
        .day = day_of(at),
        .made = f.made,
        .skills = skills,
        .n_skills = n_skills,
        .roadmap = roadmap,
    };
    return 0;
}

bool finished_covers(const struct filter *f)
{
    return f->stage >= 0 && !f->city.n && !f->company.n && !f->skill.n && f->track == TRACK_NONE
           && f->mode == MODE_UNKNOWN && !f->first_after;
}

/* The counts are those of the day on which they were made; since then nothing was read, so on a
 * later day every board is one that was not proven on it. */
int finished_roles(const struct market *m, struct store *s, struct roles *ret, struct arena *a,
                   struct diag *d)
{
    int r = roles_kept(s, day_of(m->made), ret, a, d);

    if (r == 0 && m->day > day_of(m->made))
        ret->carried = ret->openings;
    return r;
}

int finished_demand(const struct market *m, const struct filter *f, struct store *s,
                    struct demand *ret, struct arena *a, struct diag *d)
{
    struct demand_total kept;
    int r = finished_covers(f) ? store_finished_demand(s, f->stage, f->required_only, a, &kept, d)
                               : STORE_NONE;

    if (r < 0)
        return r;
    if (r == STORE_NONE)
        return diag_fail(d, ERR_USAGE, "demand: not among the finished answers");
    *ret = (struct demand){ .openings = kept.openings,
                            .employers = kept.employers,
                            .k_eff = kept.k_eff,
                            .adjacent = kept.adjacent,
                            .rows = ARENA_NEW(a, struct demand_row, kept.n_rows + 1) };
    for (size_t i = 0; i < kept.n_rows; i++)
        if (kept.rows[i].skill >= 0 && (size_t)kept.rows[i].skill < m->n_skills)
            ret->rows[ret->n_rows++] = row_of(m, &kept.rows[i]);
    demand_sort(ret->rows, ret->n_rows);
    return 0;
}
