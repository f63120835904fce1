#ifndef PARSERS_SECTIONS_H
#define PARSERS_SECTIONS_H

#include "core/diag.h"
#include "core/err.h"
#include "core/signal.h"
#include "parsers/rules.h"
#include "parsers/words.h"

struct arena;

/*
 * An ad's text cut into parts, each under one heading (TAXONOMY.md section 10). The
 * parts cover the whole text, in order; the first runs from byte 0 and has no heading.
 */
struct text_part {
    uint32_t start, end;  /* bytes, the heading's own line included */
    uint32_t heading_end; /* == start: no heading */
    enum section section;
    bool headed; /* a known heading said so; false: judged by default or by its words */
};

struct text_parts {
    struct text_part *items;
    size_t n, cap;
};

struct sections; /* the compiled headings */

int sections_compile(struct sections **ret, const struct heading_rule *rules, size_t n,
                     struct diag *d) MUST_USE;
void sections_free(struct sections **s);

/* Add what the sweep must look for: WORD_HEADING and WORD_SAYS, owner = index of the rule. */
int sections_add_words(const struct sections *s, struct arena *a, struct words *to,
                       struct diag *d) MUST_USE;

/* Cut the text whose words are `in`; the parts' bytes are the text's. `employer`: its name; a
 * sentence that begins with it tells of the employer, if its words say nothing else. May be empty.
 */
void sections_split(const struct sections *s, const struct text_words *in, struct str employer,
                    struct arena *a, struct text_parts *ret);

/* The part in which byte `at` lies. */
const struct text_part *sections_at(const struct text_parts *parts, uint32_t at);

#endif
