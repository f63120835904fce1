#include <string.h>

#include "parsers/pay_parts.h"
#include "parsers/scan.h"

enum {
    FOLLOWS = 28, /* bytes from a number to the currency that stands behind its range */
    GROUPS_MAX = 4
};

#define MARK(mark, code)                                                                           \
    {                                                                                              \
        mark, sizeof(mark) - 1, code                                                               \
    }

static const struct {
    const char *mark;
    size_t n;
    const char *code;
} currencies[] = {
    MARK("\xE2\x82\xB9", "INR"), MARK("inr", "INR"),
    MARK("rs.", "INR"),          MARK("rs", "INR"),
    MARK("rupees", "INR"),       MARK("us$", "USD"),
    MARK("us $", "USD"),         MARK("usd", "USD"),
    MARK("ca$", "CAD"),          MARK("cad", "CAD"),
    MARK("c$", "CAD"),           MARK("au$", "AUD"),
    MARK("a$", "AUD"),           MARK("aud", "AUD"),
    MARK("s$", "SGD"),           MARK("sgd", "SGD"),
    MARK("nz$", "NZD"),          MARK("nzd", "NZD"),
    MARK("hk$", "HKD"),          MARK("hkd", "HKD"),
    MARK("r$", "BRL"),           MARK("$", "USD"),
    MARK("\xE2\x82\xAC", "EUR"), MARK("eur", "EUR"),
    MARK("euros", "EUR"),        MARK("\xC2\xA3", "GBP"),
    MARK("gbp", "GBP"),          MARK("chf", "CHF"),
    MARK("aed", "AED"),          MARK("z\xC5\x82", "PLN"),
    MARK("pln", "PLN"),          MARK("sek", "SEK"),
    MARK("nok", "NOK"),          MARK("dkk", "DKK"),
    MARK("jpy", "JPY"),          MARK("\xC2\xA5", "JPY"),
    MARK("brl", "BRL"),          MARK("zar", "ZAR"),
    MARK("czk", "CZK"),          MARK("yen", "JPY"),
};

static const char *currency_at(struct str s, size_t at, size_t *ret_end)
{
    char first = at < s.n ? ascii_lower(s.p[at]) : '\0';

    for (size_t i = 0; i < ARRAY_LEN(currencies); i++) {
        if (currencies[i].mark[0] == first && scan_word(s, at, currencies[i].mark)) {
            *ret_end = at + currencies[i].n;
            return currencies[i].code;
        }
    }
    return NULL;
}

static bool is_dollar(const char *code)
{
    return code && code[2] == 'D' && strcmp(code, "AED") != 0;
}

/* The mark that ends at `end`. */
static const char *mark_before(struct str s, size_t end, size_t *ret_start)
{
    char last = end ? ascii_lower(s.p[end - 1]) : '\0';

    for (size_t i = 0; i < ARRAY_LEN(currencies); i++) {
        size_t n = currencies[i].n;

        if (currencies[i].mark[n - 1] != last || end < n
            || !scan_word(str_slice(s, 0, end), end - n, currencies[i].mark))
            continue;
        if (end > n && ascii_is_alpha(currencies[i].mark[0]) && ascii_is_alnum(s.p[end - n - 1]))
            continue;
        *ret_start = end - n;
        return currencies[i].code;
    }
    return NULL;
}

/* The currency that stands right before `at`, as in "Rs. 5", "INR5" or "CAD $5". */
static const char *currency_before(struct str s, size_t at, size_t *ret_start, bool *ret_bare)
{
    size_t end = scan_blanks_back(s, at), start;
    const char *code, *named;

    while (end > 0 && (s.p[end - 1] == ')' || s.p[end - 1] == ':'))
        end = scan_blanks_back(s, end - 1);
    if (!end || ascii_is_digit(s.p[end - 1]) || memchr(" \n,-(*/:", s.p[end - 1], 8))
        return NULL; /* no mark ends so */
    code = mark_before(s, end, ret_start);
    if (!code || ascii_is_alpha(s.p[*ret_start]))
        return code;
    *ret_bare = s.p[*ret_start] == '$';
    end = scan_blanks_back(s, *ret_start);
    if (!end || !ascii_is_alpha(s.p[end - 1]))
        return code;
    named = mark_before(s, end, &start);
    if (!named || (*ret_bare ? !is_dollar(named) : strcmp(named, code) != 0))
        return code;
    *ret_bare = false;
    *ret_start = start;
    return named;
}

