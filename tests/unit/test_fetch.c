#include "crawler/fetch.h"

#include "core/cleanup.h"
#include "fetch_room.h"

static void an_answer_comes_whole_and_the_request_is_honest(void **state)
{
    struct boards_hit h;
    struct room r;
    const struct saved *a;

    (void)state;
    open_room(&r, FILES("127.0.0.1/jobs.json", "{\"jobs\":[]}"));
    a = ask(&r, "127.0.0.1", "/jobs.json");
    CHECK(a->outcome == ANSWER_OK && a->status == 200);
    CHECK_STR(str_of(a->body), STR("{\"jobs\":[]}"), 0);
    CHECK(boards_hit(r.boards, 1, &h));
    CHECK_STR(str_of(h.agent), STR("roletide/0.1 (+https://roletide.example)"), 0);
    CHECK_STR(str_of(h.from), STR("crawler@roletide.example"), 0);
    CHECK(hits_of(&r, "/robots.txt") == 1);
    CHECK(r.n_lines == 2 && r.robots[0] && !r.robots[1]);
    CHECK_STR(str_of(r.lines[1].robots), STR("none"), 0);
    close_room(&r);
}

static void a_connection_is_kept_and_the_gap_with_it(void **state)
{
    struct boards_hit h[11];
    struct room r;
    size_t n = 0;

    (void)state;
    open_room(&r, FILES("127.0.0.1/site.tsv", "GET\t/p*\t-\t200\ta.txt\n", "127.0.0.1/a.txt", "x"));
    r.opt.gap_ms = 60;
    reopen(&r);
    for (size_t i = 0; i < 10; i++) {
        struct request q = get(&r, "127.0.0.1", str_printf(&r.mem, "/p%zu", i).p);

        submit(&r, &q, i);
    }
    drain(&r);
    CHECK(r.n_answers == 10 && r.n_lines == 11);
    while (n < 11 && boards_hit(r.boards, n, &h[n]))
        n++;
    /* What the server saw; its own clock starts late when the machine is busy. */
    CHECK(n == 11 && h[10].at_us - h[0].at_us >= 10 * 60000 - 40000);
    for (size_t i = 1; i < n; i++) {
        CHECK_ROW(r.lines[i].gap_required_ms == 60 && r.lines[i].gap_kept_ms >= 60, i);
        CHECK_ROW(r.lines[i].gap_kept_ms < 400, i);
        CHECK_ROW(h[i].socket == h[0].socket && r.lines[i].reused, i);
    }
    close_room(&r);
}

static void an_unchanged_page_is_not_sent_again(void **state)
{
    struct request q;
    struct room r;

    (void)state;
    open_room(&r, FILES("127.0.0.1/site.tsv",
                        "GET\t/lm\t-\t200\ta.txt\tLast-Modified: Mon, 23 Nov 2026 00:00:00 GMT\n",
                        "127.0.0.1/a.txt", "text"));
    CHECK(ask(&r, "127.0.0.1", "/a.txt")->etag[0] == '"');
    q = get(&r, "127.0.0.1", "/a.txt");
    q.etag = str_dup(&r.mem, str_of(r.answers[0].etag));
    submit(&r, &q, 1);
    q = get(&r, "127.0.0.1", "/lm");
    q.last_modified = STR("Mon, 23 Nov 2026 00:00:00 GMT");
    submit(&r, &q, 2);
    drain(&r);
    for (size_t i = 1; i <= 2; i++) {
        CHECK_ROW(r.answers[i].outcome == ANSWER_UNCHANGED && r.answers[i].status == 304, i);
        CHECK_ROW(r.answers[i].body_n == 0, i);
    }
    close_room(&r);
}

