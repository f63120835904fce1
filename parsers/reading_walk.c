/* The list of a reading: its pages in order, and what proves that they are all. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "core/hash.h"
#include "parsers/documents.h"
#include "parsers/reading_state.h"

enum { DEFAULT_MAX_PAGES = 500 };

void reading_trouble(struct reading *r, const char *fmt, ...)
{
    va_list ap;

    if (r->trouble[0])
        return;
    va_start(ap, fmt);
    vsnprintf(r->trouble, sizeof(r->trouble), fmt, ap);
    va_end(ap);
}

void idset_release(struct idset *s)
{
    free(s->slots);
    *s = (struct idset){ 0 };
}

static bool place_in(uint64_t *slots, size_t cap, uint64_t h)
{
    size_t i = h & (cap - 1);

    while (slots[i] && slots[i] != h)
        i = (i + 1) & (cap - 1);
    if (slots[i])
        return false;
    slots[i] = h;
    return true;
}

bool idset_add(struct idset *s, struct str id)
{
    uint64_t h = hash64_of(id) | 1; /* 0 marks an empty slot */

    if (s->n * 2 >= s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        uint64_t *slots = calloc(cap, sizeof(*slots));

        if (!slots)
            out_of_memory();
        for (size_t i = 0; i < s->cap; i++)
            if (s->slots[i])
                (void)place_in(slots, cap, s->slots[i]);
        free(s->slots);
        s->slots = slots;
        s->cap = cap;
    }
    if (!place_in(s->slots, s->cap, h))
        return false;
    s->n++;
    return true;
}

static struct str paging_kind(const struct adapter_step *step)
{
    return step->paging.kind.n ? step->paging.kind : STR("none");
}

static bool kind_is(const struct adapter_step *step, const char *kind)
{
    return str_eq(paging_kind(step), str_of(kind));
}

static void set_number(struct reading *r, struct str name, int64_t n)
{
    names_set(&r->own, &r->filler.names, name, str_of_int(&r->own, n));
}

/* Fill the ask of a step from the names, and from an item of `doc` where there is one. */
static int ask_fill(struct reading *r, struct document *doc, struct node item, struct ask *ask,
                    struct diag *d)
{
    struct template_scope names = { .names = &r->filler.names };
    struct template_scope scope = { &r->filler.names, doc, item };
    struct template_text url = template_fill(&r->own, ask->step->url, TEMPLATE_URL, &scope);
    struct template_text body = template_fill(&r->own, ask->step->body, TEMPLATE_JSON, &scope);
    struct str missing = url.missing.p ? url.missing : body.missing;

    if (missing.p)
        return diag_blame(d, ERR_CONFIG, ask->step->url.p, "no value for {" STR_FMT "} in " STR_FMT,
                          STR_ARG(missing), STR_ARG(ask->step->url));
    ask->url = url.text;
    ask->body = body.text;
    if (r->adapter->pace_group.n)
        ask->pace_group = template_fill(&r->own, r->adapter->pace_group, TEMPLATE_RAW, &names).text;
    return 0;
}

static struct str key_of(struct reading *r, const struct ask *ask)
{
    struct str method = ask->step->method.n ? ask->step->method : STR("GET");
    char hex[HASH_HEX] = "";
    const struct str parts[] = { method, STR(" "), ask->url, STR(" "), { hex, HASH_HEX - 1 } };

    if (ask->body.n)
        hash_hex(hash_of(ask->body), hex);
    return str_join(&r->own, parts, ask->body.n ? ARRAY_LEN(parts) : 3);
}

static void ask_put(struct reading *r, const struct ask *ask)
{
    struct ask *own = ARENA_NEW(&r->own, struct ask, 1);

    *own = *ask;
    own->number = (uint32_t)r->asks.n;
    *ARENA_PUSH(&r->own, &r->asks) = own;
}

static int ask_page(struct reading *r, struct str address, struct diag *d)
{
    const struct adapter_step *step = &r->adapter->steps.items[r->step];
    struct ask ask = { .kind = step->items.n ? ASK_LIST : ASK_BIND, .step = step };
    int e;

    set_number(r, STR("offset"), r->walk.offset);
    set_number(r, STR("page"), r->walk.page);
    set_number(r, STR("limit"), step->paging.size);
    e = ask_fill(r, NULL, (struct node){ 0 }, &ask, d);
    if (e)
        return e;
    if (address.n)
        ask.url = address;
    ask.key = key_of(r, &ask);
    copy_set_validators(r, &ask);
    ask_put(r, &ask);
    r->walk.asked++;
    return 0;
}

