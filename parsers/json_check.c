#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/block.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/documents.h"
#include "parsers/json_tree.h"

/*
 * A recogniser of RFC 8259. json-c, which builds the trees, is more generous than the
 * RFC (comments, NaN, trailing commas, NUL) and does not count what it builds.
 */
struct check {
    struct str in;
    size_t at, values;
    bool has_long; /* an integer that no machine's integer holds for sure */
    struct diag *d;
};

static int wrong(const struct check *c, const char *what)
{
    if (c->at >= c->in.n)
        return diag_fail(c->d, ERR_FORMAT, "not JSON: it ends at byte %zu: %s", c->at, what);
    return diag_fail(c->d, ERR_FORMAT, "not JSON: byte %zu: %s", c->at, what);
}

static int peek(const struct check *c)
{
    return c->at < c->in.n ? (unsigned char)c->in.p[c->at] : -1;
}

static void space(struct check *c)
{
    while (c->at < c->in.n && strchr(" \t\r\n", c->in.p[c->at]) && c->in.p[c->at])
        c->at++;
}

static int escape(struct check *c)
{
    c->at++;
    if (peek(c) == 'u') {
        for (int i = 1; i <= 4; i++) {
            c->at++;
            if (peek(c) < 0 || !strchr("0123456789abcdefABCDEF", peek(c)) || !peek(c))
                return wrong(c, "\\u wants four hexadecimal digits");
        }
    } else if (peek(c) <= 0 || !strchr("\"\\/bfnrt", peek(c))) {
        return wrong(c, "no such escape");
    }
    c->at++;
    return 0;
}

/* To the next byte that may end or spoil a string. */
static void skip_plain(struct check *c)
{
    for (; c->at < c->in.n; c->at += BLOCK) {
        struct block b = block_of(c->in, c->at);
        uint64_t odd = block_bits(
            block_or(block_among(b, '\0', ' '), block_or(block_is(b, '"'), block_is(b, '\\'))));

        if (odd) { /* what is behind the end is a control */
            c->at += block_first(odd);
            return;
        }
    }
}

static int string(struct check *c)
{
    c->at++;
    for (;;) {
        int b;

        skip_plain(c);
        b = peek(c);
        if (b < 0)
            return wrong(c, "a string is not closed");
        if (b == '"')
            break;
        if (b < 0x20)
            return wrong(c, "a control character in a string");
        if (b == '\\') {
            int r = escape(c);

            if (r)
                return r;
        }
    }
    c->at++;
    return 0;
}

enum { DIGITS_MAX = 18 }; /* any integer of so many fits into 64 bits */

static bool digits(struct check *c)
{
    size_t from = c->at;

    while (c->at < c->in.n && ascii_is_digit(c->in.p[c->at]))
        c->at++;
    return c->at > from;
}

static int number(struct check *c)
{
    size_t from;

    if (peek(c) == '-')
        c->at++;
    from = c->at;
    if (peek(c) == '0')
        c->at++;
    else if (!digits(c))
        return wrong(c, "a value is missing");
    c->has_long |= c->at - from > DIGITS_MAX;
    if (peek(c) == '.') {
        c->at++;
        if (!digits(c))
            return wrong(c, "digits are missing after the point");
    }
    if (peek(c) == 'e' || peek(c) == 'E') {
        c->at++;
        if (peek(c) == '+' || peek(c) == '-')
            c->at++;
        if (!digits(c))
            return wrong(c, "digits are missing in the exponent");
    }
    return 0;
}

/* A value that is no object or array. */
static int simple(struct check *c)
{
    static const struct str words[] = { { "true", 4 }, { "false", 5 }, { "null", 4 } };

    if (peek(c) == '"')
        return string(c);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_starts(str_from(c->in, c->at), words[i])) {
            c->at += words[i].n;
            return 0;
        }
    return number(c);
}

static int member_name(struct check *c)
{
    int r;

    space(c);
    if (peek(c) != '"')
        return wrong(c, "the name of a member is missing");
    r = string(c);
    if (r)
        return r;
    space(c);
    if (peek(c) != ':')
        return wrong(c, "':' is missing");
    c->at++;
    return 0;
}

