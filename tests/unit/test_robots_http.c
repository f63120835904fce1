/* How robots.txt comes over the wire: the 32 ways of our table (RFC 9309 2.3.1), H01 to H32. */
#include "core/cleanup.h"
#include "fetch_room.h"

#define HOUR 3600

/* The page that is asked for is /x. */
static const struct {
    const char *id, *site; /* rows of site.tsv */
    const char *robots;    /* robots.txt where the site's rows leave it to a file */
    enum answer_outcome outcome;
    const char *word;
    size_t hits; /* at most so many requests for robots.txt and where it leads */
} rows[] = {
    { "H01", "", "User-agent: *\nDisallow: /x\n", ANSWER_DENIED, "disallow", 1 },
    { "H02", "GET\t/robots.txt\t-\t404\t-\n", NULL, ANSWER_OK, "none", 1 },
    { "H03", "GET\t/robots.txt\t-\t400\t-\n", NULL, ANSWER_OK, "none", 1 },
    { "H04", "GET\t/robots.txt\t-\t401\t-\n", NULL, ANSWER_OK, "none", 1 },
    { "H05", "GET\t/robots.txt\t-\t403\t-\n", NULL, ANSWER_OK, "none", 1 },
    { "H06", "GET\t/robots.txt\t-\t410\t-\n", NULL, ANSWER_OK, "none", 1 },
    { "H08", "GET\t/robots.txt\t-\t500\t-\n", NULL, ANSWER_DENIED, "unreachable", 1 },
    { "H12", "GET\t/robots.txt\t-\t200\tno\tslow=1\n", NULL, ANSWER_DENIED, "unreachable", 1 },
    { "H14",
      "GET\t/robots.txt\t-\t301\t-\tLocation: /r1\nGET\t/r1\t-\t301\t-\tLocation: /r2\n"
      "GET\t/r2\t-\t301\t-\tLocation: /r3\nGET\t/r3\t-\t301\t-\tLocation: /r4\n"
      "GET\t/r4\t-\t301\t-\tLocation: /no\n",
      NULL, ANSWER_DENIED, "disallow", 6 },
    { "H15",
      "GET\t/robots.txt\t-\t301\t-\tLocation: /r1\nGET\t/r1\t-\t301\t-\tLocation: /r2\n"
      "GET\t/r2\t-\t301\t-\tLocation: /r3\nGET\t/r3\t-\t301\t-\tLocation: /r4\n"
      "GET\t/r4\t-\t301\t-\tLocation: /r5\nGET\t/r5\t-\t301\t-\tLocation: /no\n",
      NULL, ANSWER_OK, "none", 6 },
    { "H16", "GET\t/robots.txt\t-\t302\t-\tLocation: /robots.txt\n", NULL, ANSWER_OK, "none", 6 },
    { "H17", "GET\t/robots.txt\t-\t301\t-\tLocation: http://127.0.0.2:PORT/no\n", NULL,
      ANSWER_DENIED, "disallow", 2 },
    { "H18", "GET\t/robots.txt\t-\t301\t-\tLocation: file:///etc/passwd\n", NULL, ANSWER_DENIED,
      "unreachable", 1 },
    { "H18", "GET\t/robots.txt\t-\t301\t-\tLocation: http://169.254.169.254/\n", NULL,
      ANSWER_DENIED, "unreachable", 1 },
    { "H21", "GET\t/robots.txt\t-\t200\t-\tendless\n", NULL, ANSWER_OK, "none", 1 },
    { "H25", "GET\t/robots.txt\t-\t200\tsoft\ttype=text/html\n", NULL, ANSWER_OK, "none", 1 },
    { "H26", "GET\t/robots.txt\t-\t200\tno\tgzip\n", NULL, ANSWER_DENIED, "disallow", 1 },
    { "H27", "GET\t/robots.txt\t-\t200\t-\tbomb=8388608\n", NULL, ANSWER_OK, "none", 1 },
    { "H28", "", "\xEF\xBB\xBFUser-agent: *\nDisallow: /x\n", ANSWER_DENIED, "disallow", 1 },
    { "H30", "GET\t/robots.txt\t-\t200\tyes\tlength=999\n", NULL, ANSWER_DENIED, "unreachable", 1 },
    { "H31", "GET\t/robots.txt\t-\t301\t-\n", NULL, ANSWER_DENIED, "unreachable", 1 },
    { "H31", "GET\t/robots.txt\t-\t206\tyes\n", NULL, ANSWER_DENIED, "unreachable", 1 },
};

