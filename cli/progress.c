#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/table.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"

void progress_clear(size_t *lines)
{
    for (size_t i = 1; i < *lines; i++)
        fputs("\033[A", stderr);
    if (*lines)
        fputs("\r\033[J", stderr);
    *lines = 0;
}

/* By how fast the sources before them went: of the host that will take longest, since hosts wait
 * for none but themselves. -1: too little is known. */
static int64_t time_left_ms(const struct crawl_progress *now)
{
    enum { TELLING_HOST = 3, TELLING = 10 };
    int64_t left = -1;

    for (size_t i = 0; i < now->n_hosts; i++) {
        const struct crawl_host *h = &now->hosts[i];
        int64_t own;

        if (h->done < TELLING_HOST || h->done >= h->sources)
            continue;
        own = now->elapsed_ms * (int64_t)(h->sources - h->done) / (int64_t)h->done;
        if (own > left)
            left = own;
    }
    if (left < 0 && now->done >= TELLING && now->done < now->sources)
        left = now->elapsed_ms * (int64_t)(now->sources - now->done) / (int64_t)now->done;
    return left;
}

static void add_total(struct buf *b, const struct crawl_progress *now, size_t hosts, size_t hidden)
{
    enum { MINUTE_MS = 60000 };
    int64_t left = time_left_ms(now);

    buf_printf(b, "%zu of %zu sources read, %zu active at %zu host%s", now->done, now->sources,
               now->active, hosts, hosts == 1 ? "" : "s");
    if (hidden)
        buf_printf(b, " (%zu not shown)", hidden);
    buf_printf(b, ", %" PRId64 " requests", now->requests);
    if (left >= MINUTE_MS)
        buf_printf(b, ", about %" PRId64 " min left", left / MINUTE_MS);
    else if (left >= 0)
        buf_add(b, STR(", under a minute left"));
}

static void add_host(struct buf *b, const struct crawl_host *h)
{
    buf_printf(b, "  %-34.*s %3zu of %zu read, %" PRId64 " request%s, reading " STR_FMT,
               STR_ARG(h->name), h->done, h->sources, h->requests, h->requests == 1 ? "" : "s",
               STR_ARG(h->reading));
}

/* Those with most before them first, as they were begun: they say how long it takes. */
static int by_what_is_left(const void *va, const void *vb)
{
    const struct crawl_host *a = *(const struct crawl_host *const *)va;
    const struct crawl_host *b = *(const struct crawl_host *const *)vb;
    size_t left_a = a->sources - a->done, left_b = b->sources - b->done;

    if (left_a != left_b)
        return left_a < left_b ? 1 : -1;
    return a < b ? -1 : a > b;
}

static size_t active_hosts(const struct crawl_progress *now, struct arena *a,
                           const struct crawl_host ***ret)
{
    const struct crawl_host **hosts = ARENA_NEW(a, const struct crawl_host *, now->n_hosts + 1);
    size_t n = 0;

    for (size_t i = 0; i < now->n_hosts; i++)
        if (now->hosts[i].active)
            hosts[n++] = &now->hosts[i];
    qsort(hosts, n, sizeof(struct crawl_host *), by_what_is_left);
    *ret = hosts;
    return n;
}

/* A line that stays on its line. */
static void print_line(struct arena *a, struct str line, size_t columns)
{
    size_t end = 0, width = 0, n;

    line = terminal_text(a, line);
    for (; end < line.n && width < columns; end += n, width++)
        (void)utf8_at(line, end, &n);
    fwrite(line.p, 1, end, stderr);
}

void progress_show(struct cli *cli, const struct crawl_progress *now, size_t *lines)
{
    enum { ROWS = 24, COLUMNS = 80 }; /* of a terminal that does not say */
    bool live =
        !cli->quiet && isatty(STDERR_FILENO) && !str_eq(str_of(getenv("TERM")), STR("dumb"));
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(buf_release) struct buf line = { 0 };
    struct winsize size = { .ws_row = 0 };
    const struct crawl_host **hosts;
    size_t n, shown, columns;

    if (!live && !now->asked)
        return;
    if (!live || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
        size = (struct winsize){ .ws_row = ROWS, .ws_col = COLUMNS };
    n = active_hosts(now, &a, &hosts);
    shown = now->asked || n < size.ws_row / 2U ? n : size.ws_row / 2U;
    columns = now->asked ? SIZE_MAX : size.ws_col - 1U;
    progress_clear(lines);
    for (size_t i = 0; i < shown; i++) {
        add_host(&line, hosts[i]);
        print_line(&a, buf_str(&line), columns);
        fputc('\n', stderr);
        line.n = 0;
    }
    add_total(&line, now, n, n - shown);
    print_line(&a, buf_str(&line), columns);
    *lines = shown + 1;
    if (!now->asked)
        return;
    fputc('\n', stderr);
    *lines = 0;
}
