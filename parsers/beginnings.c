#include "parsers/beginnings.h"

#include "parsers/scan.h"

void beginnings_add_word(struct beginnings *io, struct str word)
{
    /* Two bytes say nothing of the third. */
    uint64_t bits = word.n < 3 ? UINT64_MAX : UINT64_C(1) << beginnings_bit(word.p[1], word.p[2]);

    io->rest[word.p[0] & 31] |= bits;
}

void beginnings_add(struct beginnings *io, const char *const *words)
{
    for (; *words; words++)
        beginnings_add_word(io, (struct str){ *words, scan_word_size(*words) });
}
