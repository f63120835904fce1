#include "parsers/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/reading_state.h"

const char *reading_outcome_name(enum reading_outcome o)
{
    static const char *const names[] = { "failed", "partial", "complete", "unchanged", "gone" };

    return (size_t)o < ARRAY_LEN(names) ? names[o] : "?";
}

static void set_params(struct reading *r)
{
    for (size_t i = 0; i < r->adapter->params.n; i++)
        names_set(&r->own, &r->filler.names, r->adapter->params.items[i].name,
                  r->adapter->params.items[i].default_);
    for (size_t i = 0; i < r->source->params.n; i++) {
        struct str value = r->source->params.items[i], name = str_cut(&value, '=');

        names_set(&r->own, &r->filler.names, name, value);
    }
    for (size_t i = 0; i < r->adapter->secrets.n; i++) {
        struct str name =
            str_printf(&r->own, "secret:" STR_FMT, STR_ARG(r->adapter->secrets.items[i].name));

        names_set(&r->own, &r->filler.names, name,
                  str_printf(&r->own, "{" STR_FMT "}", STR_ARG(name)));
    }
}

static struct str host_of(struct str url)
{
    ptrdiff_t slashes = str_find(url, STR("//"));
    size_t n = 0;

    url = slashes < 0 ? url : str_from(url, (size_t)slashes + 2);
    while (n < url.n && url.p[n] != '/' && url.p[n] != '?' && url.p[n] != ':')
        n++;
    return str_slice(url, 0, n);
}

/* Which keys it may be given, and where: the host that the adapter itself writes. */
static void name_secrets(const struct adapter *ad, struct str step_url, struct request *q)
{
    for (size_t i = 0; i < ad->secrets.n && i < SECRETS_MAX; i++)
        q->secrets[q->n_secrets++] = ad->secrets.items[i].name;
    if (ad->secrets.n)
        q->secret_origin = template_origin(step_url);
}

struct request ask_request(const struct reading *r, const struct ask *ask)
{
    const struct adapter_step *step = ask->step;
    const struct adapter *ad = r->adapter;
    struct request q = { .method = step->method.n ? step->method : STR("GET"),
                         .url = ask->url,
                         .body = ask->body,
                         .pace_group = ask->pace_group,
                         .max_body_kib = (uint32_t)ad->max_body_kib,
                         .gap_ms = (uint32_t)ad->gap_ms };

    for (size_t i = 0; i < step->headers.n && i < HEADER_MAX; i++) {
        struct str value = step->headers.items[i], name = str_cut(&value, ':');

        q.headers[q.n_headers++] = (struct header){ str_trim(name), str_trim(value) };
    }
    for (size_t i = 0; i < ad->api_hosts.n; i++)
        q.robots_exempt |= str_eq_fold(ad->api_hosts.items[i], host_of(q.url));
    if (ask->copy) {
        q.etag = ask->copy->etag;
        q.last_modified = ask->copy->last_modified;
    }
    name_secrets(ad, step->url, &q);
    return q;
}

void reading_close(struct reading **reading)
{
    struct reading *r = *reading;

    if (!r)
        return;
    idset_release(&r->walk.seen);
    idset_release(&r->walk.addresses);
    idset_release(&r->known);
    idset_release(&r->detailed);
    pattern_set_free(&r->own_patterns);
    arena_free(&r->own);
    free(r);
    *reading = NULL;
}

int reading_open(struct reading **ret, const struct adapter *ad, const struct source *s,
                 const struct reading_options *opt, struct diag *d)
{
    CLEANUP(reading_close) struct reading *r = calloc(1, sizeof(*r));
    int e = adapter_check_source(ad, s, d);

    if (e)
        return e;
    if (!ad->steps.n)
        return diag_fail(d, ERR_DENIED, STR_FMT " boards are not read: " STR_FMT, STR_ARG(ad->id),
                         STR_ARG(ad->why));
    if (!r)
        out_of_memory();
    r->adapter = ad;
    r->source = s;
    r->opt = *opt;
    r->advertised = -1;
    r->filler = (struct filler){ .adapter = ad,
                                 .page = &r->own,
                                 .patterns = opt->patterns,
                                 .own = &r->own_patterns,
                                 .now = opt->now,
                                 .company = s->company };
    set_params(r);
    e = walk_begin(r, d);
    if (e)
        return e;
    *ret = r;
    r = NULL;
    return 0;
}

