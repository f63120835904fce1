#include "parsers/mentions.h"

#include <stdlib.h>

#include "core/arena.h"
#include "parsers/skills.h"

static int by_skill_and_strength(const void *a, const void *b)
{
    const struct mention *x = a, *y = b;

    if (x->skill != y->skill)
        return x->skill < y->skill ? -1 : 1;
    if (x->polarity != y->polarity)
        return x->polarity > y->polarity ? -1 : 1;
    if (x->field != y->field)
        return x->field == FIELD_TEXT ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

enum { FEW = 64 }; /* mentions, which most ads have: sorted as soon without qsort() */

void mentions_sort(struct mentions *m, size_t sorted)
{
    if (m->n - sorted > FEW) {
        qsort(m->items, m->n, sizeof(*m->items), by_skill_and_strength);
        return;
    }
    for (size_t i = sorted ? sorted : 1; i < m->n; i++) {
        struct mention c = m->items[i];
        size_t k = i;

        for (; k > 0 && by_skill_and_strength(&c, &m->items[k - 1]) < 0; k--)
            m->items[k] = m->items[k - 1];
        m->items[k] = c;
    }
}

/* A skill that others imply, and the strongest mention of one of them. */
struct implied {
    uint32_t skill;
    const struct mention *by;
};

struct implied_list {
    struct implied *items;
    size_t n, cap;
};

/* Few are implied in one ad: they are looked for one by one. */
static void imply(struct arena *a, struct implied_list *to, uint32_t skill,
                  const struct mention *by)
{
    size_t i = 0;

    while (i < to->n && to->items[i].skill != skill)
        i++;
    if (i == to->n)
        *ARENA_PUSH(a, to) = (struct implied){ skill, by };
    else if (to->items[i].by->polarity < by->polarity)
        to->items[i].by = by;
}

void mentions_add_implied(const struct skills *s, size_t n_skills, struct arena *a,
                          struct mentions *m)
{
    size_t n = m->n;
    uint64_t *stated = ARENA_NEW(a, uint64_t, n_skills / 64 + 1);
    struct implied_list implied = { 0 };

    for (size_t i = 0; i < n; i++) {
        const struct mention *c = &m->items[i];

        if (c->polarity == POLARITY_NEGATED || (i && m->items[i - 1].skill == c->skill))
            continue; /* the strongest of a skill comes first */
        stated[c->skill / 64] |= UINT64_C(1) << (c->skill % 64);
        for (uint32_t k = 0; skills_next_implied(s, c->skill, &k); k++)
            imply(a, &implied, k, c);
    }
    for (size_t i = 0; i < implied.n; i++) {
        struct mention of = *implied.items[i].by;

        of.skill = implied.items[i].skill;
        of.implied = true;
        if (!(stated[of.skill / 64] >> (of.skill % 64) & 1))
            *ARENA_PUSH(a, m) = of;
    }
}
