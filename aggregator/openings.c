#include "aggregator/openings.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"

enum { EVIDENCE_SHOWN = 5 };

/* An ad while it is joined: a union-find forest with the members of each tree as a list. */
struct node {
    struct ad ad;
    struct str evidence;
    const struct posting_fact *kin; /* with whom, by that */
    uint32_t employer_index;
    struct node *parent; /* NULL: a root */
    struct node *next, *last;
};

bool posting_is_own(const struct join_options *o, const struct posting_fact *f)
{
    const struct source_state *s = source_state_find(o->sources, o->n_sources, f->source);

    return s && s->row.company.n;
}

/* Within an employer by what the source calls it: an order no reading can change. */
static int by_employer(const void *x, const void *y)
{
    const struct node *a = x, *b = y;
    int order = str_cmp(a->ad.employer, b->ad.employer);

    order = order ? order : str_cmp(a->ad.f->source, b->ad.f->source);
    order = order ? order : str_cmp(a->ad.f->native_id, b->ad.f->native_id);
    return order ? order
                 : (a->ad.f->posting > b->ad.f->posting) - (a->ad.f->posting < b->ad.f->posting);
}

static int by_address(const struct node *a, const struct node *b)
{
    return (a > b) - (a < b); /* nodes stand in the order of by_employer() */
}

static int by_requisition(const void *x, const void *y)
{
    const struct node *const *a = x, *const *b = y;
    int order = str_cmp((*a)->ad.employer, (*b)->ad.employer);

    order = order ? order : str_cmp((*a)->ad.requisition, (*b)->ad.requisition);

    return order ? order : by_address(*a, *b);
}

static int by_title(const void *x, const void *y)
{
    const struct node *const *a = x, *const *b = y;
    int order = str_cmp((*a)->ad.title, (*b)->ad.title);

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

static bool may_join(const struct node *a, const struct node *b)
{
    for (const struct node *x = a; x; x = x->next)
        for (const struct node *y = b; y; y = y->next)
            if (ads_apart(&x->ad, &y->ad))
                return false;
    return true;
}

static void note(struct arena *a, struct node *n, const char *why, struct str what,
                 const struct posting_fact *other)
{
    if (n->evidence.n)
        return;
    n->evidence = str_printf(a, "%s" STR_FMT, why, STR_ARG(what));
    n->kin = other;
}

static void unite(struct node *a, struct node *b)
{
    if (by_address(a, b) > 0) {
        struct node *t = a;

        a = b;
        b = t;
    }
    b->parent = a;
    a->last->next = b;
    a->last = b->last;
}

static void join_requisitions(struct node **block, size_t n, struct arena *a)
{
    qsort(block, n, sizeof(struct node *), by_requisition);
    for (size_t i = 1; i < n; i++) {
        struct node *x = block[i - 1], *y = block[i];

        if (!x->ad.requisition.n || !str_eq(x->ad.requisition, y->ad.requisition)
            || !str_eq(x->ad.employer, y->ad.employer))
            continue;
        note(a, x, "same requisition ", y->ad.f->requisition, y->ad.f);
        note(a, y, "same requisition ", x->ad.f->requisition, x->ad.f);
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

/* How strong the evidence is that two ads of one title are one job, the strongest first: nearer
 * texts, then a shared place. -1: none. */
static int strength_of(const struct node *x, const struct node *y)
{
    int bits = ads_nearness(&x->ad, &y->ad);

    if (bits < 0 || ads_apart(&x->ad, &y->ad)
        || ads_gap(&x->ad, &y->ad) > (int64_t)REPOST_DAYS * DAY_SECONDS)
        return -1;
    return 2 * bits + !places_meet(x->ad.places, y->ad.places);
}

/* In the order of a group those whose employer may be a node's follow it without a gap: the names
 * that begin with its name. */
static bool meet(const struct node *x, const struct node *y)
{
    return employers_meet(x->ad.employer, y->ad.employer);
}

/* Which strengths occur among ads of one title, as bits. */
static uint64_t strengths_among(struct node **group, size_t n)
{
    uint64_t ret = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n && meet(group[i], group[j]); j++) {
            int strength = strength_of(group[i], group[j]);

            ret |= strength < 0 ? 0 : UINT64_C(1) << strength;
        }
    return ret;
}

static void join_near(struct node **group, size_t n, int strength, struct arena *a)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n && meet(group[i], group[j]); j++) {
            struct node *x = group[i], *y = group[j];

            if (root_of(x) == root_of(y) || strength_of(x, y) != strength
                || !may_join(root_of(x), root_of(y)))
                continue;
            note_text(a, x, strength / 2, y->ad.f);
            note_text(a, y, strength / 2, x->ad.f);
            unite(root_of(x), root_of(y));
        }
}

/* The strongest evidence first, so that what a weaker pair may still do never depends on the order
 * in which the boards were read. The pairs are gone through once a strength instead of being kept:
 * a chain's thousand ads of one title are half a million pairs. */
static void join_texts(struct node **block, size_t n, struct arena *a)
{
    qsort(block, n, sizeof(struct node *), by_title);
    for (size_t i = 0, j; i < n; i = j) {
        uint64_t strengths;

        for (j = i + 1; j < n && str_eq(block[i]->ad.title, block[j]->ad.title); j++)
            ;
        strengths = strengths_among(block + i, j - i);
        for (int strength = 0; strengths >> strength; strength++)
            if (strengths >> strength & 1)
                join_near(block + i, j - i, strength, a);
    }
}

