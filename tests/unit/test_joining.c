/* Which postings are one opening. The rows are made up after ads that were read (docs/method.md).
 */
#include "aggregator/near_miss.h"
#include "aggregator/openings.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "market_facts.h"
#include "test.h"
#include "tests/sim/draws.h"

enum { MAX = 8, ORDERS = 20, MANY = 300 };

#define OWN   "board:kaveri"
#define OTHER "careers:kaveri"
#define AGG   "jobs:all"
#define FEED  "jobs:feeds"

#define BITS_1  0x1
#define BITS_8  0xff
#define BITS_9  0x1ff
#define BITS_12 0xfff
#define BITS_17 0x1ffff
#define TEXT    0x5a5a5a5a5a5a5a5a

static struct place pune = { .city = { "Pune", 4 }, .country = { "IN", 2 } };
static struct place india = { .country = { "IN", 2 }, .from.field = FIELD_PLACE };
static struct place kochi_in_text = { .city = { "Kochi", 5 }, .from.field = FIELD_TEXT };

static const struct {
    const char *why;
    struct fact_row facts[MAX];
    size_t openings;
} joins[] = {
    /* requisitions */
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
    { "siblings by the numbers that the ads give, else word for word the same, in two cities",
      { { .source = AGG, .id = "1", .number = "JR-10423" },
        { .source = AGG, .id = "2", .number = "JR-10424", .place = &pune } },
      2 },
    { "siblings by the numbers in their titles",
      { { .source = AGG, .id = "1", .title = "MLOps Engineer - 50503", .number = "50503" },
        { .source = FEED, .id = "2", .title = "MLOps Engineer - 50504", .number = "50504" } },
      2 },
    { "a number in one of two ads",
      { { .source = AGG, .id = "1", .title = "MLOps Engineer - 50503", .number = "50503" },
        { .source = FEED, .id = "2" } },
      1 },
    { "the same number in the words of two jobs: a class of jobs",
      { { .source = AGG, .id = "1", .number = "50503" },
        { .source = FEED, .id = "2", .number = "50503", .text = 0x70, .title = "Data Analyst" } },
      2 },
    { "an ad without id between two ids joins one of them",
      { { .source = OWN, .id = "1", .requisition = "R1" },
        { .source = AGG, .id = "9" },
        { .source = OTHER, .id = "2", .requisition = "R2", .place = &pune } },
      2 },
    /* boards and places */
    { "the same words at an aggregator",
      { { .source = OWN, .id = "1" }, { .source = AGG, .id = "9" } },
      1 },
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
    { "two in a city, seen twice, are two",
      { { .source = OWN, .id = "1" },
        { .source = OWN, .id = "2" },
        { .source = OTHER, .id = "3" },
        { .source = OTHER, .id = "4" } },
      2 },
    { "an aggregator's two feeds show one ad twice in a city",
      { { .source = AGG, .id = "1" }, { .source = AGG, .id = "2" } },
      1 },
    { "an aggregator's two ads of a city with other words are two",
      { { .source = AGG, .id = "1", .text = TEXT },
        { .source = AGG, .id = "2", .text = TEXT ^ 3 } },
      2 },
    { "the same, but with one number",
      { { .source = AGG, .id = "1", .text = TEXT, .number = "JR-104233" },
        { .source = AGG, .id = "2", .text = TEXT ^ 3, .number = "jr 104233" } },
      1 },
    { "the same, but a country is all that is said of the place",
      { { .source = AGG, .id = "1", .text = TEXT, .place = &india, .lines = "India" },
        { .source = AGG, .id = "2", .text = TEXT ^ 3, .place = &india, .lines = "India, Remote" } },
      1 },
    { "a city that both texts name is not where both are",
      { { .source = OWN, .id = "1", .place = &kochi_in_text, .lines = "Remote, Delhi" },
        { .source = OWN, .id = "2", .place = &kochi_in_text, .lines = "Remote, Agra" } },
      1 },
    /* titles */
    { "the city in the title",
      { { .source = OWN, .id = "1", .title = "MLOps Engineer - Bengaluru" },
        { .source = OWN, .id = "2", .title = "MLOps Engineer (Pune)", .place = &pune } },
      1 },
    { "another function in the title over the same template",
      { { .source = OWN, .id = "1", .title = "Backend Engineer, Ads" },
        { .source = AGG, .id = "9", .title = "Frontend Engineer, Ads" } },
      2 },
    { "a manager and an engineer of one team, the same text",
      { { .source = OWN, .id = "1", .title = "Engineer, Search" },
        { .source = OWN, .id = "2", .title = "Engineering Manager, Search", .place = &pune } },
      2 },
    { "two teams, the same text",
      { { .source = OWN, .id = "1", .title = "Engineer - Ranking" },
        { .source = OWN, .id = "2", .title = "Engineer - Billing", .place = &pune } },
      2 },
    { "levels II and III in the title, the same text",
      { { .source = OWN, .id = "1", .title = "MLOps Engineer II" },
        { .source = OWN, .id = "2", .title = "MLOps Engineer III", .place = &pune } },
      2 },
    { "II written as 2, senior as Sr",
      { { .source = OWN, .id = "1", .title = "Sr. MLOps Engineer II" },
        { .source = AGG, .id = "9", .title = "Senior MLOps Engineer 2" } },
      1 },
    { "the language of the customers in the title",
      { { .source = OWN, .id = "1", .title = "Support Engineer (German)" },
        { .source = OWN, .id = "2", .title = "Support Engineer (Tamil)", .place = &pune } },
      2 },
    { "a territory in the title",
      { { .source = AGG, .id = "1", .title = "Engineer, North Zone" },
        { .source = AGG, .id = "2", .title = "Engineer, South Zone", .place = &pune } },
      2 },
    { "lists of several positions, one of which changed",
      { { .source = AGG, .id = "1", .title = "Several engineer positions", .text = TEXT },
        { .source = FEED, .id = "2", .title = "Several engineer positions", .text = TEXT ^ 0xf } },
      2 },
    { "a list, word for word",
      { { .source = AGG, .id = "1", .title = "Kaveri is hiring", .text = TEXT },
        { .source = FEED, .id = "2", .title = "Kaveri is hiring", .text = TEXT } },
      1 },
    /* texts */
    { "near texts",
      { { .source = OWN, .id = "1", .text = TEXT },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_8 } },
      1 },
    { "too far for texts that name no skills",
      { { .source = OWN, .id = "1", .text = TEXT },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_9 } },
      2 },
    { "as far, but every skill is shared",
      { { .source = OWN, .id = "1", .text = TEXT, .skills = { 0, 8 } },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_12, .skills = { 0, 8 } } },
      1 },
    { "as far, and one skill more",
      { { .source = OWN, .id = "1", .text = TEXT, .skills = { 0, 8 } },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_12, .skills = { 0, 9 } } },
      2 },
    { "farther than any skills can prove",
      { { .source = OWN, .id = "1", .text = TEXT, .skills = { 0, 20 } },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_17, .skills = { 0, 20 } } },
      2 },
    { "boilerplate alike, other tools asked for",
      { { .source = OWN, .id = "1", .text = TEXT, .skills = { 0, 6 } },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_1, .skills = { 3, 9 } } },
      2 },
    { "near texts of two levels",
      { { .source = OWN, .id = "1", .text = TEXT, .level = LEVEL_MID },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_1, .level = LEVEL_SENIOR } },
      2 },
    { "near texts that ask for other years",
      { { .source = OWN, .id = "1", .text = TEXT, .months = 36 },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_1, .months = 60 } },
      2 },
    { "near texts with other pay in one city",
      { { .source = OWN, .id = "1", .text = TEXT, .pay = 2000000 },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_1, .pay = 3000000 } },
      2 },
    { "near texts with other pay in two cities",
      { { .source = OWN, .id = "1", .text = TEXT, .pay = 2000000 },
        { .source = AGG, .id = "9", .text = TEXT ^ BITS_1, .pay = 3000000, .place = &pune } },
      1 },
    /* employers */
    { "the same words, another employer",
      { { .source = OWN, .id = "1" }, { .source = AGG, .id = "9", .company = "Neem" } },
      2 },
    { "an employer's longer name",
      { { .source = AGG, .id = "1" },
        { .source = FEED, .id = "9", .company = "Kaveri Cloud Systems" } },
      1 },
    { "an agency's copy of a client's ad",
      { { .source = OWN, .id = "1" }, { .source = AGG, .id = "9", .company = "Able Staffing" } },
      2 },
    { "nobody says who hires",
      { { .source = AGG, .id = "1", .company = "" },
        { .source = "jobs:more", .id = "2", .company = "" } },
      2 },
    /* time */
    { "put up again after its end",
      { { .source = OWN, .id = "1", .first = 60, .ended = 12 },
        { .source = OWN, .id = "2", .first = 5 } },
      1 },
    { "put up again and reworded",
      { { .source = OWN, .id = "1", .first = 60, .ended = 12, .text = TEXT },
        { .source = OWN, .id = "2", .first = 5, .text = TEXT ^ BITS_12 } },
      1 },
    { "the same words months after a board was last read",
      { { .source = OTHER, .id = "1", .first = 200, .seen = 90 },
        { .source = OWN, .id = "2", .first = 5 } },
      2 },
    { "an outage of a board",
      { { .source = OTHER, .id = "1", .first = 200, .seen = 25 },
        { .source = OWN, .id = "2", .first = 5 } },
      1 },
    { "the same words months later",
      { { .source = OWN, .id = "1", .first = 200, .ended = 90 },
        { .source = OWN, .id = "2", .first = 5 } },
      2 },
};

