#ifndef CLI_SOURCE_OFF_H
#define CLI_SOURCE_OFF_H

#include "cli/cli.h"

struct source;

/*
 * Whether a source that its policy lets be read is fit to be: its adapter's keys are at
 * hand and safe, and there is a note of permission where one is needed. 0, or ERR_CONFIG
 * with the reason and what mends it.
 */
int source_is_fit(struct cli *cli, const struct source *src, struct diag *d) MUST_USE;

#endif
