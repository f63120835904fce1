/* Whatever was crawled, read again and joined in whatever order: a figure is a recount. */
#include <stddef.h>

#include "aggregator/finished.h"
#include "aggregator/flow.h"
#include "aggregator/market.h"
#include "aggregator/panel.h"
#include "any_history.h"

#define LEADS "FROM v_mention m JOIN v_counted_opening o USING (opening) WHERE o.text_read AND "

static void recount_demand(struct play *p, const struct market *m, int stage, struct arena *a,
                           int step)
{
    struct demand dm = { 0 };
    struct diag d = { 0 };
    struct str at = stage ? str_printf(a, " AND o.stage = %d", stage) : STR("");
    int64_t named = 0;

    OK(demand_of(m, &(struct filter){ .stage = stage }, p->s, &dm, a, &d));
    CHECK_ROW(
        dm.openings
            == ask(p,
                   str_printf(a, "SELECT count(*) FROM v_counted_opening o WHERE text_read" STR_FMT,
                              STR_ARG(at))),
        step);
    for (size_t i = 0; i < dm.n_rows; i++) {
        const struct demand_row *row = &dm.rows[i];
        struct str id = row->skill->id;

        CHECK_ROW(row->demand.openings
                      == ask(p, str_printf(a,
                                           "SELECT count(*) " LEADS
                                           "m.demanded AND m.skill = '" STR_FMT "'" STR_FMT,
                                           STR_ARG(id), STR_ARG(at))),
                  step);
        CHECK_ROW(row->stated
                      == ask(p, str_printf(a,
                                           "SELECT coalesce(sum(m.stated), 0) " LEADS
                                           "m.demanded AND m.skill = '" STR_FMT "'" STR_FMT,
                                           STR_ARG(id), STR_ARG(at))),
                  step);
        CHECK_ROW(row->required
                      == ask(p, str_printf(a,
                                           "SELECT count(*) " LEADS "m.polarity = 'required'"
                                           " AND m.skill = '" STR_FMT "'" STR_FMT,
                                           STR_ARG(id), STR_ARG(at))),
                  step);
        named += row->demand.openings;
    }
    CHECK_ROW(
        named == ask(p, str_printf(a, "SELECT count(*) " LEADS "m.demanded" STR_FMT, STR_ARG(at))),
        step); /* and no skill is left out */
}

static bool same_row(const struct demand_row *x, const struct demand_row *y)
{
    const struct share *a = &x->demand, *b = &y->demand;

    return x->skill == y->skill && a->openings == b->openings && a->employers == b->employers
           && same(a->share, b->share) && same(a->low, b->low) && same(a->high, b->high)
           && a->too_few == b->too_few && x->stated == y->stated && x->required == y->required
           && same(x->lift, y->lift) && x->stage == y->stage
           && same(x->adjacent_lift, y->adjacent_lift) && same(x->adjacent_low, y->adjacent_low)
           && same(x->adjacent_high, y->adjacent_high) && same(x->trend, y->trend);
}

static void same_demand(const struct market *kept, const struct market *m, const struct filter *f,
                        struct play *p, struct arena *a, int step)
{
    struct demand x = { 0 }, y = { 0 };
    struct diag d = { 0 };

    OK(demand_of(kept, f, p->s, &x, a, &d));
    OK(demand_of(m, f, p->s, &y, a, &d));
    CHECK_ROW(x.openings == y.openings && x.employers == y.employers && x.adjacent == y.adjacent
                  && x.k_eff == y.k_eff && x.n_rows == y.n_rows,
              step);
    for (size_t i = 0; i < x.n_rows && i < y.n_rows; i++) {
        CHECK_ROW(same_row(&x.rows[i], &y.rows[i]), step);
        p->shares += !x.rows[i].demand.too_few;
    }
}

/* How the sources stood at a time, from their readings. */
static void recount_sources(struct play *p, const struct roles *r, int64_t at, struct arena *a,
                            int step)
{
    struct str last = str_printf(a,
                                 "SELECT source, max(ended) AS last FROM v_reading WHERE proven"
                                 " AND ended <= %lld GROUP BY source",
                                 (long long)at);

    CHECK_ROW(r->sources_read
                  == ask(p, str_printf(a, "SELECT count(*) FROM (" STR_FMT ") WHERE last >= %lld",
                                       STR_ARG(last), (long long)day_start(day_of(at)))),
              step);
    CHECK_ROW(
        r->sources_stale
            == ask(p, str_printf(a, "SELECT count(*) FROM (" STR_FMT ") WHERE last < %lld",
                                 STR_ARG(last), (long long)day_start(day_of(at) - STALE_DAYS))),
        step);
    CHECK_ROW(r->sources_failed
                  == ask(p, str_printf(a,
                                       "SELECT count(*) FROM (SELECT source, outcome, max(reading)"
                                       " FROM v_reading WHERE ended <= %lld GROUP BY source)"
                                       " WHERE outcome IN ('failed', 'gone')",
                                       (long long)at)),
              step);
}

