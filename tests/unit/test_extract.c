#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/extract.h"
#include "test.h"

#define WORDS(name, ...) static struct str name[] = { __VA_ARGS__ }
#define LIST(name)                                                                                 \
    {                                                                                              \
        name, ARRAY_LEN(name), 0                                                                   \
    }
#define TEXT(s)                                                                                    \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }

WORDS(any_yes, TEXT("yes"));
WORDS(near_any, TEXT("any"));
WORDS(near_graph, TEXT("database"));
WORDS(azure_ml, TEXT("azure ml"));
WORDS(azure, TEXT("azure"));
WORDS(azure_devops, TEXT("azure devops"));
WORDS(devops, TEXT("devops"));
WORDS(ml, TEXT("=ML"));
WORDS(cloud_ids, TEXT("azure"));
WORDS(go, TEXT("golang"), TEXT("=?Go"));
WORDS(go_deny, TEXT("\\bGo[- ]to\\b"));
WORDS(python, TEXT("python"));
WORDS(snowflake, TEXT("=Snowflake"));
WORDS(serving_find, TEXT("deploy"), TEXT("deploying"));
WORDS(serving_regex, TEXT("deploy(?:ing)? (?:\\w+ ){0,3}models?\\b"));
WORDS(statistics, TEXT("statistics"));
WORDS(neptune, TEXT("=?Neptune"));
WORDS(graph, TEXT("neo4j"));
WORDS(eks, TEXT("=EKS"));
WORDS(k8s, TEXT("kubernetes"));
WORDS(k8s_ids, TEXT("kubernetes"));
WORDS(containers, TEXT("containers"));
WORDS(containers_ids, TEXT("containers"));

#define SKILL(name, kind)                                                                          \
    .id = TEXT(name), .label = TEXT(name), .category = TEXT(kind), .yes = LIST(any_yes),           \
    .no = LIST(any_yes)

static struct skill_rule skills[] = {
    { SKILL("azure_ml", "ml_platform"), .aliases = LIST(azure_ml), .implies = LIST(cloud_ids) },
    { SKILL("azure", "cloud"), .aliases = LIST(azure) },
    { SKILL("azure_devops", "vcs_ci"), .aliases = LIST(azure_devops), .implies = LIST(cloud_ids) },
    { SKILL("devops", "practice"), .aliases = LIST(devops), .practice = true },
    { SKILL("machine_learning", "ml_concept"), .aliases = LIST(ml), .practice = true,
      .generic = true },
    { SKILL("go", "language"), .aliases = LIST(go), .near = LIST(near_any), .deny = LIST(go_deny) },
    { SKILL("python", "language"), .aliases = LIST(python) },
    { SKILL("snowflake", "data_eng"), .aliases = LIST(snowflake) },
    { SKILL("model_serving", "serving"), .find = LIST(serving_find), .regex = LIST(serving_regex),
      .practice = true },
    { SKILL("statistics", "ml_concept"), .aliases = LIST(statistics), .practice = true },
    { SKILL("amazon_neptune", "database"), .aliases = LIST(neptune), .near = LIST(near_graph) },
    { SKILL("neo4j", "database"), .aliases = LIST(graph) },
    { SKILL("eks", "kubernetes"), .aliases = LIST(eks), .implies = LIST(k8s_ids) },
    { SKILL("kubernetes", "kubernetes"), .aliases = LIST(k8s), .implies = LIST(containers_ids) },
    { SKILL("containers", "container"), .aliases = LIST(containers) },
};

WORDS(degree, TEXT("degree"));
WORDS(not_required, TEXT("not required"));
WORDS(with, TEXT("experience with"));
static struct cue_rule cues[] = {
    { .cue = TEXT("degree"), .aliases = LIST(degree) },
    { .cue = TEXT("negated_back"), .aliases = LIST(not_required) },
    { .cue = TEXT("introducer"), .aliases = LIST(with) },
};

WORDS(required, TEXT("requirements"));
WORDS(blurb, TEXT("about us"));
static struct heading_rule headings[] = {
    { .section = TEXT("required"), .headings = LIST(required) },
    { .section = TEXT("blurb"), .headings = LIST(blurb) },
};

WORDS(phrases, TEXT("helm | @kubernetes"), TEXT("kubectl"), TEXT("=RBAC"));
static struct bullet_rule bullets[] = {
    { .id = TEXT("k8s"),
      .text = TEXT("Kubernetes basics"),
      .phrases = LIST(phrases),
      .rule = TEXT("eks AND (python OR go|azure)") },
};
static struct stage_rule stages[] = {
    { .stage = 2, .name = TEXT("two"), .bullets = { bullets, 1, 1 } }
};
static struct roadmap roadmaps[] = { { .id = TEXT("r"), .stages = { stages, 1, 1 } } };

