#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/check.h"
#include "config/config.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/pattern.h"
#include "test.h"

/* A file of a configuration; `path` begins with the layer: shipped/ or own/. */
struct file {
    const char *path, *text;
};

enum { FILES = 4 };

/* An empty configuration of two layers, each with the folders that a file may need. */
static struct str new_folder(struct arena *a)
{
    static const char *const folders[] = { "",       "/adapters",     "/sources",
                                           "/rules", "/rules/skills", "/roadmaps" };
    char name[] = SCRATCH_DIR "/config_XXXXXX";

    assert_non_null(mkdtemp(name));
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        assert_int_equal(mkdir(str_printf(a, "%s/shipped%s", name, folders[i]).p, 0700), 0);
        assert_int_equal(mkdir(str_printf(a, "%s/own%s", name, folders[i]).p, 0700), 0);
    }
    return str_dup(a, str_of(name));
}

static void write_files(struct arena *a, struct str folder, const struct file *files, size_t n)
{
    for (size_t i = 0; i < n && files[i].path; i++) {
        CLEANUP(file_close)
        FILE *f = fopen(str_printf(a, STR_FMT "/%s", STR_ARG(folder), files[i].path).p, "wbe");

        assert_non_null(f);
        fputs(files[i].text, f);
    }
}

static void remove_folder(struct arena *a, struct str folder, const struct file *files, size_t n)
{
    static const char *const folders[] = { "/roadmaps", "/rules/skills", "/rules",
                                           "/sources",  "/adapters",     "" };

    for (size_t i = 0; i < n && files[i].path; i++)
        unlink(str_printf(a, STR_FMT "/%s", STR_ARG(folder), files[i].path).p);
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        rmdir(str_printf(a, STR_FMT "/shipped%s", STR_ARG(folder), folders[i]).p);
        rmdir(str_printf(a, STR_FMT "/own%s", STR_ARG(folder), folders[i]).p);
    }
    rmdir(str_cstr(a, folder));
}

static int load_files(struct arena *a, const struct file *files, size_t n, bool loopback,
                      struct config *ret, struct str *ret_folder, struct diag *d)
{
    struct str folder = new_folder(a);
    struct config_options opt = {
        .path = str_printf(a, STR_FMT "/own", STR_ARG(folder)).p,
        .shipped = str_printf(a, STR_FMT "/shipped", STR_ARG(folder)).p,
        .allow_loopback = loopback,
    };
    int err;

    write_files(a, folder, files, n);
    err = config_load(a, &opt, ret, d);
    remove_folder(a, folder, files, n);
    *ret_folder = folder;
    return err;
}

static const char board[] = "adapter: board\n"
                            "params:\n"
                            "  token: { help: the board, required: true }\n"
                            "  base: { default: 'https://boards.example' }\n"
                            "steps:\n"
                            "  - url: '{base}/{token}'\n"
                            "    name: list\n"
                            "    items: /jobs\n"
                            "fields:\n"
                            "  - { to: native_id, at: /id }\n"
                            "  - { to: title, at: /title }\n"
                            "  - { to: url, at: /url }\n";

