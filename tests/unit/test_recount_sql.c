/* What `roles`, `demand` and `salary` say, counted again in plain SQL after any history. */
#include <stddef.h>

#include "aggregator/counts.h"
#include "aggregator/market.h"
#include "recount_sql.h"

/* Openings that stand beside the count: their lead's reason begins so. */
static int64_t beside(struct play *p, struct arena *a, const char *where)
{
    return (int64_t)number(
        p, a, counted(p, a, str_printf(a, "SELECT count(*) FROM opening WHERE %s", where)));
}

static void recount_beside(struct play *p, const struct roles *r, struct arena *a, int step)
{
    CHECK_ROW(
        r->remote_open
            == beside(p, a,
                      str_cstr(a, str_printf(a,
                                             "reason LIKE 'remote and merely%%' AND proven"
                                             " >= %lld",
                                             (long long)day_start(day_of(as_of(p)) - STALE_DAYS)))),
        step);
    CHECK_ROW(r->adjacent == beside(p, a, "posting IN (SELECT posting FROM adjacent)"), step);
    CHECK_ROW(r->stale == beside(p, a, "reason LIKE 'its source has not been proven%'"), step);
}

static void recount_counts(struct play *p, const struct market *m, const struct roles *r,
                           struct arena *a, int step)
{
    CHECK_ROW(r->employers == count(p, a, "count(DISTINCT who)", STR("1")), step);
    CHECK_ROW(r->vacancies
                  == count(p, a, "coalesce(sum(max(1, coalesce(vacancies, 1))), 0)", STR("1")),
              step);
    CHECK_ROW(r->carried
                  == count(p, a, "count(*)",
                           str_printf(a, "proven < %lld", (long long)day_start(m->day))),
              step);
    CHECK_ROW(r->postings
                  == (int64_t)number(p, a,
                                     counted(p, a,
                                             STR("SELECT count(*) FROM member JOIN counted USING"
                                                 " (opening) WHERE shown"))),
              step);
}

/* The stock of each group. */
static void recount_groups(struct play *p, const struct market *m, struct arena *a, int step)
{
    for (size_t g = 0; g < ARRAY_LEN(groupings); g++) {
        struct flow_row *rows;
        struct got *got;
        struct diag d = { 0 };
        struct str query = str_printf(a,
                                      STANDS "SELECT %s, count(*), count(DISTINCT who) FROM counted"
                                             " o%s GROUP BY 1 ORDER BY %s1",
                                      groupings[g].key, groupings[g].join,
                                      groupings[g].by == FLOW_STAGE ? "" : "2 DESC, ");
        size_t n = 0, k = 0, want = rows_of(p, a, counted(p, a, query), &got);

        if (!keeps_its_names(p, &groupings[g]))
            continue;
        OK(flow_of(m, p->s, groupings[g].by, m->at - 7 * DAY_SECONDS, NULL, a, &rows, &n, &d));
        for (size_t i = 0; i < n; i++) {
            if (!rows[i].openings) /* where only something came or went */
                continue;
            CHECK_ROW(k < want, step);
            if (k == want)
                break;
            CHECK_STR(rows[i].key, got[k].text, step);
            CHECK_ROW(rows[i].openings == (int64_t)got[k].v[1], step);
            CHECK_ROW(rows[i].employers == (int64_t)got[k++].v[2], step);
        }
        CHECK_ROW(k == want, step);
    }
}

/* Stock by group of a choice is the list that the same choice gives. */
static void check_chosen_groups(struct play *p, const struct market *m, struct arena *a, int step)
{
    const struct filter rows[] = {
        { .stage = 3 },
        { .mode = MODE_HYBRID },
        { .track = TRACK_ML_PLATFORM },
        { .city = STR("pune") },
        { .stage = 4, .city = STR("Bengaluru") },
        { .company = m->n_employers ? m->employers[(size_t)step % m->n_employers] : STR("nobody") },
    };
    const struct filter *f = &rows[(size_t)step % ARRAY_LEN(rows)]; /* each walks the history */
    const struct opening **sel;
    struct flow_row *got;
    struct diag d = { 0 };
    size_t n = 0, want = 0;
    int64_t sum = 0;

    market_select(m, f, a, &sel, &want);
    OK(flow_of(m, p->s, FLOW_COMPANY, m->at - 7 * DAY_SECONDS, f, a, &got, &n, &d));
    for (size_t k = 0; k < n; k++)
        sum += got[k].openings;
    CHECK_ROW(sum == (int64_t)want, step);
}

