/* Pace and patience, as a server sees them: over runs, over hosts, by the clock. */
#include "test.h"

#include "core/buf.h"
#include "core/cleanup.h"
#include "tests/e2e/play.h"

#define TEN_OF(text) text text text text text text text text text text
#define LONG_NUMBER  TEN_OF(TEN_OF(TEN_OF("12345678901234567890"))) /* 20 kB */

/* A host that asks for patience on the 12th; then when it may first be asked again. */
static const struct {
    const char *id, *answer;
    const char *early, *late; /* clocks; the board is asked at `late` only */
} waits[] = {
    { "F16", "429\t-\tRetry-After: 120", "12T03:31", "12T03:33" },
    { "F17", "429\t-\tRetry-After: Thu, 12 Nov 2026 05:00:00 GMT", "12T04:59", "12T05:01" },
    { "F17", "503\t-\tRetry-After: Thu, 12 Nov 2026 05:00:00 GMT", "12T04:59", "12T05:01" },
    { "F18", "429\t-\tRetry-After: 999999999", "13T03:28", "13T03:32" },
    { "F18", "429\t-\tRetry-After: 99999999999999999999999", NULL, "13T03:32" },
    { "F18", "429\t-\tRetry-After: -5", NULL, "13T03:32" },
    { "F18", "429\t-\tRetry-After: soon", NULL, "13T03:32" },
    { "F18", "429\t-\tRetry-After: " LONG_NUMBER, NULL, "13T03:32" },
    { "F19", "503\t-", NULL, "13T03:32" },
};

static void write_board(struct play *p, const char *site, const char *rows)
{
    struct arena *a = &p->memory;

    play_file(p, str_cstr(a, str_printf(a, "%s/site.tsv", site)), str_of(rows));
    play_file(p, str_cstr(a, str_printf(a, "%s/AB.json", site)), greenhouse_board(a, "AB"));
}

static void a_host_that_asks_for_patience_gets_it_in_the_next_run_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
        struct spawned s;
        struct play p;
        size_t asked;

        play_open(&p, "e2e-patience");
        write_board(&p, "127.0.0.2",
                    str_cstr(&p.memory, str_printf(&p.memory,
                                                   "GET\t" GREENHOUSE_PATH "\t-\t%s\ttimes=1\n"
                                                   "GET\t" GREENHOUSE_PATH "\t-\t200\tAB.json\n",
                                                   waits[i].answer)));
        play_start(&p, GREENHOUSE_SOURCE);
        s = play(&p, "12T03:30", "crawl", "--format", "jsonl");
        asked = play_hits(&p, GREENHOUSE_PATH);
        CHECK_ROW(s.status == 1 && asked == 1 && s.ms < 5000, i);
        if (waits[i].early) {
            s = play(&p, waits[i].early, "crawl", "--all", "--format", "jsonl");
            CHECK_ROW(s.status == 1 && play_hits(&p, "*") == asked + 1, i); /* and robots.txt */
            CHECK_ROW(str_find(s.out, STR("left alone until")) >= 0, i);
        }
        s = play(&p, waits[i].late, "crawl", "--all", "--format", "jsonl");
        CHECK_ROW(s.status == 0 && play_hits(&p, GREENHOUSE_PATH) == asked + 1, i);
        CHECK_ROW(play_number(&p, "SELECT count(*) FROM v_spell WHERE open") == 2, i);
        play_close(&p);
    }
}

enum { FAST = 6, DETAILS = 50, GAP_MS = 20, LATE_MS = 40 };

static int64_t crawl_fast(struct play *p, const char *at)
{
    struct spawned s = play(p, at, "crawl", "--format", "jsonl", "--source", "greenhouse:b4",
                            "--source", "greenhouse:b5", "--source", "greenhouse:b6");

    CHECK(s.status == 0);
    return s.ms;
}

