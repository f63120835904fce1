#include "cli/sources_record.h"

#include "core/date.h"

struct record {
    struct cli *cli;
    struct store *store;
    struct arena *a;
    struct source_states known; /* before */
    bool changed;
    struct {
        const struct source_row **items;
        size_t n, cap;
    } orphans; /* stored, and configured no more */
};

static void find_orphans(struct record *r)
{
    const struct config *c = &r->cli->config;
    const struct source_state *states = r->known.items;
    size_t n = r->known.n;
    bool *configured;

    configured = ARENA_NEW(r->a, bool, n + 1);
    for (size_t i = 0; i < c->sources.n; i++) {
        const struct source_state *at = source_state_find(states, n, c->sources.items[i].key);

        if (at)
            configured[at - states] = true;
    }
    for (size_t i = 0; i < n; i++)
        if (!configured[i] && !states[i].moved && states[i].row.params.n)
            *ARENA_PUSH(r->a, &r->orphans) = &states[i].row;
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

    r->changed |= err == 0;
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

static bool is_recorded(const struct record *r, const struct source_row *row)
{
    const struct source_state *state = source_state_find(r->known.items, r->known.n, row->key);

    return state && !state->moved && source_row_same(&state->row, row);
}

static int record_one(struct record *r, const struct source *src, struct diag *d)
{
    const struct adapter *ad = config_adapter(&r->cli->config, src->adapter);
    struct source_row row = {
        .key = src->key,
        .adapter = src->adapter,
        .params = source_params(r->a, src),
        .company = src->company,
        .policy = src->policy,
        .attribution = ad ? ad->attribution : (struct str){ 0 },
        .why_added = src->why_added,
    };
    int err;

    (void)date_parse_iso(src->added, &row.added);
    err = find_history(r, src, &row, d);
    if (err || is_recorded(r, &row))
        return err;
    r->changed = true;
    return store_put_source(r->store, &row, r->cli->now, d);
}

int sources_record(struct cli *cli, struct store *s, struct arena *a, struct source_states *ret,
                   struct diag *d)
{
    struct record r = { .cli = cli, .store = s, .a = a };
    int err = store_sources(s, a, &r.known.items, &r.known.n, d);

    if (!err)
        find_orphans(&r);
    for (size_t i = 0; !err && i < cli->config.sources.n; i++)
        err = record_one(&r, &cli->config.sources.items[i], d);
    *ret = r.known;
    return err || !r.changed ? err : store_sources(s, a, &ret->items, &ret->n, d);
}