/* Openings, employers and k_eff of a selection, and of one skill in it. */
struct counts {
    double openings, employers, k_eff, naming, employers_naming;
};

static struct counts counts_of(struct employers e)
{
    struct counts ret = { .employers = (double)e.n };
    double squares = 0;

    for (size_t i = 0; i < e.n; i++) {
        ret.openings += (double)e.items[i].n;
        squares += (double)(e.items[i].n * e.items[i].n);
        ret.naming += (double)e.items[i].hits;
        ret.employers_naming += e.items[i].hits > 0;
    }
    ret.k_eff = e.n ? ret.openings * ret.openings / squares : 0;
    return ret;
}

static bool ranks(struct counts c)
{
    return c.employers >= 10 && c.k_eff >= 8 && c.employers_naming >= 3;
}

static double part(struct counts c)
{
    return c.openings > 0 ? c.naming / c.openings : NAN;
}

/* What a skill is compared with: all openings ([0]), and those of each stage. */
struct compared {
    struct likeness at[STAGES + 1];
};

static struct compared compared_with(struct play *p, struct arena *a, bool required)
{
    struct compared ret;

    likeness_of(p, a, NULL, STR("1"), required, &ret.at[0]);
    for (int stage = 1; stage <= STAGES; stage++)
        likeness_of(p, a, NULL, str_printf(a, "stage = %d", stage), required, &ret.at[stage]);
    return ret;
}

/* The stage whose share of a skill is highest over that of all openings. */
static int highest_stage(const struct compared *with, size_t skill)
{
    const double all = part(counts_of(with->at[0].skills[skill]));
    double best = 1;
    int ret = 0;

    for (int stage = 1; stage <= STAGES; stage++) {
        struct counts c = counts_of(with->at[stage].skills[skill]);

        if (ranks(c) && part(c) / all > best) {
            best = part(c) / all;
            ret = stage;
        }
    }
    return ret;
}

/* What makes a skill MLOps and not just tech, where enough employers say so on either side. */
static void recount_adjacent(struct play *p, const struct question *q, const struct likeness *like,
                             const struct likeness *beside, const struct demand_row *row, int step)
{
    const size_t i = (size_t)(row->skill - skills);
    struct share x = share_again(like->skills[i], icc_pool_rho(&like->pool, like->icc[i])),
                 y = share_again(beside->skills[i], icc_pool_rho(&beside->pool, beside->icc[i]));
    struct interval want = { NAN, NAN, NAN };

    if (q->f.skill.n) /* of the roles beside the count that ask for it, too */
        return;
    if (!x.too_few && !y.too_few && ranks(counts_of(like->skills[i]))
        && ranks(counts_of(beside->skills[i])))
        want = ratio_interval((struct interval){ x.share, x.low, x.high },
                              (struct interval){ y.share, y.low, y.high });
    p->lifts += !isnan(want.at);
    CHECK_ROW(near(row->adjacent_lift, isnan(want.at) ? NAN : x.share / y.share), step);
    CHECK_ROW(near(row->adjacent_low, want.low) && near(row->adjacent_high, want.high), step);
}

/* A skill in a question's selection. */
static void recount_row(struct play *p, const struct question *q, const struct likeness *like,
                        const struct compared *with, const struct demand_row *row, struct arena *a,
                        int step)
{
    const size_t i = (size_t)(row->skill - skills);
    struct counts c = counts_of(like->skills[i]);
    double all = part(counts_of(with->at[0].skills[i]));
    struct got *got;
    size_t n = rows_of(
        p, a,
        counted(p, a,
                str_printf(a,
                           "SELECT coalesce(sum(stated), 0), coalesce(sum(polarity = 'required'),"
                           " 0) FROM counted c JOIN v_mention USING (opening) WHERE text_read AND"
                           " skill = '" STR_FMT "' AND " STR_FMT " AND " STR_FMT,
                           STR_ARG(row->skill->id), STR_ARG(q->where),
                           STR_ARG(demands(a, row->skill->id, q->f.required_only)))),
        &got);

    check_share(p, row->demand, like->skills[i], icc_pool_rho(&like->pool, like->icc[i]), step);
    CHECK_ROW(n == 1 && row->stated == (int64_t)got[0].v[0], step);
    CHECK_ROW(n == 1 && row->required == (int64_t)got[0].v[1], step);
    CHECK_ROW(near(row->lift, ranks(c) && !row->demand.too_few ? part(c) / all : NAN), step);
    CHECK_ROW(row->stage == highest_stage(with, i), step);
}

