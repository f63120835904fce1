#include "test.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/play.h"

/*
 * Two boards: the first answers at once, the second a little at a time, so that a crawl under
 * way has recorded the one and waits for the other.
 */
static void open_two_boards(struct play *p, const char *name)
{
    struct str rows;

    play_open(p, name);
    rows = str_printf(&p->memory,
                      "GET\t%s\t-11\t200\tCDEF.json\tslow=1100\n"
                      "GET\t%s\t12-\t200\tCDEF.json\n",
                      GREENHOUSE_PATH, GREENHOUSE_PATH);
    play_file(p, "127.0.0.2/site.tsv",
              str_printf(&p->memory, "GET\t%s\t-\t200\tAB.json\n", GREENHOUSE_PATH));
    play_file(p, "127.0.0.2/AB.json", greenhouse_board(&p->memory, "AB"));
    play_file(p, "127.0.0.3/site.tsv", rows);
    play_file(p, "127.0.0.3/CDEF.json", greenhouse_board(&p->memory, "CDEF"));
    play_day(p, 11);
    play_start(p, "- { key: quick, adapter: greenhouse, params: { token: palash, base: '@2' } }\n"
                  "- { key: slow, adapter: greenhouse, params: { token: palash, base: '@3' } }\n");
}

static void nap_ms(long ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Start a crawl and wait until the slow board was asked; then past the next flush. */
static struct running begin_crawl(struct play *p)
{
    const char *const words[] = { "crawl", "--format", "jsonl", NULL };
    struct running r = play_begin(p, &(struct spawn_options){ 0 }, "11T03:30", words);
    int64_t until = now_ms() + 5000;

    while (play_hits(p, GREENHOUSE_PATH) < 2 && now_ms() < until)
        nap_ms(10);
    nap_ms(700);
    return r;
}

static void check_whole(struct play *p, int row)
{
    struct spawned s = play(p, "12T03:31", "doctor");

    CHECK_ROW(str_find(s.out, STR("ok   store: whole")) >= 0, row);
    CHECK_ROW(play_number(p, "SELECT count(*) FROM v_posting") == 6, row);
    CHECK_ROW(play_number(p, "SELECT count(DISTINCT source || '/' || native_id) FROM v_posting")
                  == 6,
              row);
}

static void a_killed_crawl_loses_nothing_that_was_committed(void **state)
{
    struct running r;
    struct play p;
    struct spawned s;

    (void)state;
    open_two_boards(&p, "e2e-kill");
    r = begin_crawl(&p);
    CHECK(kill(r.pid, SIGKILL) == 0);
    s = spawn_wait(&p.memory, &r);
    CHECK(s.status == 128 + SIGKILL);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE source = 'quick'") == 2);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE source = 'slow'") == 0);
    play_day(&p, 12);
    s = play(&p, "12T03:30", "crawl", "--format", "jsonl");
    CHECK(s.status == 0);
    CHECK(count_of(s.out, STR("\"outcome\":\"complete\""))
              + count_of(s.out, STR("\"outcome\":\"unchanged\""))
          == 2);
    CHECK(count_of(s.out, STR("\"new\":4,")) == 1);
    CHECK(count_of(s.out, STR("\"new\":0,")) == 1);
    check_whole(&p, 0);
    play_close(&p);
}

static void a_stopped_crawl_says_partial_and_ends_in_time(void **state)
{
    static const int signals[] = { SIGTERM, SIGINT };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        struct running r;
        struct play p;
        struct spawned s;
        int64_t sent;

        open_two_boards(&p, "e2e-stop");
        r = begin_crawl(&p);
        sent = now_ms();
        CHECK_ROW(kill(r.pid, signals[i]) == 0, i);
        s = spawn_wait(&p.memory, &r);
        CHECK_ROW(now_ms() - sent < 5000, i);
        CHECK_ROW(s.status == 3, i);
        CHECK_ROW(count_of(s.out, STR("{\"source\":\"quick\",\"outcome\":\"complete\"")) == 1, i);
        CHECK_ROW(count_of(s.out, STR("{\"source\":\"slow\",\"outcome\":\"partial\"")) == 1, i);
        CHECK_ROW(play_number(&p, "SELECT count(*) FROM v_reading WHERE outcome = 'partial'") == 1,
                  i);
        play_day(&p, 12);
        CHECK_ROW(play(&p, "12T03:30", "crawl").status == 0, i);
        check_whole(&p, (int)i);
        play_close(&p);
    }
}

static void a_crawl_says_how_far_it_is_when_asked(void **state)
{
    struct play p;
    struct running r;
    struct spawned s;

    (void)state;
    open_two_boards(&p, "e2e-state");
    s = play(&p, "11T03:29", "crawl", "--dry-run");
    CHECK(str_find(s.out, STR("never read")) > 0 && play_hits(&p, "*") == 0);
    r = begin_crawl(&p);
    CHECK(kill(r.pid, SIGUSR1) == 0);
    s = spawn_wait(&p.memory, &r);
    CHECK(s.status == 0 || s.status == 3); /* it went on; a busy machine finds the board too slow */
    CHECK(str_find(s.err, STR("1 of 2 sources read, 1 active at 1 host, ")) >= 0);
    CHECK(str_find(s.err, STR("0 of 1 read, 0 requests, reading slow\n")) >= 0);
    play_close(&p);
}

