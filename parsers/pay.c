#include "parsers/pay.h"

#include <string.h>

#include "parsers/pay_parts.h"
#include "parsers/scan.h"

enum {
    MAXIMUM_WITHIN = 160, /* from a minimum to its maximum */
    SENTENCE_WITHIN = 64, /* the same, in one sentence */
    ZONES_WITHIN = 240,   /* from one zone's range to the next */
    OWN_WITHIN = 600,     /* from the first range to that of the job's own place */
    PLACE_WORDS = 160,    /* bytes before a range that name its place */
    LABELLED = 90,        /* bytes before an amount for the label that makes it pay */
    SHORT_TEXT = 200,     /* a text this short is read as if it were a field */
    GRADE_MAX = 10        /* no range of one job's pay is wider: one end would be misread */
};

/* Periods in a year; TAXONOMY 7. */
static const int64_t per_year[] = {
    [PERIOD_UNKNOWN] = 0, [PERIOD_HOUR] = 2080, [PERIOD_DAY] = 260,
    [PERIOD_WEEK] = 52,   [PERIOD_MONTH] = 12,  [PERIOD_YEAR] = 1,
};

/*
 * What a year's pay can be, by currency; anything else is a misreading or a placeholder. From
 * `year` on an amount without a period can be nothing but a year's: no month is paid so well.
 */
static const struct {
    const char *currency;
    double low, high, year;
} bounds[] = {
    { "INR", 60000, 1e8, 3e5 },   { "USD", 6000, 3e6, 20000 },  { "EUR", 6000, 2e6, 20000 },
    { "GBP", 6000, 2e6, 18000 },  { "CHF", 10000, 2e6, 40000 }, { "CAD", 5000, 3e6, 25000 },
    { "AUD", 5000, 3e6, 25000 },  { "NZD", 5000, 3e6, 30000 },  { "SGD", 5000, 3e6, 30000 },
    { "HKD", 30000, 2e7, 2e5 },   { "AED", 10000, 5e6, 9e4 },   { "PLN", 20000, 5e6, 7e4 },
    { "SEK", 60000, 1e7, 2e5 },   { "NOK", 60000, 1e7, 2e5 },   { "DKK", 60000, 1e7, 2e5 },
    { "CZK", 60000, 2e7, 4e5 },   { "JPY", 5e5, 2e8, 2e6 },     { "BRL", 8000, 5e6, 7e4 },
    { "ZAR", 30000, 2e7, 2.5e5 }, { "", 3000, 1e10, 1e10 },
};

static size_t bounds_of(const char *currency)
{
    size_t i = 0;

    while (bounds[i].currency[0] && strcmp(bounds[i].currency, currency) != 0)
        i++;
    return i;
}

static bool in_bounds(const char *currency, double v)
{
    size_t i = bounds_of(currency);

    return v >= bounds[i].low && v <= bounds[i].high;
}

/* "6,00,000 per month": a year's pay under a month's name; which of the two is true? */
static bool contradicts(const char *currency, double v, enum pay_period period)
{
    return (period == PERIOD_MONTH || period == PERIOD_WEEK)
           && v >= bounds[bounds_of(currency)].year;
}

/*
 * The period of an amount that states none. A year where the size leaves no other reading; else
 * nothing, because a month taken for a year is wrong by twelve.
 */
static enum pay_period period_by_size(const char *currency, double v, bool has_unit)
{
    if (has_unit && !strcmp(currency, "INR") && v >= 2 * lakh)
        return PERIOD_YEAR;
    if (has_unit && !strcmp(currency, "USD") && v >= 8000)
        return PERIOD_YEAR;
    return v >= bounds[bounds_of(currency)].year ? PERIOD_YEAR : PERIOD_UNKNOWN;
}

struct reading {
    struct amount first, second;
    bool ranged;
    const char *currency;
};

