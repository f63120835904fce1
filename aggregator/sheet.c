#include "aggregator/sheet.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"

/* A filter, with its names looked up once. */
struct sieve {
    const struct sheet *s;
    const struct filter *f;
    bool *cities; /* by city of the market: the one asked for; NULL: any */
    ptrdiff_t employer, skill;
    bool nothing; /* it names an employer or a skill that the market does not have */
    uint8_t adjacent;
};

static ptrdiff_t find_employer(const struct market *m, struct str company)
{
    CLEANUP(arena_free) struct arena words = ARENA_INIT;
    struct str key = employer_key(&words, company, &m->names);

    for (size_t i = 0; i < m->n_employers; i++)
        if (str_eq(key, m->employer_keys[i]))
            return (ptrdiff_t)i;
    return -1;
}

static ptrdiff_t find_skill(const struct market *m, struct str id)
{
    for (size_t i = 0; i < m->n_skills; i++)
        if (str_eq(m->skills[i].id, id))
            return (ptrdiff_t)i;
    return -1;
}

static struct sieve sieve_of(const struct market *m, const struct filter *f, bool adjacent,
                             struct arena *a)
{
    struct sieve ret = { .s = &m->sheet, .f = f, .adjacent = adjacent ? SHEET_ADJACENT : 0 };

    if (f->company.n)
        ret.employer = find_employer(m, f->company);
    if (f->skill.n)
        ret.skill = find_skill(m, f->skill);
    ret.nothing = ret.employer < 0 || ret.skill < 0;
    if (f->city.n)
        ret.cities = ARENA_NEW(a, bool, m->n_cities + 1);
    for (size_t i = 0; ret.cities && i < m->n_cities; i++)
        ret.cities[i] = str_eq_fold(m->cities[i], f->city);
    return ret;
}

static bool in_city(const struct sieve *v, size_t row)
{
    for (uint32_t i = v->s->cities_at[row]; i < v->s->cities_at[row + 1]; i++)
        if (v->cities[v->s->cities[i]])
            return true;
    return false;
}

static bool asks(const struct sieve *v, size_t row)
{
    for (uint32_t i = v->s->asks_at[row]; i < v->s->asks_at[row + 1]; i++)
        if (v->s->asks[i] >> ASK_BITS == v->skill)
            return !v->f->required_only || (v->s->asks[i] & ASK_REQUIRED);
    return false;
}

/* What one look at the row's kind does not tell. */
static bool passes(const struct sieve *v, size_t row)
{
    const struct filter *f = v->f;

    if (v->s->first_proof[row] < f->first_after)
        return false;
    if (f->company.n && v->s->employer[row] != (size_t)v->employer)
        return false;
    if (v->cities && !in_city(v, row))
        return false;
    return !f->skill.n || asks(v, row);
}

struct rows sheet_select(const struct market *m, const struct filter *f, bool adjacent,
                         struct arena *a)
{
    const struct sieve v = sieve_of(m, f, adjacent, a);
    const struct sheet *s = v.s;
    struct rows ret = { .items = ARENA_NEW(a, uint32_t, s->n + 1) };

    for (size_t row = 0; row < s->n && !v.nothing; row++) {
        const struct sheet_kind k = s->kind[row];

        if ((k.flags & SHEET_ADJACENT) != v.adjacent || !filter_admits(f, k.stage, k.track, k.mode)
            || !passes(&v, row))
            continue;
        ret.items[ret.n++] = (uint32_t)row;
    }
    return ret;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void sheet_keep_panel(const struct market *m, const struct str *panel, size_t n_panel,
                      struct rows *io)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    bool *in = ARENA_NEW(&scratch, bool, m->n_known + 1);
    const struct sheet *s = &m->sheet;
    size_t kept = 0;

    for (size_t i = 0; n_panel && i < m->n_known; i++)
        in[i] = bsearch(&m->known[i].key, panel, n_panel, sizeof(*panel), by_text) != NULL;
    for (size_t i = 0; i < io->n; i++) {
        uint32_t row = io->items[i];
        bool any = false;

        for (uint32_t k = s->sources_at[row]; k < s->sources_at[row + 1] && !any; k++)
            any = in[s->sources[k]];
        if (any)
            io->items[kept++] = row;
    }
    io->n = kept;
}

const struct opening *sheet_opening(const struct market *m, uint32_t row)
{
    return &m->openings[m->sheet.opening[row]];
}

static int by_place(const void *x, const void *y)
{
    const struct opening *const *a = x, *const *b = y;

    return (*a > *b) - (*a < *b);
}

void market_select(const struct market *m, const struct filter *f, struct arena *a,
                   const struct opening ***ret, size_t *ret_n)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct rows rows = sheet_select(m, f, false, &scratch);
    const struct opening **list = ARENA_NEW(a, const struct opening *, rows.n + 1);

    for (size_t i = 0; i < rows.n; i++)
        list[i] = sheet_opening(m, rows.items[i]);
    if (rows.n)
        qsort(list, rows.n, sizeof(*list), by_place); /* openings stand in order of id */
    *ret = list;
    *ret_n = rows.n;
}

size_t opening_asks(const struct market *m, const struct opening *o, const uint16_t **ret)
{
    const uint32_t *at = m->sheet.asks_at + o->row;

    *ret = m->sheet.asks + at[0];
    return at[1] - at[0];
}

size_t opening_cities(const struct market *m, const struct opening *o, const uint32_t **ret)
{
    const uint32_t *at = m->sheet.cities_at + o->row;

    *ret = m->sheet.cities + at[0];
    return at[1] - at[0];
}
