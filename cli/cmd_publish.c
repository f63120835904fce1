#include <stdio.h>

#include "cli/commands.h"
#include "cli/pipeline.h"
#include "core/cleanup.h"

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    int r;

    (void)args;
    if (cli->rest.n != 1) {
        diag_fail(d, ERR_USAGE, "publish: want the folder to write to");
        diag_hint(d, "roletide publish public/");
        return ERR_USAGE;
    }
    r = cli_config(cli, d);
    if (!r)
        r = cli_store_read_before(cli, &s, d);
    if (!r)
        r = pipeline_publish(cli, s, true, cli->rest.items[0], d);
    if (!r && !cli->quiet)
        fprintf(stderr, "published to " STR_FMT "\n", STR_ARG(cli->rest.items[0]));
    return r;
}

const struct command cmd_publish = {
    .name = "publish",
    .summary = "Write the feeds and the page that the site serves",
    .usage = "DIR",
    .examples = "  roletide publish public/\n",
    .more = "Files are written beside and renamed; what did not change keeps its bytes. The store "
            "keeps the\n"
            "bytes of every version published.",
    .run = run,
};
