#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "crawler/job.h"

enum {
    CONNECTIONS_MAX = 512, /* kept warm, where the process may open as many files */
    US_PER_MS = 1000,
    KIB = 1024,
};

static int start(struct fetch *f, struct job *j, int64_t now, struct diag *d)
{
    struct pace *p =
        j->group->pace.sent_us > j->own->pace.sent_us ? &j->group->pace : &j->own->pace;

    j->line.gap_required_ms = gate_gap_ms(f, j);
    j->line.gap_kept_ms = p->used ? (uint32_t)((now - p->sent_us) / US_PER_MS) : 0;
    j->line.at = fetch_now(f);
    j->start_us = now;
    j->max_body =
        j->robots_for
            ? ROBOTS_KEEP
            : (size_t)(j->req.max_body_kib ? j->req.max_body_kib : f->opt.max_body_kib) * KIB;
    j->easy = f->idle.n ? f->idle.items[--f->idle.n] : transfer_handle(&f->opt);
    if (!j->easy)
        return diag_fail(d, ERR_NET, "libcurl: no handle");
    transfer_prepare(j);
    j->group->pace.busy = j->own->pace.busy = true;
    j->flying_at = f->flying.n;
    *ARENA_PUSH(&f->mem, &f->flying) = j;
    if (curl_multi_add_handle(f->wire.multi, j->easy) != CURLM_OK)
        return diag_fail(d, ERR_NET, "libcurl: the handle was refused");
    return 0;
}

static bool is_full(const struct fetch *f)
{
    return f->flying.n >= f->opt.max_active || f->held >= (size_t)f->opt.max_held_kib * KIB;
}

/* Start what may go from one slot, or note what it waits for. */
static int start_slot(struct fetch *f, struct slot *s, int64_t now, struct diag *d)
{
    while (s->head) {
        struct job *j = s->head;
        int64_t when, own;
        int r;

        if (j->own->pace.busy) {
            queue_block(&f->queue, s);
            return 0;
        }
        r = gate_ask(f, j, d);
        if (r < 0)
            return r;
        if (r == GATE_REFUSED)
            continue;
        if (r == GATE_WAIT) {
            queue_block(&f->queue, s);
            return 0;
        }
        when = pace_due(&s->pace, gate_gap_ms(f, j));
        own = pace_due(&j->own->pace, gate_gap_ms(f, j));
        when = own > when ? own : when;
        if (when > now) {
            queue_wait(&f->queue, s, when);
            return 0;
        }
        return start(f, queue_pop(&f->queue, s), now, d);
    }
    return 0;
}

