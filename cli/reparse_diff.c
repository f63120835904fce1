#include "cli/reparse_diff.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "core/hash.h"

enum { STAGE_VALUES = 6, RULES_MAX = 8192 };

/* In how many postings something is concluded now that was not, and the other way round. */
struct change {
    int64_t more, fewer;
    int64_t more_in, fewer_in; /* a posting of each; 0: none */
};

/* A skill, in all and by stage. */
struct skill_row {
    struct str id;
    struct change all, at[STAGE_VALUES];
    unsigned mark; /* of the posting at hand: BEFORE, NOW */
};

/* Any other value of a kind. */
struct value_row {
    const char *what, *value;
    struct change change;
};

enum { BEFORE = 1, NOW = 2 };

struct reparse_diff {
    struct cli *cli;
    struct skill_row *skills; /* those of the rules of now, then those that are no more */
    size_t n_skills, n_now, n_before;
    uint32_t *rows_before; /* by skill of the vintage before */
    struct {
        struct skill_row **items;
        size_t n, cap;
    } marked; /* of the posting at hand */
    struct {
        struct value_row *items;
        size_t n, cap;
    } values;
    uint32_t *slots; /* values by hash, number + 1 */
};

struct reparse_diff *reparse_diff(struct cli *cli)
{
    struct reparse_diff *f = ARENA_NEW(cli->run, struct reparse_diff, 1);

    f->cli = cli;
    f->slots = ARENA_NEW(cli->run, uint32_t, 2 * RULES_MAX);
    return f;
}

/* Values are copied: they are words of rules, or of the store, that are let go before this. */
static struct value_row *row_of(struct reparse_diff *f, const char *what, const char *value)
{
    struct str parts[] = { str_of(what), str_of(value) };
    size_t i = hash_parts(parts, 2).low % (2 * RULES_MAX);
    struct value_row *row;

    for (; f->slots[i]; i = (i + 1) % (2 * RULES_MAX)) {
        row = &f->values.items[f->slots[i] - 1];
        if (strcmp(row->what, what) == 0 && strcmp(row->value, value) == 0)
            return row;
    }
    if (f->values.n == RULES_MAX)
        return NULL;
    row = ARENA_PUSH(f->cli->run, &f->values);
    *row = (struct value_row){ .what = what, .value = str_cstr(f->cli->run, str_of(value)) };
    f->slots[i] = (uint32_t)f->values.n;
    return row;
}

static void count(struct change *c, unsigned mark, int64_t posting)
{
    if (mark == NOW && !c->more++)
        c->more_in = posting;
    if (mark == BEFORE && !c->fewer++)
        c->fewer_in = posting;
}

static void turn(struct reparse_diff *f, const char *what, const char *before, const char *now,
                 int64_t posting)
{
    struct value_row *row;

    if (before == now || strcmp(before, now) == 0)
        return;
    row = *before ? row_of(f, what, before) : NULL;
    if (row)
        count(&row->change, BEFORE, posting);
    row = *now ? row_of(f, what, now) : NULL;
    if (row)
        count(&row->change, NOW, posting);
}

static const char *stage_name(int stage)
{
    static const char *const names[STAGE_VALUES] = { "none", "1", "2", "3", "4", "5" };

    return names[stage % STAGE_VALUES];
}

/* Of pay that is not disclosed nothing is kept. */
static const char *pay_rule(const struct signal *s)
{
    return s->pay.kind == PAY_UNDISCLOSED ? "" : s->pay.from.rule;
}

static void turn_values(struct reparse_diff *f, int64_t posting, const struct signal *x,
                        const struct signal *y)
{
    turn(f, "family", family_name(x->family), family_name(y->family), posting);
    turn(f, "track", track_name(x->track), track_name(y->track), posting);
    turn(f, "level", level_name(x->level), level_name(y->level), posting);
    turn(f, "stage", stage_name(x->stage), stage_name(y->stage), posting);
    turn(f, "rule of family", x->family_from.rule, y->family_from.rule, posting);
    turn(f, "rule of level", x->level_from.rule, y->level_from.rule, posting);
    turn(f, "rule of mode", x->mode_from.rule, y->mode_from.rule, posting);
    turn(f, "rule of place", x->india_from.rule, y->india_from.rule, posting);
    turn(f, "rule of years", x->experience.from.rule, y->experience.from.rule, posting);
    turn(f, "rule of pay", pay_rule(x), pay_rule(y), posting);
    turn(f, "rule of stage", x->stage_reason, y->stage_reason, posting);
}

