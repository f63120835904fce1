#ifndef PARSERS_MICRODATA_H
#define PARSERS_MICRODATA_H

#include "core/str.h"

struct arena;
struct json_object;

/*
 * The JobPostings that a page states in itemscope, itemtype and itemprop, added to the list `to`
 * in the shape JSON-LD would have: "@type", properties, inner items as objects, repeated
 * properties as lists. A page without any adds nothing. For this folder's own use.
 */
void microdata_postings(struct arena *a, struct str html, struct json_object *to);

#endif
