#include "cli/crawl_job.h"

#include <stdlib.h>
#include <string.h>

#include "cli/crawl_plan.h"
#include "cli/due.h"
#include "cli/sources_record.h"
#include "cli/stop.h"
#include "config/check.h"
#include "core/cleanup.h"
#include "core/date.h"

enum {
    OPEN_AT_ONCE = 16,        /* readings begun before the network is looked at again */
    CATCH_UP_AT_ONCE = 8,     /* and listings recorded */
    CLOCK_BACK_S = 24 * 3600, /* a step back of less is taken for one of setting it */
    TICK_MS = 250, /* between two commits, two lines of progress, two looks at the signals */
};

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
        c->hosts.items[job->host].requests += sent;
        job->refused = trouble_of_refusal(t->robots);
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
    opt.never = never_read;
    opt.ctx = c;
    opt.load_host = load_host;
    opt.save_host = save_host;
    opt.ledger = ledger;
    opt.now = crawl_now;
    return fetch_curl_open(&c->fetcher, &opt, d);
}

/* Readings that end near each other share a commit; nobody hears of one before it is kept. */
static int commit(struct crawl *c, struct diag *d)
{
    int r = store_flush(c->store, d);

    while (c->untold) {
        struct job *job = c->untold;

        if (!r && c->watcher->report)
            c->watcher->report(c->watcher->ctx, &job->report);
        arena_free(&job->memory);
        c->untold = job->next;
        job->next = c->spare;
        c->spare = job;
    }
    c->untold_tail = &c->untold;
    return r;
}

/* A place for one more that is being read. */
static struct job *new_job(struct crawl *c)
{
    struct job *job = c->spare;

    if (!job)
        return ARENA_NEW(c->cli->run, struct job, 1);
    c->spare = job->next;
    return job;
}

/* Record some of what was put off. */
static int catch_up(struct crawl *c, struct diag *d)
{
    struct job *job = c->late;
    int r = job_catch_up(job, CATCH_UP_AT_ONCE, d);

    return r ? r : job_settle(job, d);
}

/* Who waits for an answer, and where. */
static void count_active(struct crawl *c, struct crawl_progress *p)
{
    crawl_hosts_rest(&c->hosts);
    for (const struct job *job = c->jobs; job; job = job->after) {
        if (!job->outstanding)
            continue;
        crawl_host_waits(&c->hosts.items[job->host], job->source->key);
        p->active++;
    }
    p->hosts = c->hosts.items;
    p->n_hosts = c->hosts.n;
}

static int tick(struct crawl *c, bool *ret_stop, int64_t started_ms, struct diag *d)
{
    int64_t now_ms = stop_monotonic_ms();
    struct crawl_progress p = { .sources = c->totals.sources,
                                .done = c->done,
                                .requests = c->totals.requests,
                                .elapsed_ms = now_ms - started_ms };
    int r;

    if (now_ms - c->last_tick_ms < TICK_MS)
        return 0;
    c->last_tick_ms = now_ms;
    p.asked = stop_state_asked();
    if (stop_requested() || (c->opt->limit_s && now_ms - started_ms > c->opt->limit_s * 1000))
        *ret_stop = c->totals.stopped = true;
    r = commit(c, d); /* whose lines go above those of what is under way */
    count_active(c, &p);
    if (!r && c->watcher->progress)
        c->watcher->progress(c->watcher->ctx, &p);
    return r;
}

static int end_the_rest(struct crawl *c, struct diag *d)
{
    struct job *job;
    int r = 0;

    while (!r && (job = c->jobs)) {
        r = job_catch_up(job, SIZE_MAX, d);
        if (r)
            return r;
        job->stopped = c->totals.stopped && !job->error[0];
        job_note(job, TROUBLE_STOPPED, "stopped before it was read whole");
        r = job_end(job, d);
    }
    return r;
}

/*
 * Neighbours in a list are often at one host, which is asked once at a time: steps of the golden
 * section through the list come by all hosts early. A step that shares no divisor with n comes by
 * each place once.
 */
static size_t step_through(size_t n)
{
    size_t step = (size_t)((double)n * 0.618) | 1, a, b;

    for (;; step += 2) {
        for (a = n, b = step; b;) {
            size_t rest = a % b;

            a = b;
            b = rest;
        }
        if (a == 1)
            return step;
    }
}

