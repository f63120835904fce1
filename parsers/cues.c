#include "parsers/cues.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "parsers/follow.h"
#include "parsers/pattern.h"

/* What a reader would still take for one list before "is a plus", where no sentence ends. */
enum { BACK_REACH = 400 };

enum {
    STUDY_REACH = 160,
    CUE_MOST = 400, /* no cue is so long, in bytes */
};

static const char *const kinds[CUE_COUNT] = {
    "preferred", "preferred_next", "required", "negated",   "negated_back", "not_negated",
    "ignored",   "introducer",     "degree",   "study_end", "but",
};

struct cues {
    const struct cue_rule *rules;
    size_t n;
    enum cue_kind *kind;
    struct pattern **regex; /* NULL: the rule has none */
    struct follow **follow; /* of each of its finds */
};

void cues_free(struct cues **c)
{
    if (!*c)
        return;
    for (size_t i = 0; i < (*c)->n; i++) {
        pattern_free(&(*c)->regex[i]);
        free((*c)->follow[i]);
    }
    free((*c)->regex);
    free((*c)->follow);
    free((*c)->kind);
    free(*c);
    *c = NULL;
}

static bool parse_kind(struct str s, enum cue_kind *ret)
{
    for (int i = 0; i < CUE_COUNT; i++)
        if (str_eq(s, str_of(kinds[i]))) {
            *ret = (enum cue_kind)i;
            return true;
        }
    return false;
}

static int compile_rule(struct cues *c, size_t i, struct diag *d)
{
    const struct cue_rule *r = &c->rules[i];

    if (!parse_kind(r->cue, &c->kind[i]))
        return diag_blame(d, ERR_CONFIG, r->cue.p, "\"" STR_FMT "\" is no kind of cue",
                          STR_ARG(r->cue));
    if (!r->regex.n != !r->find.n)
        return diag_blame(d, ERR_CONFIG, r->cue.p, "cue %s: regex and find need each other",
                          kinds[c->kind[i]]);
    if (!r->regex.n)
        return 0;
    c->follow[i] = follow_new(r->regex, &r->find);
    return pattern_compile(&c->regex[i], r->regex, PATTERN_ANCHORED, d);
}

int cues_compile(struct cues **ret, const struct cue_rule *rules, size_t n, struct diag *d)
{
    struct cues *c = calloc(1, sizeof(*c));

    if (!c)
        out_of_memory();
    *c = (struct cues){ rules, n, calloc(n + 1, sizeof(*c->kind)), calloc(n + 1, sizeof(*c->regex)),
                        calloc(n + 1, sizeof(*c->follow)) };
    if (!c->kind || !c->regex || !c->follow)
        out_of_memory();
    for (size_t i = 0; i < n; i++) {
        int err = compile_rule(c, i, d);

        if (err) {
            cues_free(&c);
            return err;
        }
    }
    *ret = c;
    return 0;
}

int cues_add_words(const struct cues *c, struct arena *a, struct words *to, struct diag *d)
{
    int err = 0;

    for (uint32_t i = 0; i < c->n && !err; i++) {
        const struct cue_rule *r = &c->rules[i];

        for (size_t k = 0; k < r->aliases.n && !err; k++)
            err = words_add(a, to, r->aliases.items[k], WORD_CUE, i, 0, d);
        for (size_t k = 0; k < r->find.n && !err; k++)
            err = words_add(a, to, r->find.items[k], WORD_CUE_FIND, i, (uint16_t)k, d);
    }
    return err;
}

void cues_find(const struct cues *c, const struct text_words *in, struct arena *a,
               struct cue_hits *ret)
{
    const struct word_hits *words = &in->hits[LIST_CUES];

    *ret = (struct cue_hits){ .ends = &in->ends };
    for (size_t i = 0; i < words->n; i++) {
        const struct word_hit *h = &words->items[i];
        uint32_t end = h->end;

        if (h->use.kind == WORD_CUE_FIND) {
            struct pattern_match m;

            if (!follow_may(&c->follow[h->use.owner][h->use.part], in->copy.text.p + h->start)
                || pattern_find(c->regex[h->use.owner], in->copy.text, h->start, &m, NULL)
                       != PATTERN_FOUND)
                continue;
            end = m.end;
        }
        *ARENA_PUSH(a, ret) =
            (struct cue_hit){ h->start, end, c->kind[h->use.owner], h->use.owner };
    }
}

