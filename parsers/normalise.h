#ifndef PARSERS_NORMALISE_H
#define PARSERS_NORMALISE_H

#include <stdint.h>

#include "core/str.h"

struct arena;

/*
 * A text as the rules read it. An ad says "Python" in many bytes: with no-break spaces, hard
 * hyphens, curly quotes, mathematical bold letters, soft hyphens, emoji bullets. The copy has
 *
 *   - every kind of space or tab as one ' ', runs of them folded, none at a line's start;
 *   - every kind of hyphen and dash as '-', of quote as ' or ";
 *   - characters that Unicode calls compatible with ASCII (full width, bold, ligatures) as ASCII;
 *   - nothing for what has no width (joiners, soft hyphens, variation selectors, marks of order);
 *   - any other sign or punctuation as ' ', so that a byte >= 0x80 is part of a letter;
 *   - '\n' for any end of line. Letters keep their case, and their bytes if they are no ASCII.
 *
 * Offsets lead back to the text it was made from. Behind the copy are COPY_PADDING zero bytes,
 * so that a sweep may load whole words.
 */
enum { COPY_PADDING = 64 };

struct text_copy {
    struct str text;
    struct str of;           /* what it was made from */
    struct text_jump *jumps; /* in order; private to normalise.c */
    size_t n_jumps;
};

/* `text` is valid UTF-8 (utf8_repair()); everything lives in `a` or in `text`. */
void text_copy_make(struct arena *a, struct str text, struct text_copy *ret);

/* The bytes of the original from which [start,end) of the copy was made. */
uint32_t text_copy_start(const struct text_copy *c, uint32_t start);
uint32_t text_copy_end(const struct text_copy *c, uint32_t end);

#endif
