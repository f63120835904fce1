#include "aggregator/words.h"

#include "core/arena.h"

static bool is_word(char c)
{
    return ascii_is_alnum(c) || (unsigned char)c >= 0x80;
}

/* Bytes of a sign beyond ASCII that stands at `at` and is no letter: dashes, quotes, bullets and
 * spaces (U+2000-206F), no-break space and Latin-1 signs (U+00A0-00BF), pictures (U+1F000 on). */
static size_t sign_at(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at;

    if (left >= 2 && p[0] == 0xc2 && p[1] >= 0xa0)
        return 2;
    if (left >= 3 && p[0] == 0xe2 && (p[1] == 0x80 || p[1] == 0x81))
        return 3;
    return left >= 4 && p[0] == 0xf0 && p[1] == 0x9f ? 4 : 0;
}

static bool is_apostrophe(struct str s, size_t at)
{
    return s.p[at] == '\'' || str_starts(str_from(s, at), STR("\xe2\x80\x99"));
}

struct strs words_of(struct arena *a, struct str s)
{
    struct strs ret = { 0 };
    char *out = ARENA_NEW(a, char, s.n * 3 + 1);
    size_t n = 0, start = 0;

    for (size_t i = 0; i <= s.n; i++) {
        char c = i < s.n ? s.p[i] : ' ';
        size_t sign = i < s.n ? sign_at(s, i) : 0;

        if (!sign && (is_word(c) || (n > start && (c == '+' || c == '#')))) {
            out[n++] = ascii_lower(c);
            continue;
        }
        if (sign) {
            bool closes = is_apostrophe(s, i);

            i += sign - 1;
            if (closes)
                continue;
        }
        if (c == '\''
            || (c == '.' && i > 0 && is_word(s.p[i - 1]) && (i < 2 || !is_word(s.p[i - 2]))))
            continue;
        if (n > start)
            *ARENA_PUSH(a, &ret) = (struct str){ out + start, n - start };
        start = n;
        if (c == '&')
            *ARENA_PUSH(a, &ret) = STR("and");
    }
    return ret;
}

struct str words_join(struct arena *a, const struct str *words, size_t n)
{
    struct str ret = { 0 };
    size_t size = 0;
    char *p;

    for (size_t i = 0; i < n; i++)
        size += words[i].n + 1;
    ret.p = p = ARENA_NEW(a, char, size + 1);
    for (size_t i = 0; i < n; i++) {
        if (i)
            *p++ = ' ';
        for (size_t j = 0; j < words[i].n; j++)
            *p++ = words[i].p[j];
    }
    ret.n = (size_t)(p - ret.p);
    return ret;
}

bool word_among(struct str word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word.n && *words[i] == *word.p && str_eq(word, str_of(words[i])))
            return true;
    return false;
}
