#include "crawler/schedule.h"

#include "core/date.h"
#include "core/hash.h"

enum {
    POOL_DAYS = 2, /* of its own outweigh what the others are like */
    RETRY_AFTER_S = 3600,
    RETRY_DOUBLINGS = 3,
    BISECTIONS = 60,
};

static const double known_after_days = 1; /* a source observed for less gets no extra read */
static const double least_expected = .02; /* changes that an extra read must be likely to find */
static const double spread = .05;         /* how far chance moves a gain, so that ties take turns */

double schedule_rate(int64_t changes, double days, double pool)
{
    return ((double)changes + POOL_DAYS * pool) / (days + POOL_DAYS);
}

static double pooled_rate(const struct schedule_source *sources, size_t n)
{
    double changes = 0, days = 0;

    for (size_t i = 0; i < n; i++) {
        changes += (double)sources[i].changes;
        days += sources[i].days;
    }
    return days > 0 ? changes / days : 0;
}

/* Within [0, 1): of a source on a day, the same whenever it is asked. */
static double chance(struct str key, int64_t day)
{
    const struct str parts[] = { key, { (const char *)&day, sizeof(day) } };

    return (double)(hash_parts(parts, 2).low >> 11) / 9007199254740992.0;
}

static int64_t requests_of(const struct schedule_source *s)
{
    return s->requests > 0 ? s->requests : 1;
}

/* Today's reads beyond the daily one, whatever they were for. */
static int64_t extras_done(const struct schedule_source *s)
{
    return s->reads_today > 1 ? s->reads_today - 1 : 0;
}

/* How many extra reads today are worth `least` listing-days a request, each. */
static uint32_t reads_worth(const struct schedule_source *s, double least)
{
    uint32_t k = 0;

    if (s->days < known_after_days)
        return 0;
    while (k < EXTRA_READS_MOST && s->rate / (k + 2) >= least_expected
           && s->weight / (2 * (k + 1.) * (k + 2.) * (double)requests_of(s)) >= least)
        k++;
    return k;
}

static double cost_of(const struct schedule_source *sources, size_t n, double least)
{
    double cost = 0;

    for (size_t i = 0; i < n; i++)
        cost += (double)reads_worth(&sources[i], least) * (double)requests_of(&sources[i]);
    return cost;
}

/* What an extra read must be worth so that the budget pays for all that are. */
static double least_worth(const struct schedule_source *sources, size_t n, double budget)
{
    double low = 0, high = 0;

    if (cost_of(sources, n, 0) <= budget)
        return 0;
    for (size_t i = 0; i < n; i++)
        high = sources[i].weight > high ? sources[i].weight : high;
    for (int i = 0; i < BISECTIONS; i++) {
        double mid = (low + high) / 2;

        if (cost_of(sources, n, mid) <= budget)
            high = mid;
        else
            low = mid;
    }
    return high;
}

static int64_t retry_wait(const struct schedule_source *s)
{
    int64_t again = s->tries_today - 1;

    again = again < 0 ? 0 : again > RETRY_DOUBLINGS ? RETRY_DOUBLINGS : again;
    return (int64_t)RETRY_AFTER_S << again;
}

/* What is due whatever the budget. */
static enum due owed(const struct schedule_source *s, int64_t now)
{
    int64_t today = day_of(now), since = now - s->last_reading;

    if (!s->last_reading)
        return DUE_NEVER_READ;
    if (day_of(s->last_reading) < today)
        return DUE_DAILY;
    if (day_of(s->last_proven) < today || s->awaits_proof) {
        if (since < retry_wait(s))
            return DUE_NOT;
        return s->awaits_proof ? DUE_PROOF : DUE_RETRY;
    }
    if (s->texts_owed && s->last_reading == s->last_proven && since >= RETRY_AFTER_S
        && (s->texts_owed_before < 0 || s->texts_owed < s->texts_owed_before))
        return DUE_TEXTS;
    return DUE_NOT;
}

/* The day is cut evenly by a source's extra reads; each is moved by up to an eighth of a part. */
static bool extra_is_due(const struct schedule_source *s, int64_t now)
{
    double part = (double)DAY_SECONDS / (s->extra_reads + 1.);
    double shift = (chance(s->key, 0) - .5) / 4;
    int64_t done = extras_done(s), since = now - s->last_reading, day = day_of(now);

    return done < (int64_t)s->extra_reads && s->last_reading == s->last_proven
           && day_of(s->last_proven) == day && !s->awaits_proof
           && (double)(now - day_start(day)) >= ((double)done + 1 + shift) * part
           && (double)since >= part / 2;
}

void schedule_plan(struct schedule_source *sources, size_t n, const struct schedule_options *opt)
{
    double pool = pooled_rate(sources, n), least;
    int64_t left = opt->extra_requests, day = day_of(opt->now);

    for (size_t i = 0; i < n; i++) {
        struct schedule_source *s = &sources[i];
        int64_t unseen = s->last_proven ? opt->now - s->last_proven : 0;

        s->rate = schedule_rate(s->changes, s->days, pool);
        s->weight = s->rate * (1 + spread * chance(s->key, day));
        s->expected = s->rate * (double)unseen / DAY_SECONDS;
        s->due = owed(s, opt->now);
        left -= extras_done(s) * requests_of(s);
    }
    least = least_worth(sources, n, (double)opt->extra_requests);
    for (size_t i = 0; i < n; i++) {
        struct schedule_source *s = &sources[i];

        s->extra_reads = reads_worth(s, least);
        if (s->due || left < requests_of(s) || !extra_is_due(s, opt->now))
            continue;
        s->due = DUE_EXTRA;
        left -= requests_of(s);
    }
}
