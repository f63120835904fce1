/*
 * fill DIR CORPUS POSTINGS: a store of as many postings as asked, written through the store's own
 * functions out of a file of real ads (JSON lines as `extract` reads them). The file is used again
 * and again: each copy has boards of its own, and but for the first three words of a hundred are
 * others of the file, so that a copy has as many texts of its own as the file has, and none that
 * could be packed by looking at its twin. Employers of ten ads or more have a board; the rest share
 * aggregators of a few hundred. Each copy is read whole, tidied as `run` does, and but for the last
 * its boards are then empty. Prints what the texts of the first copy and of the others take.
 *
 * fill DIR unchanged: how long it takes to record a reading of a thousand postings that changed
 * nothing, asked of the server ("unchanged") and sent in full: the median of 21, in ms.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "parsers/posting_line.h"
#include "store/store.h"
#include "tests/sim/draws.h"

enum { OWN_BOARD = 10, AGGREGATOR_ADS = 400, VOCABULARY = 8192, COPY_SECONDS = 600 };
enum { FIRST_DAY = 20700, ROUNDS = 21, BOARD = 1000 };

struct ad {
    struct listing listing;
    struct str board, company; /* company: of the board; empty: an aggregator */
    uint64_t seed;             /* equal texts vary equally */
};

struct fill {
    struct arena corpus, page;
    struct {
        struct ad *items;
        size_t n, cap;
    } ads;
    struct str *words;
    size_t n_words;
    struct store *s;
    int64_t left;
};

static void release(struct fill *f)
{
    store_close(&f->s);
    arena_free(&f->corpus);
    arena_free(&f->page);
}

static void take_words(struct fill *f, struct str text)
{
    for (size_t i = 0; i < 40 && text.n; i++) {
        struct str w = str_trim(str_cut(&text, ' '));

        if (w.n > 2 && w.n < 20 && str_find(w, STR("\n")) < 0 && f->n_words < VOCABULARY)
            f->words[f->n_words++] = w;
    }
}

static int read_corpus(struct fill *f, const char *path, struct diag *d)
{
    CLEANUP(file_close) FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t cap = 0;
    ssize_t n;

    if (!in)
        return diag_fail(d, ERR_IO, "%s: cannot be read", path);
    f->words = ARENA_NEW(&f->corpus, struct str, VOCABULARY);
    while ((n = getline(&text, &cap, in)) > 0) {
        struct posting_line p;
        struct diag why;

        if (posting_line_read((struct str){ text, (size_t)n }, &f->page, &p, &why) == 0
            && p.listing.title.n) {
            struct listing *l = &p.listing;
            struct ad *ad = ARENA_PUSH(&f->corpus, &f->ads);
            struct str *const kept[] = { &l->native_id, &l->title,      &l->company, &l->text,
                                         &l->url,       &l->experience, &l->salary,  &l->country };

            for (size_t i = 0; i < ARRAY_LEN(kept); i++)
                *kept[i] = str_dup(&f->corpus, *kept[i]);
            for (size_t i = 0; i < l->places.n; i++)
                l->places.items[i] = str_dup(&f->corpus, l->places.items[i]);
            *ad = (struct ad){ .listing = *l, .seed = hash64_of(l->text) };
            ad->listing.places = (struct strs){ 0 };
            for (size_t i = 0; i < l->places.n; i++)
                *ARENA_PUSH(&f->corpus, &ad->listing.places) = l->places.items[i];
            ad->listing.pay = (struct stated_pay){ 0 };
            take_words(f, ad->listing.text);
        }
        arena_reset(&f->page);
    }
    free(text);
    return f->ads.n ? 0 : diag_fail(d, ERR_FORMAT, "%s: no ads", path);
}

static int by_company(const void *x, const void *y)
{
    const struct ad *a = x, *b = y;
    int order = str_cmp(a->listing.company, b->listing.company);

    return order ? order : str_cmp(a->listing.native_id, b->listing.native_id);
}

static int by_board(const void *x, const void *y)
{
    const struct ad *a = x, *b = y;
    int order = str_cmp(a->board, b->board);

    return order ? order : (a->seed > b->seed) - (a->seed < b->seed);
}

