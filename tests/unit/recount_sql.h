#ifndef TESTS_UNIT_RECOUNT_SQL_H
#define TESTS_UNIT_RECOUNT_SQL_H

/* A history's figures counted again, in plain SQL over the documented views. */
#include <stdlib.h>

#include "aggregator/flow.h"
#include "aggregator/tally.h"
#include "any_history.h"
#include "core/buf.h"

/* A row of an answer: its cells as numbers (NaN: NULL, or a word), and the first as it stands. */
enum { CELLS = 1 + SKILLS };
struct got {
    struct str text;
    double v[CELLS];
};

struct all_got {
    struct arena *a;
    struct got *items;
    size_t n, cap;
};

static inline int take_row(void *ctx, size_t row, const struct sql_cell *cells, size_t n,
                           struct diag *d)
{
    struct all_got *to = ctx;
    struct got *g;

    (void)d;
    if (row == 0)
        return 0;
    g = ARENA_PUSH(to->a, to);
    g->text = str_dup(to->a, cells[0].text);
    for (size_t i = 0; i < CELLS; i++)
        g->v[i] = i < n && cells[i].number ? strtod(str_cstr(to->a, cells[i].text), NULL) : NAN;
    return 0;
}

static inline size_t rows_of(struct play *p, struct arena *a, struct str query, struct got **ret)
{
    struct all_got to = { .a = a };
    struct diag d = { 0 };
    int r = store_sql(told(p), query, take_row, &to, &d);

    if (r < 0)
        fprintf(stderr, STR_FMT "\n", STR_ARG(query));
    OK(r);
    *ret = to.items;
    return to.n;
}

/* The one number of an answer. */
static inline double number(struct play *p, struct arena *a, struct str query)
{
    struct got *got;

    return rows_of(p, a, query, &got) == 1 ? got[0].v[0] : NAN;
}

/*
 * `counted`: the counted openings, with the employer as figures know him: the company of an
 * employer's own board, else the ad's. `adjacent`: the roles beside the count. `member`: an
 * opening's postings, and whether they are open now (a window closes nothing: there a stated
 * expiry does). `says`: what the views do not have, the mentions of any posting.
 */
#define COUNTED                                                                                    \
    "WITH opening AS MATERIALIZED (SELECT o.*, coalesce(nullif(s.company, ''), o.employer) AS "    \
    "who,"                                                                                         \
    " s.adapter, s.last_proven AS proven FROM v_opening o JOIN v_source s USING (source)),"        \
    " counted AS MATERIALIZED (SELECT * FROM opening WHERE counted),"                              \
    " adjacent AS MATERIALIZED (SELECT * FROM opening WHERE reason LIKE 'of an adjacent role%%'"   \
    " AND india = 'yes' AND proven >= %lld),"                                                      \
    " member AS MATERIALIZED (SELECT l.opening, l.leads, q.*, s.company AS own, q.open AND NOT"    \
    " (s.window AND coalesce(q.expires, %lld) <= %lld) AS shown FROM v_opening_posting l"          \
    " JOIN v_posting q USING (posting) JOIN v_source s USING (source)) "

static inline struct str counted(const struct play *p, struct arena *a, struct str query)
{
    struct str with = str_printf(a, COUNTED, (long long)day_start(day_of(as_of(p)) - STALE_DAYS),
                                 (long long)INT64_MAX, (long long)as_of(p));

    return str_printf(a, STR_FMT STR_FMT, STR_ARG(with), STR_ARG(query));
}

/* `says` as rows: posting, skill, polarity, stated. */
static inline struct str says(struct play *p, struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    CLEANUP(buf_release) struct buf b = { 0 };
    struct whole_facts facts = { .a = &scratch };
    struct diag d = { 0 };

    OK(store_scan(told(p), as_of(p), &scratch, take_fact, &facts, &d));
    for (size_t i = 0; i < facts.n; i++)
        for (size_t k = 0; k < facts.items[i]->signal.n_mentions; k++) {
            const struct mention *m = &facts.items[i]->signal.mentions[k];

            buf_add(&b, str_printf(&scratch, "%s(%lld, '" STR_FMT "', '%s', %d)", b.n ? ", " : "",
                                   (long long)facts.items[i]->posting, STR_ARG(skill_ids[m->skill]),
                                   polarity_name(m->polarity), !m->implied));
        }
    if (!b.n)
        buf_add(&b, STR("(0, '', '', 0)"));
    return str_printf(a,
                      ", says AS MATERIALIZED (SELECT column1 AS posting, column2 AS skill, column3"
                      " AS polarity, column4 AS stated, column3 IN ('required', 'duty', 'stack',"
                      " 'preferred') AS demanded FROM (VALUES " STR_FMT ")) ",
                      STR_ARG(buf_str(&b)));
}