static void a_second_writer_is_told_to_come_later(void **state)
{
    struct running r;
    struct play p;
    struct spawned s;

    (void)state;
    open_two_boards(&p, "e2e-second");
    r = begin_crawl(&p);
    s = play(&p, "11T03:30", "run");
    CHECK(s.status == 75);
    CHECK(s.out.n == 0);
    CHECK(str_starts(s.err, STR("roletide: ")));
    CHECK(count_of(s.err, STR("\n")) <= 2);
    /* Whoever only asks is not in the way, and not kept waiting. */
    CHECK(play(&p, "11T03:30", "roles").status == 0);
    CHECK(kill(r.pid, SIGTERM) == 0);
    CHECK(spawn_wait(&p.memory, &r).status == 3);
    play_close(&p);
}

static bool has_ended(pid_t pid)
{
    siginfo_t how = { 0 };

    return waitid(P_PID, (id_t)pid, &how, WEXITED | WNOHANG | WNOWAIT) || how.si_pid == pid;
}

/* D08: exactly one reads the boards; the others say at once who holds the store. */
static void of_eight_runs_one_reads(void **state)
{
    enum { RUNS = 8 };
    const char *const words[] = { "run", NULL };
    struct running r[RUNS];
    struct play p;
    int ran = 0, told = 0;

    (void)state;
    open_two_boards(&p, "e2e-eight");
    for (int i = 0; i < RUNS; i++)
        r[i] = play_begin(&p, &(struct spawn_options){ 0 }, "11T03:30", words);
    for (int i = 0; i < RUNS; i++) {
        struct spawned s = spawn_wait(&p.memory, &r[i]);

        ran += s.status == 0 || s.status == 3; /* a busy machine finds the board too slow */
        told += s.status == 75 && s.ms < 5000 * (MEMORY_COUNTS ? 1 : 5) && s.out.n == 0
                && count_of(s.err, STR("held by process ")) == 1
                && str_find(s.err, STR("process closed")) < 0;
    }
    CHECK(ran >= 1 && told >= 1 && ran + told == RUNS); /* one may begin when the first is done */
    CHECK(play_hits(&p, GREENHOUSE_PATH) == 2);         /* and finds nothing due */
    play_close(&p);
}

/* D10: whoever asks while a run writes gets what was there before it, or what is after it. */
static void who_asks_during_a_run_is_not_in_its_way(void **state)
{
    const char *const words[] = { "run", NULL };
    struct running r;
    struct play p;
    struct spawned s;
    struct str was;
    const char *folder, *copy;
    int asked = 0;

    (void)state;
    open_two_boards(&p, "e2e-asking");
    folder = str_printf(&p.memory, "%s/copy", p.folder).p;
    copy = str_printf(&p.memory, "%s/roletide.db", folder).p;
    CHECK(mkdir(folder, 0755) == 0);
    play_day(&p, 12);
    CHECK(play(&p, "12T03:30", "run").status == 0);
    was = play(&p, "12T03:31", "openings", "--format", "jsonl").out;
    CHECK(count_of(was, STR("\n")) == 6);
    play_day(&p, 11); /* the slow board is slow, and both as they were */
    r = play_begin(&p, &(struct spawn_options){ 0 }, "13T03:30", words);
    do {
        s = play(&p, "12T03:31", "openings", "--format", "jsonl");
        CHECK_ROW(s.status == 0 && s.err.n == 0, asked);
        CHECK_STR(s.out, was, asked);
        if (!asked) /* D19 */
            CHECK(play(&p, "12T03:31", "backup", copy).status == 0);
        asked++;
    } while (!has_ended(r.pid));
    s = spawn_wait(&p.memory, &r);
    CHECK(s.status == 0 || s.status == 3);
    CHECK(asked > 2);
    CHECK(play_number(&p, "SELECT count(*) FROM v_counted_opening") == 6);
    p.state = folder;
    CHECK(str_find(play(&p, "12T03:31", "doctor").out, STR("ok   store: whole")) >= 0);
    CHECK_STR(play(&p, "12T03:31", "openings", "--format", "jsonl").out, was, 0);
    play_close(&p);
}

/* A file that may grow no further is what a full disk looks like, without the mount. */
static void a_full_disk_is_one_error_and_the_store_stays_whole(void **state)
{
    const char *const words[] = { "crawl", NULL };
    int failed = 0, status = 1;

    (void)state;
    for (int64_t kib = 8; status && kib < 65536; kib += kib / 2) {
        struct running r;
        struct play p;
        struct spawned s;

        open_two_boards(&p, "e2e-full");
        play_day(&p, 12);
        r = play_begin(&p, &(struct spawn_options){ .max_file_kib = kib }, "11T03:30", words);
        s = spawn_wait(&p.memory, &r);
        status = s.status;
        if (status) {
            failed++;
            CHECK_ROW(status == 1, kib);
            CHECK_ROW(count_of(s.err, STR("roletide: ")) == 1, kib);
            CHECK_ROW(str_find(s.err, STR("roletide.db")) > 0, kib);
            CHECK_ROW(play(&p, "12T03:30", "crawl").status == 0, kib);
        }
        check_whole(&p, (int)kib);
        play_close(&p);
    }
    CHECK(status == 0);
    CHECK(failed > 3);
}

RUN_TESTS(TEST(a_killed_crawl_loses_nothing_that_was_committed),
          TEST(a_crawl_says_how_far_it_is_when_asked),
          TEST(a_stopped_crawl_says_partial_and_ends_in_time),
          TEST(a_second_writer_is_told_to_come_later), TEST(of_eight_runs_one_reads),
          TEST(who_asks_during_a_run_is_not_in_its_way),
          TEST(a_full_disk_is_one_error_and_the_store_stays_whole))
