#include "cli/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "cli/due.h"
#include "cli/stop.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "core/hash.h"
#include "crawler/fetch.h"
#include "parsers/reading.h"
#include "parsers/title.h"

enum {
    JOB_AT_ONCE = 4,   /* requests of one reading handed to the fetcher at a time */
    OPEN_AT_ONCE = 16, /* readings begun before the network is looked at again */
    TICK_MS = 250,     /* between two commits, and between two lines of progress */
};

/* One source being read. */
struct job {
    struct job *next; /* ended, and not told yet */
    struct crawl *crawl;
    const struct source *source;
    const struct adapter *adapter;
    struct arena memory; /* what the reading was given, for as long as it lasts */
    struct reading *reading;
    const struct page_copy *copies; /* of its last proven list */
    size_t n_copies;
    int64_t id; /* of the reading in the store */
    unsigned outstanding;
    unsigned rehearsed; /* details asked for in a rehearsal */
    bool exhausted;     /* reading_next() said DONE */
    bool ended;
    bool stopped; /* by a signal or the run's limit: its board did nothing wrong */
    int64_t requests, bytes, started_ms;
    char error[200]; /* the first thing that went wrong, for the report */
    struct source_report report;
};

/* What comes back with an answer. */
struct ticket {
    struct job *job;
    uint32_t number;
};

struct crawl {
    struct cli *cli;
    struct store *store;
    struct fetcher *fetcher;
    struct titles *titles; /* to tell which details could add to the count */
    const struct crawl_watcher *watcher;
    const struct crawl_options *opt;
    struct crawl_totals totals;
    struct arena page; /* one answer's listings */
    struct job *jobs;
    size_t n_jobs, done;
    struct job *untold, **untold_tail; /* in order of their ends */
    int64_t last_tick_ms;
};

static int put_sources(struct cli *cli, struct store *s, struct diag *d)
{
    for (size_t i = 0; i < cli->config.sources.n; i++) {
        const struct source *src = &cli->config.sources.items[i];
        const struct adapter *ad = config_adapter(&cli->config, src->adapter);
        struct source_row row = {
            .key = src->key,
            .adapter = src->adapter,
            .company = src->company,
            .policy = src->policy,
            .attribution = ad ? ad->attribution : (struct str){ 0 },
            .why_added = src->why_added,
        };
        int r;

        (void)date_parse_iso(src->added, &row.added);
        r = store_put_source(s, &row, d);
        if (r)
            return r;
    }
    return 0;
}

static int load_host(void *ctx, struct str host, struct arena *a, struct host_state *ret,
                     struct diag *d)
{
    struct crawl *c = ctx;
    int r = store_get_host(c->store, host, a, ret, d);

    if (r == STORE_NONE) {
        *ret = (struct host_state){ .host = host };
        return 0;
    }
    return r;
}

static int save_host(void *ctx, const struct host_state *h, struct diag *d)
{
    struct crawl *c = ctx;

    return store_put_host(c->store, h, d);
}

static int ledger(void *ctx, const struct transfer *t, void *tag, struct diag *d)
{
    struct crawl *c = ctx;
    struct job *job = tag ? ((struct ticket *)tag)->job : NULL;
    bool sent = t->status || t->outcome == ANSWER_FAILED; /* else it was refused before */

    if (job) {
        job->requests += sent;
        job->bytes += t->bytes_wire;
    }
    c->totals.requests += sent;
    c->totals.bytes += t->bytes_wire;
    return store_put_transfer(c->store, job ? job->id : 0, t, d);
}

static int64_t crawl_now(void *ctx)
{
    struct crawl *c = ctx;

    return c->cli->now_given ? c->cli->now : stop_clock_s();
}

static int open_fetcher(struct crawl *c, struct diag *d)
{
    struct fetch_options opt = c->cli->config.settings.fetch;

    opt.allow_loopback = c->cli->allow_loopback;
    opt.ctx = c;
    opt.load_host = load_host;
    opt.save_host = save_host;
    opt.ledger = ledger;
    opt.now = crawl_now;
    return fetch_curl_open(&c->fetcher, &opt, d);
}

static bool owes_detail(void *ctx, struct str native_id, struct str listed)
{
    struct job *job = ctx;
    struct diag ignored = { 0 };

    if (job->crawl->opt->rehearsal)
        return !job->rehearsed++; /* one shows what all are like */
    return store_known(job->crawl->store, job->source->key, native_id, listed, &ignored)
           != STORE_SAME;
}