static void walk_release(struct walk *w)
{
    idset_release(&w->seen);
    idset_release(&w->addresses);
}

static int walk_start(struct reading *r, bool second, struct diag *d)
{
    const struct adapter_step *step = &r->adapter->steps.items[r->step];
    size_t ids_before = second ? r->walk.ids_before : r->ids.n;

    walk_release(&r->walk);
    r->walk = (struct walk){ .second = second,
                             .total = -1,
                             .offset = step->paging.first,
                             .page = step->paging.first,
                             .ids_before = ids_before };
    if (r->ids.n != ids_before) {
        r->ids.n = ids_before;
        idset_release(&r->known);
        for (size_t i = 0; i < r->ids.n; i++)
            (void)idset_add(&r->known, r->ids.items[i]);
    }
    names_set(&r->own, &r->filler.names, STR("cursor"), STR(""));
    return ask_page(r, (struct str){ 0 }, d);
}

static const struct strs *values_of(const struct reading *r, struct str name)
{
    for (size_t i = 0; i < r->lists.n; i++)
        if (str_eq(r->lists.items[i].name, name))
            return &r->lists.items[i].all;
    return NULL;
}

bool walk_all_same(const struct reading *r)
{
    return r->pages_ok && r->pages_same == r->pages_ok && (size_t)r->pages_ok >= r->opt.n_pages;
}

/* The list of the present step, for the present value of its `for`; or the next one's. */
int walk_begin(struct reading *r, struct diag *d)
{
    while (r->step < r->adapter->steps.n) {
        const struct adapter_step *step = &r->adapter->steps.items[r->step];
        const struct strs *values = step->for_.n ? values_of(r, step->for_) : NULL;

        if (!step->for_.n && r->for_at == 0)
            return walk_start(r, false, d);
        if (values && r->for_at < values->n) {
            names_set(&r->own, &r->filler.names, step->for_, values->items[r->for_at]);
            return walk_start(r, false, d);
        }
        r->step++;
        r->for_at = 0;
    }
    /* Some pages said "unchanged", some changed or are no more: the former's ids are not known. */
    if (r->pages_unread && !r->unconditional
        && !(r->pages_unread == r->pages_ok && walk_all_same(r))) {
        r->unconditional = true;
        r->step = r->for_at = r->ids.n = 0;
        r->pages_ok = r->pages_same = r->pages_unread = 0;
        idset_release(&r->known);
        return walk_begin(r, d);
    }
    r->lists_done = true;
    return 0;
}

int walk_next_list(struct reading *r, struct diag *d)
{
    r->lists_read += r->adapter->steps.items[r->step].items.n > 0;
    r->for_at++;
    return walk_begin(r, d);
}

/* No page is left to ask for. What was counted is held against what was advertised. */
static int walk_end(struct reading *r, struct diag *d)
{
    struct walk *w = &r->walk;
    const struct adapter_step *step = &r->adapter->steps.items[r->step];
    int64_t got = w->counted - w->repeats;
    bool differs = w->total >= 0 && got != w->total && !w->stopped;

    if (step->paging.cap && got >= step->paging.cap)
        reading_trouble(r, "the board lists no more than %lld, and that many came",
                        (long long)step->paging.cap);
    else if ((w->moved || differs) && w->pages > 1 && !w->second && !w->stopped)
        return walk_start(r, true, d);
    else if (differs)
        reading_trouble(r, "%lld of %lld advertised came", (long long)got, (long long)w->total);
    else if (w->moved)
        reading_trouble(r, "the list moved while it was read, twice");
    if (w->total >= 0)
        r->advertised = (r->advertised < 0 ? 0 : r->advertised) + w->total;
    return walk_next_list(r, d);
}

static int stop(struct reading *r, struct diag *d)
{
    r->walk.stopped = true;
    return walk_end(r, d);
}

