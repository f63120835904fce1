#include "aggregator/counts.h"

#include <math.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/cleanup.h"

static void count_opening(const struct opening *o, struct roles *ret)
{
    const struct traits *t = o->traits;

    if (o->why == COUNTED) {
        ret->openings++;
        ret->postings += t->open;
        ret->vacancies += t->vacancies;
        ret->carried += o->carried;
        ret->by_stage[t->stage]++;
    }
    ret->stale += o->why == STALE;
    ret->remote_open += o->why == REMOTE_ONLY && o->fresh;
    ret->adjacent += o->adjacent;
}

void roles_count(const struct market *m, struct roles *ret)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    bool *hires = ARENA_NEW(&scratch, bool, m->n_employers + 1);

    *ret = (struct roles){ .panel_percent = NAN };
    for (size_t i = 0; i < m->n_openings; i++) {
        count_opening(&m->openings[i], ret);
        hires[m->openings[i].employer] |= m->openings[i].why == COUNTED;
    }
    for (size_t i = 0; i < m->n_employers; i++)
        ret->employers += hires[i];
}

#define COUNT(field)                                                                               \
    {                                                                                              \
#field, offsetof(struct roles, field)                                                      \
    }
#define STAGE(n)                                                                                   \
    {                                                                                              \
        "stage:" #n, offsetof(struct roles, by_stage[n])                                           \
    }

const struct roles_field roles_fields[ROLES_FIELDS] = {
    COUNT(openings), COUNT(employers), COUNT(postings), COUNT(vacancies), COUNT(remote_open),
    COUNT(adjacent), COUNT(stale),     COUNT(carried),  STAGE(0),         STAGE(1),
    STAGE(2),        STAGE(3),         STAGE(4),        STAGE(5),
};

int roles_kept(struct store *s, int64_t day, struct roles *ret, struct arena *a, struct diag *d)
{
    *ret = (struct roles){ .panel_percent = NAN };
    for (size_t i = 0; i < ROLES_FIELDS; i++) {
        struct figure_row *rows = NULL;
        size_t n = 0;
        int r = store_figures(s, str_of(roles_fields[i].name), day, day, a, &rows, &n, d);

        if (r < 0)
            return r;
        if (n)
            *(int64_t *)((char *)ret + roles_fields[i].at) = (int64_t)rows[0].value;
    }
    return 0;
}
