#ifndef STORE_SIMHASH_H
#define STORE_SIMHASH_H

#include <stdint.h>

#include "core/str.h"

/*
 * What makes two ads near-same, whatever their case, spacing and punctuation: both are
 * made of the text's words (runs of word bytes, ASCII letters folded).
 */
struct text_prints {
    uint64_t simhash; /* over XXH3 of every three words in a row; few bits differ: near-same */
    uint64_t words;   /* XXH3 of all words joined by a space: equal words, equal hash */
};

/* Of a text without a word: 0 and 0. */
struct text_prints text_prints(struct str text);

#endif
