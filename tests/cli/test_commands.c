#include "test.h"

#include <unistd.h>

#include "tests/cli/spawn.h"

#define WORDS(...)                                                                                 \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static void check_says(struct str text, const char *part, size_t row)
{
    if (part && str_find(text, str_of(part)) < 0) {
        test_failures++;
        fprintf(stderr, "row %zu: no \"%s\" in:\n" STR_FMT "\n", row, part, STR_ARG(text));
    }
}

static void help_and_version_are_answers_not_errors(void **state)
{
    static const struct {
        const char *words[4], *says;
    } rows[] = {
        { WORDS("--help"), "Usage: roletide" },
        { WORDS("-h"), "Commands" },
        { WORDS("--version"), "roletide 0." },
        { WORDS("demand", "--help"), "Usage: roletide demand" },
        { WORDS("--help", "demand"), "Usage: roletide demand" },
        { WORDS("roles", "-h"), "--since DATE" },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spawned s = spawn_with(&a, &(struct spawn_options){ 0 }, rows[i].words);

        CHECK_ROW(s.status == 0, i);
        CHECK_ROW(s.err.n == 0, i);
        check_says(s.out, rows[i].says, i);
    }
    arena_free(&a);
}

static void a_wrong_word_is_one_line_and_a_hint(void **state)
{
    static const struct {
        const char *words[5], *says, *hint;
    } rows[] = {
        { WORDS("frobnicate"), "roletide: no command frobnicate\n", "hint: roletide --help" },
        { WORDS("skills"), "roletide: no command skills\n", "hint: that is roletide demand" },
        { WORDS("status"), "roletide: no command status\n", "hint: that is roletide doctor" },
        { WORDS("demnd"), "roletide: no command demnd\n", "hint: did you mean roletide demand?" },
        { WORDS("roles", "--sinc", "2026-11-01"), "no option --sinc for roles",
          "did you mean --since?" },
        { WORDS("roles", "--zzzzzzzz"), "no option --zzzzzzzz", "roletide roles --help" },
        { WORDS("roles", "--now", "soon"), "--now: soon", NULL },
        { WORDS("roles", "--format", "xml"), "--format: xml: want table, json, jsonl, csv or tsv",
          NULL },
        { WORDS("demand", "--stage", "9"), "--stage: 9: want a number from 1 to 5", NULL },
        { WORDS("demand", "--stage"), "--stage", NULL },
        { WORDS("demand", "--rising", "--falling"), "one at a time", NULL },
        { WORDS("salary", "--required"), "--required: of which skill?", NULL },
        { WORDS("openings", "--required"), "--required: of which skill?", NULL },
        { WORDS("salary", "--track", "art"), "--track: art: want ml-platform", NULL },
        { WORDS("source", "frobnicate"), "source: want", "hint: roletide source" },
        { WORDS("robots-check", "one"), "want FILE AGENT URL", "hint: roletide robots-check" },
        { WORDS("crawl", "--source", "nobody:knows"), "no source nobody:knows",
          "hint: roletide source list" },
    };
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "words");
    const char *env = str_cstr(&a, str_printf(&a, "STATE_DIRECTORY=%s", folder));

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spawned s = spawn_with(&a, &(struct spawn_options){ .env = env }, rows[i].words);

        CHECK_ROW(s.status == 2, i);
        CHECK_ROW(s.out.n == 0, i);
        CHECK_ROW(str_starts(s.err, STR("roletide: ")), i);
        CHECK_ROW(count_of(s.err, STR("\n")) <= 2, i);
        check_says(s.err, rows[i].says, i);
        check_says(s.err, rows[i].hint, i);
    }
    arena_free(&a);
}

static void a_wrong_skill_is_named_with_the_nearest_there_is(void **state)
{
    static const struct {
        const char *words[5], *says, *hint;
    } rows[] = {
        { WORDS("demand", "kubernets"), "demand: kubernets: not known",
          "hint: did you mean \"kubernetes\"?" },
        { WORDS("demand", "--with", "mlfow"), "--with: mlfow: not known",
          "hint: did you mean \"mlflow\"?" },
        { WORDS("trend", "aifrlow"), "trend: aifrlow: not known",
          "hint: did you mean \"airflow\"?" },
        { WORDS("openings", "--skill", "dockr"), "--skill: dockr: not known",
          "hint: did you mean \"docker\"?" },
        { WORDS("stages", "--with", "pythn"), "--with: pythn: not known",
          "hint: did you mean \"python\"?" },
        { WORDS("demand", "--city", "Bangalor"), "--city: Bangalor: not known", "hint: did you" },
        { WORDS("demand", "zzzz"), "demand: zzzz: not known", "hint: roletide demand lists" },
        { WORDS("stages", "--city", "Qqqqqq"), "--city: Qqqqqq", "hint: roletide roles --by city" },
    };
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "skills");
    const char *env = str_cstr(&a, str_printf(&a, "STATE_DIRECTORY=%s", folder));
    struct spawn_options import = {
        .env = env,
        .in = STR("{\"id\":1,\"title\":\"MLOps Engineer\",\"company\":\"Palash\",\"location\":"
                  "\"Pune, India\",\"description\":\"You know Docker.\",\"source\":\"a\","
                  "\"first_seen\":\"2026-11-01\",\"last_seen\":\"2026-11-02\"}\n")
    };
    struct spawned s = spawn_with(&a, &import, (const char *const[])WORDS("import", "-"));

    (void)state;
    CHECK(s.status == 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        s = spawn_with(&a, &(struct spawn_options){ .env = env }, rows[i].words);
        CHECK_ROW(s.status == 2, i);
        CHECK_ROW(s.out.n == 0, i);
        CHECK_ROW(count_of(s.err, STR("\n")) == 2, i);
        check_says(s.err, rows[i].says, i);
        check_says(s.err, rows[i].hint, i);
    }
    arena_free(&a);
}

