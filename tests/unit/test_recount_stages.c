/* What `stages` and the lives of roles say, counted again in plain SQL after any history. */
#include <stddef.h>

#include "aggregator/market.h"
#include "core/buf.h"
#include "recount_sql.h"

/* Five stages: Python; Docker and what no rule knows; Kubernetes and a generic word; nothing;
 * MLflow twice. Airflow is taught nowhere. */
static struct str taught[BULLETS][2] = {
    { STR("python") }, { STR("docker"), STR("nobody-knows-it") }, { STR("kubernetes"), STR("ai") },
    { STR("mlflow") }, { STR("mlflow"), STR("python") },
};
static struct bullet_view bullets[BULLETS] = {
    { STR("s1.a"), STR("A"), { taught[0], 1, 1 } }, { STR("s2.a"), STR("A"), { taught[1], 2, 2 } },
    { STR("s3.a"), STR("A"), { taught[2], 2, 2 } }, { STR("s5.a"), STR("A"), { taught[3], 1, 1 } },
    { STR("s5.b"), STR("B"), { taught[4], 2, 2 } },
};
static const struct roadmap_view roadmap = {
    .stages = { { .bullets = &bullets[0],
                  .n_bullets = 1,
                  .band_low = 1000000,
                  .band_high = 2500000 },
                { .bullets = &bullets[1], .n_bullets = 1, .band_high = 3000000 },
                { .bullets = &bullets[2], .n_bullets = 1, .band_low = 6000000 },
                { .band_low = 2000000, .band_high = 4000000 },
                { .bullets = &bullets[3], .n_bullets = 2 } },
};
/* What is taught up to each stage, in SQL; and how many bullets there are before it. */
static const char *const had[STAGES + 1] = {
    "''",
    "'python'",
    "'python', 'docker'",
    "'python', 'docker', 'kubernetes'",
    "'python', 'docker', 'kubernetes'",
    "'python', 'docker', 'kubernetes', 'mlflow'",
};

/* `shows`: which bullets each posting's words evidence. */
static struct str shows(struct play *p, struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    CLEANUP(buf_release) struct buf b = { 0 };
    struct whole_facts facts = { .a = &scratch };
    struct diag d = { 0 };

    OK(store_scan(told(p), as_of(p), &scratch, take_fact, &facts, &d));
    buf_add(&b, STR("(0, 0)"));
    for (size_t i = 0; i < facts.n; i++)
        for (size_t k = 0; k < facts.items[i]->signal.n_bullets; k++)
            buf_add(&b, str_printf(&scratch, ", (%lld, %u)", (long long)facts.items[i]->posting,
                                   facts.items[i]->signal.bullets[k].bullet));
    return str_printf(a,
                      ", shows AS MATERIALIZED (SELECT column1 AS posting, column2 AS bullet FROM"
                      " (VALUES " STR_FMT ")) ",
                      STR_ARG(buf_str(&b)));
}

/*
 * `need`: what each opening requires in words, of the skills one could learn. `met`: how many of
 * them somebody has. `short`: the skills that would each make an opening met.
 */
static struct str covering(struct play *p, struct arena *a, const char *has, const char *where,
                           const char *query)
{
    return counted(
        p, a,
        str_printf(a,
                   ", need AS MATERIALIZED (SELECT c.opening, c.who, m.skill, m.skill IN (%s) AS"
                   " has FROM counted c JOIN v_mention m USING (opening) WHERE c.text_read AND"
                   " m.required_in_words AND m.skill <> 'ai' AND %s), met AS MATERIALIZED (SELECT"
                   " opening, who, count(*) AS n, sum(has) AS had, sum(has) >= .8 * count(*) AS"
                   " met, sum(has) + 1 >= .8 * count(*) AND sum(has) < .8 * count(*) AS one FROM"
                   " need GROUP BY opening), short AS MATERIALIZED (SELECT need.* FROM need JOIN"
                   " met USING (opening) WHERE one AND NOT has) %s",
                   has, where, query));
}

