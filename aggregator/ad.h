#ifndef AGGREGATOR_AD_H
#define AGGREGATOR_AD_H

#include "aggregator/identity.h"
#include "store/store.h"

/* A posting as it is compared with others, and the comparison of two. */

struct join_options {
    const struct source_state *sources; /* in order of key; a source without company: aggregator */
    size_t n_sources;
    const struct employer_alias *aliases;
    size_t n_aliases;
    const struct employer_names
        *names; /* of the aliases, where they were looked up before; or NULL */
};

/*
 * The key of the employer of a posting at `source` (NULL: not known) with the key `key`, whose ad
 * names `company`. An own board speaks for one employer; an aggregator names it ad by ad. Where
 * nobody does, the source stands for the employer, so that nothing joins across sources. *ret_name:
 * as people write it.
 */
struct str posting_employer(const struct source_state *source, struct str key, struct str company,
                            const struct employer_names *names, struct arena *a,
                            struct str *ret_name);

struct ad {
    const struct posting_fact *f;
    struct str employer_name, employer; /* as people write it; its key */
    struct str requisition;             /* key of the one that the source states */
    struct str number;                  /* key of the one that the ad's own words give */
    struct str title;
    struct strs places;
    bool wide;   /* its source names countries, no city */
    bool titled; /* its title names an occupation, and not several */
    bool own;    /* on its employer's own board, not on an aggregator */
};

/* Keys live in `a`; `words` is scratch, and reset. */
struct ad ad_of(const struct posting_fact *f, const struct join_options *o,
                const struct employer_names *names, struct arena *a, struct arena *words);

/*
 * How near two ads' texts are: 0 equal words, else the bits of SimHash (Charikar 2002) that differ,
 * -1 where they are not near enough to be one job's. What was read from the texts is the check:
 * level, years and pay must not contradict each other, nor the skills asked for; beyond NEAR_BITS
 * the skills must prove it.
 */
enum { NEAR_BITS = 8, FAR_BITS = 16 };
int ads_nearness(const struct ad *a, const struct ad *b);

/* Why the nearness is -1; NULL: it is not. A constant. */
const char *ads_far(const struct ad *a, const struct ad *b);

/* Why two ads are two jobs, whatever their words say; NULL: nothing says so. A constant. */
const char *ads_apart(const struct ad *a, const struct ad *b);

/* From the end of the earlier to the beginning of the later, in seconds; 0 or less: they overlap.
 */
int64_t ads_gap(const struct ad *a, const struct ad *b);

#endif
