/* Whatever was crawled, read again and joined in whatever order: a figure is a recount. */
#include <stddef.h>

#include "aggregator/finished.h"
#include "aggregator/flow.h"
#include "aggregator/market.h"
#include "aggregator/panel.h"
#include "core/date.h"
#include "store_util.h"
#include "tests/sim/draws.h"
#include "whole_market.h"

enum { BOARDS = 30, ADS = 6, SKILLS = 5, STEPS = 12, SEEDS = 3, FILTERS = 6 };
enum {
    ECHO = BOARDS - 1,
    WINDOW = BOARDS - 2
}; /* an aggregator, and a board that shows the newest */

static const struct skill_view skills[SKILLS] = {
    { .id = STR("airflow") }, { .id = STR("docker") }, { .id = STR("kubernetes") },
    { .id = STR("mlflow") },  { .id = STR("python") },
};
static const struct str skill_ids[SKILLS] = { STR("airflow"), STR("docker"), STR("kubernetes"),
                                              STR("mlflow"), STR("python") };

/* A history under way. */
struct play {
    struct folder folder;
    struct store *s;
    struct draws r;
    int64_t now;
    uint64_t rules;    /* the vintage in use */
    int names[BOARDS]; /* how often each board got another key */
    int days;          /* compared after they were over */
    int shares;        /* compared: of skills with enough employers for a percentage */
};

static uint64_t pick(struct play *p, uint64_t below)
{
    return (uint64_t)(draw(&p->r) * (double)below);
}

/* Names of several families, of which what is joined is one's own. */
static void name_employer(char *ret, size_t n, int employer)
{
    static const char *const families[] = { "Asha", "Banyan", "Champa" };

    snprintf(ret, n, "%s %d", families[employer % 3], employer);
}

enum { KEY_BYTES = 24 };

static void key_of(char *ret, const struct play *p, int board)
{
    snprintf(ret, KEY_BYTES, p->names[board] ? "board:%d.%d" : "board:%d", board, p->names[board]);
}

static void give_board(struct play *p, int board, int employer)
{
    char key[KEY_BYTES], name[16];
    struct source_row row = { .adapter = STR("greenhouse"), .added = NOON };
    struct diag d = { 0 };

    key_of(key, p, board);
    name_employer(name, sizeof(name), employer);
    row.key = str_of(key);
    row.company = board == ECHO ? STR("") : str_of(name);
    OK(store_put_source(p->s, &row, p->now, &d));
}

static void add_boards(struct play *p)
{
    for (int i = 0; i < BOARDS; i++)
        give_board(p, i, i / 2); /* two boards an employer */
}

/* A board becomes another employer's, or is read under another key from now on. */
static void change_a_source(struct play *p)
{
    int board = (int)pick(p, ECHO);
    char was[KEY_BYTES], key[KEY_BYTES];
    struct diag d = { 0 };

    if (pick(p, 2)) {
        give_board(p, board, (int)pick(p, BOARDS / 2));
        return;
    }
    key_of(was, p, board);
    p->names[board]++;
    key_of(key, p, board);
    OK(store_rename_source(p->s, str_of(was), str_of(key), p->now, &d));
}

/* A board shows some of its ads, some of them edited. Ads of the two boards of an employer may be
 * one job: they share requisitions. */
static void crawl(struct play *p)
{
    int board = (int)pick(p, BOARDS);
    char key[KEY_BYTES], ids[ADS][16], reqs[ADS][24];
    struct str list[ADS];
    struct verdict_in in = { .outcome = pick(p, 5) ? "complete" : "failed",
                             .ids = list,
                             .window = board == WINDOW,
                             .max_age_s = 20 * DAY_SECONDS };
    struct verdict v;
    struct diag d = { 0 };
    int64_t reading = 0;

    key_of(key, p, board);
    OK(store_begin_reading(p->s, str_of(key), p->now, &reading, &d));
    for (int ad = 0; ad < ADS; ad++) {
        struct listing l;
        char text[64], company[16];

        if (pick(p, 4) == 0)
            continue;
        name_employer(company, sizeof(company), (int)pick(p, BOARDS / 2 + 3));
        snprintf(ids[in.n_ids], sizeof(ids[0]), "%d-%d", board, ad);
        snprintf(reqs[in.n_ids], sizeof(reqs[0]), "R-%d-%d", board / 2, ad * (board % 2 + 1));
        list[in.n_ids] = str_of(ids[in.n_ids]);
        snprintf(text, sizeof(text), "ad %d %d %d", board, ad, (int)pick(p, 3));
        l = listing_of(list[in.n_ids], STR("MLOps Engineer"), pick(p, 12) ? str_of(text) : STR(""));
        l.requisition = str_of(reqs[in.n_ids++]);
        l.company = str_of(company);
        if (board == WINDOW)
            l.expires = p->now + (int64_t)pick(p, 12 * DAY_SECONDS);
        OK(store_put_listing(p->s, reading, str_of(key), &l, str_of(text), (struct hash){ 0 },
                             p->now, &d));
    }
    in.got = (int64_t)in.n_ids;
    OK(store_end_reading(p->s, reading, &in, p->now, &v, &d));
}