enum { DEFAULT_MAX_DETAILS = 2000 };

static bool details_are_spent(const struct reading *r)
{
    uint32_t most = r->opt.max_details ? r->opt.max_details : DEFAULT_MAX_DETAILS;

    return r->details_asked >= most;
}

/* List requests go before details, for they decide the outcome; then the details that could add to
 * the count. */
static struct ask *next_ask(struct reading *r)
{
    struct ask *detail = NULL;

    while (r->first_open < r->asks.n && r->asks.items[r->first_open]->state != ASK_QUEUED)
        r->first_open++;
    for (size_t i = r->first_open; i < r->asks.n; i++) {
        struct ask *ask = r->asks.items[i];

        if (ask->state != ASK_QUEUED)
            continue;
        if (ask->kind != ASK_DETAIL)
            return ask;
        if (!detail || (ask->could_count && !detail->could_count))
            detail = ask;
        if (r->lists_done && (detail->could_count || !r->n_first))
            break;
    }
    return details_are_spent(r) ? NULL : detail;
}

int reading_next(struct reading *r, struct request *ret, uint32_t *ret_ticket, struct diag *d)
{
    struct ask *ask = next_ask(r);

    (void)d;
    if (!ask)
        return r->n_sent ? READING_WAIT : READING_DONE;
    ask->state = ASK_SENT;
    r->n_sent++;
    r->details_asked += ask->kind == ASK_DETAIL;
    r->n_first -= ask->could_count;
    *ret = ask_request(r, ask);
    *ret_ticket = ask->number;
    return READING_REQUEST;
}

static bool detail_is_gone(struct reading *r, const struct answer *answer)
{
    if (answer->outcome != ANSWER_OK)
        return false;
    return answer->status == 404 || answer->status == 410
           || signs_match(r, &r->adapter->detail_gone, answer);
}

static int read_detail(struct reading *r, const struct ask *ask, const struct answer *answer,
                       struct arena *page, struct listing *l, struct diag *d)
{
    CLEANUP(document_close) struct document *doc = NULL;
    struct str url = answer->final_url.n ? answer->final_url : ask->url;
    struct nodes found = { 0 };
    struct node posting;
    int e;

    if (answer->outcome != ANSWER_OK)
        return diag_fail(d, ERR_NET, "%s: %.150s", answer_outcome_name(answer->outcome),
                         answer->error);
    if (answer->status < 200 || answer->status > 299)
        return diag_fail(d, ERR_NET, "HTTP %d", answer->status);
    r->filler.page = page;
    r->filler.page_url = url;
    e = document_open(&doc, page, r->adapter, ask->step, answer->body, url, d);
    if (e)
        return e;
    posting = document_root(doc);
    if (!page_has_shape(&r->filler, ask->step, doc))
        return diag_fail(d, ERR_FORMAT, "no " STR_FMT, STR_ARG(ask->step->shape));
    if (ask->step->items.n) {
        e = document_find(doc, page, posting, ask->step->items, &found, d);
        if (e || !found.n)
            return e ? e : diag_fail(d, ERR_FORMAT, "it holds no posting");
        posting = found.items[0];
    }
    return page_detail(&r->filler, doc, posting, l, d);
}

static int take_detail(struct reading *r, const struct ask *ask, const struct answer *answer,
                       struct arena *page, struct reading_items *ret, struct diag *d)
{
    struct reading_item item = { .listing = *ask->listing, .listed = ask->listed };
    struct diag why;
    int e;

