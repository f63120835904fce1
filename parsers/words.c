#include "parsers/words.h"

#include <string.h>

#include "core/arena.h"
#include "core/block.h"

int words_read(struct str marked, struct word_marks *ret, struct diag *d)
{
    struct word_marks m = { .text = str_trim(marked) };

    for (; m.text.n && (m.text.p[0] == '=' || m.text.p[0] == '?'); m.text = str_from(m.text, 1))
        *(m.text.p[0] == '=' ? &m.exact : &m.context) = true;
    if (!sweep_takes(m.text))
        return diag_blame(d, ERR_CONFIG, marked.p,
                          "\"" STR_FMT "\" must begin with a letter or digit"
                          " and have at most %d bytes",
                          STR_ARG(marked), WORD_MAX);
    *ret = m;
    return 0;
}

static const uint8_t list_of[] = {
    [WORD_ALIAS] = LIST_SKILLS,  [WORD_ALIAS_CONTEXT] = LIST_SKILLS, [WORD_FIND] = LIST_SKILLS,
    [WORD_CUE] = LIST_CUES,      [WORD_CUE_FIND] = LIST_CUES,        [WORD_PHRASE] = LIST_PHRASES,
    [WORD_MODE] = LIST_MODES,    [WORD_MODE_FIND] = LIST_MODES,      [WORD_HEADING] = LIST_HEADINGS,
    [WORD_SAYS] = LIST_HEADINGS, [WORD_SAYS_FIRMLY] = LIST_HEADINGS,
};

int words_add(struct arena *a, struct words *to, struct str marked, enum word_kind kind,
              uint32_t owner, uint16_t part, struct diag *d)
{
    struct word_marks m = { 0 };
    int err = words_read(marked, &m, d);

    if (err)
        return err;
    if (m.context && kind != WORD_ALIAS)
        return diag_blame(d, ERR_CONFIG, marked.p, "\"" STR_FMT "\": ? means nothing here",
                          STR_ARG(marked));
    *ARENA_PUSH(a, to) = (struct word){
        .text = m.text,
        .exact = m.exact,
        .use = { owner, list_of[kind], m.context ? WORD_ALIAS_CONTEXT : (uint8_t)kind, part },
    };
    return 0;
}

/* "Python or R. You ...": the last of a list is no initial. */
static bool ends_list(struct str text, size_t letter)
{
    struct str before = str_slice(text, 0, letter);

    return str_ends(before, STR(" or ")) || str_ends(before, STR(" and "))
           || str_ends(before, STR("/"));
}

/* Whether the '.' at `at` stands in "e.g.", "i.e.", "etc.", "vs.", "incl." or "A." */
static bool abbreviates(struct str text, size_t at)
{
    static const struct str known[] = { { "e.g", 3 }, { "i.e", 3 }, { "eg", 2 },   { "ie", 2 },
                                        { "etc", 3 }, { "vs", 2 },  { "incl", 4 }, { "viz", 3 } };
    char last = at ? ascii_lower(text.p[at - 1]) : '\0';

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        struct str k = known[i];

        if (k.p[k.n - 1] == last && at >= k.n && str_eq_fold(str_slice(text, at - k.n, at), k)
            && (at == k.n || !byte_is_word(text.p[at - k.n - 1])))
            return !str_eq(k, STR("etc"));
    }
    return at >= 1 && text.p[at - 1] >= 'A' && text.p[at - 1] <= 'Z'
           && (at == 1 || !byte_is_word(text.p[at - 2])) && !ends_list(text, at - 1);
}

/* "Data Factory.Experience with": a line break was lost here. Three small letters behind the
 * capital tell it from "Node.Js". */
static bool is_glued(struct str text, size_t at)
{
    if (!at || at + 5 > text.n || text.p[at - 1] < 'a' || text.p[at - 1] > 'z'
        || text.p[at + 1] < 'A' || text.p[at + 1] > 'Z')
        return false;
    for (size_t i = at + 2; i < at + 5; i++)
        if (text.p[i] < 'a' || text.p[i] > 'z')
            return false;
    return true;
}

bool words_stop_ends(struct str text, size_t at)
{
    if (at + 1 < text.n && !ascii_is_space(text.p[at + 1]))
        return is_glued(text, at);
    return !abbreviates(text, at);
}

/* What a reader would still take for one line or sentence, on each side of a place in it. A text
 * without an end of either would else be gone through whole for each skill it names. */
enum { LINE_REACH = 2000 };

struct str_span words_line(struct str text, uint32_t at)
{
    size_t from = at > LINE_REACH ? at - LINE_REACH : 0;
    size_t to = text.n - at > LINE_REACH ? at + LINE_REACH : text.n;
    const char *before = at > from ? memrchr(text.p + from, '\n', at - from) : NULL;
    const char *behind = to > at ? memchr(text.p + at, '\n', to - at) : NULL;

    return (struct str_span){ before ? (uint32_t)(before + 1 - text.p) : (uint32_t)from,
                              behind ? (uint32_t)(behind - text.p) : (uint32_t)to };
}

void words_sentence_ends_of(struct str text, struct arena *a, struct sentence_ends *ret)
{
    *ret = (struct sentence_ends){ 0 };
    for (size_t i = 0; i < text.n; i += BLOCK) {
        struct block b = block_of(text, i);
        uint64_t left = block_bits(block_or(block_or(block_is(b, '.'), block_is(b, '\n')),
                                            block_or(block_is(b, '!'), block_is(b, '?'))));

        for (; left; left &= left - 1)
            if (words_sentence_ends(text, i + block_first(left)))
                *ARENA_PUSH(a, ret) = (uint32_t)(i + block_first(left));
    }
}

size_t words_ends_before(const struct sentence_ends *ends, uint32_t at)
{
    const uint32_t *from = ends->items;
    size_t n = ends->n;

    if (!n)
        return 0;
    for (size_t half; n > 1; n -= half) {
        half = n / 2; /* no branch depends on what stands there */
        from += (from[half - 1] < at) * half;
    }
    return (size_t)(from - ends->items) + (*from < at);
}

struct str_span words_sentence_among(const struct sentence_ends *ends, struct str text,
                                     uint32_t start, uint32_t end)
{
    size_t before = words_ends_before(ends, start), behind = before;
    uint32_t from = before ? ends->items[before - 1] + 1 : 0, to;

    while (behind < ends->n && ends->items[behind] < end)
        behind++;
    to = behind < ends->n ? ends->items[behind] : (uint32_t)text.n;
    if (start - from > LINE_REACH)
        from = start - LINE_REACH;
    if (to - end > LINE_REACH)
        to = end + LINE_REACH;
    return (struct str_span){ from, to };
}

void words_find(const struct sweep *sweep, struct str text, struct arena *a, struct text_words *ret)
{
    *ret = (struct text_words){ .sweep = sweep };
    text_copy_make(a, text, &ret->copy);
    sweep_run(sweep, ret->copy.text, a, ret->hits);
    words_sentence_ends_of(ret->copy.text, a, &ret->ends);
}
