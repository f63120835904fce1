#ifndef CRAWLER_ROBOTS_H
#define CRAWLER_ROBOTS_H

#include <stdbool.h>

#include "core/str.h"

struct arena;

/*
 * robots.txt by RFC 9309: groups by product token (2.2.1, case-insensitive, merged), Allow
 * and Disallow with `*` and `$` (2.2.3), the longest match decides and Allow wins a tie
 * (2.2.2), both sides percent-normalised; Crawl-delay and Sitemap as commonly used.
 * /robots.txt itself is always allowed. Only the first 500 KiB count (2.5).
 */
struct robots;

struct robots_verdict {
    bool allow;
    uint32_t line;   /* of the rule that decided; 0: none did */
    struct str rule; /* its text */
};

/* Views into body: it must outlive the result, which lives in `a`. */
struct robots *robots_parse(struct arena *a, struct str body, struct str agent);
struct robots_verdict robots_ask(const struct robots *r, struct str url_or_path);
double robots_crawl_delay(const struct robots *r); /* seconds; < 0: none stated */
const struct strs *robots_sitemaps(const struct robots *r);

#endif
