#include "parsers/spots.h"

#include <string.h>

#include "core/arena.h"
#include "core/block.h"
#include "parsers/place.h"
#include "parsers/scan.h"
#include "parsers/work_mode.h"

void beginnings_add_word(struct beginnings *io, struct str word)
{
    /* Two bytes say nothing of the third. */
    uint64_t bits = word.n < 3 ? UINT64_MAX : UINT64_C(1) << beginnings_bit(word.p[1], word.p[2]);

    io->rest[beginnings_byte(word.p[0]) & 127] |= bits;
}

void beginnings_add(struct beginnings *io, const char *const *words)
{
    for (; *words; words++)
        beginnings_add_word(io, (struct str){ *words, strcspn(*words, "~") });
}

static void add_all(struct beginnings *io, const struct beginnings *of)
{
    for (size_t i = 0; i < ARRAY_LEN(io->rest); i++)
        io->rest[i] |= of->rest[i];
}

void spotter_init(struct spotter *ret)
{
    *ret = (struct spotter){ 0 };
    scan_number_watch(&ret->number);
    mode_watch(&ret->mode);
    place_line_watch(&ret->place);
    add_all(&ret->any, &ret->number);
    add_all(&ret->any, &ret->mode);
    add_all(&ret->any, &ret->place);
}

static uint32_t kinds_of(const struct spotter *s, struct str text, size_t at)
{
    return (beginnings_at(&s->number, text, at) ? SPOT_NUMBER : 0U)
           | (beginnings_at(&s->mode, text, at) ? SPOT_MODE : 0U)
           | (beginnings_at(&s->place, text, at) ? SPOT_PLACE : 0U);
}

void spots_find(const struct spotter *s, struct str text, struct arena *a, struct spots *ret)
{
    uint64_t alnum_before = 0, digit_before = 0; /* 1: the byte before the block is one */

    *ret = (struct spots){ .text = text };
    for (size_t i = 0; i < text.n; i += BLOCK) {
        struct block b = block_of(text, i);
        uint64_t digit = block_digit(b), alnum = block_alpha(b) | digit;
        uint64_t numbers = digit & ~(digit << 1 | digit_before);
        uint64_t words = alnum & ~(alnum << 1 | alnum_before); /* "100% remote" begins so too */

        for (uint64_t left = numbers | words; left; left &= left - 1) {
            unsigned z = block_first(left);
            uint32_t kinds = numbers >> z & 1 ? SPOT_DIGIT : 0;

            if (words >> z & 1 && beginnings_at(&s->any, text, i + z))
                kinds |= kinds_of(s, text, i + z);
            if (kinds)
                *ARENA_PUSH(a, ret) = (struct spot){ (uint32_t)(i + z), kinds };
        }
        alnum_before = alnum >> (BLOCK - 1);
        digit_before = digit >> (BLOCK - 1);
    }
}
