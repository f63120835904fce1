/*
 * join MODE SHIPPED NOTHING LINES [N]: postings of a file of JSON lines (as `import` reads them)
 * joined by the product's own code, without a store between. openings: a line a posting: opening,
 * posting (both by native id), what joined it orders:   the same openings under ORDERS random
 * orders of reading measure:  how long N postings take, made from the lines by drawing; employers
 * grow with them
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aggregator/openings.h"
#include "config/config.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "core/hash.h"
#include "parsers/extract.h"
#include "parsers/posting_line.h"
#include "store/simhash.h"
#include "tests/sim/draws.h"

enum { ORDERS = 20 };

struct bench {
    struct arena arena;
    struct config config;
    struct extractor *x;
    struct {
        struct posting_fact **items;
        size_t n, cap;
    } facts;
};

static void release(struct bench *b)
{
    extractor_close(&b->x);
    arena_free(&b->arena);
}

static struct str lines_of(struct arena *a, struct strs items)
{
    struct str all = { 0 };

    for (size_t i = 0; i < items.n; i++)
        all = i ? str_printf(a, STR_FMT "\n" STR_FMT, STR_ARG(all), STR_ARG(items.items[i]))
                : items.items[i];
    return all;
}

/* A fact as the store would give it: open from the first day it was seen to the day after the last.
 */
static int take_line(struct bench *b, struct str line, struct diag *d)
{
    struct posting_fact *f = ARENA_NEW(&b->arena, struct posting_fact, 1);
    struct posting_line p;
    struct text_prints prints;
    int r = posting_line_read(line, &b->arena, &p, d);

    if (r)
        return r;
    prints = text_prints(p.listing.text);
    *f = (struct posting_fact){
        .posting = (int64_t)b->facts.n + 1,
        .source = p.source,
        .native_id = p.listing.native_id,
        .title = p.listing.title,
        .company = p.listing.company,
        .url = p.listing.url,
        .places_text = lines_of(&b->arena, p.listing.places),
        .first_proof = p.first_seen,
        .last_proof = p.last_seen,
        .ended_by = p.last_seen + DAY_SECONDS,
        .ended_how = "import",
        .text_read = true,
        .simhash = prints.simhash,
        .text_hash = prints.words,
        .has_signal = true,
    };
    *ARENA_PUSH(&b->arena, &b->facts) = f;
    return extract(b->x, &p.listing, &b->arena, &f->signal, d);
}

static int take_lines(struct bench *b, const char *path, struct diag *d)
{
    CLEANUP(file_close) FILE *f = fopen(path, "re");
    char *text = NULL;
    size_t cap = 0;
    ssize_t n;
    int r = 0;

    if (!f)
        return diag_fail(d, ERR_IO, "%s: cannot be read", path);
    while (!r && (n = getline(&text, &cap, f)) > 0)
        r = take_line(b, str_trim((struct str){ text, (size_t)n }), d);
    free(text);
    return r;
}

/* As cli/pipeline.c gives them. */
static struct join_options options_of(struct bench *b)
{
    struct {
        struct employer_alias *items;
        size_t n, cap;
    } list = { 0 };

    for (size_t i = 0; i < b->config.employers.n; i++) {
        const struct employer *e = &b->config.employers.items[i];

        for (size_t k = 0; k < e->aliases.n; k++)
            *ARENA_PUSH(&b->arena, &list) =
                (struct employer_alias){ e->aliases.items[k],
                                         str_eq(e->name, STR("nobody")) ? STR("") : e->name };
    }
    return (struct join_options){ .aliases = list.items, .n_aliases = list.n };
}

static void print_openings(struct bench *b, struct arena *a)
{
    struct join_options o = options_of(b);
    struct joined j;

    openings_join((const struct posting_fact *const *)b->facts.items, b->facts.n, &o, a, &j);
    for (size_t i = 0; i < j.n_openings; i++)
        for (size_t k = 0; k < j.openings[i].n_members; k++)
            printf(STR_FMT "\t" STR_FMT "\t%s\t" STR_FMT "\n",
                   STR_ARG(j.openings[i].members[0]->native_id),
                   STR_ARG(j.openings[i].members[k]->native_id),
                   family_name(j.openings[i].members[k]->signal.family),
                   STR_ARG(opening_evidence(&j.openings[i], k, a)));
}

