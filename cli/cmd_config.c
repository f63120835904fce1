#include <stdio.h>

#include "cli/commands.h"
#include "cli/table.h"
#include "core/cleanup.h"
#include "parsers/extract.h"

struct args {
    bool origin;
};

static const struct option options[] = {
    { "origin", NULL, OPTION_FLAG, offsetof(struct args, origin), 0, 0,
      "show: where each value was read" },
};

static int check(struct cli *cli, struct diag *d)
{
    CLEANUP(extractor_close) struct extractor *x = NULL;
    size_t sentences = 0;
    int r = cli_config(cli, CONFIG_ALL, d);

    if (!r)
        r = extractor_open(&x, &cli->config.rules, d);
    if (!r)
        r = extractor_prove(x, &sentences, d);
    if (r)
        return r;
    if (!cli->quiet)
        printf("ok: %zu adapters, %zu sources, %zu skills, %zu roadmaps; %zu sentences hold\n",
               cli->config.adapters.n, cli->config.sources.n, cli->config.rules.skills.n,
               cli->config.rules.roadmaps.n, sentences);
    return 0;
}

/* Rows of `show`, gathered as config/ walks its settings. */
struct rows {
    struct cli *cli;
    struct table table;
};

static void add_setting(void *ctx, const struct config_setting *s)
{
    struct rows *rows = ctx;

    table_add(rows->cli, &rows->table, cell_str(s->key));
    table_add(rows->cli, &rows->table, cell_str(s->value));
    if (rows->table.n_columns > 2)
        table_add(rows->cli, &rows->table, cell_str(s->origin));
}

static int show(struct cli *cli, bool origin, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "key", .heading = "SETTING" },
        { .key = "value", .heading = "VALUE" },
        { .key = "origin", .heading = "FROM" },
    };
    struct rows rows = { cli, { .columns = columns, .n_columns = origin ? 3 : 2 } };
    int r = cli_config(cli, CONFIG_ALL, d);

    if (r)
        return r;
    config_each_setting(&cli->config, cli->run, &rows, add_setting);
    return table_print(cli, &rows.table, d);
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    const struct args *a = args;
    struct str what = cli->rest.n ? cli->rest.items[0] : (struct str){ 0 };

    if (cli->rest.n == 1 && str_eq(what, STR("check")))
        return check(cli, d);
    if (cli->rest.n == 1 && str_eq(what, STR("show")))
        return show(cli, a->origin, d);
    diag_fail(d, ERR_USAGE, "config: want check or show");
    diag_hint(d, "roletide config check");
    return ERR_USAGE;
}

const struct command cmd_config = {
    .name = "config",
    .summary = "Check the configuration, or show it with where each value comes from",
    .usage = "check | show [--origin]",
    .examples = "  roletide config check\n  roletide config show --origin\n",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
