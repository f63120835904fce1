#include "aggregator/openings.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"

enum { EVIDENCE_SHOWN = 5 };

/* A posting while it is joined: a union-find forest with the members of each tree as a list. */
struct node {
    const struct posting_fact *f;
    struct str employer_name, employer, requisition, title, evidence;
    struct strs places;
    uint32_t employer_index;
    bool own;
    struct node *parent; /* NULL: a root */
    struct node *next, *last;
};

const struct source_state *source_find(const struct source_state *sources, size_t n, struct str key)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(sources[mid].row.key, key);

        if (order == 0)
            return &sources[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

bool posting_is_own(const struct join_options *o, const struct posting_fact *f)
{
    const struct source_state *s = source_find(o->sources, o->n_sources, f->source);

    return s && s->row.company.n;
}

struct str posting_employer(const struct join_options *o, const struct source_state *source,
                            struct str key, struct str company, struct arena *a,
                            struct str *ret_name)
{
    struct str employer;

    *ret_name = source && source->row.company.n ? source->row.company : company;
    employer = employer_key(a, *ret_name, o->aliases, o->n_aliases);
    if (!employer.n)
        *ret_name = employer = key;
    return employer;
}

static struct node node_of(const struct posting_fact *f, const struct join_options *o,
                           struct arena *a, struct arena *words)
{
    const struct source_state *s = source_find(o->sources, o->n_sources, f->source);
    struct node n = { .f = f, .own = s && s->row.company.n };
    struct strs places = place_keys(words, f);

    n.employer = str_dup(a, posting_employer(o, s, f->source, f->company, words, &n.employer_name));
    n.requisition = str_dup(a, requisition_key(words, f->requisition));
    n.title = str_dup(a, title_key(words, f));
    for (size_t i = 0; i < places.n; i++)
        *ARENA_PUSH(a, &n.places) = str_dup(a, places.items[i]);
    arena_reset(words);
    return n;
}

/* Within an employer by what the source calls it: an order no reading can change. */
static int by_employer(const void *x, const void *y)
{
    const struct node *a = x, *b = y;
    int order = str_cmp(a->employer, b->employer);

    order = order ? order : str_cmp(a->f->source, b->f->source);
    order = order ? order : str_cmp(a->f->native_id, b->f->native_id);
    return order ? order : (a->f->posting > b->f->posting) - (a->f->posting < b->f->posting);
}

static int by_address(const struct node *a, const struct node *b)
{
    return (a > b) - (a < b); /* nodes stand in the order of by_employer() */
}

static int by_requisition(const void *x, const void *y)
{
    const struct node *const *a = x, *const *b = y;
    int order = str_cmp((*a)->requisition, (*b)->requisition);

    return order ? order : by_address(*a, *b);
}

static int by_title(const void *x, const void *y)
{
    const struct node *const *a = x, *const *b = y;
    int order = str_cmp((*a)->title, (*b)->title);

    return order ? order : by_address(*a, *b);
}

static struct node *root_of(struct node *n)
{
    while (n->parent) {
        if (n->parent->parent)
            n->parent = n->parent->parent;
        n = n->parent;
    }
    return n;
}

static int64_t end_of(const struct posting_fact *f)
{
    return f->ended_by ? f->ended_by : INT64_MAX;
}

/* From the end of the earlier to the beginning of the later; 0 or less: they overlap. */
static int64_t gap_between(const struct posting_fact *a, const struct posting_fact *b)
{
    int64_t end = end_of(a) < end_of(b) ? end_of(a) : end_of(b);
    int64_t start = a->first_proof > b->first_proof ? a->first_proof : b->first_proof;

    return end == INT64_MAX ? 0 : start - end;
}

static bool overlap(const struct posting_fact *a, const struct posting_fact *b)
{
    return a->first_proof < end_of(b) && b->first_proof < end_of(a);
}

static bool two_jobs_at_one_board(const struct node *a, const struct node *b)
{
    if (a->requisition.n && str_eq(a->requisition, b->requisition))
        return false;
    return str_eq(a->f->source, b->f->source) && overlap(a->f, b->f)
           && places_meet(a->places, b->places);
}

static bool may_join(const struct node *a, const struct node *b)
{
    if (a->requisition.n && b->requisition.n && !str_eq(a->requisition, b->requisition))
        return false;
    for (const struct node *x = a; x; x = x->next)
        for (const struct node *y = b; y; y = y->next)
            if (two_jobs_at_one_board(x, y))
                return false;
    return true;
}

/* The check of a near match where the texts are not at hand: what was read out of them. */
static bool signals_agree(const struct posting_fact *a, const struct posting_fact *b)
{
    const struct signal *x = &a->signal, *y = &b->signal;

    if (!a->has_signal || !b->has_signal)
        return true;
    return x->experience.min_months == y->experience.min_months && x->level == y->level
           && (x->pay.kind == PAY_UNDISCLOSED || y->pay.kind == PAY_UNDISCLOSED
               || (x->pay.annual_min == y->pay.annual_min
                   && x->pay.annual_max == y->pay.annual_max));
}

/* How many bits apart two texts are, or -1 where they are not near. */
static int text_distance(const struct posting_fact *a, const struct posting_fact *b)
{
    int bits;

    if (!a->text_read || !b->text_read)
        return -1;
    if (a->text_hash && a->text_hash == b->text_hash)
        return 0;
    if (!a->simhash || !b->simhash)
        return -1;
    bits = __builtin_popcountll(a->simhash ^ b->simhash);
    return bits <= NEAR_BITS && signals_agree(a, b) ? bits : -1;
}

static void note(struct arena *a, struct node *n, const char *why, struct str what,
                 const struct posting_fact *other)
{
    if (!n->evidence.n)
        n->evidence = str_printf(a, "%s" STR_FMT " as " STR_FMT "/" STR_FMT, why, STR_ARG(what),
                                 STR_ARG(other->source), STR_ARG(other->native_id));
}

static void unite(struct node *a, struct node *b)
{
    if (by_address(a, b) > 0) {
        struct node *t = a;

        a = b;
        b = t;
    }
    b->parent = a;
    if (!a->requisition.n)
        a->requisition = b->requisition;
    a->last->next = b;
    a->last = b->last;
}

static void join_requisitions(struct node **block, size_t n, struct arena *a)
{
    qsort(block, n, sizeof(struct node *), by_requisition);
    for (size_t i = 1; i < n; i++) {
        struct node *x = block[i - 1], *y = block[i];

        if (!x->f->requisition.n || !x->requisition.n || !str_eq(x->requisition, y->requisition))
            continue;
        note(a, x, "same requisition ", y->f->requisition, y->f);
        note(a, y, "same requisition ", x->f->requisition, x->f);
        unite(root_of(x), root_of(y));
    }
}

static void note_text(struct arena *a, struct node *n, int bits, const struct posting_fact *other)
{
    if (n->evidence.n)
        return;
    if (bits)
        note(a, n, "same title and near-same text (", str_printf(a, "%d of 64 bits apart)", bits),
             other);
    else
        note(a, n, "same title", STR(" and text"), other);
}

/* What evidence of one strength joins among ads of one title; `apart`: they share no city. */
static void join_near(struct node **group, size_t n, int bits, bool apart, struct arena *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            struct node *x = group[i], *y = group[j];

            if (text_distance(x->f, y->f) != bits || root_of(x) == root_of(y)
                || gap_between(x->f, y->f) > (int64_t)REPOST_DAYS * DAY_SECONDS
                || places_meet(x->places, y->places) == apart || !may_join(root_of(x), root_of(y)))
                continue;
            note_text(a, x, bits, y->f);
            note_text(a, y, bits, x->f);
            unite(root_of(x), root_of(y));
        }
}