/* Follow every address at paging.at that was not asked for yet. */
static int follow(struct reading *r, const struct adapter_step *step, struct document *doc,
                  size_t at_most, struct diag *d)
{
    struct adapter_row row = { .at = step->paging.at, .match = step->paging.match };
    struct nodes found;
    const struct pattern *p = NULL;
    int e = document_find(doc, r->filler.page, document_root(doc), row.at, &found, d);

    if (!e && row.match.n)
        e = filler_pattern(&r->filler, row.match, &p, d);
    for (size_t i = 0; i < found.n && !e && at_most; i++) {
        struct str v = str_trim(node_text(r->filler.page, found.items[i], false));
        struct str url = url_join(&r->own, r->filler.page_url, v);

        if (!url.n || (p && !pattern_matches(p, url)) || !idset_add(&r->walk.addresses, url))
            continue;
        e = ask_page(r, url, d);
        at_most--;
    }
    return e;
}

static bool over_page_limit(struct reading *r, const struct adapter_step *step)
{
    int64_t most = step->paging.max_pages ? step->paging.max_pages : DEFAULT_MAX_PAGES;

    if ((int64_t)r->walk.asked < most)
        return false;
    reading_trouble(r, "more than %lld pages", (long long)most);
    return true;
}

static int next_cursor(struct reading *r, const struct adapter_step *step, struct document *doc,
                       struct diag *d)
{
    struct str cursor =
        str_dup(&r->own, document_value(doc, r->filler.page, document_root(doc), step->paging.at));

    if (!cursor.n)
        return walk_end(r, d);
    if (!idset_add(&r->walk.addresses, cursor)) {
        reading_trouble(r, "the board repeats a page");
        return stop(r, d);
    }
    names_set(&r->own, &r->filler.names, STR("cursor"), cursor);
    return ask_page(r, (struct str){ 0 }, d);
}

/* After a page: the next one, or the end. */
static int go_on(struct reading *r, const struct adapter_step *step, struct document *doc,
                 const struct page *page, int64_t fresh, struct diag *d)
{
    struct walk *w = &r->walk;
    int64_t size = step->paging.size, received = (int64_t)page->raw;
    size_t asked = w->asked;
    int e;

    if (kind_is(step, "none"))
        return walk_end(r, d);
    if (received && !fresh && page->kept && w->pages > 1) {
        reading_trouble(r, "page %zu repeats what came before", w->pages);
        return stop(r, d);
    }
    if (kind_is(step, "tree")) {
        bool over = over_page_limit(r, step);
        e = over ? 0 : follow(r, step, doc, DEFAULT_MAX_PAGES, d);
        return e || r->walk.asked > w->pages ? e : walk_end(r, d);
    }
    if (over_page_limit(r, step))
        return stop(r, d);
    if (kind_is(step, "cursor"))
        return next_cursor(r, step, doc, d);
    if (kind_is(step, "link")) {
        e = follow(r, step, doc, 1, d);
        return e || w->asked > asked ? e : walk_end(r, d);
    }
    /* A page may hold fewer than were asked for: what it left out comes next. */
    w->offset += step->paging.by_received || !size || received < size ? received : size;
    w->page++;
    if (!received
        || (w->total >= 0 ? w->counted - w->repeats >= w->total : size && received < size))
        return walk_end(r, d);
    return ask_page(r, (struct str){ 0 }, d);
}

/*
 * A list of nothing but addresses and their dates (a sitemap) may leave them as they are whatever
 * becomes of the pages: each page is looked at once in so many days all the same.
 */
static bool is_doubted(const struct reading *r, const struct listing *l)
{
    enum { DAYS = 14 };

    return !l->title.n
           && hash_of(l->native_id).low % DAYS == (uint64_t)(r->opt.now / DAY_SECONDS) % DAYS;
}

