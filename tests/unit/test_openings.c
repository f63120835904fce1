#include "aggregator/openings.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "market_facts.h"
#include "test.h"

enum { MAX = 8 };

#define OWN   "board:kaveri"
#define OTHER "careers:kaveri"
#define AGG   "jobs:all"

static struct place pune = { .city = { "Pune", 4 }, .country = { "IN", 2 } };

static void employers_are_told_by_their_name_alone(void **state)
{
    static const struct employer_alias aliases[] = { { STR("Kaveri Labs"), STR("Kaveri Cloud") } };
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        { "Kaveri Cloud", "KAVERI CLOUD PVT. LTD.", true },
        { "Kaveri Cloud", "Kaveri Cloud (India) Private Limited", true },
        { "Kaveri Cloud", "The Kaveri Cloud, Inc.", true },
        { "Kaveri & Sons LLP", "Kaveri and Sons", true },
        { "Kaveri.com", "Kaveri", true },
        { "Neem L.L.P.", "Neem", true },
        { "Tulsi GmbH", "tulsi", true },
        { "Lotus's Works", "Lotuss Works", true },
        { "Kaveri Labs Ltd", "Kaveri Cloud", true }, /* an alias */
        { "Kaveri Cloud", "Kaveri Cloud Systems", false },
        { "Bank of India", "Bank of Kerala", false },
        { "India", "Limited", false }, /* a name is never emptied */
        { "Kaveri", "Cauvery", false },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(str_eq(employer_key(&a, str_of(rows[i].a), aliases, 1),
                         employer_key(&a, str_of(rows[i].b), aliases, 1))
                      == rows[i].same,
                  i);
}

static void a_requisition_needs_a_digit_that_tells(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "R-1042", "R1042" }, { "r 1042", "R1042" }, { "N/A", "" }, { "000", "" }, { "", "" },
        { "TBD", "" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_STR(requisition_key(&a, str_of(rows[i].in)), str_of(rows[i].out), i);
}

/* How many openings the facts make, in the order given. */
static size_t count(const struct posting_fact *facts, size_t n, struct arena *a, struct joined *ret)
{
    const struct posting_fact *list[MAX];
    struct join_options o = { 0 };

    o.n_sources = fact_sources(&o.sources);
    for (size_t i = 0; i < n; i++)
        list[i] = &facts[i];
    openings_join(list, n, &o, a, ret);
    return ret->n_openings;
}

static const struct {
    const char *why;
    struct fact_row facts[MAX];
    size_t openings;
} joins[] = {
    { "one requisition at two boards in two cities",
      { { .source = OWN, .id = "1", .requisition = "R-7" },
        { .source = OTHER,
          .id = "9",
          .requisition = "r7",
          .title = "Senior MLOps Engineer",
          .place = &pune } },
      1 },
    { "two requisitions, the same words",
      { { .source = OWN, .id = "1", .requisition = "R-7" },
        { .source = OTHER, .id = "9", .requisition = "R-8" } },
      2 },
    { "the same words at an aggregator",
      { { .source = OWN, .id = "1" }, { .source = AGG, .id = "9" } },
      1 },
    { "the same words, another employer",
      { { .source = OWN, .id = "1" }, { .source = AGG, .id = "9", .company = "Neem" } },
      2 },
    { "the same words in two cities at one board",
      { { .source = OWN, .id = "1" }, { .source = OWN, .id = "2", .place = &pune } },
      1 },
    { "the same words in one city at one board",
      { { .source = OWN, .id = "1" }, { .source = OWN, .id = "2" } },
      2 },
    { "one city and one requisition at one board",
      { { .source = OWN, .id = "1", .requisition = "R7" },
        { .source = OWN, .id = "2", .requisition = "R7" } },
      1 },
    { "the city in the title",
      { { .source = OWN, .id = "1", .title = "MLOps Engineer - Bengaluru" },
        { .source = OWN, .id = "2", .title = "MLOps Engineer (Pune)", .place = &pune } },
      1 },
    { "another title",
      { { .source = OWN, .id = "1" },
        { .source = AGG, .id = "9", .title = "ML Platform Engineer" } },
      2 },
    { "five bits of the text differ",
      { { .source = OWN, .id = "1", .text = 0x70 }, { .source = AGG, .id = "9", .text = 0xff0 } },
      2 },
    { "near texts",
      { { .source = OWN, .id = "1", .text = 0xff0 }, { .source = AGG, .id = "9", .text = 0xf70 } },
      1 },
    { "four bits differ",
      { { .source = OWN, .id = "1", .text = 0xff0 }, { .source = AGG, .id = "9", .text = 0xf00 } },
      2 },
    { "an ad without id between two ids joins one of them",
      { { .source = OWN, .id = "1", .requisition = "R1" },
        { .source = AGG, .id = "9" },
        { .source = OTHER, .id = "2", .requisition = "R2", .place = &pune } },
      2 },
    { "two in a city, seen twice, are two",
      { { .source = OWN, .id = "1" },
        { .source = OWN, .id = "2" },
        { .source = OTHER, .id = "3" },
        { .source = OTHER, .id = "4" } },
      2 },
    { "put up again after its end",
      { { .source = OWN, .id = "1", .first = 60, .ended = 12 },
        { .source = OWN, .id = "2", .first = 5 } },
      1 },
    { "the same words months later",
      { { .source = OWN, .id = "1", .first = 200, .ended = 90 },
        { .source = OWN, .id = "2", .first = 5 } },
      2 },
    { "nobody says who hires",
      { { .source = AGG, .id = "1", .company = "" },
        { .source = "jobs:more", .id = "2", .company = "" } },
      2 },
};