static void give_boards(struct fill *f)
{
    size_t shared = 0;

    qsort(f->ads.items, f->ads.n, sizeof(*f->ads.items), by_company);
    for (size_t i = 0, n; i < f->ads.n; i += n) {
        struct str company = f->ads.items[i].listing.company;

        for (n = 1; i + n < f->ads.n && str_eq(f->ads.items[i + n].listing.company, company); n++)
            ;
        for (size_t k = i; k < i + n; k++) {
            struct ad *ad = &f->ads.items[k];
            bool own = company.n && n >= OWN_BOARD;

            ad->company = own ? company : STR("");
            ad->board = own ? str_printf(&f->corpus, "own-%05zu", i)
                            : str_printf(&f->corpus, "shared-%03zu", shared++ / AGGREGATOR_ADS);
        }
    }
    qsort(f->ads.items, f->ads.n, sizeof(*f->ads.items), by_board);
}

/* Three words of a hundred are others. */
static struct str vary(struct fill *f, const struct ad *ad, int copy)
{
    struct draws r = draws_from(ad->seed + (uint64_t)copy * 7919);
    CLEANUP(buf_release) struct buf b = { 0 };
    struct str text = ad->listing.text;

    if (!copy || !f->n_words)
        return text;
    while (text.n) {
        struct str word = str_cut(&text, ' ');

        if (draw(&r) < .03 && word.n && str_find(word, STR("\n")) < 0)
            word = f->words[(size_t)(draw(&r) * (double)f->n_words)];
        buf_add(&b, word);
        if (text.n)
            buf_add_byte(&b, ' ');
    }
    return buf_take(&b, &f->page);
}

static int64_t time_of(int copy)
{
    return day_start(FIRST_DAY) + (int64_t)copy * COPY_SECONDS + COPY_SECONDS;
}

static int put_ad(struct fill *f, int64_t reading, struct str key, const struct ad *ad, int copy,
                  struct hash body, struct str *ret_id, struct diag *d)
{
    struct listing l = ad->listing;
    char listed[HASH_HEX];
    int r;

    l.native_id = str_printf(&f->page, STR_FMT "%02d", STR_ARG(l.native_id), copy);
    if (!l.url.n)
        l.url = str_printf(&f->page, "https://jobs.example/" STR_FMT "/" STR_FMT,
                           STR_ARG(ad->board), STR_ARG(l.native_id));
    l.text = vary(f, ad, copy);
    hash_hex(hash_of(l.native_id), listed);
    *ret_id = l.native_id;
    r = store_put_listing(f->s, reading, key, &l, str_of(listed), body, time_of(copy), d);
    return r < 0 ? r : 0;
}

static int end_board(struct fill *f, int64_t reading, const struct str *ids, size_t n, int64_t now,
                     struct diag *d)
{
    struct verdict_in in = { .outcome = "complete",
                             .proof = "whole",
                             .error = "",
                             .ids = ids,
                             .n_ids = n,
                             .got = (int64_t)n,
                             .advertised = -1,
                             .imported = true };
    struct verdict v;

    return store_end_reading(f->s, reading, &in, now, &v, d);
}

static int read_board(struct fill *f, const struct ad *ads, size_t n, int copy, struct diag *d)
{
    struct str key = str_printf(&f->page, STR_FMT "-%02d", STR_ARG(ads->board), copy);
    struct source_row row = {
        .key = key, .adapter = STR("greenhouse"), .company = ads->company, .added = time_of(0)
    };
    struct str *ids = ARENA_NEW(&f->page, struct str, n);
    struct hash body = { 0 };
    int64_t reading = 0;
    int r = store_put_source(f->s, &row, time_of(copy), d);

    if (!r)
        r = store_begin_reading(f->s, key, time_of(copy), &reading, d);
    if (!r)
        r = store_put_body(f->s, reading, key, key, time_of(copy), &body, d);
    for (size_t i = 0; !r && i < n; i++)
        r = put_ad(f, reading, key, &ads[i], copy, body, &ids[i], d);
    if (!r)
        r = end_board(f, reading, ids, n, time_of(copy), d);
    return r;
}

/* The boards of a copy, before the next one comes, are empty. */
static int empty_board(struct fill *f, struct str board, int copy, struct diag *d)
{
    struct str key = str_printf(&f->page, STR_FMT "-%02d", STR_ARG(board), copy);
    int64_t now = time_of(copy) + COPY_SECONDS / 2, reading = 0;
    int r = store_begin_reading(f->s, key, now, &reading, d);

    return r ? r : end_board(f, reading, NULL, 0, now, d);
}

