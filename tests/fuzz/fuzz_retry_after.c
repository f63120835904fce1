#include <stdlib.h>

#include "crawler/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const int64_t now = 1795470840;
    int64_t until;

    if (retry_after_parse((struct str){ (const char *)data, n }, now, &until)
        && (until <= now || until > now + PATIENCE_MAX_S))
        abort();
    return 0;
}