    if (detail_is_gone(r, answer)) {
        r->details_gone++;
        item.detail_gone = true;
        item.gone_why = str_printf(page, "the posting's own page: HTTP %d", answer->status);
        *ARENA_PUSH(page, ret) = item;
        return 0;
    }
    e = read_detail(r, ask, answer, page, &item.listing, &why);
    if (e) {
        r->details_owed++;
        diag_fail(d, e, "%.200s: %.250s", str_cstr(page, ask->url), why.text);
        return e == ERR_NET ? 0 : e;
    }
    r->details_read++;
    *ARENA_PUSH(page, ret) = item;
    return 0;
}

int reading_take(struct reading *r, uint32_t ticket, const struct answer *answer,
                 struct arena *page, struct reading_items *ret, struct diag *d)
{
    struct ask *ask = ticket < r->asks.n ? r->asks.items[ticket] : NULL;

    if (!ask || ask->state != ASK_SENT)
        return diag_fail(d, ERR_USAGE, "no request %u is waiting for an answer", ticket);
    ask->state = ASK_ANSWERED;
    r->n_sent--;
    *ret = (struct reading_items){ 0 };
    if (ask->kind == ASK_DETAIL)
        return take_detail(r, ask, answer, page, ret, d);
    return walk_take(r, ask, answer, page, ret, d);
}

static enum reading_outcome outcome_of(const struct reading *r)
{
    if (r->gone)
        return READ_GONE;
    if (r->failed || (r->trouble[0] && !r->pages_ok))
        return READ_FAILED;
    if (r->trouble[0] || !r->lists_done)
        return r->pages_ok ? READ_PARTIAL : READ_FAILED;
    return walk_all_same(r) ? READ_UNCHANGED : READ_COMPLETE;
}

static void say_proof(const struct reading *r, struct reading_result *res)
{
    char of[40] = "", owed[48] = "";

    if (r->advertised >= 0)
        snprintf(of, sizeof(of), ", %lld advertised", (long long)r->advertised);
    if (res->details_owed)
        snprintf(owed, sizeof(owed), "; texts not read yet: %lld", (long long)res->details_owed);
    if (res->outcome == READ_UNCHANGED)
        snprintf(res->proof, sizeof(res->proof), "%lld of %lld pages as they were%s%s",
                 (long long)r->pages_same, (long long)r->pages_ok, of,
                 r->pages_unread == r->pages_ok ? ", not read again" : "");
    else if (res->outcome == READ_COMPLETE)
        snprintf(res->proof, sizeof(res->proof), "%lld pages to the natural end, %zu listed%s%s%s",
                 (long long)r->pages_ok, r->ids.n, of,
                 res->window ? "; a window: absence proves nothing" : "", owed);
    else
        snprintf(res->error, sizeof(res->error), "%s",
                 r->trouble[0] ? r->trouble : "stopped before the end of the list");
}

/* Asked for in vain, beyond the budget, or not answered when the reading was stopped. */
static int64_t details_owed(const struct reading *r)
{
    int64_t owed = r->details_owed;

    for (size_t i = 0; i < r->asks.n; i++)
        owed += r->asks.items[i]->kind == ASK_DETAIL && r->asks.items[i]->state != ASK_ANSWERED;
    return owed;
}

void reading_result(const struct reading *r, struct reading_result *ret)
{
    struct reading_result res = {
        .outcome = outcome_of(r),
        .window = str_eq(r->adapter->scope, STR("window")),
        .pages = r->pages_ok,
        .advertised = r->advertised,
        .got = (int64_t)r->ids.n,
        .details_asked = r->details_asked,
        .details_read = r->details_read,
        .details_owed = details_owed(r),
        .ids = r->ids.items,
        .page_copies = r->copies.items,
        /* Listed and gone: whether it stays so is asked again, however little the list moves. */
        .n_page_copies = r->details_gone ? 0 : r->copies.n,
    };

    res.zero_ambiguous =
        res.outcome == READ_COMPLETE && !res.got && str_eq(r->adapter->zero, STR("ambiguous"));
    say_proof(r, &res);
    *ret = res;
}
