#ifndef CORE_EXCHANGE_H
#define CORE_EXCHANGE_H

#include "core/hash.h"
#include "core/str.h"

/*
 * One request and its answer, as the reading protocol (parsers/reading.h) and the
 * fetcher (crawler/fetch.h) see them; and the facts about a host and a transfer that
 * the crawler reports and the store keeps.
 */

enum { HEADER_MAX = 8, SECRETS_MAX = 4 };

struct header {
    struct str name, value;
};

struct request {
    struct str method;                 /* "GET" or "POST" */
    struct str url;                    /* absolute, http or https */
    struct str body;                   /* POST only */
    struct header headers[HEADER_MAX]; /* beside those the fetcher always sends */
    size_t n_headers;
    struct str etag, last_modified; /* validators of the copy we hold; empty: none */
    uint32_t max_body_kib;          /* decoded; 0: the fetcher's default */
    uint32_t gap_ms;       /* least time since the last request of the pace group; 0: default */
    struct str pace_group; /* requests of one group never overlap; empty: the URL's host */
    /*
     * "{secret:NAME}" in url, headers and body stands for a key. It is filled in only in the
     * transfer, only for these names, and only where the request goes to this origin; everything
     * that is kept or said has the unfilled form.
     */
    struct str secrets[SECRETS_MAX];
    size_t n_secrets;
    struct str secret_origin; /* "https://name"; empty: none may be filled in */
    bool robots_exempt; /* true only where the vendor publishes the address as an API for all */
};

enum answer_outcome {
    ANSWER_OK,        /* a whole answer, whatever its status */
    ANSWER_UNCHANGED, /* 304 to our validators: no body */
    ANSWER_DENIED,    /* robots.txt, an address rule or a skipped host: nothing was sent */
    ANSWER_DEFERRED,  /* the host asked for patience (429, 503, Retry-After, breaker): nothing more
                         now */
    ANSWER_FAILED,    /* connect, TLS, time-out, truncation, too large: no body to be trusted */
};

struct answer {
    enum answer_outcome outcome;
    int status;           /* HTTP status; 0: none came */
    struct str final_url; /* after redirects */
    struct str content_type;
    struct str etag, last_modified;
    struct str body;       /* decoded (RFC 9110 8.4); only with ANSWER_OK */
    struct hash body_hash; /* of it, where somebody has worked it out; zero: nobody has */
    char error[200];       /* why, when outcome is DENIED, DEFERRED or FAILED */
};

/* A line of the ledger: every request made or refused, robots.txt fetches included. */
struct transfer {
    struct str method, url; /* placeholders unfilled where the request had secrets */
    int64_t at;             /* UTC seconds */
    enum answer_outcome outcome;
    char robots[16];      /* "allow", "disallow", "none", "exempt", "unreachable" */
    uint32_t robots_line; /* the deciding line of robots.txt; 0: no line decided */
    uint32_t gap_required_ms, gap_kept_ms; /* on the monotonic clock; kept 0: the group's first */
    int status;
    int64_t bytes_wire, bytes_body;
    uint32_t ms;
    bool reused; /* the connection */
    uint32_t redirects;
    char error[200];
};

/* What is remembered of a host between runs. */
struct host_state {
    struct str host;       /* "scheme://name:port", lower case */
    struct str robots;     /* the body, first 500 KiB */
    int robots_status;     /* 0: never fetched or unreachable */
    int64_t robots_at;     /* when; RFC 9309 2.4: not used after 24 h */
    int64_t next_ok;       /* no request before this time (Retry-After) */
    uint32_t failures;     /* in a row; the breaker counts them */
    int64_t breaker_until; /* one probe is allowed after this time */
};

const char *answer_outcome_name(enum answer_outcome o);

#endif
