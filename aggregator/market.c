#include "aggregator/market.h"

#include "aggregator/posting.h"
#include "aggregator/traits.h"
#include "core/arena.h"
#include "core/date.h"

static const char *const why_texts[] = {
    [COUNTED] = "counted: a core role in India, open at its last proof",
    [SAME_OPENING] = "the same opening as a posting that is counted",
    [ADJACENT] = "of an adjacent role: shown beside the count where it is in India",
    [NOT_CORE] = "its title and text are not of the role counted",
    [NOT_INDIA] = "no place in India is named",
    [REMOTE_ONLY] = "remote and merely open to India: counted beside as remote_open",
    [CLOSED] =
        "closed: absent from a proven reading, expired, or gone from its employer's own board",
    [STALE] = "its source has not been proven for more than 14 days",
    [NO_SIGNAL] = "listed, its text not extracted yet",
};

const char *why_counted_text(enum why_counted w)
{
    return (size_t)w < ARRAY_LEN(why_texts) ? why_texts[w] : "?";
}

struct opening_row opening_line(const struct opening *o, size_t member)
{
    return (struct opening_row){ .posting = o->members[member]->posting,
                                 .opening = o->id,
                                 .leads = o->members[member] == o->lead,
                                 .counted = o->whys[member] == COUNTED,
                                 .reason = str_of(why_counted_text(o->whys[member])),
                                 .evidence = o->evidences[member],
                                 .kin = o->kin[member] ? o->kin[member]->posting : 0 };
}

static int india_rank(const struct posting_fact *f)
{
    if (!f->has_signal)
        return 3;
    return f->signal.india == INDIA_YES ? 0 : f->signal.india == INDIA_REMOTE_OPEN ? 1 : 2;
}

/*
 * Who speaks for the opening: the open before the closed, the fresh before the stale, one
 * that names India before one that does not, the employer's own board before an aggregator,
 * text before none; then the earliest, and at last the source's own names, so that the
 * choice is total and no reading order can change it. Less than 0: x before y.
 */
static int lead_order(const struct join_options *o, int64_t at, const struct posting_fact *x,
                      const struct posting_fact *y)
{
    int order = posting_open(y, at) - posting_open(x, at);

    order = order ? order : posting_fresh(y, at) - posting_fresh(x, at);
    order = order ? order : india_rank(x) - india_rank(y);
    order = order ? order : posting_is_own(o, y) - posting_is_own(o, x);
    order = order ? order : y->text_read - x->text_read;
    if (order)
        return order;
    if (x->first_proof != y->first_proof)
        return x->first_proof < y->first_proof ? -1 : 1;
    order = str_cmp(x->source, y->source);
    return order ? order : str_cmp(x->native_id, y->native_id);
}

/* Closed at the employer's own board: what an aggregator still shows is an echo. */
static bool closed_at_home(const struct opening *op, const struct join_options *o, int64_t at)
{
    bool has_own = false;

    for (size_t i = 0; i < op->n_members; i++) {
        if (!posting_is_own(o, op->members[i]))
            continue;
        if (posting_open(op->members[i], at))
            return false;
        has_own = true;
    }
    return has_own;
}

static void judge(struct opening *op, const struct join_options *o, int64_t at)
{
    op->lead = op->members[0];
    for (size_t i = 1; i < op->n_members; i++)
        if (lead_order(o, at, op->members[i], op->lead) < 0)
            op->lead = op->members[i];
    op->why = closed_at_home(op, o, at) ? CLOSED : posting_why(op->lead, at);
    op->fresh = posting_fresh(op->lead, at);
    op->carried = op->why == COUNTED && day_of(op->lead->source_proven) < day_of(at);
    op->adjacent = op->why == ADJACENT && op->lead->signal.india == INDIA_YES && op->fresh;
    for (size_t i = 0; i < op->n_members; i++) {
        enum why_counted own = posting_why(op->members[i], at);

        if (op->why == COUNTED)
            op->whys[i] = op->members[i] == op->lead ? COUNTED : SAME_OPENING;
        else
            op->whys[i] = own == COUNTED ? op->why : own;
    }
}

/* Every opening that counts for something gets its traits, in the pools of this market. */
static void set_traits(struct market *m, const struct market_in *in, struct arena *a)
{
    struct traits_pool pool;

    traits_begin(&pool, in->known, in->n_known, a);
    for (size_t i = 0; i < m->n_openings; i++)
        if (opening_is_live(&m->openings[i]))
            traits_add(&pool, &m->openings[i], m->at);
    traits_give(&pool, m);
}

void market_join(struct market *ret, const struct market_in *in, struct arena *a)
{
    struct joined j;
    struct join_options o = {
        .sources = in->sources,
        .n_sources = in->n_sources,
        .aliases = in->roadmap ? in->roadmap->aliases : NULL,
        .n_aliases = in->roadmap ? in->roadmap->n_aliases : 0,
        .names = in->names,
    };

    openings_join(in->facts, in->n_facts, &o, a, &j);
    for (size_t i = 0; i < j.n_openings; i++)
        judge(&j.openings[i], &o, in->at);
    *ret = (struct market){
        .at = in->at,
        .day = day_of(in->at),
        .openings = j.openings,
        .n_openings = j.n_openings,
        .employers = j.employers,
        .employer_keys = j.employer_keys,
        .names = in->names ? *in->names : employer_names_of(a, o.aliases, o.n_aliases),
        .n_employers = j.n_employers,
        .skills = in->skills,
        .n_skills = in->n_skills,
        .roadmap = in->roadmap,
        .sources = in->sources,
        .n_sources = in->n_sources,
        .n_postings = in->n_facts,
    };
}

void market_build(struct market *ret, const struct market_in *in, struct arena *a)
{
    market_join(ret, in, a);
    set_traits(ret, in, a);
}
