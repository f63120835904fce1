#include "parsers/skills.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "parsers/follow.h"
#include "parsers/pattern.h"

enum { CATEGORIES_MAX = 64, ADDRESS_REACH = 120 };

struct compiled {
    struct pattern **regex, **deny; /* as many as the rule has */
    struct follow **follow;         /* of each regex and find */
    unsigned category;
    uint64_t near; /* a bit a category; all of them for `any` */
};

/* One `find`: the regexes that are tried where its literal stands. */
struct find {
    struct str literal;
    struct trial {
        uint32_t skill, regex;
        struct follow follow;
    } * items; /* by skill, then by regex */
    size_t n, cap;
};

struct skills {
    struct arena arena;
    const struct skill_rule *rules;
    uint32_t n;
    struct compiled *compiled;
    struct strs categories;
    uint64_t *implied; /* n rows of `row` words: bit j of row i: i implies j */
    size_t row;
    uint32_t *by_id; /* sorted */
    struct {
        struct find *items;
        size_t n, cap;
    } finds;
};

void skills_free(struct skills **s)
{
    if (!*s)
        return;
    for (uint32_t i = 0; i < (*s)->n && (*s)->compiled; i++) {
        struct compiled *c = &(*s)->compiled[i];

        for (size_t k = 0; c->regex && k < (*s)->rules[i].regex.n; k++) {
            pattern_free(&c->regex[k]);
            free(c->follow[k]);
        }
        for (size_t k = 0; c->deny && k < (*s)->rules[i].deny.n; k++)
            pattern_free(&c->deny[k]);
    }
    arena_free(&(*s)->arena);
    free(*s);
    *s = NULL;
}

static int64_t category_index(const struct skills *s, struct str name)
{
    for (size_t i = 0; i < s->categories.n; i++)
        if (str_eq(s->categories.items[i], name))
            return (int64_t)i;
    return -1;
}

static int add_category(struct skills *s, uint32_t i, struct diag *d)
{
    int64_t at = category_index(s, s->rules[i].category);

    if (at < 0) {
        if (s->categories.n == CATEGORIES_MAX)
            return diag_blame(d, ERR_CONFIG, s->rules[i].category.p,
                              "more than %d categories of skills", CATEGORIES_MAX);
        at = (int64_t)s->categories.n;
        *ARENA_PUSH(&s->arena, &s->categories) = s->rules[i].category;
    }
    s->compiled[i].category = (unsigned)at;
    return 0;
}

static int compile_near(struct skills *s, uint32_t i, struct diag *d)
{
    const struct strs *near = &s->rules[i].near;

    for (size_t k = 0; k < near->n; k++) {
        int64_t at = category_index(s, near->items[k]);

        if (str_eq(near->items[k], STR("any")))
            s->compiled[i].near = UINT64_MAX;
        else if (at < 0)
            return diag_blame(d, ERR_CONFIG, near->items[k].p,
                              "skill " STR_FMT ": near: no category \"" STR_FMT "\"",
                              STR_ARG(s->rules[i].id), STR_ARG(near->items[k]));
        else
            s->compiled[i].near |= UINT64_C(1) << at;
    }
    return 0;
}

static int compile_all(struct skills *s, const struct strs *from, unsigned flags,
                       struct pattern ***ret, struct diag *d)
{
    int err = 0;

    *ret = ARENA_NEW(&s->arena, struct pattern *, from->n + 1);
    for (size_t k = 0; k < from->n && !err; k++)
        err = pattern_compile(&(*ret)[k], from->items[k], flags, d);
    return err;
}

static int by_id(const void *a, const void *b, void *rules)
{
    const struct skill_rule *r = rules;

    return str_cmp(r[*(const uint32_t *)a].id, r[*(const uint32_t *)b].id);
}