static const struct rule_set rules = {
    .skills = { skills, ARRAY_LEN(skills), 0 },
    .cues = { cues, ARRAY_LEN(cues), 0 },
    .headings = { headings, ARRAY_LEN(headings), 0 },
    .roadmaps = { roadmaps, 1, 1 },
};

/* The strongest mention of each skill as "id:polarity", implied ones in brackets, by rule. */
static struct str summary(const struct extractor *x, struct arena *a, const struct signal *s)
{
    struct str all = STR("");

    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        if (i && s->mentions[i - 1].skill == m->skill)
            continue;
        all = str_printf(a, m->implied ? STR_FMT "%s(" STR_FMT ":%s)" : STR_FMT "%s" STR_FMT ":%s",
                         STR_ARG(all), all.n ? " " : "", STR_ARG(extractor_skill(x, m->skill)->id),
                         polarity_name(m->polarity));
    }
    return all;
}

static void says_what_an_ad_asks_for(void **state)
{
    static const struct {
        const char *title, *company, *text, *want;
    } rows[] = {
        { "", "", "", "" },
        /* a parent inside a name is stated; what is not implied is not there */
        { "", "", "Azure ML", "azure_ml:duty azure:duty" },
        { "", "", "Azure DevOps", "azure:duty azure_devops:duty" },
        { "", "", "EKS", "eks:duty (kubernetes:duty) (containers:duty)" },
        { "", "", "EKS\nRequirements\nKubernetes",
          "eks:duty kubernetes:required (containers:required)" },
        /* context */
        { "", "", "Python and Go", "go:duty python:duty" },
        { "", "", "Go team. Python", "python:duty" },
        { "", "", "Go\nPython", "python:duty" },
        { "", "", "Experience with Go", "go:duty" },
        { "", "", "Go to Python", "python:duty" },
        { "", "", "ML and Go", "machine_learning:duty" },
        { "", "", "Neo4j or Neptune", "amazon_neptune:duty neo4j:duty" },
        { "", "", "Python or Neptune", "python:duty" },
        /* a phrase by regex; the names inside stand for themselves */
        { "", "", "deploying new ML models", "machine_learning:duty model_serving:duty" },
        { "", "", "deploy a model. deploy it", "model_serving:duty" },
        /* not skills */
        { "", "Snowflake Inc.", "Snowflake and Python", "python:duty" },
        { "", "Snowflake Bakery", "Snowflake and Python", "python:duty snowflake:duty" },
        { "", "", "degree in statistics or Python", "python:duty" },
        { "", "", "see https://x.example/python, mail python@x.example", "" },
        /* polarity: the strongest decides */
        { "Python Developer", "", "", "python:stack" },
        { "Python Developer", "", "Requirements\nPython", "python:required" },
        { "", "", "About us\nPython", "python:ignored" },
        { "", "", "Python not required", "python:negated" },
        { "", "", "About us\nEKS not required", "eks:negated" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct diag d = { 0 };

    (void)state;
    assert_int_equal(extractor_open(&x, &rules, &d), 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct listing l = { .title = str_of(rows[i].title),
                             .company = str_of(rows[i].company),
                             .text = str_of(rows[i].text) };
        struct signal s;

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0, i);
        CHECK_STR(summary(x, &a, &s), str_of(rows[i].want), i);
    }
}

static void bullets_need_two_phrases_or_their_rule(void **state)
{
    static const struct {
        const char *text;
        size_t want;
    } rows[] = {
        { "Kubernetes", 0 },
        { "Kubernetes and helm", 0 }, /* the same phrase twice */
        { "Kubernetes with kubectl", 1 },
        { "helm, RBAC", 1 },
        { "helm, rbac", 0 },
        { "About us\nhelm, RBAC", 0 },
        { "EKS, Python", 1 },
        { "EKS, Azure", 1 },
        { "EKS", 0 },
        { "EKS. Python not required", 0 },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct diag d = { 0 };

    (void)state;
    assert_int_equal(extractor_open(&x, &rules, &d), 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct listing l = { .text = str_of(rows[i].text) };
        struct signal s;

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0, i);
        CHECK_ROW(s.n_bullets == rows[i].want, i);
    }
}

static void spans_lead_back_to_the_bytes_of_the_ad(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "we use  \xE2\x80\x9CPython\xE2\x80\x9D", "Python" },
        { "Azure\xC2\xA0ML", "Azure\xC2\xA0ML" },
        { "Py\xC2\xADthon", "Py\xC2\xADthon" },
        { "\xEF\xBC\xB0ython", "\xEF\xBC\xB0ython" },
        { "\xFF\xFE Python", "Python" }, /* broken UTF-8 is repaired: three bytes each */
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct diag d = { 0 };

    (void)state;
    assert_int_equal(extractor_open(&x, &rules, &d), 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct listing l = { .text = utf8_repair(&a, str_of(rows[i].text)) };
        struct signal s;

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0 && s.n_mentions, i);
        if (s.n_mentions)
            CHECK_STR(str_slice(l.text, s.mentions[0].start, s.mentions[0].end),
                      str_of(rows[i].want), i);
    }
}