/* What the rules in use read in a text: any, but always the same. */
static void sign(struct play *p, const struct revision *rev)
{
    uint64_t h = hash64_of(rev->listing.text) ^ (p->rules * 0x9E3779B97F4A7C15ULL);
    struct place place = { .city = h % 3 ? STR("Pune") : STR("Chennai"), .country = STR("IN") };
    struct mention says[2 * SKILLS];
    struct signal sig = { .family = h % 5 ? FAMILY_CORE : FAMILY_ADJACENT,
                          .india = h % 7 ? INDIA_YES : INDIA_NO,
                          .stage = (int)(h % (STAGES + 1)),
                          .stage_reason = "",
                          .mode = (enum work_mode)(h / 7 % (MODE_REMOTE + 1)),
                          .track = (enum track)(h / 11 % (TRACK_LLM_INFRA + 1)),
                          .places = &place,
                          .n_places = 1,
                          .mentions = says };
    struct diag d = { 0 };

    for (uint32_t i = 0; i < SKILLS; i++)
        for (int twice = 0; twice < 2;
             twice++, h = h * 6364136223846793005ULL + 1442695040888963407ULL)
            if ((h >> 40) % 3)
                says[sig.n_mentions++] = (struct mention){
                    .skill = i,
                    .polarity = (enum polarity)((h >> 50) % (POLARITY_REQUIRED + 1)),
                    .implied = (h >> 60) % 2,
                };
    OK(store_put_signal(p->s, rev->id, &sig, &d));
}

static void read_all(struct play *p)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct revision rev = { 0 };
    struct diag d = { 0 };
    int64_t cursor = 0;

    OK(store_use_vintage(p->s, (struct hash){ p->rules, p->rules }, skill_ids, SKILLS, p->now, &d));
    while (store_next_unread(p->s, &cursor, &a, &rev, &d) == 0)
        sign(p, &rev);
}

static int take_number(void *ctx, size_t row, const struct sql_cell *cells, size_t n,
                       struct diag *d)
{
    (void)n, (void)d;
    if (row == 1 && !str_int(cells[0].text, ctx))
        *(int64_t *)ctx = -1;
    return 0;
}

static int64_t ask(struct play *p, struct str query)
{
    struct diag d = { 0 };
    int64_t n = -1;

    OK(store_sql(p->s, query, take_number, &n, &d));
    return n < 0 ? 0 : n;
}

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
    OK(flow_of(m, p->s, FLOW_COMPANY, m->at - 7 * DAY_SECONDS, a, &rows, &n, &d));
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
    l = listing_of(STR("0-1"), STR("MLOps Engineer"), STR("another text"));
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
    store_close(&p.s);
    remove_folder(&p.folder);
}

static void every_figure_is_a_recount_after_any_history(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct play p = { .folder = fresh_folder(), .r = draws_from(seed), .now = NOON };
        struct diag d = { 0 };

        p.rules = 1;
        OK(store_open(&p.s, p.folder.path, STORE_WRITE, &d));
        add_boards(&p);
        for (int step = 0; step < STEPS; step++) {
            for (uint64_t n = pick(&p, 40); n > 0; n--)
                crawl(&p);
            if (pick(&p, 3) == 0)
                change_a_source(&p);
            p.rules += pick(&p, 5) == 0; /* a rule changed: the whole history is read again */
            read_all(&p);
            recount(&p, (int)seed * STEPS + step);
            p.now += 3600 + (int64_t)pick(&p, 3 * DAY_SECONDS);
        }
        CHECK(ask(&p, STR("SELECT count(*) FROM v_counted_opening")) > 0);
        CHECK(p.shares > 500 && p.days > 20);
        store_close(&p.s);
        remove_folder(&p.folder);
    }
}

RUN_TESTS(TEST(every_figure_is_a_recount_after_any_history),
          TEST(no_answer_stays_finished_when_what_it_says_may_have_changed))
