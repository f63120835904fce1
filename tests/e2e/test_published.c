/* What the site said once can be had again, to the byte. */
#include "test.h"

#include "core/buf.h"
#include "core/cleanup.h"
#include "tests/e2e/play.h"

static const char *const names[] = {
    "v1/roles.json",
    "v1/skills.json",
    "v1/stages.json",
    "v1/salary.json",
    "v1/openings.json",
    "v1/sources.json",
    "v1/history.csv",
    "v1/index.json",
    "index.html",
    "badge.json",
    "badge.svg",
    "roles.atom",
    "feed.json",
    "metrics.prom",
    "v1/schema/roles.json",
    "v1/schema/history.csv-metadata.json",
};

static struct str bytes_of(struct arena *a, const char *folder, const char *name)
{
    CLEANUP(file_close)
    FILE *f = fopen(str_printf(a, "%s/%s", folder, name).p, "rb");
    CLEANUP(buf_release) struct buf b = { 0 };
    char part[4096];
    size_t n;

    while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, (struct str){ part, n });
    return buf_take(&b, a);
}

static const char *folder(struct play *p, const char *name)
{
    return str_printf(&p->memory, "%s/%s", p->folder, name).p;
}

static size_t differing(struct play *p, const char *one, const char *other)
{
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct str x = bytes_of(&p->memory, folder(p, one), names[i]);
        struct str y = bytes_of(&p->memory, folder(p, other), names[i]);

        CHECK_ROW(x.n > 0, i);
        n += !str_eq(x, y);
    }
    return n;
}

static void a_feed_of_the_past_keeps_its_bytes(void **state)
{
    static const char *const letters[] = { "AB", "ABCD" };
    struct spawned s;
    struct play p;

    (void)state;
    play_open(&p, "e2e-published");
    play_file(&p, "127.0.0.2/site.tsv",
              STR("GET\t" GREENHOUSE_PATH "\t-11\t200\tday0.json\n"
                  "GET\t" GREENHOUSE_PATH "\t12-\t200\tday1.json\n"));
    play_file(&p, "127.0.0.2/day0.json", greenhouse_board(&p.memory, letters[0]));
    play_file(&p, "127.0.0.2/day1.json", greenhouse_board(&p.memory, letters[1]));
    play_day(&p, 11);
    play_start(&p, GREENHOUSE_SOURCE);
    s = play(&p, "11T03:30", "crawl");
    CHECK(s.status == 0);
    s = play(&p, "11T03:31", "publish", folder(&p, "first"));
    CHECK(s.status == 0);
    play_day(&p, 12);
    s = play(&p, "12T03:30", "crawl");
    CHECK(s.status == 0);
    s = play(&p, "12T03:31", "publish", folder(&p, "second"));
    CHECK(s.status == 0 && differing(&p, "first", "second") > 0);

    s = play(&p, "20T03:31", "publish", folder(&p, "then"), "--as-of", "2026-11-11");
    CHECK(s.status == 0 && differing(&p, "first", "then") == 0);
    s = play(&p, "20T03:31", "publish", folder(&p, "then"), "--as-of", "2026-11-15");
    CHECK(s.status == 0 && differing(&p, "second", "then") == 0);
    s = play(&p, "20T03:31", "publish", folder(&p, "never"), "--as-of", "2026-11-10");
    CHECK(s.status == 4 && str_find(s.err, STR("nothing was published by 2026-11-10")) >= 0);
    s = play(&p, "20T03:31", "publish", folder(&p, "never"), "--as-of", "yesterday");
    CHECK(s.status == 2);
    /* and as it would be known now */
    s = play(&p, "20T03:31", "roles", "--at", "2026-11-11", "--format", "json");
    CHECK_STR(json_field(s.out, "openings"), STR("2"), 0);
    play_close(&p);
}

static void an_hour_in_which_nothing_was_due_changes_nothing(void **state)
{
    struct spawned s;
    struct play p;

    (void)state;
    play_open(&p, "e2e-nothing-due");
    play_file(&p, "127.0.0.2/site.tsv", STR("GET\t" GREENHOUSE_PATH "\t-\t200\tAB.json\n"));
    play_file(&p, "127.0.0.2/AB.json", greenhouse_board(&p.memory, "AB"));
    play_start(&p, GREENHOUSE_SOURCE);
    s = play(&p, "11T03:30", "run", "--publish", folder(&p, "site"));
    CHECK(s.status == 0 && str_find(s.err, STR("published to")) >= 0);
    s = play(&p, "11T04:30", "run", "--publish", folder(&p, "site"));
    CHECK(s.status == 0 && str_find(s.err, STR("nothing is due")) >= 0);
    CHECK(str_find(s.err, STR("published to")) < 0);
    /* another folder, and another day, want their feeds */
    s = play(&p, "11T05:30", "run", "--publish", folder(&p, "other"));
    CHECK(s.status == 0 && differing(&p, "site", "other") == 0);
    s = play(&p, "12T03:30", "run", "--publish", folder(&p, "site"));
    CHECK(s.status == 0 && str_find(s.err, STR("published to")) >= 0);
    CHECK(differing(&p, "site", "other") > 0);
    play_close(&p);
}

