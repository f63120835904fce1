#include "parsers/extract.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/bullets.h"
#include "parsers/cues.h"
#include "parsers/fields.h"
#include "parsers/mentions.h"
#include "parsers/own_names.h"
#include "parsers/sections.h"
#include "parsers/skills.h"
#include "parsers/vintage.h"
#include "parsers/work_mode.h"

struct extractor {
    struct arena arena;   /* lives as long as the extractor */
    struct arena scratch; /* of one call */
    const struct rule_set *rules;
    struct skills *skills;
    struct cues *cues;
    struct sections *sections;
    struct bullets *bullets;
    struct fields *fields;
    struct modes *modes;
    struct words words; /* everything sought in a text */
    struct sweep *sweep;
};

static int compile(struct extractor *x, struct diag *d)
{
    const struct rule_set *r = x->rules;
    int err = 0;

    if (r->skills.n > SKILLS_MAX)
        err = diag_blame(d, ERR_LIMIT, r->skills.items[SKILLS_MAX].id.p, "more than %d skills",
                         SKILLS_MAX);
    if (!err)
        err = skills_compile(&x->skills, r->skills.items, r->skills.n, d);
    if (!err)
        err = cues_compile(&x->cues, r->cues.items, r->cues.n, d);
    if (!err)
        err = sections_compile(&x->sections, r->headings.items, r->headings.n, d);
    if (!err)
        err = bullets_compile(&x->bullets, extractor_roadmap(x), x->skills, d);
    if (!err)
        err = fields_open(&x->fields, r, x->skills, d);
    if (!err)
        err = modes_compile(&x->modes, r->modes.items, r->modes.n, d);
    if (!err)
        err = skills_add_words(x->skills, &x->arena, &x->words, d);
    if (!err)
        err = cues_add_words(x->cues, &x->arena, &x->words, d);
    if (!err)
        err = bullets_add_words(x->bullets, &x->arena, &x->words, d);
    if (!err)
        err = sections_add_words(x->sections, &x->arena, &x->words, d);
    if (!err)
        err = modes_add_words(x->modes, &x->arena, &x->words, d);
    return err;
}

int extractor_open(struct extractor **ret, const struct rule_set *rules, struct diag *d)
{
    struct extractor *x = calloc(1, sizeof(*x));
    int err;

    if (!x)
        out_of_memory();
    x->rules = rules;
    err = compile(x, d);
    if (err) {
        extractor_close(&x);
        return err;
    }
    x->sweep = sweep_new(&x->words);
    *ret = x;
    return 0;
}

void extractor_close(struct extractor **x)
{
    if (!*x)
        return;
    sweep_free(&(*x)->sweep);
    fields_close(&(*x)->fields);
    modes_free(&(*x)->modes);
    bullets_free(&(*x)->bullets);
    sections_free(&(*x)->sections);
    cues_free(&(*x)->cues);
    skills_free(&(*x)->skills);
    arena_free(&(*x)->scratch);
    arena_free(&(*x)->arena);
    free(*x);
    *x = NULL;
}

struct read_text {
    struct text_words words;
    struct cue_hits cues;
    struct skill_hits skills;
};

static void read_text(struct extractor *x, struct str text, const struct strs *own,
                      struct read_text *ret, struct skill_rejects *rejects)
{
    *ret = (struct read_text){ 0 };
    words_find(x->sweep, text, &x->scratch, &ret->words);
    cues_find(x->cues, &ret->words, &x->scratch, &ret->cues);
    skills_find(x->skills, &ret->words, &ret->cues, own, &x->scratch, &ret->skills, rejects);
}

static void add_title(struct extractor *x, const struct read_text *t, struct mentions *to)
{
    for (size_t i = 0; i < t->skills.n; i++) {
        const struct skill_hit *h = &t->skills.items[i];

        *ARENA_PUSH(&x->scratch, to) = (struct mention){
            .skill = h->skill,
            .polarity = POLARITY_STACK,
            .section = SECTION_STACK,
            .field = FIELD_TITLE,
            .start = text_copy_start(&t->words.copy, h->start),
            .end = text_copy_end(&t->words.copy, h->end),
        };
    }
}

/* A way of working, said in common words, is none of the job's where an ad tells what it offers:
 * coaching, compliance, a hiring process. A name is one anywhere. */
