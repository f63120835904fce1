#include "parsers/spots.h"

#include "core/arena.h"
#include "core/block.h"
#include "parsers/experience.h"
#include "parsers/place.h"
#include "parsers/requisition.h"
#include "parsers/scan.h"

static void add_all(struct beginnings *io, const struct beginnings *of)
{
    for (size_t i = 0; i < ARRAY_LEN(io->rest); i++)
        io->rest[i] |= of->rest[i];
}

void spotter_init(struct spotter *ret)
{
    *ret = (struct spotter){ 0 };
    scan_number_watch(&ret->number, &ret->number_rest);
    place_line_watch(&ret->place);
    requisition_watch(&ret->job);
    experience_watch(&ret->fresher);
    add_all(&ret->any, &ret->number);
    add_all(&ret->any, &ret->place);
    add_all(&ret->any, &ret->job);
    add_all(&ret->any, &ret->fresher);
}

/* Four letters are asked of a number: "for" and "this" begin like forty and thirty. */
static uint32_t kinds_of(const struct spotter *s, struct str text, size_t at)
{
    uint32_t number = beginnings_at(&s->number, text, at);
    uint32_t kinds = (beginnings_at(&s->place, text, at) ? SPOT_PLACE : 0U)
                     | (beginnings_at(&s->job, text, at) ? SPOT_JOB : 0U)
                     | (beginnings_at(&s->fresher, text, at) ? SPOT_FRESHER : 0U);

    if (number && at + 1 < text.n && beginnings_at(&s->number_rest, text, at + 1))
        kinds |= SPOT_NUMBER;
    return kinds;
}

/* Of the places in the block at `at`, those at which a watched word may begin. */
static uint64_t watched(const struct beginnings *any, struct str text, size_t at, uint64_t places)
{
    char last[BLOCK + 2] = { 0 };
    const char *p = text.p + at;
    uint64_t ret = 0;

    if (text.n - at < sizeof(last)) { /* never read behind a text */
        memcpy(last, p, text.n - at);
        p = last;
    }
    for (; places; places &= places - 1) {
        unsigned z = block_first(places);
        uint64_t rest = any->rest[p[z] & 31];

        ret |= (rest >> beginnings_bit(p[z + 1], p[z + 2]) & 1) << z;
    }
    return ret;
}

void spots_find(const struct spotter *s, struct str text, struct arena *a, struct spots *ret)
{
    uint64_t alnum_before = 0, digit_before = 0; /* 1: the byte before the block is one */

    *ret = (struct spots){ .text = text };
    for (size_t i = 0; i < text.n; i += BLOCK) {
        struct block b = block_of(text, i);
        uint64_t digit = block_digit(b), alnum = block_alnum(b);
        uint64_t numbers = digit & ~(digit << 1 | digit_before);
        uint64_t words = alnum & ~(alnum << 1 | alnum_before); /* "100% remote" begins so too */

        words = watched(&s->any, text, i, words);
        for (uint64_t left = numbers | words; left; left &= left - 1) {
            unsigned z = block_first(left);
            uint32_t kinds = numbers >> z & 1 ? SPOT_DIGIT : 0;

            if (words >> z & 1)
                kinds |= kinds_of(s, text, i + z);
            if (kinds)
                *ARENA_PUSH(a, ret) = (struct spot){ (uint32_t)(i + z), kinds };
        }
        alnum_before = alnum >> (BLOCK - 1);
        digit_before = digit >> (BLOCK - 1);
    }
}
