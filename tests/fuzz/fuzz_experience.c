/* Any text: no crash, and what is read is a possible demand on a person. */
#include <stdlib.h>

#include "parsers/experience.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };

    for (int field = 0; field < 2; field++) {
        struct experience e;

        (void)experience_read(text, field, NULL, &e);
        if (e.min_months < -1 || e.min_months > 6480 || e.max_months > 6480
            || (e.max_months >= 0 && e.min_months > e.max_months))
            abort();
    }
    return 0;
}
