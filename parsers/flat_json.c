#include "parsers/flat_json.h"

#include "core/arena.h"
#include "core/block.h"
#include "core/utf8.h"

enum { WHOLE_DIGITS = 18 }; /* of a number that fits an int64_t whatever they are */

struct reader {
    struct str in;
    size_t at;
    char *out; /* where the next text goes; room for the rest of the line, and a block more */
    struct arena *a;
};

static char next(const struct reader *r)
{
    return r->at < r->in.n ? r->in.p[r->at] : '\0';
}

static void skip_space(struct reader *r)
{
    while (next(r) == ' ' || next(r) == '\t' || next(r) == '\n' || next(r) == '\r')
        r->at++;
}

static bool accept(struct reader *r, char c)
{
    skip_space(r);
    if (next(r) != c)
        return false;
    r->at++;
    return true;
}

static bool accept_word(struct reader *r, struct str word)
{
    if (!str_starts(str_from(r->in, r->at), word))
        return false;
    r->at += word.n;
    return true;
}

/* Four hexadecimal digits; -1: they are none. */
static int32_t hex4(struct str s)
{
    int32_t v = 0;

    for (size_t i = 0; i < 4; i++) {
        char c = i < s.n ? ascii_lower(s.p[i]) : '\0';

        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return -1;
        v = v * 16 + (ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return v;
}

/* The escape at r->at, behind its backslash; the bytes it stands for, 0: none that is read here. */
static size_t unescape(struct reader *r, char out[UTF8_MAX])
{
    static const char names[] = "\"\\/nrtbf", bytes[] = "\"\\/\n\r\t\b\f";
    const char *name;
    int32_t c, low;

    if (next(r) == 'n') { /* nearly every one */
        r->at++;
        out[0] = '\n';
        return 1;
    }
    name = next(r) ? strchr(names, next(r)) : NULL;
    if (name) {
        r->at++;
        out[0] = bytes[name - names];
        return 1;
    }
    if (next(r) != 'u')
        return 0;
    c = hex4(str_from(r->in, r->at + 1));
    r->at += 5;
    if (c >= 0xD800 && c < 0xDC00) { /* the first of a pair */
        low = accept_word(r, STR("\\u")) ? hex4(str_from(r->in, r->at)) : -1;
        r->at += 4;
        c = low >= 0xDC00 && low < 0xE000 ? 0x10000 + (c - 0xD800) * 0x400 + (low - 0xDC00) : -1;
    }
    return c <= 0 || (c >= 0xDC00 && c < 0xE000) ? 0 : utf8_put(out, (uint32_t)c);
}

/* What a text cannot hold as it stands, of a block: its end, an escape, a control. */
static inline uint64_t stops_of(struct block b)
{
    return block_bits(
        block_or(block_among(b, '\0', ' '), block_or(block_is(b, '"'), block_is(b, '\\'))));
}

/* The text whose first quote is behind us: copied block by block, up to each escape. Whole blocks
 * are copied and written over again: `out` has room for one more. */
static bool read_text(struct reader *r, struct str *ret)
{
    char *out = r->out;

    while (r->at < r->in.n) {
        struct block b = block_of(r->in, r->at);
        size_t from = r->at;
        uint64_t stops = stops_of(b);

        memcpy(out, &b, sizeof(b));
        for (; stops; stops &= UINT64_MAX << (r->at - from)) {
            size_t at = from + block_first(stops), n;

            out += at - r->at;
            r->at = at;
            if (next(r) == '"') {
                *ret = (struct str){ r->out, (size_t)(out - r->out) };
                r->at++;
                r->out = out;
                return true;
            }
            if (next(r) != '\\')
                return false;
            r->at++;
            n = unescape(r, out);
            if (!n)
                return false;
            out += n;
            if (r->at - from >= BLOCK)
                break;
            b = block_of(r->in, r->at);
            memcpy(out, &b, sizeof(b));
        }
        if (r->at - from < BLOCK) {
            out += from + BLOCK - r->at;
            r->at = from + BLOCK;
        }
    }
    return false;
}

static size_t skip_digits(struct reader *r)
{
    size_t from = r->at;

    while (ascii_is_digit(next(r)))
        r->at++;
    return r->at - from;
}

/* A number. *ret_whole: it is one that json-c would write as it stands. */
static bool read_number(struct reader *r, struct str *ret, bool *ret_whole)
{
    size_t from = r->at, digits;
    bool zero;

    r->at += next(r) == '-';
    zero = next(r) == '0';
    digits = skip_digits(r);
    *ret_whole = digits <= WHOLE_DIGITS && !(zero && r->at - from > 1);
    if (!digits || (zero && digits > 1))
        return false;
    if (next(r) == '.' || next(r) == 'e' || next(r) == 'E')
        *ret_whole = false;
    if (accept_word(r, STR(".")) && !skip_digits(r))
        return false;
    if (accept_word(r, STR("e")) || accept_word(r, STR("E"))) {
        r->at += next(r) == '-' || next(r) == '+';
        if (!skip_digits(r))
            return false;
    }
    *ret = str_slice(r->in, from, r->at);
    return true;
}

static bool read_list(struct reader *r, struct strs *ret)
{
    bool more = !accept(r, ']');

    while (more) {
        struct str text;
        bool whole;

        skip_space(r);
        if (accept_word(r, STR("\""))) {
            if (!read_text(r, &text))
                return false;
            *ARENA_PUSH(r->a, ret) = text;
        } else if (!accept_word(r, STR("null")) && !accept_word(r, STR("true"))
                   && !accept_word(r, STR("false")) && !read_number(r, &text, &whole)) {
            return false;
        }
        more = accept(r, ',');
        if (!more && !accept(r, ']'))
            return false;
    }
    return true;
}

/* A value behind its colon. `wanted`: it must be one of the kinds that *ret can hold. */
static bool read_value(struct reader *r, bool wanted, struct flat_value *ret)
{
    bool whole;

    *ret = (struct flat_value){ FLAT_TEXT };
    if (accept(r, '"')) /* nearly every one */
        return read_text(r, &ret->text);
    ret->kind = FLAT_NOTHING;
    if (accept_word(r, STR("null")))
        return true;
    if (accept_word(r, STR("true")) || accept_word(r, STR("false")))
        return !wanted;
    if (accept_word(r, STR("["))) {
        ret->kind = FLAT_LIST;
        return read_list(r, &ret->list);
    }
    ret->kind = FLAT_TEXT;
    return read_number(r, &ret->text, &whole) && (whole || !wanted);
}

static size_t index_of(struct str key, const struct str *keys, size_t n)
{
    size_t i = 0;

    while (i < n && !str_eq(key, keys[i]))
        i++;
    return i;
}

bool flat_json_read(struct str line, const struct str *keys, size_t n, struct arena *a,
                    struct flat_value *ret)
{
    struct reader r = { .in = line, .out = arena_room(a, line.n + BLOCK), .a = a };
    bool more;

    memset(ret, 0, n * sizeof(*ret));
    if (!accept(&r, '{'))
        return false;
    more = !accept(&r, '}');
    while (more) {
        struct flat_value value;
        struct str key;
        size_t i;

        if (!accept(&r, '"') || !read_text(&r, &key) || !accept(&r, ':'))
            return false;
        i = index_of(key, keys, n);
        if (!read_value(&r, i < n, i < n ? &ret[i] : &value))
            return false;
        more = accept(&r, ',');
        if (!more && !accept(&r, '}'))
            return false;
    }
    skip_space(&r);
    return r.at == line.n;
}
