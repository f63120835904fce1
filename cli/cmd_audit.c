#include <string.h>

#include "cli/answer.h"
#include "cli/commands.h"

struct args {
    struct choice choose;
};

static const struct option options[] = { CHOICE_AT(args, choose) };

static const struct column columns[] = {
    { .key = "posting", .heading = "POSTING", .right = true },
    { .key = "source", .heading = "SOURCE" },
    { .key = "native_id", .heading = "NATIVE ID" },
    { .key = "opening", .heading = "OPENING", .right = true },
    { .key = "counted", .heading = "COUNTED" },
    { .key = "reason", .heading = "REASON" },
    { .key = "title", .heading = "TITLE", .cut = true },
};

static void add_json(struct json_out *j, const struct posting_fact *f, int64_t opening,
                     enum why_counted why)
{
    json_object(j, NULL);
    json_int(j, "posting", f->posting);
    json_str(j, "source", f->source);
    json_str(j, "native_id", f->native_id);
    json_int(j, "opening", opening);
    json_bool(j, "counted", why == COUNTED);
    json_cstr(j, "reason", why_counted_text(why));
    json_str(j, "title", f->title);
    json_end(j);
}

static void add_row(struct cli *cli, struct table *t, const struct posting_fact *f, int64_t opening,
                    enum why_counted why)
{
    table_add(cli, t, cell_int(f->posting));
    table_add(cli, t, cell_str(f->source));
    table_add(cli, t, cell_str(f->native_id));
    table_add(cli, t, cell_int(opening));
    table_add(cli, t, cell_text(why == COUNTED ? "true" : "false"));
    table_add(cli, t, cell_text(why_counted_text(why)));
    table_add(cli, t, cell_str(f->title));
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    bool json = answer_wants_json(cli);
    int r = answer_open(cli, &a->choose, &m, d);

    answer_list(cli, &j);
    for (size_t i = 0; !r && i < m.market.n_openings; i++) {
        const struct opening *o = &m.market.openings[i];

        for (size_t k = 0; k < o->n_members; k++) {
            if (json) {
                add_json(&j, o->members[k], o->id, o->whys[k]);
                answer_item(cli, &j);
            } else {
                add_row(cli, &t, o->members[k], o->id, o->whys[k]);
            }
        }
    }
    if (!r && json)
        answer_list_end(cli, &j);
    else if (!r)
        r = table_print(cli, &t, d);
    buf_release(&b);
    answer_close(&m);
    return r;
}

const struct command cmd_audit = {
    .name = "audit",
    .summary = "A line for each posting seen: whether it counts, and why",
    .usage = "[--at DATE]",
    .examples = "  roletide audit --format jsonl | jq -r .reason | sort | uniq -c\n"
                "  roletide audit --at 2026-11-01 --format csv\n",
    .more = "Counted and not counted add up to every posting ever proven. Exactly one line of a "
            "counted\n"
            "opening is counted; their number is `openings` of `roletide roles`.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
