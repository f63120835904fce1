#ifndef CLI_RULES_TRY_H
#define CLI_RULES_TRY_H

#include "cli/cli.h"

/*
 * One new rule over every stored posting: what it finds, in context, and what it changes where it
 * replaces the rule of that id. Asks nothing and writes nothing.
 */
struct rules_try {
    struct str file;     /* of one rule; or */
    struct strs aliases; /* names as a rule's `aliases`, marks and all */
    int64_t limit;       /* rows shown; 0: all */
};

/* EXIT_NOTHING: it finds nothing. ERR_CONFIG: the rule is not valid, or a sentence fails. */
int rules_try(struct cli *cli, const struct rules_try *what, struct diag *d) MUST_USE;

#endif
