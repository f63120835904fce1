/* The roadmap against the market: what a bullet covers, what is missing, what to learn next. */
#include <math.h>
#include <stdlib.h>

#include "made_market.h"
#include "tests/sim/draws.h"

static struct stages stages(const struct market *m, struct arena *a)
{
    struct stages ret;
    struct diag d;

    assert_int_equal(stages_of(m, &(struct filter){ 0 }, &ret, a, &d), 0);
    return ret;
}

static void coverage_is_the_openings_a_stage_makes_ready_for(void **state)
{
    static const struct {
        bool required[SKILLS];
        bool after_1, after_2, left_out;
    } rows[] = {
        { { [PYTHON] = true }, true, true, false },
        { { [PYTHON] = true, [DOCKER] = true }, false, true, false },
        { { [PYTHON] = true, [DOCKER] = true, [AWS] = true }, false, false, false }, /* 2 of 3 */
        { { [PYTHON] = true, [AI] = true }, true, true, false }, /* AI is nothing to learn */
        { { [AI] = true }, false, false, true },
        { { 0 }, false, false, true }, /* what is only preferred is not required */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(release) struct made made = { 0 };
        struct posting_fact *f = hire(&made, 1, 2);
        struct market m;
        struct stages s;

        for (uint32_t k = 0; k < SKILLS; k++)
            if (rows[i].required[k])
                say(&made, f, k, POLARITY_REQUIRED, false);
        say(&made, f, RAY, POLARITY_PREFERRED, false);
        m = market_of(&made, &two_stages, &made.a);
        s = stages(&m, &made.a);
        CHECK_ROW(s.stage[0].coverage.left_out == rows[i].left_out, i);
        CHECK_ROW(s.stage[0].coverage.n == !rows[i].left_out, i);
        CHECK_ROW(s.stage[0].coverage.met.openings == rows[i].after_1, i);
        CHECK_ROW(s.stage[1].coverage.met.openings == rows[i].after_2, i);
        CHECK_ROW(s.stage[1].coverage_own.n == s.stage[1].coverage.n, i);
        CHECK_ROW(s.stage[0].coverage_own.n == 0 && s.stage[0].coverage_own.met.too_few, i);
        CHECK_ROW(s.stage[0].coverage.met.too_few, i); /* of one employer there is no share */
    }
}

static void a_bullet_nobody_evidences_goes_stale_and_a_skill_nobody_teaches_is_missing(void **state)
{
    static const struct {
        int employers;
        bool stale;
    } rows[] = { { 25, true }, { 12, false } }; /* 100 openings; 48 are too few to say so */

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(release) struct made made = { 0 };
        static struct bullet_hit hit = { .bullet = 1 };
        struct market m;
        struct stages s;

        for (int n = 0; n < 4 * rows[i].employers; n++) {
            struct posting_fact *f = hire(&made, n / 4, 2);

            say(&made, f, PYTHON, POLARITY_REQUIRED, false);
            say(&made, f, AWS, POLARITY_REQUIRED, false);
            say(&made, f, AI, POLARITY_REQUIRED, false);
            if (n < 2)
                f->signal.bullets = &hit, f->signal.n_bullets = 1;
            if (n < 8)
                say(&made, f, RAY, POLARITY_REQUIRED, false); /* at two employers: not ranked */
        }
        m = market_of(&made, &two_stages, &made.a);
        s = stages(&m, &made.a);
        assert_int_equal(s.stage[1].n_bullets, 1);
        CHECK_ROW(s.stage[1].bullets[0].evidenced.openings == 2, i);
        CHECK_ROW(s.stage[1].bullets[0].stale == rows[i].stale, i);
        assert_int_equal(s.stage[1].n_missing, 1);
        CHECK_STR(s.stage[1].missing[0].skill->id, STR("aws"), i);
        CHECK_ROW(s.stage[1].years.p50 == 3 && s.stage[1].openings == 4 * rows[i].employers, i);
        CHECK_ROW(isnan(s.stage[1].years.p25) == (rows[i].employers < QUARTILE_EMPLOYERS), i);
    }
}