static int sort_ids(struct skills *s, struct diag *d)
{
    for (uint32_t i = 0; i < s->n; i++)
        s->by_id[i] = i;
    qsort_r(s->by_id, s->n, sizeof(*s->by_id), by_id, (void *)(uintptr_t)s->rules);
    for (uint32_t i = 1; i < s->n; i++) {
        struct str a = s->rules[s->by_id[i - 1]].id, b = s->rules[s->by_id[i]].id;

        if (str_eq(a, b))
            return diag_blame(d, ERR_CONFIG, b.p, "skill " STR_FMT ": the id stands twice",
                              STR_ARG(b));
    }
    return 0;
}

int64_t skills_index(const struct skills *s, struct str id)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = str_cmp(s->rules[s->by_id[mid]].id, id);

        if (!c)
            return s->by_id[mid];
        *(c < 0 ? &low : &high) = c < 0 ? mid + 1 : mid;
    }
    return -1;
}

bool skills_imply(const struct skills *s, uint32_t skill, uint32_t other)
{
    return s->implied[skill * s->row + other / 64] >> (other % 64) & 1;
}

bool skills_next_implied(const struct skills *s, uint32_t skill, uint32_t *io)
{
    const uint64_t *row = &s->implied[skill * s->row];

    for (size_t w = *io / 64; w < s->row; w++) {
        uint64_t bits = row[w] & (w == *io / 64 ? UINT64_MAX << (*io % 64) : UINT64_MAX);

        if (bits) {
            *io = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(bits));
            return true;
        }
    }
    return false;
}

/* Everything that follows from each skill: the closure of `implies`. */
static int close_implied(struct skills *s, struct diag *d)
{
    s->row = (s->n + 63) / 64;
    s->implied = ARENA_NEW(&s->arena, uint64_t, s->n * s->row + 1);
    for (uint32_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < s->rules[i].implies.n; k++) {
            struct str id = s->rules[i].implies.items[k];
            int64_t j = skills_index(s, id);

            if (j < 0 || j == i)
                return diag_blame(d, ERR_CONFIG, id.p,
                                  "skill " STR_FMT ": implies: no other skill \"" STR_FMT "\"",
                                  STR_ARG(s->rules[i].id), STR_ARG(id));
            s->implied[i * s->row + (size_t)j / 64] |= UINT64_C(1) << (j % 64);
        }
    for (uint32_t k = 0; k < s->n; k++)
        for (uint32_t i = 0; i < s->n; i++)
            if (skills_imply(s, i, k))
                for (size_t w = 0; w < s->row; w++)
                    s->implied[i * s->row + w] |= s->implied[k * s->row + w];
    return 0;
}

static int compile_one(struct skills *s, uint32_t i, struct diag *d)
{
    const struct skill_rule *r = &s->rules[i];
    int err;

    if (!r->yes.n || !r->no.n)
        return diag_blame(d, ERR_CONFIG, r->id.p,
                          "skill " STR_FMT ": needs a yes and a no sentence", STR_ARG(r->id));
    if (!r->regex.n != !r->find.n)
        return diag_blame(d, ERR_CONFIG, r->id.p,
                          "skill " STR_FMT ": regex and find need each other", STR_ARG(r->id));
    s->compiled[i].follow = ARENA_NEW(&s->arena, struct follow *, r->regex.n + 1);
    err = compile_near(s, i, d);
    if (!err)
        err = compile_all(s, &r->regex, PATTERN_ANCHORED, &s->compiled[i].regex, d);
    if (!err)
        err = compile_all(s, &r->deny, PATTERN_CASE, &s->compiled[i].deny, d);
    return err;
}

static struct find *find_of(struct skills *s, struct str literal)
{
    for (size_t i = 0; i < s->finds.n; i++)
        if (str_eq(s->finds.items[i].literal, literal))
            return &s->finds.items[i];
    *ARENA_PUSH(&s->arena, &s->finds) = (struct find){ .literal = literal };
    return &s->finds.items[s->finds.n - 1];
}