/* The slow ones end by their own limits (3 s); by then the ledger has the fast ones long done. */
static void slow_hosts_hold_nobody_up(void **state)
{
    CLEANUP(buf_release) struct buf sources = { 0 };
    struct play p;
    int64_t alone, slowest;
    struct spawned s;

    (void)state;
    play_open(&p, "e2e-slow-hosts");
    for (int i = 2; i < 2 + FAST + 2; i++) {
        char site[16];

        snprintf(site, sizeof(site), "127.0.0.%d", i);
        write_board(&p, site,
                    i < 4 ? "GET\t/v1/*\t-\t200\t-\thang\n"
                          : "GET\t/v1/*\t-\t200\tAB.json\tdelay=100\n");
        buf_printf(&sources,
                   "- { adapter: greenhouse, company: C%d, params: { token: b%d, base: '@%d' } }\n",
                   i, i, i);
    }
    play_start(&p, str_cstr(&p.memory, buf_str(&sources)));
    alone = crawl_fast(&p, "11T03:30");
    s = play(&p, "12T03:30", "crawl", "--format", "jsonl");
    CHECK(s.status == 3 && count_of(s.out, STR("\"failed\"")) == 2);
    slowest = play_number(&p, "SELECT max(ms) FROM v_reading WHERE outcome <> 'failed' "
                              "AND started > (SELECT min(started) FROM v_reading)");
    CHECK(slowest > 0 && slowest <= alone * 12 / 10 + 50);
    if (test_failures)
        fprintf(stderr, "alone %lld ms, beside slow ones %lld ms\n", (long long)alone,
                (long long)slowest);
    play_close(&p);
}

/* A list and its details, all of one host: what it sees is one request at a time. */
static void a_host_is_asked_one_thing_at_a_time_and_not_too_soon(void **state)
{
    CLEANUP(buf_release) struct buf list = { 0 };
    struct boards_hit first, last;
    struct play p;

    (void)state;
    play_open(&p, "e2e-pace");
    buf_add(&list, STR("{\"offset\":0,\"limit\":100,\"totalFound\":50,\"content\":["));
    for (int i = 0; i < DETAILS; i++)
        buf_printf(&list,
                   "%s{\"id\":\"%d\",\"name\":\"MLOps Engineer\",\"company\":{\"identifier\":"
                   "\"Neem\",\"name\":\"Neem Labs\"},\"releasedDate\":\"2026-11-09T09:00:00Z\","
                   "\"location\":{\"city\":\"Pune\",\"region\":\"MH\",\"country\":\"in\"}}",
                   i ? "," : "", 700 + i);
    buf_add(&list, STR("]}"));
    play_file(&p, "127.0.0.2/list.json", buf_str(&list));
    play_file(&p, "127.0.0.2/one.json",
              STR("{\"jobAd\":{\"sections\":{\"jobDescription\":{\"title\":\"Work\",\"text\":"
                  "\"<p>Kubernetes</p>\"}}}}"));
    play_file(&p, "127.0.0.2/site.tsv",
              STR("GET\t/v1/companies/Neem/postings?*\t-\t200\tlist.json\n"
                  "GET\t/v1/companies/Neem/postings/*\t-\t200\tone.json\tdelay=5\n"));
    play_start(&p, "- { adapter: smartrecruiters, company: Neem Labs, "
                   "params: { company: Neem, base: '@2' } }\n");
    scratch_file(&p.memory, p.folder, "config/roletide.yaml",
                 STR("own_sources: true\nallow_loopback: true\nfetch: { gap_ms: 20 }\n"));
    CHECK(play(&p, "11T03:30", "crawl", "--format", "jsonl").status == 0);
    CHECK(play_hits(&p, "*") == DETAILS + 2);
    /* A busy machine lets the server look at its clock late, so a single gap may seem short there;
     * each is held to the ledger below, and the server to how long all of them took. */
    CHECK(boards_hit(p.boards, 0, &first) && boards_hit(p.boards, DETAILS + 1, &last));
    CHECK(last.at_us - first.at_us >= ((DETAILS + 1) * GAP_MS - LATE_MS) * 1000);
    /* The first request keeps no gap: there was none before it. */
    CHECK(play_number(&p, "SELECT count(*) FROM v_request WHERE gap_kept_ms < gap_required_ms")
          == 1);
    play_close(&p);
}

RUN_TESTS(TEST(a_host_that_asks_for_patience_gets_it_in_the_next_run_too),
          TEST(slow_hosts_hold_nobody_up),
          TEST(a_host_is_asked_one_thing_at_a_time_and_not_too_soon))
