/* History from files: each line is a posting that was seen from one time to another. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pipeline.h"
#include "cli/stop.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "parsers/posting_line.h"
#include "parsers/try.h"

enum { MOST_COMPLAINTS = 20, BODY_BYTES = 1 << 20, WINDOW_AGE_DAYS = 35 };

struct input {
    const char *name;
    FILE *file;
    bool window; /* of snapshots: they show some of what was there */
};

/* A line, without its words: they are read again when their day comes. */
struct sighting {
    const struct input *input;
    off_t at;
    size_t line;
    struct str source, id;
    int64_t first, last;
};

struct import {
    struct cli *cli;
    struct store *s;
    struct import_totals totals;
    struct input *inputs;
    size_t n_inputs;
    struct {
        struct sighting *items;
        size_t n, cap;
    } all;
    struct arena page; /* one line's words */
    char *text;
    size_t cap;
};

static void release(struct import *im)
{
    for (size_t i = 0; i < im->n_inputs; i++)
        file_close(&im->inputs[i].file);
    arena_free(&im->page);
    free(im->text);
}

static void complain(struct import *im, const struct sighting *at, const char *why)
{
    struct diag d = { 0 };

    if (im->totals.refused++ >= MOST_COMPLAINTS)
        return;
    diag_fail(&d, ERR_FORMAT, "%s:%zu: %s", at->input->name, at->line, why);
    cli_complain(im->cli, &d);
}

/* The next line of a file, without its end; false at the end of the file. */
static bool next_line(struct import *im, FILE *f, struct str *ret)
{
    ssize_t n = getline(&im->text, &im->cap, f);

    if (n < 0)
        return false;
    *ret = str_trim((struct str){ im->text, (size_t)n });
    return true;
}

/* Its times and its source: what is not stated was seen now, in this file. */
static const char *judge(struct import *im, const struct posting_line *p, struct sighting *io)
{
    const char *slash = strrchr(io->input->name, '/');
    struct str file = str_of(slash ? slash + 1 : io->input->name);
    int64_t now = im->cli->now;

    io->first = p->first_seen ? p->first_seen : p->last_seen ? p->last_seen : now;
    io->last = p->last_seen ? p->last_seen : io->first;
    if (io->last < io->first)
        return "last_seen is before first_seen";
    if (io->last > now)
        return "it was seen in the future";
    if (!p->listing.title.n)
        return "a posting without a title";
    io->id = str_dup(im->cli->run, p->listing.native_id);
    io->source = str_printf(im->cli->run, "import:" STR_FMT,
                            STR_ARG(p->source.n ? p->source : str_cut(&file, '.')));
    return NULL;
}

static int survey(struct import *im, const struct input *in, struct diag *d)
{
    struct sighting at = { .input = in };
    struct str line;

    for (at.at = ftello(in->file); next_line(im, in->file, &line); at.at = ftello(in->file)) {
        struct posting_line p;
        struct diag why = { 0 };
        const char *wrong;

        at.line++;
        if (!line.n)
            continue;
        arena_reset(&im->page);
        wrong = posting_line_read(line, &im->page, &p, &why) ? why.text : judge(im, &p, &at);
        if (wrong)
            complain(im, &at, wrong);
        else
            *ARENA_PUSH(im->cli->run, &im->all) = at;
    }
    return ferror(in->file) ? diag_fail(d, ERR_IO, "%s: %s", in->name, strerror(errno)) : 0;
}

/* Standard input can be read once only, so it is put aside. */
static FILE *spool(FILE *from)
{
    FILE *to = tmpfile();
    char part[65536];
    size_t n;

    while (to && (n = fread(part, 1, sizeof(part), from)) > 0)
        if (fwrite(part, 1, n, to) != n)
            break;
    if (to && (ferror(from) || ferror(to) || fseeko(to, 0, SEEK_SET)))
        file_close(&to);
    return to;
}

