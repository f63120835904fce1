#include "crawler/job.h"

#include <string.h>

#include "test.h"

/* A queue of slots "a", "b", ... and jobs that are asked of them. */
struct line {
    struct arena mem;
    struct queue q;
    struct job jobs[16];
    size_t n;
};

static struct slot *slot(struct line *l, char name)
{
    return queue_slot(&l->q, (struct str){ &name, 1 });
}

static void push(struct line *l, char name)
{
    struct job *j = &l->jobs[l->n++];

    j->group = slot(l, name);
    queue_push_back(&l->q, j);
}

/* The order in which slots come when each has all the time it needs. */
static void take_all(struct line *l, int64_t now, char *ret)
{
    struct slot *s;

    while ((s = queue_next(&l->q, now))) {
        *ret++ = s->name.p[0];
        queue_pop(&l->q, s);
        s->pace.used = true;
        queue_wake(&l->q, s);
    }
    *ret = '\0';
}

static void whoever_was_asked_before_goes_first_and_all_in_turn(void **state)
{
    static const struct {
        const char *asked, *used, *want;
    } rows[] = {
        { "abc", "", "abc" },       { "abc", "c", "cab" },
        { "aabbc", "", "aabbc" },   /* begun, a is warm and before those that are not */
        { "aabbc", "ab", "ababc" }, /* both warm: in turn */
        { "aaab", "ab", "abaa" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct line l = { .q.mem = &l.mem };
        char got[16];

        for (const char *p = rows[i].used; *p; p++)
            slot(&l, *p)->pace.used = true;
        for (const char *p = rows[i].asked; *p; p++)
            push(&l, *p);
        take_all(&l, 0, got);
        CHECK_STR(str_of(got), str_of(rows[i].want), i);
        CHECK_ROW(!l.q.n && !l.q.n_ready, i);
        arena_free(&l.mem);
    }
}

static void a_slot_that_waits_comes_in_time_and_not_before(void **state)
{
    static const int64_t due[] = { 700, 300, 900, 100, 500, 300 };
    struct line l = { .q.mem = &l.mem };
    char got[16];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(due); i++) {
        push(&l, (char)('a' + i));
        queue_wait(&l.q, queue_next(&l.q, 0), due[i]);
    }
    CHECK(queue_due_us(&l.q) == 100 && !queue_next(&l.q, 99));
    take_all(&l, 300, got);
    CHECK_STR(str_of(got), STR("dbf"), 300);
    CHECK(queue_due_us(&l.q) == 500);
    take_all(&l, 1000, got);
    CHECK_STR(str_of(got), STR("eac"), 1000);
    CHECK(queue_due_us(&l.q) == PACE_NEVER);
    arena_free(&l.mem);
}

static void what_waits_is_looked_at_again_when_its_head_changes(void **state)
{
    struct line l = { .q.mem = &l.mem };
    struct slot *s;

    (void)state;
    push(&l, 'a');
    s = queue_next(&l.q, 0);
    queue_wait(&l.q, s, 500);
    push(&l, 'a');
    CHECK(!l.q.n_ready); /* behind the head */
    l.jobs[2].group = s;
    queue_push_front(&l.q, &l.jobs[2]);
    CHECK(queue_next(&l.q, 0) == s && queue_pop(&l.q, s) == &l.jobs[2]);
    s->pace.busy = true;
    CHECK(!queue_next(&l.q, 1000)); /* its old time is void */
    arena_free(&l.mem);
}

static void a_blocked_slot_waits_for_the_end_of_another_transfer(void **state)
{
    struct line l = { .q.mem = &l.mem };
    struct slot *s;

    (void)state;
    push(&l, 'a');
    s = queue_next(&l.q, 0);
    queue_block(&l.q, s);
    queue_wake(&l.q, s);
    CHECK(!queue_next(&l.q, 1000));
    queue_unblock(&l.q);
    CHECK(queue_next(&l.q, 0) == s);
    arena_free(&l.mem);
}

RUN_TESTS(TEST(whoever_was_asked_before_goes_first_and_all_in_turn),
          TEST(a_slot_that_waits_comes_in_time_and_not_before),
          TEST(what_waits_is_looked_at_again_when_its_head_changes),
          TEST(a_blocked_slot_waits_for_the_end_of_another_transfer))
