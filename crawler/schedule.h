#ifndef CRAWLER_SCHEDULE_H
#define CRAWLER_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

/*
 * Which sources are read now, and why. Pure: what the store knows goes in, `now` is a parameter,
 * and the same history gives the same plan.
 *
 * Every source is read once each Asia/Kolkata day, whatever the budget. A budget of requests for
 * extra reads goes where it shows most listings sooner. A source whose listings open and close at
 * a rate r a day and that is read k times more between two daily reads, evenly, shows each of them
 * 1 / (2 (k + 1)) of a day late; so its k-th extra read is worth r / (2 k (k + 1)) listing-days.
 * The budget buys the extra reads that are worth most a request. Without the bounds that is
 * reading at the square root of the rate (Cho and Garcia-Molina, "Effective page refresh policies
 * for Web crawlers", ACM TODS 28(4), 2003, say why not in proportion to it).
 *
 * The rate is estimated from what proven readings found (changes) in the time between them. Cho
 * and Garcia-Molina ("Estimating frequency of change", ACM TOIT 3(3), 2003) know of each visit
 * only whether the page changed, and must correct for changes that hide each other; we know how
 * many listings opened and closed, so the estimate is the mean of a Gamma posterior, its prior
 * two days of the rate of all sources together. tests/bench/schedule measures what all this gains.
 */

enum {
    SCHEDULE_MEMORY_DAYS = 28, /* how far back the caller counts changes */
    EXTRA_READS_MOST = 7,      /* of a source a day: every three hours */
};

enum due {
    DUE_NOT,
    DUE_NEVER_READ,
    DUE_DAILY, /* not read today */
    DUE_RETRY, /* today's tries proved nothing: after 1, 2, 4, then each 8 hours */
    DUE_PROOF, /* a collapse waits for a second look: after as long */
    DUE_TEXTS, /* its last reading left texts to ask, fewer than the one before */
    DUE_EXTRA,
};

struct schedule_source {
    struct str key;
    int64_t last_reading, last_proven; /* 0: never */
    bool awaits_proof;
    int64_t reads_today;                   /* of any outcome */
    int64_t tries_today;                   /* of these, since the last that proved anything */
    int64_t texts_owed, texts_owed_before; /* by the last proven reading and the one before it;
                                              before -1: there is none */
    int64_t requests;                      /* of one reading of the list; 0: 1 */
    int64_t changes; /* listings seen opening or closing, SCHEDULE_MEMORY_DAYS back */
    double days;     /* in so many days of proven readings */

    /* The plan. */
    enum due due;
    double rate;          /* changes a day, estimated */
    double weight;        /* the rate, moved a little by chance, so that those alike take turns */
    double expected;      /* changes since the last proven reading */
    uint32_t extra_reads; /* of today, in all */
};

struct schedule_options {
    int64_t now;
    int64_t extra_requests; /* a day, over all sources; what today's retries took is taken off */
};

/* Fill the plan of each. */
void schedule_plan(struct schedule_source *sources, size_t n, const struct schedule_options *opt);

/* Changes a day after so many in so many days, where sources like it have `pool` a day. */
double schedule_rate(int64_t changes, double days, double pool);

#endif
