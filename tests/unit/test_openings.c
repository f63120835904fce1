#include "aggregator/openings.h"
#include "aggregator/posting.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "market_facts.h"
#include "test.h"

#define OWN "board:kaveri"
#define AGG "jobs:all"

static void each_posting_has_one_reason(void **state)
{
    struct posting_fact f[10];
    static const enum why_counted want[] = { COUNTED, ADJACENT, NOT_CORE,  NOT_INDIA, REMOTE_ONLY,
                                             STALE,   COUNTED,  NO_SIGNAL, CLOSED,    CLOSED };

    (void)state;
    for (int i = 0; i < 10; i++)
        f[i] = fact_of(i + 1, &(struct fact_row){ .source = OWN, .id = "1" });
    f[1].signal.family = FAMILY_ADJACENT;
    f[2].signal.family = FAMILY_NO;
    f[3].signal.india = INDIA_NO;
    f[4].signal.india = INDIA_REMOTE_OPEN;
    f[5].source_proven = day_start(day_of(FACT_NOW) - STALE_DAYS) - 1;
    f[6].source_proven = day_start(day_of(FACT_NOW) - STALE_DAYS);
    f[7].has_signal = false;
    f[8].ended_by = FACT_NOW - 1;
    f[9].source_window = true, f[9].expires = FACT_NOW;
    for (size_t i = 0; i < 10; i++)
        CHECK_ROW(posting_why(&f[i], FACT_NOW) == want[i], i);
    f[9].source_window = false; /* a whole list still shows it: the proof beats the date */
    CHECK(posting_why(&f[9], FACT_NOW) == COUNTED);
}

static struct market market_of(const struct posting_fact *facts, size_t n, struct arena *a)
{
    const struct posting_fact **list = ARENA_NEW(a, const struct posting_fact *, n);
    struct market_in in = { .facts = list, .n_facts = n, .at = FACT_NOW };
    struct market m;

    for (size_t i = 0; i < n; i++)
        list[i] = &facts[i];
    in.n_sources = fact_sources(&in.sources);
    market_build(&m, &in, a);
    return m;
}

/* Two members: which leads, and what becomes of the opening. */
static void the_best_witness_leads(void **state)
{
    static const struct {
        int64_t own_ended, agg_ended;
        bool own_stale, own_abroad, own_adjacent;
        int leads;
        enum why_counted why, other;
    } rows[] = {
        { .leads = 0, .why = COUNTED, .other = SAME_OPENING },
        { .agg_ended = 1, .leads = 0, .why = COUNTED, .other = SAME_OPENING },
        { .own_ended = 1, .leads = 1, .why = CLOSED, .other = CLOSED }, /* the aggregator echoes */
        { .own_stale = true, .leads = 1, .why = COUNTED, .other = SAME_OPENING },
        { .own_abroad = true, .leads = 1, .why = COUNTED, .other = SAME_OPENING },
        { .own_adjacent = true, .leads = 0, .why = ADJACENT, .other = ADJACENT },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct posting_fact f[2] = {
            fact_of(1,
                    &(struct fact_row){
                        .source = OWN, .id = "1", .first = 5, .ended = rows[i].own_ended }),
            fact_of(2,
                    &(struct fact_row){
                        .source = AGG, .id = "9", .first = 8, .ended = rows[i].agg_ended }),
        };
        struct market m;

        if (rows[i].own_stale)
            f[0].source_proven = FACT_NOW - 20 * DAY_SECONDS;
        if (rows[i].own_abroad)
            f[0].signal.india = INDIA_NO;
        if (rows[i].own_adjacent)
            f[0].signal.family = FAMILY_ADJACENT;
        m = market_of(f, 2, &a);
        assert_int_equal(m.n_openings, 1);
        CHECK_ROW(m.openings[0].lead == &f[rows[i].leads], i);
        CHECK_ROW(m.openings[0].why == rows[i].why, i);
        for (size_t k = 0; k < 2; k++)
            if (m.openings[0].members[k] != m.openings[0].lead)
                CHECK_ROW(m.openings[0].whys[k] == rows[i].other, i);
    }
}

static void a_count_is_carried_when_its_source_was_not_proven_today(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct posting_fact f = fact_of(1, &(struct fact_row){ .source = OWN, .id = "1" });

    (void)state;
    CHECK(!market_of(&f, 1, &a).openings[0].carried);
    f.source_proven = day_start(FACT_DAY) - 1;
    CHECK(market_of(&f, 1, &a).openings[0].carried);
}

RUN_TESTS(TEST(each_posting_has_one_reason), TEST(the_best_witness_leads),
          TEST(a_count_is_carried_when_its_source_was_not_proven_today))
