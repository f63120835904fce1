/* A history from files: what was seen, when it ended, and what is asked of it again. */
#include "test.h"

#include "core/cleanup.h"
#include "tests/e2e/play.h"

#define LINE(id, title, from, to)                                                                  \
    "{\"id\":\"" id "\",\"title\":\"" title "\",\"company\":\"Kaveri\",\"location\":\"Pune, "      \
    "India\",\"description\":\"Kubeflow and Helm.\",\"first_seen\":\"" from                        \
    "\",\"last_seen\":\"" to "\"}\n"

static const char history[] = LINE("a", "MLOps Engineer", "2026-11-01", "2026-11-05")
    LINE("b", "ML Platform Engineer", "2026-11-01", "2026-11-03")
        LINE("c", "MLOps Lead", "2026-11-03T04:00:00Z", "2026-11-05")
            LINE("c", "MLOps Lead", "2026-11-08", "2026-11-08");

static void open_play(struct play *p)
{
    play_open(p, "e2e-import");
    play_file(p, "127.0.0.2/kaveri.jsonl", str_of(history));
    play_file(p, "127.0.0.2/later.jsonl",
              STR(LINE("a", "MLOps Engineer", "2026-11-09", "2026-11-10")));
    play_file(
        p, "127.0.0.2/broken.jsonl",
        STR("{\"id\":\"x\"}\nno line\n" LINE("y", "MLOps Engineer", "2026-11-02", "2026-11-01")
                LINE("z", "MLOps Engineer", "2031-01-01", "2031-01-01")
                    LINE("w", "MLOps Engineer", "2026-11-02", "2026-11-02")));
    play_file(p, "127.0.0.2/board.json", greenhouse_board(&p->memory, "AB"));
    play_file(p, "127.0.0.2/shrunk.json", greenhouse_board(&p->memory, "A"));
    play_start(p, GREENHOUSE_SOURCE);
}

static const char *file(struct play *p, const char *name)
{
    return str_printf(&p->memory, "%s/boards/127.0.0.2/%s", p->folder, name).p;
}

static void a_history_has_its_days_its_ends_and_its_bytes(void **state)
{
    struct spawned s;
    struct play p;

    (void)state;
    open_play(&p);
    s = play(&p, "11T03:30", "import", file(&p, "kaveri.jsonl"));
    CHECK(s.status == 0);
    /* looked at on the 1st, 3rd, 5th and 8th: b ended by the 5th, a by the 8th; c was there on both
     */
    CHECK(play_number(&p, "SELECT count(*) FROM v_reading WHERE proven") == 4);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting") == 3);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE ended_how = 'import'") == 2);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE open") == 1);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE date(ended_by, 'unixepoch') ="
                          " '2026-11-05'")
          == 1);
    /* the lines of a day are its answer: a and b are of one body, c of another (twice, the same) */
    CHECK(play_number(&p, "SELECT count(DISTINCT body) FROM v_revision") == 2);
    CHECK(play_number(&p, "SELECT count(DISTINCT body) FROM v_revision r JOIN v_posting p"
                          " USING (posting) WHERE native_id IN ('a', 'b')")
          == 1);
    s = play(&p, "11T03:30", "roles", "--format", "json", "--at", "2026-11-04");
    CHECK(s.status == 0);
    s = play(&p, "11T03:30", "why", "a");
    CHECK(s.status == 0 && str_find(s.out, STR("kaveri.jsonl:1")) >= 0);
    play_close(&p);
}

static void an_import_again_adds_nothing_and_later_days_follow(void **state)
{
    struct spawned s;
    struct play p;
    int64_t readings;

    (void)state;
    open_play(&p);
    s = play(&p, "11T03:30", "import", file(&p, "kaveri.jsonl"));
    CHECK(s.status == 0);
    readings = play_number(&p, "SELECT count(*) FROM v_reading");
    s = play(&p, "11T03:31", "import", file(&p, "kaveri.jsonl"));
    CHECK(s.status == 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_reading") == readings);
    CHECK(play_number(&p, "SELECT count(*) FROM v_revision") == 3);
    play_file(&p, "127.0.0.2/kaveri.jsonl",
              str_printf(&p.memory, "%s%s", history,
                         LINE("a", "MLOps Engineer", "2026-11-09", "2026-11-10")
                             LINE("new", "MLOps Engineer", "2026-11-02", "2026-11-02")));
    s = play(&p, "11T03:32", "import", file(&p, "kaveri.jsonl"));
    CHECK(s.status == 3 && str_find(s.err, STR("kaveri.jsonl:6: this source's history")) >= 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_reading") == readings + 2);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE open") == 1);
    play_close(&p);
}

