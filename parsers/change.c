#include "parsers/change.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/table.h"
#include "core/utf8.h"
#include "parsers/sweep.h"

struct change {
    struct arena a;
    struct sweep *sweep; /* of the words of what changed; NULL: nothing did */
};

/* One of the rules of now, and what became of it. */
struct rule {
    const struct rule_mark *mark;
    const struct skill_rule *says;
    bool changed;
};

static void add_words(struct arena *a, struct words *to, const struct rule_mark *mark)
{
    struct str left = mark->words;

    while (left.n)
        *ARENA_PUSH(a, to) = (struct word){ .text = str_dup(a, str_cut(&left, '\n')) };
}

static bool implies_changed(const struct rule *rule, const struct table *now)
{
    for (size_t i = 0; i < rule->says->implies.n; i++) {
        const struct rule *implied = table_find(now, rule->says->implies.items[i]);

        if (implied && implied->changed)
            return true;
    }
    return false;
}

/* What implies a rule that changed says something else too. */
static void spread(struct rule *rules, size_t n, const struct table *now)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < n; i++)
            if (!rules[i].changed && implies_changed(&rules[i], now))
                rules[i].changed = more = true;
    }
}

/* The words of all that is not as it was. */
static void words_of_change(const struct rule_marks *before, const struct rule_marks *now,
                            const struct rule_set *set, struct arena *scratch, struct arena *a,
                            struct words *ret)
{
    struct rule *rules = ARENA_NEW(scratch, struct rule, now->n);
    struct table was = { 0 }, is = { 0 };

    for (size_t i = 1; i < before->n; i++)
        table_put(&was, scratch, before->items[i].id, &before->items[i]);
    for (size_t i = 1; i < now->n; i++) {
        const struct rule_mark *mark = &now->items[i], *old = table_find(&was, mark->id);

        rules[i] = (struct rule){ mark, &set->skills.items[i - 1],
                                  !old || !hash_eq(old->hash, mark->hash) };
        table_put(&is, scratch, mark->id, &rules[i]);
    }
    spread(rules + 1, now->n - 1, &is);
    for (size_t i = 1; i < now->n; i++)
        if (rules[i].changed)
            add_words(a, ret, rules[i].mark);
    for (size_t i = 1; i < before->n; i++) {
        const struct rule *rule = table_find(&is, before->items[i].id);

        if (!rule || rule->changed)
            add_words(a, ret, &before->items[i]);
    }
}

struct change *change_new(const struct rule_marks *before, const struct rule_marks *now,
                          const struct rule_set *rules)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct words words = { 0 };
    struct change *ret;

    if (!before->n || before->items[0].id.n || !hash_eq(before->items[0].hash, now->items[0].hash))
        return NULL;
    ret = calloc(1, sizeof(*ret));
    if (!ret)
        out_of_memory();
    words_of_change(before, now, rules, &scratch, &ret->a, &words);
    if (words.n)
        ret->sweep = sweep_new(&words);
    return ret;
}

void change_free(struct change **c)
{
    if (!*c)
        return;
    sweep_free(&(*c)->sweep);
    arena_free(&(*c)->a);
    free(*c);
    *c = NULL;
}

static bool has_word(const struct change *c, struct str text, struct arena *a)
{
    struct word_hits hits = { 0 };
    struct text_copy copy;

    text_copy_make(a, utf8_repair(a, text), &copy);
    sweep_run(c->sweep, copy.text, a, &hits);
    return hits.n;
}

bool change_touches(const struct change *c, const struct listing *l, struct arena *a)
{
    return c->sweep
           && (has_word(c, l->title, a) || has_word(c, l->company, a) || has_word(c, l->text, a));
}