static size_t facts_of_row(size_t row, bool backwards, struct posting_fact ret[MAX])
{
    size_t n = 0;

    while (n < MAX && joins[row].facts[n].source)
        n++;
    for (size_t i = 0; i < n; i++)
        ret[backwards ? n - 1 - i : i] =
            fact_of(backwards ? (int64_t)(n - i) : (int64_t)i + 1, &joins[row].facts[i]);
    return n;
}

static void postings_join_by_evidence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(joins); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct posting_fact facts[MAX];
        struct joined j;
        size_t n = facts_of_row(i, false, facts);

        if (count(facts, n, &a, &j) != joins[i].openings)
            fprintf(stderr, "%s: %zu openings\n", joins[i].why, j.n_openings);
        CHECK_ROW(j.n_openings == joins[i].openings, i);
    }
}

/* A number that names the partition: who is with whom, by what the sources call them. */
static uint64_t shape(const struct joined *j, struct arena *a)
{
    uint64_t ret = 0;

    for (size_t i = 0; i < j->n_openings; i++) {
        uint64_t members = 0;

        for (size_t k = 0; k < j->openings[i].n_members; k++) {
            const struct posting_fact *f = j->openings[i].members[k];

            members += hash64_of(
                str_printf(a, STR_FMT "/" STR_FMT, STR_ARG(f->source), STR_ARG(f->native_id)));
        }
        ret += members * members;
    }
    return ret;
}

static void the_order_of_reading_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(joins); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct posting_fact facts[MAX], again[MAX];
        struct joined j, k;
        size_t n = facts_of_row(i, false, facts);

        facts_of_row(i, true, again);
        for (size_t f = 0; f < n; f++) /* ids as they were; the order of the array reversed */
            again[f].posting = facts[n - 1 - f].posting;
        count(facts, n, &a, &j);
        count(again, n, &a, &k);
        CHECK_ROW(shape(&k, &a) == shape(&j, &a), i);
        for (size_t f = 0; f < n; f++) /* other ids: the boards were read in another order */
            again[f].posting = (int64_t)(n - f);
        count(again, n, &a, &k);
        CHECK_ROW(shape(&k, &a) == shape(&j, &a), i);
    }
}

static void an_opening_is_named_after_its_earliest_posting_and_says_why(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    static const struct fact_row rows[] = {
        { .source = OWN, .id = "1", .first = 3, .requisition = "R-7" },
        { .source = AGG, .id = "9", .first = 8 },
        { .source = OTHER, .id = "2", .first = 5, .requisition = "R-7", .text = 0xff },
    };
    struct posting_fact facts[3];
    struct joined j;
    const struct opening *o;

    (void)state;
    for (int i = 0; i < 3; i++)
        facts[i] = fact_of(i + 1, &rows[i]);
    assert_int_equal(count(facts, 3, &a, &j), 1);
    o = &j.openings[0];
    CHECK(o->id == 2 && o->n_members == 3 && o->members[0]->posting == 2);
    CHECK(o->first_proof == facts[1].first_proof);
    CHECK_STR(o->employer_name, STR("Kaveri Cloud"), 0);
    CHECK_STR(
        o->evidence,
        STR("same requisition R-7 as board:kaveri/1; same requisition R-7 as careers:kaveri/2"), 0);
    CHECK_STR(o->evidences[0], STR("same title and text as board:kaveri/1"), 0);
}

static void each_posting_has_one_reason(void **state)
{
    struct posting_fact f[10];
    static const enum why_counted want[] = { COUNTED, NOT_CORE, NOT_CORE,  NOT_INDIA, REMOTE_ONLY,
                                             STALE,   COUNTED,  NO_SIGNAL, CLOSED,    CLOSED };

    (void)state;
    for (int i = 0; i < 10; i++)
        f[i] = fact_of(i + 1, &(struct fact_row){ .source = OWN, .id = "1" });
    f[1].signal.family = FAMILY_ADJACENT;
    f[2].signal.family = FAMILY_NO;
    f[3].signal.india = INDIA_NO;
    f[4].signal.india = INDIA_REMOTE_OPEN;
    f[5].source_proven = FACT_NOW - (int64_t)STALE_DAYS * DAY_SECONDS - 1;
    f[6].source_proven = FACT_NOW - (int64_t)STALE_DAYS * DAY_SECONDS;
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
        { .own_adjacent = true, .leads = 0, .why = NOT_CORE, .other = NOT_CORE },
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

RUN_TESTS(TEST(employers_are_told_by_their_name_alone),
          TEST(a_requisition_needs_a_digit_that_tells), TEST(postings_join_by_evidence),
          TEST(the_order_of_reading_changes_nothing),
          TEST(an_opening_is_named_after_its_earliest_posting_and_says_why),
          TEST(each_posting_has_one_reason), TEST(the_best_witness_leads),
          TEST(a_count_is_carried_when_its_source_was_not_proven_today))
