#ifndef AGGREGATOR_QUANTILES_H
#define AGGREGATOR_QUANTILES_H

#include "aggregator/figures.h"
#include "aggregator/interval.h"

/* Median and quartiles with their intervals, where enough employers stand behind them. Sorts v. */
struct quantiles quantiles_of(struct valued *v, size_t n);

#endif
