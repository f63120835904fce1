#ifndef CORE_FORMAT_H
#define CORE_FORMAT_H

#include "core/str.h"

struct arena;

/* Numbers as people in India read them. Machines get plain integers elsewhere. */

struct str format_grouped(struct arena *a, int64_t n); /* 1234567 -> "12,34,567" */

/* Whole rupees, short: "₹28L", "₹12.5L", "₹1.2 Cr"; under a lakh "₹85,000". */
struct str format_rupees(struct arena *a, int64_t inr);

/* A pay range in its currency: "₹10L-19L", "from ₹10L", "up to ₹19L", "USD 90,000-120,000". */
struct str format_pay(struct arena *a, int64_t min, int64_t max, const char *currency);

struct str format_percent(struct arena *a, double share); /* 0.452 -> "45%"; NaN -> "-" */

#endif
