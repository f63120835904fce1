#include <stdlib.h>
#include <string.h>

#include "config/csv.h"
#include "config/yaml_doc.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/nearest.h"
#include "test.h"

static void what_is_not_our_yaml_says_where(void **state)
{
    static const struct {
        struct str text;
        int err;
        const char *want; /* the beginning of the message */
    } rows[] = {
        { STR("a: 1\nb: 2\na: 3\n"), ERR_CONFIG,
          "f.yaml:3:1: the key \"a\" was already given in line 1" },
        { STR("a:\n  - {b: 1, b: 2}\n"), ERR_CONFIG, "f.yaml:2:12: the key \"b\"" },
        { STR("a: &x 1\nb: *x\n"), ERR_CONFIG, "f.yaml:1:4: aliases, anchors and tags" },
        { STR("a: *x\n"), ERR_CONFIG, "f.yaml:1:4: aliases, anchors and tags" },
        { STR("&a [*a, *a]\n"), ERR_CONFIG, "f.yaml:1:1: aliases, anchors and tags" },
        { STR("a: !!binary aGk=\n"), ERR_CONFIG, "f.yaml:1:4: aliases, anchors and tags" },
        { STR("a: 1\n--- \nb: 2\n"), ERR_CONFIG, "f.yaml:2:1: a second document" },
        { STR("a:\n\t- b\n"), ERR_CONFIG, "f.yaml:2:1: not YAML: " },
        { STR("a: [1, 2\nb: 3\n"), ERR_CONFIG, "f.yaml:2:2: not YAML: " },
        { STR("a: 'open\n"), ERR_CONFIG, "f.yaml:2:1: not YAML: " },
        { STR("ok: yes\nbad: \xff\xfe\n"), ERR_CONFIG, "f.yaml:2:6: not UTF-8 text: " },
        { STR("ok: \xc3\xa9\xc3\xa9 \x01\n"), ERR_CONFIG, "f.yaml:1:8: not UTF-8 text: " },
        { STR("a: \"x\\0y\"\n"), ERR_CONFIG, "f.yaml:1:4: a NUL character" },
        { STR("a: x\0y\n"), ERR_CONFIG, "f.yaml:1:5: not UTF-8 text: " },
        { STR("{a: 1}: 2\n"), ERR_CONFIG, "f.yaml:1:1: a key must be a word" },
        { STR("? [a, b]\n: 2\n"), ERR_CONFIG, "f.yaml:1:3: a key must be a word" },
        { STR("'': 2\n"), ERR_CONFIG, "f.yaml:1:1: a key must be a word" },
        { STR(": 2\n"), ERR_CONFIG, "f.yaml:1:1: not YAML: " },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct yaml_node *root;
        struct diag d = { 0 };

        CHECK_ROW(yaml_parse(&a, "f.yaml", rows[i].text, &root, &d) == rows[i].err, i);
        CHECK_STR(str_slice(str_of(d.text), 0, strlen(rows[i].want)), str_of(rows[i].want), i);
    }
}

static struct str repeated(struct buf *b, const char *part, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_add(b, str_of(part));
    return buf_str(b);
}

static void too_much_yaml_is_refused(void **state)
{
    static const struct {
        const char *part;
        size_t n;
        int err;
    } rows[] = {
        { "- ", YAML_MAX_DEPTH + 1, ERR_LIMIT },
        { "[", YAML_MAX_DEPTH + 2, ERR_LIMIT },
        { "[", 100 * 1000, ERR_LIMIT },
        { "{a: ", 100 * 1000, ERR_LIMIT },
        { "- - - -\n", 1000, 0 },
        { "- x\n", YAML_MAX_NODES, ERR_LIMIT },
        { "x", YAML_MAX_BYTES, 0 },
        { "x", YAML_MAX_BYTES + 1, ERR_LIMIT },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        CLEANUP(buf_release) struct buf b = { 0 };
        struct yaml_node *root;
        struct diag d = { 0 };
        struct str text = repeated(&b, rows[i].part, rows[i].n);

        CHECK_ROW(yaml_parse(&a, "f.yaml", text, &root, &d) == rows[i].err, i);
    }
}

static void a_mapping_has_a_bounded_number_of_keys(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(buf_release) struct buf b = { 0 };
    struct yaml_node *root;
    struct diag d = { 0 };

    (void)state;
    for (int i = 0; i < YAML_MAX_KEYS; i++)
        buf_printf(&b, "k%d: 1\n", i);
    CHECK(yaml_parse(&a, "f.yaml", buf_str(&b), &root, &d) == 0 && root->n == 2 * YAML_MAX_KEYS);
    buf_printf(&b, "one_more: 1\n");
    CHECK(yaml_parse(&a, "f.yaml", buf_str(&b), &root, &d) == ERR_LIMIT);
    CHECK_STR(str_of(d.text), STR("f.yaml:1025:1: more than 1024 keys in one mapping"), 0);
}

