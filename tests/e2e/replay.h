#ifndef TESTS_E2E_REPLAY_H
#define TESTS_E2E_REPLAY_H

#include "tests/e2e/kinds.h"

/*
 * Boards planned over three days: which jobs each has, what goes wrong when, and what a reader
 * must make of it. The plan is a function of the seed alone; the truth is worked out from the
 * plan by the rules that docs/method.md states, not by asking the program.
 */
enum { REPLAY_DAYS = 3, REPLAY_JOBS = 128, NOT_OPEN = UINT8_MAX };

/* What a fault wants of a board, so that it can be played there. */
enum fault_need {
    NEED_GET = 1,    /* the list is asked by GET: it may be asked again at once */
    NEED_PAGES = 2,  /* the list has two pages or more */
    NEED_TOTAL = 4,  /* it advertises a total */
    NEED_DETAIL = 8, /* a text is asked for on that day */
    NEED_STRANGER = 16,
    NEED_CAP = 32,
    NEED_MANY = 64, /* six jobs or more are open */
    NEED_ONE_PAGE = 128,
};

/* What comes of it. */
enum fault_effect {
    AS_EVER,     /* the list stands */
    FAILS,       /* nothing is learnt */
    NOWHERE,     /* the kind says what a 404 is */
    OF_STRANGER, /* the kind says what another tenant's answer is */
    FIRST_PAGE,  /* partial: the jobs of the first page are seen */
    ALL_SEEN,    /* partial: all jobs are seen, and nothing is proven */
};

/* How the list itself is played otherwise. */
enum fault_play {
    USUAL,
    COLLAPSE, /* one job is left; all are back the next day */
    COLLAPSE_STAYS,
    EMPTY,        /* no job is left; all are back the next day */
    FULL,         /* as many jobs as the board can list */
    REPEATS,      /* the second page is the first */
    MISCOUNTS,    /* the total says three more */
    MOVES,        /* a job more than the first page said, the first time */
    SECOND_FAILS, /* the second page: 500 */
    HALF,         /* half of the bytes, announced as the whole */
    STRANGER,
    DETAIL_FAILS, /* one text: 500 */
    DETAIL_GONE,  /* one posting's own page: 404, from then on */
};

struct fault {
    const char *name;
    unsigned needs;
    enum fault_effect effect;
    enum fault_play play;
    const char *answer; /* of the list's first request, in a site.tsv's words; "@": its file */
    const char *robots; /* the site's robots.txt: a status, or its text */
    const char *error;  /* a part of what the report must say; NULL: nothing */
    bool not_asked;     /* the list's address is never asked */
};

extern const struct fault replay_faults[];
extern const size_t replay_n_faults;

struct wanted { /* of a board on a day: the line of the report */
    const char *outcome, *error;
    int64_t opened, changed, closed, reopened, texts_owed;
    int64_t requests; /* -1: any */
    bool held;
};

struct replay_day {
    uint8_t jobs[REPLAY_JOBS];   /* the site's: the revision of each, 0: it is not open */
    uint8_t listed[REPLAY_JOBS]; /* what the list says of them */
    const struct fault *fault;   /* NULL: a good day */
    int odd_job;                 /* whose detail fails or is gone */
    struct wanted want;
    uint8_t open[REPLAY_JOBS]; /* afterwards: the revision whose title is known, or NOT_OPEN */
};

struct replay_board {
    const struct kind *kind;
    struct str key, employer;
    char host[32];
    struct words words; /* of every answer: its parameters, and its employer */
    unsigned number;
    uint32_t seed;
    const char *manner; /* how it sends: "etag", "gzip", "chunked", "close" or "" */
    int delay_ms;
    bool never; /* its policy is off: not asked at all */
    bool gone[REPLAY_JOBS];
    struct replay_day days[REPLAY_DAYS];
};

/* Plan a board's days. Of the faults that it can play it takes the one that boards of its kind,
 * then boards at all, have played least: counted by fault in `of_kind` and `of_all`. */
void replay_plan(struct replay_board *b, unsigned *of_kind, unsigned *of_all);

/* The posting's id as the program must know it, without ORIGIN; and its title in a revision (of 0:
 * none is known). */
struct str replay_id(struct arena *a, const struct replay_board *b, int job);
struct str replay_title(struct arena *a, const struct replay_board *b, int job, int revision);

/* Write the board's folder: `file` is given each path below the site's and its bytes. */
struct replay_writer {
    void *ctx;
    void (*file)(void *ctx, const char *path, struct str bytes);
};
void replay_write(const struct replay_board *b, const struct replay_writer *to);

#endif
