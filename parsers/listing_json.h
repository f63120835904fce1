#ifndef PARSERS_LISTING_JSON_H
#define PARSERS_LISTING_JSON_H

#include "core/json_out.h"
#include "core/listing.h"

/* A listing as `source try` prints it: one JSON object, keys in the contract's order; what is
 * not stated is null (places: an empty list). */
void listing_json(struct json_out *j, const char *key, const struct listing *l);

#endif
