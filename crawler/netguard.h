#ifndef CRAWLER_NETGUARD_H
#define CRAWLER_NETGUARD_H

#include <stdbool.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

struct arena;
struct sockaddr;

/*
 * Where the crawler may go. A feed, a redirect or a name server can name any address, also
 * those of the machine and the network around it; so the address rule is asked for each
 * connect, with the address that was resolved, and the URL rule before anything is sent.
 */

/* True for public unicast addresses; and for 127.0.0.0/8 and ::1 where loopback is allowed. */
bool netguard_address(const struct sockaddr *address, bool allow_loopback);

/* A URL as libcurl reads it. */
struct url_parts {
    struct str url;    /* normalised, without fragment */
    struct str origin; /* "scheme://name:port", lower case */
    struct str name;   /* the host, lower case, without a final dot */
    bool secure;       /* https */
};

/*
 * http and https only; no user or password; no address in place of a name, however it is
 * spelled, and no localhost, but loopback where it is allowed. ERR_DENIED: not to be asked.
 */
int netguard_url(struct arena *a, struct str url, bool allow_loopback, struct url_parts *ret,
                 struct diag *d) MUST_USE;

/*
 * The same for a URL that goes where another one goes that has passed: `known` are that one's
 * parts. False: not surely the same, ask netguard_url().
 */
bool netguard_beside(struct arena *a, struct str url, const struct url_parts *known,
                     struct url_parts *ret);
/* "scheme://name:port", up to the path, as it is written; empty: there is no path. */
struct str netguard_front(struct str url);

/* Location against the URL that answered with it, in normal form; ERR_FORMAT: not a URL. */
int netguard_join(struct arena *a, struct str base, struct str location, struct str *ret,
                  struct diag *d) MUST_USE;

#endif
