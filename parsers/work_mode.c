#include "parsers/work_mode.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/follow.h"
#include "parsers/pattern.h"

enum says { SAYS_UNLESS, SAYS_POLICY, SAYS_ROLE, SAYS_LABEL, SAYS_DAYS, SAYS_TITLE };

static const char *const says_names[] = { "unless", "policy", "role", "label", "days", "title" };

struct compiled {
    const struct mode_rule *rule;
    char *name; /* the rule's id, NUL-terminated: evidence keeps it */
    struct pattern *regex;
    struct follow *follow; /* of each of the rule's finds */
    enum work_mode mode;
    enum says says;
};

struct modes {
    struct compiled *rules;
    size_t n;
};

void modes_free(struct modes **m)
{
    if (!*m)
        return;
    for (size_t i = 0; i < (*m)->n; i++) {
        free((*m)->rules[i].name);
        pattern_free(&(*m)->rules[i].regex);
        free((*m)->rules[i].follow);
    }
    free((*m)->rules);
    free(*m);
    *m = NULL;
}

static int compile(struct compiled *c, const struct mode_rule *r, struct diag *d)
{
    size_t k = 0;

    while (k < ARRAY_LEN(says_names) && !str_eq(r->says, str_of(says_names[k])))
        k++;
    if (k == ARRAY_LEN(says_names))
        return diag_blame(d, ERR_CONFIG, r->says.p, "mode " STR_FMT ": no such says: " STR_FMT,
                          STR_ARG(r->id), STR_ARG(r->says));
    if (k != SAYS_UNLESS && !work_mode_parse(r->mode, &c->mode))
        return diag_blame(d, ERR_CONFIG, r->id.p, "mode " STR_FMT ": no such mode: " STR_FMT,
                          STR_ARG(r->id), STR_ARG(r->mode));
    if (!r->yes.n || !r->no.n)
        return diag_blame(d, ERR_CONFIG, r->id.p, "mode " STR_FMT ": needs yes: and no: sentences",
                          STR_ARG(r->id));
    if (!r->regex.n != !r->find.n)
        return diag_blame(d, ERR_CONFIG, r->id.p,
                          "mode " STR_FMT ": regex and find need each other", STR_ARG(r->id));
    c->rule = r;
    c->says = (enum says)k;
    c->name = strndup(r->id.p, r->id.n);
    if (!c->name)
        out_of_memory();
    if (!r->regex.n)
        return 0;
    c->follow = follow_new(r->regex, &r->find);
    return pattern_compile(&c->regex, r->regex, PATTERN_ANCHORED, d);
}

int modes_compile(struct modes **ret, const struct mode_rule *rules, size_t n, struct diag *d)
{
    CLEANUP(modes_free) struct modes *m = calloc(1, sizeof(*m));

    if (!m || !(m->rules = calloc(n + 1, sizeof(*m->rules))))
        out_of_memory();
    m->n = n;
    for (size_t i = 0; i < n; i++) {
        int err = compile(&m->rules[i], &rules[i], d);

        if (err)
            return err;
    }
    *ret = m;
    m = NULL;
    return 0;
}

int modes_add_words(const struct modes *m, struct arena *a, struct words *to, struct diag *d)
{
    int err = 0;

    for (uint32_t i = 0; i < m->n && !err; i++) {
        const struct mode_rule *r = m->rules[i].rule;

        for (size_t k = 0; k < r->aliases.n && !err; k++)
            err = words_add(a, to, r->aliases.items[k], WORD_MODE, i, 0, d);
        for (size_t k = 0; k < r->find.n && !err; k++)
            err = words_add(a, to, r->find.items[k], WORD_MODE_FIND, i, (uint16_t)k, d);
    }
    return err;
}