static int start_all(struct fetch *f, struct diag *d)
{
    int64_t now = wire_now_us();
    struct slot *s;
    int r = 0;

    while (!r && !is_full(f) && (s = queue_next(&f->queue, now)))
        r = start_slot(f, s, now, d);
    return r;
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Where a redirect leads; ERR_DENIED or ERR_LIMIT where it may not be followed. */
static int redirect_target(struct fetch *f, struct job *j, struct str location, struct str *ret,
                           struct diag *d)
{
    uint32_t max = j->robots_for ? ROBOTS_REDIRECTS : f->opt.max_redirects;
    struct url_parts to;
    int r;

    if (j->seen.n >= max)
        return diag_fail(d, ERR_LIMIT, "more than %u redirects", max);
    r = netguard_join(&j->mem, j->at.url, location, ret, d);
    if (!r)
        r = netguard_url(&j->mem, *ret, f->opt.allow_loopback, &to, d);
    if (!r)
        r = job_may_go(f, to.url, d);
    if (r)
        return r;
    if (j->at.secure && !to.secure)
        return diag_fail(d, ERR_DENIED, "a redirect from https to http");
    if (secret_stands_in(to.url) && !job_may_fill(j, to.origin))
        return diag_fail(d, ERR_DENIED, "a redirect would carry a key to another host");
    for (size_t i = 0; i < j->seen.n; i++)
        if (str_eq(j->seen.items[i], to.url))
            return diag_fail(d, ERR_LIMIT, "a redirect loop");
    if (str_eq(to.url, j->at.url) && (j->as_get || !str_eq(j->req.method, STR("POST"))))
        return diag_fail(d, ERR_LIMIT, "a redirect loop");
    if (j->answer.status >= 307 && j->req.body.n && !j->as_get && !str_eq(to.origin, j->at.origin))
        return diag_fail(d, ERR_DENIED, "a redirect would carry the body to another host");
    return 0;
}

/* Follow it, through the gates of where it leads; or end here with the reason. */
static int follow(struct fetch *f, struct job *j, struct str location, struct diag *d)
{
    struct str url;
    struct diag why = { 0 };
    int r;

    if (!location.n) {
        j->answer.outcome = ANSWER_FAILED;
        snprintf(j->answer.error, sizeof(j->answer.error), "a redirect without a Location");
        r = job_write_ledger(f, j, d);
        return r ? r : job_done(f, j, d);
    }
    r = redirect_target(f, j, location, &url, &why);
    if (r) {
        j->lost = r == ERR_LIMIT;
        j->answer.outcome = r == ERR_DENIED ? ANSWER_DENIED : ANSWER_FAILED;
        j->answer.body = (struct str){ 0 };
        snprintf(j->answer.error, sizeof(j->answer.error), "%.*s", (int)sizeof(j->answer.error) - 1,
                 why.text);
        r = job_write_ledger(f, j, d);
        return r ? r : job_done(f, j, d);
    }
    r = job_write_ledger(f, j, d);
    if (r)
        return r;
    *ARENA_PUSH(&j->mem, &j->seen) = j->at.url;
    j->as_get = j->as_get || j->answer.status < 307;
    j->line = (struct transfer){ 0 };
    r = job_aim(f, j, url, d); /* cannot fail: redirect_target() has asked the same */
    if (!r)
        queue_push_front(&f->queue, j);
    return r;
}

/* A job keeps its handle no longer than its transfer lasts; its answer may wait for a while. */
static void land(struct fetch *f, struct job *j)
{
    struct flying *l = &f->flying;

    curl_multi_remove_handle(f->wire.multi, j->easy);
    l->items[j->flying_at] = l->items[--l->n];
    l->items[j->flying_at]->flying_at = j->flying_at;
}

static void hand_back(struct fetch *f, struct job *j)
{
    *ARENA_PUSH(&f->mem, &f->idle) = transfer_release(j, &f->opt);
}

/* Whoever waited for the pace of these may be next. */
static void free_slots(struct fetch *f, const struct job *j, int64_t sent_us)
{
    j->group->pace = j->own->pace = (struct pace){ .used = true, .sent_us = sent_us };
    queue_wake(&f->queue, j->group);
    queue_wake(&f->queue, j->own);
    queue_unblock(&f->queue);
}

static int take_result(struct fetch *f, struct job *j, CURLcode result, struct diag *d)
{
    int64_t sent = transfer_sent_us(j);
    struct str location;
    bool retry;
    int r;

    transfer_finish(j, result, &retry);
    land(f, j);
    free_slots(f, j, sent);
    j->tries++;
    r = gate_learn(f, j, d);
    location = transfer_header(j, "Location");
    hand_back(f, j);
    if (r)
        return r;
    if (j->answer.outcome == ANSWER_OK && is_redirect(j->answer.status))
        return follow(f, j, location, d);
    r = job_write_ledger(f, j, d);
    if (r)
        return r;
    if (!retry || j->tries >= f->opt.max_tries)
        return job_done(f, j, d);
    j->line = (struct transfer){ 0 };
    queue_push_front(&f->queue, j);
    return 0;
}

static int reap(struct fetch *f, struct diag *d)
{
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(f->wire.multi, &left))) {
        CURLcode result = m->data.result;
        struct job *j = NULL;
        char *private = NULL;
        int r;

        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
        j = (struct job *)(void *)private;
        r = take_result(f, j, result, d);
        if (r)
            return r;
    }
    return 0;
}

static bool is_header_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\t')
            return false;
    return true;
}

/* A line break in a header would let an adapter or a stored validator write further ones. */
static int check_request(const struct request *r, struct diag *d)
{
    bool ok =
        is_header_text(r->etag) && is_header_text(r->last_modified) && r->n_headers <= HEADER_MAX;

    for (size_t i = 0; ok && i < r->n_headers; i++)
        ok = r->headers[i].name.n && is_header_text(r->headers[i].name)
             && is_header_text(r->headers[i].value);
    if (!ok)
        return diag_fail(d, ERR_USAGE, "request: " STR_FMT ": a header with a control character",
                         STR_ARG(r->url));
    if (!str_eq(r->method, STR("GET")) && !str_eq(r->method, STR("POST")))
        return diag_fail(d, ERR_USAGE, "request: " STR_FMT ": no such method: " STR_FMT,
                         STR_ARG(r->url), STR_ARG(r->method));
    return 0;
}

