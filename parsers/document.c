#include "parsers/document.h"

#include <json-c/json.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/documents.h"
#include "parsers/json_tree.h"
#include "parsers/xml.h"

enum { XPATH_STEPS = 2000000, XPATHS = 64 };

struct document {
    struct json_object *json;
    xmlDoc *xml;
    xmlXPathContext *xpath;
    struct {
        const char *p; /* the place's bytes, which outlive the document */
        size_t n;
        xmlXPathCompExpr *code;
    } compiled[XPATHS];
    size_t n_compiled;
};

enum decode {
    DECODE_JSON,
    DECODE_JSON_IN_HTML,
    DECODE_JSONLD,
    DECODE_SITEMAP,
    DECODE_XML,
    DECODE_HTML
};

static const char *const decodes[] = { "json", "json_in_html", "jsonld", "sitemap", "xml", "html" };

static int decode_of(struct str s)
{
    for (size_t i = 0; i < ARRAY_LEN(decodes); i++)
        if (str_eq(s, str_of(decodes[i])))
            return (int)i;
    return s.n ? -1 : DECODE_JSON;
}

bool decode_is_markup(struct str s)
{
    int k = decode_of(s);

    return k == DECODE_XML || k == DECODE_HTML;
}

static void silent(void *ctx, xmlErrorPtr e)
{
    (void)ctx;
    (void)e;
}

static xmlXPathContext *xpath_context(xmlDoc *doc, struct arena *a, const struct adapter *ad)
{
    xmlXPathContext *x = xmlXPathNewContext(doc);

    if (!x)
        out_of_memory();
    x->opLimit = XPATH_STEPS;
    x->error = silent;
    for (size_t i = 0; i < ad->namespaces.n; i++) {
        struct str uri = ad->namespaces.items[i], prefix = str_cut(&uri, '=');

        xmlXPathRegisterNs(x, (const xmlChar *)str_cstr(a, prefix),
                           (const xmlChar *)str_cstr(a, uri));
    }
    return x;
}

static void xpath_close(xmlXPathContext **x)
{
    if (*x)
        xmlXPathFreeContext(*x);
    *x = NULL;
}

static void object_close(xmlXPathObject **o)
{
    if (*o)
        xmlXPathFreeObject(*o);
    *o = NULL;
}

void document_close(struct document **doc)
{
    struct document *k = *doc;

    if (!k)
        return;
    for (size_t i = 0; i < k->n_compiled; i++)
        xmlXPathFreeCompExpr(k->compiled[i].code);
    xpath_close(&k->xpath);
    xml_close(&k->xml);
    json_release(&k->json);
    free(k);
    *doc = NULL;
}

static struct json_object *json_string(struct str s)
{
    return json_object_new_string_len(s.n ? s.p : "", (int)s.n);
}

static struct json_object *entries(const struct sitemap_entry *e, size_t n)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < n; i++) {
        struct json_object *o = json_object_new_object();

        json_object_object_add(o, "loc", json_string(e[i].loc));
        if (e[i].lastmod.n)
            json_object_object_add(o, "lastmod", json_string(e[i].lastmod));
        json_object_array_add(list, o);
    }
    return list;
}

static int open_sitemap(struct document *k, struct arena *a, struct str body, struct diag *d)
{
    struct sitemap map;
    int r = sitemap_read(a, body, &map, d);

    if (r)
        return r;
    k->json = json_object_new_object();
    json_object_object_add(k->json, "urls", entries(map.urls.items, map.urls.n));
    json_object_object_add(k->json, "sitemaps", entries(map.sitemaps.items, map.sitemaps.n));
    return 0;
}

