#include "cli/crawl_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/progress.h"
#include "cli/table.h"
#include "core/json_out.h"

static void progress(void *ctx, const struct crawl_progress *now)
{
    struct crawl_printer *p = ctx;

    progress_show(p->cli, now, &p->progress_lines);
}

static void print_line_of_json(const struct source_report *r)
{
    struct buf b = { 0 };
    struct json_out j = { .to = &b };

    json_object(&j, NULL);
    json_str(&j, "source", r->source);
    json_cstr(&j, "outcome", r->outcome);
    if (r->why) {
        json_cstr(&j, "why", r->why);
        json_cstr(&j, "when", r->when);
        json_str(&j, "asks", r->asks);
    }
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
    json_cstr(&j, "hint", r->error[0] ? remedy_of(r->trouble) : NULL);
    json_end(&j);
    printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
    buf_release(&b);
}

static void print_line(struct crawl_printer *p, const struct source_report *r)
{
    printf("%-32.*s %-9s", STR_ARG(r->source), r->outcome);
    if (strcmp(r->outcome, "due") == 0) {
        printf(" %s: %s: " STR_FMT "\n", r->why, r->when,
               STR_ARG(terminal_text(p->cli->run, r->asks)));
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

    progress_clear(&p->progress_lines);
    if (p->cli->format == OUTPUT_JSONL || p->cli->format == OUTPUT_JSON)
        print_line_of_json(r);
    else if (!p->cli->quiet)
        print_line(p, r);
    if (r->error[0])
        *ARENA_PUSH(p->cli->run, &p->failed) =
            (struct failure){ str_dup(p->cli->run, r->source),
                              str_dup(p->cli->run, str_of(r->error)), r->trouble };
}

struct crawl_watcher crawl_printer_watcher(struct crawl_printer *p)
{
    return (struct crawl_watcher){ .ctx = p, .report = report, .progress = progress };
}

/* Each source that failed, and after those alike what to do about them. */
static void print_failures(const struct crawl_printer *p)
{
    for (enum trouble t = TROUBLE_NONE + 1; t < TROUBLES; t++) {
        size_t n = 0;

        for (size_t i = 0; i < p->failed.n; i++) {
            const struct failure *f = &p->failed.items[i];

            if (f->trouble != t)
                continue;
            fprintf(stderr, "roletide: " STR_FMT ": " STR_FMT "\n",
                    STR_ARG(terminal_text(p->cli->run, f->source)),
                    STR_ARG(terminal_text(p->cli->run, f->error)));
            n++;
        }
        if (n)
            fprintf(stderr, "hint: %s\n", remedy_of(t));
    }
}

void crawl_printer_end(struct crawl_printer *p, const struct crawl_totals *t)
{
    progress_clear(&p->progress_lines);
    fflush(stdout);
    print_failures(p);
    if (p->cli->quiet)
        return;
    if (!t->sources && !p->cli->config.sources.n)
        fprintf(stderr, "no source is configured: nothing is read\n");
    else if (!t->sources)
        fprintf(stderr,
                "nothing is due: every enabled source was read today, or is tried again later\n");
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
