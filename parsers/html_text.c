#include "parsers/html_text.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "core/arena.h"
#include "core/block.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"

enum { REFERENCE_MAX = 32 }; /* the longest name of HTML 5 has 31 letters */

/* What waits before the next visible character; the greatest wins. */
enum gap { GAP_NONE, GAP_SPACE, GAP_LINE, GAP_BLANK };

enum effect { INLINE, CELL, LINE, PARAGRAPH, ITEM, BREAK, PRE, DROP };

#define TAG(name, effect)                                                                          \
    {                                                                                              \
        { name, sizeof(name) - 1 }, effect                                                         \
    }

static const struct {
    struct str name;
    enum effect effect;
} tags[] = {
    TAG("address", LINE),      TAG("article", PARAGRAPH), TAG("aside", PARAGRAPH),
    TAG("blockquote", LINE),   TAG("body", LINE),         TAG("br", BREAK),
    TAG("button", LINE),       TAG("caption", LINE),      TAG("dd", LINE),
    TAG("div", LINE),          TAG("dl", PARAGRAPH),      TAG("dt", LINE),
    TAG("fieldset", LINE),     TAG("figcaption", LINE),   TAG("figure", LINE),
    TAG("footer", PARAGRAPH),  TAG("form", LINE),         TAG("h1", PARAGRAPH),
    TAG("h2", PARAGRAPH),      TAG("h3", PARAGRAPH),      TAG("h4", PARAGRAPH),
    TAG("h5", PARAGRAPH),      TAG("h6", PARAGRAPH),      TAG("head", DROP),
    TAG("header", PARAGRAPH),  TAG("hr", PARAGRAPH),      TAG("iframe", DROP),
    TAG("legend", LINE),       TAG("li", ITEM),           TAG("main", PARAGRAPH),
    TAG("nav", PARAGRAPH),     TAG("ol", PARAGRAPH),      TAG("option", LINE),
    TAG("p", PARAGRAPH),       TAG("pre", PRE),           TAG("script", DROP),
    TAG("section", PARAGRAPH), TAG("style", DROP),        TAG("svg", DROP),
    TAG("table", PARAGRAPH),   TAG("tbody", LINE),        TAG("td", CELL),
    TAG("template", DROP),     TAG("th", CELL),           TAG("title", LINE),
    TAG("tr", LINE),           TAG("ul", PARAGRAPH),
};

/* The names of HTML 5 that libxml2's table of HTML 4 lacks and that job ads use. */
static const struct {
    const char *name;
    uint32_t c;
} more_names[] = {
    { "apos", '\'' },    { "colon", ':' },  { "comma", ',' },  { "commat", '@' },
    { "dollar", '$' },   { "equals", '=' }, { "excl", '!' },   { "hyphen", 0x2010 },
    { "lbrack", '[' },   { "lpar", '(' },   { "lsqb", '[' },   { "NewLine", '\n' },
    { "num", '#' },      { "percnt", '%' }, { "period", '.' }, { "plus", '+' },
    { "quest", '?' },    { "rbrack", ']' }, { "rpar", ')' },   { "rsqb", ']' },
    { "semi", ';' },     { "sol", '/' },    { "Tab", '\t' },   { "UnderBar", '_' },
    { "verbar", '|' },   { "vert", '|' },   { "ast", '*' },    { "bsol", '\\' },
    { "check", 0x2713 }, { "grave", '`' },  { "AMP", '&' },    { "LT", '<' },
    { "GT", '>' },       { "QUOT", '"' },   { "lowbar", '_' },
};

/* HTML 5, 13.2.5.80: numbers of the C1 range mean windows-1252. */
static uint32_t scalar(uint64_t c)
{
    if (c >= 0x80 && c < 0xA0)
        return utf8_windows_1252((unsigned char)c);
    return c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : (uint32_t)c;
}

/* s begins with "&#": the bytes of the reference, or 0 when it is none. */
static size_t numeric_reference(struct str s, uint32_t *ret)
{
    bool hex = s.n > 2 && ascii_lower(s.p[2]) == 'x';
    size_t i = hex ? 3 : 2, first = i;
    uint64_t v = 0;

    for (; i < s.n && i < first + REFERENCE_MAX; i++) {
        char c = ascii_lower(s.p[i]);
        unsigned digit;

        if (ascii_is_digit(c))
            digit = (unsigned)(c - '0');
        else if (hex && c >= 'a' && c <= 'f')
            digit = (unsigned)(c - 'a') + 10;
        else
            break;
        v = v > 0x10FFFF ? v : v * (hex ? 16 : 10) + digit;
    }
    if (i == first)
        return 0;
    *ret = scalar(v);
    return i + (i < s.n && s.p[i] == ';');
}

