#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "core/diag.h"
#include "core/err.h"
#include "core/exchange.h"
#include "core/hash.h"
#include "core/listing.h"
#include "core/rule_mark.h"
#include "core/signal.h"

struct arena;

/*
 * The history, in one SQLite file (STRICT tables, WAL). No other folder knows SQL.
 *
 * Facts (requests, bodies, revisions, hosts) are committed in small batches as they
 * come. A reading's verdict stands in one of them, whole: without it nothing opens or
 * closes. Conclusions (signals, openings, figures) belong to a vintage and can be made
 * again from the facts.
 *
 * Open, use, close:
 *     CLEANUP(store_close) struct store *db = NULL;
 *     r = store_open(&db, folder, STORE_WRITE, &diag);
 */
struct store;

enum store_access { STORE_READ, STORE_WRITE };

/*
 * Open DIR/roletide.db. STORE_WRITE makes folder and file where missing, takes the lock
 * DIR/lock (ERR_BUSY if somebody has it) and migrates an older schema after copying the
 * file beside itself. STORE_READ never writes; ERR_IO with a hint where there is none.
 * A newer schema or a damaged file is refused (ERR_DB) and left as it is.
 */
int store_open(struct store **ret, const char *dir, enum store_access access,
               struct diag *d) MUST_USE;
void store_close(struct store **s);

/* Commit what is batched: after it, what was stored stays. Close does it too; a crawl does it a few
 * times a second, whatever number of readings end meanwhile. */
int store_flush(struct store *s, struct diag *d) MUST_USE;

/* Sources and hosts. */

struct source_row {
    struct str key, adapter, company, policy, attribution, why_added;
    struct str params; /* the adapter's parameters, sorted, one a line */
    int64_t added;     /* UTC seconds */
};

struct source_state {
    struct source_row row;
    int64_t last_reading;    /* any outcome; 0: never read */
    int64_t last_proven;     /* complete or unchanged */
    int64_t failures;        /* in a row */
    struct str last_outcome; /* reading_outcome_name() as given to store_end_reading() */
    struct str last_error;
    int64_t open; /* postings in an open spell */
    bool gone;
    bool awaits_proof; /* a collapse was held: a second complete reading must confirm it */
    int64_t moved;     /* since then its board is read as another source; 0: it is not */
};

/* Whether two rows say the same of a source but for its key and when it was added. */
bool source_row_same(const struct source_row *a, const struct source_row *b);

/* A source as it is from now on. What it was until then is kept: answers as of a past time are made
 * of it. */
int store_put_source(struct store *s, const struct source_row *row, int64_t now,
                     struct diag *d) MUST_USE;

/*
 * The board known as `was` is read as `key` from now on. Where `key` is new, the source goes on
 * under it, with its postings and their spells. Where both have a history, `was` ends: what is
 * open there has moved, and its figures stay what they were. STORE_NONE: no source is called `was`.
 */
int store_rename_source(struct store *s, struct str was, struct str key, int64_t now,
                        struct diag *d) MUST_USE;

/* All sources, in order of key. */
int store_sources(struct store *s, struct arena *a, struct source_state **ret, size_t *ret_n,
                  struct diag *d) MUST_USE;
/* The same as of a time: what they were, and how their readings had gone by then; but for
 * `awaits_proof`, and keys, which are those of now. */
int store_sources_at(struct store *s, int64_t at, struct arena *a, struct source_state **ret,
                     size_t *ret_n, struct diag *d) MUST_USE;
/* The state of one of all, in their order; NULL: the store has none. */
const struct source_state *source_state_find(const struct source_state *states, size_t n,
                                             struct str key);

/* How many of the sources known at a time had been proven since `today`; had been proven, but not
 * since `stale`; had failed at their latest reading. */
struct source_standing {
    int64_t read, stale, failed;
};
int store_source_standing(struct store *s, int64_t at, int64_t today, int64_t stale,
                          struct source_standing *ret, struct diag *d) MUST_USE;

/* How the sources that speak for the market changed from one time to another: those proven since
 * `fresh` of it whose board is there. */
