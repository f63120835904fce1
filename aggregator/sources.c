#include "aggregator/sources.h"

#include "core/date.h"

const struct source_state *source_find(const struct source_state *sources, size_t n, struct str key)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(sources[mid].row.key, key);

        if (order == 0)
            return &sources[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

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