/* A labelled amount too small for any year: rupees of a month, dollars of an hour. */
static enum pay_period period_of_small(const struct reading *r, const struct pay_context *c,
                                       double low, double high)
{
    static const char *const labels[] = { "salary", "pay",  "stipend",      "rate", "wage",
                                          "ctc",    "earn", "compensation", NULL };
    bool hourly = !strcmp(r->currency, "USD") || !strcmp(r->currency, "CAD");

    static const char *const grades[] = { "pay band", "pay scale", "grade pay", NULL };

    if (!scan_any(c->close, labels) || scan_any(c->before, grades) || low <= 0)
        return PERIOD_UNKNOWN;
    if (!strcmp(r->currency, "INR") && low >= 5000 && high < 60000)
        return PERIOD_MONTH;
    if (hourly && r->ranged && low >= 12 && high <= 250 && high < 4 * low)
        return PERIOD_HOUR;
    return PERIOD_UNKNOWN;
}

static enum pay_period period_of(const struct reading *r, const struct pay_context *c, double low,
                                 double high, bool has_unit)
{
    bool per_annum = r->first.per_annum || (r->ranged && r->second.per_annum);
    enum pay_period stated = pay_period_in(c, per_annum);

    if (stated == PERIOD_UNKNOWN)
        stated = period_by_size(r->currency, high, has_unit);
    if (stated == PERIOD_UNKNOWN)
        return period_of_small(r, c, low, high);
    /* "Salary range or hourly rate: $90,000 - $120,000" */
    if (!in_bounds(r->currency, high * (double)per_year[stated])
        && period_by_size(r->currency, low, false) == PERIOD_YEAR)
        return PERIOD_YEAR;
    return stated;
}

/* "9 LPA (max)", "9 LPA max." */
static bool is_capped(struct str after)
{
    static const char *const upper[] = { "max", "maximum", NULL };
    struct str s = str_trim(after);
    const char *word;
    size_t end;

    if (str_starts(s, STR("(")))
        s = str_from(s, 1);
    word = scan_one_of(s, 0, upper);
    end = word ? scan_word_size(word) : 0;
    return word && (end == s.n || memchr(").,;", s.p[end], 4));
}

/* The ends that a single amount gives: "up to" is a maximum, "from" and "+" a minimum. */
static void take_ends(const struct reading *r, const struct pay_context *c, double *low,
                      double *high)
{
    static const char *const upper[] = { "up to", "upto",   "max",    "maximum",
                                         "max.",  "fino a", "bis zu", NULL };
    static const char *const lower[] = { "from",        "starting", "starts at",  "minimum",
                                         "at least",    "min",      "upwards of", "starts with",
                                         "starts from", NULL };

    if (r->ranged)
        return;
    if (scan_any(c->near, upper) || is_capped(c->after))
        *low = 0;
    else if (r->first.plus || scan_any(c->near, lower))
        *high = 0;
}

static bool finish(const struct reading *r, const struct pay_context *c, struct pay *ret)
{
    double low = amount_whole(&r->first), high = r->ranged ? amount_whole(&r->second) : low;
    bool unit = r->first.unit > 0 || (r->ranged && r->second.unit > 0);
    enum pay_period period = period_of(r, c, low, high, unit);
    bool western = r->first.marked && r->first.grouped && r->first.value >= 1e6
                   && !r->first.indian_grouping && !unit
                   && pay_period_in(c, false) == PERIOD_UNKNOWN;

    if (!per_year[period] || contradicts(r->currency, high, period)
        || (low > 0 && (low > high || high > GRADE_MAX * low)))
        return false;
    low *= (double)per_year[period];
    high *= (double)per_year[period];
    take_ends(r, c, &low, &high);
    if ((low > 0 && !in_bounds(r->currency, low)) || (high > 0 && !in_bounds(r->currency, high))
        || (low <= 0 && high <= 0))
        return false;
    ret->annual_min = (int64_t)(low + 0.5);
    ret->annual_max = (int64_t)(high + 0.5);
    memcpy(ret->currency, r->currency, 4);
    ret->period = period;
    ret->kind = pay_kind_in(c, r->currency, western);
    return true;
}

