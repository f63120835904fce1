#include "parsers/experience.h"

#include "parsers/scan.h"

enum {
    STATEMENTS_MAX = 24,
    GENERAL_MAX = 3,    /* the first three general statements; later ones are often examples */
    YEARS_MAX = 45,     /* more is not a demand on a person */
    REACH = 110,        /* bytes looked at on either side */
    LABEL_START = 30,   /* bytes of its sentence before a label, at most */
    LABEL_SPAN = 44,    /* from a label to its number, at most */
    COMPANY_YEARS = 20, /* "23+ years" without a person in the sentence is a company's age */
    NEAR = 28,          /* bytes for words that must stand close */
    DEGREE_NEAR = 60,   /* bytes between a number and the degree that it belongs to */
    DEGREE_GAP = 160,   /* statements this near, each with a degree, are alternatives */
    SHORT_TEXT = 80     /* a text of one short line is read as if it were a field */
};

struct statement {
    int32_t min, max; /* months; -1: not given */
    size_t start, end;
    enum experience_scope scope;
    bool labelled;  /* "total", "overall", "Experience:" */
    bool degree;    /* a degree stands in its clause */
    bool preferred; /* a wish, not a demand */
};

struct statements {
    struct statement items[STATEMENTS_MAX];
    size_t n;
};

/* What was parsed at a number, before it is judged. */
struct span {
    double low, high; /* high < 0: none */
    int low_unit, high_unit;
    size_t end;
    bool plus, over, ranged, unit;
    bool open;  /* "or more": whatever was said of the upper end */
    bool total; /* "15+ overall years" */
};

static const char *const experience_words[] = { "experience~", "exp",      "exp.",
                                                "expertise",   "exposure", "hands-on",
                                                "background",  "yoe",      NULL };

static int unit_at(struct str s, size_t at, size_t *ret_end)
{
    static const struct {
        const char *word;
        int months;
    } rows[] = { { "years", 12 }, { "year", 12 }, { "yrs", 12 }, { "yr", 12 }, { "yoe", 12 },
                 { "months", 1 }, { "month", 1 }, { "mths", 1 }, { "mos", 1 } };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (scan_word(s, at, rows[i].word)) {
            *ret_end = at + scan_word_size(rows[i].word);
            return rows[i].months;
        }
    /* "4Y+": the letter alone counts only at the digit. */
    if (at > 0 && ascii_is_digit(s.p[at - 1]) && scan_word(s, at, "y")) {
        *ret_end = at + 1;
        return 12;
    }
    return 0;
}

/* Past "+", "plus", "or more", "(s)", an apostrophe, "(five)". */
static size_t skip_plus(struct str s, size_t at, bool *plus, bool *open)
{
    static const char *const marks[] = { "+",         "plus",      "or more", "and more",
                                         "or above",  "and above", "& above", "or greater",
                                         "or higher", NULL };
    size_t p = scan_blanks(s, at);
    const char *mark = scan_one_of(s, p, marks);

    if (!mark)
        return at;
    *plus = true;
    *open |= mark[0] != '+' && mark[0] != 'p';
    return p + scan_word_size(mark);
}

static size_t skip_bracket(struct str s, size_t at)
{
    size_t p = scan_blanks(s, at);
    struct number n;

    if (p < s.n && s.p[p] == '(' && scan_number(s, p + 1, &n)) {
        bool plus = false, open = false;
        size_t end = skip_plus(s, n.end, &plus, &open);

        if (end < s.n && s.p[end] == ')')
            return end + 1;
    }
    return at;
}

static size_t skip_unit(struct str s, size_t at, int *unit, struct span *span)
{
    static const char *const between[] = { "overall", "total", NULL };
    size_t p = scan_blanks(s, at), end;
    const char *word = scan_one_of(s, p, between);

    if (word)
        p = scan_blanks(s, p + scan_word_size(word));
    else if (p == at && p < s.n && s.p[p] == '-')
        p++; /* "5-year" */
    *unit = unit_at(s, p, &end);
    if (!*unit)
        return at;
    span->total |= word != NULL;
    if (str_starts(str_from(s, end), STR("(s)")))
        end += 3;
    return skip_plus(s, end, &span->plus, &span->open);
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
    return word ? scan_blanks(s, p + scan_word_size(word)) : at;
}

