#ifndef AGGREGATOR_POSTING_H
#define AGGREGATOR_POSTING_H

#include "aggregator/figures.h"

/* Facts about a posting that several figures ask. */
bool posting_open(const struct posting_fact *f, int64_t at);
bool posting_fresh(const struct posting_fact *f, int64_t at);

/*
 * What a posting by itself would count for at a time, whatever it is joined to. Reasons are
 * sought in the order CLOSED, NO_SIGNAL, ADJACENT or NOT_CORE, NOT_INDIA, REMOTE_ONLY, STALE: so
 * STALE alone means that but for its age it would count.
 */
enum why_counted posting_why(const struct posting_fact *f, int64_t at);

/* The middle of the pay an opening discloses, INR a year; one end where only one is given. False:
 * undisclosed, another currency, a stipend, or in hand (after tax: not comparable). */
bool pay_in_inr(const struct opening *o, double *ret);

#endif
