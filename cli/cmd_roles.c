#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "core/date.h"
#include "core/format.h"
#include "site/figures_json.h"

struct args {
    struct choice choose;
    struct str since;
};

static const struct option options[] = {
    { "since", "DATE", OPTION_TEXT, offsetof(struct args, since), 0, 0,
      "a row a day from this day on" },
    CHOICE_AT(args, choose),
};

static int series(struct cli *cli, struct answer_market *m, struct str since, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "day", .heading = "DAY" },
        { .key = "openings", .heading = "OPENINGS", .right = true },
        { .key = "postings", .heading = "POSTINGS", .right = true },
        { .key = "panel_index", .heading = "PANEL INDEX", .right = true },
        { .key = "sources_read", .heading = "SOURCES READ", .right = true },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct series_row *rows;
    int64_t from;
    size_t n;
    int r;

    if (!day_parse(since, &from))
        return diag_fail(d, ERR_USAGE, "--since: " STR_FMT ": want a date like 2026-11-01",
                         STR_ARG(since));
    r = series_load(m->store, from, m->market.day, cli->run, &rows, &n, d);
    for (size_t i = 0; !r && i < n; i++) {
        table_add(cli, &t, cell_day(rows[i].day));
        table_add(cli, &t, cell_int(rows[i].openings));
        table_add(cli, &t, cell_int(rows[i].postings));
        table_add(cli, &t, cell_num(rows[i].panel_index));
        table_add(cli, &t, cell_int(rows[i].sources_read));
    }
    return r ? r : table_print(cli, &t, d);
}

static void line(const char *what, struct str value, const char *note)
{
    printf("%-24s %8.*s  %s\n", what, STR_ARG(value), note);
}

static void print_life(struct cli *cli, const struct life *l)
{
    if (isnan(l->median))
        printf("too few seen to say how long a role stays open");
    else
        printf("half of the roles are gone after %.0f days (%.0f to %s)", l->median, l->low,
               isnan(l->high) ? "open" : str_cstr(cli->run, str_printf(cli->run, "%.0f", l->high)));
    printf("; n %" PRId64 " at %" PRId64 " employers, %" PRId64 " of them ended, %" PRId64
           " put up again\n",
           l->n, l->employers, l->ended, l->reposted.openings);
}

static void print_people(struct cli *cli, const struct market *m, const struct roles *r,
                         const struct life *life)
{
    struct arena *a = cli->run;
    char day[DATE_TEXT], stage[32];

    day_format(m->day, day);
    printf("%s, %s, as of %s (India)\n\n", str_cstr(a, m->roadmap->title),
           str_cstr(a, m->roadmap->country), day);
    line("open roles", format_grouped(a, r->openings),
         "core MLOps openings in India, each job once");
    line("at employers", format_grouped(a, r->employers), "");
    line("postings behind them", format_grouped(a, r->postings),
         "one job may be listed several times");
    line("positions stated", format_grouped(a, r->vacancies), "1 where an ad states none");
    for (int i = 1; i <= STAGES; i++) {
        snprintf(stage, sizeof(stage), "  stage %d", i);
        line(stage, format_grouped(a, r->by_stage[i]), str_cstr(a, m->roadmap->stages[i - 1].name));
    }
    line("  unstaged", format_grouped(a, r->by_stage[0]), "neither years nor a mark in the title");
    printf("\nbeside, never inside the count\n");
    line("remote, open to India", format_grouped(a, r->remote_open),
         "worldwide or APAC, no Indian place");
    line("adjacent roles", format_grouped(a, r->adjacent),
         "ML, data and platform roles without an MLOps core");
    line("stale", format_grouped(a, r->stale), "their board was not proven for over 14 days");
    line("carried", format_grouped(a, r->carried),
         "counted above; their board was last proven before today");
    printf("\n%" PRId64 " sources read today, %" PRId64 " stale, %" PRId64
           " failed at the last try\n",
           r->sources_read, r->sources_stale, r->sources_failed);
    if (r->has_change)
        printf("%+.1f%% over %d days on the same boards (%+" PRId64 " openings as counted)\n",
               r->panel_percent, CHANGE_DAYS, r->raw_openings);
    print_life(cli, life);
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    struct roles roles = { 0 };
    struct life life[STAGES + 1];
    int r = answer_open(cli, &a->choose, &m, d);

    if (!r && a->since.n) {
        r = series(cli, &m, a->since, d);
    } else if (!r) {
        r = roles_of(&m.market, m.store, &roles, cli->run, d);
        if (!r)
            r = life_of(&m.market, m.store, life, d);
        if (!r && cli->format == OUTPUT_TABLE) {
            print_people(cli, &m.market, &roles, &life[0]);
        } else if (!r) {
            json_object(&j, NULL);
            roles_json(&j, &m.market, m.market.at, &roles, life);
            json_end(&j);
            answer_print(&j);
        }
    }
    answer_close(&m);
    return r;
}

const struct command cmd_roles = {
    .name = "roles",
    .summary = "How many roles are open, by stage, and how that moves",
    .usage = "[--at DATE] [--since DATE]",
    .examples = "  roletide roles\n"
                "  roletide roles --format json\n"
                "  roletide roles --since 2026-11-01 --format csv\n",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
