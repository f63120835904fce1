/* Keeping the file small: bodies that nothing stands on any more, and texts packed together. */
#include <stdlib.h>

#include "core/arena.h"
#include "core/buf.h"
#include "store/handle.h"
#include "store/text.h"
#include "store/zip.h"

enum {
    TRAIN_FROM = 2000,    /* texts; of fewer a dictionary learns too little */
    TRAIN_TEXTS = 10000,  /* at most so many are learnt from, spread over all */
    TRAIN_AGAIN = 10,     /* when there are ten times as many */
    PACK_FROM = 1000,     /* texts that lie alone; fewer wait for more of their kind */
    PACK_AT_ONCE = 2048,  /* one call's work: a second or two */
    BLOCK_BYTES = 262144, /* of plain text, or one text */
    GAPS_PART = 32,       /* so much of the file empty is worth writing it anew */
};

static int count_texts(struct store *s, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT count(*) FROM text");
    int r = stmt_step(&q, d);

    if (r < 0)
        return r;
    *ret = col_int(&q, 0);
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
    struct stmt q = stmt_begin(s, "SELECT id FROM text WHERE id % ?1 = 0 ORDER BY id LIMIT ?2");
    int r;

    x->sizes = calloc(TRAIN_TEXTS, sizeof(*x->sizes));
    if (!x->sizes)
        out_of_memory();
    stmt_int(&q, 1, every);
    stmt_int(&q, 2, TRAIN_TEXTS);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct str text;

        r = read_text(s, col_int(&q, 0), &s->scratch, &text, d);
        if (r)
            return r;
        buf_add(&x->bytes, text);
        x->sizes[x->n++] = text.n;
        arena_reset(&s->scratch);
    }
    return r;
}

static int put_dictionary(struct store *s, struct str dictionary, int64_t texts, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "INSERT OR REPLACE INTO dictionary (id, data, texts)"
                                  " VALUES (?1, ?2, ?3)");

    stmt_int(&q, 1, zip_learn(s->zip, dictionary));
    stmt_blob(&q, 2, dictionary);
    stmt_int(&q, 3, texts);
    return stmt_run(&q, d);
}

/* A dictionary is used from its commit on: no frame may name one that a failed write took back. */
static int train(struct store *s, int64_t n, struct diag *d)
{
    CLEANUP(free_samples) struct samples x = { 0 };
    CLEANUP(buf_release) struct buf dictionary = { 0 };
    int r = take_samples(s, n / TRAIN_TEXTS + 1, &x, d);

    if (r || !zip_train(&dictionary, buf_str(&x.bytes), x.sizes, x.n))
        return r; /* texts of which nothing is learnt are kept as they are */
    r = write_begin(s, d);
    if (!r)
        r = write_end_now(s, put_dictionary(s, buf_str(&dictionary), n, d), d);
    if (!r)
        s->dictionary_known = false;
    return r;
}

static int train_if_due(struct store *s, struct diag *d)
{
    int64_t n = 0, id, learnt;
    int r = count_texts(s, &n, d);

    if (!r)
        r = dictionary_newest(s, &id, &learnt, d);
    if (r || n < TRAIN_FROM || (id && n < TRAIN_AGAIN * learnt))
        return r;
    return train(s, n, d);
}

/* A text that lies alone, and whose it is. */
struct loose {
    int64_t text;
    struct str company, title;
};

struct loose_texts {
    struct loose *items;
    size_t n, cap;
    int64_t revision; /* the last that was looked at */
};

/* Those of the revisions since the last tidying, in order of revision. */
static int find_loose(struct store *s, struct arena *a, struct loose_texts *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT r.id, t.id, r.company, r.title FROM revision r JOIN text t ON t.id = r.text"
           " WHERE r.id > (SELECT revision FROM tidied) AND t.at IS NULL ORDER BY r.id LIMIT ?1");
    int r;

    stmt_int(&q, 1, PACK_AT_ONCE);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        ret->revision = col_int(&q, 0);
        *ARENA_PUSH(a, ret) = (struct loose){ .text = col_int(&q, 1),
                                              .company = str_dup(a, col_str(&q, 2)),
                                              .title = str_dup(a, col_str(&q, 3)) };
    }
    return r;
}

static int by_text(const void *x, const void *y)
{
    const struct loose *a = x, *b = y;

    return (a->text > b->text) - (a->text < b->text);
}

/* Two revisions may have one text. */
static void drop_twins(struct loose_texts *l)
{
    size_t kept = 0;

    qsort(l->items, l->n, sizeof(*l->items), by_text);
    for (size_t i = 0; i < l->n; i++)
        if (!kept || l->items[i].text != l->items[kept - 1].text)
            l->items[kept++] = l->items[i];
    l->n = kept;
}

static int by_kind(const void *x, const void *y)
{
    const struct loose *a = x, *b = y;
    int order = str_cmp(a->company, b->company);

    order = order ? order : str_cmp(a->title, b->title);
    return order ? order : by_text(x, y);
}

