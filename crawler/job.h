#ifndef CRAWLER_JOB_H
#define CRAWLER_JOB_H

#include <curl/curl.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/table.h"
#include "crawler/fetch.h"
#include "crawler/host.h"
#include "crawler/netguard.h"
#include "crawler/robots.h"
#include "crawler/secret.h"

/*
 * Inside the network fetcher: a job is a request on its way to its answer, through queue,
 * robots.txt, redirects and retries. queue.c knows whose turn it is, fetch_curl.c starts and
 * ends transfers, transfer.c is one request and its answer, wire.c waits for the network.
 */

struct job;

/* A pace group and the jobs that wait for it. */
struct slot {
    struct str name;
    struct pace pace;
    struct job *head, *tail;
    struct slot *next; /* in the list in which it stands */
    bool stands;
    int64_t due_us; /* it waits until then; 0: it does not */
};

/*
 * The slots that have something to be asked. Hosts that were asked before go first: their
 * connections are still warm, and whoever has the most to be asked is never behind those that have
 * not begun. Each of a list comes once before any comes again.
 */
struct queue {
    struct arena *mem;
    struct table by_name;
    struct {
        struct slot **items;
        size_t n, cap;
    } all;
    struct slot_list {
        struct slot *head, *tail;
    } warm, fresh, blocked; /* blocked: by a robots.txt, or by a host, that is on its way */
    struct slot_times { /* a heap: the earliest first; what is no longer a slot's due_us is void */
        struct slot_time {
            int64_t due_us;
            struct slot *slot;
        } * items;
        size_t n, cap;
    } later;
    size_t n;       /* jobs in all slots */
    size_t n_ready; /* slots in warm and fresh */
};

struct slot *queue_slot(struct queue *q, struct str name);
void queue_push_back(struct queue *q, struct job *j); /* into j->group */
void queue_push_front(struct queue *q, struct job *j);
struct job *queue_pop(struct queue *q, struct slot *s);

/* The next slot to be looked at; NULL: none may have a request that can go. */
struct slot *queue_next(struct queue *q, int64_t now_us);
int64_t queue_due_us(const struct queue *q);      /* when the first that waits is due; PACE_NEVER */
void queue_wake(struct queue *q, struct slot *s); /* it may go: its transfer has ended */
void queue_unblock(struct queue *q);              /* what they waited for may be there */
/* It was looked at and cannot go: until a time, or until another transfer has ended. */
void queue_wait(struct queue *q, struct slot *s, int64_t due_us);
void queue_block(struct queue *q, struct slot *s);

/* wire.c: the sockets of libcurl's transfers, and its timer. */
struct wire {
    CURLM *multi;
    int epoll;
    int64_t timer_us; /* when libcurl wants to be called; PACE_NEVER: not by time */
};

int64_t wire_now_us(void); /* monotonic */
int wire_open(struct wire *w, struct diag *d);
/* What libcurl wants to do now: begin what was added, or give up what took too long. */
int wire_kick(struct wire *w, struct diag *d);
/* Wait for the network until a time, and hand libcurl what came. */
int wire_wait(struct wire *w, int64_t until_us, struct diag *d);
void wire_close(struct wire *w);

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

enum {
    ROBOTS_KEEP = 500 * 1024 + 1, /* one more than counts, so that a cut is seen */
    ROBOTS_REDIRECTS = 5,         /* RFC 9309 2.3.1.2 */
};

struct job {
    struct job *next;
    struct arena mem;
    struct request req;
    void *tag;
    struct secrets keys;     /* those that stand in the request */
    struct str keys_origin;  /* the only place they go to */
    struct host *robots_for; /* this is the fetch of that host's robots.txt */

    /* Where it stands: these change with a redirect. */
    struct url_parts at;
    struct host *host;
    struct slot *group, *own; /* the pace group, and the host's; often the same */
    struct strs seen;         /* the URLs before */
    bool as_get;              /* a redirect turned POST into GET */
    bool abroad;              /* it left the origin it was meant for */
    bool lost;                /* redirects led nowhere: a loop, or too many */
    uint32_t tries;

    /* One transfer. */
    CURL *easy;
    size_t flying_at;          /* among fetch.flying */
    struct curl_slist *always; /* headers of every request */
    char errors[CURL_ERROR_SIZE];
    bool allow_loopback, denied, too_large;
    size_t max_body;
    size_t *held; /* decoded bytes in all jobs */
    struct buf body;
    int64_t start_us;
    struct transfer line; /* of the ledger */
    struct answer answer;
};

