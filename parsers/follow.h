#ifndef PARSERS_FOLLOW_H
#define PARSERS_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/*
 * What may stand behind a word where a regex that is tried at it matches, read from the regex: of
 * "role" and `\w+ (?:is|will be) remote` a blank, an i or w, an s or i. A few bytes in sight spare
 * most calls of PCRE2 in vain. Whatever the regex has that is not understood here allows anything,
 * as do what it looks at around itself, the case of letters and how often a part is repeated: there
 * are false hits, but none is missed. PCRE2 stays the meaning.
 */
enum { FOLLOW_BYTES = 4 };

struct follow {
    uint32_t at;    /* bytes of the word */
    uint64_t first; /* a bit for each byte that may stand right behind it; */
    /* for those behind that one, where it is a blank and where it is another */
    uint64_t other[FOLLOW_BYTES], blank[FOLLOW_BYTES];
};

/* Of a rule's regex and each of the words at which it is to be tried, as rules write them; for
 * free(). */
struct follow *follow_new(struct str regex, const struct strs *finds);

/* Of a regex that is tried at no word. */
void follow_begin(struct str regex, struct follow *ret);

/* false: no match of the regex begins with the word. */
static inline bool follow_ever(const struct follow *f)
{
    return f->first;
}

/* Letters without case, and some other bytes alike. */
static inline unsigned follow_bit(char c)
{
    return (unsigned char)(c | 0x20) & 63;
}

/* Whether to try the regex where the word stands at p; FOLLOW_BYTES + 1 behind it may be read. */
static inline bool follow_may(const struct follow *f, const char *p)
{
    const uint64_t *behind = p[f->at] == ' ' ? f->blank : f->other;
    uint64_t may = f->first >> follow_bit(p[f->at]);

    for (size_t i = 0; i < FOLLOW_BYTES; i++)
        may &= behind[i] >> follow_bit(p[f->at + 1 + i]);
    return may & 1;
}

#endif
