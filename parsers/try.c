#include "parsers/try.h"

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/detect.h"
#include "parsers/documents.h"
#include "parsers/page.h"

struct trial {
    struct filler f;
    const struct adapter_step *list;
    struct reading_items *out;
};

static const struct adapter_step *list_step(const struct adapter *ad)
{
    for (size_t i = ad->steps.n; i-- > 0;)
        if (ad->steps.items[i].items.n)
            return &ad->steps.items[i];
    return NULL;
}

static struct listing *find_id(struct reading_items *out, struct str id)
{
    for (size_t i = 0; id.n && i < out->n; i++)
        if (str_eq(out->items[i].listing.native_id, id))
            return &out->items[i].listing;
    return NULL;
}

static void add(struct trial *t, const struct listing *l)
{
    if (!find_id(t->out, l->native_id))
        *ARENA_PUSH(t->f.page, t->out) = (struct reading_item){ .listing = *l };
}

/* A bare array: a place on it would be asked of each element, and several pass for one posting. */
static bool is_list(struct trial *t, struct document *doc)
{
    struct node root = document_root(doc);
    struct nodes found = { 0 };
    struct diag ignored;

    if (!root.json || document_find(doc, t->f.page, root, STR(""), &found, &ignored))
        return false;
    return found.n != 1 || found.items[0].json != root.json;
}

/* The list itself, saved without what the answer has around it; its items must show their kind. */
static int take_bare_list(struct trial *t, struct document *doc, struct page *ret, struct diag *d)
{
    struct adapter_step bare = { .decode = t->list->decode,
                                 .items = STR("."),
                                 .must = t->list->must,
                                 .where = t->list->where,
                                 .group_by = t->list->group_by };

    int r = page_take(&t->f, &bare, doc, ret, d);

    return r || ret->items.n ? r : diag_fail(d, ERR_FORMAT, "no item shows its kind");
}

static int take_list(struct trial *t, struct str doc_bytes, struct diag *d)
{
    CLEANUP(document_close) struct document *doc = NULL;
    struct page page;
    int r = document_open(&doc, t->f.page, t->f.adapter, t->list, doc_bytes, t->f.page_url, d);

    for (size_t i = 0; !r && i < t->list->bind.n; i++) {
        struct strs all = { 0 };
        struct diag ignored;

        if (page_bind(&t->f, doc, &t->list->bind.items[i], t->f.page, &all, &ignored))
            continue; /* the document may be a posting of its own */
    }
    if (!r)
        r = page_take(&t->f, t->list, doc, &page, d);
    if (r == ERR_FORMAT && doc && t->list->must.n && is_list(t, doc)) {
        struct diag ignored;

        r = take_bare_list(t, doc, &page, &ignored);
    }
    for (size_t i = 0; !r && i < page.items.n; i++)
        add(t, &page.items.items[i].out.listing);
    return r;
}

/* A step before the list, whose answer only binds: nothing to print, but no stranger either. */
static bool is_binding(struct trial *t, struct str bytes)
{
    for (size_t i = 0; i < t->f.adapter->steps.n; i++) {
        const struct adapter_step *step = &t->f.adapter->steps.items[i];
        CLEANUP(document_close) struct document *doc = NULL;
        struct diag ignored;

        if (step->items.n || !step->shape.n)
            continue;
        if (!document_open(&doc, t->f.page, t->f.adapter, step, bytes, t->f.page_url, &ignored)
            && page_has_shape(&t->f, step, doc))
            return true;
    }
    return false;
}

/* Two titles of one job: the same, or one of them not stated. */
static bool may_be_same(const struct listing *l, const struct listing *own)
{
    return !own->native_id.n || !l->title.n || !own->title.n || str_eq_fold(l->title, own->title);
}

static struct listing *next_unread(struct reading_items *out, const struct listing *own)
{
    for (size_t i = 0; i < out->n; i++)
        if (!out->items[i].listing.text_read && may_be_same(&out->items[i].listing, own))
            return &out->items[i].listing;
    return NULL;
}

/* What a document of one posting says, by the list's rows where it is of their kind, then by the
 * detail's. */
static int alone(struct trial *t, struct document *doc, struct node posting, struct listing *ret,
                 struct diag *d)
{
    const struct adapter *ad = t->f.adapter;
    struct listing own = { 0 }, over = { 0 };
    int r = 0;

    if (!ad->detail.name.n || str_eq(ad->detail.decode, t->list->decode))
        r = filler_listing(&t->f, doc, posting, &ad->fields, &own, d);
    if (!r)
        r = filler_listing(&t->f, doc, posting, &ad->detail_fields, &over, d);
    if (r)
        return r;
    listing_overlay(&own, &over);
    if (!own.company.n)
        own.company = t->f.company;
    own.text_read = own.text.n > 0;
    *ret = own;
    return 0;
}

/* The listing that a posting's own page speaks of: by id, by address, or the next that has no text
 * and, where the page names an id, no other title. */
