/*
 * Servers that misbehave, one a row: the board was read whole the day before, has a bad day, and
 * is read again the day after. Whatever happened in between, nothing of it may be left behind,
 * and the board beside it must not notice.
 */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "tests/e2e/play.h"

enum {
    AT_ONCE = 6, /* rows under way: they mostly wait */
    USUAL_MS = 9000,
    MAX_RSS_KIB = 128 * 1024,
};

/* A board: what its first request is, and what an adapter has to say of it. */
struct kind {
    const char *path, *url, *paging;
};

static const struct kind links = { "/pages?n=1", "/pages?n=1", "{ kind: link, at: /next }" };
static const struct kind cursors = { "/pages?n=", "/pages?n={cursor}",
                                     "{ kind: cursor, at: /next }" };
static const struct kind offsets = { "/pages?n=0", "/pages?n={offset}",
                                     "{ kind: offset, size: 2 }" };

struct fault {
    const char *id, *does;
    const char *rows; /* of the second day; "@": the board's path */
    const char *outcome, *error;
    int64_t max_requests, max_bytes; /* 0: 1 request; any number of bytes */
    int64_t opened;                  /* by the second day */
    const struct kind *kind;         /* NULL: a Greenhouse board */
    bool tls;
    enum certificate shows; /* on the second day */
};

#define BAD(row) "GET\t@\t12\t" row "\n"

