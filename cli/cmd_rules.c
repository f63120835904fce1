#include <stdio.h>

#include "cli/commands.h"
#include "core/cleanup.h"
#include "parsers/extract.h"

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(extractor_close) struct extractor *x = NULL;
    size_t n = 0;
    int r;

    (void)args;
    if (cli->rest.n != 1 || !str_eq(cli->rest.items[0], STR("check"))) {
        diag_fail(d, ERR_USAGE, "rules: want check");
        diag_hint(d, "roletide rules check");
        return ERR_USAGE;
    }
    r = cli_config(cli, d);
    if (!r)
        r = extractor_open(&x, &cli->config.rules, d);
    if (!r)
        r = extractor_prove(x, &n, d);
    if (!r && !cli->quiet)
        printf("ok: %zu rules, %zu sentences hold\n", cli->config.rules.skills.n, n);
    return r;
}

const struct command cmd_rules = {
    .name = "rules",
    .summary = "Run every rule's own sentences; the first that fails is named with file and line",
    .usage = "check",
    .examples = "  roletide rules check\n"
                "  roletide --config my-rules/ rules check    with your own on top\n",
    .run = run,
};
