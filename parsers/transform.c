#include "parsers/transform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "parsers/adapter.h"
#include "parsers/html_text.h"

/* Whether s holds markup: '<' before a letter, '/' or '!'. */
static bool has_tag(struct str s)
{
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == '<' && (ascii_is_alpha(s.p[i + 1]) || s.p[i + 1] == '/' || s.p[i + 1] == '!'))
            return true;
    return false;
}

static struct str to_html(struct arena *a, struct str v, int64_t now)
{
    (void)now;
    return html_text(a, v);
}

static struct str to_html_auto(struct arena *a, struct str v, int64_t now)
{
    struct str once;

    (void)now;
    if (has_tag(v))
        return html_text(a, v);
    once = html_unescape(a, v);
    if (!has_tag(once) && has_tag(html_unescape(a, once)))
        once = html_unescape(a, once);
    return has_tag(once) ? html_text(a, once) : plain_text(a, once);
}

static struct str to_unescape(struct arena *a, struct str v, int64_t now)
{
    (void)now;
    return html_unescape(a, v);
}

static struct str to_text(struct arena *a, struct str v, int64_t now)
{
    (void)now;
    return plain_text(a, v);
}

static struct str to_trim(struct arena *a, struct str v, int64_t now)
{
    (void)a;
    (void)now;
    return str_trim(v);
}

static struct str to_first_line(struct arena *a, struct str v, int64_t now)
{
    (void)a;
    (void)now;
    v = str_trim(v);
    return str_trim(str_cut(&v, '\n'));
}

static struct str to_newlines(struct arena *a, struct str v, int64_t now)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    (void)now;
    for (size_t i = 0; i < v.n; i++) {
        bool escaped = v.p[i] == '\\' && i + 1 < v.n && (v.p[i + 1] == 'n' || v.p[i + 1] == 'r');

        buf_add_byte(&b, escaped ? '\n' : v.p[i]);
        i += escaped;
    }
    return buf_take(&b, a);
}

static struct str to_commas(struct arena *a, struct str v, int64_t now)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct str last = { 0 };

    (void)now;
    while (v.n) {
        struct str part = str_trim(str_cut(&v, ','));

        if (!part.n || str_eq(part, STR("-")) || str_eq_fold(part, last))
            continue;
        if (b.n)
            buf_add(&b, STR(", "));
        buf_add(&b, part);
        last = part;
    }
    return buf_take(&b, a);
}

static struct str to_cents(struct arena *a, struct str v, int64_t now)
{
    char *end, *s = str_cstr(a, str_trim(v));
    double cents = strtod(s, &end);

    (void)now;
    return *s && !*end ? str_printf(a, "%.2f", cents / 100) : (struct str){ 0 };
}

static struct str seconds(struct arena *a, int64_t t)
{
    return str_printf(a, "%lld", (long long)t);
}

static struct str to_epoch_s(struct arena *a, struct str v, int64_t now)
{
    char *end, *s = str_cstr(a, str_trim(v));
    double t = strtod(s, &end);

    (void)now;
    return *s && !*end && t > 0 && t < 253402300800.0 ? seconds(a, (int64_t)t) : (struct str){ 0 };
}

static struct str to_epoch_ms(struct arena *a, struct str v, int64_t now)
{
    char *end, *s = str_cstr(a, str_trim(v));
    double t = strtod(s, &end) / 1000;

    (void)now;
    return *s && !*end && t > 0 && t < 253402300800.0 ? seconds(a, (int64_t)t) : (struct str){ 0 };
}

static struct str to_iso(struct arena *a, struct str v, int64_t now)
{
    int64_t t;

    (void)now;
    return date_parse_iso(v, &t) ? seconds(a, t) : (struct str){ 0 };
}

static struct str to_rfc822(struct arena *a, struct str v, int64_t now)
{
    int64_t t;

    (void)now;
    return date_parse_http(v, &t) ? seconds(a, t) : (struct str){ 0 };
}

/* "11/18/26", "11/18/2026": month first. */
static struct str to_us_date(struct arena *a, struct str v, int64_t now)
{
    struct str rest = str_trim(v), month = str_cut(&rest, '/'), day = str_cut(&rest, '/');
    int64_t y, m, d, t;
    struct str iso;

