#ifndef CLI_MARKED_H
#define CLI_MARKED_H

#include "cli/cli.h"
#include "core/buf.h"
#include "core/signal.h"

/*
 * A posting's text with what was found in it marked in place: in colours or brackets on a
 * terminal, as <mark class="POLARITY" title="SKILL, POLARITY"> in HTML.
 */
void marked_print(struct cli *cli, const struct signal *s, enum field f, struct str text);

/* `names`: of the skills, as the signal's mentions count them. */
void marked_html(struct buf *to, const struct signal *s, enum field f, struct str text,
                 const struct strs *names);

#endif
