/* The answers that are asked most, worked out. */
#include "aggregator/finished.h"

#include "core/arena.h"

enum { SELECTIONS = 2 * (STAGES + 1) }; /* every stage and all of them, required or not */

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
        .without = row->without,
        .without_low = row->without_low,
        .without_high = row->without_high,
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
    io->largest = dm.largest.openings;
    io->largest_name = dm.largest.name;
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
                          .until = m->until,
                          .terms = finished_terms(m->roadmap),
                          .demand = demand,
                          .n_demand = SELECTIONS };
    int r = market_load_before(m, s, a, d);

    if (r == 0 && !m->before->kept)
        r = market_keep(m->before, s, d);
    for (int i = 0; r == 0 && i < SELECTIONS; i++) {
        demand[i] = (struct demand_total){ .stage = i / 2, .required_only = i % 2 };
        r = make_selection(m, s, &demand[i], a, d);
    }
    return r == 0 ? store_put_finished(s, &f, d) : r;
}