struct source_mix {
    int64_t before, now;
    int64_t added;  /* now, and never proven by then */
    int64_t back;   /* now, and proven then, but no longer fresh or gone */
    int64_t gone;   /* then; its board is gone, or is read as another source */
    int64_t silent; /* then; it has not been proven for so long */
};
struct source_mix_times {
    int64_t before, before_fresh, now, now_fresh;
};
int store_source_mix(struct store *s, const struct source_mix_times *at, struct source_mix *ret,
                     struct diag *d) MUST_USE;

/* How often a source changed and how today went, for crawler/schedule.h. */
struct source_change {
    struct str source;
    int64_t changes;     /* listings that proven readings since a time saw opening or closing */
    int64_t seconds;     /* from the first of them to the last */
    int64_t reads_today; /* of any outcome */
    int64_t tries_today; /* of these, after the last proven one, and that asked anything */
    int64_t pages;       /* of the last proven one */
    int64_t texts_owed, texts_owed_before; /* of the last proven one, and the one before: -1 none */
};
/* Of each source, in order of key. */
int store_source_changes(struct store *s, int64_t since, int64_t today, struct arena *a,
                         struct source_change **ret, size_t *ret_n, struct diag *d) MUST_USE;

/* STORE_NONE: never heard of. */
int store_get_host(struct store *s, struct str host, struct arena *a, struct host_state *ret,
                   struct diag *d) MUST_USE;
int store_put_host(struct store *s, const struct host_state *h, struct diag *d) MUST_USE;

enum { STORE_NONE = 1, STORE_NEW = 2, STORE_CHANGED = 3, STORE_SAME = 4 };

/* A reading. */

int store_begin_reading(struct store *s, struct str source, int64_t now, int64_t *ret_reading,
                        struct diag *d) MUST_USE;

/* A line of the ledger; reading 0: robots.txt. */
int store_put_transfer(struct store *s, int64_t reading, const struct transfer *t,
                       struct diag *d) MUST_USE;

/* Call `each` for every line of the ledger from `since` on, in the order of writing; what it is
 * given lives during the call. */
int store_transfers(struct store *s, int64_t since,
                    int (*each)(void *ctx, const struct transfer *t, struct diag *d), void *ctx,
                    struct diag *d) MUST_USE;

/* A raw body, once a content; kept compressed. *io: its hash, where it is known; zero: it is set;
 * NULL: not asked. */
int store_put_body(struct store *s, int64_t reading, struct str url, struct str body, int64_t now,
                   struct hash *io, struct diag *d) MUST_USE;

/*
 * A listing as it was read: its posting, and a revision if its content is new.
 * STORE_NEW (first sight of this id), STORE_CHANGED or STORE_SAME. A listing without its
 * text keeps the stored text. `body` is the hash of the answer it was read from. Opens no
 * spell: the verdict does.
 */
int store_put_listing(struct store *s, int64_t reading, struct str source, const struct listing *l,
                      struct str listed, struct hash body, int64_t now, struct diag *d) MUST_USE;

/* What is known of a listing by its list entry: STORE_SAME when `listed` is as stored and its text
 * is stored. */
int store_known(struct store *s, struct str source, struct str native_id, struct str listed,
                struct diag *d) MUST_USE;

/* A posting's own page said that it is closed (404, 410, phrase): ends its spell at the verdict. */
int store_put_gone(struct store *s, int64_t reading, struct str source, struct str native_id,
                   struct str why, int64_t now, struct diag *d) MUST_USE;

struct stored_page { /* as struct page_copy of parsers/reading.h: kept for the next reading */
    struct str key, etag, last_modified, body_hash;
};

struct verdict_in {
    const char *outcome; /* "complete", "partial", "unchanged", "failed", "gone" */
    const char *proof, *error;
    int64_t pages, advertised, got, details_owed, requests, bytes, ms;
    bool window; /* proves presence only */
    bool zero_ambiguous;
    bool imported;     /* of the past: nothing waits for a second look, and spells end "import" */
    int64_t max_age_s; /* window: expire what was not seen for so long */
    const struct str *ids; /* the native ids of the list */
    size_t n_ids;
    const struct stored_page *pages_kept;
    size_t n_pages_kept;
};

struct verdict {
    int64_t opened, reopened, closed, changed, open;
    bool held; /* a collapse: nothing closed, a second complete reading must confirm */
};

