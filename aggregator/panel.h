#ifndef AGGREGATOR_PANEL_H
#define AGGREGATOR_PANEL_H

#include "aggregator/market.h"

/*
 * The constant-panel index: each source is compared with its own last proven value, the
 * values are summed over the sources that have one at most PANEL_GAP_DAYS old, and the
 * ratios are chained. A source enters with its second proven day, so adding one moves
 * nothing; a silent one stands still and, when it returns, moves by what happened meanwhile.
 */
enum { HIRING_WAIT_DAYS = 180 }; /* a board added because it was hiring waits so long */

struct panel_source {
    struct str key;
    int64_t enters;        /* compared on later days only */
    int64_t last_day;      /* of its last proven value */
    int64_t value, before; /* newest proven value; the one the last step left */
    bool known, read_today;
};

struct panel {
    struct panel_source *items; /* in order of key */
    size_t n;
    double index; /* 0: not begun */
};

/* One slot a source; those whose `why_added` says hiring wait. */
void panel_init(struct panel *p, const struct source_state *sources, size_t n, struct arena *a);
struct panel_source *panel_find(struct panel *p, struct str key); /* NULL: none */

/* Its last proven value, from an earlier day, when the chain is taken up again. */
void panel_restore(struct panel_source *s, int64_t day, int64_t value);

/* What a source's proven reading of today says; taken into account by panel_step(). */
void panel_read(struct panel_source *s, int64_t value);

/* Close the day: move the index and forget which sources were read. */
void panel_step(struct panel *p, int64_t day);

/* The name of the figure that keeps a source's value. */
struct str source_figure(struct str key, struct arena *a);

/* The openings that count, or would if their source were not stale. */
int64_t market_counting(const struct market *m);

/* The same, given one source's postings alone, so that no other source can change them. */
int64_t source_value(const struct market_in *in, struct arena *scratch);

#endif
