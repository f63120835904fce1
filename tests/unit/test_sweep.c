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

/* A sweep of the words, each owned by its place among them. */
static struct sweep *sweep_of_words(void)
{
    struct words words = { words_, ARRAY_LEN(words_), ARRAY_LEN(words_) };

    for (uint32_t i = 0; i < ARRAY_LEN(words_); i++)
        words_[i].use.owner = i;
    return sweep_new(&words);
}

/* The hits as "start-end word" joined by spaces. */
static struct str hits_of(const struct sweep *s, struct arena *a, struct str text)
{
    struct text_copy copy;
    struct word_hits hits = { 0 };
    struct str all = STR("");

    text_copy_make(a, text, &copy);
    sweep_run(s, copy.text, a, &hits);
    for (size_t i = 0; i < hits.n; i++)
        all = str_printf(a, STR_FMT "%s%u-%u " STR_FMT, STR_ARG(all), i ? ", " : "",
                         text_copy_start(&copy, hits.items[i].start),
                         text_copy_end(&copy, hits.items[i].end),
                         STR_ARG(words_[hits.items[i].use.owner].text));
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
    CLEANUP(sweep_free) struct sweep *s = sweep_of_words();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_STR(hits_of(s, &a, str_of(rows[i].text)), str_of(rows[i].want), i);
}

/* The same text at every offset around a block of 64 bytes: no hit lost. */
static void a_block_s_edge_hides_nothing(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(sweep_free) struct sweep *s = sweep_of_words();

    (void)state;
    for (size_t at = 1; at < 140; at++) {
        char text[200];
        struct word_hits hits = { 0 };
        struct text_copy copy;

        memset(text, ',', sizeof(text));
        memcpy(text + at, "infrastructure as code", 22);
        text_copy_make(&a, (struct str){ text, sizeof(text) }, &copy);
        sweep_run(s, copy.text, &a, &hits);
        CHECK_ROW(hits.n == 1 && hits.items[0].start == at && hits.items[0].end == at + 22, at);
    }
}

/* Rules share literals, and of one first token short and long ones may stand at one place. */
static void each_word_of_a_place_is_named_once_in_order_of_its_use(void **state)
{
    static struct word shared[] = {
        { .text = { "data", 4 }, .use.owner = 4 },
        { .text = { "data pipeline", 13 }, .use.owner = 0 },
        { .text = { "data", 4 }, .use.owner = 1 },
        { .text = { "data lake", 9 }, .use.owner = 3 },
        { .text = { "data", 4 }, .use.owner = 2 },
        { .text = { "Data", 4 }, .exact = true, .use.owner = 5 },
    };
    static const struct words all = { shared, ARRAY_LEN(shared), ARRAY_LEN(shared) };
    static const struct {
        const char *text, *owners;
    } rows[] = { { "data pipelines", "0124" }, { "Data Lake", "12345" }, { "data-lakes", "1234" } };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(sweep_free) struct sweep *s = sweep_new(&all);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str owners = STR("");
        struct word_hits hits = { 0 };
        struct text_copy copy;

        text_copy_make(&a, str_of(rows[i].text), &copy);
        sweep_run(s, copy.text, &a, &hits);
        for (size_t k = 0; k < hits.n; k++)
            owners = str_printf(&a, STR_FMT "%u", STR_ARG(owners), hits.items[k].use.owner);
        CHECK_STR(owners, str_of(rows[i].owners), i);
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
          TEST(each_word_of_a_place_is_named_once_in_order_of_its_use),
          TEST(refuses_what_no_word_begins))