/* Of core or adjacent family by its title: its text could be counted. */
static bool could_count(void *ctx, struct str title)
{
    struct job *job = ctx;
    struct title_reading read;
    struct diag ignored = { 0 };

    return title_read(job->crawl->titles, title, &read, &ignored) == 0 && read.family != FAMILY_NO;
}

static int open_job(struct crawl *c, struct job *job, const struct source *src, struct diag *d)
{
    struct reading_options opt = { .now = c->cli->now,
                                   .owes_detail = owes_detail,
                                   .could_count = could_count,
                                   .ctx = job,
                                   .max_details = (uint32_t)c->cli->config.settings.board_details };
    struct stored_page *pages;
    struct page_copy *copies;
    int r;

    *job = (struct job){ .crawl = c, .source = src };
    job->adapter = config_adapter(&c->cli->config, src->adapter);
    job->started_ms = stop_monotonic_ms();
    if (c->opt->rehearsal)
        return reading_open(&job->reading, job->adapter, src, &opt, d);
    r = store_pages(c->store, src->key, &job->memory, &pages, &opt.n_pages, d);
    if (r)
        return r;
    copies = ARENA_NEW(&job->memory, struct page_copy, opt.n_pages + 1);
    for (size_t i = 0; i < opt.n_pages; i++)
        copies[i] = (struct page_copy){ .key = pages[i].key,
                                        .etag = pages[i].etag,
                                        .last_modified = pages[i].last_modified,
                                        .body_hash = pages[i].body_hash };
    opt.pages = job->copies = copies;
    job->n_copies = opt.n_pages;
    r = reading_open(&job->reading, job->adapter, src, &opt, d);
    if (r)
        return r;
    return store_begin_reading(c->store, src->key, c->cli->now, &job->id, d);
}

static void note(struct job *job, const char *why)
{
    if (!job->error[0])
        memcpy(job->error, why, strnlen(why, sizeof(job->error) - 1));
}

static void count_outcome(struct crawl_totals *t, enum reading_outcome o)
{
    switch (o) {
    case READ_COMPLETE:
        t->complete++;
        break;
    case READ_UNCHANGED:
        t->unchanged++;
        break;
    case READ_PARTIAL:
        t->partial++;
        break;
    case READ_GONE:
        t->gone++;
        break;
    case READ_FAILED:
        t->failed++;
        break;
    }
}

/* The copies that the store has already. */
static bool are_kept(const struct job *job, const struct reading_result *res)
{
    bool same = res->n_page_copies == job->n_copies;

    for (size_t i = 0; i < job->n_copies && same; i++) {
        const struct page_copy *a = &job->copies[i], *b = &res->page_copies[i];

        same = str_eq(a->key, b->key) && str_eq(a->etag, b->etag)
               && str_eq(a->last_modified, b->last_modified) && str_eq(a->body_hash, b->body_hash);
    }
    return same;
}

/* The verdict: what the reading proved becomes history with the next commit. */
static int end_job(struct job *job, struct diag *d)
{
    struct crawl *c = job->crawl;
    struct reading_result res = { 0 };
    struct source_report *report = &job->report;
    struct verdict_in in;
    struct stored_page *kept;
    int r;

    reading_result(job->reading, &res);
    if (job->stopped && res.outcome == READ_FAILED)
        res.outcome = READ_PARTIAL;
    kept = ARENA_NEW(&job->memory, struct stored_page, res.n_page_copies + 1);
    for (size_t i = 0; i < res.n_page_copies; i++)
        kept[i] = (struct stored_page){ .key = res.page_copies[i].key,
                                        .etag = res.page_copies[i].etag,
                                        .last_modified = res.page_copies[i].last_modified,
                                        .body_hash = res.page_copies[i].body_hash };
    *report = (struct source_report){
        .source = job->source->key,
        .outcome = reading_outcome_name(res.outcome),
        .proof = str_cstr(&job->memory, str_of(res.proof)),
        .error = res.error[0] ? str_cstr(&job->memory, str_of(res.error)) : job->error,
        .pages = res.pages,
        .advertised = res.advertised,
        .got = res.got,
        .texts_owed = res.details_owed,
        .requests = job->requests,
        .bytes = job->bytes,
        .ms = stop_monotonic_ms() - job->started_ms,
    };
    in = (struct verdict_in){
        .outcome = report->outcome,
        .proof = report->proof,
        .error = report->error,
        .pages = res.pages,
        .advertised = res.advertised,
        .got = res.got,
        .details_owed = res.details_owed,
        .requests = job->requests,
        .bytes = job->bytes,
        .ms = report->ms,
        .window = res.window,
        .zero_ambiguous = res.zero_ambiguous,
        .max_age_s = job->adapter->max_age_days * DAY_SECONDS,
        .ids = res.ids,
        .n_ids = (size_t)res.got,
        .pages_kept = kept,
        .n_pages_kept =
            res.outcome == READ_UNCHANGED && are_kept(job, &res) ? 0 : res.n_page_copies,
    };
    r = c->opt->rehearsal
            ? 0
            : store_end_reading(c->store, job->id, &in, c->cli->now, &report->verdict, d);
    if (r)
        return r;
    if (res.outcome == READ_UNCHANGED) /* it lists what it listed, and may not have been read */
        report->got = report->verdict.open;
    count_outcome(&c->totals, res.outcome);
    reading_close(&job->reading);
    job->ended = true;
    c->done++;
    *c->untold_tail = job;
    c->untold_tail = &job->next;
    return 0;
}

