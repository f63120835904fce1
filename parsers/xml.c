#include "parsers/xml.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/documents.h"

bool xml_has_doctype(struct str s)
{
    while (s.n) {
        ptrdiff_t end;

        s = str_trim(str_starts(s, STR("\xEF\xBB\xBF")) ? str_from(s, 3) : s);
        if (str_starts(s, STR("<!--")))
            end = str_find(s, STR("-->"));
        else if (str_starts(s, STR("<?")))
            end = str_find(s, STR("?>"));
        else
            return str_find_fold(str_slice(s, 0, 9), STR("<!doctype")) == 0;
        if (end < 0)
            return false;
        s = str_from(s, (size_t)end + 2);
        if (str_starts(s, STR(">")))
            s = str_from(s, 1);
    }
    return false;
}

void xml_close(xmlDoc **doc)
{
    if (*doc)
        xmlFreeDoc(*doc);
    *doc = NULL;
}

static int too_large(struct diag *d)
{
    return diag_fail(d, ERR_LIMIT, "document: more than %d bytes", DOCUMENT_BYTES);
}

static int refuse_tags(struct diag *d)
{
    return diag_fail(d, ERR_LIMIT, "document: a tag of more than 100 attributes");
}

static int refuse_doctype(struct diag *d)
{
    return diag_fail(d, ERR_FORMAT, "XML with a DOCTYPE is refused");
}

static int give(xmlDoc *doc, const char *what, xmlDoc **ret, struct diag *d)
{
    const xmlError *e = xmlGetLastError();

    if (doc && xmlDocGetRootElement(doc)) {
        *ret = doc;
        return 0;
    }
    xml_close(&doc);
    return diag_fail(d, ERR_FORMAT, "not %s: line %d: %.100s", what, e ? e->line : 0,
                     e && e->message ? e->message : "no element");
}

/* The first error ends it: libxml2 reads on, and takes longer and longer with some documents. */
static void stop_at(void *ctx, xmlError *error)
{
    if (error->level == XML_ERR_FATAL)
        xmlStopParser(ctx);
}

static xmlDoc *read_xml(struct str body)
{
    xmlParserCtxt *parser = xmlNewParserCtxt();
    xmlDoc *doc;

    if (!parser)
        out_of_memory();
    xmlResetLastError();
    parser->sax->serror = stop_at;
    doc = xmlCtxtReadMemory(parser, body.n ? body.p : "", (int)body.n, NULL, NULL,
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING
                                | XML_PARSE_NOCDATA);
    xmlFreeParserCtxt(parser);
    return doc;
}

int xml_open(xmlDoc **ret, struct str body, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    xmlDoc *doc;

    body = str_trim(body);
    if (body.n > DOCUMENT_BYTES)
        return too_large(d);
    if (xml_has_doctype(body))
        return refuse_doctype(d);
    if (!xml_tags_are_sane(body, false))
        return refuse_tags(d);
    doc = read_xml(body);
    if (!doc && str_starts(body, STR("<")))
        doc = read_xml(xml_mended(&a, body));
    if (!doc || !doc->intSubset)
        return give(doc, "XML", ret, d);
    xml_close(&doc);
    return refuse_doctype(d); /* written in what is no superset of ASCII */
}

int html_open(xmlDoc **ret, struct str body, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    body = utf8_of_page(&a, body);
    if (body.n > DOCUMENT_BYTES)
        return too_large(d);
    if (!xml_tags_are_sane(body, true))
        return refuse_tags(d);
    xmlResetLastError();
    return give(htmlReadMemory(body.n ? body.p : "", (int)body.n, NULL, "UTF-8",
                               HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING
                                   | HTML_PARSE_RECOVER),
                "HTML", ret, d);
}

bool xml_is(const xmlNode *n, const char *name)
{
    return n && n->type == XML_ELEMENT_NODE && str_eq(str_of((const char *)n->name), str_of(name));
}

static struct str taken(struct arena *a, xmlChar *x)
{
    struct str s = str_dup(a, str_of((const char *)x));

    xmlFree(x);
    return s;
}

/* An element that begins a line of its own on a page. */
static bool begins_line(const xmlNode *n)
{
    static const char *const names[] = { "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5",
                                         "h6", "li", "ol",  "p",  "td", "th", "tr", "ul", "table" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (xml_is(n, names[i]))
            return true;
    return false;
}

static void end_line(struct buf *b)
{
    struct str s = buf_str(b);

    if (s.n && s.p[s.n - 1] != '\n')
        buf_add_byte(b, '\n');
}

/* The node after n in the order of the document, below `root`; NULL: none. */
static const xmlNode *following(const xmlNode *n, const xmlNode *root, struct buf *b)
{
    if (n->children && n->type == XML_ELEMENT_NODE)
        return n->children;
    for (; n != root; n = n->parent) {
        if (begins_line(n))
            end_line(b);
        if (n->next)
            return n->next;
    }
    return NULL;
}

/* As a reader sees it, where words of two lines do not run into each other. */
static struct str page_text(struct arena *a, const xmlNode *root)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (const xmlNode *n = root; n; n = following(n, root, &b)) {
        if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
            buf_add(&b, str_of((const char *)n->content));
        else if (n != root && begins_line(n))
            end_line(&b);
    }
    return str_trim(buf_take(&b, a));
}

struct str xml_text(struct arena *a, const xmlNode *n)
{
    return n->type == XML_ELEMENT_NODE && n->doc && n->doc->type == XML_HTML_DOCUMENT_NODE
               ? page_text(a, n)
               : taken(a, xmlNodeGetContent(n));
}

bool xml_has_elements(const xmlNode *n)
{
    for (const xmlNode *c = n->type == XML_ELEMENT_NODE ? n->children : NULL; c; c = c->next)
        if (c->type == XML_ELEMENT_NODE)
            return true;
    return false;
}

struct str xml_markup(struct arena *a, xmlNode *n)
{
    xmlBuffer *b = xmlBufferCreate();
    struct str s;

    for (xmlNode *c = n->children; c; c = c->next)
        xmlNodeDump(b, n->doc, c, 0, 0);
    s = str_dup(a, str_of((const char *)xmlBufferContent(b)));
    xmlBufferFree(b);
    return s;
}
