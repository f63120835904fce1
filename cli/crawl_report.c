#include "cli/crawl_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/table.h"
#include "core/json_out.h"

enum { MOST_FAILURES_SAID = 20 };

static void clear_progress(struct crawl_printer *p)
{
    if (p->progress_shown)
        fputs("\r\033[K", stderr);
    p->progress_shown = false;
}

/* By how fast the sources before them went; the first few say too little. */
static void print_time_left(const struct crawl_progress *now)
{
    enum { TELLING = 10, MINUTE_MS = 60000 };
    int64_t left;

    if (now->done < TELLING || now->done >= now->sources)
        return;
    left = now->elapsed_ms * (int64_t)(now->sources - now->done) / (int64_t)now->done;
    if (left < MINUTE_MS)
        fprintf(stderr, ", under a minute left");
    else
        fprintf(stderr, ", about %" PRId64 " min left", left / MINUTE_MS);
}

static void progress(void *ctx, const struct crawl_progress *now)
{
    struct crawl_printer *p = ctx;
    bool line = !p->cli->quiet && isatty(STDERR_FILENO);

    if (!line && !now->asked)
        return;
    clear_progress(p);
    fprintf(stderr, "%zu of %zu sources read, %zu active, %" PRId64 " requests", now->done,
            now->sources, now->active, now->requests);
    print_time_left(now);
    for (size_t i = 0; i < now->active && i < ACTIVE_SHOWN && now->asked; i++)
        fprintf(stderr, "\n  reading " STR_FMT, STR_ARG(now->first_active[i]));
    if (now->asked)
        fputc('\n', stderr);
    p->progress_shown = !now->asked;
}

static void print_line_of_json(const struct source_report *r)
{
    struct buf b = { 0 };
    struct json_out j = { .to = &b };

    json_object(&j, NULL);
    json_str(&j, "source", r->source);
    json_cstr(&j, "outcome", r->outcome);
    if (r->why)
        json_cstr(&j, "why", r->why);
    json_cstr(&j, "proof", r->proof);
    json_int(&j, "pages", r->pages);
    if (r->advertised < 0)
        json_null(&j, "advertised");
    else
        json_int(&j, "advertised", r->advertised);
    json_int(&j, "postings", r->got);
    json_int(&j, "new", r->verdict.opened);
    json_int(&j, "changed", r->verdict.changed);
    json_int(&j, "closed", r->verdict.closed);
    json_int(&j, "reopened", r->verdict.reopened);
    json_bool(&j, "held", r->verdict.held);
    json_int(&j, "texts_owed", r->texts_owed);
    json_int(&j, "requests", r->requests);
    json_int(&j, "bytes", r->bytes);
    json_int(&j, "ms", r->ms);
    json_cstr(&j, "error", r->error[0] ? r->error : NULL);
    json_end(&j);
    printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
    buf_release(&b);
}

static void print_line(struct crawl_printer *p, const struct source_report *r)
{
    printf("%-32.*s %-9s", STR_ARG(r->source), r->outcome);
    if (strcmp(r->outcome, "due") == 0) {
        printf(" %s\n", r->why);
        return;
    }
    if (strcmp(r->outcome, "unchanged") == 0)
        printf(" %4" PRId64 " open", r->verdict.open);
    else
        printf(" %4" PRId64 " listed", r->got);
    if (r->verdict.opened + r->verdict.reopened)
        printf("  +%" PRId64, r->verdict.opened + r->verdict.reopened);
    if (r->verdict.closed)
        printf("  -%" PRId64, r->verdict.closed);
    if (r->verdict.held)
        printf("  fewer than half: waits for a second reading");
    if (r->texts_owed)
        printf("  texts owed: %" PRId64, r->texts_owed);
    if (r->error[0])
        printf("  " STR_FMT, STR_ARG(terminal_text(p->cli->run, str_of(r->error))));
    putchar('\n');
}

static void report(void *ctx, const struct source_report *r)
{
    struct crawl_printer *p = ctx;

    clear_progress(p);
    if (p->cli->format == OUTPUT_JSONL || p->cli->format == OUTPUT_JSON)
        print_line_of_json(r);
    else if (!p->cli->quiet)
        print_line(p, r);
    if (r->error[0] && p->failed.n < MOST_FAILURES_SAID)
        *ARENA_PUSH(p->cli->run, &p->failed) =
            str_printf(p->cli->run, STR_FMT ": %s", STR_ARG(r->source), r->error);
}

struct crawl_watcher crawl_printer_watcher(struct crawl_printer *p)
{
    return (struct crawl_watcher){ .ctx = p, .report = report, .progress = progress };
}

/* A terminal and the journal show both streams: there, a source's own line has said it. */
static bool one_reader(void)
{
    struct stat out, err;

    return fstat(STDOUT_FILENO, &out) == 0 && fstat(STDERR_FILENO, &err) == 0
           && out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

void crawl_printer_end(struct crawl_printer *p, const struct crawl_totals *t)
{
    clear_progress(p);
    fflush(stdout);
    for (size_t i = 0; i < p->failed.n && (p->cli->quiet || !one_reader()); i++)
        fprintf(stderr, "roletide: " STR_FMT "\n",
                STR_ARG(terminal_text(p->cli->run, p->failed.items[i])));
    if (p->cli->quiet)
        return;
    if (!t->sources && !p->cli->config.sources.n)
        fprintf(stderr, "no source is configured: nothing is read\n");
    else if (!t->sources)
        fprintf(stderr, "nothing is due: every enabled source was read today, or tried just now\n");
    else if (t->complete + t->unchanged + t->partial + t->failed + t->gone)
        fprintf(stderr,
                "%zu sources: %zu complete, %zu unchanged, %zu partial, %zu failed, %zu gone; "
                "%" PRId64 " requests, %" PRId64 " KiB%s\n",
                t->sources, t->complete, t->unchanged, t->partial, t->failed, t->gone, t->requests,
                t->bytes / 1024, t->stopped ? "; stopped early" : "");
}

int crawl_exit_status(int r, const struct crawl_totals *t)
{
    size_t bad = t->partial + t->failed + t->gone;

    if (r)
        return r == PIPELINE_STOPPED ? EXIT_PARTIAL : r;
    if (t->sources && t->failed + t->gone == t->sources)
        return 1;
    return bad || t->stopped ? EXIT_PARTIAL : 0;
}
