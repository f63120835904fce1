#include "test.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "site/escape.h"
#include "site/figures_json.h"
#include "site/publish.h"

#define HOSTILE_TITLE                                                                              \
    "ML <script>alert(1)</script> \"Ops\" & '\xE2\x80\xAEgnp' call +91 98765 43210"
#define HOSTILE_EMPLOYER "=cmd()|<img src=x onerror=alert(2)>"

enum { AS_OF = 1795500000, SKILLS = 12 };

struct fixture {
    struct skill_view skills[SKILLS];
    struct roadmap_view roadmap;
    struct place places[2];
    uint16_t asks[2];
    uint32_t asks_at[3], cities[3], cities_at[3];
    struct str city_names[3];
    struct posting_fact facts[2];
    struct opening openings[2];
    struct source_state sources[2];
    struct market market;
    struct roles roles;
    struct demand_row rows[SKILLS];
    struct demand demand, stage_demand[STAGES];
    struct bullet_view bullet;
    struct bullet_figures bullet_figures;
    struct stages stages;
    struct life life[STAGES + 1];
    struct salary salary, stage_salary[STAGES];
    struct series_row series[9];
    struct site_input in;
};

static void fill_market(struct fixture *f)
{
    f->places[0] = (struct place){ .city = STR("Bengaluru"), .country = STR("IN") };
    f->places[1] = (struct place){ .city = STR("Pune"), .country = STR("IN") };
    f->asks[0] = 1 << ASK_BITS | ASK_STATED | ASK_REQUIRED;
    f->asks[1] = 3 << ASK_BITS | ASK_STATED;
    f->asks_at[1] = f->asks_at[2] = 2;
    f->city_names[0] = STR("Bengaluru");
    f->city_names[1] = STR("Pune");
    f->city_names[2] = STR("Kochi"); /* named by a posting of the first that does not lead it */
    for (uint32_t i = 0; i < 3; i++)
        f->cities[i] = i;
    f->cities_at[1] = f->cities_at[2] = 3;
    f->facts[0] = (struct posting_fact){
        .posting = 7,
        .title = STR(HOSTILE_TITLE),
        .url = STR("javascript:alert(3)"),
        .signal = { .stage = 2,
                    .places = f->places,
                    .n_places = 2,
                    .experience = { .min_months = 30, .max_months = -1 },
                    .pay = { .annual_min = 2800000,
                             .currency = "INR",
                             .kind = PAY_CTC,
                             .period = PERIOD_YEAR } },
    };
    f->facts[1] = (struct posting_fact){
        .posting = 9,
        .title = STR("MLOps Engineer, mail asha@rupaka.example"),
        .url = STR("https://jobs.example/9?a=1&b=\"2\""),
        .signal = { .experience = { .min_months = -1, .max_months = -1 } },
        .places_text = STR("Somewhere"),
    };
    f->openings[0] = (struct opening){ .id = 7,
                                       .lead = &f->facts[0],
                                       .why = COUNTED,
                                       .employer_name = STR(HOSTILE_EMPLOYER),
                                       .first_proof = AS_OF - 9000,
                                       .last_proof = AS_OF };
    f->openings[1] = (struct opening){ .id = 9,
                                       .lead = &f->facts[1],
                                       .row = 1,
                                       .why = COUNTED,
                                       .employer_name = STR("Rupaka Labs"),
                                       .first_proof = AS_OF - 90,
                                       .last_proof = AS_OF };
    f->sources[0] = (struct source_state){ .row = { .key = STR("greenhouse:rupaka"),
                                                    .company = STR("Rupaka \"Labs\"\n"),
                                                    .attribution = STR("Jobs by <Rupaka>") },
                                           .last_reading = AS_OF,
                                           .last_proven = AS_OF,
                                           .open = 2 };
    f->sources[1] = (struct source_state){ .row = { .key = STR("lever:quiet") } };
    f->market = (struct market){ .at = AS_OF,
                                 .openings = f->openings,
                                 .n_openings = 2,
                                 .sheet = { .asks = f->asks,
                                            .asks_at = f->asks_at,
                                            .cities = f->cities,
                                            .cities_at = f->cities_at },
                                 .cities = f->city_names,
                                 .n_cities = 3,
                                 .skills = f->skills,
                                 .n_skills = SKILLS,
                                 .roadmap = &f->roadmap,
                                 .sources = f->sources,
                                 .n_sources = 2 };
}

