#ifndef TESTS_BENCH_ENGINES_WORD_PATTERN_H
#define TESTS_BENCH_ENGINES_WORD_PATTERN_H

#include "core/buf.h"
#include "parsers/sweep.h"

/* The meaning of a word of the sweep (sweep.h) as a case-sensitive regex on bytes: its literal, and
 * what must stand before and behind. PCRE2 looks around; what cannot matches those bytes too. */
enum dialect { LOOKS_AROUND, CONSUMES };

void word_pattern_begin(struct buf *to, enum dialect dialect);
void word_pattern_literal(struct buf *to, const struct word *w);
void word_pattern_end(struct buf *to, enum dialect dialect);

#endif
