#include "parsers/normalise.h"

#include <string.h>
#include <utf8proc.h>

#include "core/arena.h"
#include "core/block.h"
#include "core/utf8.h"

/* From byte `copy` of the copy on, bytes of the copy and of the original advance together. */
struct text_jump {
    uint32_t copy, original;
};

struct maker {
    struct arena *a;
    struct str in;
    char *out;
    size_t n;
    struct {
        struct text_jump *items;
        size_t n, cap;
    } jumps;
};

/* The longest compatibility decomposition of Unicode 15 is 18 characters (U+FDFA). */
enum { DECOMPOSED_MAX = 18 };

static const struct {
    uint32_t from, to;
    char as; /* 0: nothing */
} signs[] = {
    { 0x00AD, 0x00AD, 0 },    { 0x00B2, 0x00B3, ' ' }, { 0x00B9, 0x00B9, ' ' },
    { 0x02B9, 0x02BC, '\'' }, { 0x0300, 0x036F, 0 },   { 0x2010, 0x2015, '-' },
    { 0x2018, 0x201B, '\'' }, { 0x201C, 0x201F, '"' }, { 0x2028, 0x2029, '\n' },
    { 0x2032, 0x2032, '\'' }, { 0x2033, 0x2033, '"' }, { 0x2044, 0x2044, '/' },
    { 0x2070, 0x209F, ' ' },  { 0x2120, 0x2120, ' ' }, { 0x2122, 0x2122, ' ' },
    { 0x2212, 0x2212, '-' },  { 0x2215, 0x2215, '/' }, { 0xFE00, 0xFE0F, 0 },
    { 0xFE58, 0xFE58, '-' },  { 0xFE63, 0xFE63, '-' },
};

static size_t decompose(uint32_t c, char ret[DECOMPOSED_MAX])
{
    utf8proc_int32_t to[DECOMPOSED_MAX];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, to, DECOMPOSED_MAX,
                                                 UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);

    if (n <= 0 || n > DECOMPOSED_MAX)
        return 0;
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        if (to[i] > 0x7E || to[i] < 0x20)
            return 0;
        ret[i] = (char)to[i];
    }
    return (size_t)n;
}

/* Letters, their marks and numbers: utf8proc numbers the categories in this order. */
static bool is_letter(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);

    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static bool is_invisible(uint32_t c)
{
    return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_CF;
}

/* What stands for the character c, `n` bytes at `bytes`. Returns its length. */
static size_t rewrite(uint32_t c, const char *bytes, size_t n, char ret[DECOMPOSED_MAX])
{
    size_t k;

    for (size_t i = 0; i < ARRAY_LEN(signs); i++)
        if (c >= signs[i].from && c <= signs[i].to) {
            ret[0] = signs[i].as;
            return signs[i].as != 0;
        }
    k = decompose(c, ret);
    if (k)
        return k;
    if (is_invisible(c))
        return 0;
    if (!is_letter(c)) {
        ret[0] = ' ';
        return 1;
    }
    memcpy(ret, bytes, n);
    return n;
}

/* Remember that the copy's next byte comes from `original`, where it does not follow by itself. */
static void join(struct maker *m, size_t original)
{
    const struct text_jump *last = m->jumps.n ? &m->jumps.items[m->jumps.n - 1] : NULL;

    if (last ? m->n - last->copy == original - last->original : m->n == original)
        return;
    *ARENA_PUSH(m->a, &m->jumps) = (struct text_jump){ (uint32_t)m->n, (uint32_t)original };
}

static void put(struct maker *m, char c, size_t original)
{
    if (c == '\t' || c == '\r' || c == '\v' || c == '\f')
        c = ' ';
    if (c == ' ' && (!m->n || m->out[m->n - 1] == ' ' || m->out[m->n - 1] == '\n'))
        return;
    join(m, original);
    m->out[m->n++] = c;
}

/* Most of any ad is plain and copied in runs: ASCII, no control but '\n', no blank at a line's
 * start or behind another. The length of the run at `from`, where the copy's last byte is `before`.
 */
static size_t plain_run(struct str s, size_t from, char before)
{
    uint64_t blank_before = before == ' ' || before == '\n';

    for (size_t i = from; i < s.n; i += BLOCK) {
        struct block b = block_of(s, i);
        uint64_t blank = block_eq(b, ' '), end = block_eq(b, '\n');
        uint64_t odd = (blank & ((blank | end) << 1 | blank_before))
                       | (block_bits(block_not_from(b, ' ')) & ~end);

        if (odd) /* what is behind the end is a control */
            return i + block_first(odd) - from;
        blank_before = (blank | end) >> (BLOCK - 1);
    }
    return s.n - from;
}

void text_copy_make(struct arena *a, struct str text, struct text_copy *ret)
{
    /* Twice the size is room enough: no character may give more than twice its bytes. */
    struct maker m = { .a = a, .in = text, .out = arena_room(a, 2 * text.n + COPY_PADDING) };

    for (size_t i = 0, n; i < text.n; i += n) {
        char to[DECOMPOSED_MAX];
        uint32_t c;
        size_t k;

        n = plain_run(text, i, m.n ? m.out[m.n - 1] : '\n');
        if (n) {
            join(&m, i);
            memcpy(m.out + m.n, text.p + i, n);
            m.n += n;
            continue;
        }
        if ((unsigned char)text.p[i] < 0x80) {
            put(&m, text.p[i], i);
            n = 1;
            continue;
        }
        c = utf8_at(text, i, &n);
        k = rewrite(c, text.p + i, n, to);
        for (size_t j = 0; j < k && j < 2 * n; j++)
            put(&m, to[j], k == n ? i + j : i);
    }
    memset(m.out + m.n, 0, COPY_PADDING);
    *ret = (struct text_copy){ { m.out, m.n }, text, m.jumps.items, m.jumps.n };
}

/* The jump that governs byte `at` of the copy; NULL: none before it, the offsets are equal. */
static const struct text_jump *governing(const struct text_copy *c, uint32_t at)
{
    const struct text_jump *from = c->jumps;

    if (!c->n_jumps || from->copy > at)
        return NULL;
    for (size_t n = c->n_jumps, half; n > 1; n -= half) {
        half = n / 2; /* no branch depends on what stands there */
        from += (from[half].copy <= at) * half;
    }
    return from;
}

uint32_t text_copy_start(const struct text_copy *c, uint32_t start)
{
    const struct text_jump *j = governing(c, start);
    uint32_t at = j ? j->original + (start - j->copy) : start;

    return at < c->of.n ? at : (uint32_t)c->of.n;
}

/* An end is one past its last byte's character, so that what was folded away behind stays out. */
uint32_t text_copy_end(const struct text_copy *c, uint32_t end)
{
    uint32_t at;
    size_t n;

    if (!end)
        return 0;
    at = text_copy_start(c, end - 1);
    if (at >= c->of.n)
        return (uint32_t)c->of.n;
    while (at && ((unsigned char)c->of.p[at] & 0xC0) == 0x80)
        at--;
    utf8_at(c->of, at, &n);
    return at + (uint32_t)n;
}
