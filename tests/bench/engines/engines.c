/*
 * engines CONFIG NOTHING
 *
 * Which skills an ad may name (by an alias, or by a regex where its `find` stands), ad by ad over
 * ROLETIDE_CORPUS: by PCRE2 rule by rule, which is the meaning; by the sweep, with the regexes
 * tried where they may begin; and by RE2::Set and Vectorscan where they were built in. Those are
 * given the aliases, and each regex that they take, else its finds; what they find of a regex PCRE2
 * confirms. Every engine must name the same skills of every ad. MB/s of one thread's processor
 * time, the median of some rounds; PCRE2 runs once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config/config.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "engines/peer.h"
#include "engines/word_pattern.h"
#include "parsers/normalise.h"
#include "parsers/pattern.h"
#include "parsers/posting_line.h"
#include "parsers/words.h"

enum { ROUNDS = 5, PEERS_MOST = 2, SKIPPED = 77 };

/* A skill: the regex of its aliases, and its own where one of its finds stands. */
struct rule {
    struct pattern *aliases;
    struct pattern **at_finds;
    struct pattern **anchored; /* the same, tried at one place */
    size_t n;
};

struct set {
    uint64_t bits[16];
};

struct bench {
    struct arena arena, page;
    struct config config;
    struct rule *rules;
    size_t n;
    struct words words; /* owner: the skill; part: its regex, of a find */
    struct sweep *sweep;
    struct {
        struct asked {
            uint32_t skill;
            struct pattern *confirm;     /* NULL: what is found is so */
            const char *regex, *instead; /* for who takes it, and for who does not */
        } * items;
        size_t n, cap;
    } asked; /* of peers */
    struct {
        const struct peer *peer;
        void *engine;
    } peers[PEERS_MOST];
    size_t n_peers;
    struct {
        struct str *items; /* copies, padded */
        size_t n, cap;
    } ads;
    size_t bytes;
};