static void fill_figures(struct fixture *f)
{
    static const char *const labels[SKILLS] = { "Docker",   "Kubernetes", "Terraform",
                                                "AWS",      "Python",     "MLflow",
                                                "CI/CD",    "Airflow",    "Prometheus",
                                                "Kubeflow", "vLLM",       "C++ <fast>" };

    for (int i = 0; i < SKILLS; i++) {
        double share = 0.92 - 0.075 * i;

        f->skills[i].id = f->skills[i].label = str_of(labels[i]);
        f->rows[i] = (struct demand_row){ .skill = &f->skills[i],
                                          .stated = 20 - i,
                                          .required = 12 - i,
                                          .lift = NAN,
                                          .trend = NAN,
                                          .demand = { 1225000 / (i + 1), 14, share, share - 0.15,
                                                      fmin(share + 0.12, 1), .too_few = i > 9 } };
    }
    f->demand = (struct demand){ 1234567, 14, 11.5, f->rows, SKILLS };
    f->bullet =
        (struct bullet_view){ .id = STR("s1.ci"),
                              .text = STR("Python + bash daily; one CI pipeline on every PR") };
    f->bullet_figures = (struct bullet_figures){ .bullet = &f->bullet,
                                                 .evidenced = { 9, 4, NAN, NAN, NAN, true },
                                                 .stale = true };
    f->roadmap.id = STR("mlops-engineer-in");
    f->roadmap.country = STR("IN");
    f->roadmap.role = STR("MLOps Engineer");
    for (int i = 0; i < STAGES; i++) {
        f->roadmap.stages[i].name = STR("Foundations & habits");
        f->roadmap.stages[i].band_low = 1000000 * (i + 1);
        f->roadmap.stages[i].band_high = 1900000 * (i + 1);
        f->stages.stage[i] = (struct stage_figures){
            .openings = 5 + i,
            .employers = 4,
            .years = { .p25 = 1.5, .p50 = 2, .p75 = 4, .n = 8 },
            .pay = { .pay = { .p25 = NAN, .p50 = i > 2 ? NAN : 1450000, .p75 = NAN, .n = 3 },
                     .disclosed = { 3, 3, .3, .2, .4, false },
                     .in_band = 3 },
            .bullets = &f->bullet_figures,
            .n_bullets = 1,
            .coverage = { .n = 20,
                          .employers = 12,
                          .met = { 4 * i, 3, 0.2 * i, 0.1 * i, 0.2 * i + .1, false } },
            .missing = f->rows + 6,
            .n_missing = 3
        };
        f->stage_demand[i] = f->demand;
        f->life[i] = (struct life){
            40, 12, 25, 3, i ? 31.4 : NAN, 27, i > 1 ? NAN : 36, { 4, 3, NAN, NAN, NAN, true }
        };
    }
}

static void fixture(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    fill_market(f);
    fill_figures(f);
    f->roles = (struct roles){ .openings = 1234567,
                               .employers = 14,
                               .postings = 1300000,
                               .by_stage = { 1, 2, 3, 4, 5, 6 },
                               .sources_read = 8,
                               .sources_failed = 1,
                               .has_change = true,
                               .panel_percent = 2.25,
                               .raw_openings = 31 };
    for (int i = 0; i < 9; i++)
        f->series[i] = (struct series_row){ 20770 + i, 30 + i * i / 4 - (i == 5) * 4, 40 + i, 8,
                                            i ? 100 + i : NAN };
    f->in = (struct site_input){ .as_of = AS_OF,
                                 .url = STR("https://jobs.example/live/"),
                                 .market = &f->market,
                                 .roles = &f->roles,
                                 .demand = &f->demand,
                                 .stage_demand = f->stage_demand,
                                 .stages = &f->stages,
                                 .life = f->life,
                                 .salary = &f->salary,
                                 .stage_salary = f->stage_salary,
                                 .series = f->series,
                                 .n_series = 9 };
}

#define FOLDER SCRATCH_DIR "/site_test"

