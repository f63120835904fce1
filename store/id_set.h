#ifndef STORE_ID_SET_H
#define STORE_ID_SET_H

#include <stdbool.h>

#include "core/str.h"

struct arena;

/* The ids of a list; an id that is on it twice is one. For store/ alone. */
struct id_slot {
    struct str id;
    bool used, open;
};

struct id_set {
    struct id_slot *slots;
    size_t mask;
};

struct id_set id_set_of(struct arena *a, const struct str *ids, size_t n);
/* Its slot; one that is not `used`: it is not on the list. */
struct id_slot *id_set_find(struct id_set *set, struct str id);

#endif
