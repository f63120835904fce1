#include "parsers/template.h"

#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/documents.h"

void names_set(struct arena *a, struct names *names, struct str name, struct str value)
{
    for (size_t i = 0; i < names->n; i++)
        if (str_eq(names->items[i].name, name)) {
            names->items[i].value = value;
            return;
        }
    *ARENA_PUSH(a, names) = (struct name){ name, value };
}

struct str names_get(const struct names *names, struct str name)
{
    for (size_t i = 0; names && i < names->n; i++)
        if (str_eq(names->items[i].name, name))
            return names->items[i].value.p ? names->items[i].value : STR("");
    return (struct str){ 0 };
}

bool template_is_place(struct str name)
{
    return name.n && (memchr("/@^", name.p[0], 3) || str_eq(name, STR(".")));
}

bool template_is_secret(struct str name)
{
    return str_starts(name, STR("secret:"));
}

static bool take_suffix(struct str *name, const char *suffix)
{
    struct str s = str_of(suffix);

    if (!str_ends(*name, s))
        return false;
    name->n -= s.n;
    return true;
}

/* The '}' that closes a value; braces of an XPath's text do not occur. */
static struct template_piece value_piece(struct str *rest)
{
    struct template_piece p = { .is_value = true };
    const char *end = memchr(rest->p, '}', rest->n);
    bool more = true;

    if (!end) {
        p.fault = "'{' without '}' (a brace itself is written \"{{\")";
        *rest = (struct str){ 0 };
        return p;
    }
    p.name = str_slice(*rest, 1, (size_t)(end - rest->p));
    *rest = str_from(*rest, p.name.n + 2);
    while (more) {
        bool raw = take_suffix(&p.name, ":raw"), need = take_suffix(&p.name, ":need");

        p.raw |= raw;
        p.need |= need;
        more = raw || need;
    }
    if (!p.name.n)
        p.fault = "\"{}\" names nothing";
    return p;
}

bool template_next(struct str *rest, struct template_piece *ret)
{
    size_t i = 0;

    if (!rest->n)
        return false;
    if (str_starts(*rest, STR("{{"))) {
        *ret = (struct template_piece){ .literal = str_slice(*rest, 0, 1) };
        *rest = str_from(*rest, 2);
        return true;
    }
    if (rest->p[0] == '{') {
        *ret = value_piece(rest);
        return true;
    }
    while (i < rest->n && rest->p[i] != '{')
        i++;
    *ret = (struct template_piece){ .literal = str_slice(*rest, 0, i) };
    *rest = str_from(*rest, i);
    return true;
}

static struct str value_of(struct arena *a, const struct template_scope *scope, struct str name)
{
    if (!template_is_place(name))
        return names_get(scope->names, name);
    if (!scope->doc)
        return (struct str){ 0 };
    return document_value(scope->doc, a, scope->item, name.p[0] == '@' ? str_from(name, 1) : name);
}

static void add_json(struct buf *b, struct str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if ((unsigned char)v.p[i] < 0x20) {
            buf_printf(b, "\\u%04x", (unsigned)v.p[i]);
            continue;
        }
        if (v.p[i] == '"' || v.p[i] == '\\')
            buf_add_byte(b, '\\');
        buf_add_byte(b, v.p[i]);
    }
}

static void add_html(struct buf *b, struct str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] == '<')
            buf_add(b, STR("&lt;"));
        else if (v.p[i] == '&')
            buf_add(b, STR("&amp;"));
        else
            buf_add_byte(b, v.p[i]);
    }
}

static void add_value(struct arena *a, struct buf *b, struct str v, enum template_escape escape)
{
    switch (escape) {
    case TEMPLATE_RAW:
        buf_add(b, v);
        break;
    case TEMPLATE_URL: /* what begins an address is an address, not a part of one */
        buf_add(b, b->n ? url_escape(a, v) : v);
        break;
    case TEMPLATE_JSON:
        add_json(b, v);
        break;
    case TEMPLATE_HTML:
        add_html(b, v);
        break;
    }
}

struct template_text template_fill(struct arena *a, struct str template,
                                   enum template_escape escape, const struct template_scope *scope)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct template_text t = { 0 };
    struct template_piece p;

    while (template_next(&template, &p)) {
        struct str v;

        if (!p.is_value) {
            buf_add(&b, p.literal);
            continue;
        }
        v = value_of(a, scope, p.name);
        p.raw |= template_is_secret(p.name); /* the crawler finds it by its braces */
        t.asked++;
        t.given += v.n > 0;
        if (!v.p && !t.missing.p)
            t.missing = p.name;
        t.needed_is_missing |= p.need && !v.n;
        add_value(a, &b, v, p.raw ? TEMPLATE_RAW : escape);
    }
    t.text = buf_take(&b, a);
    return t;
}

struct str template_origin(struct str template)
{
    ptrdiff_t slashes = str_find(template, STR("://"));
    size_t n = slashes < 0 ? 0 : (size_t)slashes + 3, start = n;

    while (n < template.n && template.p[n] != '/' && template.p[n] != '?' && template.p[n] != '{')
        n++;
    if (n == start || n == template.n || template.p[n] == '{')
        return (struct str){ 0 };
    return str_find(str_slice(template, 0, start), STR("{")) < 0 ? str_slice(template, 0, n)
                                                                 : (struct str){ 0 };
}