/* End a reading that waits for no answer and has nothing more to ask. */
static int settle(struct job *job, struct diag *d)
{
    return job->exhausted && !job->outstanding ? end_job(job, d) : 0;
}

/* Readings that end near each other share a commit; nobody hears of one before it is kept. */
static int commit(struct crawl *c, struct diag *d)
{
    int r = store_flush(c->store, d);

    for (struct job *job = c->untold; job && !r; job = job->next) {
        if (c->watcher->report)
            c->watcher->report(c->watcher->ctx, &job->report);
        arena_free(&job->memory);
    }
    c->untold = NULL;
    c->untold_tail = &c->untold;
    return r;
}

/* Hand the fetcher what the reading asks for next. */
static int pump(struct job *job, struct diag *d)
{
    while (!job->exhausted && job->outstanding < JOB_AT_ONCE) {
        struct request req = { 0 };
        struct ticket *t;
        uint32_t number = 0;
        int r = reading_next(job->reading, &req, &number, d);

        if (r == READING_WAIT)
            return 0;
        if (r == READING_DONE) {
            job->exhausted = true;
            return 0;
        }
        if (r < 0) { /* the board's own answer cannot be turned into a request */
            note(job, d->text);
            job->exhausted = true;
            return 0;
        }
        t = ARENA_NEW(&job->memory, struct ticket, 1);
        *t = (struct ticket){ job, number };
        r = job->crawl->fetcher->submit(job->crawl->fetcher, &req, t, d);
        if (r)
            return r;
        job->outstanding++;
    }
    return 0;
}

static int record(struct job *job, const struct reading_items *items, struct hash body,
                  struct diag *d)
{
    struct crawl *c = job->crawl;

    for (size_t i = 0; i < items->n; i++) {
        const struct reading_item *it = &items->items[i];
        int r;

        if (it->detail_gone)
            r = store_put_gone(c->store, job->id, job->source->key, it->listing.native_id,
                               it->gone_why, c->cli->now, d);
        else
            r = store_put_listing(c->store, job->id, job->source->key, &it->listing, it->listed,
                                  body, c->cli->now, d);
        if (r < 0)
            return r;
    }
    return 0;
}

static int take(struct crawl *c, const struct answer *answer, struct ticket *t, struct diag *d)
{
    struct reading_items items = { 0 };
    struct job *job = t->job;
    struct hash body = { 0 };
    int r;

    job->outstanding--;
    if (answer->outcome == ANSWER_OK && !c->opt->rehearsal) {
        body = hash_of(answer->body);
        r = store_put_body(c->store, job->id, answer->final_url, answer->body, c->cli->now, d);
        if (r < 0)
            return r;
    } else if (answer->outcome != ANSWER_OK && answer->error[0]) {
        note(job, answer->error);
    }
    arena_reset(&c->page);
    r = reading_take(job->reading, t->number, answer, &c->page, &items, d);
    if (r < 0)
        note(job, d->text); /* a bad page is the report's, not the run's */
    r = c->opt->rehearsal ? 0 : record(job, &items, body, d);
    if (!r)
        r = pump(job, d);
    return r ? r : settle(job, d);
}

