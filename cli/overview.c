#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "cli/spark.h"
#include "core/date.h"
#include "core/format.h"
#include "site/headline.h"

enum { TOP = 5, TREND_DAYS = 30 };

static int top_skills(struct cli *cli, struct answer_market *m, int stage, struct diag *d)
{
    struct filter filter = { .stage = stage };
    struct demand dm = { 0 };
    size_t shown = 0;
    int r = demand_of(&m->market, &filter, m->store, &dm, cli->run, d);

    if (r)
        return r;
    for (size_t i = 0; i < dm.n_rows && shown < TOP; i++)
        if (!dm.rows[i].skill->generic)
            printf("%s" STR_FMT " %" PRId64, shown++ ? ", " : "", STR_ARG(dm.rows[i].skill->label),
                   dm.rows[i].demand.openings);
    printf("%s\n", shown ? "" : "-");
    return 0;
}

static void headline(struct cli *cli, const struct market *m, const struct roles *r)
{
    printf("%s%s open %s roles in India%s, at %" PRId64 " employers", cli->color ? "\033[1m" : "",
           str_cstr(cli->run, format_grouped(cli->run, r->openings)),
           str_cstr(cli->run, m->roadmap->role), cli->color ? "\033[0m" : "", r->employers);
    if (r->has_change)
        printf("; %+.1f%% in %d days on the same boards", r->panel_percent, CHANGE_DAYS);
    printf("\n");
}

/* The index of the last days; a day on which no board was proven is a gap. */
static int trend(struct cli *cli, const struct answer_market *m, struct diag *d)
{
    double values[TREND_DAYS], first = NAN, last = NAN;
    const int64_t from = m->market.day - TREND_DAYS + 1;
    struct series_row *rows = NULL;
    size_t n = 0;
    int r = series_load(m->store, from, m->market.day, cli->run, &rows, &n, d);

    if (r)
        return r;
    for (size_t i = 0; i < TREND_DAYS; i++)
        values[i] = NAN;
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].sources_read || isnan(rows[i].panel_index))
            continue;
        values[rows[i].day - from] = last = rows[i].panel_index;
        first = isnan(first) ? last : first;
    }
    if (n > 1 && !isnan(last))
        printf("\n%d days  " STR_FMT "  %+.1f%% on the same boards (a dot: none read)\n",
               TREND_DAYS, STR_ARG(spark_line(cli->run, values, TREND_DAYS, spark_blocks())),
               100 * (last / first - 1));
    return 0;
}

static int answer(struct cli *cli, struct answer_market *m, struct diag *d)
{
    struct store_facts about = { 0 };
    struct roles roles = { 0 };
    struct salary pay = { 0 };
    char at[DATE_TEXT] = "never";
    int r = roles_of(&m->market, m->store, &roles, cli->run, d);

    if (!r)
        r = pay_of(&m->market, m->store, &pay, d);
    if (!r)
        r = store_about(m->store, cli->run, &about, d);
    if (r)
        return r;
    headline(cli, &m->market, &roles);
    printf("\n%-28s %8s   asked most (openings)\n", "stage", "openings");
    for (int i = 1; i <= STAGES && !r; i++) {
        printf("%d %-26.*s %8" PRId64 "   ", i, STR_ARG(m->market.roadmap->stages[i - 1].name),
               roles.by_stage[i]);
        r = top_skills(cli, m, i, d);
    }
    printf("%-28s %8" PRId64 "\n", "- unstaged", roles.by_stage[0]);
    if (roles.carried)
        printf("%-28s %8" PRId64 "   counted; their boards were last proven before today\n",
               "- carried", roles.carried);
    if (roles.stale)
        printf("%-28s %8" PRId64 "   not counted: their boards were not proven for %d days\n",
               "- stale", roles.stale, STALE_DAYS);
    if (!r)
        r = trend(cli, m, d);
    if (about.last_run)
        date_format_iso(about.last_run, at);
    printf("\n%" PRId64 " sources read today, %" PRId64 " stale, %" PRId64
           " failed; last reading %s\n",
           roles.sources_read, roles.sources_stale, roles.sources_failed, at);
    printf(STR_FMT "\n" STR_FMT "\n", STR_ARG(headline_text(&m->market, &roles, &pay, cli->run)),
           STR_ARG(headline_limits(&roles, &pay, cli->run)));
    printf("store " STR_FMT "\n", STR_ARG(about.path));
    if (!cli->quiet)
        printf("\nnext: roletide demand --stage 2 · roletide openings --new 7 · "
               "roletide why ID · "
               "roletide --help\n");
    return r;
}

int overview(struct cli *cli, struct diag *d)
{
    struct answer_market m = { 0 };
    struct choice all = { 0 };
    int r;

    if (cli->format != OUTPUT_TABLE) /* a machine asks: the same answer as `roles` */
        return cmd_roles.run(cli, arena_alloc(cli->run, 1, cmd_roles.args_size), d);
    r = answer_open_figures(cli, &all, &m, d);
    if (!r)
        r = answer(cli, &m, d);
    answer_close(&m);
    return r;
}
