#include "parsers/spellings.h"

#include "core/arena.h"

static bool has(struct str v, const char *part)
{
    return str_find_fold(v, str_of(part)) >= 0;
}

static bool has_any(struct str v, const char *const *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has(v, parts[i]))
            return true;
    return false;
}

/* "Fully on-site" says where, "fully" alone how far from the office. */
enum work_mode mode_spelt(struct str v)
{
    static const char *const hybrid[] = { "hybrid", "partially remote", "partial remote",
                                          "partly remote" };
    static const char *const not_remote[] = { "not remote", "non-remote", "non remote",
                                              "no remote" };
    static const char *const remote[] = { "remote",         "telecommut",  "telework",
                                          "work from home", "wfh",         "homeoffice",
                                          "home office",    "home-office", "work_from_home" };
    static const char *const onsite[] = { "onsite", "on-site",   "on_site",  "on site",
                                          "office", "in-person", "in person" };

    if (has_any(v, hybrid, ARRAY_LEN(hybrid)))
        return MODE_HYBRID;
    if (has_any(v, not_remote, ARRAY_LEN(not_remote)))
        return MODE_ONSITE;
    if (has_any(v, remote, ARRAY_LEN(remote)))
        return MODE_REMOTE;
    if (has_any(v, onsite, ARRAY_LEN(onsite)))
        return MODE_ONSITE;
    return has(v, "fully") ? MODE_REMOTE : MODE_UNKNOWN;
}

/* What comes every two weeks, or twice a month, is none of our periods. */
enum pay_period period_spelt(struct str v)
{
    static const char *const others[] = { "bi-", "biweek", "bimonth", "semi", "fortnight", "half" };
    static const struct {
        const char *part, *short_;
        enum pay_period period;
    } parts[] = {
        { "year", "yr", PERIOD_YEAR },    { "annual", "ann", PERIOD_YEAR },
        { "annum", "p.a.", PERIOD_YEAR }, { "month", "mon", PERIOD_MONTH },
        { "week", "wee", PERIOD_WEEK },   { "hour", "hr", PERIOD_HOUR },
        { "hour", "hur", PERIOD_HOUR },   { "day", "day", PERIOD_DAY },
        { "daily", "day", PERIOD_DAY },
    };

    if (has_any(v, others, ARRAY_LEN(others)))
        return PERIOD_UNKNOWN;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (has(v, parts[i].part) || str_eq_fold(v, str_of(parts[i].short_)))
            return parts[i].period;
    return PERIOD_UNKNOWN;
}

/* Three letters in whatever case, or a sign that is one currency's alone. */
struct str currency_spelt(struct arena *a, struct str v)
{
    static const struct {
        struct str sign, code;
    } signs[] = { { { "\xE2\x82\xB9", 3 }, { "INR", 3 } }, { { "Rs", 2 }, { "INR", 3 } },
                  { { "Rs.", 3 }, { "INR", 3 } },          { { "\xE2\x82\xAC", 3 }, { "EUR", 3 } },
                  { { "\xC2\xA3", 2 }, { "GBP", 3 } },     { { "US$", 3 }, { "USD", 3 } } };
    char *code = str_cstr(a, v);

    for (size_t i = 0; i < ARRAY_LEN(signs); i++)
        if (str_eq_fold(v, signs[i].sign))
            return signs[i].code;
    if (v.n != 3)
        return (struct str){ 0 };
    for (int i = 0; i < 3; i++) {
        if (!ascii_is_alpha(code[i]))
            return (struct str){ 0 };
        code[i] = (char)(ascii_lower(code[i]) - 32);
    }
    return str_of(code);
}
