#include "parsers/adapter.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/exchange.h"
#include "core/nearest.h"
#include "parsers/fill.h"
#include "parsers/page.h"

struct check {
    const struct adapter *ad;
    struct arena *a;
    struct names names; /* what a template may use by now */
    bool secrets;       /* a "{secret:NAME}" may stand here */
    struct diag *d;
};

static int unknown(struct check *c, const char *what, struct str got,
                   const struct adapter_word *words, size_t n)
{
    struct str *names = ARENA_NEW(c->a, struct str, n);
    int r = diag_blame(c->d, ERR_CONFIG, got.p, "unknown %s \"" STR_FMT "\"", what, STR_ARG(got));
    ptrdiff_t near;

    for (size_t i = 0; i < n; i++)
        names[i] = str_of(words[i].name);
    near = nearest_word(got, names, n);
    if (near >= 0)
        diag_hint(c->d, "did you mean \"%s\"?", words[near].name);
    return r;
}

static int check_word(struct check *c, const char *what, struct str got,
                      const struct adapter_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!got.n || str_eq(got, str_of(words[i].name)))
            return 0;
    return unknown(c, what, got, words, n);
}

static int check_place(struct check *c, struct str decode, struct str place)
{
    const char *fault = NULL;

    if (!place.n)
        return 0;
    fault = decode_is_markup(decode) ? xpath_fault(c->a, c->ad, place) : pointer_fault(place);
    return fault ? diag_blame(c->d, ERR_CONFIG, place.p, "%s: " STR_FMT, fault, STR_ARG(place)) : 0;
}

static int check_regex(struct check *c, struct str regex)
{
    CLEANUP(pattern_free) struct pattern *p = NULL;

    if (!regex.n)
        return 0;
    if (regex.n > 2 && regex.p[0] == '{' && regex.p[regex.n - 1] == '}')
        return names_get(&c->names, str_slice(regex, 1, regex.n - 1)).p
                   ? 0
                   : diag_blame(c->d, ERR_CONFIG, regex.p, "no parameter is named " STR_FMT,
                                STR_ARG(regex));
    return pattern_compile(&p, regex, 0, c->d);
}

/* `places`: whether "{/pointer}"s may stand here. */
static int check_template(struct check *c, struct str decode, struct str template, bool places)
{
    struct str rest = template;
    struct template_piece p;
    int r = 0;

    while (!r && template_next(&rest, &p)) {
        if (p.fault)
            return diag_blame(c->d, ERR_CONFIG, template.p, "%s: " STR_FMT, p.fault,
                              STR_ARG(template));
        if (!p.is_value)
            continue;
        if (template_is_secret(p.name)) {
            if (!c->secrets)
                return diag_blame(c->d, ERR_CONFIG, template.p,
                                  "a secret may stand in url, body and headers only: " STR_FMT,
                                  STR_ARG(template));
        } else if (!template_is_place(p.name)) {
            if (!names_get(&c->names, p.name).p)
                return diag_blame(c->d, ERR_CONFIG, template.p,
                                  "{" STR_FMT "} is no parameter and bound nowhere before",
                                  STR_ARG(p.name));
        } else if (!places) {
            return diag_blame(c->d, ERR_CONFIG, template.p, "no item is at hand for {" STR_FMT "}",
                              STR_ARG(p.name));
        } else {
            r = check_place(c, decode, p.name.p[0] == '@' ? str_from(p.name, 1) : p.name);
            if (r)
                c->d->about = template.p;
        }
    }
    return r;
}

static int check_secret(struct check *c, struct str template, struct str name)
{
    struct str key = str_from(name, STR("secret:").n);

    for (size_t i = 0; i < c->ad->secrets.n; i++)
        if (str_eq(c->ad->secrets.items[i].name, key))
            return 0;
    return diag_blame(c->d, ERR_CONFIG, template.p, "no secret is declared as \"" STR_FMT "\"",
                      STR_ARG(key));
}

/* Keys go nowhere but to a host that the adapter writes out, and never in the clear. */
static int check_secret_host(struct check *c, const struct adapter_step *step)
{
    struct str origin = template_origin(step->url);
    bool safe = str_starts(origin, STR("https://")) || str_starts(origin, STR("http://127.0.0.1:"));

    return safe ? 0
                : diag_blame(c->d, ERR_CONFIG, step->url.p,
                             "a step with a secret wants a url that begins with https:// and the "
                             "host written out: " STR_FMT,
                             STR_ARG(step->url));
}

