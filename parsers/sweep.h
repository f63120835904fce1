#ifndef PARSERS_SWEEP_H
#define PARSERS_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"
#include "parsers/normalise.h"

struct arena;

/*
 * Finds many literal words in a text in one pass (no text is read rule by rule).
 *
 * A word stands where its bytes stand, ASCII letters without case unless `exact`, a space
 * or hyphen in it matching either, with a boundary on both sides: no word byte
 * (byte_is_word()) before or after, and neither `++` nor `#` after. A phrase (a literal with
 * a space or hyphen) that is not exact may carry a plural `s`. In PCRE2's terms, with W for
 * [A-Za-z0-9_\x80-\xff]:
 *     (?<!W)LITERAL(?!W)(?!\+\+|#)
 * Words overlap freely; which of them counts is the caller's business.
 */
struct word_use {   /* the caller's: */
    uint32_t owner; /* whose a word is, */
    uint8_t list;   /* to which list its hits go, */
    uint8_t kind;   /* what it is for, */
    uint16_t part;  /* and which part of its owner */
};

struct word {
    struct str text; /* views; must outlive the sweep */
    bool exact;
    struct word_use use;
};

struct words {
    struct word *items;
    size_t n, cap;
};

struct word_hit {
    uint32_t start, end; /* bytes of the text */
    struct word_use use;
};

struct word_hits {
    struct word_hit *items;
    size_t n, cap;
};

struct sweep;

/* The longest literal; a longer one is refused by whoever reads the rules. */
enum { WORD_MAX = 120 };

/* Every literal begins with a word byte, or with '.' and then a word byte (sweep_takes()). */
bool sweep_takes(struct str literal);
struct sweep *sweep_new(const struct words *words);
void sweep_free(struct sweep **s);

/* All hits, added to the lists at `ret` that their words name: each in order of its start; at one
 * start by kind, owner and part. `text` is a copy's: padded with COPY_PADDING zero bytes. */
void sweep_run(const struct sweep *s, struct str text, struct arena *a, struct word_hits *ret);

/* The pass over word starts alone, for benches: how often the filters let something through. */
size_t sweep_filter(const struct sweep *s, struct str text, struct arena *a);

#endif