static struct filter any_filter(struct play *p)
{
    static const struct str cities[] = { STR("Pune"), STR("Chennai"), STR("pune"), STR("Nowhere") };
    static const struct str companies[] = { STR("Asha 0"), STR("banyan 1 Pvt Ltd"), STR("Nobody") };
    struct filter f = { .required_only = pick(p, 2) != 0 };

    if (pick(p, 2))
        f.city = cities[pick(p, ARRAY_LEN(cities))];
    if (pick(p, 4) == 0)
        f.company = companies[pick(p, ARRAY_LEN(companies))];
    if (pick(p, 3) == 0)
        f.stage = (int)pick(p, STAGES + 2) - 1;
    if (pick(p, 4) == 0)
        f.mode = (enum work_mode)(1 + pick(p, MODE_REMOTE));
    if (pick(p, 4) == 0)
        f.track = (enum track)(1 + pick(p, TRACK_LLM_INFRA));
    if (pick(p, 3) == 0)
        f.skill = skill_ids[pick(p, SKILLS)];
    if (pick(p, 3) == 0)
        f.first_after = p->now - (int64_t)pick(p, 10 * DAY_SECONDS);
    return f;
}

/* How long roles live, from the whole market at once. */
static void same_lives(struct play *p, const struct market *kept, const struct market *m,
                       struct arena *a, int step)
{
    struct life_facts facts = { 0 };
    struct life x[STAGES + 1], y[STAGES + 1];
    struct roles_seen seen;
    struct lives lives;
    struct diag d = { 0 };

    OK(life_facts(p->s, m->at, a, &facts, &d));
    roles_seen(m, &facts, a, &seen);
    lives_begin(&lives, newest_proof(m->known, m->n_known), a);
    lives_add(&lives, m, &seen);
    lives_end(&lives, y);
    OK(life_of(kept, p->s, x, &d));
    for (int stage = 0; stage <= STAGES; stage++)
        CHECK_ROW(same_life(&x[stage], &y[stage]), step);
}

/* At any later time what was kept says what the whole market says then, or there is none: the
 * counts, the finished answers, and any question whatever. */
static int compare_at(struct play *p, int64_t at, struct arena *a, int step)
{
    struct market made, kept, front, m;
    struct roles x, y, z;
    struct diag d = { 0 };
    int r = finished_open(&made, p->s, at, NULL, skills, SKILLS, &d);

    CHECK_ROW(r >= 0, step);
    if (r != 0)
        return 0;
    whole_market(&m, p->s, at, skills, SKILLS, a);
    whole_market_before(&m, p->s, a);
    OK(market_load(&kept, p->s, at, NULL, skills, SKILLS, a, &d));
    OK(market_load_demand(&front, p->s, at, NULL, skills, SKILLS, a, &d));
    OK(roles_of(&made, p->s, &x, a, &d));
    recount_sources(p, &x, at, a, step);
    OK(roles_of(&m, p->s, &y, a, &d));
    OK(roles_of(&kept, p->s, &z, a, &d));
    CHECK_ROW(same(x.panel_percent, y.panel_percent), step);
    x.panel_percent = y.panel_percent = z.panel_percent = 0;
    CHECK_ROW(memcmp(&x, &y, offsetof(struct roles, has_change)) == 0
                  && memcmp(&z, &y, offsetof(struct roles, has_change)) == 0
                  && x.has_change == y.has_change && x.raw_openings == y.raw_openings,
              step);
    for (int stage = 0; stage <= STAGES; stage++)
        for (int required = 0; required < 2; required++)
            same_demand(&made, &m,
                        &(struct filter){ .stage = stage, .required_only = required != 0 }, p, a,
                        step);
    for (int i = 0; i < FILTERS; i++) {
        struct filter f = any_filter(p);

        same_demand(i % 2 ? &kept : &front, &m, &f, p, a, step);
    }
    same_lives(p, &kept, &m, a, step);
    CHECK_ROW(same_pay(&made, &m, p->s) && same_pay(&kept, &m, p->s), step);
    return 1;
}

