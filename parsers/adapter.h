#ifndef PARSERS_ADAPTER_H
#define PARSERS_ADAPTER_H

#include <stdbool.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/hash.h"
#include "core/str.h"

/*
 * An adapter says how a kind of board is read: how to ask, how to page, where the
 * fields are. It is data (config/adapters/NAME.yaml); one interpreter (reading.h)
 * serves all of them, and no board has code of its own. These structs are the
 * vocabulary. config/ fills them; adapter_check() judges them once, at load.
 *
 * Places in a document ("at", "items", "each", "total", ...):
 *   json, jsonld, sitemap
 *          a JSON Pointer (RFC 6901) with four extensions. A name on an array is asked
 *          of each of its elements, and an array at the end stands for its elements, so
 *          "one or a list of them" needs no two rows. `*` is every element or member,
 *          `**` any depth below, lists as their elements. `[name=text]` and `[name!=text]` keep
 *          the objects of which that member is, or is not, that text ("null": stated as
 *          null). "a | b" is the first that is there.
 *          "" is the value itself; a first "^" is the object that holds it, or holds the list that
 *          it is in: with items at /teams/jobs, "^/name" is the team's.
 *   xml, html  an XPath 1.0 expression; namespaces by the adapter's `namespaces`; "" is ".".
 * Inside `items` or `each`, places are relative to the item.
 *
 * Templates: "{name}" is replaced by a parameter of the source, a bound name, a paging
 * variable ({offset}, {page}, {cursor}, {limit}), {page_url} (the address that answered) or,
 * in fields and `detail`, by what the listing holds already ({native_id}, {url}, {title});
 * "{/pointer}" and, in xml and html, "{@xpath}" by a value of the current item (fields and
 * `detail`); several separated by " | " are alternatives. A value is percent-encoded in
 * `url` unless it stands at its very beginning, JSON-escaped in `body`, HTML-escaped in a
 * field row whose `as` begins with html, else as it is; "{name:raw}" inserts it without
 * escaping. "{name:need}": without it the whole text is nothing; without any of its values
 * a field's text is nothing in any case. "{{" is a brace.
 */

/*
 * One row of `fields`, of `bind` and of `where`: a value taken from a document. In this
 * order: `at`, `template` or `value`; then `as`, `split`, `match` and `map`. Several rows for
 * one field: places append, texts are joined by a blank line, elsewhere the first value stands.
 */
struct adapter_row {
    struct str to;       /* the listing's field, or the name to bind; see adapter_fields() */
    struct str at;       /* where the value is, relative to the item or to `each` */
    struct str each;     /* do this row for each of these; the values append */
    struct str template; /* text with {/pointer}s instead of `at` */
    struct str split;    /* after `as`: a value is as many as this text leaves between */
    struct str match;    /* PCRE2: keep only what it matches; its group 1, or the whole match; a
                            whole "{name}" is the parameter of that name */
    struct strs
        map; /* "from=to" pairs, ASCII case ignored; others stay as they are; "x=" drops it */
    struct strs as;      /* transforms in order: html, unescape, trim, epoch_ms, iso, ... */
    struct str is, not_; /* where: the value must equal / differ ("null" for absent or JSON null) */
    struct str value;    /* a constant */
    bool or_; /* an alternative: only if the row above, and the `or`s between, gave nothing */
    bool all; /* bind: every value (the step `for` it repeats), not the first alone */
};

struct adapter_rows {
    struct adapter_row *items;
    size_t n, cap;
};

struct adapter_paging {
    struct str kind;  /* none (default), offset, page, cursor, link, tree (every address at `at` is
                         one more page of the list: nested sitemaps) */
    int64_t first;    /* the first {offset} or {page}; default 0 */
    int64_t size;     /* {limit}; items a page should hold; 0: not known */
    bool by_received; /* offset advances by the items received, not by `size` */
    struct str at;    /* cursor, link, tree: where the next one is */
    struct str match; /* link, tree: PCRE2; only addresses that match are followed; or "{name}" */
    struct str total; /* where the advertised number of items is; empty: none */
    struct str
        total_from; /* "first" (default): the first page's word holds; "every": the newest page's */
    int64_t cap; /* the board never lists more than this: a list that reaches it is not proven; 0:
                    none */
    int64_t max_pages; /* a bound on our side; default 500 */
};

/* One request of an adapter. A later step may use what an earlier one bound. */
struct adapter_step {
    struct str name;
    /* repeat for each value of this bound name, which is {name} in the templates */
    struct str for_;
    struct str method; /* GET (default) or POST */
    struct str url;
    struct str body;
    struct strs headers; /* "Name: value" */
    /* json, json_in_html (an attribute or a script), jsonld (a list of the page's
     * JobPostings, each with "@page": {url, canonical}), sitemap ({urls: [{loc, lastmod}],
     * sitemaps: [...]}), xml, html; default json */
    struct str decode;
    struct str within; /* json_in_html: XPath of the attribute or element that holds the JSON */
    struct str after;  /* json_in_html: the JSON is the value behind this text in it: a script's
                          "window.jobs =" */
    struct str shape;  /* a place that must be there, else the document is not this board's */
    struct str whole;  /* PCRE2: what stands at the end of a page of the list that was not cut off,
                          where its form (HTML) would not show it */
    struct str tenant; /* a place whose value must equal the source's {tenant} parameter, where both
                          are there */
    struct str tenant_is; /* template; default "{tenant}" */
    struct str items; /* the listings; "." is the document itself; empty: the step only binds. In
                         `detail`: the posting; default the document */
    struct strs must; /* places that every item of this board has: others are not its items */
    struct adapter_rows bind;
    struct adapter_rows
        where; /* an item that fails one is no listing (unlisted, prospect) and is not counted */
    bool where_counts;   /* the advertised total counts the items that `where` drops */
    struct str group_by; /* items with the same value are one listing (one row a location); places
                            append */
    struct adapter_paging paging;
};

