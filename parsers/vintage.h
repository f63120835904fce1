#ifndef PARSERS_VINTAGE_H
#define PARSERS_VINTAGE_H

#include "core/hash.h"
#include "core/rule_mark.h"
#include "parsers/rules.h"

struct arena;

/*
 * The version of what parsers conclude from the same rules. It goes up with every change of code
 * that may change a signal, because a series never mixes two vintages.
 */
enum { PARSERS_VERSION = 2 };

/* Names a rule set and the parsers' version: what made a signal. */
struct hash vintage_of(const struct rule_set *rules);

/* The same rule by rule, the one without an id first; ids are views of the rules. */
void vintage_marks(const struct rule_set *rules, struct arena *a, struct rule_marks *ret);

#endif
