#include "parsers/scan.h"

#include <string.h>

#include "core/block.h"
#include "parsers/beginnings.h"

enum { NUMBER_DIGITS = 15 }; /* a double holds them exactly */

/* UTF-8 of the blanks and dashes that ads use. */
static const struct str blanks[] = {
    { "\xC2\xA0", 2 }, { "\xE2\x80\x89", 3 }, { "\xE2\x80\xAF", 3 }, { "\xE2\x80\x8B", 3 }
};
/* Those beyond ASCII; a hyphen and a tilde are dashes too. */
static const struct str dashes[] = { { "\xE2\x80\x93", 3 },
                                     { "\xE2\x80\x94", 3 },
                                     { "\xE2\x88\x92", 3 },
                                     { "\xE2\x80\x91", 3 },
                                     { "\xE2\x80\x92", 3 } };

/* The length of the blank at `at`, or 0. */
static size_t blank_at(struct str s, size_t at)
{
    if (s.p[at] == ' ' || s.p[at] == '\t')
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(blanks) && (unsigned char)s.p[at] >= 0x80; i++)
        if (str_starts(str_from(s, at), blanks[i]))
            return blanks[i].n;
    return 0;
}

/* The length of the blank that ends before `at` (at > 0), or 0. */
static size_t blank_before(struct str s, size_t at)
{
    if (s.p[at - 1] == ' ' || s.p[at - 1] == '\t')
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(blanks) && (unsigned char)s.p[at - 1] >= 0x80; i++)
        if (str_ends(str_slice(s, 0, at), blanks[i]))
            return blanks[i].n;
    return 0;
}

size_t scan_blanks(struct str s, size_t at)
{
    for (size_t n; at < s.n && (n = blank_at(s, at)) > 0;)
        at += n;
    return at;
}

size_t scan_blanks_back(struct str s, size_t at)
{
    for (size_t n; at > 0 && (n = blank_before(s, at)) > 0;)
        at -= n;
    return at;
}

bool scan_word_rest(struct str s, size_t at, const char *word)
{
    size_t i = 1;

    for (; word[i] && word[i] != '~'; i++)
        if (at + i >= s.n || ascii_lower(s.p[at + i]) != word[i])
            return false;
    return word[i] == '~' || at + i >= s.n || !ascii_is_alpha(s.p[at + i])
           || !ascii_is_alpha(word[i - 1]);
}

const char *scan_one_of(struct str s, size_t at, const char *const *words)
{
    char first = at < s.n ? ascii_lower(s.p[at]) : '\0';

    for (; first && *words; words++)
        if ((*words)[0] == first && scan_word_rest(s, at, *words))
            return *words;
    return NULL;
}

/* A bit for the first two letters of a word. */
static uint64_t pair(char first, char second)
{
    return UINT64_C(1) << beginnings_bit(first, second);
}

/* With which two letters the words begin; of one letter alone nothing is known. */
static uint64_t pairs_of(const char *const *words)
{
    uint64_t pairs = 0;

    for (; *words; words++)
        pairs |= (*words)[1] && (*words)[1] != '~' ? pair((*words)[0], (*words)[1]) : UINT64_MAX;
    return pairs;
}

ptrdiff_t scan_first(struct str s, const char *const *words)
{
    uint64_t pairs = pairs_of(words), before = 0; /* 1: a letter or digit ends the block before */

    for (size_t i = 0; i < s.n; i += BLOCK) {
        struct block b = block_of(s, i);
        uint64_t alnum = block_alnum(b);
        uint64_t left = ~(alnum << 1 | before);

        before = alnum >> (BLOCK - 1);
        if (s.n - i < BLOCK)
            left &= block_upto(s.n - i);
        for (; left; left &= left - 1) {
            size_t at = i + block_first(left);
            char second = at + 1 < s.n ? s.p[at + 1] : '\0';

            if (pairs & pair(s.p[at], second) && scan_one_of(s, at, words))
                return (ptrdiff_t)at;
        }
    }
    return -1;
}

bool scan_any(struct str s, const char *const *words)
{
    return scan_first(s, words) >= 0;
}

static inline bool ends_sentence(struct str s, size_t at)
{
    char c = s.p[at];

    if (c == '\n')
        return true;
    if (c == '.' || c == '!' || c == '?')
        return at + 2 < s.n && s.p[at + 1] == ' ' && at > 2
               && !(s.p[at + 2] >= 'a' && s.p[at + 2] <= 'z');
    return c == '\xE2' && str_starts(str_from(s, at), STR("\xE2\x80\xA2"));
}

/* Bytes of a block at which a sentence may end. */
static uint64_t stops(struct block b)
{
    return block_bits(
        block_or(block_or(block_or(block_is(b, '\n'), block_is(b, '.')), block_is(b, '!')),
                 block_or(block_is(b, '?'), block_is(b, '\xE2'))));
}

