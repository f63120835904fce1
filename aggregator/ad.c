#include "aggregator/ad.h"

#include "aggregator/openings.h"
#include "core/arena.h"

/*
 * An ad whose title names no occupation, or several, may be a list of jobs, of which one was
 * changed: LIST_BITS. What an aggregator shows twice in one place is one ad from two of its feeds:
 * TWICE_BITS.
 */
enum { LIST_BITS = 2, TWICE_BITS = 1 };

/*
 * Two ads that name FEW_SKILLS or more contradict each other where they share less than SHARED of
 * 100; PROOF_SKILLS or more and the same in both prove one job where the texts alone would not.
 */
enum { FEW_SKILLS = 4, SHARED = 75, PROOF_SKILLS = 6 };

struct str posting_employer(const struct source_state *source, struct str key, struct str company,
                            const struct employer_names *names, struct arena *a,
                            struct str *ret_name)
{
    struct str employer;

    *ret_name = source && source->row.company.n ? source->row.company : company;
    employer = employer_key(a, *ret_name, names);
    if (!employer.n)
        *ret_name = employer = key;
    return employer;
}

struct ad ad_of(const struct posting_fact *f, const struct join_options *o,
                const struct employer_names *names, struct arena *a, struct arena *words)
{
    const struct source_state *s = source_state_find(o->sources, o->n_sources, f->source);
    struct ad ad = { .f = f, .own = s && s->row.company.n };
    struct strs places = place_keys(words, f);

    ad.employer =
        str_dup(a, posting_employer(s, f->source, f->company, names, words, &ad.employer_name));
    ad.requisition = str_dup(a, requisition_key(words, f->requisition));
    ad.number = str_dup(a, requisition_key(words, f->signal.requisition.id));
    ad.title = str_dup(a, title_key(words, f));
    ad.wide = place_is_wide(words, f);
    ad.titled = title_names_one_job(ad.title);
    for (size_t i = 0; i < places.n; i++)
        *ARENA_PUSH(a, &ad.places) = str_dup(a, places.items[i]);
    arena_reset(words);
    return ad;
}

static bool pay_agrees(const struct ad *a, const struct ad *b)
{
    const struct pay *x = &a->f->signal.pay, *y = &b->f->signal.pay;

    if (x->kind == PAY_UNDISCLOSED || y->kind == PAY_UNDISCLOSED)
        return true;
    if (x->annual_min == y->annual_min && x->annual_max == y->annual_max)
        return true;
    return !places_meet(a->places, b->places); /* paid by what living there costs */
}

struct shared_skills {
    size_t a, b, both;
};

/* The next skill that is named, once each; mentions stand in order of skill. Whether it is asked
 * for may hang on a heading that one of two feeds lost. */
static const struct mention *next_skill(const struct signal *s, size_t *at)
{
    const struct mention *m = *at < s->n_mentions ? &s->mentions[*at] : NULL;

    while (m && *at < s->n_mentions && s->mentions[*at].skill == m->skill)
        ++*at;
    return m;
}

static struct shared_skills share_skills(const struct signal *x, const struct signal *y)
{
    struct shared_skills n = { 0 };
    size_t i = 0, j = 0;
    const struct mention *p = next_skill(x, &i), *q = next_skill(y, &j);

    while (p || q) {
        bool in_x = p && (!q || p->skill <= q->skill), in_y = q && (!p || q->skill <= p->skill);

        n.a += in_x;
        n.b += in_y;
        n.both += in_x && in_y;
        p = in_x ? next_skill(x, &i) : p;
        q = in_y ? next_skill(y, &j) : q;
    }
    return n;
}

static bool skills_agree(const struct signal *x, const struct signal *y, bool must_prove)
{
    struct shared_skills n = share_skills(x, y);
    size_t all = n.a + n.b - n.both;

    if (must_prove)
        return all >= PROOF_SKILLS && n.both == all;
    return all < FEW_SKILLS || 100 * n.both >= SHARED * all;
}

