#include "tests/e2e/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/cleanup.h"

enum { MAX_GIVEN = 12 };

static const char settings[] = "own_sources: true\n"
                               "allow_loopback: true\n"
                               "fetch:\n"
                               "  gap_ms: 1\n"
                               "  timeout_s: 4\n"
                               "  connect_timeout_s: 2\n"
                               "  stall_s: 2\n";

void play_open(struct play *p, const char *name)
{
    *p = (struct play){ 0 };
    p->folder = scratch_folder(&p->memory, name);
    p->config = str_cstr(&p->memory, str_printf(&p->memory, "%s/config", p->folder));
    p->state = str_cstr(&p->memory, str_printf(&p->memory, "%s/state", p->folder));
    play_day(p, 0);
}

void play_file(struct play *p, const char *path, struct str bytes)
{
    scratch_file(&p->memory, p->folder,
                 str_cstr(&p->memory, str_printf(&p->memory, "boards/%s", path)), bytes);
}

void play_day(struct play *p, int day)
{
    play_file(p, "day", str_printf(&p->memory, "%d\n", day));
}

void play_certificate(struct play *p, const char *host, enum certificate kind)
{
    struct arena *a = &p->memory;
    struct str cert, key;

    if (!p->authority) {
        p->authority = authority_open();
        scratch_file(a, p->folder, "ca.pem", authority_pem(p->authority, a));
    }
    authority_certify(p->authority, kind, host, a, &cert, &key);
    play_file(p, str_cstr(a, str_printf(a, "%s/cert.pem", host)), cert);
    play_file(p, str_cstr(a, str_printf(a, "%s/key.pem", host)), key);
}

static void start_boards(struct play *p, uint16_t port)
{
    char why[200];

    p->boards = boards_start(str_cstr(&p->memory, str_printf(&p->memory, "%s/boards", p->folder)),
                             port, NULL, why);
    if (!p->boards) {
        fprintf(stderr, "boards: %s\n", why);
        exit(1);
    }
}

static const char *scheme_of(struct play *p, char host)
{
    struct str cert = str_printf(&p->memory, "%s/boards/127.0.0.%c/cert.pem", p->folder, host);

    return access(str_cstr(&p->memory, cert), F_OK) ? "http" : "https";
}

void play_sources(struct play *p, const char *sources)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (const char *c = sources; *c; c++) {
        if (*c == '@' && c[1] == '[') {
            size_t n = strcspn(c, "]");

            buf_printf(&b, "http://%.*s:%u", (int)n - 2, c + 2, boards_port(p->boards));
            c += n;
        } else if (*c == '@') {
            c++;
            buf_printf(&b, "%s://127.0.0.%c:%u", scheme_of(p, *c), *c, boards_port(p->boards));
        } else {
            buf_add_byte(&b, *c);
        }
    }
    scratch_file(&p->memory, p->folder, "config/sources/played.yaml", buf_str(&b));
}

void play_start(struct play *p, const char *sources)
{
    CLEANUP(buf_release) struct buf set = { 0 };

    start_boards(p, 0);
    buf_add(&set, str_of(settings));
    if (p->authority)
        buf_printf(&set, "  ca_file: '%s/ca.pem'\n", p->folder);
    scratch_file(&p->memory, p->folder, "config/roletide.yaml", buf_str(&set));
    play_sources(p, sources);
}

void play_restart(struct play *p)
{
    uint16_t port = boards_port(p->boards);

    boards_stop(&p->boards);
    start_boards(p, port);
}

/* Whatever a play was about, its requests kept the manners. */
static void check_manners(struct play *p)
{
    struct spawned s = play(p, "30T00:00", "crawl", "--check-ledger");

    if (s.status == 1 && str_find(s.out, STR("broken:")) >= 0) {
        fprintf(stderr, "%s:\n" STR_FMT, p->folder, STR_ARG(s.out));
        abort();
    }
}

/* And no server's word became a header of another request. */
static void check_headers(struct play *p)
{
    for (size_t i = 0; i < boards_hits(p->boards); i++) {
        struct boards_hit hit;

        if (!boards_hit(p->boards, i, &hit) || !hit.strange[0])
            continue;
        fprintf(stderr, "%s: %s has a header %s\n", p->folder, hit.url, hit.strange);
        abort();
    }
}

void play_close(struct play *p)
{
    check_manners(p);
    check_headers(p);
    boards_stop(&p->boards);
    authority_close(&p->authority);
    arena_free(&p->memory);
}

struct running play_begin(struct play *p, const struct spawn_options *opt, const char *at,
                          const char *const words[])
{
    const char *now = str_cstr(&p->memory, str_printf(&p->memory, "2026-11-%s:00Z", at));
    const char *all[7 + MAX_GIVEN] = { "--config", p->config, "--state", p->state, "--now", now };

    for (size_t i = 0; words[i] && i < MAX_GIVEN; i++)
        all[6 + i] = words[i];
    return spawn_start(opt, all);
}

struct spawned play_with(struct play *p, const char *at, const char *const words[])
{
    struct running r = play_begin(p, &(struct spawn_options){ 0 }, at, words);

    return spawn_wait(&p->memory, &r);
}

size_t play_hits(struct play *p, const char *path)
{
    struct str want = str_of(path);
    bool prefix = str_ends(want, STR("*"));
    size_t n = 0;

    want.n -= prefix;
    for (size_t i = 0; i < boards_hits(p->boards); i++) {
        struct boards_hit hit;

        if (boards_hit(p->boards, i, &hit))
            n += prefix ? str_starts(str_of(hit.url), want) : str_eq(str_of(hit.url), want);
    }
    return n;
}

int64_t play_number(struct play *p, const char *query)
{
    struct spawned s = play(p, "30T00:00", "--format", "csv", "sql", query);
    struct str rest = s.out;
    int64_t n;

    (void)str_cut(&rest, '\n');
    return s.status == 0 && str_int(str_trim(rest), &n) ? n : -1;
}

static void add_job(struct buf *b, char letter)
{
    bool edited = letter >= 'a';
    int id = (edited ? letter - 'a' : letter - 'A') + 100;

    buf_printf(b,
               "{\"id\":%d,\"internal_job_id\":%d,\"requisition_id\":\"PP-%d\","
               "\"title\":\"MLOps Engineer\",\"company_name\":\"Palash Pay\","
               "\"absolute_url\":\"https://palash.example/jobs/%d\","
               "\"location\":{\"name\":\"Pune, Maharashtra, India\"},"
               "\"first_published\":\"2026-11-09T09:00:00+05:30\","
               "\"content\":\"&lt;h3&gt;Requirements&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;3-5 years of "
               "experience&lt;/li&gt;&lt;li&gt;Kubernetes and %s&lt;/li&gt;&lt;/ul&gt;\"}",
               id, id + 1000, id, id, edited ? "Terraform" : "MLflow");
}

struct str greenhouse_board(struct arena *a, const char *letters)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    buf_add(&b, STR("{\"jobs\":["));
    for (size_t i = 0; letters[i]; i++) {
        if (i)
            buf_add_byte(&b, ',');
        add_job(&b, letters[i]);
    }
    buf_printf(&b, "],\"meta\":{\"total\":%zu}}", strlen(letters));
    return buf_take(&b, a);
}