static struct listing *listed_as(struct trial *t, const struct adapter_step *step,
                                 const struct listing *own)
{
    struct listing *known = find_id(t->out, own->native_id);

    for (size_t i = 0; !known && own->url.n && i < t->out->n; i++)
        if (str_eq(t->out->items[i].listing.url, own->url))
            known = &t->out->items[i].listing;
    return known || step != &t->f.adapter->detail || !own->text.n ? known
                                                                  : next_unread(t->out, own);
}

static int take_posting(struct trial *t, const struct adapter_step *step, struct document *doc,
                        struct node posting, struct diag *d)
{
    struct listing own = { 0 }, *known;
    int r = alone(t, doc, posting, &own, d);

    if (r)
        return r;
    known = listed_as(t, step, &own);
    if (known && !known->text_read && own.text.n) {
        listing_overlay(known, &own);
        known->text_read = true;
        return 0;
    }
    if (known && str_eq(known->title, own.title))
        return 0;
    /* A posting's page may leave its id and its title to the list that led to it. */
    if (!(own.title.n || (step != t->list && own.text.n)) || (step == t->list && !own.native_id.n)
        || (step == t->list && !page_item_fits(&t->f, step, doc, posting)))
        return diag_fail(d, ERR_FORMAT, "neither a list nor a posting of a %.60s board",
                         str_cstr(t->f.page, t->f.adapter->id));
    *ARENA_PUSH(t->f.page, t->out) = (struct reading_item){ .listing = own };
    return 0;
}

static int take_single(struct trial *t, struct str bytes, struct diag *d)
{
    CLEANUP(document_close) struct document *doc = NULL;
    const struct adapter_step *step = t->f.adapter->detail.name.n ? &t->f.adapter->detail : t->list;
    struct nodes found = { 0 };
    int r = document_open(&doc, t->f.page, t->f.adapter, step, bytes, t->f.page_url, d);

    if (r)
        return r;
    if (step != t->list && !page_has_shape(&t->f, step, doc))
        return diag_fail(d, ERR_FORMAT, "neither a list nor a posting of a %.60s board",
                         str_cstr(t->f.page, t->f.adapter->id));
    if (step != t->list && step->items.n)
        r = document_find(doc, t->f.page, document_root(doc), step->items, &found, d);
    else if (is_list(t, doc))
        return diag_fail(d, ERR_FORMAT, "a list, but not of a %.60s board",
                         str_cstr(t->f.page, t->f.adapter->id));
    else
        *ARENA_PUSH(t->f.page, &found) = document_root(doc);
    for (size_t i = 0; i < found.n && !r; i++)
        r = take_posting(t, step, doc, found.items[i], d);
    if (!r && !found.n)
        return diag_fail(d, ERR_FORMAT, "the document holds no posting");
    return r;
}

/* Without an address the documents are taken for the API's own, where the adapter knows one. */
static void set_page(struct trial *t)
{
    struct str base = names_get(&t->f.names, STR("base"));

    if (!t->f.page_url.n && base.n)
        t->f.page_url = url_join(t->f.page, base, STR("/"));
}

static void set_params(struct trial *t, const struct adapter *ad)
{
    struct source found = { 0 };

    for (size_t i = 0; i < ad->params.n; i++)
        if (ad->params.items[i].default_.n)
            names_set(t->f.page, &t->f.names, ad->params.items[i].name,
                      ad->params.items[i].default_);
    if (t->f.page_url.n && detect_params(t->f.page, ad, t->f.page_url, &found))
        for (size_t i = 0; i < found.params.n; i++) {
            struct str value = found.params.items[i], name = str_cut(&value, '=');

            names_set(t->f.page, &t->f.names, name, value);
        }
    if (t->f.page_url.n && !names_get(&t->f.names, STR("base")).n) {
        struct str site = url_join(t->f.page, t->f.page_url, STR("/"));

        names_set(t->f.page, &t->f.names, STR("base"), str_slice(site, 0, site.n - (site.n > 0)));
    }
}

int adapter_try(const struct adapter *ad, struct str url, const struct str *docs, size_t n_docs,
                int64_t now, struct arena *a, struct reading_items *ret, struct diag *d)
{
    struct pattern_set *compiled = NULL;
    struct reading_items out = { 0 };
    struct trial t = {
        .f = { .adapter = ad, .page = a, .own = &compiled, .now = now, .page_url = url },
        .list = list_step(ad),
        .out = &out
    };
    int r = 0;

    if (!t.list)
        return diag_fail(d, ERR_CONFIG, "the adapter reads no list");
    set_params(&t, ad);
    set_page(&t);
    for (size_t i = 0; i < n_docs && !r; i++) {
        struct diag why = { 0 }, as_single = { 0 };

        r = take_list(&t, docs[i], &why);
        if (r == ERR_FORMAT
            && (take_single(&t, docs[i], &as_single) == 0 || is_binding(&t, docs[i])))
            r = 0;
        if (r == ERR_FORMAT && str_eq(ad->detail.decode, STR("jsonld")))
            why = as_single;
        if (r)
            diag_fail(d, r, "document %zu: %.400s", i + 1, why.text);
    }
    pattern_set_free(&compiled);
    if (!r)
        *ret = out;
    return r;
}