/* "PORT" is the server's. */
static void open_site(struct room *r, const char *site, const char *robots)
{
    struct str left = str_of(site);
    char tsv[1024] = "";
    ptrdiff_t at;

    open_room(r,
              FILES("127.0.0.1/x", "x", "127.0.0.1/no", "User-agent: roletide\nDisallow: /x\n",
                    "127.0.0.1/yes", "User-agent: *\nDisallow: /\nAllow: /x\n", "127.0.0.1/soft",
                    "<html>Nothing here</html>", "127.0.0.2/no", "User-agent: *\nDisallow: /x\n"));
    while ((at = str_find(left, STR("PORT"))) >= 0) {
        size_t n = strlen(tsv);

        snprintf(tsv + n, sizeof(tsv) - n, STR_FMT "%u", (int)at, left.p, boards_port(r->boards));
        left = str_from(left, (size_t)at + 4);
    }
    snprintf(tsv + strlen(tsv), sizeof(tsv) - strlen(tsv), STR_FMT, STR_ARG(left));
    write_file(r, "127.0.0.1/site.tsv", tsv);
    if (robots)
        write_file(r, "127.0.0.1/robots.txt", robots);
    restart(r);
}

static const char *last_word(const struct room *r)
{
    return r->lines[r->n_lines - 1].robots;
}

static void every_way_that_robots_txt_comes_has_its_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct saved *a;
        struct room r;
        size_t others;

        open_site(&r, rows[i].site, rows[i].robots);
        a = ask(&r, "127.0.0.1", "/x");
        CHECK_ROW(a->outcome == rows[i].outcome, i);
        CHECK_STR(str_of(last_word(&r)), str_of(rows[i].word), i);
        others = boards_hits(r.boards) - hits_of(&r, "/x");
        CHECK_ROW(others >= 1 && others <= rows[i].hits, i);
        CHECK_ROW(hits_of(&r, "/x") == (rows[i].outcome == ANSWER_OK), i);
        close_room(&r);
    }
}

/* A time after the first question, and what the page's second question meets there. */
static const struct {
    const char *id, *site;
    int64_t later;
    enum answer_outcome first, second;
    size_t hits; /* of robots.txt, after both */
} twice[] = {
    { "H07",
      "GET\t/robots.txt\t-\t429\t-\tRetry-After: 600\ttimes=1\nGET\t/robots.txt\t-\t200\tno\n", 599,
      ANSWER_DEFERRED, ANSWER_DEFERRED, 1 },
    { "H07",
      "GET\t/robots.txt\t-\t429\t-\tRetry-After: 600\ttimes=1\nGET\t/robots.txt\t-\t200\tno\n", 601,
      ANSWER_DEFERRED, ANSWER_DENIED, 2 },
    { "H09", "GET\t/robots.txt\t-\t503\t-\tRetry-After: 3600\n", 3599, ANSWER_DEFERRED,
      ANSWER_DEFERRED, 1 },
    { "H09", "GET\t/robots.txt\t-\t503\t-\tRetry-After: 3600\n", 3601, ANSWER_DEFERRED,
      ANSWER_DEFERRED, 2 },
    { "H22", "GET\t/robots.txt\t-\t200\tyes\ttimes=1\nGET\t/robots.txt\t-\t500\t-\n", 23 * HOUR,
      ANSWER_OK, ANSWER_OK, 1 },
    { "H23", "GET\t/robots.txt\t-\t200\tyes\ttimes=1\nGET\t/robots.txt\t-\t200\tno\n", 25 * HOUR,
      ANSWER_OK, ANSWER_DENIED, 2 },
    { "H24", "GET\t/robots.txt\t-\t500\t-\n", 30 * 24 * HOUR, ANSWER_DENIED, ANSWER_DENIED, 2 },
    { "H32", "GET\t/robots.txt\t-\t200\tyes\ttimes=1\nGET\t/robots.txt\t-\t200\tno\n", -24 * HOUR,
      ANSWER_OK, ANSWER_DENIED, 2 },
};

