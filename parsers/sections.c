#include "parsers/sections.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "parsers/line_shape.h"
#include "parsers/words.h"

/* TAXONOMY 10: a heading has at most 70 characters; beside its colon an inline one is shorter. */
enum { HEADING_MIN = 4, HEADING_MAX = 70, INLINE_SHORT = 60, LINE_BYTES = 110 };

struct known {
    struct str heading;
    enum section section;
};

struct sections {
    struct arena arena;
    struct known *known; /* sorted */
    size_t n_known;
    enum section *of_rule;
    struct words words;
    struct sweep *sweep;
};

void sections_free(struct sections **s)
{
    if (!*s)
        return;
    sweep_free(&(*s)->sweep);
    arena_free(&(*s)->arena);
    free(*s);
    *s = NULL;
}

static int by_heading(const void *a, const void *b)
{
    return str_cmp(((const struct known *)a)->heading, ((const struct known *)b)->heading);
}

static int add_rule(struct sections *s, const struct heading_rule *r, uint32_t i, struct diag *d)
{
    int err = 0;

    if (!section_parse(r->section, &s->of_rule[i]))
        return diag_blame(d, ERR_CONFIG, r->section.p, "\"" STR_FMT "\" is no section",
                          STR_ARG(r->section));
    for (size_t k = 0; k < r->headings.n && !err; k++) {
        struct str h = r->headings.items[k];

        if (h.n && (h.p[0] == '~' || h.p[0] == '^'))
            err =
                words_add(&s->arena, &s->words, str_from(h, 1), WORD_HEADING, i, h.p[0] == '^', d);
        else
            s->known[s->n_known++] = (struct known){ str_lower(&s->arena, h), s->of_rule[i] };
    }
    for (size_t k = 0; k < r->says.n && !err; k++) {
        struct str h = r->says.items[k];
        bool begins = h.n && h.p[0] == '^', firm = begins || (h.n && h.p[0] == '!');

        h = str_from(h, firm);
        if (firm)
            err = words_add(&s->arena, &s->words, h, WORD_SAYS_FIRMLY, i, begins, d);
        if (!begins && !err)
            err = words_add(&s->arena, &s->words, h, WORD_SAYS, i, 0, d);
    }
    return err;
}

int sections_compile(struct sections **ret, const struct heading_rule *rules, size_t n,
                     struct diag *d)
{
    struct sections *s = calloc(1, sizeof(*s));
    size_t total = 1;

    if (!s)
        abort();
    for (size_t i = 0; i < n; i++)
        total += rules[i].headings.n;
    s->known = ARENA_NEW(&s->arena, struct known, total);
    s->of_rule = ARENA_NEW(&s->arena, enum section, n + 1);
    for (size_t i = 0; i < n; i++) {
        int err = add_rule(s, &rules[i], (uint32_t)i, d);

        if (err) {
            sections_free(&s);
            return err;
        }
    }
    qsort(s->known, s->n_known, sizeof(*s->known), by_heading);
    s->sweep = sweep_new(&s->words);
    *ret = s;
    return 0;
}

struct splitter {
    const struct sections *s;
    struct str text, employer;
    struct arena *a;
    struct text_parts *parts;
    enum section section; /* that now holds */
    bool headed;
};

struct line {
    uint32_t start, end; /* without its '\n' */
};

/* What a line says if it is a heading. */
struct heading {
    bool known, unknown; /* neither: no heading */
    enum section section;
    uint32_t end; /* of the heading in the text: the rest of the line is content */
};

static bool lookup(const struct sections *s, struct str key, enum section *ret)
{
    struct known want = { .heading = key };
    const struct known *k =
        s->n_known ? bsearch(&want, s->known, s->n_known, sizeof(want), by_heading) : NULL;

    if (k)
        *ret = k->section;
    return k != NULL;
}

/* The first rule one of whose words of this kind stands in the words, or begins them. */
static bool says(const struct sections *s, struct str words, enum word_kind kind, struct arena *a,
                 enum section *ret)
{
    struct word_hits hits = { 0 };
    uint32_t best = UINT32_MAX;
    char *padded = arena_alloc(a, words.n + COPY_PADDING, 1);