/* A selection of the openings with a posting at a board that was proven in the 45 days before. */
static void on_panel(struct play *p, const struct filter *f, int64_t day, struct arena *a,
                     struct likeness *ret)
{
    struct str where = where_of(a, f);

    likeness_of(p, a, NULL,
                str_printf(a,
                           STR_FMT " AND EXISTS (SELECT 1 FROM member m JOIN v_reading r ON"
                                   " r.source = m.source WHERE m.opening = c.opening AND r.proven"
                                   " AND r.ended >= %lld AND r.ended < %lld)",
                           STR_ARG(where), (long long)day_start(day - 45),
                           (long long)day_start(day + 1)),
                f->required_only, ret);
}

/* Change of the share since the end of the day seven days before the newest proven one. */
static void recount_trend(struct play *p, const struct filter *f, const struct demand *dm,
                          struct arena *a, int step)
{
    const double last = number(p, a, STR("SELECT max(ended) FROM v_reading WHERE proven"));
    const int64_t day = day_of((int64_t)last) - 7, at = day_start(day + 1) - 1;
    struct filter earlier = *f;
    struct likeness now, then;
    struct play rewound = *p;
    bool known = !isnan(last) && rewind_to(&rewound, at, NULL);

    if (f->first_after)
        earlier.first_after -= as_of(p) - at;
    if (known) {
        on_panel(p, f, day, a, &now);
        on_panel(&rewound, &earlier, day, a, &then);
        come_back(&rewound);
    }
    for (size_t i = 0; i < dm->n_rows; i++) {
        const size_t skill = (size_t)(dm->rows[i].skill - skills);
        struct counts x = { 0 }, y = { 0 };
        bool enough;

        if (known)
            x = counts_of(now.skills[skill]), y = counts_of(then.skills[skill]);
        enough = ranks(x) && y.employers >= 10 && y.k_eff >= 8;
        p->trends += enough;
        CHECK_ROW(near(dm->rows[i].trend, enough ? part(x) - part(y) : NAN), step);
    }
}

/* The largest employer, and the shares of the others. */
static void recount_largest(struct play *p, const struct question *q, const struct demand *dm,
                            struct arena *a, int step)
{
    struct got *got;
    size_t n = rows_of(
        p, a,
        counted(p, a,
                str_printf(a,
                           "SELECT who, count(*) AS n FROM counted c WHERE text_read AND " STR_FMT
                           " GROUP BY who ORDER BY n DESC, lower(who)",
                           STR_ARG(q->where))),
        &got);
    struct likeness like;
    struct str others;

    if (!n || q->f.company.n || 4 * (int64_t)got[0].v[1] <= dm->openings) {
        CHECK_ROW(!dm->largest.openings, step);
        return;
    }
    CHECK_STR(dm->largest.name, got[0].text, step);
    CHECK_ROW(dm->largest.openings == (int64_t)got[0].v[1], step);
    others =
        str_printf(a, STR_FMT " AND who <> '" STR_FMT "'", STR_ARG(q->where), STR_ARG(got[0].text));
    likeness_of(p, a, NULL, others, q->f.required_only, &like);
    for (size_t i = 0; i < dm->n_rows; i++) {
        const struct demand_row *row = &dm->rows[i];
        size_t k = (size_t)(row->skill - skills);
        struct share s = { .share = row->without,
                           .low = row->without_low,
                           .high = row->without_high };
        struct counts c = counts_of(like.skills[k]);

        s.openings = (int64_t)c.naming, s.employers = (int64_t)c.employers_naming;
        s.too_few = isnan(s.share);
        check_share(p, s, like.skills[k], icc_pool_rho(&like.pool, like.icc[k]), step);
    }
}

static void recount_demand(struct play *p, const struct market *m, struct question q,
                           struct arena *a, int step)
{
    const struct compared compared = compared_with(p, a, q.f.required_only);
    struct demand dm = { 0 };
    struct likeness like, beside;
    struct str with = says(p, a);
    struct diag d = { 0 };
    size_t named = 0;

