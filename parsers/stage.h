#ifndef PARSERS_STAGE_H
#define PARSERS_STAGE_H

#include <stdint.h>

#include "core/signal.h"

/*
 * At which stage of the roadmap a reader must be to meet an ad's floor (TAXONOMY 5):
 * years and title give a window, bullets break ties, pay never decides.
 */
enum { STAGE_MAX = 5, STAGE_OF_ANY_JOB = 3 };

struct stage_facts {
    int32_t min_months, max_months; /* -1: not given */
    enum level level;
    uint32_t
        bullets[STAGE_MAX + 1]; /* how many bullets of each stage the ad evidences; [0] unused */
};

struct stage_verdict {
    int stage; /* 1..5; 0: unstaged */
    enum confidence confidence;
    const char *reason; /* a constant sentence */
};

struct stage_verdict stage_decide(const struct stage_facts *facts);

#endif
