#ifndef CLI_SPARK_H
#define CLI_SPARK_H

#include "core/arena.h"
#include "core/str.h"

/* Whether the terminal may be given block characters: a UTF-8 locale, and not TERM=dumb. */
bool spark_blocks(void);

/*
 * A line of n values from lowest to highest, one character each: eight blocks, or the digits 0
 * to 7 where blocks may not be used. NaN is a gap, shown as a dot and never bridged.
 */
struct str spark_line(struct arena *a, const double *values, size_t n, bool blocks);

/* A bar for a value from 0 to 1, `width` cells at 1, to an eighth of a cell (without blocks: to a
 * whole one). Empty for NaN. */
struct str spark_bar(struct arena *a, double value, int width, bool blocks);

#endif
