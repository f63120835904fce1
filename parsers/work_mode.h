#ifndef PARSERS_WORK_MODE_H
#define PARSERS_WORK_MODE_H

#include "core/signal.h"
#include "parsers/spots.h"

/*
 * An explicit statement of the work mode in an ad's text or title: "3 days a week from
 * office", "fully remote", "#LI-Hybrid". MODE_UNKNOWN when none is clear.
 */
enum work_mode mode_read(const struct spots *in, enum field field, struct evidence *ret_from);

/* With what the words of each list may begin: SPOT_MODES of them. */
void mode_watch(struct beginnings *io);

#endif
