#include "parsers/detect.h"

#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/documents.h"
#include "parsers/fill.h"
#include "parsers/html_text.h"
#include "parsers/pattern.h"

enum { ADDRESSES = 5000, CANDIDATES = 64 };

static int hex_value(char c)
{
    char l = ascii_lower(c);

    if (ascii_is_digit(c))
        return c - '0';
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/* A name as its address wrote it, percent-encoded, is the name itself in a source. */
static struct str percent_decoded(struct arena *a, struct str s)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i < s.n; i++) {
        int high = s.p[i] == '%' && i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_value(s.p[i + 2]) : -1;
        int byte = low < 0 ? -1 : high * 16 + low;

        if (byte < ' ' || byte == 0x7f) {
            buf_add_byte(&b, s.p[i]);
            continue;
        }
        buf_add_byte(&b, (char)byte);
        i += 2;
    }
    return buf_take(&b, a);
}

/* What a value adds to a key: itself, or of an address its host's first label. */
static struct str key_part(struct str value)
{
    ptrdiff_t slashes = str_find(value, STR("://"));
    struct str host = slashes < 0 ? value : str_from(value, (size_t)slashes + 3);

    return slashes < 0 ? value : str_cut(&host, '.');
}

/* "workday:tarang/careers": what the required values add, each once. */
static struct str key_of(struct arena *a, const struct adapter *ad, const struct strs *values)
{
    struct str key = ad->id, last = { 0 };

    for (size_t i = 0; i < values->n; i++) {
        struct str part = key_part(values->items[i]);

        if (str_eq(part, last))
            continue;
        key = str_printf(a, STR_FMT "%c" STR_FMT, STR_ARG(key), last.n ? '/' : ':', STR_ARG(part));
        last = part;
    }
    return key;
}

static bool add_param(struct arena *a, const struct adapter_param *param, struct str v,
                      struct source *s)
{
    if (v.n)
        *ARENA_PUSH(a, &s->params) =
            str_printf(a, STR_FMT "=" STR_FMT, STR_ARG(param->name), STR_ARG(v));
    return v.n || !param->required;
}

/* What the regex found of a parameter in `text`; empty: nothing. */
static struct str found_of(struct arena *a, const struct pattern *p, const struct pattern_match *m,
                           struct str text, const struct adapter_param *param)
{
    int g = pattern_group(p, str_cstr(a, param->name));

    if (g <= 0 || g >= PATTERN_GROUPS || m->group[g].start > m->group[g].end)
        return (struct str){ 0 };
    text = str_slice(text, m->group[g].start, m->group[g].end);
    return fill_mapped(&param->map, percent_decoded(a, text));
}

bool detect_params(struct arena *a, const struct adapter *ad, struct str url, struct source *ret)
{
    CLEANUP(pattern_free) struct pattern *p = NULL;
    struct pattern_match m;
    struct source s = { .adapter = ad->id, .policy = ad->policy };
    struct strs required = { 0 };
    struct diag d;

    if (!ad->url_param.n || pattern_compile(&p, ad->url_param, 0, &d)
        || pattern_find(p, url, 0, &m, &d) != PATTERN_FOUND)
        return false;
    for (size_t i = 0; i < ad->params.n; i++) {
        const struct adapter_param *param = &ad->params.items[i];
        struct str v = found_of(a, p, &m, url, param);

        if (!add_param(a, param, v, &s))
            return false;
        if (param->required)
            *ARENA_PUSH(a, &required) = v;
    }
    s.key = key_of(a, ad, &required);
    *ret = s;
    return true;
}

int detect_url(struct arena *a, const struct adapter *ads, size_t n, struct str url,
               struct source *ret)
{
    for (size_t i = 0; i < n; i++)
        if (detect_params(a, &ads[i], url, ret))
            return DETECT_FOUND;
    return 0;
}

/* The page with "\/" (JSON in scripts) and character references undone, so that addresses are
 * plain. */
static struct str plain(struct arena *a, struct str html)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct str s = html_unescape(a, html);

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '/')
            continue;
        buf_add_byte(&b, s.p[i]);
    }
    return buf_take(&b, a);
}

