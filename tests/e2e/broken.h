#ifndef TESTS_E2E_BROKEN_H
#define TESTS_E2E_BROKEN_H

#include "tests/e2e/play.h"

/*
 * A board read on the 11th with two ads; on the 12th it has four, and the run of that day is what
 * goes wrong (io_faults.c says how). Whatever it was: the store is whole, and the next run comes to
 * where it would have come anyway.
 */
void broken_open(struct play *p, const char *name);
/* The same, read on the 11th, and what is in the state folder then put aside. */
void broken_begin(struct play *p, const char *name);

/* The run of the 12th over what was put aside, with a fault ("starve:7"); NULL: over what is
 * there, with none, and two hours later. */
struct spawned broken_run(struct play *p, const char *fault);

/* The store is whole, and after one more run it is as if nothing had happened; else says what is.
 */
bool broken_goes_on(struct play *p);

/* Under a sanitizer nothing else can be preloaded: false, and it is said. */
bool broken_may_preload(void);

#endif