static bool span_at(struct str s, size_t at, struct span *ret)
{
    struct number n;
    size_t p, q;
    bool between;

    *ret = (struct span){ .high = -1 };
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

/* "Experience (in years): 4-7": a label right before a number that may lack its unit. */
static bool label_before(struct str s, size_t at)
{
    static const char *const labels[] = { "experience~",   "exp",         "exp.",  "yoe",
                                          "years of exp~", "yrs of exp~", "years", NULL };
    size_t start = scan_sentence_start(s, at, LABEL_START + LABEL_SPAN + 1);
    struct str w = str_slice(s, start, at);
    ptrdiff_t label;
    size_t p;

    if (w.n > LABEL_START + LABEL_SPAN)
        return false;
    label = scan_first(w, labels);
    if (label < 0 || label > LABEL_START || w.n - (size_t)label > LABEL_SPAN)
        return false;
    for (p = (size_t)label; p < w.n && ascii_is_alpha(w.p[p]); p++)
        ;
    for (; p < w.n; p++)
        if (w.p[p] == ':' || scan_dash(w, p) > p || w.p[p] == '*')
            return true;
    return false;
}

/* Words that make a sentence one about the candidate. */
static const char *const person[] = { "candidate~", "you",      "applicant~", "require~",
                                      "minimum",    "at least", "must",       "looking for",
                                      "seeking",    "hiring",   NULL };

static bool trapped(struct str s, const struct span *span, size_t at)
{
    static const char *const close_before[] = {
        "past",       "last",     "next",      "previous", "within",      "first",
        "every",      "since",    "age",       "aged",     "ages",        "age limit",
        "batch",      "after",    "nearly",    "almost",   "for over",    "for more",
        "probation",  "bond",     "retention", "row",      "during",      "contract",
        "duration",   "vest~",    "cliff",     "window",   "paid",        "notice",
        "sabbatical", "warranty", "uptime",    "tenure",   "in the last", NULL
    };
    static const char *const company_before[] = {
        "founded",     "history",   "we have",     "we've",
        "we bring",    "our team",  "our client",  "company",
        "firm",        "combined",  "collective~", "team of",
        "legacy",      "heritage",  "leader in",   "leading provider",
        "established", "backed by", "retention",   "uptime",
        NULL
    };
    static const char *const after[] = {
        "in a row",     "old",        "of age",   "bond",         "service bond",
        "probation",    "contract",   "fixed",    "full-time",    "full time",
        "degree",       "diploma",    "course",   "program",      "programme",
        "warranty",     "vest~",      "window",   "paid",         "of paid",
        "parental",     "leave",      "holiday~", "anniversary",  "in business",
        "of history",   "of service", "ago",      "duration",     "internship",
        "notice",       "from the",   "from now", "of full",      "education",
        "of education", "after",      "limit",    "into the",     "runway",
        "undergrad~",   "b.tech",     "b.e",      "of schooling", "regular",
        "term",         "cliff",      "lease",    "horizon",      NULL
    };
    struct str before = str_slice(s, scan_sentence_start(s, at, REACH), at);
    struct str tail = str_slice(s, span->end, scan_sentence_end(s, span->end, REACH));
    static const char *const with[] = { "with", NULL };
    ptrdiff_t exp = scan_first(tail, experience_words), trap;
    bool said = scan_any(before, person);

    if (label_before(s, at))
        return false;
    /* "With more than 10 years of experience, Acme ...": a sentence about the employer. */
    if (!said && scan_one_of(str_trim(before), 0, with) && before.n < NEAR)
        return true;

    if (scan_any(str_slice(s, scan_sentence_start(s, at, NEAR), at), close_before)
        && !(said && exp >= 0))
        return true;
    if (scan_any(before, company_before) && !said)
        return true;
    if (scan_one_of(str_trim(tail), 0, with))
        return false; /* "5 years with a Master's degree" is no length of a degree */
    trap = scan_first(str_slice(tail, 0, NEAR + 8), after);
    if (trap > 0 && str_ends(str_slice(tail, 0, (size_t)trap), STR("non-")))
        return false; /* "3 years of non-internship experience" */
    return trap >= 0 && (exp < 0 || trap < exp);
}

static const char *const min_words[] = { "min",     "min.",          "minimum", "at least",
                                         "atleast", "not less than", NULL };

/* Does this number speak of experience at all? */
static bool is_experience(struct str s, const struct span *span, size_t at, bool is_field)
{
    struct str before, tail;
    static const char *const does[] = { "of",       "in",       "as",         "working",
                                        "with",     "building", "developing", "designing",
                                        "managing", "leading",  NULL };
    bool years = span->low_unit == 12 || span->high_unit == 12, said;

    if (span->low > YEARS_MAX * (years || !span->unit ? 1 : 12) || span->high > YEARS_MAX * 12)
        return false;
    if (!span->unit)
        return ascii_is_digit(s.p[at]) && ((is_field && span->ranged) || label_before(s, at));
    if (trapped(s, span, at))
        return false;
    before = str_slice(s, scan_sentence_start(s, at, REACH), at);
    tail = str_slice(s, span->end, scan_sentence_end(s, span->end, REACH));
    if (!is_field && span->low >= COMPANY_YEARS && years && !span->ranged && !label_before(s, at))
        return false;
    said = scan_any(tail, experience_words) || scan_any(before, experience_words);
    if (is_field || said)
        return true;
    if (!years)
        return false;
    if (span->plus || span->ranged
        || scan_any(str_slice(s, scan_sentence_start(s, at, NEAR), at), min_words))
        return true;
    return scan_one_of(s, scan_blanks(s, span->end), does) != NULL && span->low >= 1
           && scan_sentence_start(s, at, NEAR) + 12 > at;
}

static const char *const tools[] = {
    "python",     "java",   "javascript", "typescript", "golang",      "go",           "rust",
    "scala",      "c",      "c++",        "sql",        "nosql",       "bash",         "shell",
    "linux",      "unix",   "aws",        "azure",      "gcp",         "google cloud", "kubernetes",
    "k8s",        "docker", "terraform",  "ansible",    "jenkins",     "git",          "spark",
    "pyspark",    "hadoop", "kafka",      "airflow",    "snowflake",   "databricks",   "pytorch",
    "tensorflow", "mlflow", "kubeflow",   "sagemaker",  "react",       "angular",      "node",
    "node.js",    "django", "flask",      "fastapi",    "spring",      "elastic~",     "mongodb",
    "postgres~",  "mysql",  "oracle",     "tableau",    "power bi",    "sap",          "salesforce",
    "helm",       "ci/cd",  "prometheus", "grafana",    "programming", "coding",       "scripting",
    "langchain",  "cuda",   "vertex~",    "bigquery",   "redshift",    "etl",          "r",
    "perl",       "ruby",   "kotlin",     "swift",      "hive",        "dbt",          NULL
};

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
    bool capital = at < s.n && s.p[at] >= 'A' && s.p[at] <= 'Z';
    struct str kind = str_slice(s, at, scan_sentence_end(s, at, 2 * NEAR));

    return scan_one_of(s, at, tools) || (capital && !scan_one_of(s, at, degrees))
           || (scan_any(kind, examples) && !scan_any(kind, degrees));
}