/* Whether the openings that one skill adds cannot be told from those that another does. */
static bool tie(struct play *p, struct arena *a, const char *has, const char *where,
                struct str first, struct str other, size_t rivals)
{
    struct got *got;
    struct str difference = str_printf(
        a,
        ", e AS (SELECT who, count(*) AS n, sum((SELECT count(*) FROM short WHERE short.opening ="
        " met.opening AND skill = '" STR_FMT "') - (SELECT count(*) FROM short WHERE"
        " short.opening = met.opening AND skill = '" STR_FMT "')) AS more FROM met GROUP BY who),"
        " t AS (SELECT 1.0 * sum(more) / sum(n) AS d FROM e) SELECT sum(more),"
        " sum((more - d * n) * (more - d * n)), count(*) FROM e, t",
        STR_ARG(first), STR_ARG(other));

    if (rows_of(p, a, covering(p, a, has, where, str_cstr(a, difference)), &got) != 1)
        return false;
    return got[0].v[2] < 2
           || got[0].v[0] <= student_t(got[0].v[2] - 1, .05 / (double)rivals)
                                 * sqrt(got[0].v[1] * got[0].v[2] / (got[0].v[2] - 1));
}

static void recount_next(struct play *p, const struct coverage *c, const char *has,
                         const char *where, double rho, struct arena *a, int step)
{
    struct got *got;
    size_t n = rows_of(p, a,
                       covering(p, a, has, where,
                                "SELECT skill FROM short GROUP BY skill HAVING count(DISTINCT who)"
                                " >= 3 ORDER BY count(*) DESC, skill"),
                       &got);

    CHECK_ROW(c->n_next == n, step);
    for (size_t i = 0; i < n && i < c->n_next; i++) {
        struct str adds = str_printf(
            a,
            "SELECT count(*), sum(EXISTS (SELECT 1 FROM short WHERE short.opening = met.opening"
            " AND skill = '" STR_FMT "')) FROM met GROUP BY who ORDER BY who",
            STR_ARG(got[i].text));

        CHECK_STR(c->next[i].skill->id, got[i].text, step);
        check_share(p, c->next[i].adds,
                    employers_of(p, a, covering(p, a, has, where, str_cstr(a, adds))), rho, step);
        if (i)
            CHECK_ROW(c->next[i].tie == tie(p, a, has, where, got[0].text, got[i].text, n - 1),
                      step);
        p->nexts++;
    }
}

static void recount_coverage(struct play *p, const struct coverage *c, const char *has,
                             const char *where, struct arena *a, int step)
{
    struct likeness like;
    struct got *got;
    double rho;
    size_t n = rows_of(
        p, a,
        covering(
            p, a, has, where,
            str_cstr(
                a, str_printf(a,
                              "SELECT count(*), count(DISTINCT who), coalesce(sum(one), 0), (SELECT"
                              " count(*) FROM counted c WHERE text_read AND %s) FROM met",
                              where))),
        &got);

    likeness_of(p, a, NULL, str_of(where), false, &like);
    rho = icc_pool_rho(&like.pool, NAN);
    CHECK_ROW(n == 1 && c->n == (int64_t)got[0].v[0], step);
    CHECK_ROW(c->employers == (int64_t)got[0].v[1], step);
    CHECK_ROW(c->one_short == (int64_t)got[0].v[2], step);
    CHECK_ROW(c->left_out == (int64_t)(got[0].v[3] - got[0].v[0]), step);
    check_share(p, c->met,
                employers_of(p, a,
                             covering(p, a, has, where,
                                      "SELECT count(*), sum(met) FROM met GROUP BY who ORDER BY"
                                      " who")),
                rho, step);
    recount_next(p, c, has, where, rho, a, step);
}

