#include "parsers/requisition.h"

#include <string.h>

#include "parsers/scan.h"
#include "parsers/spots.h"

enum {
    ID_MOST = 32,
    ID_DIGITS = 3,
    SHAPE_DIGITS = 5,
    TITLE_DIGITS = 5,
    ALONE_DIGITS = 4,
    GAP_MOST = 8,
    LABEL_REACH = 96 /* from where a label begins to the first digit of its number */
};

/* A label is one of the heads, perhaps a second word, and a marker; the heads that are marked stand
 * for themselves. */
static const char *const heads[] = { "job",     "requisition", "role",    "position",
                                     "posting", "vacancy",     "opening", "reference",
                                     "req",     "ref",         NULL };
static const char *const marked[] = { "requisition", "req", "reqid", "jobid", NULL };
static const char *const seconds[] = {
    "requisition", "req", "posting", "reference", "opening", NULL
};
static const char *const markers[] = { "id", "number", "no", "nbr", "num", "code", NULL };

struct token {
    struct str s;
    size_t digits, letters;
};

static bool of_id(char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_';
}

/* Empty where a number would be too long. */
static struct token token_at(struct str s, size_t at)
{
    struct token t = { 0 };
    size_t n = 0;

    while (at + n < s.n && of_id(s.p[at + n]))
        if (++n > ID_MOST)
            return t;
    while (n && !ascii_is_alnum(s.p[at + n - 1]))
        n--;
    t.s = str_slice(s, at, at + n);
    for (size_t i = 0; i < n; i++) {
        t.digits += ascii_is_digit(t.s.p[i]);
        t.letters += ascii_is_alpha(t.s.p[i]);
    }
    return t;
}

/* "2024", "4x10", "30-40": numbers of other things. */
static bool is_number_of_other(const struct token *t)
{
    size_t dash = 0;

    if (t->digits == 4 && t->s.n == 4
        && (str_starts(t->s, STR("19")) || str_starts(t->s, STR("20"))))
        return true;
    for (size_t i = 1; i + 1 < t->s.n; i++) {
        if ((t->s.p[i] == 'x' || t->s.p[i] == 'X') && t->letters == 1 && t->s.n < 6)
            return true;
        dash += t->s.p[i] == '-';
    }
    return !t->letters && dash && t->digits < 6;
}

static size_t digits_from(struct str s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && ascii_is_digit(s.p[at + n]))
        n++;
    return n;
}

/* What requisitions look like and little else does: R0184095, JR-10423, REQ_001733, 2023-21666,
 * 142035BR. Capitals only. */
static bool has_shape(const struct token *t)
{
    static const char *const starts[] = { "REQ", "JR", "R" };
    struct str s = t->s;

    for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
        size_t at = strlen(starts[i]);

        if (!str_starts(s, str_of(starts[i])))
            continue;
        at += at < s.n && !ascii_is_alnum(s.p[at]);
        if (digits_from(s, at) >= SHAPE_DIGITS && at + digits_from(s, at) == s.n)
            return true;
    }
    if (s.n >= 9 && s.n <= 11 && str_starts(s, STR("20")) && s.p[4] == '-')
        return digits_from(s, 0) == 4 && digits_from(s, 5) + 5 == s.n;
    return str_ends(s, STR("BR")) && t->letters == 2 && t->digits >= SHAPE_DIGITS;
}

static size_t skip(struct str s, size_t at, const char *const *words)
{
    const char *word = scan_one_of(s, at, words);

    return word ? at + scan_word_size(word) : at;
}

static size_t gap(struct str s, size_t at)
{
    size_t end = at;

    while (end < s.n && end < at + GAP_MOST
           && (ascii_is_space(s.p[end]) || strchr(":#.-", s.p[end])))
        end++;
    return end;
}

/* Behind "jobs/" or "job/" in an address, at its number. */
static size_t in_address(struct str s, size_t at)
{
    static const char *const words[] = { "jobs", "job", NULL };
    size_t end = skip(s, at, words);

    return end > at && end + 1 < s.n && s.p[end] == '/' && ascii_is_digit(s.p[end + 1]) ? end + 1
                                                                                        : 0;
}

/* Behind a label that stands at `at`, where the number begins; 0: no label stands there. */
static size_t behind_label(struct str s, size_t at)
{
    size_t head = skip(s, at, heads), next, end;
    bool is_marked = scan_one_of(s, at, marked) != NULL;

    if (is_marked)
        head = skip(s, at, marked);
    if (head == at)
        return in_address(s, at);
    next = scan_blanks(s, head);
    end = skip(s, next, seconds);
    if (end > next) {
        is_marked = true;
        next = scan_blanks(s, end);
        head = end;
    }
    end = skip(s, next, markers);
    if (end == next && next < s.n && s.p[next] == '#')
        end = next + 1;
    if (end > next)
        return gap(s, end) > end || s.p[end - 1] == '#' ? gap(s, end) : 0;
    if (is_marked && gap(s, head) > head)
        return gap(s, head);
    return in_address(s, at);
}

/* One number of several: none, unless all are the same. */
struct found {
    struct str id;
    bool several;
};