/* The bad habits that end in FAILED; each with what its error says and how long it may take. */
static void nothing_of_a_bad_transfer_is_kept(void **state)
{
    static const struct {
        const char *row, *error;
        int64_t max_ms;
    } rows[] = {
        { "200\t-\tbomb=2097152", "over its limit", 1500 },
        { "200\t-\tendless", "over its limit", 1000 },
        { "200\t-\tlength=1073741824", "over its limit", 1000 },
        { "200\ta.txt\tcut=5", "", 1000 },
        { "200\ta.txt\tchunked\tcut=5", "", 1000 },
        { "200\ta.txt\tlength=500", "", 1000 },
        { "200\ta.txt\tslow=3", "", 3500 },
        { "200\ta.txt\thang", "", 3500 },
        { "200\ta.txt\treset", "", 1000 },
        { "0\t-", "", 1000 },
        { "200\tdrip.raw\traw\tslow=4", "", 3500 },
        { "200\tgarbage.raw\traw", "", 1000 },
        { "200\tnegative.raw\traw", "", 1000 },
        { "200\tlayers.raw\traw", "", 1000 },
        { "304\t-", "304", 1000 },
        { "302\t-", "without a Location", 1000 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char tsv[256];
        const struct saved *a;
        struct room r;
        int64_t start;

        snprintf(tsv, sizeof(tsv), "GET\t/x\t-\t%s\n", rows[i].row);
        open_room(&r,
                  FILES("127.0.0.1/site.tsv", tsv, "127.0.0.1/a.txt", "ten bytes or more",
                        "127.0.0.1/drip.raw", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
                        "127.0.0.1/garbage.raw", "HELLO I AM NO SERVER\r\n\r\nbody",
                        "127.0.0.1/negative.raw",
                        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nbody", "127.0.0.1/layers.raw",
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip, gzip, gzip, "
                        "gzip\r\nContent-Length: 4\r\n\r\nbody"));
        start = ms_now();
        a = ask(&r, "127.0.0.1", "/x");
        CHECK_ROW(a->outcome == ANSWER_FAILED, i);
        CHECK_ROW(a->body_n == 0 && a->error[0] && strstr(a->error, rows[i].error), i);
        CHECK_ROW(ms_now() - start < rows[i].max_ms, i);
        CHECK_ROW(r.lines[1].bytes_body <= 256 * 1024, i);
        close_room(&r);
    }
}

static void compressed_and_chunked_bodies_are_decoded(void **state)
{
    static const char *const paths[] = { "/gzip", "/chunked", "/both" };
    struct room r;

    (void)state;
    open_room(&r, FILES("127.0.0.1/site.tsv",
                        "GET\t/gzip\t-\t200\ta.txt\tgzip\nGET\t/chunked\t-\t200\ta.txt\tchunked\n"
                        "GET\t/both\t-\t200\ta.txt\tgzip\tchunked\n",
                        "127.0.0.1/a.txt", "the whole text"));
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        CHECK_STR(str_of(ask(&r, "127.0.0.1", paths[i])->body), STR("the whole text"), i);
    close_room(&r);
}

static void redirects_are_followed_as_far_as_they_may_lead(void **state)
{
    static const struct {
        const char *path;
        enum answer_outcome outcome;
        const char *text; /* in the final URL, or the error */
        size_t hits;
    } rows[] = {
        { "/one", ANSWER_OK, "/end", 2 },
        { "/c5", ANSWER_OK, "/end", 6 },
        { "/c6", ANSWER_FAILED, "more than 5", 6 },
        { "/loop", ANSWER_FAILED, "loop", 2 },
        { "/self", ANSWER_FAILED, "loop", 1 },
        { "/private", ANSWER_DENIED, "in place of a name", 1 },
        { "/file", ANSWER_DENIED, "only http", 1 },
        { "/user", ANSWER_DENIED, "user or password", 1 },
        { "/other-robots", ANSWER_DENIED, "line 2", 1 },
    };
    static const char tsv[] =
        "GET\t/one\t-\t301\t-\tLocation: end\n"
        "GET\t/c6\t-\t302\t-\tLocation: /c5\nGET\t/c5\t-\t302\t-\tLocation: /c4\n"
        "GET\t/c4\t-\t302\t-\tLocation: /c3\nGET\t/c3\t-\t307\t-\tLocation: /c2\n"
        "GET\t/c2\t-\t308\t-\tLocation: /c1\nGET\t/c1\t-\t303\t-\tLocation: /end\n"
        "GET\t/loop\t-\t302\t-\tLocation: /pool\nGET\t/pool\t-\t302\t-\tLocation: /loop\n"
        "GET\t/self\t-\t302\t-\tLocation: /self\n"
        "GET\t/private\t-\t302\t-\tLocation: http://169.254.169.254/latest\n"
        "GET\t/file\t-\t302\t-\tLocation: file:///etc/passwd\n"
        "GET\t/user\t-\t302\t-\tLocation: http://a:b@acme.localhost/\n"
        "GET\t/end\t-\t200\ta.txt\n";

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct saved *a;
        struct room r;
        char site[2048];

        open_room(&r, FILES("127.0.0.1/a.txt", "end", "127.0.0.2/robots.txt",
                            "User-agent: roletide\nDisallow: /no\n"));
        snprintf(site, sizeof(site),
                 "%sGET\t/other-robots\t-\t302\t-\tLocation: http://127.0.0.2:%u/no\n", tsv,
                 boards_port(r.boards));
        write_file(&r, "127.0.0.1/site.tsv", site);
        restart(&r);
        a = ask(&r, "127.0.0.1", rows[i].path);
        CHECK_ROW(a->outcome == rows[i].outcome, i);
        CHECK_ROW(strstr(a->outcome == ANSWER_OK ? a->url : a->error, rows[i].text), i);
        CHECK_ROW(boards_hits(r.boards) - hits_of(&r, "/robots.txt") == rows[i].hits, i);
        close_room(&r);
    }
}

