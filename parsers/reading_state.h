#ifndef PARSERS_READING_STATE_H
#define PARSERS_READING_STATE_H

#include "core/arena.h"
#include "parsers/page.h"

/* The inside of a reading, shared by reading.c (the protocol), reading_walk.c (the list) and
 * reading_copies.c (what is kept of its pages). */
enum ask_kind { ASK_BIND, ASK_LIST, ASK_DETAIL };
enum ask_state { ASK_QUEUED, ASK_SENT, ASK_ANSWERED };

/* A board may have hundreds at once: what a step's requests have in common is not in them. */
struct ask {
    enum ask_kind kind;
    enum ask_state state;
    uint32_t number; /* the caller's ticket */
    const struct adapter_step *step;
    struct str url, body, pace_group;
    struct str key;                /* of page_copy */
    const struct page_copy *copy;  /* whose validators are sent; NULL: none */
    const struct listing *listing; /* whose detail it is */
    struct str listed;
    bool could_count;
};

/* A set of texts by their 64-bit hash. */
struct idset {
    uint64_t *slots;
    size_t cap, n;
};

/* One way through one list. A list whose total or order moved is walked once more. */
struct walk {
    size_t pages, asked;
    int64_t offset, page; /* of the next request */
    int64_t counted, total, repeats;
    bool moved, second, stopped;
    size_t ids_before; /* ids of earlier lists */
    struct idset seen, addresses;
};

struct values {
    struct str name;
    struct strs all;
};

struct reading {
    struct arena own;
    const struct adapter *adapter;
    const struct source *source;
    struct reading_options opt;
    struct filler filler;
    struct pattern_set *own_patterns;
    struct {
        struct ask **items;
        size_t n, cap;
    } asks;
    size_t first_open;      /* all asks before it are sent */
    size_t n_sent, n_first; /* n_first: details that could count, not sent yet */
    struct {
        struct values *items;
        size_t n, cap;
    } lists; /* bound with `all` */
    size_t step, for_at;
    struct walk walk;
    struct strs ids;
    struct idset known, detailed;
    struct {
        struct page_copy *items;
        size_t n, cap;
    } copies;
    int64_t pages_ok, pages_same, pages_unread, advertised, lists_read;
    int64_t details_asked, details_read, details_owed, details_gone;
    bool lists_done, unconditional, failed, gone;
    char body_name[2 * HASH_HEX - 1]; /* of the answer's, as a page_copy has it; empty: not asked */
    char trouble[200];                /* the first reason why the list is not proven */
};

void reading_trouble(struct reading *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool idset_add(struct idset *s, struct str id); /* false: it was there */
void idset_release(struct idset *s);

/* Queue the first request of the reading, or of the next list. ERR_CONFIG: a template. */
int walk_begin(struct reading *r, struct diag *d) MUST_USE;
int walk_next_list(struct reading *r, struct diag *d) MUST_USE;
/* Every page that was kept of the last proven reading came again, and as it was. */
bool walk_all_same(const struct reading *r);
int walk_take(struct reading *r, struct ask *ask, const struct answer *answer, struct arena *page,
              struct reading_items *ret, struct diag *d) MUST_USE;

/* The validators of the copy, where a 304 would say everything. */
void copy_set_validators(struct reading *r, struct ask *ask);
/* The answer is a list's only page, byte for byte, and would be read as it was before. */
bool copy_is_whole_list(struct reading *r, const struct ask *ask, const struct answer *answer);
void copy_keep(struct reading *r, const struct ask *ask, const struct answer *answer);
void copy_keep_unread(struct reading *r, const struct ask *ask); /* after a 304 */

/* The request as the fetcher takes it. */
struct request ask_request(const struct reading *r, const struct ask *ask);
bool signs_match(struct reading *r, const struct adapter_signs *signs, const struct answer *answer);

#endif