/* Bound to a tool ("3+ years of Python"), or general ("5 years in a similar role")? */
static enum experience_scope scope_of(struct str s, size_t at)
{
    static const char *const fillers[] = { "of",          "relevant",  "professional",
                                           "work",        "working",   "industry",
                                           "proven",      "related",   "solid",
                                           "strong",      "practical", "progressive",
                                           "hands-on",    "the",       "a",
                                           "an",          "direct",    "prior",
                                           "recent",      "deep",      "extensive",
                                           "development", NULL };
    static const char *const bound[] = { "with",   "using",       "on", "writing",
                                         "coding", "programming", NULL };
    bool said = false;

    at = scan_blanks(s, at);
    if (at < s.n && str_starts(str_from(s, at), STR("\xE2\x80\x99")))
        at = scan_blanks(s, at + 3);
    if (at < s.n && s.p[at] == '\'')
        at = scan_blanks(s, at + 1);
    for (int words = 0; words < 12 && at < s.n && ascii_is_alpha(s.p[at]); words++) {
        const char *tool = scan_one_of(s, at, tools);

        if (scan_one_of(s, at, bound) && !(tool && said))
            return binds(s, next_word(s, at)) ? EXPERIENCE_SKILL : EXPERIENCE_TOTAL;
        if (tool)
            return EXPERIENCE_SKILL;
        if (scan_word(s, at, "experience~") || scan_word(s, at, "exp") || scan_word(s, at, "in"))
            said = true;
        else if (said && scan_word(s, at, "working"))
            ;
        else if (said || (!scan_one_of(s, at, fillers) && words > 4))
            return EXPERIENCE_TOTAL;
        at = next_word(s, at);
    }
    return EXPERIENCE_TOTAL;
}

