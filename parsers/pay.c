#include "parsers/pay.h"

#include <string.h>

#include "parsers/scan.h"

enum {
    REACH = 90,           /* bytes looked at on either side of an amount */
    MAXIMUM_WITHIN = 160, /* from a minimum to its maximum */
    NEAR = 44,            /* bytes for words that must stand close */
    SHORT_TEXT = 200      /* a text this short is read as if it were a field */
};

static const double lakh = 1e5;

/* Periods in a year; TAXONOMY 7. */
static const int64_t per_year[] = {
    [PERIOD_UNKNOWN] = 0, [PERIOD_HOUR] = 2080, [PERIOD_DAY] = 260,
    [PERIOD_WEEK] = 52,   [PERIOD_MONTH] = 12,  [PERIOD_YEAR] = 1,
};

/* What a year's pay can be, by currency; anything else is a misreading or a placeholder. */
static const struct {
    const char *currency;
    double low, high;
} bounds[] = { { "INR", 60000, 1e8 }, { "JPY", 5e5, 2e8 }, { "", 3000, 3e6 } };

static const struct {
    const char *mark;
    const char *code;
} currencies[] = {
    { "\xE2\x82\xB9", "INR" }, { "inr", "INR" },      { "rs.", "INR" }, { "rs", "INR" },
    { "rupees", "INR" },       { "us$", "USD" },      { "usd", "USD" }, { "ca$", "CAD" },
    { "cad", "CAD" },          { "c$", "CAD" },       { "au$", "AUD" }, { "a$", "AUD" },
    { "aud", "AUD" },          { "s$", "SGD" },       { "sgd", "SGD" }, { "nz$", "NZD" },
    { "nzd", "NZD" },          { "hk$", "HKD" },      { "$", "USD" },   { "\xE2\x82\xAC", "EUR" },
    { "eur", "EUR" },          { "\xC2\xA3", "GBP" }, { "gbp", "GBP" }, { "chf", "CHF" },
    { "aed", "AED" },          { "pln", "PLN" },      { "sek", "SEK" }, { "jpy", "JPY" },
    { "\xC2\xA5", "JPY" },     { "brl", "BRL" },      { "r$", "BRL" },  { "zar", "ZAR" },
};

struct amount {
    double value;
    double unit; /* 0: none stands */
    const char *currency;
    bool grouped, indian_grouping, marked; /* marked: a currency of its own before it */
    bool per_annum;                        /* the unit says it: LPA */
    bool plus;
    size_t start, end;
};

static const char *currency_at(struct str s, size_t at, size_t *ret_end)
{
    for (size_t i = 0; i < ARRAY_LEN(currencies); i++) {
        if (scan_word(s, at, currencies[i].mark)) {
            *ret_end = at + strlen(currencies[i].mark);
            return currencies[i].code;
        }
    }
    return NULL;
}

/* The currency that stands right before `at`, as in "Rs. 5" or "INR5". */
static const char *currency_before(struct str s, size_t at, size_t *ret_start)
{
    size_t end = scan_blanks_back(s, at);
    char last;

    while (end > 0 && (s.p[end - 1] == ')' || s.p[end - 1] == ':'))
        end = scan_blanks_back(s, end - 1);
    if (!end || ascii_is_digit(s.p[end - 1]) || memchr(" \n,-(*/:", s.p[end - 1], 8))
        return NULL; /* no mark ends so */
    last = ascii_lower(s.p[end - 1]);
    for (size_t i = 0; i < ARRAY_LEN(currencies); i++) {
        size_t n = strlen(currencies[i].mark);

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
        { "l", 1e5, false, false },       { "k", 1e3, false, true },
        { "m", 1e6, false, true },
    };
    size_t p = scan_blanks(s, at);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if ((p == at || !rows[i].close) && scan_word(s, p, rows[i].word)) {
            size_t end = p + strlen(rows[i].word);

            if (end < s.n && (ascii_is_digit(s.p[end]) || (unsigned char)s.p[end] == '&'))
                continue;
            ret->unit = rows[i].unit;
            ret->per_annum = rows[i].per_annum;
            return end;
        }
    return at;
}

