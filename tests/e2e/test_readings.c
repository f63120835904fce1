#include "test.h"

#include <string.h>

#include "tests/e2e/play.h"

enum { MAX_STEPS = 5 };

/* A crawl, and what it must say and leave. */
struct step {
    const char *at; /* the program's clock; the boards' day is its day of the month */
    const char *outcome;
    int status;
    const char *opened, *closed, *held, *requests; /* fields of the report; NULL: any */
    int64_t openings;                              /* of `roles` afterwards */
    const char *error;                             /* a part of it; NULL: there is none */
    size_t hits;                                   /* of the board's own page, all crawls so far */
};

/* A board with a bad habit over some days. "@" in its rows is the board's path. */
struct story {
    const char *name, *rows;
    struct step steps[MAX_STEPS];
};

#define COMPLETE(at, opened, closed, openings, hits)                                               \
    {                                                                                              \
        at, "complete", 0, opened, closed, "false", "1", openings, NULL, hits                      \
    }
#define FAILED(at, requests, why, hits)                                                            \
    {                                                                                              \
        at, "failed", 1, "0", "0", "false", requests, 2, why, hits                                 \
    }
#define FIRST_DAY "GET\t@\t-11\t200\tAB.json\tetag\n"

static const struct story stories[] = {
    { "a board that grows, shrinks and comes back",
      "GET\t@\t11\t200\tABC.json\nGET\t@\t12\t200\tAC.json\nGET\t@\t13-\t200\tABCD.json\n",
      { COMPLETE("11T03:30", "3", "0", 3, 1), COMPLETE("12T03:30", "0", "1", 2, 2),
        COMPLETE("13T03:30", "1", "0", 4, 3) } },
    { "a board that did not change",
      "GET\t@\t-\t200\tAB.json\tetag\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1),
        { "12T03:30", "unchanged", 0, "0", "0", "false", "1", 2, NULL, 2 },
        { "13T03:30", "unchanged", 0, "0", "0", "false", "1", 2, NULL, 3 } } },
    { "the same bytes without a validator",
      "GET\t@\t-\t200\tAB.json\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1),
        { "12T03:30", "unchanged", 0, "0", "0", "false", "1", 2, NULL, 2 } } },
    { "patience is asked for, and kept",
      FIRST_DAY "GET\t@\t-\t429\t-\tRetry-After: 7200\ttimes=1\nGET\t@\t-\t200\tABC.json\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", "1", "429", 2),
        FAILED("12T04:40", "0", "left alone until", 2), COMPLETE("12T05:40", "1", "0", 3, 3) } },
    { "a body slower than the limit",
      FIRST_DAY "GET\t@\t-\t200\tAB.json\tslow=100\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", NULL, "", 2) } },
    { "a body that ends too early",
      FIRST_DAY "GET\t@\t12\t200\tAB.json\tcut=400\nGET\t@\t13-\t200\tB.json\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1),
        FAILED("12T03:30", NULL, "", 0),
        { "13T03:30", "complete", 0, "0", "1", "false", "1", 1, NULL, 0 } } },
    { "a redirect loop",
      FIRST_DAY "GET\t@\t-\t302\t-\tLocation: /loop\nGET\t/loop\t-\t302\t-\tLocation: /loop\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", "2", "redirect", 2) } },
    { "a redirect into a private network",
      FIRST_DAY "GET\t@\t-\t302\t-\tLocation: http://10.0.0.7/jobs\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", "1", "10.0.0.7", 2) } },
    { "a redirect to another scheme",
      FIRST_DAY "GET\t@\t-\t302\t-\tLocation: file:///etc/passwd\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", NULL, "", 2) } },
    { "robots.txt that says no from the second day on",
      FIRST_DAY "GET\t/robots.txt\t-11\t404\t-\nGET\t/robots.txt\t12-\t200\tno.txt\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:31", "0", "robots.txt", 1) } },
    { "robots.txt that cannot be had forbids all",
      FIRST_DAY "GET\t/robots.txt\t-11\t404\t-\nGET\t/robots.txt\t12-\t500\t-\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:31", "0", "robots.txt", 1) } },
    { "a fall to nothing waits for a second reading",
      "GET\t@\t11\t200\tABCDEF.json\nGET\t@\t12-\t200\tnone.json\n",
      { COMPLETE("11T03:30", "6", "0", 6, 1),
        { "12T03:30", "complete", 0, "0", "0", "true", "1", 6, NULL, 2 },
        COMPLETE("12T05:30", "0", "6", 0, 3) } },
    { "a fall by more than half that was a mistake",
      "GET\t@\t11\t200\tABCDEF.json\nGET\t@\t12\t200\tAB.json\nGET\t@\t13-\t200\tABCDEF.json\n",
      { COMPLETE("11T03:30", "6", "0", 6, 1),
        { "12T03:30", "complete", 0, "0", "0", "true", "1", 6, NULL, 2 },
        COMPLETE("13T03:30", "0", "0", 6, 3) } },
    { "broken JSON",
      FIRST_DAY "GET\t@\t-\t200\tbroken.json\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", "1", "JSON", 2) } },
    { "a board that is gone closes nothing",
      FIRST_DAY "GET\t@\t-\t404\t-\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1),
        { "12T03:30", "gone", 1, "0", "0", "false", "1", 2, "404", 2 } } },
    { "a login page instead of the board",
      FIRST_DAY "GET\t@\t-\t200\tlogin.html\ttype=text/html\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", "1", "JSON", 2) } },
    { "another document of the right type",
      FIRST_DAY "GET\t@\t-\t200\tother.json\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", "1", "not an answer", 2) } },
    { "a door that is shut",
      FIRST_DAY "GET\t@\t12\t403\tlogin.html\nGET\t@\t13\t401\t-\nGET\t@\t14\t500\t-\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", "1", "403", 2),
        FAILED("13T03:30", "1", "401", 3), FAILED("14T03:30", "1", "500", 0) } },
    { "fewer jobs than are advertised",
      FIRST_DAY "GET\t@\t-\t200\tshort.json\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1),
        { "12T03:30", "partial", 3, "0", "0", "false", NULL, 2, "", 0 } } },
    { "an edited text",
      FIRST_DAY "GET\t@\t-\t200\taB.json\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), COMPLETE("12T03:30", "0", "0", 2, 2) } },
    { "a compressed bomb",
      FIRST_DAY "GET\t@\t-\t200\t-\tbomb=100000000\n",
      { COMPLETE("11T03:30", "2", "0", 2, 1), FAILED("12T03:30", NULL, "", 2) } },
};

