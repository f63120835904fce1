#ifndef PARSERS_STARTS_H
#define PARSERS_STARTS_H

#include "parsers/follow.h"
#include "parsers/pattern.h"

/*
 * Many regexes over one short text: each is tried only at the words with whose first two bytes its
 * matches may begin. A bit stands for such a pair, each byte modulo 32, as letters compare without
 * case; what is no letter, digit or '_' counts as 0; and where what follows lets it go on. There
 * are false hits, but none is missed.
 */
struct starts {
    struct pattern *regex; /* anchored, but for: */
    bool anywhere;         /* matches may begin elsewhere than a word does */
    uint32_t second[32];   /* for each first byte: those that may follow */
    struct follow *follow;
};

/* As pattern_compile(). */
int starts_compile(struct starts *ret, struct str regex, struct diag *d) MUST_USE;
void starts_release(struct starts *s);

enum { STARTS_TEXT_MAX = 400 }; /* bytes */

/* A text, and where its words begin and with which two bytes. It is not to be moved. */
struct starts_text {
    struct str text;
    struct {
        uint16_t at;
        uint8_t first, second;
    } words[STARTS_TEXT_MAX / 2 + 1];
    size_t n;
    char bytes[STARTS_TEXT_MAX + FOLLOW_BYTES];
};

/* Bytes beyond STARTS_TEXT_MAX are left out. */
void starts_read(struct str text, struct starts_text *ret);

/* The first match in the text, as pattern_find(). */
int starts_find(const struct starts *s, const struct starts_text *in, struct pattern_match *ret,
                struct diag *d) MUST_USE;

#endif
