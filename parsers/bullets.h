#ifndef PARSERS_BULLETS_H
#define PARSERS_BULLETS_H

#include "core/signal.h"
#include "parsers/rules.h"
#include "parsers/skills.h"

struct arena;

/*
 * The bullets of a roadmap, and which of them an ad evidences: two of a bullet's phrases, or its
 * `rule` over the skills the ad states; only by what stands in required, duty and stack sections
 * (TAXONOMY 4).
 *
 * A rule is   expr := all ("OR" all)*    all := one ("AND" one)*
 *             one  := "(" expr ")" | SKILL ("|" SKILL)* | "track"
 * where `track` holds when the title names one of the senior tracks.
 */
struct bullets;

/* What an ad says, for bullets_find(). */
struct said_phrase {
    uint32_t bullet, phrase;
    uint32_t start, end; /* bytes of the field */
};

struct said_phrases {
    struct said_phrase *items;
    size_t n, cap;
};

/* A roadmap may be NULL: no bullets. ERR_CONFIG blames what is at fault. */
int bullets_compile(struct bullets **ret, const struct roadmap *roadmap,
                    const struct skills *skills, struct diag *d) MUST_USE;
void bullets_free(struct bullets **b);

/* Add what the sweep must look for: WORD_PHRASE, owner = bullet, part = phrase. */
int bullets_add_words(const struct bullets *b, struct arena *a, struct words *to,
                      struct diag *d) MUST_USE;

/* Set io->bullets from `said` and from io->mentions (sorted by skill); they live in `a`. */
void bullets_find(const struct bullets *b, const struct said_phrases *said, struct arena *a,
                  struct signal *io);

size_t bullets_count(const struct bullets *b);
const struct bullet_rule *bullets_at(const struct bullets *b, uint32_t i, int *ret_stage);

#endif