static const char *const degree_words[] = {
    "bachelor~", "master~", "phd",           "ph.d~",           "doctora~", "b.s.",
    "bs",        "ms",      "m.s.",          "b.tech",          "m.tech",   "btech",
    "mtech",     "mba",     "undergraduate", "graduate degree", "bsc",      "msc",
    "diploma",   NULL
};

static int32_t months(double value, int unit)
{
    return (int32_t)(value * unit + 0.5);
}

static void fill(struct statement *st, struct str s, const struct span *span, size_t at)
{
    static const char *const upper[] = { "up to", "upto",    "less than", "under", "below",
                                         "max",   "maximum", "max.",      "<",     NULL };
    int high_unit = span->high_unit ? span->high_unit : span->low_unit ? span->low_unit : 12;
    int low_unit = span->low_unit ? span->low_unit : high_unit;
    struct str near = str_slice(s, scan_sentence_start(s, at, 14), at);

    st->min = months(span->low, low_unit);
    st->max = span->ranged && !span->over && !span->open ? months(span->high, high_unit) : -1;
    if (!span->ranged && scan_any(near, upper)) {
        st->max = st->min;
        st->min = 0;
    }
    if (st->max >= 0 && st->max < st->min)
        st->max = -1;
}

/* Add the statement that begins at `at`, if one does; the position to go on from. */
static size_t take(struct statements *all, struct str s, size_t at, bool is_field)
{
    static const char *const totals[] = { "total", "overall", "totally", NULL };
    static const char *const wishes[] = { "preferred", "preferable",   "is a plus",
                                          "a plus",    "nice to have", "desirable",
                                          "desired",   "bonus",        NULL };
    struct span span;
    struct statement *st;
    struct str before, tail;

    if (!span_at(s, at, &span))
        return at + 1;
    if (!is_experience(s, &span, at, is_field) || all->n == STATEMENTS_MAX)
        return span.unit ? span.end : at + 1;
    st = &all->items[all->n++];
    *st = (struct statement){ .start = at, .end = span.end };
    fill(st, s, &span, at);
    before = str_slice(s, scan_sentence_start(s, at, REACH), at);
    tail = str_slice(s, span.end, scan_sentence_end(s, span.end, REACH));
    st->scope = scope_of(s, span.end);
    st->labelled =
        span.total || label_before(s, at) || scan_any(str_slice(tail, 0, 34), totals)
        || scan_any(str_slice(before, before.n > 34 ? before.n - 34 : 0, before.n), totals);
    st->degree = scan_any(str_slice(tail, 0, DEGREE_NEAR), degree_words)
                 || scan_any(str_from(before, before.n > DEGREE_NEAR ? before.n - DEGREE_NEAR : 0),
                             degree_words);
    st->preferred = scan_any(str_slice(tail, 0, 70), wishes) && !is_field;
    return span.end;
}

static bool begins_number(struct str s, const struct spot *spot)
{
    size_t at = spot->at;

    if (!(spot->kinds & SPOT_DIGIT))
        return spot->kinds & SPOT_NUMBER;
    if (str_ends(str_slice(s, 0, at), STR("experience")))
        return true; /* a line break that the source lost */
    return at == 0 || (!ascii_is_alnum(s.p[at - 1]) && s.p[at - 1] != '.' && s.p[at - 1] != ',');
}

/* A part whose numbers are not demands; a part of wishes is a last resort. */
static bool part_counts(struct str text, const struct text_parts *parts, size_t at, bool *preferred)
{
    const struct text_part *part = parts && parts->n ? sections_at(parts, (uint32_t)at) : NULL;

    struct str heading = part ? str_slice(text, part->start, part->heading_end) : text;

    *preferred = part && part->section == SECTION_PREFERRED;
    if (!part)
        return true;
    switch (part->section) {
    case SECTION_BLURB:
        return !part->headed
               || scan_any(str_slice(text, scan_sentence_start(text, at, REACH), at), person);
    case SECTION_BENEFITS:
    case SECTION_EEO:
    case SECTION_PROCESS:
    case SECTION_PAY:
        return false;
    case SECTION_PREFERRED: /* "Preferred" still says what they look for; "Bonus points" does not */
        return str_find_fold(heading, STR("prefer")) >= 0
               || str_find_fold(heading, STR("desired")) >= 0;
    case SECTION_DUTIES:
    case SECTION_REQUIRED:
    case SECTION_STACK:
    case SECTION_EDUCATION:
    case SECTION_LOCATION:
    case SECTION_TAGS:
    case SECTION_COUNT:
        return true;
    }
    return true;
}