/* Openings of the stage whose posting is in what `rows` gives, by employer. */
static struct employers those_in(struct play *p, struct arena *a, const char *where,
                                 struct str with, const char *rows)
{
    return employers_of(p, a,
                        counted(p, a,
                                str_printf(a,
                                           STR_FMT "SELECT count(*), sum(posting IN (%s)) FROM"
                                                   " counted WHERE text_read AND %s GROUP BY who"
                                                   " ORDER BY who",
                                           STR_ARG(with), rows, where)));
}

static bool is_stale(const struct share *s, double read)
{
    return !s->too_few && s->share < .03 && read >= 100;
}

static void recount_bullet(struct play *p, const struct bullet_figures *b, int64_t number,
                           const struct likeness *like, const char *where, struct arena *a,
                           int step)
{
    double rho = icc_pool_rho(&like->pool, NAN);
    int64_t read = 0, asks = 0;
    struct str skills_of = STR("''");
    const struct str *ids = taught[number];
    size_t known = 0;

    for (size_t i = 0; i < like->skills[0].n; i++)
        read += like->skills[0].items[i].n;
    for (size_t i = 0; i < 2; i++)
        if (ids[i].n && !str_eq(ids[i], STR("ai")))
            skills_of =
                str_printf(a, STR_FMT ", '" STR_FMT "'", STR_ARG(skills_of), STR_ARG(ids[i]));
    check_share(p, b->evidenced,
                those_in(p, a, where, shows(p, a),
                         str_cstr(a, str_printf(a, "SELECT posting FROM shows WHERE bullet = %d",
                                                (int)number))),
                rho, step);
    check_share(
        p, b->asked,
        those_in(
            p, a, where, STR(""),
            str_cstr(
                a, str_printf(
                       a, "SELECT posting FROM v_mention WHERE demanded AND skill IN (" STR_FMT ")",
                       STR_ARG(skills_of)))),
        rho, step);
    CHECK_ROW(b->stale == is_stale(&b->evidenced, (double)read), step);
    for (size_t i = 0; i < b->n_skills; i++) {
        size_t k = (size_t)(b->skills[i].skill - skills);

        check_share(p, b->skills[i].demand, like->skills[k],
                    icc_pool_rho(&like->pool, like->icc[k]), step);
        CHECK_ROW(b->skills[i].stale == is_stale(&b->skills[i].demand, (double)read), step);
        asks += b->skills[i].demand.openings;
        known += str_eq(b->skills[i].skill->id, ids[0]) || str_eq(b->skills[i].skill->id, ids[1]);
    }
    CHECK_ROW(b->asks == asks && known == b->n_skills && known > 0, step);
}

/* The most demanded skills of a selection that are not had. */
static void recount_missing(struct play *p, const struct demand_row *missing, size_t n_missing,
                            const char *has, const char *where, struct arena *a, int step)
{
    struct got *got;
    size_t n = rows_of(
        p, a,
        counted(p, a,
                str_printf(a,
                           "SELECT skill, count(*) FROM counted c JOIN v_mention m USING (opening)"
                           " WHERE text_read AND demanded AND skill <> 'ai' AND skill NOT IN (%s)"
                           " AND %s GROUP BY skill HAVING count(DISTINCT who) >= 3 ORDER BY 2"
                           " DESC, 1",
                           has, where)),
        &got);

    CHECK_ROW(n_missing == n, step);
    for (size_t i = 0; i < n && i < n_missing; i++) {
        CHECK_STR(missing[i].skill->id, got[i].text, step);
        CHECK_ROW(missing[i].demand.openings == (int64_t)got[i].v[1], step);
        p->missing++;
    }
}

