/* Any text: no crash, and what is read lies within the bounds that pay.h promises. */
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/pay.h"
#include "spots_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct spots text = spots_of(&a, (struct str){ (const char *)data, n });

    for (int source = PAY_IN_FIELD; source <= PAY_IN_TEXT; source++) {
        struct pay p;

        if (!pay_read(&text, (enum pay_source)source, &(struct pay_job){ .indian = true }, NULL,
                      &p))
            continue;
        if (p.annual_min < 0 || p.annual_max < 0 || p.annual_max > 200000000
            || (p.annual_max && p.annual_min > p.annual_max) || p.from.end > n)
            abort();
    }
    return 0;
}
