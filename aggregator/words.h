#ifndef AGGREGATOR_WORDS_H
#define AGGREGATOR_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/str.h"

struct arena;

/* Names and titles as words, for comparing. */

/*
 * The words of s, lower case, in the arena. An apostrophe and the dot after a single letter
 * close up ("Lowe's" is lowes, "L.L.P." is llp); any other dot parts words ("amazon.com"). `+` and
 * `#` belong to the word they end ("C++", "C#"), `&` is "and".
 */
struct strs words_of(struct arena *a, struct str s);

/* The words again, one space between two. */
struct str words_join(struct arena *a, const struct str *words, size_t n);

bool word_among(struct str word, const char *const *words, size_t n);

#endif
