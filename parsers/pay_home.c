#include <string.h>

#include "parsers/pay.h"
#include "parsers/pay_parts.h"
#include "parsers/scan.h"

enum {
    LABEL_GAP = 24,  /* bytes from a label to a single amount */
    BEFORE_NAME = 24 /* bytes before a place for the word that takes it out */
};

static const struct {
    const char *country, *money;
} moneys[] = {
    { "IN", "INR" }, { "US", "USD" }, { "CA", "CAD" }, { "GB", "GBP" }, { "AU", "AUD" },
    { "NZ", "NZD" }, { "SG", "SGD" }, { "HK", "HKD" }, { "AE", "AED" }, { "PL", "PLN" },
    { "SE", "SEK" }, { "NO", "NOK" }, { "DK", "DKK" }, { "CZ", "CZK" }, { "JP", "JPY" },
    { "BR", "BRL" }, { "ZA", "ZAR" }, { "CH", "CHF" }, { "DE", "EUR" }, { "FR", "EUR" },
    { "NL", "EUR" }, { "ES", "EUR" }, { "PT", "EUR" }, { "IT", "EUR" }, { "IE", "EUR" },
    { "FI", "EUR" }, { "AT", "EUR" }, { "BE", "EUR" }, { "GR", "EUR" }, { "LU", "EUR" },
    { "SK", "EUR" }, { "SI", "EUR" }, { "EE", "EUR" }, { "LV", "EUR" }, { "LT", "EUR" },
    { "CY", "EUR" }, { "MT", "EUR" }, { "HR", "EUR" },
};

const char *pay_money_of(const struct pay_job *job)
{
    struct str country = { 0 };

    if (job->indian)
        return "INR";
    for (size_t i = 0; i < job->n_places; i++) {
        struct str c = job->places[i].country;

        if (country.n && c.n && !str_eq(c, country))
            return NULL;
        country = c.n ? c : country;
    }
    for (size_t i = 0; i < ARRAY_LEN(moneys) && country.n; i++)
        if (str_eq(country, str_of(moneys[i].country)))
            return moneys[i].money;
    return NULL;
}

/* Whether an amount ends what is said, or goes on to what pay comes with. */
static bool ends_so(struct str after)
{
    static const char *const words[] = { "per",    "p.a",    "pa",           "a year", "annual~",
                                         "yearly", "year",   "depending",    "based",  "base",
                                         "gross~", "plus",   "and",          "doe",    "determined",
                                         "brut",   "brutto", "commensurate", "with",   NULL };
    size_t p = scan_blanks(after, 0);

    return p >= after.n || memchr("+(|,.;/*\n)_", after.p[p], 11) || scan_one_of(after, p, words);
}

bool pay_is_labelled(const struct pay_context *c, bool ranged)
{
    static const char *const labels[] = { "salary",  "salaries",      "compensation", "pay",
                                          "base",    "package",       "remuneration", "gehalt~",
                                          "salaire", "r\xC3\xA9mun~", "fourchette",   "salaris",
                                          "ral",     "retribuzione",  "salario",      "sueldo",
                                          NULL };
    static const char *const behind[] = { "annual compensation", "annual salary", "base salary",
                                          "base plus",           "salary",        NULL };
    struct str gap = c->close, after = str_trim(c->after);

    if (!ranged && gap.n > LABEL_GAP)
        gap = str_from(gap, gap.n - LABEL_GAP);
    if (scan_any(gap, labels))
        return ends_so(c->after);
    if (!ranged)
        return false;
    /* "| 90-140k + equity |", "130K - 200K annual compensation" */
    return scan_one_of(after, 0, behind)
           || (!str_trim(c->before).n && (!after.n || after.p[0] == '+'));
}

/* Whether a word behind `at` says that the name there is left out: "outside of Seattle". */
static bool is_left_out(struct str words, size_t at)
{
    static const char *const out[] = { "outside", "exclud~",    "not including",
                                       "except",  "other than", NULL };

    return scan_any(str_slice(words, at > BEFORE_NAME ? at - BEFORE_NAME : 0, at), out);
}

static bool names(struct str words, struct str name)
{
    static const char *const district[] = { "dc", "d.c", NULL };

    for (size_t from = 0; name.n > 2 && from < words.n;) {
        ptrdiff_t found = str_find(str_from(words, from), name);
        size_t at = from + (size_t)(found > 0 ? found : 0), end = at + name.n, p = end;

        if (found < 0)
            return false;
        while (p < words.n && memchr(" ,", words.p[p], 2))
            p++;
        if ((at == 0 || !byte_is_word(words.p[at - 1]))
            && (end >= words.n || !byte_is_word(words.p[end])) && !is_left_out(words, at)
            && !scan_one_of(words, p, district))
            return true;
        from = end;
    }
    return false;
}

/* Whether the job is remote, or in several states: then no range is its own. */
static bool is_anywhere(const struct pay_job *job)
{
    struct str state = { 0 };

    for (size_t i = 0; i < job->n_places; i++) {
        struct str other = job->places[i].state;

        if (state.n && other.n && !str_eq(state, other))
            return true;
        state = other.n ? other : state;
    }
    return job->remote;
}

enum pay_near pay_place_named(struct str words, const struct pay_job *job)
{
    enum pay_near near = PAY_ELSEWHERE;

    if (is_anywhere(job))
        return near;
    for (size_t i = 0; i < job->n_places && near != PAY_OWN_CITY; i++) {
        const struct place *p = &job->places[i];

        if (names(words, p->city))
            near = PAY_OWN_CITY;
        else if (names(words, p->state))
            near = PAY_OWN_STATE;
    }
    return near;
}