/* The hit's rule; NULL: its regex does not match there. *ret_end: where what it says ends. */
static const struct compiled *rule_of(const struct modes *m, struct str text,
                                      const struct word_hit *h, uint32_t *ret_end)
{
    struct pattern_match match;
    const struct compiled *c = &m->rules[h->use.owner];

    *ret_end = h->end;
    if (h->use.kind == WORD_MODE)
        return c;
    /* One that costs too much finds nothing. */
    if (!follow_may(&c->follow[h->use.part], text.p + h->start)
        || pattern_find(c->regex, text, h->start, &match, NULL) != PATTERN_FOUND)
        return NULL;
    *ret_end = match.end;
    return c;
}

bool modes_has(const struct modes *m, const struct text_words *t, uint32_t rule)
{
    const struct word_hits *hits = &t->hits[LIST_MODES];
    uint32_t end;

    for (size_t i = 0; i < hits->n; i++)
        if (rule_of(m, t->copy.text, &hits->items[i], &end) == &m->rules[rule])
            return true;
    return false;
}

/* Which of two as firm counts. */
static bool outdoes(enum work_mode a, enum work_mode b, enum mode_force force)
{
    static const enum work_mode open[] = { MODE_REMOTE, MODE_HYBRID, MODE_ONSITE };
    static const enum work_mode bound[] = { MODE_HYBRID, MODE_REMOTE, MODE_ONSITE };
    bool mixed = force == MODE_SAID_POLICY || force == MODE_SAID_DAYS;
    const enum work_mode *order = mixed ? bound : open;

    for (size_t i = 0; i < ARRAY_LEN(open); i++)
        if (order[i] == a || order[i] == b)
            return order[i] == a && a != b;
    return false;
}

static void keep(struct mode_said *best, struct mode_said now)
{
    if (now.force > best->force
        || (now.force == best->force && outdoes(now.mode, best->mode, now.force)))
        *best = now;
}

/* Whether the hit's rule is one that says this. */
static bool says(const struct modes *m, const struct word_hit *h, enum says what)
{
    return m->rules[h->use.owner].says == what;
}

/* Whether one of its words says that the sentence is not about this job. */
static bool is_excused(const struct modes *m, const struct text_words *t, size_t from,
                       struct str_span sentence)
{
    const struct word_hits *hits = &t->hits[LIST_MODES];
    uint32_t end;

    for (size_t i = from; i < hits->n && hits->items[i].start < sentence.end; i++)
        if (says(m, &hits->items[i], SAYS_UNLESS)
            && rule_of(m, t->copy.text, &hits->items[i], &end))
            return true;
    return false;
}

struct mode_said modes_of_text(const struct modes *m, const struct text_words *t)
{
    const struct word_hits *hits = &t->hits[LIST_MODES];
    struct mode_said best = { 0 };
    struct str_span sentence = { 0, 0 }; /* judged last */
    bool excused = false;

    for (size_t i = 0, first = 0; i < hits->n; i++) {
        const struct word_hit *h = &hits->items[i];
        const struct compiled *c;
        uint32_t end;

        if (says(m, h, SAYS_UNLESS) || says(m, h, SAYS_TITLE))
            continue;
        c = rule_of(m, t->copy.text, h, &end);
        if (!c)
            continue;
        if (h->start >= sentence.end) {
            sentence = words_sentence_among(&t->ends, t->copy.text, h->start, h->start);
            while (hits->items[first].start < sentence.start)
                first++;
            excused = is_excused(m, t, first, sentence);
        }
        if (!excused)
            keep(&best,
                 (struct mode_said){ c->mode, (enum mode_force)c->says, h->start, end, c->name });
    }
    return best;
}

struct mode_said modes_of_title(const struct modes *m, const struct text_words *t)
{
    const struct word_hits *hits = &t->hits[LIST_MODES];
    struct mode_said best = { 0 };

    for (size_t i = 0; i < hits->n; i++) {
        const struct word_hit *h = &hits->items[i];
        const struct compiled *c;
        uint32_t end;

        c = says(m, h, SAYS_TITLE) ? rule_of(m, t->copy.text, h, &end) : NULL;
        if (c)
            keep(&best, (struct mode_said){ c->mode, MODE_SAID_LABEL, h->start, end, c->name });
    }
    return best;
}
