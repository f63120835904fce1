/*
 * sweep_or_pcre compare|corpus|measure CONFIG NOTHING
 *
 * compare  the sweep finds what PCRE2 finds word by word in a generated text: 0 missing, 0 extra
 * corpus   the same over the file that ROLETIDE_CORPUS names (its first megabytes)
 * measure  MB/s of the sweep, of its pass over word starts, and of PCRE2 (JIT) word by word
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config/config.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/normalise.h"
#include "parsers/pattern.h"
#include "parsers/skills.h"
#include "parsers/sweep.h"

enum {
    GENERATED_BYTES = 60000,
    CORPUS_BYTES = 3000000,
    MEASURED_BYTES = 4000000,
    PCRE_BYTES = 200000,
    SKIPPED = 77
};

struct subject {
    struct arena arena;
    struct config config;
    struct skills *skills;
    struct words words;
    struct sweep *sweep;
};

static void release(struct subject *s)
{
    sweep_free(&s->sweep);
    skills_free(&s->skills);
    arena_free(&s->arena);
}

static int load(struct subject *s, const char *shipped, const char *nothing, struct diag *d)
{
    struct config_options options = { .shipped = shipped, .path = nothing };
    const struct rule_set *r = &s->config.rules;
    int err = config_load(&s->arena, &options, &s->config, d);

    if (!err)
        err = skills_compile(&s->skills, r->skills.items, r->skills.n, d);
    if (!err)
        err = skills_add_words(s->skills, &s->arena, &s->words, d);
    for (uint32_t i = 0; !err && i < s->words.n; i++)
        s->words.items[i].use = (struct word_use){ .owner = i };
    if (!err)
        s->sweep = sweep_new(&s->words);
    return err;
}

/* The word's meaning, as sweep.h states it. */
static struct str pattern_of(const struct word *w, struct arena *a)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    bool phrase = false;

    buf_add(&b, STR("(?<![A-Za-z0-9_\\x80-\\xff])"));
    for (size_t i = 0; i < w->text.n; i++) {
        char c = w->text.p[i];

        phrase |= c == ' ' || c == '-';
        if (c == ' ' || c == '-')
            buf_add(&b, STR("[ -]"));
        else
            buf_printf(&b, "\\x%02x", (unsigned char)c);
    }
    if (phrase && !w->exact && byte_is_word(w->text.p[w->text.n - 1]))
        buf_add(&b, STR("s?"));
    buf_add(&b, STR("(?![A-Za-z0-9_\\x80-\\xff])(?!\\+\\+|#)"));
    return buf_take(&b, a);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Names among what tempts to find them wrongly: glued, cut, plural, hyphenated, in capitals. */
static struct str generate(struct subject *s, size_t bytes)
{
    static const char *const glue[] = { " ",  ", ",       "-",     "/",     "",   "_",
                                        "++", "#",        "s ",    ".",     "\n", " (",
                                        ") ", "\xC3\xA9", " the ", ".com ", "'s " };
    CLEANUP(buf_release) struct buf b = { 0 };
    uint32_t seed = 20261123;

    while (b.n < bytes) {
        struct str w = s->words.items[next_random(&seed) % s->words.n].text;
        size_t cut = next_random(&seed) % 12 ? w.n : next_random(&seed) % w.n;
        bool capitals = next_random(&seed) % 5 == 0;

        for (size_t i = 0; i < cut; i++)
            buf_add_byte(&b, capitals && ascii_is_alpha(w.p[i]) ? (char)(w.p[i] & ~0x20) : w.p[i]);
        buf_add(&b, str_of(glue[next_random(&seed) % ARRAY_LEN(glue)]));
    }
    return utf8_repair(&s->arena, buf_take(&b, &s->arena));
}

static struct str read_corpus(struct subject *s, const char *path)
{
    CLEANUP(file_close) FILE *f = fopen(path, "r");
    char *p = arena_alloc(&s->arena, CORPUS_BYTES, 1);

    return utf8_repair(&s->arena, (struct str){ p, f ? fread(p, 1, CORPUS_BYTES, f) : 0 });
}

