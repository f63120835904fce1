#include "cli/pipeline.h"

#include "cli/stop.h"
#include "core/cleanup.h"
#include "site/publish.h"

/* ---- signals ---- */

static int use_vintage(struct cli *cli, struct store *s, const struct extractor *x, struct diag *d)
{
    size_t n = extractor_skills(x);
    struct str *ids = ARENA_NEW(cli->run, struct str, n + 1);
    int r;

    for (size_t i = 0; i < n; i++)
        ids[i] = extractor_skill(x, (uint32_t)i)->id;
    r = store_use_vintage(s, extractor_vintage(x), ids, n, cli->now, d);
    return r < 0 ? r : 0;
}

int pipeline_extract(struct cli *cli, struct store *s, struct extractor *x, int64_t *ret_n,
                     struct diag *d)
{
    struct arena page = ARENA_INIT;
    int64_t cursor = 0, n = 0;
    int r = use_vintage(cli, s, x, d);

    while (!r && !stop_requested()) {
        struct revision rev;
        struct signal sig = { 0 };

        arena_reset(&page);
        r = store_next_unread(s, &cursor, &page, &rev, d);
        if (r == STORE_NONE) {
            r = 0;
            break;
        }
        if (!r)
            r = extract(x, &rev.listing, &page, &sig, d);
        if (!r)
            r = store_put_signal(s, rev.id, &sig, d);
        n += !r;
    }
    arena_free(&page);
    if (!r)
        r = store_flush(s, d);
    *ret_n = n;
    return r;
}
