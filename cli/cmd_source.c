#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/table.h"
#include "core/cleanup.h"
#include "core/json_out.h"
#include "parsers/listing_json.h"
#include "parsers/try.h"

enum { MAX_SAVED = 64 << 20 };

struct args {
    struct str url;
};

static const struct option options[] = {
    { "url", "URL", OPTION_TEXT, offsetof(struct args, url), 0, 0,
      "try: the address the document came from" },
};

static const struct source_state *state_of(const struct source_state *states, size_t n,
                                           struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(states[i].row.key, key))
            return &states[i];
    return NULL;
}

/* The configured boards, with what the store knows of them where there is one. */
static int list(struct cli *cli, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "source", .heading = "SOURCE" },
        { .key = "company", .heading = "COMPANY", .cut = true },
        { .key = "policy", .heading = "POLICY" },
        { .key = "confidence", .heading = "CONFIDENCE" },
        { .key = "open", .heading = "OPEN", .right = true },
        { .key = "last_proven", .heading = "LAST PROVEN" },
        { .key = "last_outcome", .heading = "LAST OUTCOME" },
        { .key = "last_error", .heading = "LAST ERROR", .cut = true },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    CLEANUP(store_close) struct store *s = NULL;
    struct source_state *states = NULL;
    struct diag no_store = { 0 };
    size_t n = 0;
    int r = cli_config(cli, d);

    if (r)
        return r;
    if (cli_store(cli, STORE_READ, &s, &no_store) == 0)
        r = store_sources(s, cli->run, &states, &n, d);
    for (size_t i = 0; !r && i < cli->config.sources.n; i++) {
        const struct source *src = &cli->config.sources.items[i];
        const struct source_state *state = state_of(states, n, src->key);

        table_add(cli, &t, cell_str(src->key));
        table_add(cli, &t, cell_str(src->company));
        table_add(cli, &t, cell_str(src->policy.n ? src->policy : STR("default")));
        table_add(cli, &t, cell_str(src->confidence));
        table_add(cli, &t, state ? cell_int(state->open) : (struct cell){ 0 });
        table_add(cli, &t, cell_time(state ? state->last_proven : 0));
        table_add(cli, &t, state ? cell_text(state->last_outcome) : (struct cell){ 0 });
        table_add(cli, &t, state ? cell_text(state->last_error) : (struct cell){ 0 });
    }
    return r ? r : table_print(cli, &t, d);
}

static int try(struct cli *cli, const struct args *a, struct diag *d)
{
    size_t n = cli->rest.n - 2;
    struct str *files = ARENA_NEW(cli->run, struct str, n + 1);
    CLEANUP(buf_release) struct buf out = { 0 };
    struct json_out j = { .to = &out };
    struct reading_items items = { 0 };
    const struct adapter *ad;
    int r = cli_config(cli, d);

    if (r)
        return r;
    ad = config_adapter(&cli->config, cli->rest.items[1]);
    if (!ad) {
        diag_fail(d, ERR_USAGE, "no adapter " STR_FMT, STR_ARG(cli->rest.items[1]));
        diag_hint(d, "roletide source list");
        return ERR_USAGE;
    }
    for (size_t i = 0; i < n && !r; i++)
        r = cli_read_file(cli, cli->rest.items[i + 2], MAX_SAVED, &files[i], d);
    if (!r)
        r = adapter_try(ad, a->url, files, n, cli->now, cli->run, &items, d);
    for (size_t i = 0; !r && i < items.n; i++) {
        listing_json(&j, NULL, &items.items[i].listing);
        buf_add_byte(&out, '\n');
        j = (struct json_out){ .to = &out };
    }
    if (!r)
        fwrite(out.p, 1, out.n, stdout);
    return r;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct str what = cli->rest.n ? cli->rest.items[0] : (struct str){ 0 };

    if (str_eq(what, STR("list")) && cli->rest.n == 1)
        return list(cli, d);
    if (str_eq(what, STR("try")) && cli->rest.n >= 3)
        return try(cli, args, d);
    diag_fail(d, ERR_USAGE, "source: want list, or try ADAPTER FILE...");
    diag_hint(d, "roletide source try greenhouse saved-answer.json");
    return ERR_USAGE;
}

const struct command cmd_source = {
    .name = "source",
    .summary = "The boards that are read; try an adapter on saved answers",
    .usage = "list | try ADAPTER FILE... [--url URL]",
    .examples = "  roletide source list\n"
                "  roletide source try greenhouse jobs.json | jq .title\n"
                "  roletide source try smartrecruiters list.json detail-1.json detail-2.json\n",
    .more = "try: the list's answer first, answers to detail requests after it; a JSON line a "
            "listing.\n"
            "Exit 65 where the document is not that board's shape.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