    OK(demand_of(m, &q.f, p->s, &dm, a, &d));
    likeness_of(p, a, NULL, q.where, q.f.required_only, &like);
    likeness_of(p, a, &with, q.f.skill.n ? STR("0") : q.where, q.f.required_only, &beside);
    for (size_t i = 0; i < SKILLS; i++)
        named += counts_of(like.skills[i]).naming > 0;
    CHECK_ROW(dm.n_rows == named, step);
    CHECK_ROW((double)dm.openings == counts_of(like.skills[0]).openings, step);
    CHECK_ROW(dm.employers == (int64_t)like.skills[0].n, step);
    CHECK_ROW(near(dm.k_eff, counts_of(like.skills[0]).k_eff), step);
    CHECK_ROW(q.f.skill.n || (double)dm.adjacent == counts_of(beside.skills[0]).openings, step);
    for (size_t i = 0; i < dm.n_rows; i++) {
        recount_row(p, &q, &like, &compared, &dm.rows[i], a, step);
        recount_adjacent(p, &q, &like, &beside, &dm.rows[i], step);
    }
    recount_largest(p, &q, &dm, a, step);
    recount_trend(p, &q.f, &dm, a, step);
}

static void recount_salary(struct play *p, const struct market *m, struct question q,
                           struct arena *a, int step)
{
    struct str paid = str_printf(a, PAID " c WHERE " STR_FMT, STR_ARG(q.where));
    struct icc_pool own = { 0 };
    struct employers say;
    struct salary s;
    const double *list;
    struct got *got;
    size_t n;

    salary_of(m, &q.f, &s);
    CHECK_ROW(
        s.openings
            == (int64_t)number(
                p, a, counted(p, a, str_printf(a, "SELECT count(*) FROM " STR_FMT, STR_ARG(paid)))),
        step);
    say = employers_of(p, a,
                       counted(p, a,
                               str_printf(a,
                                          "SELECT count(*), count(value) FROM " STR_FMT
                                          " GROUP BY who ORDER BY who",
                                          STR_ARG(paid))));
    icc_pool_add(&own, intra_correlation(say.items, say.n));
    check_share(p, s.disclosed, say, icc_pool_rho(&own, NAN), step);
    paid = str_printf(a, "SELECT value, who FROM " STR_FMT " AND value IS NOT NULL", STR_ARG(paid));
    check_quantiles(&s.pay, p, a, paid, step);
    n = rows_of(p, a, counted(p, a, str_printf(a, STR_FMT " ORDER BY value", STR_ARG(paid))), &got);
    CHECK_ROW(salary_list(m, &q.f, a, &list) == n, step);
    for (size_t i = 0; i < n; i++)
        CHECK_ROW(list[i] == got[i].v[0], step);
}

/* The share of those that pay less, or no more, as a share of other employers like these. */
static struct share under(struct play *p, struct arena *a, const char *less, int64_t inr,
                          struct str asked)
{
    struct employers e =
        employers_of(p, a,
                     counted(p, a,
                             str_printf(a,
                                        "SELECT count(*), sum(value %s %lld) FROM " STR_FMT
                                        " AND value IS NOT NULL GROUP BY who ORDER BY who",
                                        less, (long long)inr, STR_ARG(asked))));
    double icc = intra_correlation(e.items, e.n);

    return share_again(e, icc > 0 ? fmin(.95, icc) : .4);
}

/* Who asks for so much experience, and how many of them pay less. */
static void recount_offer(struct play *p, const struct market *m, struct question q,
                          struct arena *a, int step)
{
    const int64_t inr = (int64_t)(20 + pick(p, 30)) * 100000, years = (int64_t)pick(p, 8);
    struct str asked = str_printf(a,
                                  PAID " c WHERE " STR_FMT
                                       " AND (min_months IS NOT NULL OR max_months IS NOT NULL)"
                                       " AND %lld BETWEEN coalesce(min_months, -1) AND"
                                       " coalesce(max_months, min_months + 36)",
                                  STR_ARG(q.where), (long long)years * 12);
    struct str openings =
        counted(p, a, str_printf(a, "SELECT count(*) FROM " STR_FMT, STR_ARG(asked)));
    struct str middle =
        counted(p, a,
                str_printf(a,
                           "SELECT (sum(value < %lld) + .5 * sum(value = %lld)) / count(value) FROM"
                           " " STR_FMT,
                           (long long)inr, (long long)inr, STR_ARG(asked)));
    struct share less = under(p, a, "<", inr, asked), most = under(p, a, "<=", inr, asked);
    bool enough = !less.too_few && !most.too_few && most.high - less.low <= .4;
    struct offer o;

