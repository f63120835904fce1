#ifndef PARSERS_FOLLOW_H
#define PARSERS_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/*
 * What may stand behind a word where a regex that is tried at it matches, read from the regex: of
 * "role" and `\w+ (?:is|will be) remote` a blank, then "is " or "will be ". The regex becomes a
 * table of states and of where each kind of byte leads; a few steps in it spare most calls of PCRE2
 * in vain. Whatever the regex has that is not understood here allows anything, as do what it looks
 * at around itself, the case of letters, how often a part is repeated and what is too far along to
 * have a state: there are false hits, but none is missed. PCRE2 stays the meaning.
 */
enum {
    FOLLOW_BYTES = 48,  /* at most so many are looked at */
    FOLLOW_STATES = 64, /* of one regex; from the third on its own: */
    FOLLOW_NEVER = 0,   /* no match */
    FOLLOW_ANY,         /* perhaps one */
    FOLLOW_FIRST,
    FOLLOW_KINDS = 64
};

struct follow {
    const uint8_t (*next)[FOLLOW_KINDS]; /* of each state: where each kind of byte leads */
    uint32_t at;                         /* bytes of the word */
    uint8_t state;                       /* behind it */
};

/* Of a rule's regex and each of the words at which it is to be tried, as rules write them; an empty
 * one: from its start. For free(). */
struct follow *follow_new(struct str regex, const struct strs *finds);

/* The kind of each byte: letters without case, and some signs alike. */
extern const uint8_t follow_kinds[256];

static inline uint8_t follow_kind(char c)
{
    return follow_kinds[(unsigned char)c];
}

/* false: no match of the regex begins with the word. */
static inline bool follow_ever(const struct follow *f)
{
    return f->state != FOLLOW_NEVER;
}

/* Whether a match may go on with these bytes behind the word. */
static inline bool follow_on(const struct follow *f, const char *p, size_t n)
{
    uint8_t state = f->state;

    for (size_t i = 0; state >= FOLLOW_FIRST && i < n; i++)
        state = f->next[state][follow_kind(p[i])];
    return state != FOLLOW_NEVER;
}

/* Whether to try the regex where the word stands at p; FOLLOW_BYTES behind it may be read. */
static inline bool follow_may(const struct follow *f, const char *p)
{
    return follow_on(f, p + f->at, FOLLOW_BYTES);
}

#endif
