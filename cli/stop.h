#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Being asked to stop, or how far it is. stop_watch() blocks SIGINT, SIGTERM and SIGUSR1 for the
 * process; from then on stop_requested() says whether one has arrived, so that a crawl can end its
 * readings and commit. There is no handler and no shared state: the kernel holds the answer
 * (sigpending), and a second signal changes nothing.
 */
void stop_watch(void);
bool stop_requested(void);

/* Whether SIGUSR1 came since the last call: somebody wants to know the state of things. */
bool stop_state_asked(void);

int64_t stop_monotonic_ms(void);
int64_t stop_clock_s(void); /* the system's UTC clock */

#endif
