#ifndef PARSERS_XML_H
#define PARSERS_XML_H

#include <libxml/tree.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

/*
 * libxml2, kept in bounds: no network, no entities substituted, no DTD loaded or
 * validated, no huge nodes, nothing printed. For this folder's own use.
 */
int xml_open(xmlDoc **ret, struct str body, struct diag *d) MUST_USE; /* refuses a DOCTYPE */

/*
 * What careless feeds get wrong, put right: bytes that are not UTF-8, control characters, a mere
 * '&', references that only HTML knows. Elements stay as they are: what was cut off is no document.
 */
struct str xml_mended(struct arena *a, struct str body);

int html_open(xmlDoc **ret, struct str body, struct diag *d) MUST_USE;
void xml_close(xmlDoc **doc);

/* The '>' that ends a tag whose name is at `at`, or the end of s; how many attributes it has. */
size_t xml_tag_end(struct str s, size_t at, size_t *ret_attributes);

/* Whether no tag has more attributes than anybody writes: libxml2 compares each with each. */
bool xml_tags_are_sane(struct str s, bool html);

bool xml_is(const xmlNode *n, const char *name);        /* an element of that local name */
struct str xml_text(struct arena *a, const xmlNode *n); /* of a page: as its lines */
struct str xml_markup(struct arena *a, xmlNode *n);     /* what stands inside, as markup */
bool xml_has_elements(const xmlNode *n);

#endif
