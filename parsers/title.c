#include "parsers/title.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/pattern.h"
#include "parsers/starts.h"

/* What a rule says, in the order in which it is asked for. */
enum mark {
    MARK_VETO_ALL,
    MARK_EXPLICIT,
    MARK_CORE,
    MARK_PLATFORM,
    MARK_ADJACENT,
    MARK_VETO,
    MARK_SOFTEN,
    MARK_BY_TEXT,
    MARK_UNGRADED,
    MARK_EITHER,
    MARK_LEVEL,
    MARK_TRACK,
    MARK_COUNT
};

static const struct {
    const char *kind;
    enum mark mark;
    int value; /* enum level or enum track */
} kinds[] = {
    { "veto_all", MARK_VETO_ALL, 0 },
    { "explicit", MARK_EXPLICIT, 0 },
    { "core", MARK_CORE, 0 },
    { "platform", MARK_PLATFORM, 0 },
    { "adjacent", MARK_ADJACENT, 0 },
    { "veto", MARK_VETO, 0 },
    { "soften", MARK_SOFTEN, 0 },
    { "by_text", MARK_BY_TEXT, 0 },
    { "ungraded", MARK_UNGRADED, 0 },
    { "either", MARK_EITHER, 0 },
    { "intern", MARK_LEVEL, LEVEL_INTERN },
    { "junior", MARK_LEVEL, LEVEL_JUNIOR },
    { "mid", MARK_LEVEL, LEVEL_MID },
    { "senior", MARK_LEVEL, LEVEL_SENIOR },
    { "lead", MARK_LEVEL, LEVEL_LEAD },
    { "ml-platform", MARK_TRACK, TRACK_ML_PLATFORM },
    { "ml-reliability", MARK_TRACK, TRACK_ML_RELIABILITY },
    { "llm-infra", MARK_TRACK, TRACK_LLM_INFRA },
};

struct compiled {
    const struct title_rule *rule;
    const char *name; /* the rule's id, NUL-terminated: evidence keeps it */
    struct starts regex;
    struct pattern *unless; /* NULL where the rule has none */
    enum mark mark;
    int value;
};

struct titles {
    struct compiled *rules; /* sorted */
    size_t n;
    size_t first[MARK_COUNT + 1]; /* of the rules of each mark */
};

void titles_free(struct titles **t)
{
    if (!*t)
        return;
    for (size_t i = 0; i < (*t)->n; i++) {
        free((char *)(uintptr_t)(*t)->rules[i].name);
        starts_release(&(*t)->rules[i].regex);
        pattern_free(&(*t)->rules[i].unless);
    }
    free((*t)->rules);
    free(*t);
    *t = NULL;
}

static int compile(struct compiled *c, const struct title_rule *rule, struct diag *d)
{
    size_t k = 0;
    int err;

    while (k < ARRAY_LEN(kinds) && !str_eq(rule->kind, str_of(kinds[k].kind)))
        k++;
    if (k == ARRAY_LEN(kinds))
        return diag_blame(d, ERR_CONFIG, rule->kind.p,
                          "title rule " STR_FMT ": no such kind: " STR_FMT, STR_ARG(rule->id),
                          STR_ARG(rule->kind));
    if (!rule->yes.n || !rule->no.n)
        return diag_blame(d, ERR_CONFIG, rule->id.p,
                          "title rule " STR_FMT ": needs yes: and no: sentences",
                          STR_ARG(rule->id));
    err = starts_compile(&c->regex, rule->regex, d);
    if (!err && rule->unless.n)
        err = pattern_compile(&c->unless, rule->unless, 0, d);
    if (err)
        return err;
    c->rule = rule;
    c->name = strndup(rule->id.p, rule->id.n);
    if (!c->name)
        out_of_memory();
    c->mark = kinds[k].mark;
    c->value = kinds[k].value;
    return 0;
}

/* Whether rule `a` is asked before rule `b`, which was given before it. */
static bool overtakes(const struct compiled *a, const struct compiled *b)
{
    return a->mark < b->mark
           || (a->mark == b->mark && a->mark == MARK_LEVEL && a->value > b->value);
}

/* Mark by mark, a level's from the highest down, else as they were given. */
static void sort(struct titles *t)
{
    for (size_t i = 1; i < t->n; i++) {
        struct compiled c = t->rules[i];
        size_t k = i;

        for (; k > 0 && overtakes(&c, &t->rules[k - 1]); k--)
            t->rules[k] = t->rules[k - 1];
        t->rules[k] = c;
    }
    for (size_t i = 0, mark = 0; mark <= MARK_COUNT; mark++) {
        while (i < t->n && t->rules[i].mark < mark)
            i++;
        t->first[mark] = i;
    }
}

int titles_compile(struct titles **ret, const struct title_rule *rules, size_t n, struct diag *d)
{
    CLEANUP(titles_free) struct titles *t = calloc(1, sizeof(*t));
    int err;

    if (!t || !(t->rules = calloc(n ? n : 1, sizeof(*t->rules))))
        out_of_memory();
    for (t->n = 0; t->n < n; t->n++) {
        err = compile(&t->rules[t->n], &rules[t->n], d);
        if (err)
            return err;
    }
    sort(t);
    *ret = t;
    t = NULL;
    return 0;
}

static int stands(const struct compiled *c, const struct starts_text *title,
                  struct pattern_match *ret, struct diag *d)
{
    struct pattern_match m;
    int found = starts_find(&c->regex, title, ret, d), undone;

