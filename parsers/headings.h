#ifndef PARSERS_HEADINGS_H
#define PARSERS_HEADINGS_H

#include "parsers/sections.h"

/* Private to sections.c: what the rules of config/rules/headings.yaml say of a heading's words. */

/* Whether the key (line_key()) is a heading that the rules name whole. */
bool headings_find(const struct sections *s, struct str key, enum section *ret);

/* Whether such a heading may begin at `at`: false hits, none missed. */
bool headings_may_begin(const struct sections *s, struct str line, size_t at);

/* The first rule one of whose words of this kind is among the hits within the span, or begins it
 * where it says so. */
bool headings_tell(const struct sections *s, const struct word_hits *hits, struct str_span in,
                   enum word_kind kind, enum section *ret);

#endif
