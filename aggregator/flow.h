#ifndef AGGREGATOR_FLOW_H
#define AGGREGATOR_FLOW_H

#include "aggregator/life.h"

/* Stock and flow: what is open, and what came and went in a time, group by group. */
enum flow_by {
    FLOW_STAGE,
    FLOW_CITY,
    FLOW_COMPANY,
    FLOW_MODE,
    FLOW_TRACK,
    FLOW_SOURCE,  /* that of the opening's lead */
    FLOW_ADAPTER, /* the kind of that source: Greenhouse, Lever */
    FLOW_BY_COUNT
};

struct flow_row {
    struct str key;              /* "3" or "unstaged", a city, an employer, a mode, a track */
    int64_t openings, employers; /* counted now */
    int64_t came, ended;         /* roles since `from`: new at a board read before; seen to end */
    int64_t found;               /* since `from`, by the first reading of their board: not new */
    struct life life;            /* by source and by adapter only */
};

struct names;

/* The groups of employer after employer. An opening stands in each of its cities. */
struct flow {
    enum flow_by by;
    int64_t from, at;
    const struct filter *only; /* NULL: all; its days, skill and `required_only` are not asked */
    struct str company;        /* the key of the employer it names */
    size_t n_employers;
    struct names *keys;
    struct lives lives; /* by source and by adapter, from flow_watch() on */
    bool watches;
    struct flow_entry *items;
    size_t n, cap;
};
void flow_begin(struct flow *f, enum flow_by by, int64_t from, int64_t at, struct arena *a);
/* How long roles live, too; newest as in lives_begin(). */
void flow_watch(struct flow *f, int64_t newest);
void flow_add(struct flow *f, const struct market *one, const struct roles_seen *roles);
/* In order of stage; else most openings first, ties by key. */
size_t flow_end(struct flow *f, struct flow_row **ret);

/* What came and went in (from, to], in all. */
void flow_between(const struct roles_seen *roles, int64_t from, int64_t to, struct flow_row *io);

/* The same of the whole market as of m->at, of which the terms alone are asked: group by group
 * since `from`; and between each of n times and the next. */
int flow_of(const struct market *m, struct store *s, enum flow_by by, int64_t from,
            const struct filter *only, struct arena *a, struct flow_row **ret, size_t *ret_n,
            struct diag *d) MUST_USE;
int flow_spans(const struct market *m, struct store *s, const int64_t *times, size_t n,
               struct flow_row *ret, struct diag *d) MUST_USE;

#endif
