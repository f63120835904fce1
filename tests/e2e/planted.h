#ifndef TESTS_E2E_PLANTED_H
#define TESTS_E2E_PLANTED_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"

/*
 * A planted market: employers, their boards and jobs, and what happens to them day by day. It is
 * made before anything is read, so what is true of a day is known without the program that is
 * tested: planted_truth() asks the jobs' lives, planted_expect() the jobs' lives as of the days on
 * which the plan lets each board be read whole.
 */
enum { PLANTED_DAYS = 90, TOOLS = 10, JOBS_MAX = 900, BOARDS_MAX = 28, EMPLOYERS_MAX = 20 };

enum board_kind { GREENHOUSE, LEVER, ASHBY, RECRUITEE, SMART, CAREERS, FEED, BOARD_KINDS };

/* What a board answers on a day. */
enum board_day { FINE, FAULT, EMPTY, GONE };

struct planted_board {
    enum board_kind kind;
    int employer; /* -1: an aggregator, which names the employer ad by ad */
    int from;     /* the day it is first configured */
    int renamed;  /* from that day on under another key; 0: never */
    bool says_was;
    enum board_day days[PLANTED_DAYS];
};

struct planted_job {
    int employer;
    int title, cities, tools, seed;
    bool core, india;
    int boards;          /* bits: where the employer shows it */
    bool echoed;         /* an aggregator shows it too */
    int opens, closes;   /* shown from .. up to, without the day it closes */
    int opens2, closes2; /* and once more; equal: never */
    bool new_id;         /* the second time as a new ad */
    int edited, tools2;  /* from that day on it asks for other tools; 0: never */
};

struct planted {
    const char *employers[EMPLOYERS_MAX];
    int n_employers, n_boards, n_jobs, n_days;
    struct planted_board boards[BOARDS_MAX];
    struct planted_job jobs[JOBS_MAX];
};

/* The first `employers` of the plan, over `days`. */
void planted_make(struct planted *m, int employers, int days);

/* An ad that a board shows on a day: a job in a city, in its first or second life. */
struct planted_ad {
    const struct planted_job *job;
    int city, life;
    int expires; /* the day its feed says it ends */
    bool gone;   /* listed still, but its own page is not there any more */
};
enum { ADS_MAX = 400 };
int planted_ads(const struct planted *m, int board, int day, struct planted_ad ret[ADS_MAX]);

/* Everything of an ad in words. */
const char *planted_id(struct arena *a, const struct planted *m, const struct planted_ad *ad);
const char *planted_title(const struct planted_job *j);
const char *planted_city(const struct planted_ad *ad);
struct str planted_text(struct arena *a, const struct planted_job *j, int day); /* HTML */
int planted_requisition(const struct planted *m, const struct planted_job *j);
extern const char *const planted_tools[TOOLS]; /* their ids in the rules */

/* The board's answers of a day, as files of its site. */
void planted_write(const struct planted *m, int board, int day, void *ctx,
                   void (*file)(void *ctx, const char *path, struct str bytes));
/* The rows that serve them. */
struct str planted_site(struct arena *a, const struct planted *m, int board);
/* The source as it is configured on a day; empty: not yet. */
struct str planted_source(struct arena *a, const struct planted *m, int board, int day);

/* What is true of a day. */
struct planted_counts {
    int openings;
    int tools[TOOLS]; /* openings that ask for it */
    int stale;        /* known open, by boards silent for more than 14 days */
    bool all_proven;  /* planted_expect(): each board was read whole, and none was doubted */
};
void planted_truth(const struct planted *m, int day, struct planted_counts *ret);

/* The same as far as the boards that could be read let it be known: each board as of its last
 * day read whole. Days are to be asked in turn from 0; `memory` is kept between. */
struct planted_memory {
    bool known[BOARDS_MAX][JOBS_MAX][2];  /* by life: ever shown on a day that was read */
    bool open[BOARDS_MAX][JOBS_MAX][2];   /* and not proven absent since */
    bool held[BOARDS_MAX][JOBS_MAX][2];   /* a fall lacked it: the next whole list decides */
    int expires[BOARDS_MAX][JOBS_MAX][2]; /* at a feed: as it said last */
    bool read[BOARDS_MAX];                /* proven at least once */
    int proven[BOARDS_MAX];               /* the day */
};
void planted_expect(const struct planted *m, int day, struct planted_memory *memory,
                    struct planted_counts *ret);

#endif