    (void)now;
    if (!str_int(month, &m) || !str_int(day, &d) || !str_int(str_trim(rest), &y))
        return (struct str){ 0 };
    y += y < 100 ? 2000 : 0;
    iso = str_printf(a, "%04lld-%02lld-%02lld", (long long)y, (long long)m, (long long)d);
    return date_parse_iso(iso, &t) ? seconds(a, t) : (struct str){ 0 };
}

static bool is_month(struct str word)
{
    static const struct str months = STR("jan feb mar apr may jun jul aug sep oct nov dec");

    return word.n >= 3 && str_find_fold(months, str_slice(word, 0, 3)) % 4 == 0;
}

/* "November  2, 2026", "Nov 18, 2026", "21-Apr-2026", "Wed Nov 18 07:00:00 UTC 2026": the day,
 * without the time of it. */
static bool word_date(struct str v, int64_t *ret)
{
    struct str month = { 0 };
    int64_t day = 0, year = 0, n;
    char rfc[32];

    for (size_t i = 0, from = 0; i < v.n; i += i == from) {
        bool letters = ascii_is_alpha(v.p[i]), of_time = i && v.p[i - 1] == ':';
        struct str word;

        from = i;
        while (i < v.n && (letters ? ascii_is_alpha(v.p[i]) : ascii_is_digit(v.p[i])))
            i++;
        word = str_slice(v, from, i);
        if (letters && !month.n && is_month(word))
            month = str_slice(word, 0, 3);
        else if (!letters && !of_time && !(i < v.n && v.p[i] == ':') && str_int(word, &n))
            *(word.n == 4 ? &year : &day) = word.n == 4 ? (year ? year : n) : (day ? day : n);
    }
    if (!month.n || day < 1 || day > 31 || !year)
        return false;
    snprintf(rfc, sizeof(rfc), "%02d " STR_FMT " %04d", (int)day, STR_ARG(month), (int)year);
    return date_parse_http(str_of(rfc), ret);
}

static struct str to_word_date(struct arena *a, struct str v, int64_t now)
{
    int64_t t;

    (void)now;
    return word_date(v, &t) ? seconds(a, t) : (struct str){ 0 };
}

/* "Posted 3 Days Ago", "Yesterday". "30+" is no date: it is only known to be before. */
static struct str to_relative_days(struct arena *a, struct str v, int64_t now)
{
    static const struct {
        struct str unit;
        int days;
    } units[] = { { { "day", 3 }, 1 }, { { "week", 4 }, 7 }, { { "month", 5 }, 30 } };
    int64_t days = -1, count = 0;
    size_t i = 0, from;

    while (i < v.n && !ascii_is_digit(v.p[i]))
        i++;
    for (from = i; i < v.n && ascii_is_digit(v.p[i]);)
        i++;
    if (str_find_fold(v, STR("today")) >= 0 || str_find_fold(v, STR("just posted")) >= 0)
        days = 0;
    else if (str_find_fold(v, STR("yesterday")) >= 0)
        days = 1;
    else if (str_int(str_slice(v, from, i), &count) && count < 400
             && !str_starts(str_from(v, i), STR("+")))
        for (size_t u = 0; u < ARRAY_LEN(units); u++)
            if (str_find_fold(v, units[u].unit) >= 0)
                days = count * units[u].days;
    return days < 0 || !now ? (struct str){ 0 }
                            : seconds(a, day_start(day_of(now) - days) + IST_OFFSET);
}

static struct str to_lower(struct arena *a, struct str v, int64_t now)
{
    (void)now;
    return str_lower(a, v);
}

static const struct adapter_word words[] = {
    { "html", "markup -> text with line breaks at blocks" },
    { "html_auto", "markup, markup escaped once or twice more, or plain text -> text" },
    { "unescape", "one level of character references decoded" },
    { "text", "plain text with its line ends made one kind" },
    { "trim", "white space off both ends" },
    { "first_line", "up to the first line end" },
    { "newlines", "the two characters \\n -> a line end" },
    { "commas", "a list with commas, without its empty and repeated parts" },
    { "cents", "hundredths -> units" },
    { "epoch_s", "seconds since 1970 -> time" },
    { "epoch_ms", "milliseconds since 1970 -> time" },
    { "iso", "ISO 8601 -> time" },
    { "rfc822", "\"Mon, 23 Nov 2026 21:00:00 GMT\" -> time" },
    { "us_date", "\"11/18/26\", month first -> time" },
    { "word_date", "\"November 2, 2026\", \"21-Apr-2026\" -> time" },
    { "relative_days", "\"Posted 3 Days Ago\" -> time; \"30+\" is none" },
    { "lower", "ASCII letters to lower case" },
};