static void a_credential_never_leaves_its_host(void **state)
{
    struct boards_hit h;
    struct request q;
    struct room r;
    char site[256];

    (void)state;
    open_room(&r, FILES("127.0.0.2/end", "end"));
    snprintf(site, sizeof(site), "GET\t/x\t-\t302\t-\tLocation: http://127.0.0.2:%u/end\n",
             boards_port(r.boards));
    write_file(&r, "127.0.0.1/site.tsv", site);
    restart(&r);
    q = get(&r, "127.0.0.1", "/x");
    q.headers[q.n_headers++] = (struct header){ STR("Authorization"), STR("Bearer canary") };
    submit(&r, &q, 0);
    drain(&r);
    CHECK(r.answers[0].outcome == ANSWER_OK && r.n_lines == 4);
    for (size_t i = 0; boards_hit(r.boards, i, &h); i++)
        CHECK_ROW((h.secret[0] != '\0') == (strcmp(h.url, "/x") == 0), i);
    close_room(&r);
}

static void robots_txt_is_obeyed_in_every_form_it_takes(void **state)
{
    static const struct {
        const char *row; /* of /robots.txt */
        enum answer_outcome outcome;
        const char *word;
    } rows[] = {
        { "200\tno.txt", ANSWER_DENIED, "disallow" },
        { "200\tyes.txt", ANSWER_OK, "allow" },
        { "200\tno.txt\tgzip", ANSWER_DENIED, "disallow" },
        { "200\thtml.txt", ANSWER_OK, "none" },
        { "404\t-", ANSWER_OK, "none" },
        { "401\t-", ANSWER_OK, "none" },
        { "500\t-", ANSWER_DENIED, "unreachable" },
        { "503\t-\tRetry-After: 60", ANSWER_DEFERRED, "" },
        { "429\t-", ANSWER_DEFERRED, "" },
        { "200\tno.txt\thang", ANSWER_DENIED, "unreachable" },
        { "200\tyes.txt\tcut=3", ANSWER_DENIED, "unreachable" },
        { "301\t-\tLocation: /r2", ANSWER_DENIED, "disallow" },
        { "301\t-\tLocation: /robots.txt", ANSWER_OK, "none" },
        { "301\t-\tLocation: file:///etc/passwd", ANSWER_DENIED, "unreachable" },
        { "301\t-", ANSWER_DENIED, "unreachable" },
        { "200\t-\tbomb=2097152", ANSWER_OK, "none" },
        { "200\t-\tendless", ANSWER_OK, "none" },
        { "200\tslow.txt", ANSWER_DENIED, "none" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct saved *a;
        struct room r;
        char tsv[256];

        snprintf(tsv, sizeof(tsv), "GET\t/robots.txt\t-\t%s\nGET\t/r2\t-\t200\tno.txt\n",
                 rows[i].row);
        open_room(&r, FILES("127.0.0.1/site.tsv", tsv, "127.0.0.1/x", "x", "127.0.0.1/no.txt",
                            "User-agent: roletide\nDisallow: /x\n", "127.0.0.1/yes.txt",
                            "User-agent: *\nDisallow: /\nAllow: /x\n", "127.0.0.1/html.txt",
                            "<html>soft 404</html>", "127.0.0.1/slow.txt",
                            "User-agent: *\nCrawl-delay: 3600\n"));
        a = ask(&r, "127.0.0.1", "/x");
        CHECK_ROW(a->outcome == rows[i].outcome, i);
        CHECK_ROW(hits_of(&r, "/x") == (a->outcome == ANSWER_OK), i);
        CHECK_STR(str_of(r.lines[r.n_lines - 1].robots), str_of(rows[i].word), i);
        close_room(&r);
    }
}

static void robots_txt_is_asked_once_a_day(void **state)
{
    struct request q;
    struct room r;

    (void)state;
    open_room(&r,
              FILES("127.0.0.1/a", "a", "127.0.0.1/robots.txt", "User-agent: *\nDisallow: /b\n"));
    CHECK(ask(&r, "127.0.0.1", "/a")->outcome == ANSWER_OK);
    CHECK(ask(&r, "127.0.0.1", "/a")->outcome == ANSWER_OK);
    r.now += 23 * 3600;
    reopen(&r); /* what was saved is loaded */
    CHECK(ask(&r, "127.0.0.1", "/b")->outcome == ANSWER_DENIED);
    CHECK(hits_of(&r, "/robots.txt") == 1);
    r.now += 2 * 3600;
    CHECK(ask(&r, "127.0.0.1", "/b")->outcome == ANSWER_DENIED);
    CHECK(hits_of(&r, "/robots.txt") == 2);
    q = get(&r, "127.0.0.1", "/b");
    q.robots_exempt = true;
    submit(&r, &q, 0);
    drain(&r);
    CHECK(r.answers[0].status == 404 && hits_of(&r, "/robots.txt") == 2);
    close_room(&r);
}

static void a_crawl_delay_is_kept(void **state)
{
    struct request q;
    struct room r;

    (void)state;
    open_room(
        &r, FILES("127.0.0.1/a", "a", "127.0.0.1/robots.txt", "User-agent: *\nCrawl-delay: 0.2\n"));
    for (size_t i = 0; i < 3; i++) {
        q = get(&r, "127.0.0.1", "/a");
        submit(&r, &q, i);
    }
    drain(&r);
    CHECK(r.n_lines == 4);
    for (size_t i = 1; i < r.n_lines; i++)
        CHECK_ROW(r.lines[i].gap_required_ms == 200 && r.lines[i].gap_kept_ms >= 200, i);
    close_room(&r);
}

static void patience_outlives_the_run(void **state)
{
    struct request q;
    struct room r;

    (void)state;
    open_room(&r, FILES("127.0.0.1/a", "a", "127.0.0.1/site.tsv",
                        "GET\t/busy\t-\t429\t-\tRetry-After: 120\n"));
    q = get(&r, "127.0.0.1", "/busy");
    submit(&r, &q, 0);
    q = get(&r, "127.0.0.1", "/a");
    submit(&r, &q, 1);
    drain(&r);
    CHECK(r.answers[0].outcome == ANSWER_DEFERRED && r.answers[0].status == 429);
    CHECK(r.answers[1].outcome == ANSWER_DEFERRED && r.answers[1].status == 0);
    CHECK(r.n_hosts == 1 && r.hosts[0].next_ok == NOW + 120);
    r.now = NOW + 119;
    reopen(&r);
    CHECK(ask(&r, "127.0.0.1", "/a")->outcome == ANSWER_DEFERRED && hits_of(&r, "/a") == 0);
    r.now = NOW + 120;
    CHECK(ask(&r, "127.0.0.1", "/a")->outcome == ANSWER_OK && hits_of(&r, "/a") == 1);
    CHECK(r.hosts[0].next_ok == 0);
    close_room(&r);
}

static void a_failing_host_is_left_alone_and_then_probed_once(void **state)
{
    struct request q;
    struct room r;

    (void)state;
    open_room(&r, FILES("127.0.0.1/site.tsv", "GET\t/x\t-\t500\t-\n"));
    r.opt.breaker_failures = 3;
    r.opt.breaker_s = 100;
    reopen(&r);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 6; i++) {
            q = get(&r, "127.0.0.1", "/x");
            submit(&r, &q, i);
        }
        drain(&r);
        CHECK_ROW(hits_of(&r, "/x") == (round ? 4 : 3), round);
        CHECK_ROW(r.answers[5].outcome == ANSWER_DEFERRED, round);
        r.now += 100 + 10; /* a tenth more at most */
    }
    close_room(&r);
}

