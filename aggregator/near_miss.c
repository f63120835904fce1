#include "aggregator/near_miss.h"

#include <inttypes.h>

#include "aggregator/openings.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

struct search {
    const struct market *m;
    const struct opening *home;
    struct ad ad;
    struct join_options o;
    struct near_miss *best;
    int bits[NEAR_MISSES];
    size_t n;
    struct arena *a;      /* of what is found */
    struct arena scratch; /* of the ad that is compared */
    struct arena words;
};

static const struct opening *opening_with(const struct market *m, int64_t posting,
                                          const struct posting_fact **ret)
{
    for (size_t i = 0; i < m->n_openings; i++)
        for (size_t k = 0; k < m->openings[i].n_members; k++)
            if (m->openings[i].members[k]->posting == posting) {
                *ret = m->openings[i].members[k];
                return &m->openings[i];
            }
    return NULL;
}

static int bits_apart(const struct posting_fact *x, const struct posting_fact *y)
{
    if (x->text_hash && x->text_hash == y->text_hash)
        return 0;
    return x->simhash && y->simhash ? __builtin_popcountll(x->simhash ^ y->simhash) : 64;
}

static struct str say(struct search *s, const char *why)
{
    return str_dup(s->a, str_of(why));
}

/* Why two ads are apart, and by which numbers if it is by numbers. */
static struct str say_apart(struct search *s, const struct ad *ad, const char *why)
{
    bool is_stated = s->ad.requisition.n && ad->requisition.n;
    struct str x = is_stated ? s->ad.requisition : s->ad.number,
               y = is_stated ? ad->requisition : ad->number;

    if (!x.n || !y.n || str_eq(x, y))
        return say(s, why);
    return str_printf(s->a, "%s: " STR_FMT " and " STR_FMT, why, STR_ARG(x), STR_ARG(y));
}

/* Two that would be one job, but for others in their openings. */
static struct str say_members(struct search *s, const struct opening *of)
{
    for (size_t i = 0; i < s->home->n_members; i++)
        for (size_t k = 0; k < of->n_members; k++) {
            const struct posting_fact *f = s->home->members[i], *g = of->members[k];
            struct ad x = ad_of(f, &s->o, &s->m->names, &s->scratch, &s->words);
            struct ad y = ad_of(g, &s->o, &s->m->names, &s->scratch, &s->words);
            const char *why = ads_apart(&x, &y);

            if (why)
                return str_printf(
                    s->a, "postings %" PRId64 " and %" PRId64 " of their openings are two: %s",
                    f->posting, g->posting, why);
        }
    return say(s, "others are nearer to each");
}

/* What keeps the ad out of the opening: itself, or a member that the opening has already. */
static struct str why_not(struct search *s, const struct opening *of, const struct ad *ad)
{
    int64_t days = ads_gap(&s->ad, ad) / DAY_SECONDS;
    const char *why = ads_apart(&s->ad, ad);

    if (why)
        return say_apart(s, ad, why);
    if (!str_eq(s->ad.title, ad->title))
        return str_printf(s->a, "their titles differ: \"" STR_FMT "\"", STR_ARG(ad->f->title));
    if (days > REPOST_DAYS)
        return str_printf(s->a, "%" PRId64 " days lie between them", days);
    why = ads_far(&s->ad, ad);
    return why ? say(s, why) : say_members(s, of);
}

static void keep(struct search *s, const struct opening *of, const struct ad *ad, int bits)
{
    size_t at = s->n;

    while (at && s->bits[at - 1] > bits)
        at--;
    if (at == NEAR_MISSES)
        return;
    s->n += s->n < NEAR_MISSES;
    for (size_t i = s->n - 1; i > at; i--) {
        s->best[i] = s->best[i - 1];
        s->bits[i] = s->bits[i - 1];
    }
    s->bits[at] = bits;
    s->best[at] = (struct near_miss){ .f = ad->f, .opening = of->id, .why = why_not(s, of, ad) };
}

static void compare(struct search *s, const struct opening *of, const struct posting_fact *f)
{
    int bits = bits_apart(s->ad.f, f);
    struct ad ad = ad_of(f, &s->o, &s->m->names, &s->scratch, &s->words);

    if (employers_meet(s->ad.employer, ad.employer)
        && (bits <= NEAR_BITS || str_eq(s->ad.title, ad.title)))
        keep(s, of, &ad, bits);
    arena_reset(&s->scratch);
}

size_t near_misses(const struct market *m, int64_t posting, struct arena *a,
                   struct near_miss ret[NEAR_MISSES])
{
    struct search s = { .m = m,
                        .o = { .sources = m->sources, .n_sources = m->n_sources },
                        .best = ret,
                        .a = a,
                        .scratch = ARENA_INIT,
                        .words = ARENA_INIT };
    const struct posting_fact *f;
    struct str family;

    s.home = opening_with(m, posting, &f);
    if (s.home) {
        s.ad = ad_of(f, &s.o, &m->names, a, &s.words);
        family = employer_family(s.ad.employer);
        for (size_t i = 0; i < m->n_openings; i++)
            if (&m->openings[i] != s.home
                && str_eq(family, employer_family(m->employer_keys[m->openings[i].employer])))
                for (size_t k = 0; k < m->openings[i].n_members; k++)
                    compare(&s, &m->openings[i], m->openings[i].members[k]);
    }
    arena_free(&s.scratch);
    arena_free(&s.words);
    return s.n;
}