/*
 * The verdict: outcome, proof, spells, all in one batch, which the next store_flush()
 * commits: until then nobody may be told of it. Only `complete` closes,
 * and `unchanged` proves again what the last proven reading proved. A fall to zero, or
 * by more than half of 5 or more, is held until a second complete reading confirms it.
 */
int store_end_reading(struct store *s, int64_t reading, const struct verdict_in *in, int64_t now,
                      struct verdict *ret, struct diag *d) MUST_USE;

/* Pages kept from the last proven reading of a source. */
int store_pages(struct store *s, struct str source, struct arena *a, struct stored_page **ret,
                size_t *ret_n, struct diag *d) MUST_USE;

/* Signals. */

/* Make `v` the current vintage (skills: the ids that struct mention.skill counts). STORE_NEW if it
 * was not known. */
int store_use_vintage(struct store *s, struct hash v, const struct str *skills, size_t n_skills,
                      int64_t now, struct diag *d) MUST_USE;

/* What the vintage in use is made of, and whether that is kept already; and what the one that it
 * replaces is, the one without an id first: none where nothing is replaced, or it was made before
 * they were kept. */
int store_has_rule_marks(struct store *s, bool *ret, struct diag *d) MUST_USE;
int store_put_rule_marks(struct store *s, const struct rule_marks *marks, struct diag *d) MUST_USE;
int store_replaced_rule_marks(struct store *s, struct arena *a, struct rule_marks *ret,
                              struct diag *d) MUST_USE;

struct revision {
    int64_t id, posting;
    int64_t read_at;
    struct str source;
    bool newest; /* of its posting */
    bool seen;   /* it has a signal that readers see */
    struct listing listing;
};

/*
 * The next revision after *cursor (0 first) that has no signal of the current vintage, whatever its
 * age: 0 with *ret set, or STORE_NONE. Views live in `a`.
 */
int store_next_unread(struct store *s, int64_t *cursor, struct arena *a, struct revision *ret,
                      struct diag *d) MUST_USE;

/*
 * A vintage that replaces another is given its signals in the order of store_next_unread(): a
 * revision that was passed over counts as read. STORE_SAME: it concludes what readers see already,
 * and nothing was written.
 */
int store_put_signal(struct store *s, int64_t revision, const struct signal *sig,
                     struct diag *d) MUST_USE;
/* Instead: it would conclude what readers see already. */
int store_keep_signal(struct store *s, int64_t revision, struct diag *d) MUST_USE;

/* While a vintage replaces another: the signal of a revision in the one that readers still see, and
 * its skills. STORE_NONE: none. Its strings live as long as the store, its lists in `a`. */
int store_signal_before(struct store *s, int64_t revision, struct arena *a, struct signal *ret,
                        struct diag *d) MUST_USE;
int store_previous_skills(struct store *s, struct arena *a, struct str **ret, size_t *ret_n,
                          struct diag *d) MUST_USE;

/* Call `each` with the signals that the vintage in use has already of newest revisions, where they
 * are others than before, and with those before; what it is given lives during the call. */
int store_made_signals(struct store *s,
                       int (*each)(void *ctx, int64_t posting, const struct signal *before,
                                   const struct signal *now, struct diag *d),
                       void *ctx, struct diag *d) MUST_USE;

/* The scan: facts and signals of every posting as they stood at a time. */

struct posting_fact {
    int64_t posting, revision;
    struct str source, native_id, requisition, title, company, url;
    struct str places_text; /* joined by '\n' */
    struct str attribution;
    int64_t first_proof;   /* of the current spell */
    int64_t last_proof;    /* open: its source's last proven reading */
    int64_t ended_by;      /* first proven absence; 0: open */
    const char *ended_how; /* "", "absent", "expired", "detail", "max-age", "import", "moved" */
    int64_t source_proven; /* the source's last proven reading at that time; 0: never */
    bool source_window;
    bool text_read;
    int64_t posted, expires, vacancies;
    uint64_t simhash;   /* of the text; 0: none */
    uint64_t text_hash; /* of its words: equal texts but for case, spacing, punctuation; 0: none */
    struct signal signal; /* of the revision current at that time; mentions and bullets unpacked */
    bool has_signal;
};

