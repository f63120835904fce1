#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "cli/spark.h"
#include "site/figures_json.h"

enum { TABLE_ROWS = 30, BAR_CELLS = 16 };

struct args {
    struct choice choose;
    struct str with;
    bool rising, falling;
    int64_t limit;
};

static const struct option options[] = {
    CHOICE_FILTERS(args, choose),
    { "with", "SKILL", OPTION_TEXT, offsetof(struct args, with), 0, 0,
      "what goes together with this skill, by lift" },
    { "rising", NULL, OPTION_FLAG, offsetof(struct args, rising), 0, 0,
      "skills whose share grew over 7 days, most first" },
    { "falling", NULL, OPTION_FLAG, offsetof(struct args, falling), 0, 0,
      "skills whose share fell over 7 days, most first" },
    { "required", NULL, OPTION_FLAG, offsetof(struct args, choose.required), 0, 0,
      "only where the ad requires it" },
    { "limit", "N", OPTION_INT, offsetof(struct args, limit), 1, 10000,
      "the first N rows (default 30 in a table, all elsewhere)" },
};

static const struct column columns[] = {
    { .key = "id", .heading = "SKILL" },
    { .key = "label", .heading = "NAME", .cut = true, .spare = 1 },
    { .key = "openings", .heading = "OPENINGS", .right = true },
    { .key = "employers", .heading = "EMPLOYERS", .right = true },
    { .key = "share", .heading = "SHARE", .right = true },
    { .key = "low", .heading = "LOW", .right = true },
    { .key = "high", .heading = "HIGH", .right = true },
    { .key = "stated" },
    { .key = "required", .heading = "REQUIRED", .right = true, .spare = 3 },
    { .key = "lift", .heading = "LIFT", .right = true, .spare = 2 },
    { .key = "stage", .heading = "STAGE", .right = true, .spare = 2 },
    { .key = "adjacent_lift", .heading = "X ADJACENT", .right = true, .spare = 4 },
    { .key = "adjacent_low", .heading = "LOW", .right = true, .spare = 4 },
    { .key = "adjacent_high", .heading = "HIGH", .right = true, .spare = 4 },
    { .key = "trend", .heading = "7 DAYS", .right = true, .spare = 2 },
    { .key = "share_without" },
    { .key = "low_without" },
    { .key = "high_without" },
    { .key = "of_openings" },
    { .key = "of_employers" },
};
enum { WITHOUT = 15 }; /* where share_without stands: shown where an employer is that large */

static bool wanted(const struct cli *cli, const struct args *a, const struct demand_row *row)
{
    if (str_eq(a->with, row->skill->id) || (a->rising && !(row->trend > 0))
        || (a->falling && !(row->trend < 0)))
        return false;
    if (cli->rest.n == 0)
        return cli->format != OUTPUT_TABLE || !row->skill->generic;
    for (size_t i = 0; i < cli->rest.n; i++)
        if (str_eq(cli->rest.items[i], row->skill->id))
            return true;
    return false;
}

/* Larger first, what is not known last; ties keep the order of demand. */
static int larger(double x, double y)
{
    return isnan(x) || isnan(y) ? isnan(x) - isnan(y) : (x < y) - (x > y);
}

static int by_demand(const struct demand_row *x, const struct demand_row *y)
{
    if (x->demand.openings != y->demand.openings)
        return x->demand.openings > y->demand.openings ? -1 : 1;
    return str_cmp(x->skill->id, y->skill->id);
}

static int by_lift(const void *x, const void *y)
{
    const struct demand_row *a = x, *b = y;
    int order = larger(a->lift, b->lift);

    return order ? order : by_demand(a, b);
}

static int by_rise(const void *x, const void *y)
{
    const struct demand_row *a = x, *b = y;
    int order = larger(a->trend, b->trend);

    return order ? order : by_demand(a, b);
}

static int by_fall(const void *x, const void *y)
{
    const struct demand_row *a = x, *b = y;
    int order = larger(-a->trend, -b->trend);

    return order ? order : by_demand(a, b);
}

/* The rows asked for, in the order asked for: every format prints these. */
static void choose_rows(const struct cli *cli, const struct args *a, struct demand *dm)
{
    int64_t limit = a->limit ? a->limit : cli->format == OUTPUT_TABLE ? TABLE_ROWS : INT64_MAX;
    size_t kept = 0;

    for (size_t i = 0; i < dm->n_rows; i++)
        if (wanted(cli, a, &dm->rows[i]))
            dm->rows[kept++] = dm->rows[i];
    if (kept && (a->rising || a->falling || a->with.n))
        qsort(dm->rows, kept, sizeof(*dm->rows),
              a->rising    ? by_rise
              : a->falling ? by_fall
                           : by_lift);
    dm->n_rows = (int64_t)kept < limit ? kept : (size_t)limit;
}

/* On a terminal the shares are drawn; what is read by a program has them as numbers alone. */
static bool draws(const struct cli *cli)
{
    return cli->format == OUTPUT_TABLE && isatty(STDOUT_FILENO);
}

