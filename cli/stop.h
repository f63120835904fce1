#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Being asked to stop. stop_watch() blocks SIGINT and SIGTERM for the process; from then
 * on stop_requested() says whether one has arrived, so that a crawl can end its readings
 * and commit. There is no handler and no shared state: the kernel holds the answer
 * (sigpending), and a second signal changes nothing.
 */
void stop_watch(void);
bool stop_requested(void);

int64_t stop_monotonic_ms(void);
int64_t stop_clock_s(void); /* the system's UTC clock */

#endif