static const struct fault faults[] = {
    { "F01", "never answers", BAD("200\t-\thang"), "failed", "", 1 },
    { "F02", "sends a byte a second", BAD("200\tAB.json\tslow=1"), "failed", "too slow", 1 },
    { "F03", "sends its headers byte by byte", BAD("200\tshort.raw\traw\tslow=2"), "failed", "" },
    { "F04", "sends twenty thousand headers", BAD("200\tmany.raw\traw"), "failed", "", 4 },
    { "F05", "sends without an end", BAD("200\t-\tendless"), "failed", "over its limit" },
    { "F06", "announces a gibibyte", BAD("200\t-\tlength=1073741824"), "failed", "over its limit",
      1, 65536 },
    { "F07", "announces more than it sends", BAD("200\tABC.json\tlength=99999"), "failed", "", 4 },
    { "F08", "sends a compressed bomb", BAD("200\tonce.gz\tContent-Encoding: gzip"), "failed",
      "over its limit" },
    { "F09", "sends a bomb packed twice", BAD("200\ttwice.gz\tContent-Encoding: gzip, gzip"),
      "failed", "over its limit", 1, 65536 },
    { "F10", "packs six times",
      BAD("200\ttwice.gz\tContent-Encoding: gzip, gzip, gzip, gzip, gzip, gzip"), "failed", "" },
    { "F10", "says gzip and is not", BAD("200\tABC.json\tContent-Encoding: gzip"), "failed", "" },
    { "F10", "breaks off in gzip", BAD("200\tABC.json\tgzip\tcut=100"), "failed", "", 4 },
    { "F11", "redirects to itself", BAD("302\t-\tLocation: @"), "failed", "redirect", 6 },
    { "F11", "redirects further and further",
      BAD("302\t-\tLocation: /a\nGET\t/a\t-\t302\t-\t"
          "Location: /b\nGET\t/b\t-\t302\t-\tLocation: /a?"),
      "failed", "", 6 },
    { "F12", "redirects to a file", BAD("302\t-\tLocation: file:///etc/passwd"), "failed", "" },
    { "F12", "redirects to FTP", BAD("302\t-\tLocation: ftp://127.0.0.2/"), "failed", "" },
    { "F12", "redirects to Gopher", BAD("302\t-\tLocation: gopher://127.0.0.2/_a"), "failed", "" },
    { "F13", "redirects to the cloud's secrets",
      BAD("302\t-\tLocation: http://169.254.169.254/latest/"), "failed", "169.254.169.254" },
    { "F13", "redirects into a private network", BAD("302\t-\tLocation: http://[fd00::1]/"),
      "failed", "fd00::1" },
    { "F13", "redirects to a site that is never read",
      BAD("302\t-\tLocation: https://in.linkedin.com/jobs/"), "failed", "LinkedIn's terms" },
    { "F15", "redirects from https to http", BAD("302\t-\tLocation: http://127.0.0.3/"), "failed",
      "from https to http", .tls = true },
    { "F20", "fails", BAD("500\t-"), "failed", "500" },
    { "F20", "fails on the second page",
      BAD("200\tAB.json") "GET\t/pages?n=2\t-11\t200\tnone.json\n"
                          "GET\t/pages?n=2\t13-\t200\tnone.json\n"
                          "GET\t/pages?n=*\t12\t500\t-\n",
      "partial", "500", 2, .kind = &offsets, .tls = true },
    { "F21", "links to the page itself", BAD("200\tnext1.json"), "partial", "repeats", 2,
      .kind = &links, .tls = true },
    { "F21", "gives its own cursor",
      BAD("200\tcursor.json") "GET\t/pages?n=7\t12\t200\tcursor.json\n", "partial", "repeats", 2,
      .kind = &cursors, .tls = true },
    { "F22", "links further and further",
      BAD("200\tnext2.json") "GET\t/pages?n=2\t12\t200\tnext3.json\n", "partial", "repeats", 2,
      .kind = &links, .tls = true },
    { "F22", "has the same jobs at every offset",
      BAD("200\tAB.json") "GET\t/pages?n=2\t-11\t200\tnone.json\n"
                          "GET\t/pages?n=2\t13-\t200\tnone.json\n"
                          "GET\t/pages?n=*\t12\t200\tAB.json\n",
      "partial", "repeats", 2, .kind = &offsets, .tls = true },
    { "F23", "lists fewer than it advertises", BAD("200\tfew.json"), "partial", "", 4 },
    { "F24", "answers with a challenge", BAD("200\tlogin.html\ttype=text/html"), "failed", "JSON" },
    { "F25", "suddenly lists nothing", BAD("200\tnone.json"), "complete", NULL },
    { "F26", "says 304", BAD("304\t-"), "unchanged", NULL, .tls = true },
    { "F27", "has a new validator for the same bytes", BAD("200\tAB.json\tETag: \"second\""),
      "unchanged", NULL },
    { "F28", "breaks off three times, then answers",
      BAD("200\tABC.json\tcut=300\ttimes=3") BAD("200\tABC.json"), "complete", NULL, 4, 0, 1 },
    { "F28", "resets the connection three times, then answers",
      BAD("200\t-\treset\ttimes=3") BAD("200\tABC.json"), "complete", NULL, 4, 0, 1 },
    { "F29", "has a certificate that expired", BAD("200\tABC.json"), "failed", "certificate", 1, 1,
      .tls = true, .shows = CERTIFICATE_EXPIRED },
    { "F29", "has a certificate for another host", BAD("200\tABC.json"), "failed", "certificate", 1,
      1, .tls = true, .shows = CERTIFICATE_OTHER_HOST },
    { "F29", "has signed its certificate itself", BAD("200\tABC.json"), "failed", "certificate", 1,
      1, .tls = true, .shows = CERTIFICATE_SELF_SIGNED },
    { "F30", "speaks HTTP/0.9", BAD("200\tnine.raw\traw"), "failed", "", 4 },
    { "F30", "has a garbage status line", BAD("200\tgarbage.raw\traw"), "failed", "", 4 },
    { "F30", "has a negative length", BAD("200\tnegative.raw\traw"), "failed", "", 4 },
    { "F31", "redirects to line ends",
      BAD("302\t-\tLocation: /a%0d%0aX-Evil:%201") "GET\t/a*\t12\t500\t-\n", "failed", "500", 2 },
    { "F31", "says line ends in what is kept of it", BAD("200\tkept.raw\traw"), "complete", NULL, 1,
      0, 1 },
    { "F31", "redirects to a NUL", BAD("200\tnul.raw\traw"), "failed", "", 4 },
    { "F31", "redirects to 100 kB", BAD("200\tlong.raw\traw"), "failed", "", 4 },
    { "F32", "writes UTF-16", BAD("200\twide.json"), "failed", "" },
    { "F32", "breaks its UTF-8", BAD("200\tlatin.json"), "failed", "UTF-8" },
};

