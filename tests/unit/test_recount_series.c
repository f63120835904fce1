/* How counts move and what they stand on, counted again in plain SQL. */
#include "recount_sql.h"

/* Each source at a time: its last proven reading, whether its board is gone, whether it speaks. */
static struct str standing(struct arena *a, const char *name, int64_t at)
{
    return str_printf(
        a,
        "%s AS MATERIALIZED (SELECT source, proven, gone, proven >= %lld AND NOT gone AS speaks"
        " FROM (SELECT source, (SELECT max(ended) FROM v_reading r WHERE r.source = s.source AND"
        " proven AND ended <= %lld) AS proven, coalesce(moved <= %lld, 0) OR coalesce((SELECT"
        " outcome = 'gone' FROM v_reading r WHERE r.source = s.source AND ended <= %lld ORDER BY"
        " ended DESC, reading DESC LIMIT 1), 0) AS gone FROM v_source s))",
        name, (long long)day_start(day_of(at) - 14), (long long)at, (long long)at, (long long)at);
}

/* Employers with an opening that counts at the end of a day; -1: the day has no figures. */
static double employers_then(struct play *p, struct arena *a, int64_t day)
{
    struct play then = *p;
    double first = number(p, a, STR("SELECT min(ended) FROM v_reading WHERE proven")), ret;

    if (isnan(first) || day < day_of((int64_t)first))
        return -1;
    if (!rewind_to(&then, day_start(day + 1) - 1, NULL))
        return NAN;
    ret = (double)count(&then, a, "count(DISTINCT who)", STR("1"));
    come_back(&then);
    return ret;
}

/* Sources proven on the day, not for 14 days, and whose latest reading failed. */
static void recount_sources(struct play *p, const struct market *m, const struct roles *r,
                            struct arena *a, int step)
{
    struct got *got;

    CHECK_ROW(
        rows_of(p, a,
                str_printf(a,
                           "WITH r AS (SELECT * FROM v_reading WHERE ended <= %lld) SELECT"
                           " total(proven >= %lld), total(proven < %lld), total(last IN ('failed',"
                           " 'gone')) FROM (SELECT (SELECT max(ended) FROM r WHERE r.source ="
                           " s.source AND r.proven) AS proven, (SELECT outcome FROM r WHERE"
                           " r.source = s.source ORDER BY ended DESC, reading DESC LIMIT 1) AS last"
                           " FROM v_source s WHERE moved IS NULL OR moved > %lld)",
                           (long long)m->at, (long long)day_start(m->day),
                           (long long)day_start(m->day - 14), (long long)m->at),
                &got)
            == 1,
        step);
    CHECK_ROW((double)r->sources_read == got[0].v[0], step);
    CHECK_ROW((double)r->sources_stale == got[0].v[1], step);
    CHECK_ROW((double)r->sources_failed == got[0].v[2], step);
}

static void recount_mix(struct play *p, const struct market *m, const struct roles *r,
                        struct arena *a, int step)
{
    const int64_t then = m->day - 7;
    struct str before = standing(a, "b", day_start(then + 1) - 1), now = standing(a, "n", m->at);
    struct mix mix;
    struct got *got;
    struct diag d = { 0 };

    OK(mix_of(m, p->s, r, &mix, &d));
    CHECK_ROW(
        rows_of(p, a,
                str_printf(a,
                           "WITH " STR_FMT ", " STR_FMT " SELECT total(n.speaks), total(b.speaks),"
                           " total(n.speaks AND b.proven IS NULL), total(n.speaks AND b.proven AND"
                           " NOT b.speaks), total(b.speaks AND n.gone), total(b.speaks AND NOT"
                           " n.speaks AND NOT n.gone) FROM b JOIN n USING (source)",
                           STR_ARG(before), STR_ARG(now)),
                &got)
            == 1,
        step);
    CHECK_ROW((double)mix.sources.now == got[0].v[0], step);
    CHECK_ROW((double)mix.sources.before == got[0].v[1], step);
    CHECK_ROW((double)mix.sources.added == got[0].v[2], step);
    CHECK_ROW((double)mix.sources.back == got[0].v[3], step);
    CHECK_ROW((double)mix.sources.gone == got[0].v[4], step);
    CHECK_ROW((double)mix.sources.silent == got[0].v[5], step);
    CHECK_ROW(mix.sources.now
                  == mix.sources.before + mix.sources.added + mix.sources.back - mix.sources.gone
                         - mix.sources.silent,
              step);
    CHECK_ROW(mix.employers == r->employers, step);
    CHECK_ROW((double)mix.employers_before == employers_then(p, a, then), step);
    p->mixes += mix.sources.back + mix.sources.gone + mix.sources.silent > 0;
}

/* From the newest day of the series to the one a week earlier: 7-day means where the older has all
 * of its days, else the plain chain. */
static void recount_change(struct play *p, const struct roles *r, int64_t day, struct arena *a,
                           int step)
{
    struct got *got;
    size_t n = rows_of(
        p, a,
        str_printf(a,
                   "WITH f AS (SELECT day, name, value FROM v_figure WHERE current AND day BETWEEN"
                   " %lld AND %lld), o AS (SELECT * FROM f WHERE name = 'openings'), ends AS"
                   " (SELECT max(day) AS last, max(day) - 7 AS week, min(day) > max(day) - 13 AS"
                   " young FROM o) SELECT l.value - t.value, 100 * ((SELECT value FROM f WHERE name"
                   " = iif(young, 'panel_raw', 'panel_index') AND day = last) / (SELECT value FROM"
                   " f WHERE name = iif(young, 'panel_raw', 'panel_index') AND day = week) - 1)"
                   " FROM ends JOIN o l ON l.day = last JOIN o t ON t.day = week",
                   (long long)(day - 14), (long long)day),
        &got);

    CHECK_ROW(r->has_change == (n == 1 && !isnan(got[0].v[1])), step);
    CHECK_ROW(r->raw_openings == (n == 1 ? (int64_t)got[0].v[0] : 0), step);
    if (r->has_change)
        CHECK_ROW(fabs(r->panel_percent - got[0].v[1]) < 1e-9, step);
    p->trends += r->has_change;
}

