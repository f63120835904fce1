#ifndef PARSERS_REQUISITION_H
#define PARSERS_REQUISITION_H

#include "core/listing.h"
#include "core/signal.h"

struct beginnings;
struct spots;

/*
 * The number of the job that an ad gives in its words, where its source has no field for it:
 * in the title ("Data Engineer - 5050304"), behind a label ("Requisition ID: JR-10423", "Job #
 * 4411"), by its shape ("R0184095", "2023-21666") or alone on a line ("POS-24007"). Where a text
 * gives several it is a list of jobs and gives none. It tells two jobs apart; what else such a
 * number may be (a grade, a class of jobs) is why it joins none by itself. `text` are the spots of
 * in->text.
 */
void requisition_read(const struct listing *in, const struct spots *text, struct requisition *ret);

/* With what a label may begin. */
void requisition_watch(struct beginnings *io);

#endif
