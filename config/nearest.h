#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include "core/str.h"

/* How many insertions, removals, replacements and swaps of neighbours lead from a to b. */
size_t edit_distance(struct str a, struct str b);

/*
 * The index of the word nearest to `typed`, near enough to be what was meant: at most a
 * third of it, rounded up, differs. -1 when none is.
 */
ptrdiff_t nearest_word(struct str typed, const struct str *words, size_t n);

#endif