static size_t unit_at(struct str s, size_t at, struct amount *ret)
{
    static const struct {
        const char *word;
        double unit;
        bool per_annum, close; /* close: only right at the digit */
    } rows[] = {
        { "lakhs", 1e5, false, false },   { "lakh", 1e5, false, false },
        { "lacs", 1e5, false, false },    { "lac", 1e5, false, false },
        { "lpa", 1e5, true, false },      { "l.p.a", 1e5, true, false },
        { "crores", 1e7, false, false },  { "crore", 1e7, false, false },
        { "cr", 1e7, false, false },      { "cpa", 1e7, true, false },
        { "million", 1e6, false, false }, { "mn", 1e6, false, true },
        { "l", 1e5, false, true },        { "k", 1e3, false, true },
        { "m", 1e6, false, true },
    };
    size_t p = scan_blanks(s, at);
    bool lakhs = p < s.n && s.p[p] == 'L'; /* "8 to 14 L", not the "l" for a bar */
    char first = p < s.n ? ascii_lower(s.p[p]) : '\0';

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].word[0] == first
            && (p == at || !rows[i].close || (rows[i].word[0] == 'l' && (lakhs || ret->marked)))
            && scan_word(s, p, rows[i].word)) {
            size_t end = p + strlen(rows[i].word);

            if (end < s.n && (ascii_is_digit(s.p[end]) || (unsigned char)s.p[end] == '&'))
                continue;
            if (rows[i].unit <= 1e3 && ret->grouped)
                return end; /* "94,000k": thousands said twice */
            ret->unit = rows[i].unit;
            ret->per_annum = rows[i].per_annum;
            return end;
        }
    return at;
}

/* How many digits follow `at`. */
static size_t digits_at(struct str s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && ascii_is_digit(s.p[at + n]))
        n++;
    return n;
}

/* The commas of a number in groups of three, or of two before a last one of three. "350,00" is a
 * decimal comma; any other grouping is none, and could be read wrong by ten. */
static bool settle_commas(struct str s, size_t at, struct number *io)
{
    size_t sizes[GROUPS_MAX + 1] = { 0 }, n = 0, p = at;

    for (;; p++) {
        sizes[n] = digits_at(s, p);
        p += sizes[n++];
        if (p >= io->end || s.p[p] != ',' || n > GROUPS_MAX)
            break;
    }
    if (n == 2 && sizes[1] == 2 && p == io->end) {
        io->value /= 100;
        io->grouped = false;
        return true;
    }
    for (size_t i = 1; i + 1 < n; i++)
        if (sizes[i] != (io->indian ? 2 : 3))
            return false;
    return n <= GROUPS_MAX && sizes[n - 1] == 3 && sizes[0] <= (io->indian ? 2 : 3);
}

/* What parts thousands besides a comma: a space of any width, an apostrophe; 0: nothing. */
static size_t thin_separator(struct str s, size_t at)
{
    static const char *const marks[] = {
        " ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"
    };

    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (str_starts(str_from(s, at), str_of(marks[i])))
            return strlen(marks[i]);
    return 0;
}

/* The currency that stands behind the number at `at`, or behind the range that it begins. */
static const char *currency_follows(struct str s, size_t at)
{
    size_t limit = at + FOLLOWS < s.n ? at + FOLLOWS : s.n, end;

    for (size_t p = at; p < limit && s.p[p] != '\n'; p++) {
        const char *code = currency_at(s, p, &end);

        if (code || (ascii_is_alpha(s.p[p]) && ascii_lower(s.p[p]) != 'k'))
            return code;
    }
    return NULL;
}

/* "100 000", "1'200'000": groups of three behind one of at most three. */
static void take_thin_groups(struct str s, size_t at, bool marked, struct number *io)
{
    double value = io->value;
    size_t p = io->end, gap;

    if (io->grouped || io->in_words || io->end - at > 3 || digits_at(s, at) != io->end - at)
        return;
    while ((gap = thin_separator(s, p)) && digits_at(s, p + gap) == 3) {
        double group = 0;

        for (size_t i = 0; i < 3; i++)
            group = group * 10 + (s.p[p + gap + i] - '0');
        value = value * 1000 + group;
        p += gap + 3;
    }
    if (p == io->end || (p < s.n && (s.p[p] == '(' || ascii_lower(s.p[p]) == 'k'))
        || (!marked && !currency_follows(s, p)))
        return;
    io->value = value;
    io->grouped = true;
    io->end = p;
}