static void a_broken_connection_is_tried_again(void **state)
{
    struct room r;

    (void)state;
    open_room(&r, FILES("127.0.0.1/site.tsv",
                        "GET\t/x\t-\t200\ta.txt\tcut=2\ttimes=3\nGET\t/x\t-\t200\ta.txt\n",
                        "127.0.0.1/a.txt", "whole"));
    r.opt.max_tries = 4;
    reopen(&r);
    CHECK_STR(str_of(ask(&r, "127.0.0.1", "/x")->body), STR("whole"), 0);
    CHECK(hits_of(&r, "/x") == 4 && r.n_lines == 5);
    for (size_t i = 1; i < 4; i++)
        CHECK_ROW(r.lines[i].outcome == ANSWER_FAILED, i);
    close_room(&r);
}

static void trouble_at_one_host_never_delays_another(void **state)
{
    struct request q;
    struct room r;
    int64_t start;
    size_t slow_at = 0;

    (void)state;
    open_room(&r, FILES("127.0.0.1/site.tsv", "GET\t/x\t-\t200\t-\thang\n", "127.0.0.2/site.tsv",
                        "GET\t/x*\t-\t200\ta\n", "127.0.0.2/a", "a"));
    q = get(&r, "127.0.0.1", "/x");
    submit(&r, &q, 0);
    for (size_t i = 1; i <= 20; i++) {
        q = get(&r, "127.0.0.2", "/x");
        submit(&r, &q, i);
    }
    start = ms_now();
    drain(&r);
    CHECK(r.n_answers == 21 && ms_now() - start < 3500);
    while (r.order[slow_at])
        slow_at++;
    CHECK(slow_at == 20);
    for (size_t i = 1; i <= 20; i++)
        CHECK_ROW(r.answers[i].outcome == ANSWER_OK, i);
    CHECK(r.answers[0].outcome == ANSWER_FAILED);
    close_room(&r);
}

