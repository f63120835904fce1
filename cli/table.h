#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/cli.h"

/*
 * A list for people or for machines: one set of rows, printed in the format asked for.
 * People get ₹ with lakh and crore, Indian grouping, percentages and "-" for nothing;
 * machines get plain integers, shares as fractions, ISO times and null (CSV: empty).
 */
enum cell_kind {
    CELL_NULL,
    CELL_STR,
    CELL_INT,
    CELL_NUM,
    CELL_NUMERAL, /* a number as it is written */
    CELL_SHARE,
    CELL_RUPEES,
    CELL_TIME,
    CELL_DAY
};

struct cell {
    enum cell_kind kind;
    struct str s;
    int64_t i;
    double x;
};

static inline struct cell cell_str(struct str s)
{
    return (struct cell){ .kind = s.n ? CELL_STR : CELL_NULL, .s = s };
}
static inline struct cell cell_text(const char *s)
{
    return cell_str(str_of(s));
}
static inline struct cell cell_int(int64_t i)
{
    return (struct cell){ .kind = CELL_INT, .i = i };
}
static inline struct cell cell_rupees(int64_t i) /* 0: not given */
{
    return (struct cell){ .kind = i ? CELL_RUPEES : CELL_NULL, .i = i };
}
static inline struct cell cell_time(int64_t t) /* 0: none */
{
    return (struct cell){ .kind = t ? CELL_TIME : CELL_NULL, .i = t };
}
static inline struct cell cell_day(int64_t day)
{
    return (struct cell){ .kind = CELL_DAY, .i = day };
}
static inline struct cell cell_num(double x) /* NaN: none */
{
    return (struct cell){ .kind = CELL_NUM, .x = x };
}
static inline struct cell cell_share(double x) /* 0..1; NaN: none */
{
    return (struct cell){ .kind = CELL_SHARE, .x = x };
}

struct column {
    const char *key;     /* for machines */
    const char *heading; /* for people; NULL: machines only */
    bool right;
    bool cut;  /* may be cut to the terminal's width */
    int spare; /* 0: never left out; else, where a terminal is too narrow, higher ones go first */
};

struct table {
    const struct column *columns;
    size_t n_columns;
    struct {
        struct cell *items;
        size_t n, cap;
    } cells; /* row by row */
};

void table_add(struct cli *cli, struct table *t, struct cell c);

/* Print to stdout in cli->format. */
int table_print(struct cli *cli, const struct table *t, struct diag *d) MUST_USE;

/* A text made safe for a terminal: control and bidi characters shown as U+FFFD. */
struct str terminal_text(struct arena *a, struct str s);

#endif