    memcpy(padded, words.p, words.n);
    sweep_run(s->sweep, (struct str){ padded, words.n }, a, &hits);
    for (size_t i = 0; i < hits.n; i++)
        if (hits.items[i].word->kind == kind && hits.items[i].word->owner < best
            && !(hits.items[i].word->part && hits.items[i].start))
            best = hits.items[i].word->owner;
    if (best == UINT32_MAX)
        return false;
    *ret = s->of_rule[best];
    return true;
}

/* "Experience with serving frameworks highly desirable", "Master's degree preferred": a sentence
 * that lost its full stop. */
static bool speaks_of_itself(struct str key)
{
    static const char *const ends[] = { "required",  "preferred", "desirable", "desired", "plus",
                                        "advantage", "mandatory", "optional",  "bonus" };

    static const char *const papers[] = { "degree", "bachelor", "master's",
                                          "phd",    "license",  "certifi" };
    bool ending = false, paper = false;

    for (size_t i = 0; i < ARRAY_LEN(ends) && !ending; i++)
        ending = str_ends(key, str_of(ends[i]));
    for (size_t i = 0; i < ARRAY_LEN(papers) && ending && !paper; i++)
        paper = str_find(key, str_of(papers[i])) >= 0;
    return ending && (paper || line_words(key) > 4);
}

/* A whole line as a heading. Where a list follows it, what is but preferred may be named by a
 * bullet above, and the list under an unknown bare heading is not the blurb's. */
static struct heading whole_heading(const struct splitter *p, struct str copy, uint32_t end,
                                    bool bullet, bool list_follows)
{
    struct line_lead l = line_lead(copy);
    struct str words = str_trim(str_from(copy, l.n));
    bool mark_ends = words.n > 1 && (words.p[words.n - 1] == '*' || str_ends(words, STR("--")));
    bool colon =
        words.n && (words.p[words.n - 1] == ':' || (mark_ends && memchr(words.p, ':', words.n)));
    bool marked = colon || (l.marked && (mark_ends || copy.p[0] == '#'));
    struct heading h = { .end = end };
    struct str key = line_key(words, p->a);

    if (!key.n || key.n > HEADING_MAX)
        return h;
    bullet &= !l.bullet;
    l.bullet |= bullet;
    h.known = (!l.bullet || marked || (bullet && line_words(key) > 1)) /* "· Job description" */
              && lookup(p->s, key, &h.section);
    if (!h.known && (marked || (line_looks_bare(copy, &l) && !speaks_of_itself(key))))
        h.known = says(p->s, key, WORD_HEADING, p->a, &h.section);
    if (!h.known && l.bullet && list_follows)
        h.known = says(p->s, key, WORD_HEADING, p->a, &h.section) && h.section == SECTION_PREFERRED;
    h.unknown =
        !h.known && !l.bullet
        && (marked || (list_follows && p->section == SECTION_BLURB && line_looks_bare(copy, &l)));
    return h;
}

/* "Requirements: five years of ..." at the start of a longer line. */
static struct heading inline_heading(const struct splitter *p, const struct text_copy *copy,
                                     struct line line)
{
    struct heading h = { 0 };
    const char *colon =
        memchr(copy->text.p, ':', copy->text.n < HEADING_MAX + 8 ? copy->text.n : HEADING_MAX + 8);
    struct line_lead l = line_lead(copy->text);
    struct str before, key;

    if (!colon)
        return h;
    before = str_slice(copy->text, l.n, (size_t)(colon - copy->text.p));
    key = line_key(before, p->a);
    if (!key.n || key.n > HEADING_MAX)
        return h;
    h.known = lookup(p->s, key, &h.section);
    if (!h.known && l.marked && !l.bullet && line_words(key) <= HEADING_WORDS)
        h.known = says(p->s, key, WORD_HEADING, p->a, &h.section);
    h.end = line.start + text_copy_end(copy, (uint32_t)(colon - copy->text.p) + 1);
    return h;
}

