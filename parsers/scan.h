#ifndef PARSERS_SCAN_H
#define PARSERS_SCAN_H

#include "core/str.h"

/*
 * Small steps through an ad's text, shared by the readers of numbers (experience.c,
 * pay.c) and of places. Positions are bytes; nothing is copied.
 */
enum { SCAN_NO_LIMIT = 1 << 30 };

/* Past blanks, no-break and thin spaces, from `at`; not past a line break. */
size_t scan_blanks(struct str s, size_t at);

/* Back over the same, to where the last character before `at` ends. */
size_t scan_blanks_back(struct str s, size_t at);

/* The rest of scan_word(), when the first byte stands there. */
bool scan_word_rest(struct str s, size_t at, const char *word);

/* Whether `word` (lower case) stands at `at` without regard to case and ends there: no letter
 * follows. A final '~' in `word` lets any letters follow. */
static inline bool scan_word(struct str s, size_t at, const char *word)
{
    return at < s.n && ascii_lower(s.p[at]) == word[0] && scan_word_rest(s, at, word);
}

/* Without the '~'. */
static inline size_t scan_word_size(const char *word)
{
    size_t n = strlen(word);

    return n && word[n - 1] == '~' ? n - 1 : n;
}

/* Whether one of the words begins a word somewhere in s; NULL ends the list. */
bool scan_any(struct str s, const char *const *words);

/* Where the first of the words begins in s, or -1. */
ptrdiff_t scan_first(struct str s, const char *const *words);

/* The first of the words that stands at `at`; NULL: none. */
const char *scan_one_of(struct str s, size_t at, const char *const *words);

/* The bounds of the sentence around `at`, at most `reach` bytes away: a line break, a bullet or the
 * end of a sentence. */
size_t scan_sentence_start(struct str s, size_t at, size_t reach);
size_t scan_sentence_end(struct str s, size_t at, size_t reach);

/*
 * The start of a line of at most `most` bytes right above, where nothing but blanks and markup
 * stand before `at` on its own line: "Salary:" over "$90,000". Else `at`.
 */
size_t scan_line_above(struct str s, size_t at, size_t most);

/* A dash or tilde between two numbers (-, en dash, em dash, minus): the position behind it, or
 * `at`. */
size_t scan_dash(struct str s, size_t at);

/* A number in digits ("18,00,000", "4.25") or in words ("five", "twenty", "eight (8)"). */
struct number {
    double value;
    size_t end;
    bool in_words;
    bool grouped; /* has commas */
    bool indian;  /* grouped as in India: 18,00,000 */
};
bool scan_number(struct str s, size_t at, struct number *ret);

/* With what a number in words may begin (spots.h), and how it goes on behind its first letter. */
struct beginnings;
void scan_number_watch(struct beginnings *io, struct beginnings *io_rest);

#endif