static bool amount_at(struct str s, size_t at, struct amount *ret)
{
    struct number n;
    size_t p, end, start = at;

    *ret = (struct amount){ 0 };
    if (!scan_number(s, at, &n))
        return false;
    ret->value = n.value;
    ret->grouped = n.grouped;
    ret->indian_grouping = n.indian;
    ret->currency = currency_before(s, at, &start);
    ret->marked = ret->currency != NULL;
    ret->start = start;
    p = unit_at(s, n.end, ret);
    if (p < s.n && s.p[p] == '/' && p + 1 < s.n && s.p[p + 1] == '-')
        p += 2; /* "50,000/-" */
    if (p < s.n && s.p[p] == '+') {
        ret->plus = true;
        p++;
    }
    ret->end = p;
    if (!ret->currency) {
        p = scan_blanks(s, p);
        ret->currency = currency_at(s, p, &end);
        if (ret->currency && ascii_is_alpha(s.p[p]))
            ret->end = end;
        else
            ret->currency = NULL;
    } else {
        p = scan_blanks(s, p);
        if (currency_at(s, p, &end) == ret->currency && ascii_is_alpha(s.p[p]))
            ret->end = end;
    }
    return true;
}

/* The second amount of a range, or false. */
static bool second_at(struct str s, const struct amount *first, struct amount *ret)
{
    static const char *const periods[] = { "/year", "/yr",      "/month",   "/hour",
                                           "/hr",   "per year", "per hour", "per month",
                                           "lpa",   "pa",       NULL };
    size_t p = scan_blanks(s, first->end), q, end;
    const char *period = scan_one_of(s, p, periods);
    static const char *const words[] = { "to", "and", NULL };
    const char *word;

    if (period)
        p = scan_blanks(s, p + strlen(period));
    q = scan_dash(s, p);
    if (q == p) {
        word = scan_one_of(s, p, words);
        q = word ? p + strlen(word) : p;
    }
    if (q == p)
        return false;
    while (q < s.n && s.p[q] == '-')
        q++;
    q = scan_blanks(s, q);
    if (currency_at(s, q, &end))
        q = scan_blanks(s, end);
    return q < s.n && amount_at(s, q, ret) && ret->start <= q;
}

/* The words around an amount. */
struct context {
    struct str before, after; /* within the sentence */
    struct str close;         /* the last bytes of `before` */
};

static struct context context_of(struct str s, size_t start, size_t end)
{
    struct context c;
    size_t line = scan_sentence_start(s, start, REACH);

    c.before = str_slice(s, line, start);
    c.after = str_slice(s, end, scan_sentence_end(s, end, REACH));
    c.close = str_from(c.before, c.before.n > NEAR ? c.before.n - NEAR : 0);
    return c;
}

static const char *const label_words[] = { "ctc",          "package",      "salary", "budget",
                                           "compensation", "remuneration", "pay",    NULL };

