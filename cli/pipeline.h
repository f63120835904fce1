#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include "aggregator/figures.h"
#include "cli/cli.h"
#include "cli/remedy.h"
#include "parsers/extract.h"

/*
 * The one place where the parts meet:
 *
 *   what is due (store) -> requests (parsers) -> answers (crawler) -> listings (parsers)
 *   -> facts (store) -> signals (parsers) -> facts (store) -> figures (aggregator) -> feeds (site)
 *
 * Each step leaves the store consistent; a run that dies anywhere goes on from there.
 */

struct crawl_options {
    struct strs sources; /* only these, due or not; empty: what is due */
    bool all;            /* every enabled source, due or not */
    bool dry_run;        /* say what would be asked; ask nothing, store nothing */
    bool rehearsal;      /* ask as ever, keep nothing but the hosts' patience and the ledger */
    int64_t limit_s;     /* stop after so long; open readings become partial; 0: no limit */
};

struct source_report { /* of one source's reading: a line of `crawl` */
    struct str source;
    const char *outcome; /* "complete", "partial", "unchanged", "failed", "gone"; dry run: "due" */
    const char *proof, *error;
    enum trouble trouble;   /* what to do about the error */
    const char *why, *when; /* of a dry run: why it is due, and when it would be asked */
    struct str asks;        /* of a dry run: its first request, keys unfilled */
    int64_t pages, advertised, got, requests, bytes, ms;
    int64_t texts_owed; /* listed, their text not read yet */
    struct verdict verdict;
};

struct crawl_host { /* that a crawl asks */
    struct str name;
    size_t sources, done; /* whose list is there */
    size_t active;        /* of them, that wait for an answer */
    struct str reading;   /* the first of these */
    int64_t requests;     /* of these sources */
};

struct crawl_progress { /* in the middle of a crawl, four times a second */
    size_t sources, done, active;
    const struct crawl_host *hosts; /* in the order in which they were first asked */
    size_t n_hosts;
    int64_t requests, elapsed_ms;
    bool asked; /* by SIGUSR1: to be said even where progress is not */
};

struct crawl_watcher {
    void *ctx;
    void (*report)(void *ctx, const struct source_report *r);
    void (*progress)(void *ctx, const struct crawl_progress *p);
};

struct crawl_totals {
    size_t sources, complete, unchanged, partial, failed, gone;
    int64_t requests, bytes;
    bool stopped; /* by a signal or the limit */
};

/* Read what is due. One board's trouble is in its report and never ends the crawl. */
int pipeline_crawl(struct cli *cli, struct store *s, const struct crawl_options *opt,
                   const struct crawl_watcher *watcher, struct crawl_totals *ret,
                   struct diag *d) MUST_USE;

struct import_totals {
    int64_t lines, sources, days, postings, closed; /* postings: new ones */
    int64_t refused;                                /* lines that are no posting, each said */
};

/*
 * Record the postings that files of JSON lines (parsers/posting_line.h) say were seen, as
 * sources "import:NAME". The days on which a source's lines begin or end become complete
 * readings of its list at that day's latest time; days that the store has of it are passed
 * over, so an import that was cut off goes on and one that is repeated adds nothing.
 * PIPELINE_STOPPED: a signal came.
 */
int pipeline_import(struct cli *cli, struct store *s, const struct strs *files,
                    struct import_totals *ret, struct diag *d) MUST_USE;

/* A board's answers that were saved at a time: the list's first, as adapter_try() takes them. */
struct import_answers {
    const struct adapter *adapter;
    struct str source, url; /* recorded as "import:SOURCE"; the address they came from, or empty */
    int64_t at;
};

/* Record them as the whole list that it was. ERR_FORMAT: not that board's; ERR_USAGE: the source's
 * history is stored beyond that time. */
int pipeline_import_answers(struct cli *cli, struct store *s, const struct import_answers *in,
                            const struct strs *files, struct import_totals *ret,
                            struct diag *d) MUST_USE;

/* Who wants to know what other rules conclude otherwise (cli/reparse_diff.h). */
struct extract_watcher {
    void *ctx;
    /* The vintage is in use, nothing was read yet. */
    int (*begin)(void *ctx, struct store *s, const struct extractor *x, struct diag *d);
    /* A newest revision was read, and something else was concluded of it before. */
    int (*each)(void *ctx, int64_t posting, const struct signal *before, const struct signal *now,
                struct diag *d);
};

/*
 * Extract every revision that has no signal of the rules' vintage: new ones, and the whole
 * history when a rule changed. PIPELINE_STOPPED: a signal came before the end; the next run
 * goes on, and no figures may be made of a half-read history. `watcher` may be NULL.
 */
enum { PIPELINE_STOPPED = 100 };
int pipeline_extract(struct cli *cli, struct store *s, struct extractor *x,
                     const struct extract_watcher *watcher, int64_t *ret_n,
                     struct diag *d) MUST_USE;

/* Whether today's figures are finished, and nothing came since that they would have to know of. */
bool pipeline_current(struct cli *cli, struct store *s);

/* Before a crawl: finish the figures of days that are over, as far as the last ones still hold.
 * What fails is no reason not to read: pipeline_figures() meets it again, and says so. */
void pipeline_figures_before(struct cli *cli, struct store *s);

/* Join openings, finish the figures of every day that lacks them, and the answers asked most. */
int pipeline_figures(struct cli *cli, struct store *s, struct diag *d) MUST_USE;

/* Write the feeds and the page to dir, and keep their bytes (s may be read-only: then not). */
int pipeline_publish(struct cli *cli, struct store *s, bool keep, struct str dir,
                     struct diag *d) MUST_USE;

/* Keep the store small: bodies older than the configuration keeps them, texts without a dictionary.
 */
int pipeline_tidy(struct cli *cli, struct store *s, struct diag *d) MUST_USE;

/* The roadmap and the skills that figures speak of; the rest of the market stays empty. */
int pipeline_terms(struct cli *cli, struct store *s, struct market *ret, struct diag *d) MUST_USE;

/* The finished answers (aggregator/finished.h) where they hold at `at`, else everything. *io has
 * its terms. */
int pipeline_finished(struct cli *cli, struct store *s, int64_t at, struct market *io,
                      struct diag *d) MUST_USE;

/* What demand_of() asks, whatever the filter. *io has its terms. */
int pipeline_demand(struct cli *cli, struct store *s, int64_t at, struct market *io,
                    struct diag *d) MUST_USE;

/* Everything as it stood at `at`, for the commands that answer from the store. *io has its terms.
 */
int pipeline_market(struct cli *cli, struct store *s, int64_t at, struct market *io,
                    struct diag *d) MUST_USE;

#endif