static bool named(struct str name, uint32_t *ret)
{
    char key[REFERENCE_MAX + 1] = { 0 };
    const htmlEntityDesc *known;

    if (name.n > REFERENCE_MAX)
        return false;
    for (size_t i = 0; i < name.n; i++)
        key[i] = name.p[i];
    known = htmlEntityLookup((const xmlChar *)key);
    if (known) {
        *ret = known->value;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(more_names); i++)
        if (str_eq(str_of(more_names[i].name), name)) {
            *ret = more_names[i].c;
            return true;
        }
    return false;
}

/* s begins with '&': the bytes of the character reference there, or 0 when it is none. */
static size_t reference(struct str s, uint32_t *ret)
{
    static const char *const without_semicolon[] = { "amp", "lt", "gt", "quot", "nbsp" };
    size_t n = 1;
    struct str name;

    if (s.n > 1 && s.p[1] == '#')
        return numeric_reference(s, ret);
    while (n < s.n && n <= REFERENCE_MAX && ascii_is_alnum(s.p[n]))
        n++;
    name = str_slice(s, 1, n);
    if (n < s.n && s.p[n] == ';')
        return named(name, ret) ? n + 1 : 0;
    for (size_t i = 0; i < ARRAY_LEN(without_semicolon); i++)
        if (str_eq(str_of(without_semicolon[i]), name))
            return named(name, ret) ? n : 0;
    return 0;
}

struct html_reader {
    struct str in;
    size_t at;
    struct buf out;
    enum gap gap;
    bool bullet;        /* an <li> whose first character is still to come */
    int pre;            /* depth of <pre>: line ends are kept */
    bool quotes_broken; /* some tag never closed its quote: do not trust quotes from here on */
    bool no_more_tags;  /* no '>' follows */
};

static void gap(struct html_reader *r, enum gap g)
{
    if (!r->bullet && r->gap < g)
        r->gap = g;
}

static void flush_gap(struct html_reader *r)
{
    static const struct str gaps[] = { { "", 0 }, { " ", 1 }, { "\n", 1 }, { "\n\n", 2 } };

    if (r->out.n)
        buf_add(&r->out, gaps[r->gap]);
    if (r->bullet)
        buf_add(&r->out, STR("- "));
    r->gap = GAP_NONE;
    r->bullet = false;
}

static void put(struct html_reader *r, uint32_t c)
{
    if (c == '\n' && r->pre) {
        gap(r, r->gap >= GAP_LINE ? GAP_BLANK : GAP_LINE);
        return;
    }
    if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0) {
        gap(r, GAP_SPACE);
        return;
    }
    if (c < 0x20 || c == 0x7F)
        return;
    if (r->gap || r->bullet)
        flush_gap(r);
    if (c < 0x80)
        buf_add_byte(&r->out, (char)c);
    else
        buf_add_utf8(&r->out, c);
}

/* Where the words end that begin at `from` and are copied as they stand: ASCII, one space between
 * two, nothing that markup means. */
static size_t words_end(struct str s, size_t from)
{
    uint64_t after_space = 1;

    for (size_t at = from;; at += BLOCK) {
        struct block b = block_of(s, at);
        uint64_t space = block_eq(b, ' ');
        uint64_t other = ~(space | block_in(b, '!', 94)) | block_eq(b, '<') | block_eq(b, '&')
                         | (space & (space << 1 | after_space));

        if (other) { /* what is behind the end is another */
            at += block_first(other);
            return at - (at > from && s.p[at - 1] == ' ');
        }
        after_space = space >> (BLOCK - 1);
    }
}

static bool put_words(struct html_reader *r)
{
    size_t end = words_end(r->in, r->at);

    if (end == r->at)
        return false;
    if (r->gap || r->bullet)
        flush_gap(r);
    buf_add(&r->out, str_slice(r->in, r->at, end));
    r->at = end;
    return true;
}

/* The place after `needle` at or after r->at, or the end of the input. */
static size_t after(const struct html_reader *r, struct str needle)
{
    ptrdiff_t at = str_find(str_from(r->in, r->at), needle);

    return at < 0 ? r->in.n : r->at + (size_t)at + needle.n;
}

/* The place of the '>' that ends the tag at r->at; the end of the input when there is none. */
static size_t tag_end(struct html_reader *r)
{
    char quote = '\0';
    const char *plain;

    for (size_t i = r->at + 1; i < r->in.n && !r->quotes_broken; i++) {
        char c = r->in.p[i];

        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? '\0' : c;
        else if (!quote && c == '>')
            return i;
    }
    if (quote)
        r->quotes_broken = true;
    plain = memchr(r->in.p + r->at, '>', r->in.n - r->at);
    return plain ? (size_t)(plain - r->in.p) : r->in.n;
}