static bool speaks_of_work(const struct extractor *x, uint32_t skill, enum section section)
{
    const struct skill_rule *rule = &x->rules->skills.items[skill];

    switch (section) {
    case SECTION_BENEFITS:
    case SECTION_EEO:
    case SECTION_PROCESS:
    case SECTION_PAY:
        return !rule->practice || rule->generic;
    case SECTION_BLURB:
    case SECTION_DUTIES:
    case SECTION_REQUIRED:
    case SECTION_PREFERRED:
    case SECTION_STACK:
    case SECTION_EDUCATION:
    case SECTION_LOCATION:
    case SECTION_TAGS:
    case SECTION_COUNT:
        break;
    }
    return true;
}

static void add_text(struct extractor *x, const struct read_text *t, const struct text_parts *parts,
                     struct mentions *to)
{
    for (size_t i = 0; i < t->skills.n; i++) {
        const struct skill_hit *h = &t->skills.items[i];
        uint32_t start = text_copy_start(&t->words.copy, h->start);
        enum section section = sections_at(parts, start)->section;

        if (!speaks_of_work(x, h->skill, section))
            continue;
        *ARENA_PUSH(&x->scratch, to) = (struct mention){
            .skill = h->skill,
            .polarity = cues_judge(t->words.copy.text, &t->cues, h->start, h->end, section),
            .section = section,
            .field = FIELD_TEXT,
            .start = start,
            .end = text_copy_end(&t->words.copy, h->end),
        };
    }
}

static void add_phrases(struct extractor *x, const struct read_text *t,
                        const struct text_parts *parts, struct said_phrases *to)
{
    const struct word_hits *hits = &t->words.hits[LIST_PHRASES];

    for (size_t i = 0; i < hits->n; i++) {
        const struct word_hit *h = &hits->items[i];
        uint32_t start = text_copy_start(&t->words.copy, h->start);

        if (cues_judge(t->words.copy.text, &t->cues, h->start, h->end,
                       sections_at(parts, start)->section)
            < POLARITY_STACK)
            continue;
        *ARENA_PUSH(&x->scratch, to) =
            (struct said_phrase){ h->use.owner, h->use.part, start,
                                  text_copy_end(&t->words.copy, h->end) };
    }
}

static struct strs repair_all(struct arena *a, const struct strs *in)
{
    struct strs out = { 0 };

    for (size_t i = 0; i < in->n; i++)
        *ARENA_PUSH(a, &out) = utf8_repair(a, in->items[i]);
    return out;
}

static struct listing repaired(struct arena *a, const struct listing *in)
{
    struct listing l = *in;

    l.title = utf8_repair(a, in->title);
    l.company = utf8_repair(a, in->company);
    l.places = repair_all(a, &in->places);
    l.country = utf8_repair(a, in->country);
    l.department = utf8_repair(a, in->department);
    l.employment = utf8_repair(a, in->employment);
    l.experience = utf8_repair(a, in->experience);
    l.salary = utf8_repair(a, in->salary);
    l.text = utf8_repair(a, in->text);
    return l;
}

/* With spans of the texts themselves. */
static struct said_modes said_modes(const struct extractor *x, const struct read_text *title,
                                    const struct read_text *text)
{
    struct said_modes said = {
        modes_of_title(x->modes, &title->words),
        modes_of_text(x->modes, &text->words),
    };

    said.title.start = text_copy_start(&title->words.copy, said.title.start);
    said.title.end = text_copy_end(&title->words.copy, said.title.end);
    said.text.start = text_copy_start(&text->words.copy, said.text.start);
    said.text.end = text_copy_end(&text->words.copy, said.text.end);
    return said;
}

static int64_t find_skill(void *ctx, struct str id)
{
    const struct extractor *x = ctx;

    return extractor_find_skill(x, id);
}

int extract(struct extractor *x, const struct listing *in, struct arena *a, struct signal *ret,
            struct diag *d)
{
    struct fields_skills look_up = { find_skill, x, extractor_roadmap(x) };
    struct listing l;
    struct text_parts parts;
    struct read_text title, text;
    struct mentions found = { 0 };
    struct said_phrases phrases = { 0 };
    struct signal sig = { 0 };
    struct said_modes said;
    struct strs own;
    size_t n_stated;
    int err;