/* What an opening says it pays, in rupees a year: its lead, else the earliest posting that says. */
#define PAID                                                                                       \
    "(SELECT c.*, (SELECT iif(pay_currency = 'INR' AND pay_kind NOT IN ('stipend', 'in-hand'),"    \
    " iif(coalesce(pay_annual_min, 0) <= 0, pay_annual_max, iif(coalesce(pay_annual_max, 0) <= 0," \
    " pay_annual_min, (pay_annual_min + pay_annual_max) / 2.0)), NULL) FROM member m WHERE"        \
    " m.opening = c.opening AND pay_kind <> 'undisclosed' ORDER BY leads DESC, open_since, "       \
    "posting"                                                                                      \
    " LIMIT 1) AS value FROM counted c)"

/* A count of counted openings. */
static inline int64_t count(struct play *p, struct arena *a, const char *select, struct str where)
{
    return (int64_t)number(
        p, a,
        counted(p, a,
                str_printf(a, "SELECT %s FROM counted c WHERE " STR_FMT, select, STR_ARG(where))));
}

/* What openings are grouped by: `o` is an opening, `c` a city that it stands in. */
struct grouping {
    enum flow_by by;
    const char *key, *join;
};
static const struct grouping groupings[] = {
    { FLOW_STAGE, "coalesce(o.stage, 'unstaged')", "" },
    { FLOW_COMPANY, "o.who", "" },
    { FLOW_MODE, "o.mode", "" },
    { FLOW_TRACK, "iif(o.track = '', 'none', o.track)", "" },
    { FLOW_SOURCE, "o.source", "" },
    { FLOW_ADAPTER, "o.adapter", "" },
    { FLOW_CITY, "c.city", " JOIN stands c USING (opening)" },
};
/* Of a day that is over sources are told by the keys of now, which the views of then have not. */
static inline bool keeps_its_names(const struct play *p, const struct grouping *g)
{
    return !p->then || g->by != FLOW_SOURCE;
}

/* `stands`: the cities that an opening's open postings name; of one that is over, all of its. */
#define STANDS                                                                                     \
    ", over AS MATERIALIZED (SELECT opening, NOT max(leads AND shown) OR (max(own <> '') AND NOT"  \
    " max(own <> '' AND shown)) AS over FROM member GROUP BY opening), split AS (SELECT opening,"  \
    " '' AS city, coalesce(cities, '') || char(10) AS rest FROM member JOIN over USING (opening)"  \
    " WHERE shown OR over UNION ALL SELECT opening, substr(rest, 1, instr(rest, char(10)) - 1),"   \
    " substr(rest, instr(rest, char(10)) + 1) FROM split WHERE rest <> ''), named AS MATERIALIZED" \
    " (SELECT DISTINCT opening, city FROM split WHERE city <> ''), stands AS MATERIALIZED (SELECT" \
    " * FROM named UNION ALL SELECT opening, 'no city named' FROM opening WHERE opening NOT IN"    \
    " (SELECT opening FROM named)) "

static inline bool near(double x, double y)
{
    return same(x, y) || fabs(x - y) <= 1e-9 * fmax(1, fabs(y));
}

/* Employers with their openings, and how many of them have something. */
struct employers {
    struct cluster *items;
    size_t n;
};

static inline struct employers employers_of(struct play *p, struct arena *a, struct str query)
{
    struct employers ret = { 0 };
    struct got *got;
    size_t n = rows_of(p, a, query, &got);

    ret.items = ARENA_NEW(a, struct cluster, n + 1);
    for (; ret.n < n; ret.n++)
        ret.items[ret.n] = (struct cluster){ (int64_t)got[ret.n].v[0], (int64_t)got[ret.n].v[1] };
    return ret;
}

