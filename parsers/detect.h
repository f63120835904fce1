#ifndef PARSERS_DETECT_H
#define PARSERS_DETECT_H

#include "parsers/adapter.h"

struct arena;

enum { DETECT_FOUND = 1 };

/*
 * The source that a careers page leads to: its own address, the board whose addresses stand in
 * its HTML most often, or its own site, where its HTML has an adapter's sign; those of any site
 * (JobPostings, a feed) are looked for last. DETECT_FOUND with *ret (key, adapter, params), or 0.
 * `ads` is an array of n adapters; the first that knows an address wins it. Of a saved page
 * `page_url` may be empty: it is where the page says it is.
 */
int detect_url(struct arena *a, const struct adapter *ads, size_t n, struct str url,
               struct source *ret);
int detect_page(struct arena *a, const struct adapter *ads, size_t n, struct str html,
                struct str page_url, struct source *ret);

/* The parameters that `url_param` reads from an address; false when it is not of this adapter. */
bool detect_params(struct arena *a, const struct adapter *ad, struct str url, struct source *ret);

#endif
