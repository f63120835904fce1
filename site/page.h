#ifndef SITE_PAGE_H
#define SITE_PAGE_H

#include "site/feeds.h"

/* index.html while it is written: page/index.html is the frame, each {{slot}} a function's output.
 */
struct page {
    const struct site_input *in;
    struct arena *a;
    struct buf *out;
};

typedef void page_slot(struct page *p);

/* page_stages.c, page_tables.c */
page_slot page_stages, page_demand, page_cities, page_sources, page_history;

/* page_parts.c. Printing by column would bury the words: these four do most of the page. */
void page_raw(struct page *p, const char *markup);
void page_text(struct page *p, struct str text); /* escaped */
void page_number(struct page *p, int64_t n);     /* 12,34,567 */
void page_percent(struct page *p, double share); /* "45%", "-" where not known */

/* "45% (32-58%)", or the plain count where too few. */
void page_share(struct page *p, const struct share *s);

/* A bar of `share`, with a whisker from low to high where there is an interval; 0..1. */
void page_bar(struct page *p, double share, double low, double high);

void page_when(struct page *p, int64_t t); /* "23 Nov 2026, 21:30 IST" */

#endif