static int open_json_in_html(struct document *k, struct arena *a, const struct adapter *ad,
                             const struct adapter_step *step, struct str body, struct diag *d)
{
    CLEANUP(document_close) struct document *page = calloc(1, sizeof(*page));
    struct str json;
    int r;

    if (!page)
        out_of_memory();
    r = html_open(&page->xml, body, d);
    if (r)
        return r;
    page->xpath = xpath_context(page->xml, a, ad);
    json = document_value(page, a, document_root(page), step->within);
    if (!json.n)
        return diag_fail(d, ERR_FORMAT, "the page has no " STR_FMT, STR_ARG(step->within));
    if (step->after.n) {
        ptrdiff_t at = str_find(json, step->after);

        if (at < 0)
            return diag_fail(d, ERR_FORMAT, "the page has no \"" STR_FMT "\"",
                             STR_ARG(step->after));
        json = json_value(str_from(json, (size_t)at + step->after.n));
    }
    return json_parse(&k->json, a, json, true, d);
}

static int open_as(struct document *k, struct arena *a, const struct adapter *ad,
                   const struct adapter_step *step, struct str body, struct str page_url,
                   struct diag *d)
{
    int r = 0;

    switch ((enum decode)decode_of(step->decode)) {
    case DECODE_JSON:
        return json_parse(&k->json, a, body, false, d);
    case DECODE_JSON_IN_HTML:
        return open_json_in_html(k, a, ad, step, body, d);
    case DECODE_JSONLD:
        return jsonld_postings(a, body, page_url, &k->json, d);
    case DECODE_SITEMAP:
        return open_sitemap(k, a, body, d);
    case DECODE_XML:
        r = xml_open(&k->xml, body, d);
        break;
    case DECODE_HTML:
        r = html_open(&k->xml, body, d);
        break;
    }
    if (!r)
        k->xpath = xpath_context(k->xml, a, ad);
    return r;
}

int document_open(struct document **ret, struct arena *a, const struct adapter *ad,
                  const struct adapter_step *step, struct str body, struct str page_url,
                  struct diag *d)
{
    CLEANUP(document_close) struct document *k = calloc(1, sizeof(*k));
    int r;

    if (!k)
        out_of_memory();
    r = open_as(k, a, ad, step, body, page_url, d);
    if (r)
        return r;
    *ret = k;
    k = NULL;
    return 0;
}

struct node document_root(const struct document *doc)
{
    if (doc->xml)
        return (struct node){ .xml = xmlDocGetRootElement(doc->xml) };
    return (struct node){ .json = doc->json };
}

static xmlXPathCompExpr *compiled(struct document *k, struct arena *a, struct str place)
{
    xmlXPathCompExpr *code;

    for (size_t i = 0; i < k->n_compiled; i++)
        if (k->compiled[i].p == place.p && k->compiled[i].n == place.n)
            return k->compiled[i].code;
    if (k->n_compiled == XPATHS)
        xmlXPathFreeCompExpr(k->compiled[--k->n_compiled].code);
    code = xmlXPathCtxtCompile(k->xpath, (const xmlChar *)(place.n ? str_cstr(a, place) : "."));
    if (!code)
        return NULL;
    k->compiled[k->n_compiled].p = place.p;
    k->compiled[k->n_compiled].n = place.n;
    k->compiled[k->n_compiled++].code = code;
    return code;
}

static struct str computed(struct arena *a, xmlXPathObject *o)
{
    xmlChar *x = xmlXPathCastToString(o);
    struct str s = str_dup(a, str_of((const char *)x));

    xmlFree(x);
    return s;
}

static int select_xpath(struct document *k, struct arena *a, xmlNode *from, struct str place,
                        struct nodes *ret, struct diag *d)
{
    CLEANUP(object_close) xmlXPathObject *o = NULL;
    xmlXPathCompExpr *code = compiled(k, a, place);
    struct nodes found = { 0 };

