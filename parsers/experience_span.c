#include "parsers/experience_parts.h"
#include "parsers/scan.h"

/* Years in Spanish, Portuguese, French, German, Italian and Dutch. */
static const char *const years_abroad[] = { "a\xC3\xB1os", "a\xC3\xB1o", "anos", "ano",   "ans",
                                            "jahre~",      "anni",       "jaar", "jaren", NULL };

/* Months in the unit that stands at `at`; 0: none does. */
static int unit_at(struct str s, size_t at, size_t *ret_end)
{
    static const struct {
        const char *word;
        int months;
    } rows[] = { { "years", 12 }, { "year", 12 }, { "yrs", 12 }, { "yr", 12 }, { "yoe", 12 },
                 { "months", 1 }, { "month", 1 }, { "mths", 1 }, { "mos", 1 } };
    const char *abroad;
    char first = at < s.n ? ascii_lower(s.p[at]) : '\0';

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].word[0] == first && scan_word(s, at, rows[i].word)) {
            *ret_end = at + scan_word_size(rows[i].word);
            return rows[i].months;
        }
    abroad = scan_one_of(s, at, years_abroad);
    if (abroad) {
        *ret_end = at + scan_word_size(abroad);
        return 12;
    }
    /* "4Y+": the letter alone counts only at the digit. */
    if (at > 0 && ascii_is_digit(s.p[at - 1]) && scan_word(s, at, "y")) {
        *ret_end = at + 1;
        return 12;
    }
    return 0;
}

/* Past "+", "plus", "or more". */
static size_t skip_plus(struct str s, size_t at, bool *plus, bool *open)
{
    static const char *const marks[] = { "+",         "plus",      "or more", "and more",
                                         "or above",  "and above", "& above", "or greater",
                                         "or higher", NULL };
    const char *mark;

    for (int i = 0; i < 2; i++) { /* "5+ plus years", Markdown's "5\\+ years" */
        size_t p = scan_blanks(s, at);

        p += p + 1 < s.n && s.p[p] == '\\' && s.p[p + 1] == '+';

        mark = scan_one_of(s, p, marks);
        if (!mark)
            break;
        *plus = true;
        *open |= mark[0] != '+' && mark[0] != 'p';
        at = p + scan_word_size(mark);
    }
    return at;
}

/* "5 years' building" */
size_t years_skip_apostrophe(struct str s, size_t at)
{
    if (str_starts(str_from(s, at), STR("\xE2\x80\x99")))
        return at + 3;
    return at < s.n && s.p[at] == '\'' ? at + 1 : at;
}

/* "three (3)", "three to five (3-5)" */
static size_t skip_bracket(struct str s, size_t at)
{
    size_t p = scan_blanks(s, at);
    struct number n;

    if (p < s.n && s.p[p] == '(' && scan_number(s, p + 1, &n)) {
        bool plus = false, open = false;
        size_t end = skip_plus(s, n.end, &plus, &open), dash = scan_dash(s, scan_blanks(s, end));

        if (scan_number(s, scan_blanks(s, dash), &n))
            end = skip_plus(s, n.end, &plus, &open);
        if (end < s.n && s.p[end] == ')')
            return end + 1;
    }
    return at;
}

static size_t skip_unit(struct str s, size_t at, int *unit, struct years_span *span)
{
    static const char *const between[] = { "overall", "total", NULL };
    static const char *const fillers[] = { "progressive", NULL };
    size_t p = scan_blanks(s, at), end;
    const char *word = scan_one_of(s, p, between), *filler = scan_one_of(s, p, fillers);

    if (filler)
        p = scan_blanks(s, p + scan_word_size(filler));
    else if (word)
        p = scan_blanks(s, p + scan_word_size(word));
    else if (p == at && p < s.n && s.p[p] == '-')
        p++; /* "5-year" */
    *unit = unit_at(s, p, &end);
    if (!*unit)
        return at;
    span->total |= word != NULL;
    if (str_starts(str_from(s, end), STR("(s)")))
        end += 3;
    return skip_plus(s, years_skip_apostrophe(s, end), &span->plus, &span->open);
}

