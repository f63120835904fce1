#ifndef PARSERS_READING_H
#define PARSERS_READING_H

#include "core/diag.h"
#include "core/err.h"
#include "core/exchange.h"
#include "core/listing.h"
#include "parsers/adapter.h"

struct arena;
struct pattern_set;

/*
 * The reading protocol: one attempt to read a board whole, without I/O.
 *
 *     reading_open(&r, adapter, source, &options, &d);
 *     while (reading_next(r, &request, &ticket) == READING_REQUEST) ... send it ...
 *     reading_take(r, ticket, &answer, &page_arena, &listings, &d)   for each answer, in any order
 *     ... until reading_next() says READING_DONE ...
 *     reading_result(r, &result);
 *
 * A reading knows no socket, no clock, no robots.txt and no database: a saved
 * sequence of answers is its whole test, and fetch_replay plays one.
 */
struct reading;

struct page_copy {  /* what was stored of a page of the list, by its request's key */
    struct str key; /* method, URL and body hash of the request */
    struct str etag, last_modified;
    struct str body_hash; /* 64 hex digits: of what reads it, and of the body */
};

struct reading_options {
    int64_t now;                   /* relative dates ("Posted 3 Days Ago") count from here */
    const struct page_copy *pages; /* of the last proven reading: validators are sent */
    size_t n_pages;
    /*
     * Is the text of this posting owed? Asked for each listing of an adapter with
     * details: `listed` hashes what the list said of it, so a posting whose hash is as
     * stored, and whose text is stored, costs no request; but for a list that has no titles
     * (a sitemap), of which each is asked for once a fortnight. NULL: every detail is asked for.
     */
    bool (*owes_detail)(void *ctx, struct str native_id, struct str listed);
    /*
     * Could a listing of this title add to the count? Its detail is asked for before those of
     * others, which matters where the budget ends. NULL: all are alike.
     */
    bool (*could_count)(void *ctx, struct str title);
    void *ctx;
    struct pattern_set *patterns; /* regexes of adapters, compiled once for all readings that are
                                     given it; NULL: each compiles its own */
    uint32_t max_details;         /* a reading's budget of detail requests; 0: 2000 */
};

enum { READING_REQUEST = 1, READING_WAIT = 2, READING_DONE = 3 };

enum reading_outcome { READ_FAILED, READ_PARTIAL, READ_COMPLETE, READ_UNCHANGED, READ_GONE };

/* A listing as it comes out of a page. The struct and what it views live in the arena given to
 * take(). */
struct reading_item {
    struct listing listing;
    struct str listed; /* hash of what the list says (32 hex): owes_detail() compares it */
    bool detail_gone;  /* the detail's page says that this posting is closed */
    struct str gone_why;
};

struct reading_items {
    struct reading_item *items;
    size_t n, cap;
    bool as_kept; /* the page came byte for byte as it was kept, and was not read again */
};

struct reading_result {
    enum reading_outcome outcome;
    bool window;        /* proves presence, never absence */
    char proof[200];    /* in words: "3 pages to the natural end, 243 of 243 advertised" */
    char error[200];    /* of failed, partial and gone */
    int64_t pages;      /* of the list */
    int64_t advertised; /* -1: the board states none */
    int64_t got;        /* listings, after `where` and `group_by` */
    int64_t details_asked, details_read, details_owed; /* owed: over the budget, or failed */
    struct str *ids;                     /* native ids of the list: n = got, in order of arrival */
    const struct page_copy *page_copies; /* to keep for the next reading */
    size_t n_page_copies;
    bool zero_ambiguous; /* an empty list proves nothing on this board */
};

int reading_open(struct reading **ret, const struct adapter *ad, const struct source *s,
                 const struct reading_options *opt, struct diag *d) MUST_USE;
void reading_close(struct reading **r);

/*
 * READING_REQUEST: *ret is to be sent; its strings live as long as the reading; give
 * `ticket` back with the answer. READING_WAIT: answers are outstanding that decide what
 * comes next. READING_DONE: nothing more will come. Negative: a template cannot be filled.
 */
int reading_next(struct reading *r, struct request *ret, uint32_t *ret_ticket,
                 struct diag *d) MUST_USE;

/*
 * Take an answer. Listings it held go to *ret (possibly none), with listing.text_read
 * false where a detail is still owed; a detail's answer gives its listing once more,
 * whole. ERR_FORMAT or ERR_LIMIT: the document is not what it should be; the reading
 * has noted it and can go on (its outcome will say so), the diag is for the report.
 */
int reading_take(struct reading *r, uint32_t ticket, const struct answer *answer,
                 struct arena *page, struct reading_items *ret, struct diag *d) MUST_USE;

/* The verdict so far; a reading that is not DONE is at best partial. Views live as long as the
 * reading. */
void reading_result(const struct reading *r, struct reading_result *ret);

const char *reading_outcome_name(enum reading_outcome o);

#endif