static void add(struct found *f, struct str id)
{
    if (f->id.n && !str_eq_fold(f->id, id))
        f->several = true;
    else
        f->id = id;
}

/* Whether what stands from `at` to `end` has a line to itself but for signs: "### CSQ225R57". */
static bool is_alone(struct str s, size_t at, size_t end)
{
    while (at && s.p[at - 1] != '\n') {
        if (byte_is_word(s.p[--at]))
            return false;
    }
    for (; end < s.n && s.p[end] != '\n'; end++)
        if (byte_is_word(s.p[end]))
            return false;
    return true;
}

/* Capitals and digits as of a number, too short or too common for its shape to tell. */
static bool may_be_number(const struct token *t)
{
    for (size_t i = 0; i < t->s.n; i++)
        if (t->s.p[i] >= 'a' && t->s.p[i] <= 'z')
            return false;
    return t->letters > 0 && t->digits >= ALONE_DIGITS;
}

static bool begins_word(struct str s, size_t at)
{
    return ascii_is_alnum(s.p[at]) && (at == 0 || !byte_is_word(s.p[at - 1]));
}

/* Read the word at `at`; returns where to read on. */
static size_t read_word(struct str s, size_t at, struct found *labelled, struct found *shaped)
{
    size_t behind = behind_label(s, at);
    struct token t = token_at(s, behind ? behind : at);

    if (behind && t.digits >= ID_DIGITS && !is_number_of_other(&t))
        add(labelled, t.s);
    else if (!behind && (has_shape(&t) || (may_be_number(&t) && is_alone(s, at, at + t.s.n))))
        add(shaped, t.s);
    else
        return at + 1;
    return (behind ? behind : at) + t.s.n;
}

/* Whether a digit stands near enough behind the label at spot `i`. */
static bool has_number(const struct spots *in, size_t i)
{
    size_t k = i;

    while (k < in->n && !(in->items[k].kinds & SPOT_DIGIT))
        k++;
    return k < in->n && in->items[k].at - in->items[i].at <= LABEL_REACH;
}

/* A number has a digit: what is read are labels before one, and the words that lead to one. */
static void read_text(const struct spots *in, struct found *labelled, struct found *shaped)
{
    size_t read = 0; /* up to here */

    for (size_t i = 0; i < in->n; i++) {
        const struct spot *spot = &in->items[i];
        size_t at = spot->at;

        if (at < read
            || !(spot->kinds & SPOT_DIGIT || (spot->kinds & SPOT_JOB && has_number(in, i))))
            continue;
        while (at > read && of_id(in->text.p[at - 1]))
            at--;
        while (at <= spot->at)
            at = begins_word(in->text, at) ? read_word(in->text, at, labelled, shaped) : at + 1;
        read = at;
    }
}

void requisition_watch(struct beginnings *io)
{
    beginnings_add(io, heads);
    beginnings_add(io, marked);
}

/* "New York, NY 10018" names a place. */
static bool is_postcode(struct str title, size_t at)
{
    return at >= 3 && title.p[at - 1] == ' ' && title.p[at - 2] >= 'A' && title.p[at - 2] <= 'Z'
           && title.p[at - 3] >= 'A' && title.p[at - 3] <= 'Z';
}

static void read_title(struct str s, struct found *to)
{
    for (size_t i = 0; i < s.n; i++) {
        struct token t;

        if (!begins_word(s, i) && !(i && s.p[i - 1] == '_' && ascii_is_alnum(s.p[i])))
            continue;
        t = token_at(s, i);
        for (size_t k = 0; k < t.s.n; k++) /* "2024-7248_Engineer" */
            if (t.s.p[k] == '_')
                t = token_at(str_slice(s, 0, i + k), i);
        if (has_shape(&t)
            || (!t.letters && t.digits == t.s.n && t.digits >= TITLE_DIGITS && !is_postcode(s, i)))
            add(to, t.s);
        i += t.s.n ? t.s.n - 1 : 0;
    }
}

static bool take(const struct found *f, struct str in, enum field field, const char *rule,
                 struct requisition *ret)
{
    if (!f->id.n || f->several)
        return false;
    ret->id = f->id;
    ret->from.field = field;
    ret->from.start = (uint32_t)(f->id.p - in.p);
    ret->from.end = ret->from.start + (uint32_t)f->id.n;
    ret->from.confidence = CONFIDENCE_MEDIUM;
    ret->from.rule = rule;
    return true;
}

void requisition_read(const struct listing *in, const struct spots *text, struct requisition *ret)
{
    struct found title = { 0 }, labelled = { 0 }, shaped = { 0 };

    *ret = (struct requisition){ .from.rule = "" };
    read_title(in->title, &title);
    if (take(&title, in->title, FIELD_TITLE, "number in the title", ret))
        return;
    read_text(text, &labelled, &shaped);
    if (!labelled.id.n)
        (void)take(&shaped, in->text, FIELD_TEXT, "shape of a requisition", ret);
    else
        (void)take(&labelled, in->text, FIELD_TEXT, "label of a requisition", ret);
}
