#ifndef CLI_CRAWL_JOB_H
#define CLI_CRAWL_JOB_H

#include "cli/crawl_hosts.h"
#include "cli/pipeline.h"
#include "core/hash.h"
#include "crawler/fetch.h"
#include "parsers/pattern.h"
#include "parsers/reading.h"
#include "parsers/title.h"

/* Inside the crawl: one source being read, from its first request to its verdict. */

struct job {
    struct job *next; /* ended, and not told yet; or of no use until another source is begun */
    struct job *before, *after; /* of those that are being read, in order of their begin */
    struct crawl *crawl;
    const struct source *source;
    const struct adapter *adapter;
    size_t host; /* where its list is: the place in crawl.hosts; NO_HOST: nothing was asked */
    struct arena memory; /* what the reading was given, for as long as it lasts */
    struct unrecorded {
        struct job *next;
        struct arena page; /* what they live in */
        struct reading_items items;
        size_t n; /* recorded of them */
        struct hash body;
    } late; /* items.n: it is in the crawl's list */
    struct reading *reading;
    const struct page_copy *copies; /* of its last proven list */
    size_t n_copies;
    int64_t id; /* of the reading in the store */
    unsigned outstanding;
    unsigned rehearsed; /* details asked for in a rehearsal */
    bool exhausted;     /* reading_next() said DONE */
    bool stopped;       /* by a signal or the run's limit: its board did nothing wrong */
    int64_t requests, bytes, started_ms;
    char error[200];               /* the first thing that went wrong, for the report */
    enum trouble trouble, refused; /* what kind of thing; why a request was not sent */
    struct source_report report;
};

/* What comes back with an answer. */
struct ticket {
    struct job *job;
    uint32_t number;
};

struct crawl {
    struct cli *cli;
    struct store *store;
    struct fetcher *fetcher;
    struct pattern_set *patterns; /* of adapters */
    struct titles *titles; /* to tell which details could add to the count: made when asked */
    const struct crawl_watcher *watcher;
    const struct crawl_options *opt;
    struct crawl_totals totals;
    struct arena page;         /* one answer's listings */
    struct job *jobs, *newest; /* those that are being read, from the first that was begun */
    struct job *spare;
    size_t begun, done;
    struct crawl_hosts hosts;
    size_t step;                       /* from one source that is begun to the next */
    struct job *untold, **untold_tail; /* in order of their ends */
    struct job *late, **late_tail;     /* in order of their answers */
    size_t n_late;
    int64_t last_tick_ms;
};

/* Begin the reading of a source: nothing is asked yet. */
int job_begin(struct crawl *c, struct job *job, const struct source *src, struct diag *d) MUST_USE;
/* Hand the fetcher what the reading asks for next. */
int job_ask(struct job *job, struct diag *d) MUST_USE;
/* An answer came: what it lists becomes facts, now or as job_catch_up() is called. */
int job_take(struct job *job, uint32_t ticket, const struct answer *answer,
             struct diag *d) MUST_USE;
/* Record up to `most` of what was put off. */
int job_catch_up(struct job *job, size_t most, struct diag *d) MUST_USE;
/* End a reading that waits for no answer, has nothing more to ask and nothing to record. */
int job_settle(struct job *job, struct diag *d) MUST_USE;
/* The verdict: what the reading proved becomes history with the next commit. */
int job_end(struct job *job, struct diag *d) MUST_USE;
/* The first thing that went wrong is what the report says. */
void job_note(struct job *job, enum trouble trouble, const char *why);

#endif