/*
 * Call `each` for every posting that was ever proven by `at` (all spells' latest by then), in order
 * of posting id. The fact and what it views live in `a` if it is given, else only during the call;
 * the strings of signals as long as the store.
 */
int store_scan(struct store *s, int64_t at, struct arena *a,
               int (*each)(void *ctx, const struct posting_fact *f, struct diag *d), void *ctx,
               struct diag *d) MUST_USE;

/*
 * Facts of chosen postings. Opening a reader reads into `a` how every source stood at the time,
 * which its facts view; it is closed before the store.
 */
struct fact_reader;
int fact_reader_open(struct fact_reader **ret, struct store *s, int64_t at, struct arena *a,
                     struct diag *d) MUST_USE;
void fact_reader_close(struct fact_reader **f);
/* As store_scan() gives it, living in `a`. STORE_NONE: not proven by then. */
int fact_read(struct fact_reader *f, int64_t posting, struct arena *a, struct posting_fact *ret,
              struct diag *d) MUST_USE;

/* Call `each` with every posting of a source, in no order; `companies`: and whom its ad named at
 * the time. The view lives during the call. */
int store_postings(struct store *s, struct str source, int64_t at, bool companies,
                   int (*each)(void *ctx, int64_t posting, struct str company, struct diag *d),
                   void *ctx, struct diag *d) MUST_USE;

/* Every source's last proven reading by a time (0: none), in order of key. */
struct source_proven {
    struct str key;
    int64_t proven;
};
int store_proven_by(struct store *s, int64_t at, struct arena *a, struct source_proven **ret,
                    size_t *ret_n, struct diag *d) MUST_USE;

/* The spells before the one that a posting's fact tells of, as of `at`: by posting, in order of
 * time.
 */
struct earlier_spell {
    int64_t posting, first_proof, last_proof, ended_by;
    const char *ended_how; /* as in posting_fact */
};
int store_earlier_spells(struct store *s, int64_t at, struct arena *a, struct earlier_spell **ret,
                         size_t *ret_n, struct diag *d) MUST_USE;

/*
 * Call `each` with the newest revision of every posting, text and all, in order of posting id.
 * What it is given lives during the call.
 */
int store_scan_texts(struct store *s,
                     int (*each)(void *ctx, const struct revision *rev, struct diag *d), void *ctx,
                     struct diag *d) MUST_USE;

/* The skill ids of the current vintage, by the index that mentions use. */
int store_skills(struct store *s, struct arena *a, struct str **ret, size_t *ret_n,
                 struct diag *d) MUST_USE;

/* What answers need of each of them, so that they read no rules. */
struct skill_view {
    struct str id, label, category;
    bool practice; /* something one does, not a tool */
    bool generic;  /* a word that names nothing one could learn, or that stands beside the path */
};
/* Of the vintage in use, n of them in its order; writes only what differs. */
int store_put_skill_views(struct store *s, const struct skill_view *views, size_t n,
                          struct diag *d) MUST_USE;
/* STORE_NONE: they were never put; then the list has ids alone. */
int store_skill_views(struct store *s, struct arena *a, struct skill_view **ret, size_t *ret_n,
                      struct diag *d) MUST_USE;

/* Conclusions kept finished. */

struct opening_row {
    int64_t posting; /* a member */
    int64_t opening; /* posting id of the member with the earliest first proof: the opening's id */
    bool leads;      /* its signal speaks for the opening */
    bool counted;    /* the opening is counted, and this is its one counted line */
    struct str reason;   /* why it counts, or why not */
    struct str evidence; /* why it is joined; as it is read, with the name of the other */
    int64_t kin;         /* as it is put: the posting that it is joined to by that; 0: none */
};

/*
 * Replace all openings, in one transaction: begin, put them, end with the outcome of the puts (a
 * failed one takes all back). What is as it was is not written. A put has whole openings, an
 * employer's. The end brings the v_ views' mentions of counted openings up to date.
 */
int store_begin_openings(struct store *s, int64_t now, struct diag *d) MUST_USE;
int store_put_openings(struct store *s, const struct opening_row *rows, size_t n,
                       struct diag *d) MUST_USE;