static const struct next_skill *next_of(const struct coverage *c, uint32_t skill)
{
    for (size_t i = 0; i < c->n_next; i++)
        if (c->next[i].skill == &skills[skill])
            return &c->next[i];
    return NULL;
}

/* One opening that requires these; Python is had. */
static void asks(struct made *made, int employer, uint32_t first, uint32_t second)
{
    struct posting_fact *f = hire(made, employer, 2);

    say(made, f, first, POLARITY_REQUIRED, false);
    if (second != first)
        say(made, f, second, POLARITY_REQUIRED, false);
}

static void the_next_skill_is_the_one_that_opens_most(void **state)
{
    static const bool python[SKILLS] = { [PYTHON] = true };
    CLEANUP(release) struct made made = { 0 };
    const struct coverage *c;
    struct market m;
    struct with w;

    (void)state;
    for (int e = 0; e < 30; e++) {
        asks(&made, e, PYTHON, PYTHON); /* met */
        asks(&made, e, PYTHON, DOCKER); /* one short of Docker: 30 */
        if (e < 28)
            asks(&made, e, PYTHON, AWS); /* 28: who can tell? */
        if (e < 4)
            asks(&made, e, RAY, RAY); /* 4: surely fewer */
        asks(&made, e, DOCKER, RAY);  /* two short: no single skill opens it */
    }
    m = market_of(&made, &two_stages, &made.a);
    with_of(&m, &(struct filter){ 0 }, python, &w, &made.a);
    c = &w.coverage[0];
    CHECK(c->n == 122 && c->employers == 30 && c->left_out == 0);
    CHECK(c->met.openings == 30 && c->met.employers == 30 && !c->met.too_few);
    CHECK(fabs(c->met.share - 30. / 122) < 1e-12);
    CHECK(c->met.low < c->met.share && c->met.share < c->met.high);
    CHECK(c->one_short == 62 && c->n_next == 3);
    CHECK_STR(c->next[0].skill->id, STR("docker"), 0);
    CHECK(c->next[0].adds.openings == 30 && c->next[0].adds.employers == 30);
    CHECK(fabs(c->next[0].adds.share - 30. / 122) < 1e-12);
    CHECK(c->next[0].tie && next_of(c, AWS)->tie && !next_of(c, RAY)->tie);
    CHECK(next_of(c, AWS)->adds.openings == 28 && next_of(c, RAY)->adds.openings == 4);
    CHECK(w.coverage[2].n == 122 && w.coverage[1].n == 0 && w.coverage[1].n_next == 0);
    CHECK(w.n_missing == 3 && w.missing[0].skill == &skills[DOCKER]);
}

static void a_skill_that_two_employers_want_is_no_advice(void **state)
{
    static const bool nothing[SKILLS] = { false };
    CLEANUP(release) struct made made = { 0 };
    struct market m;
    struct with w;

    (void)state;
    for (int e = 0; e < 20; e++)
        asks(&made, e, PYTHON, PYTHON);
    for (int i = 0; i < 10; i++)
        asks(&made, i % 2, RAY, RAY);
    m = market_of(&made, &two_stages, &made.a);
    with_of(&m, &(struct filter){ 0 }, nothing, &w, &made.a);
    CHECK(w.coverage[0].one_short == 30 && w.coverage[0].n_next == 1);
    CHECK(w.coverage[0].next[0].skill == &skills[PYTHON] && !w.coverage[0].next[0].tie);
}