/* Its own block is let go. */
static int place_text(struct store *s, int64_t text, int64_t block, size_t at, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt drop =
        stmt_begin(s, "DELETE FROM block WHERE id = (SELECT block FROM text WHERE id = ?1)");
    CLEANUP(stmt_end)
    struct stmt place = stmt_begin(s, "UPDATE text SET block = ?2, at = ?3 WHERE id = ?1");
    int r;

    stmt_int(&drop, 1, text);
    r = stmt_run(&drop, d);
    stmt_int(&place, 1, text);
    stmt_int(&place, 2, block);
    stmt_int(&place, 3, (int64_t)at);
    return r ? r : stmt_run(&place, d);
}

/* The next texts as one block; *io_from: the first that did not go into it. */
static int fill_block(struct store *s, const struct loose_texts *l, size_t *io_from, struct diag *d)
{
    CLEANUP(buf_release) struct buf plain = { 0 };
    size_t from = *io_from, n = from;
    size_t *starts = ARENA_NEW(&s->scratch, size_t, l->n - from);
    int64_t block = 0;
    int r = 0;

    for (; !r && n < l->n && plain.n < BLOCK_BYTES; n++) {
        struct str text = { 0 };

        starts[n - from] = plain.n;
        r = read_text(s, l->items[n].text, &s->scratch, &text, d);
        buf_add(&plain, text);
    }
    if (!r)
        r = put_block(s, buf_str(&plain), true, &block, d);
    for (size_t i = from; !r && i < n; i++)
        r = place_text(s, l->items[i].text, block, starts[i - from], d);
    arena_reset(&s->scratch);
    *io_from = n;
    return r;
}

static int pack_loose(struct store *s, struct loose_texts *l, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt mark = stmt_begin(s, "UPDATE tidied SET revision = ?1");
    size_t from = 0;
    int r = 0;

    drop_twins(l);
    qsort(l->items, l->n, sizeof(*l->items), by_kind);
    while (!r && from < l->n)
        r = fill_block(s, l, &from, d);
    stmt_int(&mark, 1, l->revision);
    return r ? r : stmt_run(&mark, d);
}

/* Texts that went into blocks, and signals of other rules, leave pages empty. Where there is no
 * room for the copy that this takes, the file stays as it is. */
static int close_gaps(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt empty = stmt_begin_once(s, "PRAGMA freelist_count");
    CLEANUP(stmt_end) struct stmt all = stmt_begin_once(s, "PRAGMA page_count");
    struct diag ignored;
    int r = stmt_step(&empty, d);

    if (r >= 0)
        r = stmt_step(&all, d);
    if (r < 0)
        return r;
    if (GAPS_PART * col_int(&empty, 0) <= col_int(&all, 0))
        return 0;
    stmt_end(&empty);
    stmt_end(&all);
    (void)!db_exec(s->db, s->path, "VACUUM", &ignored);
    return 0;
}

int store_pack_texts(struct store *s, bool *ret_more, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct loose_texts l = { 0 };
    int64_t id, learnt;
    int r = store_flush(s, d);

    *ret_more = false;
    if (!r)
        r = train_if_due(s, d);
    if (!r)
        r = dictionary_newest(s, &id, &learnt, d);
    if (r || !id)
        return r;
    r = find_loose(s, &a, &l, d);
    if (r || l.n < PACK_FROM)
        return r ? r : close_gaps(s, d);
    r = write_begin(s, d);
    if (!r)
        r = write_end_now(s, pack_loose(s, &l, d), d);
    *ret_more = !r;
    return r;
}

#define NOTHING_STANDS_ON                                                                          \
    " AND id NOT IN (SELECT r.body FROM spell sp JOIN posting p ON p.id = sp.posting"              \
    " JOIN revision r ON r.id = p.revision WHERE sp.ended_by IS NULL AND r.body NOT NULL)"

/* The newest make up `most`, and what is older goes. */
static int drop_beyond(struct store *s, int64_t most, int64_t *io_n, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "UPDATE body SET data = NULL WHERE id IN (SELECT id FROM (SELECT id, sum(length(data))"
           " OVER (ORDER BY at DESC, id DESC) AS upto FROM body WHERE data IS NOT NULL)"
           " WHERE upto > ?1)" NOTHING_STANDS_ON);
    int r;

    stmt_int(&q, 1, most);
    r = stmt_run(&q, d);
    *io_n += r ? 0 : sqlite3_changes64(s->db);
    return r;
}

static int drop_bodies(struct store *s, int64_t before, int64_t most, int64_t *ret_n,
                       struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "UPDATE body SET data = NULL WHERE at < ?1 AND data IS NOT NULL" NOTHING_STANDS_ON);
    int r;

    stmt_int(&q, 1, before);
    r = stmt_run(&q, d);
    *ret_n = r ? 0 : sqlite3_changes64(s->db);
    return r || !most ? r : drop_beyond(s, most, ret_n, d);
}

int store_drop_bodies(struct store *s, int64_t before, int64_t most, int64_t *ret_n, struct diag *d)
{
    int r = write_begin(s, d);

    return r ? r : write_end(s, drop_bodies(s, before, most, ret_n, d), d);
}
