#include "store/words.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/hash.h"

/* The slot that has the word, or where it would be. */
static uint32_t *slot_of(const struct words *w, struct str word)
{
    size_t i = hash64_of(word) & w->mask;

    while (w->slots[i] && !str_eq(str_of(w->texts[w->slots[i] - 1]), word))
        i = (i + 1) & w->mask;
    return &w->slots[i];
}

/* Make room for the words there are, twice over. */
static void index_all(struct words *w)
{
    free(w->slots);
    for (w->mask = 255; w->mask < 2 * w->n; w->mask = w->mask * 2 + 1)
        ;
    w->slots = calloc(w->mask + 1, sizeof(*w->slots));
    if (!w->slots)
        out_of_memory();
    for (size_t i = 0; i < w->n; i++)
        *slot_of(w, str_of(w->texts[i])) = (uint32_t)i + 1;
}

uint32_t words_number(struct words *w, struct str word)
{
    uint32_t *slot;

    if (!w->slots || w->mask < 2 * w->n)
        index_all(w);
    slot = slot_of(w, word);
    if (*slot || w->n == WORDS_MAX)
        return *slot;
    if (w->n == w->cap) {
        w->cap = w->cap ? 2 * w->cap : 256;
        w->texts = realloc(w->texts, w->cap * sizeof(*w->texts)); /* NOLINT */
        if (!w->texts)
            out_of_memory();
    }
    w->texts[w->n++] = str_cstr(&w->memory, word);
    *slot = (uint32_t)w->n;
    return *slot;
}

const char *words_text(const struct words *w, uint64_t number)
{
    return number && number <= w->n ? w->texts[number - 1] : NULL;
}

void words_forget(struct words *w, size_t n)
{
    if (n >= w->n)
        return;
    w->n = n;
    index_all(w);
}

void words_free(struct words *w)
{
    arena_free(&w->memory);
    free(w->texts);
    free(w->slots);
}