static void ask_detail(struct reading *r, struct document *doc, const struct page_item *item)
{
    const struct listing *l = &item->out.listing;
    struct ask ask = { .kind = ASK_DETAIL, .step = &r->adapter->detail };
    const struct pattern *when;
    struct listing *listing;
    struct diag d;

    if (r->adapter->detail_when.n
        && (filler_pattern(&r->filler, r->adapter->detail_when, &when, &d)
            || !pattern_matches(when, l->title)))
        return;
    if (r->opt.owes_detail && !is_doubted(r, l)
        && !r->opt.owes_detail(r->opt.ctx, l->native_id, item->out.listed))
        return;
    if (!idset_add(&r->detailed, l->native_id))
        return;
    names_set(&r->own, &r->filler.names, STR("native_id"), str_dup(&r->own, l->native_id));
    names_set(&r->own, &r->filler.names, STR("url"), str_dup(&r->own, l->url));
    names_set(&r->own, &r->filler.names, STR("title"), str_dup(&r->own, l->title));
    if (ask_fill(r, doc, item->node, &ask, &d)) {
        r->details_owed++;
        return;
    }
    listing = ARENA_NEW(&r->own, struct listing, 1);
    *listing = listing_dup(&r->own, l);
    ask.listing = listing;
    ask.listed = str_dup(&r->own, item->out.listed);
    ask.could_count = r->opt.could_count && r->opt.could_count(r->opt.ctx, l->title);
    ask_put(r, &ask);
    r->n_first += ask.could_count;
}

/* The items of a page into the reading's ids and the caller's list; how many were new here. */
static int64_t keep_items(struct reading *r, struct document *doc, const struct page *page,
                          struct reading_items *ret)
{
    int64_t fresh = 0;

    for (size_t i = 0; i < page->items.n; i++) {
        const struct page_item *item = &page->items.items[i];
        struct str id = item->out.listing.native_id;

        if (!idset_add(&r->walk.seen, id)) {
            r->walk.repeats += r->walk.pages > 1;
            continue;
        }
        fresh++;
        if (idset_add(&r->known, id))
            *ARENA_PUSH(&r->own, &r->ids) = str_dup(&r->own, id);
        *ARENA_PUSH(r->filler.page, ret) = item->out;
        if (r->adapter->detail.name.n)
            ask_detail(r, doc, item);
    }
    return fresh;
}

static void count_page(struct reading *r, const struct adapter_step *step, const struct page *page,
                       int64_t fresh)
{
    struct walk *w = &r->walk;
    bool every = str_eq(step->paging.total_from, STR("every"));

    w->counted += (int64_t)(step->where_counts ? page->raw : page->kept);
    if (page->total >= 0 && (w->total < 0 || every)) {
        w->moved |= w->total >= 0 && w->total != page->total;
        w->total = page->total;
    }
    w->moved |= w->pages > 1 && fresh && fresh < (int64_t)page->items.n;
    if (page->unfit)
        reading_trouble(r, "page %zu: %zu items could not be read", w->pages, page->unfit);
}

static int bind(struct reading *r, const struct adapter_step *step, struct document *doc,
                struct diag *d)
{
    for (size_t i = 0; i < step->bind.n; i++) {
        const struct adapter_row *row = &step->bind.items[i];
        struct strs all = { 0 };
        int e = page_bind(&r->filler, doc, row, &r->own, &all, d);

        if (e)
            return e;
        if (row->all)
            *ARENA_PUSH(&r->own, &r->lists) = (struct values){ row->to, all };
    }
    return 0;
}

static int take_list(struct reading *r, struct ask *ask, struct document *doc,
                     const struct answer *answer, struct reading_items *ret, struct diag *d)
{
    struct page page;
    int64_t fresh;
    int e = page_has_shape(&r->filler, ask->step, doc) ? bind(r, ask->step, doc, d) : 0;

    if (!e)
        e = page_take(&r->filler, ask->step, doc, &page, d);
    if (e)
        return e;
    r->pages_ok++;
    r->walk.pages++;
    copy_keep(r, ask, answer);
    fresh = keep_items(r, doc, &page, ret);
    count_page(r, ask->step, &page, fresh);
    return go_on(r, ask->step, doc, &page, fresh, d);
}

bool signs_match(struct reading *r, const struct adapter_signs *signs, const struct answer *answer)
{
    for (size_t i = 0; i < signs->n; i++) {
        const struct adapter_sign *s = &signs->items[i];
        const struct pattern *p;
        struct diag d;

        if (s->status && s->status != answer->status)
            continue;
        if (s->final_url.n
            && (filler_pattern(&r->filler, s->final_url, &p, &d)
                || !pattern_matches(p, answer->final_url)))
            continue;
        if (s->phrase.n
            && (filler_pattern(&r->filler, s->phrase, &p, &d) || !pattern_matches(p, answer->body)))
            continue;
        return true;
    }
    return false;
}