static bool holds(const struct request *r, struct arena *a, struct str name)
{
    struct str mark = str_printf(a, "{secret:" STR_FMT "}", STR_ARG(name));
    bool found = str_find(r->url, mark) >= 0 || str_find(r->body, mark) >= 0;

    for (size_t i = 0; i < r->n_headers; i++)
        found |= str_find(r->headers[i].value, mark) >= 0;
    return found;
}

/* Read the keys that stand in the request, and see that it goes where they belong. */
static int take_keys(const struct fetch *f, struct job *j, struct diag *d)
{
    struct url_parts home;
    int r = 0;

    for (size_t i = 0; i < j->req.n_secrets && !r; i++) {
        struct secret *key = &j->keys.items[j->keys.n];

        if (!holds(&j->req, &j->mem, j->req.secrets[i]))
            continue;
        key->name = j->req.secrets[i];
        r = secret_read(f->opt.secrets_dir, key->name, &j->mem, &key->value, d);
        j->keys.n += !r;
    }
    if (r || !j->keys.n)
        return r;
    r = netguard_url(&j->mem, j->req.secret_origin, f->opt.allow_loopback, &home, d);
    if (r)
        return r;
    j->keys_origin = home.origin;
    return job_may_fill(j, j->at.origin)
               ? 0
               : diag_fail(d, ERR_DENIED, "its key belongs to " STR_FMT, STR_ARG(home.origin));
}

static int submit(struct fetcher *face, const struct request *r, void *tag, struct diag *d)
{
    struct fetch *f = (struct fetch *)face;
    struct diag why = { 0 };
    struct job *j;
    int err = check_request(r, d);

    if (err)
        return err;
    j = job_new(f);
    j->tag = tag;
    job_copy_request(j, r);
    if (job_aim(f, j, j->req.url, &why) || take_keys(f, j, &why))
        return job_refuse(f, j, ANSWER_DENIED, why.text, d);
    queue_push_back(&f->queue, j);
    return 0;
}

static bool give(struct fetch *f, const struct answer **ret, void **ret_tag)
{
    struct job *j = f->done;

    if (!j)
        return false;
    f->done = j->next;
    f->n_done--;
    if (!f->done)
        f->done_tail = NULL;
    f->given = j;
    *ret = &j->answer;
    *ret_tag = j->tag;
    return true;
}

/* Start what may go, and take what came, until neither makes room for the other. */
static int turn(struct fetch *f, struct diag *d)
{
    int r;

    do {
        r = start_all(f, d);
        if (!r)
            r = wire_kick(&f->wire, d);
        if (!r)
            r = reap(f, d);
    } while (!r && f->queue.n_ready && !is_full(f));
    return r;
}

static int next(struct fetcher *face, const struct answer **ret, void **ret_tag, int timeout_ms,
                struct diag *d)
{
    struct fetch *f = (struct fetch *)face;
    int64_t deadline =
        timeout_ms < 0 ? PACE_NEVER : wire_now_us() + (int64_t)timeout_ms * US_PER_MS;
    /* Of several answers each may take its reader a while: hosts that answered meanwhile are asked
     * on before the next is given. */
    int seen = f->done ? wire_wait(&f->wire, 0, d) : 0;

    job_free(f, f->given);
    f->given = NULL;
    if (seen)
        return seen;
    for (bool looked = false;; looked = true) {
        int64_t due;
        int r = turn(f, d);

        if (r)
            return r;
        if (give(f, ret, ret_tag))
            return FETCH_ANSWER;
        if (!f->flying.n && !f->queue.n)
            return FETCH_IDLE;
        if (looked && wire_now_us() >= deadline)
            return FETCH_TIMEOUT;
        due = is_full(f) ? PACE_NEVER : queue_due_us(&f->queue);
        r = wire_wait(&f->wire, due < deadline ? due : deadline, d);
        if (r)
            return r;
    }
}

/* Where answers are read more slowly than they come, more requests only make a longer row of them.
 */
static size_t room(const struct fetcher *face)
{
    const struct fetch *f = (const struct fetch *)face;
    size_t taken = f->flying.n + f->queue.n_ready;

    if (is_full(f) || f->n_done >= f->opt.max_active)
        return 0;
    return taken >= f->opt.max_active ? 0 : f->opt.max_active - taken;
}

