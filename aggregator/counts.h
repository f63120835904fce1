#ifndef AGGREGATOR_COUNTS_H
#define AGGREGATOR_COUNTS_H

#include "aggregator/figures.h"

/* The counts of roles_of(), without sources and change; and the same as a finished day has them. */
void roles_count(const struct market *m, struct roles *ret);
int roles_kept(struct store *s, int64_t day, struct roles *ret, struct arena *a,
               struct diag *d) MUST_USE;

/* Those counts by the names of their figures. */
struct roles_field {
    const char *name;
    size_t at; /* an int64_t of struct roles */
};
enum { ROLES_FIELDS = 8 + STAGES + 1 };
extern const struct roles_field roles_fields[ROLES_FIELDS];

#endif