/* The strongest evidence first, so that what a weaker pair may still do never depends on the order
 * in which the boards were read. The pairs are gone through once a strength instead of being kept:
 * a chain's thousand ads of one title are half a million pairs. */
static void join_texts(struct node **block, size_t n, struct arena *a)
{
    qsort(block, n, sizeof(struct node *), by_title);
    for (int strength = 0; strength < 2 * (NEAR_BITS + 1); strength++)
        for (size_t i = 0, j; i < n; i = j) {
            for (j = i + 1; j < n && str_eq(block[i]->title, block[j]->title); j++)
                ;
            join_near(block + i, j - i, strength / 2, strength % 2, a);
        }
}

static int by_first_proof(const void *x, const void *y)
{
    const struct node *a = *(struct node *const *)x, *b = *(struct node *const *)y;

    if (a->f->first_proof != b->f->first_proof)
        return a->f->first_proof < b->f->first_proof ? -1 : 1;
    return (a->f->posting > b->f->posting) - (a->f->posting < b->f->posting);
}

static struct str sum_evidence(const struct opening *o, struct arena *a)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 1; i < o->n_members && i <= EVIDENCE_SHOWN; i++) {
        buf_printf(&b, "%s", i > 1 ? "; " : "");
        buf_add(&b, o->evidences[i]);
    }
    if (o->n_members > EVIDENCE_SHOWN + 1)
        buf_printf(&b, "; and %zu more", o->n_members - EVIDENCE_SHOWN - 1);
    return buf_take(&b, a);
}