static bool refused(const struct context *c)
{
    static const char *const before[] = {
        "insurance",   "insured",    "cover",         "coverage",   "bonus",
        "bonuses",     "allowance",  "revenue",       "funding",    "raised",
        "raise",       "series",     "savings",       "saving",     "save",
        "saved",       "users",      "transactions",  "reimburse~", "valuation",
        "valued",      "arr",        "gmv",           "investment", "invested",
        "serving",     "credit",     "voucher",       "gift",       "donat~",
        "401",         "referral",   "equity",        "stock",      "worth",
        "assets",      "market",     "pay band",      "pay scale",  "turnover",
        "profit",      "wellness",   "learning",      "education",  "home office",
        "home-office", "relocation", "cost of",       "spend",      "backed",
        "grant",       "rsus?",      "esop~",         "sign-on",    "signing",
        "match",       "deductible", "bond",          "penalty",    "security deposit",
        "last year",   "in funding", "not less than", "processing", "industry standard",
        NULL
    };
    static const char *const after[] = { "insurance",     "cover",          "coverage",
                                         "bonus",         "allowance",      "revenue",
                                         "in funding",    "funding",        "series",
                                         "users",         "customers",      "people",
                                         "transactions",  "savings",        "employees",
                                         "merchants",     "orders",         "requests",
                                         "parameters",    "tokens",         "rows",
                                         "records",       "downloads",      "stars",
                                         "in assets",     "valuation",      "arr",
                                         "in revenue",    "annual revenue", "company",
                                         "business",      "market",         "budget",
                                         "reimbursement", "credit",         "stipend for",
                                         "towards",       "for learning",   "per claim",
                                         "medical",       "joining bonus",  "sign-on",
                                         "signing",       "in 20~",         "learning",
                                         "wellness",      "home office",    "donat~",
                                         "businesses",    "students",       "farmers",
                                         "members",       "developers",     "families",
                                         "devices",       "events",         "messages",
                                         "patients",      "vehicles",       "in savings",
                                         "hike",          "investment",     "after",
                                         "to set up",     "to spend",       NULL };
    ptrdiff_t stop = str_find(c->after, STR("+"));
    struct str tail = str_slice(c->after, 0, 26);
    struct str head = c->close;
    ptrdiff_t label;

    if (stop >= 0)
        tail = str_slice(tail, 0, (size_t)stop);
    static const char *const market[] = { "industry standard~", "market rate", "typically", NULL };

    if (scan_any(tail, after) || scan_any(c->before, market))
        return true;
    /* A label after the refused word ("Bonus: yes. CTC: 12 LPA") takes the amount back. */
    for (struct str rest = head; (label = scan_first(rest, label_words)) >= 0;)
        rest = head = str_from(rest, (size_t)label + 3);
    return scan_any(head, before);
}

static enum pay_period period_of(const struct context *c, bool per_annum)
{
    static const struct {
        const char *words[16];
        enum pay_period period;
    } rows[] = {
        { { "per month", "a month", "/ month", "/month", "pm", "p.m", "monthly", "/ monthly", "/mo",
            "month", "permonth", "per mensem", NULL },
          PERIOD_MONTH },
        { { "per hour", "an hour", "/ hour", "/hour", "hourly", "/hr", "/ hr", "hr", "per hr",
            "hour", NULL },
          PERIOD_HOUR },
        { { "per day", "a day", "/day", "/ day", "daily", "per diem", NULL }, PERIOD_DAY },
        { { "per week", "a week", "/week", "/ week", "weekly", NULL }, PERIOD_WEEK },
        { { "per annum", "pa", "p.a", "annum", "per year", "a year", "/ year", "/year", "/yr",
            "/ yr", "annually", "annual", "yearly", "per yr", "year", NULL },
          PERIOD_YEAR },
    };
    struct str near = str_slice(c->after, 0, 30);
    ptrdiff_t best = PTRDIFF_MAX, at;
    enum pay_period ret = PERIOD_UNKNOWN;

    if (per_annum)
        return PERIOD_YEAR;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        at = scan_first(near, rows[i].words);
        if (at >= 0 && at < best) {
            best = at;
            ret = rows[i].period;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(rows) && ret == PERIOD_UNKNOWN; i++)
        if (scan_any(c->before, rows[i].words))
            ret = rows[i].period;
    return ret;
}

static enum pay_kind kind_of(const struct context *c, const char *currency, bool western_code)
{
    static const struct {
        const char *words[8];
        enum pay_kind kind;
    } rows[] = {
        { { "stipend", NULL }, PAY_STIPEND },
        { { "in-hand", "in hand", "inhand", "take home", "take-home", NULL }, PAY_IN_HAND },
        { { "ote", "on-target", "on target", NULL }, PAY_OTE },
        { { "fixed", NULL }, PAY_FIXED },
        { { "gross", NULL }, PAY_GROSS },
        { { "base", NULL }, PAY_BASE },
    };
    struct str tail = str_slice(c->after, 0, NEAR);
    ptrdiff_t stop = str_find(tail, STR("+"));

