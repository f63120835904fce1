#include "cli/terms.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"

enum { TERM_MAX = 40, CAPITALS_MAX = 12, CONTEXT = 40, FIRST_SLOTS = 4096 };

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return is_upper(c) || is_lower(c);
}

struct str terms_context(struct arena *a, struct str text, size_t start, size_t end)
{
    size_t from = start > CONTEXT ? start - CONTEXT : 0;
    size_t to = text.n - end > CONTEXT ? end + CONTEXT : text.n;
    char *line = ARENA_NEW(a, char, to - from + 1);

    while (from < start && ((unsigned char)text.p[from] & 0xC0) == 0x80)
        from++;
    while (to > end && to < text.n && ((unsigned char)text.p[to] & 0xC0) == 0x80)
        to--;
    for (size_t i = from; i < to; i++)
        line[i - from] = text.p[i] == '\n' || text.p[i] == '\t' ? ' ' : text.p[i];
    return str_printf(a, "%.*s[%.*s]%.*s", (int)(start - from), line, (int)(end - start),
                      line + (start - from), (int)(to - end), line + (end - from));
}

static struct term **slot_of(struct term **slots, size_t cap, struct str key)
{
    size_t i = hash64_of(key) & (cap - 1);

    while (slots[i] && !str_eq(slots[i]->key, key))
        i = (i + 1) & (cap - 1);
    return &slots[i];
}

static void grow(struct terms *t)
{
    size_t cap = t->cap ? t->cap * 2 : FIRST_SLOTS;
    struct term **slots = ARENA_NEW(t->a, struct term *, cap);

    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i])
            *slot_of(slots, cap, t->slots[i]->key) = t->slots[i];
    t->slots = slots;
    t->cap = cap;
}

static struct term *term_of(struct terms *t, struct str word)
{
    char lower[TERM_MAX];
    struct str key = { lower, word.n };
    struct term **slot;

    for (size_t i = 0; i < word.n; i++)
        lower[i] = ascii_lower(word.p[i]);
    if (t->n * 2 >= t->cap)
        grow(t);
    slot = slot_of(t->slots, t->cap, key);
    if (!*slot) {
        *slot = ARENA_NEW(t->a, struct term, 1);
        (*slot)->key = str_dup(t->a, key);
        t->n++;
    }
    return *slot;
}

/* A mark inside a word: Node.js, C++, GPT-4; but not the full stop of "years.You". */
static bool joins(struct str s, size_t i)
{
    char before = s.p[i - 1], after = i + 1 < s.n ? s.p[i + 1] : ' ';

    switch (s.p[i]) {
    case '.':
        return is_letter(before) && is_letter(after) && !(is_lower(before) && is_upper(after));
    case '_':
        return is_letter(after) || is_digit(after);
    case '-':
        return is_upper(before) && is_digit(after);
    case '+':
    case '#':
        return is_upper(before) || before == '+';
    default:
        return false;
    }
}

/* The next word from *at on; its end is left there. */
static struct str next_word(struct str s, size_t *at)
{
    size_t start = *at, i;

    while (start < s.n && !is_letter(s.p[start]) && !is_digit(s.p[start]))
        start++;
    for (i = start; i < s.n; i++)
        if (!is_letter(s.p[i]) && !is_digit(s.p[i]) && !(i > start && joins(s, i)))
            break;
    *at = i;
    return str_slice(s, start, i);
}

/* A capital says nothing at the beginning of a line or a sentence. */
static bool begins_sentence(struct str text, size_t at)
{
    while (at && text.p[at - 1] == ' ')
        at--;
    return !at
           || !(is_letter(text.p[at - 1]) || is_digit(text.p[at - 1]) || text.p[at - 1] == ','
                || text.p[at - 1] == '/' || text.p[at - 1] == '(');
}

static enum term_shape shape_of(struct str w, bool first)
{
    size_t upper = 0, lower = 0, digits = 0, inner = 0, marks = 0;

