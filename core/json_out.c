#include "core/json_out.h"

#include <inttypes.h>
#include <math.h>

#include "core/date.h"
#include "core/utf8.h"

/* Bytes from `from` on that stand in a JSON text as they are. */
static size_t plain_run(struct str s, size_t from)
{
    size_t i = from;

    while (i < s.n && s.p[i] >= ' ' && s.p[i] < 0x7F && s.p[i] != '"' && s.p[i] != '\\')
        i++;
    return i - from;
}

static void quote(struct buf *to, struct str s)
{
    buf_add_byte(to, '"');
    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t c;

        n = plain_run(s, i);
        if (n) {
            buf_add(to, str_slice(s, i, i + n));
            continue;
        }
        c = utf8_at(s, i, &n);
        if (c == '"' || c == '\\')
            buf_printf(to, "\\%c", (int)c);
        else if (c == '\n')
            buf_add(to, STR("\\n"));
        else if (c < 0x20 || c == 0x7F)
            buf_printf(to, "\\u%04x", c);
        else if (c == 0xFFFD)
            buf_add_utf8(to, c);
        else
            buf_add(to, str_slice(s, i, i + n));
    }
    buf_add_byte(to, '"');
}

static void new_line(struct json_out *j)
{
    if (!j->indent)
        return;
    buf_add_byte(j->to, '\n');
    for (int i = 0; i < j->indent * j->depth; i++)
        buf_add_byte(j->to, ' ');
}

static void member(struct json_out *j, const char *key)
{
    if (j->has_member)
        buf_add_byte(j->to, ',');
    if (j->depth)
        new_line(j);
    if (key) {
        quote(j->to, str_of(key));
        buf_add(j->to, j->indent ? STR(": ") : STR(":"));
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
    if (j->has_member)
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
    member(j, key);
    buf_printf(j->to, "%" PRId64, v);
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
