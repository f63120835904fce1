#include "parsers/sections.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "parsers/words.h"

/* TAXONOMY 10: a heading has at most 70 characters; beside its colon an inline one is shorter. */
enum { HEADING_MAX = 70, INLINE_SHORT = 60, BARE_MAX = 60, BARE_WORDS = 8, LINE_BYTES = 110 };

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

        if (h.n && h.p[0] == '~')
            err = words_add(&s->arena, &s->words, str_from(h, 1), WORD_HEADING, i, 0, d);
        else
            s->known[s->n_known++] = (struct known){ str_lower(&s->arena, h), s->of_rule[i] };
    }
    for (size_t k = 0; k < r->says.n && !err; k++)
        err = words_add(&s->arena, &s->words, r->says.items[k], WORD_SAYS, i, 0, d);
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
    struct str text;
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

/* The first rule one of whose words of this kind stands in the copy. */
static bool says(const struct sections *s, struct str copy, enum word_kind kind, struct arena *a,
                 enum section *ret)
{
    struct word_hits hits = { 0 };
    uint32_t best = UINT32_MAX;

    sweep_run(s->sweep, copy, a, &hits);
    for (size_t i = 0; i < hits.n; i++)
        if (hits.items[i].word->kind == kind && hits.items[i].word->owner < best)
            best = hits.items[i].word->owner;
    if (best == UINT32_MAX)
        return false;
    *ret = s->of_rule[best];
    return true;
}

static bool is_markup(char c)
{
    return c == '#' || c == '*' || c == '_' || c == '>' || c == '~' || c == '=' || c == '|';
}

/* Markup, bullets and numbers in front of a line's words. */
struct lead {
    uint32_t n;
    bool bullet, marked;
};

static struct lead read_lead(struct str copy)
{
    struct lead l = { 0 };

    while (l.n < copy.n) {
        char c = copy.p[l.n];
        bool lone = l.n + 1 < copy.n && copy.p[l.n + 1] == ' ';

        if ((c == '-' || c == '*' || c == '+') && lone)
            l.bullet = true;
        else if (c == '#' || c == '*' || c == '_')
            l.marked = true;
        else if (c != ' ' && c != '\t' && !is_markup(c))
            break;
        l.n++;
    }
    return l;
}

/* The heading's words alone: lower-cased, without markup, number and end marks. */
static struct str key_of(struct str s, struct arena *a)
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
    return str_lower(a, s);
}

static size_t count_words(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] != ' ' && (!i || s.p[i - 1] == ' ');
    return n;
}

/* Whether a line without any mark looks like a heading: short, a capital first, no sentence. */
static bool looks_bare(struct str copy, const struct lead *l)
{
    struct str s = str_trim(str_from(copy, l->n));

    return !l->bullet && s.n && s.n <= BARE_MAX && s.p[0] >= 'A' && s.p[0] <= 'Z'
           && !memchr(".,;", s.p[s.n - 1], 3) && !memchr(s.p, ',', s.n) && !memchr(s.p, '(', s.n)
           && count_words(s) <= BARE_WORDS;
}

/* A whole line as a heading. */
static struct heading whole_heading(const struct splitter *p, struct str copy, uint32_t end)
{
    struct lead l = read_lead(copy);
    struct str words = str_trim(str_from(copy, l.n));
    bool bold_end = words.n > 1 && words.p[words.n - 1] == '*';
    bool colon =
        words.n && (words.p[words.n - 1] == ':' || (bold_end && memchr(words.p, ':', words.n)));
    bool marked = colon || (l.marked && (bold_end || copy.p[0] == '#'));
    struct heading h = { .end = end };
    struct str key = key_of(words, p->a);

    if (!key.n || key.n > HEADING_MAX)
        return h;
    h.known = (!l.bullet || marked) && lookup(p->s, key, &h.section);
    if (!h.known && (marked || looks_bare(copy, &l)))
        h.known = says(p->s, copy, WORD_HEADING, p->a, &h.section);
    h.unknown = !h.known && marked && !l.bullet;
    return h;
}

/* "Requirements: five years of ..." at the start of a longer line. */
static struct heading inline_heading(const struct splitter *p, const struct text_copy *copy,
                                     struct line line)
{
    struct heading h = { 0 };
    const char *colon =
        memchr(copy->text.p, ':', copy->text.n < HEADING_MAX + 8 ? copy->text.n : HEADING_MAX + 8);
    struct lead l = read_lead(copy->text);
    struct str before, key;

