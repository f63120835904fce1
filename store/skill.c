/* The skills of a vintage, and the numbers that signals have for them. */
#include <stdlib.h>

#include "store/handle.h"

static void numbers_free(struct skill_numbers *x)
{
    free(x->number);
    free(x->skill);
    *x = (struct skill_numbers){ 0 };
}

void skill_numbers_free(struct store *s)
{
    for (size_t i = 0; i < ARRAY_LEN(s->numbered); i++)
        numbers_free(&s->numbered[i].skills);
}

static uint32_t *grown(uint32_t *items, size_t *io_n, size_t n)
{
    items = realloc(items, (n + 1) * sizeof(*items)); /* NOLINT */
    if (!items)
        out_of_memory();
    for (; *io_n < n; ++*io_n)
        items[*io_n] = SKILL_NONE;
    return items;
}

enum { NUMBERS_MAX = 1 << 24 };

static int load_numbers(struct store *s, int64_t vintage, struct skill_numbers *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT n, number FROM skill WHERE vintage = ?1 ORDER BY n");
    int r;

    stmt_int(&q, 1, vintage);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        int64_t skill = col_int(&q, 0), number = col_int(&q, 1);

        if (skill != (int64_t)ret->n || number < 0 || number >= NUMBERS_MAX)
            return diag_fail(d, ERR_DB, "store: %s: the skills of its signals are damaged",
                             s->path);
        ret->number = grown(ret->number, &ret->n, (size_t)skill + 1);
        ret->number[skill] = (uint32_t)number;
        if ((size_t)number >= ret->n_numbers)
            ret->skill = grown(ret->skill, &ret->n_numbers, (size_t)number + 1);
        ret->skill[number] = (uint32_t)skill;
    }
    return r;
}

int skill_numbers_of(struct store *s, int64_t vintage, const struct skill_numbers **ret,
                     struct diag *d)
{
    struct numbered *to = &s->numbered[0];
    int r;

    for (size_t i = 0; i < ARRAY_LEN(s->numbered); i++)
        if (s->numbered[i].vintage == vintage) {
            *ret = &s->numbered[i].skills;
            return 0;
        }
    if (to->vintage) { /* the other one is asked for in turn with this */
        struct numbered first = *to;

        *to = s->numbered[1];
        s->numbered[1] = first;
    }
    numbers_free(&to->skills);
    to->vintage = 0;
    r = load_numbers(s, vintage, &to->skills, d);
    if (r) {
        numbers_free(&to->skills);
        return r;
    }
    to->vintage = vintage;
    *ret = &to->skills;
    return 0;
}

/* By id, a pointer to the number that the vintage which readers see has for it; *ret_next: none has
 * it or one beyond. */
static int numbers_seen(struct store *s, struct table *ret, int64_t *ret_next, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, number FROM skill WHERE vintage = ?1");
    int r;

    stmt_int(&q, 1, s->seen);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        int64_t *number = ARENA_NEW(&s->scratch, int64_t, 1);

        *number = col_int(&q, 1);
        if (*number >= *ret_next)
            *ret_next = *number + 1;
        table_put(ret, &s->scratch, str_dup(&s->scratch, col_str(&q, 0)), number);
    }
    return r;
}

int skill_numbers_put(struct store *s, const struct str *skills, size_t n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "INSERT OR REPLACE INTO skill (vintage, n, id, number) VALUES (?1, ?2, ?3, ?4)");
    struct table seen = { 0 };
    int64_t next = 0;
    int r = numbers_seen(s, &seen, &next, d);

    for (size_t i = 0; !r && i < n; i++) {
        const int64_t *number = table_find(&seen, skills[i]);

        stmt_int(&q, 1, s->vintage);
        stmt_int(&q, 2, (int64_t)i);
        stmt_str(&q, 3, skills[i]);
        stmt_int(&q, 4, number ? *number : next++);
        r = stmt_run(&q, d);
    }
    arena_reset(&s->scratch);
    skill_numbers_forget(s);
    return r;
}

/* Of a vintage, in their order; of none: none. */
static int skills_of(struct store *s, int64_t vintage, struct arena *a, struct str **ret,
                     size_t *ret_n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id FROM skill WHERE vintage = ?1 ORDER BY n");
    struct strs list = { 0 };
    int r;

    stmt_int(&q, 1, vintage);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = str_dup(a, col_str(&q, 0));
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}

int store_skills(struct store *s, struct arena *a, struct str **ret, size_t *ret_n, struct diag *d)
{
    return skills_of(s, s->vintage, a, ret, ret_n, d);
}

int store_previous_skills(struct store *s, struct arena *a, struct str **ret, size_t *ret_n,
                          struct diag *d)
{
    return skills_of(s, s->building ? s->seen : 0, a, ret, ret_n, d);
}

static int put_views(struct store *s, const struct skill_view *views, size_t n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "UPDATE skill SET label = ?3, category = ?4, practice = ?5, generic = ?6"
                      " WHERE vintage = ?1 AND n = ?2 AND (label IS NOT ?3 OR category IS NOT ?4"
                      " OR practice IS NOT ?5 OR generic IS NOT ?6)");
    int r = 0;

    for (size_t i = 0; !r && i < n; i++) {
        stmt_int(&q, 1, s->vintage);
        stmt_int(&q, 2, (int64_t)i);
        stmt_str(&q, 3, views[i].label);
        stmt_str(&q, 4, views[i].category);
        stmt_int(&q, 5, views[i].practice);
        stmt_int(&q, 6, views[i].generic);
        r = stmt_run(&q, d);
    }
    return r;
}

int store_put_skill_views(struct store *s, const struct skill_view *views, size_t n, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, put_views(s, views, n, d), d);
}

int store_skill_views(struct store *s, struct arena *a, struct skill_view **ret, size_t *ret_n,
                      struct diag *d)
{
    struct {
        struct skill_view *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "SELECT id, label, category, practice, generic FROM skill WHERE vintage = ?1"
                      " ORDER BY n");
    bool known = true;
    int r;

    stmt_int(&q, 1, s->vintage);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        known &= !col_null(&q, 1);
        *ARENA_PUSH(a, &list) = (struct skill_view){ .id = str_dup(a, col_str(&q, 0)),
                                                     .label = str_dup(a, col_str(&q, 1)),
                                                     .category = str_dup(a, col_str(&q, 2)),
                                                     .practice = col_int(&q, 3) != 0,
                                                     .generic = col_int(&q, 4) != 0 };
    }
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return known ? 0 : STORE_NONE;
}
