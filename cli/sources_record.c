#include "cli/sources_record.h"

#include <stdlib.h>

#include "core/date.h"

struct record {
    struct cli *cli;
    struct store *store;
    struct {
        const struct source_row **items;
        size_t n, cap;
    } orphans; /* stored, and configured no more */
};

static int by_key(const void *key, const void *state)
{
    return str_cmp(*(const struct str *)key, ((const struct source_state *)state)->row.key);
}

static int find_orphans(struct record *r, struct diag *d)
{
    const struct config *c = &r->cli->config;
    struct source_state *states = NULL;
    bool *configured;
    size_t n = 0;
    int err = store_sources(r->store, r->cli->run, &states, &n, d);

    if (err)
        return err;
    configured = ARENA_NEW(r->cli->run, bool, n + 1);
    for (size_t i = 0; n && i < c->sources.n; i++) {
        const struct source_state *at =
            bsearch(&c->sources.items[i].key, states, n, sizeof(*states), by_key);

        if (at)
            configured[at - states] = true;
    }
    for (size_t i = 0; i < n; i++)
        if (!configured[i] && !states[i].moved && states[i].row.params.n)
            *ARENA_PUSH(r->cli->run, &r->orphans) = &states[i].row;
    return 0;
}

/* Stored under a key that nobody configures, with the same adapter and parameters. */
static struct str same_board(const struct record *r, const struct source_row *row)
{
    for (size_t i = 0; i < r->orphans.n; i++)
        if (str_eq(r->orphans.items[i]->adapter, row->adapter)
            && str_eq(r->orphans.items[i]->params, row->params))
            return r->orphans.items[i]->key;
    return (struct str){ 0 };
}

static int take_over(struct record *r, struct str was, struct str key, struct diag *d)
{
    int err = store_rename_source(r->store, was, key, r->cli->now, d);

    return err == STORE_NONE ? 0 : err;
}

/* The first key that the store knows names the history; what the others have ends with it. */
static int find_history(struct record *r, const struct source *src, const struct source_row *row,
                        struct diag *d)
{
    struct str same = same_board(r, row);
    int err = 0;

    for (size_t i = 0; !err && i < src->was.n; i++)
        err = take_over(r, src->was.items[i], src->key, d);
    return !err && same.n ? take_over(r, same, src->key, d) : err;
}

static int record_one(struct record *r, const struct source *src, struct diag *d)
{
    const struct adapter *ad = config_adapter(&r->cli->config, src->adapter);
    struct source_row row = {
        .key = src->key,
        .adapter = src->adapter,
        .params = source_params(r->cli->run, src),
        .company = src->company,
        .policy = src->policy,
        .attribution = ad ? ad->attribution : (struct str){ 0 },
        .why_added = src->why_added,
    };
    int err;

    (void)date_parse_iso(src->added, &row.added);
    err = find_history(r, src, &row, d);
    return err ? err : store_put_source(r->store, &row, r->cli->now, d);
}

int sources_record(struct cli *cli, struct store *s, struct diag *d)
{
    struct record r = { .cli = cli, .store = s };
    int err = find_orphans(&r, d);

    for (size_t i = 0; !err && i < cli->config.sources.n; i++)
        err = record_one(&r, &cli->config.sources.items[i], d);
    return err;
}