static void join_list(const struct posting_fact *const *list, size_t n, struct arena *a,
                      struct joined *ret)
{
    struct join_options o = { 0 };

    o.n_sources = fact_sources(&o.sources);
    openings_join(list, n, &o, a, ret);
}

/* How many openings the facts make, in the order given. */
static size_t count(const struct posting_fact *facts, size_t n, struct arena *a, struct joined *ret)
{
    const struct posting_fact *list[MAX];

    for (size_t i = 0; i < n; i++)
        list[i] = &facts[i];
    join_list(list, n, a, ret);
    return ret->n_openings;
}

/* An ad that ended was last proven before its end. */
static size_t facts_of_row(size_t row, struct posting_fact ret[MAX])
{
    size_t n = 0;

    for (; n < MAX && joins[row].facts[n].source; n++) {
        ret[n] = fact_of((int64_t)n + 1, &joins[row].facts[n]);
        if (ret[n].ended_by)
            ret[n].last_proof = ret[n].ended_by - DAY_SECONDS;
    }
    return n;
}

static void postings_join_by_evidence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(joins); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct posting_fact facts[MAX];
        struct joined j;
        size_t n = facts_of_row(i, facts);

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

static void shuffle(struct posting_fact *facts, size_t n, struct draws *r)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)(draw(r) * (double)i);
        struct posting_fact t = facts[k];

        facts[k] = facts[i - 1];
        facts[i - 1] = t;
    }
    for (size_t i = 0; i < n; i++) /* other ids: the boards were read in another order */
        facts[i].posting = (int64_t)i + 1;
}

