#include "crawler/robots.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "test.h"

static void the_longest_rule_of_our_group_decides(void **state)
{
    static const struct {
        const char *body, *url;
        bool allow;
        uint32_t line;
    } rows[] = {
        { "", "https://a.example/", true, 0 },
        { "User-agent: *\nDisallow: /\n", "https://a.example/x", false, 2 },
        { "User-agent: *\nDisallow: /\n", "https://a.example/robots.txt", true, 0 },
        { "User-agent: *\nDisallow:\n", "/x", true, 0 },
        { "User-agent: roletide\nAllow: /\nUser-agent: *\nDisallow: /\n", "/x", true, 2 },
        { "User-agent: ROLETIDE/9\nDisallow: /x\n", "/x", false, 2 },
        { "User-agent: role\nDisallow: /\n", "/x", true, 0 },
        { "User-agent: roletides\nDisallow: /\n", "/x", true, 0 },
        { "User-agent: a\nUser-agent: roletide\nDisallow: /x\n", "/x", false, 3 },
        { "User-agent: roletide\nDisallow: /a\n\nUser-agent: b\nDisallow: /\n\n"
          "User-agent: roletide\nDisallow: /b\n",
          "/b", false, 8 },
        { "User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", true, 3 },
        { "User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", true, 3 },
        { "User-agent: *\nDisallow: /*.pdf$\n", "/x/y.pdf", false, 2 },
        { "User-agent: *\nDisallow: /*.pdf$\n", "/x/y.pdf?z", true, 0 },
        { "User-agent: *\nDisallow: /a*b*c\n", "/abbbcd", false, 2 },
        { "User-agent: *\nDisallow: /a*b$\n", "/ab-ab", false, 2 },
        { "User-agent: *\nDisallow: /j%6Fbs\n", "https://a.example/jobs", false, 2 },
        { "User-agent: *\nDisallow: /a%2fb\n", "/a/b", true, 0 },
        { "User-agent: *\nDisallow: /a%2fb\n", "/a%2Fb", false, 2 },
        { "User-agent: *\nDisallow: /\xE0\xA4\xA8\n", "/%e0%a4%a8", false, 2 },
        { "User-agent: *\nDisallow: /?q=\n", "https://a.example?q=1", false, 2 },
        { "User-agent: *\nDisallow: /x\n", "https://a.example/y#/x", true, 0 },
        { "\xEF\xBB\xBFUser-agent: *\nDisallow: /x\n", "/x", false, 2 },
        { "User-agent: *\rDisallow: /x\r", "/x", false, 2 },
        { "User-agent: *\r\n\r\nDisallow: /x # why\r\n", "/x", false, 3 },
        { "User-agent: *\nDisallow: /x", "/x", false, 2 },
        { "Disallow: /x\nUser-agent: *\n", "/x", true, 0 },
        { "<html><body>Not found</body></html>", "/x", true, 0 },
        { "User-agent: *\nDisallow /x\n", "/x", false, 2 },
        { "User-agent: *\nAllow: /d/index.html\nDisallow: /\n", "/d/", true, 2 },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct robots *r = robots_parse(&a, str_of(rows[i].body), STR("roletide/0.1 (+x)"));
        struct robots_verdict v = robots_ask(r, str_of(rows[i].url));

        CHECK_ROW(v.allow == rows[i].allow, i);
        CHECK_ROW(v.line == rows[i].line, i);
    }
    arena_free(&a);
}

static void delay_and_sitemaps_are_told(void **state)
{
    static const struct {
        const char *body;
        double delay;
        size_t sitemaps;
    } rows[] = {
        { "User-agent: *\nCrawl-delay: 10\n", 10, 0 },
        { "User-agent: *\nCrawl-delay: 0.5\nSitemap: https://a.example/s.xml\n", 0.5, 1 },
        { "Sitemap: a\nUser-agent: *\nCrawl-delay: 3\n\nUser-agent: roletide\nDisallow: /\n"
          "Sitemap: b\n",
          -1, 2 },
        { "User-agent: *\nCrawl-delay: soon\n", -1, 0 },
        { "User-agent: *\nCrawl-delay: -1\n", -1, 0 },
        { "User-agent: *\nCrawl-delay: 1e9\n", -1, 0 },
        { "User-agent: x\nCrawl-delay: 5\n", -1, 0 },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct robots *r = robots_parse(&a, str_of(rows[i].body), STR("roletide"));
        double off = robots_crawl_delay(r) - rows[i].delay;

        CHECK_ROW(off < 1e-9 && off > -1e-9, i);
        CHECK_ROW(robots_sitemaps(r)->n == rows[i].sitemaps, i);
    }
    arena_free(&a);
}