/* Whether nothing that a bare number could count follows: "CTC 14", not "pay in 100 countries". */
static bool stands_alone(struct str after)
{
    static const char *const allowed[] = {
        "per",     "p.a", "pa",  "plus",    "based",    "negotiable", "ctc",   "depending",
        "fixed",   "max", "and", "annum",   "annually", "yearly",     "gross", "a year",
        "in hand", "pm",  "p.m", "a month", "monthly",  NULL
    };
    struct str rest = str_trim(after);

    if (!rest.n || after.p[0] == '\n')
        return true;
    if (memchr("%)].", rest.p[0], 4))
        return false;
    return !ascii_is_alpha(rest.p[0]) || scan_one_of(rest, 0, allowed);
}

/* Bare "28-32" after "CTC" or "Budget" in an Indian ad. */
static bool bare_lakhs(struct reading *r, const struct pay_context *c, bool indian)
{
    struct str gap = str_from(c->before, c->before.n > 22 ? c->before.n - 22 : 0);
    double high = r->ranged ? r->second.value : r->first.value;

    if (!indian || r->first.grouped || r->first.unit > 0 || high < 2 || high > 150 || r->first.plus
        || !pay_has_label(gap) || !stands_alone(c->after)
        || scan_first(c->after, (const char *const[]){ "%", "percent", "hike", NULL }) == 0)
        return false;
    r->first.unit = r->second.unit = lakh;
    r->first.per_annum = true;
    r->currency = "INR";
    return true;
}

/* "Take home 75,000 pm", "Salary: 40k to 50k per month" in an Indian ad: a label, a period and a
 * size leave only rupees. */
static bool bare_rupees(struct reading *r, const struct pay_context *c, bool indian)
{
    static const char *const labels[] = { "take home", "take-home", "in hand", "in-hand",
                                          "stipend",   "salary",    "ctc",     NULL };

    double low = amount_whole(&r->first);
    bool whole = r->first.grouped || r->first.unit > 0 || low >= 10000;

    if (!indian || (r->first.unit > 0 && r->first.unit != 1e3) || low < 5000 || !whole
        || !scan_any(c->close, labels) || pay_period_in(c, false) == PERIOD_UNKNOWN)
        return false;
    r->currency = "INR";
    return true;
}

/* "Salary: 100k-125k", "90-140k + equity": of no country's money by itself, and a year's pay. */
static bool bare_home(struct reading *r, const struct pay_context *c, const char *home)
{
    double low = amount_whole(&r->first), high = r->ranged ? amount_whole(&r->second) : low;

    if (high >= 4 * low || !pay_is_labelled(c, r->ranged))
        return false;
    r->currency = home;
    return true;
}

/* Whether an amount without a sign can be a year's pay in the money of the job's country. */
static bool may_be_home(const struct reading *r, const char *home)
{
    enum { RETIREMENT_PLAN = 401 }; /* "401k" */

    return home && period_by_size(home, amount_whole(&r->first), false) == PERIOD_YEAR
           && (r->ranged || r->first.value != RETIREMENT_PLAN)
           && (r->first.grouped || r->first.unit == 1e3)
           && (!r->ranged || r->second.grouped || r->second.unit == 1e3);
}

/* Two amounts no more than a grade apart, each with its currency, or in lakhs with nothing after
 * them that they could count ("Pune | 8L - 30L"): what else could it be? */
static bool is_plain_range(const struct reading *r, const struct pay_context *c)
{
    double low = amount_whole(&r->first), high = amount_whole(&r->second);

    if (!r->ranged || low < 20000 || high <= low || high >= 4 * low)
        return false;
    return r->first.currency || (r->second.currency && !r->second.marked)
           || (r->first.unit >= lakh && r->second.unit >= lakh && stands_alone(c->after));
}

