#ifndef CLI_RULES_UNMATCHED_H
#define CLI_RULES_UNMATCHED_H

#include "cli/cli.h"

/* What the stored postings name like a tool and no rule knows; `limit` rows, 0: all. EXIT_NOTHING:
 * there is none. */
int rules_unmatched(struct cli *cli, int64_t limit, struct diag *d) MUST_USE;

#endif