    offer_of(m, &q.f, inr, (double)years, &o);
    CHECK_ROW(o.openings == (int64_t)number(p, a, openings), step);
    CHECK_ROW(o.below.openings == less.openings && o.below.employers == less.employers, step);
    CHECK_ROW(near(o.below.share, enough ? number(p, a, middle) : NAN), step);
    CHECK_ROW(near(o.below.low, enough ? less.low : NAN), step);
    CHECK_ROW(near(o.below.high, enough ? most.high : NAN), step);
    p->offers += enough;
    check_quantiles(
        &o.pay, p, a,
        str_printf(a, "SELECT value, who FROM " STR_FMT " AND value IS NOT NULL", STR_ARG(asked)),
        step);
}

/* A part of a figure of the day in the vintage in use, as it is stored now. */
static double stored(struct play *p, struct arena *a, struct str part, const char *name)
{
    struct play now = *p;

    now.then = NULL;
    return number(&now, a,
                  str_printf(a,
                             "SELECT " STR_FMT " FROM v_figure WHERE current AND day = %lld AND"
                             " name = '%s'",
                             STR_ARG(part), (long long)day_of(as_of(p)), name));
}

/* What is stored of the day, by name: the same as was just counted again; nothing, where no board
 * was ever proven. */
static void recount_stored(struct play *p, const struct market *m, const struct roles *r,
                           struct arena *a, int step)
{
    const char *const parts[] = { "value", "n", "employers", "low", "high" };
    struct salary s;
    struct demand dm = { 0 };
    struct diag d = { 0 };

    if (number(p, a, STR("SELECT count(*) FROM v_reading WHERE proven")) == 0) {
        CHECK_ROW(isnan(stored(p, a, STR("value"), roles_fields[0].name)), step);
        return;
    }
    salary_of(m, &(struct filter){ 0 }, &s);
    OK(demand_of(m, &(struct filter){ 0 }, p->s, &dm, a, &d));
    for (size_t i = 0; i < ROLES_FIELDS; i++)
        CHECK_ROW(stored(p, a, STR("value"), roles_fields[i].name)
                      == (double)*(const int64_t *)((const char *)r + roles_fields[i].at),
                  step);
    for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
        const struct share *x = &s.disclosed;
        const double disclosed[] = { x->share, (double)x->openings, (double)x->employers, x->low,
                                     x->high };
        const double median[] = { s.pay.p50, (double)s.pay.n, (double)s.pay.employers,
                                  s.pay.p50_low, s.pay.p50_high };

        CHECK_ROW(near(stored(p, a, str_of(parts[k]), "pay_disclosed"), disclosed[k]), step);
        CHECK_ROW(near(stored(p, a, str_of(parts[k]), "pay_p50"), median[k]), step);
        for (size_t i = 0; i < dm.n_rows; i++) {
            const struct share *y = &dm.rows[i].demand;
            const double demand[] = { y->share, (double)y->openings, (double)y->employers, y->low,
                                      y->high };
            char name[40];

            snprintf(name, sizeof(name), "skill:" STR_FMT, STR_ARG(dm.rows[i].skill->id));
            CHECK_ROW(near(stored(p, a, str_of(parts[k]), name), demand[k]), step);
        }
    }
    CHECK_ROW(stored(p, a, STR("value"), "pay_openings") == (double)s.openings, step);
}

/* The chain of the constant panel from what each source had on its days: so many days are not what
 * is stored. */
static double wrong_days(struct play *p, struct arena *a, const char *name)
{
    return number(
        p, a,
        str_printf(
            a,
            "WITH f AS (SELECT day, name, value FROM v_figure WHERE current), day AS (SELECT day "
            "FROM"
            " f WHERE name = 'sources_read'), had AS (SELECT d.day, s.name, (SELECT value FROM f"
            " WHERE f.name = s.name AND f.day < d.day AND d.day - f.day <= 45 ORDER BY f.day DESC"
            " LIMIT 1) AS was, (SELECT value FROM f WHERE f.name = s.name AND f.day = d.day) AS now"
            " FROM day d, (SELECT DISTINCT name FROM f WHERE name LIKE 'source:%%') s), step AS"
            " (SELECT day, sum(was) AS was, sum(coalesce(now, was)) AS now FROM had WHERE was IS "
            "NOT"
            " NULL GROUP BY day), chain AS (SELECT day, 100 * exp(sum(iif(now > 0 AND was > 0,"
            " ln(now / was), 0)) OVER (ORDER BY day)) AS panel_raw FROM day LEFT JOIN step USING"
            " (day)), mean AS (SELECT day, panel_raw, avg(panel_raw) OVER (ORDER BY day RANGE 6"
            " PRECEDING) AS panel_index FROM chain) SELECT count(*) FROM mean JOIN f USING (day)"
            " WHERE name = '%s' AND abs(value - %s) > 1e-6",
            name, name));
}

