#include "parsers/page.h"

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/hash.h"

bool rows_give(const struct adapter_rows *rows, const char *field)
{
    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(rows->items[i].to, str_of(field)))
            return true;
    return false;
}

bool page_has_shape(struct filler *f, const struct adapter_step *step, struct document *doc)
{
    return !step->shape.n || document_has(doc, f->page, document_root(doc), step->shape);
}

bool page_item_fits(struct filler *f, const struct adapter_step *step, struct document *doc,
                    struct node item)
{
    for (size_t i = 0; i < step->must.n; i++)
        if (!document_has(doc, f->page, item, step->must.items[i]))
            return false;
    return true;
}

static int check_tenant(struct filler *f, const struct adapter_step *step, struct document *doc,
                        struct diag *d)
{
    struct template_scope scope = { .names = &f->names };
    struct str want, got;

    if (!step->tenant.n)
        return 0;
    want = template_fill(f->page, step->tenant_is.n ? step->tenant_is : STR("{tenant}"),
                         TEMPLATE_RAW, &scope)
               .text;
    got = document_value(doc, f->page, document_root(doc), step->tenant);
    if (!want.n || !got.n || str_eq_fold(want, got))
        return 0;
    return diag_fail(d, ERR_FORMAT, "the board of another tenant: " STR_FMT ", not " STR_FMT,
                     STR_ARG(got), STR_ARG(want));
}

static int64_t total_of(struct filler *f, const struct adapter_step *step, struct document *doc)
{
    int64_t n;

    if (!step->paging.total.n
        || !str_int(document_value(doc, f->page, document_root(doc), step->paging.total), &n)
        || n < 0)
        return -1;
    return n;
}

static struct str hash_text(struct arena *a, struct hash h)
{
    char hex[HASH_HEX];

    hash_hex(h, hex);
    return str_dup(a, str_of(hex));
}

/* One more row of a listing that stands on several: its places append. */
static bool grouped(struct arena *a, struct page *page, struct str key, const struct listing *l,
                    struct strs *keys)
{
    for (size_t i = 0; key.n && i < keys->n; i++) {
        struct listing *first = &page->items.items[i].out.listing;

        if (!str_eq(keys->items[i], key))
            continue;
        for (size_t p = 0; p < l->places.n; p++)
            listing_add_place(a, &first->places, l->places.items[p]);
        return true;
    }
    *ARENA_PUSH(a, keys) = key;
    return false;
}

/* What a listing is made of on the way is the item's; what it is in the end lives in `page`. */
static int read_item(struct filler *f, const struct adapter_step *step, struct document *doc,
                     struct node node, struct arena *page, struct listing *ret, bool *ret_fits,
                     struct diag *d)
{
    struct listing l = { 0 };
    int r = filler_listing(f, doc, node, &f->adapter->fields, &l, d);

    if (r)
        return r;
    *ret_fits = l.native_id.n && (l.title.n || !rows_give(&f->adapter->fields, "title"))
                && page_item_fits(f, step, doc, node);
    if (!*ret_fits)
        return 0;
    *ret = listing_dup(page, &l);
    if (!ret->company.n)
        ret->company = f->company;
    ret->text_read = ret->text.n > 0 && !f->adapter->detail.name.n;
    return 0;
}

static int take_item(struct filler *f, const struct adapter_step *step, struct document *doc,
                     struct node node, struct arena *page, struct strs *keys, struct page *to,
                     struct diag *d)
{
    struct listing l;
    struct page_item *item;
    struct str key;
    bool yes;
    int r = filler_passes(f, doc, node, &step->where, &yes, d);

    if (r || !yes)
        return r;
    r = read_item(f, step, doc, node, page, &l, &yes, d);
    if (r)
        return r;
    if (!yes) {
        to->unfit++;
        return 0;
    }
    to->kept++;
    key = step->group_by.n ? str_dup(page, document_value(doc, f->page, node, step->group_by))
                           : STR("");
    if (grouped(page, to, key, &l, keys))
        return 0;
    item = ARENA_PUSH(page, &to->items);
    item->node = node;
    item->out.listing = l;
    item->out.listed = hash_text(page, node_hash(f->page, node));
    return 0;
}

int page_bind(struct filler *f, struct document *doc, const struct adapter_row *row,
              struct arena *keep, struct strs *ret, struct diag *d)
{
    struct strs found = { 0 };
    int r = filler_values(f, doc, document_root(doc), row, &found, d);

    if (r)
        return r;
    if (!found.n && !names_get(&f->names, row->to).n)
        return diag_fail(d, ERR_FORMAT, "the answer has no " STR_FMT, STR_ARG(row->to));
    for (size_t i = 0; i < found.n; i++)
        *ARENA_PUSH(keep, ret) = str_dup(keep, found.items[i]);
    if (!row->all && ret->n)
        names_set(keep, &f->names, row->to, ret->items[0]);
    return 0;
}

/* Each item has memory of its own while it is read: on a large page it adds up. */
static int take_items(struct filler *f, const struct adapter_step *step, struct document *doc,
                      const struct nodes *found, struct page *to, struct diag *d)
{
    CLEANUP(arena_free) struct arena own = ARENA_INIT;
    struct arena *page = f->page;
    struct strs keys = { 0 };
    int r = 0;

    f->page = &own;
    for (size_t i = 0; i < found->n && !r; i++) {
        r = take_item(f, step, doc, found->items[i], page, &keys, to, d);
        arena_reset(&own);
    }
    f->page = page;
    return r;
}

int page_take(struct filler *f, const struct adapter_step *step, struct document *doc,
              struct page *ret, struct diag *d)
{
    struct page page = { .total = total_of(f, step, doc) };
    struct nodes found;
    int r;

    if (!page_has_shape(f, step, doc))
        return diag_fail(d, ERR_FORMAT, "not an answer of a %.60s board: no " STR_FMT,
                         str_cstr(f->page, f->adapter->id), STR_ARG(step->shape));
    r = check_tenant(f, step, doc, d);
    if (!r)
        r = document_find(doc, f->page, document_root(doc), step->items, &found, d);
    if (r)
        return r;
    if (found.n > PAGE_ITEMS)
        return diag_fail(d, ERR_LIMIT, "more than %d items on a page", PAGE_ITEMS);
    page.raw = found.n;
    r = take_items(f, step, doc, &found, &page, d);
    if (!r && page.unfit && !page.items.n)
        return diag_fail(d, ERR_FORMAT, "not an answer of a %.60s board: none of %zu items fits",
                         str_cstr(f->page, f->adapter->id), page.raw);
    if (!r)
        *ret = page;
    return r;
}

int page_detail(struct filler *f, struct document *doc, struct node posting, struct listing *l,
                struct diag *d)
{
    struct listing over = { .native_id = l->native_id };
    int r = filler_listing(f, doc, posting, &f->adapter->detail_fields, &over, d);

    if (r)
        return r;
    if (!over.text.n)
        return diag_fail(d, ERR_FORMAT, "the detail has no text");
    listing_overlay(l, &over);
    l->text_read = true;
    if (!l->company.n)
        l->company = f->company;
    return 0;
}