static int check_secrets_of(struct check *c, const struct adapter_step *step, struct str text)
{
    struct str rest = text;
    struct template_piece p;
    int r = 0;

    while (!r && template_next(&rest, &p))
        if (p.is_value && !p.fault && template_is_secret(p.name)) {
            r = check_secret(c, text, p.name);
            if (!r)
                r = check_secret_host(c, step);
        }
    return r;
}

static int check_secret_names(struct check *c)
{
    const struct adapter_secrets *s = &c->ad->secrets;

    if (s->n > SECRETS_MAX)
        return diag_blame(c->d, ERR_LIMIT, c->ad->id.p, "more than %d secrets", SECRETS_MAX);
    for (size_t i = 0; i < s->n; i++) {
        struct str name = s->items[i].name;
        bool ok = name.n > 0 && name.n <= 64;

        for (size_t k = 0; k < name.n; k++)
            ok = ok && (ascii_is_alnum(name.p[k]) || name.p[k] == '_');
        if (!ok)
            return diag_blame(c->d, ERR_CONFIG, name.p,
                              "the name of a secret is letters, digits and _: \"" STR_FMT "\"",
                              STR_ARG(name));
    }
    return 0;
}

static int check_row(struct check *c, struct str decode, const struct adapter_row *row)
{
    size_t n;
    const struct adapter_word *words = adapter_transforms(&n);
    int r = check_place(c, decode, row->at);

    if (!r)
        r = check_place(c, decode, row->each);
    if (!r)
        r = check_template(c, decode, row->template, true);
    if (!r)
        r = check_regex(c, row->match);
    for (size_t i = 0; i < row->as.n && !r; i++)
        r = check_word(c, "transform", row->as.items[i], words, n);
    return r;
}

static int check_fields(struct check *c, struct str decode, const struct adapter_rows *rows)
{
    size_t n;
    const struct adapter_word *words = adapter_fields(&n);
    int r = 0;

    for (size_t i = 0; i < rows->n && !r; i++) {
        struct str to = rows->items[i].to;

        if (!to.n)
            return diag_blame(c->d, ERR_CONFIG, rows->items[i].at.p, "a row of fields wants `to`");
        r = check_word(c, "field", to, words, n);
        if (!r)
            r = check_row(c, decode, &rows->items[i]);
    }
    return r;
}

static int check_paging(struct check *c, const struct adapter_step *step)
{
    static const struct adapter_word kinds[] = {
        { "none", "" },   { "offset", "" }, { "page", "" },
        { "cursor", "" }, { "link", "" },   { "tree", "" }
    };
    static const struct adapter_word froms[] = { { "first", "" }, { "every", "" } };
    const struct adapter_paging *p = &step->paging;
    int r = check_word(c, "paging kind", p->kind, kinds, ARRAY_LEN(kinds));

    if (!r)
        r = check_word(c, "total_from", p->total_from, froms, ARRAY_LEN(froms));
    if (!r)
        r = check_place(c, step->decode, p->at);
    if (!r)
        r = check_place(c, step->decode, p->total);
    if (!r)
        r = check_regex(c, p->match);
    if (!r && !p->at.n
        && (str_eq(p->kind, STR("cursor")) || str_eq(p->kind, STR("link"))
            || str_eq(p->kind, STR("tree"))))
        r = diag_blame(c->d, ERR_CONFIG, p->kind.p, "paging " STR_FMT " wants `at`",
                       STR_ARG(p->kind));
    return r;
}

static int check_document(struct check *c, const struct adapter_step *step)
{
    static const struct adapter_word decodes[] = { { "json", "" },   { "json_in_html", "" },
                                                   { "jsonld", "" }, { "sitemap", "" },
                                                   { "xml", "" },    { "html", "" } };
    int r = check_word(c, "decode", step->decode, decodes, ARRAY_LEN(decodes));

    if (!r && str_eq(step->decode, STR("json_in_html")))
        r = step->within.n ? check_place(c, STR("html"), step->within)
                           : diag_blame(c->d, ERR_CONFIG, step->decode.p,
                                        "decode json_in_html wants `within`");
    if (!r)
        r = check_place(c, step->decode, step->shape);
    if (!r)
        r = check_regex(c, step->whole);
    if (!r)
        r = check_place(c, step->decode, step->tenant);
    if (!r)
        r = check_template(c, step->decode, step->tenant_is, false);
    if (!r)
        r = check_place(c, step->decode, step->items);
    for (size_t i = 0; i < step->must.n && !r; i++)
        r = check_place(c, step->decode, step->must.items[i]);
    return r;
}