static void requests_of_one_group_never_overlap(void **state)
{
    struct boards_hit a, b;
    struct request q;
    struct room r;

    (void)state;
    open_room(&r, FILES("127.0.0.1/site.tsv", "GET\t/x\t-\t200\t-\tdelay=150\n",
                        "127.0.0.2/site.tsv", "GET\t/x\t-\t200\t-\tdelay=150\n"));
    for (size_t i = 0; i < 2; i++) {
        q = get(&r, i ? "127.0.0.2" : "127.0.0.1", "/x");
        q.pace_group = STR("vendor");
        q.robots_exempt = true;
        submit(&r, &q, i);
    }
    drain(&r);
    CHECK(boards_hit(r.boards, 0, &a) && boards_hit(r.boards, 1, &b));
    CHECK(b.at_us - a.at_us >= 150000);
    close_room(&r);
}

static void what_may_not_be_asked_is_not_sent(void **state)
{
    static const char *const urls[] = { "http://10.0.0.1/", "ftp://a.example/",
                                        "http://u@a.example/", "nonsense", "http://8.8.8.8/" };
    struct request q = { .method = STR("GET") };
    struct room r;

    (void)state;
    open_room(&r, FILES("127.0.0.1/a", "a"));
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        q.url = str_of(urls[i]);
        submit(&r, &q, i);
    }
    drain(&r);
    CHECK(r.n_lines == ARRAY_LEN(urls));
    for (size_t i = 0; i < ARRAY_LEN(urls); i++)
        CHECK_ROW(r.answers[i].outcome == ANSWER_DENIED && r.answers[i].error[0], i);
    r.opt.allow_loopback = false;
    reopen(&r);
    CHECK(ask(&r, "acme.localhost", "/a")->outcome == ANSWER_DENIED);
    CHECK(ask(&r, "127.0.0.1", "/a")->outcome == ANSWER_DENIED);
    CHECK(boards_hits(r.boards) == 0);
    q = get(&r, "127.0.0.1", "/a");
    q.etag = STR("x\r\nHost: evil");
    CHECK(r.fetcher->submit(r.fetcher, &q, NULL, &r.diag) == ERR_USAGE);
    q.etag = (struct str){ 0 };
    q.method = STR("DELETE");
    CHECK(r.fetcher->submit(r.fetcher, &q, NULL, &r.diag) == ERR_USAGE);
    close_room(&r);
}

