#ifndef CLI_CREW_H
#define CLI_CREW_H

#include <stddef.h>

/*
 * Workers that keep the order of their work. Items are given one by one and come back one by one in
 * the same order, whichever of them was done first. Each worker has a tool of its own (an extractor
 * with its scratch memory), so that workers share nothing; an item belongs to the caller before
 * crew_give() and after crew_take(), and to one worker between them.
 *
 * One thread gives and takes. It bounds the memory: at most CREW_OUT items may be out.
 */
struct crew;
typedef void crew_work(void *tool, void *item);

enum { CREW_MAX = 256, CREW_OUT = 4 * CREW_MAX };

/* A thread for each of the n tools (1 to CREW_MAX). Where the system grants fewer threads, fewer
 * work; where it grants none, crew_take() does the work itself. */
struct crew *crew_start(crew_work *work, void *const *tools, size_t n);
void crew_give(struct crew *c, void *item);

/* The item given first, done: waits for it. NULL when none is out. */
void *crew_take(struct crew *c);
void crew_end(struct crew **c); /* what is out is finished first, and dropped */

/* How many processors this process may use, at most CREW_MAX. */
size_t crew_processors(void);

#endif
