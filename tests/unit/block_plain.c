/* The questions of core/block.h as they are answered without SIMD. */
#define BLOCK_PLAIN
#include "block_plain.h"

#include "core/block.h"

uint64_t plain_eq(const char *p, char c)
{
    return block_eq(block_at(p), c);
}

uint64_t plain_in(const char *p, char from, int n)
{
    return block_in(block_at(p), from, n);
}

uint64_t plain_high(const char *p)
{
    return block_high(block_at(p));
}

uint64_t plain_alpha(const char *p)
{
    return block_alpha(block_at(p));
}

uint64_t plain_alnum(const char *p)
{
    return block_alnum(block_at(p));
}

uint64_t plain_not_from(const char *p, char c)
{
    return block_bits(block_not_from(block_at(p), c));
}

uint64_t plain_word(const char *p)
{
    return block_word(block_at(p));
}

void plain_fold(const char *p, char *ret)
{
    struct block b = block_fold(block_at(p));

    memcpy(ret, &b, sizeof(b));
}
