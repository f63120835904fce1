#ifndef CLI_SOURCES_RECORD_H
#define CLI_SOURCES_RECORD_H

#include "cli/cli.h"

/*
 * Make the configured sources known to the store. A board that goes by another key than the store
 * knows keeps its history: one whose data say what it `was`, and one with the adapter and the
 * parameters of a stored source that is configured no more.
 */
int sources_record(struct cli *cli, struct store *s, struct diag *d) MUST_USE;

#endif
