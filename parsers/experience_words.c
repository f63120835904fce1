#include <string.h>

#include "parsers/experience_parts.h"
#include "parsers/scan.h"

enum {
    YEARS_MAX = 45,    /* more is not a demand on a person */
    LABEL_START = 30,  /* bytes of its sentence before a label, at most */
    LABEL_SPAN = 44,   /* from a label to its number, at most */
    FORM_VALUE = 20,   /* bytes of a line that is but a value */
    COMPANY_YEARS = 20 /* "23+ years" without a person in the sentence is a company's age */
};

const char *const years_experience_words[] = { "experience~",
                                               "exp",
                                               "exp.",
                                               "expertise",
                                               "exposure",
                                               "hands-on",
                                               "background",
                                               "yoe",
                                               "experienci~",
                                               "experi\xC3\xAAnci~",
                                               "exp\xC3\xA9rienc~",
                                               "erfahrung~",
                                               "berufserfahrung",
                                               "esperienza",
                                               "ervaring",
                                               "werkervaring",
                                               NULL };

struct str years_form_label(struct str s, size_t at)
{
    size_t above = scan_line_above(s, at, LABEL_SPAN);
    struct str label = str_slice(s, above, at), line = str_from(s, at);

    if (above == at || s.p[at - 1] != '\n' || str_trim(str_cut(&line, '\n')).n > FORM_VALUE)
        return STR("");
    label = str_trim(label);
    return str_ends(label, STR(":")) ? label : STR("");
}

bool years_label_says_experience(struct str label)
{
    return scan_any(label, (const char *const[]){ "experience", "exp", "yoe", NULL });
}

bool years_label_before(struct str s, size_t at)
{
    static const char *const labels[] = { "experience~",   "exp",         "exp.",  "yoe",
                                          "years of exp~", "yrs of exp~", "years", NULL };
    struct str w = str_slice(s, scan_sentence_start(s, at, YEARS_REACH), at);
    ptrdiff_t label = scan_first(w, labels);
    bool mark = false;
    size_t p;

    if (label < 0 || label > LABEL_START || w.n - (size_t)label > LABEL_SPAN)
        return false;
    for (p = (size_t)label; p < w.n && ascii_is_alpha(w.p[p]); p++)
        ;
    for (; p < w.n && !ascii_is_digit(w.p[p]); p++)
        mark |= w.p[p] == ':' || w.p[p] == '*'
                || (scan_dash(w, p) > p && !ascii_is_alpha(w.p[scan_dash(w, p)]));
    return mark && p == w.n /* "Experience is 2-3 projects" labels nothing */
           && !scan_any(str_from(w, (size_t)label), (const char *const[]){ "with", NULL });
}

bool years_form_row(struct str s, size_t end)
{
    return scan_word(s, scan_blanks(s, end) + 1, "required")
           || scan_word(s, scan_blanks(s, end) + 1, "preferred");
}

/* "5+ experience with ..." at a line's start: the word "years" was forgotten. */
static bool lacks_unit(struct str s, const struct years_span *span, size_t at)
{
    size_t p = scan_blanks(s, span->end), line = scan_sentence_start(s, at, YEARS_NEAR);
    bool whole = !memchr(s.p + at, '.', span->end - at), said = false;

    for (size_t i = line; i < at; i++)
        if (ascii_is_alnum(s.p[i]))
            return false; /* "Python 3+ experience" */
    for (int words = 0; words < 4 && !said && p < s.n && ascii_is_alpha(s.p[p]); words++) {
        said = scan_word(s, p, "experience");
        while (p < s.n && (ascii_is_alpha(s.p[p]) || s.p[p] == '-'))
            p++;
        p = scan_blanks(s, p);
    }
    return said && span->plus && whole && ascii_is_digit(s.p[at]) && span->low <= COMPANY_YEARS;
}

const char *const years_person_words[] = {
    "candidate~", "you",         "applicant~",    "require~",  "minimum",  "at least",
    "must",       "looking for", "seeking",       "hiring",    "al menos", "mindestens",
    "au moins",   "pelo menos",  "m\xC3\xADnim~", "candidat~", NULL
};

