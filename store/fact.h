#ifndef STORE_FACT_H
#define STORE_FACT_H

#include "store/handle.h"

/*
 * A posting as it stood at ?1: the latest spell that had begun by then, the revision then current,
 * its signal, if ?2 is the vintage that readers see. One statement serves the scan of all and a
 * look at one.
 */
#define FACT_COLUMNS                                                                               \
    "SELECT p.id, r.id, p.source, p.native_id, r.requisition, r.title, r.company, " POSTING_URL    \
    ", r.places, r.posted, r.expires, r.vacancies, t.simhash, t.words_hash, r.text IS NOT NULL,"   \
    " sp.first_proof, sp.last_seen, sp.ended_after, sp.ended_by, sp.ended_how, g.packed,"          \
    " sp.seen_since, CASE WHEN sp.seen_since > ?1 THEN (SELECT until FROM seen"                    \
    " WHERE posting = p.id AND since <= ?1 ORDER BY since DESC LIMIT 1) END"
#define FACT_REVISION_OF                                                                           \
    " JOIN revision r ON r.id = CASE WHEN p.revised <= ?1 THEN p.revision ELSE coalesce("          \
    "(SELECT id FROM revision WHERE posting = p.id AND read_at <= ?1"                              \
    " ORDER BY read_at DESC, id DESC LIMIT 1),"                                                    \
    "(SELECT min(id) FROM revision WHERE posting = p.id)) END"
#define FACT_REVISION                                                                              \
    FACT_REVISION_OF                                                                               \
    " LEFT JOIN text t ON t.id = r.text"                                                           \
    " LEFT JOIN signal g ON g.revision = r.id AND ?2 = " VINTAGE_SEEN
#define FACT_SPELL                                                                                 \
    " spell sp ON sp.posting = p.id AND sp.n = (SELECT n FROM spell WHERE posting = p.id"          \
    " AND first_proof <= ?1 ORDER BY n DESC LIMIT 1)"

/* What a fact needs of its source, as of the same time. */
struct source_then {
    int64_t id, proven;
    struct str key, attribution;
    bool window;
};
struct sources_then {
    struct source_then *items; /* in order of id */
    size_t n, cap;
};

int sources_then(struct store *s, int64_t at, struct arena *a, struct sources_then *ret,
                 struct diag *d) MUST_USE;

/* The row under q as a fact; strings view the row, the signal lives in `a`. */
int read_fact(const struct stmt *q, int64_t at, const struct sources_then *sources, struct arena *a,
              struct posting_fact *ret, struct diag *d) MUST_USE;
void keep_fact(struct posting_fact *f, struct arena *a); /* copy what it views */

#endif
