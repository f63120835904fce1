#include "test.h"

#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "tests/e2e/play.h"

enum { LISTED = 103, ASKED_BY_PAGE = 100 };

#define POSTINGS "/v1/companies/PalashWorks/postings"

/* Three employers' boards, some of whose jobs are the same job. */
static void open_market(struct play *p, const char *name)
{
    struct str rows;

    play_open(p, name);
    rows = str_printf(&p->memory, "GET\t%s\t-\t200\tboard.json\tetag\n", GREENHOUSE_PATH);
    for (int host = 2; host <= 4; host++) {
        static const char *const letters[] = { "ABCdE", "AFGh", "aBcIJK" };
        struct str board = greenhouse_board(&p->memory, letters[host - 2]);
        char path[64];

        snprintf(path, sizeof(path), "127.0.0.%d/site.tsv", host);
        play_file(p, path, rows);
        snprintf(path, sizeof(path), "127.0.0.%d/board.json", host);
        play_file(p, path, board);
    }
    play_start(p, "- { key: one, adapter: greenhouse, params: { token: palash, base: '@2' } }\n"
                  "- { key: two, adapter: greenhouse, params: { token: palash, base: '@3' } }\n"
                  "- { key: three, adapter: greenhouse, params: { token: palash, base: '@4' } }\n"
                  "- { key: lost, adapter: greenhouse, params: { token: nobody, base: '@5' } }\n");
}

static int64_t number(struct str json, const char *key)
{
    int64_t n;

    return str_int(json_field(json, key), &n) ? n : -1;
}

static void the_same_job_on_two_boards_is_one_opening(void **state)
{
    struct play p;
    struct spawned crawl, roles, audit, why;
    int64_t counted;

    (void)state;
    open_market(&p, "e2e-market");
    crawl = play(&p, "11T03:30", "crawl", "--format", "jsonl");
    CHECK(crawl.status == 3); /* one board is not there */
    CHECK(count_of(crawl.out, STR("\"outcome\":\"complete\"")) == 3);
    CHECK(count_of(crawl.out, STR("\"outcome\":\"gone\"")) == 1);
    roles = play(&p, "11T03:30", "roles", "--format", "json");
    audit = play(&p, "11T03:30", "audit", "--format", "jsonl");
    counted = (int64_t)count_of(audit.out, STR("\"counted\":true"));
    CHECK(number(roles.out, "openings") == 11); /* A to K, by requisition */
    CHECK(number(roles.out, "postings") == 15);
    CHECK(number(roles.out, "employers") == 1);
    CHECK(counted == 11);
    CHECK(count_of(audit.out, STR("\n")) == 15);
    CHECK(play_number(&p, "SELECT count(*) FROM v_counted_opening") == 11);
    CHECK(play_number(&p, "SELECT count(DISTINCT opening) FROM v_counted_opening") == 11);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting") == 15);
    /* Whoever asks for an uncounted member is led to the one that counts. */
    why = play(&p, "11T03:30", "why", "two/100");
    CHECK(why.status == 0);
    CHECK(str_find(why.out, STR("same requisition PP-100")) > 0);
    CHECK(count_of(why.out, STR("not counted: ")) + count_of(why.out, STR("counts by posting"))
          != 1);
    play_close(&p);
}

/* Each row of the demand table, counted again from the documented views. */
static size_t check_demand(struct play *p, struct str table)
{
    struct str lines = table;
    size_t n = 0;

    while (lines.n) {
        struct str line = str_cut(&lines, '{'), id = json_field(line, "id");
        char query[300];

        if (id.n < 3)
            continue;
        snprintf(query, sizeof(query),
                 "SELECT count(DISTINCT m.opening) FROM v_mention m JOIN v_counted_opening o "
                 "ON o.opening = m.opening WHERE o.text_read = 1 AND m.skill = '%.*s' "
                 "AND m.polarity IN ('required', 'duty', 'stack', 'preferred')",
                 (int)id.n - 2, id.p + 1);
        CHECK_ROW(play_number(p, query) == number(line, "openings"), n);
        n++;
    }
    return n;
}