/* `exp`: where the tail says experience, or -1. */
static bool trapped(struct str s, const struct years_span *span, size_t at, struct str before,
                    struct str tail, ptrdiff_t exp)
{
    static const char *const close_before[] = {
        "past",       "last",      "next",      "previous", "within",      "first",
        "every",      "since",     "age",       "aged",     "ages",        "age limit",
        "batch",      "after",     "nearly",    "almost",   "for over",    "for more",
        "probation",  "bond",      "retention", "row",      "during",      "contract",
        "duration",   "vest~",     "cliff",     "window",   "paid",        "notice",
        "sabbatical", "warranty",  "uptime",    "tenure",   "in the last", "over the",
        "depuis",     "seit",      "hace",      "il y a",   "substitut~",  "is less than",
        "count as",   "count for", NULL
    };
    static const char *const company_before[] = {
        "founded",     "history",   "we have",     "we've",
        "we bring",    "our team",  "our client",  "company",
        "firm",        "combined",  "collective~", "team of",
        "legacy",      "heritage",  "leader in",   "leading provider",
        "established", "backed by", "retention",   "uptime",
        "somos",       "nuestr~",   "nossa~",      "empresa",
        "unternehmen", "wir sind",  "entreprise",  NULL
    };
    static const char *const after[] = {
        "in a row",      "old",        "of age",   "bond",         "service bond",
        "probation",     "contract",   "fixed",    "full-time",    "full time",
        "degree",        "diploma",    "course",   "program",      "programme",
        "warranty",      "vest~",      "window",   "paid",         "of paid",
        "parental",      "leave",      "holiday~", "anniversary",  "in business",
        "of history",    "of service", "ago",      "duration",     "internship",
        "notice",        "from the",   "from now", "of full",      "education",
        "of education",  "after",      "limit",    "into the",     "runway",
        "undergrad~",    "b.tech",     "b.e",      "of schooling", "regular",
        "term",          "cliff",      "lease",    "horizon",      "in the making",
        "of historical", "of records", "college",  "coursework",   "of college",
        "of university", NULL
    };
    /* "8+ years in technical program management" is no length: that is not said with a "+" */
    static const char *const lengths[] = { "degree",    "course",    "program",      "programme",
                                           "full-time", "full time", "of education", NULL };
    static const char *const whole_time[] = { "full-time", "full time", "of full", NULL };
    static const char *const study[] = { "education", "degree", "study", "diploma", NULL };
    static const char *const with[] = { "with", "con", "com", "avec", "mit", NULL };
    ptrdiff_t trap;
    bool said = scan_any(before, years_person_words);

    /* "With more than 10 years of experience, Acme ...": a sentence about the employer. */
    if (!said && scan_one_of(str_trim(before), 0, with) && before.n < YEARS_NEAR)
        return true;

    if (scan_any(str_slice(s, scan_sentence_start(s, at, YEARS_NEAR), at), close_before)
        && !(said && exp >= 0))
        return true;
    if (scan_any(before, company_before) && !said)
        return true;
    if (scan_one_of(str_trim(tail), 0, with))
        return false; /* "5 years with a Master's degree" is no length of a degree */
    trap = scan_first(str_slice(tail, 0, YEARS_NEAR + 8), after);
    if (trap > 0 && span->plus && scan_one_of(tail, (size_t)trap, lengths))
        return false;
    if (trap >= 0 && exp > trap && scan_one_of(tail, (size_t)trap, whole_time)
        && !scan_any(str_slice(tail, 0, (size_t)exp), study))
        return false; /* "3 years of full-time experience" */
    if (trap > 0
        && (str_ends(str_slice(tail, 0, (size_t)trap), STR("non-"))
            || str_ends(str_slice(tail, 0, (size_t)trap), STR("post-"))))
        return false; /* "3 years of non-internship experience" */
    return trap >= 0 && (exp < 0 || trap < exp);
}

static const char *const min_words[] = {
    "min",           "min.",       "minimum",    "at least", "atleast", "not less than", "al menos",
    "m\xC3\xADnim~", "pelo menos", "mindestens", "au moins", "almeno",  "minimaal",      NULL
};

/* "4 years maintaining ..." */
static bool is_doing(struct str s, size_t at)
{
    static const char *const idle[] = { "remaining", "running", "during", NULL };
    size_t end = at;

    while (end < s.n && ascii_is_alpha(s.p[end]))
        end++;
    return end > at + 4 && str_ends(str_slice(s, at, end), STR("ing")) && !scan_one_of(s, at, idle);
}

bool years_are_experience(struct str s, const struct years_span *span, size_t at, bool is_field)
{
    struct str before = str_slice(s, scan_sentence_start(s, at, YEARS_REACH), at);
    struct str tail = str_slice(s, span->end, scan_sentence_end(s, span->end, YEARS_REACH));
    static const char *const does[] = { "of", "in", "as", "with", NULL };
    bool years = span->low_unit == 12 || span->high_unit == 12;
    ptrdiff_t exp;

    if (span->low > YEARS_MAX * (years || !span->unit ? 1 : 12) || span->high > YEARS_MAX * 12)
        return false;
    if (!span->unit)
        return ascii_is_digit(s.p[at])
               && ((is_field && span->ranged) || lacks_unit(s, span, at)
                   || years_label_before(s, at));
    if (years_form_row(s, span->end) || years_label_before(s, at)
        || years_label_says_experience(years_form_label(s, at)))
        return true;
    exp = scan_first(tail, years_experience_words);
    if (trapped(s, span, at, before, tail, exp))
        return false;
    if (!is_field && span->low >= COMPANY_YEARS && years && !span->ranged
        && !scan_any(str_slice(s, scan_sentence_start(s, at, YEARS_NEAR), at), min_words))
        return false;
    if (is_field || exp >= 0 || scan_any(before, years_experience_words))
        return true;
    if (!years)
        return false;
    if (span->plus || span->ranged
        || scan_any(str_slice(s, scan_sentence_start(s, at, YEARS_NEAR), at), min_words))
        return true;
    if (scan_word(s, scan_blanks(s, span->end), "with")
        && scan_any(str_slice(tail, 0, DEGREE_NEAR), years_degree_words))
        return true; /* "or 4 years with a Master's degree" */
    return (scan_one_of(s, scan_blanks(s, span->end), does)
            || is_doing(s, scan_blanks(s, span->end)))
           && span->low >= 1 && scan_sentence_start(s, at, YEARS_NEAR) + 12 > at;
}

