#ifndef TESTS_BENCH_ENGINES_PEER_H
#define TESTS_BENCH_ENGINES_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Another engine that tells which of many patterns stand in a text of bytes. */
struct peer {
    const char *name;
    /* Whether it can be asked for the pattern at all: none looks around, as PCRE2 does. */
    bool (*takes)(const char *pattern);
    /* NULL: refused; it said why. */
    void *(*open)(const char *const *patterns, size_t n);
    /* Sets a bit for each pattern that matches somewhere. */
    void (*find)(void *engine, const char *text, size_t n, uint64_t *set);
    void (*close)(void *engine);
};

extern const struct peer peer_vectorscan, peer_re2;

#ifdef __cplusplus
}
#endif

#endif
