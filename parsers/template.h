#ifndef PARSERS_TEMPLATE_H
#define PARSERS_TEMPLATE_H

#include "parsers/document.h"

/* The one template of adapters: "{name}", "{/place | /other:raw:need}", "{{" (adapter.h). */
enum template_escape { TEMPLATE_RAW, TEMPLATE_URL, TEMPLATE_JSON, TEMPLATE_HTML };

struct name {
    struct str name, value;
};

struct names {
    struct name *items;
    size_t n, cap;
};

void names_set(struct arena *a, struct names *names, struct str name, struct str value);
struct str names_get(const struct names *names, struct str name); /* p NULL: no such name */

struct template_scope {
    const struct names *names;
    struct document *doc; /* may be NULL: then places are nothing */
    struct node item;
};

struct template_text {
    struct str text;
    size_t asked, given;    /* values */
    struct str missing;     /* the first that is not there */
    bool needed_is_missing; /* a ":need" */
};

struct template_text template_fill(struct arena *a, struct str template,
                                   enum template_escape escape, const struct template_scope *scope);

/* "https://name" where the template begins with a host written out; else empty. */
struct str template_origin(struct str template);

/* The pieces, one after the other, for the check: false at the end. */
struct template_piece {
    struct str literal; /* or, where `is_value`: */
    struct str name;    /* a name or places */
    bool is_value, raw, need;
    const char *fault; /* what is wrong, else NULL */
};
bool template_next(struct str *rest, struct template_piece *ret);
bool template_is_secret(struct str name); /* "{secret:NAME}": its value is its own placeholder */
bool template_is_place(struct str name);  /* "{/pointer}" or "{@xpath}", not a name */

#endif
