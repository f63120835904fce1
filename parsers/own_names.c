#include "parsers/own_names.h"

#include "core/arena.h"
#include "parsers/words.h"

/* What may follow an employer's name without being part of another's. */
static bool is_company_suffix(struct str s)
{
    static const char *const words[] = { "inc",         "ltd",     "llc",          "llp",
                                         "pvt",         "private", "limited",      "corp",
                                         "corporation", "gmbh",    "ag",           "co",
                                         "india",       "labs",    "technologies", "technology",
                                         "software",    "systems", "solutions",    "ai",
                                         "io",          "com",     "group" };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq_fold(s, str_of(words[i])))
            return true;
    return false;
}

static bool only_suffixes(struct str rest)
{
    while (rest.n) {
        size_t n = 0;

        while (n < rest.n && byte_is_word(rest.p[n]))
            n++;
        if (n && !is_company_suffix(str_slice(rest, 0, n)))
            return false;
        rest = str_from(rest, n ? n : 1);
    }
    return true;
}

struct strs own_names(const struct sweep *sweep, struct str company, struct arena *a)
{
    struct text_copy copy;
    struct word_hits hits[LIST_COUNT] = { 0 };
    const struct word_hits *names = &hits[LIST_SKILLS];
    struct strs own = { 0 };

    text_copy_make(a, company, &copy);
    sweep_run(sweep, copy.text, a, hits);
    for (size_t i = 0; i < names->n && !names->items[i].start; i++)
        if (only_suffixes(str_from(copy.text, names->items[i].end)))
            *ARENA_PUSH(a, &own) = str_slice(copy.text, 0, names->items[i].end);
    return own;
}