static void check_orders(struct posting_fact *facts, size_t n, struct draws *r, size_t row)
{
    uint64_t first = 0;

    for (int i = 0; i <= ORDERS; i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        const struct posting_fact **list = ARENA_NEW(&a, const struct posting_fact *, n);
        struct joined j;

        for (size_t k = 0; k < n; k++)
            list[k] = &facts[k];
        join_list(list, n, &a, &j);
        first = i ? first : shape(&j, &a);
        CHECK_ROW(shape(&j, &a) == first, row);
        shuffle(facts, n, r);
    }
}

static void the_order_of_reading_changes_nothing(void **state)
{
    struct draws r = draws_from(3);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(joins); i++) {
        struct posting_fact facts[MAX];

        check_orders(facts, facts_of_row(i, facts), &r, i);
    }
}

static uint64_t pick(struct draws *r, uint64_t below)
{
    return (uint64_t)(draw(r) * (double)below);
}

/* Ads that differ little from each other in everything that joining looks at. */
static struct posting_fact any_ad(struct draws *r, struct arena *a, int64_t posting)
{
    static const char *const sources[] = { OWN, OTHER, AGG, FEED };
    static const char *const names[] = { "Kaveri Cloud", "Kaveri", "Kaveri Cloud Systems", "Neem" };
    static const char *const titles[] = { "MLOps Engineer", "Sr MLOps Engineer", "Hiring" };
    static struct place *const places[] = { NULL, &pune, &india };
    struct fact_row row = { .source = sources[pick(r, 4)],
                            .id = str_cstr(a, str_printf(a, "%d", (int)posting)),
                            .company = names[pick(r, 4)],
                            .title = titles[pick(r, 3)],
                            .place = places[pick(r, 3)],
                            .months = pick(r, 6) ? 36 : 60,
                            .skills = { 0, pick(r, 4) ? 8 : 9 },
                            .text = TEXT ^ (UINT64_C(1) << pick(r, 6)) ^ (pick(r, 9) ? 0 : 0xfff00),
                            .first = 1 + (int64_t)pick(r, 200) };
    struct posting_fact f;

    if (pick(r, 5) == 0)
        row.requisition = str_cstr(a, str_printf(a, "R-%d", (int)pick(r, 40)));
    if (pick(r, 5) == 0)
        row.number = str_cstr(a, str_printf(a, "%d", 90000 + (int)pick(r, 9)));
    if (pick(r, 2))
        row.ended = (int64_t)pick(r, (uint64_t)row.first);
    f = fact_of(posting, &row);
    if (f.ended_by)
        f.last_proof = f.first_proof + (f.ended_by - f.first_proof) / 2;
    return f;
}

