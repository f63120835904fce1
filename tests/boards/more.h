#ifndef TESTS_BOARDS_MORE_H
#define TESTS_BOARDS_MORE_H

#include <microhttpd.h>
#include <stdbool.h>

#include "boards/site.h"

/*
 * The addresses beyond the first nine: each 127.x.y.z that is a site's folder. One thread takes
 * their connections and gives them to one daemon.
 */
struct more;

/* Listen on each of them at `port`. NULL: one is taken. */
struct more *more_listen(struct arena *a, const struct sites *sites, uint16_t port);

/* Take connections for the daemon, which is stopped with the rest. False: no thread. */
bool more_serve(struct more *m, struct MHD_Daemon *daemon);
void more_stop(struct more **m);

#endif
