#include "parsers/xml.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "core/arena.h"
#include "core/utf8.h"
#include "parsers/documents.h"

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

int xml_open(xmlDoc **ret, struct str body, struct diag *d)
{
    body = str_trim(body);
    if (body.n > DOCUMENT_BYTES)
        return too_large(d);
    if (xml_has_doctype(body))
        return diag_fail(d, ERR_FORMAT, "XML with a DOCTYPE is refused");
    xmlResetLastError();
    return give(xmlReadMemory(body.n ? body.p : "", (int)body.n, NULL, NULL,
                              XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING
                                  | XML_PARSE_NOCDATA),
                "XML", ret, d);
}

int html_open(xmlDoc **ret, struct str body, struct diag *d)
{
    if (body.n > DOCUMENT_BYTES)
        return too_large(d);
    xmlResetLastError();
    return give(htmlReadMemory(body.n ? body.p : "", (int)body.n, NULL,
                               utf8_valid(body) ? "UTF-8" : NULL,
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

struct str xml_text(struct arena *a, const xmlNode *n)
{
    return taken(a, xmlNodeGetContent(n));
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
