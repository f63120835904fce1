#ifndef CLI_CRAWL_PLAN_H
#define CLI_CRAWL_PLAN_H

#include "cli/due.h"

/*
 * What a crawl would do now, asking nobody: each source that is due is reported with its first
 * request, why it is made and when: by the pace of its group, or not before its host's wish for
 * patience ends, or not at all by the robots.txt that is held. s may be NULL: no store yet.
 */
int crawl_plan(struct cli *cli, struct store *s, const struct source_list *due,
               const struct crawl_watcher *watcher, struct diag *d) MUST_USE;

#endif
