#include "aggregator/names.h"

#include "core/arena.h"

uint32_t names_put(struct names *t, struct str name)
{
    const uint32_t *known = table_find(&t->numbers, name);
    uint32_t *number;

    if (known)
        return *known;
    number = ARENA_NEW(t->a, uint32_t, 1);
    *number = (uint32_t)t->n;
    *ARENA_PUSH(t->a, t) = str_dup(t->a, name);
    table_put(&t->numbers, t->a, t->items[*number], number);
    return *number;
}
