#ifndef PARSERS_EXTRACT_H
#define PARSERS_EXTRACT_H

#include "core/diag.h"
#include "core/err.h"
#include "core/hash.h"
#include "core/signal.h"
#include "parsers/rules.h"

struct arena;

/*
 * Listings -> signals. An extractor is a compiled rule set; it is immutable after
 * opening but for scratch memory, so each thread opens its own (or clones: cheap).
 */
struct extractor;

/* Compile and check. ERR_CONFIG blames the value at fault. The rule set must outlive the extractor.
 */
int extractor_open(struct extractor **ret, const struct rule_set *rules, struct diag *d) MUST_USE;
void extractor_close(struct extractor **x);

/* Run every rule's yes: and no: sentences. The first that fails is blamed (ERR_CONFIG); *ret_n
 * counts them. */
int extractor_prove(struct extractor *x, size_t *ret_n, struct diag *d) MUST_USE;

/* The same for one skill's sentences. ERR_CONFIG blames the first that fails. */
int extractor_prove_skill(struct extractor *x, uint32_t skill, size_t *ret_n,
                          struct diag *d) MUST_USE;

/* Signals of a listing; everything in *ret lives in `a` (names and rule ids: in the extractor). */
int extract(struct extractor *x, const struct listing *in, struct arena *a, struct signal *ret,
            struct diag *d) MUST_USE;

/* A name that stands in a listing and counts for nothing, or is not asked for. */
struct rejection {
    uint32_t skill;
    enum field field;
    uint32_t start, end; /* bytes of the field */
    const char *why;     /* a few words */
    struct str clause;   /* what decided: a deny, the longer name's skill, a cue's words, the
                            section; may be empty */
};

/* What extract() considered and rejected, by where it stands: names that do not count, and mentions
 * that are ignored or negated. */
void extract_rejected(struct extractor *x, const struct listing *in, struct arena *a,
                      struct rejection **ret, size_t *ret_n);

/* Rules, headings, roadmaps and the parsers' own version: what made a signal. */
struct hash extractor_vintage(const struct extractor *x);

size_t extractor_skills(const struct extractor *x);
const struct skill_rule *extractor_skill(const struct extractor *x, uint32_t i);
int64_t extractor_find_skill(const struct extractor *x, struct str id); /* -1: none */
const struct roadmap *extractor_roadmap(const struct extractor *x);
const struct bullet_rule *extractor_bullet(const struct extractor *x, uint32_t i, int *ret_stage);

#endif