/* The cues stand in order of their start: the first that may reach over `from`. */
static size_t first_from(const struct cue_hits *cues, uint32_t from)
{
    size_t low = 0, high = cues->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (cues->items[mid].start + CUE_MOST < from)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Whether a clause ends between two places: at `;` or at a "but". */
static bool clause_ends_between(struct str text, const struct cue_hits *cues, uint32_t from,
                                uint32_t to)
{
    if (memchr(text.p + from, ';', to - from))
        return true;
    for (size_t i = first_from(cues, from); i < cues->n && cues->items[i].start < to; i++)
        if (cues->items[i].kind == CUE_BUT && cues->items[i].start >= from)
            return true;
    return false;
}

static bool begins_clause(struct str text, uint32_t sentence, uint32_t at)
{
    while (at > sentence && memchr(" -*(,\"'", text.p[at - 1], 7))
        if (text.p[--at] == '(')
            return true;
    return at <= sentence || text.p[at - 1] == ';';
}

/* "Preferred skills:", but not "is a plus Roles:", in which a line break was lost. */
static bool colon_follows(struct str text, const struct cue_hit *q, uint32_t limit)
{
    bool lower = text.p[q->start] >= 'a' && text.p[q->start] <= 'z';

    for (uint32_t i = q->end; i < limit && i < q->end + 24; i++) {
        if (text.p[i] == ':')
            return true;
        if (memchr(",.;()", text.p[i], 5) || (lower && text.p[i] >= 'A' && text.p[i] <= 'Z'))
            return false;
    }
    return false;
}

/* "(optional) Kubeflow" as a whole line: the bracket before its words speaks of them. */
static bool heads_line_in_brackets(struct str text, struct str_span sentence,
                                   const struct cue_hit *q)
{
    uint32_t i = sentence.start, close = q->end;

    while (i < q->start && (text.p[i] == ' ' || text.p[i] == '-' || text.p[i] == '*'))
        i++;
    if (text.p[i] != '(' || (sentence.start && text.p[sentence.start - 1] != '\n'))
        return false;
    while (close < sentence.end && text.p[close] != ')')
        close++;
    return close < sentence.end && !memchr(text.p + i, ')', q->start - i);
}

/* "(preferred) or X", "(preferred), X": one of several alternatives is favoured. */
static bool is_aside_among(struct str text, const struct cue_hit *q)
{
    struct str rest;

    char open = q->start ? text.p[q->start - 1] : ' ',
         close = q->end < text.n ? text.p[q->end] : ' ';

    if (!(open == '(' && close == ')') && !(open == '[' && close == ']'))
        return false;
    rest = str_trim(str_from(text, q->end + 1));
    return rest.n > 3 && (rest.p[0] == ',' || rest.p[0] == '/' || str_starts(rest, STR("or ")));
}

/* Whether the words say by themselves what is asked of somebody. */
static bool has_head(struct str words)
{
    static const char *const heads[] = { "experience", "knowledge", "skills",        "proficien",
                                         "strong",     "hands-on",  "understanding", "familiar",
                                         "expertise",  "years" };

    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (str_find_fold(words, str_of(heads[i])) >= 0)
            return true;
    return false;
}

/* Whether a list's last part stands alone: "strong Python, and Scala is a plus" speaks of Scala
 * only, because what precedes the comma has its own head ("strong", "experience with"). */
static bool cut_by_comma(struct str text, uint32_t sentence, uint32_t end, uint32_t cue)
{
    struct str between = str_slice(text, end, cue);
    const char *comma = memchr(between.p, ',', between.n);
    struct str tail;

    if (!comma)
        return false;
    tail = str_from(between, (size_t)(comma - between.p) + 1);
    return has_head(tail) && has_head(str_slice(text, sentence, end));
}

static bool speaks_back(struct str text, const struct cue_hits *cues, const struct cue_hit *q,
                        uint32_t end)
{
    return end <= q->start && q->start - end <= BACK_REACH
           && !clause_ends_between(text, cues, end, q->start);
}

/* Whether a bracket that was open at `from` is closed before `to`: what was said in it ends. */
static bool bracket_closes_between(struct str text, uint32_t from, uint32_t to)
{
    int depth = 0;

    for (uint32_t i = from; i < to; i++) {
        depth += text.p[i] == '(';
        if (text.p[i] == ')' && depth-- == 0)
            return true;
    }
    return false;
}

static bool speaks_on(struct str text, const struct cue_hits *cues, const struct cue_hit *q,
                      uint32_t start)
{
    return q->end <= start && !clause_ends_between(text, cues, q->end, start)
           && !bracket_closes_between(text, q->end, start);
}

/* A preferred or required cue, by its position. */
static bool speaks_of(struct str text, const struct cue_hits *cues, const struct cue_hit *q,
                      struct str_span sentence, uint32_t start, uint32_t end)
{
    bool closed = q->end < text.n && text.p[q->end] == ')';

    if (heads_line_in_brackets(text, sentence, q))
        return q->end <= start && !clause_ends_between(text, cues, q->end, start);
    if ((!closed && begins_clause(text, sentence.start, q->start))
        || colon_follows(text, q, sentence.end))
        return speaks_on(text, cues, q, start);
    return !is_aside_among(text, q) && speaks_back(text, cues, q, end)
           && !cut_by_comma(text, sentence.start, end, q->start);
}

static bool undone(const struct cue_hits *cues, const struct cue_hit *q, struct str_span sentence)
{
    for (size_t i = first_from(cues, sentence.start);
         i < cues->n && cues->items[i].start < sentence.end; i++) {
        const struct cue_hit *u = &cues->items[i];

        if (u->kind == CUE_NOT_NEGATED && u->end > sentence.start
            && (u->start <= q->end || u->end - u->start > 20))
            return true;
    }
    return false;
}

enum {
    SAID_PREFERRED = 1,
    SAID_REQUIRED = 2,
    SAID_NEGATED = 4,
    SAID_NEGATED_BACK = 8,
    SAID_IGNORED = 16
};

static unsigned said_by(struct str text, const struct cue_hits *cues, const struct cue_hit *q,
                        struct str_span sentence, uint32_t start, uint32_t end)
{
    switch (q->kind) {
    case CUE_PREFERRED:
        return speaks_of(text, cues, q, sentence, start, end) ? SAID_PREFERRED : 0;
    case CUE_PREFERRED_NEXT:
        return speaks_on(text, cues, q, start) ? SAID_PREFERRED : 0;
    case CUE_REQUIRED:
        return speaks_of(text, cues, q, sentence, start, end) ? SAID_REQUIRED : 0;
    case CUE_NEGATED:
        return speaks_on(text, cues, q, start) && !undone(cues, q, sentence) ? SAID_NEGATED : 0;
    case CUE_NEGATED_BACK:
        if (heads_line_in_brackets(text, sentence, q)) /* "(not required) Kubernetes" */
            return speaks_of(text, cues, q, sentence, start, end) ? SAID_PREFERRED : 0;
        return speaks_back(text, cues, q, end) ? SAID_NEGATED_BACK : 0;
    case CUE_IGNORED:
        return SAID_IGNORED;
    case CUE_NOT_NEGATED:
    case CUE_INTRODUCER:
    case CUE_DEGREE:
    case CUE_STUDY_END:
    case CUE_BUT:
    case CUE_COUNT:
        break;
    }
    return 0;
}

static enum polarity by_section(enum section section)
{
    static const enum polarity of[SECTION_COUNT] = {
        [SECTION_DUTIES] = POLARITY_DUTY,         [SECTION_REQUIRED] = POLARITY_REQUIRED,
        [SECTION_PREFERRED] = POLARITY_PREFERRED, [SECTION_STACK] = POLARITY_STACK,
        [SECTION_BLURB] = POLARITY_IGNORED,       [SECTION_BENEFITS] = POLARITY_IGNORED,
        [SECTION_EEO] = POLARITY_IGNORED,         [SECTION_PAY] = POLARITY_IGNORED,
        [SECTION_PROCESS] = POLARITY_IGNORED,     [SECTION_EDUCATION] = POLARITY_REQUIRED,
        [SECTION_LOCATION] = POLARITY_IGNORED,    [SECTION_TAGS] = POLARITY_IGNORED,
    };

    return of[section];
}

/* "a non-Kubernetes background" */
static bool stands_behind_non(struct str text, uint32_t start)
{
    struct str before = str_slice(text, start < 5 ? 0 : start - 5, start);

    if (before.n == 5 && byte_is_word(before.p[0]))
        return false;
    return before.n >= 4 && str_eq_fold(str_from(before, before.n - 4), STR("non-"));
}

/* What all cues of the sentence say. */
static unsigned said_of(struct str text, const struct cue_hits *cues, uint32_t start, uint32_t end)
{
    struct str_span sentence = words_sentence_among(cues->ends, text, start, end);
    unsigned said = 0;

    for (size_t i = first_from(cues, sentence.start);
         i < cues->n && cues->items[i].start < sentence.end; i++)
        if (cues->items[i].end > sentence.start)
            said |= said_by(text, cues, &cues->items[i], sentence, start, end);
    return said;
}

/* Of all that was said, the one thing that decides; 0: the section does. */
static unsigned deciding(unsigned said, enum polarity plain)
{
    if (said & SAID_NEGATED)
        return SAID_NEGATED;
    if (said & SAID_IGNORED)
        return SAID_IGNORED;
    if (said & SAID_PREFERRED)
        return plain == POLARITY_IGNORED ? 0 : SAID_PREFERRED;
    if (said & SAID_NEGATED_BACK)
        return SAID_NEGATED_BACK;
    return plain == POLARITY_DUTY || plain == POLARITY_STACK ? said & SAID_REQUIRED : 0;
}

enum polarity cues_judge(struct str text, const struct cue_hits *cues, uint32_t start, uint32_t end,
                         enum section section)
{
    enum polarity plain = by_section(section);

    if (stands_behind_non(text, start))
        return POLARITY_NEGATED;
    switch (deciding(said_of(text, cues, start, end), plain)) {
    case SAID_NEGATED:
    case SAID_NEGATED_BACK:
        return POLARITY_NEGATED;
    case SAID_IGNORED:
        return POLARITY_IGNORED;
    case SAID_PREFERRED:
        return POLARITY_PREFERRED;
    case SAID_REQUIRED:
        return POLARITY_REQUIRED;
    default:
        return plain;
    }
}

const struct cue_hit *cues_deciding(struct str text, const struct cue_hits *cues, uint32_t start,
                                    uint32_t end, enum section section)
{
    struct str_span sentence = words_sentence_among(cues->ends, text, start, end);
    unsigned by = deciding(said_of(text, cues, start, end), by_section(section));

    for (size_t i = first_from(cues, sentence.start);
         by && i < cues->n && cues->items[i].start < sentence.end; i++)
        if (cues->items[i].end > sentence.start
            && said_by(text, cues, &cues->items[i], sentence, start, end) & by)
            return &cues->items[i];
    return NULL;
}

bool cues_is_study(struct str text, const struct cue_hits *cues, uint32_t start)
{
    struct str_span sentence = words_sentence_among(cues->ends, text, start, start);
    bool study = false;

    for (size_t i = first_from(cues, sentence.start); i < cues->n && cues->items[i].start < start;
         i++) {
        const struct cue_hit *q = &cues->items[i];

        if (q->end <= sentence.start)
            continue;
        if (q->kind == CUE_DEGREE && start - q->end <= STUDY_REACH)
            study = true;
        else if (q->kind == CUE_STUDY_END)
            study = false;
    }
    return study;
}

bool cues_introduce(struct str text, const struct cue_hits *cues, uint32_t start)
{
    for (size_t i = first_from(cues, start); i < cues->n && cues->items[i].start < start; i++) {
        const struct cue_hit *q = &cues->items[i];

        if (q->kind == CUE_INTRODUCER && q->end <= start && start - q->end <= 2
            && !memchr(text.p + q->end, '\n', start - q->end))
            return true;
    }
    return false;
}