/* Whatever the market: what the list says of a skill is what learning it would give. */
static void learning_a_skill_meets_just_what_was_promised(void **state)
{
    struct draws r = draws_from(11);

    (void)state;
    for (int run = 0; run < 40; run++) {
        CLEANUP(release) struct made made = { 0 };
        bool has[SKILLS] = { false };
        struct market m;
        struct with before, after;

        for (int i = 0; i < 80; i++) {
            struct posting_fact *f = hire(&made, (int)(draw(&r) * 15), 1 + (int)(draw(&r) * 5));

            for (uint32_t k = 0; k < SKILLS; k++)
                if (draw(&r) < .4)
                    say(&made, f, k, draw(&r) < .7 ? POLARITY_REQUIRED : POLARITY_DUTY,
                        draw(&r) < .2);
        }
        for (uint32_t k = 0; k < SKILLS; k++)
            has[k] = draw(&r) < .3;
        m = market_of(&made, &two_stages, &made.a);
        with_of(&m, &(struct filter){ 0 }, has, &before, &made.a);
        for (uint32_t k = 0; k < SKILLS; k++) {
            const struct next_skill *promised = next_of(&before.coverage[0], k);
            int64_t gained;

            if (has[k])
                continue;
            has[k] = true;
            with_of(&m, &(struct filter){ 0 }, has, &after, &made.a);
            has[k] = false;
            gained = after.coverage[0].met.openings - before.coverage[0].met.openings;
            CHECK_ROW(gained <= before.coverage[0].one_short, run);
            CHECK_ROW(promised ? promised->adds.openings == gained : gained < 6, run);
        }
        CHECK_ROW(before.coverage[0].n + before.coverage[0].left_out == 80, run);
    }
}

/* 30 employers with four openings: Python everywhere, Docker at every second. */
static void a_bullet_says_which_of_the_skills_asked_it_covers(void **state)
{
    static struct str taught[] = { STR("docker"), STR("python"), STR("ray"), STR("nobody-knows-it"),
                                   STR("ai") };
    static struct bullet_view bullet = { STR("s1.all"), STR("All of it"), { taught, 5, 5 } };
    static const struct roadmap_view one_stage = { .stages = {
                                                       { .bullets = &bullet, .n_bullets = 1 } } };
    CLEANUP(release) struct made made = { 0 };
    const struct bullet_figures *b;
    struct market m;
    struct stages s;

    (void)state;
    for (int i = 0; i < 120; i++) {
        struct posting_fact *f = hire(&made, i / 4, 1);

        if (i % 4 < 3)
            say(&made, f, PYTHON, POLARITY_PREFERRED, false);
        if (i % 2 == 0)
            say(&made, f, DOCKER, POLARITY_DUTY, true);
        say(&made, f, AWS, POLARITY_REQUIRED, false);
        say(&made, f, AI, POLARITY_REQUIRED, false);
    }
    m = market_of(&made, &one_stage, &made.a);
    s = stages(&m, &made.a);
    b = &s.stage[0].bullets[0];
    CHECK(s.stage[0].read == 120 && s.stage[0].asks == 90 + 60 + 120); /* "AI" is no skill */
    CHECK(b->asks == 150 && s.stage[0].asks_covered == 150);
    CHECK(b->asked.openings == 90 && b->asked.employers == 30 && b->asked.share == .75);
    assert_int_equal(b->n_skills, 3);
    CHECK(b->skills[0].skill == &skills[PYTHON] && b->skills[0].demand.openings == 90);
    CHECK(b->skills[0].demand.low < .75 && b->skills[0].demand.high > .75 && !b->skills[0].stale);
    CHECK(b->skills[1].skill == &skills[DOCKER] && b->skills[1].demand.openings == 60);
    CHECK(b->skills[2].skill == &skills[RAY] && b->skills[2].demand.openings == 0);
    CHECK(b->skills[2].stale && s.stage[1].n_bullets == 0);
}

RUN_TESTS(TEST(coverage_is_the_openings_a_stage_makes_ready_for),
          TEST(a_bullet_nobody_evidences_goes_stale_and_a_skill_nobody_teaches_is_missing),
          TEST(the_next_skill_is_the_one_that_opens_most),
          TEST(a_skill_that_two_employers_want_is_no_advice),
          TEST(learning_a_skill_meets_just_what_was_promised),
          TEST(a_bullet_says_which_of_the_skills_asked_it_covers))
