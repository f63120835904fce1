#ifndef CORE_NEAREST_H
#define CORE_NEAREST_H

#include "core/str.h"

/*
 * For "did you mean": the index of the word nearest to `typed`, near enough to be what was
 * meant: at most a third of it, rounded up, differs. -1 when none is.
 */
ptrdiff_t nearest_word(struct str typed, const struct str *words, size_t n);

#endif
