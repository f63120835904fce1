#ifndef CLI_SOURCES_RECORD_H
#define CLI_SOURCES_RECORD_H

#include "cli/cli.h"

/* Sources as the store has them, in order of key. */
struct source_states {
    struct source_state *items;
    size_t n;
};

/*
 * Make the configured sources known to the store. A board that goes by another key than the store
 * knows keeps its history: one whose data say what it `was`, and one with the adapter and the
 * parameters of a stored source that is configured no more. *ret: what the store then knows.
 */
int sources_record(struct cli *cli, struct store *s, struct arena *a, struct source_states *ret,
                   struct diag *d) MUST_USE;

#endif
