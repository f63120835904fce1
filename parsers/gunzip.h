#ifndef PARSERS_GUNZIP_H
#define PARSERS_GUNZIP_H

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

/*
 * Files that are gzip themselves (sitemap.xml.gz), not as a coding of the transfer, which
 * the crawler undoes. For this folder's own use.
 */
bool is_gzip(struct str body);

/* ERR_LIMIT over `max` bytes unpacked, before more is kept; ERR_FORMAT: broken or cut off. */
int gunzip(struct arena *a, struct str body, size_t max, struct str *ret, struct diag *d) MUST_USE;

#endif