/* As the words above. */
static transform_fn *const transforms[] = {
    to_html,     to_html_auto, to_unescape,  to_text,          to_trim,     to_first_line,
    to_newlines, to_commas,    to_cents,     to_epoch_s,       to_epoch_ms, to_iso,
    to_rfc822,   to_us_date,   to_word_date, to_relative_days, to_lower,
};

transform_fn *transform_find(struct str name)
{
    _Static_assert(ARRAY_LEN(words) == ARRAY_LEN(transforms), "a word without its transform");

    for (size_t i = 0; i < ARRAY_LEN(transforms); i++)
        if (str_eq(name, str_of(words[i].name)))
            return transforms[i];
    return NULL;
}

const struct adapter_word *adapter_transforms(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(words);
    return words;
}

static bool civil(int64_t year, int64_t month, int64_t day, int64_t *ret)
{
    char iso[64];

    snprintf(iso, sizeof(iso), "%04lld-%02lld-%02lld", (long long)year, (long long)month,
             (long long)day);
    return date_parse_iso(str_of(iso), ret);
}

/* "2026-7-27", "2026/07/27", "27.07.2026": a day in figures, whatever follows it. With the year at
 * the end only a number above 12 tells the day from the month; where neither is, nobody knows. */
static bool figure_date(struct str v, int64_t *ret)
{
    int64_t n[3];
    size_t digits[3], i = 0;

    for (size_t k = 0; k < 3; k++) {
        size_t from = i;

        while (i < v.n && ascii_is_digit(v.p[i]))
            i++;
        digits[k] = i - from;
        if (!digits[k] || digits[k] > 4 || !str_int(str_slice(v, from, i), &n[k]))
            return false;
        if (k < 2 && (i == v.n || (v.p[i] != '-' && v.p[i] != '/' && v.p[i] != '.')))
            return false;
        i++;
    }
    if (digits[0] == 4)
        return digits[1] <= 2 && digits[2] <= 2 && civil(n[0], n[1], n[2], ret);
    if (digits[2] != 4 || digits[0] > 2 || digits[1] > 2)
        return false;
    if (n[0] <= 12 && n[1] <= 12 && n[0] != n[1])
        return false;
    return n[0] > 12 ? civil(n[2], n[1], n[0], ret) : civil(n[2], n[0], n[1], ret);
}

/* Seconds or milliseconds since 1970, with a fraction that is dropped, or "20261101". */
static bool number_date(struct str v, int64_t *ret)
{
    struct str fraction = v, whole = str_cut(&fraction, '.');
    int64_t ignored, n;

    if (!str_int(whole, &n) || (fraction.n && !str_int(fraction, &ignored)))
        return false;
    if (v.n == 8 && n >= 19900101 && civil(n / 10000, n / 100 % 100, n % 100, ret))
        return true;
    *ret = n > 100000000000 ? n / 1000 : n; /* as seconds that would be the year 5138 */
    return n >= 100000000;                  /* and that 1973: "2026" is a year */
}

bool transform_time(struct str v, int64_t *ret)
{
    v = str_trim(v);
    return number_date(v, ret) || date_parse_iso(v, ret) || date_parse_http(v, ret)
           || figure_date(v, ret) || word_date(v, ret);
}

