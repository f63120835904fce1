/* Of what a vintage was made, and what another need not read. */
#include "core/cleanup.h"
#include "store_file.h"

static const struct str skills[] = { STR("kubernetes"), STR("kubeflow"), STR("python") };

/* Nothing is left to read: from now on readers see the vintage. */
static bool all_is_read(struct store *s)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct revision rev;
    struct diag d = { 0 };
    int64_t cursor = 0;

    return store_next_unread(s, &cursor, &a, &rev, &d) == STORE_NONE;
}

/* What an older vintage was made of is told while another replaces it, and no longer; what need not
 * be read by the new one counts as read, with the signal that readers see. */
static void a_vintage_keeps_what_it_was_made_of(void **state)
{
    struct rule_mark marks[] = { { .hash = { 1, 2 } },
                                 { STR("python"), { 3, 4 }, STR("python\npython3\n") } };
    const struct rule_marks made = { marks, 2, 2 };
    struct rule_marks told = { 0 };
    struct signal sig = { .stage = 3, .stage_reason = "" };
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    put_source(s, "greenhouse:kaveri");
    read_board(s, "greenhouse:kaveri", "a b", (struct verdict_in){ .outcome = "complete" }, NOON);
    CHECK(store_use_vintage(s, (struct hash){ 1, 1 }, skills, 3, NOON, &d) == STORE_NEW);
    OK(store_put_rule_marks(s, &made, &d));
    OK(store_replaced_rule_marks(s, &a, &told, &d));
    CHECK(told.n == 0);
    for (int64_t revision = 1; revision <= 2; revision++)
        OK(store_put_signal(s, revision, &sig, &d));
    CHECK(all_is_read(s));
    CHECK(store_use_vintage(s, (struct hash){ 2, 2 }, skills, 3, NOON, &d) == STORE_NEW);
    OK(store_put_rule_marks(s, &made, &d));
    OK(store_replaced_rule_marks(s, &a, &told, &d));
    CHECK(told.n == 2 && !told.items[0].id.n && told.items[0].hash.low == 2);
    CHECK_STR(told.items[1].id, STR("python"), 1);
    CHECK_STR(told.items[1].words, STR("python\npython3\n"), 1);
    OK(store_keep_signal(s, 1, &d));
    sig.stage = 4;
    OK(store_put_signal(s, 2, &sig, &d));
    CHECK(ask(&f, "SELECT sum(stage) FROM signal") == 6); /* those of before */
    CHECK(all_is_read(s));
    CHECK(ask(&f, "SELECT sum(stage) FROM signal") == 7);
    OK(store_put_rule_marks(s, &made, &d));
    CHECK(ask(&f, "SELECT count(DISTINCT vintage) FROM rule_mark") == 2);
    CHECK(store_use_vintage(s, (struct hash){ 3, 3 }, skills, 3, NOON, &d) == STORE_NEW);
    OK(store_put_rule_marks(s, &made, &d)); /* and with it those that are past go */
    CHECK(ask(&f, "SELECT count(DISTINCT vintage) FROM rule_mark") == 2);
    arena_free(&a);
    store_close(&s);
    remove_folder(&f);
}

RUN_TESTS(TEST(a_vintage_keeps_what_it_was_made_of))
