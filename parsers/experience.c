#include "parsers/experience.h"

#include "parsers/experience_parts.h"
#include "parsers/scan.h"

enum {
    STATEMENTS_MAX = 24,
    TOOLS_MAX = 6,    /* of all statements, where one with a tool asks for more */
    GENERAL_MAX = 3,  /* the first three general statements; later ones are often examples */
    DEGREE_GAP = 240, /* statements this near, each with a degree, are alternatives */
    OR_GAP = 300,     /* as are these with "or" between them */
    SHORT_TEXT = 80   /* a text of one short line is read as if it were a field */
};

struct statement {
    int32_t min, max; /* months; -1: not given */
    size_t start, end;
    size_t until; /* where its last alternative ends */
    enum experience_scope scope;
    bool labelled;  /* "total", "overall", "Experience:" */
    bool degree;    /* a degree stands in its clause */
    bool preferred; /* a wish, not a demand */
    bool opens;     /* its line or sentence: "- 3+ years of ..." */
    bool row;       /* of a board's list: "Python: 1 year (Preferred)" */
    bool form;      /* a board's form says it, below the ad: "Experience level:" */
};

struct statements {
    struct statement items[STATEMENTS_MAX];
    size_t n;
};

static int32_t months(double value, int unit)
{
    return (int32_t)(value * unit + 0.5);
}

static void fill(struct statement *st, struct str s, const struct years_span *span, size_t at)
{
    static const char *const upper[] = { "up to", "upto",    "less than", "under", "below",
                                         "max",   "maximum", "max.",      "<",     NULL };
    int high_unit = span->high_unit ? span->high_unit : span->low_unit ? span->low_unit : 12;
    int low_unit = span->low_unit ? span->low_unit : high_unit;
    static const char *const lower[] = { "not less than", "no less than", NULL };
    struct str near = str_slice(s, scan_sentence_start(s, at, 14), at);

    st->min = months(span->low, low_unit);
    st->max = span->ranged && !span->over && !span->open ? months(span->high, high_unit) : -1;
    if (!span->ranged && scan_any(near, upper) && !scan_any(near, lower)) {
        st->max = st->min;
        st->min = 0;
    }
    if (st->max >= 0 && st->max < st->min)
        st->max = -1;
}

/* "PhD in Physics, Mathematics or a related field and 2+ years"; but what is said of the years
 * before ("5 years with at least one year of nights") is none of the degree's. */
static bool opens_with_degree(const struct statements *all, struct str s, struct str before,
                              size_t at)
{
    static const char *const parts[] = { "with", "including", "which", NULL };
    size_t last = all->n > 1 ? all->items[all->n - 2].end : 0;

    return years_open_with_degree(before)
           && !(last > at - before.n && scan_any(str_slice(s, last, at), parts));
}

static bool has_words(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (ascii_is_alnum(s.p[i]))
            return true;
    return false;
}

/* Add the statement that begins at `at`, if one does; the position to go on from. */
static size_t take(struct statements *all, struct str s, size_t at, bool is_field)
{
    static const char *const totals[] = { "total", "overall", "totally", NULL };
    static const char *const wishes[] = { "preferred", "preferable",   "is a plus",
                                          "a plus",    "nice to have", "desirable",
                                          "desired",   "bonus",        NULL };
    /* at the start of a line that lost its break: "Preferred qualifications 7+ years of ..." */
    static const char *const preferred_heading[] = { "preferred qual~", "preferred skill~",
                                                     "preferred exp~", "preferred req~", NULL };
    struct years_span span;
    struct statement *st;
    struct str before, tail;
    bool listed;

    if (!years_span_at(s, at, &span))
        return at + 1;
    listed = all->n && !span.unit && years_of_degree(s, &span, at, all->items[all->n - 1].until);
    if ((!listed && !years_are_experience(s, &span, at, is_field)) || all->n == STATEMENTS_MAX)
        return span.unit ? span.end : at + 1;
    st = &all->items[all->n++];
    *st = (struct statement){ .start = at, .end = span.end, .until = span.end };
    fill(st, s, &span, at);
    before = str_slice(s, scan_sentence_start(s, at, YEARS_REACH), at);
    tail = str_slice(s, span.end, scan_sentence_end(s, span.end, YEARS_REACH));
    st->row = years_form_row(s, span.end);
    st->scope = st->row && !scan_any(before, years_experience_words) ? EXPERIENCE_SKILL
                                                                     : years_scope(s, span.end);
    st->form =
        !is_field && scan_any(years_form_label(s, at), (const char *const[]){ "level", NULL });
    st->labelled =
        span.total || years_label_before(s, at)
        || (!st->form && years_label_says_experience(years_form_label(s, at)))
        || scan_any(str_slice(tail, 0, 34), totals)
        || scan_any(str_slice(before, before.n > 34 ? before.n - 34 : 0, before.n), totals);
    st->degree = listed || scan_any(str_slice(tail, 0, DEGREE_NEAR), years_degree_words)
                 || scan_any(str_from(before, before.n > DEGREE_NEAR ? before.n - DEGREE_NEAR : 0),
                             years_degree_words)
                 || opens_with_degree(all, s, before, at);
    if (str_ends(str_trim(before), STR("(Preferred)")) && !is_field)
        all->n--; /* a list of both */
    st->preferred = !is_field
                    && (scan_any(str_slice(tail, 0, 70), wishes)
                        || scan_one_of(before, scan_blanks(before, 0), preferred_heading));
    st->opens = span.plus && !has_words(before);
    return span.end;
}

