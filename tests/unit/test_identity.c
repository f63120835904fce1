/* What two ads are compared by. */
#include "aggregator/identity.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "market_facts.h"
#include "test.h"

static void employers_are_told_by_their_name_alone(void **state)
{
    static const struct employer_alias aliases[] = {
        { STR("Kaveri Labs"), STR("Kaveri Cloud") },
        { STR("Confidential"), STR("") },
    };
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        { "Kaveri Cloud", "KAVERI CLOUD PVT. LTD.", true },
        { "Kaveri Cloud", "Kaveri Cloud (India) Private Limited", true },
        { "Kaveri Cloud", "The Kaveri Cloud, Inc.", true },
        { "Kaveri Cloud", "Kaveri Cloud (https://kaveri.example)", true },
        { "Kaveri Cloud", "Kaveri Cloud https://kaveri.example", true },
        { "Kaveri Cloud", "Careers at Kaveri Cloud", true },
        { "Kaveri & Sons LLP", "Kaveri and Sons", true },
        { "Kaveri.com", "Kaveri", true },
        { "Neem L.L.P.", "Neem", true },
        { "Tulsi GmbH", "tulsi", true },
        { "Tulsi Sp. zoo", "tulsi", true },
        { "Lotus's Works", "Lotuss Works", true },
        { "Kaveri Labs Ltd", "Kaveri Cloud", true }, /* an alias */
        { "Confidential", "", true },                /* nobody */
        { "Kaveri Cloud", "Kaveri Cloud Systems", false },
        { "Bank of India", "Bank of Kerala", false },
        { "India", "Limited", false }, /* a name is never emptied */
        { "Kaveri", "Cauvery", false },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct employer_names names = employer_names_of(&a, aliases, ARRAY_LEN(aliases));

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(str_eq(employer_key(&a, str_of(rows[i].a), &names),
                         employer_key(&a, str_of(rows[i].b), &names))
                      == rows[i].same,
                  i);
}

static void names_meet_where_one_begins_the_other_at_a_word(void **state)
{
    static const struct {
        const char *a, *b;
        bool meet;
    } rows[] = {
        { "kaveri", "kaveri", true },
        { "kaveri", "kaveri cloud systems", true },
        { "kaveri cloud", "kaveri", true },
        { "kaveri", "kaverion", false },
        { "kaveri cloud", "kaveri labs", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK_ROW(employers_meet(str_of(rows[i].a), str_of(rows[i].b)) == rows[i].meet, i);
        if (rows[i].meet)
            CHECK_STR(employer_family(str_of(rows[i].a)), employer_family(str_of(rows[i].b)), i);
    }
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

static void a_title_says_what_the_job_is_in_one_spelling(void **state)
{
    static const struct {
        const char *title, *lines, *number, *want;
    } rows[] = {
        { "MLOps Engineer - Bengaluru", NULL, NULL, "mlops engineer" },
        { "Sr. MLOps Engineer II (Remote)", NULL, NULL, "senior mlops engineer 2" },
        { "Snr ML Engr", NULL, NULL, "senior machine learning engineer" },
        { "Backend SWE", NULL, NULL, "back end software engineer" },
        { "Data Engineer (m/f/d)", NULL, NULL, "data engineer" },
        { "C/D Engineer", NULL, NULL, "c d engineer" },
        { "M Engineer", NULL, NULL, "m engineer" }, /* one letter is no gender */
        { "Copy of Data Engineer", NULL, NULL, "data engineer" },
        { "Data Engineer - 5050304", NULL, "5050304", "data engineer" },
        { "Data Engineer Tamil Nadu", "Chennai, Tamil Nadu", NULL, "data engineer" },
        { "Data Engineer Nadu", "Chennai, Tamil Nadu", NULL, "data engineer nadu" },
        /* a line that is a title names no place */
        { "Data Engineer, Kafka", "Acme | Kafka, Data Engineer", NULL, "data engineer kafka" },
        { "Architect, Office of the CTO", NULL, NULL, "architect office of the cto" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct posting_fact f = fact_of(1, &(struct fact_row){ .title = rows[i].title,
                                                               .lines = rows[i].lines,
                                                               .number = rows[i].number });

        CHECK_STR(title_key(&a, &f), str_of(rows[i].want), i);
    }
}

static void a_title_without_an_occupation_or_with_several_is_a_list(void **state)
{
    static const struct {
        const char *title;
        bool one;
    } rows[] = {
        { "mlops engineer", true },
        { "data", false },
        { "various engineer positions", false },
        { "senior data scientist", true },
        { "kaveri is hiring", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(title_names_one_job(str_of(rows[i].title)) == rows[i].one, i);
}

static void places_are_what_the_source_says(void **state)
{
    struct place said = { .city = STR("Hyderabad"), .from.field = FIELD_TEXT };
    struct place state_alone = { .state = STR("Kerala"), .country = STR("IN") };
    struct place country = { .country = STR("IN"), .from.field = FIELD_PLACE };
    const struct {
        struct place *place;
        const char *lines, *want;
        bool wide;
    } rows[] = {
        { NULL, "Bengaluru", "bengaluru", false },
        { &said, "Remote, Somewhere", "somewhere", false }, /* not what the text names */
        { &said, "", "hyderabad", false },                  /* but for want of better */
        { &state_alone, "", "kerala", false },
        { &country, "India", "india", true },
        { &country, "India, Remote", "india", true },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct posting_fact f =
            fact_of(1, &(struct fact_row){ .place = rows[i].place, .lines = rows[i].lines });
        struct strs keys = place_keys(&a, &f);

        CHECK_ROW(keys.n == 1, i);
        CHECK_STR(keys.n ? keys.items[0] : STR(""), str_of(rows[i].want), i);
        CHECK_ROW(place_is_wide(&a, &f) == rows[i].wide, i);
    }
}

RUN_TESTS(TEST(employers_are_told_by_their_name_alone),
          TEST(names_meet_where_one_begins_the_other_at_a_word),
          TEST(a_requisition_needs_a_digit_that_tells),
          TEST(a_title_says_what_the_job_is_in_one_spelling),
          TEST(a_title_without_an_occupation_or_with_several_is_a_list),
          TEST(places_are_what_the_source_says))
