#include "parsers/title.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "parsers/pattern.h"

enum { TITLE_MAX = 400 }; /* bytes of a title that are read; longer ones are whole adverts */

/* What a rule says, in the order in which it is asked for. */
enum mark {
    MARK_VETO_ALL,
    MARK_EXPLICIT,
    MARK_CORE,
    MARK_ADJACENT,
    MARK_VETO,
    MARK_SOFTEN,
    MARK_BY_TEXT,
    MARK_LEVEL,
    MARK_TRACK
};

static const struct {
    const char *kind;
    enum mark mark;
    int value; /* enum level or enum track */
} kinds[] = {
    { "veto_all", MARK_VETO_ALL, 0 },
    { "explicit", MARK_EXPLICIT, 0 },
    { "core", MARK_CORE, 0 },
    { "adjacent", MARK_ADJACENT, 0 },
    { "veto", MARK_VETO, 0 },
    { "soften", MARK_SOFTEN, 0 },
    { "by_text", MARK_BY_TEXT, 0 },
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
    const char *name;                 /* the rule's id, NUL-terminated: evidence keeps it */
    struct pattern *pattern, *unless; /* unless: NULL where the rule has none */
    enum mark mark;
    int value;
};

struct titles {
    struct compiled *rules;
    size_t n;
};

void titles_free(struct titles **t)
{
    if (!*t)
        return;
    for (size_t i = 0; i < (*t)->n; i++) {
        free((char *)(uintptr_t)(*t)->rules[i].name);
        pattern_free(&(*t)->rules[i].pattern);
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
    err = pattern_compile(&c->pattern, rule->regex, 0, d);
    if (!err && rule->unless.n)
        err = pattern_compile(&c->unless, rule->unless, 0, d);
    if (err)
        return err;
    c->rule = rule;
    c->name = strndup(rule->id.p, rule->id.n);
    if (!c->name)
        abort();
    c->mark = kinds[k].mark;
    c->value = kinds[k].value;
    return 0;
}

int titles_compile(struct titles **ret, const struct title_rule *rules, size_t n, struct diag *d)
{
    CLEANUP(titles_free) struct titles *t = calloc(1, sizeof(*t));
    int err;

    if (!t || !(t->rules = calloc(n ? n : 1, sizeof(*t->rules))))
        abort();
    for (t->n = 0; t->n < n; t->n++) {
        err = compile(&t->rules[t->n], &rules[t->n], d);
        if (err)
            return err;
    }
    *ret = t;
    t = NULL;
    return 0;
}

static int stands(const struct compiled *c, struct str title, struct pattern_match *ret,
                  struct diag *d)
{
    struct pattern_match m;
    int found = pattern_find(c->pattern, title, 0, ret, d), undone;

    if (found <= 0 || !c->unless)
        return found;
    undone = pattern_find(c->unless, title, 0, &m, d);
    return undone < 0 ? undone : !undone;
}

static int prove_side(const struct compiled *c, const struct strs *sentences, bool want,
                      struct diag *d)
{
    struct pattern_match m;

    for (size_t i = 0; i < sentences->n; i++)
        if ((stands(c, sentences->items[i], &m, d) > 0) != want)
            return diag_blame(d, ERR_CONFIG, sentences->items[i].p, "title rule %s: %s: " STR_FMT,
                              c->name,
                              want ? "not found in its yes: sentence" : "found in its no: sentence",
                              STR_ARG(sentences->items[i]));
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

static struct evidence evidence_of(const struct compiled *c, const struct pattern_match *m,
                                   enum confidence confidence)
{
    return (struct evidence){ FIELD_TITLE, m->start, m->end, confidence, c->name };
}

/* The first match of each mark; level and track are settled on the way. */
struct marks {
    struct evidence first[MARK_TRACK + 1];
    bool has[MARK_TRACK + 1];
};

static void note(struct marks *marks, struct title_reading *ret, const struct compiled *c,
                 const struct pattern_match *m)
{
    if (c->mark == MARK_LEVEL) {
        if ((int)ret->level >= c->value)
            return;
        ret->level = (enum level)c->value;
        ret->level_from = evidence_of(c, m, CONFIDENCE_HIGH);
        return;
    }
    if (marks->has[c->mark])
        return;
    marks->has[c->mark] = true;
    marks->first[c->mark] = evidence_of(c, m, CONFIDENCE_HIGH);
    if (c->mark == MARK_TRACK)
        ret->track = (enum track)c->value;
}

static void settle(const struct marks *marks, struct title_reading *ret)
{
    enum mark by = MARK_ADJACENT;

    ret->family = FAMILY_NO;
    if (marks->has[MARK_VETO_ALL]) {
        by = MARK_VETO_ALL;
    } else if (marks->has[MARK_EXPLICIT]) {
        by = marks->has[MARK_SOFTEN] ? MARK_SOFTEN : MARK_EXPLICIT;
        ret->family = marks->has[MARK_SOFTEN] ? FAMILY_ADJACENT : FAMILY_CORE;
    } else if (marks->has[MARK_VETO]) {
        by = MARK_VETO;
    } else if (marks->has[MARK_CORE]) {
        by = marks->has[MARK_SOFTEN] ? MARK_SOFTEN : MARK_CORE;
        ret->family = marks->has[MARK_SOFTEN] ? FAMILY_ADJACENT : FAMILY_CORE;
    } else if (marks->has[MARK_ADJACENT]) {
        ret->family = FAMILY_ADJACENT;
    } else {
        by = MARK_BY_TEXT;
    }
    ret->family_from = marks->has[by] ? marks->first[by]
                                      : (struct evidence){ .field = FIELD_TITLE,
                                                           .confidence = CONFIDENCE_MEDIUM,
                                                           .rule = "no mark in the title" };
    if (by == MARK_SOFTEN || by == MARK_CORE || (by == MARK_ADJACENT && marks->has[MARK_SOFTEN]))
        ret->family_from.confidence = CONFIDENCE_MEDIUM;
    else if (by == MARK_BY_TEXT && marks->has[by])
        ret->family_from.confidence = CONFIDENCE_LOW;
    if (ret->family != FAMILY_CORE)
        ret->track = TRACK_NONE;
}

int title_read(const struct titles *t, struct str title, struct title_reading *ret, struct diag *d)
{
    struct marks marks = { 0 };

    title = str_slice(title, 0, TITLE_MAX);
    *ret = (struct title_reading){ .level_from = { .field = FIELD_TITLE,
                                                   .rule = "no mark in the title" } };
    for (size_t i = 0; i < t->n; i++) {
        struct pattern_match m;
        int found = stands(&t->rules[i], title, &m, d);

        if (found < 0)
            return found;
        if (found)
            note(&marks, ret, &t->rules[i], &m);
    }
    settle(&marks, ret);
    return 0;
}