/* "Minimum Salary: USD 97,500 ... Maximum Salary: USD 146,500", each on its line; "ranges from
 * $97,500/year in our lowest market up to $146,500". */
static void add_maximum(struct str s, struct reading *r, const struct pay_context *c, size_t *end)
{
    static const char *const lower[] = { "minimum", "min", NULL };
    static const char *const upper[] = { "maximum", "max", NULL };
    static const char *const from[] = { "ranges from", "range from", "ranging from", NULL };
    static const char *const up_to[] = { "up to", NULL };
    bool ranges = scan_any(c->close, from);
    struct str rest = str_slice(s, *end, *end + (ranges ? SENTENCE_WITHIN : MAXIMUM_WITHIN));
    ptrdiff_t at = scan_first(rest, ranges ? up_to : upper);

    if (r->ranged || at < 0 || !(ranges || scan_any(c->close, lower)))
        return;
    for (size_t i = (size_t)at; i < rest.n && i < (size_t)at + PAY_NEAR; i++)
        if (ascii_is_digit(rest.p[i])) {
            r->ranged = amount_at(s, *end + i, &r->second) && r->second.currency
                        && !strcmp(r->second.currency, r->currency);
            if (r->ranged)
                *end = r->second.end;
            return;
        }
}

static const char *currency_of(const struct reading *r)
{
    if (r->first.currency || (r->ranged && r->second.currency))
        return r->first.currency ? r->first.currency : r->second.currency;
    if ((r->first.unit >= lakh || (r->ranged && r->second.unit >= lakh))
        && (r->ranged ? r->second.unit : r->first.unit) != 1e6)
        return "INR";
    if (r->first.indian_grouping || (r->ranged && r->second.indian_grouping))
        return "INR";
    return NULL;
}

/* "$46.50/hour to $120,000/year": the lower end in the upper end's period. */
static void level_periods(struct str s, struct reading *io)
{
    static const char *const hours[] = { "hour", "hr", "hourly", NULL };
    static const char *const years[] = { "year", "yr", "annually", "annum", NULL };
    struct str between = str_slice(s, io->first.end, io->second.start);
    struct str behind = str_slice(s, io->second.end, io->second.end + PAY_NEAR / 4);

    if (!io->ranged || io->first.unit != 0 || !scan_any(between, hours) || !scan_any(behind, years))
        return;
    io->first.value *= (double)per_year[PERIOD_HOUR];
    io->first.unit = 1;
}

/* The amount or range that begins at `at`; false: none, or one in two currencies. */
static bool reading_at(struct str s, size_t at, struct reading *ret, size_t *ret_end)
{
    *ret = (struct reading){ 0 };
    if (!amount_at(s, at, &ret->first))
        return false;
    ret->ranged = amount_second(s, &ret->first, &ret->second);
    *ret_end = ret->ranged ? ret->second.end : ret->first.end;
    if (ret->ranged) {
        level_periods(s, ret);
        amount_share(&ret->first, &ret->second);
    }
    if (ret->ranged && ret->first.currency && ret->second.currency
        && strcmp(ret->first.currency, ret->second.currency) != 0 && ret->second.marked)
        return false;
    ret->currency = currency_of(ret);
    return true;
}

/* The job, and its country's money (NULL: not known). */
struct asker {
    bool indian;
    const char *home;
    const struct pay_job *job;
};

/* Lakhs without a currency or a label may be anybody's: "8 lakh job seekers". */
static bool counts_people(const struct reading *r, const struct pay_context *c)
{
    return !r->first.currency && !(r->ranged && r->second.currency) && !r->first.per_annum
           && !(r->ranged && r->second.per_annum) && !pay_has_label(c->close)
           && !stands_alone(c->after);
}

/* Read the amount or range at `at`; *ret_end is where to go on. */
static bool read_at(struct str s, size_t at, bool is_field, const struct asker *job,
                    struct pay *ret, size_t *ret_end)
{
    struct reading r;
    struct pay_context c;
    enum confidence confidence = CONFIDENCE_HIGH;
    bool said;

