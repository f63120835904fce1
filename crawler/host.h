#ifndef CRAWLER_HOST_H
#define CRAWLER_HOST_H

#include <stdbool.h>

#include "core/exchange.h"

/*
 * The manners: when the next request may go to a host. Pure; the clocks are parameters,
 * since pace is kept on the monotonic one (microseconds) and patience on UTC (seconds).
 */

/* A pace group: its requests never overlap, and between two of them lies a gap. */
struct pace {
    bool busy;       /* a request is under way */
    bool used;       /* there was one before */
    int64_t sent_us; /* when its last request had reached the host */
};

enum { PATIENCE_MAX_S = 86400 }; /* however long a host asks us to wait */

#define PACE_NEVER INT64_MAX

/* When the next request may go out: PACE_NEVER while one is under way, 0 for the first. */
int64_t pace_due(const struct pace *p, uint32_t gap_ms);

/*
 * Retry-After (RFC 9110 10.2.3), seconds or a date: the time until which to wait, at least
 * a second and at most PATIENCE_MAX_S from now. False: the value is neither.
 */
bool retry_after_parse(struct str value, int64_t now, int64_t *ret_until);

enum host_gate {
    HOST_OPEN,    /* may be asked; after a rest, by one request that probes it */
    HOST_PATIENT, /* it asked us to wait, until next_ok */
    HOST_RESTING, /* it failed too often and is left alone until breaker_until */
};

enum host_gate host_gate(const struct host_state *h, int64_t now);

/* The robots.txt that is remembered may still be gone by: it came from an answer, not more than a
 * day ago, and not from a future that a clock made. */
bool host_robots_fresh(const struct host_state *h, int64_t now);

/* What an answer taught us. Each returns true where the state changed and should be kept. */
bool host_answered(struct host_state *h);
bool host_failed(struct host_state *h, uint32_t limit, uint32_t rest_s, int64_t now);
/* 429 or 503: `retry_after` where it sent one, else a wait that doubles each time.
 * Waits of our own making are up to a tenth longer, differently for each host. */
bool host_asked_patience(struct host_state *h, struct str retry_after, int64_t now);

#endif
