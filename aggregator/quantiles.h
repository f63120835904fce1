#ifndef AGGREGATOR_QUANTILES_H
#define AGGREGATOR_QUANTILES_H

#include "aggregator/figures.h"
#include "aggregator/interval.h"

/* Median and quartiles with their intervals, where enough employers stand behind them. Sorts v. */
struct quantiles quantiles_of(struct valued *v, size_t n);

/* The middle of the pay an opening discloses, INR a year; one end where only one is given. False:
 * undisclosed, another currency, a stipend, or in hand (after tax: not comparable). */
bool pay_in_inr(const struct opening *o, double *ret);

#endif
