#ifndef SITE_HEADLINE_H
#define SITE_HEADLINE_H

#include "aggregator/figures.h"

/*
 * The roadmap page's one line from what was counted: how many roles are open, the page's salary
 * band, and what is observed beside it; and what that line does not cover.
 */
struct str headline_text(const struct market *m, const struct roles *r, const struct salary *pay,
                         struct arena *a);
struct str headline_limits(const struct roles *r, const struct salary *pay, struct arena *a);

#endif