static void print_rows(struct cli *cli, const struct demand *dm, struct table *t)
{
    const bool blocks = spark_blocks();

    for (size_t i = 0; i < dm->n_rows; i++) {
        const struct demand_row *row = &dm->rows[i];

        table_add(cli, t, cell_str(row->skill->id));
        table_add(cli, t, cell_str(row->skill->label));
        table_add(cli, t, cell_int(row->demand.openings));
        table_add(cli, t, cell_int(row->demand.employers));
        table_add(cli, t, cell_share(row->demand.share));
        table_add(cli, t, cell_share(row->demand.low));
        table_add(cli, t, cell_share(row->demand.high));
        table_add(cli, t, cell_int(row->stated));
        table_add(cli, t, cell_int(row->required));
        table_add(cli, t, cell_num(row->lift));
        table_add(cli, t, row->stage ? cell_int(row->stage) : (struct cell){ 0 });
        table_add(cli, t, cell_num(row->adjacent_lift));
        table_add(cli, t, cell_num(row->adjacent_low));
        table_add(cli, t, cell_num(row->adjacent_high));
        table_add(cli, t, cell_share(row->trend));
        table_add(cli, t, cell_share(row->without));
        table_add(cli, t, cell_share(row->without_low));
        table_add(cli, t, cell_share(row->without_high));
        table_add(cli, t, cell_int(dm->openings));
        table_add(cli, t, cell_int(dm->employers));
        if (t->n_columns > ARRAY_LEN(columns))
            table_add(cli, t, cell_str(spark_bar(cli->run, row->demand.share, BAR_CELLS, blocks)));
    }
}

static int check_words(struct cli *cli, const struct market *m, struct diag *d)
{
    int r = 0;

    for (size_t i = 0; !r && i < cli->rest.n; i++)
        r = answer_skill(cli, m, "demand", cli->rest.items[i], d);
    return r;
}

static int print(struct cli *cli, const struct answer_market *m, const struct demand *dm,
                 struct diag *d)
{
    struct column drawn[ARRAY_LEN(columns) + 1];
    struct table t = { .columns = drawn, .n_columns = ARRAY_LEN(columns) };
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    int r;

    if (cli->format == OUTPUT_JSON) {
        json_object(&j, NULL);
        demand_json(&j, m->market.at, dm);
        json_end(&j);
        answer_print(&j);
        return 0;
    }
    memcpy(drawn, columns, sizeof(columns));
    drawn[ARRAY_LEN(columns)] =
        (struct column){ .key = "bar", .heading = "SHARE", .cut = true, .spare = 5 };
    t.n_columns += draws(cli);
    if (dm->largest.openings)
        drawn[WITHOUT] = (struct column){
            .key = "share_without", .heading = "WITHOUT", .right = true, .spare = 1
        };
    print_rows(cli, dm, &t);
    r = table_print(cli, &t, d);
    if (!r && cli->format == OUTPUT_TABLE)
        printf(
            "\n%" PRId64 " openings whose text was read, at %" PRId64
            " employers (k_eff %.1f). LOW-HIGH: how the share would vary over other\n"
            "employers like these (95%%); \"-\": too few employers for a percentage. X ADJACENT: "
            "times the share\nin %" PRId64 " ML, data and platform roles beside the count.\n",
            dm->openings, dm->employers, dm->k_eff, dm->adjacent);
    if (!r && cli->format == OUTPUT_TABLE && dm->largest.openings)
        printf("%" PRId64 " of them are of one employer, " STR_FMT
               "; WITHOUT: the share at the others.\n",
               dm->largest.openings, STR_ARG(terminal_text(cli->run, dm->largest.name)));
    return r;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct demand dm = { 0 };
    int r;

    if (a->rising && a->falling)
        return diag_fail(d, ERR_USAGE, "--rising and --falling: one at a time");
    a->choose.skill = a->with;
    a->choose.skill_option = "--with";
    r = answer_open_figures(cli, &a->choose, &m, d);
    if (!r)
        r = check_words(cli, &m.market, d);
    if (!r)
        r = demand_of(&m.market, &m.filter, m.store, &dm, cli->run, d);
    if (!r) {
        choose_rows(cli, a, &dm);
        r = print(cli, &m, &dm, d);
    }
    answer_close(&m);
    return r ? r : dm.openings ? 0 : EXIT_NOTHING;
}

const struct command cmd_demand = {
    .name = "demand",
    .summary = "What the open roles ask for, skill by skill",
    .usage = "[SKILL...] [--with SKILL] [--rising|--falling] [--stage N] [--city CITY] "
             "[--company NAME] [--track T] [--mode M] [--new DAYS] [--required] [--at DATE]",
    .examples = "  roletide demand\n"
                "  roletide demand --stage 3 --required\n"
                "  roletide demand kubernetes mlflow --city Pune\n"
                "  roletide demand --with kubeflow\n"
                "  roletide demand --rising --stage 3\n"
                "  roletide demand --format csv > demand.csv\n",
    .more =
        "A share is of the openings whose text was read; it counts a skill stated or implied "
        "where the\n"
        "ad requires it, lists it as a duty, in its stack, or prefers it. LIFT: the share here "
        "over "
        "that in all\n"
        "counted openings. Filters compose; --with shows what the openings that ask for a skill "
        "ask besides.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
