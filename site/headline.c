#include "site/headline.h"

#include <inttypes.h>
#include <math.h>

#include "core/arena.h"
#include "core/format.h"

static struct str rupees(struct arena *a, double inr)
{
    return isfinite(inr) ? format_rupees(a, (int64_t)inr) : STR("open");
}

/* Where the median stands to the band; empty where there is none to stand to. */
static const char *standing(enum band_verdict v)
{
    static const char *const words[] = {
        [BAND_UNKNOWN] = "",
        [BAND_BELOW] = ", below the band",
        [BAND_WITHIN] = ", within the band",
        [BAND_ABOVE] = ", above the band",
        [BAND_UNDECIDED] = ", perhaps beyond an end of the band",
    };

    return words[v];
}

static struct str observed(const struct salary *pay, enum band_verdict v, struct arena *a)
{
    const struct quantiles *q = &pay->pay;

    if (isfinite(q->p50))
        return str_printf(a,
                          "observed: median " STR_FMT " (" STR_FMT " to " STR_FMT
                          "), of the %" PRId64 " at %" PRId64 " employers that say%s",
                          STR_ARG(rupees(a, q->p50)), STR_ARG(rupees(a, q->p50_low)),
                          STR_ARG(rupees(a, q->p50_high)), q->n, q->employers, standing(v));
    if (q->n)
        return str_printf(
            a, "observed: too few say (%" PRId64 " of %" PRId64 ", at %" PRId64 " employers)", q->n,
            pay->openings, q->employers);
    return STR("observed: none says what it pays");
}

struct str headline_text(const struct market *m, const struct roles *r, const struct salary *pay,
                         struct arena *a)
{
    int64_t low, high;
    struct str band = STR("none on the page");

    roadmap_band(m->roadmap, &low, &high);
    if (low || high)
        band =
            str_printf(a, STR_FMT " a year on the page", STR_ARG(format_pay(a, low, high, "INR")));
    return str_printf(a, STR_FMT " open " STR_FMT " roles, salary band " STR_FMT "; " STR_FMT,
                      STR_ARG(format_grouped(a, r->openings)), STR_ARG(m->roadmap->role),
                      STR_ARG(band), STR_ARG(observed(pay, band_verdict(&pay->pay, low, high), a)));
}

struct str headline_limits(const struct roles *r, const struct salary *pay, struct arena *a)
{
    return str_printf(a,
                      "not in it: employers whose boards are not read; what the %" PRId64
                      " that name no yearly rupees pay; %" PRId64 " stale, %" PRId64
                      " merely open to India, %" PRId64 " adjacent",
                      pay->openings - pay->disclosed.openings, r->stale, r->remote_open,
                      r->adjacent);
}
