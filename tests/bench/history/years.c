/*
 * years DIR YEARS: a store that was run four times a day for so long, written through the store's
 * own functions: ten boards of fifty postings, of which each day one ends and another comes; the
 * other runs find all unchanged. Every day 300 figures, a feed of 20 kB, and tidying as `run` does.
 * Prints for each year the size of the file, what of it is bodies and published feeds, and how long
 * the questions take that every answer begins with (db-faults D21).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "store/store.h"
#include "tests/sim/draws.h"

enum { FIRST_DAY = 20700, YEAR = 365, BOARDS = 10, ADS = 50, RUNS = 4, FIGURES = 300 };
enum { TEXT_WORDS = 300, BODY_BYTES = 20000, FEED_BYTES = 20000, KEEP_DAYS = 90 };

struct years {
    struct store *s;
    struct arena page;
    struct draws r;
};

static void release(struct years *y)
{
    store_close(&y->s);
    arena_free(&y->page);
}

static struct str words(struct years *y, int n, uint64_t seed)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct draws r = draws_from(seed);

    for (int i = 0; i < n; i++)
        buf_printf(&b, "word%d ", (int)(draw(&r) * draw(&r) * 20000));
    return buf_take(&b, &y->page);
}

static int put_request(struct years *y, int64_t reading, struct str url, int64_t now,
                       struct diag *d)
{
    struct transfer t = { .method = STR("GET"), .url = url, .at = now, .status = 200, .ms = 90 };

    snprintf(t.robots, sizeof(t.robots), "allow");
    return store_put_transfer(y->s, reading, &t, d);
}

/* The ads of a board on a day: each has its number, and every day the lowest is gone. */
static int put_ads(struct years *y, int64_t reading, struct str key, int board, int day,
                   struct str *ids, int64_t now, struct diag *d)
{
    struct str body = words(y, BODY_BYTES / 8, (uint64_t)(day * BOARDS + board));
    struct hash hash = { 0 };
    int r = store_put_body(y->s, reading, key, body, now, &hash, d);

    for (int i = 0; r >= 0 && i < ADS; i++) {
        uint64_t number = (uint64_t)(day + i);
        struct listing l = { .native_id = str_printf(&y->page, "ad-%d", day + i),
                             .title = STR("MLOps Engineer"),
                             .text = words(y, TEXT_WORDS, number * BOARDS + (uint64_t)board),
                             .text_read = true };

        l.url = str_printf(&y->page, "https://jobs.example/" STR_FMT, STR_ARG(l.native_id));
        ids[i] = l.native_id;
        r = store_put_listing(y->s, reading, key, &l, l.native_id, hash, now, d);
    }
    return r < 0 ? r : 0;
}

static int read_board(struct years *y, int board, int day, int run, struct diag *d)
{
    int64_t now = day_start(FIRST_DAY + day) + run * (DAY_SECONDS / RUNS) + board, reading = 0;
    struct str key = str_printf(&y->page, "years:%d", board);
    struct str *ids = ARENA_NEW(&y->page, struct str, ADS);
    struct verdict_in in = { .outcome = run ? "unchanged" : "complete",
                             .proof = "1 pages to the natural end, 50 listed, 50 advertised",
                             .error = "",
                             .ids = ids,
                             .n_ids = run ? 0 : ADS,
                             .pages = 1,
                             .requests = 1,
                             .got = ADS,
                             .advertised = ADS };
    struct verdict v;
    int r = store_begin_reading(y->s, key, now, &reading, d);

    if (!r)
        r = put_request(y, reading, key, now, d);
    if (!r && !run)
        r = put_ads(y, reading, key, board, day, ids, now, d);
    return r ? r : store_end_reading(y->s, reading, &in, now, &v, d);
}

static int end_day(struct years *y, int day, struct diag *d)
{
    struct figure_row *rows = ARENA_NEW(&y->page, struct figure_row, FIGURES);
    int64_t now = day_start(FIRST_DAY + day) + DAY_SECONDS - 1, n;
    bool more = true;
    int r;

    for (int i = 0; i < FIGURES; i++)
        rows[i] = (struct figure_row){ .day = FIRST_DAY + day,
                                       .name = str_printf(&y->page, "skill:skill-%d", i),
                                       .value = draw(&y->r),
                                       .n = ADS };
    r = store_put_figures(y->s, rows, FIGURES, d);
    if (!r)
        r = store_put_published(y->s, STR("v1/skills.json"),
                                words(y, FEED_BYTES / 8, (uint64_t)day), now, d);
    if (r >= 0)
        r = store_drop_bodies(y->s, now - (int64_t)KEEP_DAYS * DAY_SECONDS, 0, &n, d);
    while (!r && more)
        r = store_pack_texts(y->s, &more, d);
    return r < 0 ? r : store_flush(y->s, d);
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int count_open(void *ctx, const struct posting_fact *f, struct diag *d)
{
    (void)d;
    *(int *)ctx += !f->ended_by;
    return 0;
}

static int tell(struct years *y, const char *dir, int year, struct diag *d)
{
    struct source_state *states;
    struct stat st = { 0 };
    int64_t now = day_start(FIRST_DAY + year * YEAR) - 1;
    double from = now_ms(), scanned;
    int open = 0;
    size_t n;
    int r = store_sources_at(y->s, now, &y->page, &states, &n, d);

    if (!r)
        r = store_scan(y->s, now, NULL, count_open, &open, d);
    scanned = now_ms() - from;
    if (stat(str_printf(&y->page, "%s/roletide.db", dir).p, &st))
        return diag_fail(d, ERR_IO, "%s: no store", dir);
    printf("year %d: %.1f MiB, %.0f bytes a reading; %d open, all scanned in %.0f ms\n", year,
           (double)st.st_size / 1048576, (double)st.st_size / (year * YEAR * RUNS * BOARDS), open,
           scanned);
    return r < 0 ? r : 0;
}

static int run(struct years *y, const char *dir, int n, struct diag *d)
{
    int r = store_open(&y->s, dir, STORE_WRITE, d);

    for (int i = 0; !r && i < BOARDS; i++) {
        struct source_row row = { .key = str_printf(&y->page, "years:%d", i),
                                  .adapter = STR("greenhouse"),
                                  .company = STR("Years"),
                                  .added = day_start(FIRST_DAY) };

        r = store_put_source(y->s, &row, row.added, d);
    }
    if (!r)
        r = store_use_vintage(y->s, hash_of(STR("years")), NULL, 0, day_start(FIRST_DAY), d);
    for (int day = 0; r >= 0 && day < n * YEAR; day++) {
        r = 0;
        for (int i = 0; !r && i < RUNS * BOARDS; i++)
            r = read_board(y, i % BOARDS, day, i / BOARDS, d);
        if (!r)
            r = end_day(y, day, d);
        if (!r && (day + 1) % YEAR == 0)
            r = tell(y, dir, (day + 1) / YEAR, d);
        arena_reset(&y->page);
    }
    return r;
}

int main(int argc, char **argv)
{
    CLEANUP(release) struct years y = { .r = draws_from(21) };
    struct diag d = { 0 };

    if (argc != 3) {
        fprintf(stderr, "usage: years DIR YEARS\n");
        return 2;
    }
    if (run(&y, argv[1], (int)strtol(argv[2], NULL, 10), &d) < 0) {
        fprintf(stderr, "%s\n", d.text);
        return 1;
    }
    return 0;
}
