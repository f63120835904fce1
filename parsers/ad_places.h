#ifndef PARSERS_AD_PLACES_H
#define PARSERS_AD_PLACES_H

#include "core/listing.h"
#include "parsers/place.h"
#include "parsers/spots.h"

/*
 * Where a job is, by all that its ad says: the source's fields first, then the text's "Location:"
 * line where it says more; where neither names a place the title, the words of the text that put
 * the job in India, and the employer's legal form.
 */
void ad_places_read(const struct gazetteer *g, const struct listing *in, const struct spots *text,
                    struct arena *a, struct places *ret);

#endif