/* A number that names the partition: who is with whom, by what the sources call them. */
static uint64_t shape(const struct joined *j, struct arena *a)
{
    uint64_t ret = 0;

    for (size_t i = 0; i < j->n_openings; i++) {
        uint64_t members = 0;

        for (size_t k = 0; k < j->openings[i].n_members; k++) {
            const struct posting_fact *f = j->openings[i].members[k];

            members += hash64_of(
                str_printf(a, STR_FMT "/" STR_FMT, STR_ARG(f->source), STR_ARG(f->native_id)));
        }
        ret += members * members;
    }
    return ret;
}

/* Another order of reading is another order of the facts, and other numbers of postings. */
static void shuffle(struct bench *b, struct draws *r)
{
    struct posting_fact **f = b->facts.items;

    for (size_t i = b->facts.n; i > 1; i--) {
        size_t k = (size_t)(draw(r) * (double)i);
        struct posting_fact *t = f[k];

        f[k] = f[i - 1];
        f[i - 1] = t;
    }
    for (size_t i = 0; i < b->facts.n; i++)
        f[i]->posting = (int64_t)i + 1;
}

static int try_orders(struct bench *b)
{
    struct join_options o = options_of(b);
    struct draws r = draws_from(7);
    uint64_t first = 0;
    int bad = 0;

    for (int i = 0; i <= ORDERS; i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct joined j;
        uint64_t now;

        openings_join((const struct posting_fact *const *)b->facts.items, b->facts.n, &o, &a, &j);
        now = shape(&j, &a);
        first = i ? first : now;
        bad += now != first;
        shuffle(b, &r);
    }
    printf("%zu postings, %d random orders of reading, %d other results\n", b->facts.n, ORDERS,
           bad);
    return bad ? 1 : 0;
}

/* Round after round of the same ads at employers of other names, so that what is joined
 * within a round is what is joined in the file. */
static void draw_more(struct bench *b, size_t want)
{
    size_t had = b->facts.n;

    for (size_t i = 0; b->facts.n < want; i++) {
        const struct posting_fact *from = b->facts.items[i % had];
        struct posting_fact *f = ARENA_NEW(&b->arena, struct posting_fact, 1);
        int round = (int)(i / had) + 1;

        *f = *from;
        f->posting = (int64_t)b->facts.n + 1;
        f->native_id = str_printf(&b->arena, STR_FMT "-%d", STR_ARG(from->native_id), round);
        if (from->company.n)
            f->company = str_printf(&b->arena, "%dx" STR_FMT, round, STR_ARG(from->company));
        else
            f->source = str_printf(&b->arena, STR_FMT "-%d", STR_ARG(from->source), round);
        *ARENA_PUSH(&b->arena, &b->facts) = f;
    }
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void measure(struct bench *b, size_t n)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct join_options o = options_of(b);
    struct joined j;
    double start;

    draw_more(b, n);
    start = seconds();
    openings_join((const struct posting_fact *const *)b->facts.items, b->facts.n, &o, &a, &j);
    printf("%zu postings, %zu openings: %.2f s\n", b->facts.n, j.n_openings, seconds() - start);
}

int main(int argc, char **argv)
{
    CLEANUP(release) struct bench b = { 0 };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config_options options = { 0 };
    struct diag d = { 0 };
    int64_t n = 0;
    int r;

    if (argc < 5 || (argc > 5 && !str_int(str_of(argv[5]), &n)))
        return 2;
    options.shipped = argv[2];
    options.path = argv[3];
    r = config_load(&b.arena, &options, &b.config, &d);
    if (!r)
        r = extractor_open(&b.x, &b.config.rules, &d);
    if (!r)
        r = take_lines(&b, argv[4], &d);
    if (r < 0)
        return fprintf(stderr, "%s\n", d.text), 1;
    if (strcmp(argv[1], "orders") == 0)
        return try_orders(&b);
    if (strcmp(argv[1], "measure") == 0)
        measure(&b, (size_t)n);
    else
        print_openings(&b, &a);
    return 0;
}
