#include "parsers/vintage.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/words.h"

/* Every value with its length, every list with its count, so that no two rule sets write alike. */
static void put_str(struct buf *b, struct str s)
{
    buf_printf(b, "%zu:", s.n);
    buf_add(b, s);
}

static void put_strs(struct buf *b, const struct strs *s)
{
    buf_printf(b, "[%zu", s->n);
    for (size_t i = 0; i < s->n; i++)
        put_str(b, s->items[i]);
}

static void put_int(struct buf *b, int64_t v)
{
    buf_printf(b, "%lld,", (long long)v);
}

static void put_skill(struct buf *b, const struct skill_rule *r)
{
    const struct strs *lists[] = { &r->aliases, &r->regex,   &r->find, &r->near,
                                   &r->deny,    &r->implies, &r->yes,  &r->no };
    const struct str names[] = { r->id,   r->label,  r->category,  r->esco,
                                 r->onet, r->github, r->wikipedia, r->stackoverflow };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        put_str(b, names[i]);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        put_strs(b, lists[i]);
    put_int(b, r->practice | r->generic << 1 | r->beside << 2);
}

static void put_rules(struct buf *b, const struct rule_set *r)
{
    for (size_t i = 0; i < r->headings.n; i++) {
        put_str(b, r->headings.items[i].section);
        put_strs(b, &r->headings.items[i].headings);
        put_strs(b, &r->headings.items[i].says);
    }
    for (size_t i = 0; i < r->cues.n; i++) {
        put_str(b, r->cues.items[i].cue);
        put_str(b, r->cues.items[i].regex);
        put_strs(b, &r->cues.items[i].aliases);
        put_strs(b, &r->cues.items[i].find);
    }
    for (size_t i = 0; i < r->titles.n; i++) {
        put_str(b, r->titles.items[i].id);
        put_str(b, r->titles.items[i].kind);
        put_str(b, r->titles.items[i].regex);
        put_str(b, r->titles.items[i].unless);
    }
    for (size_t i = 0; i < r->modes.n; i++) {
        put_str(b, r->modes.items[i].mode);
        put_str(b, r->modes.items[i].says);
        put_str(b, r->modes.items[i].regex);
        put_strs(b, &r->modes.items[i].aliases);
        put_strs(b, &r->modes.items[i].find);
    }
    for (size_t i = 0; i < r->work.n; i++) {
        put_str(b, r->work.items[i].kind);
        put_strs(b, &r->work.items[i].skills);
    }
    for (size_t i = 0; i < r->places.n; i++) {
        const struct place_rule *p = &r->places.items[i];

        put_str(b, p->city);
        put_str(b, p->state);
        put_str(b, p->country);
        put_strs(b, &p->aliases);
        put_int(b, p->ambiguous);
    }
}

static void put_roadmap(struct buf *b, const struct roadmap *m)
{
    put_str(b, m->id);
    put_str(b, m->country);
    for (size_t s = 0; s < m->stages.n; s++) {
        const struct stage_rule *stage = &m->stages.items[s];

        put_int(b, stage->stage);
        put_int(b, stage->from_month);
        put_int(b, stage->to_month);
        put_int(b, stage->salary_min);
        put_int(b, stage->salary_max);
        for (size_t i = 0; i < stage->bullets.n; i++) {
            put_str(b, stage->bullets.items[i].id);
            put_strs(b, &stage->bullets.items[i].skills);
            put_strs(b, &stage->bullets.items[i].phrases);
            put_str(b, stage->bullets.items[i].rule);
        }
    }
}

/* All that is no rule of a skill. */
static void put_rest(struct buf *b, const struct rule_set *rules)
{
    put_int(b, PARSERS_VERSION);
    put_int(b, (int64_t)rules->headings.n);
    put_int(b, (int64_t)rules->cues.n);
    put_int(b, (int64_t)rules->titles.n);
    put_int(b, (int64_t)rules->modes.n);
    put_int(b, (int64_t)rules->work.n);
    put_int(b, (int64_t)rules->places.n);
    put_int(b, (int64_t)rules->roadmaps.n);
    put_rules(b, rules);
    for (size_t i = 0; i < rules->roadmaps.n; i++)
        put_roadmap(b, &rules->roadmaps.items[i]);
}

/* A literal that no sweep takes names nothing. */
static void put_words(struct buf *b, const struct strs *marked)
{
    struct word_marks word;

    for (size_t i = 0; i < marked->n; i++)
        if (!words_read(marked->items[i], &word, &(struct diag){ 0 })) {
            buf_add(b, word.text);
            buf_add_byte(b, '\n');
        }
}

void vintage_marks(const struct rule_set *rules, struct arena *a, struct rule_marks *ret)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    put_rest(&b, rules);
    *ARENA_PUSH(a, ret) = (struct rule_mark){ .hash = hash_of(buf_str(&b)) };
    for (size_t i = 0; i < rules->skills.n; i++) {
        const struct skill_rule *r = &rules->skills.items[i];
        struct rule_mark *mark = ARENA_PUSH(a, ret);

        b.n = 0;
        put_skill(&b, r);
        *mark = (struct rule_mark){ .id = r->id, .hash = hash_of(buf_str(&b)) };
        b.n = 0;
        put_words(&b, &r->aliases);
        put_words(&b, &r->find);
        mark->words = buf_take(&b, a);
    }
}

struct hash vintage_of(const struct rule_set *rules)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(buf_release) struct buf b = { 0 };
    struct rule_marks marks = { 0 };

    vintage_marks(rules, &a, &marks);
    for (size_t i = 0; i < marks.n; i++) {
        buf_add_counted(&b, marks.items[i].id);
        buf_add_number(&b, marks.items[i].hash.high);
        buf_add_number(&b, marks.items[i].hash.low);
    }
    return hash_of(buf_str(&b));
}
