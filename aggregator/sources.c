#include "aggregator/sources.h"

#include "core/date.h"

bool source_fresh(int64_t proven, int64_t at)
{
    return day_of(at) - day_of(proven) <= STALE_DAYS;
}

int64_t newest_proof(const struct source_proven *known, size_t n)
{
    int64_t newest = 0;

    for (size_t i = 0; i < n; i++)
        if (known[i].proven > newest)
            newest = known[i].proven;
    return newest;
}
