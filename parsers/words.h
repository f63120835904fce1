#ifndef PARSERS_WORDS_H
#define PARSERS_WORDS_H

#include "core/diag.h"
#include "core/err.h"
#include "parsers/sweep.h"

/* Who reads the hits of the one sweep over an ad: each has a list of its own. */
enum word_list { LIST_SKILLS, LIST_CUES, LIST_PHRASES, LIST_MODES, LIST_HEADINGS, LIST_COUNT };

/* What a word in it is for; its `owner` and `part` mean: */
enum word_kind {
    WORD_ALIAS,         /* skill; part unused */
    WORD_ALIAS_CONTEXT, /* skill: a `?` alias */
    WORD_FIND,          /* one of skills.c's finds: where regexes of skills are tried */
    WORD_CUE,           /* cue rule; part unused */
    WORD_CUE_FIND,      /* cue rule, which of its finds: where its regex is tried */
    WORD_PHRASE,        /* bullet, phrase */
    WORD_MODE,          /* mode rule; part unused */
    WORD_MODE_FIND,     /* mode rule, which of its finds: where its regex is tried */
    WORD_HEADING,       /* heading rule: `~` words of a heading; part 1: `^`, which begin it */
    WORD_SAYS,          /* heading rule: words of a sentence under no heading */
    WORD_SAYS_FIRMLY,   /* heading rule: and of one under the employer's; part: begins it */
};

struct word_marks {
    struct str text; /* without the marks */
    bool exact, context;
};

/* A literal as rules write it. ERR_CONFIG blames one that no sweep can look for. */
int words_read(struct str marked, struct word_marks *ret, struct diag *d) MUST_USE;

/* Read and add it; a `?` is refused (ERR_CONFIG) where it means nothing. */
int words_add(struct arena *a, struct words *to, struct str marked, enum word_kind kind,
              uint32_t owner, uint16_t part, struct diag *d) MUST_USE;

/* Whether the '.' at `at` ends a sentence. */
bool words_stop_ends(struct str text, size_t at);

/* Whether `end` ends a sentence of the copy: behind . ! ? with a space after, or at a line's end.
 * "e.g." and a single capital do not end one. */
static inline bool words_sentence_ends(struct str text, size_t at)
{
    char c = at < text.n ? text.p[at] : '\n';

    if (c > '?') /* nearly every byte */
        return false;
    return c == '\n' || c == '!' || c == '?' || (c == '.' && words_stop_ends(text, at));
}

/* The bounds of the line, and of the sentence on it, around `at`. */
struct str_span {
    uint32_t start, end;
};

/* Every place of a text at which words_sentence_ends() holds, in order, but for the text's end:
 * found once, asked for each mention. */
struct sentence_ends {
    uint32_t *items;
    size_t n, cap;
};
void words_sentence_ends_of(struct str text, struct arena *a, struct sentence_ends *ret);
/* How many of them stand before `at`. */
size_t words_ends_before(const struct sentence_ends *ends, uint32_t at);

/* A text as it is read once for all rules: its copy, every word of theirs in it, and its sentences.
 * All offsets are the copy's. */
struct text_words {
    struct text_copy copy;
    const struct sweep *sweep; /* which found them */
    struct word_hits hits[LIST_COUNT];
    struct sentence_ends ends;
};

/* `text` is valid UTF-8; everything lives in `a` or in `text`. */
void words_find(const struct sweep *sweep, struct str text, struct arena *a,
                struct text_words *ret);

struct str_span words_line(struct str text, uint32_t at);
struct str_span words_sentence_among(const struct sentence_ends *ends, struct str text,
                                     uint32_t start, uint32_t end);

#endif
