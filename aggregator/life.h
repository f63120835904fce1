#ifndef AGGREGATOR_LIFE_H
#define AGGREGATOR_LIFE_H

#include "aggregator/openings.h"
#include "aggregator/survival.h"

/*
 * The roles that came and went: of each core opening in India that was ever seen, the times in
 * which it was open. Put up again within REPOST_DAYS it is the same role living on; later it is
 * another. Only the employer's own boards tell, where it has one.
 */
struct role {
    const struct opening *opening;
    int64_t first_proof, last_proof;
    int64_t ended_by; /* 0: open, or nobody saw it end */
    int64_t
        appeared; /* its stated date, or the middle of the gap in which it came; 0: no telling */
    bool came;    /* its board had been read before, without it: it is new, not newly found */
    bool reposted;
};
struct roles_seen {
    struct role *items; /* in order of opening, then time */
    size_t n, cap;
};

/* Where proven days and earlier spells come from: the store, or a test. */
struct life_facts {
    const struct proven_day *days; /* in order of (source, day) */
    size_t n_days;
    const struct earlier_spell *earlier; /* in order of (posting, time) */
    size_t n_earlier;
};
void roles_seen(const struct market *m, const struct life_facts *facts, struct arena *a,
                struct roles_seen *ret);
int life_facts(struct store *s, int64_t at, struct arena *a, struct life_facts *ret,
               struct diag *d) MUST_USE;

/* The life of the roles at a stage; 0: of all. */
void life_at(const struct market *m, const struct roles_seen *roles, int stage, struct life *ret);

#endif
