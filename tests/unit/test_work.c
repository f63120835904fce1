#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/extract.h"
#include "test.h"

#include "shipped_rules.h"

#define RUNS                                                                                       \
    "Responsibilities:\n"                                                                          \
    "- Run model serving on Kubernetes and roll out with CI/CD\n"                                  \
    "- Watch for model drift, and own the feature store\n"                                         \
    "- Build our ML platform\n"
#define MAKES                                                                                      \
    "Requirements:\n"                                                                              \
    "- PyTorch, TensorFlow and scikit-learn\n- NLP, computer vision and deep learning\n"           \
    "- LLMs, RAG and prompt engineering\n"
#define OWNS                                                                                       \
    "Responsibilities:\n- Build the ML platform on Kubernetes, with Terraform\n"                   \
    "- Own our machine learning infrastructure\n- Scale the AI infrastructure\n"                   \
    "- Guide users of the ML platform\n"
#define SERVES                                                                                     \
    "Responsibilities:\n- Model serving, and a model registry\n- A feature store\n"                \
    "- Model monitoring\n- Training pipelines\n"
#define MUCH_ELSE                                                                                  \
    "Requirements:\n- AWS, Azure, Python, Bash, Linux, Git, Jenkins, Ansible, Helm, Kafka\n"       \
    "- PostgreSQL, Redis, MongoDB, Prometheus, Grafana, Java, Scala, Spark, Airflow, Docker\n"     \
    "- GCP, Puppet, Chef, Istio, Consul, Argo CD, Splunk, Loki, Datadog, Elasticsearch, "          \
    "Cassandra, Go, Rust, Snowflake, Nginx, Vault\n"
#define SELLS "Responsibilities:\n- Support presales with webinars\n- Answer RFPs\n"
#define KEEPS_HOUSE                                                                                \
    "Requirements:\n- Kubernetes, Terraform and Python\n- Continuous integration with Jenkins\n"   \
    "- Docker, AWS and Kafka\n"
#define SOLDERS                                                                                    \
    "Responsibilities:\n- Write embedded software and firmware for our boards\n"                   \
    "Requirements:\n- Device drivers, an RTOS\n- Verilog\n"

/* A short text is read as a field. */
#define INTRO                                                                                      \
    "The work is in our office by the bridge, on the third floor, with a view of the river and a " \
    "kettle "                                                                                      \
    "for tea.\n"

