#ifndef PARSERS_MENTIONS_H
#define PARSERS_MENTIONS_H

#include "core/signal.h"

struct arena;
struct skills;

/* The mentions of an ad, while they are collected. */
struct mentions {
    struct mention *items;
    size_t n, cap;
};

/* By skill; of one skill the strongest first, then as they stand. The first `sorted` are so
 * already.
 */
void mentions_sort(struct mentions *m, size_t sorted);

/* What follows from the skills that sorted mentions state, where they do not state it themselves:
 * each implied skill once, behind them, as strong as the strongest that implies it. */
void mentions_add_implied(const struct skills *s, size_t n_skills, struct arena *a,
                          struct mentions *m);

#endif
