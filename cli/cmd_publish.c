#include <stddef.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/pipeline.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "site/publish.h"

struct args {
    struct str as_of;
};

static const struct option options[] = {
    { "as-of", "DATE", OPTION_TEXT, offsetof(struct args, as_of), 0, 0,
      "the feeds as they had been published by the end of this day (India), byte for byte" },
};

static int put(void *ctx, struct str name, struct str bytes, struct diag *d)
{
    return site_restore(ctx, name, bytes, d);
}

static int restore(struct cli *cli, struct str date, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    int64_t day;
    int r;

    if (!day_parse(date, &day))
        return diag_fail(d, ERR_USAGE, "--as-of: " STR_FMT ": want a date like 2026-11-01",
                         STR_ARG(date));
    r = cli_store(cli, STORE_READ, &s, d);
    if (!r)
        r = store_published(s, day_start(day + 1) - 1, put, str_cstr(cli->run, cli->rest.items[0]),
                            d);
    if (r != STORE_NONE)
        return r;
    fprintf(stderr, "roletide: nothing was published by " STR_FMT "\n", STR_ARG(date));
    return EXIT_NOTHING;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    const struct args *a = args;
    int r;

    if (cli->rest.n != 1) {
        diag_fail(d, ERR_USAGE, "publish: want the folder to write to");
        diag_hint(d, "roletide publish public/");
        return ERR_USAGE;
    }
    if (a->as_of.n)
        return restore(cli, a->as_of, d);
    r = cli_config(cli, CONFIG_TERMS, d);
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
    .usage = "DIR [--as-of DATE]",
    .examples = "  roletide publish public/\n"
                "  roletide publish then/ --as-of 2026-05-01    what the site said that day\n",
    .more = "Files are written beside and renamed; what did not change keeps its bytes. The store "
            "keeps the\n"
            "bytes of every version published, and gives them back. What would be said of that "
            "day now:\n--at of roles, demand, stages and the like.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
