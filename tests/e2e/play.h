#ifndef TESTS_E2E_PLAY_H
#define TESTS_E2E_PLAY_H

#include "boards/boards.h"
#include "tests/cli/spawn.h"
#include "tests/e2e/certificates.h"

/*
 * A play: a folder of sites, the boards that serve it, a configuration that names them and a
 * state of its own. The clock of the program is what the test says ("12T03:30": of November
 * 2026, UTC).
 *
 *     play_open(&p, "slow");
 *     play_file(&p, "127.0.0.2/site.tsv", STR("GET\t/jobs\t-\t200\tjobs.json\tslow=10\n"));
 *     play_start(&p, "- { adapter: greenhouse, params: { token: t, base: '@2' } }\n");
 *     s = play(&p, "11T03:30", "crawl", "--format", "jsonl");
 */
struct play {
    struct arena memory;
    const char *folder, *config, *state;
    struct boards *boards;
    struct authority *authority; /* NULL: nobody speaks TLS */
};

void play_open(struct play *p, const char *name);
void play_file(struct play *p, const char *path, struct str bytes); /* of a site */
void play_day(struct play *p, int day);                             /* turn the boards' page */

/* The site speaks TLS with such a certificate, from the next start on; the program trusts its
 * authority. */
void play_certificate(struct play *p, const char *host, enum certificate kind);

/* Start the boards and write the configuration; "@2" in the sources stands for
 * http://127.0.0.2:PORT, or https:// where it has a certificate. */
void play_start(struct play *p, const char *sources);
void play_sources(struct play *p, const char *sources); /* from now on these are configured */
void play_restart(struct play *p);                      /* the boards, where they were */
void play_close(struct play *p);

struct running play_begin(struct play *p, const struct spawn_options *opt, const char *at,
                          const char *const words[]);
struct spawned play_with(struct play *p, const char *at, const char *const words[]);
#define play(p, at, ...) play_with((p), (at), (const char *const[]){ __VA_ARGS__, NULL })

/* Requests that reached the boards for this path and query; ending in `*`: a prefix. */
size_t play_hits(struct play *p, const char *path);

/* One value asked in SQL; -1 where the answer is none. */
int64_t play_number(struct play *p, const char *query);

/* Boards to serve. */

/* A Greenhouse answer with a job for each letter: "AB" has jobs A and B, each with a
 * requisition of its own; a lower-case letter is the same job with an edited text. */
struct str greenhouse_board(struct arena *a, const char *letters);

#define GREENHOUSE_PATH "/v1/boards/palash/jobs?content=true&pay_transparency=true"
#define GREENHOUSE_SOURCE                                                                          \
    "- { adapter: greenhouse, company: Palash Pay, params: { token: palash, base: '@2' } }\n"

#endif
