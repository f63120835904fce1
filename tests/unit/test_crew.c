#include "cli/crew.h"

#include <time.h>

#include "test.h"

enum { ITEMS = 2000, OUT = 40 };

struct item {
    int n, done;
};

/* The earlier ones of a few neighbours take longer, so that they are done out of order. */
static void work(void *tool, void *item)
{
    struct item *i = item;
    struct timespec nap = { .tv_nsec = (7 - i->n % 8) * 2000 };

    nanosleep(&nap, NULL);
    i->done += *(const int *)tool;
}

static void what_is_given_comes_back_done_and_in_order(void **state)
{
    static const size_t sizes[] = { 1, 2, 7 };
    int one = 1;
    void *tools[] = { &one, &one, &one, &one, &one, &one, &one };

    (void)state;
    for (size_t row = 0; row < ARRAY_LEN(sizes); row++) {
        struct crew *c = crew_start(work, tools, sizes[row]);
        struct item items[OUT] = { 0 };
        int back = 0;

        for (int n = 0; n < ITEMS; n++) {
            if (n >= OUT) {
                const struct item *i = crew_take(c);

                CHECK_ROW(i == &items[back % OUT] && i->n == back && i->done == 1, row);
                back++;
            }
            items[n % OUT] = (struct item){ .n = n };
            crew_give(c, &items[n % OUT]);
        }
        for (const struct item *i; (i = crew_take(c)) != NULL; back++)
            CHECK_ROW(i->n == back && i->done == 1, row);
        CHECK_ROW(back == ITEMS, row);
        crew_end(&c);
        CHECK_ROW(c == NULL, row);
    }
}

static void an_end_waits_for_what_is_out(void **state)
{
    struct item items[OUT] = { 0 };
    int one = 1;
    void *tools[] = { &one, &one };
    struct crew *c = crew_start(work, tools, 2);

    (void)state;
    for (int n = 0; n < OUT; n++)
        crew_give(c, &items[n]);
    crew_end(&c);
    for (int n = 0; n < OUT; n++)
        CHECK_ROW(items[n].done == 1, n);
}

RUN_TESTS(TEST(what_is_given_comes_back_done_and_in_order), TEST(an_end_waits_for_what_is_out))