    if (stop >= 0)
        tail = str_slice(tail, 0, (size_t)stop);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (scan_any(c->before, rows[i].words) || scan_any(tail, rows[i].words))
            return rows[i].kind;
    return strcmp(currency, "INR") != 0 || western_code ? PAY_BASE : PAY_CTC;
}

/* A first number without a unit takes the second's, unless it is an amount of its own. */
static bool share_units(struct amount *first, struct amount *second)
{
    if (first->marked && !first->unit && first->value <= 1 && second->unit)
        first->value = 0; /* the placeholder of a form: "₹1 - ₹10M" */
    else if (!first->unit && second->unit && first->value < 1000 && !first->grouped)
        first->unit = second->unit;
    else if (first->unit && !second->unit && second->value < 1000 && !second->grouped)
        second->unit = first->unit;
    return true;
}

static bool in_bounds(const char *currency, double v)
{
    size_t i = 0;

    while (bounds[i].currency[0] && strcmp(bounds[i].currency, currency) != 0)
        i++;
    return v >= bounds[i].low && v <= bounds[i].high;
}

static double whole(const struct amount *a)
{
    return a->value * (a->unit > 0 ? a->unit : 1);
}

/*
 * The period of an amount that states none. A year where the size leaves no other
 * reading; else nothing, because a month taken for a year is wrong by twelve.
 */
static enum pay_period period_by_size(const char *currency, double v, bool has_unit)
{
    bool inr = !strcmp(currency, "INR");

    if (has_unit && (inr ? v >= 2 * lakh : v >= 8000))
        return PERIOD_YEAR;
    return v >= (inr ? 3 * lakh : 20000) ? PERIOD_YEAR : PERIOD_UNKNOWN;
}

struct reading {
    struct amount first, second;
    bool ranged;
    const char *currency;
};

static bool finish(const struct reading *r, const struct context *c, struct pay *ret)
{
    static const char *const upper[] = { "up to", "upto", "max", "maximum", "max.", NULL };
    static const char *const lower[] = { "from",     "starting", "starts at", "minimum",
                                         "at least", "min",      NULL };
    double low = whole(&r->first), high = r->ranged ? whole(&r->second) : low;
    bool unit = r->first.unit > 0 || (r->ranged && r->second.unit > 0);
    enum pay_period period = period_of(c, r->first.per_annum || (r->ranged && r->second.per_annum));
    bool western = r->first.marked && r->first.grouped && !r->first.indian_grouping && !unit
                   && period == PERIOD_UNKNOWN;
    struct str near = str_from(c->before, c->before.n > 16 ? c->before.n - 16 : 0);

    if (period == PERIOD_UNKNOWN)
        period = period_by_size(r->currency, high, unit);
    if (!per_year[period] || (low > 0 && low > high))
        return false;
    low *= (double)per_year[period];
    high *= (double)per_year[period];
    if (!r->ranged && scan_any(near, upper))
        low = 0;
    else if (!r->ranged && (r->first.plus || scan_any(near, lower)))
        high = 0;
    if ((low > 0 && !in_bounds(r->currency, low)) || (high > 0 && !in_bounds(r->currency, high))
        || (low <= 0 && high <= 0))
        return false;
    ret->annual_min = (int64_t)(low + 0.5);
    ret->annual_max = (int64_t)(high + 0.5);
    memcpy(ret->currency, r->currency, 4);
    ret->period = period;
    ret->kind = kind_of(c, r->currency, western);
    return true;
}

/* Bare "28-32" after "CTC" or "Budget" in an Indian ad. */
static bool bare_lakhs(struct reading *r, const struct context *c, bool indian)
{
    struct str gap = str_from(c->before, c->before.n > 22 ? c->before.n - 22 : 0);
    double high = r->ranged ? r->second.value : r->first.value;

    if (!indian || r->first.grouped || r->first.unit > 0 || high < 2 || high > 150
        || !scan_any(gap, label_words)
        || scan_first(c->after, (const char *const[]){ "%", "percent", "hike", NULL }) == 0
        || (c->after.n && (c->after.p[0] == '%' || ascii_is_alpha(c->after.p[0]))))
        return false;
    r->first.unit = r->second.unit = lakh;
    r->first.per_annum = true;
    r->currency = "INR";
    return true;
}

