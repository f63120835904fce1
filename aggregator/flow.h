#ifndef AGGREGATOR_FLOW_H
#define AGGREGATOR_FLOW_H

#include "aggregator/life.h"

/* Stock and flow: what is open, and what came and went in a time, group by group. */
enum flow_by { FLOW_STAGE, FLOW_CITY, FLOW_COMPANY, FLOW_MODE, FLOW_TRACK, FLOW_BY_COUNT };

struct flow_row {
    struct str key;              /* "3" or "unstaged", a city, an employer, a mode, a track */
    int64_t openings, employers; /* counted now */
    int64_t came, ended;         /* roles since `from`: new at a board read before; seen to end */
    int64_t found;               /* since `from`, by the first reading of their board: not new */
};

/* In order of stage; else most openings first, ties by key. An opening stands in each of its
 * cities. */
size_t flow_rows(const struct market *m, const struct roles_seen *roles, enum flow_by by,
                 int64_t from, struct arena *a, struct flow_row **ret);

/* What came and went in (from, to], in all. */
struct flow_row flow_between(const struct roles_seen *roles, int64_t from, int64_t to);

#endif
