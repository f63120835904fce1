#ifndef STORE_HANDLE_H
#define STORE_HANDLE_H

#include <sqlite3.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/table.h"
#include "store/pack.h"
#include "store/store.h"
#include "store/words.h"

/*
 * Inside store/ only: the open store, and statements on it.
 *
 * Statements are prepared once and kept, named by the address of their SQL, which is
 * always a literal:
 *     CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT id FROM source WHERE key = ?1");
 *     stmt_str(&q, 1, key);
 *     r = stmt_step(&q, d);
 * What fails before the step is remembered and reported by it, so only steps are checked.
 */
enum { STMT_SLOTS = 256, BATCH_ROWS = 4000 };

struct store {
    sqlite3 *db;
    char *dir, *path;
    char *uri; /* how another connection may open the same file */
    int lock_fd;
    bool sound; /* opened for writing and found whole */
    enum store_access access;
    bool in_batch;
    int batch_rows;
    int64_t vintage; /* this handle's: 0 where there is none yet */
    bool building;   /* readers do not see it yet */
    int64_t seen;    /* the one that they see */
    int64_t read_to; /* while building: as far as it has read; 0: as the file has it */
    struct unread_batch *unread;
    bool unread_void;    /* what it read ahead */
    int64_t unread_from; /* of this revision and later nothing was concluded; 0: not known */
    struct stmt_slot {
        const char *sql;
        sqlite3_stmt *st;
    } slots[STMT_SLOTS];
    struct table sources; /* struct source_known by key, as far as they were asked for */
    struct arena known;   /* what the handle remembers */
    uint32_t forgotten;   /* how often it forgot them */
    bool nothing_finished;
    bool none_joined;        /* of the openings that are being put, none was there before */
    int64_t nothing_kept;    /* no market is kept of this time or later */
    struct waiting *waiting; /* waiting.c; settle: they are written, NULL: none waits */
    int (*settle)(struct store *s, struct diag *d);
    void (*forget_waiting)(struct store *s);
    struct zip *zip;
    struct blocks *blocks; /* text.c */
    struct words words;    /* of signals: signal.c */
    struct numbered {      /* skill.c: of the vintage in use and of the one before */
        int64_t vintage;
        struct skill_numbers skills;
    } numbered[2];
    uint32_t dictionary; /* for new texts; 0: none */
    bool dictionary_known;
    int64_t newest_revision; /* id that was given; 0: not known */
    struct {
        int64_t id; /* 0: none is remembered */
        struct hash hash;
    } body; /* that was put last: listings are of it */
    struct {
        int64_t id, source;
        struct buf text;
    } address;            /* what the last posting's begins with */
    struct arena scratch; /* of one call */
    struct buf hashed;    /* what a content hash is made of */
};

/* A source as it stands with what was written last: nobody else writes. */
struct source_known {
    int64_t id;
    bool stands; /* the rest is known too */
    bool windowed, read, held;
    int64_t proven; /* 0: never */
    int64_t open;
};

struct stmt {
    struct store *s;
    sqlite3_stmt *st;
    int rc;
    bool once;
};

enum { STMT_ROW = 1 };

struct stmt stmt_begin(struct store *s, const char *sql);
/* Not kept: for a statement during which the caller's own code runs, which may ask the same. */
struct stmt stmt_begin_once(struct store *s, const char *sql);
/* For one that neither reads nor refers to readings, requests and answers, or knows that those it
 * needs have their rows: what waits to be written (waiting.h) may wait on. */
struct stmt stmt_ahead(struct store *s, const char *sql);
void stmt_end(struct stmt *q);

void stmt_int(struct stmt *q, int i, int64_t v);
void stmt_int_or_null(struct stmt *q, int i, int64_t v); /* 0 is NULL */
void stmt_num_or_null(struct stmt *q, int i, double v);  /* 0 and NaN are NULL */
void stmt_num(struct stmt *q, int i, double v);          /* NaN is NULL */
void stmt_str(struct stmt *q, int i, struct str v);
void stmt_blob(struct stmt *q, int i, struct str v);
void stmt_hash(struct stmt *q, int i, struct hash v);

/* STMT_ROW, or 0 at the end. */
int stmt_step(struct stmt *q, struct diag *d) MUST_USE;
/* For a statement without rows: 0. */
int stmt_run(struct stmt *q, struct diag *d) MUST_USE;
void stmt_again(struct stmt *q); /* reset, bindings kept */

