#include "test.h"

#include "tests/cli/spawn.h"

#define SKILL_FILE "rules/skills/mine.yaml"

#define SKILL "- id: zz\n  label: ZZ\n  aliases: [zzq]\n"

/* Each row: one file of a configuration, and what is said of it: where, what, and the hint. */
static const struct {
    const char *file, *text, *command, *says, *hint;
} rows[] = {
    { "roletide.yaml", "fetch: { gap_mss: 1 }\n", "check",
      "roletide.yaml:1:10: fetch has no key \"gap_mss\"", "did you mean \"gap_ms\"?" },
    { "roletide.yaml", "own_source: true\n", "check",
      "roletide.yaml:1:1: ", "did you mean \"own_sources\"?" },
    { "roletide.yaml", "fetch:\n  gap_ms: soon\n", "check", "roletide.yaml:2:11: gap_ms", NULL },
    { "roletide.yaml", "fetch:\n  gap_ms: -4\n", "check", "roletide.yaml:2:11: gap_ms", NULL },
    { "roletide.yaml", "fetch: [1\n", "check", "not YAML", NULL },
    { "roletide.yaml", "roadmap: nowhere\n", "check",
      "roletide.yaml:1:10: no roadmap is called \"nowhere\"", NULL },
    { SKILL_FILE, SKILL "  regex: 'zz(q'\n  find: [zz]\n  yes: [we use zzq]\n  no: [none]\n",
      "check", "mine.yaml:4:", NULL },
    { SKILL_FILE, SKILL "  yes: [we use zzq]\n  no: [zzq is out]\n", "check",
      "mine.yaml:5:", NULL },
    { SKILL_FILE, SKILL "  yes: [we use none]\n  no: [none]\n", "check",
      "mine.yaml:4:9: zz: not found in \"we use none\"", NULL },
    { SKILL_FILE, SKILL "  yes: [we use none]\n  no: [none]\n", "rules",
      "mine.yaml:4:9: zz: not found in \"we use none\"", NULL },
    { SKILL_FILE, SKILL "  implies: [kubernete]\n  yes: [we use zzq]\n  no: [none]\n", "check",
      "mine.yaml:4:13: skill zz: implies: no other skill \"kubernete\"", NULL },
    { SKILL_FILE, SKILL, "check", "needs a yes and a no sentence", NULL },
    { "sources/mine.yaml",
      "- { adapter: greenhouse, params: { token: t, base: 'http://127.0.0.1:9' } }\n", "check",
      "mine.yaml:1:52: http://127.0.0.1:9: names this machine", "--allow-loopback" },
    { "sources/mine.yaml",
      "- { adapter: greenhouse, params: { token: t, base: 'http://127.0.0.1:9' } }\n", "crawl",
      "mine.yaml:1:52: http://127.0.0.1:9: names this machine", "--allow-loopback" },
    { "sources/mine.yaml", "- { adapter: greenhous, params: { token: t } }\n", "check",
      "mine.yaml:1:14: no adapter is called \"greenhous\"", "did you mean \"greenhouse\"?" },
    { "sources/mine.yaml", "- { adapter: greenhouse, params: {} }\n", "check",
      "the parameter token is missing", NULL },
    { "sources/mine.csv", "adapter,token\ngreenhous,t\n", "check",
      "mine.csv:2:1: no adapter is called \"greenhous\"", "did you mean" },
};

static void a_bad_configuration_is_named_by_file_line_and_column(void **state)
{
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *folder = scratch_folder(&a, "config");
        const char *word = rows[i].command;
        bool checks = str_eq(str_of(word), STR("check")),
             rules = str_eq(str_of(word), STR("rules"));
        struct spawned s;

        scratch_file(&a, folder, rows[i].file, str_of(rows[i].text));
        s = spawn(&a, "--config", folder, "--state", SCRATCH_DIR "/config/state",
                  checks ? "config" : word, rules || checks ? "check" : NULL);
        CHECK_ROW(s.status == 78, i);
        CHECK_ROW(s.out.n == 0, i);
        CHECK_ROW(str_starts(s.err, STR("roletide: " SCRATCH_DIR "/config/")), i);
        CHECK_ROW(count_of(s.err, STR("\n")) == (rows[i].hint ? 2 : 1), i);
        CHECK_ROW(str_find(s.err, str_of(rows[i].says)) >= 0, i);
        CHECK_ROW(!rows[i].hint || str_find(s.err, str_of(rows[i].hint)) > 0, i);
        if (test_failures)
            fprintf(stderr, "row %zu says: " STR_FMT, i, STR_ARG(s.err));
    }
    arena_free(&a);
}

static void a_rule_of_ones_own_is_read_with_the_shipped_ones(void **state)
{
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "own-rule");
    struct spawn_options in = {
        .in = STR("{\"id\":1,\"title\":\"MLOps Engineer\",\"description\":\"You know zzq.\"}\n")
    };
    struct spawned s;

    (void)state;
    scratch_file(&a, folder, SKILL_FILE, STR(SKILL "  yes: [we use zzq]\n  no: [we use zz]\n"));
    s = spawn(&a, "--config", folder, "config", "check");
    CHECK(s.status == 0);
    s = spawn_with(&a, &in, (const char *const[]){ "--config", folder, "extract", NULL });
    CHECK(s.status == 0);
    CHECK(str_find(s.out, STR("\"zz\"")) > 0);
    arena_free(&a);
}

static void a_setting_says_where_it_comes_from(void **state)
{
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "origin");
    struct spawned s;

    (void)state;
    scratch_file(&a, folder, "roletide.yaml", STR("fetch:\n  gap_ms: 77\n"));
    s = spawn(&a, "--config", folder, "--format", "csv", "config", "show", "--origin");
    CHECK(s.status == 0);
    CHECK(str_find(s.out, STR("fetch.gap_ms,77," SCRATCH_DIR "/origin/roletide.yaml:2:11")) > 0);
    CHECK(str_find(s.out, STR("fetch.contact,,default")) > 0);
    s = spawn(&a, "--config", SCRATCH_DIR "/origin/nowhere", "config", "check");
    CHECK(s.status == 78);
    arena_free(&a);
}

RUN_TESTS(TEST(a_bad_configuration_is_named_by_file_line_and_column),
          TEST(a_rule_of_ones_own_is_read_with_the_shipped_ones),
          TEST(a_setting_says_where_it_comes_from))
