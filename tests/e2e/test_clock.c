/* Clocks that are wrong: set back or ahead between runs, and jumping in the middle of one (D16,
 * D17). */
#include "test.h"

#include "tests/e2e/broken.h"

static struct spawned ask_at(struct play *p, const char *now, const char *command)
{
    return spawn(&p->memory, "--config", p->config, "--state", p->state, "--now", now, command);
}

/* Whatever the clock did: times are in order, and nobody was seen before he came. */
static void check_order(struct play *p, size_t row)
{
    CHECK_ROW(play_number(p, "SELECT (SELECT count(*) FROM v_reading a JOIN v_reading b"
                             "  ON b.reading > a.reading AND b.ended < a.ended)"
                             " + (SELECT count(*) FROM v_reading WHERE ended < started)"
                             " + (SELECT count(*) FROM v_spell WHERE last_proof < first_proof"
                             "  OR ended_by < last_proof)"
                             " + (SELECT count(*) FROM v_figure WHERE value < 0 OR low > high)")
                  == 0,
              row);
}

static void check_questions(struct play *p, const char *now, size_t row)
{
    static const char *const questions[] = { "roles", "stages", "trend", "audit" };

    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        struct spawned s = spawn(&p->memory, "--config", p->config, "--state", p->state, "--now",
                                 now, "--format", "json", questions[i]);

        CHECK_ROW(s.status == 0 || s.status == 4, row * 10 + i);
        CHECK_ROW(count_of(s.out, STR(":nan")) + count_of(s.out, STR(":-nan"))
                          + count_of(s.out, STR(":inf"))
                      == 0,
                  row * 10 + i);
    }
}

static void a_clock_set_between_runs_orders_nothing_wrongly(void **state)
{
    static const struct {
        const char *now;
        int status;
        const char *says;
    } runs[] = {
        { "2026-11-11T03:30:00Z", 0, "1 complete" },
        { "2025-11-11T03:30:00Z", 1, "clock: it is 2025-11-11T03:30:00Z, but boards were read at" },
        { "1970-01-02T00:00:00Z", 1, "set the clock" },
        { "2026-11-11T02:00:00Z", 0, "nothing is due" },
        { "2026-11-12T03:30:00Z", 0, "1 sources: " },
        { "2027-11-12T03:30:00Z", 0, "1 sources: " },
        { "2026-11-13T03:30:00Z", 1, "already" },
        { "2039-02-01T03:30:00Z", 0, "1 sources: " },
    };
    struct play p;

    (void)state;
    broken_open(&p, "e2e-clock-set");
    for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
        struct spawned s = ask_at(&p, runs[i].now, "run");

        CHECK_ROW(s.status == runs[i].status, i);
        CHECK_ROW(str_find(s.err, str_of(runs[i].says)) >= 0, i);
        check_order(&p, i);
        check_questions(&p, runs[i].now, i);
        play_day(&p, 12);
    }
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting WHERE open") == 4);
    play_close(&p);
}

static struct spawned run_jumping(struct play *p, const char *jump)
{
    struct spawn_options opt = { .preload = IO_FAULTS,
                                 .env = str_printf(&p->memory, "IO_FAULTS=%s", jump).p };
    const char *const words[] = { "--config", p->config, "--state", p->state, "run", NULL };

    return spawn_with(&p->memory, &opt, words);
}

/* What takes half a second takes half a second, though the clock says a year. */
static void a_clock_that_jumps_in_a_run_is_not_waited_for(void **state)
{
    static const char *const jumps[] = { "jump:2:31536000", "jump:3:-31536000", "jump:6:86400",
                                         "jump:9:-3600", "jump:4:400000000" };

    (void)state;
    if (!broken_may_preload())
        skip();
    for (size_t i = 0; i < ARRAY_LEN(jumps); i++) {
        struct play p;
        struct spawned s;
        int64_t ms;

        play_open(&p, "e2e-clock-jumps");
        play_file(&p, "127.0.0.2/site.tsv",
                  STR("GET\t" GREENHOUSE_PATH "\t-\t200\tAB.json\tdelay=400\n"));
        play_file(&p, "127.0.0.2/AB.json", greenhouse_board(&p.memory, "AB"));
        play_start(&p, GREENHOUSE_SOURCE);
        s = run_jumping(&p, jumps[i]);
        ms = play_number(&p, "SELECT ms FROM v_reading");
        CHECK_ROW(s.status == 0, i);
        CHECK_ROW(ms >= 400 && ms < s.ms, i);
        CHECK_ROW(play_number(&p, "SELECT count(*) FROM v_posting WHERE open") == 2, i);
        check_order(&p, i);
        play_close(&p);
    }
}

RUN_TESTS(TEST(a_clock_set_between_runs_orders_nothing_wrongly),
          TEST(a_clock_that_jumps_in_a_run_is_not_waited_for))
