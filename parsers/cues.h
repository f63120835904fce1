#ifndef PARSERS_CUES_H
#define PARSERS_CUES_H

#include "core/signal.h"
#include "parsers/rules.h"
#include "parsers/words.h"

struct arena;

/*
 * Phrases that change what the clause around them says of a skill: "is a plus", "not
 * required". Which skills a cue speaks of depends on its kind and its clause: a sentence is cut
 * at `;` and at "but", and a bullet is a sentence of its own.
 *
 *   preferred       of what stands before it in its clause; of what follows where it begins the
 *                   clause or is followed by a colon. "(preferred) or X" says nothing: a choice
 *                   among alternatives is still required as a group
 *   preferred_next  of what follows in its clause ("preferably", "ideally")
 *   required        as preferred; lifts a duty or stack mention, and one in a blurb
 *   negated         of what follows in its clause ("no experience with", "rather than")
 *   negated_back    of what stands before it in its clause ("not required")
 *   not_negated     undoes a negated cue that it covers ("not limited to", "not only"), and
 *                   every one of its sentence where it is a whole consequence ("will not be
 *                   considered")
 *   ignored         of its whole sentence: it is not about the job
 *   introducer      what follows at once is a skill: the context of a `?` alias
 *   degree          subjects of study follow, until a study_end
 */
enum cue_kind {
    CUE_PREFERRED,
    CUE_PREFERRED_NEXT,
    CUE_REQUIRED,
    CUE_NEGATED,
    CUE_NEGATED_BACK,
    CUE_NOT_NEGATED,
    CUE_IGNORED,
    CUE_INTRODUCER,
    CUE_DEGREE,
    CUE_STUDY_END,
    CUE_BUT, /* ends a clause */
    CUE_COUNT
};

struct cue_hit {
    uint32_t start, end; /* bytes of the copy */
    enum cue_kind kind;
    uint32_t rule; /* index of its rule */
};

struct cue_hits {
    struct cue_hit *items; /* in order of their start */
    size_t n, cap;
    const struct sentence_ends *ends; /* of the text they stand in */
};

struct cues;

/* The rules must outlive the handle. ERR_CONFIG blames what is at fault. */
int cues_compile(struct cues **ret, const struct cue_rule *rules, size_t n,
                 struct diag *d) MUST_USE;
void cues_free(struct cues **c);

/* Add what the sweep must look for: WORD_CUE and WORD_CUE_FIND, owner = index of the rule. */
int cues_add_words(const struct cues *c, struct arena *a, struct words *to,
                   struct diag *d) MUST_USE;

/* The cues among the words of a text, which must outlive them. */
void cues_find(const struct cues *c, const struct text_words *in, struct arena *a,
               struct cue_hits *ret);

/* The polarity of a mention at [start,end) of the text whose section alone would say `section`. */
enum polarity cues_judge(struct str text, const struct cue_hits *cues, uint32_t start, uint32_t end,
                         enum section section);

/* The cue by which that polarity is not the section's; NULL: it is. */
const struct cue_hit *cues_deciding(struct str text, const struct cue_hits *cues, uint32_t start,
                                    uint32_t end, enum section section);

/* Whether [start,end) names a subject of study: behind a degree, with no end of study between. */
bool cues_is_study(struct str text, const struct cue_hits *cues, uint32_t start);

/* Whether an introducer stands right before byte `start`. */
bool cues_introduce(struct str text, const struct cue_hits *cues, uint32_t start);

#endif
