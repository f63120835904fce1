#ifndef PARSERS_FIELDS_H
#define PARSERS_FIELDS_H

#include "core/diag.h"
#include "core/err.h"
#include "core/listing.h"
#include "core/signal.h"
#include "parsers/rules.h"
#include "parsers/sections.h"

struct arena;

/*
 * The conclusions that are not skills: family, level, track, experience, pay, places,
 * open to India, mode, stage and the job's number. A source's own field decides first, the text
 * second; the evidence of each says which, with the rule's name and the span.
 */
struct fields;

/* Compile rule_set.titles and rule_set.places; the rule set must outlive the handle. ERR_CONFIG
 * blames the value at fault. */
int fields_open(struct fields **ret, const struct rule_set *rules, struct diag *d) MUST_USE;
void fields_close(struct fields **f);

/* Run the yes: and no: sentences of the title rules. The first that fails is blamed (ERR_CONFIG);
 * *ret_n counts the sentences run. */
int fields_prove(struct fields *f, size_t *ret_n, struct diag *d) MUST_USE;

/*
 * Sets family (by title), level, track, experience, pay, places, india, mode and requisition of
 * *io, each with its evidence. `parts` are the sections of in->text. The places live in `a`.
 */
int fields_read(const struct fields *f, const struct listing *in, const struct text_parts *parts,
                struct arena *a, struct signal *io, struct diag *d) MUST_USE;

/* How to find a skill's index by its id, and the roadmap whose bullets io->bullets counts. */
struct fields_skills {
    int64_t (*find)(void *ctx, struct str id); /* -1: no such skill */
    void *ctx;
    const struct roadmap *roadmap; /* may be NULL: no bullets */
};

/*
 * What needs the mentions and bullets, which are in *io by now: an adjacent title whose
 * text does the work of a core role becomes core (TAXONOMY 6), a core role without a
 * track gets the one its text is clear about, and the stage is decided (TAXONOMY 5).
 */
void fields_conclude(const struct fields *f, const struct fields_skills *skills, struct signal *io);

#endif