/* The whole fetcher. */
struct fetch {
    struct fetcher face; /* first: the fetcher that callers hold is this struct */
    struct fetch_options opt;
    struct arena mem;
    struct curl_slist *always; /* headers */
    struct wire wire;
    struct queue queue;
    struct table host_of; /* by origin */
    struct table passed;  /* struct url_parts, by the front of a URL that may be asked */
    struct hosts {
        struct host **items;
        size_t n, cap;
    } hosts;
    struct handles {
        CURL **items;
        size_t n, cap;
    } idle;
    struct flying {
        struct job **items;
        size_t n, cap;
    } flying;
    struct job *done, *done_tail, *given;
    size_t n_done; /* answers that nobody took yet */
    size_t held;   /* decoded bytes in jobs */
};

/* gate.c: whether a job may go, and what is known of hosts. */

enum gate_verdict {
    GATE_OPEN,
    GATE_WAIT,    /* for a robots.txt that is on its way */
    GATE_REFUSED, /* answered, or a robots.txt comes first: the slot has another head now */
};

/* May the head of its slot go, as far as robots.txt and its host's patience are concerned? */
int gate_ask(struct fetch *f, struct job *j, struct diag *d);

/* Milliseconds between this request and the one before. */
uint32_t gate_gap_ms(const struct fetch *f, const struct job *j);

/* What the host's state learns of an answer; a 429 or 503 becomes ANSWER_DEFERRED. */
int gate_learn(struct fetch *f, struct job *j, struct diag *d);

int64_t fetch_now(const struct fetch *f); /* UTC */

/* job.c: jobs. */

struct job *job_new(struct fetch *f);
void job_free(struct fetch *f, struct job *j);
void job_copy_request(struct job *j, const struct request *r);

/* Whether the caller lets that site be asked: ERR_DENIED with its reason. */
int job_may_go(const struct fetch *f, struct str url, struct diag *d);

/* Send the job to a URL: check it (ERR_DENIED), and find whose manners apply there. */
int job_aim(struct fetch *f, struct job *j, struct str url, struct diag *d);

/* Send it to another path of the host that `like` is aimed at. */
void job_aim_beside(struct job *j, const struct job *like, const char *path);

/* Whether the keys of the job may be written into what goes to this origin. */
bool job_may_fill(const struct job *j, struct str origin);

/* job_end.c. A line of the ledger: the transfer, or why there was none. */
int job_write_ledger(struct fetch *f, struct job *j, struct diag *d);

/* The job has its answer: it is queued for the caller, or read here if it is a robots.txt. */
int job_done(struct fetch *f, struct job *j, struct diag *d);

/* Nothing is sent: the answer says why. */
int job_refuse(struct fetch *f, struct job *j, enum answer_outcome outcome, const char *why,
               struct diag *d);

/* gate_robots.c: a robots.txt came, or did not. */
int gate_take_robots(struct fetch *f, struct job *j, struct diag *d);

/* What the caller keeps of a host: given back once, and kept again. */
int gate_load_host(struct fetch *f, struct host *h, struct diag *d);
int gate_save_host(struct fetch *f, const struct host *h, struct diag *d);

/* transfer.c: one request and what came back. */

/* The headers that are alike for every request, in an arena that outlives them. */
struct curl_slist *transfer_headers(struct arena *a, const struct fetch_options *opt);

/* A handle with all else that is alike. */
CURL *transfer_handle(const struct fetch_options *opt);

/* Prepare job->easy for one transfer of the job as it stands. */
void transfer_prepare(struct job *j);

/* Take job->easy from the job; nothing of the job is left in it. */
CURL *transfer_release(struct job *j, const struct fetch_options *opt);

/*
 * It ended: fill job->answer and the figures of job->line. The outcome is one of OK
 * (redirects included), UNCHANGED, DENIED and FAILED; ret_retry says whether the same
 * request may well succeed at once.
 */
void transfer_finish(struct job *j, CURLcode result, bool *ret_retry);

/* A header of the last answer, in the job's arena; empty: none, or too long to be one. */
struct str transfer_header(struct job *j, const char *name);

/* When the request reached the host, on the monotonic clock; now, where it never did. */
int64_t transfer_sent_us(const struct job *j);

#endif