/* HTML is read as far as it goes: a page that a server broke off looks like a shorter list. */
static bool was_cut_off(struct reading *r, const struct adapter_step *step, struct str body)
{
    const struct pattern *p;
    struct diag d;

    return step->whole.n
           && (filler_pattern(&r->filler, step->whole, &p, &d) || !pattern_matches(p, body));
}

/* A page that is no page: 0 with the reason noted, or what to parse. */
enum { USABLE = 1 };

static int refuse(struct reading *r, const struct ask *ask, const struct answer *answer)
{
    if (answer->outcome != ANSWER_OK) {
        reading_trouble(r, "page %zu: %s: %.120s", r->walk.pages + 1,
                        answer_outcome_name(answer->outcome), answer->error);
        return 0;
    }
    if (!r->pages_ok && signs_match(r, &r->adapter->gone, answer)) {
        r->gone = true;
        reading_trouble(r, "the board is gone: HTTP %d: %.120s", answer->status,
                        str_cstr(&r->own, ask->url));
        return 0;
    }
    if (signs_match(r, &r->adapter->not_board, answer)) {
        reading_trouble(r, "page %zu: not the board's answer but a challenge or another page",
                        r->walk.pages + 1);
        return 0;
    }
    if (answer->status < 200 || answer->status > 299) {
        reading_trouble(r, "page %zu: HTTP %d", r->walk.pages + 1, answer->status);
        return 0;
    }
    if (was_cut_off(r, ask->step, answer->body)) {
        reading_trouble(r, "page %zu: it ends too early", r->walk.pages + 1);
        return 0;
    }
    return USABLE;
}

/* After a page that failed: other branches of a tree go on, everything else ends here. */
static int go_on_without(struct reading *r, const struct adapter_step *step, struct diag *d)
{
    if (!step->items.n) {
        r->failed = r->lists_done = true;
        return 0;
    }
    r->walk.pages++;
    if (kind_is(step, "tree") && r->walk.asked > r->walk.pages)
        return 0;
    return stop(r, d);
}

/* The page is as it was, so all that was concluded of it stands. */
static int take_unread(struct reading *r, const struct ask *ask, const struct answer *answer,
                       struct reading_items *ret, struct diag *d)
{
    ret->as_kept = true;
    if (answer->outcome == ANSWER_OK)
        copy_keep(r, ask, answer);
    else
        copy_keep_unread(r, ask);
    r->pages_ok++;
    r->pages_unread++;
    r->walk.pages++;
    return walk_end(r, d);
}

int walk_take(struct reading *r, struct ask *ask, const struct answer *answer, struct arena *page,
              struct reading_items *ret, struct diag *d)
{
    const struct adapter_step *step = ask->step;
    CLEANUP(document_close) struct document *doc = NULL;
    struct diag then;
    int e;

    r->body_name[0] = '\0';
    if (answer->outcome == ANSWER_UNCHANGED)
        return take_unread(r, ask, answer, ret, d);
    if (refuse(r, ask, answer) != USABLE)
        return go_on_without(r, step, d);
    if (copy_is_whole_list(r, ask, answer))
        return take_unread(r, ask, answer, ret, d);
    r->filler.page = page;
    r->filler.page_url = answer->final_url.n ? answer->final_url : ask->url;
    e = document_open(&doc, page, r->adapter, step, answer->body, r->filler.page_url, d);
    if (!e && !step->items.n && !page_has_shape(&r->filler, step, doc))
        e = diag_fail(d, ERR_FORMAT, "no " STR_FMT, STR_ARG(step->shape));
    if (!e && !step->items.n) {
        e = bind(r, step, doc, d);
        if (!e)
            return walk_next_list(r, d);
    } else if (!e) {
        e = take_list(r, ask, doc, answer, ret, d);
    }
    if (!e)
        return 0;
    then = *d;
    diag_fail(d, e, "%.200s: %.260s", str_cstr(page, ask->url), then.text);
    reading_trouble(r, "%.190s", d->text);
    (void)go_on_without(r, step, &then);
    return e;
}
