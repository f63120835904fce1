#ifndef AGGREGATOR_ALERT_H
#define AGGREGATOR_ALERT_H

#include "aggregator/figures.h"
#include "aggregator/interval.h"

/*
 * Has the demand for a skill moved, or merely the employers that were read? Each employer
 * is compared with itself ALERT_LAG days earlier, on boards whose state is known at both
 * ends; docs/method.md has the rule and what was simulated.
 */
enum { ALERT_LAG = 28, ALERT_DAYS = 7, ALERT_EMPLOYERS = 60, ALERT_NAMING = 20 };
enum { ALERT_CATCH_UP = 14 }; /* finished days looked at when none was before */

enum alert_kind {
    ALERT_STOCK, /* all open ads: slow to follow what employers newly ask */
    ALERT_NEW,   /* ads first seen in the last ALERT_LAG days */
    ALERT_KINDS
};
const char *alert_kind_name(enum alert_kind k); /* "stock", "new" */

/* An employer at both ends; n 0: no openings there. */
struct paired {
    struct cluster now, then;
};

struct paired_change {
    double now, then; /* the shares; NaN where nobody hires */
    double deviation; /* standard error of their difference over employers */
    size_t employers; /* with openings, at the poorer end */
    size_t naming;    /* on the rarer side (naming it, or not), at the better end */
    bool armed;       /* enough of both to be believed */
    bool beyond;      /* armed, over 3.5 deviations and at least 5 points */
    ptrdiff_t by;     /* the employer that makes more than half of the change; -1: none does */
};
void paired_change(const struct paired *e, size_t k, struct paired_change *ret);

/* The change of every skill between two markets: n_skills of them. */
struct skill_change {
    struct paired_change change;
    struct str employer; /* change.by, as people write it; empty: none */
};
struct alert_ends {
    const struct market *now, *then;
    const struct str *panel; /* sources known at both ends, sorted */
    size_t n_panel;
};
struct skill_change *alert_changes(const struct alert_ends *ends, enum alert_kind kind,
                                   struct arena *a);

/*
 * Look at every finished day that was not looked at, and keep in the store what fired (beyond
 * on ALERT_DAYS days on end) and what resolved (no longer beyond). Each fires once and
 * resolves once however often this is called; store_alerts() has them.
 */
int alert_update(struct store *s, int64_t now, const struct roadmap_view *roadmap,
                 const struct skill_view *skills, size_t n_skills, struct diag *d) MUST_USE;

#endif
