#include <string.h>

#include "core/cleanup.h"
#include "parsers/extract.h"
#include "shipped_rules.h"
#include "test.h"

#include "cases.h"

/* The strongest that a text states of a skill; POLARITY_IGNORED with `*ret_found` false: nothing.
 */
static enum polarity stated(struct extractor *x, struct arena *a, struct str text, struct str skill,
                            bool *ret_found)
{
    struct listing l = { .title = STR("Engineer"), .text = text };
    int64_t id = extractor_find_skill(x, skill);
    struct signal sig = { 0 };
    struct diag d = { 0 };

    *ret_found = false;
    if (id < 0 || extract(x, &l, a, &sig, &d))
        return POLARITY_IGNORED;
    for (size_t i = 0; i < sig.n_mentions; i++)
        if (sig.mentions[i].skill == (uint32_t)id && !sig.mentions[i].implied) {
            *ret_found = true;
            return sig.mentions[i].polarity; /* the strongest of a skill comes first */
        }
    return POLARITY_IGNORED;
}

static bool meets(enum polarity got, bool found, struct str want)
{
    bool asked = found && got >= POLARITY_STACK;

    if (str_eq(want, STR("absent")))
        return !found;
    if (str_eq(want, STR("negated")))
        return !found || got == POLARITY_NEGATED;
    if (str_eq(want, STR("present")))
        return found && got != POLARITY_NEGATED;
    if (str_eq(want, STR("required")))
        return asked;
    return found && str_eq(want, str_of(polarity_name(got)));
}

struct row {
    struct str skill, text, want;
};

/* How many rows are met; the others are named. */
static size_t count_met(struct extractor *x, struct arena *a, const struct row *rows, size_t n)
{
    size_t met = 0;

    for (size_t i = 0; i < n; i++) {
        bool found;
        enum polarity got = stated(x, a, rows[i].text, rows[i].skill, &found);

        if (meets(got, found, rows[i].want)) {
            met++;
            continue;
        }
        fprintf(stderr, "  row %zu: " STR_FMT ", want " STR_FMT ", got %s in: " STR_FMT "\n", i,
                STR_ARG(rows[i].skill), STR_ARG(rows[i].want),
                found ? polarity_name(got) : "nothing", STR_ARG(rows[i].text));
    }
    return met;
}

/* `skill`, `text`, `want`: in which column of the table each stands. */
static void measure(struct extractor *x, struct arena *a, const char *name, const size_t columns[3])
{
    struct cases cases = { 0 };
    struct row *rows;

    if (!cases_load(a, name, &cases))
        return;
    rows = ARENA_NEW(a, struct row, cases.n + 1);
    for (size_t i = 0; i < cases.n; i++) {
        const struct str *c = cases.items[i].items;

        rows[i] = (struct row){ c[columns[0]], c[columns[1]], c[columns[2]] };
    }
    CHECK(cases_share(name, count_met(x, a, rows, cases.n), cases.n) >= 0.97);
}

static void the_case_tables_are_met(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(extractor_close) struct extractor *x = shipped_extractor(&a, &c);

    (void)state;
    CHECK(x);
    measure(x, &a, "skill.tsv", (const size_t[]){ 0, 1, 2 });
    measure(x, &a, "section.tsv", (const size_t[]){ 1, 0, 2 });
}

#define ROW(skill, want, text)                                                                     \
    {                                                                                              \
        STR_INIT(skill), STR_INIT(text), STR_INIT(want)                                            \
    }
#define STR_INIT(s)                                                                                \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }

/* An ad in one line, as some boards print it: only the headings' words are left of its headings. */
#define WALL                                                                                       \
    "Job description Role & responsibilities: Build the model platform of Palash Bank, which"      \
    " scores nine million payments a day, and keep it healthy. Run services on Kubernetes. "       \
    "Required Skills: 4+ years of experience with Python. Preferred Technical Skills: Experience"  \
    " with Kafka. Familiarity with Ray. Role: Data Science & Machine Learning , Industry Type:"    \
    " Banking , Department: IT & Information Security , Key Skills Terraform MLflow"

/* The board's own "preferred" says nothing of what stands before its footer. */
#define FOOTER                                                                                     \
    "Palash hires for Computer Vision in Pune Role: Engineer , Industry Type: IT , Role Category:" \
    " IT Key Skills Skills highlighted with are preferred keyskills Python"

static const struct row rows[] = {
    ROW("kubernetes", "duty", WALL),
    ROW("python", "required", WALL),
    ROW("kafka", "preferred", WALL),
    ROW("ray", "preferred", WALL),
    ROW("terraform", "ignored", WALL),
    ROW("mlflow", "ignored", WALL),
    ROW("machine_learning", "ignored", WALL),
    ROW("security_compliance", "absent", WALL),
    ROW("computer_vision", "present", FOOTER),
    ROW("computer_vision", "duty", FOOTER),
    ROW("kafka", "preferred", "Preferably in Kafka"),
    ROW("oracle_db", "preferred", "a relational database, with a preference for Oracle database"),
    ROW("python", "required", "Preferred candidate profile\n- Python"),
    ROW("eks", "preferred", "Nice if you have:\n\nExperience with AWS EKS"),
    ROW("cloud_cost", "absent", "Palash offers cost-effective loans"),
    ROW("recsys", "absent", "Make recommendations to the board"),
    ROW("recsys", "present", "Build product recommendations with PyTorch"),
    ROW("people_management", "absent", "Yearly offsites and team building"),
    ROW("edge_ml", "absent", "Ship cutting-edge AI"),
    ROW("cpp", "present", "languages such as C, C++ or Java"),
    ROW("c_lang", "present", "languages such as C, C++ or Java"),
    ROW("aws", "present", "Clouds: Azure/GCP/AWS"),
    ROW("eks", "present", "Run ECS/EKS"),
    ROW("tableau", "present", "Dashboards in Tableau"),
    /* what is beside the path takes no span of it and vouches for no name on it */
    ROW("mssql", "present", "Reports with SQL Server Reporting Services"),
    ROW("go", "absent", "Tableau, Go"),
    ROW("r_lang", "absent", "Python, YOLO and Faster R-CNN"),
    /* a way of working is none of the job's where an ad tells what it offers; a name is */
    ROW("mentoring", "absent", "Benefits:\n- Mentoring and 401k\n- Free lunch"),
    ROW("mentoring", "duty", "Duties:\n- Mentoring\nBenefits:\n- Free lunch"),
    ROW("python", "ignored", "Benefits:\n- Python courses\n- Free lunch"),
    ROW("unit_testing", "absent", "TDD Line 0000, for the hearing impaired"),
};

static void an_ad_is_read_as_a_careful_reader_would(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(extractor_close) struct extractor *x = shipped_extractor(&a, &c);

    (void)state;
    CHECK(x);
    CHECK(count_met(x, &a, rows, ARRAY_LEN(rows)) == ARRAY_LEN(rows));
}

RUN_TESTS(TEST(the_case_tables_are_met), TEST(an_ad_is_read_as_a_careful_reader_would))