/* The openings themselves, as they are listed. */
static void recount_list(struct play *p, const struct market *m, struct question q, struct arena *a,
                         int step)
{
    const struct opening **sel;
    struct got *got;
    size_t n, want = rows_of(p, a,
                             counted(p, a,
                                     str_printf(a,
                                                "SELECT opening FROM counted c WHERE " STR_FMT
                                                " ORDER BY opening",
                                                STR_ARG(q.where))),
                             &got);

    market_select(m, &q.f, a, &sel, &n);
    CHECK_ROW(n == want, step);
    for (size_t i = 0; i < n && i < want; i++)
        CHECK_ROW(sel[i]->id == (int64_t)got[i].v[0], step);
}

static void recount_answers(struct play *p, const struct market *m, struct arena *a, int step)
{
    for (int i = 0; i < 2; i++) {
        struct question q = i ? any_question(p, a) : question_of(a, (struct filter){ 0 });

        recount_list(p, m, q, a, step);
        recount_demand(p, m, q, a, step);
        recount_salary(p, m, q, a, step);
        recount_offer(p, m, q, a, step);
    }
}

/* What --at says of a day that is over, against the views of then. */
static void recount_past(struct play *p, int64_t at, struct arena *a, int step)
{
    struct market m;
    struct roles r;
    struct diag d = { 0 };

    OK(market_load(&m, p->s, at, NULL, skills, SKILLS, a, &d));
    OK(roles_of(&m, p->s, &r, a, &d));
    recount_beside(p, &r, a, step);
    recount_counts(p, &m, &r, a, step);
    recount_groups(p, &m, a, step);
    check_chosen_groups(p, &m, a, step);
    recount_stored(p, &m, &r, a, step);
    recount_answers(p, &m, a, step);
    p->days++;
}

static void recount(struct play *p, int step)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const int64_t past = some_past(p);
    struct market m;
    struct roles r;
    struct diag d = { 0 };

    remember(p);
    OK(figures_update(p->s, p->now, NULL, skills, SKILLS, &d));
    OK(market_load(&m, p->s, p->now, NULL, skills, SKILLS, &a, &d));
    OK(roles_of(&m, p->s, &r, &a, &d));
    recount_beside(p, &r, &a, step);
    recount_counts(p, &m, &r, &a, step);
    recount_groups(p, &m, &a, step);
    check_chosen_groups(p, &m, &a, step);
    recount_stored(p, &m, &r, &a, step);
    CHECK_ROW(wrong_days(p, &a, "panel_raw") == 0, step);
    CHECK_ROW(wrong_days(p, &a, "panel_index") == 0, step);
    recount_answers(p, &m, &a, step);
    if (step % 2 || !rewind_to(p, past, NULL))
        return;
    recount_past(p, past, &a, step);
    come_back(p);
}

static void what_commands_say_is_what_sql_counts_after_any_history(void **state)
{
    int shares = 0, medians = 0, lifts = 0, trends = 0, days = 0, offers = 0;

    (void)state;
    for (uint64_t seed = 10; seed < 10 + HISTORIES; seed++) {
        struct play p;

        play_history(seed, 150, 3, recount, &p);
        shares += p.shares;
        medians += p.medians;
        lifts += p.lifts;
        trends += p.trends;
        days += p.days;
        offers += p.offers;
        end_play(&p);
    }
    CHECK(shares > 50 * HISTORIES && medians > 15 * HISTORIES && lifts > 20 * HISTORIES);
    CHECK(trends > 20 * HISTORIES && days > 2 * HISTORIES && offers > 0);
}

RUN_TESTS(TEST(what_commands_say_is_what_sql_counts_after_any_history))