static void mark_skills(struct reparse_diff *f, const struct signal *s, unsigned mark)
{
    size_t n = mark == NOW ? f->n_now : f->n_before;

    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];
        struct skill_row *row;

        if (m->skill >= n || m->polarity <= POLARITY_NEGATED)
            continue;
        row = &f->skills[mark == NOW ? m->skill : f->rows_before[m->skill]];
        if (!row->mark)
            *ARENA_PUSH(f->cli->run, &f->marked) = row;
        row->mark |= mark;
    }
}

static int compare(void *ctx, int64_t posting, const struct signal *before,
                   const struct signal *now, struct diag *d)
{
    struct reparse_diff *f = ctx;
    struct change *x, *y;

    (void)d;
    turn_values(f, posting, before, now);
    f->marked.n = 0;
    mark_skills(f, before, BEFORE);
    mark_skills(f, now, NOW);
    for (size_t i = 0; i < f->marked.n; i++) {
        struct skill_row *row = f->marked.items[i];

        count(&row->all, row->mark, posting);
        x = &row->at[before->stage % STAGE_VALUES];
        y = &row->at[now->stage % STAGE_VALUES];
        if (x != y || row->mark != (BEFORE | NOW)) {
            count(x, row->mark & BEFORE, posting);
            count(y, row->mark & NOW, posting);
        }
        row->mark = 0;
    }
    return 0;
}

static int begin(void *ctx, struct store *s, const struct extractor *x, struct diag *d)
{
    struct reparse_diff *f = ctx;
    struct str *before = NULL;
    int r = store_previous_skills(s, f->cli->run, &before, &f->n_before, d);

    if (r)
        return r;
    f->n_now = f->n_skills = extractor_skills(x);
    f->skills = ARENA_NEW(f->cli->run, struct skill_row, f->n_now + f->n_before + 1);
    f->rows_before = ARENA_NEW(f->cli->run, uint32_t, f->n_before + 1);
    for (size_t i = 0; i < f->n_now; i++)
        f->skills[i].id = extractor_skill(x, (uint32_t)i)->id;
    for (size_t i = 0; i < f->n_before; i++) {
        int64_t at = extractor_find_skill(x, before[i]);

        f->rows_before[i] = (uint32_t)(at < 0 ? (int64_t)f->n_skills : at);
        if (at < 0)
            f->skills[f->n_skills++].id = before[i];
    }
    return f->n_before ? store_made_signals(s, compare, f, d) : 0;
}

struct extract_watcher reparse_watcher(struct reparse_diff *diff)
{
    return (struct extract_watcher){ diff, begin, compare };
}

static struct cell example(int64_t posting)
{
    return posting ? cell_int(posting) : (struct cell){ .kind = CELL_NULL };
}

static void add_row(const struct reparse_diff *f, struct table *t, const char *what,
                    struct str value, const char *stage, const struct change *c)
{
    if (!c->more && !c->fewer)
        return;
    table_add(f->cli, t, cell_text(what));
    table_add(f->cli, t, cell_str(value));
    table_add(f->cli, t, cell_text(stage));
    table_add(f->cli, t, cell_int(c->more));
    table_add(f->cli, t, cell_int(c->fewer));
    table_add(f->cli, t, example(c->more_in));
    table_add(f->cli, t, example(c->fewer_in));
}

static int by_name(const void *x, const void *y)
{
    const struct value_row *a = x, *b = y;
    int order = strcmp(a->what, b->what);

    return order ? order : strcmp(a->value, b->value);
}

int reparse_print(const struct reparse_diff *f, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "what", .heading = "WHAT" },
        { .key = "value", .heading = "VALUE", .cut = true },
        { .key = "stage", .heading = "STAGE" },
        { .key = "more", .heading = "MORE", .right = true },
        { .key = "fewer", .heading = "FEWER", .right = true },
        { .key = "more_example", .heading = "E.G. NOW", .right = true },
        { .key = "fewer_example", .heading = "E.G. BEFORE", .right = true },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };

    if (f->values.n)
        qsort(f->values.items, f->values.n, sizeof(*f->values.items), by_name);
    for (size_t i = 0; i < f->values.n; i++)
        add_row(f, &t, f->values.items[i].what, str_of(f->values.items[i].value), "",
                &f->values.items[i].change);
    for (size_t i = 0; i < f->n_skills; i++) {
        add_row(f, &t, "skill", f->skills[i].id, "", &f->skills[i].all);
        for (int stage = 0; stage < STAGE_VALUES; stage++)
            add_row(f, &t, "skill", f->skills[i].id, stage_name(stage), &f->skills[i].at[stage]);
    }
    return t.cells.n || f->cli->format != OUTPUT_TABLE ? table_print(f->cli, &t, d) : 0;
}
