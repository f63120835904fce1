/* The index is moved by the market alone: not by new boards, and not by silent ones. */
#include "aggregator/panel.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "test.h"
#include "tests/sim/draws.h"

enum { FIRST = 20000, SPELL = 45 };

struct board {
    struct source_state state;
    char key[20];
    double mean;
    int64_t open;
};

static struct board *boards_of(struct arena *a, int n, struct draws *r, double median)
{
    struct board *b = ARENA_NEW(a, struct board, n);

    for (int i = 0; i < n; i++) {
        snprintf(b[i].key, sizeof(b[i].key), "board:%05d", i);
        b[i].mean = median * exp(1.2 * draw_normal(r));
        b[i].open = draw_poisson(r, b[i].mean < 500 ? b[i].mean : 500);
        b[i].state.row.key = str_of(b[i].key);
        b[i].state.row.added = day_start(FIRST);
    }
    return b;
}

static void begin(struct panel *p, struct board *b, int n, struct arena *a)
{
    struct source_state *states = ARENA_NEW(a, struct source_state, n);

    for (int i = 0; i < n; i++)
        states[i] = b[i].state;
    panel_init(p, states, (size_t)n, a);
}

static void live(struct board *b, struct draws *r)
{
    const double ends = 1 - exp(-1. / SPELL);

    b->open -= draw_binomial(r, b->open, ends);
    b->open += draw_poisson(r, b->mean * ends);
}

static double sum_open(const struct board *b, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++)
        sum += (double)b[i].open;
    return sum;
}

#ifdef FULL_GRID
enum { RUNS = 200, CHOSEN = 4000 };
#else
enum { RUNS = 10, CHOSEN = 2500 };
#endif

static void thirty_percent_more_boards_move_nothing_on_their_day(void **state)
{
    enum { OLD = 100, NEW = 30, DAY = 20 };

    (void)state;
    for (int run = 0; run < RUNS; run++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct draws r = draws_from((uint64_t)run);
        struct board *b = boards_of(&a, OLD + NEW, &r, 3);
        struct panel with, without;

        begin(&with, b, OLD + NEW, &a);
        begin(&without, b, OLD, &a);
        for (int day = 0; day <= DAY; day++) {
            for (int i = 0; i < OLD + NEW; i++) {
                live(&b[i], &r);
                if (i < OLD)
                    panel_read(&without.items[i], b[i].open);
                if (i < OLD || day == DAY)
                    panel_read(&with.items[i], b[i].open);
            }
            panel_step(&with, FIRST + day);
            panel_step(&without, FIRST + day);
        }
        CHECK_ROW(with.index == without.index, run);
    }
}

static void after_an_outage_of_a_third_the_index_is_as_without_it(void **state)
{
    enum { ALL = 90, FROM = 10, TO = 24, DAYS = 40 };

    (void)state;
    for (int run = 0; run < RUNS; run++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct draws r = draws_from(1000 + (uint64_t)run);
        struct board *b = boards_of(&a, ALL, &r, 3);
        struct panel with, without;
        double before = 0;

        begin(&with, b, ALL, &a);
        begin(&without, b, ALL, &a);
        for (int day = 0; day < DAYS; day++) {
            bool out = day >= FROM && day <= TO;

            for (int i = 0; i < ALL; i++) {
                live(&b[i], &r);
                if (day == FROM && i % 2) /* a mass closing as the outage begins */
                    b[i].open /= 2;
                panel_read(&without.items[i], b[i].open);
                if (!out || i % 3)
                    panel_read(&with.items[i], b[i].open);
            }
            panel_step(&with, FIRST + day);
            CHECK_ROW(day != FROM || sum_open(b, ALL) < .9 * before, run);
            before = sum_open(b, ALL);
            panel_step(&without, FIRST + day);
            if (day > TO)
                CHECK_ROW(fabs(with.index / without.index - 1) < 1e-12, day);
        }
    }
}

/* Boards found because they hire, in a market that stands still: chosen at their height, they
 * fall back to their mean; after HIRING_WAIT_DAYS that is over. */
static void boards_chosen_while_hiring_do_not_sink_the_index(void **state)
{
    enum { DAYS = HIRING_WAIT_DAYS + 366 };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct draws r = draws_from(5);
    struct board *all = boards_of(&a, 4 * CHOSEN, &r, .5), *b = ARENA_NEW(&a, struct board, CHOSEN);
    struct panel waits, enters;
    double sum = 0;
    int n = 0;

    (void)state;
    for (int i = 0; i < 4 * CHOSEN && n < CHOSEN; i++)
        if (all[i].open) {
            b[n] = all[i];
            b[n++].state.row.key = str_of(all[i].key);
        }
    begin(&enters, b, n, &a);
    for (int i = 0; i < n; i++)
        b[i].state.row.why_added = STR("seen hiring");
    begin(&waits, b, n, &a);
    for (int day = 0; day < DAYS; day++) {
        for (int i = 0; i < n; i++) {
            if (day)
                live(&b[i], &r);
            panel_read(&waits.items[i], b[i].open);
            panel_read(&enters.items[i], b[i].open);
        }
        panel_step(&waits, FIRST + day);
        panel_step(&enters, FIRST + day);
        sum += day >= DAYS - 28 ? waits.index / 28 : 0;
    }
    printf("%d boards chosen while hiring: index %.1f a year after their wait, %.1f without it\n",
           n, sum, enters.index);
    CHECK(fabs(sum - 100) <= 3);
    CHECK(enters.index < 90); /* what the wait is for */
}

RUN_TESTS(TEST(thirty_percent_more_boards_move_nothing_on_their_day),
          TEST(after_an_outage_of_a_third_the_index_is_as_without_it),
          TEST(boards_chosen_while_hiring_do_not_sink_the_index))
