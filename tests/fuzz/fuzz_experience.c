/* Any text: no crash, and what is read is a possible demand on a person. */
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/experience.h"
#include "spots_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct spots text = spots_of(&a, (struct str){ (const char *)data, n });

    for (int field = 0; field < 2; field++) {
        struct experience e;

        (void)experience_read(&text, field, NULL, &e);
        if (e.min_months < -1 || e.min_months > 6480 || e.max_months > 6480
            || (e.max_months >= 0 && e.min_months > e.max_months))
            abort();
    }
    return 0;
}