static void opening_of(struct node *root, struct opening *ret, struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct {
        struct node **items;
        size_t n, cap;
    } list = { 0 };

    for (struct node *n = root; n; n = n->next)
        *ARENA_PUSH(&scratch, &list) = n;
    qsort(list.items, list.n, sizeof(*list.items), by_first_proof);
    *ret = (struct opening){
        .id = list.items[0]->f->posting,
        .members = ARENA_NEW(a, const struct posting_fact *, list.n),
        .whys = ARENA_NEW(a, enum why_counted, list.n),
        .evidences = ARENA_NEW(a, struct str, list.n),
        .n_members = list.n,
        .employer = root->employer_index,
        .first_proof = list.items[0]->f->first_proof,
    };
    for (size_t i = 0; i < list.n; i++) {
        ret->members[i] = list.items[i]->f;
        ret->evidences[i] = list.items[i]->evidence;
        if (list.items[i]->f->last_proof > ret->last_proof)
            ret->last_proof = list.items[i]->f->last_proof;
    }
    ret->evidence = sum_evidence(ret, a);
}

static int by_id(const void *x, const void *y)
{
    const struct opening *a = x, *b = y;

    return (a->id > b->id) - (a->id < b->id);
}

/* The name shown: as an own board has it, else the first in order that an ad has. */
static struct str shown_name(const struct node *block, size_t n)
{
    const struct node *best = &block[0];

    for (size_t i = 1; i < n; i++)
        if (block[i].own != best->own ? block[i].own
                                      : str_cmp(block[i].employer_name, best->employer_name) < 0)
            best = &block[i];
    return str_trim(best->employer_name);
}

static void join_employer(struct node *block, size_t n, uint32_t index, struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct node **list = ARENA_NEW(&scratch, struct node *, n);

    for (size_t i = 0; i < n; i++) {
        block[i].employer_index = index;
        block[i].last = list[i] = &block[i];
    }
    join_requisitions(list, n, a);
    join_texts(list, n, a);
}

void openings_join(const struct posting_fact *const *facts, size_t n, const struct join_options *o,
                   struct arena *a, struct joined *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    CLEANUP(arena_free) struct arena words = ARENA_INIT;
    struct node *nodes = ARENA_NEW(&scratch, struct node, n ? n : 1);

    *ret = (struct joined){
        .openings = ARENA_NEW(a, struct opening, n ? n : 1),
        .employers = ARENA_NEW(a, struct str, n ? n : 1),
        .employer_keys = ARENA_NEW(a, struct str, n ? n : 1),
    };
    for (size_t i = 0; i < n; i++)
        nodes[i] = node_of(facts[i], o, &scratch, &words);
    if (n)
        qsort(nodes, n, sizeof(*nodes), by_employer);
    for (size_t i = 0, j; i < n; i = j) {
        size_t e = ret->n_employers++;

        for (j = i + 1; j < n && str_eq(nodes[i].employer, nodes[j].employer); j++)
            ;
        join_employer(nodes + i, j - i, (uint32_t)e, a);
        ret->employers[e] = shown_name(nodes + i, j - i);
        ret->employer_keys[e] = str_dup(a, nodes[i].employer);
    }
    for (size_t i = 0; i < n; i++)
        if (!nodes[i].parent)
            opening_of(&nodes[i], &ret->openings[ret->n_openings++], a);
    if (ret->n_openings)
        qsort(ret->openings, ret->n_openings, sizeof(*ret->openings), by_id);
    for (size_t i = 0; i < ret->n_openings; i++)
        ret->openings[i].employer_name = ret->employers[ret->openings[i].employer];
}