/* It is no use to try `quality of data` at "data". */
static void collect_trials(struct skills *s, uint32_t skill, uint32_t regex)
{
    const struct strs *finds = &s->rules[skill].find;
    struct follow *follow = follow_new(s->rules[skill].regex.items[regex], finds);

    s->compiled[skill].follow[regex] = follow;
    for (size_t k = 0; k < finds->n; k++)
        if (follow_ever(&follow[k]))
            *ARENA_PUSH(&s->arena, find_of(s, finds->items[k])) =
                (struct trial){ skill, regex, follow[k] };
}

static void collect_finds(struct skills *s)
{
    for (uint32_t i = 0; i < s->n; i++)
        for (uint32_t k = 0; k < s->rules[i].regex.n; k++)
            collect_trials(s, i, k);
}

int skills_compile(struct skills **ret, const struct skill_rule *rules, size_t n, struct diag *d)
{
    struct skills *s = calloc(1, sizeof(*s));
    int err = 0;

    if (!s)
        out_of_memory();
    s->rules = rules;
    s->n = (uint32_t)n;
    s->compiled = ARENA_NEW(&s->arena, struct compiled, n + 1);
    s->by_id = ARENA_NEW(&s->arena, uint32_t, n + 1);
    for (uint32_t i = 0; i < n && !err; i++)
        err = add_category(s, i, d);
    if (!err)
        err = sort_ids(s, d);
    for (uint32_t i = 0; i < n && !err; i++)
        err = compile_one(s, i, d);
    if (!err)
        err = close_implied(s, d);
    if (err) {
        skills_free(&s);
        return err;
    }
    collect_finds(s);
    *ret = s;
    return err;
}

int skills_add_words(const struct skills *s, struct arena *a, struct words *to, struct diag *d)
{
    int err = 0;

    for (uint32_t i = 0; i < s->n && !err; i++) {
        const struct skill_rule *r = &s->rules[i];

        for (size_t k = 0; k < r->aliases.n && !err; k++)
            err = words_add(a, to, r->aliases.items[k], WORD_ALIAS, i, 0, d);
    }
    for (uint32_t i = 0; i < s->finds.n && !err; i++)
        err = words_add(a, to, s->finds.items[i].literal, WORD_FIND, i, 0, d);
    return err;
}

struct candidate {
    uint32_t skill, start, end;
    bool in_context; /* a `?` alias: needs context */
    bool by_regex;
    enum reject why; /* REJECT_NONE: it counts */
    uint32_t by;
};

struct candidates {
    struct candidate *items;
    size_t n, cap;
};

struct finder {
    const struct skills *s;
    struct str text;
    const struct cue_hits *cues;
    const struct strs *own;
    struct candidates found;
    struct arena *a;
    struct skill_rejects *rejects; /* NULL: nobody asks */
};

static bool in_address(struct str text, uint32_t start, uint32_t end)
{
    uint32_t from = start, low = start > ADDRESS_REACH ? start - ADDRESS_REACH : 0;

    while (from > low && !ascii_is_space(text.p[from - 1]))
        from--;
    if (from < start
        && (str_find(str_slice(text, from, start), STR("://")) >= 0
            || str_find_fold(str_slice(text, from, start), STR("www.")) >= 0
            || memchr(text.p + from, '@', start - from)))
        return true;
    return str_starts(str_from(text, end), STR(".com"))
           || str_starts(str_from(text, end), STR("@"));
}

/* Whether a deny of the rule stands near; *ret_by is its index. */
static bool denied(const struct finder *f, const struct candidate *c, uint32_t *ret_by)
{
    const struct compiled *k = &f->s->compiled[c->skill];
    struct str_span line;
    size_t from, to;
    struct str window;

    if (!f->s->rules[c->skill].deny.n)
        return false;
    line = words_line(f->text, c->start);
    from = c->start > line.start + DENY_REACH ? c->start - DENY_REACH : line.start;
    to = c->end + DENY_REACH < line.end ? c->end + DENY_REACH : line.end;
    window = str_slice(f->text, from, to > c->end ? to : c->end);
    for (uint32_t i = 0; i < f->s->rules[c->skill].deny.n; i++)
        if (pattern_matches(k->deny[i], window)) {
            *ret_by = i;
            return true;
        }
    return false;
}

