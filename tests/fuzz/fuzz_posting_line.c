/* Any bytes as a line of postings: read, or refused with a reason. */
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/posting_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct posting_line p = { 0 };
    struct diag d = { 0 };

    if (posting_line_read((struct str){ (const char *)data, n }, &a, &p, &d)) {
        if (!d.text[0])
            abort();
    } else if (!p.listing.native_id.n || !utf8_valid(p.listing.text)) {
        abort();
    }
    return 0;
}