static void file(struct play *p, const char *name, struct str bytes)
{
    play_file(p, str_cstr(&p->memory, str_printf(&p->memory, "127.0.0.2/%s", name)), bytes);
}

static struct str packed(struct arena *a, struct str bytes)
{
    z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes.p, .avail_in = (uInt)bytes.n };
    size_t room = bytes.n / 500 + 1000;
    char *out = arena_alloc(a, room, 1);

    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK
        || deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    deflateEnd(&z);
    return (struct str){ out, z.total_out };
}

static struct str repeated(struct arena *a, const char *start, const char *again, size_t n,
                           const char *end)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    buf_add(&b, str_of(start));
    while (n--)
        buf_add(&b, str_of(again));
    buf_add(&b, str_of(end));
    return buf_take(&b, a);
}

/* Packed before the crawl: a server that packs while it is asked is only slow. */
static void write_bombs(struct play *p)
{
    struct arena a = { 0 };
    struct str zeros = { arena_alloc(&a, 64 << 20, 1), 64 << 20 };

    struct str once = packed(&a, zeros);

    file(p, "once.gz", once);
    file(p, "twice.gz", packed(&p->memory, once));
    arena_free(&a);
}

/* The usual page, and where the next one is. */
static struct str linking(struct arena *a, const char *next)
{
    struct str page = greenhouse_board(a, "AB");

    return str_printf(a, "{\"next\":\"%s\"," STR_FMT, next, STR_ARG(str_from(page, 1)));
}

static void write_adapter(struct play *p, const struct kind *kind)
{
    struct str text = str_printf(&p->memory,
                                 "adapter: paged\nlabel: Paged\npolicy: default\nwhy: played\n"
                                 "params: { base: { help: its address, required: true } }\n"
                                 "steps:\n  - { name: jobs, url: '{base}%s', decode: json,\n"
                                 "      shape: /jobs, items: /jobs, paging: %s }\nfields:\n"
                                 "  - { to: native_id, at: /id }\n  - { to: title, at: /title }\n"
                                 "  - { to: places, at: /location/name }\n"
                                 "  - { to: url, at: /absolute_url }\n"
                                 "  - { to: text, at: /content, as: [unescape, html] }\n",
                                 kind->url, kind->paging);

    scratch_file(&p->memory, p->folder, "config/adapters/paged.yaml", text);
}

/* Headers that a careless reader gives back, with what would end them there. */
static struct str kept(struct arena *a, struct str body)
{
    return str_printf(a,
                      "HTTP/1.1 200 OK\r\nETag: \"a\rX-Evil: 1\"\r\n"
                      "Last-Modified: Thu, 12 Nov 2026 00:00:00 GMT\rX-Evil: 1\r\n"
                      "Set-Cookie: sid=1\r\nLink: </a>; rel=preload\rX-Evil: 1\r\n"
                      "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n" STR_FMT,
                      body.n, STR_ARG(body));
}

