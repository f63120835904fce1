#ifndef CRAWLER_JOB_H
#define CRAWLER_JOB_H

#include <curl/curl.h>

#include "core/arena.h"
#include "core/buf.h"
#include "crawler/fetch.h"
#include "crawler/host.h"
#include "crawler/netguard.h"
#include "crawler/robots.h"

/*
 * Inside the network fetcher: a job is a request on its way to its answer, through queue,
 * robots.txt, redirects and retries. fetch_curl.c decides when it may go, transfer.c sends
 * it once and reads what came.
 */

struct job;

/* A pace group and the jobs that wait for it. */
struct slot {
    struct str name;
    struct pace pace;
    struct job *head, *tail;
};

/* An origin, what is remembered of it, and its robots.txt while that is fresh. */
struct host {
    struct host_state state;
    struct arena mem;       /* what the store gave, and the text of robots.txt */
    struct robots *robots;  /* NULL: not asked yet, or unreachable */
    struct job *robots_job; /* on its way */
    bool loaded;
    bool unreachable; /* robots.txt could not be had: all is disallowed */
    char why[120];    /* unreachable: the reason */
};

enum { ROBOTS_KEEP = 500 * 1024 + 1 }; /* one more than counts, so that a cut is seen */

struct job {
    struct job *next;
    struct arena mem;
    struct request req;
    void *tag;
    struct host *robots_for; /* this is the fetch of that host's robots.txt */

    /* Where it stands: these change with a redirect. */
    struct url_parts at;
    struct host *host;
    struct slot *group, *own; /* the pace group, and the host's; often the same */
    struct strs seen;         /* the URLs before */
    bool as_get;              /* a redirect turned POST into GET */
    bool abroad;              /* it left the origin it was meant for */
    uint32_t tries;

    /* One transfer. */
    CURL *easy;
    struct curl_slist *headers;
    char errors[CURL_ERROR_SIZE];
    bool allow_loopback, denied, too_large;
    size_t max_body;
    size_t *held; /* decoded bytes in all jobs */
    struct buf body;
    int64_t start_us;
    struct transfer line; /* of the ledger */
    struct answer answer;
};

/* Prepare job->easy for one transfer of the job as it stands. */
void transfer_prepare(struct job *j, const struct fetch_options *opt);

/*
 * It ended: fill job->answer and the figures of job->line. The outcome is one of OK
 * (redirects included), UNCHANGED, DENIED and FAILED; ret_retry says whether the same
 * request may well succeed at once.
 */
void transfer_finish(struct job *j, CURLcode result, bool *ret_retry);

/* A header of the last answer, in the job's arena; empty: none, or too long to be one. */
struct str transfer_header(struct job *j, const char *name);

/* When the request was sent, on the clock of start_us; `now_us` where it never was. */
int64_t transfer_sent_us(const struct job *j, int64_t now_us);

#endif
