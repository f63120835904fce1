/* XML as careless feeds write it, and tags as nobody does. */
#include "test.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/xml.h"

static const struct {
    struct str in, out;
} mended[] = {
    { STR("<a>R&D &amp; &lt; &#8217; &#x20B9;</a>"),
      STR("<a>R&amp;D &amp; &lt; &#8217; &#x20B9;</a>") },
    { STR("<a>caf&eacute;&nbsp;&mdash; &nosuch; &; &#; &</a>"),
      STR("<a>caf\u00e9\u00a0\u2014 &amp;nosuch; &amp;; &amp;#; &amp;</a>") },
    { STR("<a href='?a=1&b=2&amp;c'/>"), STR("<a href='?a=1&amp;b=2&amp;c'/>") },
    { STR("<a><![CDATA[R&D &nbsp; \x0b<b>]]>&nbsp;<!-- & --></a>"),
      STR("<a><![CDATA[R&D &nbsp;  <b>]]>\u00a0<!-- & --></a>") },
    { STR("<a>\x01 tab\tline\n</a>"), STR("<a>  tab\tline\n</a>") },
    { STR("<a>Caf\xE9 \x96</a>"), STR("<a>Caf\u00e9 \u2013</a>") },
    { STR("<?xml version='1.0' encoding='utf-8'?><a>\xE9</a>"),
      STR("<?xml version='1.0' encoding='utf-8'?><a>\u00e9</a>") },
    { STR("<?xml version='1.0' encoding=\"iso-8859-2\"?><a>\xE9&</a>"),
      STR("<?xml version='1.0' encoding=\"iso-8859-2\"?><a>\xE9&amp;</a>") },
    { STR("<a><![CDATA[R&D"), STR("<a><![CDATA[R&D") },
    { STR("&nbsp"), STR("&amp;nbsp") },
    { STR(""), STR("") },
};

static void what_careless_feeds_get_wrong_is_put_right(void **state)
{
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(mended); i++)
        CHECK_STR(xml_mended(&a, mended[i].in), mended[i].out, i);
    arena_free(&a);
}

static const struct {
    struct str in;
    bool opens;
    const char *text, *says; /* of the root element; of the error */
} documents[] = {
    { STR("<a>plain</a>"), true, "plain", NULL },
    { STR("<a>R&D <b>x</b></a>"), true, "R&D x", NULL },
    { STR("<a>R&D"), false, NULL, "Premature end" },
    { STR("<a><b>R&D</a>"), false, NULL, "mismatch" },
    { STR("R&D"), false, NULL, "not XML" },
    { STR("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), false, NULL, "DOCTYPE" },
    { STR("\xFF\xFE<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0a\0>\0<\0a\0/\0>\0"), false, NULL, "DOCTYPE" },
    { STR("<a>&y;</a><!DOCTYPE a>"), false, NULL, "not XML" },
};

static void a_feed_opens_only_whole(void **state)
{
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        CLEANUP(xml_close) xmlDoc *doc = NULL;
        struct diag d = { 0 };
        int r = xml_open(&doc, documents[i].in, &d);

        CHECK_ROW((r == 0) == documents[i].opens, i);
        if (!r)
            CHECK_STR(xml_text(&a, xmlDocGetRootElement(doc)), str_of(documents[i].text), i);
        else
            CHECK_ROW(documents[i].says && str_find(str_of(d.text), str_of(documents[i].says)) >= 0,
                      i);
    }
    arena_free(&a);
}

/* A start, so many attributes, an end. */
static const struct {
    const char *start, *again, *end;
    int n;
    bool html, sane;
} tags[] = {
    { "<a ", "x='>' ", ">text</a>", 100, true, true },
    { "<a ", "x='>' ", ">text</a>", 101, true, false },
    { "<a ", "x ", ">", 101, true, false },
    { "<a", " x=y", ">", 101, false, false },
    { "<a ", "x=\"1\"", ">", 101, true, false }, /* each begins where the one before ends */
    { "<a/", "x/", ">", 101, true, false },
    { "<a href='", "x y ", "'>", 500, true, true },
    { "<a><b>", "x=y ", "</b>", 500, true, true },
    { "<script>if (a <b ", "x=y ", "</script>", 500, true, true },
    { "<script ", "x=y ", "></script>", 500, true, false },
    { "<STYLE>a <b ", "x ", "</style>", 500, true, true },
    { "<!-- <a ", "x ", "-->", 500, true, true },
    { "<!-- --><a ", "x ", "-->", 500, true, false },
    { "<![CDATA[<a ", "x ", "]]>", 500, false, true },
    { "<![CDATA[<a ", "x ", "]]>", 500, true, false }, /* in HTML it is nothing */
    { "1 < 2 and ", "x ", ">", 500, true, true },
    { "<a x='", "x ", "", 500, true, true },
    { "", "<a b c d e f g>", "", 500, true, true },
    { "<", "", "", 1, true, true },
};

static void a_tag_has_no_more_attributes_than_anybody_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
        CLEANUP(buf_release) struct buf b = { 0 };

        buf_add(&b, str_of(tags[i].start));
        for (int k = 0; k < tags[i].n; k++)
            buf_add(&b, str_of(tags[i].again));
        buf_add(&b, str_of(tags[i].end));
        CHECK_ROW(xml_tags_are_sane(buf_str(&b), tags[i].html) == tags[i].sane, i);
    }
}

RUN_TESTS(TEST(what_careless_feeds_get_wrong_is_put_right), TEST(a_feed_opens_only_whole),
          TEST(a_tag_has_no_more_attributes_than_anybody_writes))
