#ifndef SITE_FEEDS_H
#define SITE_FEEDS_H

#include "core/buf.h"
#include "site/publish.h"

struct arena;

/*
 * One writer a published file: its bytes, from the figures. Each is a pure function of
 * the input, so equal figures give equal bytes. The page's is page.h.
 */
typedef void feed_writer(const struct site_input *in, struct arena *a, struct buf *out);

/* data.c: v1/ */
feed_writer data_roles, data_skills, data_stages, data_salary, data_openings, data_sources,
    data_index, data_history;

/* feeds.c: for feed readers, badges and monitoring */
feed_writer feed_atom, feed_json, feed_badge_json, feed_badge_svg, feed_metrics;

/* page.c: index.html */
feed_writer page_write;

struct str site_title(const struct site_input *in);

/* Why the newest openings stand in the feeds: the counted ones, latest first proof first. */
enum { FEED_ITEMS = 50 };
const struct opening **newest_openings(const struct site_input *in, struct arena *a, size_t max,
                                       size_t *ret_n);

/* Attributions that sources ask for, each once, in order of source. */
struct strs site_attributions(const struct site_input *in, struct arena *a);

#endif
