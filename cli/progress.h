#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/pipeline.h"

/*
 * How far a crawl is: a line for each host that is being asked, and a total with an estimate.
 * On a terminal they stay at its foot and are drawn anew; elsewhere they are said when asked
 * for. The caller keeps how many lines stand there.
 */
void progress_show(struct cli *cli, const struct crawl_progress *now, size_t *lines);
void progress_clear(size_t *lines);

#endif