    arena_reset(&x->scratch);
    l = repaired(a, in);
    own = own_names(x->sweep, l.company, &x->scratch);
    read_text(x, l.title, &own, &title, NULL);
    read_text(x, l.text, &own, &text, NULL);
    sections_split(x->sections, &text.words, l.company, &x->scratch, &parts);
    said = said_modes(x, &title, &text);
    err = fields_read(x->fields, &l, &parts, &said, a, &sig, d);
    if (err)
        return err;
    add_title(x, &title, &found);
    add_text(x, &text, &parts, &found);
    mentions_sort(&found, 0);
    n_stated = found.n;
    mentions_add_implied(x->skills, x->rules->skills.n, &x->scratch, &found);
    mentions_sort(&found, n_stated);
    sig.n_mentions = found.n;
    sig.mentions = ARENA_NEW(a, struct mention, found.n + 1);
    if (found.n)
        memcpy(sig.mentions, found.items, found.n * sizeof(*found.items));
    add_phrases(x, &text, &parts, &phrases);
    bullets_find(x->bullets, &phrases, a, &sig);
    fields_conclude(x->fields, &look_up, &sig);
    *ret = sig;
    return 0;
}

struct rejections {
    struct rejection *items;
    size_t n, cap;
};

/* The text of a field in which names were rejected. */
struct rejected_field {
    enum field field;
    struct read_text text;
    struct skill_rejects names;
};

static struct rejection name_rejected(const struct extractor *x, const struct skill_reject *r)
{
    static const char *const words[] = {
        [REJECT_NONE] = "",
        [REJECT_ADDRESS] = "in an address",
        [REJECT_OWN] = "the employer's own name",
        [REJECT_DENIED] = "denied",
        [REJECT_INSIDE] = "part of a longer name",
        [REJECT_SAME] = "",
        [REJECT_CONTEXT] = "no context",
        [REJECT_STUDY] = "a subject of study",
    };
    struct rejection ret = { .skill = r->skill, .why = words[r->why] };

    if (r->why == REJECT_DENIED)
        ret.clause = x->rules->skills.items[r->skill].deny.items[r->by];
    else if (r->why == REJECT_INSIDE)
        ret.clause = x->rules->skills.items[r->by].id;
    return ret;
}

static void add_rejected(const struct extractor *x, const struct rejected_field *f, struct arena *a,
                         struct rejections *to)
{
    for (size_t i = 0; i < f->names.n; i++) {
        const struct skill_reject *r = &f->names.items[i];
        struct rejection *one = ARENA_PUSH(a, to);

        *one = name_rejected(x, r);
        one->field = f->field;
        one->start = text_copy_start(&f->text.words.copy, r->start);
        one->end = text_copy_end(&f->text.words.copy, r->end);
    }
}

/* Mentions that count for nothing because of where they stand or what is said around them. */
static void add_unasked(const struct rejected_field *f, const struct text_parts *parts,
                        struct arena *a, struct rejections *to)
{
    for (size_t i = 0; i < f->text.skills.n; i++) {
        const struct skill_hit *h = &f->text.skills.items[i];
        struct str text = f->text.words.copy.text;
        uint32_t start = text_copy_start(&f->text.words.copy, h->start);
        enum section section = sections_at(parts, start)->section;
        enum polarity p = cues_judge(text, &f->text.cues, h->start, h->end, section);
        const struct cue_hit *by;

        if (p != POLARITY_IGNORED && p != POLARITY_NEGATED)
            continue;
        by = cues_deciding(text, &f->text.cues, h->start, h->end, section);
        *ARENA_PUSH(a, to) = (struct rejection){
            .skill = h->skill,
            .field = f->field,
            .start = start,
            .end = text_copy_end(&f->text.words.copy, h->end),
            .why = polarity_name(p),
            .clause = by ? str_dup(a, str_slice(text, by->start, by->end))
                         : str_of(p == POLARITY_NEGATED ? "non-" : section_name(section)),
        };
    }
}

