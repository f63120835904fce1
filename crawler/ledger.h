#ifndef CRAWLER_LEDGER_H
#define CRAWLER_LEDGER_H

#include <stdbool.h>

#include "core/exchange.h"

struct arena;

/*
 * The ledger replayed: whether the manners were kept, from what was written down alone. Lines
 * are given in the order in which they were written; each may break
 *
 *   gap       less time than required since the pace group's last request
 *   robots    sent although robots.txt disallowed it or could not be had, or a request for which
 *             no robots.txt of its host was asked for in the day before (RFC 9309 2.4)
 *   patience  sent before the time that the host's 429 or 503 asked to be left alone until
 *   overlap   sent while another request to the host was under way
 *
 * Times of the ledger are whole seconds, so an overlap of less than a second is not seen there:
 * the gap, on the finer clock, covers it.
 */
enum manner { MANNER_KEPT, MANNER_GAP, MANNER_ROBOTS, MANNER_PATIENCE, MANNER_OVERLAP };

const char *manner_name(enum manner m); /* "gap", "robots" ... */

struct ledger; /* what is remembered of each host */

struct ledger *ledger_new(struct arena *a);

/* The first manner that this line breaks, with what should have been in `why`. Hosts are kept in
 * the arena; t may go. */
enum manner ledger_take(struct ledger *l, const struct transfer *t, char why[200]);

#endif
