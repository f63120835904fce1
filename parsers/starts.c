#include "parsers/starts.h"

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

/* Two bytes say nothing of the third, and '~' is any letter or none. */
static bool is_short(const char *word)
{
    for (size_t i = 1; i < 3; i++)
        if (!word[i] || word[i] == '~')
            return true;
    return false;
}

void beginnings_add(struct beginnings *io, const char *const *words)
{
    for (; *words; words++) {
        const char *w = *words;
        uint64_t bits = is_short(w) ? UINT64_MAX : UINT64_C(1) << beginnings_bit(w[1], w[2]);

        io->rest[w[0] & 127] |= bits;
    }
}
