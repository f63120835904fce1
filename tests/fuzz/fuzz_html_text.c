/* Any bytes are HTML: no crash, and the text is UTF-8. */
#include <stdlib.h>

#include "core/arena.h"
#include "core/utf8.h"
#include "parsers/html_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = ARENA_INIT;
    struct str in = { (const char *)data, n };

    if (!utf8_valid(html_text(&a, in)))
        abort();
    (void)html_unescape(&a, in);
    (void)plain_text(&a, in);
    arena_free(&a);
    return 0;
}
