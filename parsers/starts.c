#include "parsers/starts.h"

#include <string.h>

#include "core/block.h"

static void judge(struct starts *w)
{
    struct block b = block_of(w->text, w->next);
    uint64_t alpha = block_alpha(b), digit = block_digit(b), alnum = alpha | digit;

    w->left = (alpha & ~(alnum << 1 | w->alnum)) | (digit & ~(digit << 1 | w->digit));
    w->alnum = alnum >> (BLOCK - 1);
    w->digit = digit >> (BLOCK - 1);
    w->next += BLOCK;
}

bool starts_next(struct starts *io, size_t *ret_at)
{
    while (!io->left) {
        if (io->next >= io->text.n)
            return false;
        judge(io);
    }
    *ret_at = io->next - BLOCK + block_first(io->left);
    io->left &= io->left - 1;
    return true;
}

void beginnings_add_word(struct beginnings *io, struct str word)
{
    /* Two bytes say nothing of the third. */
    uint64_t bits = word.n < 3 ? UINT64_MAX : UINT64_C(1) << beginnings_bit(word.p[1], word.p[2]);

    io->rest[word.p[0] & 127] |= bits;
}

void beginnings_add(struct beginnings *io, const char *const *words)
{
    for (; *words; words++)
        beginnings_add_word(io, (struct str){ *words, strcspn(*words, "~") });
}