/* Where a full stop may part thousands. */
static bool is_continental(const char *code)
{
    static const char *const codes[] = { "EUR", "BRL", "SEK", "NOK", "DKK", "CHF", "PLN", "CZK" };

    for (size_t i = 0; code && i < ARRAY_LEN(codes); i++)
        if (!strcmp(code, codes[i]))
            return true;
    return false;
}

/* "78.000" and "5.103,90", as on the continent: three digits behind a full stop are thousands. */
static void take_stop_groups(struct str s, size_t at, const char *currency, struct number *io)
{
    size_t whole = digits_at(s, at), p = at + whole;
    double value = 0;

    if (io->grouped || io->in_words || !whole || whole > 3 || p >= s.n || s.p[p] != '.'
        || s.p[at] == '0')
        return;
    for (size_t i = 0; i < whole; i++)
        value = value * 10 + (s.p[at + i] - '0');
    while (p < s.n && s.p[p] == '.' && digits_at(s, p + 1) == 3) {
        for (size_t i = 1; i <= 3; i++)
            value = value * 10 + (s.p[p + i] - '0');
        p += 4;
    }
    if (p == at + whole || unit_at(s, p, &(struct amount){ .marked = true }) != p)
        return; /* "1.250 million" */
    if (!is_continental(currency ? currency : currency_follows(s, p)))
        return;
    if (p < s.n && s.p[p] == ',' && digits_at(s, p + 1) == 2) {
        value += (s.p[p + 1] - '0') * .1 + (s.p[p + 2] - '0') * .01;
        p += 3;
    }
    io->value = value;
    io->grouped = true;
    io->end = p;
}

/* "46,5k": one digit behind a comma, and thousands of it. */
static void take_decimal_comma(struct str s, struct number *io)
{
    size_t p = io->end;

    if (io->grouped || io->in_words || p + 2 >= s.n || s.p[p] != ',' || digits_at(s, p + 1) != 1
        || !scan_word(s, p + 2, "k"))
        return;
    io->value += (s.p[p + 1] - '0') * .1;
    io->end = p + 2;
}

static bool number_at(struct str s, size_t at, const char *currency, struct number *ret)
{
    if (!scan_number(s, at, ret))
        return false;
    if (ret->grouped && !settle_commas(s, at, ret))
        return false;
    take_thin_groups(s, at, currency != NULL, ret);
    take_stop_groups(s, at, currency, ret);
    take_decimal_comma(s, ret);
    return true;
}

