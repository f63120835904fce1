#include "cli/flat.h"

#include "cli/answer.h"
#include "core/utf8.h"

static const struct column columns[] = { { .key = "figure", .heading = "FIGURE" },
                                         { .key = "value", .heading = "VALUE" } };

/* What is left of a text that json_out wrote: compact, and sound. */
struct flat {
    struct cli *cli;
    struct table *to;
    const char *p, *end;
};

static bool at(const struct flat *f, char c)
{
    return f->p < f->end && *f->p == c;
}

static bool skip(struct flat *f, char c)
{
    bool is = at(f, c);

    f->p += is;
    return is;
}

static void add_escaped(struct flat *f, struct buf *to)
{
    uint32_t c = 0;

    if (f->p == f->end)
        return;
    if (*f->p != 'u') {
        buf_add_byte(to, *f->p == 'n' ? '\n' : *f->p);
        f->p++;
        return;
    }
    f->p++;
    for (int i = 0; i < 4 && f->p < f->end; i++, f->p++)
        c = c << 4 | (uint32_t)(ascii_is_digit(*f->p) ? *f->p - '0' : (*f->p | 0x20) - 'a' + 10);
    buf_add_utf8(to, c);
}

static struct str get_string(struct flat *f)
{
    struct buf b = { 0 };
    struct str ret;

    for (skip(f, '"'); f->p < f->end && !at(f, '"');) {
        if (skip(f, '\\'))
            add_escaped(f, &b);
        else
            buf_add_byte(&b, *f->p++);
    }
    skip(f, '"');
    ret = buf_take(&b, f->cli->run);
    buf_release(&b);
    return ret;
}

/* A number, true, false or null. */
static struct str get_word(struct flat *f)
{
    const char *from = f->p;

    while (f->p < f->end && *f->p != ',' && *f->p != '}' && *f->p != ']')
        f->p++;
    return (struct str){ from, (size_t)(f->p - from) };
}

static struct str below(struct flat *f, struct str path, struct str name)
{
    return path.n ? str_printf(f->cli->run, STR_FMT "." STR_FMT, STR_ARG(path), STR_ARG(name))
                  : name;
}

static void flatten(struct flat *f, struct str path);

static void flatten_object(struct flat *f, struct str path)
{
    skip(f, '{');
    while (f->p < f->end && !at(f, '}')) {
        struct str name = get_string(f);

        skip(f, ':');
        flatten(f, below(f, path, name));
        skip(f, ',');
    }
    skip(f, '}');
}

/* The value of an object's first member names it, where it is a name or a number. */
static struct str name_of(const struct flat *f, size_t place)
{
    struct flat look = *f;

    if (skip(&look, '{') && at(&look, '"')) {
        (void)get_string(&look);
        skip(&look, ':');
        if (at(&look, '"'))
            return get_string(&look);
        if (look.p < look.end && ascii_is_digit(*look.p))
            return get_word(&look);
    }
    return str_printf(f->cli->run, "%zu", place);
}

static void flatten_array(struct flat *f, struct str path)
{
    skip(f, '[');
    for (size_t i = 1; f->p < f->end && !at(f, ']'); i++) {
        flatten(f, below(f, path, name_of(f, i)));
        skip(f, ',');
    }
    skip(f, ']');
}

static void flatten(struct flat *f, struct str path)
{
    struct cell value;

    if (at(f, '{')) {
        flatten_object(f, path);
        return;
    }
    if (at(f, '[')) {
        flatten_array(f, path);
        return;
    }
    value = (struct cell){ .kind = CELL_STR };
    value.s = at(f, '"') ? get_string(f) : get_word(f);
    if (str_eq(value.s, STR("null")))
        value = (struct cell){ 0 };
    table_add(f->cli, f->to, cell_str(path));
    table_add(f->cli, f->to, value);
}

void flat_rows(struct cli *cli, struct str json, struct table *to)
{
    struct flat f = { cli, to, json.p, json.p + json.n };

    *to = (struct table){ .columns = columns, .n_columns = ARRAY_LEN(columns) };
    flatten(&f, (struct str){ 0 });
}

int document_print(struct cli *cli, struct json_out *j, struct diag *d)
{
    struct table t;
    int r;

    if (answer_wants_json(cli)) {
        answer_print(j);
        return 0;
    }
    flat_rows(cli, buf_str(j->to), &t);
    r = table_print(cli, &t, d);
    buf_release(j->to);
    *j = (struct json_out){ .to = j->to };
    return r;
}
