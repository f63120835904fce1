#ifndef CORE_RULE_MARK_H
#define CORE_RULE_MARK_H

#include "core/hash.h"
#include "core/str.h"

/*
 * What a vintage was made of, rule by rule: of two vintages it tells which texts they may read
 * otherwise.
 */
struct rule_mark {
    struct str id;    /* of a skill; empty: all that is no rule of a skill */
    struct hash hash; /* of what the rule says */
    struct str words; /* one a line: without one of them it finds nothing */
};

struct rule_marks {
    struct rule_mark *items;
    size_t n, cap;
};

#endif