static void add_bit(struct set *s, size_t i)
{
    s->bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static bool has_bit(const struct set *s, size_t i)
{
    return s->bits[i / 64] >> (i % 64) & 1;
}

static void release_rules(struct bench *b)
{
    for (size_t i = 0; i < b->n; i++) {
        pattern_free(&b->rules[i].aliases);
        for (size_t k = 0; k < b->rules[i].n; k++) {
            pattern_free(&b->rules[i].at_finds[k]);
            pattern_free(&b->rules[i].anchored[k]);
        }
    }
}

static void release(struct bench *b)
{
    for (size_t i = 0; i < b->n_peers; i++)
        b->peers[i].peer->close(b->peers[i].engine);
    release_rules(b);
    sweep_free(&b->sweep);
    arena_free(&b->arena);
    arena_free(&b->page);
}

/* Any of the literals, as whole words. */
static struct str any_of(struct bench *b, const struct words *words, enum dialect dialect)
{
    CLEANUP(buf_release) struct buf to = { 0 };

    word_pattern_begin(&to, dialect);
    buf_add(&to, STR("(?:"));
    for (size_t i = 0; i < words->n; i++) {
        if (i)
            buf_add_byte(&to, '|');
        word_pattern_literal(&to, &words->items[i]);
    }
    buf_add_byte(&to, ')');
    word_pattern_end(&to, dialect);
    return buf_take(&to, &b->arena);
}

static int read_words(struct bench *b, const struct strs *marked, enum word_kind kind,
                      struct words *ret, struct diag *d)
{
    int err = 0;

    for (size_t i = 0; i < marked->n && !err; i++)
        err = words_add(&b->arena, ret, marked->items[i], kind, 0, 0, d);
    return err;
}

static void sweep_words(struct bench *b, const struct words *words, uint32_t owner, uint16_t part)
{
    for (size_t i = 0; i < words->n; i++) {
        struct word w = words->items[i];

        w.use.owner = owner;
        w.use.part = part;
        *ARENA_PUSH(&b->arena, &b->words) = w;
    }
}

static void ask_peers(struct bench *b, uint32_t skill, struct pattern *confirm, struct str regex,
                      struct str instead)
{
    *ARENA_PUSH(&b->arena, &b->asked) =
        (struct asked){ skill, confirm, str_cstr(&b->arena, regex), str_cstr(&b->arena, instead) };
}

static int add_regex(struct bench *b, uint32_t i, uint16_t k, const struct words *finds,
                     struct diag *d)
{
    struct str regex = b->config.rules.skills.items[i].regex.items[k];
    struct str there = any_of(b, finds, LOOKS_AROUND);
    struct rule *r = &b->rules[i];
    int err = pattern_compile(&r->anchored[k], regex, PATTERN_ANCHORED, d);

    if (!err)
        err = pattern_compile(&r->at_finds[k],
                              str_printf(&b->arena, "(?=(?-i:" STR_FMT "))(?:" STR_FMT ")",
                                         STR_ARG(there), STR_ARG(regex)),
                              0, d);
    r->n++;
    sweep_words(b, finds, i, k);
    ask_peers(
        b, i, r->at_finds[k],
        str_printf(&b->arena, "(?:^|[^A-Za-z0-9_\\x80-\\xff])(?i:" STR_FMT ")", STR_ARG(regex)),
        any_of(b, finds, CONSUMES));
    return err;
}

static int add_rule(struct bench *b, uint32_t i, struct diag *d)
{
    const struct skill_rule *s = &b->config.rules.skills.items[i];
    struct rule *r = &b->rules[i];
    struct words aliases = { 0 }, finds = { 0 };
    int err = read_words(b, &s->aliases, WORD_ALIAS, &aliases, d);

    if (!err)
        err = read_words(b, &s->find, WORD_FIND, &finds, d);
    if (!err && aliases.n)
        err = pattern_compile(&r->aliases, any_of(b, &aliases, LOOKS_AROUND), PATTERN_CASE, d);
    r->at_finds = ARENA_NEW(&b->arena, struct pattern *, s->regex.n + 1);
    r->anchored = ARENA_NEW(&b->arena, struct pattern *, s->regex.n + 1);
    for (uint16_t k = 0; k < s->regex.n && !err; k++)
        err = add_regex(b, i, k, &finds, d);
    if (err)
        return err;
    sweep_words(b, &aliases, i, 0);
    if (aliases.n)
        ask_peers(b, i, NULL, any_of(b, &aliases, CONSUMES), STR(""));
    return 0;
}

static void open_peer(struct bench *b, const struct peer *peer)
{
    const char **patterns = ARENA_NEW(&b->arena, const char *, b->asked.n);
    size_t n_taken = 0;
    void *engine;

    for (size_t i = 0; i < b->asked.n; i++) {
        const struct asked *q = &b->asked.items[i];
        bool taken = peer->takes(q->regex);

        n_taken += taken;
        patterns[i] = taken ? q->regex : q->instead;
    }
    engine = peer->open(patterns, b->asked.n);
    if (!engine)
        return;
    printf("%s takes %zu of %zu patterns\n", peer->name, n_taken, b->asked.n);
    b->peers[b->n_peers].peer = peer;
    b->peers[b->n_peers++].engine = engine;
}

static void open_peers(struct bench *b)
{
#ifdef HAVE_VECTORSCAN
    open_peer(b, &peer_vectorscan);
#else
    fprintf(stderr, "SKIP: built without Vectorscan (libvectorscan-dev)\n");
#endif
#ifdef HAVE_RE2
    open_peer(b, &peer_re2);
#else
    fprintf(stderr, "SKIP: built without RE2 (libre2-dev)\n");
#endif
}

static int load(struct bench *b, const char *shipped, const char *nothing, struct diag *d)
{
    struct config_options options = { .shipped = shipped, .path = nothing };
    int err = config_load(&b->arena, &options, &b->config, d);

    if (err)
        return err;
    b->n = b->config.rules.skills.n;
    b->rules = ARENA_NEW(&b->arena, struct rule, b->n);
    for (uint32_t i = 0; i < b->n && !err; i++)
        err = add_rule(b, i, d);
    if (err)
        return err;
    if (b->asked.n > sizeof(struct set) * 8) /* a bit a skill, and a bit a question */
        return diag_fail(d, ERR_LIMIT, "more rules than a set of this bench holds");
    b->sweep = sweep_new(&b->words);
    open_peers(b);
    return 0;
}

/* The copies of the ads' texts, which is what every engine reads. */
static int read_ads(struct bench *b, const char *path, struct diag *d)
{
    CLEANUP(file_close) FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    int err = 0;

    while (f && !err && (n = getline(&line, &cap, f)) > 0) {
        struct posting_line p;
        struct text_copy copy;
        char *kept;

        err = posting_line_read((struct str){ line, (size_t)n }, &b->page, &p, d);
        if (err)
            continue;
        text_copy_make(&b->page, p.listing.text, &copy);
        kept = arena_alloc(&b->arena, copy.text.n + COPY_PADDING, 1);
        if (copy.text.n)
            memcpy(kept, copy.text.p, copy.text.n);
        *ARENA_PUSH(&b->arena, &b->ads) = (struct str){ kept, copy.text.n };
        b->bytes += copy.text.n;
        arena_reset(&b->page);
    }
    free(line);
    return err || b->ads.n ? err : diag_fail(d, ERR_IO, "%s: no ads", path);
}

static bool regex_stands(const struct rule *r, struct str text)
{
    for (size_t k = 0; k < r->n; k++)
        if (pattern_matches(r->at_finds[k], text))
            return true;
    return false;
}

static void by_pcre(struct bench *b, size_t unused, struct str text, struct set *ret)
{
    (void)unused;
    for (size_t i = 0; i < b->n; i++)
        if ((b->rules[i].aliases && pattern_matches(b->rules[i].aliases, text))
            || regex_stands(&b->rules[i], text))
            add_bit(ret, i);
}

static void by_sweep(struct bench *b, size_t unused, struct str text, struct set *ret)
{
    struct word_hits hits = { 0 };

    (void)unused;
    arena_reset(&b->page);
    sweep_run(b->sweep, text, &b->page, &hits);
    for (size_t i = 0; i < hits.n; i++) {
        const struct word_hit *h = &hits.items[i];

        if (has_bit(ret, h->use.owner))
            continue;
        if (h->use.kind != WORD_FIND
            || pattern_find(b->rules[h->use.owner].anchored[h->use.part], text, h->start, NULL,
                            NULL)
                   == PATTERN_FOUND)
            add_bit(ret, h->use.owner);
    }
}

static void by_peer(struct bench *b, size_t which, struct str text, struct set *ret)
{
    struct set may = { 0 };

    b->peers[which].peer->find(b->peers[which].engine, text.p, text.n, may.bits);
    for (size_t w = 0; w < ARRAY_LEN(may.bits); w++)
        for (uint64_t left = may.bits[w]; left; left &= left - 1) {
            const struct asked *q = &b->asked.items[64 * w + (size_t)__builtin_ctzll(left)];

            if (!has_bit(ret, q->skill) && (!q->confirm || pattern_matches(q->confirm, text)))
                add_bit(ret, q->skill);
        }
}

/* Not an engine: how fast the sweep's filters alone are. */
static void by_filter(struct bench *b, size_t unused, struct str text, struct set *ret)
{
    (void)unused;
    arena_reset(&b->page);
    ret->bits[0] += sweep_filter(b->sweep, text, &b->page);
}

typedef void engine_fn(struct bench *b, size_t which, struct str text, struct set *ret);

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double run(struct bench *b, engine_fn *engine, size_t which, struct set *ret)
{
    double from = seconds();

    memset(ret, 0, b->ads.n * sizeof(*ret));
    for (size_t i = 0; i < b->ads.n; i++)
        engine(b, which, b->ads.items[i], &ret[i]);
    return (double)b->bytes / 1e6 / (seconds() - from);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* How many pairs of ad and skill `got` has too few and too many. */
static size_t compare(const struct bench *b, const struct set *want, const struct set *got)
{
    size_t pairs = 0, missing = 0, extra = 0;

    for (size_t i = 0; i < b->ads.n; i++)
        for (size_t k = 0; k < b->n; k++) {
            bool w = has_bit(&want[i], k), g = has_bit(&got[i], k);

            pairs += w;
            missing += w && !g;
            extra += g && !w;
        }
    printf(", %zu of %zu found: %zu missing, %zu extra\n", pairs - missing, pairs, missing, extra);
    return missing + extra;
}

/* One core measures all engines in turn, round by round, so that a neighbour's load meets each. */
static int measure(struct bench *b)
{
    struct {
        const char *name;
        engine_fn *run;
        size_t which;
        double speed[ROUNDS];
    } all[3 + PEERS_MOST] = { { "PCRE2 rule by rule", by_pcre, 0, { 0 } },
                              { "the sweep", by_sweep, 0, { 0 } },
                              { "its filters alone", by_filter, 0, { 0 } } };
    struct set *want = ARENA_NEW(&b->arena, struct set, b->ads.n);
    struct set *got = ARENA_NEW(&b->arena, struct set, b->ads.n);
    size_t n = 3, wrong = 0;

    for (size_t i = 0; i < b->n_peers; i++, n++) {
        all[n].name = b->peers[i].peer->name;
        all[n].which = i;
        all[n].run = by_peer;
    }
    for (size_t r = 0; r < ROUNDS; r++)
        for (size_t i = 0; i < n; i++)
            all[i].speed[r] =
                !i && r ? all[i].speed[0] : run(b, all[i].run, all[i].which, i ? got : want);
    printf("%zu skills, %zu words, %zu ads, %.1f MB\n", b->n, b->words.n, b->ads.n,
           (double)b->bytes / 1e6);
    for (size_t i = 0; i < n; i++) {
        qsort(all[i].speed, ROUNDS, sizeof(double), by_value);
        printf("%-18s %7.1f MB/s, %6.2f x PCRE2, the sweep is %5.2f x", all[i].name,
               all[i].speed[ROUNDS / 2], all[i].speed[ROUNDS / 2] / all[0].speed[ROUNDS / 2],
               all[1].speed[ROUNDS / 2] / all[i].speed[ROUNDS / 2]);
        if (all[i].run == by_pcre || all[i].run == by_filter) {
            putchar('\n');
            continue;
        }
        run(b, all[i].run, all[i].which, got);
        wrong += compare(b, want, got);
    }
    return wrong ? 1 : 0;
}

int main(int argc, char **argv)
{
    CLEANUP(release) struct bench b = { 0 };
    const char *corpus = getenv("ROLETIDE_CORPUS");
    struct diag d = { 0 };

    if (argc != 3)
        return 2;
    if (!corpus) {
        fprintf(stderr, "SKIP: ROLETIDE_CORPUS names no file of JSON lines\n");
        return SKIPPED;
    }
    if (load(&b, argv[1], argv[2], &d) || read_ads(&b, corpus, &d)) {
        fprintf(stderr, "%s\n", d.text);
        return 1;
    }
    return measure(&b);
}
