#include "parsers/work.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/arena.h"

enum group_kind {
    GROUP_RUNS,
    GROUP_NAMES,
    GROUP_PLATFORM,
    GROUP_MAKES,
    GROUP_TRAINS,
    GROUP_ELSEWHERE
};

static const char *const kinds[] = { "runs", "names", "platform", "makes", "trains", "elsewhere" };

enum { GROUPS_MAX = 32 }; /* one bit each */

/* What is said less often is said by the way: with two kinds and one tool, however rarely named, as
 * TAXONOMY 6 proposes, fewer than half of the promoted ads are core roles. A share of what is asked
 * tells a platform's own team from one that also serves it. */
enum { KINDS_MIN = 2, MANY_KINDS = 4, TOOLS_MIN = 2, RUN_MIN = 3, NAMED_SHARE = 8 };
enum { APART_MIN = 3, MADE_MIN = 5, MADE_TIMES = 3, ASKED_MIN = 6 };

struct work {
    enum group_kind kind[GROUPS_MAX];
    uint32_t *groups; /* of each skill */
    size_t n_skills;
};

void work_free(struct work **w)
{
    if (!*w)
        return;
    free((*w)->groups);
    free(*w);
    *w = NULL;
}

static int compile(struct work *w, const struct work_rule *r, size_t i, const struct skills *skills,
                   struct diag *d)
{
    size_t kind = 0;

    while (kind < ARRAY_LEN(kinds) && !str_eq(r->kind, str_of(kinds[kind])))
        kind++;
    if (i == GROUPS_MAX || kind == ARRAY_LEN(kinds))
        return diag_blame(d, ERR_CONFIG, r->id.p, "work " STR_FMT ": %s", STR_ARG(r->id),
                          i == GROUPS_MAX ? "more rules than 32" : "no such kind");
    w->kind[i] = (enum group_kind)kind;
    for (size_t k = 0; k < r->skills.n; k++) {
        int64_t skill = skills_index(skills, r->skills.items[k]);

        if (skill < 0)
            return diag_blame(d, ERR_CONFIG, r->skills.items[k].p,
                              "work " STR_FMT ": no skill " STR_FMT, STR_ARG(r->id),
                              STR_ARG(r->skills.items[k]));
        w->groups[skill] |= UINT32_C(1) << i;
    }
    return 0;
}

int work_compile(struct work **ret, const struct work_rule *rules, size_t n,
                 const struct skills *skills, size_t n_skills, struct diag *d)
{
    struct work *w = calloc(1, sizeof(*w));

    if (!w)
        out_of_memory();
    w->n_skills = n_skills;
    w->groups = calloc(w->n_skills + 1, sizeof(*w->groups));
    if (!w->groups)
        out_of_memory();
    for (size_t i = 0; i < n; i++) {
        int err = compile(w, &rules[i], i, skills, d);

        if (err) {
            work_free(&w);
            return err;
        }
    }
    *ret = w;
    return 0;
}

/* The first of the groups, of which there is one. */
static unsigned lowest(uint32_t groups)
{
    return (unsigned)__builtin_ctz(groups);
}

static void count(struct work_read *r, enum group_kind kind)
{
    r->run += kind == GROUP_RUNS || kind == GROUP_NAMES;
    r->named += kind == GROUP_NAMES;
    r->made += kind == GROUP_MAKES;
    r->apart += kind == GROUP_ELSEWHERE;
}

/* An alias and a regex may both find the same words. */
static bool said_before(const struct signal *s, size_t i)
{
    const struct mention *m = &s->mentions[i], *last = m - 1;

    return i && last->skill == m->skill && last->field == m->field && last->start <= m->start
           && m->start < last->end;
}

/* What a title names says nothing of its text. */
static bool in_words(const struct mention *m)
{
    return m->field == FIELD_TEXT && polarity_demands(m->polarity);
}

static bool of_the_field(const struct work *w, uint32_t groups)
{
    for (; groups; groups &= groups - 1) {
        enum group_kind kind = w->kind[lowest(groups)];

        if (kind == GROUP_RUNS || kind == GROUP_NAMES || kind == GROUP_TRAINS)
            return true;
    }
    return false;
}

struct work_read work_read(const struct work *w, const struct signal *s)
{
    struct work_read r = { 0 };
    uint32_t seen = 0;

    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        if (m->implied || m->skill >= w->n_skills || said_before(s, i))
            continue;
        r.said = r.said || (in_words(m) && of_the_field(w, w->groups[m->skill]));
        if (m->polarity != POLARITY_REQUIRED && m->polarity != POLARITY_DUTY)
            continue;
        r.asked++;
        seen |= w->groups[m->skill];
        for (uint32_t left = w->groups[m->skill]; left; left &= left - 1)
            count(&r, w->kind[lowest(left)]);
    }
    for (; seen; seen &= seen - 1) {
        enum group_kind kind = w->kind[lowest(seen)];

        r.runs += kind == GROUP_RUNS || kind == GROUP_NAMES;
        r.stands_on += kind == GROUP_PLATFORM;
    }
    return r;
}

bool work_is_core(const struct work_read *r)
{
    if (r->stands_on && r->runs >= MANY_KINDS && r->run >= 2 * r->made)
        return true;
    return r->stands_on >= TOOLS_MIN && r->run >= RUN_MIN && r->run >= r->made
           && (r->runs >= KINDS_MIN || r->named * NAMED_SHARE >= r->asked);
}

bool work_is_apart(const struct work_read *r)
{
    return r->apart >= APART_MIN && r->apart > r->run;
}

bool work_is_unsaid(const struct work_read *r)
{
    return r->asked >= ASKED_MIN && !r->said;
}

bool work_makes(const struct work_read *r)
{
    return r->made >= MADE_MIN && r->made > r->run * MADE_TIMES && r->runs < KINDS_MIN
           && !r->stands_on;
}

bool work_is_adjacent(const struct work_read *r)
{
    return r->run || r->made;
}
