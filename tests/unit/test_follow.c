/* What a regex is not tried at, because of what stands behind the word, it would not have matched.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/buf.h"
#include "parsers/follow.h"
#include "parsers/normalise.h"
#include "parsers/pattern.h"
#include "parsers/words.h"
#include "shipped_rules.h"
#include "test.h"

enum { ROOM = 128 };

static const struct {
    const char *regex, *find, *text; /* which begins with the word */
    bool may;
} rows[] = {
    { "\\w+ (?:is|will be) remote", "role", "role is remote", true },
    { "\\w+ (?:is|will be) remote", "role", "role will be remote", true },
    { "\\w+ (?:is|will be) remote", "role", "role as", false },
    { "\\w+ (?:is|will be) remote", "role", "role, is", false },
    { "\\w+(?: \\([^)]*\\))? is", "role", "role (Pune) is", true },
    { "\\w+(?: \\([^)]*\\))? is", "role", "role of", false },
    { "data (?:label(?:l?ing)|tagging)\\b", "data", "data labelling", true },
    { "data (?:label(?:l?ing)|tagging)\\b", "data", "Data TAGGING", true },
    { "data (?:label(?:l?ing)|tagging)\\b", "data", "data science", false },
    { "data (?:label(?:l?ing)|tagging)\\b", "data", "data", false },
    { "on-?site[ :]+(?:[1-4]|two) days", "on-site", "on-site 3 days", true },
    { "on-?site[ :]+(?:[1-4]|two) days", "onsite", "onsite: : two days", true },
    { "on-?site[ :]+(?:[1-4]|two) days", "onsite", "onsite 5 days", false },
    { "hybrid cloud", "hybrid-cloud", "hybrid cloud", true },
    { "hybrid", "hybrid", "hybrid, or anything", true },
    { "hybrid(?! cloud)", "hybrid", "hybrid cloud", true }, /* what it looks at is not judged */
    { "(?<=ml )ops (?=now)", "ops", "ops later", true },
    { "(?i)ops(?-i:X)?y?", "ops", "ops.", true },
    { "ops [a-c]", "ops", "ops d", false },
    { "ops [^a-c]", "ops", "ops d", true },
    { "ops \\W", "ops", "ops (", true },
    { "ops \\d+ x", "ops", "ops 12 x", true },
    { "ops \\d+ x", "ops", "ops a2 x", false },
    { "ops [\\w-]{2,3}x", "ops", "ops --x", true },
    { "ops [\\w-]{2,3}x", "ops", "ops   x", false },
    { "ops(?: a){0}b", "ops", "ops b", false },
    { "ops (?:a|b)++c", "ops", "ops abc", true },
    { "ops (?:a|b)++c", "ops", "ops dbc", false },
    { "ops \\x41\\x5bz", "ops", "ops a[z", true },
    { "ops \\x41\\x5bz", "ops", "ops b[z", false },
    { "ops []a]", "ops", "ops ]", true },
    { "ops []a]", "ops", "ops b", false },
    { "ops [[:alpha:]]", "ops", "ops ?", true }, /* not understood: anything goes */
    { "ops (a)\\1", "ops", "ops ?", true },
    { "teams? of", "data-team", "data-team of", false }, /* no match begins so */
    { "data.teams of", "data team", "data teams of", true },
    { "data.teams of", "data team", "data team of", false },
    /* what stands together is told from what stands for itself */
    { "data (?:label|tag)s", "data", "data tabels", false },
    { "data(?:[ ,]+(?:and|model|feature)){0,4} pipelines?", "data", "data, model and pipeline",
      true },
    { "data(?:[ ,]+(?:and|model|feature)){0,4} pipelines?", "data", "data, model and plan", false },
    { "ship\\b[^.;\n]{0,50}\\bmodels?\\b", "ship", "ship our models", true },
    { "ship\\b[^.;\n]{0,50}\\bmodels?\\b", "ship", "ship it. models", false },
    { "a[bc]+d", "a", "abcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcx",
      true }, /* too far along */
    { "ab{2}c{3}d(?:a|b)(?:c|d)e?f", "a", "abbcccdadf", true },
};