static int check_step(struct check *c, const struct adapter_step *step, bool has_item,
                      struct str item_decode)
{
    int r = check_document(c, step);

    if (!step->url.n)
        return diag_blame(c->d, ERR_CONFIG, step->name.p, "a step wants `url`");
    c->secrets = true;
    if (!r)
        r = check_template(c, item_decode, step->url, has_item);
    if (!r)
        r = check_template(c, item_decode, step->body, has_item);
    c->secrets = false;
    if (!r)
        r = check_secrets_of(c, step, step->url);
    if (!r)
        r = check_secrets_of(c, step, step->body);
    for (size_t i = 0; i < step->headers.n && !r; i++)
        r = check_secrets_of(c, step, step->headers.items[i]);
    if (!r)
        r = check_paging(c, step);
    for (size_t i = 0; i < step->where.n && !r; i++)
        r = check_row(c, step->decode, &step->where.items[i]);
    for (size_t i = 0; i < step->bind.n && !r; i++) {
        r = check_row(c, step->decode, &step->bind.items[i]);
        names_set(c->a, &c->names, step->bind.items[i].to, STR(""));
    }
    return r;
}

static int check_steps(struct check *c, struct str *ret_decode)
{
    bool lists = false;
    int r = 0;

    for (size_t i = 0; i < c->ad->steps.n && !r; i++) {
        const struct adapter_step *step = &c->ad->steps.items[i];

        if (step->for_.n && !names_get(&c->names, step->for_).p)
            return diag_blame(c->d, ERR_CONFIG, step->for_.p, STR_FMT " is bound nowhere before",
                              STR_ARG(step->for_));
        r = check_step(c, step, false, step->decode);
        lists |= step->items.n > 0;
        if (step->items.n)
            *ret_decode = step->decode;
    }
    if (!r && !lists)
        return diag_blame(c->d, ERR_CONFIG, c->ad->id.p, "no step has `items`");
    return r;
}

static int check_signs(struct check *c, const struct adapter_signs *signs)
{
    int r = 0;

    for (size_t i = 0; i < signs->n && !r; i++) {
        r = check_regex(c, signs->items[i].final_url);
        if (!r)
            r = check_regex(c, signs->items[i].phrase);
    }
    return r;
}

static int check_detail(struct check *c, struct str list_decode)
{
    int r;

    if (!c->ad->detail.name.n)
        return c->ad->detail_fields.n
                   ? diag_blame(c->d, ERR_CONFIG, c->ad->id.p, "detail_fields without `detail`")
                   : 0;
    r = check_step(c, &c->ad->detail, true, list_decode);
    if (!r)
        r = check_fields(c, c->ad->detail.decode, &c->ad->detail_fields);
    if (!r)
        r = check_signs(c, &c->ad->detail_gone);
    return r ? r : check_regex(c, c->ad->detail_when);
}

static int check_words(struct check *c)
{
    static const struct adapter_word scopes[] = { { "whole", "" }, { "window", "" } };
    static const struct adapter_word zeros[] = { { "proof", "" }, { "ambiguous", "" } };
    static const struct adapter_word policies[] = { { "default", "" },
                                                    { "opt-in", "" },
                                                    { "off", "" } };
    int r = check_word(c, "scope", c->ad->scope, scopes, ARRAY_LEN(scopes));

    if (!r)
        r = check_word(c, "zero", c->ad->zero, zeros, ARRAY_LEN(zeros));
    return r ? r : check_word(c, "policy", c->ad->policy, policies, ARRAY_LEN(policies));
}

/* Names that a reading sets itself: of a page, and of an item. */
static const char *const page_names[] = { "offset", "page", "limit", "cursor" };
static const char *const item_names[] = { "page_url", "native_id", "url", "title" };

