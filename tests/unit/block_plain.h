#ifndef TESTS_BLOCK_PLAIN_H
#define TESTS_BLOCK_PLAIN_H

#include <stdint.h>

uint64_t plain_eq(const char *p, char c);
uint64_t plain_in(const char *p, char from, int n);
uint64_t plain_high(const char *p);
uint64_t plain_alpha(const char *p);
uint64_t plain_alnum(const char *p);
uint64_t plain_not_from(const char *p, char c);
uint64_t plain_word(const char *p);
void plain_fold(const char *p, char *ret);

#endif
