#ifndef PARSERS_DOCUMENTS_H
#define PARSERS_DOCUMENTS_H

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

struct arena;
struct json_object;

/* Bounds on what a document may hold; over one of them is ERR_LIMIT. */
enum {
    JSON_DEPTH = 64,
    JSON_VALUES = 2000000,
    JSON_OBJECT = 16,     /* values' worth of memory that an object takes once it is a tree */
    SITEMAP_URLS = 50000, /* sitemaps.org: no file may list more */
    SITEMAP_UNPACKED = 16 << 20, /* of sitemap.xml.gz */
    DOCUMENT_BYTES = 64 << 20,
};

/*
 * Whether `text` is JSON as RFC 8259 says, to the byte: UTF-8 without a byte order mark,
 * no NUL, one value. ERR_FORMAT names the byte; ERR_LIMIT: nested too deep, or too much.
 */
int json_check(struct str text, struct diag *d) MUST_USE;

/*
 * The same text with what careless writers leave in it put right: raw line ends and
 * control bytes in strings escaped, escapes that only JavaScript has undone, commas before a
 * closing bracket dropped, a byte order mark, comments before it and surrounding comment or CDATA
 * marks removed. Not necessarily valid afterwards.
 */
struct str json_mend(struct arena *a, struct str text);

/*
 * A tree (json_tree.h) of what json_check() would accept, a byte order mark before it forgiven. An
 * integer of more digits than fit 64 bits is a string, because an id is kept as it was written.
 * `mend`: what is not JSON is tried once more after json_mend().
 */
int json_parse(struct json_object **ret, struct arena *a, struct str text, bool mend,
               struct diag *d) MUST_USE;

/* The JSON value that begins `text`, or stands behind its "=", "(" or ":", without what follows it.
 * Where its brackets never close, the rest of the text. */
struct str json_value(struct str text);

/* Whether XML declares a document type before its root: refused everywhere, because only
 * entities and external files could be wanted from it. */
bool xml_has_doctype(struct str body);

struct sitemap_entry {
    struct str loc, lastmod;
};

struct sitemap {
    struct {
        struct sitemap_entry *items;
        size_t n, cap;
    } urls, sitemaps; /* pages; further sitemaps (an index) */
};

/*
 * A sitemap: urlset, index (whatever the namespace), or text with an address a line; plain
 * or as a gzip file.
 * ERR_FORMAT: none of these, or XML with a DOCTYPE. Entries that are no http(s) address
 * are left out.
 */
int sitemap_read(struct arena *a, struct str body, struct sitemap *ret, struct diag *d) MUST_USE;
/* All its addresses, pages first. */
int sitemap_urls(struct arena *a, struct str body, struct strs *ret, struct diag *d) MUST_USE;

/* What a page says is its address; empty: nothing. */
struct str page_canonical(struct arena *a, struct str html);

/* RFC 3986 5.3: the address that `ref` means on the page `base`. Empty: neither is usable. */
struct str url_join(struct arena *a, struct str base, struct str ref);
/* The same, where an unusable pair is ERR_FORMAT. */
int url_resolve(struct arena *a, struct str base, struct str ref, struct str *ret,
                struct diag *d) MUST_USE;

/* Percent-encode all but the unreserved characters of RFC 3986 2.3. */
struct str url_escape(struct arena *a, struct str s);

#endif