/* How far somebody's own skills get. */
static void recount_with(struct play *p, const struct market *m, struct arena *a, int step)
{
    struct str list = STR("''");
    bool has[SKILLS + 1] = { false };
    struct with w;

    for (size_t i = 1; i < SKILLS; i++) {
        has[i] = pick(p, 2);
        if (has[i])
            list = str_printf(a, STR_FMT ", '" STR_FMT "'", STR_ARG(list), STR_ARG(skill_ids[i]));
    }
    with_of(m, &(struct filter){ 0 }, has, &w, a);
    for (int stage = 0; stage <= STAGES; stage++)
        recount_coverage(p, &w.coverage[stage], str_cstr(a, list),
                         stage ? str_cstr(a, str_printf(a, "stage = %d", stage)) : "1", a, step);
    recount_missing(p, w.missing, w.n_missing, str_cstr(a, list), "1", a, step);
}

/* The pay beside the roadmap's band. */
static void recount_band(struct play *p, const struct salary *s, int stage, struct str values,
                         struct arena *a, int step)
{
    const struct stage_view *v = &roadmap.stages[stage - 1];
    double high = v->band_high ? (double)v->band_high : 1e18;
    struct got *got;

    check_quantiles(&s->pay, p, a, values, step);
    if (!v->band_low && !v->band_high)
        return;
    CHECK_ROW(
        rows_of(p, a,
                counted(p, a,
                        str_printf(
                            a,
                            "SELECT coalesce(sum(value < %lld), 0), coalesce(sum(value > %.0f), 0),"
                            " coalesce(sum(value BETWEEN %lld AND %.0f), 0) FROM (" STR_FMT ")",
                            (long long)v->band_low, high, (long long)v->band_low, high,
                            STR_ARG(values))),
                &got)
            == 1,
        step);
    CHECK_ROW(s->below_band == (int64_t)got[0].v[0] && s->above_band == (int64_t)got[0].v[1]
                  && s->in_band == (int64_t)got[0].v[2],
              step);
    CHECK_ROW((s->band == BAND_UNKNOWN) == isnan(s->pay.p50), step);
    CHECK_ROW((s->band == BAND_BELOW) == (s->pay.p50_high < (double)v->band_low), step);
    CHECK_ROW((s->band == BAND_ABOVE) == (s->pay.p50_low > high), step);
}

static void recount_stage(struct play *p, const struct stage_figures *f, int stage, struct arena *a,
                          int step)
{
    static const int before[STAGES] = { 0, 1, 2, 3, 3 };
    const char *where = str_cstr(a, str_printf(a, "stage = %d", stage));
    struct likeness like;
    struct got *got;

    CHECK_ROW(f->openings == count(p, a, "count(*)", str_of(where)), step);
    CHECK_ROW(f->employers == count(p, a, "count(DISTINCT who)", str_of(where)), step);
    CHECK_ROW(f->read == count(p, a, "coalesce(sum(text_read), 0)", str_of(where)), step);
    check_quantiles(&f->years, p, a,
                    str_printf(a,
                               "SELECT min_months / 12.0 AS value, who FROM counted WHERE %s AND"
                               " min_months IS NOT NULL",
                               where),
                    step);
    recount_band(
        p, &f->pay, stage,
        str_printf(a, "SELECT value, who FROM " PAID " WHERE %s AND value IS NOT NULL", where), a,
        step);
    likeness_of(p, a, NULL, str_of(where), false, &like);
    for (size_t i = 0; i < f->n_bullets; i++)
        recount_bullet(p, &f->bullets[i], before[stage - 1] + (int64_t)i, &like, where, a, step);
    CHECK_ROW(
        rows_of(p, a,
                counted(p, a,
                        str_printf(
                            a,
                            "SELECT count(*), coalesce(sum(skill IN (%s)), 0) FROM counted c JOIN"
                            " v_mention m USING (opening) WHERE text_read AND demanded"
                            " AND skill <> 'ai' AND %s",
                            had[stage], where)),
                &got)
            == 1,
        step);
    CHECK_ROW(f->asks == (int64_t)got[0].v[0] && f->asks_covered == (int64_t)got[0].v[1], step);
    recount_missing(p, f->missing, f->n_missing, had[stage], where, a, step);
    recount_coverage(p, &f->coverage, had[stage], "1", a, step);
    recount_coverage(p, &f->coverage_own, had[stage], where, a, step);
}

