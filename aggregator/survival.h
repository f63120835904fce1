#ifndef AGGREGATOR_SURVIVAL_H
#define AGGREGATOR_SURVIVAL_H

#include "aggregator/interval.h"

/*
 * How long roles stay open, from what was seen of each. Ages are in days since the role
 * appeared. A role found already open is watched from that age on (delayed entry); one that
 * went between two readings ended somewhere between them; one still open is known to have
 * lasted so far. docs/method.md, "Life of a role", has the method. Pure.
 */
struct lifetime {
    double entered;   /* the age from which it was watched */
    double after, by; /* it ended at an age in (after, by]; INFINITY: it was open at `after` */
    uint32_t employer;
};

/* Ages beyond are not told apart: such a role is known to have lasted so far. */
enum { LIFE_DAYS = 365 };

/* At every age up to the median so many roles must have been watched. */
enum { LIFE_AT_RISK = 10 };

/*
 * The median age at which roles end, with its 95% interval over employers like these; high is NaN
 * where it lies beyond what was seen. All NaN where half of the roles outlast what was seen, or
 * fewer than LIFE_AT_RISK were watched at some age before. Sorts `l` by employer.
 */
struct interval life_median(struct lifetime *l, size_t n);

#endif