/* After a value: close what ends here. *ret_more: another value follows. */
static int close_brackets(struct check *c, const char *open, size_t *depth, bool *ret_more)
{
    *ret_more = false;
    for (space(c); *depth; space(c)) {
        if (peek(c) == ',') {
            c->at++;
            *ret_more = true;
            return open[*depth - 1] == '{' ? member_name(c) : 0;
        }
        if (peek(c) != (open[*depth - 1] == '{' ? '}' : ']'))
            return wrong(c, "',' or a closing bracket is missing");
        c->at++;
        (*depth)--;
    }
    return 0;
}

static int check_values(struct check *c)
{
    char open[JSON_DEPTH];
    size_t depth = 0;
    bool more = true;

    while (more) {
        int r = 0, b;

        space(c);
        b = peek(c);
        c->values += b == '{' ? JSON_OBJECT : 1;
        if (c->values > JSON_VALUES)
            return diag_fail(c->d, ERR_LIMIT, "JSON: more than %d values, an object counted as %d",
                             JSON_VALUES, JSON_OBJECT);
        if (b == '{' || b == '[') {
            if (depth == JSON_DEPTH)
                return diag_fail(c->d, ERR_LIMIT, "JSON: byte %zu: nested deeper than %d", c->at,
                                 JSON_DEPTH);
            open[depth++] = (char)b;
            c->at++;
            space(c);
            if (peek(c) != (b == '{' ? '}' : ']')) {
                r = b == '{' ? member_name(c) : 0;
                if (r)
                    return r;
                continue;
            }
        } else {
            r = simple(c);
        }
        if (!r)
            r = close_brackets(c, open, &depth, &more);
        if (r)
            return r;
    }
    return 0;
}

/* Of the next bytes those that are ASCII, and no NUL. */
static size_t plain_run(struct str text, size_t at)
{
    struct block b = block_of(text, at);
    uint64_t odd = block_bits(block_not_from(b, 1));

    return odd ? block_first(odd) : BLOCK;
}

static int check_utf8(struct str text, struct diag *d)
{
    for (size_t i = 0, n; i < text.n; i += n) {
        if ((unsigned char)text.p[i] < 0x80) {
            n = plain_run(text, i);
            if (!n)
                return diag_fail(d, ERR_FORMAT, "not JSON: byte %zu: NUL", i);
            continue;
        }
        if (utf8_at(text, i, &n) == 0xFFFD && n == 1)
            return diag_fail(d, ERR_FORMAT, "not JSON: byte %zu: not UTF-8", i);
    }
    return 0;
}

static int check(struct str text, bool *ret_long, struct diag *d)
{
    struct check c = { .in = text, .d = d };
    int r;

    if (text.n > DOCUMENT_BYTES)
        return diag_fail(d, ERR_LIMIT, "JSON: more than %d bytes", DOCUMENT_BYTES);
    r = check_utf8(text, d);
    if (!r)
        r = check_values(&c);
    if (r)
        return r;
    *ret_long = c.has_long;
    return c.at == text.n ? 0 : wrong(&c, "more text after the value");
}

int json_check(struct str text, struct diag *d)
{
    bool ignored;

    return check(text, &ignored, d);
}

/* Where the string that begins at `at` ends, its quote included. */
static size_t string_end(struct str text, size_t at)
{
    for (at++; text.p[at] != '"'; at++)
        at += text.p[at] == '\\';
    return at + 1;
}

static bool is_long(struct str number)
{
    return number.n > DIGITS_MAX && str_find(number, STR(".")) < 0 && str_find(number, STR("e")) < 0
           && str_find(number, STR("E")) < 0;
}

static size_t number_end(struct str text, size_t at)
{
    while (at < text.n && text.p[at] && strchr("+-.eE0123456789", text.p[at]))
        at++;
    return at;
}