static void a_broken_line_is_named_and_the_rest_goes_in(void **state)
{
    struct spawned s;
    struct play p;

    (void)state;
    open_play(&p);
    s = play(&p, "11T03:30", "import", file(&p, "broken.jsonl"));
    CHECK(s.status == 3);
    CHECK(str_find(s.err, STR("broken.jsonl:1: a posting without a title")) >= 0);
    CHECK(str_find(s.err, STR("broken.jsonl:2: not JSON")) >= 0);
    CHECK(str_find(s.err, STR("broken.jsonl:3: last_seen is before first_seen")) >= 0);
    CHECK(str_find(s.err, STR("broken.jsonl:4: it was seen in the future")) >= 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting") == 1);
    s = play(&p, "11T03:30", "import", "/nowhere");
    CHECK(s.status == 1 && str_find(s.err, STR("/nowhere: No such file")) >= 0);
    s = play(&p, "11T03:30", "import");
    CHECK(s.status == 2);
    play_close(&p);
}

static void saved_answers_are_the_list_that_they_were(void **state)
{
    struct spawned s;
    struct play p;

    (void)state;
    open_play(&p);
    s = play(&p, "11T03:30", "import", "--adapter", "greenhouse", "--source", "g", "--at",
             "2026-11-01", file(&p, "board.json"));
    CHECK(s.status == 0);
    s = play(&p, "11T03:30", "import", "--adapter", "greenhouse", "--source", "g", "--at",
             "2026-11-02", file(&p, "shrunk.json"));
    CHECK(s.status == 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE ended_how = 'import'") == 1);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE open") == 1);
    s = play(&p, "11T03:30", "import", "--adapter", "greenhouse", "--source", "g", "--at",
             "2026-11-01", file(&p, "board.json"));
    CHECK(s.status == 2 && str_find(s.err, STR("its history is stored beyond")) >= 0);
    s = play(&p, "11T03:30", "import", "--adapter", "lever", "--source", "l", "--at", "2026-11-01",
             file(&p, "board.json"));
    CHECK(s.status == 65);
    play_close(&p);
}

#define JOB(site, url, title)                                                                      \
    "{\"site\":\"" site "\",\"job_url\":\"https://kaveri.example/" url "\",\"title\":\"" title     \
    "\",\"company\":\"Kaveri\",\"location\":\"Pune, IN\",\"date_posted\":\"2026-09-01\"}"
#define SNAPSHOT(at, jobs) "{\"fetched_at\":\"" at "\",\"jobs\":[" jobs "]}\n"

/* What a search showed is a window: it proves that an ad was there, never that it is gone. */
static void snapshots_of_a_search_are_a_history(void **state)
{
    static const char snapshots[] =
        SNAPSHOT("2026-09-01 04:22 UTC",
                 JOB("indeed", "a", "MLOps Engineer") "," JOB("indeed", "b", "MLOps Lead") "," JOB(
                     "other", "c", "ML Platform Engineer"))
            SNAPSHOT("2026-09-01 15:00 UTC", JOB("indeed", "b", "MLOps Lead"))
                SNAPSHOT("2026-09-03T04:22:00Z", JOB("indeed", "d", "MLOps Engineer"))
                    SNAPSHOT("2026-10-07T04:22:00Z", JOB("indeed", "d", "MLOps Engineer"));
    struct spawned s;
    struct play p;

    (void)state;
    open_play(&p);
    play_file(&p, "127.0.0.2/snapshots.jsonl", str_of(snapshots));
    s = play(&p, "11T03:30", "import", file(&p, "snapshots.jsonl"));
    CHECK(s.status == 0 && str_find(s.err, STR("6 postings of 2 sources: 4 new, 2 ended")) >= 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_source WHERE window") == 2);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE ended_how = 'max-age'") == 2);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE open") == 2);
    /* on the day after, nobody had ended; of none was the text read */
    s = play(&p, "11T03:30", "roles", "--format", "json", "--at", "2026-09-04");
    CHECK_STR(json_field(s.out, "openings"), STR("4"), 0);
    s = play(&p, "11T03:30", "demand", "--format", "json", "--at", "2026-09-04");
    CHECK_STR(json_field(s.out, "openings"), STR("0"), 0);
    s = play(&p, "11T03:31", "import", file(&p, "snapshots.jsonl"));
    CHECK(s.status == 0 && str_find(s.err, STR(" 0 new, 0 ended, on 0 days")) >= 0);
    play_file(&p, "127.0.0.2/when.jsonl", STR("{\"jobs\":[]}\n"));
    s = play(&p, "11T03:31", "import", file(&p, "when.jsonl"));
    CHECK(s.status == 65 && str_find(s.err, STR("does not say when")) >= 0);
    play_close(&p);
}

RUN_TESTS(TEST(snapshots_of_a_search_are_a_history),
          TEST(a_history_has_its_days_its_ends_and_its_bytes),
          TEST(an_import_again_adds_nothing_and_later_days_follow),
          TEST(a_broken_line_is_named_and_the_rest_goes_in),
          TEST(saved_answers_are_the_list_that_they_were))