/* "Take home 75,000 pm" in an Indian ad: a label, a period and a size leave only rupees. */
static bool bare_rupees(struct reading *r, const struct context *c, bool indian)
{
    static const char *const labels[] = { "take home", "take-home", "in hand", "in-hand",
                                          "stipend",   "salary",    "ctc",     NULL };

    if (!indian || r->first.unit > 0 || r->first.value < 5000 || !r->first.grouped
        || !scan_any(c->close, labels) || period_of(c, false) == PERIOD_UNKNOWN)
        return false;
    r->currency = "INR";
    return true;
}

static bool has_pay_words(const struct context *c)
{
    static const char *const words[] = {
        "salary", "salaries",     "compensation", "pay",     "ctc", "package",
        "range",  "base",         "annum",        "stipend", "ote", "hourly",
        "wage",   "remuneration", "budget",       "offer",   "lpa", NULL
    };

    return scan_any(c->before, words) || scan_any(str_slice(c->after, 0, NEAR), words);
}

/* Two amounts, each with its currency and no more than a grade apart: what else could it be? */
static bool is_plain_range(const struct reading *r)
{
    double low = whole(&r->first), high = whole(&r->second);

    return r->ranged && r->first.currency && low >= 20000 && high > low && high < 4 * low;
}

/* "Minimum Salary: USD 97,500 ... Maximum Salary: USD 146,500", each on its line. */
static void add_maximum(struct str s, struct reading *r, const struct context *c, size_t *end)
{
    static const char *const lower[] = { "minimum", "min", NULL };
    static const char *const upper[] = { "maximum", "max", NULL };
    struct str rest = str_slice(s, *end, *end + MAXIMUM_WITHIN);
    ptrdiff_t at = scan_first(rest, upper);

    if (r->ranged || at < 0 || !scan_any(c->close, lower))
        return;
    for (size_t i = (size_t)at; i < rest.n && i < (size_t)at + NEAR; i++)
        if (ascii_is_digit(rest.p[i])) {
            r->ranged = amount_at(s, *end + i, &r->second) && r->second.currency
                        && !strcmp(r->second.currency, r->currency);
            if (r->ranged)
                *end = r->second.end;
            return;
        }
}

/* Read the amount or range at `at`; *ret_end is where to go on. */
static bool read_at(struct str s, size_t at, bool is_field, bool indian, struct pay *ret,
                    size_t *ret_end)
{
    struct reading r = { 0 };
    struct context c;
    enum confidence confidence = CONFIDENCE_HIGH;
    bool explicit_period;

    *ret_end = at + 1;
    if (!amount_at(s, at, &r.first))
        return false;
    r.ranged = second_at(s, &r.first, &r.second);
    *ret_end = r.ranged ? r.second.end : r.first.end;
    if (r.ranged)
        share_units(&r.first, &r.second);
    r.currency = r.first.currency ? r.first.currency : r.second.currency;
    if (r.ranged && r.first.currency && r.second.currency
        && strcmp(r.first.currency, r.second.currency) != 0 && r.second.marked)
        return false;
    if (!r.currency && (r.first.unit >= lakh || r.second.unit >= lakh)
        && (r.ranged ? r.second.unit : r.first.unit) != 1e6)
        r.currency = "INR";
    if (!r.currency && (r.first.indian_grouping || r.second.indian_grouping))
        r.currency = "INR";
    if (!r.currency && !indian)
        return false; /* most numbers of most ads */
    c = context_of(s, r.first.start, *ret_end);
    if (!r.currency && (bare_lakhs(&r, &c, indian) || bare_rupees(&r, &c, indian)))
        confidence = CONFIDENCE_LOW;
    if (!r.currency || refused(&c))
        return false;
    add_maximum(s, &r, &c, ret_end);
    explicit_period = period_of(&c, r.first.per_annum || r.second.per_annum) != PERIOD_UNKNOWN;
    if (!is_field && !explicit_period && !has_pay_words(&c) && !is_plain_range(&r))
        return false;
    if (!finish(&r, &c, ret))
        return false;
    ret->from.start = (uint32_t)r.first.start;
    ret->from.end = (uint32_t)*ret_end;
    ret->from.confidence = is_field || confidence == CONFIDENCE_LOW || has_pay_words(&c)
                               ? confidence
                               : CONFIDENCE_MEDIUM;
    ret->from.rule =
        confidence == CONFIDENCE_LOW ? "pay: bare number after a label" : "pay: amount";
    return true;
}