static void what_was_learned_holds_for_its_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_LEN(twice); i++) {
        bool new_run = i % 2; /* by another run, from what the first one kept */
        size_t k = i / 2;
        struct room r;

        open_site(&r, twice[k].site, NULL);
        CHECK_ROW(ask(&r, "127.0.0.1", "/x")->outcome == twice[k].first, k);
        r.now += twice[k].later;
        if (new_run)
            reopen(&r);
        CHECK_ROW(ask(&r, "127.0.0.1", "/x")->outcome == twice[k].second, k);
        CHECK_ROW(hits_of(&r, "/robots.txt") == twice[k].hits, k);
        close_room(&r);
    }
}

static void a_host_that_cannot_be_reached_allows_nothing(void **state)
{
    static const struct {
        const char *id, *host;
    } nowhere[] = {
        { "H10", "http://127.0.0.77" },           /* nothing listens there */
        { "H11", "http://no-such-host.invalid" }, /* RFC 6761 6.4: it never resolves */
        { "H13", "https://127.0.0.1" },           /* it speaks no TLS, so it has no certificate */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(nowhere); i++) {
        struct request q = { .method = STR("GET") };
        struct room r;

        open_site(&r, "", NULL);
        q.url = str_printf(&r.mem, "%s:%u/x", nowhere[i].host, boards_port(r.boards));
        submit(&r, &q, 0);
        drain(&r);
        CHECK_ROW(r.answers[0].outcome == ANSWER_DENIED, i);
        CHECK_STR(str_of(last_word(&r)), STR("unreachable"), i);
        CHECK_ROW(hits_of(&r, "/x") == 0, i);
        close_room(&r);
    }
}

/* A robots.txt of `total` bytes, all comment but for a rule at its start or its end. */
static struct str long_robots(struct arena *a, size_t total, bool rule_first)
{
    static const char rule[] = "User-agent: *\nDisallow: /x\n";
    size_t n = sizeof(rule) - 1;
    char *p = ARENA_NEW(a, char, total + 1);

    memset(p, '#', total);
    for (size_t i = 79; i < total; i += 80)
        p[i] = '\n';
    p[total] = '\0';
    if (rule_first) {
        memcpy(p, rule, n);
    } else {
        p[total - n - 1] = '\n';
        memcpy(p + total - n, rule, n);
    }
    return (struct str){ p, total };
}

static void half_a_mebibyte_of_rules_counts(void **state)
{
    static const struct {
        const char *id;
        size_t bytes;
        bool rule_first;
        enum answer_outcome outcome;
    } sizes[] = {
        { "H19", 500 << 10, false, ANSWER_DENIED },
        { "H20", 600 << 10, true, ANSWER_DENIED },
        { "H20", 600 << 10, false, ANSWER_OK },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct room r;

        open_site(&r, "", NULL);
        write_file(&r, "127.0.0.1/robots.txt",
                   long_robots(&r.mem, sizes[i].bytes, sizes[i].rule_first).p);
        CHECK_ROW(ask(&r, "127.0.0.1", "/x")->outcome == sizes[i].outcome, i);
        CHECK_ROW(r.hosts[0].robots.n <= 512 << 10, i);
        close_room(&r);
    }
}

static void sixteen_bit_rules_do_no_harm(void **state)
{
    static const char wide[] = "\xFF\xFE"
                               "D\0i\0s\0a\0l\0l\0o\0w\0:\0 \0/\0\n";
    struct room r;
    char path[512];
    FILE *f;

    (void)state; /* H29 */
    open_site(&r, "", "");
    snprintf(path, sizeof(path), "%s/127.0.0.1/robots.txt", r.dir);
    f = fopen(path, "wb");
    CHECK(f && fwrite(wide, 1, sizeof(wide), f) == sizeof(wide) && fclose(f) == 0);
    CHECK(ask(&r, "127.0.0.1", "/x")->outcome == ANSWER_OK);
    close_room(&r);
}

RUN_TESTS(TEST(every_way_that_robots_txt_comes_has_its_verdict),
          TEST(what_was_learned_holds_for_its_time),
          TEST(a_host_that_cannot_be_reached_allows_nothing), TEST(half_a_mebibyte_of_rules_counts),
          TEST(sixteen_bit_rules_do_no_harm))
