#ifndef AGGREGATOR_SHEET_H
#define AGGREGATOR_SHEET_H

#include "aggregator/figures.h"

/* Rows of a market's sheet, ascending: so employer by employer. */
struct rows {
    uint32_t *items;
    size_t n;
};

/* The rows that pass a filter: counted openings, or adjacent ones. */
struct rows sheet_select(const struct market *m, const struct filter *f, bool adjacent,
                         struct arena *a);

/* Of these rows, keep those with a posting at one of these sources (sorted). */
void sheet_keep_panel(const struct market *m, const struct str *panel, size_t n_panel,
                      struct rows *io);

/* The opening of a row. */
const struct opening *sheet_opening(const struct market *m, uint32_t row);

#endif