/* A part in which amounts are not pay, unless the words beside them are clear. */
static bool part_counts(const struct text_parts *parts, size_t at)
{
    const struct text_part *part = parts && parts->n ? sections_at(parts, (uint32_t)at) : NULL;

    return !part || !part->headed || part->section != SECTION_BLURB;
}

bool pay_is_guess(struct str text)
{
    static const char *const words[] = { "glassdoor est~", "estimated", "estimate", "est.", NULL };
    static const char *const employer[] = { "employer est~", "employer provided", NULL };

    return scan_any(text, words) && !scan_any(text, employer);
}

bool pay_read(const struct spots *in, enum pay_source source, bool indian,
              const struct text_parts *parts, struct pay *ret)
{
    struct str text = in->text;
    bool is_field = source == PAY_IN_FIELD || text.n <= SHORT_TEXT;
    uint32_t wanted = is_field ? SPOT_DIGIT | SPOT_NUMBER : SPOT_DIGIT;

    *ret = (struct pay){ .from = { .field = source == PAY_IN_FIELD ? FIELD_SALARY : FIELD_TEXT,
                                   .rule = "none" } };
    if (is_field && pay_is_guess(text))
        return false;
    for (size_t i = 0, past = 0; i < in->n; i++) {
        uint32_t at = in->items[i].at;
        char before = at ? text.p[at - 1] : ' ';

        if (at < past || !(in->items[i].kinds & wanted) || before == '.' || before == ',')
            continue;
        if (read_at(text, at, is_field, indian, ret, &past) && part_counts(parts, at))
            return true;
        ret->kind = PAY_UNDISCLOSED;
    }
    ret->kind = PAY_UNDISCLOSED;
    ret->annual_min = ret->annual_max = 0;
    return false;
}

bool pay_of_stated(const struct stated_pay *stated, bool indian, struct pay *ret)
{
    double low = stated->min, high = stated->max, top = high > low ? high : low;
    const char *code = "";
    char currency[4] = "";
    enum pay_period period = stated->period;
    double unit = 1;

    *ret = (struct pay){ .from = { .field = FIELD_SOURCE, .rule = "none" } };
    if (top <= 0 || (high > 0 && low > high))
        return false;
    if (stated->currency.n == 3)
        memcpy(currency, stated->currency.p, 3);
    else if (!stated->currency.n && indian)
        memcpy(currency, "INR", 4);
    code = currency;
    if (!code[0])
        return false;
    if (!strcmp(code, "INR") && top < 1000 && (period == PERIOD_YEAR || period == PERIOD_UNKNOWN)) {
        unit = lakh; /* a form that asks for lakhs */
        period = PERIOD_YEAR;
    }
    low *= unit;
    high *= unit;
    if (period == PERIOD_UNKNOWN)
        period = period_by_size(code, top * unit, unit > 1);
    if (!per_year[period])
        return false;
    low *= (double)per_year[period];
    high *= (double)per_year[period];
    if ((low > 0 && !in_bounds(code, low)) || (high > 0 && !in_bounds(code, high)))
        return false;
    ret->annual_min = (int64_t)(low + 0.5);
    ret->annual_max = (int64_t)(high + 0.5);
    memcpy(ret->currency, currency, 4);
    ret->period = period;
    ret->kind = strcmp(code, "INR") ? PAY_BASE : PAY_CTC;
    ret->from.confidence = CONFIDENCE_HIGH;
    ret->from.rule = unit > 1 ? "pay: the source's field, in lakhs" : "pay: the source's field";
    return true;
}
