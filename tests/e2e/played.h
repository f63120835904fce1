#ifndef TESTS_E2E_PLAYED_H
#define TESTS_E2E_PLAYED_H

#include "config/config.h"
#include "core/buf.h"
#include "tests/e2e/play.h"
#include "tests/e2e/replay.h"

/*
 * A play of planned boards: each on an address of its own (127.1.x.y), read by its shipped
 * adapter from there.
 *
 *     played_open(&p, "replay");
 *     b = played_add(&p, adapter, key, &params);      any number of them
 *     ... plan its days ...
 *     played_write(&p, b);
 *     played_start(&p, 100);
 */
struct played {
    struct play play;
    struct kinds kinds;
    struct config config; /* as it is shipped */
    struct {
        struct replay_board **items;
        size_t n, cap;
    } boards;
    struct buf sources;
};

void played_open(struct played *p, const char *name);

/* A board and its source. `params` are the source's own but for `base`; NULL: those that its kind
 * names. */
struct replay_board *played_add(struct played *p, const struct adapter *ad, struct str key,
                                const struct strs *params, bool never);
void played_write(struct played *p, const struct replay_board *b);

/* Start the boards. The adapters are as they are shipped, but that the gaps between requests are
 * divided by `faster`. */
void played_start(struct played *p, int faster);
void played_close(struct played *p);

/* Whether a request was for the board's own host, and for more than its robots.txt. */
bool played_hit(const struct replay_board *b, const struct boards_hit *hit);

/* The line of a crawl's report (--format jsonl) for a source; empty: there is none. */
struct str report_line(struct arena *a, struct str report, struct str key);

#endif
