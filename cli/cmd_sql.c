#include "cli/commands.h"
#include "cli/table.h"
#include "core/cleanup.h"

/* Rows as they come; the columns are known from row 0 on. */
struct rows {
    struct cli *cli;
    struct table table;
};

static int row(void *ctx, size_t number, const struct sql_cell *cells, size_t n, struct diag *d)
{
    struct rows *rows = ctx;
    struct arena *a = rows->cli->run;

    (void)d;
    if (number == 0) {
        struct column *columns = ARENA_NEW(a, struct column, n + 1);

        for (size_t i = 0; i < n; i++)
            columns[i].key = columns[i].heading = str_cstr(a, cells[i].text);
        rows->table.columns = columns;
        rows->table.n_columns = n;
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        table_add(rows->cli, &rows->table,
                  (struct cell){ .kind = !cells[i].text.p  ? CELL_NULL
                                         : cells[i].number ? CELL_NUMERAL
                                                           : CELL_STR,
                                 .s = str_dup(a, cells[i].text) });
    return 0;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    struct rows rows = { .cli = cli };
    int r;

    (void)args;
    if (cli->rest.n > 1) {
        diag_fail(d, ERR_USAGE, "sql: want one query");
        diag_hint(d, "roletide sql 'SELECT * FROM v_counted_opening LIMIT 5'");
        return ERR_USAGE;
    }
    r = cli_store(cli, STORE_READ, &s, d);
    if (!r)
        r = cli->rest.n ? store_sql(s, cli->rest.items[0], row, &rows, d)
                        : store_sql_views(s, row, &rows, d);
    return r ? r : table_print(cli, &rows.table, d);
}

const struct command cmd_sql = {
    .name = "sql",
    .summary = "Ask the store in SQL, read-only",
    .usage = "[QUERY]",
    .examples =
        "  roletide sql\n"
        "  roletide sql 'SELECT skill, count(*) n FROM v_mention GROUP BY skill ORDER BY n DESC "
        "LIMIT 10'\n"
        "  roletide sql 'SELECT * FROM v_counted_opening' --format csv\n",
    .more =
        "Without a query: the views and their columns. The views whose names begin with v_ are\n"
        "documented in docs/store.md and stay.",
    .run = run,
};