/* Sources proven on each day; the count and the index, 100 on the first day that has one; and by
 * how much later rules revised the day. */
static void recount_trend(struct play *p, int64_t day, struct arena *a, int step)
{
    const int64_t from = day - (int64_t)pick(p, 30);
    struct trend_row *rows;
    struct got *got;
    struct diag d = { 0 };
    size_t
        n = 0,
        want = rows_of(
            p, a,
            str_printf(
                a,
                "WITH f AS (SELECT * FROM v_figure WHERE day BETWEEN %lld AND %lld), o AS (SELECT"
                " day, value FROM f WHERE current AND name = 'openings'), x AS (SELECT day,"
                " value FROM f WHERE current AND name = 'panel_index'), read AS (SELECT"
                " (ended + 19800) / 86400 AS day, count(DISTINCT source) AS n FROM v_reading"
                " WHERE proven GROUP BY 1), row AS (SELECT day, o.value AS openings,"
                " coalesce(n, 0) AS n, iif(n > 0, x.value, NULL) AS i FROM o LEFT JOIN x USING"
                " (day) LEFT JOIN read USING (day)), base AS (SELECT * FROM row WHERE i IS NOT"
                " NULL ORDER BY day LIMIT 1) SELECT row.day, row.openings, 100 * row.openings /"
                " nullif(base.openings, 0), 100 * row.i / base.i, row.n, row.openings - (SELECT"
                " value FROM f WHERE f.day = row.day AND name = 'openings' AND first) FROM row"
                " LEFT JOIN base ORDER BY row.day",
                (long long)from, (long long)day),
            &got);

    OK(trend_load(p->s, from, day, 0, a, &rows, &n, &d));
    CHECK_ROW(n == want, step);
    for (size_t i = 0; i < n && i < want; i++) {
        CHECK_ROW(rows[i].day == (int64_t)got[i].v[0], step);
        CHECK_ROW(rows[i].openings == (int64_t)got[i].v[1], step);
        CHECK_ROW(near(rows[i].raw_index, got[i].v[2]), step);
        CHECK_ROW(near(rows[i].panel_index, got[i].v[3]), step);
        CHECK_ROW(rows[i].sources_read == (int64_t)got[i].v[4], step);
        CHECK_ROW(rows[i].revised == (int64_t)got[i].v[5], step);
        p->revised += rows[i].revised != 0;
    }
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
    for (int i = 0; i < 2; i++) {
        OK(market_load(&m, p->s, i ? past : p->now, NULL, skills, SKILLS, &a, &d));
        OK(roles_of(&m, p->s, &r, &a, &d));
        recount_sources(p, &m, &r, &a, step);
        recount_mix(p, &m, &r, &a, step);
        recount_change(p, &r, m.day, &a, step);
        recount_trend(p, m.day, &a, step);
    }
}

static void what_moves_is_what_sql_counts_after_any_history(void **state)
{
    (void)state;
    for (uint64_t seed = 31; seed < 31 + HISTORIES; seed++) {
        struct play p;

        play_history(seed, 60, 12, recount, &p);
        CHECK(p.mixes > 5 && p.trends > 5 && p.revised > 5);
        end_play(&p);
    }
}

/* A board that is read twice a day was without it in the morning. */
static void what_the_second_reading_of_a_day_finds_is_new(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const int64_t later = NOON + 4 * 3600;
    struct folder folder = fresh_folder();
    struct signal sig = { .family = FAMILY_CORE, .india = INDIA_YES, .stage_reason = "" };
    struct store *s = NULL;
    struct revision rev = { 0 };
    struct flow_row *rows = NULL;
    struct market m;
    struct diag d = { 0 };
    int64_t cursor = 0;
    size_t n = 0;

    (void)state;
    OK(store_open(&s, folder.path, STORE_WRITE, &d));
    put_source(s, "board:x");
    CHECK(day_of(NOON) == day_of(later));
    read_board(s, "board:x", "a", (struct verdict_in){ .outcome = "complete" }, NOON);
    read_board(s, "board:x", "a b", (struct verdict_in){ .outcome = "complete" }, later);
    OK(store_use_vintage(s, (struct hash){ 1, 1 }, skill_ids, SKILLS, later, &d));
    while (store_next_unread(s, &cursor, &a, &rev, &d) == 0)
        OK(store_put_signal(s, rev.id, &sig, &d));
    OK(market_load(&m, s, later, NULL, skills, SKILLS, &a, &d));
    OK(flow_of(&m, s, FLOW_STAGE, NOON - DAY_SECONDS, NULL, &a, &rows, &n, &d));
    CHECK(n == 1 && rows[0].openings == 2 && rows[0].found == 1 && rows[0].came == 1);
    store_close(&s);
    remove_folder(&folder);
}

RUN_TESTS(TEST(what_the_second_reading_of_a_day_finds_is_new),
          TEST(what_moves_is_what_sql_counts_after_any_history))
