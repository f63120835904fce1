#ifndef CLI_REPARSE_DIFF_H
#define CLI_REPARSE_DIFF_H

#include "cli/pipeline.h"

/*
 * What other rules conclude of the same postings: by rule, family, track, level and stage, and by
 * skill, in all and at each stage; in how many postings more and in how many fewer, with an example
 * of each.
 *     diff = reparse_diff(cli); ... pipeline_extract(..., &watcher, ...) ...; reparse_print(diff,
 * ...)
 */
struct reparse_diff;

struct reparse_diff *reparse_diff(struct cli *cli);
/* Also what an earlier run, stopped half-way, had read already is compared. */
struct extract_watcher reparse_watcher(struct reparse_diff *diff);

/* To stdout in cli->format; nothing where there is no difference. */
int reparse_print(const struct reparse_diff *diff, struct diag *d) MUST_USE;

#endif
