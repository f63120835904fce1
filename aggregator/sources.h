#ifndef AGGREGATOR_SOURCES_H
#define AGGREGATOR_SOURCES_H

#include "store/store.h"

/* What figures ask of sources as such. */
enum { STALE_DAYS = 14 };

/* Whether a source last proven at a time speaks for a later one: for STALE_DAYS days of India. */
bool source_fresh(int64_t proven, int64_t at);

/* The newest proven reading of all; 0: none. */
int64_t newest_proof(const struct source_proven *known, size_t n);

#endif