    for (size_t i = 0; i < w.n; i++) {
        upper += is_upper(w.p[i]);
        lower += is_lower(w.p[i]);
        digits += is_digit(w.p[i]);
        inner += i && is_upper(w.p[i]) && is_lower(w.p[i - 1]);
        marks += i > 1 && i + 2 < w.n && (w.p[i] == '.' || w.p[i] == '_');
    }
    if (!upper && (!digits || !is_letter(w.p[0])) && !marks)
        return TERM_PLAIN;
    if (digits ? is_letter(w.p[0]) : inner || marks || (upper > 1 && lower > 1))
        return TERM_SHAPED;
    if (upper > 1 && !lower && w.n <= CAPITALS_MAX)
        return TERM_CAPITALS;
    return is_upper(w.p[0]) && lower > 1 && !first ? TERM_CAPITALISED : TERM_PLAIN;
}

/* Part of a web or mail address: its run of non-spaces says so. */
static bool in_address(struct str text, size_t start, size_t end)
{
    struct str run;

    while (start && (unsigned char)text.p[start - 1] > ' ')
        start--;
    while (end < text.n && (unsigned char)text.p[end] > ' ')
        end++;
    run = str_slice(text, start, end);
    return str_find(run, STR("://")) >= 0 || str_find(run, STR("@")) >= 0
           || str_find(run, STR("www.")) >= 0 || str_find(run, STR(".com")) >= 0;
}

static void add_employer(struct terms *t, struct term *term, uint32_t employer)
{
    for (size_t i = 0; i < term->employers.n; i++)
        if (term->employers.items[i] == employer)
            return;
    *ARENA_PUSH(t->a, &term->employers) = employer;
}

static void count(struct terms *t, struct str text, size_t start, struct str word,
                  const struct term_source *from)
{
    enum term_shape shape = shape_of(word, begins_sentence(text, start));
    struct term *term = term_of(t, word);

    if (shape == TERM_PLAIN) {
        if (!is_upper(word.p[0]) && term->last_plain != from->posting) {
            term->plain++;
            term->last_plain = from->posting;
        }
        return;
    }
    if (term->known || term->last == from->posting || from->covered[start]
        || in_address(text, start, start + word.n))
        return;
    if (!term->postings) {
        term->shown = str_dup(t->a, word);
        term->posting = from->posting;
        term->context = terms_context(t->a, text, start, start + word.n);
    }
    if (shape > term->shape)
        term->shape = shape;
    term->last = from->posting;
    term->postings++;
    add_employer(t, term, from->employer);
}

void terms_know(struct terms *t, struct str name)
{
    size_t at = 0;

    while (at < name.n) {
        struct str word = next_word(name, &at);

        if (word.n && word.n <= TERM_MAX)
            term_of(t, word)->known = true;
    }
}

void terms_read(struct terms *t, struct str text, const struct term_source *from)
{
    size_t at = 0;

    while (at < text.n) {
        struct str word = next_word(text, &at);

        if (word.n > 1 && word.n <= TERM_MAX)
            count(t, text, at - word.n, word, from);
    }
}

static int by_reach(const void *a, const void *b)
{
    const struct term *x = *(struct term *const *)a, *y = *(struct term *const *)b;

    if (x->employers.n != y->employers.n)
        return x->employers.n > y->employers.n ? -1 : 1;
    if (x->postings != y->postings)
        return x->postings > y->postings ? -1 : 1;
    return str_cmp(x->key, y->key);
}

struct term **terms_rank(const struct terms *t, size_t *ret_n)
{
    struct term **list = ARENA_NEW(t->a, struct term *, t->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < t->cap; i++) {
        struct term *x = t->slots[i];

        if (x && x->postings && !x->known && (x->shape == TERM_SHAPED || x->plain < x->postings))
            list[n++] = x;
    }
    if (n)
        qsort(list, n, sizeof(struct term *), by_reach);
    *ret_n = n;
    return list;
}