int store_end_openings(struct store *s, int r, struct diag *d) MUST_USE;
/* Those that were put last are the openings of `now`, too. */
int store_keep_openings(struct store *s, int64_t now, struct diag *d) MUST_USE;

struct figure_row { /* a finished figure of a day */
    int64_t day;
    struct str name;         /* "openings", "skill:kubernetes", "stage:3", "panel_index" ... */
    double value, low, high; /* NaN: none */
    int64_t n, employers;
};

int store_put_figures(struct store *s, const struct figure_row *rows, size_t n,
                      struct diag *d) MUST_USE;
/* Of the current vintage, days from..to (inclusive), by name, or all names if it is empty; ordered
 * by day, name. */
int store_figures(struct store *s, struct str name, int64_t from, int64_t to, struct arena *a,
                  struct figure_row **ret, size_t *ret_n, struct diag *d) MUST_USE;

/* A figure as each day was first finished, under whatever rules: what later ones revised. */
int store_first_figures(struct store *s, struct str name, int64_t from, int64_t to, struct arena *a,
                        struct figure_row **ret, size_t *ret_n, struct diag *d) MUST_USE;

/* The first proven reading of all; 0: none. */
int store_first_proven(struct store *s, int64_t *ret, struct diag *d) MUST_USE;

/* The proven readings that ended between two times: in order of (source key, time). */
struct proven_reading {
    struct str source;
    int64_t day, at;
};
int store_proven_readings(struct store *s, int64_t from, int64_t to, struct arena *a,
                          struct proven_reading **ret, size_t *ret_n, struct diag *d) MUST_USE;

/*
 * The market as it stood at a time, as its maker packed it in two parts. A write takes away those
 * kept of its time and later; a new vintage, or a source that is somebody else's now, takes away
 * all.
 */
int store_put_market(struct store *s, int64_t at, int64_t terms, struct str front, struct str rest,
                     struct diag *d) MUST_USE;
/* In the vintage in use; the rest only if it is asked for. STORE_NONE: none was kept of that very
 * time, by those terms. */
int store_market(struct store *s, int64_t at, int64_t terms, struct arena *a, struct str *ret_front,
                 struct str *ret_rest, struct diag *d) MUST_USE;
/* Those before a time, and before `last` all but those of the end of a day. */
int store_drop_markets(struct store *s, int64_t before, int64_t last, struct diag *d) MUST_USE;

/*
 * Finished answers: what is asked without a filter, kept so that asking it scans nothing. They
 * hold until a write that could change one (a revision, a signal, a verdict, a source) takes them
 * away.
 */
struct finished {
    int64_t made;                      /* as of when */
    int64_t until;                     /* from then on the clock alone may have changed one */
    int64_t terms;                     /* the caller's mark of what else they were made by */
    const struct demand_total *demand; /* to put them; not read back */
    size_t n_demand;
};
struct demand_total { /* what the openings of a stage ask for */
    int64_t stage;    /* 0: all */
    bool required_only;
    int64_t openings, employers, adjacent;
    double k_eff;
    int64_t largest; /* the openings of an employer of so many that it is named; 0: none is */
    struct str largest_name;
    struct demand_figure {
        int64_t skill; /* as in mentions */
        int64_t openings, employers, stated, required, highest_stage;
        double share, low, high, lift, adjacent_lift, adjacent_low, adjacent_high, trend, without,
            without_low, without_high; /* NaN: none */
    } * rows;                          /* in order of skill */
    size_t n_rows;
};
int store_put_finished(struct store *s, const struct finished *f, struct diag *d) MUST_USE;
/* STORE_NONE: none hold. */
int store_finished(struct store *s, struct finished *ret, struct diag *d) MUST_USE;
int store_finished_demand(struct store *s, int64_t stage, bool required_only, struct arena *a,
                          struct demand_total *ret, struct diag *d) MUST_USE;

/* An alert: when a skill's demand moved, and when that was over. */
struct alert_row {
    int64_t id;              /* 0: not stored yet */
    struct str kind, skill;  /* "stock" or "new" */
    struct str employer;     /* makes more than half of the change; empty: none does */
    int64_t fired, resolved; /* days; resolved 0: it stands */
    double share_then, share_now;
    int64_t employers;
    bool untold; /* its firing or its end was not shown yet */
};

