#ifndef PARSERS_PAY_PARTS_H
#define PARSERS_PAY_PARTS_H

#include "core/signal.h"
#include "core/str.h"

struct pay_job;

/* Private to pay*.c: an amount as it is written, and what the words around it say of it. */

static const double lakh = 1e5;

struct amount {
    double value;
    double unit;                           /* 0: none stands */
    const char *currency;                  /* ISO code; NULL: none stands */
    bool grouped, indian_grouping, marked; /* marked: a currency of its own before it */
    bool bare_dollar;                      /* "$", without which one */
    bool per_annum;                        /* the unit says it: LPA */
    bool plus;
    size_t start, end;
};

/* The amount whose digits (or number word) begin at `at`. False: none, or one whose digits are
 * grouped in no known way, so that it could be read wrong by ten. */
bool amount_at(struct str s, size_t at, struct amount *ret);

/* The second amount of a range that begins with `first`. */
bool amount_second(struct str s, const struct amount *first, struct amount *ret);

/* Digits and unit together. */
double amount_whole(const struct amount *a);

/* Two ends of a range share what only one of them states: its unit, its kind of dollar. */
void amount_share(struct amount *first, struct amount *second);

/* The words around an amount. */
struct pay_context {
    struct str before, after; /* within the sentence; before: or its label on the line above */
    struct str sentence;      /* more of it before, behind a semicolon */
    struct str close;         /* the last bytes of `before` */
    struct str near;          /* the last words of the line, over a "max." too */
};

enum { PAY_NEAR = 44 }; /* bytes for words that must stand close */

struct pay_context pay_context_of(struct str s, size_t start, size_t end);

/* Whether a word says that the amount is another's: insurance, funding, users. */
bool pay_refused(const struct pay_context *c);
bool pay_has_words(const struct pay_context *c);
bool pay_has_label(struct str s); /* "CTC", "salary", "budget" ... */
enum pay_period pay_period_in(const struct pay_context *c, bool per_annum);
enum pay_kind pay_kind_in(const struct pay_context *c, const char *currency, bool western_code);

/* The money of the one country in which the job is; NULL: of none, or of several. */
const char *pay_money_of(const struct pay_job *job);

/* Whether the words around an amount without a sign leave nothing but pay. */
bool pay_is_labelled(const struct pay_context *c, bool ranged);

/* How closely the words before a range name the job's own place. */
enum pay_near { PAY_ELSEWHERE, PAY_OWN_STATE, PAY_OWN_CITY };
enum pay_near pay_place_named(struct str words, const struct pay_job *job);

#endif