static bool is_own(const struct finder *f, const struct candidate *c)
{
    struct str name = str_slice(f->text, c->start, c->end);

    for (size_t i = 0; i < f->own->n; i++)
        if (str_eq_fold(f->own->items[i], name))
            return true;
    return false;
}

static enum reject at_once(const struct finder *f, struct candidate *c)
{
    if (in_address(f->text, c->start, c->end))
        return REJECT_ADDRESS;
    if (is_own(f, c))
        return REJECT_OWN;
    return denied(f, c, &c->by) ? REJECT_DENIED : REJECT_NONE;
}

static void reject(struct finder *f, const struct candidate *c)
{
    if (f->rejects)
        *ARENA_PUSH(f->a, f->rejects) =
            (struct skill_reject){ c->skill, c->start, c->end, c->why, c->by };
}

/* Keep a candidate, or reject it at once. Those of one place stand in the order of their skills. */
static void consider(struct finder *f, struct candidate c)
{
    struct candidate *at;

    c.why = at_once(f, &c);
    if (c.why) {
        reject(f, &c);
        return;
    }
    for (at = ARENA_PUSH(f->a, &f->found);
         at > f->found.items && at[-1].start == c.start && at[-1].skill > c.skill; at--)
        *at = at[-1];
    *at = c;
}

/* Try the regexes at a place where the word of a `find` stands. One that costs too much finds
 * nothing. */
static void try_regexes(struct finder *f, const struct find *find, uint32_t start)
{
    for (size_t i = 0; i < find->n; i++) {
        const struct trial *t = &find->items[i];
        const struct pattern *regex = f->s->compiled[t->skill].regex[t->regex];
        struct pattern_match m;

        if (follow_may(&t->follow, f->text.p + start)
            && pattern_find(regex, f->text, start, &m, NULL) == PATTERN_FOUND && m.end > m.start)
            consider(f, (struct candidate){
                            .skill = t->skill, .start = start, .end = m.end, .by_regex = true });
    }
}

static void collect(struct finder *f, const struct word_hits *hits)
{
    for (size_t i = 0; i < hits->n; i++) {
        const struct word_hit *h = &hits->items[i];

        if (h->use.kind == WORD_FIND)
            try_regexes(f, &f->s->finds.items[h->use.owner], h->start);
        else
            consider(f, (struct candidate){ .skill = h->use.owner,
                                            .start = h->start,
                                            .end = h->end,
                                            .in_context = h->use.kind == WORD_ALIAS_CONTEXT });
    }
}

static bool inside(const struct candidate *c, const struct candidate *g)
{
    return g->start <= c->start && c->end <= g->end && g->end - g->start > c->end - c->start;
}

/* What is beside the path neither vouches for a name on it nor takes its place. */
static bool from_beside(const struct finder *f, const struct candidate *c,
                        const struct candidate *g)
{
    return f->s->rules[g->skill].beside && !f->s->rules[c->skill].beside;
}

/* "C, C++", "REST/GraphQL API", "logging and monitoring" name more than one. */
static bool joins_names(struct str name)
{
    return memchr(name.p, '/', name.n) || memchr(name.p, ',', name.n) || memchr(name.p, '&', name.n)
           || str_find_fold(name, STR(" and ")) >= 0;
}

/*
 * Judge `c` against the longer `g` around it. A name inside another skill's name is that name's,
 * unless it is implied; what joins names or what a regex spans is a phrase, in which each name
 * stands for itself.
 */
