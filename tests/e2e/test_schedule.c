/* What is due when, as a dry run says it, and what a crawl then asks. */
#include "test.h"

#include "tests/e2e/play.h"

#define BOARD "/v1/companies/kaveri/postings"
#define LIST  BOARD "?limit=100&offset=0&country=in"
#define JOB(id, name)                                                                              \
    "{\"id\":\"" id "\",\"name\":\"" name "\",\"releasedDate\":\"2026-11-01T00:00:00Z\","          \
    "\"company\":{\"name\":\"Kaveri Pay\",\"identifier\":\"kaveri\"},"                             \
    "\"location\":{\"city\":\"Pune\",\"country\":\"in\"}}"
#define AD(id)                                                                                     \
    "{\"id\":\"" id "\",\"jobAd\":{\"sections\":{\"jobDescription\":"                              \
    "{\"title\":\"Job\",\"text\":\"<p>We run Kubernetes.</p>\"}}}}"

static void write_settings(struct play *p, const char *more)
{
    scratch_file(&p->memory, p->folder, "config/roletide.yaml",
                 str_printf(&p->memory,
                            "own_sources: true\nallow_loopback: true\nfetch: { gap_ms: 1 }\n%s",
                            more));
}

/* NULL: nothing is due. */
static void check_due(struct play *p, const char *at, const char *why, int row)
{
    struct spawned s = play(p, at, "crawl", "--dry-run", "--format", "jsonl");

    CHECK_ROW(s.status == 0, row);
    if (why)
        CHECK_ROW(str_find(json_field(s.out, "why"), str_of(why)) >= 0, row);
    else
        CHECK_ROW(!s.out.n && str_find(s.err, STR("nothing is due")) >= 0, row);
}

static void a_board_that_changes_is_read_again_the_same_day_within_the_budget(void **state)
{
    static const struct {
        const char *at, *settings, *due;
        size_t hits; /* once it was crawled */
    } rows[] = {
        { "10T03:30", "", "never read", 1 },
        { "10T09:30", "", NULL, 1 }, /* how often it changes is not known yet */
        { "11T03:30", "", "daily: not read today", 2 },
        { "11T04:30", "", NULL, 2 },
        { "11T06:30", "extra_requests: 0\n", NULL, 2 },
        { "11T06:30", "", "extra: 0.1 changes expected, at 1.0 a day", 3 },
        { "11T07:30", "", NULL, 3 },
        { "11T17:30", "extra_requests: 1\n", NULL, 3 }, /* it was spent */
        { "12T03:30", "extra_requests: 0\n", "daily: not read today", 4 },
    };
    struct play p;

    (void)state;
    play_open(&p, "e2e-schedule-extra");
    play_file(&p, "127.0.0.2/site.tsv",
              STR("GET\t" GREENHOUSE_PATH "\t10\t200\tAB.json\n"
                  "GET\t" GREENHOUSE_PATH "\t-\t200\tABC.json\n"));
    play_file(&p, "127.0.0.2/AB.json", greenhouse_board(&p.memory, "AB"));
    play_file(&p, "127.0.0.2/ABC.json", greenhouse_board(&p.memory, "ABC"));
    play_start(&p, GREENHOUSE_SOURCE);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        play_day(&p, (rows[i].at[0] - '0') * 10 + rows[i].at[1] - '0');
        write_settings(&p, rows[i].settings);
        check_due(&p, rows[i].at, rows[i].due, (int)i);
        CHECK_ROW(play(&p, rows[i].at, "crawl").status == 0, i);
        CHECK_ROW(play_hits(&p, GREENHOUSE_PATH) == rows[i].hits, i);
    }
    play_close(&p);
}

static void texts_that_could_count_are_asked_first_and_the_rest_by_the_next_run(void **state)
{
    static const struct {
        const char *at, *due, *owed, *opened; /* of the crawl's report */
        size_t lists, accountant, clerk, engineer;
    } rows[] = {
        { "11T03:30", "never read", "1", "3", 1, 1, 0, 1 },
        { "11T04:00", NULL, NULL, NULL, 1, 1, 0, 1 },
        { "11T04:30", "texts are owed: 1", "0", "0", 2, 1, 1, 1 },
        { "11T05:30", NULL, NULL, NULL, 2, 1, 1, 1 },
    };
    struct play p;

    (void)state;
    play_open(&p, "e2e-schedule-texts");
    play_file(&p, "127.0.0.2/site.tsv",
              STR("GET\t" LIST "\t-\t200\tlist.json\nGET\t" BOARD "/1\t-\t200\t1.json\n"
                  "GET\t" BOARD "/2\t-\t200\t2.json\nGET\t" BOARD "/3\t-\t200\t3.json\n"));
    play_file(&p, "127.0.0.2/list.json",
              STR("{\"offset\":0,\"limit\":100,\"totalFound\":3,\"content\":[" JOB(
                  "1", "Accountant") "," JOB("2", "Clerk") "," JOB("3", "MLOps Engineer") "]}"));
    play_file(&p, "127.0.0.2/1.json", STR(AD("1")));
    play_file(&p, "127.0.0.2/2.json", STR(AD("2")));
    play_file(&p, "127.0.0.2/3.json", STR(AD("3")));
    play_start(&p, "- { adapter: smartrecruiters, company: Kaveri Pay, params: { company: kaveri, "
                   "base: '@2' } }\n");
    write_settings(&p, "board_details: 2\nextra_requests: 0\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spawned s;

        check_due(&p, rows[i].at, rows[i].due, (int)i);
        s = play(&p, rows[i].at, "crawl", "--format", "jsonl");
        CHECK_ROW(s.status == 0, i);
        if (rows[i].due) {
            CHECK_STR(json_field(s.out, "outcome"), STR("\"complete\""), i);
            CHECK_STR(json_field(s.out, "texts_owed"), str_of(rows[i].owed), i);
            CHECK_STR(json_field(s.out, "new"), str_of(rows[i].opened), i);
            CHECK_STR(json_field(s.out, "closed"), STR("0"), i);
        }
        CHECK_ROW(play_hits(&p, LIST) == rows[i].lists, i);
        CHECK_ROW(play_hits(&p, BOARD "/1") == rows[i].accountant, i);
        CHECK_ROW(play_hits(&p, BOARD "/2") == rows[i].clerk, i);
        CHECK_ROW(play_hits(&p, BOARD "/3") == rows[i].engineer, i);
    }
    play_close(&p);
}

RUN_TESTS(TEST(a_board_that_changes_is_read_again_the_same_day_within_the_budget),
          TEST(texts_that_could_count_are_asked_first_and_the_rest_by_the_next_run))