static void questions_without_a_store_say_what_to_do(void **state)
{
    static const char *const rows[][5] = {
        { NULL },
        WORDS("roles", "--format", "json"),
        WORDS("roles", "--since", "2026-11-01"),
        WORDS("demand"),
        WORDS("openings"),
        WORDS("salary"),
        WORDS("stages"),
        WORDS("show", "1"),
        WORDS("why", "1"),
        WORDS("why-not", "1"),
        WORDS("audit"),
        WORDS("sql", "SELECT 1"),
        WORDS("backup", SCRATCH_DIR "/no-store/copy.db"),
        WORDS("publish", SCRATCH_DIR "/no-store/feed"),
        WORDS("reparse"),
    };
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "no-store");
    const char *env = str_cstr(&a, str_printf(&a, "STATE_DIRECTORY=%s", folder));

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spawned s = spawn_with(&a, &(struct spawn_options){ .env = env }, rows[i]);

        CHECK_ROW(s.status == 1, i);
        CHECK_ROW(s.out.n == 0, i);
        CHECK_ROW(count_of(s.err, STR("\n")) == 2, i);
        check_says(s.err, folder, i);
        check_says(s.err, "\nhint: `roletide run`", i);
    }
    /* A question leaves nothing behind. */
    CHECK(access(SCRATCH_DIR "/no-store/roletide.db", F_OK) != 0);
    CHECK(access(SCRATCH_DIR "/no-store/copy.db", F_OK) != 0);
    CHECK(access(SCRATCH_DIR "/no-store/feed", F_OK) != 0);
    arena_free(&a);
}

static void sql_only_reads(void **state)
{
    static const struct {
        const char *query;
        bool allowed;
        const char *out;
    } rows[] = {
        { "SELECT count(*) AS n FROM v_posting", true, "n\n0\n" },
        { "SELECT skill FROM v_mention", true, "skill\n" },
        { "DELETE FROM posting", false, "" },
        { "DROP VIEW v_posting", false, "" },
        { "CREATE TABLE mine(x)", false, "" },
        { "PRAGMA user_version = 99", false, "" },
        { "ATTACH '" SCRATCH_DIR "/sql/other.db' AS other", false, "" },
        { "SELECT 1; DELETE FROM posting", false, "" },
        { "SELEKT 1", false, "" },
    };
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "sql");

    (void)state;
    scratch_file(&a, folder, "roletide.yaml", STR("own_sources: true\n"));
    CHECK(spawn(&a, "--config", folder, "--state", folder, "crawl").status == 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spawned s = spawn(&a, "--state", folder, "--format", "csv", "sql", rows[i].query);

        CHECK_ROW((s.status == 0) == rows[i].allowed, i);
        CHECK_STR(s.out, str_of(rows[i].out), i);
        CHECK_ROW(rows[i].allowed || str_starts(s.err, STR("roletide: ")), i);
    }
    struct spawned s = spawn(&a, "--state", folder, "--format", "jsonl", "sql",
                             "SELECT '0042' AS id, 42 AS n, 0.5 AS x, 9e999 AS inf, NULL AS none");

    CHECK_STR(s.out, STR("{\"id\":\"0042\",\"n\":42,\"x\":0.5,\"inf\":\"Inf\",\"none\":null}\n"),
              0);
    CHECK(access(SCRATCH_DIR "/sql/other.db", F_OK) != 0);
    arena_free(&a);
}

/* Who knows no view is told them: the list is of every view that docs/store.md describes. */
static void sql_alone_lists_the_views(void **state)
{
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "sql-views");
    struct spawned s, wrong;

    (void)state;
    scratch_file(&a, folder, "roletide.yaml", STR("own_sources: true\n"));
    CHECK(spawn(&a, "--config", folder, "--state", folder, "crawl").status == 0);
    s = spawn(&a, "--state", folder, "--format", "tsv", "sql");
    CHECK(s.status == 0);
    check_says(s.out, "view\tcolumns\n", 0);
    check_says(s.out, "\nv_source_was\tsource ", 1);
    check_says(s.out, "\nv_counted_opening\t", 2);
    wrong = spawn(&a, "--state", folder, "sql", "SELECT nothing FROM v_source");
    CHECK(wrong.status == 2);
    check_says(wrong.err, "\nhint: roletide sql lists the views and their columns\n", 3);
    arena_free(&a);
}

static void a_store_that_is_no_store_is_refused_and_left(void **state)
{
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "no-database");
    struct spawned s;

    (void)state;
    scratch_file(&a, folder, "roletide.db", STR("This is a letter, not a database."));
    scratch_file(&a, folder, "config/roletide.yaml", STR("own_sources: true\n"));
    s = spawn(&a, "--state", folder, "roles");
    CHECK(s.status == 65);
    CHECK(str_find(s.err, STR("roletide.db")) > 0);
    s = spawn(&a, "--state", folder, "--config", SCRATCH_DIR "/no-database/config", "crawl");
    CHECK(s.status == 65);
    CHECK(str_find(s.err, STR("roletide.db")) > 0);
    arena_free(&a);
}

RUN_TESTS(TEST(help_and_version_are_answers_not_errors), TEST(a_wrong_word_is_one_line_and_a_hint),
          TEST(a_wrong_skill_is_named_with_the_nearest_there_is),
          TEST(questions_without_a_store_say_what_to_do), TEST(sql_only_reads),
          TEST(sql_alone_lists_the_views), TEST(a_store_that_is_no_store_is_refused_and_left))
