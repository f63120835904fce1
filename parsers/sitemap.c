#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/documents.h"
#include "parsers/gunzip.h"
#include "parsers/xml.h"

static bool is_address(struct str s)
{
    return str_find_fold(str_slice(s, 0, 8), STR("http://")) == 0
           || str_find_fold(str_slice(s, 0, 8), STR("https://")) == 0;
}

static int add(struct arena *a, struct sitemap *map, bool index, struct sitemap_entry e,
               struct diag *d)
{
    if (!is_address(e.loc) || memchr(e.loc.p, ' ', e.loc.n))
        return 0;
    if (map->urls.n + map->sitemaps.n >= SITEMAP_URLS)
        return diag_fail(d, ERR_LIMIT, "sitemap: more than %d addresses", SITEMAP_URLS);
    if (index)
        *ARENA_PUSH(a, &map->sitemaps) = e;
    else
        *ARENA_PUSH(a, &map->urls) = e;
    return 0;
}

/* <url> or <sitemap>. An index whose address stands in <sitemap> itself, without <loc>, is read
 * too: such files exist. */
static struct sitemap_entry entry(struct arena *a, const xmlNode *node)
{
    struct sitemap_entry e = { 0 };

    for (const xmlNode *n = node->children; n; n = n->next) {
        if (xml_is(n, "loc") && !e.loc.n)
            e.loc = str_trim(xml_text(a, n));
        else if (xml_is(n, "lastmod"))
            e.lastmod = str_trim(xml_text(a, n));
    }
    if (!e.loc.n)
        e.loc = str_trim(xml_text(a, node));
    return e;
}

static int from_xml(struct arena *a, struct str body, struct sitemap *ret, struct diag *d)
{
    CLEANUP(xml_close) xmlDoc *doc = NULL;
    const xmlNode *root;
    int r = xml_open(&doc, body, d);

    if (r)
        return r;
    root = xmlDocGetRootElement(doc);
    if (!xml_is(root, "urlset") && !xml_is(root, "sitemapindex"))
        return diag_fail(d, ERR_FORMAT, "not a sitemap: the root is <%.40s>",
                         (const char *)root->name);
    for (const xmlNode *n = root->children; n && !r; n = n->next) {
        if (xml_is(n, "url"))
            r = add(a, ret, false, entry(a, n), d);
        else if (xml_is(n, "sitemap"))
            r = add(a, ret, true, entry(a, n), d);
    }
    return r;
}

static int from_text(struct arena *a, struct str body, struct sitemap *ret, struct diag *d)
{
    int r = 0;

    if (memchr(body.p, '\0', body.n) || memchr(body.p, '<', body.n))
        return diag_fail(d, ERR_FORMAT, "not a sitemap: neither XML nor a list of addresses");
    while (body.n && !r) {
        struct str line = str_trim(str_cut(&body, '\n'));

        if (line.n && !is_address(line))
            return diag_fail(d, ERR_FORMAT, "not a sitemap: \"%.60s\" is no address",
                             str_cstr(a, line));
        r = add(a, ret, false, (struct sitemap_entry){ .loc = line }, d);
    }
    return r;
}

int sitemap_read(struct arena *a, struct str body, struct sitemap *ret, struct diag *d)
{
    struct sitemap map = { 0 };
    int r = is_gzip(body) ? gunzip(a, body, SITEMAP_UNPACKED, &body, d) : 0;

    if (r)
        return r;
    if (str_starts(body, STR("\xEF\xBB\xBF")))
        body = str_from(body, 3);
    body = str_trim(body);
    if (!body.n)
        return diag_fail(d, ERR_FORMAT, "not a sitemap: empty");
    r = body.p[0] == '<' ? from_xml(a, body, &map, d) : from_text(a, body, &map, d);
    if (!r)
        *ret = map;
    return r;
}

int sitemap_urls(struct arena *a, struct str body, struct strs *ret, struct diag *d)
{
    struct sitemap map = { 0 };
    int r = sitemap_read(a, body, &map, d);

    for (size_t i = 0; i < map.urls.n && !r; i++)
        *ARENA_PUSH(a, ret) = map.urls.items[i].loc;
    for (size_t i = 0; i < map.sitemaps.n && !r; i++)
        *ARENA_PUSH(a, ret) = map.sitemaps.items[i].loc;
    return r;
}