/* Snapshots are put aside as the posting lines that they hold; other lines stay what they are. */
static int unfold(struct import *im, struct input *in, struct diag *d)
{
    CLEANUP(buf_release) struct buf lines = { 0 };
    CLEANUP(file_close) FILE *to = NULL;
    struct str line;

    while (next_line(im, in->file, &line)) {
        struct diag why = { 0 };
        int r;

        arena_reset(&im->page);
        lines.n = 0;
        r = posting_snapshot(line, &im->page, &lines, &why);
        if (r == SNAPSHOT_NONE && !to && line.n)
            break;
        if (r < 0)
            return diag_fail(d, r, "%s: %s", in->name, why.text);
        if (r == SNAPSHOT_NONE) {
            buf_add(&lines, line);
            buf_add_byte(&lines, '\n');
        }
        if (!to && !(to = tmpfile()))
            return diag_fail(d, ERR_IO, "%s: %s", in->name, strerror(errno));
        if (fwrite(lines.p, 1, lines.n, to) != lines.n)
            return diag_fail(d, ERR_IO, "%s: %s", in->name, strerror(errno));
    }
    if (to) {
        file_close(&in->file);
        in->file = to;
        to = NULL;
        in->window = true;
        in->name = str_printf(im->cli->run, "%s, posting", in->name).p;
    }
    return fseeko(in->file, 0, SEEK_SET) ? diag_fail(d, ERR_IO, "%s: %s", in->name, strerror(errno))
                                         : 0;
}

static int open_inputs(struct import *im, const struct strs *files, struct diag *d)
{
    im->inputs = ARENA_NEW(im->cli->run, struct input, files->n);
    for (size_t i = 0; i < files->n; i++) {
        struct input *in = &im->inputs[im->n_inputs];
        bool piped = str_eq(files->items[i], STR("-"));
        int r;

        in->name = piped ? "standard-input" : str_cstr(im->cli->run, files->items[i]);
        in->file = piped ? spool(stdin) : fopen(in->name, "re");
        if (!in->file)
            return diag_fail(d, ERR_IO, "%s: %s", in->name, strerror(errno));
        im->n_inputs++;
        r = unfold(im, in, d);
        if (r)
            return r;
    }
    return 0;
}

static int by_source_and_time(const void *pa, const void *pb)
{
    const struct sighting *a = pa, *b = pb;
    int by_source = str_cmp(a->source, b->source);

    if (by_source)
        return by_source;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->input != b->input)
        return a->input < b->input ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static int by_time(const void *pa, const void *pb)
{
    int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;

    return a < b ? -1 : a > b;
}

/* The last moment of each day on which somebody looked. */
static size_t days_of(struct arena *a, const struct sighting *s, size_t n, int64_t **ret)
{
    int64_t *times = ARENA_NEW(a, int64_t, 2 * n);
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        times[2 * i] = s[i].first;
        times[2 * i + 1] = s[i].last;
    }
    qsort(times, 2 * n, sizeof(*times), by_time);
    for (size_t i = 0; i < 2 * n; i++) {
        if (kept && day_of(times[kept - 1]) == day_of(times[i]))
            kept--;
        times[kept++] = times[i];
    }
    *ret = times;
    return kept;
}

static int record_line(struct import *im, int64_t reading, const struct sighting *at,
                       struct str line, struct hash body, int64_t when, struct diag *d)
{
    struct posting_line p;
    char hex[HASH_HEX];
    int r;

    arena_reset(&im->page);
    r = posting_line_read(line, &im->page, &p, d);
    if (r)
        return r;
    hash_hex(hash_of(line), hex);
    r = store_put_listing(im->s, reading, at->source, &p.listing, str_of(hex), body, when, d);
    im->totals.postings += r == STORE_NEW;
    return r < 0 ? r : 0;
}

static int add_line(struct import *im, const struct sighting *at, struct buf *to, struct diag *d)
{
    struct str line = { 0 };

    if (fseeko(at->input->file, at->at, SEEK_SET) || !next_line(im, at->input->file, &line))
        return diag_fail(d, ERR_IO, "%s:%zu: it changed while it was read", at->input->name,
                         at->line);
    buf_add(to, line);
    buf_add_byte(to, '\n');
    return 0;
}

/* The lines that begin on a day are the answer of that day: one body, as far as one may be long. */
static int record(struct import *im, int64_t reading, const struct sighting *lines, size_t n,
                  int64_t when, struct diag *d)
{
    int r = 0;

    for (size_t i = 0, k = 0; !r && i < n; i = k) {
        CLEANUP(buf_release) struct buf body = { 0 };
        struct hash name = { 0 };
        struct str rest,
            url = str_printf(im->cli->run, "import:%s:%zu", lines[i].input->name, lines[i].line);

        for (; !r && k < n && body.n < BODY_BYTES; k++)
            r = add_line(im, &lines[k], &body, d);
        rest = buf_str(&body);
        if (!r)
            r = store_put_body(im->s, reading, url, rest, when, &name, d);
        for (size_t l = i; !r && l < k; l++)
            r = record_line(im, reading, &lines[l], str_cut(&rest, '\n'), name, when, d);
    }
    return r;
}