static int by_first_proof(const void *x, const void *y)
{
    const struct node *a = *(struct node *const *)x, *b = *(struct node *const *)y;

    const struct posting_fact *x_f = a->ad.f, *y_f = b->ad.f;

    if (x_f->first_proof != y_f->first_proof)
        return x_f->first_proof < y_f->first_proof ? -1 : 1;
    return (x_f->posting > y_f->posting) - (x_f->posting < y_f->posting);
}

struct str opening_evidence(const struct opening *o, size_t member, struct arena *a)
{
    const struct posting_fact *kin = o->kin[member];

    return kin ? str_printf(a, STR_FMT " as " STR_FMT "/" STR_FMT, STR_ARG(o->evidences[member]),
                            STR_ARG(kin->source), STR_ARG(kin->native_id))
               : o->evidences[member];
}

static struct str sum_evidence(const struct opening *o, struct arena *a)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 1; i < o->n_members && i <= EVIDENCE_SHOWN; i++) {
        buf_printf(&b, "%s", i > 1 ? "; " : "");
        buf_add(&b, opening_evidence(o, i, a));
    }
    if (o->n_members > EVIDENCE_SHOWN + 1)
        buf_printf(&b, "; and %zu more", o->n_members - EVIDENCE_SHOWN - 1);
    return buf_take(&b, a);
}

/* Members may have an employer's longer and shorter name: its own board knows best. */
static uint32_t employer_of(const struct node *root)
{
    const struct node *best = root;

    for (const struct node *n = root; n; n = n->next)
        if (n->ad.own != best->ad.own ? n->ad.own : by_address(n, best) < 0)
            best = n;
    return best->employer_index;
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
        .id = list.items[0]->ad.f->posting,
        .members = ARENA_NEW(a, const struct posting_fact *, list.n),
        .whys = ARENA_NEW(a, enum why_counted, list.n),
        .evidences = ARENA_NEW(a, struct str, list.n),
        .kin = ARENA_NEW(a, const struct posting_fact *, list.n),
        .n_members = list.n,
        .employer = employer_of(root),
        .first_proof = list.items[0]->ad.f->first_proof,
    };
    for (size_t i = 0; i < list.n; i++) {
        ret->members[i] = list.items[i]->ad.f;
        ret->evidences[i] = list.items[i]->evidence;
        ret->kin[i] = list.items[i]->kin;
        if (list.items[i]->ad.f->last_proof > ret->last_proof)
            ret->last_proof = list.items[i]->ad.f->last_proof;
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
        if (block[i].ad.own != best->ad.own
                ? block[i].ad.own
                : str_cmp(block[i].ad.employer_name, best->ad.employer_name) < 0)
            best = &block[i];
    return str_trim(best->ad.employer_name);
}

/* Employers whose names begin with one word: what is joined is among them. */
static void join_family(struct node *block, size_t n, struct arena *a)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct node **list = ARENA_NEW(&scratch, struct node *, n);

    for (size_t i = 0; i < n; i++)
        block[i].last = list[i] = &block[i];
    join_requisitions(list, n, a);
    join_texts(list, n, a);
}

static void name_employers(struct node *nodes, size_t n, struct joined *ret, struct arena *a)
{
    for (size_t i = 0, j; i < n; i = j) {
        size_t e = ret->n_employers++;

        for (j = i; j < n && str_eq(nodes[i].ad.employer, nodes[j].ad.employer); j++)
            nodes[j].employer_index = (uint32_t)e;
        ret->employers[e] = shown_name(nodes + i, j - i);
        ret->employer_keys[e] = str_dup(a, nodes[i].ad.employer);
    }
}

void openings_join(const struct posting_fact *const *facts, size_t n, const struct join_options *o,
                   struct arena *a, struct joined *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    CLEANUP(arena_free) struct arena words = ARENA_INIT;
    struct node *nodes = ARENA_NEW(&scratch, struct node, n ? n : 1);
    struct employer_names names =
        o->names ? *o->names : employer_names_of(&scratch, o->aliases, o->n_aliases);

    *ret = (struct joined){
        .openings = ARENA_NEW(a, struct opening, n ? n : 1),
        .employers = ARENA_NEW(a, struct str, n ? n : 1),
        .employer_keys = ARENA_NEW(a, struct str, n ? n : 1),
    };
    for (size_t i = 0; i < n; i++)
        nodes[i] = (struct node){ .ad = ad_of(facts[i], o, &names, &scratch, &words) };
    if (n)
        qsort(nodes, n, sizeof(*nodes), by_employer);
    name_employers(nodes, n, ret, a);
    for (size_t i = 0, j; i < n; i = j) {
        struct str family = employer_family(nodes[i].ad.employer);

        for (j = i + 1; j < n && str_eq(family, employer_family(nodes[j].ad.employer)); j++)
            ;
        join_family(nodes + i, j - i, a);
    }
    for (size_t i = 0; i < n; i++)
        if (!nodes[i].parent)
            opening_of(&nodes[i], &ret->openings[ret->n_openings++], a);
    if (ret->n_openings)
        qsort(ret->openings, ret->n_openings, sizeof(*ret->openings), by_id);
    for (size_t i = 0; i < ret->n_openings; i++)
        ret->openings[i].employer_name = ret->employers[ret->openings[i].employer];
}
