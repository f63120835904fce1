/* schema.org JobPostings written as HTML microdata, in the shape that JSON-LD gives them. */
#include "parsers/microdata.h"

#include <json-c/json.h>
#include <libxml/HTMLparser.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/document.h"
#include "parsers/xml.h"

enum {
    ITEM_DEPTH = 64,
    ITEMS_A_PAGE = 1000,
    NAMES_A_PROPERTY = 8,
    VALUES_PER_BYTE = 2 /* nested properties repeat their text: in all, so often the page */
};

struct walk {
    struct arena *a;
    size_t left; /* bytes of values that may still be taken */
};

/* HTML, "Values": where an element keeps its value; any element may have `content` in practice. */
static const char *const value_attributes[] = { "content", "datetime", "href", "src" };

/* Properties whose markup is wanted: line breaks and lists are part of their meaning. */
static const char *const marked_up[] = { "description", "responsibilities", "qualifications" };

static void free_xml_string(xmlChar **s)
{
    if (*s)
        xmlFree(*s);
}

static struct str attribute(struct arena *a, const xmlNode *n, const char *name)
{
    CLEANUP(free_xml_string) xmlChar *v = xmlGetProp(n, (const xmlChar *)name);

    return v ? str_dup(a, str_trim(str_of((const char *)v))) : (struct str){ 0 };
}

static bool has(const xmlNode *n, const char *name)
{
    return xmlHasProp(n, (const xmlChar *)name) != NULL;
}

static struct json_object *string_of(struct str s)
{
    return json_object_new_string_len(s.p ? s.p : "", (int)s.n);
}

/* A property that stands more than once is a list. */
static void put(struct json_object *item, const char *name, struct json_object *value)
{
    struct json_object *before = NULL, *list;

    if (!json_object_object_get_ex(item, name, &before)) {
        json_object_object_add(item, name, value);
        return;
    }
    if (json_object_is_type(before, json_type_array)) {
        json_object_array_add(before, value);
        return;
    }
    list = json_object_new_array();
    json_object_array_add(list, json_object_get(before));
    json_object_array_add(list, value);
    json_object_object_add(item, name, list);
}

static struct str plain_value(struct arena *a, xmlNode *n, struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(value_attributes); i++)
        if (has(n, value_attributes[i]))
            return attribute(a, n, value_attributes[i]);
    for (size_t i = 0; i < ARRAY_LEN(marked_up); i++)
        if (str_eq(name, str_of(marked_up[i])) && xml_has_elements(n))
            return xml_markup(a, n);
    return str_trim(xml_text(a, n));
}

static struct json_object *string_value(struct walk *w, xmlNode *n, struct str name)
{
    struct str v = plain_value(w->a, n, name);

    w->left -= v.n < w->left ? v.n : w->left;
    return string_of(v);
}

static struct json_object *item_of(struct walk *w, xmlNode *scope, int depth);

/* `itemprop` may have several names: all have the value. */
static void take_property(struct walk *w, xmlNode *n, struct json_object *item, int depth)
{
    struct str names = attribute(w->a, n, "itemprop");

    for (int i = 0; i < NAMES_A_PROPERTY && names.n && w->left; i++) {
        struct str name = str_cut(&names, ' ');

        if (name.n)
            put(item, str_cstr(w->a, name),
                has(n, "itemscope") ? item_of(w, n, depth + 1) : string_value(w, n, name));
    }
}

/* The properties among `n` and what follows it, at any depth, but not those of an inner item. */
static void properties(struct walk *w, xmlNode *n, struct json_object *item, int depth)
{
    for (; n && depth < ITEM_DEPTH; n = n->next) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        take_property(w, n, item, depth);
        if (!has(n, "itemscope"))
            properties(w, n->children, item, depth + 1);
    }
}

static struct json_object *item_of(struct walk *w, xmlNode *scope, int depth)
{
    struct json_object *item = json_object_new_object();
    struct str type = attribute(w->a, scope, "itemtype");

    if (type.n)
        json_object_object_add(item, "@type", string_of(type));
    properties(w, scope->children, item, depth);
    return item;
}

static void find(struct walk *w, xmlNode *n, struct json_object *to)
{
    for (; n && json_object_array_length(to) < ITEMS_A_PAGE; n = n->next) {
        struct str type;

        if (n->type != XML_ELEMENT_NODE)
            continue;
        type = attribute(w->a, n, "itemtype");

        if (str_ends(type, STR("schema.org/JobPosting"))
            || str_find(type, STR("schema.org/JobPosting ")) >= 0
            || str_ends(type, STR("schema.org/JobPosting/")))
            json_object_array_add(to, item_of(w, n, 0));
        else
            find(w, n->children, to);
    }
}

static bool has_property(xmlNode *n, struct arena *a, struct str name)
{
    for (; n; n = n->next)
        if (n->type == XML_ELEMENT_NODE
            && (str_eq(attribute(a, n, "itemprop"), name) || has_property(n->children, a, name)))
            return true;
    return false;
}

/* A page of properties that belong to no item is one posting if it has a posting's title and text:
 * templates leave the scope to a part of the page that is not always there. */
static void find_unscoped(struct walk *w, struct str html, xmlNode *root, struct json_object *to)
{
    if (str_find(html, STR("itemscope")) < 0 && has_property(root, w->a, STR("title"))
        && has_property(root, w->a, STR("description")))
        json_object_array_add(to, item_of(w, root, 0));
}

void microdata_postings(struct arena *a, struct str html, struct json_object *to)
{
    CLEANUP(xml_close) xmlDoc *doc = NULL;
    struct walk w = { a, html.n * VALUES_PER_BYTE };
    struct diag ignored;

    if (str_find(html, STR("itemprop")) < 0 || html_open(&doc, html, &ignored))
        return;
    find(&w, xmlDocGetRootElement(doc), to);
    if (!json_object_array_length(to))
        find_unscoped(&w, html, xmlDocGetRootElement(doc), to);
}
