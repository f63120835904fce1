#include "store/text.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "store/simhash.h"
#include "store/zip.h"

/* What is packed together is read together: some MiB hold the blocks of one tidying. */
enum { KEPT = 36, KEPT_BYTES_MAX = 512 * 1024 };

struct blocks {
    struct kept {
        int64_t id;
        uint64_t used;
        struct str plain;
    } items[KEPT];
    uint64_t clock;
};

void blocks_free(struct blocks *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < KEPT; i++)
        free((void *)(uintptr_t)b->items[i].plain.p);
    free(b);
}

int dictionary_newest(struct store *s, int64_t *ret_id, int64_t *ret_texts, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id, texts FROM dictionary ORDER BY texts DESC LIMIT 1");
    int r = stmt_step(&q, d);

    *ret_id = *ret_texts = 0;
    if (r <= 0)
        return r;
    *ret_id = col_int(&q, 0);
    *ret_texts = col_int(&q, 1);
    return 0;
}

/* Learnt, with a copy that lives in the zip. */
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

static int unpack(struct store *s, struct str packed, struct arena *a, struct str *ret,
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

static int pack(struct store *s, struct str plain, bool tight, struct str *ret, struct diag *d)
{
    int64_t id, texts;
    int r = 0;

    if (!s->dictionary_known) {
        r = dictionary_newest(s, &id, &texts, d);
        if (!r && id)
            r = load(s, id, d);
        if (r)
            return r;
        s->dictionary = (uint32_t)id;
        s->dictionary_known = true;
    }
    *ret = zip_pack_with(s->zip, s->dictionary, tight, plain);
    return 0;
}

/* The slot of a block: its own, or that of the one that was not asked for longest. */
static struct kept *slot_of(struct store *s, int64_t id)
{
    struct kept *oldest;

    if (!s->blocks)
        s->blocks = calloc(1, sizeof(*s->blocks));
    if (!s->blocks)
        out_of_memory();
    oldest = &s->blocks->items[0];
    for (size_t i = 0; i < KEPT; i++) {
        struct kept *k = &s->blocks->items[i];

        if (k->id == id)
            oldest = k;
        if (k->id == id)
            break;
        if (k->used < oldest->used)
            oldest = k;
    }
    oldest->used = ++s->blocks->clock;
    return oldest;
}

static int read_block(struct store *s, int64_t id, struct arena *a, struct str *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "SELECT data FROM block WHERE id = ?1");
    int r;

    stmt_int(&q, 1, id);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : diag_fail(d, ERR_DB, "store: %s: a block of texts is missing", s->path);
    return unpack(s, col_str(&q, 0), a, ret, d);
}

/* Blocks of several are written once and never changed, so one that is kept holds. */
static int find_block(struct store *s, int64_t id, struct arena *a, struct str *ret, struct diag *d)
{
    struct kept *k = slot_of(s, id);
    char *copy;
    int r;

    if (k->id == id) {
        *ret = k->plain;
        return 0;
    }
    r = read_block(s, id, a, ret, d);
    if (r || ret->n > KEPT_BYTES_MAX)
        return r;
    copy = realloc((void *)(uintptr_t)k->plain.p, ret->n + 1);
    if (!copy)
        out_of_memory();
    memcpy(copy, ret->p, ret->n);
    k->id = id;
    k->plain = (struct str){ copy, ret->n };
    return 0;
}

static int slice_block(struct store *s, const struct text_place *p, struct arena *a,
                       struct str *ret, struct diag *d)
{
    CLEANUP(arena_free) struct arena own = ARENA_INIT;
    struct str plain;
    int r = find_block(s, p->block, &own, &plain, d);

    if (r)
        return r;
    if (p->size < 0 || (uint64_t)p->at > plain.n || (uint64_t)p->size > plain.n - (uint64_t)p->at)
        return diag_fail(d, ERR_DB, "store: %s: a text is not where its block has it", s->path);
    *ret = str_dup(a, str_slice(plain, (size_t)p->at, (size_t)(p->at + p->size)));
    return 0;
}

int read_placed(struct store *s, const struct text_place *p, struct arena *a, struct str *ret,
                struct diag *d)
{
    if (!p->block) {
        *ret = STR("");
        return 0;
    }
    return p->at < 0 ? read_block(s, p->block, a, ret, d) : slice_block(s, p, a, ret, d);
}

int read_text(struct store *s, int64_t id, struct arena *a, struct str *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT block, coalesce(at, -1), size FROM text WHERE id = ?1");
    struct text_place p = { 0 };
    int r;

    if (!id) {
        *ret = STR("");
        return 0;
    }
    stmt_int(&q, 1, id);
    r = stmt_step(&q, d);
    if (r <= 0)
        return r ? r : diag_fail(d, ERR_DB, "store: %s: a text is missing", s->path);
    p = (struct text_place){ col_int(&q, 0), col_int(&q, 1), col_int(&q, 2) };
    return read_placed(s, &p, a, ret, d);
}

int put_block(struct store *s, struct str plain, bool tight, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin(s, "INSERT INTO block (data) VALUES (?1)");
    struct str packed;
    int r = pack(s, plain, tight, &packed, d);

    if (r)
        return r;
    stmt_blob(&q, 1, packed);
    r = stmt_run(&q, d);
    *ret = sqlite3_last_insert_rowid(s->db);
    return r;
}

int text_id(struct store *s, struct str text, struct hash h, int64_t *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt find = stmt_begin(s, "SELECT id FROM text WHERE substr(hash, 1, 4) ="
                                     " substr(?1, 1, 4) AND hash = ?1");
    CLEANUP(stmt_end)
    struct stmt add = stmt_begin(s, "INSERT INTO text (hash, size, simhash, words_hash, block)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5)");
    struct text_prints prints;
    int64_t block;
    int r;

    stmt_hash(&find, 1, h);
    r = stmt_step(&find, d);
    if (r == STMT_ROW)
        *ret = col_int(&find, 0);
    if (r)
        return r < 0 ? r : 0;
    r = put_block(s, text, false, &block, d);
    if (r)
        return r;
    prints = text_prints(text);
    stmt_hash(&add, 1, h);
    stmt_int(&add, 2, (int64_t)text.n);
    stmt_int(&add, 3, (int64_t)prints.simhash);
    stmt_int(&add, 4, (int64_t)prints.words);
    stmt_int(&add, 5, block);
    r = stmt_run(&add, d);
    *ret = sqlite3_last_insert_rowid(s->db);
    return r;
}