static void the_demand_table_is_a_recount_of_the_views(void **state)
{
    struct play p;
    struct spawned s;

    (void)state;
    open_market(&p, "e2e-demand");
    CHECK(play(&p, "11T03:30", "run").status == 3);
    s = play(&p, "11T03:30", "demand", "--format", "json");
    CHECK(s.status == 0);
    CHECK(number(s.out, "openings") == 11);
    CHECK(check_demand(&p, s.out) >= 3); /* Kubernetes, MLflow, Terraform at least */
    CHECK(play_number(&p, "SELECT count(*) FROM v_counted_opening WHERE text_read = 1") == 11);
    s = play(&p, "11T03:30", "demand", "--with", "kubernetes", "--format", "jsonl");
    CHECK(s.status == 0 && str_find(s.out, STR("\"id\":\"kubernetes\"")) < 0);
    CHECK(number(s.out, "openings")
          == play_number(&p, "SELECT count(*) FROM v_mention WHERE demanded AND skill = "
                             "'kubernetes'"));
    CHECK(count_of(s.out, STR("\"id\":"))
          == (size_t)play_number(&p,
                                 "SELECT count(DISTINCT skill) - 1 FROM v_mention WHERE demanded"
                                 " AND opening IN (SELECT opening FROM v_mention WHERE demanded"
                                 " AND skill = 'kubernetes')"));
    play_close(&p);
}

static struct str page(struct arena *a, int from, int to)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    buf_printf(&b, "{\"offset\":%d,\"limit\":%d,\"totalFound\":%d,\"content\":[", from,
               ASKED_BY_PAGE, LISTED);
    for (int i = from; i < to; i++)
        buf_printf(&b,
                   "%s{\"id\":\"7440%03d\",\"name\":\"MLOps Engineer\",\"refNumber\":\"PW-%d\","
                   "\"company\":{\"identifier\":\"PalashWorks\",\"name\":\"Palash Works\"},"
                   "\"releasedDate\":\"2026-11-09T03:30:00.000Z\",\"location\":{\"city\":\"Pune\","
                   "\"region\":\"Maharashtra\",\"country\":\"in\",\"remote\":false}}",
                   i > from ? "," : "", i, i);
    buf_add(&b, STR("]}"));
    return buf_take(&b, a);
}

