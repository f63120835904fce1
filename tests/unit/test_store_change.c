/* What the schedule is told of a source's readings. */
#include "store_util.h"

#include "core/date.h"

enum { HOUR = 3600, MOST = 6 };

struct step {
    int64_t at; /* hours after the first */
    const char *ids, *outcome;
    int64_t requests, owed;
    bool window;
};

static const struct {
    struct step steps[MOST];
    int64_t since; /* hours after the first, as `at` */
    struct source_change want;
} stories[] = {
    /* what the first reading finds is no change */
    { { { 0, "a b c", "complete", 1, 0, false } },
      0,
      { .reads_today = 1, .texts_owed_before = -1 } },
    { { { 0, "a b c", "complete", 1, 0, false }, { 24, "a b d e", "complete", 1, 0, false } },
      0,
      { .changes = 3, .seconds = 24 * HOUR, .reads_today = 1 } },
    { { { 0, "a b c", "complete", 1, 7, false },
        { 24, "a b d", "complete", 1, 5, false },
        { 26, "a b d", "unchanged", 1, 0, false },
        { 28, "a b", "complete", 1, 3, false } },
      0,
      { .changes = 3, .seconds = 28 * HOUR, .reads_today = 3, .texts_owed = 3 } },
    /* nothing before `since` counts, nor what the first reading after it found */
    { { { 0, "a", "complete", 1, 0, false },
        { 24, "a b", "complete", 1, 0, false },
        { 48, "b", "complete", 1, 0, false } },
      12,
      { .changes = 1, .seconds = 24 * HOUR, .reads_today = 1 } },
    /* a try that proved nothing is a try only if it asked */
    { { { 0, "a", "complete", 1, 0, false },
        { 24, "", "failed", 1, 0, false },
        { 25, "", "failed", 0, 0, false },
        { 26, "", "failed", 1, 0, false } },
      0,
      { .reads_today = 3, .tries_today = 2, .texts_owed_before = -1 } },
    { { { 0, "a", "complete", 1, 0, false },
        { 24, "", "failed", 1, 0, false },
        { 25, "a", "complete", 1, 0, false } },
      0,
      { .seconds = 25 * HOUR, .reads_today = 2 } },
};

static struct store *open_store(const struct folder *f)
{
    struct store *s = NULL;
    struct diag d = { 0 };

    OK(store_open(&s, f->path, STORE_WRITE, &d));
    return s;
}

static void a_source_is_as_changeable_as_its_proven_readings_found(void **state)
{
    static const char key[] = "greenhouse:kaveri";

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stories); i++) {
        struct folder f = fresh_folder();
        struct store *s = open_store(&f);
        const struct source_change *want = &stories[i].want;
        struct source_change *got = NULL;
        struct arena a = ARENA_INIT;
        struct diag d = { 0 };
        int64_t last = NOON;
        size_t n = 0;

        put_source(s, "a:never-read");
        put_source(s, key);
        for (const struct step *st = stories[i].steps; st->outcome; st++) {
            last = NOON + st->at * HOUR;
            read_board(s, key, st->ids,
                       (struct verdict_in){ .outcome = st->outcome,
                                            .requests = st->requests,
                                            .pages = 2,
                                            .details_owed = st->owed,
                                            .window = st->window },
                       last);
        }
        OK(store_source_changes(s, NOON + stories[i].since * HOUR, day_start(day_of(last)), &a,
                                &got, &n, &d));
        CHECK_ROW(n == 2 && got[0].reads_today == 0 && got[0].texts_owed_before == -1, i);
        CHECK_STR(got[1].source, str_of(key), i);
        CHECK_ROW(got[1].changes == want->changes && got[1].seconds == want->seconds, i);
        CHECK_ROW(got[1].reads_today == want->reads_today, i);
        CHECK_ROW(got[1].tries_today == want->tries_today && got[1].pages == 2, i);
        CHECK_ROW(got[1].texts_owed == want->texts_owed, i);
        CHECK_ROW(got[1].texts_owed_before == want->texts_owed_before, i);
        store_close(&s);
        arena_free(&a);
        remove_folder(&f);
    }
}

RUN_TESTS(TEST(a_source_is_as_changeable_as_its_proven_readings_found))
