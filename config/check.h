#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config/config.h"

/*
 * What only a whole configuration can tell: sites that are never read, adapters and
 * sources that are sound (parsers/adapter.h), boards on this machine. ERR_CONFIG
 * blames the value.
 */
int check_boards(const struct config *c, struct arena *a, struct diag *d) MUST_USE;

/* The sites that are never read, and why. */
struct never_site {
    const char *name, *why;
};
const struct never_site *never_sites(size_t *ret_n);

/* Why the site of a URL is never read; NULL: nothing is against it. */
const char *never_read(struct str url);

/* Whether a URL or "host:port" names this machine: localhost, 127.0.0.0/8, ::1, 0.0.0.0. */
bool names_loopback(struct str url);

#endif