static void open_part(struct splitter *p, uint32_t start, uint32_t heading_end)
{
    struct text_part *last = p->parts->n ? &p->parts->items[p->parts->n - 1] : NULL;

    if (last && last->start == start)
        p->parts->n--;
    else if (last)
        last->end = start;
    *ARENA_PUSH(p->a, p->parts) = (struct text_part){ .start = start,
                                                      .end = (uint32_t)p->text.n,
                                                      .heading_end = heading_end,
                                                      .section = p->section,
                                                      .headed = p->headed };
}

static void enter(struct splitter *p, enum section section, bool headed, uint32_t start,
                  uint32_t heading_end)
{
    p->section = section;
    p->headed = headed;
    open_part(p, start, heading_end);
}

static size_t sentence_end(struct str copy, size_t from, size_t limit)
{
    while (from < limit && !words_sentence_ends(copy, from))
        from++;
    return from;
}

/* A sentence under no heading is judged by its words; one that says nothing goes with the
 * sentence before it on its line. In bytes of the copy, up to where the next heading begins. */
static void judge_sentences(struct splitter *p, const struct text_copy *copy, struct line line,
                            size_t from, size_t end)
{
    enum section now = SECTION_DUTIES;

    while (from < end) {
        size_t to = sentence_end(copy->text, from, end);
        struct str sentence = str_slice(copy->text, from, to);

        if (!says(p->s, sentence, WORD_SAYS, p->a, &now)
            && tells_of_employer(sentence, p->employer))
            now = SECTION_BLURB;
        if (now != p->section || !p->parts->n) {
            uint32_t start = line.start + (from ? text_copy_start(copy, (uint32_t)from) : 0);

            enter(p, now, false, start, start);
        }
        from = to + 1;
    }
}

/* Sections that end with their line when they begin within it ("Location: Pune"). */
static bool one_line(enum section section, struct str rest)
{
    return section == SECTION_LOCATION || section == SECTION_PAY || section == SECTION_EDUCATION
           || rest.n < INLINE_SHORT;
}

/* After a section that asks for nothing, an unknown heading returns to the job. */
static bool leaves_the_ad(enum section s)
{
    return s != SECTION_DUTIES && s != SECTION_REQUIRED && s != SECTION_PREFERRED
           && s != SECTION_STACK;
}

/* What may begin the words behind a heading that lost its line break. */
static bool opens(char c)
{
    return (c >= 'A' && c <= 'Z') || c == '\'' || c == '"';
}

/* A heading within a long line, in bytes of the line's copy. */
struct within {
    size_t start, end;
    enum section section;
};

struct withins {
    struct within *items;
    size_t n, cap;
};

/* Sections of several sentences; of one value ("Location: Pune") nobody can say where it ends. */
static bool is_long(enum section s)
{
    return !leaves_the_ad(s) || s == SECTION_BLURB || s == SECTION_BENEFITS;
}

/* Before a colon a heading's words are enough for what is but preferred, which has many names; for
 * any section before the colon at the line's end, and for most where each word of it has a capital:
 * "Role and Responsibilities:". */
static bool names_section(const struct splitter *p, struct str words, bool colon, bool last,
                          bool sentence, enum section *ret)
{
    struct str key = line_key(words, p->a);
    enum section section;

    if (lookup(p->s, key, ret))
        return true;
    if (!colon || memchr(key.p, '(', key.n) || memchr(key.p, ',', key.n)
        || !says(p->s, key, WORD_HEADING, p->a, &section)
        || (section != SECTION_PREFERRED && !last
            && (!sentence || !is_long(section) || !line_is_titled(words))))
        return false;
    *ret = section;
    return true;
}

/* Where a heading that begins at `at` must end at the latest; in the middle of a sentence only a
 * colon ends one. */
static size_t heading_limit(struct str copy, size_t at, bool sentence)
{
    size_t limit = copy.n - at < HEADING_MAX ? copy.n - at : HEADING_MAX;

    return sentence || memchr(copy.p + at, ':', limit) ? limit : 0;
}

/* Whether a known heading begins with the capital at `at`, and ends in a colon or before a capital
 * letter; in the middle of a sentence, only one of several words with a colon. */
static bool heading_within(const struct splitter *p, struct str copy, size_t at, bool sentence,
                           struct within *ret)
{
    size_t limit = heading_limit(copy, at, sentence);
    bool found = false;

