#include "cli/table.h"

#include <inttypes.h>
#include <libsmartcols.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/date.h"
#include "core/format.h"
#include "core/json_out.h"
#include "core/utf8.h"

void table_add(struct cli *cli, struct table *t, struct cell c)
{
    *ARENA_PUSH(cli->run, &t->cells) = c;
}

/* C0, DEL, C1, and the bidi controls that can reorder a line (Unicode TR 36). */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E)
           || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

struct str terminal_text(struct arena *a, struct str s)
{
    struct buf b = { 0 };
    struct str safe;

    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t c = utf8_at(s, i, &n);

        if (c == '\n' || c == '\t')
            buf_add_byte(&b, ' ');
        else
            buf_add_utf8(&b, is_control(c) ? 0xFFFD : c);
    }
    safe = buf_take(&b, a);
    buf_release(&b);
    return safe;
}

static struct str day_text(struct arena *a, int64_t day)
{
    char text[DATE_TEXT];

    day_format(day, text);
    return str_printf(a, "%s", text);
}

static struct str time_text(struct arena *a, int64_t t)
{
    char text[DATE_TEXT];

    date_format_iso(t, text);
    return str_printf(a, "%s", text);
}

static struct str for_people(struct arena *a, const struct cell *c)
{
    switch (c->kind) {
    case CELL_NULL:
        return STR("-");
    case CELL_STR:
    case CELL_NUMERAL:
        return terminal_text(a, c->s);
    case CELL_INT:
        return format_grouped(a, c->i);
    case CELL_NUM:
        return isfinite(c->x) ? str_printf(a, "%.1f", c->x) : STR("-");
    case CELL_SHARE:
        return format_percent(a, c->x);
    case CELL_RUPEES:
        return format_rupees(a, c->i);
    case CELL_TIME:
        return day_text(a, day_of(c->i));
    case CELL_DAY:
        return day_text(a, c->i);
    }
    return STR("");
}

static struct str for_machines(struct arena *a, const struct cell *c)
{
    switch (c->kind) {
    case CELL_NULL:
        return STR("");
    case CELL_STR:
    case CELL_NUMERAL:
        return c->s;
    case CELL_INT:
    case CELL_RUPEES:
        return str_printf(a, "%" PRId64, c->i);
    case CELL_NUM:
    case CELL_SHARE:
        return isfinite(c->x) ? str_printf(a, "%.4f", c->x) : STR("");
    case CELL_TIME:
        return time_text(a, c->i);
    case CELL_DAY:
        return day_text(a, c->i);
    }
    return STR("");
}

static void json_cell(struct json_out *j, struct arena *a, const char *key, const struct cell *c)
{
    switch (c->kind) {
    case CELL_NULL:
        json_null(j, key);
        break;
    case CELL_STR:
        json_str(j, key, c->s);
        break;
    case CELL_NUMERAL:
        json_numeral(j, key, c->s);
        break;
    case CELL_INT:
    case CELL_RUPEES:
        json_int(j, key, c->i);
        break;
    case CELL_NUM:
    case CELL_SHARE:
        json_num(j, key, c->x, 4);
        break;
    case CELL_TIME:
        json_time(j, key, c->i);
        break;
    case CELL_DAY:
        json_str(j, key, day_text(a, c->i));
        break;
    }
}

static void print_json(struct cli *cli, const struct table *t)
{
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    bool lines = cli->format == OUTPUT_JSONL;

    if (!lines)
        json_array(&j, NULL);
    for (size_t i = 0; i < t->cells.n; i++) {
        size_t column = i % t->n_columns;

        if (column == 0)
            json_object(&j, NULL);
        json_cell(&j, cli->run, t->columns[column].key, &t->cells.items[i]);
        if (column + 1 < t->n_columns)
            continue;
        json_end(&j);
        if (lines) {
            buf_add_byte(&b, '\n');
            j.has_member = false;
        }
    }
    if (!lines) {
        json_end(&j);
        buf_add_byte(&b, '\n');
    }
    fwrite(b.p, 1, b.n, stdout);
    buf_release(&b);
}

/* RFC 4180; what a spreadsheet would run as a formula gets an apostrophe in front. */
static void print_csv_cell(struct str s)
{
    bool quote = false;

    if (s.n
        && (s.p[0] == '=' || s.p[0] == '@' || s.p[0] == '\t' || s.p[0] == '\r'
            || ((s.p[0] == '+' || s.p[0] == '-') && s.n > 1 && !ascii_is_digit(s.p[1]))))
        putchar('\'');
    for (size_t i = 0; i < s.n; i++)
        quote |= s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
    if (quote)
        putchar('"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            putchar('"');
        putchar(s.p[i]);
    }
    if (quote)
        putchar('"');
}

