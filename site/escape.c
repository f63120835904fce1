#include "site/escape.h"

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/utf8.h"

enum { PHONE_DIGITS = 10, PHONE_MAX = 15, INTERNATIONAL_MIN = 8 };

/* Controls, bidirectional overrides and isolates, and what XML 1.0 does not allow. */
static bool unseen(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0x061C
           || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E)
           || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

static const char *entity(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void escape_markup(struct buf *to, struct str s)
{
    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t c = utf8_at(s, i, &n);

        if (unseen(c))
            continue;
        if (entity(c))
            buf_add(to, str_of(entity(c)));
        else
            buf_add_utf8(to, c);
    }
}

static bool needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r')
            return true;
    return false;
}

void escape_csv(struct buf *to, struct str s)
{
    static const struct str starts = { "=+-@\t\r", 6 };
    bool quoted = needs_quotes(s);

    if (quoted)
        buf_add_byte(to, '"');
    if (s.n && str_find(starts, str_slice(s, 0, 1)) >= 0)
        buf_add_byte(to, '\'');
    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t c = utf8_at(s, i, &n);

        if (c == '"')
            buf_add_byte(to, '"');
        if (!unseen(c))
            buf_add_utf8(to, c);
    }
    if (quoted)
        buf_add_byte(to, '"');
}

void escape_label(struct buf *to, struct str s)
{
    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t c = utf8_at(s, i, &n);

        if (c == '\n')
            buf_add(to, STR("\\n"));
        else if (c == '"' || c == '\\')
            buf_printf(to, "\\%c", (int)c);
        else if (!unseen(c))
            buf_add_utf8(to, c);
    }
}

static bool is_local_byte(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}

/* The e-mail address whose `@` is at `at`: its bounds. A domain has a dot with letters after it. */
static bool email_at(struct str s, size_t at, size_t *start, size_t *end)
{
    size_t from = at, to = at + 1, dot = 0;

    while (from > 0 && is_local_byte(s.p[from - 1]))
        from--;
    for (; to < s.n && (ascii_is_alnum(s.p[to]) || s.p[to] == '-' || s.p[to] == '.'); to++)
        if (s.p[to] == '.' && to + 2 < s.n && ascii_is_alpha(s.p[to + 1])
            && ascii_is_alpha(s.p[to + 2]))
            dot = to;
    *start = from;
    *end = to;
    return from < at && dot > at + 1;
}

static bool find_email(struct str s, size_t from, size_t *start, size_t *end)
{
    for (size_t at = from; at < s.n; at++)
        if (s.p[at] == '@' && email_at(s, at, start, end) && *start >= from)
            return true;
    return false;
}

/*
 * A telephone number that starts at `at`: digits with single spaces, hyphens, dots or brackets
 * between. It is one with a leading + and 8 digits or more, or by the Indian plan: ten digits from
 * 6-9 on, or those after 0 or 91, or a land line after 0.
 */
static bool phone_at(struct str s, size_t at, size_t *end)
{
    bool plus = s.p[at] == '+';
    char digits[PHONE_MAX];
    size_t n = 0, i = at + plus, last = i;

    if (at && byte_is_word(s.p[at - 1]))
        return false;
    for (; i < s.n && n < PHONE_MAX; i++) {
        if (ascii_is_digit(s.p[i])) {
            digits[n++] = s.p[i];
            last = i + 1;
        } else if (i - last >= 2 || str_find(STR(" -.()"), str_slice(s, i, i + 1)) < 0) {
            break;
        }
    }
    if (last < s.n && byte_is_word(s.p[last]))
        return false;
    *end = last;
    if (plus)
        return n >= INTERNATIONAL_MIN;
    if (n == PHONE_DIGITS)
        return digits[0] >= '6';
    if (n == PHONE_DIGITS + 1)
        return digits[0] == '0';
    return n == PHONE_DIGITS + 2 && digits[0] == '9' && digits[1] == '1';
}

static struct str mask_emails(struct arena *a, struct str s)
{
    CLEANUP(buf_release) struct buf out = { 0 };
    size_t done = 0, start, end;

    while (find_email(s, done, &start, &end)) {
        buf_add(&out, str_slice(s, done, start));
        buf_add(&out, STR("[e-mail]"));
        done = end;
    }
    if (!done)
        return s;
    buf_add(&out, str_from(s, done));
    return buf_take(&out, a);
}

static struct str mask_phones(struct arena *a, struct str s)
{
    CLEANUP(buf_release) struct buf out = { 0 };
    size_t done = 0, end;

    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] != '+' && !ascii_is_digit(s.p[i])) || !phone_at(s, i, &end))
            continue;
        buf_add(&out, str_slice(s, done, i));
        buf_add(&out, STR("[phone]"));
        done = end;
        i = end - 1;
    }
    if (!done)
        return s;
    buf_add(&out, str_from(s, done));
    return buf_take(&out, a);
}

struct str mask_personal(struct arena *a, struct str s)
{
    return mask_phones(a, mask_emails(a, s));
}

struct str safe_url(struct str s)
{
    size_t start, end;

    if (!str_starts(s, STR("https://")) && !str_starts(s, STR("http://")))
        return STR("");
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7F)
            return STR("");
    return find_email(s, 0, &start, &end) ? STR("") : s;
}