    if (!colon)
        return h;
    before = str_slice(copy->text, l.n, (size_t)(colon - copy->text.p));
    key = key_of(before, p->a);
    if (!key.n || key.n > HEADING_MAX)
        return h;
    h.known = lookup(p->s, key, &h.section);
    if (!h.known && l.marked && !l.bullet && count_words(key) <= BARE_WORDS) {
        char *padded = arena_alloc(p->a, key.n + COPY_PADDING, 1);

        memcpy(padded, key.p, key.n);
        h.known = says(p->s, (struct str){ padded, key.n }, WORD_HEADING, p->a, &h.section);
    }
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

/* A sentence under no heading is judged by its words; one that says nothing goes with the
 * sentence before it on its line. */
static void judge_sentences(struct splitter *p, const struct text_copy *copy, struct line line)
{
    enum section now = SECTION_DUTIES;
    uint32_t from = 0;

    while (from < copy->text.n) {
        uint32_t to = from;
        struct str s;
        char *padded;

        while (to < copy->text.n && !words_sentence_ends(copy->text, to))
            to++;
        s = str_slice(copy->text, from, to);
        padded = arena_alloc(p->a, s.n + COPY_PADDING, 1);
        memcpy(padded, s.p, s.n);
        says(p->s, (struct str){ padded, s.n }, WORD_SAYS, p->a, &now);
        if (now != p->section || !p->parts->n) {
            uint32_t start = line.start + (from ? text_copy_start(copy, from) : 0);

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

/* Whether a known heading begins with the capital at `at` of a long line, and ends in a colon or
 * before a capital letter: ads whose line breaks were lost. */
static bool heading_within(const struct splitter *p, struct str copy, size_t at, size_t *ret_end,
                           enum section *ret)
{
    size_t limit = copy.n - at < HEADING_MAX ? copy.n - at : HEADING_MAX;
    bool found = false;

    for (size_t n = 4, words = 1; n < limit; n++) {
        char c = copy.p[at + n];
        bool colon = c == ':' || (c == ' ' && n + 1 < limit && copy.p[at + n + 1] == ':');

        words += c == ' ';
        if (words > BARE_WORDS || c == '.' || c == '\n')
            break;
        if (!colon && (c != ' ' || n < 12 || n + 1 >= limit || !opens(copy.p[at + n + 1])))
            continue;
        if (lookup(p->s, key_of(str_slice(copy, at, at + n), p->a), ret)) {
            *ret_end = at + n + (c == ':');
            found = true;
        }
        if (colon)
            break;
    }
    return found;
}

static void split_long_line(struct splitter *p, const struct text_copy *copy, struct line line)
{
    for (size_t i = 1; i + 4 < copy->text.n; i++) {
        size_t end;
        enum section section;
        char c = copy->text.p[i];

        if (c < 'A' || c > 'Z' || i < 2 || copy->text.p[i - 1] != ' '
            || !memchr(".!?:;)*-", copy->text.p[i - 2], 8))
            continue;
        if (!heading_within(p, copy->text, i, &end, &section))
            continue;
        enter(p, section, true, line.start + text_copy_start(copy, (uint32_t)i),
              line.start + text_copy_end(copy, (uint32_t)end));
        i = end;
    }
}

static void take_line(struct splitter *p, struct line line, struct line next)
{
    struct str raw = str_slice(p->text, line.start, line.end);
    struct text_copy copy;
    struct heading h = { 0 };
    enum section before = p->section;
    bool before_headed = p->headed, single = false;

    if (!str_trim(raw).n)
        return;
    text_copy_make(p->a, raw, &copy);
    if (raw.n <= LINE_BYTES)
        h = whole_heading(p, copy.text, line.end);
    if (!h.known && !h.unknown) {
        h = inline_heading(p, &copy, line);
        if (h.known) {
            char n = next.start < next.end ? str_trim(str_slice(p->text, next.start, next.end)).p[0]
                                           : '\n';

            single =
                one_line(h.section, str_slice(p->text, h.end, line.end)) && n != '-' && n != '*';
        }
    }
    if (h.known)
        enter(p, h.section, true, line.start, h.end);
    else if (h.unknown && (!p->headed || leaves_the_ad(p->section)))
        enter(p, SECTION_DUTIES, false, line.start, h.end);
    else if (!p->headed)
        judge_sentences(p, &copy, line);
    if (raw.n > 3 * HEADING_MAX)
        split_long_line(p, &copy, line);
    if (single)
        enter(p, before, before_headed, line.end, line.end);
}

static struct line line_at(struct str text, size_t at)
{
    const char *nl = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;

    return (struct line){ (uint32_t)at, nl ? (uint32_t)(nl - text.p) : (uint32_t)text.n };
}

void sections_split(const struct sections *s, struct str text, struct arena *a,
                    struct text_parts *ret)
{
    struct splitter p = { .s = s, .text = text, .a = a, .parts = ret, .section = SECTION_DUTIES };

    *ret = (struct text_parts){ 0 };
    open_part(&p, 0, 0);
    for (size_t at = 0; at < text.n;) {
        struct line line = line_at(text, at);

        at = (size_t)line.end + 1;
        take_line(&p, line, line_at(text, at));
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
