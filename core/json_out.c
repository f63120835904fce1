#include "core/json_out.h"

#include <math.h>

#include "core/date.h"
#include "core/utf8.h"

/* Whether eight bytes stand in a JSON text as they are. */
static bool eight_plain(const char *p)
{
    const uint64_t every = UINT64_C(0x0101010101010101);
    uint64_t x, quote, slash;

    memcpy(&x, p, sizeof(x));
    quote = x ^ every * '"';
    slash = x ^ every * '\\';
    return !(((x - every * ' ') | (x + every) | (quote - every) | (slash - every) | x)
             & (every * 0x80));
}

static void escape(struct buf *to, struct str s, size_t at, size_t *ret_n)
{
    uint32_t c = utf8_at(s, at, ret_n);

    if (c == '"' || c == '\\')
        buf_printf(to, "\\%c", (int)c);
    else if (c == '\n')
        buf_add(to, STR("\\n"));
    else if (c < 0x20 || c == 0x7F)
        buf_printf(to, "\\u%04x", c);
    else if (c == 0xFFFD)
        buf_add_utf8(to, c);
    else
        buf_add(to, str_slice(s, at, at + *ret_n));
}

/* Nearly every text is plain: it is copied first and judged in the copy, where eight bytes more may
 * be read; then quoted as it stands. */
static bool quote_plain(struct buf *to, struct str s)
{
    char *out = buf_room(to, s.n + 2 + 8) + 1;

    if (s.n)
        memcpy(out, s.p, s.n);
    memcpy(out + s.n, "the rest", 8);
    for (size_t i = 0; i < s.n; i += 8)
        if (!eight_plain(out + i))
            return false;
    out[-1] = out[s.n] = '"';
    to->n += s.n + 2;
    return true;
}

static void quote(struct buf *to, struct str s)
{
    if (quote_plain(to, s))
        return;
    buf_add_byte(to, '"');
    for (size_t i = 0, n; i < s.n; i += n) {
        n = 8;
        if (i + n <= s.n && eight_plain(s.p + i))
            buf_add(to, str_slice(s, i, i + n));
        else
            escape(to, s, i, &n);
    }
    buf_add_byte(to, '"');
}

/* Nearly every key is short and plain: written byte by byte, as soon as it is measured. */
static bool key_plain(struct buf *to, const char *key)
{
    enum { SHORT = 30 };
    char *out = buf_room(to, SHORT + 3);
    size_t n = 0;

    for (; n < SHORT && key[n] > '"' && key[n] < 0x7F && key[n] != '\\'; n++)
        out[1 + n] = key[n];
    if (key[n])
        return false;
    out[0] = out[1 + n] = '"';
    out[2 + n] = ':';
    to->n += n + 3;
    return true;
}

static void new_line(struct json_out *j)
{
    buf_add_byte(j->to, '\n');
    for (int i = 0; i < j->indent * j->depth; i++)
        buf_add_byte(j->to, ' ');
}

static void member(struct json_out *j, const char *key)
{
    if (j->has_member)
        buf_add_byte(j->to, ',');
    if (j->depth && j->indent)
        new_line(j);
    if (key) {
        if (!key_plain(j->to, key)) {
            quote(j->to, str_of(key));
            buf_add_byte(j->to, ':');
        }
        if (j->indent)
            buf_add_byte(j->to, ' ');
    }
    j->has_member = true;
}

static void open(struct json_out *j, const char *key, bool object)
{
    member(j, key);
    buf_add_byte(j->to, object ? '{' : '[');
    j->closers = j->closers << 1 | object;
    j->depth++;
    j->has_member = false;
}

void json_object(struct json_out *j, const char *key)
{
    open(j, key, true);
}

void json_array(struct json_out *j, const char *key)
{
    open(j, key, false);
}

void json_end(struct json_out *j)
{
    bool object = j->closers & 1;

    j->depth--;
    if (j->has_member && j->indent)
        new_line(j);
    buf_add_byte(j->to, object ? '}' : ']');
    j->closers >>= 1;
    j->has_member = true;
}

void json_str(struct json_out *j, const char *key, struct str v)
{
    member(j, key);
    quote(j->to, v);
}

void json_cstr(struct json_out *j, const char *key, const char *v)
{
    if (v)
        json_str(j, key, str_of(v));
    else
        json_null(j, key);
}

void json_int(struct json_out *j, const char *key, int64_t v)
{
    char digits[24]; /* of 2^63, and a sign */
    size_t at = sizeof(digits);
    uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    member(j, key);
    do
        digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        digits[--at] = '-';
    buf_add(j->to, (struct str){ digits + at, sizeof(digits) - at });
}

void json_numeral(struct json_out *j, const char *key, struct str v)
{
    member(j, key);
    buf_add(j->to, v);
}

void json_num(struct json_out *j, const char *key, double v, int decimals)
{
    if (!isfinite(v)) {
        json_null(j, key);
        return;
    }
    member(j, key);
    buf_printf(j->to, "%.*f", decimals, v);
}

void json_bool(struct json_out *j, const char *key, bool v)
{
    member(j, key);
    buf_add(j->to, v ? STR("true") : STR("false"));
}

void json_null(struct json_out *j, const char *key)
{
    member(j, key);
    buf_add(j->to, STR("null"));
}

void json_time(struct json_out *j, const char *key, int64_t t)
{
    char text[DATE_TEXT];

    if (!t) {
        json_null(j, key);
        return;
    }
    date_format_iso(t, text);
    json_cstr(j, key, text);
}