static void write_site(struct play *p, const char *rows)
{
    static const char *const boards[] = { "AB", "ABC", "AC", "B", "ABCD", "ABCDEF", "aB" };
    struct str text = { 0 };

    for (; *rows; rows++)
        text = *rows == '@' ? str_printf(&p->memory, STR_FMT GREENHOUSE_PATH, STR_ARG(text))
                            : str_printf(&p->memory, STR_FMT "%c", STR_ARG(text), *rows);
    play_file(p, "127.0.0.2/site.tsv", text);
    for (size_t i = 0; i < ARRAY_LEN(boards); i++)
        play_file(p, str_cstr(&p->memory, str_printf(&p->memory, "127.0.0.2/%s.json", boards[i])),
                  greenhouse_board(&p->memory, boards[i]));
    play_file(p, "127.0.0.2/none.json", greenhouse_board(&p->memory, ""));
    play_file(p, "127.0.0.2/broken.json", STR("{\"jobs\":[{\"id\":1,\"title\":"));
    play_file(p, "127.0.0.2/short.json", STR("{\"jobs\":[],\"meta\":{\"total\":2}}"));
    play_file(p, "127.0.0.2/other.json", STR("{\"weather\":\"fine\"}"));
    play_file(p, "127.0.0.2/login.html", STR("<html><form>Sign in to continue</form></html>"));
    play_file(p, "127.0.0.2/no.txt", STR("User-agent: *\nDisallow: /\n"));
}

/* `audit` is the proof of `roles`: as many counted lines as openings, one an opening. */
static void check_counts(struct play *p, const struct step *st, size_t row)
{
    struct spawned roles = play(p, st->at, "roles", "--format", "json"),
                   audit = play(p, st->at, "audit", "--format", "jsonl");
    int64_t openings = -1;

    CHECK_ROW(roles.status == 0 && audit.status == 0, row);
    CHECK_ROW(str_int(json_field(roles.out, "openings"), &openings), row);
    CHECK_ROW(openings == st->openings, row);
    CHECK_ROW((int64_t)count_of(audit.out, STR("\"counted\":true")) == openings, row);
}

static void check_field(struct str report, const char *key, const char *want, size_t row)
{
    if (want)
        CHECK_STR(json_field(report, key), str_of(want), row);
}

static void check_step(struct play *p, const struct step *first, const struct step *st, size_t row)
{
    const char *outcome = str_cstr(&p->memory, str_printf(&p->memory, "\"%s\"", st->outcome));
    struct str error;
    struct spawned s;

    play_day(p, (st->at[0] - '0') * 10 + st->at[1] - '0');
    s = play(p, st->at, "crawl", "--format", "jsonl");
    error = json_field(s.out, "error");
    CHECK_ROW(s.status == st->status, row);
    CHECK_ROW(count_of(s.out, STR("\n")) == 1, row);
    check_field(s.out, "source", "\"greenhouse:palash\"", row);
    check_field(s.out, "outcome", outcome, row);
    check_field(s.out, "new", st->opened, row);
    check_field(s.out, "closed", st->closed, row);
    check_field(s.out, "held", st->held, row);
    check_field(s.out, "requests", st->requests, row);
    CHECK_ROW(st->error ? str_find(error, str_of(st->error)) >= 0 : str_eq(error, STR("null")),
              row);
    CHECK_ROW(!st->hits || play_hits(p, GREENHOUSE_PATH) == st->hits, row);
    if (st != first)
        check_counts(p, st, row);
    if (test_failures)
        fprintf(stderr, "at %s: " STR_FMT STR_FMT, st->at, STR_ARG(s.out), STR_ARG(s.err));
}

static void play_story(const struct story *story, size_t row)
{
    int failures_at_start = test_failures, failures_before = test_failures;
    struct play p;

    play_open(&p, "e2e-readings");
    write_site(&p, story->rows);
    play_start(&p, GREENHOUSE_SOURCE);
    for (size_t i = 0; i < MAX_STEPS && story->steps[i].at; i++) {
        test_failures = 0;
        check_step(&p, story->steps, &story->steps[i], row);
        failures_before += test_failures;
    }
    play_close(&p);
    if (failures_before > failures_at_start)
        fprintf(stderr, "in: %s\n", story->name);
    test_failures = failures_before;
}

static void a_reading_closes_only_what_it_proved(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stories); i++)
        play_story(&stories[i], i);
}

RUN_TESTS(TEST(a_reading_closes_only_what_it_proved))