/* Views of columns live until the next step; NULL is 0 or empty. */
int64_t col_int(const struct stmt *q, int i);
double col_num(const struct stmt *q, int i);
bool col_null(const struct stmt *q, int i);
struct str col_str(const struct stmt *q, int i);
struct hash col_hash(const struct stmt *q, int i);
struct str col_hex(const struct stmt *q, int i, struct arena *a);

/* The one place that says in words what SQLite said. */
int store_fail(struct store *s, int rc, struct diag *d);
int db_fail(sqlite3 *db, const char *path, int rc, struct diag *d);
int db_exec(sqlite3 *db, const char *path, const char *sql, struct diag *d) MUST_USE;

/*
 * A write: begin, do, end. The batch commits at BATCH_ROWS writes and at a flush, never within
 * a write. A failed write takes its whole batch back, so that no fact is ever stored half.
 *     r = write_begin(s, d);
 *     return r ? r : write_end(s, do_it(...), d);
 */
int write_begin(struct store *s, struct diag *d) MUST_USE;
int write_end(struct store *s, int r, struct diag *d) MUST_USE;
int write_end_now(struct store *s, int r, struct diag *d) MUST_USE; /* and commit */

/* Joined to `source s`: w, where a source was something else at ?1 than it is now. */
#define SOURCE_THEN                                                                                \
    " LEFT JOIN source_was w ON w.source = s.id AND w.until ="                                     \
    " (SELECT min(until) FROM source_was WHERE source = s.id AND until > ?1)"

/* The sources by key, as far as they were asked for, may be others now. */
void sources_forget(struct store *s);

/* Note what a source is until now, before it becomes something else: within that write. */
int source_keep(struct store *s, int64_t id, int64_t now, struct diag *d) MUST_USE;

/* ERR_USAGE when there is no such source. What *ret views holds until sources_forget(). */
int source_find(struct store *s, struct str key, struct source_known **ret,
                struct diag *d) MUST_USE;
int source_id(struct store *s, struct str key, int64_t *ret, struct diag *d) MUST_USE;

/* These pages of its list, and no others, are kept of a source. */
int pages_keep(struct store *s, int64_t source, const struct stored_page *pages, size_t n,
               struct diag *d) MUST_USE;

/* Finished answers hold no longer, nor do markets kept of `since` and later: within the write that
 * may change one. ANY_TIME: of all times. */
enum { ANY_TIME = 0 };
int finished_void(struct store *s, int64_t since, struct diag *d) MUST_USE;
/* The answers alone: for what is concluded of a revision, which itself took the markets away. */
int finished_void_answers(struct store *s, struct diag *d) MUST_USE;

/* A signal that readers see: its strings live as long as the store, its lists in `a`. ERR_DB:
 * damaged. */
int read_signal(struct store *s, struct str packed, struct arena *a, struct signal *ret,
                struct diag *d) MUST_USE;

/* The address of the posting p, whole. */
#define POSTING_URL                                                                                \
    "coalesce((SELECT text || p.native_id FROM address WHERE id = p.address), p.url)"

/* As posting.url_hash has it: 31 bits, which take four bytes. */
int64_t url_hash(struct str url);
/* A hash of 32 hex digits in 16 bytes; what is none stays as it is. */
struct str short_hash(struct str text, char to[16]);

/* The vintage that readers see, as of a statement. */
#define VINTAGE_SEEN "(SELECT id FROM vintage WHERE state = 'current')"

/* The vintage that answers are read from: the current one (open) or the one in use. */
int vintage_load(struct store *s, struct diag *d) MUST_USE;
/* All its signals are made: it becomes what readers see, and only its signals are kept. */
int vintage_make_current(struct store *s, struct diag *d) MUST_USE;

/* The skills of the vintage in use: a skill has the number that it has in the one readers see. */
int skill_numbers_put(struct store *s, const struct str *skills, size_t n, struct diag *d) MUST_USE;
/* What signals of a vintage call its skills; *ret lives until the next call but one. */
int skill_numbers_of(struct store *s, int64_t vintage, const struct skill_numbers **ret,
                     struct diag *d) MUST_USE;
/* What was numbered may be otherwise now. */
static inline void skill_numbers_forget(struct store *s)
{
    for (size_t i = 0; i < ARRAY_LEN(s->numbered); i++)
        s->numbered[i].vintage = 0;
}
void skill_numbers_free(struct store *s);

/* Revisions were written: those read ahead may not be what is stored (unread.c). */
static inline void unread_forget(struct store *s)
{
    s->unread_void = true;
}
void unread_free(struct store *s);

#endif