/* Store a firing (id 0), or the end of one. Either is untold. */
int store_put_alert(struct store *s, const struct alert_row *row, struct diag *d) MUST_USE;
/* All of them, in order of firing. */
int store_alerts(struct store *s, struct arena *a, struct alert_row **ret, size_t *ret_n,
                 struct diag *d) MUST_USE;
int store_alerts_told(struct store *s, struct diag *d) MUST_USE;

/* The bytes of a published feed, compressed; STORE_SAME when the last ones were equal. */
int store_put_published(struct store *s, struct str name, struct str bytes, int64_t now,
                        struct diag *d) MUST_USE;

/*
 * Call `each` with every feed as it was last published by `at`, byte for byte, in order of name;
 * what it is given lives during the call. STORE_NONE: nothing was published by then.
 */
int store_published(struct store *s, int64_t at,
                    int (*each)(void *ctx, struct str name, struct str bytes, struct diag *d),
                    void *ctx, struct diag *d) MUST_USE;

/* Questions about one posting. */

struct reading_row {
    int64_t id, started, ended;
    struct str source, outcome, proof, error;
    int64_t pages, advertised, got;
};

struct history {
    struct posting_fact fact;
    struct revision revision; /* with its text */
    struct str body_hash, body_url;
    bool body_kept;                /* its bytes, not only their hash */
    int64_t request, requested_at; /* that the body answered; 0: none, it was imported */
    int64_t request_status;
    struct spell {
        int64_t first_proof, last_proof, ended_by;
        struct str how;
    } * spells;
    size_t n_spells;
    struct reading_row *readings; /* of its source: first and last proof, and the absence */
    size_t n_readings;
    int64_t n_revisions;
    struct opening_row opening;
    bool has_opening;
};

/* By posting id, "source/native_id", native id or URL. STORE_NONE: no such posting. */
int store_history(struct store *s, struct str which, int64_t at, struct arena *a,
                  struct history *ret, struct diag *d) MUST_USE;

/* The bytes of the answer that a history's words were read from, held against their hash.
 * STORE_NONE: they were let go. */
int store_history_body(struct store *s, const struct history *h, struct arena *a, struct str *ret,
                       struct diag *d) MUST_USE;

/* The rest. */

/* A cell of an answer in SQL, as SQLite writes it; bytes in hexadecimal digits. */
struct sql_cell {
    struct str text; /* p NULL: NULL */
    bool number;     /* by its type, whatever it looks like; JSON's form of a number */
};
typedef int sql_row(void *ctx, size_t row, const struct sql_cell *cells, size_t n, struct diag *d);

/* Run a read-only query; SELECTs on the documented v_ views. `row` gets the column names with n
 * first (row 0). */
int store_sql(struct store *s, struct str query, sql_row *row, void *ctx, struct diag *d) MUST_USE;

/* The documented views, by name: `view` and its `columns`, apart by spaces, as rows of a query. */
int store_sql_views(struct store *s, sql_row *row, void *ctx, struct diag *d) MUST_USE;

/* Drop the bytes of bodies first read before a time, and of the oldest beyond `most` bytes in all
 * (0: as many as there are); their hashes stay. Those that an open posting's words were read from
 * are kept, however old and however many. */
int store_drop_bodies(struct store *s, int64_t before, int64_t most, int64_t *ret_n,
                      struct diag *d) MUST_USE;

/* Learn a dictionary from the texts once there are enough (and again when there are ten times as
 * many), and pack texts of one kind together, a second's work with each call; *ret_more: there is
 * more to do. */
int store_pack_texts(struct store *s, bool *ret_more, struct diag *d) MUST_USE;

int store_backup(struct store *s, const char *to, struct diag *d) MUST_USE;

/* PRAGMA integrity_check and foreign_key_check. ERR_DB names the first finding. */
int store_check(struct store *s, struct diag *d) MUST_USE;

struct store_facts {
    int64_t last_run, bytes;
    struct str path, vintage;
};
int store_about(struct store *s, struct arena *a, struct store_facts *ret, struct diag *d) MUST_USE;

#endif
