#ifndef CLI_CRAWL_REPORT_H
#define CLI_CRAWL_REPORT_H

#include "cli/pipeline.h"

/* What a person (a line a source, progress on a terminal) or a machine (--format jsonl) sees of a
 * crawl. */
struct crawl_printer {
    struct cli *cli;
    size_t progress_lines; /* on the terminal */
    struct failures {
        struct failure {
            struct str source, error;
            enum trouble trouble;
        } * items;
        size_t n, cap;
    } failed; /* said at the end, with what to do */
};

struct crawl_watcher crawl_printer_watcher(struct crawl_printer *p);
void crawl_printer_end(struct crawl_printer *p, const struct crawl_totals *totals);

/*
 * What a command ends with that crawled and then went on with outcome r: r where that failed;
 * else 0, EXIT_PARTIAL when it was stopped or some sources failed, 1 when every one failed.
 */
int crawl_exit_status(int r, const struct crawl_totals *t);

#endif
