#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/sweep.h"
#include "test.h"

static struct word words_[] = {
    { .text = { "kubernetes", 10 } },
    { .text = { "k8s", 3 } },
    { .text = { "c", 1 }, .exact = true },
    { .text = { "C", 1 }, .exact = true },
    { .text = { "c++", 3 } },
    { .text = { "c#", 2 } },
    { .text = { ".net", 4 } },
    { .text = { "machine learning", 16 } },
    { .text = { "ci/cd", 5 } },
    { .text = { "feature store", 13 } },
    { .text = { "Go", 2 }, .exact = true },
    { .text = { "t-sql", 5 } },
    { .text = { "infrastructure as code", 22 } },
    { .text = { "99.9%", 5 } },
};
static const struct words words = { words_, ARRAY_LEN(words_), ARRAY_LEN(words_) };

/* The hits as "start-end word" joined by spaces. */
static struct str hits_of(const struct sweep *s, struct arena *a, struct str text, bool plain)
{
    struct text_copy copy;
    struct word_hits hits = { 0 };
    struct str all = STR("");

    text_copy_make(a, text, &copy);
    (plain ? sweep_run_plain : sweep_run)(s, copy.text, a, &hits);
    for (size_t i = 0; i < hits.n; i++)
        all =
            str_printf(a, STR_FMT "%s%u-%u " STR_FMT, STR_ARG(all), i ? ", " : "",
                       text_copy_start(&copy, hits.items[i].start),
                       text_copy_end(&copy, hits.items[i].end), STR_ARG(hits.items[i].word->text));
    return all;
}

static void finds_words_at_their_bounds(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "We run Kubernetes", "7-17 kubernetes" },
        { "k8sgpt, xk8s, k8s_", "" },
        { "K8s.", "0-3 k8s" },
        { "C, C++ and C#", "0-1 C, 3-6 c++, 11-13 c#" },
        { ".NET and ASP.NET", "0-4 .net" },
        { "Machine-Learning", "0-16 machine learning" },
        { "machine \t learning", "0-18 machine learning" },
        { "feature stores, feature storesx", "0-14 feature store" },
        { "Go go GO", "0-2 Go" },
        { "T SQL", "0-5 t-sql" },
        { "infrastructure-as-code", "0-22 infrastructure as code" },
        { "99.9% uptime", "0-5 99.9%" },
        { "\xC3\xA9k8s k8s\xC3\xA9", "" },
        { "\xE2\x80\xA2k8s\xE2\x84\xA2", "3-6 k8s" }, /* bullet, trade mark */
        { "k\xC2\xAD"
          "8s",
          "0-5 k8s" }, /* soft hyphen inside */
        { "CI\xEF\xBC\x8F"
          "CD",
          "0-7 ci/cd" }, /* full-width slash */
        { "machine\xC2\xA0learning", "0-17 machine learning" },
        { "\xF0\x9D\x97\x9E\xF0\x9D\x9F\xB4\xF0\x9D\x98\x80", "0-12 k8s" }, /* bold letters */
        { "", "" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(sweep_free) struct sweep *s = sweep_new(&words);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK_STR(hits_of(s, &a, str_of(rows[i].text), false), str_of(rows[i].want), i);
        CHECK_STR(hits_of(s, &a, str_of(rows[i].text), true), str_of(rows[i].want), i);
    }
}

/* The same text at every offset around a block of 64 bytes: both passes, no hit lost. */
static void a_block_s_edge_hides_nothing(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(sweep_free) struct sweep *s = sweep_new(&words);

    (void)state;
    for (size_t at = 1; at < 140; at++) {
        char text[200];
        struct word_hits fast = { 0 }, plain = { 0 };
        struct text_copy copy;

        memset(text, ',', sizeof(text));
        memcpy(text + at, "infrastructure as code", 22);
        text_copy_make(&a, (struct str){ text, sizeof(text) }, &copy);
        sweep_run(s, copy.text, &a, &fast);
        sweep_run_plain(s, copy.text, &a, &plain);
        CHECK_ROW(fast.n == 1 && fast.items[0].start == at && fast.items[0].end == at + 22, at);
        CHECK_ROW(plain.n == 1 && plain.items[0].start == at, at);
    }
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Any text over a small alphabet in which words collide: SIMD == scalar. */
static void simd_and_scalar_agree(void **state)
{
    static const char *const bits[] = { "k8s",     "K8S",      "C",     "++", "#",
                                        " ",       "-",        "c",     ".",  "net",
                                        "machine", "learning", "s",     "_",  "\xC3\xA9",
                                        "/",       "CI",       "CD",    "ci", "\n",
                                        "Go",      "feature",  "store", "t",  "sql" };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(sweep_free) struct sweep *s = sweep_new(&words);
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < 400; round++) {
        char text[300];
        size_t n = 0;
        struct text_copy copy;
        struct word_hits fast = { 0 }, plain = { 0 };

        while (n < 280) {
            const char *bit = bits[next_random(&seed) % ARRAY_LEN(bits)];

            memcpy(text + n, bit, strlen(bit));
            n += strlen(bit);
        }
        text_copy_make(&a, (struct str){ text, n }, &copy);
        sweep_run(s, copy.text, &a, &fast);
        sweep_run_plain(s, copy.text, &a, &plain);
        CHECK_ROW(
            fast.n == plain.n
                && (!fast.n || memcmp(fast.items, plain.items, fast.n * sizeof(*fast.items)) == 0),
            round);
    }
}

static void refuses_what_no_word_begins(void **state)
{
    static const struct {
        const char *literal;
        bool takes;
    } rows[] = {
        { "", false },  { " a", false }, { "#a", false },
        { ".a", true }, { ".", false },  { "9", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_ROW(sweep_takes(str_of(rows[i].literal)) == rows[i].takes, i);
}

RUN_TESTS(TEST(finds_words_at_their_bounds), TEST(a_block_s_edge_hides_nothing),
          TEST(simd_and_scalar_agree), TEST(refuses_what_no_word_begins))