/* "2 a 4 anos": words that separate only before years of their own tongue. */
static const char *separator_abroad(struct str s, size_t at)
{
    static const char *const words[] = { "a", "\xC3\xA0", "bis", "y", "e", "tot", NULL };
    const char *word = scan_one_of(s, at, words);
    struct number n;

    if (!word || !scan_number(s, scan_blanks(s, at + scan_word_size(word)), &n)
        || !scan_one_of(s, scan_blanks(s, n.end), years_abroad))
        return NULL;
    return word;
}

static size_t skip_separator(struct str s, size_t at, bool between)
{
    size_t p = scan_blanks(s, at), end = scan_dash(s, p);
    static const char *const words[] = { "to", "till", "upto", NULL };
    const char *word;

    if (end > p)
        return scan_blanks(s, end);
    word = scan_one_of(s, p, words);
    if (!word && between && scan_word(s, p, "and"))
        word = "and";
    if (!word)
        word = separator_abroad(s, p);
    return word ? scan_blanks(s, p + scan_word_size(word)) : at;
}

bool years_span_at(struct str s, size_t at, struct years_span *ret)
{
    struct number n;
    size_t p, q;
    bool between;

    *ret = (struct years_span){ .high = -1 };
    if (!scan_number(s, at, &n) || n.grouped)
        return false;
    between = at >= 8 && scan_word(s, scan_sentence_start(s, at, 8), "between");
    ret->low = n.value;
    p = skip_bracket(s, n.end);
    p = skip_plus(s, p, &ret->plus, &ret->open);
    p = skip_unit(s, p, &ret->low_unit, ret);
    ret->end = p;
    q = skip_separator(s, p, between);
    if (q > p) {
        bool over = q < s.n && s.p[q] == '>';

        if (scan_number(s, q + over, &n) && !n.grouped) {
            size_t end = skip_plus(s, skip_bracket(s, n.end), &ret->plus, &ret->open);
            size_t unit_end = skip_unit(s, end, &ret->high_unit, ret);

            if (ret->high_unit || !ret->low_unit) {
                ret->high = n.value;
                ret->over = over;
                ret->ranged = true;
                ret->end = unit_end;
            }
        }
    }
    ret->unit = ret->low_unit || ret->high_unit;
    return true;
}

bool years_phrase_at(struct str s, size_t at, struct experience *ret)
{
    static const char *const fresher[] = { "freshers with",    "freshers are welcome",
                                           "freshers welcome", "freshers can",
                                           "freshers may",     "freshers only",
                                           "freshers looking", "freshers interested",
                                           "freshers to",      NULL };
    static const char *const both[] = { "freshers and exp~", "freshers & exp~", "freshers or exp~",
                                        "freshers / exp~",   "freshers/exp~",   NULL };
    static const char *const bound[] = { "with", "in", "of", "using", "working", NULL };
    static const char nothing[] = "no prior experience~";
    const char *found = NULL;
    int32_t max = 12;

    if (ascii_lower(s.p[at]) == 'f') {
        found = scan_one_of(s, at, fresher);
        if (!found && (found = scan_one_of(s, at, both)))
            max = -1;
    } else if (scan_word(s, at, nothing)) { /* but not "no prior experience with Rust" */
        found =
            scan_one_of(s, scan_blanks(s, at + scan_word_size(nothing)), bound) ? NULL : nothing;
        max = -1;
    }
    if (!found)
        return false;
    ret->min_months = 0;
    ret->max_months = max;
    ret->from.start = (uint32_t)at;
    ret->from.end = (uint32_t)(at + scan_word_size(found));
    ret->from.rule = found == nothing ? "years: none needed" : "years: fresher";
    return true;
}

void experience_watch(struct beginnings *io)
{
    beginnings_add(io, (const char *const[]){ "freshers", "no prior", NULL });
}
