#include "aggregator/finished.h"

#include <math.h>

#include "aggregator/counts.h"
#include "aggregator/tally.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

int64_t finished_terms(const struct roadmap_view *roadmap)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    size_t n = roadmap ? roadmap->n_aliases : 0;
    struct str *parts = ARENA_NEW(&a, struct str, 2 * n + 1);

    for (size_t i = 0; i < n; i++) {
        parts[2 * i] = roadmap->aliases[i].name;
        parts[2 * i + 1] = roadmap->aliases[i].employer;
    }
    return (int64_t)hash_parts(parts, 2 * n).low;
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
        .without = kept->without,
        .without_low = kept->without_low,
        .without_high = kept->without_high,
    };
}

int finished_made(struct store *s, int64_t at, int64_t terms, int64_t *ret, struct diag *d)
{
    struct finished f;
    int r = store_finished(s, &f, d);

    if (r != 0)
        return r;
    if (at < f.made || at >= f.until || f.terms != terms)
        return STORE_NONE;
    *ret = f.made;
    return 0;
}

int finished_open(struct market *ret, struct store *s, int64_t at,
                  const struct roadmap_view *roadmap, const struct skill_view *skills,
                  size_t n_skills, struct diag *d)
{
    int64_t made;
    int r = finished_made(s, at, finished_terms(roadmap), &made, d);

    if (r != 0)
        return r;
    *ret = (struct market){
        .at = at,
        .day = day_of(at),
        .made = made,
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
                            .largest = { kept.largest_name, kept.largest },
                            .rows = ARENA_NEW(a, struct demand_row, kept.n_rows + 1) };
    for (size_t i = 0; i < kept.n_rows; i++)
        if (kept.rows[i].skill >= 0 && (size_t)kept.rows[i].skill < m->n_skills)
            ret->rows[ret->n_rows++] = row_of(m, &kept.rows[i]);
    demand_sort(ret->rows, ret->n_rows);
    return 0;
}

static struct str life_name(const char *what, int stage, struct arena *a)
{
    return str_printf(a, "%s:%d", what, stage);
}

void life_figures(const struct life *l, int stage, struct figure_row ret[LIFE_FIGURES],
                  struct arena *a)
{
    ret[0] = (struct figure_row){ .name = life_name("life", stage, a),
                                  .value = l->median,
                                  .low = l->low,
                                  .high = l->high,
                                  .n = l->n,
                                  .employers = l->employers };
    ret[1] = (struct figure_row){ .name = life_name("life_reposted", stage, a),
                                  .value = l->reposted.share,
                                  .low = l->reposted.low,
                                  .high = l->reposted.high,
                                  .n = l->reposted.openings,
                                  .employers = l->reposted.employers };
    ret[2] = (struct figure_row){ .name = life_name("life_ended", stage, a),
                                  .value = (double)l->ended,
                                  .low = NAN,
                                  .high = NAN };
    ret[3] = (struct figure_row){ .name = life_name("life_left_out", stage, a),
                                  .value = (double)l->left_out,
                                  .low = NAN,
                                  .high = NAN };
}

static int life_figure(struct store *s, const char *what, int stage, int64_t day,
                       struct figure_row *ret, struct arena *a, struct diag *d)
{
    struct figure_row *rows = NULL;
    size_t n = 0;
    int r = store_figures(s, life_name(what, stage, a), day, day, a, &rows, &n, d);

    if (r == 0 && n == 0)
        return STORE_NONE;
    if (r == 0)
        *ret = rows[0];
    return r;
}

static int life_at(struct store *s, int64_t day, int stage, struct life *ret, struct arena *a,
                   struct diag *d)
{
    struct figure_row life, reposted, ended, left_out;
    int r = life_figure(s, "life", stage, day, &life, a, d);

    if (r == 0)
        r = life_figure(s, "life_reposted", stage, day, &reposted, a, d);
    if (r == 0)
        r = life_figure(s, "life_ended", stage, day, &ended, a, d);
    if (r == 0)
        r = life_figure(s, "life_left_out", stage, day, &left_out, a, d);
    if (r)
        return r;
    *ret = (struct life){
        .n = life.n,
        .employers = life.employers,
        .ended = (int64_t)ended.value,
        .left_out = (int64_t)left_out.value,
        .median = life.value,
        .low = life.low,
        .high = life.high,
        .reposted = { reposted.n, reposted.employers, reposted.value, reposted.low, reposted.high,
                      isnan(reposted.value) },
    };
    return 0;
}

/* The day whose stored figures are those of a time: the one of the finished answers, or one that
 * was over then. */
static int figures_day(const struct market *m, struct store *s, int64_t *ret, struct arena *a,
                       struct diag *d)
{
    int64_t made;
    struct figure_row *rows = NULL;
    size_t n = 0;
    int r = finished_made(s, m->at, finished_terms(m->roadmap), &made, d);

    *ret = r == 0 ? day_of(made) : m->day;
    if (r != STORE_NONE)
        return r;
    if (m->at != day_start(m->day + 1) - 1)
        return STORE_NONE;
    r = store_figures(s, STR("final"), m->day, m->day, a, &rows, &n, d);
    return r == 0 && n == 0 ? STORE_NONE : r;
}

int life_kept(const struct market *m, struct store *s, struct life ret[STAGES + 1], struct arena *a,
              struct diag *d)
{
    int64_t day;
    int r = figures_day(m, s, &day, a, d);

    for (int stage = 0; r == 0 && stage <= STAGES; stage++)
        r = life_at(s, day, stage, &ret[stage], a, d);
    return r;
}