struct adapter_steps {
    struct adapter_step *items;
    size_t n, cap;
};

/* A sign that the board itself is gone, or that this is not the board's answer. */
struct adapter_sign {
    int64_t status;       /* 0: any */
    struct str final_url; /* PCRE2 on the URL after redirects */
    struct str phrase;    /* PCRE2 on the body */
};

struct adapter_signs {
    struct adapter_sign *items;
    size_t n, cap;
};

struct adapter_param {
    struct str name, help; /* the name is none that a template has anyway: page, offset, url ... */
    struct str default_;   /* empty and `required`: the source must give it */
    bool required;
    struct strs map;     /* detected: "from=to" as in a row; "x=" drops it */
    struct str detected; /* what `page_sign` means where it does not say */
};

struct adapter_params {
    struct adapter_param *items;
    size_t n, cap;
};

/*
 * A key that the operator keeps in a file of this name: "{secret:NAME}" in `url`, `body` and
 * `headers` of a step whose url begins with "https://" and a host that is written out. It is
 * never in a request's struct: the crawler fills it in, for that host alone.
 */
struct adapter_secret {
    struct str name, help;
};

struct adapter_secrets {
    struct adapter_secret *items;
    size_t n, cap;
};

struct adapter {
    struct str id, label, about;
    struct str
        variant_of;    /* id: another form of that kind's answers; `source try` knows it by both */
    struct str policy; /* default, opt-in, off */
    struct str why;    /* the permission or the reason, for people */
    struct str attribution; /* what must stand beside anything published from it */
    struct strs namespaces; /* "g=http://base.google.com/ns/1.0" */
    struct adapter_params params;
    struct adapter_secrets secrets;
    bool needs_permission;      /* a source is read only with a note of who allowed it */
    struct str url_param;       /* regex with named groups = params: `source detect` */
    struct str page_sign;       /* regex on a careers page whose own site is the board, {base}; its
                                   named groups are params, too */
    struct adapter_steps steps; /* none: the boards are known and not read; policy off, and why */
    struct str
        scope; /* whole (default): an item missing from a proven list is closed; window: never */
    struct str
        zero; /* proof (default) or ambiguous: whether an empty list proves that nothing is open */
    int64_t max_age_days;      /* window: a posting not seen for so long is expired; default 60 */
    struct adapter_signs gone; /* the board does not exist: outcome `gone` */
    struct adapter_signs
        not_board;              /* a challenge, a login page, another tenant: outcome `failed` */
    struct adapter_step detail; /* one request a listing; name empty: none */
    struct adapter_rows detail_fields;
    struct str detail_fields_of;      /* id: what they do not give is read by that adapter's */
    struct adapter_signs detail_gone; /* the posting is gone (404, 410, "no longer accepting") */
    struct str detail_when; /* PCRE2 on the title: details only for what could matter; empty: all */
    struct adapter_rows fields;
    struct strs api_hosts; /* hosts whose API the vendor documents as public: robots_exempt */
    struct str pace_group; /* template; empty: the host */
    int64_t gap_ms;        /* 0: the crawler's default */
    int64_t max_body_kib;  /* 0: the crawler's default */
    struct hash read_from; /* its file's bytes: while they stay, an answer is read as before */
};

/* A board to read. */
struct source {
    struct str key;  /* "greenhouse:phonepe": unique */
    struct strs was; /* the keys it had before: its history goes on */
    struct str adapter;
    struct str company;      /* the employer's name where the board does not state it */
    struct str policy;       /* default, opt-in, off */
    struct str confidence;   /* high, medium, low: that this is the employer's board */
    struct str learned_from; /* where the board was learned, for people */
    struct str why_added;    /* "list" or "hiring": panel entry (method.md) */
    struct str added;        /* date */
    struct str permission;   /* who allowed the reading, when and how, for people */
    struct strs params;      /* "token=phonepe" */
};

/* Where a listing's value may go, and which transforms exist: for errors, --help and the manual. */
struct adapter_word {
    const char *name, *help;
};
const struct adapter_word *adapter_fields(size_t *ret_n);
const struct adapter_word *adapter_transforms(size_t *ret_n);

/*
 * Judge an adapter: words known, pointers and XPaths and regexes well-formed, bound
 * names bound before use, each template's names known. ERR_CONFIG blames the value.
 */
int adapter_check(const struct adapter *ad, struct diag *d) MUST_USE;

/* That the source gives every required parameter of its adapter and no unknown one. ERR_CONFIG. */
int adapter_check_source(const struct adapter *ad, const struct source *s, struct diag *d) MUST_USE;

/* What tells two boards of one adapter apart, whatever they are called: the parameters, sorted, one
 * a line. */
struct str source_params(struct arena *a, const struct source *s);

#endif
