#include "crawler/host.h"

#include "core/date.h"
#include "core/hash.h"

enum {
    FIRST_WAIT_S = 60,
    ROBOTS_AGE_S = 24 * 3600, /* RFC 9309 2.4 */
};

int64_t pace_due(const struct pace *p, uint32_t gap_ms)
{
    if (p->busy)
        return PACE_NEVER;
    return p->used ? p->sent_us + (int64_t)gap_ms * 1000 : 0;
}

/* now + wait, where a wait is at least a second and at most a day. */
static int64_t until(int64_t now, int64_t wait)
{
    if (wait < 1)
        wait = 1;
    return now + (wait > PATIENCE_MAX_S ? PATIENCE_MAX_S : wait);
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_digit(s.p[i]))
            return false;
    return s.n;
}

bool retry_after_parse(struct str value, int64_t now, int64_t *ret_until)
{
    int64_t t;

    value = str_trim(value);
    if (all_digits(value)) {
        /* What does not fit is longer than the cap. */
        *ret_until = until(now, str_int(value, &t) ? t : PATIENCE_MAX_S);
        return true;
    }
    if (!date_parse_http(value, &t))
        return false;
    *ret_until = until(now, t - now);
    return true;
}

/* Base doubled n times, at most a day. */
static int64_t doubled(int64_t base, uint32_t n)
{
    while (n-- && base < PATIENCE_MAX_S)
        base *= 2;
    return base < PATIENCE_MAX_S ? base : PATIENCE_MAX_S;
}

/* Up to a tenth more, by the host's name: hosts that failed together are not asked again together.
 */
static int64_t jittered(int64_t wait, const struct host_state *h)
{
    uint64_t tenth = (uint64_t)wait / 10 + 1;

    return wait + (int64_t)((hash64_of(h->host) + h->failures) % tenth);
}

/* A time further away than we ever set one comes from a clock that jumped: not believed. */
static bool ahead(int64_t t, int64_t now)
{
    return t > now && t - now <= PATIENCE_MAX_S;
}

enum host_gate host_gate(const struct host_state *h, int64_t now)
{
    if (ahead(h->next_ok, now))
        return HOST_PATIENT;
    return ahead(h->breaker_until, now) ? HOST_RESTING : HOST_OPEN;
}

bool host_robots_fresh(const struct host_state *h, int64_t now)
{
    bool answered = h->robots_status >= 200 && h->robots_status < 500 && h->robots_status != 206
                    && h->robots_status != 429;

    return answered && h->robots_at <= now && now - h->robots_at < ROBOTS_AGE_S;
}

bool host_answered(struct host_state *h)
{
    bool changed = h->failures || h->next_ok || h->breaker_until;

    h->failures = 0;
    h->next_ok = h->breaker_until = 0;
    return changed;
}

bool host_failed(struct host_state *h, uint32_t limit, uint32_t rest_s, int64_t now)
{
    if (h->failures < UINT32_MAX)
        h->failures++;
    if (h->failures >= limit)
        h->breaker_until = until(now, jittered(doubled(rest_s, h->failures - limit), h));
    return true;
}

bool host_asked_patience(struct host_state *h, struct str retry_after, int64_t now)
{
    if (!retry_after_parse(retry_after, now, &h->next_ok))
        h->next_ok = until(now, jittered(doubled(FIRST_WAIT_S, h->failures), h));
    if (h->failures < UINT32_MAX)
        h->failures++;
    return true;
}