static void a_board_that_shortens_the_pay_gives_way_to_the_ad(void **state)
{
    static const struct {
        const char *field, *text;
        int64_t min, max;
    } rows[] = {
        { "USD 97k - 164k", "The pay range is $97,870 - $164,410 a year.", 97870, 164410 },
        { "USD 97k - 164k", "The pay range is $99,870 - $164,410 a year.", 97000, 164000 },
        { "USD 97k - 164k", "The pay range is 97,870 - 164,410 EUR a year.", 97000, 164000 },
        { "USD 97,000 - 164,000", "The pay range is $97,870 - $164,410 a year.", 97000, 164000 },
        { "USD 97k - 164k", "We pay well.", 97000, 164000 },
        { "65k-95k USD", "The pay range is $180,000 - $225,000 a year.", 180000, 225000 },
        { "65k-95k USD", "The pay range is $90,000 - $125,000 a year.", 65000, 95000 },
        { "65k-95k USD", "The pay is $180 - $225 an hour.", 65000, 95000 },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct diag d = { 0 };

    (void)state;
    assert_int_equal(extractor_open(&x, &rules, &d), 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct listing l = { .title = STR("Engineer"),
                                   .salary = str_of(rows[i].field),
                                   .text = str_of(rows[i].text) };
        struct signal s = { 0 };

        CHECK_ROW(extract(x, &l, &a, &s, &d) == 0, i);
        CHECK_ROW(s.pay.annual_min == rows[i].min && s.pay.annual_max == rows[i].max, i);
    }
}

static void bad_rules_are_blamed(void **state)
{
    struct skill_rule bad[] = {
        { SKILL("a", "b"), .implies = LIST(python) },                         /* no such skill */
        { SKILL("a", "b"), .aliases = LIST(near_any), .near = LIST(python) }, /* no category */
        { SKILL("a", "b"), .find = LIST(python) }, /* find without regex */
        { .id = TEXT("a"), .category = TEXT("b"), .aliases = LIST(python) }, /* no sentences */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const struct rule_set set = { .skills = { &bad[i], 1, 1 } };
        struct extractor *x = NULL;
        struct diag d = { 0 };

        CHECK_ROW(extractor_open(&x, &set, &d) == ERR_CONFIG, i);
        CHECK_ROW(d.about != NULL, i);
        CHECK_ROW(x == NULL, i);
    }
}

static void a_rule_that_its_sentence_refutes_is_blamed(void **state)
{
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct diag d = { 0 };
    size_t n = 0;

    (void)state;
    assert_int_equal(extractor_open(&x, &rules, &d), 0);
    CHECK(extractor_prove(x, &n, &d) == ERR_CONFIG); /* "yes" names no skill */
    CHECK(d.about == any_yes[0].p);
}

static void the_vintage_names_the_rules(void **state)
{
    struct skill_rule other[ARRAY_LEN(skills)];
    struct rule_set set = rules;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    CLEANUP(extractor_close) struct extractor *y = NULL;
    struct diag d = { 0 };
    struct hash a, b;

    (void)state;
    memcpy(other, skills, sizeof(skills));
    other[3].deny = (struct strs)LIST(go_deny);
    set.skills.items = other;
    assert_int_equal(extractor_open(&x, &rules, &d), 0);
    assert_int_equal(extractor_open(&y, &set, &d), 0);
    a = extractor_vintage(x);
    b = extractor_vintage(y);
    CHECK(a.high != b.high || a.low != b.low);
}

static void more_skills_than_an_answer_can_number_are_refused(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct skill_rule *many = ARENA_NEW(&a, struct skill_rule, SKILLS_MAX + 1);
    struct rule_set too_many = { .skills = { .items = many, .n = SKILLS_MAX + 1 } };
    struct extractor *x = NULL;
    struct diag d = { 0 };

    (void)state;
    for (int i = 0; i <= SKILLS_MAX; i++)
        many[i].id = many[i].label = str_printf(&a, "skill-%d", i);
    CHECK(extractor_open(&x, &too_many, &d) == ERR_LIMIT);
    CHECK(d.about == many[SKILLS_MAX].id.p);
}

RUN_TESTS(TEST(says_what_an_ad_asks_for), TEST(bullets_need_two_phrases_or_their_rule),
          TEST(spans_lead_back_to_the_bytes_of_the_ad), TEST(bad_rules_are_blamed),
          TEST(a_board_that_shortens_the_pay_gives_way_to_the_ad),
          TEST(a_rule_that_its_sentence_refutes_is_blamed), TEST(the_vintage_names_the_rules),
          TEST(more_skills_than_an_answer_can_number_are_refused))