static const char *const tools[] = { "python",
                                     "java",
                                     "javascript",
                                     "typescript",
                                     "golang",
                                     "go",
                                     "rust",
                                     "scala",
                                     "c",
                                     "c++",
                                     "sql",
                                     "nosql",
                                     "bash",
                                     "shell",
                                     "linux",
                                     "unix",
                                     "aws",
                                     "azure",
                                     "gcp",
                                     "google cloud",
                                     "kubernetes",
                                     "k8s",
                                     "docker",
                                     "terraform",
                                     "ansible",
                                     "jenkins",
                                     "git",
                                     "spark",
                                     "pyspark",
                                     "hadoop",
                                     "kafka",
                                     "airflow",
                                     "snowflake",
                                     "databricks",
                                     "pytorch",
                                     "tensorflow",
                                     "mlflow",
                                     "kubeflow",
                                     "sagemaker",
                                     "react",
                                     "angular",
                                     "node",
                                     "node.js",
                                     "django",
                                     "flask",
                                     "fastapi",
                                     "spring",
                                     "elastic~",
                                     "mongodb",
                                     "postgres~",
                                     "mysql",
                                     "oracle",
                                     "tableau",
                                     "power bi",
                                     "sap",
                                     "salesforce",
                                     "helm",
                                     "ci/cd",
                                     "prometheus",
                                     "grafana",
                                     "programming",
                                     "coding",
                                     "scripting",
                                     "langchain",
                                     "cuda",
                                     "vertex~",
                                     "bigquery",
                                     "redshift",
                                     "etl",
                                     "r",
                                     "object-oriented",
                                     "object oriented",
                                     "perl",
                                     "ruby",
                                     "kotlin",
                                     "swift",
                                     "hive",
                                     "dbt",
                                     NULL };

static size_t next_word(struct str s, size_t at)
{
    while (at < s.n && (s.p[at] != ' ' && s.p[at] != '\n'))
        at++;
    return scan_blanks(s, at);
}

/* A tool or a proper name binds ("with Kubernetes", "with build tools such as Bazel"); a degree or
 * common words do not. */
static bool binds(struct str s, size_t at)
{
    static const char *const degrees[] = { "bachelor~", "master~", "phd", "degree", "b~.", NULL };
    static const char *const examples[] = { "such as", "like", "e.g", NULL };
    static const char *const articles[] = { "a", "an", "the", NULL };
    bool capital = at < s.n && s.p[at] >= 'A' && s.p[at] <= 'Z';
    struct str kind = str_slice(s, at, scan_sentence_end(s, at, 2 * YEARS_NEAR));

    if (scan_one_of(s, at, articles))
        at = next_word(s, at);
    return scan_one_of(s, at, tools) || (capital && !scan_one_of(s, at, degrees))
           || (scan_any(kind, examples) && !scan_any(kind, degrees));
}

enum experience_scope years_scope(struct str s, size_t at)
{
    static const char *const fillers[] = { "of",          "relevant",  "professional",
                                           "work",        "working",   "industry",
                                           "proven",      "related",   "solid",
                                           "strong",      "practical", "progressive",
                                           "hands-on",    "the",       "a",
                                           "an",          "direct",    "prior",
                                           "recent",      "deep",      "extensive",
                                           "development", NULL };
    static const char *const fields[] = { "software", "engineering", "administration", NULL };
    static const char *const bound[] = { "with",   "using",       "on", "writing",
                                         "coding", "programming", NULL };
    bool said = false, named = false; /* "of software development experience" */

    at = scan_blanks(s, years_skip_apostrophe(s, scan_blanks(s, at)));
    for (int words = 0; words < 12 && at < s.n && ascii_is_alpha(s.p[at]); words++) {
        const char *tool = scan_one_of(s, at, tools);

        if (scan_word(s, at, "hands on")) {
            at = next_word(s, next_word(s, at));
            continue;
        }
        if (scan_one_of(s, at, bound) && !(tool && said))
            return !(said && named) && binds(s, next_word(s, at)) ? EXPERIENCE_SKILL
                                                                  : EXPERIENCE_TOTAL;
        if (tool)
            return EXPERIENCE_SKILL;
        if (scan_word(s, at, "experience~") || scan_word(s, at, "exp") || scan_word(s, at, "in"))
            said = true;
        else if (!said && scan_one_of(s, at, fields))
            named = true;
        else if (said && scan_word(s, at, "working"))
            ;
        else if (said || (!scan_one_of(s, at, fillers) && words > 4))
            return EXPERIENCE_TOTAL;
        at = next_word(s, at);
    }
    return EXPERIENCE_TOTAL;
}
