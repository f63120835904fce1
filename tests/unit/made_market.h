#ifndef TESTS_UNIT_MADE_MARKET_H
#define TESTS_UNIT_MADE_MARKET_H

#include "core/arena.h"
#include "core/cleanup.h"
#include "market_facts.h"
#include "test.h"

/* A market made opening by opening, for tests of figures that ask no store. */

enum { PYTHON, DOCKER, AWS, RAY, AI, SKILLS };
static const struct skill_view skills[SKILLS] = {
    [PYTHON] = { .id = STR("python") },
    [DOCKER] = { .id = STR("docker") },
    [AWS] = { .id = STR("aws") },
    [RAY] = { .id = STR("ray") },
    [AI] = { .id = STR("ai"), .generic = true },
};

/* A market being made: postings of many employers, each a job of its own. */
struct made {
    struct arena a;
    struct {
        const struct posting_fact **items;
        size_t n, cap;
    } facts;
};

static inline struct posting_fact *hire(struct made *m, int employer, int stage)
{
    struct posting_fact *f = ARENA_NEW(&m->a, struct posting_fact, 1);
    struct str name = str_printf(&m->a, "Employer %02d", employer);
    int64_t id = (int64_t)m->facts.n + 1;

    *f = fact_of(id, &(struct fact_row){ .source = "jobs:all", .id = "", .text = (uint64_t)id });
    f->native_id = str_printf(&m->a, "%d", (int)id);
    f->requisition = str_printf(&m->a, "R-%d", (int)id);
    f->company = name;
    f->signal.stage = stage;
    *ARENA_PUSH(&m->a, &m->facts) = f;
    return f;
}

static inline void say(struct made *m, struct posting_fact *f, uint32_t skill, enum polarity p,
                       bool implied)
{
    struct mention *grown = ARENA_NEW(&m->a, struct mention, f->signal.n_mentions + 1);

    for (size_t i = 0; i < f->signal.n_mentions; i++)
        grown[i] = f->signal.mentions[i];
    grown[f->signal.n_mentions++] =
        (struct mention){ .skill = skill, .polarity = p, .implied = implied };
    f->signal.mentions = grown;
}

static inline void pays(struct posting_fact *f, int64_t low, int64_t high)
{
    f->signal.pay =
        (struct pay){ .annual_min = low, .annual_max = high, .currency = "INR", .kind = PAY_CTC };
}

static inline struct market market_of(const struct made *m, const struct roadmap_view *roadmap,
                                      struct arena *a)
{
    struct market ret;
    struct market_in in = {
        .facts = m->facts.items,
        .n_facts = m->facts.n,
        .at = FACT_NOW,
        .roadmap = roadmap,
        .skills = skills,
        .n_skills = SKILLS,
    };

    in.n_sources = fact_sources(&in.sources);
    market_build(&ret, &in, a);
    return ret;
}

static inline void release(struct made *m)
{
    arena_free(&m->a);
}

/* Stage 1 teaches Python, stage 2 Docker and something that no rule knows. */
static struct str first_skills[] = { STR("python") };
static struct str second_skills[] = { STR("docker"), STR("nobody-knows-it") };
static struct bullet_view first_bullet = { STR("s1.python"),
                                           STR("Python"),
                                           { first_skills, 1, 1 } };
static struct bullet_view second_bullet = { STR("s2.docker"),
                                            STR("Docker"),
                                            { second_skills, 2, 2 } };
static const struct roadmap_view two_stages = {
    .stages = { { .bullets = &first_bullet, .n_bullets = 1, .to_month = 24, .band_high = 1000000 },
                { .bullets = &second_bullet,
                  .n_bullets = 1,
                  .from_month = 24,
                  .band_low = 1000000,
                  .band_high = 2000000 } },
};

#endif
