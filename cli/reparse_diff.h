#ifndef CLI_REPARSE_DIFF_H
#define CLI_REPARSE_DIFF_H

#include "cli/cli.h"
#include "parsers/extract.h"

/*
 * What another reading of the same history concludes otherwise: by skill, stage, family, track and
 * level, in how many postings more and in how many fewer, with an example of each.
 *     reparse_before(&diff, ...); ... read again ...; reparse_after(diff, ...)
 */
struct reparse_diff;

/* What is concluded now, to be compared with what `x` will. */
int reparse_before(struct cli *cli, struct store *s, const struct extractor *x,
                   struct reparse_diff **ret, struct diag *d) MUST_USE;

/* Print the difference to stdout in cli->format; nothing where there is none. */
int reparse_after(struct reparse_diff *diff, struct store *s, struct diag *d) MUST_USE;

#endif
