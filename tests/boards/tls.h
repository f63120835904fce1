#ifndef TESTS_BOARDS_TLS_H
#define TESTS_BOARDS_TLS_H

#include <microhttpd.h>
#include <stdbool.h>

struct arena;

/*
 * The options by which an address speaks TLS: where the folder DIR/<host> holds cert.pem and
 * key.pem. False: it does not; the list is then empty.
 */
bool tls_options(struct arena *a, const char *root, const char *host, struct MHD_OptionItem ret[3]);

#endif
