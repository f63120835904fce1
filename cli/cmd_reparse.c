#include <inttypes.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/pipeline.h"
#include "cli/reparse_diff.h"
#include "cli/stop.h"
#include "core/cleanup.h"

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct reparse_diff *diff;
    struct extract_watcher watcher;
    int64_t n = 0;
    int r = cli_config(cli, CONFIG_ALL, d);

    (void)args;
    if (!r)
        r = extractor_open(&x, &cli->config.rules, d);
    if (!r)
        r = cli_store_read_before(cli, &s, d);
    if (r)
        return r;
    stop_watch();
    diff = reparse_diff(cli);
    watcher = reparse_watcher(diff);
    r = pipeline_extract(cli, s, x, &watcher, &n, d);
    if (r == PIPELINE_STOPPED)
        return EXIT_PARTIAL;
    if (!r)
        r = reparse_print(diff, d);
    fflush(stdout); /* figures of a long history take their time */
    if (!r)
        r = pipeline_figures(cli, s, d);
    if (!r)
        r = pipeline_tidy(cli, s, d);
    if (!r && !cli->quiet)
        fprintf(stderr,
                n ? "%" PRId64 " revisions read again\n"
                  : "every revision was read by these rules\n",
                n);
    return r;
}

const struct command cmd_reparse = {
    .name = "reparse",
    .summary = "Read the whole history again under the rules as they are now",
    .usage = "",
    .examples = "  roletide reparse\n"
                "  roletide reparse --format csv > difference.csv\n",
    .more =
        "`run` does this by itself when a rule changed. Figures of the old rules are kept and "
        "never mixed\n"
        "with the new ones. What the postings now say otherwise is printed: by rule, by family, "
        "track, level and\n"
        "stage, and by skill, in all and at each stage; in how many postings more and in how many "
        "fewer, with\nan example of each."
        " A posting whose stage alone changed has its skills fewer at the one and more at the "
        "other.",
    .run = run,
};