static void a_board_of_pages_asks_each_text_once(void **state)
{
    struct play p;
    struct spawned s;

    (void)state;
    play_open(&p, "e2e-pages");
    play_file(&p, "127.0.0.7/site.tsv",
              STR("GET\t" POSTINGS "?limit=100&offset=0\t-\t200\tpage1.json\n"
                  "GET\t" POSTINGS "?limit=100&offset=100\t-13\t200\tpage2.json\n"
                  "GET\t" POSTINGS "?limit=100&offset=100\t14-\t503\t-\n"
                  "GET\t" POSTINGS "/7440007\t-11\t500\t-\n"
                  "GET\t" POSTINGS "/*\t-\t200\tdetail.json\n"));
    play_file(&p, "127.0.0.7/page1.json", page(&p.memory, 0, ASKED_BY_PAGE));
    play_file(&p, "127.0.0.7/page2.json", page(&p.memory, ASKED_BY_PAGE, LISTED));
    play_file(&p, "127.0.0.7/detail.json",
              STR("{\"jobAd\":{\"sections\":{\"qualifications\":{\"title\":\"Qualifications\","
                  "\"text\":\"<p>Kubernetes, 4 years of experience</p>\"}}}}"));
    play_start(&p, "- { adapter: smartrecruiters, company: Palash Works, "
                   "params: { company: PalashWorks, base: '@7', filter: '' } }\n");

    play_day(&p, 11);
    s = play(&p, "11T03:30", "crawl", "--format", "jsonl");
    CHECK(s.status == 0);
    CHECK_STR(json_field(s.out, "outcome"), STR("\"complete\""), 0);
    CHECK(number(s.out, "pages") == 2);
    CHECK(number(s.out, "advertised") == LISTED);
    CHECK(number(s.out, "postings") == LISTED);
    CHECK(number(s.out, "new") == LISTED);
    CHECK(play_hits(&p, POSTINGS "/*") == LISTED);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE text_read = 1") == LISTED - 1);

    play_day(&p, 12); /* only the text that is owed is asked for */
    s = play(&p, "12T03:30", "crawl", "--format", "jsonl");
    CHECK(s.status == 0);
    CHECK(number(s.out, "new") == 0 && number(s.out, "closed") == 0);
    CHECK(play_hits(&p, POSTINGS "/*") == LISTED + 1);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE text_read = 1") == LISTED);

    play_day(&p, 14); /* the second page is missing: what stood on it is not closed */
    s = play(&p, "14T03:30", "crawl", "--format", "jsonl");
    CHECK(s.status == 3);
    CHECK_STR(json_field(s.out, "outcome"), STR("\"partial\""), 0);
    CHECK(number(s.out, "closed") == 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE open = 1") == LISTED);
    if (test_failures)
        fprintf(stderr, STR_FMT STR_FMT, STR_ARG(s.out), STR_ARG(s.err));
    play_close(&p);
}

/* The same board, asked by a configuration of another role: its roadmap, its titles, no C. */
static void another_roadmap_is_another_file(void **state)
{
    struct play p;
    struct spawned s;
    struct buf b = { 0 };
    struct str rest;

    (void)state;
    play_open(&p, "e2e-roadmap");
    rest = greenhouse_board(&p.memory, "ABC");
    for (ptrdiff_t at; (at = str_find(rest, STR("MLOps Engineer"))) >= 0;) {
        buf_add(&b, str_slice(rest, 0, (size_t)at));
        buf_add(&b, STR("Data Engineer"));
        rest = str_from(rest, (size_t)at + strlen("MLOps Engineer"));
    }
    buf_add(&b, rest);
    play_file(&p, "127.0.0.2/site.tsv",
              str_printf(&p.memory, "GET\t%s\t-\t200\tboard.json\n", GREENHOUSE_PATH));
    play_file(&p, "127.0.0.2/board.json", buf_str(&b));
    play_start(&p, GREENHOUSE_SOURCE);
    CHECK(play(&p, "11T03:30", "run").status == 0);
    s = play(&p, "11T03:30", "roles", "--format", "json");
    CHECK(number(s.out, "openings") == 0 && number(s.out, "adjacent") == 3);
    CHECK_STR(json_field(s.out, "roadmap"), STR("\"mlops-engineer-in\""), 0);

    p.config = SOURCE_DIR "/tests/fixtures/data-engineer";
    CHECK(play(&p, "11T04:30", "reparse").status == 0);
    s = play(&p, "11T04:30", "roles", "--format", "json");
    CHECK(number(s.out, "openings") == 3 && number(s.out, "adjacent") == 0);
    CHECK_STR(json_field(s.out, "roadmap"), STR("\"data-engineer-in\""), 1);
    s = play(&p, "11T04:30", "stages", "--format", "json");
    CHECK(s.status == 0);
    CHECK(count_of(s.out, STR("\"id\":\"de")) == 15);
    CHECK(str_find(s.out, STR("\"name\":\"Warehouse and cloud\"")) > 0);
    CHECK(str_find(s.out, STR("s1.docker")) < 0);
    s = play(&p, "11T04:30", "stages", "--with", "kubernetes", "--format", "json");
    CHECK(s.status == 0 && number(s.out, "n") == 3 && number(s.out, "one_short") == 3);
    s = play(&p, "11T04:30", "stages", "--with", "kubernetes,mlflow", "--format", "json");
    CHECK(s.status == 0 && number(s.out, "n") == 3 && number(s.out, "openings") == 3);
    s = play(&p, "11T04:30", "stages", "--with", "kubernets");
    CHECK(s.status == 2 && str_find(s.err, STR("did you mean \"kubernetes\"")) > 0);
    buf_release(&b);
    play_close(&p);
}

/* Boards come, go and fall silent; and some are not read, for reasons that are counted. */
static void what_is_read_and_what_not_stands_beside_the_count(void **state)
{
    const char *const sources =
        "- { key: one, adapter: greenhouse, params: { token: palash, base: '@2' } }\n"
        "- { key: two, adapter: greenhouse, params: { token: palash, base: '@3' } }\n"
        "- { key: three, adapter: greenhouse, policy: off, params: { token: palash, base: '@4' } "
        "}\n"
        "- { key: four, adapter: greenhouse, params: { token: palash, base: '@6' } }\n"
        "- { key: five, adapter: greenhouse, policy: opt-in, params: { token: other, base: '@6' } "
        "}\n"
        "- { key: ask, adapter: jooble, params: { keywords: mlops } }\n"
        "- { key: keyless, adapter: jooble, permission: 'yes, by post', params: { keywords: ml } "
        "}\n";
    struct play p;
    struct spawned s;
    int64_t off, opt_in, no_permission, no_key;

    (void)state;
    open_market(&p, "e2e-coverage");
    CHECK(play(&p, "05T03:30", "crawl").status == 3);
    s = play(&p, "05T04:30", "roles", "--format", "json");
    CHECK(number(s.out, "added") == 3 && number(s.out, "sources_before") == 0);
    CHECK_STR(json_field(s.out, "employers_before"), STR("null"), 0);
    off = number(s.out, "off"), opt_in = number(s.out, "opt_in");
    no_permission = number(s.out, "no_permission"), no_key = number(s.out, "no_key");

    play_file(&p, "127.0.0.6/site.tsv",
              str_printf(&p.memory, "GET\t%s\t-\t200\tboard.json\tetag\n", GREENHOUSE_PATH));
    play_file(&p, "127.0.0.6/board.json", greenhouse_board(&p.memory, "LM"));
    play_file(&p, "127.0.0.3/site.tsv", STR("GET\t/nothing\t-\t200\tboard.json\n"));
    play_restart(&p);
    play_sources(&p, sources);
    CHECK(play(&p, "20T03:30", "crawl").status == 3); /* the second board is gone */
    s = play(&p, "20T04:30", "roles", "--format", "json");
    CHECK(s.status == 0);
    CHECK(number(s.out, "sources_before") == 3 && number(s.out, "added") == 1);
    CHECK(number(s.out, "back") == 0 && number(s.out, "gone") == 1);
    CHECK(number(s.out, "silent") == 1); /* off, and last proven 15 days before */
    CHECK(number(s.out, "employers_before") == 1);
    CHECK(number(s.out, "off") == off + 1 && number(s.out, "opt_in") == opt_in + 1);
    CHECK(number(s.out, "no_permission") == no_permission + 1);
    CHECK(number(s.out, "no_key") == no_key + 1);
    CHECK(count_of(s.out, STR("terms")) == 3);
    s = play(&p, "20T04:30", "roles");
    CHECK(str_find(s.out, STR("2 sources speak for the count (7 days before: 3): 1 added, 0 back, "
                              "1 gone, 1 silent"))
          > 0);
    play_close(&p);
}

RUN_TESTS(TEST(the_same_job_on_two_boards_is_one_opening),
          TEST(the_demand_table_is_a_recount_of_the_views),
          TEST(a_board_of_pages_asks_each_text_once), TEST(another_roadmap_is_another_file),
          TEST(what_is_read_and_what_not_stands_beside_the_count))
