#ifndef TESTS_BOARDS_BOARDS_H
#define TESTS_BOARDS_BOARDS_H

#include <stdint.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

/*
 * Job boards played on loopback by a real HTTP server, for tests and the demo. It listens
 * on 127.0.0.1 to 127.0.0.9, the same port on each, so that every board is a host of its
 * own; never on any other address. README.md beside this file has the format of ROOT.
 */
struct boards;

/* port 0 picks a free one. ERR_FORMAT names site.tsv and line; ERR_IO: an address is taken. */
int boards_start(struct boards **ret, const char *root, uint16_t port, struct diag *d) MUST_USE;
uint16_t boards_port(const struct boards *b);
void boards_stop(struct boards **b);

/* How many requests came so far whose "ADDRESS METHOD PATH" begins with `prefix` ("" for all). */
size_t boards_count(struct boards *b, struct str prefix);

#endif
