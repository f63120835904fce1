#include <string.h>

#include "parsers/pay_parts.h"
#include "parsers/scan.h"

enum {
    REACH = 90,       /* bytes looked at on either side of an amount */
    NEAREST = 16,     /* bytes for "up to", "from" */
    AFTER_REACH = 26, /* behind it, for a noun that it counts */
    LABEL_LINE = 60   /* bytes of a line that is but the label of the next */
};

/* The start of the line above, where a form's label lost its colon to the line at `at`: "Salary"
 * over ": up to 240k"; else `at`. */
static size_t label_of_colon(struct str s, size_t at)
{
    size_t start = at;

    while (start > 0 && s.p[start - 1] != '\n' && at - start < REACH)
        start--;
    return start < at && s.p[start] == ':' ? scan_line_above(s, start, LABEL_LINE) : at;
}

/* The start of the line above, if that labels what begins this line; else `at`. */
static size_t label_line(struct str s, size_t at)
{
    static const char *const labels[] = { "salary", "compensation", "pay",     "ctc",  "rate",
                                          "range",  "stipend",      "package", "wage", NULL };
    size_t start = scan_line_above(s, at, LABEL_LINE);
    struct str line = str_slice(s, start, at);
    bool colon = false;

    line = str_cut(&line, '\n');
    for (size_t i = line.n; i > 0 && !ascii_is_alnum(line.p[i - 1]); i--)
        colon |= line.p[i - 1] == ':';
    return colon || scan_any(line, labels) ? start : at;
}

static struct str behind_last(struct str s, char c)
{
    size_t i = s.n;

    while (i > 0 && s.p[i - 1] != c)
        i--;
    return str_from(s, i);
}

struct pay_context pay_context_of(struct str s, size_t start, size_t end)
{
    struct pay_context c;
    size_t line = label_line(s, start);
    const char *bar;

    if (line == start)
        line = label_of_colon(s, start);
    if (line == start)
        line = scan_sentence_start(s, start, REACH);
    c.before = str_slice(s, line, start);
    c.after = str_slice(s, end, scan_sentence_end(s, end, REACH));
    c.sentence = behind_last(str_slice(s, scan_sentence_start(s, start, 2 * REACH), start), ';');
    /* A bar ends what is said of an amount: "Equity 1% | 5L - 12L | Pune". */
    bar = memchr(c.after.p, '|', c.after.n);
    if (bar)
        c.after = str_slice(c.after, 0, (size_t)(bar - c.after.p));
    c.before = behind_last(c.before, '|');
    c.near = str_slice(s, start > NEAREST ? start - NEAREST : 0, start);
    c.near = behind_last(behind_last(c.near, '|'), '\n');
    c.close = str_from(c.before, c.before.n > PAY_NEAR ? c.before.n - PAY_NEAR : 0);
    return c;
}

static const char *const label_words[] = { "ctc",          "package",      "salary", "budget",
                                           "compensation", "remuneration", "pay",    NULL };

bool pay_has_label(struct str s)
{
    return scan_any(s, label_words);
}

/* Up to where what follows still belongs to the amount: "12 LPA plus bonus". */
static struct str own_words(struct str after)
{
    static const char *const ends[] = { "plus", "and", "with", "w/", "excluding", NULL };
    size_t n = after.n;
    ptrdiff_t word = scan_first(after, ends);

    if (word >= 0)
        n = (size_t)word;
    for (size_t i = 0; i < n; i++)
        if (memchr("+,;(/", after.p[i], 5))
            n = i;
    return str_slice(after, 0, n);
}

/* `head` without what stands in brackets: "Base pay (excluding bonus):". In `room`, of at least
 * head.n bytes. */
static struct str without_brackets(struct str head, char *room)
{
    size_t n = 0;

    for (size_t i = 0, depth = 0; i < head.n; i++) {
        if (head.p[i] == '(')
            depth++;
        else if (head.p[i] == ')' && !depth)
            n = 0; /* it began before */
        else if (head.p[i] == ')')
            depth--;
        else if (!depth)
            room[n++] = head.p[i];
    }
    return (struct str){ room, n };
}

