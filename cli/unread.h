#ifndef CLI_UNREAD_H
#define CLI_UNREAD_H

#include "aggregator/figures.h"
#include "cli/cli.h"
#include "core/json_out.h"

/* What is read, and what is not and why: beside the count. */
struct unread {
    int64_t by_default;            /* configured boards that a crawl reads */
    int64_t opt_in, off;           /* wait for a yes; off by policy */
    int64_t no_permission, no_key; /* their terms ask for one, and there is none */
};
/* As configured now, whatever the time asked for. */
int unread_of(struct cli *cli, struct unread *ret, struct diag *d) MUST_USE;

/* For people; and as the member "coverage". */
void unread_print(const struct unread *u, const struct mix *mix);
void unread_json(struct json_out *j, const struct unread *u, const struct mix *mix);

#endif