static void write_site(struct play *p, const struct fault *f)
{
    struct arena *a = &p->memory;
    struct str rows = STR("GET\t@\t-11\t200\tAB.json\tETag: \"first\"\n"), text = { 0 };
    const char *path = f->kind ? f->kind->path : GREENHOUSE_PATH;

    rows = str_printf(a, STR_FMT "%sGET\t@\t13-\t200\tAB.json\n", STR_ARG(rows), f->rows);
    for (size_t i = 0; i < rows.n; i++)
        text = rows.p[i] == '@' ? str_printf(a, STR_FMT "%s", STR_ARG(text), path)
                                : str_printf(a, STR_FMT "%c", STR_ARG(text), rows.p[i]);
    file(p, "site.tsv", text);
    play_file(p, "127.0.0.3/site.tsv", STR("GET\t/v1/boards/sal/*\t-\t200\tC.json\n"));
    play_file(p, "127.0.0.3/C.json", greenhouse_board(a, "C"));
    file(p, "AB.json", greenhouse_board(a, "AB"));
    file(p, "ABC.json", greenhouse_board(a, "ABC"));
    file(p, "none.json", greenhouse_board(a, ""));
    file(p, "next1.json", linking(a, "/pages?n=1"));
    file(p, "cursor.json", linking(a, "7"));
    file(p, "next2.json", linking(a, "/pages?n=2"));
    file(p, "next3.json", linking(a, "/pages?n=3"));
    file(p, "few.json", STR("{\"jobs\":[],\"meta\":{\"total\":20}}"));
    file(p, "login.html", STR("<html><title>Just a moment</title><p>Are you human?</html>"));
    file(p, "short.raw", STR("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}"));
    file(p, "nine.raw", STR("{\"jobs\":[],\"meta\":{\"total\":0}}"));
    file(p, "garbage.raw", STR("HTTP/x.y two hundred\r\n\r\n{}"));
    file(p, "negative.raw", STR("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{\"jobs\":[]}"));
    file(p, "kept.raw", kept(a, greenhouse_board(a, "ABC")));
    file(p, "nul.raw", STR("HTTP/1.1 302 Found\r\nLocation: /a\0b\r\nContent-Length: 0\r\n\r\n"));
    file(p, "long.raw",
         repeated(a, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /", "0123456789", 10000,
                  "\r\n\r\n"));
    file(
        p, "many.raw",
        repeated(a, "HTTP/1.1 200 OK\r\n", "X-Filler: some more of the same\r\n", 20000, "\r\n{}"));
    file(p, "wide.json", STR("\xff\xfe{\0\"\0j\0o\0b\0s\0\"\0:\0[\0]\0}\0"));
    file(p, "latin.json",
         STR("{\"jobs\":[{\"id\":1,\"title\":\"Caf\xe9\"}],\"meta\":{\"total\":1}}"));
    if (strstr(f->rows, "ce.gz"))
        write_bombs(p);
}

/* What is stored of postings: a number for each table. */
static struct str stored(struct play *p)
{
    return play(p, "30T00:00", "--format", "csv", "sql",
                "SELECT (SELECT count(*) FROM v_posting WHERE source LIKE '%palash'),"
                "(SELECT count(*) FROM v_spell WHERE source LIKE '%palash' AND open),"
                "(SELECT count(*) FROM v_revision), (SELECT count(*) FROM v_mention)")
        .out;
}

static struct str line_of(struct str text, const char *part)
{
    while (text.n) {
        struct str line = str_cut(&text, '\n');

        if (str_find(line, str_of(part)) >= 0)
            return line;
    }
    return (struct str){ 0 };
}

static int64_t field(struct str line, const char *key)
{
    int64_t n = -1;

    return str_int(json_field(line, key), &n) ? n : -1;
}

/* What was sent of the board's validators, last of all requests that had some. */
static struct str validator_sent(struct play *p)
{
    struct boards_hit hit;
    struct str sent = { 0 };

    for (size_t i = 0; boards_hit(p->boards, i, &hit); i++)
        if (hit.validator[0])
            sent = str_dup(&p->memory, str_of(hit.validator));
    return sent;
}