static void nor_does_it_among_many_that_nearly_are_one(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct draws r = draws_from(11);
    struct posting_fact *facts = ARENA_NEW(&a, struct posting_fact, MANY);

    (void)state;
    for (size_t n = 30; n <= 300; n += 90)
        for (size_t i = 0; i < n; i++) {
            facts[i] = any_ad(&r, &a, (int64_t)i + 1);
            if (i + 1 == n)
                check_orders(facts, n, &r, n);
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
    CHECK_STR(opening_evidence(o, 0, &a), STR("same title and text as board:kaveri/1"), 0);
}

static void a_near_miss_names_the_others_that_keep_two_openings_apart(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    static const struct fact_row rows[] = {
        { .source = OWN, .id = "1" },
        { .source = OWN, .id = "2" }, /* the same city, the same board */
        { .source = OTHER, .id = "3" },
    };
    struct posting_fact f[3];
    const struct posting_fact *list[3];
    struct market_in in = { .facts = list, .n_facts = 3, .at = FACT_NOW };
    struct near_miss misses[NEAR_MISSES];
    struct market m;

    (void)state;
    for (int i = 0; i < 3; i++) {
        f[i] = fact_of(i + 1, &rows[i]);
        list[i] = &f[i];
    }
    in.n_sources = fact_sources(&in.sources);
    market_build(&m, &in, &a);
    assert_int_equal(m.n_openings, 2);
    assert_int_equal(near_misses(&m, 3, &a, misses), 1);
    CHECK_STR(misses[0].why,
              STR("postings 1 and 2 of their openings are two: both were open in one place at one"
                  " board"),
              0);
}

/* What is said of the second ad of two, asked for the first. */
static void every_near_miss_says_why(void **state)
{
    static const struct {
        struct fact_row facts[2];
        const char *why; /* NULL: nothing */
    } rows[] = {
        { { { .source = OWN, .id = "1", .requisition = "R-7" },
            { .source = AGG, .id = "2", .requisition = "R-8" } },
          "they have different requisitions: R7 and R8" },
        { { { .source = AGG, .id = "1", .number = "90001" },
            { .source = AGG, .id = "2", .number = "90002" } },
          "their words give different requisitions: 90001 and 90002" },
        { { { .source = OWN, .id = "1" }, { .source = OWN, .id = "2" } },
          "both were open in one place at one board" },
        { { { .source = OWN, .id = "1" }, { .source = AGG, .id = "2", .title = "Data Engineer" } },
          "their titles differ: \"Data Engineer\"" },
        { { { .source = OWN, .id = "1", .first = 200, .ended = 90 },
            { .source = OWN, .id = "2", .first = 5 } },
          "85 days lie between them" },
        { { { .source = OWN, .id = "1", .text = TEXT },
            { .source = AGG, .id = "2", .text = ~(uint64_t)TEXT } },
          "their texts are far apart" },
        { { { .source = OWN, .id = "1", .text = TEXT },
            { .source = AGG, .id = "2", .text = TEXT ^ 1, .months = 60 } },
          "they ask for different years" },
        { { { .source = OWN, .id = "1", .text = TEXT },
            { .source = AGG, .id = "2", .text = TEXT ^ 1, .level = LEVEL_LEAD } },
          "they are of different levels" },
        { { { .source = OWN, .id = "1", .text = TEXT, .skills = { 0, 5 } },
            { .source = AGG, .id = "2", .text = TEXT ^ 1, .skills = { 5, 10 } } },
          "they name different skills" },
        { { { .source = OWN, .id = "1" }, { .source = AGG, .id = "2" } }, NULL }, /* joined */
        { { { .source = OWN, .id = "1" }, { .source = AGG, .id = "2", .company = "Neem" } }, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct posting_fact f[2] = { fact_of(1, &rows[i].facts[0]), fact_of(2, &rows[i].facts[1]) };
        const struct posting_fact *list[] = { &f[0], &f[1] };
        struct market_in in = { .facts = list, .n_facts = 2, .at = FACT_NOW };
        struct near_miss misses[NEAR_MISSES];
        struct market m;
        size_t n;

        in.n_sources = fact_sources(&in.sources);
        if (f[0].ended_by)
            f[0].last_proof = f[0].ended_by;
        market_build(&m, &in, &a);
        n = near_misses(&m, 1, &a, misses);
        CHECK_ROW(n == (rows[i].why != NULL), i);
        if (n && rows[i].why) {
            CHECK_STR(misses[0].why, str_of(rows[i].why), i);
            CHECK_ROW(misses[0].f == &f[1] && misses[0].opening == 2, i);
        }
    }
}

RUN_TESTS(TEST(postings_join_by_evidence), TEST(the_order_of_reading_changes_nothing),
          TEST(nor_does_it_among_many_that_nearly_are_one),
          TEST(an_opening_is_named_after_its_earliest_posting_and_says_why),
          TEST(a_near_miss_names_the_others_that_keep_two_openings_apart),
          TEST(every_near_miss_says_why))
