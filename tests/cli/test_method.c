/* docs/method.md says what every figure means that a command or a feed prints. */
#include "test.h"

#include "core/cleanup.h"
#include "tests/cli/spawn.h"

/* What is asked of the store that the manual pages' examples come from. */
static const char *const questions[][6] = {
    { "--format", "json" },
    { "roles", "--format", "json" },
    { "roles", "--by", "stage", "--format", "json" },
    { "roles", "--by", "adapter", "--format", "json" },
    { "roles", "--by", "week", "--format", "json" },
    { "roles", "--since", "2026-10-01", "--format", "json" },
    { "demand", "--format", "json" },
    { "demand", "--with", "python", "--format", "json" },
    { "stages", "--format", "json" },
    { "stages", "--with", "python", "--format", "json" },
    { "salary", "--format", "json" },
    { "salary", "--stage", "3", "--format", "json" },
    { "salary", "--offer", "28L", "--years=4", "--format", "json" },
    { "openings", "--format", "json" },
    { "trend", "--format", "json" },
    { "trend", "kubernetes", "--format", "json" },
    { "alert", "--format", "json" },
};
static const char *const feeds[] = {
    "roles.json",    "skills.json",  "stages.json", "salary.json",
    "openings.json", "sources.json", "index.json",
};

static struct str read_file(struct arena *a, const char *path)
{
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    struct str ret = STR("");
    char part[4096];
    size_t n;

    while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
        ret = str_printf(a, STR_FMT STR_FMT, STR_ARG(ret), (int)n, part);
    return ret;
}

static bool is_defined(struct arena *a, struct str method, struct str key)
{
    return str_find(method, str_printf(a, "`" STR_FMT "`", STR_ARG(key))) >= 0;
}

/* Stages are numbered; these name what a figure is of, or hold some: their null is no figure. */
static bool is_name(struct str key)
{
    static const struct str names[] = { STR("id"), STR("url"), STR("track"), STR("pay") };
    int64_t number;

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(key, names[i]))
            return true;
    return str_int(key, &number);
}

/* The keys of a JSON text whose value is a number, a flag or null: how many, and each is defined.
 */
static int check_keys(struct arena *a, struct str method, struct str json, int row)
{
    int n = 0;

    for (size_t i = 0; i + 1 < json.n; i++) {
        size_t end = i + 1;
        struct str key, value;

        if (json.p[i] != '"')
            continue;
        while (end < json.n && json.p[end] != '"')
            end += json.p[end] == '\\' ? 2 : 1;
        key = str_slice(json, i + 1, end);
        value = str_trim(str_slice(json, end + 1, end + 40));
        i = end;
        if (!value.n || value.p[0] != ':')
            continue;
        value = str_trim(str_from(value, 1));
        if (!value.n || value.p[0] == '"' || value.p[0] == '{' || value.p[0] == '[' || is_name(key))
            continue;
        n++;
        if (!is_defined(a, method, key))
            CHECK_STR(key, STR("(defined in docs/method.md)"), row);
    }
    return n;
}

/* Names in the first line of a CSV file, or before a blank or a brace in lines of metrics. */
static int check_names(struct arena *a, struct str method, struct str text, bool csv, int row)
{
    struct str rest = csv ? str_cut(&text, '\n') : text;
    int n = 0;

    while (rest.n) {
        struct str word = str_trim(str_cut(&rest, csv ? ',' : '\n'));

        if (!csv) {
            struct str line = word;

            word = str_cut(&line, ' ');
            line = word;
            word = str_cut(&line, '{');
        }
        if (!word.n || word.p[0] == '#' || str_eq(word, STR("day")))
            continue;
        n++;
        if (!is_defined(a, method, word))
            CHECK_STR(word, STR("(defined in docs/method.md)"), row);
    }
    return n;
}

static struct spawned ask(struct arena *a, const char *const *words)
{
    const char *all[12] = { "--state", SCRATCH_DIR "/method", "--now", "2026-11-10T14:30:00Z" };

    for (size_t i = 0; i < 7 && words[i]; i++)
        all[4 + i] = words[i];
    return spawn_with(a, &(struct spawn_options){ 0 }, all);
}

static void every_figure_that_is_printed_is_defined(void **state)
{
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "method");
    struct str method = read_file(&a, SOURCE_DIR "/docs/method.md");
    const char *example = SOURCE_DIR "/docs/man/example.jsonl";
    int n = 0;

    (void)state;
    CHECK(ask(&a, (const char *const[]){ "import", example, NULL }).status == 0);
    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        const char *words[8] = { NULL };
        struct spawned s;

        for (size_t k = 0; k < ARRAY_LEN(questions[i]); k++)
            words[k] = questions[i][k];
        s = ask(&a, words);
        CHECK_ROW(s.status == 0 && s.out.n > 0, i);
        n += check_keys(&a, method, s.out, (int)i);
    }
    CHECK(n > 1000);
    CHECK(ask(&a, (const char *const[]){ "publish", SCRATCH_DIR "/method/site", NULL }).status
          == 0);
    for (size_t i = 0; i < ARRAY_LEN(feeds); i++)
        CHECK_ROW(check_keys(&a, method,
                             read_file(&a, str_printf(&a, "%s/site/v1/%s", folder, feeds[i]).p),
                             100 + (int)i)
                      > 0,
                  i);
    CHECK(check_names(&a, method, read_file(&a, SCRATCH_DIR "/method/site/v1/history.csv"), true, 0)
          == 4);
    CHECK(check_names(&a, method, read_file(&a, SCRATCH_DIR "/method/site/metrics.prom"), false, 0)
          > 9);
    arena_free(&a);
}

/* The check sees what it is to see. */
static void a_figure_that_is_not_defined_is_found(void **state)
{
    struct arena a = ARENA_INIT;
    struct str doc = STR("`openings` are jobs; share is not in quotes");

    (void)state;
    CHECK(check_keys(&a, doc, STR("{\"openings\": 3, \"label\":\"x\", \"1\":2, \"id\":null}"), 0)
          == 1);
    CHECK(!is_defined(&a, doc, STR("share")) && !is_defined(&a, doc, STR("opening")));
    CHECK(test_failures == 0);
    fprintf(stderr, "two complaints follow, and are meant to\n");
    CHECK_ROW(check_keys(&a, doc, STR("{\"share\":0.5,\"low\":null}"), 0) == 2, 0);
    CHECK_ROW(test_failures == 2, test_failures);
    test_failures -= 2;
    arena_free(&a);
}

RUN_TESTS(TEST(every_figure_that_is_printed_is_defined),
          TEST(a_figure_that_is_not_defined_is_found))
