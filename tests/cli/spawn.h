#ifndef TESTS_CLI_SPAWN_H
#define TESTS_CLI_SPAWN_H

#include <stdint.h>
#include <sys/types.h>

#include "core/arena.h"
#include "core/str.h"

/*
 * The built program, as a person runs it: words in, exit status and both streams out. It gets
 * an environment of its own (HOME is SCRATCH_DIR), so that no file of the tester's is read.
 */
struct spawned {
    int status; /* exit status, or 128 + the signal that ended it */
    struct str out, err;
    int64_t ms, cpu_ms, max_rss_kib; /* how long it ran and computed, the most memory it held */
};

struct spawn_options {
    struct str in;         /* standard input; empty: none */
    int64_t max_file_kib;  /* the child's files may grow to this: a full disk; 0: no limit */
    const char *const env; /* one more NAME=VALUE; may be NULL */
    const char *terminal;  /* the device that has both streams; NULL: they are what was written */
    const char *preload;   /* a library that comes before all others; may be NULL */
};

/* A program under way: started by spawn_start(), ended by spawn_wait(). */
struct running {
    pid_t pid;
    int out, err; /* files of the memory, grown by the child */
    int64_t started_ms;
};

/* `words` ends with NULL and does not name the program. A child that cannot be started ends the
 * test program: nothing after it would mean anything. */
struct running spawn_start(const struct spawn_options *opt, const char *const words[]);
struct spawned spawn_wait(struct arena *a, struct running *r);
struct spawned spawn_with(struct arena *a, const struct spawn_options *opt,
                          const char *const words[]);

/* spawn(&arena, "demand", "--stage", "2") */
#define spawn(a, ...)                                                                              \
    spawn_with((a), &(struct spawn_options){ 0 }, (const char *const[]){ __VA_ARGS__, NULL })

/* What the child has written on standard output by now. */
struct str spawn_output(struct arena *a, const struct running *r);

/* The raw value of the first `"key":` in a JSON text of ours; empty: there is none. Strings keep
 * their quotes. */
struct str json_field(struct str json, const char *key);

/* How often `what` stands in `text`. */
size_t count_of(struct str text, struct str what);

/* Files of a test. */

/* An empty folder SCRATCH_DIR/name, removed first with all that was in it. */
const char *scratch_folder(struct arena *a, const char *name);

/* Write folder/path, making the folders between. */
void scratch_file(struct arena *a, const char *folder, const char *path, struct str bytes);

/* A sanitizer's own memory is no measure. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_COUNTS false
#endif
#endif
#ifndef MEMORY_COUNTS
#define MEMORY_COUNTS true
#endif

#endif
