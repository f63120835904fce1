/* Which ads a change of rules may touch: all others are read as they were. */
#include <string.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/change.h"
#include "parsers/vintage.h"
#include "shipped_rules.h"
#include "test.h"
#include "tests/sim/draws.h"

enum { CHANGES = 20, AT_ONCE = 30 };

struct lab {
    struct arena a;
    struct config config;
    struct rule_marks before;
    struct extractor *was;
    struct strs texts; /* the sentences by which the shipped rules are proven */
    struct draws r;
};

static size_t pick(struct lab *lab, size_t below)
{
    return (size_t)(draw(&lab->r) * (double)below);
}

static bool set_up_lab(struct lab *lab)
{
    const struct rule_set *rules;

    *lab = (struct lab){ .r = draws_from(14) };
    lab->was = shipped_extractor(&lab->a, &lab->config);
    rules = &lab->config.rules;
    CHECK(lab->was != NULL);
    if (!lab->was)
        return false;
    vintage_marks(rules, &lab->a, &lab->before);
    for (size_t i = 0; i < rules->skills.n; i++) {
        const struct strs *says[] = { &rules->skills.items[i].yes, &rules->skills.items[i].no };

        for (size_t k = 0; k < ARRAY_LEN(says); k++)
            for (size_t j = 0; j < says[k]->n; j++)
                *ARENA_PUSH(&lab->a, &lab->texts) = says[k]->items[j];
    }
    return true;
}

static void tear_down_lab(struct lab *lab)
{
    extractor_close(&lab->was);
    arena_free(&lab->a);
}

static void change_one(struct lab *lab, struct rule_set *io)
{
    struct skill_rule *r = &io->skills.items[pick(lab, io->skills.n)];
    struct skill_rule *other = &io->skills.items[pick(lab, io->skills.n)], was = *r;

    switch (pick(lab, 6)) {
    case 0:
        r->aliases = other->aliases;
        other->aliases = was.aliases;
        break;
    case 1:
        r->implies = (struct strs){ 0 };
        break;
    case 2:
        r->near = (struct strs){ 0 };
        *ARENA_PUSH(&lab->a, &r->near) = STR("any");
        break;
    case 3:
        r->practice = !r->practice;
        break;
    case 4:
        r->category = other->category;
        other->category = was.category;
        break;
    default:
        r->beside = !r->beside;
    }
}

/* Other rules than those shipped; a new one among them. */
static struct rule_set changed_rules(struct lab *lab)
{
    struct rule_set ret = lab->config.rules;
    struct skill_rule *all = ARENA_NEW(&lab->a, struct skill_rule, ret.skills.n + 1);

    all[0] = (struct skill_rule){ .id = STR("aa"), .label = STR("Aa"), .category = STR("other") };
    *ARENA_PUSH(&lab->a, &all[0].aliases) = STR("pipelines");
    *ARENA_PUSH(&lab->a, &all[0].yes) = STR("pipelines");
    *ARENA_PUSH(&lab->a, &all[0].no) = STR("pipes");
    memcpy(all + 1, ret.skills.items, ret.skills.n * sizeof(*all));
    ret.skills.items = all;
    ret.skills.n++;
    for (size_t i = pick(lab, AT_ONCE); i > 0; i--)
        change_one(lab, &ret);
    return ret;
}

/* All that is concluded, with skills by name. */
static struct str told(struct arena *a, const struct extractor *x, const struct signal *s)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    buf_printf(&b, "%d %d %d %d %d %d %d %lld %lld", s->family, s->level, s->stage, s->track,
               s->mode, s->india, s->experience.min_months, (long long)s->pay.annual_min,
               (long long)s->pay.annual_max);
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        buf_printf(&b, " " STR_FMT ":%d:%d:%d:%d:%u-%u", STR_ARG(extractor_skill(x, m->skill)->id),
                   m->polarity, m->section, m->field, m->implied, m->start, m->end);
    }
    for (size_t i = 0; i < s->n_bullets; i++)
        buf_printf(&b, " b%u", s->bullets[i].bullet);
    return buf_take(&b, a);
}

static struct str read_as(struct extractor *x, const struct listing *l, struct arena *a)
{
    struct signal sig;
    struct diag d = { 0 };

    CHECK(!extract(x, l, a, &sig, &d));
    return told(a, x, &sig);
}

static struct change *change_to(struct lab *lab, const struct rule_marks *before,
                                const struct rule_set *rules)
{
    struct rule_marks now = { 0 };

    vintage_marks(rules, &lab->a, &now);
    return change_new(before, &now, rules);
}

/* How many ads are touched, and how many of them are read otherwise; *ret_wrong: of the others. */
static void compare(struct lab *lab, const struct rule_set *now, size_t *io_touched,
                    size_t *io_other, size_t *io_wrong)
{
    CLEANUP(change_free) struct change *change = change_to(lab, &lab->before, now);
    CLEANUP(extractor_close) struct extractor *is = NULL;
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    struct diag d = { 0 };

    CHECK(change != NULL);
    CHECK_STR(extractor_open(&is, now, &d) ? str_of(d.text) : STR(""), STR(""), 0);
    for (size_t i = 0; change && is && i < lab->texts.n; i++) {
        struct str next = lab->texts.items[pick(lab, lab->texts.n)];
        struct listing l = { .title = STR("MLOps Engineer"), .company = STR("Kaveri Studios") };
        bool touched, other;

        arena_reset(&page);
        l.text = str_printf(&page, "Requirements:\n- " STR_FMT "\n- " STR_FMT "\n",
                            STR_ARG(lab->texts.items[i]), STR_ARG(next));
        touched = change_touches(change, &l, &page);
        other = !str_eq(read_as(lab->was, &l, &page), read_as(is, &l, &page));
        *io_touched += touched;
        *io_other += touched && other;
        *io_wrong += !touched && other;
    }
}

static void an_ad_without_a_word_of_what_changed_is_read_as_it_was(void **state)
{
    struct lab lab;
    size_t touched = 0, other = 0, wrong = 0;

    (void)state;
    if (!set_up_lab(&lab))
        return;
    for (int i = 0; i < CHANGES; i++) {
        struct rule_set now = changed_rules(&lab);

        compare(&lab, &now, &touched, &other, &wrong);
    }
    printf("%zu of %zu ads touched, %zu read otherwise\n", touched, CHANGES * lab.texts.n, other);
    CHECK(wrong == 0);
    CHECK(other > 100 && touched >= other && touched < CHANGES * lab.texts.n / 2);
    tear_down_lab(&lab);
}

static void other_rules_than_those_of_skills_touch_all(void **state)
{
    struct lab lab;
    struct rule_marks none = { 0 };
    struct rule_set fewer;

    (void)state;
    if (!set_up_lab(&lab))
        return;
    fewer = lab.config.rules;
    fewer.titles.n--;
    CHECK(!change_to(&lab, &lab.before, &fewer));
    CHECK(!change_to(&lab, &none, &lab.config.rules));
    tear_down_lab(&lab);
}

static void the_same_rules_touch_nothing(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct change *same;
    struct lab lab;

    (void)state;
    if (!set_up_lab(&lab))
        return;
    same = change_to(&lab, &lab.before, &lab.config.rules);
    CHECK(same && !change_touches(same, &(struct listing){ .text = STR("Python") }, &a));
    change_free(&same);
    tear_down_lab(&lab);
}

RUN_TESTS(TEST(an_ad_without_a_word_of_what_changed_is_read_as_it_was),
          TEST(other_rules_than_those_of_skills_touch_all), TEST(the_same_rules_touch_nothing))
