#include "cli/reparse_diff.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"

enum { STAGE_VALUES = 6, FAMILY_VALUES = 3, TRACK_VALUES = 4, LEVEL_VALUES = 6 };
enum { FIXED = STAGE_VALUES + FAMILY_VALUES + TRACK_VALUES + LEVEL_VALUES };

/* A conclusion that a posting has or has not. */
struct row {
    const char *what;
    struct str value;
    int64_t more, fewer;
    int64_t more_in, fewer_in; /* a posting of each; 0: none */
};

struct snapshot {
    int64_t posting;
    bool *has; /* by row */
};

struct reparse_diff {
    struct cli *cli;
    struct row *rows; /* first the FIXED ones, then the skills of both */
    size_t n_rows;
    uint32_t *old_rows; /* by skill of the vintage before */
    size_t n_old, n_new;
    struct {
        struct snapshot *items;
        size_t n, cap;
    } before; /* in order of posting */
    bool *now;
    size_t at; /* the walk of reparse_after() through `before` */
};

static void name_fixed(struct reparse_diff *f)
{
    static const char *const stages[STAGE_VALUES] = { "none", "1", "2", "3", "4", "5" };
    struct row *r = f->rows;

    for (int i = 0; i < STAGE_VALUES; i++)
        *r++ = (struct row){ .what = "stage", .value = str_of(stages[i]) };
    for (int i = 0; i < FAMILY_VALUES; i++)
        *r++ = (struct row){ .what = "family", .value = str_of(family_name((enum family)i)) };
    for (int i = 0; i < TRACK_VALUES; i++)
        *r++ = (struct row){ .what = "track", .value = str_of(track_name((enum track)i)) };
    for (int i = 0; i < LEVEL_VALUES; i++)
        *r++ = (struct row){ .what = "level", .value = str_of(level_name((enum level)i)) };
}

static void name_skills(struct reparse_diff *f, const struct extractor *x, const struct str *old)
{
    f->n_rows = FIXED + f->n_new;
    for (size_t i = 0; i < f->n_new; i++)
        f->rows[FIXED + i] =
            (struct row){ .what = "skill", .value = extractor_skill(x, (uint32_t)i)->id };
    for (size_t i = 0; i < f->n_old; i++) {
        int64_t at = extractor_find_skill(x, old[i]);

        f->old_rows[i] = (uint32_t)(at < 0 ? f->n_rows : FIXED + (size_t)at);
        if (at < 0)
            f->rows[f->n_rows++] = (struct row){ .what = "skill", .value = old[i] };
    }
}

static void tick(const struct reparse_diff *f, const struct signal *s, bool old, bool *has)
{
    size_t first = 0, n = old ? f->n_old : f->n_new;

    has[first + (size_t)s->stage % STAGE_VALUES] = true;
    first += STAGE_VALUES;
    has[first + s->family] = true;
    first += FAMILY_VALUES;
    has[first + s->track] = s->track != TRACK_NONE;
    first += TRACK_VALUES;
    has[first + s->level] = true;
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        if (m->skill < n && m->polarity > POLARITY_NEGATED)
            has[old ? f->old_rows[m->skill] : FIXED + m->skill] = true;
    }
}

static int take_before(void *ctx, const struct posting_fact *p, struct diag *d)
{
    struct reparse_diff *f = ctx;
    struct snapshot *s;

    (void)d;
    if (!p->has_signal)
        return 0;
    s = ARENA_PUSH(f->cli->run, &f->before);
    *s = (struct snapshot){ p->posting, ARENA_NEW(f->cli->run, bool, f->n_rows) };
    tick(f, &p->signal, true, s->has);
    return 0;
}

int reparse_before(struct cli *cli, struct store *s, const struct extractor *x,
                   struct reparse_diff **ret, struct diag *d)
{
    struct reparse_diff *f = ARENA_NEW(cli->run, struct reparse_diff, 1);
    struct str *old = NULL;
    int r = store_skills(s, cli->run, &old, &f->n_old, d);

    if (r)
        return r;
    f->cli = cli;
    f->n_new = extractor_skills(x);
    f->rows = ARENA_NEW(cli->run, struct row, FIXED + f->n_new + f->n_old);
    f->old_rows = ARENA_NEW(cli->run, uint32_t, f->n_old + 1);
    name_fixed(f);
    name_skills(f, x, old);
    f->now = ARENA_NEW(cli->run, bool, f->n_rows);
    *ret = f;
    return store_scan(s, cli->now, NULL, take_before, f, d);
}

static int compare(void *ctx, const struct posting_fact *p, struct diag *d)
{
    struct reparse_diff *f = ctx;
    const bool *then;

    (void)d;
    while (f->at < f->before.n && f->before.items[f->at].posting < p->posting)
        f->at++;
    if (!p->has_signal || f->at == f->before.n || f->before.items[f->at].posting != p->posting)
        return 0;
    then = f->before.items[f->at].has;
    memset(f->now, 0, f->n_rows * sizeof(*f->now));
    tick(f, &p->signal, false, f->now);
    for (size_t i = 0; i < f->n_rows; i++) {
        struct row *r = &f->rows[i];

        if (f->now[i] && !then[i] && !r->more++)
            r->more_in = p->posting;
        if (then[i] && !f->now[i] && !r->fewer++)
            r->fewer_in = p->posting;
    }
    return 0;
}

static struct cell example(int64_t posting)
{
    return posting ? cell_int(posting) : (struct cell){ .kind = CELL_NULL };
}

int reparse_after(struct reparse_diff *diff, struct store *s, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "what", .heading = "WHAT" },
        { .key = "value", .heading = "VALUE" },
        { .key = "more", .heading = "MORE", .right = true },
        { .key = "fewer", .heading = "FEWER", .right = true },
        { .key = "more_example", .heading = "E.G. NOW", .right = true },
        { .key = "fewer_example", .heading = "E.G. BEFORE", .right = true },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct cli *cli = diff->cli;
    int r = store_scan(s, cli->now, NULL, compare, diff, d);

    if (r)
        return r;
    for (size_t i = 0; i < diff->n_rows; i++) {
        const struct row *row = &diff->rows[i];

        if (!row->more && !row->fewer)
            continue;
        table_add(cli, &t, cell_text(row->what));
        table_add(cli, &t, cell_str(row->value));
        table_add(cli, &t, cell_int(row->more));
        table_add(cli, &t, cell_int(row->fewer));
        table_add(cli, &t, example(row->more_in));
        table_add(cli, &t, example(row->fewer_in));
    }
    return t.cells.n || cli->format != OUTPUT_TABLE ? table_print(cli, &t, d) : 0;
}