/* Past the end of Markdown's bold: "**130,000 - 210,000** USD". */
static size_t skip_stars(struct str s, size_t at)
{
    while (at < s.n && s.p[at] == '*')
        at++;
    return at;
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* A code to which the next line's first word was joined: "$119,000 CADCanada Tier 2". */
static const char *joined_code(struct str s, size_t at, size_t *ret_end)
{
    enum { CODE = 3 };

    if (at + CODE >= s.n || !is_capital(s.p[at + CODE]))
        return NULL;
    for (size_t i = 0; i < CODE; i++)
        if (!is_capital(s.p[at + i]))
            return NULL;
    return currency_at(str_slice(s, 0, at + CODE), at, ret_end);
}

/* The currency behind an amount: its own, or which dollar the one before it is. */
static void take_currency_after(struct str s, struct amount *io)
{
    size_t p = scan_blanks(s, skip_stars(s, io->end)), end;
    const char *code = p < s.n ? currency_at(s, p, &end) : NULL;
    bool crowns = io->currency && io->currency[2] == 'K';
    bool named;

    if (!code)
        code = joined_code(s, p, &end);
    named = code && ascii_is_alpha(s.p[p]);
    if (crowns && scan_word(s, p, "kr")) {
        io->end = p + 2 + (p + 2 < s.n && s.p[p + 2] == '.');
        return;
    }
    if (!code || (!named && (io->currency || (unsigned char)s.p[p] < 0x80)))
        return;
    if (io->bare_dollar && named && is_dollar(code)) {
        io->currency = code;
        io->bare_dollar = false;
    } else if (io->currency && strcmp(io->currency, code) != 0) {
        return;
    }
    io->currency = code;
    io->end = end;
}

/* `known`: the currency of the range that it ends; NULL: none. */
static bool read_amount(struct str s, size_t at, const char *known, struct amount *ret)
{
    struct number n;
    size_t p, start = at;

    *ret = (struct amount){ 0 };
    if (at < s.n)
        ret->currency = currency_before(s, at, &start, &ret->bare_dollar);
    ret->marked = ret->currency != NULL;
    ret->start = start;
    if (!number_at(s, at, ret->currency ? ret->currency : known, &n))
        return false;
    ret->value = n.value;
    ret->grouped = n.grouped;
    ret->indian_grouping = n.indian;
    p = unit_at(s, n.end, ret);
    if (p < s.n && s.p[p] == '/' && p + 1 < s.n && s.p[p + 1] == '-')
        p += 2; /* "50,000/-" */
    if (p < s.n && s.p[p] == '+') {
        ret->plus = true;
        p++;
    }
    ret->end = p;
    take_currency_after(s, ret);
    return true;
}

bool amount_at(struct str s, size_t at, struct amount *ret)
{
    return read_amount(s, at, NULL, ret);
}

/* Past "USD $". */
static size_t skip_currency(struct str s, size_t at)
{
    size_t end;

    for (int i = 0; i < 2 && at < s.n && currency_at(s, at, &end); i++)
        at = scan_blanks(s, end);
    return at;
}

/* "$92,400$178,200": the dash between two marked amounts was lost. */
static bool dash_was_lost(struct str s, const struct amount *first)
{
    size_t end;
    const char *mark = first->marked && first->end < s.n && !ascii_is_alpha(s.p[first->end])
                           ? currency_at(s, first->end, &end)
                           : NULL;

    return mark && first->currency && !strcmp(mark, first->currency);
}

bool amount_second(struct str s, const struct amount *first, struct amount *ret)
{
    static const char *const periods[] = { "/year",     "/yr",       "/month", "/hour",
                                           "/hr",       "per year",  "a year", "per hour",
                                           "per month", "per annum", "lpa",    "pa",
                                           "p.a.",      "usd",       NULL };
    static const char *const words[] = { "to", "and", "up to", "et", "bis", NULL };
    size_t p = scan_blanks(s, first->end), q;
    const char *period = scan_one_of(s, p, periods), *word;

    if (period)
        p = scan_blanks(s, p + strlen(period));
    while (p < s.n && s.p[p] == '\\')
        p++; /* Markdown's "\-" */
    q = scan_dash(s, p);
    if (q == p) {
        word = scan_one_of(s, p, words);
        q = word ? p + strlen(word) : p;
    }
    if (q == p && !dash_was_lost(s, first))
        return false;
    while (q < s.n && s.p[q] == '-')
        q++;
    q = scan_blanks(s, q);
    if (!read_amount(s, skip_currency(s, q), first->currency, ret) || ret->start > q)
        return false;
    if (first->marked && !ret->unit && !ret->marked) { /* "INR 10-14 l" */
        ret->marked = true;
        ret->end = unit_at(s, ret->end, ret);
        ret->marked = false;
    }
    return true;
}

double amount_whole(const struct amount *a)
{
    return a->value * (a->unit > 0 ? a->unit : 1);
}

void amount_share(struct amount *first, struct amount *second)
{
    if (first->marked && !first->unit && first->value <= 1 && second->unit)
        first->value = 0; /* the placeholder of a form: "₹1 - ₹10M" */
    else if (!first->unit && second->unit && first->value < 1000 && !first->grouped)
        first->unit = second->unit;
    else if (first->unit && !second->unit && second->value < 1000 && !second->grouped)
        second->unit = first->unit;
    else if (!first->unit && !second->unit && first->value < 1000 && second->grouped
             && first->value * 1000 <= second->value && first->value * 4000 >= second->value)
        first->value *= 1000; /* "$110 - $120,000" */
    if (first->bare_dollar && is_dollar(second->currency))
        first->currency = second->currency;
    else if (second->bare_dollar && is_dollar(first->currency))
        second->currency = first->currency;
}