/* json-c makes the largest number it has of a longer one; as a string it keeps its text. */
static struct str quote_long(struct arena *a, struct str text)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0, end; i < text.n; i = end) {
        bool number = ascii_is_digit(text.p[i]) || text.p[i] == '-';
        struct str token;

        end = text.p[i] == '"' ? string_end(text, i) : number ? number_end(text, i) : i + 1;
        token = str_slice(text, i, end);
        if (number && is_long(token))
            buf_printf(&b, "\"" STR_FMT "\"", STR_ARG(token));
        else
            buf_add(&b, token);
    }
    return buf_take(&b, a);
}

static int json_checked(struct arena *a, struct str *io, struct diag *d)
{
    bool has_long = false;
    int r = check(*io, &has_long, d);

    if (!r && has_long)
        *io = quote_long(a, *io);
    return r;
}

static struct str without_wrapping(struct str s)
{
    static const struct str heads[] = {
        { "\xEF\xBB\xBF", 3 }, { "<!--", 4 }, { "//<![CDATA[", 11 }, { "<![CDATA[", 9 }
    };
    static const struct str tails[] = { { "-->", 3 }, { "//]]>", 5 }, { "]]>", 3 }, { ";", 1 } };

    s = str_trim(s);
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (str_starts(s, heads[i]))
            s = str_trim(str_from(s, heads[i].n));
    while (str_starts(s, STR("//")) || str_starts(s, STR("/*"))) {
        struct str end = s.p[1] == '*' ? STR("*/") : STR("\n");
        ptrdiff_t at = str_find(s, end);

        s = at < 0 ? (struct str){ 0 } : str_trim(str_from(s, (size_t)at + end.n));
    }
    for (size_t i = 0; i < ARRAY_LEN(tails); i++)
        if (str_ends(s, tails[i]))
            s = str_trim(str_slice(s, 0, s.n - tails[i].n));
    return s;
}

static bool comma_is_last(struct str s, size_t comma)
{
    size_t i = comma + 1;

    while (i < s.n && ascii_is_space(s.p[i]))
        i++;
    return i < s.n && (s.p[i] == '}' || s.p[i] == ']');
}

struct str json_mend(struct arena *a, struct str text)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct str s = without_wrapping(utf8_repair(a, text));
    bool inside = false;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (inside && (unsigned char)c < 0x20) {
            buf_printf(&b, "\\u%04x", (unsigned)c);
            continue;
        }
        if (!inside && c == ',' && comma_is_last(s, i))
            continue;
        if (inside && c == '\\' && i + 1 < s.n && !strchr("\"\\/bfnrtu", s.p[i + 1]))
            continue; /* as JavaScript would have it: the character itself */
        buf_add_byte(&b, c);
        if (inside && c == '\\' && i + 1 < s.n)
            buf_add_byte(&b, s.p[++i]);
        else if (c == '"')
            inside = !inside;
    }
    return buf_take(&b, a);
}

struct str json_value(struct str text)
{
    size_t depth = 0, start = 0;
    bool inside = false;

    while (start < text.n && (ascii_is_space(text.p[start]) || strchr("=:(", text.p[start])))
        start++;
    for (size_t i = start; i < text.n; i++) {
        char c = text.p[i];

        if (inside && c == '\\')
            i++;
        else if (c == '"')
            inside = !inside;
        else if (!inside && (c == '{' || c == '['))
            depth++;
        else if (!inside && (c == '}' || c == ']') && depth && !--depth)
            return str_slice(text, start, i + 1);
    }
    return str_from(text, start);
}

static int parse_checked(struct json_object **ret, struct arena *a, struct str text, struct diag *d)
{
    int r = json_checked(a, &text, d);

    return r ? r : json_tree(ret, text, JSON_DEPTH + 1, false, d);
}

int json_parse(struct json_object **ret, struct arena *a, struct str text, bool mend,
               struct diag *d)
{
    int r;

    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_from(text, 3);
    r = parse_checked(ret, a, text, d);
    return r == ERR_FORMAT && mend ? parse_checked(ret, a, json_mend(a, text), d) : r;
}
