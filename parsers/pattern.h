#ifndef PARSERS_PATTERN_H
#define PARSERS_PATTERN_H

#include <stdbool.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

/*
 * A compiled regex: PCRE2 on bytes, caseless unless PATTERN_CASE, JIT where the system
 * allows it. Limits on backtracking, depth and heap end a pathological search; such a
 * search reports ERR_LIMIT, never "no match".
 */
struct pattern;

enum pattern_flags { PATTERN_CASE = 1, PATTERN_ANCHORED = 2, PATTERN_MULTILINE = 4 };

enum { PATTERN_GROUPS = 10 };

struct pattern_match {
    uint32_t start, end; /* of the whole match, bytes */
    struct {
        uint32_t start, end;
    } group[PATTERN_GROUPS]; /* [0] is the whole; unset: start > end */
    size_t n_groups;
};

/* ERR_CONFIG blames the bytes of `regex` and says what is wrong and at which byte. */
int pattern_compile(struct pattern **ret, struct str regex, unsigned flags,
                    struct diag *d) MUST_USE;

void pattern_free(struct pattern **p);

enum { PATTERN_FOUND = 1 };

/*
 * The first match at or after byte `from` (anchored patterns: exactly at `from`).
 * PATTERN_FOUND with *ret set, 0 for none, ERR_LIMIT when it costs too much. `ret` and `d` may be
 * NULL.
 */
int pattern_find(const struct pattern *p, struct str text, size_t from, struct pattern_match *ret,
                 struct diag *d) MUST_USE;

/* Whether it may match, from byte `from` on, a text that begins with `text`; where it looks behind
 * these bytes, nothing is said. */
bool pattern_may_begin(const struct pattern *p, struct str text, size_t from);

/* Whether it matches anywhere; too costly counts as an error, reported once by the caller's diag.
 */
bool pattern_matches(const struct pattern *p, struct str text);

/* The number of the named group, or -1. */
int pattern_group(const struct pattern *p, const char *name);

/* Regexes that are compiled when they are first asked for, and then found again by their text. */
struct pattern_set;
struct pattern_set *pattern_set_new(void);
void pattern_set_free(struct pattern_set **s);
/* *ret lives as long as the set. ERR_CONFIG as pattern_compile(); ERR_LIMIT: a set of too many. */
int pattern_set_find(struct pattern_set *s, struct str regex, const struct pattern **ret,
                     struct diag *d) MUST_USE;

#endif