static bool is_kept(struct play *p, int64_t at, struct arena *a)
{
    struct str front;
    struct diag d = { 0 };

    return store_market(p->s, at, finished_terms(NULL), a, &front, NULL, &d) == 0;
}

/* The ends of the last days, as they were kept then and as the store tells of them now. */
static int compare_past(struct play *p, struct arena *a, int step)
{
    int kept = 0;

    for (int64_t day = day_of(p->now) - CHANGE_DAYS - 2; day < day_of(p->now); day++) {
        const int64_t at = day_start(day + 1) - 1;
        struct market then, m;
        struct filter f = any_filter(p);
        struct diag d = { 0 };

        if (!is_kept(p, at, a))
            continue;
        kept++;
        whole_market(&m, p->s, at, skills, SKILLS, a);
        whole_market_before(&m, p->s, a);
        OK(market_load(&then, p->s, at, NULL, skills, SKILLS, a, &d));
        same_demand(&then, &m, &f, p, a, step);
        same_lives(p, &then, &m, a, step);
    }
    return kept;
}

static void compare_later(struct play *p, struct arena *a, int step)
{
    static const int64_t later[] = {
        0, 1, 3600, DAY_SECONDS, 8 * DAY_SECONDS, 13 * DAY_SECONDS, 15 * DAY_SECONDS
    };
    int kept = 0;

    for (size_t i = 0; i < ARRAY_LEN(later); i++)
        kept += compare_at(p, p->now + later[i], a, step);
    CHECK_ROW((kept > 0 && is_kept(p, p->now, a))
                  || !ask(p, STR("SELECT max(proven) FROM v_reading")),
              step);
    p->days += compare_past(p, a, step);
    CHECK_ROW(compare_at(p, p->now - 1, a, step) == 0, step);
    CHECK_ROW(ask(p, STR("SELECT count(*) FROM v_demand WHERE stage = 0 AND NOT required_only"
                         " AND openings <> (SELECT count(*) FROM v_mention m JOIN v_counted_opening"
                         " o USING (opening) WHERE o.text_read AND m.demanded AND m.skill ="
                         " v_demand.skill)"))
                  == 0,
              step);
}

/* Each spell but a posting's latest, and each group of the stock, counted again. */
static void recount_roles(struct play *p, const struct market *m, const struct roles *r,
                          struct arena *a, int step)
{
    struct life_facts facts = { 0 };
    struct roles_seen seen;
    struct flow flow;
    struct flow_row *rows;
    struct diag d = { 0 };
    int64_t openings = 0;
    size_t n;

    OK(life_facts(p->s, m->at, a, &facts, &d));
    CHECK_ROW((int64_t)facts.n_earlier
                  == ask(p, STR("SELECT count(*) FROM v_spell s WHERE EXISTS (SELECT 1 FROM v_spell"
                                " l WHERE l.posting = s.posting AND l.n > s.n)")),
              step);
    for (size_t i = 0; i < facts.n_earlier; i++)
        CHECK_ROW(facts.earlier[i].first_proof <= facts.earlier[i].last_proof
                      && facts.earlier[i].last_proof <= facts.earlier[i].ended_by
                      && (!i || facts.earlier[i - 1].posting <= facts.earlier[i].posting),
                  step);
    roles_seen(m, &facts, a, &seen);
    flow_begin(&flow, FLOW_STAGE, m->at - 7 * DAY_SECONDS, m->at, a);
    flow_add(&flow, m, &seen);
    n = flow_end(&flow, &rows);
    for (size_t i = 0; i < n; i++) {
        int64_t stage = 0;

        CHECK_ROW(str_int(rows[i].key, &stage) || str_eq(rows[i].key, STR("unstaged")), step);
        CHECK_ROW(rows[i].openings == r->by_stage[stage], step);
        openings += rows[i].openings;
    }
    CHECK_ROW(openings == r->openings, step);
    OK(flow_of(m, p->s, FLOW_COMPANY, m->at - 7 * DAY_SECONDS, NULL, a, &rows, &n, &d));
    CHECK_ROW((int64_t)n >= r->employers, step);
}