size_t scan_sentence_start(struct str s, size_t at, size_t reach)
{
    size_t low = at > reach ? at - reach : 0;

    while (at > low) {
        size_t from = at - low > BLOCK ? at - BLOCK : low;
        uint64_t left = stops(block_of(s, from));

        if (at - from < BLOCK)
            left &= block_upto(at - from);
        for (; left; left ^= UINT64_C(1) << block_last(left))
            if (ends_sentence(s, from + block_last(left)))
                return from + block_last(left) + 1;
        at = from;
    }
    return at;
}

size_t scan_sentence_end(struct str s, size_t at, size_t reach)
{
    size_t high = s.n - at > reach ? at + reach : s.n;

    for (; at < high; at += BLOCK)
        for (uint64_t left = stops(block_of(s, at)); left; left &= left - 1) {
            size_t end = at + block_first(left);

            if (end >= high)
                return high;
            if (ends_sentence(s, end))
                return end;
        }
    return high;
}

/* Where a blank or markup ends, going back from `at`. */
static size_t markup_back(struct str s, size_t at)
{
    while (at > 0 && memchr(" \t*_#>|[-\xA0\xC2", s.p[at - 1], 11))
        at--;
    return at;
}

size_t scan_line_above(struct str s, size_t at, size_t most)
{
    size_t end = markup_back(s, at), start;

    if (!end || s.p[end - 1] != '\n')
        return at;
    while (end > 0 && (s.p[end - 1] == '\n' || s.p[end - 1] == ' '))
        end--;
    for (start = end; start > 0 && s.p[start - 1] != '\n'; start--)
        if (end - start > most)
            return at;
    return start < end ? start : at;
}

size_t scan_dash(struct str s, size_t at)
{
    if (at < s.n && (unsigned char)s.p[at] < 0x80)
        return at + (s.p[at] == '-' || s.p[at] == '~');
    for (size_t i = 0; i < ARRAY_LEN(dashes); i++)
        if (str_starts(str_from(s, at), dashes[i]))
            return at + dashes[i].n;
    return at;
}

static const struct {
    const char *word;
    int value;
} words[] = { { "one", 1 },        { "two", 2 },       { "three", 3 },     { "four", 4 },
              { "five", 5 },       { "six", 6 },       { "seven", 7 },     { "eight", 8 },
              { "nine", 9 },       { "ten", 10 },      { "eleven", 11 },   { "twelve", 12 },
              { "thirteen", 13 },  { "fourteen", 14 }, { "fifteen", 15 },  { "sixteen", 16 },
              { "seventeen", 17 }, { "eighteen", 18 }, { "nineteen", 19 }, { "twenty", 20 },
              { "thirty", 30 },    { "forty", 40 },    { "fifty", 50 } };

void scan_number_watch(struct beginnings *io, struct beginnings *io_rest)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        beginnings_add_word(io, str_of(words[i].word));
        beginnings_add_word(io_rest, str_of(words[i].word + 1));
    }
}

static bool words_number(struct str s, size_t at, struct number *ret)
{
    char first = ascii_lower(s.p[at]), second = at + 1 < s.n ? ascii_lower(s.p[at + 1]) : ' ';

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (words[i].word[0] == first && words[i].word[1] == second
            && scan_word(s, at, words[i].word)) {
            *ret = (struct number){ .value = words[i].value,
                                    .end = at + strlen(words[i].word),
                                    .in_words = true };
            return true;
        }
    return false;
}

/* Commas as in 18,00,000: groups of two before a last group of three. */
static bool groups_are_indian(const size_t *commas, size_t n, size_t end)
{
    return n >= 2 ? commas[n - 1] - commas[n - 2] == 3 && end - commas[n - 1] == 4 : false;
}

bool scan_number(struct str s, size_t at, struct number *ret)
{
    size_t commas[4], n_commas = 0, p = at, digits = 0;
    double scale = 1;

    *ret = (struct number){ 0 };
    if (at >= s.n)
        return false;
    if (!ascii_is_digit(s.p[at]))
        return words_number(s, at, ret);
    for (; p < s.n && digits <= NUMBER_DIGITS; p++) {
        if (ascii_is_digit(s.p[p])) {
            ret->value = ret->value * 10 + (s.p[p] - '0');
            digits++;
        } else if (s.p[p] == ',' && n_commas < ARRAY_LEN(commas) && p + 2 < s.n
                   && ascii_is_digit(s.p[p + 1]) && ascii_is_digit(s.p[p + 2])) {
            commas[n_commas++] = p;
        } else {
            break;
        }
    }
    if (digits > NUMBER_DIGITS)
        return false;
    ret->grouped = n_commas > 0;
    ret->indian = groups_are_indian(commas, n_commas, p);
    if (p + 1 < s.n && s.p[p] == '.' && ascii_is_digit(s.p[p + 1]))
        for (p++; p < s.n && ascii_is_digit(s.p[p]); p++)
            ret->value += (s.p[p] - '0') * (scale /= 10);
    ret->end = p;
    return true;
}
