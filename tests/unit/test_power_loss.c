/* D06: the power fails anywhere, sectors written since the last sync are lost, torn or reordered:
 * what was committed is there, whole. FULL_POWER_LOSS: 500 times. */
#include <sys/mman.h>
#include <sys/wait.h>

#include "power_loss.h"
#include "store_file.h"
#include "store_util.h"

#ifdef FULL_POWER_LOSS
enum { FAILURES = 500 };
#else
enum { FAILURES = 60 };
#endif
enum { READINGS = 12, FRESH_EVERY = 6 };

static const struct verdict_in complete = { .outcome = "complete" };

/* What the child says it was told is kept, and what it came to. */
struct told {
    int64_t committed;
    long calls;
};

static void write_readings(const struct folder *f, int round, struct told *told)
{
    struct store *s = NULL;
    struct diag d = { 0 };

    if (store_open(&s, f->path, STORE_WRITE, &d))
        _exit(1);
    put_source(s, "greenhouse:kaveri");
    for (int i = 0; i < READINGS; i++) {
        char ids[200];

        snprintf(ids, sizeof(ids), "a b c d e%d f%d g%d-%d h%d-%d", i, round, i, round, i / 3,
                 round);
        put_board(s, "greenhouse:kaveri", ids, complete,
                  NOON + (int64_t)(round * READINGS + i) * 600);
        if (store_flush(s, &d))
            _exit(2);
        told->committed++;
    }
    store_close(&s);
}

static int in_the_dark(const struct folder *f, int round, long at, struct told *told)
{
    pid_t child = fork();
    int status = -1;

    if (child == 0) {
        power_fails_at(at, (unsigned)round * 7919 + 5);
        write_readings(f, round, told);
        told->calls = power_calls();
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void check_kept(const struct folder *f, const struct told *told, int row)
{
    struct store *s = NULL;
    struct diag d = { 0 };

    CHECK_ROW(said(store_open(&s, f->path, STORE_WRITE, &d), &d) == 0, row);
    if (!s)
        return;
    CHECK_ROW(said(store_check(s, &d), &d) == 0, row);
    store_close(&s);
    CHECK_ROW(ask(f, "SELECT count(*) FROM reading WHERE outcome = 'complete'") >= told->committed,
              row);
    CHECK_ROW(ask(f, "SELECT count(*) FROM reading r WHERE opened + reopened <>"
                     " (SELECT count(*) FROM spell WHERE first_reading = r.id)"
                     " OR closed <> (SELECT count(*) FROM spell WHERE ended_reading = r.id)")
                  == 0,
              row);
}

static void what_was_committed_outlives_the_power(void **state)
{
    struct told *told =
        mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct folder f = fresh_folder();
    unsigned seed = 6;
    int failed = 0;
    long all;

    (void)state;
    CHECK(told != MAP_FAILED && in_the_dark(&f, 0, 0, told) == 0);
    all = told->calls;
    CHECK(all > 100);
    for (int i = 1; i <= FAILURES; i++) {
        int status;

        if (i % FRESH_EVERY == 1) { /* the power may fail while a store is made */
            remove_folder(&f);
            f = fresh_folder();
            *told = (struct told){ 0 };
        }
        status = in_the_dark(&f, i, 1 + (long)(rand_r(&seed) / 3) % all, told);
        CHECK_ROW(status == POWER_LOST || status == 0, i);
        failed += status == POWER_LOST;
        check_kept(&f, told, i);
    }
    printf("%d of %d lost the power, of %ld calls\n", failed, FAILURES, all);
    CHECK(failed > FAILURES / 2);
    remove_folder(&f);
}

RUN_TESTS(TEST(what_was_committed_outlives_the_power))
