#ifndef SITE_ESCAPE_H
#define SITE_ESCAPE_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/str.h"

struct arena;

/*
 * What comes from outside, made safe for where it goes. Control characters and the
 * bidirectional overrides of UTF-8 (which make a text read as another) are left out.
 */

/* Text or a double-quoted attribute of HTML and XML. */
void escape_markup(struct buf *to, struct str s);

/* One CSV field (RFC 4180); a leading = + - @ gets an apostrophe, so that no spreadsheet runs it.
 */
void escape_csv(struct buf *to, struct str s);

/* A label's value of the Prometheus text format. */
void escape_label(struct buf *to, struct str s);

/* Personal data masked: "[e-mail]", "[phone]". s itself where there is none. */
struct str mask_personal(struct arena *a, struct str s);

/* s if a page may link to it: http or https, no white space or control byte, no e-mail address;
 * else empty. */
struct str safe_url(struct str s);

#endif
