#ifndef CLI_CRAWL_HOSTS_H
#define CLI_CRAWL_HOSTS_H

#include "cli/pipeline.h"

/* The hosts of a crawl. */
struct crawl_hosts {
    struct arena *memory;
    struct crawl_host *items;
    size_t n, cap;
};

#define NO_HOST SIZE_MAX

/* The place of the host that a source's first request goes to: it has a source more. */
size_t crawl_host_find(struct crawl_hosts *h, struct str url);

/* Nobody waits for an answer; but this source does, there. */
void crawl_hosts_rest(struct crawl_hosts *h);
void crawl_host_waits(struct crawl_host *host, struct str source);

#endif