static void close_fetch(struct fetcher *face)
{
    struct fetch *f = (struct fetch *)face;

    while (f->flying.n) {
        struct job *j = f->flying.items[0];

        land(f, j);
        hand_back(f, j);
        job_free(f, j);
    }
    for (size_t i = 0; i < f->queue.all.n; i++)
        while (f->queue.all.items[i]->head)
            job_free(f, queue_pop(&f->queue, f->queue.all.items[i]));
    while (f->done) {
        struct job *j = f->done;

        f->done = j->next;
        job_free(f, j);
    }
    job_free(f, f->given);
    for (size_t i = 0; i < f->hosts.n; i++)
        arena_free(&f->hosts.items[i]->mem);
    for (size_t i = 0; i < f->idle.n; i++)
        curl_easy_cleanup(f->idle.items[i]);
    wire_close(&f->wire);
    arena_free(&f->mem);
    free(f);
    curl_global_cleanup();
}

static void set_default(uint32_t *value, uint32_t standard)
{
    if (!*value)
        *value = standard;
}

static void set_options(struct fetch *f, const struct fetch_options *opt)
{
    struct fetch_options *o = &f->opt;

    *o = *opt;
    o->user_agent = str_dup(&f->mem, opt->user_agent.n ? opt->user_agent : STR("roletide/0.1"));
    o->secrets_dir = opt->secrets_dir.n ? str_dup(&f->mem, opt->secrets_dir)
                                        : str_dup(&f->mem, str_of(getenv("CREDENTIALS_DIRECTORY")));
    o->ca_file = str_dup(&f->mem, opt->ca_file);
    o->contact = str_dup(&f->mem, opt->contact);
    set_default(&o->max_body_kib, 8192);
    set_default(&o->timeout_s, 60);
    set_default(&o->connect_timeout_s, 10);
    set_default(&o->stall_s, 15);
    set_default(&o->gap_ms, 1000);
    set_default(&o->max_crawl_delay_s, 30);
    set_default(&o->max_redirects, 5);
    set_default(&o->max_active, 32);
    set_default(&o->breaker_failures, 5);
    set_default(&o->breaker_s, 3600);
    set_default(&o->max_tries, 4);
    set_default(&o->max_held_kib, 16384);
}

/* As many as the process may open beside its files; with fewer, idle ones are closed. */
static long connections_max(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur > (rlim_t)2 * CONNECTIONS_MAX)
        return CONNECTIONS_MAX;
    return (long)files.rlim_cur / 2;
}

static int check_options(const struct fetch_options *opt, struct diag *d)
{
    if (!is_header_text(opt->user_agent) || !is_header_text(opt->contact))
        return diag_blame(d, ERR_CONFIG, opt->user_agent.p,
                          "user agent or contact: a control character");
    if (str_find_fold(opt->user_agent, STR("mozilla")) >= 0)
        return diag_blame(d, ERR_CONFIG, opt->user_agent.p,
                          "user agent: it must not imitate a browser");
    return 0;
}

int fetch_curl_open(struct fetcher **ret, const struct fetch_options *opt, struct diag *d)
{
    struct fetch *f;
    int r = check_options(opt, d);

    if (r)
        return r;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return diag_fail(d, ERR_NET, "libcurl: it cannot be initialised");
    f = calloc(1, sizeof(*f));
    if (!f) {
        curl_global_cleanup();
        return diag_fail(d, ERR_IO, "out of memory");
    }
    f->face = (struct fetcher){ submit, next, room, close_fetch };
    f->queue.mem = &f->mem;
    f->wire.epoll = -1;
    set_options(f, opt);
    f->always = transfer_headers(&f->mem, &f->opt);
    if (f->opt.ca_file.n && access(f->opt.ca_file.p, R_OK)) {
        r = diag_blame(d, ERR_CONFIG, opt->ca_file.p, "ca_file: %s: %s", f->opt.ca_file.p,
                       strerror(errno));
        close_fetch(&f->face);
        return r;
    }
    r = wire_open(&f->wire, d);
    if (r) {
        close_fetch(&f->face);
        return r;
    }
    curl_multi_setopt(f->wire.multi, CURLMOPT_MAXCONNECTS, connections_max());
    *ret = &f->face;
    return 0;
}