/* The next address in s at or after *at. */
static bool next_address(struct str s, size_t *at, struct str *ret)
{
    ptrdiff_t found = str_find(str_from(s, *at), STR("//"));
    size_t start, end;

    if (found < 0)
        return false;
    end = start = *at + (size_t)found;
    while (end < s.n && (unsigned char)s.p[end] > ' ' && !strchr("\"'<>\\`", s.p[end]))
        end++;
    while (start > *at && (ascii_is_alpha(s.p[start - 1]) || s.p[start - 1] == ':'))
        start--;
    *ret = str_slice(s, start, end);
    *at = end;
    return true;
}

/* The board whose addresses stand in the page most often. */
static int linked(struct arena *a, const struct adapter *ads, size_t n, struct str s,
                  struct source *ret)
{
    struct {
        struct source source;
        size_t times;
    } seen[CANDIDATES];
    size_t n_seen = 0, at = 0, best = 0;
    struct str address;

    for (size_t k = 0; k < ADDRESSES && next_address(s, &at, &address); k++) {
        struct source found;
        size_t i = 0;

        if (detect_url(a, ads, n, address, &found) != DETECT_FOUND)
            continue;
        while (i < n_seen && !str_eq(seen[i].source.key, found.key))
            i++;
        if (i == CANDIDATES)
            continue;
        if (i == n_seen) {
            seen[n_seen].source = found;
            seen[n_seen++].times = 0;
        }
        seen[i].times++;
    }
    for (size_t i = 1; i < n_seen; i++)
        if (seen[i].times > seen[best].times)
            best = i;
    if (!n_seen)
        return 0;
    *ret = seen[best].source;
    return DETECT_FOUND;
}

static const struct adapter_param *base_of(const struct adapter *ad)
{
    for (size_t i = 0; i < ad->params.n; i++)
        if (str_eq(ad->params.items[i].name, STR("base")))
            return &ad->params.items[i];
    return NULL;
}

/* The page's own site as a board, if it bears the adapter's sign. */
static bool is_site_of(struct arena *a, const struct adapter *ad, struct str page, struct str site,
                       struct source *ret)
{
    const struct adapter_param *base = base_of(ad);
    CLEANUP(pattern_free) struct pattern *p = NULL;
    struct source s = { .adapter = ad->id, .policy = ad->policy };
    struct str *values = ARENA_NEW(a, struct str, ad->params.n);
    struct pattern_match m;
    bool relative = base->required;
    struct diag d;

    if (pattern_compile(&p, ad->page_sign, 0, &d)
        || pattern_find(p, page, 0, &m, &d) != PATTERN_FOUND)
        return false;
    for (size_t i = 0; i < ad->params.n; i++) {
        values[i] = found_of(a, p, &m, page, &ad->params.items[i]);
        if (!values[i].n)
            values[i] = ad->params.items[i].detected;
        relative |= str_starts(values[i], STR("/"));
    }
    values[base - ad->params.items] = relative ? site : (struct str){ 0 };
    for (size_t i = 0; i < ad->params.n; i++)
        if (!add_param(a, &ad->params.items[i], values[i], &s))
            return false;
    s.key = str_printf(a, STR_FMT ":" STR_FMT, STR_ARG(ad->id),
                       STR_ARG(str_from(site, (size_t)str_find(site, STR("//")) + 2)));
    *ret = s;
    return true;
}

static int signed_page(struct arena *a, const struct adapter *ads, size_t n, struct str page,
                       struct str site, struct source *ret)
{
    for (int of_any_site = 0; of_any_site < 2; of_any_site++)
        for (size_t i = 0; i < n; i++) {
            const struct adapter_param *base = base_of(&ads[i]);

            if (ads[i].page_sign.n && base && base->required == !of_any_site
                && is_site_of(a, &ads[i], page, site, ret))
                return DETECT_FOUND;
        }
    return 0;
}

int detect_page(struct arena *a, const struct adapter *ads, size_t n, struct str html,
                struct str page_url, struct source *ret)
{
    struct str page = plain(a, html), site;

    if (linked(a, ads, n, page, ret) == DETECT_FOUND)
        return DETECT_FOUND;
    site = url_join(a, page_url.n ? page_url : page_canonical(a, html), STR("/"));
    if (!str_starts(site, STR("http")))
        return 0;
    return signed_page(a, ads, n, page, str_slice(site, 0, site.n - 1), ret);
}
