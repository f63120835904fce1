#include "aggregator/identity.h"

#include <stdlib.h>

#include "core/arena.h"
#include "store/store.h"

/* Forms of company, and the country by which a subsidiary is told from its parent. */
static const char *const legal_forms[] = {
    "pvt", "private", "ltd",     "limited", "inc", "incorporated", "llp", "llc", "gmbh",
    "se",  "corp",    "company", "co",      "plc", "corporation",  "ag",  "sa",  "sas",
    "bv",  "nv",      "pte",     "pty",     "opc", "india",        "and", "com", "lp",
};

/* Words of a title that say where, not what. */
static const char *const place_words[] = {
    "remote", "hybrid", "onsite", "india", "in", "at", "office", "wfh", "wfo", "based",
};

static bool one_of(struct str word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_of(words[i])))
            return true;
    return false;
}

static bool is_word(char c)
{
    return ascii_is_alnum(c) || (unsigned char)c >= 0x80;
}

/*
 * The words of s, lower case, in the arena. An apostrophe and the dot after a single letter
 * close up ("Lowe's" is lowes, "L.L.P." is llp); any other dot parts words ("amazon.com"). `+` and
 * `#` belong to the word they end ("C++", "C#").
 */
static struct strs words_of(struct arena *a, struct str s)
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

static struct str join_words(struct arena *a, const struct str *words, size_t n)
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

static struct str bare_employer(struct arena *a, struct str name)
{
    struct strs w = words_of(a, name);
    size_t from = w.n > 1 && str_eq(w.items[0], STR("the")), n = w.n;

    /* "Bank of India" keeps its India: what follows `of` is part of the name. */
    while (n > from + 1 && one_of(w.items[n - 1], legal_forms, ARRAY_LEN(legal_forms))
           && !str_eq(w.items[n - 2], STR("of")))
        n--;
    return w.n ? join_words(a, w.items + from, n - from) : (struct str){ 0 };
}

struct str employer_key(struct arena *a, struct str name, const struct employer_alias *aliases,
                        size_t n_aliases)
{
    struct str key = bare_employer(a, name);

    for (size_t i = 0; i < n_aliases; i++)
        if (str_eq(key, bare_employer(a, aliases[i].name)))
            return bare_employer(a, aliases[i].employer);
    return key;
}

struct str requisition_key(struct arena *a, struct str requisition)
{
    char *out = ARENA_NEW(a, char, requisition.n + 1);
    size_t n = 0;
    bool tells = false;

    for (size_t i = 0; i < requisition.n; i++) {
        char c = requisition.p[i];

        if (!is_word(c))
            continue;
        tells |= ascii_is_digit(c) && c != '0';
        out[n++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return tells ? (struct str){ out, n } : (struct str){ 0 };
}

static bool holds(struct strs list, struct str word)
{
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.items[i], word))
            return true;
    return false;
}

static void add_words(struct arena *a, struct strs *to, struct str text)
{
    struct strs w = words_of(a, text);

    for (size_t i = 0; i < w.n; i++)
        *ARENA_PUSH(a, to) = w.items[i];
}

struct str title_key(struct arena *a, const struct posting_fact *f)
{
    struct strs title = words_of(a, f->title), places = { 0 }, kept = { 0 };

    add_words(a, &places, f->places_text);
    for (size_t i = 0; i < f->signal.n_places; i++) {
        add_words(a, &places, f->signal.places[i].city);
        add_words(a, &places, f->signal.places[i].state);
    }
    for (size_t i = 0; i < title.n; i++)
        if (!holds(places, title.items[i])
            && !one_of(title.items[i], place_words, ARRAY_LEN(place_words)))
            *ARENA_PUSH(a, &kept) = title.items[i];
    if (!kept.n)
        kept = title;
    return join_words(a, kept.items, kept.n);
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct strs place_keys(struct arena *a, const struct posting_fact *f)
{
    struct strs ret = { 0 };
    struct str rest = f->places_text;

    for (size_t i = 0; i < f->signal.n_places; i++) {
        const struct place *p = &f->signal.places[i];
        struct str name = p->city.n ? p->city : p->state.n ? p->state : p->country;

        if (name.n)
            *ARENA_PUSH(a, &ret) = str_lower(a, name);
    }
    while (!f->signal.n_places && rest.n) {
        struct strs w = words_of(a, str_cut(&rest, '\n'));

        if (w.n)
            *ARENA_PUSH(a, &ret) = join_words(a, w.items, w.n);
    }
    if (ret.n)
        qsort(ret.items, ret.n, sizeof(*ret.items), by_text);
    return ret;
}

bool places_meet(struct strs a, struct strs b)
{
    size_t i = 0, j = 0;

    if (!a.n && !b.n)
        return true;
    while (i < a.n && j < b.n) {
        int order = str_cmp(a.items[i], b.items[j]);

        if (order == 0)
            return true;
        i += order < 0;
        j += order > 0;
    }
    return false;
}
