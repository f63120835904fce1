/* Documents made to hurt, one a row, fed to each command that reads a document: the verdict is
 * known, and time and memory stay within bounds whatever the size. */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "tests/cli/spawn.h"

enum { MAX_MS = 2000, MAX_RSS_KIB = 128 * 1024, MANY = 200000 };

#define JOB                                                                                        \
    "{\"id\":1,\"title\":\"MLOps Engineer\",\"location\":{\"name\":\"Pune, India\"},"              \
    "\"absolute_url\":\"https://palash.example/1\",\"content\":\"Kubernetes\"}"
#define JOBS(inner) "{\"jobs\":[" inner "],\"meta\":{\"total\":1}}"
#define BOARD                                                                                      \
    {                                                                                              \
        "source", "try", "greenhouse"                                                              \
    }

static const struct {
    const char *name;
    const char *words[3];
    int status;
    struct str start, again, end; /* the document: start, `again` n times, end */
    size_t n;
    int listings;     /* lines of the answer; -1: not counted */
    const char *says; /* stands in them; NULL: anything may */
} rows[] = {
    { "a good board", BOARD, 0, STR(JOBS(JOB)), .listings = 1 },
    { "after a byte order mark", BOARD, 0, STR("\xef\xbb\xbf" JOBS(JOB)), .listings = 1 },
    { "nothing", BOARD, 65, STR("") },
    { "one byte", BOARD, 65, STR("{") },
    { "cut in a title", BOARD, 65, STR("{\"jobs\":[{\"id\":1,\"title\":\"MLO") },
    { "cut before its last byte", BOARD, 65, STR("{\"jobs\":[" JOB "]") },
    { "arrays in arrays", BOARD, 65, STR(""), STR("["), STR(""), MANY },
    { "objects in objects", BOARD, 65, STR(""), STR("{\"a\":"), STR("1"), MANY },
    { "deep within a listing", BOARD, 65, STR("{\"jobs\":[{\"id\":1,\"x\":"), STR("["), STR(""),
      MANY },
    { "UTF-16", BOARD, 65, STR("\xff\xfe{\0\"\0j\0o\0b\0s\0\"\0:\0[\0]\0}\0") },
    { "a byte of Latin-1", BOARD, 65, STR(JOBS("{\"id\":1,\"title\":\"Caf\xe9\"}")) },
    { "a NUL and another document", BOARD, 65, STR("{\"jobs\":[]}\0{\"jobs\":[{\"id\":1}]}") },
    { "an escaped NUL", BOARD, 0,
      STR(JOBS("{\"id\":1,\"title\":\"a\\u0000b\","
               "\"absolute_url\":\"https://p.example/1\",\"location\":{\"name\":\"Pune\"}}")),
      .listings = 1 },
    { "half a surrogate pair", BOARD, 0,
      STR(JOBS("{\"id\":1,\"title\":\"a\\ud800b\","
               "\"absolute_url\":\"https://p.example/1\",\"location\":{\"name\":\"Pune\"}}")),
      .listings = 1 },
    { "the same key twice", BOARD, 0,
      STR(JOBS("{\"id\":1,\"id\":2,\"title\":\"x\",\"absolute_url\":\"https://p.example/1\"}")),
      .listings = 1, .says = "\"native_id\":\"2\"" },
    { "an id of 26 digits", BOARD, 0,
      STR(JOBS("{\"id\":99999999999999999999999998,\"title\":\"1\\\"99999999999999999999\","
               "\"absolute_url\":\"https://p.example/1\"}")),
      .listings = 1, .says = "\"native_id\":\"99999999999999999999999998\"" },
    { "values of other types", BOARD, 65,
      STR(JOBS(
          "{\"id\":\"1\",\"title\":null,\"location\":[],\"content\":7},{\"id\":true},5,null,[],"
          "{}")) },
    { "a listing among values of other types", BOARD, 0,
      STR(JOBS(JOB ",{\"id\":\"1\",\"title\":null,\"location\":[],\"content\":7},{\"id\":true},5,"
                   "null,[],{}")),
      .listings = 1, .says = "MLOps Engineer" },
    { "an empty list", BOARD, 0, STR("{\"jobs\":[]}") },
    { "2001 arrays", BOARD, 65, STR(""), STR("["), STR(""), 2001 },
    { "a list that is an object", BOARD, 65, STR("{\"jobs\":{}}") },
    { "a list that is null", BOARD, 65, STR("{\"jobs\":null}") },
    { "not a number", BOARD, 65, STR(JOBS("{\"id\":NaN}")) },
    { "a page for people", BOARD, 65, STR("<html><body>Just a moment</body></html>") },
    { "less than no jobs", BOARD, 0, STR("{\"jobs\":[],\"meta\":{\"total\":-1}}") },
    { "objects without number", BOARD, 65, STR("{\"jobs\":["), STR("{\"id\":1},"), STR("{}]}"),
      2 << 20 },
    { "numbers without number", BOARD, 65, STR("{\"jobs\":["), STR("1,"), STR("1]}"), 14 << 20 },
    { "a title of 32 MiB", BOARD, 65, STR("{\"jobs\":[{\"id\":1,\"title\":\""),
      STR("AAAAAAAAAAAAAAAA"), STR("\"}]}"), 2 << 20, -1 },
    { "a valid value", { "json-check" }, 0, STR("[1,2.5e3,\"x\",null]") },
    { "depth without end", { "json-check" }, 1, STR(""), STR("["), STR(""), MANY },
    { "a comma too many", { "json-check" }, 1, STR("[1,]") },
    { "bytes after the value", { "json-check" }, 1, STR("{}\0{}") },
    { "a sitemap",
      { "sitemap-urls" },
      0,
      STR("<urlset><url><loc>https://a.example/1</loc></url></urlset>"),
      .listings = 1 },
    { "an entity that is a file",
      { "sitemap-urls" },
      65,
      STR("<!DOCTYPE u [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
          "<urlset><url><loc>&x;</loc></url></urlset>") },
    { "laughs",
      { "sitemap-urls" },
      65,
      STR("<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
          "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;\">]>"
          "<urlset><url><loc>"),
      STR("&d;"),
      STR("</loc></url></urlset>"),
      50000 },
    { "laughs in UTF-16",
      { "source", "try", "rss" },
      65,
      STR("\xff\xfe<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0r\0[\0<\0!\0E\0N\0T\0I\0T\0Y\0 \0a\0 \0"
          "\"\0l\0\"\0>\0]\0>\0<\0r\0s\0s\0>\0&\0a\0;\0<\0/\0r\0s\0s\0>\0") },
    { "parts without an end",
      { "source", "try", "rss" },
      65,
      STR("<rss>\xff"),
      STR("<![CDATA["),
      STR(""),
      MANY },
    { "comments in XML without an end",
      { "sitemap-urls" },
      65,
      STR("<urlset>\xff"),
      STR("<!--"),
      STR(""),
      MANY },
    { "marks without number",
      { "source", "try", "rss" },
      65,
      STR("<rss>"),
      STR("&a;&"),
      STR(""),
      MANY },
    { "elements in elements",
      { "sitemap-urls" },
      65,
      STR("<urlset>"),
      STR("<url>"),
      STR(""),
      MANY },
    { "blocks in blocks", { "html-text" }, 0, STR(""), STR("<div>"), STR("MLOps"), MANY, -1 },
    { "one element of a list, many attributes",
      { "source", "try", "jobvite" },
      65,
      STR("<html><a "),
      STR("x=\"y\" "),
      STR(">"),
      MANY },
    { "one element of XML, many attributes",
      { "sitemap-urls" },
      65,
      STR("<urlset "),
      STR("x=\"y\" "),
      STR("/>"),
      MANY },
    { "one element, many attributes",
      { "html-text" },
      0,
      STR("<a "),
      STR("x=\"y\" "),
      STR(">"),
      MANY,
      -1 },
    { "comments that never end", { "html-text" }, 0, STR("MLOps"), STR("<!--"), STR(""), MANY, -1 },
    { "references that name nothing",
      { "html-text" },
      0,
      STR(""),
      STR("&#x110000;&zz"),
      STR(""),
      MANY,
      -1 },
};