/* The figures as `run` makes and stores them, against the views. */
static void recount(struct play *p, int step)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct figure_row *kept = NULL;
    struct market m;
    struct roles r;
    struct diag d = { 0 };
    size_t n = 0;

    OK(figures_update(p->s, p->now, NULL, skills, SKILLS, &d));
    whole_market(&m, p->s, p->now, skills, SKILLS, &a);
    whole_market_before(&m, p->s, &a);
    OK(roles_of(&m, p->s, &r, &a, &d));
    CHECK_ROW(r.openings == ask(p, STR("SELECT count(*) FROM v_counted_opening")), step);
    CHECK_ROW(r.postings
                  == ask(p, STR("SELECT count(*) FROM v_opening_posting l JOIN v_counted_opening o"
                                " USING (opening) JOIN v_posting q ON q.posting = l.posting"
                                " WHERE q.open")),
              step);
    for (int i = 0; i <= STAGES; i++)
        CHECK_ROW(r.by_stage[i]
                      == ask(p, str_printf(&a,
                                           "SELECT count(*) FROM v_counted_opening"
                                           " WHERE coalesce(stage, 0) = %d",
                                           i)),
                  step);
    CHECK_ROW((int64_t)m.n_postings == ask(p, STR("SELECT count(*) FROM v_posting")), step);
    OK(store_figures(p->s, STR("openings"), m.day, m.day, &a, &kept, &n, &d));
    CHECK_ROW((int64_t)n == ask(p, STR("SELECT max(proven) FROM v_reading")), step);
    CHECK_ROW(n == 0 || (int64_t)kept[0].value == r.openings, step);
    CHECK_ROW(ask(p, str_printf(&a,
                                "SELECT count(*) FROM v_figure f WHERE current AND day = %d"
                                " AND name LIKE 'skill:%%' AND n <> (SELECT count(*) " LEADS
                                "m.demanded AND 'skill:' || m.skill = f.name)",
                                (int)m.day))
                  == 0,
              step);
    recount_roles(p, &m, &r, &a, step);
    recount_sources(p, &r, p->now, &a, step);
    for (int stage = 0; stage <= STAGES; stage += 2)
        recount_demand(p, &m, stage, &a, step);
    compare_later(p, &a, step);
}

static bool finished(struct play *p)
{
    struct finished f;
    struct diag d = { 0 };

    return store_finished(p->s, &f, &d) == 0;
}

static void no_answer_stays_finished_when_what_it_says_may_have_changed(void **state)
{
    struct play p = { .folder = fresh_folder(), .r = draws_from(7), .now = NOON, .rules = 1 };
    struct source_row row = {
        .key = STR("board:0"), .adapter = STR("greenhouse"), .company = STR("Asha 0"), .added = NOON
    };
    struct listing l;
    struct diag d = { 0 };
    int64_t reading = 0;

    (void)state;
    OK(store_open(&p.s, p.folder.path, STORE_WRITE, &d));
    add_boards(&p);
    CHECK(!finished(&p));
    for (int i = 0; i < 60; i++)
        crawl(&p);
    read_all(&p);
    recount(&p, 0);
    CHECK(finished(&p));
    OK(store_put_source(p.s, &row, p.now, &d)); /* as it was */
    CHECK(finished(&p));
    row.company = STR("Employer Nought");
    OK(store_put_source(p.s, &row, p.now, &d));
    CHECK(!finished(&p));
    recount(&p, 1);
    l = listing_of(STR("0-1-0"), STR("MLOps Engineer"), STR("another text"));
    OK(store_begin_reading(p.s, STR("board:0"), p.now, &reading, &d));
    CHECK(finished(&p));
    OK(store_put_listing(p.s, reading, STR("board:0"), &l, STR("-"), (struct hash){ 0 }, p.now,
                         &d));
    CHECK(!finished(&p)); /* the ad has no signal until it is read again */
    read_all(&p);
    recount(&p, 1);
    crawl(&p);
    CHECK(!finished(&p));
    read_all(&p);
    recount(&p, 2);
    p.rules++;
    read_all(&p);
    CHECK(!finished(&p));
    end_play(&p);
}

static void every_figure_is_a_recount_after_any_history(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct play p;

        play_history(seed, 40, 3, recount, &p);
        CHECK(ask(&p, STR("SELECT count(*) FROM v_counted_opening")) > 0);
        CHECK(p.shares > 500 && p.days > 20);
        end_play(&p);
    }
}

RUN_TESTS(TEST(every_figure_is_a_recount_after_any_history),
          TEST(no_answer_stays_finished_when_what_it_says_may_have_changed))
