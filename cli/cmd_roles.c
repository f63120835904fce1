#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "aggregator/flow.h"
#include "cli/answer.h"
#include "cli/commands.h"
#include "cli/flat.h"
#include "cli/unread.h"
#include "core/date.h"
#include "core/format.h"
#include "site/figures_json.h"
#include "site/headline.h"

struct args {
    struct choice choose;
    struct str since, by;
};

enum { WEEK = 7, WEEKS = 12, MONDAY = 4 }; /* 1 January 1970 was a Thursday */

static const struct option options[] = {
    { "since", "DATE", OPTION_TEXT, offsetof(struct args, since), 0, 0,
      "a row a day from this day on" },
    { "by", "WHAT", OPTION_TEXT, offsetof(struct args, by), 0, 0,
      "stage, city, company, mode, track, source, adapter or week: stock and flow" },
    CHOICE_STAGE(args, choose),
    CHOICE_WHERE(args, choose),
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

static void add_flow(struct cli *cli, struct table *t, const struct flow_row *row)
{
    table_add(cli, t, cell_int(row->came));
    table_add(cli, t, cell_int(row->ended));
    table_add(cli, t, cell_int(row->came - row->ended));
    table_add(cli, t, cell_int(row->found));
}

enum { LIFE_COLUMNS = 7 };

static void add_life(struct cli *cli, struct table *t, const struct life *l)
{
    table_add(cli, t, cell_int(l->n));
    table_add(cli, t, cell_int(l->employers));
    table_add(cli, t, cell_int(l->ended));
    table_add(cli, t, cell_int(l->left_out));
    table_add(cli, t, cell_num(l->median));
    table_add(cli, t, cell_num(l->low));
    table_add(cli, t, cell_num(l->high));
}

static int print_groups(struct cli *cli, const struct answer_market *m, enum flow_by by,
                        struct str name, struct diag *d)
{
    const char *key = str_cstr(cli->run, name);
    const struct column columns[] = {
        { .key = key, .heading = key },
        { .key = "openings", .heading = "OPENINGS", .right = true },
        { .key = "employers", .heading = "EMPLOYERS", .right = true },
        { .key = "new", .heading = "NEW", .right = true },
        { .key = "closed", .heading = "CLOSED", .right = true },
        { .key = "net", .heading = "NET", .right = true, .spare = 1 },
        { .key = "found", .heading = "FOUND", .right = true, .spare = 2 },
        { .key = "watched", .heading = "WATCHED", .right = true },
        { .key = "watched_employers", .heading = "THEIR EMPLOYERS", .right = true },
        { .key = "ended", .heading = "ENDED", .right = true },
        { .key = "left_out" },
        { .key = "median_days", .heading = "MEDIAN DAYS", .right = true },
        { .key = "low", .heading = "LOW", .right = true },
        { .key = "high", .heading = "HIGH", .right = true },
    };
    const bool lives = by == FLOW_SOURCE || by == FLOW_ADAPTER;
    struct table t = { .columns = columns,
                       .n_columns = ARRAY_LEN(columns) - (lives ? 0 : LIFE_COLUMNS) };
    const int64_t from = m->market.at - (int64_t)CHANGE_DAYS * DAY_SECONDS;
    struct flow_row *rows;
    size_t n = 0;
    int r = flow_of(&m->market, m->store, by, from, &m->filter, cli->run, &rows, &n, d);

    for (size_t i = 0; i < n; i++) {
        table_add(cli, &t, cell_str(terminal_text(cli->run, rows[i].key)));
        table_add(cli, &t, cell_int(rows[i].openings));
        table_add(cli, &t, cell_int(rows[i].employers));
        add_flow(cli, &t, &rows[i]);
        if (lives)
            add_life(cli, &t, &rows[i].life);
    }
    return r ? r : table_print(cli, &t, d);
}

static void add_weeks(struct cli *cli, int64_t first, const struct flow_row *flows, size_t n_weeks,
                      const struct series_row *rows, size_t n, struct table *t)
{
    size_t next = 0;

    for (size_t i = 0; i < n_weeks; i++) {
        const int64_t week = first + (int64_t)i * WEEK;
        struct cell openings = { .kind = CELL_NULL };

        for (; next < n && rows[next].day < week + WEEK; next++)
            openings = cell_int(rows[next].openings);
        table_add(cli, t, cell_day(week));
        table_add(cli, t, openings);
        add_flow(cli, t, &flows[i]);
    }
}

/* The last weeks, from Monday on; `openings` is the count at the end of the week's last day that
 * has one. A week without a reading is a row of nothing. */
static int print_weeks(struct cli *cli, const struct answer_market *m, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "week", .heading = "WEEK FROM" },
        { .key = "openings", .heading = "OPENINGS", .right = true },
        { .key = "new", .heading = "NEW", .right = true },
        { .key = "closed", .heading = "CLOSED", .right = true },
        { .key = "net", .heading = "NET", .right = true },
        { .key = "found", .heading = "FOUND", .right = true },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct flow_row flows[WEEKS] = { 0 };
    int64_t monday = m->market.day - (m->market.day - MONDAY) % WEEK, first, times[WEEKS + 1];
    struct series_row *rows;
    size_t n = 0, n_weeks;
    int r = series_load(m->store, monday - (int64_t)(WEEKS - 1) * WEEK, m->market.day, cli->run,
                        &rows, &n, d);

    if (r)
        return r;
    first = n ? rows[0].day - (rows[0].day - MONDAY) % WEEK : monday;
    n_weeks = (size_t)(monday - first) / WEEK + 1;
    for (size_t i = 0; i <= n_weeks; i++)
        times[i] = day_start(first + (int64_t)i * WEEK) - 1;
    r = flow_spans(&m->market, m->store, times, n_weeks + 1, flows, d);
    add_weeks(cli, first, flows, n_weeks, rows, n, &t);
    return r ? r : table_print(cli, &t, d);
}

