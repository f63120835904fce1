/* What one posting is by itself, and what its opening pays. */
#include "aggregator/posting.h"

#include <string.h>

#include "core/date.h"

/* A window board proves no absence, so a stated expiry ends its postings between readings. */
bool posting_open(const struct posting_fact *f, int64_t at)
{
    if (f->ended_by && f->ended_by <= at)
        return false;
    return !(f->source_window && f->expires && f->expires <= at);
}

bool posting_fresh(const struct posting_fact *f, int64_t at)
{
    return source_fresh(f->source_proven, at);
}

enum why_counted posting_why(const struct posting_fact *f, int64_t at)
{
    if (!posting_open(f, at))
        return CLOSED;
    if (!f->has_signal)
        return NO_SIGNAL;
    if (f->signal.family != FAMILY_CORE)
        return f->signal.family == FAMILY_ADJACENT ? ADJACENT : NOT_CORE;
    if (f->signal.india == INDIA_NO)
        return NOT_INDIA;
    if (f->signal.india == INDIA_REMOTE_OPEN)
        return REMOTE_ONLY;
    return posting_fresh(f, at) ? COUNTED : STALE;
}

const struct pay *opening_pay(const struct opening *o)
{
    if (o->lead->has_signal && o->lead->signal.pay.kind != PAY_UNDISCLOSED)
        return &o->lead->signal.pay;
    for (size_t i = 0; i < o->n_members; i++)
        if (o->members[i]->has_signal && o->members[i]->signal.pay.kind != PAY_UNDISCLOSED)
            return &o->members[i]->signal.pay;
    return NULL;
}

bool pay_in_inr(const struct opening *o, double *ret)
{
    const struct pay *p = opening_pay(o);

    if (!p || strcmp(p->currency, "INR") != 0 || p->kind == PAY_STIPEND || p->kind == PAY_IN_HAND)
        return false;
    if (p->annual_min <= 0 && p->annual_max <= 0)
        return false;
    *ret = p->annual_min <= 0   ? (double)p->annual_max
           : p->annual_max <= 0 ? (double)p->annual_min
                                : ((double)p->annual_min + (double)p->annual_max) / 2;
    return true;
}