static void every_error_says_file_line_and_column(void **state)
{
    static const struct {
        struct file files[FILES];
        const char *want; /* the message begins so, after the folder */
        const char *hint;
    } rows[] = {
        { { { "own/roletide.yaml", "fetch:\n  gap_sm: 5\n" } },
          "own/roletide.yaml:2:3: fetch has no key \"gap_sm\"",
          "did you mean \"gap_ms\"?" },
        { { { "own/roletide.yaml", "fetch:\n  gap_ms: soon\n" } },
          "own/roletide.yaml:2:11: gap_ms: must be a whole number",
          "" },
        { { { "own/roletide.yaml", "fetch:\n  gap_ms: '5'\n" } },
          "own/roletide.yaml:2:11: gap_ms: must be a whole number",
          "" },
        { { { "own/roletide.yaml", "fetch: { gap_ms: }\n" } },
          "own/roletide.yaml:1:18: gap_ms: must be a whole number",
          NULL },
        { { { "own/roletide.yaml", "fetch:\n  max_redirects: 21\n" } },
          "own/roletide.yaml:2:18: max_redirects: 21 is not within 1..20",
          "" },
        { { { "own/roletide.yaml", "run_limit_s: 99999999999999999999\n" } },
          "own/roletide.yaml:1:14: run_limit_s: must be a whole number",
          "" },
        { { { "own/roletide.yaml", "allow_loopback: yes\n" } },
          "own/roletide.yaml:1:17: allow_loopback: must be true or false",
          "" },
        { { { "own/roletide.yaml", "site_title: [a]\n" } },
          "own/roletide.yaml:1:13: site_title: must be a text",
          "" },
        { { { "own/roletide.yaml", "- fetch\n" } },
          "own/roletide.yaml:1:1: the settings is a mapping of keys to values",
          "" },
        { { { "own/roletide.yaml", "fetch: 5\n" } },
          "own/roletide.yaml:1:8: fetch is a mapping of keys to values",
          "" },
        { { { "own/roletide.yaml", "fetch: {}\nfetch: {}\n" } },
          "own/roletide.yaml:2:1: the key \"fetch\" was already given in line 1",
          "" },
        { { { "own/roletide.yaml", "roadmap: mlops-enginer-in\n" },
            { "own/roadmaps/r.yaml",
              "id: mlops-engineer-in\ntitle: T\nstages: [{ stage: 1, name: N }]\n" } },
          "own/roletide.yaml:1:10: no roadmap is called \"mlops-enginer-in\"",
          "did you mean \"mlops-engineer-in\"?" },
        { { { "own/adapters/a.yaml", "" } },
          "own/adapters/a.yaml:1:1: an adapter is a mapping of keys to values",
          "" },
        { { { "own/adapters/a.yaml", "adapter: a\n" } },
          "own/adapters/a.yaml:1:10: an adapter needs steps, or policy off and a reason",
          "" },
        { { { "own/adapters/a.yaml", "adapter:\nsteps: []\n" } },
          "own/adapters/a.yaml:1:9: adapter: must be given",
          "" },
        { { { "own/adapters/a.yaml", "adapter: a\nsteps:\n  - url: x\n    decode: jsom\n" } },
          "own/adapters/a.yaml:4:13: decode: \"jsom\" is not known",
          "did you mean \"json\"?" },
        { { { "own/adapters/a.yaml", "adapter: a\nsteps: [{ url: x, paging: { cup: 5 } }]\n" } },
          "own/adapters/a.yaml:2:29: paging has no key \"cup\"",
          "did you mean \"cap\"?" },
        { { { "own/adapters/a.yaml", "adapter: a\nsteps: []\nfields:\n  - { to: x, wher: y }\n" } },
          "own/adapters/a.yaml:4:14: a row has no key \"wher\"",
          NULL },
        { { { "own/adapters/a.yaml", "adapter: a\nsteps: []\nnamespaces: { 'a=b': x }\n" } },
          "own/adapters/a.yaml:3:15: namespaces: a name cannot hold \"=\"",
          "" },
        { { { "own/adapters/linkedin.yaml",
              "adapter: linkedin-jobs\nsteps: [{ url: 'https://x.example' }]\n" } },
          "own/adapters/linkedin.yaml:1:10: adapter linkedin-jobs: LinkedIn's terms forbid",
          "" },
        { { { "own/sources/a.yaml", "- { adapter: Naukri, params: { q: x } }\n" } },
          "own/sources/a.yaml:1:14: no adapter is called \"Naukri\": Naukri's terms forbid",
          "" },
        { { { "own/adapters/b.yaml", board },
            { "own/adapters/c.yaml", "adapter: c\nvariant_of: boad\npolicy: off\nwhy: x\n" } },
          "own/adapters/c.yaml:2:13: no adapter is called \"boad\"",
          "did you mean \"board\"?" },
        { { { "own/adapters/b.yaml", board },
            { "own/adapters/c.yaml",
              "adapter: c\ndetail_fields_of: boad\npolicy: off\nwhy: x\n" } },
          "own/adapters/c.yaml:2:19: no adapter is called \"boad\"",
          NULL },
        { { { "own/adapters/b.yaml", board },
            { "own/sources/a.yaml", "- adapter: boad\n  params: { token: x }\n" } },
          "own/sources/a.yaml:1:12: no adapter is called \"boad\"",
          "did you mean \"board\"?" },
        { { { "own/adapters/b.yaml", board },
            { "own/sources/a.yaml", "- adapter: board\n  params: { token: [x] }\n" } },
          "own/sources/a.yaml:2:20: params: must be a text for each name",
          "" },
        { { { "own/adapters/b.yaml", board }, { "own/sources/a.yaml", "adapter: board\n" } },
          "own/sources/a.yaml:1:1: must be a list, each of them a source",
          "" },
        { { { "own/adapters/b.yaml", board },
            { "own/sources/a.yaml", "- { adapter: board, params: { token: x } }\n" },
            { "own/sources/b.csv", "adapter,token\nboard,y\nboard,x\n" } },
          "own/sources/b.csv:3:1: \"board:x\" already stands at ",
          "" },
        { { { "own/adapters/b.yaml", board },
            { "own/sources/b.csv", "adapter,token,policy\nboard,y,never\n" } },
          "own/sources/b.csv:2:9: policy: \"never\" is not known",
          NULL },
        { { { "own/rules/skills/x.yaml", "- id: a\n  label: A\n  alias: [a]\n" } },
          "own/rules/skills/x.yaml:3:3: a skill has no key \"alias\"",
          "did you mean \"aliases\"?" },
        { { { "own/rules/skills/x.yaml", "- id: a\n" } },
          "own/rules/skills/x.yaml:1:3: a skill needs the key \"label\"",
          "" },
        { { { "own/rules/skills/x.yaml", "- id: a\n  label: A\n  aliases: [a, [b]]\n" } },
          "own/rules/skills/x.yaml:3:16: aliases: must be a list of texts",
          "" },
        { { { "own/rules/skills/x.yaml", "- id: a\n  label: A\n  aliases: { a: b }\n" } },
          "own/rules/skills/x.yaml:3:12: aliases: must be a list of texts",
          "" },
        { { { "own/rules/titles.yaml", "- { id: x, kind: cor, regex: y }\n" } },
          "own/rules/titles.yaml:1:18: kind: \"cor\" is not known",
          "did you mean \"core\"?" },
        { { { "own/rules/headings.yaml", "- a\n" } },
          "own/rules/headings.yaml:1:1: must be a mapping of names, each of them a section",
          "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct diag d = { 0 };
        struct config c;
        struct str folder, got;

        CHECK_ROW(load_files(&a, rows[i].files, FILES, false, &c, &folder, &d) == ERR_CONFIG, i);
        got = str_of(d.text);
        CHECK_ROW(str_starts(got, folder), i);
        got = str_slice(got, folder.n + 1, folder.n + 1 + strlen(rows[i].want));
        CHECK_STR(got, str_of(rows[i].want), i);
        if (rows[i].hint)
            CHECK_STR(str_of(d.hint), str_of(rows[i].hint), i);
    }
}

static void a_later_layer_wins_and_keeps_the_place(void **state)
{
    static const struct file files[] = {
        { "shipped/roletide.yaml",
          "site_title: shipped\nrun_limit_s: 100\nfetch: { gap_ms: 7 }\n" },
        { "own/roletide.yaml", "site_title: own\nfetch: { timeout_s: 9 }\n" },
        { "shipped/rules/skills/x.yaml",
          "- { id: a, label: A }\n- { id: b, label: B }\n- { id: c, label: C }\n" },
        { "own/rules/skills/y.yaml",
          "- { id: b, label: Bee, category: own }\n- { id: d, label: D }\n" },
        { "shipped/rules/cues.yaml", "- { cue: preferred, aliases: [x] }\n- { cue: required }\n" },
        { "own/rules/cues.yaml", "- { cue: negated, aliases: no }\n" },
        { "shipped/rules/headings.yaml", "one: [a, b]\ntwo: { headings: c, says: [d] }\n" },
        { "own/rules/headings.yaml", "one: e\n" },
        { "shipped/employers.yaml", "- { employer: nobody, aliases: [Confidential] }\n"
                                    "- { employer: Kaveri, aliases: [Kaveri Labs] }\n" },
        { "own/employers.yaml", "- { employer: Kaveri, aliases: [Cauvery, Kavery] }\n" },
    };
    static const char *const labels[] = { "A", "Bee", "C", "D" };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    struct config c;
    struct str folder;

    (void)state;
    assert_int_equal(load_files(&a, files, ARRAY_LEN(files), false, &c, &folder, &d), 0);
    CHECK_STR(c.settings.site_title, STR("own"), 0);
    CHECK(c.settings.run_limit_s == 100 && c.settings.keep_bodies_days == 90);
    CHECK(c.settings.fetch.gap_ms == 7 && c.settings.fetch.timeout_s == 9);
    assert_int_equal(c.rules.skills.n, ARRAY_LEN(labels));
    for (size_t i = 0; i < ARRAY_LEN(labels); i++)
        CHECK_STR(c.rules.skills.items[i].label, str_of(labels[i]), i);
    CHECK_STR(c.rules.skills.items[0].category, STR("x"), 0);
    CHECK_STR(c.rules.skills.items[1].category, STR("own"), 0);
    CHECK(c.rules.cues.n == 1 && c.rules.cues.items[0].aliases.n == 1);
    assert_int_equal(c.rules.headings.n, 2);
    CHECK_STR(c.rules.headings.items[0].headings.items[0], STR("e"), 0);
    CHECK(c.rules.headings.items[1].says.n == 1);
    CHECK(c.employers.n == 2 && c.employers.items[0].aliases.n == 1);
    CHECK_STR(c.employers.items[1].aliases.items[1], STR("Kavery"), 0);
    CHECK_STR(config_origin_of(&c, &a, c.settings.site_title.p),
              str_printf(&a, STR_FMT "/own/roletide.yaml:1:13", STR_ARG(folder)), 0);
    CHECK_STR(config_origin_of(&c, &a, &c.settings.fetch.gap_ms),
              str_printf(&a, STR_FMT "/shipped/roletide.yaml:3:18", STR_ARG(folder)), 0);
    CHECK_STR(config_origin_of(&c, &a, &c.settings.keep_bodies_days), STR("default"), 0);
}

static void a_file_of_settings_stands_over_the_shipped_folder(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct str folder = new_folder(&a);
    const struct file files[] = { { "shipped/roletide.yaml", "run_limit_s: 100\n" },
                                  { "own/mine.yaml", "run_limit_s: 200\n" } };
    struct config_options opt = {
        .path = str_printf(&a, STR_FMT "/own/mine.yaml", STR_ARG(folder)).p,
        .shipped = str_printf(&a, STR_FMT "/shipped", STR_ARG(folder)).p,
    };
    struct diag d = { 0 };
    struct config c;

    (void)state;
    write_files(&a, folder, files, ARRAY_LEN(files));
    CHECK(config_load(&a, &opt, &c, &d) == 0 && c.settings.run_limit_s == 200);
    opt.path = str_printf(&a, STR_FMT "/own/none.yaml", STR_ARG(folder)).p;
    CHECK(config_load(&a, &opt, &c, &d) == ERR_CONFIG);
    CHECK_STR(str_of(d.text), str_printf(&a, "%s: No such file or directory", opt.path), 0);
    opt.shipped = "/nonexistent";
    CHECK(config_load(&a, &opt, &c, &d) == ERR_CONFIG);
    remove_folder(&a, folder, files, ARRAY_LEN(files));
}

static void sources_come_from_lists_and_spreadsheets(void **state)
{
    static const struct file files[] = {
        { "shipped/adapters/board.yaml", board },
        { "shipped/sources/a.yaml", "- adapter: board\n  params: { token: one }\n"
                                    "- { key: mine, adapter: board, params: [token=two] }\n" },
        { "own/sources/b.csv", "adapter,token,company,why_added\n"
                               "board,one,\"Tarang, Labs\",hiring\nboard,three,,\n" },
    };
    static const char *const keys[] = { "board:one", "mine", "board:three" };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    struct config c;
    struct str folder;

    (void)state;
    assert_int_equal(load_files(&a, files, ARRAY_LEN(files), false, &c, &folder, &d), 0);
    assert_int_equal(c.sources.n, ARRAY_LEN(keys));
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        CHECK_STR(c.sources.items[i].key, str_of(keys[i]), i);
    CHECK_STR(c.sources.items[0].company, STR("Tarang, Labs"), 0);
    CHECK_STR(c.sources.items[1].params.items[0], STR("token=two"), 0);
    CHECK_STR(config_origin_of(&c, &a, c.sources.items[0].params.items[0].p),
              str_printf(&a, STR_FMT "/own/sources/b.csv:2:7", STR_ARG(folder)), 0);
    CHECK(config_source(&c, STR("mine")) == &c.sources.items[1]);
    CHECK(!config_source(&c, STR("none")) && config_adapter(&c, STR("board")));
}

static void boards_on_this_machine_need_permission(void **state)
{
    static const struct {
        const char *base;
        bool refused;
    } rows[] = {
        { "http://localhost:8080", true },
        { "http://LOCALHOST/x", true },
        { "http://127.0.0.1", true },
        { "http://127.9.9.9:1/", true },
        { "http://[::1]:80/", true },
        { "http://0.0.0.0/", true },
        { "http://user@localhost/", true },
        { "http://a.localhost./", true },
        { "http://[::ffff:127.0.0.1]/", true },
        { "localhost:99", true },
        { "http://localhost#@x.example/", true },
        { "https://localhost.example", false },
        { "https://x.example/?u=//localhost", false },
        { "https://1127.example", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct diag d = { 0 };
        struct config c;
        struct str folder, text = str_printf(&a,
                                             "- adapter: board\n"
                                             "  params: { token: x, base: '%s' }\n",
                                             rows[i].base);
        const struct file files[] = { { "own/adapters/board.yaml", board },
                                      { "own/sources/a.yaml", text.p },
                                      { "own/roletide.yaml", "allow_loopback: true\n" } };
        int err = load_files(&a, files, 2, false, &c, &folder, &d);

        CHECK_ROW(err == (rows[i].refused ? ERR_CONFIG : 0), i);
        if (rows[i].refused)
            CHECK_ROW(str_find(str_of(d.text), STR("own/sources/a.yaml:2:29: ")) >= 0, i);
        CHECK_ROW(load_files(&a, files, 2, true, &c, &folder, &d) == 0, i);
        CHECK_ROW(c.settings.allow_loopback && c.settings.fetch.allow_loopback, i);
        CHECK_ROW(load_files(&a, files, 3, false, &c, &folder, &d) == 0, i);
    }
}

static void a_module_blames_a_value_and_the_user_sees_its_place(void **state)
{
    static const struct file files[] = {
        { "own/rules/skills/x.yaml",
          "- id: r\n  label: R\n  find: [r]\n  regex:\n    - 'r+'\n    - 'r('\n" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct pattern *p = NULL;
    struct diag d = { 0 };
    struct config c;
    struct str folder;

    (void)state;
    assert_int_equal(load_files(&a, files, ARRAY_LEN(files), false, &c, &folder, &d), 0);
    assert_int_equal(c.rules.skills.items[0].regex.n, 2);
    CHECK(pattern_compile(&p, c.rules.skills.items[0].regex.items[1], 0, &d) == ERR_CONFIG);
    config_locate(&c, &d);
    CHECK(str_find(str_of(d.text), STR("own/rules/skills/x.yaml:6:7: ")) >= 0);
    (void)diag_blame(&d, ERR_CONFIG, c.rules.skills.items[0].find.items[0].p + 1, "inside");
    config_locate(&c, &d);
    CHECK(str_ends(str_of(d.text), STR("x.yaml:3:10: inside")));
    (void)diag_blame(&d, ERR_CONFIG, files, "not of this configuration");
    config_locate(&c, &d);
    CHECK_STR(str_of(d.text), STR("not of this configuration"), 0);
}

struct seen {
    struct buf lines;
};

static void note(void *ctx, const struct config_setting *s)
{
    struct seen *seen = ctx;

    buf_printf(&seen->lines, STR_FMT "=" STR_FMT "%s\n", STR_ARG(s->key), STR_ARG(s->value),
               s->is_default ? "" : " set");
}

static void settings_are_shown_with_what_they_are(void **state)
{
    static const struct file files[] = { { "own/roletide.yaml",
                                           "fetch: { gap_ms: 5 }\nallow_loopback: true\n" } };
    static const char *const want[] = { "fetch.gap_ms=5 set\n", "fetch.timeout_s=60\n",
                                        "allow_loopback=true set\n", "run_limit_s=3000\n",
                                        "roadmap=mlops-engineer-in\n" };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct seen seen = { 0 };
    struct diag d = { 0 };
    struct config c;
    struct str folder;

    (void)state;
    assert_int_equal(load_files(&a, files, ARRAY_LEN(files), false, &c, &folder, &d), 0);
    config_each_setting(&c, &a, &seen, note);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        CHECK_ROW(str_find(buf_str(&seen.lines), str_of(want[i])) >= 0, i);
    buf_release(&seen.lines);
}

static void the_manual_names_each_key_with_its_range(void **state)
{
    static const char *const want[] = {
        "roletide.yaml\n",
        "        gap_ms: number 1..600000 (default 1000)\n",
        "    adapter: text (required)\n",
        "        decode: json|json_in_html|jsonld|sitemap|xml|html (default json)\n",
    };
    CLEANUP(buf_release) struct buf b = { 0 };

    (void)state;
    config_print_manual(&b);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        CHECK_ROW(str_find(buf_str(&b), str_of(want[i])) >= 0, i);
}

static void what_is_shipped_is_sound(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config_options opt = { .shipped = SOURCE_DIR "/config",
                                  .path = SOURCE_DIR "/config/roletide.yaml" };
    struct diag d = { 0 };
    struct config c;
    int err = config_load(&a, &opt, &c, &d);

    (void)state;
    if (err)
        fprintf(stderr, "%s\n%s\n", d.text, d.hint);
    assert_int_equal(err, 0);
    CHECK(c.adapters.n > 0 && c.rules.skills.n > 300 && c.rules.places.n > 0);
    CHECK(c.rules.roadmaps.n && c.rules.roadmaps.items[0].stages.n == 5);
}

RUN_TESTS(TEST(every_error_says_file_line_and_column), TEST(a_later_layer_wins_and_keeps_the_place),
          TEST(a_file_of_settings_stands_over_the_shipped_folder),
          TEST(sources_come_from_lists_and_spreadsheets),
          TEST(boards_on_this_machine_need_permission),
          TEST(a_module_blames_a_value_and_the_user_sees_its_place),
          TEST(settings_are_shown_with_what_they_are),
          TEST(the_manual_names_each_key_with_its_range), TEST(what_is_shipped_is_sound))