/* Alpha-3 and usual names of the countries that job feeds name; one line a country. */
static const struct {
    const char code[3], code3[4];
    const char *names[3];
} countries[] = {
    { "AE", "ARE", { "United Arab Emirates", "UAE", NULL } },
    { "AR", "ARG", { "Argentina", NULL, NULL } },
    { "AT", "AUT", { "Austria", NULL, NULL } },
    { "AU", "AUS", { "Australia", NULL, NULL } },
    { "BD", "BGD", { "Bangladesh", NULL, NULL } },
    { "BE", "BEL", { "Belgium", NULL, NULL } },
    { "BG", "BGR", { "Bulgaria", NULL, NULL } },
    { "BR", "BRA", { "Brazil", "Brasil", NULL } },
    { "CA", "CAN", { "Canada", NULL, NULL } },
    { "CH", "CHE", { "Switzerland", NULL, NULL } },
    { "CL", "CHL", { "Chile", NULL, NULL } },
    { "CN", "CHN", { "China", "People's Republic of China", NULL } },
    { "CO", "COL", { "Colombia", NULL, NULL } },
    { "CR", "CRI", { "Costa Rica", NULL, NULL } },
    { "CZ", "CZE", { "Czech Republic", "Czechia", NULL } },
    { "DE", "DEU", { "Germany", "Deutschland", NULL } },
    { "DK", "DNK", { "Denmark", NULL, NULL } },
    { "EE", "EST", { "Estonia", NULL, NULL } },
    { "EG", "EGY", { "Egypt", NULL, NULL } },
    { "ES", "ESP", { "Spain", NULL, NULL } },
    { "FI", "FIN", { "Finland", NULL, NULL } },
    { "FR", "FRA", { "France", NULL, NULL } },
    { "GB", "GBR", { "United Kingdom", "UK", "Great Britain" } },
    { "GR", "GRC", { "Greece", NULL, NULL } },
    { "HK", "HKG", { "Hong Kong", NULL, NULL } },
    { "HU", "HUN", { "Hungary", NULL, NULL } },
    { "ID", "IDN", { "Indonesia", NULL, NULL } },
    { "IE", "IRL", { "Ireland", NULL, NULL } },
    { "IL", "ISR", { "Israel", NULL, NULL } },
    { "IN", "IND", { "India", "Bharat", "Republic of India" } },
    { "IT", "ITA", { "Italy", NULL, NULL } },
    { "JP", "JPN", { "Japan", NULL, NULL } },
    { "KE", "KEN", { "Kenya", NULL, NULL } },
    { "KR", "KOR", { "South Korea", "Korea", "Republic of Korea" } },
    { "LK", "LKA", { "Sri Lanka", NULL, NULL } },
    { "LT", "LTU", { "Lithuania", NULL, NULL } },
    { "LU", "LUX", { "Luxembourg", NULL, NULL } },
    { "MX", "MEX", { "Mexico", NULL, NULL } },
    { "MY", "MYS", { "Malaysia", NULL, NULL } },
    { "NG", "NGA", { "Nigeria", NULL, NULL } },
    { "NL", "NLD", { "Netherlands", "The Netherlands", NULL } },
    { "NO", "NOR", { "Norway", NULL, NULL } },
    { "NP", "NPL", { "Nepal", NULL, NULL } },
    { "NZ", "NZL", { "New Zealand", NULL, NULL } },
    { "PH", "PHL", { "Philippines", NULL, NULL } },
    { "PK", "PAK", { "Pakistan", NULL, NULL } },
    { "PL", "POL", { "Poland", NULL, NULL } },
    { "PT", "PRT", { "Portugal", NULL, NULL } },
    { "RO", "ROU", { "Romania", NULL, NULL } },
    { "RS", "SRB", { "Serbia", NULL, NULL } },
    { "SA", "SAU", { "Saudi Arabia", NULL, NULL } },
    { "SE", "SWE", { "Sweden", NULL, NULL } },
    { "SG", "SGP", { "Singapore", NULL, NULL } },
    { "TH", "THA", { "Thailand", NULL, NULL } },
    { "TR", "TUR", { "Turkey", "Türkiye", NULL } },
    { "TW", "TWN", { "Taiwan", NULL, NULL } },
    { "UA", "UKR", { "Ukraine", NULL, NULL } },
    { "US", "USA", { "United States", "United States of America", "U.S.A." } },
    { "VN", "VNM", { "Vietnam", "Viet Nam", NULL } },
    { "ZA", "ZAF", { "South Africa", NULL, NULL } },
};

struct str country_code(struct arena *a, struct str v)
{
    v = str_trim(v);
    if (v.n == 2 && ascii_is_alpha(v.p[0]) && ascii_is_alpha(v.p[1])) {
        char *c = str_cstr(a, v);

        for (int i = 0; i < 2; i++)
            c[i] = (char)(ascii_lower(c[i]) - 32);
        return str_eq(str_of(c), STR("UK")) ? STR("GB") : str_of(c);
    }
    for (size_t i = 0; i < ARRAY_LEN(countries); i++) {
        bool is = str_eq_fold(v, str_of(countries[i].code3));

        for (size_t k = 0; k < ARRAY_LEN(countries[i].names) && !is; k++)
            is = countries[i].names[k] && str_eq_fold(v, str_of(countries[i].names[k]));
        if (is)
            return str_of(countries[i].code);
    }
    return v;
}