static const struct {
    const char *title, *text;
    enum family want;
} rows[] = {
    /* an adjacent title is core by what its text asks for */
    { "Machine Learning Engineer", RUNS, FAMILY_CORE },
    { "DevOps Engineer", RUNS, FAMILY_CORE },
    { "Machine Learning Engineer", MAKES, FAMILY_ADJACENT },
    { "Machine Learning Engineer", RUNS MAKES, FAMILY_ADJACENT },
    { "Machine Learning Engineer", "Nice to have:\n" RUNS, FAMILY_CORE },
    { "Machine Learning Engineer", "Nice to have:\n- MLflow, Kubernetes, model serving, CI/CD",
      FAMILY_ADJACENT },
    { "Machine Learning Engineer", "Requirements:\n- Docker, CI/CD and MLOps, MLflow",
      FAMILY_ADJACENT },
    /* not where another word of the title takes it back, nor of another craft */
    { "Data Engineer", RUNS, FAMILY_ADJACENT },
    { "Full Stack Developer, Machine Learning", RUNS, FAMILY_ADJACENT },
    { "iOS Engineer, ML Platform", RUNS, FAMILY_NO },
    { "Accountant", RUNS, FAMILY_NO },
    /* a data scientist's title leaves it open */
    { "ML / Data Engineer", RUNS, FAMILY_CORE },
    { "Data Scientist", RUNS, FAMILY_ADJACENT },
    { "Data Scientist", MAKES, FAMILY_ADJACENT },
    { "Data Scientist", "Requirements:\n- Excel and SQL", FAMILY_NO },
    /* one kind of running models is enough where it is what the job is about */
    { "Infrastructure Engineer", OWNS, FAMILY_CORE },
    { "Infrastructure Engineer", OWNS MUCH_ELSE, FAMILY_ADJACENT },
    /* nor are two kinds of the platform needed where all ways of running models stand */
    { "Machine Learning Engineer", SERVES "- Docker\n", FAMILY_CORE },
    { "Machine Learning Engineer", SERVES, FAMILY_ADJACENT },
    { "Machine Learning Engineer", SERVES "- Docker\n" MAKES, FAMILY_ADJACENT },
    { "Site Reliability Engineer, AI Workbench", "", FAMILY_ADJACENT },
    /* a core title over the text of another job */
    { "AI Platform Engineer", RUNS, FAMILY_CORE },
    { "AI Platform Engineer", MAKES, FAMILY_ADJACENT },
    { "AI Platform Engineer", MAKES RUNS, FAMILY_CORE },
    { "MLOps Engineer", MAKES, FAMILY_CORE },
    { "MLOps Engineer", SELLS, FAMILY_ADJACENT },
    { "MLOps Engineer", SELLS OWNS, FAMILY_CORE },
    { "AI Infrastructure Engineer", SOLDERS, FAMILY_ADJACENT },
    /* a platform that only the title names is a team's name, unless it is the role's */
    { "Software Engineer, ML Platform", KEEPS_HOUSE, FAMILY_ADJACENT },
    { "Software Engineer, ML Platform", KEEPS_HOUSE "- Schedule GPUs\n", FAMILY_CORE },
    { "Software Engineer, ML Platform", KEEPS_HOUSE "Nice to have:\n- Model serving\n",
      FAMILY_CORE },
    { "Software Engineer, ML Platform", "Requirements:\n- Python\n", FAMILY_CORE },
    { "ML Platform Engineer", KEEPS_HOUSE, FAMILY_CORE },
    { "MLOps Engineer", KEEPS_HOUSE, FAMILY_CORE },
    { "SRE - Machine Learning", KEEPS_HOUSE, FAMILY_CORE },
    /* titles whose text need not be asked */
    { "Software Engineer, Inference", "", FAMILY_CORE },
    { "Engineer, Causal Inference", "", FAMILY_NO },
    { "Cloud Architect (AI/ML)", "", FAMILY_ADJACENT },
    { "Engineer, GPU Cloud", "", FAMILY_CORE },
    { "AI Systems Developer", "", FAMILY_ADJACENT },
    { "Engineer, AI & Data Platforms", "", FAMILY_ADJACENT },
    { "Backend Engineer, DevOps Engineer, Android Developer", "", FAMILY_ADJACENT },
    { "ML Engineer (Python, Kubernetes, MLOps)", "", FAMILY_CORE },
    { "Talent Pool: MLOps Engineer", "", FAMILY_CORE },
    { "Backend Engineers, DevOps Engineer, Machine Learning, Vision Engineer", "",
      FAMILY_ADJACENT },
    { "Product Owner - Machine Learning Operations", "", FAMILY_ADJACENT },
    { "Machine Learning", RUNS, FAMILY_CORE },
};

static void the_family_is_settled_by_title_and_work(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(extractor_close) struct extractor *x = shipped_extractor(&a, &c);
    struct diag d = { 0 };

    (void)state;
    CHECK(x);
    for (size_t i = 0; x && i < ARRAY_LEN(rows); i++) {
        const struct listing l = { .title = str_of(rows[i].title), .text = str_of(rows[i].text) };
        struct signal s = { 0 };

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0, i);
        CHECK_STR(str_of(family_name(s.family)), str_of(family_name(rows[i].want)), i);
    }
}

/* The months of a section of wishes count where nothing else says what is required. */
static void a_wish_for_years_is_a_demand_only_where_nothing_else_is(void **state)
{
    static const struct {
        const char *text;
        int32_t want;
    } years[] = {
        { INTRO "Preferred qualifications\n- 4+ years of experience with pipelines", 48 },
        { INTRO "Requirements\n- Python\nPreferred qualifications\n- 4+ years of experience", -1 },
        { INTRO "Requirements\n- Python\nDesired skills\n- 4+ years of experience", 48 },
        { INTRO "Requirements\n- Python\n- (Preferred) 2+ years in a team", -1 },
        { INTRO "Requirements\n- Minimum 3 years, 5+ years preferred, of experience", 36 },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(extractor_close) struct extractor *x = shipped_extractor(&a, &c);
    struct diag d = { 0 };

    (void)state;
    CHECK(x);
    for (size_t i = 0; x && i < ARRAY_LEN(years); i++) {
        const struct listing l = { .title = STR("Engineer"), .text = str_of(years[i].text) };
        struct signal s = { 0 };

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0, i);
        CHECK_ROW(s.experience.min_months == years[i].want, i);
    }
}