/* Proven to be open at one time: an ad that came as another went took its place. */
static bool seen_together(const struct posting_fact *a, const struct posting_fact *b)
{
    return a->first_proof <= b->last_proof && b->first_proof <= a->last_proof;
}

/* Put up again in the same place after its end: that itself speaks for one job. */
static bool follows(const struct ad *a, const struct ad *b)
{
    return str_eq(a->f->source, b->f->source) && !seen_together(a->f, b->f)
           && places_meet(a->places, b->places);
}

/* The check of a near match where the texts are not at hand: what was read out of them. NULL: they
 * agree. */
static const char *contradiction(const struct ad *a, const struct ad *b, int bits)
{
    const struct signal *x = &a->f->signal, *y = &b->f->signal;

    if (!a->f->has_signal || !b->f->has_signal)
        return bits <= NEAR_BITS ? NULL : "their texts are not near enough";
    if (x->level != y->level)
        return "they are of different levels";
    if (x->experience.min_months != y->experience.min_months)
        return "they ask for different years";
    if (!pay_agrees(a, b))
        return "they pay differently in one place";
    if (!skills_agree(x, y, bits > NEAR_BITS && !follows(a, b)))
        return "they name different skills";
    return NULL;
}

/* Why two texts are not one job's; NULL: they are, and `bits` says how near. */
static const char *why_far(const struct ad *a, const struct ad *b, int *bits)
{
    const struct posting_fact *x = a->f, *y = b->f;
    const char *why;

    if (!x->text_read || !y->text_read)
        return "the text of one was never read";
    if (x->text_hash && x->text_hash == y->text_hash) {
        *bits = 0;
        return NULL;
    }
    if (!x->simhash || !y->simhash)
        return "their texts are too short to be compared";
    *bits = __builtin_popcountll(x->simhash ^ y->simhash);
    if (*bits > FAR_BITS)
        return "their texts are far apart";
    why = contradiction(a, b, *bits);
    if (!why && *bits > LIST_BITS && (!a->titled || !b->titled))
        why = "they are lists of jobs that were changed";
    *bits = *bits ? *bits : 1;
    return why;
}

int ads_nearness(const struct ad *a, const struct ad *b)
{
    int bits = -1;

    return why_far(a, b, &bits) ? -1 : bits;
}

const char *ads_far(const struct ad *a, const struct ad *b)
{
    int bits = -1;

    return why_far(a, b, &bits);
}

static bool differ(struct str a, struct str b)
{
    return a.n && b.n && !str_eq(a, b);
}

/*
 * An employer that lists one job twice in one place wants two people. An aggregator takes its ads
 * from several feeds: there one that stands twice is one job, as is one with a number of its own.
 */
static bool two_at_one_board(const struct ad *a, const struct ad *b)
{
    bool is_sure;
    int bits;

    if (!str_eq(a->f->source, b->f->source) || !seen_together(a->f, b->f)
        || !places_meet(a->places, b->places))
        return false;
    bits = a->own ? -1 : ads_nearness(a, b);
    is_sure = (a->number.n && b->number.n) || (a->wide && b->wide);
    return bits < 0 || bits > (is_sure ? NEAR_BITS : TWICE_BITS);
}

const char *ads_apart(const struct ad *a, const struct ad *b)
{
    if (differ(a->requisition, b->requisition))
        return "they have different requisitions";
    if (a->requisition.n && str_eq(a->requisition, b->requisition))
        return NULL;
    if (differ(a->number, b->number))
        return "their words give different requisitions";
    if (two_at_one_board(a, b))
        return "both were open in one place at one board";
    return NULL;
}

/* One that nobody looked at since its last proof may have ended the day after. */
static int64_t end_of(const struct posting_fact *f)
{
    return f->ended_by ? f->ended_by : f->last_proof;
}

int64_t ads_gap(const struct ad *a, const struct ad *b)
{
    const struct posting_fact *x = a->f, *y = b->f;
    int64_t end = end_of(x) < end_of(y) ? end_of(x) : end_of(y);

    return (x->first_proof > y->first_proof ? x->first_proof : y->first_proof) - end;
}
