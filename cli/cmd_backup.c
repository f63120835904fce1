#include <stdio.h>

#include "cli/commands.h"
#include "core/cleanup.h"

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    int r;

    (void)args;
    if (cli->rest.n != 1)
        return diag_fail(d, ERR_USAGE, "backup: want the file to write");
    r = cli_store(cli, STORE_READ, &s, d);
    if (!r)
        r = store_backup(s, str_cstr(cli->run, cli->rest.items[0]), d);
    if (!r && !cli->quiet)
        fprintf(stderr, "copied to " STR_FMT "\n", STR_ARG(cli->rest.items[0]));
    return r;
}

const struct command cmd_backup = {
    .name = "backup",
    .summary = "Copy the store, consistently, also while it is written",
    .usage = "FILE",
    .examples = "  roletide backup roletide-2026-11-23.db\n",
    .run = run,
};