static struct str document(struct arena *a, size_t row)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    buf_add(&b, rows[row].start);
    for (size_t i = 0; i < rows[row].n; i++)
        buf_add(&b, rows[row].again);
    buf_add(&b, rows[row].end);
    return buf_take(&b, a);
}

/* Of what was written, tabs and line ends are the only controls. */
static bool is_clean(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' && !strchr("\t\n", text.p[i]))
            return false;
    return utf8_valid(text) && !memchr(text.p ? text.p : "", '\0', text.n);
}

static void a_document_made_to_hurt_is_refused_in_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = { 0 };
        const char *folder = scratch_folder(&a, "e2e-hostile");
        const char *words[5] = { 0 };
        struct spawned s;
        size_t n = 0;

        while (n < 3 && rows[i].words[n]) {
            words[n] = rows[i].words[n];
            n++;
        }
        scratch_file(&a, folder, "document", document(&a, i));
        words[n] = str_cstr(&a, str_printf(&a, "%s/document", folder));
        s = spawn_with(&a, &(struct spawn_options){ 0 }, words);
        CHECK_ROW(rows[i].status < 0 ? s.status == 0 || s.status == 65 : s.status == rows[i].status,
                  i);
        CHECK_ROW(s.status == 0 || (str_starts(s.err, STR("roletide: ")) && !s.out.n), i);
        CHECK_ROW(rows[i].listings < 0 || s.status
                      || (int)count_of(s.out, STR("\n")) == rows[i].listings
                      || !strcmp(rows[i].words[0], "json-check"),
                  i);
        CHECK_ROW(!rows[i].says || str_find(s.out, str_of(rows[i].says)) >= 0, i);
        CHECK_ROW(is_clean(s.out) && is_clean(s.err), i);
        CHECK_ROW(s.cpu_ms < MAX_MS * (MEMORY_COUNTS ? 1 : 5), i);
        CHECK_ROW(!MEMORY_COUNTS || s.max_rss_kib < MAX_RSS_KIB, i);
        if (test_failures)
            fprintf(stderr, "%s: %d, %lld ms, %lld KiB: %.300s%.300s\n", rows[i].name, s.status,
                    (long long)s.ms, (long long)s.max_rss_kib, s.out.n ? s.out.p : "",
                    s.err.n ? s.err.p : "");
        arena_free(&a);
    }
}

RUN_TESTS(TEST(a_document_made_to_hurt_is_refused_in_time))
