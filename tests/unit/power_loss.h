#ifndef TESTS_UNIT_POWER_LOSS_H
#define TESTS_UNIT_POWER_LOSS_H

/*
 * A file system under SQLite (a VFS over the machine's own) whose power can fail: of each sector
 * written since the file's last sync any version may be what is on the disk then, also the one
 * before; of a file that grew, any length since. What was synced stays; names and deletions are
 * taken for done at once.
 */

/* Every database opened from now on is on it; the power fails at the n-th call that writes, cuts
 * or syncs. When it does, the process ends at once with status POWER_LOST. */
enum { POWER_LOST = 9 };
void power_fails_at(long n, unsigned seed);

/* How many such calls there have been. */
long power_calls(void);

#endif