/* "a related field5+ years of", "this role.2-5+ years": a line break that the source lost. */
static bool lost_break(struct str s, size_t at)
{
    size_t word = at > 0 && s.p[at - 1] == '.' ? at - 1 : at;
    struct years_span span;

    if (word < 3 || s.p[word - 1] < 'a' || s.p[word - 1] > 'z' || s.p[word - 2] < 'a'
        || s.p[word - 2] > 'z')
        return false;
    return str_ends(str_slice(s, 0, at), STR("experience"))
           || (years_span_at(s, at, &span) && span.plus
               && (span.low_unit == 12 || span.high_unit == 12));
}

static bool begins_number(struct str s, const struct spot *spot)
{
    size_t at = spot->at;

    if (!(spot->kinds & SPOT_DIGIT))
        return spot->kinds & SPOT_NUMBER;
    if (lost_break(s, at))
        return true;
    return at == 0 || (!ascii_is_alnum(s.p[at - 1]) && s.p[at - 1] != '.' && s.p[at - 1] != ',');
}

/* Whether a part of its own says what is required. */
static bool asks_elsewhere(const struct text_parts *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        if (parts->items[i].section == SECTION_REQUIRED && parts->items[i].headed)
            return true;
    return false;
}

/* A part whose numbers are not demands, unless a label says so; a part of wishes is a last resort.
 */
static bool part_counts(struct str text, const struct text_parts *parts, struct statement *io)
{
    const struct text_part *part =
        parts && parts->n ? sections_at(parts, (uint32_t)io->start) : NULL;
    struct str heading = part ? str_slice(text, part->start, part->heading_end) : text;

    if (!part)
        return true;
    io->preferred |= part->section == SECTION_PREFERRED;
    switch (part->section) {
    case SECTION_BLURB:
        return !part->headed || io->labelled || io->form || io->degree || io->opens
               || scan_any(
                   str_slice(text, scan_sentence_start(text, io->start, YEARS_REACH), io->start),
                   years_person_words);
    case SECTION_BENEFITS:
    case SECTION_EEO:
    case SECTION_PROCESS:
    case SECTION_PAY:
        return !part->headed || io->labelled || io->form
               || (io->degree && io->scope == EXPERIENCE_TOTAL);
    case SECTION_PREFERRED: /* all that an ad asks for may be "preferred"; "bonus points" may not */
        return years_label_before(text, io->start) || str_find_fold(heading, STR("desired")) >= 0
               || ((str_find_fold(heading, STR("prefer")) >= 0
                    || str_find_fold(heading, STR("apart")) >= 0)
                   && !asks_elsewhere(parts));
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

static bool are_alternatives(struct str s, const struct statement *last,
                             const struct statement *now)
{
    size_t gap = now->start - last->until;

    if (now->preferred != last->preferred)
        return false;
    if (gap < DEGREE_GAP && now->degree && (last->degree || now->min < last->min)
        && now->scope == last->scope)
        return true;
    return gap < OR_GAP && years_are_alternatives(str_slice(s, last->until, now->start));
}

/* Neighbours that each name a degree, or have "or" between them, are alternatives: of these only
 * the least demanding is kept. */
static void join_alternatives(struct statements *all, struct str s)
{
    size_t kept = 0;

    for (size_t i = 0; i < all->n; i++) {
        struct statement *last = kept ? &all->items[kept - 1] : NULL;
        struct statement now = all->items[i];

        if (!last || !are_alternatives(s, last, &now)) {
            all->items[kept++] = now;
            continue;
        }
        now.scope = last->scope > now.scope ? last->scope : now.scope;
        now.labelled |= last->labelled;
        if (now.min < last->min)
            *last = now;
        last->scope = now.scope;
        last->labelled = now.labelled;
        last->until = now.until;
    }
    all->n = kept;
}

/* "5+ years of Python, 3+ years in data teams": who asks for the former asks for as many. */
static const struct statement *longest_with_a_tool(const struct statements *all,
                                                   const struct statement *general,
                                                   const char **rule)
{
    const struct statement *best = general;

    for (size_t i = 0; i < all->n && i < TOOLS_MAX; i++) {
        const struct statement *st = &all->items[i];

        if (st->scope == EXPERIENCE_SKILL && !st->preferred && !st->row && !st->degree
            && st->min > best->min)
            best = st;
    }
    if (best != general)
        *rule = "years: with a tool, more than in general";
    return best;
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

        if (st->scope != EXPERIENCE_TOTAL || st->preferred || st->form)
            continue;
        general++;
        if (!best || st->min > best->min)
            best = st;
    }
    if (best)
        return best->degree ? best : longest_with_a_tool(all, best, rule);
    *rule = "years: a form's field";
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].form && (!best || all->items[i].min < best->min))
            best = &all->items[i];
    if (best)
        return best;
    *rule = "years: bound to a skill";
    for (size_t i = 0; i < all->n; i++)
        if (!all->items[i].preferred && (!best || all->items[i].min > best->min))
            best = &all->items[i];
    if (best)
        return best;
    *rule = "years: only a wish";
    for (size_t i = 0; i < all->n && !best; i++)
        if (!all->items[i].row)
            best = &all->items[i];
    return best;
}

