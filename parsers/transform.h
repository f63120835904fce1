#ifndef PARSERS_TRANSFORM_H
#define PARSERS_TRANSFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct arena;

/* What an adapter may do to a value on its way into a listing, by name; NULL: no such name.
 * `now` is what relative dates count from. What cannot be transformed becomes empty. */
typedef struct str transform_fn(struct arena *a, struct str v, int64_t now);
transform_fn *transform_find(struct str name);

/* A moment as a source may write it: seconds or milliseconds since 1970, ISO 8601, RFC 822, or a
 * day, its month in words or all of it in figures ("2026/7/27", "27.07.2026", "20260727"). */
bool transform_time(struct str v, int64_t *ret);

/* A country's code or usual English name -> ISO 3166-1 alpha-2; what is not known stays. */
struct str country_code(struct arena *a, struct str v);

#endif