static void only_the_first_500_kib_count(void **state)
{
    static const struct {
        size_t filler;
        bool allow;
    } rows[] = { { 500 * 1024 - 40, false }, { 500 * 1024 - 20, true } };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(buf_release) struct buf b = { 0 };

        buf_add(&b, STR("User-agent: *\n#"));
        while (b.n < rows[i].filler)
            buf_add_byte(&b, 'x');
        buf_add(&b, STR("\nDisallow: /private/of/ours\n"));
        CHECK_ROW(
            robots_ask(robots_parse(&a, buf_str(&b), STR("roletide")), STR("/private/of/ours"))
                    .allow
                == rows[i].allow,
            i);
    }
    arena_free(&a);
}

/* "a*a*a*...b" against "aaaa...": a matcher that takes steps back would never come home. */
static void stars_cost_linear_time(void **state)
{
    CLEANUP(buf_release) struct buf body = { 0 }, path = { 0 };
    struct arena a = ARENA_INIT;
    clock_t start;

    (void)state;
    buf_add(&body, STR("User-agent: *\nDisallow: /"));
    for (int i = 0; i < 4000; i++)
        buf_add(&body, STR("a*"));
    buf_add(&body, STR("b\n"));
    buf_add_byte(&path, '/');
    for (int i = 0; i < 100000; i++)
        buf_add_byte(&path, 'a');
    start = clock();
    CHECK(robots_ask(robots_parse(&a, buf_str(&body), STR("roletide")), buf_str(&path)).allow);
    CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 0.5);
    arena_free(&a);
}

static struct str read_all(struct arena *a, const char *path)
{
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    CLEANUP(buf_release) struct buf b = { 0 };
    char part[4096];
    size_t n;

    while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, (struct str){ part, n });
    return buf_take(&b, a);
}

/*
 * Three cases of the shared suite contradict three others, byte for byte: Google's own parser
 * compares `%62%61%7A` and `baz` as different, RFC 9309 2.2.2 as equal. We keep to the RFC.
 */
static bool contradicts_rfc(struct str id)
{
    return str_eq(id, STR("R0064")) || str_eq(id, STR("R0066")) || str_eq(id, STR("R0067"));
}

static void the_shared_suites_agree(void **state)
{
    static const char *const places[] = { SOURCE_DIR "/../shared/safety/cases/robots",
                                          SOURCE_DIR "/../../shared/safety/cases/robots" };
    const char *dir = getenv("ROLETIDE_ROBOTS_CASES");
    struct arena a = ARENA_INIT;
    struct str text;
    size_t core = 0, encoding = 0;

    (void)state;
    for (size_t i = 0; !dir && i < ARRAY_LEN(places); i++)
        if (!access(places[i], R_OK))
            dir = places[i];
    text = dir ? read_all(&a, str_printf(&a, "%s/cases.tsv", dir).p) : (struct str){ 0 };
    if (!text.n) {
        fprintf(stderr, "SKIP: the shared cases are not here (set ROLETIDE_ROBOTS_CASES)\n");
        arena_free(&a);
        skip();
    }
    while (text.n) {
        struct str line = str_cut(&text, '\n'), col[9];

        for (size_t i = 0; i < ARRAY_LEN(col); i++)
            col[i] = str_cut(&line, '\t');
        if (!str_eq(col[2], STR("core")) && !str_eq(col[2], STR("encoding")))
            continue;
        if (!contradicts_rfc(col[0])) {
            struct str body =
                read_all(&a, str_printf(&a, "%s/bodies/" STR_FMT ".txt", dir, STR_ARG(col[4])).p);
            bool allow = robots_ask(robots_parse(&a, body, col[5]), col[6]).allow;

            CHECK_STR(allow ? STR("allow") : STR("disallow"), col[7],
                      strtol(col[0].p + 1, NULL, 10));
        }
        *(str_eq(col[2], STR("core")) ? &core : &encoding) += 1;
    }
    CHECK(core == 851 && encoding == 40);
    arena_free(&a);
}

RUN_TESTS(TEST(the_longest_rule_of_our_group_decides), TEST(delay_and_sitemaps_are_told),
          TEST(only_the_first_500_kib_count), TEST(stars_cost_linear_time),
          TEST(the_shared_suites_agree))