static bool by_word(struct str s, struct experience *ret)
{
    static const char *const fresher[] = { "fresher", "freshers", NULL };
    static const char *const student[] = { "pursuing b~", "pursuing m~", "pursuing a degree",
                                           NULL };
    static const char *const against[] = { "no fresher~",
                                           "not fresher~",
                                           "freshers not",
                                           "freshers will not",
                                           "freshers do not",
                                           "freshers please",
                                           "freshers need not",
                                           "mentor~",
                                           "guide~",
                                           NULL };
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

bool experience_of_student(struct str text, struct experience *ret)
{
    static const char *const words[] = { "pursuing", "enrolled",   "undergrad~",
                                         "college",  "university", "academic year",
                                         "semester", "final year", "phd student~",
                                         NULL };
    ptrdiff_t at = scan_first(text, words);

    if (at < 0)
        return false;
    *ret = (struct experience){ .from = { FIELD_TEXT, (uint32_t)at, (uint32_t)at + 7,
                                          CONFIDENCE_LOW, "years: student" } };
    return true;
}

enum experience_scope experience_read(const struct spots *in, bool is_field,
                                      const struct text_parts *parts, struct experience *ret)
{
    struct str text = in->text;
    enum field field = is_field ? FIELD_EXPERIENCE : FIELD_TEXT;
    struct statements all = { .n = 0 };
    struct experience phrase = { .from = { .field = field, .confidence = CONFIDENCE_LOW } };
    const struct statement *best;
    bool said = false;
    const char *rule;

    is_field = is_field || text.n <= SHORT_TEXT;
    for (size_t i = 0, past = 0; i < in->n; i++) {
        const struct spot *spot = &in->items[i];
        size_t before = all.n;

        if (spot->at < past)
            continue;
        said |= !said && spot->kinds & SPOT_FRESHER && years_phrase_at(text, spot->at, &phrase);
        if (!begins_number(text, spot))
            continue;
        past = take(&all, text, spot->at, is_field);
        if (all.n == before)
            continue;
        if (!part_counts(text, parts, &all.items[before]))
            all.n = before;
    }
    join_alternatives(&all, text);
    best = choose(&all, &rule);
    *ret = (struct experience){ .min_months = -1,
                                .max_months = -1,
                                .from = { .field = field, .rule = "none" } };
    if (!best) {
        struct experience word = *ret;

        if (!(text.n <= SHORT_TEXT * 4 && by_word(text, &word)) && !said)
            return EXPERIENCE_NONE;
        *ret = said ? phrase : word;
        ret->from.confidence = CONFIDENCE_LOW;
        return EXPERIENCE_TOTAL;
    }
    if (field == FIELD_EXPERIENCE && best->min == 0 && best->max == 0)
        return EXPERIENCE_NONE; /* what boards print of a field that nobody filled in */
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
