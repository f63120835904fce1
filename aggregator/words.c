#include "aggregator/words.h"

#include "core/arena.h"

static bool is_word(char c)
{
    return ascii_is_alnum(c) || (unsigned char)c >= 0x80;
}

struct strs words_of(struct arena *a, struct str s)
{
    struct strs ret = { 0 };
    char *out = ARENA_NEW(a, char, s.n * 3 + 1);
    size_t n = 0, start = 0;

    for (size_t i = 0; i <= s.n; i++) {
        char c = i < s.n ? s.p[i] : ' ';

        if (is_word(c) || (n > start && (c == '+' || c == '#'))) {
            out[n++] = ascii_lower(c);
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
        if (str_eq(word, str_of(words[i])))
            return true;
    return false;
}

bool word_in(struct strs list, struct str word)
{
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.items[i], word))
            return true;
    return false;
}
