#ifndef TESTS_BOARDS_SITE_H
#define TESTS_BOARDS_SITE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/arena.h"
#include "core/exchange.h"

/* One row of a site.tsv: which requests it is for, and how they are answered. */
struct row {
    struct str method, path; /* path ending in `*`: a prefix */
    int64_t from, to;        /* days, both included */
    int status;
    struct str file; /* under the site's folder; empty: no body */
    struct str type, match;
    struct header headers[16];
    size_t n_headers;
    int64_t delay_ms, slow, cut, length, bomb, times; /* -1: not given */
    bool etag, chunked, gzip, close, reset, hang, endless, raw, origin;
    atomic_long served;
};

struct site {
    struct str host; /* the folder's name */
    struct rows {
        struct row *items;
        size_t n, cap;
    } rows;
};

struct sites {
    struct site *items;
    size_t n, cap;
};

/* Read every DIR/<host>/site.tsv. False: `why` says file and line. */
bool sites_load(struct arena *a, const char *dir, struct sites *ret, char why[200]);

/* The first row for the request that still has turns, taken one turn; NULL: none. */
struct row *site_pick(struct site *s, struct str method, struct str url, struct str body,
                      int64_t day);

#endif
