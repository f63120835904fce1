#ifndef CLI_TERMS_H
#define CLI_TERMS_H

#include "core/arena.h"
#include "core/str.h"

/*
 * Words that look like names of tools, counted over many texts: CamelCase, dotted, with digits,
 * all capitals, or capitalised in the middle of a sentence. A word that the texts themselves
 * write in small letters at least as often is an ordinary word.
 */
enum term_shape { TERM_PLAIN, TERM_CAPITALISED, TERM_CAPITALS, TERM_SHAPED };

struct term {
    struct str key;   /* lower case */
    struct str shown; /* as it first stood */
    enum term_shape shape;
    bool known;              /* by a rule, a place, an employer */
    int64_t postings, plain; /* texts in which it stands as a name; as an ordinary word */
    int64_t last, last_plain;
    struct {
        uint32_t *items;
        size_t n, cap;
    } employers;
    int64_t posting; /* where it first stood, and how */
    struct str context;
};

struct terms {
    struct arena *a;
    struct term **slots; /* open addressing, a power of two */
    size_t n, cap;
};

struct term_source {
    int64_t posting;
    uint32_t employer;
    const bool *covered; /* one a byte of the text: a rule found something there */
};

/* All the words of a name are known and never reported. */
void terms_know(struct terms *t, struct str name);

void terms_read(struct terms *t, struct str text, const struct term_source *from);

/* What is left, by employers, then postings, then name. */
struct term **terms_rank(const struct terms *t, size_t *ret_n);

/* Where [start, end) stands, on one line: "... with [Argo CD] in ...". */
struct str terms_context(struct arena *a, struct str text, size_t start, size_t end);

#endif
