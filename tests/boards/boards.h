#ifndef TESTS_BOARDS_BOARDS_H
#define TESTS_BOARDS_BOARDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Job boards to practise on: a small HTTP server for fixture sites, with every bad habit a
 * board can have. README.md has the format of the folder. It listens on 127.0.0.1 to
 * 127.0.0.9, and on every other 127.x.y.z that is a site's folder, with one port, and nowhere
 * else.
 */
struct boards;

/* Port 0 picks a free one. `log` may be NULL, or a file that gets a line for each request:
 * milliseconds since the start, connection, host, method, URL, user agent, validators.
 * NULL: it could not start; `why` has the reason. */
struct boards *boards_start(const char *root, uint16_t port, const char *log, char why[200]);
uint16_t boards_port(const struct boards *b);
void boards_stop(struct boards **b);

/* A request as it arrived, in order of arrival; 0 beyond the last. */
struct boards_hit {
    int64_t at_us;   /* monotonic */
    uint64_t socket; /* a number for the connection: equal numbers, a connection kept alive */
    char host[64], method[8], url[256], agent[128], from[64], validator[128], secret[64];
    char strange[64]; /* a header that the crawler never has to send: a cookie, what was injected */
};
int boards_hit(struct boards *b, size_t i, struct boards_hit *ret);
size_t boards_hits(struct boards *b);

#endif
