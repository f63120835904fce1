#include "store/id_set.h"

#include "core/arena.h"
#include "core/hash.h"

struct id_slot *id_set_find(struct id_set *set, struct str id)
{
    size_t i = hash64_of(id) & set->mask;

    while (set->slots[i].used && !str_eq(set->slots[i].id, id))
        i = (i + 1) & set->mask;
    return &set->slots[i];
}

struct id_set id_set_of(struct arena *a, const struct str *ids, size_t n)
{
    struct id_set set = { .mask = 15 };

    while (set.mask < 2 * n)
        set.mask = set.mask * 2 + 1;
    set.slots = ARENA_NEW(a, struct id_slot, set.mask + 1);
    for (size_t i = 0; i < n; i++) {
        struct id_slot *slot = id_set_find(&set, ids[i]);

        slot->id = ids[i];
        slot->used = true;
    }
    return set;
}
