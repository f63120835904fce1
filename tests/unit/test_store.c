#include "store_util.h"

struct seen {
    char open[200], closed[200];
};

static int note_fact(void *ctx, const struct posting_fact *f, struct diag *d)
{
    struct seen *seen = ctx;
    char *to = f->ended_by ? seen->closed : seen->open;
    size_t n = strlen(to);

    (void)d;
    snprintf(to + n, sizeof(seen->open) - n, "%s" STR_FMT "%s%s", n ? " " : "",
             STR_ARG(f->native_id), *f->ended_how ? ":" : "", f->ended_how);
    return 0;
}

/* Each row is a reading of the day after the row before; a row named "new" starts a new store. */
static void a_verdict_opens_and_closes_only_what_it_proves(void **state)
{
    enum { W = 1, Z = 2 };
    static const struct {
        const char *outcome, *ids;
        int flags, days;
        const char *open, *closed;
        int opened, reopened, ended;
        bool held;
    } rows[] = {
        { "new", "", 0, 0, "", "", 0, 0, 0, false },
        { "complete", "a b c", 0, 1, "a b c", "", 3, 0, 0, false },
        { "unchanged", "", 0, 1, "a b c", "", 0, 0, 0, false },
        { "complete", "a c", 0, 1, "a c", "b:absent", 0, 0, 1, false },
        { "partial", "a d", 0, 1, "a c d", "b:absent", 1, 0, 0, false },
        { "failed", "", 0, 1, "a c d", "b:absent", 0, 0, 0, false },
        { "gone", "", 0, 1, "a c d", "b:absent", 0, 0, 0, false },
        { "complete", "a b c d d", 0, 1, "a b c d", "", 0, 1, 0, false },
        { "complete", "", 0, 1, "a b c d", "", 0, 0, 0, true },
        { "failed", "", 0, 1, "a b c d", "", 0, 0, 0, false },
        { "complete", "", 0, 1, "", "a:absent b:absent c:absent d:absent", 0, 0, 4, false },
        { "complete", "b", 0, 1, "b", "a:absent c:absent d:absent", 0, 1, 0, false },
        { "new", "", 0, 0, "", "", 0, 0, 0, false },
        { "complete", "a b c d e f", 0, 1, "a b c d e f", "", 6, 0, 0, false },
        { "complete", "a b c", 0, 1, "a b c", "d:absent e:absent f:absent", 0, 0, 3, false },
        { "complete", "a b c d e f", 0, 1, "a b c d e f", "", 0, 3, 0, false },
        { "complete", "a b", 0, 1, "a b c d e f", "", 0, 0, 0, true },
        { "complete", "a b c", 0, 1, "a b c", "d:absent e:absent f:absent", 0, 0, 3, false },
        { "new", "", 0, 0, "", "", 0, 0, 0, false },
        { "complete", "a b c d e f", 0, 1, "a b c d e f", "", 6, 0, 0, false },
        { "complete", "a b", 0, 1, "a b c d e f", "", 0, 0, 0, true },
        { "unchanged", "", 0, 1, "a b c d e f", "", 0, 0, 0, false },
        { "complete", "a b", 0, 1, "a b c d e f", "", 0, 0, 0, true },
        { "new", "", 0, 0, "", "", 0, 0, 0, false },
        { "complete", "", Z, 1, "", "", 0, 0, 0, false },
        { "complete", "a", Z, 1, "a", "", 1, 0, 0, false },
        { "complete", "", Z, 1, "a", "", 0, 0, 0, false },
        { "complete", "", Z, 1, "a", "", 0, 0, 0, false },
        { "complete", "b", Z, 1, "b", "a:absent", 1, 0, 1, false },
        { "new", "", 0, 0, "", "", 0, 0, 0, false },
        { "complete", "a b", W, 1, "a b", "", 2, 0, 0, false },
        { "complete", "b c", W, 10, "a b c", "", 1, 0, 0, false },
        { "unchanged", "", W, 15, "a b c", "", 0, 0, 0, false },
        { "complete", "c", W, 20, "b c", "a:max-age", 0, 0, 1, false },
        { "complete", "a c", W, 1, "a b c", "", 0, 1, 0, false },
    };
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    int64_t now = NOON;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct seen seen = { 0 };
        struct verdict v;

        if (strcmp(rows[i].outcome, "new") == 0) {
            store_close(&s);
            remove_folder(&f);
            OK(store_open(&s, f.path, STORE_WRITE, &d));
            put_source(s, "greenhouse:kaveri");
            continue;
        }
        now += (int64_t)rows[i].days * DAY;
        v = read_board(s, "greenhouse:kaveri", rows[i].ids,
                       (struct verdict_in){ .outcome = rows[i].outcome,
                                            .window = rows[i].flags & W,
                                            .zero_ambiguous = rows[i].flags & Z,
                                            .max_age_s = 30 * (int64_t)DAY },
                       now);
        CHECK_ROW(v.opened == rows[i].opened, i);
        CHECK_ROW(v.reopened == rows[i].reopened, i);
        CHECK_ROW(v.closed == rows[i].ended, i);
        CHECK_ROW(v.held == rows[i].held, i);
        OK(store_scan(s, now, NULL, note_fact, &seen, &d));
        CHECK_STR(str_of(seen.open), str_of(rows[i].open), i);
        CHECK_STR(str_of(seen.closed), str_of(rows[i].closed), i);
    }
    OK(store_check(s, &d));
    store_close(&s);
    remove_folder(&f);
}

RUN_TESTS(TEST(a_verdict_opens_and_closes_only_what_it_proves))