/*
 * `role`: the times in which an opening was on the market, as the employer's own boards tell where
 * he has one; put up again within 30 days of its end it lives on. `life`: when it appeared.
 */
static struct str living(struct play *p, struct arena *a, const char *query)
{
    return counted(
        p, a,
        str_printf(
            a,
            ", job AS (SELECT * FROM opening WHERE family = 'core' AND india = 'yes'), span AS"
            " (SELECT m.opening, m.posting, m.source, m.posted, s.first_proof, s.last_proof,"
            " coalesce(s.ended_by, iif(m.shown, NULL, m.expires)) AS ended_by,"
            " coalesce(s.ended_how, '') NOT IN ('max-age', 'moved') AS seen FROM job JOIN member m"
            " USING (opening) JOIN v_spell s ON s.posting = m.posting WHERE m.own <> '' OR NOT"
            " EXISTS (SELECT 1 FROM member o WHERE o.opening = m.opening AND o.own <> '')),"
            " run AS (SELECT *, max(coalesce(ended_by, 1e18)) OVER (PARTITION BY opening ORDER BY"
            " first_proof, posting ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until"
            " FROM span), part AS (SELECT *, sum(coalesce(first_proof > until + 30 * 86400, 0)) "
            "OVER (PARTITION"
            " BY opening ORDER BY first_proof, posting) AS n FROM run), whole AS (SELECT *,"
            " row_number() OVER (PARTITION BY opening, n ORDER BY first_proof, posting) AS i,"
            " row_number() OVER (PARTITION BY opening, n ORDER BY coalesce(ended_by, 1e18) DESC,"
            " first_proof DESC, posting DESC) AS last FROM part), role AS MATERIALIZED (SELECT"
            " w.opening, w.source, w.posted, w.first_proof, (SELECT max(last_proof) FROM whole x"
            " WHERE x.opening = w.opening AND x.n IS w.n) AS last_proof, (SELECT iif(seen,"
            " ended_by, NULL) FROM whole x WHERE x.opening = w.opening AND x.n IS w.n AND x.last ="
            " 1) AS ended_by, (SELECT max(x.i > 1 AND x.first_proof > x.until) FROM whole x WHERE"
            " x.opening = w.opening AND x.n IS w.n) AS reposted, (SELECT max(ended) FROM v_reading"
            " r WHERE r.source = w.source AND proven AND ended < w.first_proof) AS before FROM"
            " whole w WHERE i = 1), life AS MATERIALIZED (SELECT role.*, job.who,"
            " coalesce(job.stage, 0) AS stage, iif(role.posted <= role.first_proof AND role.posted"
            " > coalesce(before, 0), role.posted, iif(role.first_proof - before <= 14 * 86400,"
            " before + (role.first_proof - before) / 2, NULL)) AS appeared FROM role JOIN job"
            " USING (opening)) %s",
            query));
}

