#include <string.h>

#include "parsers/experience_parts.h"
#include "parsers/scan.h"

/* Years that alternatives ask for: by degree, or instead of one. */

enum {
    NEXT_WITHIN = 34,    /* from "or" to its number, at most */
    DEGREES_WITHIN = 90, /* between the numbers of one list of degrees */
    DEGREE_YEARS = 20    /* no list of degrees asks for more */
};

const char *const years_degree_words[] = { "bachelor~",
                                           "master~",
                                           "phd",
                                           "ph.d~",
                                           "doctora~",
                                           "b.s.",
                                           "bs",
                                           "ms",
                                           "m.s.",
                                           "b.tech",
                                           "m.tech",
                                           "btech",
                                           "mtech",
                                           "mba",
                                           "undergraduate",
                                           "graduate degree",
                                           "bsc",
                                           "msc",
                                           "diploma",
                                           "m.s",
                                           "advanced degree",
                                           NULL };

static const char *const fillers[] = { "at",   "least", "a",    "an",   "minimum",    "min", "of",
                                       "with", "over",  "more", "than", "equivalent", "the", NULL };

/* Past the words and marks that say nothing between "or" and what it introduces. */
static size_t skip_fillers(struct str s, size_t at)
{
    for (const char *word; at < s.n;) {
        word = scan_one_of(s, at, fillers);
        if (word)
            at += scan_word_size(word);
        else if (memchr(" ,:(*-\n", s.p[at], 7))
            at++;
        else
            break;
    }
    return at;
}

bool years_open_with_degree(struct str before)
{
    static const char *const joins[] = { "or", "and", NULL };
    size_t at = skip_fillers(before, 0);

    if (scan_one_of(before, at, joins))
        at = skip_fillers(before, scan_blanks(before, at + scan_word_size("or")));
    return scan_one_of(before, at, years_degree_words) != NULL;
}

bool years_are_alternatives(struct str between)
{
    static const char *const ors[] = { "or", NULL };
    static const char *const instead[] = { "in lieu",        "in place of", "without a degree",
                                           "without degree", "option 2",    "option b",
                                           "option 3",       "no degree",   NULL };
    struct str rest = between;

    if (scan_any(between, instead))
        return true;
    for (ptrdiff_t at; (at = scan_first(rest, ors)) >= 0;) {
        size_t next;

        rest = str_from(rest, (size_t)at + 2);
        next = skip_fillers(rest, 0);
        if (next == rest.n)
            return rest.n <= NEXT_WITHIN;
        if (scan_one_of(rest, next, years_degree_words)
            && scan_sentence_end(rest, next, rest.n) == rest.n)
            return true;
    }
    return false;
}

/* Whether a degree ends right before `at`, but for what joins it to its years: "PhD and 5". */
static bool degree_ends_at(struct str s, size_t at)
{
    static const char *const joins[] = { "and", "with", "plus", "degree", NULL };
    size_t start = scan_sentence_start(s, at, NEXT_WITHIN);
    struct str w = str_slice(s, start, at);

    for (ptrdiff_t found; (found = scan_first(w, years_degree_words)) >= 0;) {
        size_t p = (size_t)found;

        while (p < w.n && (ascii_is_alpha(w.p[p]) || w.p[p] == '.' || w.p[p] == '\''))
            p++;
        for (const char *word; p < w.n;) {
            word = scan_one_of(w, p, joins);
            if (!word && !memchr(" +,:-", w.p[p], 5))
                break;
            p += word ? scan_word_size(word) : 1;
        }
        if (p == w.n)
            return true;
        w = str_from(w, (size_t)found + 1);
    }
    return false;
}

bool years_of_degree(struct str s, const struct years_span *span, size_t at, size_t last)
{
    static const char *const of[] = { "with", "for", "w/", NULL };
    size_t p = scan_blanks(s, span->end);
    const char *word = scan_one_of(s, p, of);

    if (!ascii_is_digit(s.p[at]) || span->low < 1 || span->low > DEGREE_YEARS
        || at - last > DEGREES_WITHIN)
        return false;
    return degree_ends_at(s, at)
           || (word
               && scan_one_of(s, skip_fillers(s, p + scan_word_size(word)), years_degree_words));
}