static void print_separated(struct cli *cli, const struct table *t)
{
    bool csv = cli->format == OUTPUT_CSV;

    for (size_t i = 0; i < t->n_columns; i++)
        printf("%s%s", i ? csv ? "," : "\t" : "", t->columns[i].key);
    putchar('\n');
    for (size_t i = 0; i < t->cells.n; i++) {
        struct str s = for_machines(cli->run, &t->cells.items[i]);

        if (i % t->n_columns)
            putchar(csv ? ',' : '\t');
        if (csv)
            print_csv_cell(s);
        else
            printf(STR_FMT, STR_ARG(terminal_text(cli->run, s)));
        if ((i + 1) % t->n_columns == 0)
            putchar('\n');
    }
}

/* Of a column that may be cut so much must be seen. */
enum { LEAST_CUT = 4 };

/* How wide each column must be, with the blank behind it; 0: nobody sees it. */
static size_t *widths_of(struct cli *cli, const struct table *t)
{
    size_t *ret = ARENA_NEW(cli->run, size_t, t->n_columns + 1);

    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].heading)
            ret[i] = utf8_count(str_of(t->columns[i].heading)) + 1;
    for (size_t i = 0; i < t->cells.n; i++) {
        const size_t column = i % t->n_columns;
        const size_t n = utf8_count(for_people(cli->run, &t->cells.items[i])) + 1;

        if (ret[column] && !t->columns[column].cut && n > ret[column])
            ret[column] = n;
    }
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].cut && ret[i] > LEAST_CUT + 1)
            ret[i] = LEAST_CUT + 1;
    return ret;
}

/* Mark the columns that a narrow terminal has no room for: how many. */
static size_t leave_out(struct cli *cli, const struct table *t, size_t room, bool *ret)
{
    size_t *widths = widths_of(cli, t), left_out = 0;

    for (;;) {
        size_t sum = 0, worst = t->n_columns;

        for (size_t i = 0; i < t->n_columns; i++) {
            sum += widths[i];
            if (widths[i] && t->columns[i].spare
                && (worst == t->n_columns || t->columns[i].spare >= t->columns[worst].spare))
                worst = i;
        }
        if (sum <= room + 1 || worst == t->n_columns)
            return left_out;
        widths[worst] = 0;
        ret[worst] = true;
        left_out++;
    }
}

static int print_table(struct cli *cli, const struct table *t, struct diag *d)
{
    struct libscols_table *out = scols_new_table();
    struct libscols_line *line = NULL;
    bool *hidden = ARENA_NEW(cli->run, bool, t->n_columns + 1);
    size_t left_out = 0;
    int r = 0;

    if (!out)
        return diag_fail(d, ERR_IO, "table: out of memory");
    if (isatty(STDOUT_FILENO))
        left_out = leave_out(cli, t, scols_table_get_termwidth(out), hidden);
    for (size_t i = 0; i < t->n_columns && !r; i++) {
        const struct column *c = &t->columns[i];

        if (!scols_table_new_column(out, c->heading ? c->heading : c->key, 0,
                                    (c->right ? SCOLS_FL_RIGHT : 0) | (c->cut ? SCOLS_FL_TRUNC : 0)
                                        | (c->heading && !hidden[i] ? 0 : SCOLS_FL_HIDDEN)))
            r = -1;
    }
    for (size_t i = 0; i < t->cells.n && !r; i++) {
        if (i % t->n_columns == 0)
            line = scols_table_new_line(out, NULL);
        if (!line
            || scols_line_set_data(line, i % t->n_columns,
                                   str_cstr(cli->run, for_people(cli->run, &t->cells.items[i]))))
            r = -1;
    }
    if (!isatty(STDOUT_FILENO))
        scols_table_enable_maxout(out, 0), scols_table_set_termforce(out, SCOLS_TERMFORCE_NEVER);
    if (!r && scols_print_table(out))
        r = -1;
    scols_unref_table(out);
    if (!r && left_out)
        printf("%zu column%s left out for want of room; --format csv has all\n", left_out,
               left_out == 1 ? "" : "s");
    return r ? diag_fail(d, ERR_IO, "table: cannot be printed") : 0;
}

int table_print(struct cli *cli, const struct table *t, struct diag *d)
{
    switch (cli->format) {
    case OUTPUT_JSON:
    case OUTPUT_JSONL:
        print_json(cli, t);
        return 0;
    case OUTPUT_CSV:
    case OUTPUT_TSV:
        print_separated(cli, t);
        return 0;
    case OUTPUT_TABLE:
        break;
    }
    return t->cells.n ? print_table(cli, t, d) : 0;
}
