#ifndef CLI_SOURCE_LOOK_H
#define CLI_SOURCE_LOOK_H

#include "cli/cli.h"

/*
 * Finding the board behind an address or a saved page, and adding it to one's own
 * configuration. Both want cli_config() done.
 */

/* Print it as YAML. EXIT_NOTHING: no known board; ERR_DENIED: a site that is never read. */
int source_detect(struct cli *cli, struct str what, struct diag *d) MUST_USE;

/* What a person says of a source; empty: nothing. */
struct source_words {
    struct str company, permission;
    bool hiring; /* it was added because it was hiring: out of the trend for half a year */
};

/*
 * Write a source that is to be read into a file of its own below the person's folder: a
 * drop-in, whole or not there, so a run may start meanwhile. `what` is a key of `source list`
 * (an opt-in board), a URL or a file. Prints the file's path.
 */
int source_add(struct cli *cli, struct str what, const struct source_words *words,
               struct diag *d) MUST_USE;

#endif