static void recount_life(struct play *p, const struct life *l, const char *where, struct arena *a,
                         int step)
{
    struct icc_pool own = { 0 };
    struct employers again;
    struct interval median = { NAN, NAN, NAN };
    struct lifetime *lives;
    struct got *got;
    size_t n;

    CHECK_ROW(
        rows_of(
            p, a,
            living(p, a,
                   str_cstr(
                       a, str_printf(
                              a,
                              "SELECT count(appeared), count(*), count(DISTINCT iif(appeared, who,"
                              " NULL)), sum(appeared IS NOT NULL AND ended_by"
                              " IS NOT NULL) FROM life WHERE %s",
                              where))),
            &got)
            == 1,
        step);
    CHECK_ROW(l->n == (int64_t)got[0].v[0], step);
    CHECK_ROW(l->left_out == (int64_t)(got[0].v[1] - got[0].v[0]), step);
    CHECK_ROW(l->employers == (int64_t)got[0].v[2], step);
    CHECK_ROW(l->ended == (isnan(got[0].v[3]) ? 0 : (int64_t)got[0].v[3]), step);
    again = employers_of(
        p, a,
        living(
            p, a,
            str_cstr(a, str_printf(a,
                                   "SELECT count(*), sum(reposted) FROM life WHERE appeared IS NOT"
                                   " NULL AND %s GROUP BY who ORDER BY who",
                                   where))));
    icc_pool_add(&own, intra_correlation(again.items, again.n));
    check_share(p, l->reposted, again, icc_pool_rho(&own, NAN), step);
    n = rows_of(
        p, a,
        living(p, a,
               str_cstr(a, str_printf(
                               a,
                               "SELECT dense_rank() OVER (ORDER BY who), (first_proof - appeared) /"
                               " 86400.0, (last_proof - appeared) / 86400.0,"
                               " coalesce((ended_by - appeared) / 86400.0, 1e18) FROM"
                               " life WHERE appeared IS NOT NULL AND %s",
                               where))),
        &got);
    lives = ARENA_NEW(a, struct lifetime, n + 1);
    for (size_t i = 0; i < n; i++)
        lives[i] = (struct lifetime){ .employer = (uint32_t)got[i].v[0] - 1,
                                      .entered = got[i].v[1],
                                      .after = got[i].v[2],
                                      .by = got[i].v[3] > 1e17 ? INFINITY : got[i].v[3] };
    if (again.n >= 10 && effective_employers(again.items, again.n) >= 8)
        median = life_median(lives, n);
    p->lives += !isnan(median.at);
    CHECK_ROW(near(l->median, median.at), step);
    CHECK_ROW(near(l->low, median.low) && near(l->high, median.high), step);
}

/* How long roles live at a source, and at boards of a kind. */
static void recount_group_lives(struct play *p, const struct grouping *g,
                                const struct flow_row *rows, size_t n, struct arena *a, int step)
{
    enum { LOOKED_AT = 3 }; /* each asks the whole history three times */

    for (size_t i = 0; i < n && i < LOOKED_AT; i++)
        recount_life(p, &rows[i].life,
                     str_cstr(a, str_printf(a,
                                            "(SELECT %s FROM opening o WHERE o.opening ="
                                            " life.opening) = '" STR_FMT "'",
                                            g->key, STR_ARG(rows[i].key))),
                     a, step);
}

/* What came, was found and went in a week, group by group. */
static void recount_flow(struct play *p, const struct market *m, const struct grouping *g,
                         struct arena *a, int step)
{
    const long long from = as_of(p) - 7 * DAY_SECONDS;
    struct str sums = str_printf(a,
                                 STANDS "SELECT %s, sum(l.first_proof > %lld AND before IS NOT"
                                        " NULL), sum(l.first_proof > %lld AND before IS NULL),"
                                        " coalesce(sum(l.ended_by > %lld), 0) FROM life l JOIN"
                                        " opening o USING (opening)%s GROUP BY 1",
                                 g->key, from, from, from, g->join);
    struct flow_row *rows;
    struct got *got;
    struct diag d = { 0 };
    size_t n = 0, groups = rows_of(p, a, living(p, a, str_cstr(a, sums)), &got);

    OK(flow_of(m, p->s, g->by, from, NULL, a, &rows, &n, &d));
    for (size_t k = 0; k < groups; k++) {
        const bool moved = got[k].v[1] + got[k].v[2] + got[k].v[3] > 0;
        size_t i = 0;

        while (i < n && !str_eq(rows[i].key, got[k].text))
            i++;
        CHECK_ROW(i < n || !moved, step);
        if (i == n)
            continue;
        CHECK_ROW(rows[i].came == (int64_t)got[k].v[1], step);
        CHECK_ROW(rows[i].found == (int64_t)got[k].v[2], step);
        CHECK_ROW(rows[i].ended == (int64_t)got[k].v[3], step);
        p->moved += moved;
    }
    if (g->by == FLOW_SOURCE || g->by == FLOW_ADAPTER)
        recount_group_lives(p, g, rows, n, a, step);
}