/* Another's amounts before these words ... */
static const char *const others_before[] = { "insurance",
                                             "insured",
                                             "cover",
                                             "coverage",
                                             "bonus",
                                             "bonuses",
                                             "allowance",
                                             "revenue",
                                             "funding",
                                             "raised",
                                             "raise",
                                             "series",
                                             "savings",
                                             "saving",
                                             "save",
                                             "saved",
                                             "users",
                                             "transactions",
                                             "reimburse~",
                                             "valuation",
                                             "valued",
                                             "arr",
                                             "gmv",
                                             "investment",
                                             "invested",
                                             "serving",
                                             "credit",
                                             "voucher",
                                             "gift",
                                             "donat~",
                                             "401",
                                             "referral",
                                             "equity",
                                             "stock",
                                             "worth",
                                             "assets",
                                             "market",
                                             "pay band",
                                             "pay scale",
                                             "turnover",
                                             "profit",
                                             "wellness",
                                             "learning and",
                                             "learning &",
                                             "learning budget",
                                             "learning stipend",
                                             "education",
                                             "home office",
                                             "home-office",
                                             "relocation",
                                             "cost of",
                                             "spend",
                                             "backed",
                                             "grant",
                                             "rsu~",
                                             "esop~",
                                             "sign-on",
                                             "signing",
                                             "match",
                                             "deductible",
                                             "bond",
                                             "penalty",
                                             "security deposit",
                                             "last year",
                                             "in funding",
                                             "not less than",
                                             "processing",
                                             "family income",
                                             "household income",
                                             "quota",
                                             "fertility",
                                             "adoption",
                                             "hra",
                                             "hsa",
                                             NULL };

/* ... and behind them. */
static const char *const others_after[] = {
    "insurance",      "cover",       "coverage",      "bonus",
    "allowance",      "revenue",     "in funding",    "funding",
    "series",         "users",       "customers",     "people",
    "transactions",   "savings",     "employees",     "merchants",
    "orders",         "requests",    "parameters",    "tokens",
    "rows",           "records",     "downloads",     "stars",
    "in assets",      "valuation",   "arr",           "in revenue",
    "annual revenue", "market",      "budget",        "reimbursement",
    "credit",         "stipend for", "towards",       "for learning",
    "per claim",      "medical",     "joining bonus", "sign-on",
    "signing",        "in 20~",      "learning and",  "wellness",
    "home office",    "donat~",      "businesses",    "students",
    "farmers",        "members",     "developers",    "families",
    "devices",        "events",      "messages",      "patients",
    "vehicles",       "in savings",  "hike",          "investment",
    "after",          "to set up",   "to spend",      "in equity",
    "in stock",       "of equity",   "worth of",      "countries",
    "card",           "vouchers",    "clients",       NULL
};

/* A market's figures are nobody's offer. */
static const char *const guesses[] = { "industry standard~", "market rate", "market average",
                                       "national average", NULL };

/* "/ 0.2%)", ", 1% equity": the share stands apart from the amount before it. */
static bool share_follows(struct str after)
{
    size_t p = scan_blanks(after, 0), digit;

    if (p >= after.n || !memchr("/,+|(", after.p[p], 5))
        return false;
    for (digit = p = scan_blanks(after, p + 1); p < after.n && after.p[p] != '%'; p++)
        if (!ascii_is_digit(after.p[p]) && !memchr(".,+- ", after.p[p], 5))
            return false;
    return p < after.n && p > digit;
}

bool pay_refused(const struct pay_context *c)
{
    static const char *const takes_back[] = {
        "ctc", "package", "salary",        "budget",         "compensation",   "remuneration",
        "pay", "range",   "cost of labor", "cost of labour", "cost of living", NULL
    };
    struct str tail = own_words(str_slice(c->after, 0, AFTER_REACH));
    char room[PAY_NEAR];
    struct str head = without_brackets(c->close, room);
    ptrdiff_t label;

    if (scan_any(tail, others_after) || scan_any(c->sentence, guesses))
        return true;
    /* A label after the refused word ("Bonus: yes. CTC: 12 LPA") takes the amount back. */
    for (struct str rest = head; (label = scan_first(rest, takes_back)) >= 0;)
        rest = head = str_from(rest, (size_t)label + 3);
    return scan_any(head, others_before) && !share_follows(c->after);
}

