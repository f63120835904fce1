#ifndef PARSERS_VINTAGE_H
#define PARSERS_VINTAGE_H

#include "core/hash.h"
#include "parsers/rules.h"

/*
 * The version of what parsers conclude from the same rules. It goes up with every change of code
 * that may change a signal, because a series never mixes two vintages.
 */
enum { PARSERS_VERSION = 2 };

/* Names a rule set and the parsers' version: what made a signal. */
struct hash vintage_of(const struct rule_set *rules);

#endif
