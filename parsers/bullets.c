#include "parsers/bullets.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

enum { OPS_MAX = 64, STACK_MAX = 16, PHRASES_MAX = 32, TRACK_ATOM = -1, DEPTH_MAX = 8 };

/* A rule in postfix: a skill (or TRACK_ATOM) pushes, AND and OR take two. */
struct op {
    enum { OP_SKILL, OP_AND, OP_OR } kind;
    int64_t skill;
};

/* `@skill` among the alternatives of a phrase. */
struct skill_phrase {
    uint32_t phrase, skill;
};

struct bullet {
    const struct bullet_rule *rule;
    int stage;
    struct op ops[OPS_MAX];
    size_t n_ops;
    struct {
        struct skill_phrase *items;
        size_t n, cap;
    } by_skill;
};

struct bullets {
    struct arena arena;
    const struct skills *skills;
    struct {
        struct bullet *items;
        size_t n, cap;
    } list;
};

void bullets_free(struct bullets **b)
{
    if (!*b)
        return;
    arena_free(&(*b)->arena);
    free(*b);
    *b = NULL;
}

struct reader {
    struct bullets *b;
    struct bullet *to;
    struct str rest;
    int depth;
    struct diag *d;
};

static int expr(struct reader *r);

static int bad_rule(struct reader *r, const char *why)
{
    struct str rule = r->to->rule->rule;

    return diag_blame(r->d, ERR_CONFIG, rule.p, "bullet " STR_FMT ": rule, byte %zu: %s",
                      STR_ARG(r->to->rule->id), rule.n - r->rest.n, why);
}

static int emit(struct reader *r, int kind, int64_t skill)
{
    if (r->to->n_ops == OPS_MAX)
        return bad_rule(r, "too long");
    r->to->ops[r->to->n_ops].kind = kind;
    r->to->ops[r->to->n_ops++].skill = skill;
    return 0;
}

static void skip_space(struct reader *r)
{
    while (r->rest.n && ascii_is_space(r->rest.p[0]))
        r->rest = str_from(r->rest, 1);
}

static struct str peek_word(struct reader *r)
{
    size_t n = 0;

    skip_space(r);
    while (n < r->rest.n && byte_is_word(r->rest.p[n]))
        n++;
    return str_slice(r->rest, 0, n);
}

static bool accept(struct reader *r, struct str token)
{
    skip_space(r);
    if (!str_starts(r->rest, token))
        return false;
    r->rest = str_from(r->rest, token.n);
    return true;
}

static int atom(struct reader *r)
{
    struct str word = peek_word(r);
    int64_t skill = str_eq(word, STR("track")) ? TRACK_ATOM : skills_index(r->b->skills, word);

    if (!word.n)
        return bad_rule(r, "a skill is missing");
    if (skill < 0 && !str_eq(word, STR("track")))
        return bad_rule(r, "no such skill");
    r->rest = str_from(r->rest, word.n);
    return emit(r, OP_SKILL, skill);
}

static int one(struct reader *r)
{
    int err;

    if (accept(r, STR("("))) {
        if (++r->depth > DEPTH_MAX)
            return bad_rule(r, "too many brackets");
        err = expr(r);
        r->depth--;
        if (!err && !accept(r, STR(")")))
            err = bad_rule(r, "a bracket is open");
        return err;
    }
    err = atom(r);
    while (!err && accept(r, STR("|"))) {
        err = atom(r);
        if (!err)
            err = emit(r, OP_OR, 0);
    }
    return err;
}

static int chain(struct reader *r, struct str joint, int kind, int (*part)(struct reader *))
{
    int err = part(r);

    while (!err && str_eq(peek_word(r), joint)) {
        r->rest = str_from(r->rest, joint.n);
        err = part(r);
        if (!err)
            err = emit(r, kind, 0);
    }
    return err;
}

static int all(struct reader *r)
{
    return chain(r, STR("AND"), OP_AND, one);
}

static int expr(struct reader *r)
{
    return chain(r, STR("OR"), OP_OR, all);
}