/* Neighbours that each name a degree are alternatives: only the least demanding is kept. */
static void join_alternatives(struct statements *all)
{
    size_t kept = 0;

    for (size_t i = 0; i < all->n; i++) {
        struct statement *last = kept ? &all->items[kept - 1] : NULL;
        const struct statement *now = &all->items[i];

        if (last && now->degree && (last->degree || now->min < last->min)
            && now->start - last->end < DEGREE_GAP && last->scope == now->scope) {
            size_t start = now->start, end = now->end;

            if (now->min < last->min)
                *last = *now;
            last->start = start;
            last->end = end;
            continue;
        }
        all->items[kept++] = *now;
    }
    all->n = kept;
}

static const struct statement *choose(const struct statements *all, const char **rule)
{
    const struct statement *best = NULL;
    size_t general = 0;

    *rule = "years: total or labelled";
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].labelled && !all->items[i].preferred)
            return &all->items[i];
    *rule = "years: largest of the first three";
    for (size_t i = 0; i < all->n && general < GENERAL_MAX; i++) {
        const struct statement *st = &all->items[i];

        if (st->scope != EXPERIENCE_TOTAL || st->preferred)
            continue;
        general++;
        if (!best || st->min > best->min)
            best = st;
    }
    if (best)
        return best;
    *rule = "years: bound to a skill";
    for (size_t i = 0; i < all->n; i++)
        if (!all->items[i].preferred && (!best || all->items[i].min > best->min))
            best = &all->items[i];
    if (best)
        return best;
    *rule = "years: only a wish";
    return all->n ? &all->items[0] : NULL;
}

static bool by_word(struct str s, struct experience *ret)
{
    static const char *const fresher[] = { "fresher", "freshers", NULL };
    static const char *const student[] = { "pursuing b~", "pursuing m~", "pursuing a degree",
                                           NULL };
    static const char *const against[] = { "no fresher~",       "not fresher~",
                                           "freshers not",      "freshers will not",
                                           "freshers do not",   "freshers please",
                                           "freshers need not", NULL };
    ptrdiff_t at = scan_first(s, student);

    ret->min_months = 0;
    ret->max_months = 0;
    ret->from.rule = "years: student";
    if (at < 0) {
        at = scan_any(s, against) ? -1 : scan_first(s, fresher);
        ret->max_months = 12;
        ret->from.rule = "years: fresher";
    }
    ret->from.start = (uint32_t)(at > 0 ? at : 0);
    ret->from.end = ret->from.start + 7;
    return at >= 0;
}

enum experience_scope experience_read(const struct spots *in, bool is_field,
                                      const struct text_parts *parts, struct experience *ret)
{
    struct str text = in->text;
    enum field field = is_field ? FIELD_EXPERIENCE : FIELD_TEXT;
    struct statements all = { .n = 0 };
    const struct statement *best;
    const char *rule;

    is_field = is_field || text.n <= SHORT_TEXT;
    for (size_t i = 0, past = 0; i < in->n; i++) {
        const struct spot *spot = &in->items[i];
        size_t before = all.n;
        bool preferred;

        if (spot->at < past || !begins_number(text, spot))
            continue;
        past = take(&all, text, spot->at, is_field);
        if (all.n == before)
            continue;
        if (!part_counts(text, parts, all.items[before].start, &preferred))
            all.n = before;
        else
            all.items[before].preferred |= preferred;
    }
    join_alternatives(&all);
    best = choose(&all, &rule);
    *ret = (struct experience){ .min_months = -1,
                                .max_months = -1,
                                .from = { .field = field, .rule = "none" } };
    if (!best) {
        struct experience word = *ret;

        if (text.n > SHORT_TEXT * 4 || !by_word(text, &word))
            return EXPERIENCE_NONE;
        *ret = word;
        ret->from.confidence = CONFIDENCE_LOW;
        return EXPERIENCE_TOTAL;
    }
    ret->min_months = best->min;
    ret->max_months = best->max;
    ret->from.start = (uint32_t)best->start;
    ret->from.end = (uint32_t)best->end;
    ret->from.rule = rule;
    ret->from.confidence = best->scope == EXPERIENCE_SKILL || best->preferred ? CONFIDENCE_LOW
                           : best->labelled || is_field                       ? CONFIDENCE_HIGH
                                                                              : CONFIDENCE_MEDIUM;
    return best->scope;
}
