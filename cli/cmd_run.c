#include <stddef.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/crawl_report.h"
#include "cli/sd_notify.h"
#include "cli/stop.h"
#include "core/cleanup.h"
#include "core/date.h"

enum { INDEX_MAX = 1 << 20 };

struct args {
    struct str publish;
};

static const struct option options[] = {
    { "publish", "DIR", OPTION_TEXT, offsetof(struct args, publish), 0, 0,
      "publish here, not to the configured folder" },
};

/* What the timer calls. The watchdog is fed from the crawl's progress, so a loop that hangs is
 * noticed. */
struct watched {
    struct crawl_watcher inner;
};

static void report(void *ctx, const struct source_report *r)
{
    struct watched *w = ctx;

    sd_notify_send("WATCHDOG=1");
    w->inner.report(w->inner.ctx, r);
}

static void progress(void *ctx, const struct crawl_progress *p)
{
    struct watched *w = ctx;
    char status[96];

    snprintf(status, sizeof(status), "WATCHDOG=1\nSTATUS=%zu of %zu sources read", p->done,
             p->sources);
    sd_notify_send(status);
    w->inner.progress(w->inner.ctx, p);
}

static struct str publish_dir(struct cli *cli, const struct args *a)
{
    struct str dir = a->publish.n ? a->publish : cli->config.settings.publish_dir;

    return dir.n ? dir : str_printf(cli->run, STR_FMT "/public", STR_ARG(cli->state));
}

/* Whether the folder has what the last reading led to: its index names that time. */
static bool is_published(struct cli *cli, struct store *s, struct str dir)
{
    struct store_facts about = { 0 };
    struct diag ignored = { 0 };
    char as_of[DATE_TEXT];
    struct str index;

    if (store_about(s, cli->run, &about, &ignored)
        || cli_read_file(cli, str_printf(cli->run, STR_FMT "/v1/index.json", STR_ARG(dir)),
                         INDEX_MAX, &index, &ignored))
        return false;
    date_format_iso(about.last_run, as_of);
    return str_find(index, str_of(as_of)) >= 0;
}

static int after_crawl(struct cli *cli, struct store *s, struct extractor *x, struct str dir,
                       struct diag *d)
{
    int64_t extracted = 0;
    int r;

    sd_notify_send("WATCHDOG=1\nSTATUS=extracting");
    r = pipeline_extract(cli, s, x, NULL, &extracted, d);
    if (!r && pipeline_current(cli, s) && is_published(cli, s, dir))
        return 0; /* an hour in which nothing was due costs nothing */
    sd_notify_send("WATCHDOG=1\nSTATUS=working out the figures");
    if (!r)
        r = pipeline_figures(cli, s, d);
    sd_notify_send("WATCHDOG=1\nSTATUS=publishing");
    if (!r)
        r = pipeline_publish(cli, s, true, dir, d);
    if (!r)
        r = pipeline_tidy(cli, s, d);
    if (!r && !cli->quiet)
        fprintf(stderr, "published to " STR_FMT "\n", STR_ARG(dir));
    return r;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct crawl_options opt = { 0 };
    struct crawl_totals totals = { 0 };
    struct crawl_printer printer = { .cli = cli };
    struct watched watched = { crawl_printer_watcher(&printer) };
    struct crawl_watcher watcher = { &watched, report, progress };
    int r = cli_config(cli, CONFIG_ALL, d);

    if (!r)
        r = extractor_open(&x, &cli->config.rules, d);
    if (!r)
        r = cli_store(cli, STORE_WRITE, &s, d);
    if (r)
        return r;
    stop_watch();
    sd_notify_send("READY=1");
    opt.limit_s = cli->config.settings.run_limit_s;
    pipeline_figures_before(cli, s);
    r = pipeline_crawl(cli, s, &opt, &watcher, &totals, d);
    if (!r)
        crawl_printer_end(&printer, &totals);
    if (!r)
        r = after_crawl(cli, s, x, publish_dir(cli, args), d);
    sd_notify_send("STOPPING=1");
    return crawl_exit_status(r, &totals);
}

const struct command cmd_run = {
    .name = "run",
    .summary = "Read what is due, extract, work out the figures, publish: what the timer calls",
    .usage = "[--publish DIR]",
    .examples = "  roletide run\n  roletide run --state /var/lib/roletide\n",
    .more = "Exit 3 when some sources failed: the rest is recorded and published.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
