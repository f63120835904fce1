#ifndef PARSERS_SKILLS_H
#define PARSERS_SKILLS_H

#include "parsers/cues.h"
#include "parsers/rules.h"
#include "parsers/words.h"

struct arena;

/*
 * The skill rules, compiled: which of a sweep's hits name a skill (TAXONOMY 3).
 *
 *   1. A hit in a web or mail address, near a `deny`, or that is the employer's own name counts
 *      for nothing.
 *   2. The longest name wins: a hit inside another skill's span counts only when that other
 *      skill implies this one (then the ad names it: "Azure ML" names Azure).
 *   3. A `?` alias needs context: another unambiguous skill of the `near` categories within
 *      CONTEXT_REACH bytes of its sentence, or two ambiguous ones, or an introducer right before
 *      it.
 *   4. A practice behind a degree is a subject of study, not a skill.
 */
enum { CONTEXT_REACH = 80, DENY_REACH = 25 };

struct skills;

struct skill_hit {
    uint32_t skill;
    uint32_t start, end; /* bytes of the copy */
};

struct skill_hits {
    struct skill_hit *items; /* in order of their start */
    size_t n, cap;
};

/* Why a name that stands in the text does not count. */
enum reject {
    REJECT_NONE,
    REJECT_ADDRESS, /* in a web or mail address */
    REJECT_OWN,     /* the employer's own name */
    REJECT_DENIED,  /* by: index of the rule's deny */
    REJECT_INSIDE,  /* by: the skill whose longer name it is part of */
    REJECT_SAME,    /* part of a longer name of the same skill: not reported */
    REJECT_CONTEXT, /* a `?` alias without context */
    REJECT_STUDY,   /* a subject of study */
};

struct skill_reject {
    uint32_t skill;
    uint32_t start, end; /* bytes of the copy */
    enum reject why;
    uint32_t by;
};

struct skill_rejects {
    struct skill_reject *items;
    size_t n, cap;
};

/* ERR_CONFIG blames what is at fault: unknown ids, a rule without yes and no. The rules must
 * outlive the handle. */
int skills_compile(struct skills **ret, const struct skill_rule *rules, size_t n,
                   struct diag *d) MUST_USE;
void skills_free(struct skills **s);

/* Add what the sweep must look for: WORD_ALIAS, WORD_ALIAS_CONTEXT, WORD_FIND. */
int skills_add_words(const struct skills *s, struct arena *a, struct words *to,
                     struct diag *d) MUST_USE;

/* The skills named among the words of a text. `own`: names that are the employer's. `rejects`:
 * what was considered and does not count; NULL: not asked. */
void skills_find(const struct skills *s, const struct text_words *in, const struct cue_hits *cues,
                 const struct strs *own, struct arena *a, struct skill_hits *ret,
                 struct skill_rejects *rejects);

/* Whether `skill` implies `other`, directly or by way of others. */
bool skills_imply(const struct skills *s, uint32_t skill, uint32_t other);

/* The first skill from *io on that `skill` implies; false: none. */
bool skills_next_implied(const struct skills *s, uint32_t skill, uint32_t *io);

int64_t skills_index(const struct skills *s, struct str id); /* -1: none */

#endif