    if (found <= 0 || !c->unless)
        return found;
    undone = pattern_find(c->unless, title->text, 0, &m, d);
    return undone < 0 ? undone : !undone;
}

static int prove_side(const struct compiled *c, const struct strs *sentences, bool want,
                      struct diag *d)
{
    struct starts_text title;
    struct pattern_match m;

    for (size_t i = 0; i < sentences->n; i++) {
        starts_read(sentences->items[i], &title);
        if ((stands(c, &title, &m, d) > 0) != want)
            return diag_blame(d, ERR_CONFIG, sentences->items[i].p, "title rule %s: %s: " STR_FMT,
                              c->name,
                              want ? "not found in its yes: sentence" : "found in its no: sentence",
                              STR_ARG(sentences->items[i]));
    }
    return 0;
}

int titles_prove(const struct titles *t, size_t *ret_n, struct diag *d)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct compiled *c = &t->rules[i];
        int err = prove_side(c, &c->rule->yes, true, d);

        if (!err)
            err = prove_side(c, &c->rule->no, false, d);
        if (err)
            return err;
        *ret_n += c->rule->yes.n + c->rule->no.n;
    }
    return 0;
}

/* A title that is being read: what was asked of it, and what stands in it. */
struct reader {
    const struct titles *rules;
    struct starts_text title;
    struct evidence from; /* of the mark that was found last */
    int value;
    int err;
    struct diag *d;
};

/* Whether a rule of this mark stands in the title: of a level's the highest, else the first. Only
 * what decides is asked: most of a title's cost is in the rules that do not match. */
static bool has(struct reader *r, enum mark mark)
{
    for (size_t i = r->rules->first[mark]; i < r->rules->first[mark + 1] && !r->err; i++) {
        const struct compiled *c = &r->rules->rules[i];
        struct pattern_match m;
        int found = stands(c, &r->title, &m, r->d);

        if (found < 0)
            r->err = found;
        if (found <= 0)
            continue;
        r->from = (struct evidence){ FIELD_TITLE, m.start, m.end, CONFIDENCE_HIGH, c->name };
        r->value = c->value;
        return true;
    }
    return false;
}

/* A core role, unless a mark beside it softens that. */
static enum family core_or_softened(struct reader *r, enum confidence confidence)
{
    struct evidence core = r->from;
    bool soft = has(r, MARK_SOFTEN);

    if (!soft)
        r->from = core;
    r->from.confidence = soft ? CONFIDENCE_MEDIUM : confidence;
    return soft ? FAMILY_ADJACENT : FAMILY_CORE;
}

/* Which the text may make core, unless a mark softens it. */
static enum family adjacent(struct reader *r)
{
    struct evidence from = r->from;

    if (has(r, MARK_SOFTEN))
        from.confidence = CONFIDENCE_MEDIUM;
    r->from = from;
    return FAMILY_ADJACENT;
}

static enum family family_of(struct reader *r)
{
    if (has(r, MARK_VETO_ALL))
        return FAMILY_NO;
    if (has(r, MARK_EXPLICIT))
        return core_or_softened(r, CONFIDENCE_HIGH);
    if (has(r, MARK_VETO))
        return FAMILY_NO;
    if (has(r, MARK_CORE))
        return core_or_softened(r, CONFIDENCE_MEDIUM);
    if (has(r, MARK_PLATFORM))
        return core_or_softened(r, CONFIDENCE_LOW);
    if (has(r, MARK_ADJACENT))
        return adjacent(r);
    if (has(r, MARK_BY_TEXT)) {
        r->from.confidence = CONFIDENCE_LOW;
        return FAMILY_NO;
    }
    r->from = (struct evidence){ .field = FIELD_TITLE,
                                 .confidence = CONFIDENCE_MEDIUM,
                                 .rule = "no mark in the title" };
    return FAMILY_NO;
}

/* The lowest level of the parts that "or" joins ("Senior/Lead Engineer"): who has that may come.
 * Leaves the last part in the reader. */
static void read_level(struct reader *r, struct str title, struct title_reading *io)
{
    size_t at = 0;
    bool more = !has(r, MARK_UNGRADED);

    if (!more)
        io->level_from = r->from;
    while (more) {
        struct str rest = str_from(title, at);
        size_t next = at;

        starts_read(rest, &r->title);
        more = has(r, MARK_EITHER);
        if (more) {
            next += r->from.end;
            rest.n = r->from.start;
            starts_read(rest, &r->title);
        }
        if (has(r, MARK_LEVEL) && (!io->level || (enum level)r->value < io->level)) {
            io->level = (enum level)r->value;
            io->level_from = r->from;
            io->level_from.start += at;
            io->level_from.end += at;
        }
        at = next;
    }
}

int title_read(const struct titles *t, struct str title, struct title_reading *ret, struct diag *d)
{
    struct reader r = { .rules = t, .d = d };

    *ret = (struct title_reading){ .level_from = { .field = FIELD_TITLE,
                                                   .rule = "no mark in the title" } };
    starts_read(title, &r.title);
    ret->family = family_of(&r);
    ret->family_from = r.from;
    if (ret->family == FAMILY_CORE && has(&r, MARK_TRACK))
        ret->track = (enum track)r.value;
    read_level(&r, title, ret);
    return r.err;
}
