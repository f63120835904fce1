#ifndef PARSERS_WORK_MODE_H
#define PARSERS_WORK_MODE_H

#include "core/signal.h"
#include "core/str.h"

/*
 * An explicit statement of the work mode in an ad's text or title: "3 days a week from
 * office", "fully remote", "#LI-Hybrid". MODE_UNKNOWN when none is clear.
 */
enum work_mode mode_read(struct str text, enum field field, struct evidence *ret_from);

#endif