    *ret_end = at + 1;
    if (!reading_at(s, at, &r, ret_end))
        return false;
    if (!r.currency && !job->indian && !may_be_home(&r, job->home))
        return false; /* most numbers of most ads */
    c = pay_context_of(s, r.first.start, *ret_end);
    if (!r.currency
        && (bare_lakhs(&r, &c, job->indian) || bare_rupees(&r, &c, job->indian)
            || (may_be_home(&r, job->home) && bare_home(&r, &c, job->home))))
        confidence = CONFIDENCE_LOW;
    if (!r.currency || pay_refused(&c) || (confidence != CONFIDENCE_LOW && counts_people(&r, &c)))
        return false;
    add_maximum(s, &r, &c, ret_end);
    said = confidence == CONFIDENCE_LOW || pay_has_words(&c);
    if (!is_field && !said && !is_plain_range(&r, &c)
        && pay_period_in(&c, r.first.per_annum || r.second.per_annum) == PERIOD_UNKNOWN)
        return false;
    if (!finish(&r, &c, ret))
        return false;
    ret->from.start = (uint32_t)r.first.start;
    ret->from.end = (uint32_t)*ret_end;
    ret->from.confidence =
        is_field || confidence == CONFIDENCE_LOW || said ? confidence : CONFIDENCE_MEDIUM;
    ret->from.rule =
        confidence == CONFIDENCE_LOW ? "pay: bare number after a label" : "pay: amount";
    return true;
}

/* The next range behind `past`, in the same currency and period; where it begins in *ret_at. */
static bool next_range(struct str s, size_t past, size_t limit, const struct asker *job,
                       const struct pay *like, struct pay *ret, size_t *ret_at, size_t *ret_end)
{
    for (size_t i = past; i < limit && i < s.n; i++) {
        *ret = *like;
        if (!ascii_is_digit(s.p[i]) || (i > past && ascii_is_alnum(s.p[i - 1]))
            || !read_at(s, i, false, job, ret, ret_end))
            continue;
        *ret_at = i;
        return !strcmp(ret->currency, like->currency) && ret->period == like->period
               && ret->annual_min && ret->annual_max;
    }
    return false;
}

static const char *const zones[] = { "zone", "tier", "geographic", "geo", "level", "grade", NULL };

static const char *const areas_of[] = { "area", "metro", NULL };

/*
 * Of ranges by place that of the job's own, where the words before exactly one of them name its
 * city, or else its state (and no area of it that may hold the city has a range too). False: there
 * is none, or the ranges are of zones or grades.
 */
static bool take_own(struct str s, size_t past, const struct asker *job, struct pay *io)
{
    size_t first = io->from.start, limit = past + OWN_WITHIN, at, end, n = 1;
    struct str words = str_slice(s, scan_sentence_start(s, first, PLACE_WORDS), first);
    enum pay_near near = pay_place_named(words, job->job), best = near;
    struct pay own = *io, next;
    bool sole = true, areas = near == PAY_ELSEWHERE && scan_any(words, areas_of);

    if (!io->annual_min || !io->annual_max)
        return false;
    for (; next_range(s, past, limit, job, io, &next, &at, &end); n++, past = end) {
        words = str_slice(s, at - past > PLACE_WORDS ? at - PLACE_WORDS : past, at);
        if (scan_any(words, zones))
            return false;
        near = pay_place_named(words, job->job);
        areas |= near == PAY_ELSEWHERE && scan_any(words, areas_of);
        sole = near == best ? false : near > best ? true : sole;
        if (near > best) {
            best = near;
            own = next;
        }
    }
    if (n < 2 || best == PAY_ELSEWHERE || !sole || (best == PAY_OWN_STATE && areas))
        return false;
    *io = own;
    return true;
}

/*
 * One job's ranges by zone of pay, or by grade, are one range: "Zone A: $90,000 - $120,000. Zone
 * B: ..."; so are three or more that follow each other, whatever parts them. Of two the first
 * counts, unless a word says so.
 */