static int compile_rule(struct bullets *b, struct bullet *to, struct diag *d)
{
    struct reader r = { .b = b, .to = to, .rest = to->rule->rule, .d = d };
    int err;

    if (!to->rule->rule.n)
        return 0;
    err = expr(&r);
    skip_space(&r);
    if (!err && r.rest.n)
        err = bad_rule(&r, "what is this?");
    return err;
}

/* Call back for each alternative of a phrase. */
static int each_alternative(const struct bullets *b, struct arena *a, struct words *to,
                            uint32_t bullet, uint32_t phrase, struct diag *d)
{
    struct str rest = b->list.items[bullet].rule->phrases.items[phrase];
    int err = 0;

    while (rest.n && !err) {
        struct str one_of = str_trim(str_cut(&rest, '|'));

        if (one_of.n && one_of.p[0] != '@')
            err = words_add(a, to, one_of, WORD_PHRASE, bullet, phrase, d);
    }
    return err;
}

static int add_skill_phrases(struct bullets *b, struct bullet *to, struct diag *d)
{
    const struct bullet_rule *r = to->rule;

    if (r->phrases.n > PHRASES_MAX)
        return diag_blame(d, ERR_CONFIG, r->id.p, "bullet " STR_FMT ": more than %d phrases",
                          STR_ARG(r->id), PHRASES_MAX);
    for (uint32_t p = 0; p < r->phrases.n; p++)
        for (struct str rest = r->phrases.items[p]; rest.n;) {
            struct str one_of = str_trim(str_cut(&rest, '|'));
            int64_t skill;

            if (!one_of.n || one_of.p[0] != '@')
                continue;
            skill = skills_index(b->skills, str_from(one_of, 1));
            if (skill < 0)
                return diag_blame(d, ERR_CONFIG, r->phrases.items[p].p,
                                  "bullet " STR_FMT ": no skill \"" STR_FMT "\"", STR_ARG(r->id),
                                  STR_ARG(one_of));
            *ARENA_PUSH(&b->arena, &to->by_skill) = (struct skill_phrase){ p, (uint32_t)skill };
        }
    return 0;
}

static int add_bullet(struct bullets *b, const struct bullet_rule *r, int64_t stage, struct diag *d)
{
    struct bullet *to;
    int err;

    if (b->list.n == BULLET_MAX)
        return diag_blame(d, ERR_CONFIG, r->id.p, "a roadmap has at most %d bullets", BULLET_MAX);
    to = ARENA_PUSH(&b->arena, &b->list);
    *to = (struct bullet){ .rule = r, .stage = (int)stage };
    err = compile_rule(b, to, d);
    return err ? err : add_skill_phrases(b, to, d);
}

int bullets_compile(struct bullets **ret, const struct roadmap *roadmap,
                    const struct skills *skills, struct diag *d)
{
    struct bullets *b = calloc(1, sizeof(*b));
    int err = 0;

    if (!b)
        out_of_memory();
    b->skills = skills;
    for (size_t s = 0; roadmap && s < roadmap->stages.n; s++)
        for (size_t i = 0; i < roadmap->stages.items[s].bullets.n && !err; i++)
            err = add_bullet(b, &roadmap->stages.items[s].bullets.items[i],
                             roadmap->stages.items[s].stage, d);
    if (err)
        bullets_free(&b);
    else
        *ret = b;
    return err;
}

int bullets_add_words(const struct bullets *b, struct arena *a, struct words *to, struct diag *d)
{
    int err = 0;

    for (uint32_t i = 0; i < b->list.n && !err; i++)
        for (uint32_t p = 0; p < b->list.items[i].rule->phrases.n && !err; p++)
            err = each_alternative(b, a, to, i, p, d);
    return err;
}

/* What an ad says, and a bit (modulo 64) for each skill that it mentions: most are not. */
struct ad {
    const struct signal *signal;
    const struct said_phrases *said;
    uint64_t skills;
};

