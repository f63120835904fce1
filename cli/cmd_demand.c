#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "site/figures_json.h"

struct args {
    struct choice choose;
    int64_t limit;
};

static const struct option options[] = {
    CHOICE_STAGE(args, choose),
    CHOICE_CITY(args, choose),
    { "required", NULL, OPTION_FLAG, offsetof(struct args, choose.required), 0, 0,
      "only where the ad requires it" },
    { "limit", "N", OPTION_INT, offsetof(struct args, limit), 1, 10000,
      "the first N rows (default 30 in a table, all elsewhere)" },
    CHOICE_AT(args, choose),
};

static const struct column columns[] = {
    { .key = "id", .heading = "SKILL" },
    { .key = "label", .heading = "NAME", .cut = true },
    { .key = "openings", .heading = "OPENINGS", .right = true },
    { .key = "employers", .heading = "EMPLOYERS", .right = true },
    { .key = "share", .heading = "SHARE", .right = true },
    { .key = "low", .heading = "LOW", .right = true },
    { .key = "high", .heading = "HIGH", .right = true },
    { .key = "required", .heading = "REQUIRED", .right = true },
    { .key = "lift", .heading = "LIFT", .right = true },
    { .key = "stage", .heading = "STAGE", .right = true },
};

enum { TABLE_ROWS = 30 };

static bool wanted(const struct cli *cli, const struct demand_row *row)
{
    if (cli->rest.n == 0)
        return true;
    for (size_t i = 0; i < cli->rest.n; i++)
        if (str_eq(cli->rest.items[i], row->skill->id))
            return true;
    return false;
}

static void print_rows(struct cli *cli, const struct demand *dm, int64_t limit, struct table *t)
{
    for (size_t i = 0; i < dm->n_rows && limit; i++) {
        const struct demand_row *row = &dm->rows[i];

        if (!wanted(cli, row)
            || (cli->format == OUTPUT_TABLE && row->skill->generic && !cli->rest.n))
            continue;
        limit--;
        table_add(cli, t, cell_str(row->skill->id));
        table_add(cli, t, cell_str(row->skill->label));
        table_add(cli, t, cell_int(row->demand.openings));
        table_add(cli, t, cell_int(row->demand.employers));
        table_add(cli, t, cell_share(row->demand.share));
        table_add(cli, t, cell_share(row->demand.low));
        table_add(cli, t, cell_share(row->demand.high));
        table_add(cli, t, cell_int(row->required));
        table_add(cli, t, cell_num(row->lift));
        table_add(cli, t, row->stage ? cell_int(row->stage) : (struct cell){ 0 });
    }
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    struct demand dm = { 0 };
    int64_t limit = a->limit ? a->limit : cli->format == OUTPUT_TABLE ? TABLE_ROWS : INT64_MAX;
    int r = answer_open(cli, &a->choose, &m, d);

    if (!r)
        r = demand_of(&m.market, &m.filter, m.store, &dm, cli->run, d);
    if (!r && (cli->format == OUTPUT_JSON || cli->format == OUTPUT_JSONL)) {
        json_object(&j, NULL);
        demand_json(&j, m.market.at, &dm);
        json_end(&j);
        answer_print(&j);
    } else if (!r) {
        print_rows(cli, &dm, limit, &t);
        r = table_print(cli, &t, d);
        if (!r && cli->format == OUTPUT_TABLE)
            printf("\n%" PRId64 " openings whose text was read, at %" PRId64
                   " employers (k_eff %.1f). LOW-HIGH: how the share would vary over other\n"
                   "employers like these (95%%); \"-\": too few employers for a percentage.\n",
                   dm.openings, dm.employers, dm.k_eff);
    }
    answer_close(&m);
    return r ? r : dm.openings ? 0 : EXIT_NOTHING;
}

const struct command cmd_demand = {
    .name = "demand",
    .summary = "What the open roles ask for, skill by skill",
    .usage = "[SKILL...] [--stage N] [--city CITY] [--required] [--at DATE]",
    .examples = "  roletide demand\n"
                "  roletide demand --stage 3 --required\n"
                "  roletide demand kubernetes mlflow --city Pune\n"
                "  roletide demand --format csv > demand.csv\n",
    .more = "A share is of the openings whose text was read; it counts a skill stated or implied "
            "where the\n"
            "ad requires it, lists it as a duty, in its stack, or prefers it.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
