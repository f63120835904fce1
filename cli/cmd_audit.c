#include <string.h>

#include "cli/answer.h"
#include "cli/commands.h"

struct args {
    struct choice choose;
};

static const struct option options[] = { CHOICE_AT(args, choose) };

static const struct column columns[] = {
    { .key = "posting", .heading = "POSTING", .right = true },
    { .key = "source", .heading = "SOURCE", .spare = 2 },
    { .key = "native_id", .heading = "NATIVE ID", .spare = 3 },
    { .key = "opening", .heading = "OPENING", .right = true },
    { .key = "counted", .heading = "COUNTED", .spare = 1 },
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
    table_add(cli, t, cell_str(str_dup(cli->run, f->source)));
    table_add(cli, t, cell_str(str_dup(cli->run, f->native_id)));
    table_add(cli, t, cell_int(opening));
    table_add(cli, t, cell_text(why == COUNTED ? "true" : "false"));
    table_add(cli, t, cell_text(why_counted_text(why)));
    table_add(cli, t, cell_str(str_dup(cli->run, f->title)));
}

struct audit {
    struct cli *cli;
    struct table table;
    struct buf bytes;
    struct json_out json;
};

static int add_family(void *ctx, const struct market *one, struct diag *d)
{
    struct audit *a = ctx;

    (void)d;
    for (size_t i = 0; i < one->n_openings; i++) {
        const struct opening *o = &one->openings[i];

        for (size_t k = 0; k < o->n_members; k++) {
            if (answer_wants_json(a->cli)) {
                add_json(&a->json, o->members[k], o->id, o->whys[k]);
                answer_item(a->cli, &a->json);
            } else {
                add_row(a->cli, &a->table, o->members[k], o->id, o->whys[k]);
            }
        }
    }
    return 0;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct audit audit = { .cli = cli,
                           .table = { .columns = columns, .n_columns = ARRAY_LEN(columns) } };
    int r = answer_open_series(cli, &a->choose, &m, d);

    audit.json.to = &audit.bytes;
    answer_list(cli, &audit.json);
    if (!r)
        r = answer_walk(cli, &m, add_family, &audit, d);
    if (!r && answer_wants_json(cli))
        answer_list_end(cli, &audit.json);
    else if (!r)
        r = table_print(cli, &audit.table, d);
    buf_release(&audit.bytes);
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
            "opening is counted; their number is `openings` of `roletide roles`. Lines stand "
            "employer by\n"
            "employer.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
