#include "config/csv.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"

enum { CSV_MAX_ROWS = 50 * 1000, CSV_MAX_COLUMNS = 100 };

struct cursor {
    struct arena *a;
    const char *file;
    struct str text;
    size_t at;
    uint32_t line, column;
    struct diag *d;
};

static bool ended(const struct cursor *c)
{
    return c->at >= c->text.n;
}

static char peek(const struct cursor *c)
{
    return ended(c) ? '\n' : c->text.p[c->at];
}

static char take(struct cursor *c)
{
    char byte = c->text.p[c->at++];

    if (byte == '\n') {
        c->line++;
        c->column = 1;
    } else if (((unsigned char)byte & 0xc0) != 0x80) {
        c->column++;
    }
    return byte;
}

static struct yaml_node *new_node(const struct cursor *c, enum yaml_kind kind)
{
    struct yaml_node *node = ARENA_NEW(c->a, struct yaml_node, 1);

    *node = (struct yaml_node){ .kind = kind, .plain = true, .line = c->line, .column = c->column };
    return node;
}

static int quoted_cell(struct cursor *c, struct yaml_node *cell)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    take(c);
    for (;;) {
        if (ended(c))
            return yaml_fail(c->d, ERR_CONFIG, c->file, cell, "a quote is opened and never closed");
        if (peek(c) != '"') {
            buf_add_byte(&b, take(c));
            continue;
        }
        take(c);
        if (ended(c) || peek(c) != '"')
            break;
        buf_add_byte(&b, take(c));
    }
    if (!ended(c) && peek(c) != ',' && peek(c) != '\n' && peek(c) != '\r')
        return yaml_fail(c->d, ERR_CONFIG, c->file, cell, "text after a closing quote");
    cell->text = buf_take(&b, c->a);
    return 0;
}

static int read_cell(struct cursor *c, struct yaml_node **ret)
{
    struct yaml_node *cell = new_node(c, NODE_SCALAR);
    size_t start = c->at;

    *ret = cell;
    if (!ended(c) && peek(c) == '"')
        return quoted_cell(c, cell);
    while (!ended(c) && peek(c) != ',' && peek(c) != '\n') {
        if (peek(c) == '"')
            return yaml_fail(c->d, ERR_CONFIG, c->file, cell, "a quote inside an unquoted cell");
        take(c);
    }
    cell->text = str_trim(str_slice(c->text, start, c->at));
    return 0;
}

static int read_row(struct cursor *c, struct yaml_node *row)
{
    for (;;) {
        struct yaml_node *cell;
        int err = read_cell(c, &cell);

        if (err)
            return err;
        yaml_add(c->a, row, cell);
        if (row->n > CSV_MAX_COLUMNS)
            return yaml_fail(c->d, ERR_LIMIT, c->file, cell, "more than %d columns",
                             CSV_MAX_COLUMNS);
        if (!ended(c) && peek(c) == '\r')
            take(c);
        if (ended(c) || peek(c) == '\n')
            break;
        take(c); /* the comma */
    }
    if (!ended(c))
        take(c);
    return 0;
}

static bool is_blank(const struct yaml_node *row)
{
    return row->n == 1 && row->items[0]->text.n == 0;
}

static void add(struct cursor *c, struct yaml_node *map, struct yaml_node *key,
                struct yaml_node *value)
{
    yaml_add(c->a, map, key);
    yaml_add(c->a, map, value);
}

/* "params.company" is the parameter, where a key of a source has the same name. */
static bool is_param(struct str column, struct str *ret_name)
{
    static const struct str prefix = { "params.", 7 };

    *ret_name = column;
    if (!str_starts(column, prefix))
        return false;
    *ret_name = str_from(column, prefix.n);
    return true;
}

static void add_cell(struct cursor *c, struct yaml_node *map, struct yaml_node *params,
                     const struct yaml_node *column, struct yaml_node *cell,
                     bool (*is_key)(struct str name))
{
    struct yaml_node *key = new_node(c, NODE_SCALAR);
    struct str name;
    bool param = is_param(column->text, &name) || !is_key(column->text);

    *key = *column;
    key->text = name;
    add(c, param ? params : map, key, cell);
}

static struct yaml_node *to_map(struct cursor *c, const struct yaml_node *header,
                                const struct yaml_node *row, bool (*is_key)(struct str name))
{
    struct yaml_node *map = new_node(c, NODE_MAP), *params = new_node(c, NODE_MAP);
    struct yaml_node *name = new_node(c, NODE_SCALAR);

    map->line = params->line = name->line = row->line;
    map->column = params->column = name->column = row->column;
    name->text = STR("params");
    for (size_t i = 0; i < row->n; i++)
        if (row->items[i]->text.n)
            add_cell(c, map, params, header->items[i], row->items[i], is_key);
    if (params->n)
        add(c, map, name, params);
    return map;
}

static int check_header(struct cursor *c, const struct yaml_node *header)
{
    for (size_t i = 0; i < header->n; i++) {
        if (header->items[i]->text.n == 0)
            return yaml_fail(c->d, ERR_CONFIG, c->file, header->items[i], "a column without name");
        for (size_t j = 0; j < i; j++)
            if (str_eq(header->items[i]->text, header->items[j]->text))
                return yaml_fail(c->d, ERR_CONFIG, c->file, header->items[i],
                                 "the column \"%.60s\" stands twice",
                                 str_cstr(c->a, header->items[i]->text));
    }
    return 0;
}

static int read_rows(struct cursor *c, bool (*is_key)(struct str name), struct yaml_node *list)
{
    struct yaml_node *header = new_node(c, NODE_LIST);
    int err = read_row(c, header);

    if (err || (err = check_header(c, header)))
        return err;
    while (!ended(c)) {
        struct yaml_node *row = new_node(c, NODE_LIST);

        err = read_row(c, row);
        if (err)
            return err;
        if (is_blank(row))
            continue;
        if (row->n != header->n)
            return yaml_fail(c->d, ERR_CONFIG, c->file, row, "%zu cells under %zu columns", row->n,
                             header->n);
        if (list->n >= CSV_MAX_ROWS)
            return yaml_fail(c->d, ERR_LIMIT, c->file, row, "more than %d rows", CSV_MAX_ROWS);
        yaml_add(c->a, list, to_map(c, header, row, is_key));
    }
    return 0;
}

int csv_parse(struct arena *a, const char *file, struct str text, bool (*is_key)(struct str name),
              struct yaml_node **ret, struct diag *d)
{
    struct cursor c = { .a = a, .file = file, .text = text, .line = 1, .column = 1, .d = d };

    if (str_starts(text, STR("\xef\xbb\xbf"))) /* spreadsheets write a byte order mark */
        c.at = 3;
    if (!utf8_valid(text))
        return diag_fail(d, ERR_CONFIG, "%s: not UTF-8 text", file);
    *ret = new_node(&c, NODE_LIST);
    if (str_trim(str_from(text, c.at)).n == 0)
        return 0;
    return read_rows(&c, is_key, *ret);
}