static int print_by(struct cli *cli, const struct answer_market *m, struct str by, struct diag *d)
{
    static const char *const names[] = {
        [FLOW_STAGE] = "stage",     [FLOW_CITY] = "city",    [FLOW_COMPANY] = "company",
        [FLOW_MODE] = "mode",       [FLOW_TRACK] = "track",  [FLOW_SOURCE] = "source",
        [FLOW_ADAPTER] = "adapter", [FLOW_BY_COUNT] = "week"
    };
    size_t i = 0;

    while (i < ARRAY_LEN(names) && !str_eq(by, str_of(names[i])))
        i++;
    if (i == ARRAY_LEN(names))
        return diag_fail(d, ERR_USAGE,
                         "--by: " STR_FMT
                         ": want stage, city, company, mode, track, source, adapter "
                         "or week",
                         STR_ARG(by));
    return i == FLOW_BY_COUNT ? print_weeks(cli, m, d)
                              : print_groups(cli, m, (enum flow_by)i, by, d);
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
                         const struct life *life, const struct salary *pay)
{
    struct arena *a = cli->run;
    char day[DATE_TEXT], stage[32];

    day_format(m->day, day);
    printf("%s, as of %s (India)\n\n", str_cstr(a, m->roadmap->title), day);
    line("open roles", format_grouped(a, r->openings), "of this role, in India, each job once");
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
    line("adjacent roles", format_grouped(a, r->adjacent), "in India, of the families around it");
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
    printf("\n" STR_FMT "\n" STR_FMT "\n", STR_ARG(headline_text(m, r, pay, a)),
           STR_ARG(headline_limits(r, pay, a)));
}

/* The counts of now, in one answer. */
static int print_counts(struct cli *cli, const struct answer_market *m, struct diag *d)
{
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    struct roles roles = { 0 };
    struct salary pay = { 0 };
    struct life life[STAGES + 1];
    struct unread unread = { 0 };
    struct mix mix = { 0 };
    int r = roles_of(&m->market, m->store, &roles, cli->run, d);

    if (!r)
        r = life_of(&m->market, m->store, life, d);
    if (!r)
        r = pay_of(&m->market, m->store, &pay, d);
    if (!r)
        r = mix_of(&m->market, m->store, &roles, &mix, d);
    if (!r)
        r = unread_of(cli, &unread, d);
    if (r)
        return r;
    if (cli->format == OUTPUT_TABLE) {
        print_people(cli, &m->market, &roles, &life[0], &pay);
        unread_print(&unread, &mix);
        return 0;
    }
    json_object(&j, NULL);
    roles_json(&j, &m->market, m->market.at, &roles, life, &pay);
    unread_json(&j, &unread, &mix);
    json_end(&j);
    return document_print(cli, &j, d);
}

/* The counts and the days stand finished as they are; groups are counted for the question. */
static int judge_choice(const struct args *a, struct diag *d)
{
    const struct choice *c = &a->choose;
    const bool groups = a->by.n && !str_eq(a->by, STR("week"));

    if (groups || !(c->stage || c->city.n || c->company.n || c->track.n || c->mode.n))
        return 0;
    diag_fail(d, ERR_USAGE,
              "roles: --stage, --city, --company, --track and --mode go with --by, "
              "but not with --by week");
    diag_hint(d, "roletide roles --by stage --city Pune, or roletide openings with the same");
    return ERR_USAGE;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    int r = judge_choice(a, d);

    if (r)
        return r;
    r = a->since.n || a->by.n ? answer_open_series(cli, &a->choose, &m, d)
                              : answer_open_figures(cli, &a->choose, &m, d);

    if (!r && a->by.n) {
        r = print_by(cli, &m, a->by, d);
    } else if (!r && a->since.n) {
        r = series(cli, &m, a->since, d);
    } else if (!r) {
        r = print_counts(cli, &m, d);
    }
    answer_close(&m);
    return r;
}

const struct command cmd_roles = {
    .name = "roles",
    .summary = "How many roles are open, by stage, and how that moves",
    .usage = "[--by WHAT [--stage N] [--city CITY] [--company NAME] [--track T] [--mode M]] "
             "[--since DATE] [--at DATE]",
    .examples = "  roletide roles\n"
                "  roletide roles --format json\n"
                "  roletide roles --by city\n"
                "  roletide roles --by company --city Bengaluru --stage 3\n"
                "  roletide roles --since 2026-11-01 --format csv\n",
    .more =
        "--by: NEW and CLOSED are of the last 7 days (of the week, with --by week). What the first "
        "reading of\n"
        "a board finds is not new: it is FOUND. By source and by adapter also how long roles stay "
        "open (days,\n"
        "95%): WATCHED in 180 days; no median where they are of under 10 employers.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