struct source_import {
    const struct sighting *lines;
    size_t n, next; /* next: the first that has not begun */
    const struct sighting **seen;
    size_t n_seen; /* on the day at hand */
};

static int begin_lines(struct import *im, struct source_import *si, int64_t reading, int64_t when,
                       struct diag *d)
{
    size_t from = si->next;

    for (; si->next < si->n && si->lines[si->next].first <= when; si->next++)
        si->seen[si->n_seen++] = &si->lines[si->next];
    return reading ? record(im, reading, &si->lines[from], si->next - from, when, d) : 0;
}

static void end_lines(struct source_import *si, int64_t when)
{
    size_t kept = 0;

    for (size_t i = 0; i < si->n_seen; i++)
        if (si->seen[i]->last > when)
            si->seen[kept++] = si->seen[i];
    si->n_seen = kept;
}

static int end_import(struct import *im, int64_t reading, const struct str *ids, size_t n,
                      int64_t when, bool window, struct diag *d)
{
    struct verdict_in in = { .outcome = "complete",
                             .proof = window ? "imported: what a search showed, not all there was"
                                             : "imported: what the file says was there",
                             .error = "",
                             .advertised = -1,
                             .window = window,
                             .max_age_s = window ? (int64_t)WINDOW_AGE_DAYS * DAY_SECONDS : 0,
                             .imported = true };
    struct verdict verdict;
    int r;

    in.ids = ids;
    in.n_ids = n;
    in.got = (int64_t)n;
    r = store_end_reading(im->s, reading, &in, when, &verdict, d);
    if (r)
        return r;
    im->totals.days++;
    im->totals.closed += verdict.closed;
    return 0;
}

/* What was seen on a day, as the complete reading of a list that it was. */
static int import_day(struct import *im, struct source_import *si, int64_t when, struct diag *d)
{
    int64_t reading;
    struct str *ids;
    int r = store_begin_reading(im->s, si->lines->source, when, &reading, d);

    if (!r)
        r = begin_lines(im, si, reading, when, d);
    if (r)
        return r;
    arena_reset(&im->page);
    ids = ARENA_NEW(&im->page, struct str, si->n_seen + 1);
    for (size_t i = 0; i < si->n_seen; i++)
        ids[i] = si->seen[i]->id;
    r = end_import(im, reading, ids, si->n_seen, when, si->lines->input->window, d);
    end_lines(si, when);
    return r;
}

/* How many lines begin on days that this source's history is past, with postings it never had. */
static int count_late(struct import *im, const struct source_import *si, int64_t stored,
                      struct diag *d)
{
    for (size_t i = 0; i < si->n && si->lines[i].first <= stored; i++) {
        int r = store_known(im->s, si->lines[i].source, si->lines[i].id, STR(""), d);

        if (r < 0)
            return r;
        if (r == STORE_NEW)
            complain(im, &si->lines[i],
                     "this source's history is stored beyond that day: import older files first");
    }
    return 0;
}

static int put_source(struct import *im, struct str key, struct str company, struct diag *d)
{
    struct source_row row = { .key = key,
                              .adapter = STR("import"),
                              .company = company,
                              .policy = STR("off"),
                              .why_added = STR("list"),
                              .added = im->cli->now };

    im->totals.sources++;
    return store_put_source(im->s, &row, im->cli->now, d);
}

static int import_source(struct import *im, const struct sighting *lines, size_t n,
                         const struct source_state *state, struct diag *d)
{
    struct source_import si = { .lines = lines, .n = n };
    int64_t stored = state ? state->last_proven : 0, *days;
    struct arena a = ARENA_INIT;
    size_t n_days = days_of(&a, lines, n, &days);
    int r = put_source(im, lines->source, STR(""), d);

    if (!r && stored)
        r = count_late(im, &si, stored, d);
    si.seen = ARENA_NEW(&a, const struct sighting *, n);
    for (size_t i = 0; i < n_days && !r; i++) {
        if (day_of(days[i]) <= day_of(stored)) { /* imported before */
            r = begin_lines(im, &si, 0, days[i], d);
            end_lines(&si, days[i]);
            continue;
        }
        if (stop_requested()) {
            r = PIPELINE_STOPPED;
            break;
        }
        r = import_day(im, &si, days[i], d);
    }
    arena_free(&a);
    return r;
}

