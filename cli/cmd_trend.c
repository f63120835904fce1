#include <stddef.h>
#include <stdio.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "core/date.h"

enum { DAYS_SHOWN = 30 };

struct args {
    struct choice choose;
    struct str since, index;
};

static const struct option options[] = {
    { "since", "DATE", OPTION_TEXT, offsetof(struct args, since), 0, 0,
      "from this day on (default: the last 30 days)" },
    { "index", "DATE", OPTION_TEXT, offsetof(struct args, index), 0, 0,
      "the day that is 100 (default: the first shown)" },
    CHOICE_AT(args, choose),
};

static int day_option(const char *name, struct str typed, int64_t *io, struct diag *d)
{
    if (!typed.n || day_parse(typed, io))
        return 0;
    return diag_fail(d, ERR_USAGE, "--%s: " STR_FMT ": want a date like 2026-11-01", name,
                     STR_ARG(typed));
}

static int print_openings(struct cli *cli, struct answer_market *m, int64_t from, int64_t base,
                          struct diag *d)
{
    static const struct column columns[] = {
        { .key = "day", .heading = "DAY" },
        { .key = "openings", .heading = "OPENINGS", .right = true },
        { .key = "raw_index", .heading = "RAW INDEX", .right = true, .spare = 1 },
        { .key = "panel_index", .heading = "SAME BOARDS", .right = true },
        { .key = "sources_read", .heading = "SOURCES READ", .right = true, .spare = 2 },
        { .key = "revised", .heading = "REVISED", .right = true, .spare = 3 },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct trend_row *rows = NULL;
    size_t n = 0;
    int r = trend_load(m->store, from, m->market.day, base, cli->run, &rows, &n, d);

    if (r)
        return r;
    for (size_t i = 0; i < n; i++) {
        table_add(cli, &t, cell_day(rows[i].day));
        table_add(cli, &t, cell_int(rows[i].openings));
        table_add(cli, &t, cell_num(rows[i].raw_index));
        table_add(cli, &t, cell_num(rows[i].panel_index));
        table_add(cli, &t, cell_int(rows[i].sources_read));
        table_add(cli, &t, cell_int(rows[i].revised));
    }
    r = table_print(cli, &t, d);
    if (!r && cli->format == OUTPUT_TABLE)
        printf(
            "\nSAME BOARDS: each board against itself, chained; new boards move RAW INDEX alone. "
            "\"-\": no board was\nread that day. REVISED: openings by today's rules less those "
            "first counted. No season is taken out:\nthat needs three years.\n");
    return r ? r : n ? 0 : EXIT_NOTHING;
}

static int print_skill(struct cli *cli, struct answer_market *m, struct str skill, int64_t from,
                       struct diag *d)
{
    static const struct column columns[] = {
        { .key = "day", .heading = "DAY" },
        { .key = "openings", .heading = "OPENINGS", .right = true },
        { .key = "employers", .heading = "EMPLOYERS", .right = true },
        { .key = "share", .heading = "SHARE", .right = true },
        { .key = "low", .heading = "LOW", .right = true },
        { .key = "high", .heading = "HIGH", .right = true },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct figure_row *rows = NULL;
    size_t n = 0;
    int r = trend_skill(m->store, skill, from, m->market.day, cli->run, &rows, &n, d);

    for (size_t i = 0; !r && i < n; i++) {
        table_add(cli, &t, cell_day(rows[i].day));
        table_add(cli, &t, cell_int(rows[i].n));
        table_add(cli, &t, cell_int(rows[i].employers));
        table_add(cli, &t, cell_share(rows[i].value));
        table_add(cli, &t, cell_share(rows[i].low));
        table_add(cli, &t, cell_share(rows[i].high));
    }
    if (!r)
        r = table_print(cli, &t, d);
    if (!r && cli->format == OUTPUT_TABLE)
        printf("\nShares as counted on the day, new boards included. LOW-HIGH: how the share would "
               "vary over other\nemployers like these (95%%).\n");
    return r ? r : n ? 0 : EXIT_NOTHING;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    const struct args *a = args;
    struct answer_market m = { 0 };
    int64_t from = 0, base = 0;
    int r = answer_open_series(cli, &a->choose, &m, d);

    if (!r && cli->rest.n > 1)
        r = diag_fail(d, ERR_USAGE, "trend: one skill at a time");
    if (!r && cli->rest.n && a->index.n)
        r = diag_fail(d, ERR_USAGE, "--index: a skill has shares, not an index");
    if (!r && cli->rest.n)
        r = answer_skill(cli, &m.market, "trend", cli->rest.items[0], d);
    from = m.market.day - DAYS_SHOWN + 1;
    if (!r)
        r = day_option("since", a->since, &from, d);
    if (!r)
        r = day_option("index", a->index, &base, d);
    if (!r)
        r = cli->rest.n ? print_skill(cli, &m, cli->rest.items[0], from, d)
                        : print_openings(cli, &m, from, base, d);
    answer_close(&m);
    return r;
}

const struct command cmd_trend = {
    .name = "trend",
    .summary = "Day by day: the count and the same boards' index, or a skill's share",
    .usage = "[SKILL] [--since DATE] [--index DATE] [--at DATE]",
    .examples = "  roletide trend\n"
                "  roletide trend --since 2026-09-01 --index 2026-10-01\n"
                "  roletide trend kubernetes --format csv\n",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
