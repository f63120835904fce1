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

/* What tells when roles came: from the store, or a test. */
struct life_facts {
    const struct proven_reading *readings; /* in order of (source, time) */
    size_t n_readings;
    const struct earlier_spell *earlier; /* in order of (posting, time) */
    size_t n_earlier;
};
void roles_seen(const struct market *m, const struct life_facts *facts, struct arena *a,
                struct roles_seen *ret);
int life_facts(struct store *s, int64_t at, struct arena *a, struct life_facts *ret,
               struct diag *d) MUST_USE;

/* The lives of roles, employer after employer; watched are the LIFE_WINDOW_DAYS up to the newest
 * proven reading, whatever the clock says. */
struct lives {
    struct arena *a;
    int64_t from;
    size_t n_employers;
    struct lived {
        struct lifetime of; /* of one left out: of nothing */
        int stage;
        uint32_t group; /* whoever adds them may part them */
        bool ended, reposted, left_out;
    } * items;
    size_t n, cap;
};
void lives_begin(struct lives *l, int64_t newest, struct arena *a);
void lives_add(struct lives *l, const struct market *one, const struct roles_seen *roles);
void lives_end(const struct lives *l, struct life ret[STAGES + 1]);

/* The same role by role, into groups. False: it was over before the days that are watched. After
 * the last role of a market, lives_next(). */
bool lives_put(struct lives *l, const struct role *r, uint32_t group);
void lives_next(struct lives *l, const struct market *one);
struct life lives_of(const struct lives *l, uint32_t group);

#endif
