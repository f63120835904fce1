#include <stddef.h>
#include <stdio.h>

#include "aggregator/alert.h"
#include "cli/answer.h"
#include "cli/commands.h"
#include "core/cleanup.h"

struct args {
    bool all;
};

static const struct option options[] = {
    { "all", NULL, OPTION_FLAG, offsetof(struct args, all), 0, 0,
      "every alert there ever was, told or not" },
};

static const struct column columns[] = {
    { .key = "skill", .heading = "SKILL" },
    { .key = "of", .heading = "OF" },
    { .key = "state", .heading = "STATE" },
    { .key = "fired", .heading = "FIRED" },
    { .key = "resolved", .heading = "RESOLVED" },
    { .key = "before", .heading = "BEFORE", .right = true },
    { .key = "share", .heading = "SHARE", .right = true },
    { .key = "employers", .heading = "EMPLOYERS", .right = true },
    { .key = "mostly", .heading = "MOSTLY", .cut = true },
};

static void add_row(struct cli *cli, struct table *t, const struct alert_row *row)
{
    table_add(cli, t, cell_str(row->skill));
    table_add(cli, t, cell_str(row->kind));
    table_add(cli, t, cell_text(row->resolved ? "resolved" : "fired"));
    table_add(cli, t, cell_day(row->fired));
    table_add(cli, t, row->resolved ? cell_day(row->resolved) : (struct cell){ 0 });
    table_add(cli, t, cell_share(row->share_then));
    table_add(cli, t, cell_share(row->share_now));
    table_add(cli, t, cell_int(row->employers));
    table_add(cli, t, cell_str(row->employer));
}

/* What is printed was told only once it has left the program: a full disk loses no alert. */
static int tell(struct cli *cli, struct store *s, bool all, struct diag *d)
{
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct alert_row *rows = NULL;
    size_t n = 0, news = 0, shown = 0;
    int r = store_alerts(s, cli->run, &rows, &n, d);

    for (size_t i = 0; r == 0 && i < n; i++) {
        news += rows[i].untold;
        if (!all && !rows[i].untold)
            continue;
        add_row(cli, &t, &rows[i]);
        shown++;
    }
    if (r == 0 && (shown || cli->format != OUTPUT_TABLE))
        r = table_print(cli, &t, d);
    if (r || !news)
        return r;
    if (fflush(stdout))
        return diag_fail(d, ERR_IO, "standard output: cannot write");
    r = store_alerts_told(s, d);
    return r ? r : EXIT_ALERT;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    const struct args *a = args;
    struct market known = { 0 };
    int r = cli_store_read_before(cli, &s, d);

    if (!r)
        r = pipeline_terms(cli, s, &known, d);
    if (!r)
        r = alert_update(s, cli->now, known.roadmap, known.skills, known.n_skills, d);
    return r ? r : tell(cli, s, a->all, d);
}

const struct command cmd_alert = {
    .name = "alert",
    .summary = "Which skills' demand moved, said once when it did and once when it ended",
    .usage = "[--all]",
    .examples = "  30 9 * * * roletide alert     # cron mails what is printed: news, or nothing\n"
                "  roletide alert --all --format json\n",
    .more =
        "Each employer is compared with itself 28 days before, on the same boards; a skill fires "
        "when its\n"
        "share moved by 5 points or more, and by more than employers vary, on 7 days on end. "
        "\"of\" "
        "says\n"
        "of which ads: all open ones (stock), or those of the last 28 days (new). The exit status "
        "is 5\n"
        "when there is news, 0 when there is none.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