/* Where a field says no more than "India", or nothing at all. */
static void a_city_may_stand_in_title_or_text(void **state)
{
    static const struct {
        const char *title, *company, *place, *text;
        const char *city, *country; /* city "": none */
    } ads[] = {
        { "ML Engineer (Pune - Remote)", "Acme", "India", INTRO, "Pune", "IN" },
        { "ML Engineer", "Acme", "India", INTRO "You join us in Kochi, India.", "Kochi", "IN" },
        { "ML Engineer", "Acme", "Remote - India", INTRO "You are based in Noida.", "Noida", "IN" },
        { "ML Engineer", "Acme", "India", INTRO, "", "IN" },
        { "ML Engineer, Pune", "Acme", "Berlin, Germany", INTRO, "Berlin", "DE" },
        { "ML Engineer", "Acme Pvt Ltd", "", "What we do is good.", "", "IN" },
        { "ML Engineer", "Acme Ltd", "", "What we do is good.", "", "" },
        { "ML Engineer - Pune", "Acme", "", INTRO, "Pune", "IN" },
        { "ML Engineer (India only)", "Acme", "", INTRO, "", "IN" },
        { "Engineer, ML", "Acme", "", INTRO, "", "" },
        { "ML Engineer - Berlin", "Acme", "", INTRO, "", "" },
        { "ML Engineer - Berlin", "Acme", "Anywhere", INTRO, "Berlin", "DE" },
        { "ML Engineer", "Acme", "", INTRO "The job is based at our Pune office.", "Pune", "IN" },
        { "ML Engineer", "Acme", "", INTRO "It is based at our own Berlin office.", "", "" },
        { "ML Engineer", "Acme", "", "What we do.\nWorksite: Kochi", "Kochi", "IN" },
        { "Engineer", "Acme", "Acme | Backend Dev, Frontend Dev, ML/NLP Lead", "What we do.", "",
          "" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(extractor_close) struct extractor *x = shipped_extractor(&a, &c);

    (void)state;
    CHECK(x);
    for (size_t i = 0; x && i < ARRAY_LEN(ads); i++) {
        struct str place = str_of(ads[i].place);
        const struct listing l = { .title = str_of(ads[i].title),
                                   .company = str_of(ads[i].company),
                                   .places = { &place, place.n > 0, 1 },
                                   .text = str_of(ads[i].text) };
        struct signal s = { 0 };
        struct diag d = { 0 };

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0, i);
        CHECK_ROW(s.n_places == (*ads[i].country ? 1U : 0U), i);
        if (s.n_places) {
            CHECK_STR(s.places[0].city, str_of(ads[i].city), i);
            CHECK_STR(s.places[0].country, str_of(ads[i].country), i);
        }
    }
}

/* A road map, or whom one mentors, says nothing of this path where the job is none of it. */
static void another_jobs_bullets_lift_no_stage(void **state)
{
    static const struct {
        const char *title;
        int want;
    } jobs[] = { { "Platform Engineer", 5 }, { "Accountant", 4 } };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(extractor_close) struct extractor *x = shipped_extractor(&a, &c);

    (void)state;
    CHECK(x);
    for (size_t i = 0; x && i < ARRAY_LEN(jobs); i++) {
        const struct listing l = {
            .title = str_of(jobs[i].title),
            .text = STR(INTRO "Responsibilities\n- Own the roadmap\n- Mentor juniors\n"
                              "Requirements\n- 4+ years of experience"),
        };
        struct signal s = { 0 };
        struct diag d = { 0 };

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0, i);
        CHECK_ROW(s.stage == jobs[i].want, i);
    }
}

