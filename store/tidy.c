/* Keeping the file small: bodies that nothing stands on any more, and a dictionary for texts. */
#include <stdlib.h>

#include "core/buf.h"
#include "store/handle.h"
#include "store/revision.h"
#include "store/zip.h"

enum {
    TRAIN_FROM = 2000,   /* texts; of fewer a dictionary learns too little */
    TRAIN_TEXTS = 5000,  /* at most so many are learnt from, spread over all */
    REPACK_ROWS = 20000, /* one call's work: a second or two */
};

/* The newest dictionary; *ret_id 0: there is none. */
static int newest(struct store *s, int64_t *ret_id, int64_t *ret_texts, int64_t *ret_repacked,
                  struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, texts, repacked FROM dictionary"
                                  " ORDER BY texts DESC LIMIT 1");
    int r = stmt_step(&q, d);

    *ret_id = *ret_texts = *ret_repacked = 0;
    if (r <= 0)
        return r;
    *ret_id = col_int(&q, 0);
    *ret_texts = col_int(&q, 1);
    *ret_repacked = col_int(&q, 2);
    return 0;
}

/* Learnt, with a view that lives in the zip. */
static int load(struct store *s, int64_t id, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT data FROM dictionary WHERE id = ?1");
    int r;

    stmt_int(&q, 1, id);
    r = stmt_step(&q, d);
    if (r < 0)
        return r;
    if (r == 0 || !zip_learn(s->zip, col_str(&q, 0)))
        return diag_fail(d, ERR_DB, "store: %s: the dictionary %lld of its texts is missing",
                         s->path, (long long)id);
    return 0;
}

int unpack_text(struct store *s, struct str packed, struct arena *a, struct str *ret,
                struct diag *d)
{
    uint32_t id = zip_dictionary_of(packed);

    if (id && !zip_knows(s->zip, id)) {
        int r = load(s, id, d);

        if (r)
            return r;
    }
    return zip_unpack(s->zip, packed, a, ret, d);
}

int pack_text(struct store *s, struct str plain, struct str *ret, struct diag *d)
{
    int64_t id, texts, repacked;
    int r = 0;

    if (!s->dictionary_known) {
        r = newest(s, &id, &texts, &repacked, d);
        if (!r && id)
            r = load(s, id, d);
        if (r)
            return r;
        s->dictionary = (uint32_t)id;
        s->dictionary_known = true;
    }
    *ret = zip_pack_with(s->zip, s->dictionary, plain);
    return 0;
}

static int count_texts(struct store *s, int64_t *ret_n, int64_t *ret_last, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT count(*), max(id) FROM text");
    int r = stmt_step(&q, d);

    if (r < 0)
        return r;
    *ret_n = col_int(&q, 0);
    *ret_last = col_int(&q, 1);
    return 0;
}

struct samples {
    struct buf bytes;
    size_t *sizes;
    size_t n;
};

static void free_samples(struct samples *x)
{
    buf_release(&x->bytes);
    free(x->sizes);
}

static int take_samples(struct store *s, int64_t every, struct samples *x, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT data FROM text WHERE id % ?1 = 0 ORDER BY id LIMIT ?2");
    int r;

    x->sizes = calloc(TRAIN_TEXTS, sizeof(*x->sizes));
    if (!x->sizes)
        abort();
    stmt_int(&q, 1, every);
    stmt_int(&q, 2, TRAIN_TEXTS);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct str text;

        r = unpack_text(s, col_str(&q, 0), &s->scratch, &text, d);
        if (r)
            return r;
        buf_add(&x->bytes, text);
        x->sizes[x->n++] = text.n;
        arena_reset(&s->scratch);
    }
    return r;
}

static int put_dictionary(struct store *s, struct str dictionary, int64_t last, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT OR REPLACE INTO dictionary (id, data, texts)"
                                  " VALUES (?1, ?2, ?3)");

    stmt_int(&q, 1, zip_learn(s->zip, dictionary));
    stmt_blob(&q, 2, dictionary);
    stmt_int(&q, 3, last);
    return stmt_run(&q, d);
}