/* The first stated mention of a skill that asks for it; NULL: none. */
static const struct mention *asked(const struct ad *ad, uint32_t skill)
{
    const struct signal *sig = ad->signal;

    for (size_t i = 0; ad->skills >> (skill % 64) & 1 && i < sig->n_mentions; i++) {
        const struct mention *m = &sig->mentions[i];

        if (m->skill == skill && !m->implied && m->polarity >= POLARITY_STACK)
            return m;
    }
    return NULL;
}

static struct evidence from_mention(const struct mention *m)
{
    return (struct evidence){ m->field, m->start, m->end, CONFIDENCE_HIGH, "skills" };
}

/* Whether the rule holds, and by which mention: of an AND the first, of an OR the one that is. */
static bool rule_holds(const struct bullet *b, const struct ad *ad, struct evidence *ret)
{
    struct {
        bool holds;
        const struct mention *by; /* NULL: the track */
    } stack[OPS_MAX + 1];
    size_t n = 0;

    for (size_t i = 0; i < b->n_ops; i++) {
        const struct op *o = &b->ops[i];

        if (o->kind == OP_SKILL) {
            const struct mention *m = o->skill >= 0 ? asked(ad, (uint32_t)o->skill) : NULL;

            stack[n].holds = m || (o->skill == TRACK_ATOM && ad->signal->track != TRACK_NONE);
            stack[n++].by = m;
            continue;
        }
        n--;
        if (o->kind == OP_AND)
            stack[n - 1].holds &= stack[n].holds;
        else if (!stack[n - 1].holds)
            stack[n - 1] = stack[n];
    }
    if (!n || !stack[0].holds)
        return false;
    *ret = stack[0].by ? from_mention(stack[0].by)
                       : (struct evidence){ .field = FIELD_TITLE,
                                            .confidence = CONFIDENCE_HIGH,
                                            .rule = "track" };
    return true;
}

/* Two different phrases: the later of the two is what decided, the first is what is shown. */
static bool phrases_hold(const struct bullets *b, uint32_t bullet, const struct ad *ad,
                         struct evidence *ret)
{
    const struct bullet *asking = &b->list.items[bullet];
    uint32_t seen = 0;

    for (size_t i = 0; i < ad->said->n; i++) {
        const struct said_phrase *s = &ad->said->items[i];

        if (s->bullet != bullet)
            continue;
        if (!seen)
            *ret = (struct evidence){ FIELD_TEXT, s->start, s->end, CONFIDENCE_HIGH, "phrases" };
        seen |= UINT32_C(1) << s->phrase;
    }
    for (size_t i = 0; i < asking->by_skill.n; i++) {
        const struct skill_phrase *s = &asking->by_skill.items[i];
        const struct mention *m = asked(ad, s->skill);

        if (!m)
            continue;
        if (!seen)
            *ret = from_mention(m);
        seen |= UINT32_C(1) << s->phrase;
    }
    return (seen & (seen - 1)) != 0;
}

void bullets_find(const struct bullets *b, const struct said_phrases *said, struct arena *a,
                  struct signal *io)
{
    struct ad ad = { io, said, 0 };

    for (size_t i = 0; i < io->n_mentions; i++)
        ad.skills |= UINT64_C(1) << (io->mentions[i].skill % 64);
    io->bullets = ARENA_NEW(a, struct bullet_hit, b->list.n + 1);
    io->n_bullets = 0;
    for (uint32_t i = 0; i < b->list.n; i++) {
        struct bullet_hit h = { .bullet = i };

        if (phrases_hold(b, i, &ad, &h.from) || rule_holds(&b->list.items[i], &ad, &h.from))
            io->bullets[io->n_bullets++] = h;
    }
}

size_t bullets_count(const struct bullets *b)
{
    return b->list.n;
}

const struct bullet_rule *bullets_at(const struct bullets *b, uint32_t i, int *ret_stage)
{
    if (ret_stage)
        *ret_stage = b->list.items[i].stage;
    return b->list.items[i].rule;
}
