#ifndef PARSERS_OWN_NAMES_H
#define PARSERS_OWN_NAMES_H

#include "parsers/sweep.h"

struct arena;

/* The aliases of skills that are but the employer's own name: "Snowflake Inc." Those are no skills
 * in its ads. In small letters, as the sweep's copy has them; they live in `a`. */
struct strs own_names(const struct sweep *sweep, struct str company, struct arena *a);

#endif