static void a_search_is_posted_and_the_day_turns_the_page(void **state)
{
    struct request q;
    struct room r;

    (void)state;
    open_room(&r, FILES("acme.localhost/site.tsv",
                        "POST\t/s\t-1\t200\tone\tmatch=\"page\":1\nPOST\t/s\t-1\t200\ttwo\n"
                        "POST\t/s\t2-\t200\tlater\n",
                        "acme.localhost/one", "1", "acme.localhost/two", "2",
                        "acme.localhost/later", "3"));
    for (size_t i = 0; i < 3; i++) {
        q = get(&r, "acme.localhost", "/s");
        q.method = STR("POST");
        q.body = i == 0 ? STR("{\"page\":1}") : STR("{\"page\":2}");
        q.headers[q.n_headers++] = (struct header){ STR("Content-Type"), STR("application/json") };
        if (i == 2)
            write_file(&r, "day", "2\n");
        submit(&r, &q, i);
        drain(&r);
        CHECK_ROW(r.answers[i].body[0] == (char)('1' + i), i);
    }
    close_room(&r);
}

/* Handles are used again: for the next request nothing of the last one is left in them. */
static void a_handle_keeps_nothing_of_its_last_request(void **state)
{
    struct boards_hit h;
    struct request q;
    struct room r;
    size_t n = 0;

    (void)state;
    open_room(&r,
              FILES("acme.localhost/site.tsv", "POST\t/s\t-1\t200\tone\nGET\t/s\t-1\t200\ttwo\n",
                    "acme.localhost/one", "posted", "acme.localhost/two", "got"));
    for (size_t i = 0; i < 4; i++) {
        q = get(&r, "acme.localhost", "/s");
        if (i % 2 == 0) {
            q.method = STR("POST");
            q.body = STR("{}");
            q.etag = STR("\"v1\"");
            q.headers[q.n_headers++] = (struct header){ STR("Authorization"), STR("canary") };
        }
        submit(&r, &q, i);
        drain(&r);
        CHECK_STR(str_of(r.answers[i].body), i % 2 ? STR("got") : STR("posted"), i);
    }
    for (size_t i = 0; boards_hit(r.boards, i, &h); i++) {
        if (strcmp(h.url, "/s") != 0)
            continue;
        CHECK_ROW(strcmp(h.method, n % 2 ? "GET" : "POST") == 0, i);
        CHECK_ROW(n % 2 ? !h.secret[0] && !h.validator[0] : h.secret[0] && h.validator[0], i);
        n++;
    }
    CHECK(n == 4);
    close_room(&r);
}

