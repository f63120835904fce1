#ifndef PARSERS_HTML_TEXT_H
#define PARSERS_HTML_TEXT_H

#include "core/str.h"

struct arena;

/*
 * Markup -> the text a reader sees: entities decoded, script/style/head dropped, a line
 * break at each block, a list item on a line of its own beginning with "- " , headings on lines of
 * their own, runs of white space folded to one space and blank lines to one. Never fails: any bytes
 * are HTML.
 */
struct str html_text(struct arena *a, struct str html);

/* One level of character references decoded: &amp;lt; gives &lt;. */
struct str html_unescape(struct arena *a, struct str s);

/* A plain text made clean: line ends to \n, UTF-8 repaired, no-break spaces kept as they are. A
 * view of s where nothing was to do. */
struct str plain_text(struct arena *a, struct str s);

#endif