    k->xpath->node = from;
    k->xpath->opCount = 0;
    o = code ? xmlXPathCompiledEval(code, k->xpath) : NULL;
    if (!o)
        return diag_fail(d, ERR_LIMIT, "XPath gave up: " STR_FMT, STR_ARG(place));
    if (o->type != XPATH_NODESET) {
        struct str text = computed(a, o);

        if (text.n)
            *ARENA_PUSH(a, &found) = (struct node){ .text = text };
    } else if (o->nodesetval) {
        if (o->nodesetval->nodeNr > DOCUMENT_NODES)
            return diag_fail(d, ERR_LIMIT, "a place finds more than %d values", DOCUMENT_NODES);
        for (int i = 0; i < o->nodesetval->nodeNr; i++)
            if (o->nodesetval->nodeTab[i]->type != XML_NAMESPACE_DECL)
                *ARENA_PUSH(a, &found) = (struct node){ .xml = o->nodesetval->nodeTab[i] };
    }
    *ret = found;
    return 0;
}

/* A place in text that was computed, or in nothing, finds only itself. */
static int find(struct document *doc, struct arena *a, struct node from, struct str place,
                bool expand, struct nodes *ret, struct diag *d)
{
    *ret = (struct nodes){ 0 };
    if (from.json)
        return select_json(a, from, place, expand, ret, d);
    if (from.xml)
        return select_xpath(doc, a, from.xml, place, ret, d);
    if (from.text.n && !place.n)
        *ARENA_PUSH(a, ret) = from;
    return 0;
}

int document_find(struct document *doc, struct arena *a, struct node from, struct str place,
                  struct nodes *ret, struct diag *d)
{
    return find(doc, a, from, place, true, ret, d);
}

bool document_has(struct document *doc, struct arena *a, struct node from, struct str place)
{
    struct nodes found;
    struct diag ignored;

    return find(doc, a, from, place, false, &found, &ignored) == 0 && found.n > 0;
}

struct str document_value(struct document *doc, struct arena *a, struct node from, struct str place)
{
    struct str rest = place;

    do {
        struct nodes found;
        struct diag ignored;
        struct str one = from.json ? place_cut(&rest) : rest;

        if (find(doc, a, from, one, true, &found, &ignored))
            return (struct str){ 0 };
        for (size_t i = 0; i < found.n; i++) {
            struct str s = str_trim(node_text(a, found.items[i], false));

            if (s.n)
                return s;
        }
    } while (from.json && rest.p);
    return (struct str){ 0 };
}

struct str node_text(struct arena *a, struct node n, bool markup)
{
    if (n.json)
        return json_scalar(a, n.json);
    if (n.xml)
        return utf8_repair(a, markup && xml_has_elements(n.xml) ? xml_markup(a, n.xml)
                                                                : xml_text(a, n.xml));
    return n.text;
}

/* What no other value is written as: its kind, and how much of what follows is its. json_check()
 * has bounded the depth. */
static void add_json(struct buf *b, struct json_object *v)
{
    enum json_type type = json_object_get_type(v);

    buf_add_byte(b, (char)type);
    if (type == json_type_object) {
        buf_add_number(b, (uint64_t)json_object_object_length(v));
        json_object_object_foreach(v, key, member)
        {
            buf_add_counted(b, str_of(key));
            add_json(b, member);
        }
    } else if (type == json_type_array) {
        buf_add_number(b, json_object_array_length(v));
        for (size_t i = 0; i < json_object_array_length(v); i++)
            add_json(b, json_object_array_get_idx(v, i));
    } else if (type == json_type_string) {
        buf_add_counted(
            b, (struct str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) });
    } else if (type != json_type_null) {
        buf_add_counted(b, str_of(json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN)));
    }
}

static struct hash hash_of_json(struct json_object *v)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    add_json(&b, v);
    return hash_of(buf_str(&b));
}

struct hash node_hash(struct arena *a, struct node n)
{
    if (n.json)
        return hash_of_json(n.json);
    return hash_of(n.xml ? xml_markup(a, n.xml) : n.text);
}

const char *xpath_fault(struct arena *a, const struct adapter *ad, struct str place)
{
    CLEANUP(xpath_close) xmlXPathContext *x = xpath_context(NULL, a, ad);
    xmlXPathCompExpr *code = xmlXPathCtxtCompile(x, (const xmlChar *)str_cstr(a, place));

    if (!code)
        return "not an XPath expression";
    xmlXPathFreeCompExpr(code);
    return NULL;
}