static void an_imitated_browser_is_refused(void **state)
{
    struct fetch_options opt = { .user_agent = STR("Mozilla/5.0 (X11; Linux x86_64)") };
    struct fetcher *f = NULL;
    struct diag d;

    (void)state;
    CHECK(fetch_curl_open(&f, &opt, &d) == ERR_CONFIG && !f && d.about == opt.user_agent.p);
}

static void closing_early_leaves_nothing_behind(void **state)
{
    const struct answer *a;
    struct request q;
    struct room r;
    void *tag;

    (void)state;
    open_room(&r, FILES("127.0.0.1/site.tsv", "GET\t/x\t-\t200\t-\thang\n"));
    for (size_t i = 0; i < 3; i++) {
        q = get(&r, "127.0.0.1", "/x");
        submit(&r, &q, i);
    }
    CHECK(r.fetcher->next(r.fetcher, &a, &tag, 100, &r.diag) == FETCH_TIMEOUT);
    close_room(&r);
}

static void saved_answers_are_replayed_in_order(void **state)
{
    static const struct {
        const char *url;
        enum answer_outcome outcome;
        const char *body;
    } rows[] = {
        { "https://a.example/jobs", ANSWER_OK, "first" },
        { "https://a.example/jobs", ANSWER_UNCHANGED, "" },
        { "https://a.example/jobs", ANSWER_UNCHANGED, "" },
        { "https://a.example/none", ANSWER_FAILED, "" },
        { "https://a.example/busy", ANSWER_DEFERRED, "" },
    };
    struct fetcher *f = NULL;
    const struct answer *a;
    struct diag d;
    struct room r;
    void *tag;

    (void)state;
    open_room(&r, FILES("replay/index.tsv",
                        "# a comment\n"
                        "GET https://a.example/jobs\t200\tContent-Type: text/plain|ETag: \"1\"\tb\n"
                        "GET https://a.example/jobs\t304\t\t\n"
                        "GET https://a.example/busy\t429\t\t\n",
                        "replay/b", "first"));
    CHECK(!fetch_replay_open(&f, str_printf(&r.mem, "%s/replay", r.dir).p, &d));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct request q = { .method = STR("GET"), .url = str_of(rows[i].url) };

        CHECK_ROW(!f->submit(f, &q, &r.answers[i], &d), i);
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK_ROW(f->next(f, &a, &tag, 0, &d) == FETCH_ANSWER, i);
        CHECK_ROW(tag == &r.answers[i] && a->outcome == rows[i].outcome, i);
        CHECK_STR(a->body, str_of(rows[i].body), i);
        if (i == 0)
            CHECK_STR(a->etag, STR("\"1\""), i);
    }
    CHECK(f->next(f, &a, &tag, 0, &d) == FETCH_IDLE);
    fetcher_close(&f);
    CHECK(fetch_replay_open(&f, "/nonexistent", &d) == ERR_IO);
    close_room(&r);
}

RUN_TESTS(TEST(an_answer_comes_whole_and_the_request_is_honest),
          TEST(a_connection_is_kept_and_the_gap_with_it), TEST(an_unchanged_page_is_not_sent_again),
          TEST(nothing_of_a_bad_transfer_is_kept), TEST(compressed_and_chunked_bodies_are_decoded),
          TEST(redirects_are_followed_as_far_as_they_may_lead),
          TEST(a_credential_never_leaves_its_host),
          TEST(robots_txt_is_obeyed_in_every_form_it_takes), TEST(robots_txt_is_asked_once_a_day),
          TEST(a_crawl_delay_is_kept), TEST(patience_outlives_the_run),
          TEST(a_failing_host_is_left_alone_and_then_probed_once),
          TEST(a_broken_connection_is_tried_again), TEST(trouble_at_one_host_never_delays_another),
          TEST(requests_of_one_group_never_overlap), TEST(what_may_not_be_asked_is_not_sent),
          TEST(a_search_is_posted_and_the_day_turns_the_page),
          TEST(a_handle_keeps_nothing_of_its_last_request), TEST(an_imitated_browser_is_refused),
          TEST(closing_early_leaves_nothing_behind), TEST(saved_answers_are_replayed_in_order))