/* Begin as many readings as the network has room for, while those before them are on their way. */
static int open_some(struct crawl *c, const struct source_list *due, struct diag *d)
{
    size_t room = c->fetcher->room(c->fetcher);
    int r = 0;

    for (size_t i = 0; i < OPEN_AT_ONCE && i < room && c->begun < due->n && !r; i++) {
        struct job *job = new_job(c);

        r = job_begin(c, job, due->items[c->begun++ * c->step % due->n].source, d);
        if (!r)
            r = job_ask(job, d);
        if (!r)
            r = job_settle(job, d);
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
        more = c->begun < due->n && c->fetcher->room(c->fetcher);
        r = c->fetcher->next(c->fetcher, &answer, &tag, more || c->late ? 0 : TICK_MS, d);
        if (r == FETCH_ANSWER)
            r = job_take(((struct ticket *)tag)->job, ((struct ticket *)tag)->number, answer, d);
        else if (r > 0 && c->late)
            r = catch_up(c, d);
        else if (r == FETCH_IDLE)
            stop = c->begun == due->n;
        if (r >= 0)
            r = tick(c, &stop, started_ms, d);
    }
    return r < 0 ? r : end_the_rest(c, d);
}

/* After an error some are still being read. */
static void close_jobs(struct crawl *c)
{
    for (struct job *job = c->jobs; job; job = job->after) {
        reading_close(&job->reading);
        arena_free(&job->memory);
        arena_free(&job->late.page);
    }
    fetcher_close(&c->fetcher);
    titles_free(&c->titles);
    pattern_set_free(&c->patterns);
    arena_free(&c->page);
}

/* What is read under a clock that went back would be dated before what was read already. */
static int check_clock(struct cli *cli, struct store *s, struct diag *d)
{
    char now[DATE_TEXT], last[DATE_TEXT];
    struct store_facts about = { 0 };
    int r = s ? store_about(s, cli->run, &about, d) : 0;

    if (r || about.last_run - CLOCK_BACK_S <= cli->now)
        return r;
    date_format_iso(cli->now, now);
    date_format_iso(about.last_run, last);
    diag_fail(d, ERR_IO, "clock: it is %s, but boards were read at %s already", now, last);
    diag_hint(d, "set the clock; if it was ahead then, put back a copy that `roletide backup` made "
                 "before");
    return ERR_IO;
}

/* What the store knows of all sources is only needed until it is known which are due. */
static int find_due(struct cli *cli, struct store *s, const struct crawl_options *opt,
                    struct source_list *ret, struct diag *d)
{
    CLEANUP(arena_free) struct arena own = ARENA_INIT;
    struct source_states known = { 0 };
    int r = 0;

    if (!opt->dry_run)
        r = sources_record(cli, s, &own, &known, d);
    else if (s)
        r = store_sources(s, &own, &known.items, &known.n, d);
    return r ? r : due_sources(cli, s, &known, opt, ret, d);
}

int pipeline_crawl(struct cli *cli, struct store *s, const struct crawl_options *opt,
                   const struct crawl_watcher *watcher, struct crawl_totals *ret, struct diag *d)
{
    struct crawl c = { .cli = cli,
                       .store = s,
                       .watcher = watcher,
                       .opt = opt,
                       .hosts.memory = cli->run,
                       .untold_tail = &c.untold,
                       .late_tail = &c.late };
    struct source_list due = { 0 };
    int r = check_clock(cli, s, d);

    if (!r)
        r = find_due(cli, s, opt, &due, d);
    if (r)
        return r;
    if (opt->dry_run) {
        ret->sources = due.n;
        return crawl_plan(cli, s, &due, watcher, d);
    }
    c.totals.sources = due.n;
    c.patterns = pattern_set_new();
    c.step = due.n ? step_through(due.n) : 0;
    if (due.n)
        r = open_fetcher(&c, d);
    if (!r && due.n)
        r = loop(&c, &due, d);
    if (!r)
        r = commit(&c, d);
    close_jobs(&c);
    *ret = c.totals;
    return r;
}
