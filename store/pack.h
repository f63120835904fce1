#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "core/buf.h"
#include "core/signal.h"

struct arena;

/*
 * A signal as bytes, the same on every machine. Numbers are LEB128 varints, signed ones
 * zigzag first; the first byte is the format's version.
 *
 *     version 2 (1: no requisition)
 *     n strings, each its bytes and a NUL      rules and names, once each
 *     family track level mode india stage stage_confidence, a byte each; stage_reason (string)
 *     evidence of family, level, mode, india
 *     experience: min max (signed), evidence
 *     pay: kind, and unless undisclosed: min max (signed) currency (string) period evidence
 *     requisition: id (string), evidence unless it is empty
 *     n places: city state country (strings), evidence
 *     n bullets: bullet, evidence
 *     n mentions: skill - skill before (signed), polarity | section << 3 | implied << 7,
 *                 field, start, end - start (signed)
 *
 *     evidence: field | confidence << 3, rule (string), start, end - start (signed)
 */
void signal_pack(struct buf *to, const struct signal *sig);

/* Lean: rules and reasons stay empty. */
enum signal_part { SIGNAL_WHOLE, SIGNAL_LEAN };

/* False when the bytes are not what signal_pack() wrote. Strings view `packed`, lists live in a. */
bool signal_unpack(struct str packed, enum signal_part part, struct arena *a, struct signal *ret);

#endif