/* That an opening demands a skill, in SQL. */
static inline struct str demands_as(struct arena *a, const char *mentions, struct str skill,
                                    bool required)
{
    return str_printf(
        a,
        "EXISTS (SELECT 1 FROM %s m WHERE m.posting = c.posting AND m.skill = '" STR_FMT
        "' AND %s)",
        mentions, STR_ARG(skill), required ? "m.polarity = 'required'" : "m.demanded");
}

static inline struct str demands(struct arena *a, struct str skill, bool required)
{
    return demands_as(a, "v_mention", skill, required);
}

/* A question, and the same in SQL. */
struct question {
    struct filter f;
    struct str where;
};

/* That an opening passes a filter, in SQL. */
static inline struct str where_of(struct arena *a, const struct filter *f)
{
    struct str ret = STR("1");

    if (f->stage)
        ret = str_printf(a, STR_FMT " AND coalesce(stage, -1) = %d", STR_ARG(ret), f->stage);
    if (f->city.n)
        ret = str_printf(a,
                         STR_FMT " AND EXISTS (SELECT 1 FROM member m WHERE m.opening ="
                                 " c.opening AND shown AND instr(char(10) || m.cities ||"
                                 " char(10), char(10) || '" STR_FMT "' || char(10)))",
                         STR_ARG(ret), STR_ARG(f->city));
    if (f->skill.n)
        ret = str_printf(a, STR_FMT " AND " STR_FMT, STR_ARG(ret),
                         STR_ARG(demands(a, f->skill, f->required_only)));
    if (f->mode)
        ret = str_printf(a, STR_FMT " AND mode = '%s'", STR_ARG(ret), work_mode_name(f->mode));
    if (f->track)
        ret = str_printf(a, STR_FMT " AND track = '%s'", STR_ARG(ret), track_name(f->track));
    if (f->company.n)
        ret = str_printf(a, STR_FMT " AND who = '" STR_FMT "'", STR_ARG(ret), STR_ARG(f->company));
    if (f->first_after)
        ret = str_printf(a,
                         STR_FMT " AND (SELECT min(open_since) FROM member m WHERE m.opening"
                                 " = c.opening) >= %lld",
                         STR_ARG(ret), (long long)f->first_after);
    return ret;
}

static inline struct question question_of(struct arena *a, struct filter f)
{
    return (struct question){ .f = f, .where = where_of(a, &f) };
}

/* The openings a city's own, a stage's, those that ask for a skill besides ... */
static inline struct question any_question(struct play *p, struct arena *a)
{
    static const struct str cities[] = { STR("Pune"), STR("Chennai"), STR("Kochi") };
    struct filter f = { .required_only = pick(p, 2) };

    if (pick(p, 2)) {
        f.stage = (int)pick(p, STAGES + 1);
        f.stage = f.stage ? f.stage : -1;
    }
    if (pick(p, 3) == 0)
        f.city = cities[pick(p, ARRAY_LEN(cities))];
    if (pick(p, 3) == 0)
        f.skill = skill_ids[pick(p, SKILLS)];
    if (pick(p, 4) == 0)
        f.mode = (enum work_mode)(1 + pick(p, MODE_REMOTE));
    if (pick(p, 4) == 0)
        f.track = (enum track)(1 + pick(p, TRACK_LLM_INFRA));
    if (pick(p, 4) == 0)
        f.company = STR("Asha 3");
    if (pick(p, 4) == 0)
        f.first_after = as_of(p) - (int64_t)pick(p, 10 * DAY_SECONDS);
    return question_of(a, f);
}

/* What an interval borrows: the likeness of each skill, and their pool. */
struct likeness {
    struct employers skills[SKILLS];
    double icc[SKILLS];
    struct icc_pool pool;
};

/* Of the openings that were read and are `where`. with: NULL, or says(): then of the roles beside
 * the count. */
static inline void likeness_of(struct play *p, struct arena *a, const struct str *with,
                               struct str where, bool required, struct likeness *ret)
{
    struct str select = str_printf(a, STR_FMT "SELECT count(*)", STR_ARG(with ? *with : STR("")));
    struct got *got;
    size_t n;

