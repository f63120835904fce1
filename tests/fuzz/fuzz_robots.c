#include <stdlib.h>

#include "core/arena.h"
#include "crawler/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The first line is the URL, the rest the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str body = { (const char *)data, n }, url = str_cut(&body, '\n');
    struct arena a = ARENA_INIT;
    struct robots *r = robots_parse(&a, body, STR("roletide/0.1"));
    struct robots_verdict v = robots_ask(r, url);

    /* A refusal always names the line it comes from. */
    if (!v.allow && !v.line)
        abort();
    if (robots_crawl_delay(r) < 0 && robots_crawl_delay(r) > -1)
        abort();
    arena_free(&a);
    return 0;
}
