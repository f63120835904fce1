#ifndef CLI_LEDGER_CHECK_H
#define CLI_LEDGER_CHECK_H

#include "cli/cli.h"
#include "crawler/ledger.h"

struct ledger_check {
    int64_t requests; /* sent or refused */
    int64_t broken[MANNER_OVERLAP + 1];
    struct strs said; /* the first breaches, a line each: "gap: URL at TIME: why" */
};

/* Replay the ledger from `since` on (crawler/ledger.h). How many lines broke a manner. */
int ledger_check(struct cli *cli, struct store *s, int64_t since, struct ledger_check *ret,
                 int64_t *ret_broken, struct diag *d) MUST_USE;

#endif
