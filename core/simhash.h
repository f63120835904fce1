#ifndef CORE_SIMHASH_H
#define CORE_SIMHASH_H

#include "core/str.h"

/*
 * SimHash (M. Charikar, "Similarity estimation techniques from rounding algorithms", 2002)
 * over XXH3 of three words in a row, ASCII letters folded: near-same texts differ in few of
 * the 64 bits. 0 for a text of fewer than three words.
 */
uint64_t simhash_of(struct str text);
unsigned simhash_distance(uint64_t a, uint64_t b); /* bits that differ */

#endif