static void what_stands_behind_the_word_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str find = str_of(rows[i].find);
        struct follow *f = follow_new(str_of(rows[i].regex), &(struct strs){ &find, 1, 1 });
        char text[ROOM] = { 0 };

        memcpy(text, rows[i].text, strlen(rows[i].text));
        CHECK_ROW((follow_ever(f) && follow_may(f, text)) == rows[i].may, i);
        free(f);
    }
}

struct proof {
    struct str text;
    size_t tried, spared, found;
};

/* Whether a sweep finds the word at `at`. */
static bool stands(struct str text, struct str word, size_t at)
{
    size_t end = at + word.n;

    return (!at || !byte_is_word(text.p[at - 1]))
           && (end == text.n || !byte_is_word(text.p[end])
               || (ascii_lower(text.p[end]) == 's' && memchr(word.p, ' ', word.n)));
}

static void prove(struct proof *p, struct str regex, const struct strs *finds)
{
    struct follow *f = follow_new(regex, finds);
    struct pattern *pattern = NULL;
    struct diag d;

    CHECK(!finds->n || !pattern_compile(&pattern, regex, PATTERN_ANCHORED, &d));
    for (size_t k = 0; k < finds->n && pattern; k++) {
        struct word_marks m;
        ptrdiff_t next;

        CHECK(!words_read(finds->items[k], &m, &d));
        for (size_t at = 0; (next = str_find_fold(str_from(p->text, at), m.text)) >= 0; at++) {
            bool may, is;

            at += (size_t)next;
            if (!stands(p->text, m.text, at))
                continue;
            may = follow_may(&f[k], p->text.p + at);
            is = pattern_find(pattern, p->text, at, NULL, &d) == PATTERN_FOUND;
            CHECK(may || !is);
            p->tried++;
            p->spared += !may;
            p->found += is;
        }
    }
    pattern_free(&pattern);
    free(f);
}

static void add_all(struct buf *to, const struct strs *sentences)
{
    for (size_t i = 0; i < sentences->n; i++) {
        buf_add(to, sentences->items[i]);
        buf_add_byte(to, '\n');
    }
}

static void no_shipped_regex_misses_what_it_matches(void **state)
{
    struct arena a = { 0 };
    struct config config;
    const struct rule_set *r = shipped_rules(&a, &config);
    struct buf all = { 0 };
    struct text_copy copy;
    struct proof p = { 0 };

    (void)state;
    for (size_t i = 0; i < r->skills.n; i++) {
        add_all(&all, &r->skills.items[i].yes);
        add_all(&all, &r->skills.items[i].no);
    }
    for (size_t i = 0; i < r->modes.n; i++) {
        add_all(&all, &r->modes.items[i].yes);
        add_all(&all, &r->modes.items[i].no);
    }
    text_copy_make(&a, buf_str(&all), &copy);
    p.text = copy.text;
    for (size_t i = 0; i < r->skills.n; i++)
        for (size_t k = 0; k < r->skills.items[i].regex.n; k++)
            prove(&p, r->skills.items[i].regex.items[k], &r->skills.items[i].find);
    for (size_t i = 0; i < r->modes.n; i++)
        prove(&p, r->modes.items[i].regex, &r->modes.items[i].find);
    for (size_t i = 0; i < r->cues.n; i++)
        prove(&p, r->cues.items[i].regex, &r->cues.items[i].find);
    CHECK(p.found > 500);
    CHECK(p.spared * 5 > p.tried * 3);
    buf_release(&all);
    arena_free(&a);
}

RUN_TESTS(TEST(what_stands_behind_the_word_decides), TEST(no_shipped_regex_misses_what_it_matches))