/* What came, was found and went in each of some weeks. */
static void recount_weeks(struct play *p, const struct market *m, struct arena *a, int step)
{
    enum { WEEKS = 4 };
    struct flow_row flows[WEEKS] = { 0 };
    int64_t times[WEEKS + 1];
    struct diag d = { 0 };

    for (int i = 0; i <= WEEKS; i++)
        times[i] = day_start(m->day + 3 - 7 * (WEEKS - i)) - 1;
    OK(flow_spans(m, p->s, times, WEEKS + 1, flows, &d));
    for (int i = 0; i < WEEKS; i++) {
        const long long from = times[i], to = times[i + 1];
        struct str sums =
            str_printf(a,
                       "SELECT total(came AND before IS NOT NULL), total(came AND before IS NULL),"
                       " total(ended_by > %lld AND ended_by <= %lld) FROM (SELECT *, first_proof >"
                       " %lld AND first_proof <= %lld AS came FROM life)",
                       from, to, from, to);
        struct got *got;

        CHECK_ROW(rows_of(p, a, living(p, a, str_cstr(a, sums)), &got) == 1, step);
        CHECK_ROW((double)flows[i].came == got[0].v[0], step);
        CHECK_ROW((double)flows[i].found == got[0].v[1], step);
        CHECK_ROW((double)flows[i].ended == got[0].v[2], step);
    }
}

static void recount_at(struct play *p, int64_t at, int step)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct stages s;
    struct market m;
    struct life life[STAGES + 1];
    struct diag d = { 0 };

    OK(market_load(&m, p->s, at, &roadmap, skills, SKILLS, &a, &d));
    OK(stages_of(&m, &(struct filter){ 0 }, &s, &a, &d));
    OK(life_of(&m, p->s, life, &d));
    for (int stage = 1; stage <= STAGES; stage++)
        recount_stage(p, &s.stage[stage - 1], stage, &a, step);
    CHECK_ROW(s.unstaged == count(p, &a, "count(*)", STR("stage IS NULL")), step);
    for (int stage = 0; stage <= STAGES; stage++)
        recount_life(p, &life[stage],
                     str_cstr(&a, str_printf(&a, stage ? "stage = %d" : "%d = 0", stage)), &a,
                     step);
    for (size_t g = 0; g < ARRAY_LEN(groupings); g++)
        if (keeps_its_names(p, &groupings[g]))
            recount_flow(p, &m, &groupings[g], &a, step);
    recount_weeks(p, &m, &a, step);
    recount_with(p, &m, &a, step);
}

/* Now, and at the end of a day that is over. */
static void recount(struct play *p, int step)
{
    const int64_t past = some_past(p);
    struct diag d = { 0 };

    remember(p);
    if (step % 3 != 2) /* the others would take long and add little */
        return;
    OK(figures_update(p->s, p->now, &roadmap, skills, SKILLS, &d));
    recount_at(p, p->now, step);
    if (step % 2 || !rewind_to(p, past, &roadmap))
        return;
    recount_at(p, past, step);
    come_back(p);
    p->days++;
}

static void the_roadmap_and_the_lives_of_roles_are_what_sql_counts(void **state)
{
    (void)state;
    for (uint64_t seed = 20; seed < 20 + HISTORIES; seed++) {
        struct play p;

        play_history(seed, 150, 12, recount, &p);
        CHECK(p.shares > 50 && p.medians > 10 && p.nexts > 30 && p.missing > 30);
        CHECK(p.lives > 5 && p.moved > 50 && p.days > 0);
        end_play(&p);
    }
}

RUN_TESTS(TEST(the_roadmap_and_the_lives_of_roles_are_what_sql_counts))