static void add_zones(struct str s, size_t past, const struct asker *job, struct pay *io)
{
    enum { ZONES_MIN = 3 };
    static const char *const others[] = { "for", NULL };
    struct pay all = *io, next;
    size_t at, end, n = 1;
    bool said = true, grades = false;

    if (!io->annual_min || !io->annual_max)
        return;
    for (; next_range(s, past, past + ZONES_WITHIN, job, io, &next, &at, &end); n++, past = end) {
        struct str between = str_slice(s, past, at);

        said = said && scan_any(between, zones);
        grades |= scan_one_of(between, scan_blanks(between, 0), others) != NULL;
        all.annual_min = next.annual_min < all.annual_min ? next.annual_min : all.annual_min;
        all.annual_max = next.annual_max > all.annual_max ? next.annual_max : all.annual_max;
        all.from.end = (uint32_t)end;
        if (said)
            *io = all;
    }
    if (n >= ZONES_MIN && !grades && all.annual_max <= GRADE_MAX * all.annual_min)
        *io = all;
}

/* What an employer tells of itself has amounts that are no pay, unless a label says so, or a range
 * with its period. */
static bool part_counts(struct str text, const struct text_parts *parts, size_t at,
                        const struct pay *p)
{
    const struct text_part *part = parts && parts->n ? sections_at(parts, (uint32_t)at) : NULL;

    return !part || !part->headed || part->section != SECTION_BLURB
           || (p->annual_min && p->annual_max > p->annual_min)
           || pay_has_label(str_slice(text, scan_sentence_start(text, at, LABELLED), at));
}

bool pay_is_guess(struct str text)
{
    static const char *const words[] = { "glassdoor est~", "estimated", "estimate", "est.", NULL };
    static const char *const employer[] = { "employer est~", "employer provided", NULL };

    return scan_any(text, words) && !scan_any(text, employer);
}

/* Whether `at` is inside a number: behind a comma or a full stop, but for "Rs.5". */
static bool is_inside(struct str s, size_t at)
{
    char before = at ? s.p[at - 1] : ' ';

    return before == ',' || (before == '.' && (at < 2 || !ascii_is_alpha(s.p[at - 2])));
}

bool pay_read(const struct spots *in, enum pay_source source, const struct pay_job *whose,
              const struct text_parts *parts, struct pay *ret)
{
    struct asker job = { whose->indian, pay_money_of(whose), whose };
    struct str text = in->text;
    bool is_field = source == PAY_IN_FIELD || text.n <= SHORT_TEXT;
    uint32_t wanted = is_field ? SPOT_DIGIT | SPOT_NUMBER : SPOT_DIGIT;
    struct pay first; /* an Indian job's, in another country's money, unless rupees follow */

    *ret = (struct pay){ .from = { .field = source == PAY_IN_FIELD ? FIELD_SALARY : FIELD_TEXT,
                                   .rule = "none" } };
    first = *ret;
    if (is_field && pay_is_guess(text))
        return false;
    for (size_t i = 0, past = 0; i < in->n; i++) {
        uint32_t at = in->items[i].at;

        if (at < past || !(in->items[i].kinds & wanted) || is_inside(text, at))
            continue;
        if (read_at(text, at, is_field, &job, ret, &past) && part_counts(text, parts, at, ret)) {
            if (!take_own(text, past, &job, ret))
                add_zones(text, past, &job, ret);
            if (first.annual_min == 0 && first.annual_max == 0)
                first = *ret;
            if (!job.indian || !strcmp(ret->currency, "INR"))
                return true;
        }
        ret->kind = PAY_UNDISCLOSED;
    }
    *ret = first;
    return first.kind != PAY_UNDISCLOSED;
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
    if (!per_year[period] || contradicts(code, top * unit, period)
        || (low > 0 && high > GRADE_MAX * low))
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
