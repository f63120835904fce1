#include "parsers/sections.h"

#include <string.h>

#include "core/arena.h"
#include "core/block.h"
#include "parsers/headings.h"
#include "parsers/line_shape.h"

/* TAXONOMY 10: a heading has at most 70 characters; beside its colon an inline one is shorter. */
enum { HEADING_MIN = 4, HEADING_MAX = 70, INLINE_SHORT = 60, LINE_BYTES = 110 };

struct splitter {
    const struct sections *s;
    const struct text_words *in;
    struct str text, copy, employer;
    struct arena *a;
    struct text_parts *parts;
    enum section section; /* that now holds */
    bool headed;
};

/* A line of the text without its '\n', and where it stands in the copy. */
struct line {
    uint32_t start, end;
    struct str_span copy;
};

/* What a line says if it is a heading. */
struct heading {
    bool known, unknown; /* neither: no heading */
    enum section section;
    uint32_t end; /* of the heading in the text: the rest of the line is content */
};

static bool sentence_says(const struct splitter *p, struct str_span in, enum section *ret)
{
    return headings_tell(p->s, &p->in->hits[LIST_HEADINGS], in, WORD_SAYS, ret);
}

/* Whether the sweep saw a heading's first and last word as its marks leave them: of "_Skills:_"
 * and "Skills##" it did not. */
static bool is_glued(struct str copy, struct str_span key)
{
    char before = key.start ? copy.p[key.start - 1] : ' ';
    char behind = key.end < copy.n ? copy.p[key.end] : ' ';

    return byte_is_word(before) || byte_is_word(behind) || behind == '#' || behind == '+';
}

static bool heading_says(const struct splitter *p, struct str key, enum section *ret)
{
    uint32_t start = (uint32_t)(key.p - p->copy.p);
    struct str_span at = { start, start + (uint32_t)key.n };
    struct word_hits hits[LIST_COUNT] = { 0 };
    char *alone;

    if (!is_glued(p->copy, at))
        return headings_tell(p->s, &p->in->hits[LIST_HEADINGS], at, WORD_HEADING, ret);
    alone = arena_alloc(p->a, key.n + COPY_PADDING, 1);
    memcpy(alone, key.p, key.n);
    sweep_run(p->in->sweep, (struct str){ alone, key.n }, p->a, hits);
    return headings_tell(p->s, &hits[LIST_HEADINGS], (struct str_span){ 0, (uint32_t)key.n },
                         WORD_HEADING, ret);
}

static bool ends_fold(struct str s, struct str end)
{
    return s.n >= end.n && str_eq_fold(str_from(s, s.n - end.n), end);
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
        ending = ends_fold(key, str_of(ends[i]));
    for (size_t i = 0; i < ARRAY_LEN(papers) && ending && !paper; i++)
        paper = str_find_fold(key, str_of(papers[i])) >= 0;
    return ending && (paper || line_words(key) > 4);
}

/* A bullet in bold that ends as a sentence does is one, whatever its words. */
static bool is_sentence(const struct line_lead *l, struct str key)
{
    return l->bullet && (key.p[key.n] == '.' || key.p[key.n] == ','); /* the copy is padded */
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
    struct str key = line_key(words);

    if (!key.n || key.n > HEADING_MAX)
        return h;
    bullet &= !l.bullet;
    l.bullet |= bullet;
    h.known = (!l.bullet || marked || (bullet && line_words(key) > 1)) /* "· Job description" */
              && headings_find(p->s, key, &h.section);
    if (!h.known && !is_sentence(&l, key)
        && (marked || (line_looks_bare(copy, &l) && !speaks_of_itself(key))))
        h.known = heading_says(p, key, &h.section);
    if (!h.known && l.bullet && list_follows)
        h.known = heading_says(p, key, &h.section) && h.section == SECTION_PREFERRED;
    h.unknown =
        !h.known && !l.bullet
        && (marked || (list_follows && p->section == SECTION_BLURB && line_looks_bare(copy, &l)));
    return h;
}

/* "Requirements: five years of ..." at the start of a longer line. */
static struct heading inline_heading(const struct splitter *p, struct line line)
{
    struct heading h = { 0 };
    struct str copy = str_slice(p->copy, line.copy.start, line.copy.end);
    const char *colon =
        copy.n ? memchr(copy.p, ':', copy.n < HEADING_MAX + 8 ? copy.n : HEADING_MAX + 8) : NULL;
    struct line_lead l;
    struct str key;