/* A parameter of such a name would be gone with the first page. */
static int check_params(struct check *c)
{
    for (size_t i = 0; i < c->ad->params.n; i++) {
        struct str name = c->ad->params.items[i].name;

        for (size_t k = 0; k < ARRAY_LEN(page_names); k++)
            if (str_eq(name, str_of(page_names[k])) || str_eq(name, str_of(item_names[k])))
                return diag_blame(c->d, ERR_CONFIG, name.p,
                                  "a parameter cannot be named " STR_FMT
                                  ": a reading sets it itself",
                                  STR_ARG(name));
        names_set(c->a, &c->names, name, STR(""));
    }
    return 0;
}

static int check_all(struct check *c)
{
    struct str list_decode = { 0 };
    int r = check_params(c);

    for (size_t i = 0; i < ARRAY_LEN(page_names); i++)
        names_set(c->a, &c->names, str_of(page_names[i]), STR(""));
    if (!r)
        r = check_words(c);
    if (!r)
        r = check_secret_names(c);
    if (!r)
        r = check_steps(c, &list_decode);
    for (size_t i = 0; i < ARRAY_LEN(item_names); i++)
        names_set(c->a, &c->names, str_of(item_names[i]), STR(""));
    if (!r)
        r = check_fields(c, list_decode, &c->ad->fields);
    if (!r && !rows_give(&c->ad->fields, "native_id"))
        r = diag_blame(c->d, ERR_CONFIG, c->ad->id.p, "no row of fields gives native_id");
    if (!r)
        r = check_detail(c, list_decode);
    if (!r)
        r = check_signs(c, &c->ad->gone);
    if (!r)
        r = check_signs(c, &c->ad->not_board);
    if (!r)
        r = check_template(c, list_decode, c->ad->pace_group, false);
    if (!r)
        r = check_regex(c, c->ad->page_sign);
    return r ? r : check_regex(c, c->ad->url_param);
}

/* Boards that are named and not read: such an adapter is nothing but its reason. */
static int check_refusal(struct check *c)
{
    int r = check_words(c);

    if (!r && !str_eq(c->ad->policy, STR("off")))
        r = diag_blame(c->d, ERR_CONFIG, c->ad->id.p,
                       "an adapter needs steps, or policy off and a reason");
    if (!r && !c->ad->why.n)
        r = diag_blame(c->d, ERR_CONFIG, c->ad->id.p, "without steps it must say why");
    return r ? r : check_regex(c, c->ad->url_param);
}

int adapter_check(const struct adapter *ad, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct check c = { .ad = ad, .a = &a, .d = d };

    return ad->steps.n ? check_all(&c) : check_refusal(&c);
}

static const struct adapter_param *find_param(const struct adapter *ad, struct str name)
{
    for (size_t i = 0; i < ad->params.n; i++)
        if (str_eq(ad->params.items[i].name, name))
            return &ad->params.items[i];
    return NULL;
}

int adapter_check_source(const struct adapter *ad, const struct source *s, struct diag *d)
{
    for (size_t i = 0; i < s->params.n; i++) {
        struct str value = s->params.items[i], name = str_cut(&value, '=');

        if (!find_param(ad, name))
            return diag_blame(d, ERR_CONFIG, s->params.items[i].p,
                              STR_FMT ": a " STR_FMT " board has no parameter " STR_FMT,
                              STR_ARG(s->key), STR_ARG(ad->id), STR_ARG(name));
    }
    for (size_t i = 0; i < ad->params.n; i++) {
        bool given = !ad->params.items[i].required;

        for (size_t k = 0; k < s->params.n && !given; k++) {
            struct str value = s->params.items[k], name = str_cut(&value, '=');

            given = str_eq(name, ad->params.items[i].name) && value.n;
        }
        if (!given)
            return diag_blame(d, ERR_CONFIG, s->key.p,
                              STR_FMT ": the parameter " STR_FMT " is missing", STR_ARG(s->key),
                              STR_ARG(ad->params.items[i].name));
    }
    return 0;
}

static int by_text(const void *l, const void *r)
{
    const struct str *a = l, *b = r;

    return str_cmp(*a, *b);
}

struct str source_params(struct arena *a, const struct source *s)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct str *sorted = ARENA_NEW(a, struct str, s->params.n + 1);

    for (size_t i = 0; i < s->params.n; i++)
        sorted[i] = s->params.items[i];
    if (s->params.n)
        qsort(sorted, s->params.n, sizeof(*sorted), by_text);
    for (size_t i = 0; i < s->params.n; i++) {
        if (i)
            buf_add_byte(&b, '\n');
        buf_add(&b, sorted[i]);
    }
    return buf_take(&b, a);
}
