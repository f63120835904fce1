#ifndef STORE_PACK_H
#define STORE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/signal.h"
#include "store/words.h"

struct arena;

/*
 * What signals call the skills of a vintage. A skill keeps its number from one vintage to the next,
 * so that what other rules conclude alike is the same bytes, whichever skills stand beside it.
 */
struct skill_numbers {
    uint32_t *number; /* by skill, n of them; those beyond have the numbers beyond */
    size_t n;
    uint32_t *skill; /* by number, n_numbers of them; SKILL_NONE: no skill of the vintage */
    size_t n_numbers;
};
#define SKILL_NONE UINT32_MAX

/*
 * A signal as bytes, the same on every machine. Numbers are LEB128 varints, signed ones
 * zigzag first; the first byte is the format's version. A string is a rule or a name: its
 * number among the words, or 0, its length and its bytes.
 *
 *     version 3
 *     family track level mode india stage stage_confidence, a byte each; stage_reason (string)
 *     evidence of family, level, mode, india
 *     experience: min max (signed), evidence
 *     pay: kind, and unless undisclosed: min max (signed) currency (string) period evidence
 *     requisition: id (string), evidence unless it is empty
 *     n places: city state country (strings), evidence
 *     n bullets: bullet, evidence
 *     n mentions: number of its skill - number before (signed),
 *                 polarity | section << 3 | implied << 7, start, (end - start) << 1 | in the title
 *
 *     evidence: field | confidence << 3, rule (string), start, end - start (signed)
 *
 * In versions 1 (without requisition) and 2, still read, n strings came first, each its bytes and a
 * NUL, and a string was its number among them; a mention had a byte for its field, and then start
 * and end - start (signed).
 */
void signal_pack(struct buf *to, const struct signal *sig, struct words *words,
                 const struct skill_numbers *skills);

/* False when the bytes are not what signal_pack() wrote, or a word or a skill is not known. Strings
 * are the words', and like the lists live in `a` where they are not. */
bool signal_unpack(struct str packed, const struct words *words, const struct skill_numbers *skills,
                   struct arena *a, struct signal *ret);

#endif
