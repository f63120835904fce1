#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/crawl_report.h"
#include "cli/ledger_check.h"
#include "cli/stop.h"
#include "core/cleanup.h"

struct args {
    struct strs sources;
    bool all, dry_run, check_ledger;
};

static const struct option options[] = {
    { "source", "KEY", OPTION_TEXTS, offsetof(struct args, sources), 0, 0,
      "this source, due or not; may be given again" },
    { "all", NULL, OPTION_FLAG, offsetof(struct args, all), 0, 0,
      "every enabled source, due or not" },
    { "dry-run", NULL, OPTION_FLAG, offsetof(struct args, dry_run), 0, 0,
      "say what would be asked, when and why; ask nobody" },
    { "check-ledger", NULL, OPTION_FLAG, offsetof(struct args, check_ledger), 0, 0,
      "replay every request that was written down: were the manners kept?" },
};

/* What is due, without a lock and without making a store: where there is none, everything is. */
static int dry_run(struct cli *cli, const struct crawl_options *opt, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    struct crawl_printer printer = { .cli = cli };
    struct crawl_watcher watcher = crawl_printer_watcher(&printer);
    struct crawl_totals totals = { 0 };
    struct diag no_store = { 0 };
    int r = cli_config(cli, CONFIG_ALL, d);

    if (!r && cli_store(cli, STORE_READ, &s, &no_store) < 0)
        s = NULL;
    if (!r)
        r = pipeline_crawl(cli, s, opt, &watcher, &totals, d);
    if (!r)
        crawl_printer_end(&printer, &totals);
    return r;
}

static int check_ledger(struct cli *cli, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    struct ledger_check check;
    int64_t broken = 0;
    int r = cli_store(cli, STORE_READ, &s, d);

    if (!r)
        r = ledger_check(cli, s, 0, &check, &broken, d);
    if (r)
        return r;
    for (size_t i = 0; i < check.said.n; i++)
        printf(STR_FMT "\n", STR_ARG(check.said.items[i]));
    printf("%" PRId64 " requests; broken: gap %" PRId64 ", robots %" PRId64 ", patience %" PRId64
           ", overlap %" PRId64 "\n",
           check.requests, check.broken[MANNER_GAP], check.broken[MANNER_ROBOTS],
           check.broken[MANNER_PATIENCE], check.broken[MANNER_OVERLAP]);
    return broken ? 1 : 0;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    const struct args *a = args;
    struct crawl_options opt = { .sources = a->sources, .all = a->all, .dry_run = a->dry_run };
    CLEANUP(store_close) struct store *s = NULL;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct crawl_totals totals = { 0 };
    struct crawl_printer printer = { .cli = cli };
    struct crawl_watcher watcher = crawl_printer_watcher(&printer);
    int64_t n = 0;
    int r;

    if (a->check_ledger)
        return check_ledger(cli, d);
    if (opt.dry_run)
        return dry_run(cli, &opt, d);
    r = cli_config(cli, CONFIG_ALL, d);
    if (!r)
        r = extractor_open(&x, &cli->config.rules, d);
    if (!r)
        r = cli_store(cli, STORE_WRITE, &s, d);
    if (r)
        return r;
    stop_watch();
    r = pipeline_crawl(cli, s, &opt, &watcher, &totals, d);
    if (r >= 0)
        crawl_printer_end(&printer, &totals);
    if (!r)
        r = pipeline_extract(cli, s, x, NULL, &n, d);
    if (!r)
        r = pipeline_figures(cli, s, d);
    return crawl_exit_status(r, &totals);
}

const struct command cmd_crawl = {
    .name = "crawl",
    .summary = "Read the boards that are due, and record what they list",
    .usage = "[--source KEY...] [--all] [--dry-run] | --check-ledger",
    .examples = "  roletide crawl                              what is due now\n"
                "  roletide crawl --source greenhouse:phonepe  one board\n"
                "  roletide crawl --all --format jsonl         every board, a JSON line each\n"
                "  roletide crawl --dry-run                    what would be asked\n",
    .more = "A board's trouble is one line of the report and never ends the crawl (exit 3: some "
            "failed).\n"
            "Stop it with Ctrl-C: open readings are recorded as partial, nothing stored is lost.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
