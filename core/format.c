#include "core/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"

enum { LAKH = 100000, CRORE = 10000000 };

/* Three digits, then pairs: 12,34,567. */
struct str format_grouped(struct arena *a, int64_t n)
{
    char digits[24], out[40];
    size_t len, at = 0;
    bool negative = n < 0;

    snprintf(digits, sizeof(digits), "%" PRIu64, negative ? 0 - (uint64_t)n : (uint64_t)n);
    len = strlen(digits);
    if (negative)
        out[at++] = '-';
    for (size_t i = 0; i < len; i++) {
        size_t left = len - i;

        if (i && (left == 3 || (left > 3 && (left - 3) % 2 == 0)))
            out[at++] = ',';
        out[at++] = digits[i];
    }
    return str_dup(a, (struct str){ out, at });
}

/* One decimal at most, and none that is zero. */
static struct str scaled(struct arena *a, int64_t n, int64_t unit, const char *suffix)
{
    int64_t tenths = (n * 10 + unit / 2) / unit;

    if (tenths % 10)
        return str_printf(a, "%" PRId64 ".%" PRId64 "%s", tenths / 10, tenths % 10, suffix);
    return str_printf(a, "%" PRId64 "%s", tenths / 10, suffix);
}

static struct str amount(struct arena *a, int64_t inr)
{
    if (inr >= CRORE)
        return scaled(a, inr, CRORE, " Cr");
    if (inr >= LAKH)
        return scaled(a, inr, LAKH, "L");
    return format_grouped(a, inr);
}

struct str format_rupees(struct arena *a, int64_t inr)
{
    return str_printf(a, "₹" STR_FMT, STR_ARG(amount(a, inr)));
}

static struct str western(struct arena *a, int64_t n)
{
    if (n < 1000)
        return str_printf(a, "%" PRId64, n);
    return str_printf(a, STR_FMT ",%03" PRId64, STR_ARG(western(a, n / 1000)), n % 1000);
}

struct str format_pay(struct arena *a, int64_t min, int64_t max, const char *currency)
{
    bool inr = strcmp(currency, "INR") == 0;
    struct str sign = inr ? STR("₹") : str_printf(a, "%s ", currency);
    struct str low = inr ? amount(a, min) : western(a, min);
    struct str high = inr ? amount(a, max) : western(a, max);

    if (min && max && min != max)
        return str_printf(a, STR_FMT STR_FMT "-" STR_FMT, STR_ARG(sign), STR_ARG(low),
                          STR_ARG(high));
    if (min && max)
        return str_printf(a, STR_FMT STR_FMT, STR_ARG(sign), STR_ARG(low));
    if (min)
        return str_printf(a, "from " STR_FMT STR_FMT, STR_ARG(sign), STR_ARG(low));
    if (max)
        return str_printf(a, "up to " STR_FMT STR_FMT, STR_ARG(sign), STR_ARG(high));
    return STR("-");
}

struct str format_percent(struct arena *a, double share)
{
    return isfinite(share) ? str_printf(a, "%.0f%%", round(share * 100) + 0.0) : STR("-");
}