    for (size_t n = 1, words = 1; n < limit; n++) {
        char c = copy.p[at + n];
        bool colon = c == ':' || (c == ' ' && n + 1 < limit && copy.p[at + n + 1] == ':');

        words += c == ' ' && !colon;
        if (words > HEADING_WORDS || c == '.' || c == '\n')
            break;
        if (n < HEADING_MIN)
            continue;
        if (!colon
            && (!sentence || c != ' ' || n < 12 || n + 1 >= limit || !opens(copy.p[at + n + 1])))
            continue;
        if ((sentence || words > 1)
            && names_section(p, str_slice(copy, at, at + n), colon, at + n + 2 >= copy.n, sentence,
                             &ret->section)) {
            ret->end = at + n + (c == ':');
            found = true;
        }
        if (colon)
            break;
    }
    ret->start = at;
    return found;
}

/* A board's footer is a run of labelled values, "Role: X , Industry Type: Y": from the label in
 * front of the comma before `at`. */
static size_t footer_start(struct str copy, size_t at)
{
    size_t low = at > HEADING_MAX ? at - HEADING_MAX : 0, i = at;

    while (i > low && copy.p[i] != ':')
        i--;
    if (copy.p[i] != ':')
        return at;
    while (i > low && copy.p[i - 1] == ' ')
        i--;
    while (i > low && copy.p[i - 1] != ' ')
        i--;
    return i;
}

/* A heading's own words begin at the last place from which they are the same: "... Machine Learning
 * Preferred Skills:". */
static void later_start(const struct splitter *p, struct str copy, struct within *io)
{
    for (size_t i = io->end; i-- > io->start + 1;) {
        struct within w;

        if (copy.p[i] >= 'A' && copy.p[i] <= 'Z' && copy.p[i - 1] == ' '
            && heading_within(p, copy, i, true, &w) && w.end == io->end
            && w.section == io->section) {
            io->start = i;
            return;
        }
    }
}

/* The headings of a line in which line breaks were lost, in order. */
static void headings_within(const struct splitter *p, struct str copy, struct withins *ret)
{
    for (size_t i = 2; i + HEADING_MIN < copy.n; i++) {
        struct within w;
        char before;

        if (copy.p[i] < 'A' || copy.p[i] > 'Z')
            continue;
        before = copy.p[i - 1] == ' ' ? copy.p[i - 2] : copy.p[i - 1];
        if (copy.p[i - 1] != ' ' && (before != '.' || !ascii_is_alpha(copy.p[i - 2])))
            continue;
        if (!heading_within(p, copy, i, memchr(".!?:;)*-", before, 8) != NULL, &w)
            || (before == ',' && w.section != SECTION_TAGS))
            continue;
        later_start(p, copy, &w);
        if (before == ',')
            w.start = footer_start(copy, i);
        *ARENA_PUSH(p->a, ret) = w;
        if (w.section == SECTION_TAGS)
            return;
        i = w.end;
    }
}

/* "3+ years" */
static bool counts_years(struct str s)
{
    for (size_t i = 1; i + 4 < s.n; i++)
        if ((s.p[i] == 'y' || s.p[i] == 'Y') && (s.p[i - 1] == ' ' || s.p[i - 1] == '-') && i > 2
            && (ascii_is_digit(s.p[i - 2]) || s.p[i - 2] == '+')
            && (str_eq_fold(str_slice(s, i, i + 4), STR("year"))
                || str_eq_fold(str_slice(s, i, i + 3), STR("yrs"))))
            return true;
    return false;
}

/* Where the end of a section that asks for nothing was lost too: at the sentence that asks for
 * years, or is of the job by its words. SIZE_MAX: nowhere. */
static size_t asks_again(const struct splitter *p, struct str copy, size_t from, size_t end)
{
    while (from < end) {
        size_t to = sentence_end(copy, from, end);
        struct str sentence = str_trim(str_slice(copy, from, to));
        enum section section;

        sentence = str_from(sentence, line_lead(sentence).n);
        if (says(p->s, sentence, WORD_SAYS_FIRMLY, p->a, &section)
            || (counts_years(sentence) && says(p->s, sentence, WORD_SAYS, p->a, &section)
                && section == SECTION_REQUIRED))
            return from;
        from = to + 1;
    }
    return SIZE_MAX;
}