static struct str file_bytes(struct arena *a, const char *name)
{
    CLEANUP(file_close) FILE *f = NULL;
    char path[512], part[4096];
    struct buf b = { 0 };
    struct str all;
    size_t n;

    snprintf(path, sizeof(path), "%s/%s", FOLDER, name);
    f = fopen(path, "r");
    while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, (struct str){ part, n });
    all = buf_take(&b, a);
    buf_release(&b);
    return all;
}

static const char *const files[] = {
    "index.html",     "badge.json",       "badge.svg",
    "roles.atom",     "feed.json",        "metrics.prom",
    "v1/roles.json",  "v1/skills.json",   "v1/stages.json",
    "v1/salary.json", "v1/openings.json", "v1/sources.json",
    "v1/index.json",  "v1/history.csv",   "v1/schema/roles.json",
};

static void every_file_is_written_and_a_second_time_untouched(void **state)
{
    struct arena a = ARENA_INIT;
    struct fixture f;
    struct diag d = { 0 };
    struct stat before[ARRAY_LEN(files)], after;
    char path[512];

    (void)state;
    fixture(&f);
    CHECK(site_publish(&f.in, FOLDER, &d) == 0);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", FOLDER, files[i]);
        CHECK_ROW(stat(path, &before[i]) == 0 && before[i].st_size > 0, i);
    }
    CHECK(site_publish(&f.in, FOLDER, &d) == 0);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", FOLDER, files[i]);
        CHECK_ROW(stat(path, &after) == 0 && after.st_ino == before[i].st_ino, i);
    }
    f.roles.openings++;
    CHECK(site_publish(&f.in, FOLDER, &d) == 0);
    snprintf(path, sizeof(path), "%s/badge.json", FOLDER);
    CHECK(stat(path, &after) == 0 && after.st_ino != before[1].st_ino);
    arena_free(&a);
}

static void the_page_has_its_line_and_counts_boards_and_cities_as_the_commands_do(void **state)
{
    static const char *const says[] = {
        "1 of 1 boards proven today, 1 failed", /* the one that was never asked is none */
        "12,34,567 open MLOps Engineer roles, salary band \342\202\27110L-95L a year on the page",
        "not in it: employers whose boards are not read",
        "Of 12,34,567 openings those that name the city",
        "<th scope=\"row\">Kochi</th>",
    };
    struct arena a = ARENA_INIT;
    struct fixture f;
    struct diag d = { 0 };
    struct str page;

    (void)state;
    fixture(&f);
    f.roles.sources_read = 1;
    CHECK(site_publish(&f.in, FOLDER, &d) == 0);
    page = file_bytes(&a, "index.html");
    for (size_t i = 0; i < ARRAY_LEN(says); i++)
        CHECK_ROW(str_find(page, str_of(says[i])) > 0, i);
    CHECK(str_find(file_bytes(&a, "roles.atom"), STR("Bengaluru, Pune, Kochi")) > 0);
    arena_free(&a);
}

static void what_sources_wrote_reaches_no_file_as_markup_or_as_personal_data(void **state)
{
    static const char *const never[] = { "<script>alert", "<img src=x", "javascript:alert",
                                         "98765",         "asha@",      "\xE2\x80\xAE" };
    struct arena a = ARENA_INIT;
    struct fixture f;
    struct diag d = { 0 };

    (void)state;
    fixture(&f);
    CHECK(site_publish(&f.in, FOLDER, &d) == 0);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        bool json = strstr(files[i], ".json") != NULL;
        struct str text = file_bytes(&a, files[i]);

        for (size_t k = 0; k < ARRAY_LEN(never); k++) /* in a JSON string, markup is only text */
            if (!json || (k > 1 && k < 5))
                CHECK_ROW(str_find(text, str_of(never[k])) < 0, i * 100 + k);
    }
    arena_free(&a);
}

static size_t elements_named(const xmlNode *n, const char *name)
{
    size_t found = 0;

    for (; n; n = n->next)
        found += (n->type == XML_ELEMENT_NODE && !strcmp((const char *)n->name, name))
                 + elements_named(n->children, name);
    return found;
}

