#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"

/*
 * The words that signals are full of (rules, reasons, names of places), each by a number. Rules
 * give them, so there are thousands and not millions. What is found here lives as long as it.
 */
struct words {
    struct arena memory;
    const char **texts; /* by number - 1 */
    size_t n, cap;
    size_t n_stored; /* those up to here are in the store */
    uint32_t *slots; /* numbers, by hash; 0: empty */
    size_t mask;
};

enum { WORDS_MAX = 1 << 20 };

/* The number of a word, from 1 on; a new one is added. 0: there are too many. */
uint32_t words_number(struct words *w, struct str word);
/* NULL: there is no such number. */
const char *words_text(const struct words *w, uint64_t number);
/* Those beyond the n-th were not stored after all. */
void words_forget(struct words *w, size_t n);
void words_free(struct words *w);

#endif
