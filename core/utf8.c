#include "core/utf8.h"

#include "core/arena.h"
#include "core/block.h"
#include "core/buf.h"
#include "core/cleanup.h"

uint32_t utf8_at(struct str s, size_t at, size_t *ret_n)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char first = (unsigned char)s.p[at];
    size_t n = first < 0x80   ? 1
               : first < 0xC2 ? 0
               : first < 0xE0 ? 2
               : first < 0xF0 ? 3
               : first < 0xF5 ? 4
                              : 0;
    uint32_t c = n == 1 ? first : first & (0x7Fu >> n);

    *ret_n = 1;
    if (n <= 1)
        return n ? c : 0xFFFD;
    if (at + n > s.n)
        return 0xFFFD;
    for (size_t i = 1; i < n; i++) {
        unsigned char b = (unsigned char)s.p[at + i];

        if ((b & 0xC0) != 0x80)
            return 0xFFFD;
        c = c << 6 | (b & 0x3Fu);
    }
    if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0xFFFD;
    *ret_n = n;
    return c;
}

/* Length of the leading part that is valid and without NUL. */
static size_t clean_prefix(struct str s)
{
    size_t i = 0, n;

    while (i < s.n) {
        struct block_bytes odd = block_not_from(block_of(s, i), 1); /* the end of s is a NUL here */

        if (block_none(odd)) {
            i += BLOCK;
            continue;
        }
        i += block_first(block_bits(odd));
        if (i >= s.n || s.p[i] == '\0' || (utf8_at(s, i, &n) == 0xFFFD && n == 1))
            break;
        i += n;
    }
    return i;
}

size_t utf8_put(char ret[UTF8_MAX], uint32_t c)
{
    size_t n;

    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; --i; c >>= 6)
        ret[i] = (char)(0x80 | (c & 0x3F));
    ret[0] = (char)(n == 1 ? c : (0xF00 >> n & 0xFF) | c);
    return n;
}

bool utf8_valid(struct str s)
{
    for (size_t i = 0, n; i < s.n; i += n)
        if (utf8_at(s, i, &n) == 0xFFFD && n == 1)
            return false;
    return true;
}

struct str utf8_repair(struct arena *a, struct str s)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    size_t clean = clean_prefix(s);

    if (clean == s.n)
        return s;
    while (s.n) {
        clean = clean_prefix(s);
        buf_add(&b, str_slice(s, 0, clean));
        if (clean < s.n)
            buf_add_utf8(&b, 0xFFFD);
        s = str_from(s, clean + 1);
    }
    return buf_take(&b, a);
}

static struct str of_utf16(struct arena *a, struct str s, bool big)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i + 1 < s.n; i += 2) {
        uint32_t one = (unsigned char)s.p[i], two = (unsigned char)s.p[i + 1];
        uint32_t c = big ? one << 8 | two : two << 8 | one;

        if (c >= 0xD800 && c < 0xDC00 && i + 3 < s.n) {
            uint32_t low = big ? (unsigned char)s.p[i + 2] : (unsigned char)s.p[i + 3];

            low = low << 8 | (big ? (unsigned char)s.p[i + 3] : (unsigned char)s.p[i + 2]);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        buf_add_utf8(&b, c ? c : 0xFFFD);
    }
    return buf_take(&b, a);
}

uint32_t utf8_windows_1252(unsigned char byte)
{
    static const uint16_t c1[] = { 0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                   0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178 };

    if (byte >= 0x80 && byte < 0xA0)
        return c1[byte - 0x80];
    return byte ? byte : 0xFFFD;
}

/* More characters beyond ASCII than bytes that are none. */
static bool means_utf8(struct str s)
{
    size_t good = 0, bad = 0;

    for (size_t i = 0, n; i < s.n; i += n) {
        bool broken = utf8_at(s, i, &n) == 0xFFFD && n == 1;

        bad += broken;
        good += n > 1;
    }
    return good > bad;
}

struct str utf8_of_page(struct arena *a, struct str s)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    if (str_starts(s, STR("\xFF\xFE")) || str_starts(s, STR("\xFE\xFF")))
        return of_utf16(a, str_from(s, 2), s.p[0] == '\xFE');
    if (clean_prefix(s) == s.n)
        return s;
    if (means_utf8(s))
        return utf8_repair(a, s);
    while (s.n) {
        size_t clean = clean_prefix(s);

        buf_add(&b, str_slice(s, 0, clean));
        if (clean < s.n)
            buf_add_utf8(&b, utf8_windows_1252((unsigned char)s.p[clean]));
        s = str_from(s, clean + 1);
    }
    return buf_take(&b, a);
}

/* How many bytes of a block continue a character. */
static size_t within(struct block b)
{
    return (size_t)__builtin_popcountll(block_in(b, '\x80', 0x40));
}

size_t utf8_count(struct str s)
{
    size_t n = s.n;

    for (size_t i = 0; i < s.n; i += BLOCK)
        n -= within(block_of(s, i));
    return n;
}

void utf8_points_of(struct arena *a, struct str s, struct utf8_points *ret)
{
    bool ascii = true;
    uint32_t *before, points = 0;

    for (size_t i = 0; i < s.n && ascii; i += BLOCK)
        ascii = block_none(block_beyond(block_of(s, i)));
    *ret = (struct utf8_points){ .of = s };
    if (ascii)
        return;
    before = ARENA_NEW(a, uint32_t, s.n / BLOCK + 1);
    for (size_t i = 0; i < s.n; i += BLOCK) {
        before[i / BLOCK] = points;
        points += BLOCK - (uint32_t)within(block_of(s, i));
    }
    if (s.n % BLOCK == 0)
        before[s.n / BLOCK] = points;
    ret->before = before;
}

size_t utf8_points_before(const struct utf8_points *p, size_t at)
{
    size_t block = at / BLOCK * BLOCK;

    return p->before ? p->before[at / BLOCK] + utf8_count(str_slice(p->of, block, at)) : at;
}

void buf_add_utf8(struct buf *b, uint32_t c)
{
    b->n += utf8_put(buf_room(b, UTF8_MAX), c);
}