static void check_bad_day(struct play *p, const struct fault *f, size_t row)
{
    struct str before = stored(p), bad, good, error;
    struct spawned s;

    play_day(p, 12);
    if (f->shows) {
        play_certificate(p, "127.0.0.2", f->shows);
        play_restart(p);
    }
    s = play(p, "12T03:30", "crawl", "--format", "jsonl");
    bad = line_of(s.out, "greenhouse:palash");
    good = line_of(s.out, "greenhouse:sal");
    error = json_field(bad, "error");
    CHECK_ROW(s.status == (strcmp(f->outcome, "failed") && strcmp(f->outcome, "partial") ? 0 : 3),
              row);
    CHECK_STR(json_field(bad, "outcome"), str_printf(&p->memory, "\"%s\"", f->outcome), row);
    CHECK_STR(json_field(good, "outcome"), STR("\"unchanged\""), row);
    CHECK_ROW(f->error ? str_find(error, str_of(f->error)) >= 0 : str_eq(error, STR("null")), row);
    CHECK_ROW(field(bad, "closed") == 0 && field(bad, "changed") == 0, row);
    CHECK_ROW(field(bad, "new") == f->opened, row);
    CHECK_ROW(field(bad, "requests") <= (f->max_requests ? f->max_requests : 1), row);
    CHECK_ROW(!f->max_bytes || field(bad, "bytes") < f->max_bytes, row);
    CHECK_ROW(s.ms < USUAL_MS, row);
    CHECK_ROW(!MEMORY_COUNTS || s.max_rss_kib < MAX_RSS_KIB, row);
    CHECK_ROW(f->opened || str_eq(stored(p), before), row);
    if (!strcmp(f->outcome, "unchanged")) { /* asked with what was kept, and proven by it */
        CHECK_STR(validator_sent(p), STR("\"first\""), row);
        CHECK_ROW(play_number(p, "SELECT count(DISTINCT last_proven) FROM v_source") == 1, row);
    }
    CHECK_ROW(!f->shows || !play_hits(p, GREENHOUSE_PATH), row); /* it did not come so far */
    if (test_failures)
        fprintf(stderr, "%s %s: %lld ms, %lld KiB\n" STR_FMT STR_FMT, f->id, f->does,
                (long long)s.ms, (long long)s.max_rss_kib, STR_ARG(s.out), STR_ARG(s.err));
}

#define SAL_SOURCE                                                                                 \
    "- { adapter: greenhouse, company: Sal Steel, params: { token: sal, base: '@3' } }\n"
#define PAGED_SOURCE                                                                               \
    "- { key: 'greenhouse:palash', adapter: paged, company: Palash Pay, params: { base: '@2' } "   \
    "}\n"

static void play_fault(size_t row)
{
    const struct fault *f = &faults[row];
    char name[32];
    struct spawned s;
    struct play p;

    snprintf(name, sizeof(name), "e2e-fault-%zu", row);
    play_open(&p, name);
    write_site(&p, f);
    if (f->kind)
        write_adapter(&p, f->kind);
    if (f->tls)
        play_certificate(&p, "127.0.0.2", CERTIFICATE_GOOD);
    play_start(&p, f->kind ? PAGED_SOURCE SAL_SOURCE : GREENHOUSE_SOURCE SAL_SOURCE);
    play_day(&p, 11);
    s = play(&p, "11T03:30", "crawl", "--format", "jsonl");
    CHECK_ROW(s.status == 0 && count_of(s.out, STR("\"complete\"")) == 2, row);
    check_bad_day(&p, f, row);
    play_day(&p, 13);
    if (f->shows) {
        play_certificate(&p, "127.0.0.2", CERTIFICATE_GOOD);
        play_restart(&p);
    }
    s = play(&p, "13T03:30", "crawl", "--format", "jsonl");
    CHECK_ROW(s.status == 0, row);
    CHECK_ROW(play_number(&p, "SELECT count(*) FROM v_spell WHERE open") == 3, row);
    play_close(&p);
}

/* A process a row, because a row mostly waits for a time-out. */
static void a_bad_day_leaves_nothing_behind(void **state)
{
    size_t running = 0, next = 0;
    int status;

    (void)state;
    while (next < ARRAY_LEN(faults) || running) {
        if (next < ARRAY_LEN(faults) && running < AT_ONCE) {
            pid_t pid = fork();

            if (!pid) {
                test_failures = 0;
                play_fault(next);
                _exit(test_failures != 0);
            }
            CHECK(pid > 0);
            next++;
            running++;
            continue;
        }
        CHECK(wait(&status) > 0);
        CHECK(status == 0);
        running--;
    }
}

RUN_TESTS(TEST(a_bad_day_leaves_nothing_behind))
