#ifndef STORE_TEXT_H
#define STORE_TEXT_H

#include "store/handle.h"

/*
 * Texts of ads, once a content. A new one lies by itself, packed quickly with the newest
 * dictionary; when enough have come, tidy.c puts those of one employer next to each other into
 * blocks, which are packed whole.
 */

/* The row of a text: found, or made. */
int text_id(struct store *s, struct str text, struct hash h, int64_t *ret, struct diag *d) MUST_USE;

/* 0: no text, empty. */
int read_text(struct store *s, int64_t id, struct arena *a, struct str *ret,
              struct diag *d) MUST_USE;

/* Where a text lies; at -1: it is its block. */
struct text_place {
    int64_t block, at, size;
};
int read_placed(struct store *s, const struct text_place *p, struct arena *a, struct str *ret,
                struct diag *d) MUST_USE;

/* The newest dictionary; *ret_id 0: there is none. texts: how many there were when it was learnt.
 */
int dictionary_newest(struct store *s, int64_t *ret_id, int64_t *ret_texts,
                      struct diag *d) MUST_USE;

/* Store texts as a block; tight: of several, to stay. */
int put_block(struct store *s, struct str plain, bool tight, int64_t *ret, struct diag *d) MUST_USE;

/* Blocks that were read last, for readers that go from text to text. */
struct blocks;
void blocks_free(struct blocks *b);

#endif