/* Skip the content of an element whose text nobody sees, up to and with its end tag. */
static void drop_element(struct html_reader *r, struct str name)
{
    while (r->at < r->in.n) {
        size_t next = after(r, STR("</"));
        struct str rest = str_from(r->in, next);

        r->at = next;
        if (!str_eq_fold(str_slice(rest, 0, name.n), name)
            || (rest.n > name.n && ascii_is_alnum(rest.p[name.n])))
            continue;
        r->at = after(r, STR(">"));
        return;
    }
}

static enum effect effect_of(struct str name)
{
    char first = name.n ? ascii_lower(name.p[0]) : '\0';

    for (size_t i = 0; i < ARRAY_LEN(tags); i++)
        if (first == tags[i].name.p[0] && str_eq_fold(name, tags[i].name))
            return tags[i].effect;
    return INLINE;
}

static void apply(struct html_reader *r, struct str name, bool closing, bool empty)
{
    switch (effect_of(name)) {
    case INLINE:
        break;
    case CELL:
        gap(r, GAP_SPACE);
        break;
    case LINE:
        gap(r, GAP_LINE);
        break;
    case PARAGRAPH:
        gap(r, GAP_BLANK);
        break;
    case BREAK:
        gap(r, r->gap >= GAP_LINE ? GAP_BLANK : GAP_LINE);
        break;
    case ITEM: /* items stand close together, whatever paragraphs they hold */
        r->gap = GAP_LINE;
        r->bullet = !closing;
        break;
    case PRE:
        gap(r, GAP_BLANK);
        r->pre += closing ? (r->pre > 0 ? -1 : 0) : 1;
        break;
    case DROP:
        gap(r, GAP_LINE);
        if (!closing && !empty)
            drop_element(r, name);
        break;
    }
}

/* r->at is at a '<'. False when it begins no tag and is text. */
static bool tag(struct html_reader *r)
{
    size_t end, name_end, first = r->at + 1;
    bool closing = first < r->in.n && r->in.p[first] == '/';
    struct str name;

    if (str_starts(str_from(r->in, r->at), STR("<!--"))) {
        r->at += 4;
        r->at = after(r, STR("-->"));
        return true;
    }
    first += closing;
    if (r->no_more_tags || first >= r->in.n)
        return false;
    if (!ascii_is_alpha(r->in.p[first]) && !(strchr("!?", r->in.p[first]) && !closing))
        return false;
    end = tag_end(r);
    if (end == r->in.n) {
        r->no_more_tags = true;
        return false;
    }
    for (name_end = first; name_end < end && ascii_is_alnum(r->in.p[name_end]);)
        name_end++;
    name = str_slice(r->in, first, name_end);
    r->at = end + 1;
    apply(r, name, closing, r->in.p[end - 1] == '/');
    return true;
}

struct str html_text(struct arena *a, struct str html)
{
    struct html_reader r = { .in = utf8_of_page(a, html) };
    struct str text;

    while (r.at < r.in.n) {
        char c = r.in.p[r.at];
        uint32_t code;
        size_t n = 1;

        if (c == '<' && tag(&r))
            continue;
        if (put_words(&r))
            continue;
        if (c == '&' && (n = reference(str_from(r.in, r.at), &code)) > 0) {
            put(&r, code);
        } else {
            code = utf8_at(r.in, r.at, &n);
            put(&r, code);
        }
        r.at += n;
    }
    text = buf_take(&r.out, a);
    buf_release(&r.out);
    return text;
}

struct str html_unescape(struct arena *a, struct str s)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    if (!s.n || !memchr(s.p, '&', s.n))
        return s;
    for (size_t i = 0; i < s.n;) {
        uint32_t code;
        size_t n = s.p[i] == '&' ? reference(str_from(s, i), &code) : 0;

        if (n)
            buf_add_utf8(&b, code);
        else
            buf_add_byte(&b, s.p[i]);
        i += n ? n : 1;
    }
    return buf_take(&b, a);
}

/* Where from `from` on a control stands that no text keeps, or the end of s. */
static size_t next_control(struct str s, size_t from)
{
    for (size_t i = from; i < s.n; i += BLOCK) {
        struct block b = block_of(s, i);
        struct block_bytes odd = block_or(block_among(b, '\0', '\t'), block_among(b, '\v', 21));

        if (!block_none(odd)) /* what is behind the end is a control */
            return i + block_first(block_bits(odd));
    }
    return s.n;
}

struct str plain_text(struct arena *a, struct str s)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    s = str_trim(utf8_repair(a, s));
    if (next_control(s, 0) == s.n)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        size_t control = next_control(s, i);

        buf_add(&b, str_slice(s, i, control));
        i = control;
        if (i < s.n && s.p[i] == '\r' && !(i + 1 < s.n && s.p[i + 1] == '\n'))
            buf_add_byte(&b, '\n');
    }
    return buf_take(&b, a);
}
