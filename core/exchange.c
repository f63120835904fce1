#include "core/exchange.h"

static const char *const outcomes[] = { "ok", "unchanged", "denied", "deferred", "failed" };

const char *answer_outcome_name(enum answer_outcome o)
{
    return (size_t)o < ARRAY_LEN(outcomes) ? outcomes[o] : "?";
}