/* What is asked of a day that is over. */
static const char *const questions[][4] = {
    { "roles", "--format", "json", NULL },  { "demand", "--format", "json", NULL },
    { "stages", "--format", "json", NULL }, { "openings", "--format", "jsonl", NULL },
    { "salary", "--format", "json", NULL }, { "audit", "--format", "jsonl", NULL },
    { "demand", "--stage", "3", NULL },
};

static void ask_of_the_11th(struct play *p, const char *at, struct str ret[ARRAY_LEN(questions)])
{
    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        const char *words[] = { questions[i][0], questions[i][1], questions[i][2],
                                "--at",          "2026-11-11",    NULL };
        struct spawned s = play_with(p, at, words);

        CHECK_ROW(s.status == 0 || s.status == 4, i);
        ret[i] = s.out;
    }
}

static void later_readings_do_not_change_what_stood_on_a_day(void **state)
{
    struct str then[ARRAY_LEN(questions)], now[ARRAY_LEN(questions)];
    struct play p;

    (void)state;
    play_open(&p, "e2e-then");
    play_file(&p, "127.0.0.2/site.tsv",
              STR("GET\t" GREENHOUSE_PATH "\t-11\t200\tABC.json\n"
                  "GET\t" GREENHOUSE_PATH "\t12\t200\taCD.json\n"
                  "GET\t" GREENHOUSE_PATH "\t13-\t200\tcdE.json\n"));
    play_file(&p, "127.0.0.2/ABC.json", greenhouse_board(&p.memory, "ABC"));
    play_file(&p, "127.0.0.2/aCD.json", greenhouse_board(&p.memory, "aCD"));
    play_file(&p, "127.0.0.2/cdE.json", greenhouse_board(&p.memory, "cdE"));
    play_day(&p, 11);
    play_start(&p, GREENHOUSE_SOURCE);
    CHECK(play(&p, "11T03:30", "crawl").status == 0);
    ask_of_the_11th(&p, "12T01:00", then);
    for (int day = 12; day <= 13; day++) {
        play_day(&p, day);
        CHECK(play(&p, day == 12 ? "12T03:30" : "13T03:30", "crawl").status == 0);
    }
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE NOT open") == 2);
    ask_of_the_11th(&p, "14T01:00", now);
    for (size_t i = 0; i < ARRAY_LEN(questions); i++)
        CHECK_STR(now[i], then[i], i);
    play_close(&p);
}

/* From the headline down: posting, reading, request, answer, and its bytes as the board sent them.
 */
static void a_posting_leads_down_to_the_bytes(void **state)
{
    struct play p;
    struct spawned s;
    struct str hash, sent;

    (void)state;
    play_open(&p, "e2e-bytes");
    play_file(&p, "127.0.0.2/site.tsv", STR("GET\t" GREENHOUSE_PATH "\t-\t200\tAB.json\n"));
    sent = greenhouse_board(&p.memory, "AB");
    play_file(&p, "127.0.0.2/AB.json", sent);
    play_start(&p, GREENHOUSE_SOURCE);
    CHECK(play(&p, "11T03:30", "run").status == 0);
    s = play(&p, "11T04:00", "why", "greenhouse:palash/100");
    CHECK(s.status == 0 && str_starts(s.out, STR("MLOps Engineer: counted: ")));
    CHECK(str_find(s.out, STR("reading 1 of greenhouse:palash, 2026-11-11T03:30:00Z: complete"))
          >= 0);
    CHECK(str_find(s.out, STR("request 2, 2026-11-11T03:30:00Z: status 200")) >= 0);
    hash = json_field(play(&p, "11T04:00", "why", "1", "--format", "json").out, "body_hash");
    CHECK(hash.n == 34 && str_find(s.out, str_slice(hash, 1, 32)) >= 0);
    CHECK(play_number(&p, "SELECT status FROM v_request WHERE request = 2") == 200);
    CHECK_STR(play(&p, "11T04:00", "why", "1", "--body").out, sent, 0);
    /* nobody has looked for three weeks: what roles and audit say, why says too */
    s = play(&p, "30T03:30", "audit", "--format", "jsonl");
    CHECK(count_of(s.out, STR("\"counted\":false,\"reason\":\"its source has not been proven"))
          == 2);
    s = play(&p, "30T03:30", "why", "1");
    CHECK(str_starts(s.out, STR("MLOps Engineer: not counted: its source has not been proven")));
    play_close(&p);
}

RUN_TESTS(TEST(a_posting_leads_down_to_the_bytes), TEST(a_feed_of_the_past_keeps_its_bytes),
          TEST(later_readings_do_not_change_what_stood_on_a_day),
          TEST(an_hour_in_which_nothing_was_due_changes_nothing))