static int by_place(const void *a, const void *b)
{
    const struct rejection *x = a, *y = b;

    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

void extract_rejected(struct extractor *x, const struct listing *in, struct arena *a,
                      struct rejection **ret, size_t *ret_n)
{
    struct rejected_field title = { .field = FIELD_TITLE }, text = { .field = FIELD_TEXT };
    struct rejections list = { 0 };
    struct text_parts parts;
    struct listing l;
    struct strs own;

    arena_reset(&x->scratch);
    l = repaired(&x->scratch, in);
    own = own_names(x->sweep, l.company, &x->scratch);
    read_text(x, l.title, &own, &title.text, &title.names);
    read_text(x, l.text, &own, &text.text, &text.names);
    sections_split(x->sections, &text.text.words, l.company, &x->scratch, &parts);
    add_rejected(x, &title, a, &list);
    add_rejected(x, &text, a, &list);
    add_unasked(&text, &parts, a, &list);
    if (list.n)
        qsort(list.items, list.n, sizeof(*list.items), by_place);
    *ret = list.items;
    *ret_n = list.n;
}

static bool finds_skill(struct extractor *x, struct str sentence, uint32_t skill)
{
    static const struct strs nobody;
    struct read_text t;

    read_text(x, sentence, &nobody, &t, NULL);
    for (size_t i = 0; i < t.skills.n; i++) {
        const struct skill_hit *h = &t.skills.items[i];

        if (h->skill == skill
            && cues_judge(t.words.copy.text, &t.cues, h->start, h->end, SECTION_REQUIRED)
                   != POLARITY_NEGATED)
            return true;
    }
    return false;
}

static bool finds_cue(struct extractor *x, struct str sentence, uint32_t rule)
{
    static const struct strs nobody;
    struct read_text t;

    read_text(x, sentence, &nobody, &t, NULL);
    for (size_t i = 0; i < t.cues.n; i++)
        if (t.cues.items[i].rule == rule)
            return true;
    return false;
}

static bool finds_mode(struct extractor *x, struct str sentence, uint32_t rule)
{
    static const struct strs nobody;
    struct read_text t;

    read_text(x, sentence, &nobody, &t, NULL);
    return modes_has(x->modes, &t.words, rule);
}

typedef bool finds_fn(struct extractor *x, struct str sentence, uint32_t rule);

static int prove(struct extractor *x, struct str name, uint32_t rule, finds_fn *finds,
                 const struct strs *sentences, bool want, size_t *n, struct diag *d)
{
    for (size_t i = 0; i < sentences->n; i++) {
        struct str s = sentences->items[i];

        arena_reset(&x->scratch);
        if (finds(x, s, rule) != want)
            return diag_blame(d, ERR_CONFIG, s.p, STR_FMT ": %s in \"" STR_FMT "\"", STR_ARG(name),
                              want ? "not found" : "found", STR_ARG(s));
        (*n)++;
    }
    return 0;
}

int extractor_prove_skill(struct extractor *x, uint32_t skill, size_t *ret_n, struct diag *d)
{
    const struct skill_rule *s = &x->rules->skills.items[skill];
    size_t n = 0;
    int err = prove(x, s->id, skill, finds_skill, &s->yes, true, &n, d);

    if (!err)
        err = prove(x, s->id, skill, finds_skill, &s->no, false, &n, d);
    if (!err)
        *ret_n = n;
    return err;
}

int extractor_prove(struct extractor *x, size_t *ret_n, struct diag *d)
{
    const struct rule_set *r = x->rules;
    size_t n = 0, n_fields = 0;
    int err = 0;

    for (uint32_t i = 0; i < r->skills.n && !err; i++) {
        size_t n_own = 0;

        err = extractor_prove_skill(x, i, &n_own, d);
        n += n_own;
    }
    for (uint32_t i = 0; i < r->cues.n && !err; i++) {
        const struct cue_rule *c = &r->cues.items[i];

        err = prove(x, c->cue, i, finds_cue, &c->yes, true, &n, d);
        if (!err)
            err = prove(x, c->cue, i, finds_cue, &c->no, false, &n, d);
    }
    for (uint32_t i = 0; i < r->modes.n && !err; i++) {
        const struct mode_rule *m = &r->modes.items[i];

        err = prove(x, m->id, i, finds_mode, &m->yes, true, &n, d);
        if (!err)
            err = prove(x, m->id, i, finds_mode, &m->no, false, &n, d);
    }
    if (!err)
        err = fields_prove(x->fields, &n_fields, d);
    if (!err)
        *ret_n = n + n_fields;
    return err;
}

struct hash extractor_vintage(const struct extractor *x)
{
    return vintage_of(x->rules);
}

size_t extractor_skills(const struct extractor *x)
{
    return x->rules->skills.n;
}

const struct skill_rule *extractor_skill(const struct extractor *x, uint32_t i)
{
    return i < x->rules->skills.n ? &x->rules->skills.items[i] : NULL;
}

int64_t extractor_find_skill(const struct extractor *x, struct str id)
{
    return skills_index(x->skills, id);
}

const struct roadmap *extractor_roadmap(const struct extractor *x)
{
    return x->rules->roadmaps.n ? &x->rules->roadmaps.items[0] : NULL;
}

const struct bullet_rule *extractor_bullet(const struct extractor *x, uint32_t i, int *ret_stage)
{
    return i < bullets_count(x->bullets) ? bullets_at(x->bullets, i, ret_stage) : NULL;
}
