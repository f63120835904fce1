#include <stddef.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "core/format.h"
#include "site/figures_json.h"

struct args {
    struct choice choose;
};

static const struct option options[] = {
    CHOICE_SKILL(args, choose),
    CHOICE_FILTERS(args, choose),
};

static const struct column columns[] = {
    { .key = "id", .heading = "ID", .right = true },
    { .key = "title", .heading = "TITLE", .cut = true },
    { .key = "employer", .heading = "EMPLOYER", .cut = true },
    { .key = "places", .heading = "PLACES", .cut = true },
    { .key = "mode", .heading = "MODE", .spare = 3 },
    { .key = "stage", .heading = "STAGE", .right = true, .spare = 1 },
    { .key = "years", .heading = "YEARS", .right = true, .spare = 2 },
    { .key = "pay", .heading = "PAY A YEAR", .right = true },
    { .key = "pay_min" },
    { .key = "pay_max" },
    { .key = "pay_currency" },
    { .key = "track" },
    { .key = "skills" },
    { .key = "first_proof", .heading = "SINCE", .spare = 2 },
    { .key = "last_proof" },
    { .key = "url", .heading = "LINK", .cut = true, .spare = 4 },
};

static struct str places(struct arena *a, const struct market *m, const struct opening *o)
{
    const struct strs list = opening_places(m, o, a);
    struct str all = { 0 };

    for (size_t i = 0; i < list.n; i++)
        all = i ? str_printf(a, STR_FMT ", " STR_FMT, STR_ARG(all), STR_ARG(list.items[i]))
                : list.items[i];
    return all;
}

static struct str years(struct arena *a, const struct experience *e)
{
    if (e->min_months < 0 && e->max_months < 0)
        return (struct str){ 0 };
    if (e->max_months < 0)
        return str_printf(a, "%g+", e->min_months / 12.0);
    return str_printf(a, "%g-%g", e->min_months < 0 ? 0 : e->min_months / 12.0,
                      e->max_months / 12.0);
}

static struct str skills(struct arena *a, const struct market *m, const struct opening *o)
{
    const uint16_t *asks;
    size_t n = opening_asks(m, o, &asks);
    struct str all = { 0 };

    for (size_t i = 0; i < n; i++) {
        size_t skill = asks[i] >> ASK_BITS;
        struct str id = skill < m->n_skills ? m->skills[skill].id : STR("");

        all = all.n ? str_printf(a, STR_FMT ";" STR_FMT, STR_ARG(all), STR_ARG(id)) : id;
    }
    return all;
}

static void add_pay(struct cli *cli, struct table *t, const struct pay *p)
{
    const struct pay none = { .kind = PAY_UNDISCLOSED };

    p = p ? p : &none;
    table_add(cli, t,
              p->kind == PAY_UNDISCLOSED
                  ? (struct cell){ 0 }
                  : cell_str(format_pay(cli->run, p->annual_min, p->annual_max, p->currency)));
    table_add(cli, t, cell_rupees(p->annual_min));
    table_add(cli, t, cell_rupees(p->annual_max));
    table_add(cli, t, cell_text(p->currency));
}

static void add_row(struct cli *cli, struct table *t, const struct market *m,
                    const struct opening *o)
{
    const struct signal *s = &o->lead->signal;
    struct arena *a = cli->run;

    table_add(cli, t, cell_int(o->id));
    table_add(cli, t, cell_str(o->lead->title));
    table_add(cli, t, cell_str(o->employer_name));
    table_add(cli, t, cell_str(places(a, m, o)));
    table_add(cli, t, cell_text(s->mode == MODE_UNKNOWN ? "" : work_mode_name(s->mode)));
    table_add(cli, t, s->stage ? cell_int(s->stage) : (struct cell){ 0 });
    table_add(cli, t, cell_str(years(a, &s->experience)));
    add_pay(cli, t, opening_pay(o));
    table_add(cli, t, cell_text(s->track == TRACK_NONE ? "" : track_name(s->track)));
    table_add(cli, t, cell_str(skills(a, m, o)));
    table_add(cli, t, cell_time(o->first_proof));
    table_add(cli, t, cell_time(o->last_proof));
    table_add(cli, t, cell_str(o->lead->url));
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    bool json = answer_wants_json(cli);
    const struct opening **sel = NULL;
    size_t n = 0;
    int r = answer_open(cli, &a->choose, &m, d);

    if (!r)
        market_select(&m.market, &m.filter, cli->run, &sel, &n);
    if (!r)
        r = market_details(&m.market, m.store, sel, n, cli->run, d);
    answer_list(cli, &j);
    for (size_t i = 0; !r && i < n; i++) {
        if (json) {
            opening_json(&j, NULL, &m.market, sel[i], cli->run);
            answer_item(cli, &j);
        } else {
            add_row(cli, &t, &m.market, sel[i]);
        }
    }
    if (!r && json)
        answer_list_end(cli, &j);
    else if (!r)
        r = table_print(cli, &t, d);
    buf_release(&b);
    if (!r && !n)
        r = answer_none(cli, &m);
    answer_close(&m);
    return r;
}

const struct command cmd_openings = {
    .name = "openings",
    .summary = "The counted openings themselves, with their links",
    .usage = "[--skill ID] [--required] [--stage N] [--city CITY] [--company NAME] "
             "[--track T] [--mode M] [--new DAYS] [--at DATE]",
    .examples = "  roletide openings --stage 2 --city Bengaluru\n"
                "  roletide openings --skill kubernetes --new 7 --format jsonl\n",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