static int tick(struct crawl *c, bool *ret_stop, int64_t started_ms, struct diag *d)
{
    int64_t now_ms = stop_monotonic_ms();
    struct crawl_progress p = { .sources = c->totals.sources,
                                .done = c->done,
                                .requests = c->totals.requests,
                                .elapsed_ms = now_ms - started_ms,
                                .asked = stop_state_asked() };

    if (stop_requested() || (c->opt->limit_s && now_ms - started_ms > c->opt->limit_s * 1000))
        *ret_stop = c->totals.stopped = true;
    if (now_ms - c->last_tick_ms < TICK_MS && !p.asked)
        return 0;
    c->last_tick_ms = now_ms;
    for (size_t i = 0; i < c->n_jobs; i++) {
        const struct job *job = &c->jobs[i];

        if (job->ended || !job->outstanding)
            continue;
        if (p.active < ACTIVE_SHOWN)
            p.first_active[p.active] = job->source->key;
        p.active++;
    }
    if (c->watcher->progress)
        c->watcher->progress(c->watcher->ctx, &p);
    return commit(c, d);
}

static int end_the_rest(struct crawl *c, struct diag *d)
{
    int r = 0;

    for (size_t i = 0; i < c->n_jobs && !r; i++) {
        struct job *job = &c->jobs[i];

        if (job->ended)
            continue;
        job->stopped = c->totals.stopped && !job->error[0];
        note(job, "stopped before it was read whole");
        r = end_job(job, d);
    }
    return r;
}

/* Begin as many readings as the network has room for, while those before them are on their way. */
static int open_some(struct crawl *c, const struct source_list *due, struct diag *d)
{
    size_t room = c->fetcher->room(c->fetcher);
    int r = 0;

    for (size_t i = 0; i < OPEN_AT_ONCE && i < room && c->n_jobs < due->n && !r; i++) {
        struct job *job = &c->jobs[c->n_jobs];

        r = open_job(c, job, due->items[c->n_jobs].source, d);
        if (r)
            return r;
        c->n_jobs++;
        r = pump(job, d);
        if (!r)
            r = settle(job, d);
    }
    return r;
}

static int loop(struct crawl *c, const struct source_list *due, struct diag *d)
{
    int64_t started_ms = stop_monotonic_ms();
    bool stop = false;
    int r = 0;

    while (!r && !stop && c->done < due->n) {
        const struct answer *answer = NULL;
        bool more;
        void *tag = NULL;

        r = open_some(c, due, d);
        if (r)
            return r;
        more = c->n_jobs < due->n && c->fetcher->room(c->fetcher);
        r = c->fetcher->next(c->fetcher, &answer, &tag, more ? 0 : TICK_MS, d);
        if (r == FETCH_ANSWER)
            r = take(c, answer, tag, d);
        else if (r == FETCH_IDLE)
            stop = c->n_jobs == due->n;
        if (r >= 0)
            r = tick(c, &stop, started_ms, d);
    }
    return r < 0 ? r : end_the_rest(c, d);
}

static void close_jobs(struct crawl *c)
{
    for (size_t i = 0; i < c->n_jobs; i++) {
        reading_close(&c->jobs[i].reading);
        arena_free(&c->jobs[i].memory);
    }
    fetcher_close(&c->fetcher);
    titles_free(&c->titles);
    arena_free(&c->page);
}

static void report_due(const struct crawl_watcher *w, const struct source_list *due)
{
    for (size_t i = 0; i < due->n; i++)
        if (w->report)
            w->report(w->ctx, &(struct source_report){ .source = due->items[i].source->key,
                                                       .why = due->items[i].why,
                                                       .outcome = "due",
                                                       .proof = "",
                                                       .error = "",
                                                       .advertised = -1 });
}

int pipeline_crawl(struct cli *cli, struct store *s, const struct crawl_options *opt,
                   const struct crawl_watcher *watcher, struct crawl_totals *ret, struct diag *d)
{
    struct crawl c = {
        .cli = cli, .store = s, .watcher = watcher, .opt = opt, .untold_tail = &c.untold
    };
    struct source_list due = { 0 };
    int r = due_sources(cli, s, opt, &due, d);

    if (r)
        return r;
    if (opt->dry_run) {
        report_due(watcher, &due);
        ret->sources = due.n;
        return 0;
    }
    r = put_sources(cli, s, d);
    c.totals.sources = due.n;
    c.jobs = ARENA_NEW(cli->run, struct job, due.n + 1);
    if (!r && due.n)
        r = titles_compile(&c.titles, cli->config.rules.titles.items, cli->config.rules.titles.n,
                           d);
    if (!r && due.n)
        r = open_fetcher(&c, d);
    if (!r && due.n)
        r = loop(&c, &due, d);
    if (!r)
        r = commit(&c, d);
    close_jobs(&c);
    *ret = c.totals;
    return r;
}