/* A dictionary is used from its commit on: no frame may name one that a failed write took back. */
static int train(struct store *s, int64_t n, int64_t last, bool *ret_trained, struct diag *d)
{
    CLEANUP(free_samples) struct samples x = { 0 };
    CLEANUP(buf_release) struct buf dictionary = { 0 };
    int r = take_samples(s, n / TRAIN_TEXTS + 1, &x, d);

    if (r || !zip_train(&dictionary, buf_str(&x.bytes), x.sizes, x.n))
        return r; /* texts of which nothing is learnt are kept as they are */
    r = write_begin(s, d);
    if (!r)
        r = write_end(s, put_dictionary(s, buf_str(&dictionary), last, d), d);
    if (!r)
        r = store_flush(s, d);
    if (r)
        return r;
    s->dictionary_known = false;
    *ret_trained = true;
    return 0;
}

static int repack_one(struct store *s, int64_t id, struct str packed, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "UPDATE text SET data = ?2 WHERE id = ?1");
    struct str plain, again;
    int r = unpack_text(s, packed, &s->scratch, &plain, d);

    if (!r)
        r = pack_text(s, plain, &again, d);
    if (r || again.n >= packed.n)
        return r;
    stmt_int(&q, 1, id);
    stmt_blob(&q, 2, again);
    return stmt_run(&q, d);
}

static int repack_some(struct store *s, int64_t from, int64_t to, int64_t *ret_last, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, data FROM text WHERE id > ?1 AND id <= ?2"
                                  " ORDER BY id LIMIT ?3");
    int r;

    *ret_last = to;
    stmt_int(&q, 1, from);
    stmt_int(&q, 2, to);
    stmt_int(&q, 3, REPACK_ROWS);
    for (int64_t n = 1; (r = stmt_step(&q, d)) == STMT_ROW; n++) {
        int64_t id = col_int(&q, 0);

        r = repack_one(s, id, col_str(&q, 1), d);
        arena_reset(&s->scratch);
        if (r)
            return r;
        if (n == REPACK_ROWS)
            *ret_last = id;
    }
    return r;
}

static int repack(struct store *s, int64_t dictionary, int64_t from, int64_t to, int64_t *ret_last,
                  struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt mark = stmt_begin(s, "UPDATE dictionary SET repacked = ?2 WHERE id = ?1");
    int r = write_begin(s, d);

    if (r)
        return r;
    r = repack_some(s, from, to, ret_last, d);
    stmt_int(&mark, 1, dictionary);
    stmt_int(&mark, 2, *ret_last);
    if (!r)
        r = stmt_run(&mark, d);
    return write_end(s, r, d);
}

/* Smaller rows leave their pages half empty. Where there is no room for the copy that this takes,
 * the file stays as it is. */
static void close_gaps(struct store *s)
{
    struct diag ignored;

    (void)!db_exec(s->db, s->path, "VACUUM", &ignored);
}

int store_pack_texts(struct store *s, bool *ret_more, struct diag *d)
{
    int64_t n, last, id, texts, repacked;
    int r = newest(s, &id, &texts, &repacked, d);

    *ret_more = false;
    if (r)
        return r;
    if (id && repacked < texts) {
        r = repack(s, id, repacked, texts, &repacked, d);
        if (!r)
            r = store_flush(s, d);
        *ret_more = !r && repacked < texts;
        if (!r && !*ret_more)
            close_gaps(s);
    }
    if (r || id)
        return r;
    r = count_texts(s, &n, &last, d);
    return r || n < TRAIN_FROM ? r : train(s, n, last, ret_more, d);
}

static int drop_bodies(struct store *s, int64_t before, int64_t *ret_n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "UPDATE body SET data = NULL WHERE at < ?1 AND data IS NOT NULL AND hash NOT IN"
           " (SELECT r.body FROM spell sp JOIN posting p ON p.id = sp.posting"
           " JOIN revision r ON r.id = p.revision WHERE sp.ended_by IS NULL AND r.body NOT NULL)");
    int r;

    stmt_int(&q, 1, before);
    r = stmt_run(&q, d);
    *ret_n = r ? 0 : sqlite3_changes64(s->db);
    return r;
}

int store_drop_bodies(struct store *s, int64_t before, int64_t *ret_n, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, drop_bodies(s, before, ret_n, d), d);
}
