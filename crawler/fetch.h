#ifndef CRAWLER_FETCH_H
#define CRAWLER_FETCH_H

#include "core/diag.h"
#include "core/err.h"
#include "core/exchange.h"

struct arena;

/*
 * Requests -> answers, politely and safely. fetch_curl is the network: it honours
 * robots.txt (RFC 9309), keeps the pace of each host, remembers hosts that asked for
 * patience and refuses addresses that are not public. fetch_replay gives saved
 * answers, which is how the whole pipeline is tested without a network.
 */
struct fetcher {
    /* Queue a request; its strings are copied. `tag` comes back with the answer. */
    int (*submit)(struct fetcher *f, const struct request *r, void *tag, struct diag *d);
    /*
     * Wait up to timeout_ms for the next answer. FETCH_ANSWER: *ret and *ret_tag are
     * set, valid until the next call. FETCH_TIMEOUT: none yet. FETCH_IDLE: none is due.
     * Answers come in the order in which they are complete. A negative timeout waits as long
     * as it takes.
     */
    int (*next)(struct fetcher *f, const struct answer **ret, void **ret_tag, int timeout_ms,
                struct diag *d);
    /* How many more requests to hosts that rest would go out at once; none, while as many answers
     * as that are still to be taken. */
    size_t (*room)(const struct fetcher *f);
    void (*close)(struct fetcher *f);
};

enum { FETCH_ANSWER = 1, FETCH_TIMEOUT = 2, FETCH_IDLE = 3 };

void fetcher_close(struct fetcher **f);

/* What a fetcher is held to. Zero picks the default. */
struct fetch_options {
    struct str user_agent;      /* "roletide/0.1 (+URL)"; must not imitate a browser */
    struct str secrets_dir;     /* a file for each key; empty: $CREDENTIALS_DIRECTORY */
    struct str ca_file;         /* PEM: the authorities that are trusted; empty: the system's */
    struct str contact;         /* From: header; may be empty */
    uint32_t max_body_kib;      /* decoded; default 8192 */
    uint32_t timeout_s;         /* whole transfer; default 60 */
    uint32_t connect_timeout_s; /* default 10 */
    uint32_t stall_s;           /* under 1 KiB/s for so long ends it; default 15 */
    uint32_t gap_ms;            /* least time between two requests of a pace group; default 1000 */
    uint32_t max_crawl_delay_s; /* a longer Crawl-delay: the host is skipped; default 30 */
    uint32_t max_redirects;     /* default 5 */
    uint32_t max_active;        /* transfers at once, over all hosts; default 32 */
    uint32_t breaker_failures;  /* in a row before a host is left alone; default 5 */
    uint32_t breaker_s;         /* for so long, doubled with each failed probe; default 3600 */
    uint32_t max_tries;         /* of a GET whose connection broke; default 4, 1: no retry */
    uint32_t max_held_kib;      /* decoded, of all answers not yet given; above it no transfer
                                   starts; default 16384 */
    bool allow_loopback;        /* 127.0.0.0/8 and ::1 may be asked (test boards) */
    const char *(*never)(struct str url); /* why a site is not asked, redirected to or not; NULL: it
                                             may be */

    /*
     * Facts, as they come; each may be NULL. load_host: 0 found, positive: never heard of.
     * A negative value of any ends the fetcher's work: next() passes it up.
     */
    void *ctx;
    int (*load_host)(void *ctx, struct str host, struct arena *a, struct host_state *ret,
                     struct diag *d);
    int (*save_host)(void *ctx, const struct host_state *h, struct diag *d);
    int (*ledger)(void *ctx, const struct transfer *t, void *tag,
                  struct diag *d); /* tag NULL: robots.txt */
    int64_t (*now)(
        void *ctx); /* UTC seconds, for Retry-After and robots' age; NULL: the system clock */
};

int fetch_curl_open(struct fetcher **ret, const struct fetch_options *opt, struct diag *d) MUST_USE;

/* Saved answers: DIR/index.tsv names, for each "METHOD URL", status, headers and body file. */
int fetch_replay_open(struct fetcher **ret, const char *dir, struct diag *d) MUST_USE;

#endif