static void nodes_know_their_place(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct yaml_node *root;
    struct diag d = { 0 };

    (void)state;
    CHECK(yaml_parse(&a, "f.yaml", STR("# note\na:\n  - \xe2\x82\xb9: [x, 'y']\n"), &root, &d)
          == 0);
    CHECK(root->kind == NODE_MAP && root->line == 2 && root->column == 1);
    root = root->items[1]->items[0]->items[1];
    CHECK(root->kind == NODE_LIST && root->line == 3 && root->column == 8);
    CHECK(root->items[1]->column == 12 && !root->items[1]->plain && root->items[0]->plain);
    CHECK(yaml_parse(&a, "f.yaml", STR(""), &root, &d) == 0 && yaml_is_nothing(root));
    CHECK(yaml_parse(&a, "f.yaml", STR("# a comment alone\n"), &root, &d) == 0
          && yaml_is_nothing(root));
}

static bool is_key(struct str name)
{
    return str_eq(name, STR("adapter")) || str_eq(name, STR("company"));
}

static void csv_reads_as_rfc_4180_says(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct yaml_node *root = NULL, *map;
    struct diag d = { 0 };
    struct str text = STR("\xef\xbb\xbf"
                          "adapter,token,company\r\n"
                          "board,one,\"Tarang, \"\"Labs\"\"\nIndia\"\r\n"
                          "\r\n"
                          "board,two,");

    (void)state;
    assert_int_equal(csv_parse(&a, "f.csv", text, is_key, &root, &d), 0);
    assert_int_equal(root->n, 2);
    map = root->items[0];
    CHECK(map->n == 6 && map->line == 2);
    CHECK_STR(map->items[3]->text, STR("Tarang, \"Labs\"\nIndia"), 0);
    CHECK_STR(map->items[5]->items[1]->text, STR("one"), 0);
    map = root->items[1];
    CHECK(map->n == 4 && map->line == 5 && map->items[3]->items[1]->column == 7);

    text = STR("adapter,params.company,company\nboard,tarang,Tarang Labs\n");
    assert_int_equal(csv_parse(&a, "f.csv", text, is_key, &root, &d), 0);
    map = root->items[0];
    CHECK(map->n == 6);
    CHECK_STR(map->items[3]->text, STR("Tarang Labs"), 1);
    CHECK_STR(map->items[5]->items[0]->text, STR("company"), 2);
    CHECK_STR(map->items[5]->items[1]->text, STR("tarang"), 3);
}

static void what_is_not_csv_says_where(void **state)
{
    static const struct {
        struct str text;
        const char *want;
    } rows[] = {
        { STR("adapter,token\nboard\n"), "f.csv:2:1: 1 cells under 2 columns" },
        { STR("adapter,token\nboard,a,b\n"), "f.csv:2:1: 3 cells under 2 columns" },
        { STR("adapter,token\nboard,\"a\n"), "f.csv:2:7: a quote is opened and never closed" },
        { STR("adapter,token\nboard,\"a\"b\n"), "f.csv:2:7: text after a closing quote" },
        { STR("adapter,token\nboard,a\"b\n"), "f.csv:2:7: a quote inside an unquoted cell" },
        { STR("adapter,adapter\n"), "f.csv:1:9: the column \"adapter\" stands twice" },
        { STR("adapter,\n"), "f.csv:1:9: a column without name" },
        { STR("adapter\n\xff\n"), "f.csv: not UTF-8 text" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct yaml_node *root;
        struct diag d = { 0 };

        CHECK_ROW(csv_parse(&a, "f.csv", rows[i].text, is_key, &root, &d) == ERR_CONFIG, i);
        CHECK_STR(str_of(d.text), str_of(rows[i].want), i);
    }
}

static void the_nearest_word_is_one_that_may_have_been_meant(void **state)
{
    static const struct str words[] = {
        { "steps", 5 }, { "scope", 5 }, { "label", 5 }, { "max_body_kib", 12 }, { "at", 2 }
    };
    static const struct {
        const char *typed;
        ptrdiff_t want;
    } rows[] = {
        { "lab", -1 },    { "labl", 2 },        { "setps", 0 },        { "step", 0 },
        { "scop", 1 },    { "max_body_kb", 3 }, { "max-body-kib", 3 }, { "to", -1 },
        { "colour", -1 }, { "Label", 2 },       { "ta", 4 },           { "", -1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(nearest_word(str_of(rows[i].typed), words, ARRAY_LEN(words)) == rows[i].want, i);
}

RUN_TESTS(TEST(what_is_not_our_yaml_says_where), TEST(too_much_yaml_is_refused),
          TEST(a_mapping_has_a_bounded_number_of_keys), TEST(nodes_know_their_place),
          TEST(csv_reads_as_rfc_4180_says), TEST(what_is_not_csv_says_where),
          TEST(the_nearest_word_is_one_that_may_have_been_meant))
