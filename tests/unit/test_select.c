/* What stands at a place in a document, and how it reads. */
#include "test.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/document.h"

static const struct {
    const char *decode;
    struct str body, place, found; /* the values, a bar after each */
} rows[] = {
    { "json", STR("{\"a\":[{\"b\":1},{\"b\":[2,3]}]}"), STR("/a/b"), STR("1|2|3|") },
    { "json", STR("{\"a\":[{\"b\":1,\"c\":[{\"b\":2,\"c\":[{\"b\":3}]}]}]}"), STR("/a/**/b"),
      STR("1|2|3|") },
    { "json", STR("{\"a\":{\"c\":[[{\"b\":2}]]},\"b\":1}"), STR("/**/b"), STR("1|2|") },
    { "json", STR("{\"a\":[{\"n\":\"x\",\"v\":1},{\"n\":\"y\",\"v\":2}]}"), STR("/**/[n=y]/v"),
      STR("2|") },
    { "json", STR("{\"a\":[1,[2,{\"b\":3}]]}"), STR("/a/**"), STR("1|2||3|") },
    { "html", STR("<ul><li>Pune<br>Full time</li><li><b>ML</b>Ops</li></ul>"), STR("//li"),
      STR("Pune\nFull time|MLOps|") },
    { "html", STR("<div><p>One</p><p>Two <i>three</i></p></div><span>four</span>"), STR("//div"),
      STR("One\nTwo three|") },
    { "html", STR("<a href='/x?a=1&amp;b=2'>x</a>"), STR("//a/@href"), STR("/x?a=1&b=2|") },
    { "xml", STR("<a><p>One</p><p>Two</p></a>"), STR("/a"), STR("OneTwo|") },
};

static void a_place_gives_each_value_once_as_it_reads(void **state)
{
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct adapter ad = { .id = STR("played") };
        struct adapter_step step = { .decode = str_of(rows[i].decode) };
        CLEANUP(document_close) struct document *doc = NULL;
        CLEANUP(buf_release) struct buf b = { 0 };
        struct nodes found = { 0 };
        struct diag d = { 0 };

        CHECK_ROW(document_open(&doc, &a, &ad, &step, rows[i].body, STR(""), &d) == 0, i);
        CHECK_ROW(document_find(doc, &a, document_root(doc), rows[i].place, &found, &d) == 0, i);
        for (size_t k = 0; k < found.n; k++) {
            buf_add(&b, node_text(&a, found.items[k], false));
            buf_add_byte(&b, '|');
        }
        CHECK_STR(buf_str(&b), rows[i].found, i);
    }
    arena_free(&a);
}

RUN_TESTS(TEST(a_place_gives_each_value_once_as_it_reads))