bool pay_has_words(const struct pay_context *c)
{
    static const char *const words[] = {
        "salary",       "salaries", "compensation", "pay",     "paying", "ctc",    "package",
        "range",        "base",     "annum",        "stipend", "ote",    "hourly", "wage",
        "remuneration", "budget",   "offer",        "lpa",     NULL
    };

    return scan_any(c->before, words) || scan_any(str_slice(c->after, 0, PAY_NEAR), words);
}

static const struct {
    const char *words[16];
    enum pay_period period;
} periods[] = {
    { { "per month", "a month", "/ month", "/month", "pm", "p.m", "monthly", "/ monthly", "/mo",
        "month", "permonth", "per mensem", NULL },
      PERIOD_MONTH },
    { { "per hour", "an hour", "/ hour", "/hour", "hourly", "/hr", "/ hr", "hr", "per hr", "hour",
        NULL },
      PERIOD_HOUR },
    { { "per day", "a day", "/day", "/ day", "daily", "per diem", NULL }, PERIOD_DAY },
    { { "per week", "a week", "/week", "/ week", "weekly", NULL }, PERIOD_WEEK },
    { { "per annum", "pa", "p.a", "annum", "per year", "a year", "/ year", "/year", "/yr", "/ yr",
        "annually", "annual", "yearly", "per yr", "year", NULL },
      PERIOD_YEAR },
};

/* Where the last of the words begins, or -1. */
static ptrdiff_t last_of(struct str s, const char *const *words)
{
    ptrdiff_t last = -1, at;

    for (size_t from = 0; (at = scan_first(str_from(s, from), words)) >= 0;) {
        last = (ptrdiff_t)from + at;
        from = (size_t)last + 1;
    }
    return last;
}

/* Up to a bracket that says the same in another period: "(monthly 3,500 - 5,000)". */
static struct str without_same(struct str near)
{
    ptrdiff_t open = str_find(near, STR("("));

    for (size_t i = open >= 0 ? (size_t)open : near.n; i + 1 < near.n && near.p[i] != ')'; i++)
        if (near.p[i] == ',' && ascii_is_digit(near.p[i + 1]))
            return str_slice(near, 0, (size_t)open);
    return near;
}

enum pay_period pay_period_in(const struct pay_context *c, bool per_annum)
{
    struct str near = without_same(str_slice(c->after, 0, 30));
    ptrdiff_t best = PTRDIFF_MAX, at;
    enum pay_period ret = PERIOD_UNKNOWN;

    if (per_annum)
        return PERIOD_YEAR;
    for (size_t i = 0; i < ARRAY_LEN(periods); i++) {
        at = scan_first(near, periods[i].words);
        if (at >= 0 && at < best) {
            best = at;
            ret = periods[i].period;
        }
    }
    if (ret != PERIOD_UNKNOWN)
        return ret;
    best = -1;
    for (size_t i = 0; i < ARRAY_LEN(periods); i++) {
        at = last_of(c->before, periods[i].words);
        if (at > best) {
            best = at;
            ret = periods[i].period;
        }
    }
    return ret;
}

enum pay_kind pay_kind_in(const struct pay_context *c, const char *currency, bool western_code)
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
    struct str tail = str_slice(c->after, 0, PAY_NEAR);
    ptrdiff_t stop = str_find(tail, STR("+"));

    if (stop >= 0)
        tail = str_slice(tail, 0, (size_t)stop);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (scan_any(c->before, rows[i].words) || scan_any(tail, rows[i].words))
            return rows[i].kind;
    return strcmp(currency, "INR") != 0 || western_code ? PAY_BASE : PAY_CTC;
}