static int by_word(const void *a, const void *b)
{
    const struct word_hit *x = a, *y = b;

    if (x->use.owner != y->use.owner)
        return x->use.owner < y->use.owner ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

static int compare_word(const struct word *w, struct str text, const struct word_hit *hits,
                        size_t n, struct arena *a, size_t *ret_wrong, struct diag *d)
{
    CLEANUP(pattern_free) struct pattern *p = NULL;
    struct pattern_match m;
    size_t at = 0, k = 0;
    int found = pattern_compile(&p, pattern_of(w, a), w->exact ? PATTERN_CASE : 0, d);

    if (found)
        return found;
    while ((found = pattern_find(p, text, at, &m, d)) == PATTERN_FOUND) {
        bool same = k < n && hits[k].start == m.start && hits[k].end == m.end;

        if (!same && !(*ret_wrong)++)
            fprintf(stderr, "\"" STR_FMT "\": pcre2 at %u-%u, sweep at %u\n", STR_ARG(w->text),
                    m.start, m.end, k < n ? hits[k].start : 0);
        k++;
        at = m.start + 1;
    }
    if (found < 0)
        return found;
    if (k < n && !(*ret_wrong)++)
        fprintf(stderr, "\"" STR_FMT "\": %zu hits too many\n", STR_ARG(w->text), n - k);
    return 0;
}

static int compare(struct subject *s, struct str text, struct diag *d)
{
    struct text_copy copy;
    struct word_hits hits = { 0 };
    size_t at = 0, wrong = 0;

    text_copy_make(&s->arena, text, &copy);
    sweep_run(s->sweep, copy.text, &s->arena, &hits);
    if (hits.n)
        qsort(hits.items, hits.n, sizeof(*hits.items), by_word);
    for (size_t i = 0; i < s->words.n; i++) {
        size_t n = 0;
        int err;

        while (at + n < hits.n && hits.items[at + n].use.owner == i)
            n++;
        err = compare_word(&s->words.items[i], copy.text, hits.items + at, n, &s->arena, &wrong, d);
        if (err)
            return err;
        at += n;
    }
    printf("%zu words, %zu bytes, %zu hits: %zu differ from PCRE2\n", s->words.n, copy.text.n,
           hits.n, wrong);
    return wrong || !hits.n ? diag_fail(d, ERR_FORMAT, "%zu differences", wrong) : 0;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Word by word, first match only: the cheapest way to ask PCRE2 for the set of words. */
static int measure_pcre(struct subject *s, struct str text, double *ret, struct diag *d)
{
    double total = 0;

    for (size_t i = 0; i < s->words.n; i++) {
        const struct word *w = &s->words.items[i];
        CLEANUP(pattern_free) struct pattern *p = NULL;
        double from;
        int r = pattern_compile(&p, pattern_of(w, &s->arena), w->exact ? PATTERN_CASE : 0, d);

        if (r)
            return r;
        from = seconds();
        r = pattern_find(p, text, 0, NULL, d);
        total += seconds() - from;
        if (r < 0)
            return r;
    }
    *ret = (double)text.n / 1e6 / total;
    return 0;
}

static int measure(struct subject *s, struct str text, struct diag *d)
{
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    struct text_copy copy;
    struct word_hits hits = { 0 };
    double from = seconds(), copied, filtered, swept, pcre;
    size_t let_through;
    int err;

    text_copy_make(&page, text, &copy);
    copied = seconds() - from;
    from = seconds();
    let_through = sweep_filter(s->sweep, copy.text);
    filtered = seconds() - from;
    from = seconds();
    sweep_run(s->sweep, copy.text, &page, &hits);
    swept = seconds() - from;
    err = measure_pcre(s, str_slice(copy.text, 0, PCRE_BYTES), &pcre, d);
    if (err)
        return err;
    printf("%zu words over %.1f MB: copy %.0f MB/s, word starts %.0f MB/s, sweep %.0f MB/s (%zu"
           " let through, %zu hits), PCRE2 word by word %.2f MB/s\n",
           s->words.n, (double)text.n / 1e6, (double)text.n / 1e6 / copied,
           (double)text.n / 1e6 / filtered, (double)text.n / 1e6 / swept, let_through, hits.n,
           pcre);
    return 0;
}

static int run(struct subject *s, const char *what, struct diag *d)
{
    const char *corpus = getenv("ROLETIDE_CORPUS");

    if (strcmp(what, "compare") == 0)
        return compare(s, generate(s, GENERATED_BYTES), d);
    if (strcmp(what, "measure") == 0)
        return measure(s, corpus ? read_corpus(s, corpus) : generate(s, MEASURED_BYTES), d);
    if (!corpus) {
        fprintf(stderr, "SKIPPED: ROLETIDE_CORPUS names no file\n");
        return SKIPPED;
    }
    return compare(s, read_corpus(s, corpus), d);
}

int main(int argc, char **argv)
{
    CLEANUP(release) struct subject s = { 0 };
    struct diag d = { 0 };
    int err;

    if (argc != 4)
        return 2;
    err = load(&s, argv[2], argv[3], &d);
    if (!err)
        err = run(&s, argv[1], &d);
    if (err < 0)
        fprintf(stderr, "%s\n", d.text);
    return err < 0 ? 1 : err;
}