static int import_all(struct import *im, struct diag *d)
{
    const struct sighting *lines = im->all.items;
    struct source_state *states;
    size_t n_states, n;
    int r = store_sources(im->s, im->cli->run, &states, &n_states, d);

    if (im->all.n)
        qsort(im->all.items, im->all.n, sizeof(*im->all.items), by_source_and_time);
    for (size_t i = 0; i < im->all.n && !r; i += n) {
        for (n = 1; i + n < im->all.n && str_eq(lines[i + n].source, lines[i].source);)
            n++;
        r = import_source(im, &lines[i], n, source_state_find(states, n_states, lines[i].source),
                          d);
    }
    return r;
}

int pipeline_import(struct cli *cli, struct store *s, const struct strs *files,
                    struct import_totals *ret, struct diag *d)
{
    CLEANUP(release) struct import im = { .cli = cli, .s = s };
    int r = open_inputs(&im, files, d), flushed;

    for (size_t i = 0; i < im.n_inputs && !r; i++)
        r = survey(&im, &im.inputs[i], d);
    if (!r)
        r = import_all(&im, d);
    flushed = store_flush(s, r < 0 ? &(struct diag){ 0 } : d);
    im.totals.lines = (int64_t)im.all.n;
    *ret = im.totals;
    return r ? r : flushed;
}

static int record_answers(struct import *im, const struct import_answers *in, int64_t reading,
                          struct str key, const struct strs *files, struct diag *d)
{
    size_t most = (size_t)(in->adapter->max_body_kib ? in->adapter->max_body_kib
                                                     : im->cli->config.settings.fetch.max_body_kib);
    struct str *docs = ARENA_NEW(im->cli->run, struct str, files->n), *ids;
    struct reading_items items = { 0 };
    int r = 0;

    for (size_t i = 0; i < files->n && !r; i++) {
        struct str url = str_printf(im->cli->run, "import:" STR_FMT, STR_ARG(files->items[i]));

        r = cli_read_file(im->cli, files->items[i], most << 10, &docs[i], d);
        if (!r)
            r = store_put_body(im->s, reading, url, docs[i], in->at, NULL, d);
    }
    if (!r)
        r = adapter_try(in->adapter, in->url, docs, files->n, in->at, im->cli->run, &items, d);
    if (r)
        return r;
    ids = ARENA_NEW(im->cli->run, struct str, items.n + 1);
    for (size_t i = 0; i < items.n; i++) {
        const struct listing *l = &items.items[i].listing;

        ids[i] = l->native_id;
        r = store_put_listing(im->s, reading, key, l, STR("imported"), hash_of(docs[0]), in->at, d);
        if (r < 0)
            return r;
        im->totals.postings += r == STORE_NEW;
    }
    im->totals.lines = (int64_t)items.n;
    return end_import(im, reading, ids, items.n, in->at, false, d);
}

int pipeline_import_answers(struct cli *cli, struct store *s, const struct import_answers *in,
                            const struct strs *files, struct import_totals *ret, struct diag *d)
{
    CLEANUP(release) struct import im = { .cli = cli, .s = s };
    struct str key = str_printf(cli->run, "import:" STR_FMT, STR_ARG(in->source));
    const struct source *known = config_source(&cli->config, in->source);
    struct source_state *states;
    const struct source_state *state;
    size_t n;
    int64_t reading;
    int r = store_sources(s, cli->run, &states, &n, d);

    state = r ? NULL : source_state_find(states, n, key);
    if (state && state->last_proven >= in->at) {
        diag_fail(d, ERR_USAGE, STR_FMT ": its history is stored beyond that time", STR_ARG(key));
        diag_hint(d, "import older answers first, or under another --source");
        return ERR_USAGE;
    }
    if (!r)
        r = put_source(&im, key, known ? known->company : STR(""), d);
    if (!r)
        r = store_begin_reading(s, key, in->at, &reading, d);
    if (!r)
        r = record_answers(&im, in, reading, key, files, d);
    *ret = im.totals;
    return r ? r : store_flush(s, d);
}