/* The rest of a line from such a sentence on is judged by its words. */
static void return_to_the_job(struct splitter *p, const struct text_copy *copy, struct line line,
                              size_t from, size_t end)
{
    size_t again = asks_again(p, copy->text, from, end);

    if (again < end)
        judge_sentences(p, copy, line, again, end);
}

static void split_long_line(struct splitter *p, const struct text_copy *copy, struct line line,
                            const struct withins *headings)
{
    for (size_t i = 0; i < headings->n; i++) {
        const struct within *w = &headings->items[i];
        size_t end = i + 1 < headings->n ? headings->items[i + 1].start : copy->text.n;

        enter(p, w->section, true, line.start + text_copy_start(copy, (uint32_t)w->start),
              line.start + text_copy_end(copy, (uint32_t)w->end));
        if (leaves_the_ad(w->section) && w->section != SECTION_TAGS)
            return_to_the_job(p, copy, line, w->end, end);
    }
}

static void take_line(struct splitter *p, struct line line, struct line next)
{
    struct str raw = str_slice(p->text, line.start, line.end);
    struct text_copy copy;
    struct heading h = { 0 };
    struct withins within = { 0 };
    enum section before = p->section;
    bool before_headed = p->headed, single = false;
    struct str below = str_slice(p->text, next.start, next.end);

    text_copy_make(p->a, raw, &copy);
    if (raw.n <= LINE_BYTES)
        h = whole_heading(p, copy.text, line.end, line_has_bullet(raw),
                          line_opens_list(raw, below));
    if (!h.known && !h.unknown) {
        h = inline_heading(p, &copy, line);
        single = h.known && !line_opens_list(raw, below)
                 && one_line(h.section, str_slice(p->text, h.end, line.end));
    }
    if (raw.n > 3 * HEADING_MAX)
        headings_within(p, copy.text, &within);
    if (h.known)
        enter(p, h.section, true, line.start, h.end);
    else if (h.unknown && (!p->headed || leaves_the_ad(p->section)))
        enter(p, SECTION_DUTIES, false, line.start, h.end);
    else if (!p->headed
             || (raw.n > LINE_BYTES && !leaves_the_ad(p->section)
                 && tells_of_employer(copy.text, p->employer)))
        judge_sentences(p, &copy, line, 0, within.n ? within.items[0].start : copy.text.n);
    else if (p->section == SECTION_BLURB) {
        return_to_the_job(p, &copy, line, 0, within.n ? within.items[0].start : copy.text.n);
        single = !within.n;
    }
    split_long_line(p, &copy, line, &within);
    if (single)
        enter(p, before, before_headed, line.end, line.end);
}

static struct line line_at(struct str text, size_t at)
{
    const char *nl = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;

    return (struct line){ (uint32_t)at, nl ? (uint32_t)(nl - text.p) : (uint32_t)text.n };
}

/* The first line from `at` on that is not blank; past the text: none is left. */
static struct line next_line(struct str text, size_t at)
{
    while (at < text.n) {
        struct line line = line_at(text, at);

        if (str_trim(str_slice(text, line.start, line.end)).n)
            return line;
        at = (size_t)line.end + 1;
    }
    return (struct line){ (uint32_t)text.n, (uint32_t)text.n };
}

void sections_split(const struct sections *s, struct str text, struct str employer, struct arena *a,
                    struct text_parts *ret)
{
    struct splitter p = { .s = s,
                          .text = text,
                          .employer = employer_short_name(employer),
                          .a = a,
                          .parts = ret,
                          .section = SECTION_DUTIES };

    *ret = (struct text_parts){ 0 };
    open_part(&p, 0, 0);
    for (struct line line = next_line(text, 0), next; line.start < text.n; line = next) {
        next = next_line(text, (size_t)line.end + 1);
        take_line(&p, line, next);
    }
}

const struct text_part *sections_at(const struct text_parts *parts, uint32_t at)
{
    size_t low = 0, high = parts->n;

    while (high - low > 1) {
        size_t mid = (low + high) / 2;

        if (parts->items[mid].start <= at)
            low = mid;
        else
            high = mid;
    }
    return &parts->items[low];
}
