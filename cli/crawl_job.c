#include "cli/crawl_job.h"

#include <stdlib.h>
#include <string.h>

#include "cli/stop.h"
#include "core/cleanup.h"
#include "core/date.h"

enum {
    RECORD_AT_ONCE = 8, /* listings; of more, the rest waits until the network is quiet */
    LATE_MAX = 32,      /* answers of which some are not recorded yet */
    JOB_AT_ONCE = 4,    /* requests of one reading handed to the fetcher at a time */
};

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
    struct crawl *c = ((struct job *)ctx)->crawl;
    const struct rule_set *rules = &c->cli->config.rules;
    struct title_reading read;
    struct diag ignored = { 0 };

    if (!c->titles
        && titles_compile(&c->titles, rules->titles.items, rules->titles.n, &ignored)) /* proven */
        return true;
    return title_read(c->titles, title, &read, &ignored) == 0 && read.family != FAMILY_NO;
}

int job_begin(struct crawl *c, struct job *job, const struct source *src, struct diag *d)
{
    struct reading_options opt = { .now = c->cli->now,
                                   .owes_detail = owes_detail,
                                   .could_count = could_count,
                                   .ctx = job,
                                   .patterns = c->patterns,
                                   .max_details = (uint32_t)c->cli->config.settings.board_details };
    struct stored_page *pages;
    struct page_copy *copies;
    int r;

    *job = (struct job){ .crawl = c, .source = src, .host = NO_HOST, .before = c->newest };
    *(c->newest ? &c->newest->after : &c->jobs) = job;
    c->newest = job;
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

void job_note(struct job *job, enum trouble trouble, const char *why)
{
    if (!job->trouble)
        job->trouble = trouble;
    if (!job->error[0])
        memcpy(job->error, why, strnlen(why, sizeof(job->error) - 1));
}

/* What an answer that is none, or a server's own failure, says of its source. */
static void note_answer(struct job *job, const struct answer *answer)
{
    enum trouble trouble = trouble_of_answer(answer, job->refused);

    if (answer->error[0])
        job_note(job, trouble, answer->error);
    else if (!job->trouble)
        job->trouble = trouble;
}

static enum trouble trouble_of(const struct job *job, const struct reading_result *res)
{
    if (res->outcome == READ_GONE)
        return TROUBLE_GONE;
    if (!res->error[0] && !job->error[0])
        return TROUBLE_NONE;
    return job->trouble ? job->trouble : TROUBLE_ANSWER;
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

int job_end(struct job *job, struct diag *d)
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
        .trouble = trouble_of(job, &res),
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
    *(job->before ? &job->before->after : &c->jobs) = job->after;
    *(job->after ? &job->after->before : &c->newest) = job->before;
    c->done++;
    if (job->host != NO_HOST)
        c->hosts.items[job->host].done++;
    *c->untold_tail = job;
    c->untold_tail = &job->next;
    return 0;
}

int job_settle(struct job *job, struct diag *d)
{
    return job->exhausted && !job->outstanding && !job->late.items.n ? job_end(job, d) : 0;
}

int job_ask(struct job *job, struct diag *d)
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
            job_note(job, TROUBLE_ANSWER, d->text);
            job->exhausted = true;
            return 0;
        }
        t = ARENA_NEW(&job->memory, struct ticket, 1);
        *t = (struct ticket){ job, number };
        if (job->host == NO_HOST)
            job->host = crawl_host_find(&job->crawl->hosts, req.url);
        r = job->crawl->fetcher->submit(job->crawl->fetcher, &req, t, d);
        if (r)
            return r;
        job->outstanding++;
    }
    return 0;
}

static int record(struct job *job, const struct reading_item *items, size_t n, struct hash body,
                  struct diag *d)
{
    struct crawl *c = job->crawl;

    for (size_t i = 0; i < n; i++) {
        const struct reading_item *it = &items[i];
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

/* A long list is recorded while the network is quiet: meanwhile its host is asked for more. */
static void put_off(struct job *job, const struct reading_items *items, struct hash body)
{
    struct crawl *c = job->crawl;

    job->late = (struct unrecorded){ .page = c->page, .items = *items, .body = body };
    c->page = (struct arena)ARENA_INIT;
    *c->late_tail = job;
    c->late_tail = &job->late.next;
    c->n_late++;
}

static void forget_late(struct job *job)
{
    struct job **at = &job->crawl->late;

    while (*at != job)
        at = &(*at)->late.next;
    *at = job->late.next;
    if (!*at)
        job->crawl->late_tail = at;
    job->crawl->n_late--;
    arena_free(&job->late.page);
    job->late = (struct unrecorded){ 0 };
}

int job_catch_up(struct job *job, size_t most, struct diag *d)
{
    struct unrecorded *late = &job->late;
    size_t left = late->items.n - late->n, n = left < most ? left : most;
    const struct reading_item *next = n ? late->items.items + late->n : NULL;
    int r = record(job, next, n, late->body, d);

    late->n += n;
    if (!r && n == left && late->items.n)
        forget_late(job);
    return r;
}

/* Of a page that came as it was the body is kept, and where and when it was read first. */
static int put_body(struct job *job, struct answer *answer, const struct reading_items *items,
                    struct diag *d)
{
    struct crawl *c = job->crawl;

    if (answer->outcome != ANSWER_OK || items->as_kept || c->opt->rehearsal)
        return 0;
    return store_put_body(c->store, job->id, answer->final_url, answer->body, c->cli->now,
                          &answer->body_hash, d);
}

int job_take(struct job *job, uint32_t ticket, const struct answer *answer, struct diag *d)
{
    struct reading_items items = { 0 };
    struct crawl *c = job->crawl;
    struct answer known = *answer;
    int r = job_catch_up(job, SIZE_MAX, d);

    if (r < 0)
        return r;
    job->outstanding--;
    if (answer->outcome == ANSWER_OK)
        known.body_hash = hash_of(answer->body);
    note_answer(job, answer);
    arena_reset(&c->page);
    r = reading_take(job->reading, ticket, &known, &c->page, &items, d);
    if (r < 0)
        job_note(job, TROUBLE_ANSWER, d->text); /* a bad page is the report's, not the run's */
    r = put_body(job, &known, &items, d);
    if (!r)
        r = job_ask(job, d);
    if (r || c->opt->rehearsal)
        return r ? r : job_settle(job, d);
    if (items.n > RECORD_AT_ONCE && c->n_late < LATE_MAX)
        put_off(job, &items, known.body_hash);
    else
        r = record(job, items.items, items.n, known.body_hash, d);
    return r ? r : job_settle(job, d);
}