    for (size_t i = 0; i < SKILLS; i++)
        select =
            str_printf(a, STR_FMT ", sum(" STR_FMT ")", STR_ARG(select),
                       STR_ARG(demands_as(a, with ? "says" : "v_mention", skill_ids[i], required)));
    n = rows_of(p, a,
                counted(p, a,
                        str_printf(a,
                                   STR_FMT " FROM %s c WHERE text_read AND " STR_FMT
                                           " GROUP BY who ORDER BY who",
                                   STR_ARG(select), with ? "adjacent" : "counted", STR_ARG(where))),
                &got);
    *ret = (struct likeness){ 0 };
    for (size_t i = 0; i < SKILLS; i++) {
        ret->skills[i] = (struct employers){ ARENA_NEW(a, struct cluster, n + 1), n };
        for (size_t e = 0; e < n; e++)
            ret->skills[i].items[e] =
                (struct cluster){ (int64_t)got[e].v[0], (int64_t)got[e].v[1 + i] };
        ret->icc[i] = intra_correlation(ret->skills[i].items, n);
        icc_pool_add(&ret->pool, ret->icc[i]);
    }
}

/* A share of these employers' openings; where too few stand behind it, none. */
static inline struct share share_again(struct employers e, double rho)
{
    struct interval v = share_interval(e.items, e.n, rho);
    struct share ret = { .too_few = true, .share = NAN, .low = NAN, .high = NAN };
    int64_t n = 0, squares = 0;

    for (size_t i = 0; i < e.n; i++) {
        n += e.items[i].n;
        squares += e.items[i].n * e.items[i].n;
        ret.openings += e.items[i].hits;
        ret.employers += e.items[i].hits > 0;
    }
    if (e.n < 10 || n * n < 8 * squares || v.high - v.low > .4)
        return ret;
    ret.too_few = false;
    ret.share = (double)ret.openings / (double)n;
    ret.low = v.low;
    ret.high = v.high;
    return ret;
}

/* A share and its interval are those of these employers. */
static inline void check_share(struct play *p, struct share got, struct employers e, double rho,
                               int row)
{
    struct share want = share_again(e, rho);

    p->shares += !want.too_few;
    CHECK_ROW(got.openings == want.openings && got.employers == want.employers, row);
    CHECK_ROW(got.too_few == want.too_few, row);
    CHECK_ROW(near(got.share, want.share) && near(got.low, want.low) && near(got.high, want.high),
              row);
}

/* Quantiles of what a query gives, the values lowest first, and of how many employers. */
static inline void check_quantiles(const struct quantiles *got, struct play *p, struct arena *a,
                                   struct str values, int row)
{
    static const double at[] = { .25, .5, .75 };
    const double want[][3] = { { got->p25, got->p25_low, got->p25_high },
                               { got->p50, got->p50_low, got->p50_high },
                               { got->p75, got->p75_low, got->p75_high } };
    struct got *rows;
    size_t n = rows_of(p, a,
                       counted(p, a,
                               str_printf(a,
                                          "SELECT value, dense_rank() OVER (ORDER BY"
                                          " who) FROM (" STR_FMT ") ORDER BY value, 2",
                                          STR_ARG(values))),
                       &rows);
    struct valued *v = ARENA_NEW(a, struct valued, n + 1);
    uint32_t k = 0;

    for (size_t i = 0; i < n; i++) {
        v[i] = (struct valued){ rows[i].v[0], (uint32_t)rows[i].v[1] };
        k = v[i].employer > k ? v[i].employer : k;
    }
    CHECK_ROW(got->n == (int64_t)n && got->employers == k, row);
    for (size_t i = 0; i < ARRAY_LEN(at); i++) {
        bool enough = k >= (at[i] == .5 ? 8 : 15);
        struct interval is = quantile_interval(v, n, at[i]);
        double middle = number(
            p, a,
            counted(p, a,
                    str_printf(a,
                               "SELECT avg(value) FROM (SELECT value, row_number() OVER (ORDER BY"
                               " value) AS r, count(*) OVER () AS n FROM (" STR_FMT
                               ")) WHERE r BETWEEN n * %g AND n * %g + 1",
                               STR_ARG(values), at[i], at[i])));

        p->medians += enough;
        CHECK_ROW(near(want[i][0], enough ? middle : NAN), row);
        CHECK_ROW(same(want[i][1], enough ? is.low : NAN), row);
        CHECK_ROW(same(want[i][2], enough ? is.high : NAN), row);
    }
}

#endif
