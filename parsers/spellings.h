#ifndef PARSERS_SPELLINGS_H
#define PARSERS_SPELLINGS_H

#include "core/listing.h"

struct arena;

/* What boards' fields spell in many ways, where they mean one of few things. */
enum work_mode mode_spelt(struct str v);    /* MODE_UNKNOWN: none of the usual spellings */
enum pay_period period_spelt(struct str v); /* PERIOD_UNKNOWN: none, or one that we do not have */
struct str currency_spelt(struct arena *a, struct str v); /* ISO 4217; empty: none */

#endif
