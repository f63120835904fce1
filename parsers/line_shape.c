#include "parsers/line_shape.h"

#include <string.h>

enum {
    BARE_MAX = 60,
    EMPLOYER_MIN = 3 /* a shorter name is too often a word */
};

static bool is_markup(char c)
{
    return c == '#' || c == '*' || c == '_' || c == '>' || c == '~' || c == '=' || c == '|';
}

/* "---- Title ----", and as Markdown escapes it. */
static bool in_dashes(struct str s, size_t at)
{
    char before = at ? s.p[at - 1] : '\0', next = at + 1 < s.n ? s.p[at + 1] : '\0';

    return (s.p[at] == '-' && (before == '-' || before == '\\' || next == '-'))
           || (s.p[at] == '\\' && next == '-');
}

struct line_lead line_lead(struct str copy)
{
    struct line_lead l = { 0 };

    while (l.n < copy.n) {
        char c = copy.p[l.n];
        char next = l.n + 1 < copy.n ? copy.p[l.n + 1] : '\0';
        bool rule = in_dashes(copy, l.n);

        if ((c == '-' || c == '*' || c == '+') && next == ' ' && !rule)
            l.bullet = true;
        else if (c == '#' || c == '*' || c == '_' || rule)
            l.marked = true;
        else if (c != ' ' && c != '\t' && !is_markup(c))
            break;
        l.n++;
    }
    return l;
}

struct str line_key(struct str s)
{
    size_t digits = 0;

    while (digits < s.n && ascii_is_digit(s.p[digits]))
        digits++;
    if (digits && digits < s.n && (s.p[digits] == '.' || s.p[digits] == ')'))
        s = str_trim(str_from(s, digits + 1));
    while (s.n && (is_markup(s.p[0]) || s.p[0] == ' ' || s.p[0] == '[' || s.p[0] == '('))
        s = str_from(s, 1);
    while (s.n && (is_markup(s.p[s.n - 1]) || memchr(" :-.!?;,)]", s.p[s.n - 1], 10) != NULL))
        s.n--;
    return s;
}

size_t line_words(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] != ' ' && (!i || s.p[i - 1] == ' ');
    return n;
}

bool line_looks_bare(struct str copy, const struct line_lead *l)
{
    struct str s = str_trim(str_from(copy, l->n));

    return !l->bullet && s.n && s.n <= BARE_MAX && s.p[0] >= 'A' && s.p[0] <= 'Z'
           && !memchr(".,;", s.p[s.n - 1], 3) && !memchr(s.p, ',', s.n) && !memchr(s.p, '(', s.n)
           && line_words(s) <= HEADING_WORDS;
}

/* '-', '*', '+' and a space, or U+2022, U+25CF, U+00B7. */
static bool begins_bullet(struct str s)
{
    if (s.n < 2)
        return false;
    switch ((unsigned char)s.p[0]) {
    case '-':
    case '*':
    case '+':
        return s.p[1] == ' ';
    case 0xE2:
        return str_starts(s, STR("\xE2\x80\xA2")) || str_starts(s, STR("\xE2\x97\x8F"));
    case 0xC2:
        return (unsigned char)s.p[1] == 0xB7;
    default:
        return false;
    }
}

/* How far a raw line is indented, and whether a bullet begins it. */
static size_t indent(struct str s, bool *ret_bullet)
{
    size_t n = 0;

    while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
        n++;
    *ret_bullet = begins_bullet(str_from(s, n));
    return n;
}

bool line_opens_list(struct str line, struct str next)
{
    bool is_bullet, next_bullet;
    size_t at = indent(line, &is_bullet), below = indent(next, &next_bullet);

    return next_bullet && (!is_bullet || below > at);
}

struct str employer_short_name(struct str company)
{
    static const char *const forms[] = { ",",     " (",   " inc",     " ltd",  " pvt",
                                         " llc",  " llp", " private", " gmbh", " limited",
                                         " corp", " | ",  " india" };

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        ptrdiff_t at = str_find_fold(company, str_of(forms[i]));

        if (at > 0)
            company = str_slice(company, 0, (size_t)at);
    }
    return str_trim(company);
}

bool tells_of_employer(struct str sentence, struct str employer)
{
    struct str s = str_trim(sentence), rest;
    bool at = s.n > 3 && s.p[2] == ' ' && str_eq_fold(str_slice(s, 0, 2), STR("at"));

    if (at)
        s = str_from(s, 3);
    if (employer.n < EMPLOYER_MIN || s.n <= employer.n
        || ascii_lower(s.p[0]) != ascii_lower(employer.p[0])
        || !str_eq_fold(str_slice(s, 0, employer.n), employer))
        return false;
    rest = str_from(s, employer.n);
    if (str_starts(rest, STR("'s ")) || (at && rest.p[0] == ','))
        return true;
    return rest.n > 1 && rest.p[0] == ' ' && ascii_is_alpha(rest.p[1])
           && !str_starts(rest, STR(" and ")) && !str_starts(rest, STR(" or "));
}
