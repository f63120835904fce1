#ifndef PARSERS_CHANGE_H
#define PARSERS_CHANGE_H

#include "core/listing.h"
#include "core/rule_mark.h"
#include "parsers/rules.h"

struct arena;
struct change;

/*
 * From one set of rules to another: which ads they may read otherwise. A rule of a skill finds
 * nothing where none of its words stands, and others heed only what it found; so an ad without a
 * word of the rules that changed, came or went, or that imply one of these, is read as it was.
 * Whatever else changed (headings, cues, titles, roadmaps, the parsers) may change any ad.
 */

/* From what rules were made of (vintage_marks()) to `rules` and theirs. NULL: any ad may be read
 * otherwise. For change_free(). */
struct change *change_new(const struct rule_marks *before, const struct rule_marks *now,
                          const struct rule_set *rules);
void change_free(struct change **c);

/* Whether the ad may be read otherwise. Shared by threads; `a` is its own. */
bool change_touches(const struct change *c, const struct listing *l, struct arena *a);

#endif