    if (!colon)
        return h;
    l = line_lead(copy);
    key = line_key(str_slice(copy, l.n, (size_t)(colon - copy.p)));
    if (!key.n || key.n > HEADING_MAX)
        return h;
    h.known = headings_find(p->s, key, &h.section);
    if (!h.known && l.marked && !l.bullet && line_words(key) <= HEADING_WORDS)
        h.known = heading_says(p, key, &h.section);
    h.end = text_copy_end(&p->in->copy, (uint32_t)(colon - p->copy.p) + 1);
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

/* Where the sentence around `from` ends, in the copy; at the latest at `limit`. */
static uint32_t sentence_end(const struct splitter *p, uint32_t from, uint32_t limit)
{
    const struct sentence_ends *ends = &p->in->ends;
    size_t i = words_ends_before(ends, from);

    return i < ends->n && ends->items[i] < limit ? ends->items[i] : limit;
}

/* A sentence under no heading is judged by its words; one that says nothing goes with the
 * sentence before it on its line. In bytes of the copy, up to where the next heading begins. */
static void judge_sentences(struct splitter *p, struct line line, uint32_t from, uint32_t end)
{
    enum section now = SECTION_DUTIES;

    while (from < end) {
        struct str_span sentence = { from, sentence_end(p, from, end) };

        if (!sentence_says(p, sentence, &now)
            && tells_of_employer(str_slice(p->copy, sentence.start, sentence.end), p->employer))
            now = SECTION_BLURB;
        if (now != p->section || !p->parts->n) {
            uint32_t start =
                from > line.copy.start ? text_copy_start(&p->in->copy, from) : line.start;

            enter(p, now, false, start, start);
        }
        from = sentence.end + 1;
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

/* A heading within a long line, in bytes of the copy. */
struct within {
    uint32_t start, end;
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
    struct str key = line_key(words);
    enum section section;

    if (!key.n)
        return false;
    if (headings_find(p->s, key, ret))
        return true;
    if (!colon || memchr(key.p, '(', key.n) || memchr(key.p, ',', key.n)
        || !heading_says(p, key, &section)
        || (section != SECTION_PREFERRED && !last
            && (!sentence || !is_long(section) || !line_is_titled(words))))
        return false;
    *ret = section;
    return true;
}

/* What ends a word or a heading, or lets none be there, of the 64 bytes at p. */
static uint64_t heading_stops(const char *p)
{
    struct block b = block_at(p);

    return block_bits(block_or(block_or(block_is(b, ' '), block_is(b, ':')),
                               block_or(block_is(b, '.'), block_is(b, '\n'))));
}

/* A heading that begins at `at` of the line, as far as it was gone through. */
struct
try {
    const struct splitter *p;
    struct str line;
    size_t at, limit, words;
    bool sentence, begins;
    struct within *ret;
    bool found;
};

/* Judge the stop n bytes behind the start; false: nothing is to be found behind it. */
static bool take_stop(struct try *t, size_t n)
{
    const char *p = t->line.p + t->at + n;
    bool colon = *p == ':' || (*p == ' ' && n + 1 < t->limit && p[1] == ':');

    t->words += *p == ' ' && !colon;
    if (t->words > HEADING_WORDS || *p == '.' || *p == '\n')
        return false;
    if (n < HEADING_MIN
        || (!colon && (!t->begins || *p != ' ' || n < 12 || n + 1 >= t->limit || !opens(p[1]))))
        return true;
    if ((t->sentence || t->words > 1)
        && names_section(t->p, str_slice(t->line, t->at, t->at + n), colon,
                         t->at + n + 2 >= t->line.n, t->sentence, &t->ret->section)) {
        t->ret->end = (uint32_t)(p - t->p->copy.p) + (*p == ':');
        t->found = true;
    }
    return !colon;
}

/* The line's last words, behind the end of a sentence: "... of it all. Responsibilities". */
static bool ends_line(struct try *t)
{
    struct str words = str_from(t->line, t->at), key;

    if (!t->begins || t->limit != words.n)
        return false;
    key = line_key(words);
    if (key.n < HEADING_MIN || !headings_find(t->p->s, key, &t->ret->section)
        || !is_long(t->ret->section))
        return false;
    t->ret->end = (uint32_t)(words.p - t->p->copy.p) + (uint32_t)words.n;
    return true;
}

/* Whether a known heading begins with the capital at `at` of the line, and ends in a colon, before
 * a capital letter or with the line; in the middle of a sentence, only one of several words with a
 * colon. */
static bool heading_within(const struct splitter *p, struct str line, size_t at, bool sentence,
                           struct within *ret)
{
    struct try t = { .p = p, .line = line, .at = at, .words = 1, .sentence = sentence, .ret = ret };
    bool more = true;

    t.limit = line.n - at < HEADING_MAX ? line.n - at : HEADING_MAX;
    t.begins = sentence && headings_may_begin(p->s, line, at);
    if (!t.begins && !memchr(line.p + at, ':', t.limit))
        return false;
    ret->start = (uint32_t)(line.p - p->copy.p + (ptrdiff_t)at);
    for (size_t from = 1; from < t.limit && more; from += BLOCK) /* the copy is padded */
        for (uint64_t left = heading_stops(line.p + at + from); left && more; left &= left - 1) {
            size_t n = from + block_first(left);

            more = n < t.limit && take_stop(&t, n);
        }
    return t.found || ends_line(&t);
}

/* A board's footer is a run of labelled values, "Role: X , Industry Type: Y": from the label in
 * front of the comma before `at`. */
static size_t footer_start(struct str line, size_t at)
{
    size_t low = at > HEADING_MAX ? at - HEADING_MAX : 0, i = at;

    while (i > low && line.p[i] != ':')
        i--;
    if (line.p[i] != ':')
        return at;
    while (i > low && line.p[i - 1] == ' ')
        i--;
    while (i > low && line.p[i - 1] != ' ')
        i--;
    return i;
}

/* A heading's own words begin at the last place from which they are the same: "... Machine Learning
 * Preferred Skills:". */
static void later_start(const struct splitter *p, struct str line, struct within *io)
{
    size_t base = (size_t)(line.p - p->copy.p);

    for (size_t i = io->end - base; i-- > io->start - base + 1;) {
        struct within w;

        if (line.p[i] >= 'A' && line.p[i] <= 'Z' && line.p[i - 1] == ' '
            && heading_within(p, line, i, true, &w) && w.end == io->end
            && w.section == io->section) {
            *io = w;
            return;
        }
    }
}

/* The heading at a capital of the line; false: none. */
static bool heading_at(const struct splitter *p, struct str line, size_t at, struct within *ret)
{
    char before = line.p[at - 1] == ' ' ? line.p[at - 2] : line.p[at - 1];

    if (line.p[at - 1] != ' ' && (before != '.' || !ascii_is_alpha(line.p[at - 2])))
        return false;
    if (!heading_within(p, line, at, memchr(".!?:;)*-", before, 8) != NULL, ret)
        || (before == ',' && ret->section != SECTION_TAGS))
        return false;
    later_start(p, line, ret);
    if (before == ',')
        ret->start = (uint32_t)(line.p - p->copy.p) + (uint32_t)footer_start(line, at);
    return true;
}

/* The headings of a line in which line breaks were lost, in order. */
static void headings_within(const struct splitter *p, struct str_span span, struct withins *ret)
{
    struct str line = str_slice(p->copy, span.start, span.end);
    uint64_t before = 0; /* 1: a blank or a stop ends the block before */

    for (size_t i = 0, past = 2; i < line.n; i += BLOCK) {
        struct block b = block_of(line, i);
        uint64_t gap = block_bits(block_or(block_is(b, ' '), block_is(b, '.')));
        uint64_t left = block_in(b, 'A', 26) & (gap << 1 | before);

        before = gap >> (BLOCK - 1);
        for (; left; left &= left - 1) {
            size_t at = i + block_first(left);
            struct within w;

            if (at < past || at + HEADING_MIN >= line.n || !heading_at(p, line, at, &w))
                continue;
            *ARENA_PUSH(p->a, ret) = w;
            if (w.section == SECTION_TAGS)
                return;
            past = w.end - span.start + 1;
        }
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
 * years, or is of the job by its words. `end`: nowhere. */
static uint32_t asks_again(const struct splitter *p, uint32_t from, uint32_t end)
{
    while (from < end) {
        uint32_t to = sentence_end(p, from, end);
        struct str sentence = str_trim(str_slice(p->copy, from, to));
        struct str_span at;
        enum section section;

        sentence = str_from(sentence, line_lead(sentence).n);
        at.start = (uint32_t)(sentence.p - p->copy.p);
        at.end = at.start + (uint32_t)sentence.n;
        if (headings_tell(p->s, &p->in->hits[LIST_HEADINGS], at, WORD_SAYS_FIRMLY, &section)
            || (counts_years(sentence) && sentence_says(p, at, &section)
                && section == SECTION_REQUIRED))
            return from;
        from = to + 1;
    }
    return end;
}

/* The rest of a line from such a sentence on is judged by its words. */
static void return_to_the_job(struct splitter *p, struct line line, uint32_t from, uint32_t end)
{
    judge_sentences(p, line, asks_again(p, from, end), end);
}

static void split_long_line(struct splitter *p, struct line line, const struct withins *headings)
{
    for (size_t i = 0; i < headings->n; i++) {
        const struct within *w = &headings->items[i];
        uint32_t end = i + 1 < headings->n ? headings->items[i + 1].start : line.copy.end;

        enter(p, w->section, true, text_copy_start(&p->in->copy, w->start),
              text_copy_end(&p->in->copy, w->end));
        if (leaves_the_ad(w->section) && w->section != SECTION_TAGS)
            return_to_the_job(p, line, w->end, end);
    }
}

static void take_line(struct splitter *p, struct line line, struct line next)
{
    struct str raw = str_slice(p->text, line.start, line.end);
    struct str copy = str_slice(p->copy, line.copy.start, line.copy.end);
    struct str below = str_slice(p->text, next.start, next.end);
    struct heading h = { 0 };
    struct withins within = { 0 };
    enum section before = p->section;
    bool before_headed = p->headed, single = false;

    if (raw.n <= LINE_BYTES)
        h = whole_heading(p, copy, line.end, line_has_bullet(raw), line_opens_list(raw, below));
    if (!h.known && !h.unknown) {
        h = inline_heading(p, line);
        single = h.known && !line_opens_list(raw, below)
                 && one_line(h.section, str_slice(p->text, h.end, line.end));
    }
    if (raw.n > 3 * HEADING_MAX)
        headings_within(p, line.copy, &within);
    if (h.known)
        enter(p, h.section, true, line.start, h.end);
    else if (h.unknown && (!p->headed || leaves_the_ad(p->section)))
        enter(p, SECTION_DUTIES, false, line.start, h.end);
    else if (!p->headed
             || (raw.n > LINE_BYTES && !leaves_the_ad(p->section)
                 && tells_of_employer(copy, p->employer)))
        judge_sentences(p, line, line.copy.start, within.n ? within.items[0].start : line.copy.end);
    else if (p->section == SECTION_BLURB) {
        return_to_the_job(p, line, line.copy.start,
                          within.n ? within.items[0].start : line.copy.end);
        single = !within.n;
    }
    split_long_line(p, line, &within);
    if (single)
        enter(p, before, before_headed, line.end, line.end);
}

/* The line at byte `start` of the text, `from` of the copy. */
static struct line line_at(const struct splitter *p, uint32_t start, uint32_t from)
{
    const char *nl = from < p->copy.n ? memchr(p->copy.p + from, '\n', p->copy.n - from) : NULL;
    uint32_t to = nl ? (uint32_t)(nl - p->copy.p) : (uint32_t)p->copy.n;
    uint32_t end = nl ? text_copy_start(&p->in->copy, to) : (uint32_t)p->text.n;

    return (struct line){ start, end, { from, to } };
}

/* The line behind this one; past the text: there is none. */
static struct line line_behind(const struct splitter *p, struct line line)
{
    uint32_t n = (uint32_t)p->text.n, end = line.end;

    if (end < n)
        end += p->text.p[end] == '\n' ? 1 : 3; /* U+2028 and U+2029 end a line too */
    return line_at(p, end, line.copy.end < p->copy.n ? line.copy.end + 1 : line.copy.end);
}

/* The next line that is not blank, this one if it is not; past the text: none is left. */
static struct line not_blank(const struct splitter *p, struct line line)
{
    while (line.start < p->text.n && !str_trim(str_slice(p->text, line.start, line.end)).n)
        line = line_behind(p, line);
    return line;
}

void sections_split(const struct sections *s, const struct text_words *in, struct str employer,
                    struct arena *a, struct text_parts *ret)
{
    struct splitter p = { .s = s,
                          .in = in,
                          .text = in->copy.of,
                          .copy = in->copy.text,
                          .employer = employer_short_name(employer),
                          .a = a,
                          .parts = ret,
                          .section = SECTION_DUTIES };

    *ret = (struct text_parts){ 0 };
    open_part(&p, 0, 0);
    for (struct line line = not_blank(&p, line_at(&p, 0, 0)), next; line.start < p.text.n;
         line = next) {
        next = not_blank(&p, line_behind(&p, line));
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