static int put_copy(struct fill *f, int copy, bool last, struct diag *d)
{
    size_t most = f->left < (int64_t)f->ads.n ? (size_t)f->left : f->ads.n, n;
    bool more = true;
    int r = 0;

    for (size_t i = 0; !r && i < most; i += n) {
        for (n = 1; i + n < most && str_eq(f->ads.items[i + n].board, f->ads.items[i].board); n++)
            ;
        r = read_board(f, &f->ads.items[i], n, copy, d);
        if (!r && !last)
            r = empty_board(f, f->ads.items[i].board, copy, d);
        arena_reset(&f->page);
    }
    f->left -= (int64_t)most;
    if (!r)
        r = store_flush(f->s, d);
    while (!r && more)
        r = store_pack_texts(f->s, &more, d);
    return r;
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int fill(struct fill *f, const char *corpus, struct diag *d)
{
    int copies, r = read_corpus(f, corpus, d);

    if (r)
        return r;
    give_boards(f);
    copies = (int)((f->left + (int64_t)f->ads.n - 1) / (int64_t)f->ads.n);
    for (int copy = 0; !r && copy < copies; copy++) {
        double from = now_ms();

        r = put_copy(f, copy, copy + 1 == copies, d);
        fprintf(stderr, "\rcopy %d of %d: %.1f s ", copy + 1, copies, (now_ms() - from) / 1e3);
    }
    fprintf(stderr, "\n");
    return r;
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;

    return (a > b) - (a < b);
}

/* A board of a thousand; `sent`: all its listings came again. */
static int record(struct fill *f, const struct listing *ads, const struct str *ids, bool sent,
                  int64_t now, struct diag *d)
{
    struct verdict_in in = { .outcome = sent ? "complete" : "unchanged",
                             .proof = "",
                             .error = "",
                             .ids = ids,
                             .n_ids = sent ? BOARD : 0,
                             .got = BOARD,
                             .advertised = -1 };
    struct verdict v;
    int64_t reading = 0;
    int r = store_begin_reading(f->s, STR("bench:board"), now, &reading, d);

    for (size_t i = 0; r >= 0 && sent && i < BOARD; i++)
        r = store_put_listing(f->s, reading, STR("bench:board"), &ads[i], STR("as it was"),
                              (struct hash){ 0 }, now, d);
    if (r >= 0)
        r = store_end_reading(f->s, reading, &in, now, &v, d);
    return r < 0 ? r : store_flush(f->s, d);
}

static int measure(struct fill *f, struct diag *d)
{
    struct listing *ads = ARENA_NEW(&f->corpus, struct listing, BOARD);
    struct str *ids = ARENA_NEW(&f->corpus, struct str, BOARD);
    struct source_row row = { .key = STR("bench:board"), .adapter = STR("greenhouse") };
    int64_t now = time_of(1000);
    int r = store_put_source(f->s, &row, now, d);

    for (int i = 0; i < BOARD; i++) {
        ids[i] = str_printf(&f->corpus, "bench-%d", i);
        ads[i] = (struct listing){ .native_id = ids[i],
                                   .title = STR("MLOps Engineer"),
                                   .url = ids[i],
                                   .text = str_printf(&f->corpus, "the text of ad %d", i),
                                   .text_read = true };
    }
    if (!r)
        r = record(f, ads, ids, true, now, d);
    for (int sent = 0; !r && sent < 2; sent++) {
        double took[ROUNDS];

        for (int i = 0; !r && i < ROUNDS; i++) {
            double from = now_ms();

            now += 60;
            r = record(f, ads, ids, sent, now, d);
            took[i] = now_ms() - from;
        }
        qsort(took, ROUNDS, sizeof(*took), by_size);
        printf("%s %.2f\n", sent ? "sent" : "unchanged", took[ROUNDS / 2]);
    }
    return r;
}

int main(int argc, char **argv)
{
    CLEANUP(release) struct fill f = { 0 };
    struct diag d = { 0 };
    int r;

    if (argc < 3) {
        fprintf(stderr, "usage: fill DIR CORPUS POSTINGS | fill DIR unchanged\n");
        return 2;
    }
    r = store_open(&f.s, argv[1], STORE_WRITE, &d);
    if (!r && argc == 3)
        r = measure(&f, &d);
    if (!r && argc > 3) {
        f.left = strtoll(argv[3], NULL, 10);
        r = fill(&f, argv[2], &d);
    }
    if (r)
        fprintf(stderr, "%s\n", d.text);
    return r != 0;
}
