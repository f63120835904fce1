/* schema.org JobPostings out of a page's <script type="application/ld+json">, else its microdata.
 */
#include <json-c/json.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/document.h"
#include "parsers/documents.h"
#include "parsers/html_text.h"
#include "parsers/json_tree.h"
#include "parsers/microdata.h"
#include "parsers/xml.h"

enum { POSTINGS_A_PAGE = 1000, SCRIPTS_A_PAGE = 200 };

static bool is_posting(struct arena *a, struct json_object *v)
{
    static const struct str posting = { "JobPosting", 10 };
    struct nodes types = { 0 };
    struct diag ignored;

    if (select_json(a, (struct node){ .json = v }, STR("/@type"), true, &types, &ignored))
        return false;
    for (size_t i = 0; i < types.n; i++) {
        struct str type = json_scalar(a, types.items[i].json);

        if (type.n >= posting.n && str_eq_fold(str_from(type, type.n - posting.n), posting))
            return true;
    }
    return false;
}

/* The JobPostings in v, wherever they stand (a list, @graph, an ItemList), go to `to`. */
static void collect(struct arena *a, struct json_object *v, struct json_object *to)
{
    if (json_object_array_length(to) >= POSTINGS_A_PAGE)
        return;
    if (json_object_is_type(v, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(v); i++)
            collect(a, json_object_array_get_idx(v, i), to);
    } else if (json_object_is_type(v, json_type_object)) {
        if (is_posting(a, v)) {
            json_object_array_add(to, json_object_get(v));
            return;
        }
        json_object_object_foreach(v, key, member)
        {
            (void)key;
            collect(a, member, to);
        }
    }
}

/* The value of an attribute in a tag's inside, or empty. */
static struct str attribute(struct str tag, const char *name)
{
    struct str key = str_of(name);

    for (size_t i = 1; i + key.n < tag.n; i++) {
        struct str rest = str_from(tag, i);
        char quote;

        if (!ascii_is_space(tag.p[i - 1]) && tag.p[i - 1] != '"' && tag.p[i - 1] != '\'')
            continue;
        if (!str_eq_fold(str_slice(rest, 0, key.n), key))
            continue;
        rest = str_trim(str_from(rest, key.n));
        if (!str_starts(rest, STR("=")))
            continue;
        rest = str_trim(str_from(rest, 1));
        quote = rest.n ? rest.p[0] : ' ';
        if (quote == '"' || quote == '\'') {
            rest = str_from(rest, 1);
            return str_cut(&rest, quote);
        }
        for (i = 0; i < rest.n && !ascii_is_space(rest.p[i]);)
            i++;
        return str_slice(rest, 0, i);
    }
    return (struct str){ 0 };
}

/* The inside of the next tag `<name ...>` at or after *at; *at moves past it. */
static bool next_tag(struct str html, const char *name, size_t *at, struct str *ret)
{
    struct str want = str_of(name);

    for (;;) {
        ptrdiff_t open = str_find(str_from(html, *at), STR("<"));
        size_t end, attributes;
        struct str rest;

        if (open < 0)
            return false;
        *at += (size_t)open + 1;
        rest = str_from(html, *at);
        if (!str_eq_fold(str_slice(rest, 0, want.n), want) || rest.n == want.n
            || ascii_is_alnum(rest.p[want.n]))
            continue;
        end = xml_tag_end(rest, 0, &attributes);
        if (end == rest.n) /* a quote that nobody closed */
            end = (size_t)str_find(rest, STR(">"));
        if (end > rest.n)
            return false;
        *ret = str_slice(rest, want.n, end);
        *at += end + 1;
        return true;
    }
}

/* Whether an address leads further than to its site. */
static bool has_path(struct str address)
{
    ptrdiff_t slashes = str_find(address, STR("//"));
    struct str rest = slashes < 0 ? address : str_from(address, (size_t)slashes + 2);

    (void)str_cut(&rest, '/');
    return rest.n > 0;
}

/* The page's own word for its address: the canonical link, else og:url where it is no home page. */
struct str page_canonical(struct arena *a, struct str html)
{
    size_t at = 0;
    struct str tag;

    while (next_tag(html, "link", &at, &tag))
        if (str_eq_fold(attribute(tag, "rel"), STR("canonical")))
            return html_unescape(a, attribute(tag, "href"));
    at = 0;
    while (next_tag(html, "meta", &at, &tag))
        if (str_eq_fold(attribute(tag, "property"), STR("og:url"))
            && has_path(attribute(tag, "content")))
            return html_unescape(a, attribute(tag, "content"));
    return (struct str){ 0 };
}

static void add_string(struct json_object *to, const char *key, struct str s)
{
    if (s.n)
        json_object_object_add(to, key, json_object_new_string_len(s.p, (int)s.n));
}

static struct str script_body(struct str html, size_t *at)
{
    size_t start = *at, end = start;

    for (;;) {
        ptrdiff_t close = str_find(str_from(html, end), STR("</"));

        if (close < 0) {
            *at = html.n;
            return str_from(html, start);
        }
        end += (size_t)close;
        if (str_eq_fold(str_slice(html, end + 2, end + 8), STR("script"))) {
            *at = end + 2;
            return str_slice(html, start, end);
        }
        end += 2;
    }
}

/* One broken script is skipped, not the page. *ret_broken remembers that there was one. */
static void collect_scripts(struct arena *a, struct str html, struct json_object *to,
                            size_t *ret_broken, struct diag *broken)
{
    size_t at = 0;
    struct str tag;

    for (int n = 0; n < SCRIPTS_A_PAGE && next_tag(html, "script", &at, &tag); n++) {
        struct str body = script_body(html, &at);
        CLEANUP(json_release) struct json_object *v = NULL;

        if (str_find_fold(tag, STR("ld+json")) < 0 || !str_trim(body).n)
            continue;
        if (json_parse(&v, a, body, true, broken)
            && json_parse(&v, a, html_unescape(a, body), true, broken)) {
            (*ret_broken)++;
            continue;
        }
        collect(a, v, to);
    }
}

int jsonld_postings(struct arena *a, struct str html, struct str page_url, struct json_object **ret,
                    struct diag *d)
{
    CLEANUP(json_release) struct json_object *list = json_object_new_array();
    struct diag broken = { 0 };
    size_t n_broken = 0;

    html = utf8_of_page(a, html);
    collect_scripts(a, html, list, &n_broken, &broken);
    if (!json_object_array_length(list))
        microdata_postings(a, html, list);
    if (!json_object_array_length(list))
        return diag_fail(d, ERR_FORMAT,
                         n_broken ? "no JobPosting on the page: JSON-LD %.200s"
                                  : "no JobPosting on the page%.0s",
                         broken.text);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *page = json_object_new_object();

        add_string(page, "url", page_url);
        add_string(page, "canonical", page_canonical(a, html));
        json_object_object_add(json_object_array_get_idx(list, i), "@page", page);
    }
    *ret = list;
    list = NULL;
    return 0;
}