static void the_page_and_the_feeds_parse(void **state)
{
    static const char *const xml[] = { "roles.atom", "badge.svg" };
    struct arena a = ARENA_INIT;
    struct fixture f;
    struct diag d = { 0 };
    struct str text;
    xmlDoc *doc;

    (void)state;
    fixture(&f);
    CHECK(site_publish(&f.in, FOLDER, &d) == 0);
    text = file_bytes(&a, "index.html");
    doc = htmlReadMemory(text.p, (int)text.n, NULL, "utf-8", HTML_PARSE_NOERROR | HTML_PARSE_NONET);
    CHECK(doc && elements_named(doc->children, "script") == 0);
    CHECK(doc && elements_named(doc->children, "img") == 0);
    CHECK(doc && elements_named(doc->children, "article") == STAGES);
    CHECK(str_find(text, STR("{{")) < 0 && str_find(text, STR("12,34,567")) > 0);
    xmlFreeDoc(doc);
    for (size_t i = 0; i < ARRAY_LEN(xml); i++) {
        text = file_bytes(&a, xml[i]);
        doc = xmlReadMemory(text.p, (int)text.n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
        CHECK_ROW(doc != NULL, i);
        xmlFreeDoc(doc);
    }
    xmlCleanupParser();
    arena_free(&a);
}

static void what_is_not_known_is_null(void **state)
{
    struct arena a = ARENA_INIT;
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    struct fixture f;

    (void)state;
    fixture(&f);
    opening_json(&j, NULL, &f.market, &f.openings[1], &a);
    CHECK_STR(
        buf_str(&b),
        STR("{\"id\":9,\"title\":\"MLOps Engineer, mail [e-mail]\",\"employer\":\"Rupaka "
            "Labs\",\"places\":[\"Somewhere\"],\"mode\":\"unknown\",\"stage\":null,\"track\":"
            "null,\"years\":{\"min\":null,\"max\":null},\"pay\":null,\"skills\":[],\"url\":"
            "\"https://jobs.example/9?a=1&b=\\\"2\\\"\",\"first_proof\":\"2026-11-24T05:58:30Z\","
            "\"last_proof\":\"2026-11-24T06:00:00Z\"}"),
        0);
    buf_release(&b);
    j = (struct json_out){ .to = &b };
    opening_json(&j, NULL, &f.market, &f.openings[0], &a);
    CHECK(str_find(buf_str(&b), STR("\"places\":[\"Bengaluru\",\"Pune\",\"Kochi\"]")) > 0);
    buf_release(&b);
    arena_free(&a);
}

static void addresses_and_numbers_are_masked_and_nothing_else(void **state)
{
    static const struct {
        struct str in, want;
    } rows[] = {
        { STR("write to a.b+c@jobs.example.in now"), STR("write to [e-mail] now") },
        { STR("call 9876543210, or 080-4567 8901"), STR("call [phone], or [phone]") },
        { STR("+1 (415) 555-0100"), STR("[phone]") },
        { STR("Req 2026110045, 24x7, 5-8 years"), STR("Req 2026110045, 24x7, 5-8 years") },
        { STR("ML @ scale, C++ @home"), STR("ML @ scale, C++ @home") },
        { STR("R9876543210"), STR("R9876543210") },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_STR(mask_personal(&a, rows[i].in), rows[i].want, i);
    arena_free(&a);
}

static void a_csv_field_is_quoted_and_runs_nowhere(void **state)
{
    static const struct {
        struct str in, want;
    } rows[] = {
        { STR("plain"), STR("plain") },
        { STR("a,\"b\""), STR("\"a,\"\"b\"\"\"") },
        { STR("=1+2"), STR("'=1+2") },
        { STR("-x,y"), STR("\"'-x,y\"") },
    };
    struct buf b = { 0 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        b.n = 0;
        escape_csv(&b, rows[i].in);
        CHECK_STR(buf_str(&b), rows[i].want, i);
    }
    buf_release(&b);
}

RUN_TESTS(TEST(every_file_is_written_and_a_second_time_untouched),
          TEST(the_page_has_its_line_and_counts_boards_and_cities_as_the_commands_do),
          TEST(what_sources_wrote_reaches_no_file_as_markup_or_as_personal_data),
          TEST(the_page_and_the_feeds_parse), TEST(what_is_not_known_is_null),
          TEST(addresses_and_numbers_are_masked_and_nothing_else),
          TEST(a_csv_field_is_quoted_and_runs_nowhere))