/* Who asks and who only wishes, in the words of the shipped rules. */
static void wishes_end_where_the_next_demand_begins(void **state)
{
    static const struct {
        const char *text;
        enum polarity want; /* of Kubernetes */
    } said[] = {
        { "Ten years, preferably at large firms Experience with Kubernetes", POLARITY_REQUIRED },
        { "Optional: Experience with Kubernetes", POLARITY_PREFERRED },
        { "(Good to have) Understanding of Kubernetes", POLARITY_PREFERRED },
        { "Preferred candidate profile\nStrong Kubernetes", POLARITY_REQUIRED },
        { "Desired Skills and Experience\n- Kubernetes", POLARITY_REQUIRED },
        { "Suggested skills:\n- Kubernetes", POLARITY_PREFERRED },
        { "Acme is looking for people who run Kubernetes", POLARITY_REQUIRED },
        { "It would be great if you know Kubernetes", POLARITY_PREFERRED },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(extractor_close) struct extractor *x = shipped_extractor(&a, &c);
    struct diag d = { 0 };
    int64_t skill;

    (void)state;
    CHECK(x);
    skill = x ? extractor_find_skill(x, STR("kubernetes")) : -1;
    for (size_t i = 0; skill >= 0 && i < ARRAY_LEN(said); i++) {
        const struct listing l = { .title = STR("Engineer"),
                                   .company = STR("Acme"),
                                   .text = str_of(said[i].text) };
        enum polarity got = POLARITY_IGNORED;
        struct signal s = { 0 };

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0, i);
        for (size_t k = 0; k < s.n_mentions; k++)
            if (s.mentions[k].skill == (uint32_t)skill)
                got = s.mentions[k].polarity;
        CHECK_STR(str_of(polarity_name(got)), str_of(polarity_name(said[i].want)), i);
    }
}

static void a_strange_rule_is_refused(void **state)
{
    struct str unknown = STR("juggling");
    struct work_rule bad[] = {
        { .id = STR("a"), .kind = STR("sings") },
        { .id = STR("a"), .kind = STR("runs"), .skills = { &unknown, 1, 1 } },
    };
    static const char *const says[] = { "no such kind", "no skill juggling" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct rule_set set = { .work = { &bad[i], 1, 1 } };
        struct extractor *x = NULL;
        struct diag d = { 0 };

        CHECK_ROW(extractor_open(&x, &set, &d) == ERR_CONFIG, i);
        CHECK_ROW(strstr(d.text, says[i]) != NULL, i);
        extractor_close(&x);
    }
}

/* The last rule counts as the first does; there is room for no more. */
static void there_are_thirty_two_rules_at_most(void **state)
{
    enum { MOST = 32 };
    struct str serving = STR("model_serving"), cluster = STR("kubernetes"), delivery = STR("cicd");
    struct work_rule rules[MOST + 1];
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    const struct rule_set *shipped = shipped_rules(&a, &c);

    (void)state;
    CHECK(shipped);
    for (size_t i = 0; i <= MOST; i++)
        rules[i] = (struct work_rule){ .id = STR("serving"),
                                       .kind = STR("runs"),
                                       .skills = { &serving, 1, 1 } };
    rules[0].kind = rules[MOST - 1].kind = STR("platform");
    rules[0].skills.items = &cluster;
    rules[MOST - 1].skills.items = &delivery;
    for (size_t n = MOST; shipped && n <= MOST + 1; n++) {
        CLEANUP(extractor_close) struct extractor *x = NULL;
        const struct listing l = { .title = STR("Machine Learning Engineer"), .text = STR(RUNS) };
        struct rule_set set = *shipped;
        struct signal s = { 0 };
        struct diag d = { 0 };

        set.work.items = rules;
        set.work.n = n;
        CHECK_ROW(extractor_open(&x, &set, &d) == (n > MOST ? ERR_CONFIG : 0), n);
        CHECK_ROW(n <= MOST || strstr(d.text, "more rules than 32"), n);
        CHECK_ROW(!x || (extract(x, &l, &a, &s, &d) == 0 && s.family == FAMILY_CORE), n);
    }
}

RUN_TESTS(TEST(the_family_is_settled_by_title_and_work),
          TEST(a_wish_for_years_is_a_demand_only_where_nothing_else_is),
          TEST(a_city_may_stand_in_title_or_text), TEST(another_jobs_bullets_lift_no_stage),
          TEST(wishes_end_where_the_next_demand_begins), TEST(a_strange_rule_is_refused),
          TEST(there_are_thirty_two_rules_at_most))
