/*
 * Too little of anything: descriptors, address space, one refused request for memory. The run ends
 * cleanly with a reason, or does without; never with half a truth (D07, D20). FULL_SCARCE refuses
 * at 2,000 places of a run.
 */
#include "test.h"

#include "tests/e2e/broken.h"

#ifdef FULL_SCARCE
enum { STARVED = 2000 };
#else
enum { STARVED = 16 };
#endif

/* Ended by itself, with a line that says why where it failed. */
static void check_end(struct play *p, const struct spawned *s, const char *fault)
{
    bool clean = s->status == 0 || s->status == 3 || s->status == 127
                 || ((s->status == 1 || s->status == 65 || s->status == 78)
                     && count_of(s->err, STR("roletide: ")) >= 1);

    CHECK(clean);
    if (!clean)
        fprintf(stderr, "%s: status %d: " STR_FMT "\n", fault, s->status, STR_ARG(s->err));
    CHECK(broken_goes_on(p));
}

static void too_little_of_anything_is_a_clean_end(void **state)
{
    static const char *const faults[] = { "files:3",   "files:6",    "files:9",   "files:12",
                                          "files:16",  "files:24",   "memory:40", "memory:60",
                                          "memory:96", "memory:160", "memory:256" };
    struct play p;

    (void)state;
    if (!broken_may_preload())
        skip();
    broken_begin(&p, "e2e-scarce-limits");
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct spawned s = broken_run(&p, faults[i]);

        check_end(&p, &s, faults[i]);
    }
    play_close(&p);
}

/* How often a run asks for memory: starve says so at its end. */
static long requests_of_a_run(struct play *p)
{
    struct spawned s = broken_run(p, "starve:0");
    ptrdiff_t at = str_find(s.err, STR("asked for memory "));
    int64_t n = 0;
    struct str rest = str_from(s.err, at < 0 ? s.err.n : (size_t)at + 17);

    CHECK(s.status == 0 && str_int(str_cut(&rest, ' '), &n) && n > 1000);
    return (long)n;
}

static void a_refused_request_for_memory_is_a_clean_end(void **state)
{
    struct play p;
    long all;
    int failed = 0;

    (void)state;
    if (!broken_may_preload())
        skip();
    broken_begin(&p, "e2e-scarce-memory");
    all = requests_of_a_run(&p);
    for (long i = 0; i < STARVED; i++) {
        const char *fault = str_printf(&p.memory, "starve:%ld", 1 + i * all / STARVED).p;
        struct spawned s = broken_run(&p, fault);

        failed += s.status != 0;
        check_end(&p, &s, fault);
    }
    printf("%d of %d runs failed, of %ld requests\n", failed, STARVED, all);
    CHECK(failed > STARVED / 2);
    play_close(&p);
}

RUN_TESTS(TEST(too_little_of_anything_is_a_clean_end),
          TEST(a_refused_request_for_memory_is_a_clean_end))