static void yield_to(const struct finder *f, struct candidate *c, const struct candidate *g)
{
    if (g->why || g->in_context || from_beside(f, c, g))
        return;
    c->by = g->skill;
    if (c->skill == g->skill)
        c->why = REJECT_SAME;
    else if (skills_imply(f->s, g->skill, c->skill))
        c->in_context = false;
    else if (!g->by_regex && !joins_names(str_slice(f->text, g->start, g->end)))
        c->why = REJECT_INSIDE;
}

/* The longest name any rule may find bounds how far back a container can begin. */
enum { CONTAINER_REACH = 160 };

static void settle_overlaps(struct finder *f)
{
    for (size_t i = 0; i < f->found.n; i++) {
        struct candidate *c = &f->found.items[i];

        for (size_t j = i; j-- > 0 && c->start - f->found.items[j].start <= CONTAINER_REACH;)
            if (inside(c, &f->found.items[j]))
                yield_to(f, c, &f->found.items[j]);
        for (size_t j = i + 1; j < f->found.n && f->found.items[j].start == c->start; j++)
            if (inside(c, &f->found.items[j]))
                yield_to(f, c, &f->found.items[j]);
    }
}

static bool sentence_between(struct str text, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (words_sentence_ends(text, i))
            return true;
    return false;
}

/* Whether `g`, of a category that `c` asks for, stands in its sentence within reach. */
static bool stands_near(const struct finder *f, const struct candidate *c,
                        const struct candidate *g)
{
    uint32_t from = c->end < g->start ? c->end : g->end;
    uint32_t to = c->end < g->start ? g->start : c->start;

    if (g->why || g->skill == c->skill || f->s->rules[g->skill].generic || from_beside(f, c, g)
        || !(f->s->compiled[c->skill].near >> f->s->compiled[g->skill].category & 1))
        return false;
    return from <= to && to - from <= CONTEXT_REACH && !sentence_between(f->text, from, to);
}

/* One sure skill is context; so are two doubtful ones ("Consul and Vault on Nomad"). */
static bool has_context(const struct finder *f, size_t i)
{
    const struct candidate *all = f->found.items, *c = &all[i];
    uint32_t doubtful = UINT32_MAX;
    size_t first = i;

    if (cues_introduce(f->text, f->cues, c->start))
        return true;
    while (first && c->start - all[first - 1].start <= 2 * CONTEXT_REACH)
        first--;
    for (size_t j = first; j < f->found.n && all[j].start <= c->start + 2 * CONTEXT_REACH; j++) {
        if (!stands_near(f, c, &all[j]))
            continue;
        if (!all[j].in_context || (doubtful != UINT32_MAX && doubtful != all[j].skill))
            return true;
        doubtful = all[j].skill;
    }
    return false;
}

static enum reject at_last(const struct finder *f, size_t i)
{
    const struct candidate *c = &f->found.items[i];

    if (c->in_context && !has_context(f, i))
        return REJECT_CONTEXT;
    if (f->s->rules[c->skill].practice && cues_is_study(f->text, f->cues, c->start))
        return REJECT_STUDY;
    return REJECT_NONE;
}

void skills_find(const struct skills *s, const struct text_words *in, const struct cue_hits *cues,
                 const struct strs *own, struct arena *a, struct skill_hits *ret,
                 struct skill_rejects *rejects)
{
    struct finder f = {
        .s = s, .text = in->copy.text, .cues = cues, .own = own, .a = a, .rejects = rejects
    };

    *ret = (struct skill_hits){ 0 };
    collect(&f, &in->hits[LIST_SKILLS]);
    settle_overlaps(&f);
    for (size_t i = 0; i < f.found.n; i++) {
        struct candidate c = f.found.items[i];

        if (!c.why)
            c.why = at_last(&f, i);
        if (!c.why)
            *ARENA_PUSH(a, ret) = (struct skill_hit){ c.skill, c.start, c.end };
        else if (c.why != REJECT_SAME)
            reject(&f, &c);
    }
}
