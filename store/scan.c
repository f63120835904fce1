#include "store/fact.h"
#include "store/revision.h"
#include "store/text.h"

int sources_then(struct store *s, int64_t at, struct arena *a, struct sources_then *ret,
                 struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT s.id, s.key, coalesce(w.attribution, s.attribution),"
           " coalesce(w.windowed, n.windowed), (SELECT max(ended) FROM reading"
           " WHERE source = s.id AND proven = 1 AND ended <= ?1)"
           " FROM source s JOIN standing n ON n.source = s.id" SOURCE_THEN " ORDER BY s.id");
    int r;

    stmt_int(&q, 1, at);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, ret) = (struct source_then){
            .id = col_int(&q, 0),
            .key = str_dup(a, col_str(&q, 1)),
            .attribution = str_dup(a, col_str(&q, 2)),
            .window = col_int(&q, 3) != 0,
            .proven = col_int(&q, 4),
        };
    return r;
}

static const struct source_then *source_of(const struct sources_then *all, int64_t id)
{
    size_t low = 0, high = all->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (all->items[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return &all->items[low];
}

/* A constant for the stored word, so that a fact can outlive its row. */
static const char *how_of(struct str how)
{
    static const char *const hows[] = {
        "absent", "expired", "detail", "max-age", "import", "moved"
    };

    for (size_t i = 0; i < ARRAY_LEN(hows); i++)
        if (str_eq(how, str_of(hows[i])))
            return hows[i];
    return "";
}

/* A window does not show all that is open: what it last showed by then is the last proof. Since
 * seen_since each proven reading showed it. */
static int64_t shown_by(const struct stmt *q, int64_t at, int64_t proven)
{
    int64_t last_seen = col_int(q, 16), seen_since = col_int(q, 21), until = col_int(q, 22);

    if (last_seen <= at)
        return last_seen;
    return seen_since <= at || until > proven ? proven : until;
}

static void read_spell(const struct stmt *q, int64_t at, const struct source_then *source,
                       struct posting_fact *f)
{
    int64_t ended_by = col_int(q, 18);
    bool window = source->window && !col_null(q, 16);

    f->first_proof = col_int(q, 15);
    f->ended_how = "";
    if (!f->first_proof) /* known, never proven */
        return;
    if (ended_by && ended_by <= at) {
        f->last_proof = col_int(q, 17);
        f->ended_by = ended_by;
        f->ended_how = how_of(col_str(q, 19));
        return;
    }
    f->last_proof = window ? shown_by(q, at, source->proven) : source->proven;
    if (f->last_proof < f->first_proof)
        f->last_proof = f->first_proof;
}

int read_fact(const struct stmt *q, int64_t at, const struct sources_then *sources, struct arena *a,
              struct posting_fact *ret, struct diag *d)
{
    const struct source_then *source = source_of(sources, col_int(q, 2));

    *ret = (struct posting_fact){
        .posting = col_int(q, 0),
        .revision = col_int(q, 1),
        .source = source->key,
        .native_id = col_str(q, 3),
        .requisition = col_str(q, 4),
        .title = col_str(q, 5),
        .company = col_str(q, 6),
        .url = col_str(q, 7),
        .places_text = col_str(q, 8),
        .attribution = source->attribution,
        .source_proven = source->proven,
        .source_window = source->window,
        .posted = col_int(q, 9),
        .expires = col_int(q, 10),
        .vacancies = col_int(q, 11),
        .simhash = (uint64_t)col_int(q, 12),
        .text_hash = (uint64_t)col_int(q, 13),
        .text_read = col_int(q, 14) != 0,
        .has_signal = !col_null(q, 20),
    };
    read_spell(q, at, source, ret);
    return ret->has_signal ? read_signal(q->s, col_str(q, 20), a, &ret->signal, d) : 0;
}

void keep_fact(struct posting_fact *f, struct arena *a)
{
    f->native_id = str_dup(a, f->native_id);
    f->requisition = str_dup(a, f->requisition);
    f->title = str_dup(a, f->title);
    f->company = str_dup(a, f->company);
    f->url = str_dup(a, f->url);
    f->places_text = str_dup(a, f->places_text);
}

int store_scan(struct store *s, int64_t at, struct arena *a,
               int (*each)(void *ctx, const struct posting_fact *f, struct diag *d), void *ctx,
               struct diag *d)
{
    CLEANUP(arena_free) struct arena own = ARENA_INIT, row = ARENA_INIT;
    struct arena *keep = a ? a : &own;
    struct sources_then sources = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin_once(s, FACT_COLUMNS " FROM posting p JOIN" FACT_SPELL FACT_REVISION
                                                    " ORDER BY p.id");
    int r = sources_then(s, at, keep, &sources, d);

    if (r)
        return r;
    stmt_int(&q, 1, at);
    stmt_int(&q, 2, s->vintage);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct arena *to = a ? a : &row;
        struct posting_fact *f = ARENA_NEW(to, struct posting_fact, 1);

        r = read_fact(&q, at, &sources, to, f, d);
        if (!r && a)
            keep_fact(f, a);
        if (!r)
            r = each(ctx, f, d);
        arena_reset(&row);
        if (r)
            return r;
    }
    return r;
}

int store_scan_texts(struct store *s,
                     int (*each)(void *ctx, const struct revision *rev, struct diag *d), void *ctx,
                     struct diag *d)
{
    CLEANUP(arena_free) struct arena row = ARENA_INIT;
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin_once(
        s, "SELECT r.id, r.posting, r.read_at, s.key, " LISTING_COLUMNS
           " FROM posting p JOIN source s ON s.id = p.source JOIN revision r ON r.id = p.revision"
           " ORDER BY p.id");
    int r;

    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct revision rev = { .id = col_int(&q, 0),
                                .posting = col_int(&q, 1),
                                .read_at = col_int(&q, 2),
                                .source = str_dup(&row, col_str(&q, 3)) };
        int64_t text;

        read_listing(&q, 4, &row, &rev.listing, &text);
        r = read_text(s, text, &row, &rev.listing.text, d);
        if (!r)
            r = each(ctx, &rev, d);
        arena_reset(&row);
        if (r)
            return r;
    }
    return r;
}

int store_earlier_spells(struct store *s, int64_t at, struct arena *a, struct earlier_spell **ret,
                         size_t *ret_n, struct diag *d)
{
    struct {
        struct earlier_spell *items;
        size_t n, cap;
    } list = { 0 };
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s,
        "SELECT e.posting, e.first_proof, e.ended_after, e.ended_by, e.ended_how FROM spell later"
        " JOIN spell e ON e.posting = later.posting AND e.n = later.n - 1"
        " WHERE later.n > 1 AND later.first_proof <= ?1 ORDER BY e.posting, e.n");
    int r;

    stmt_int(&q, 1, at);
    while ((r = stmt_step(&q, d)) == STMT_ROW)
        *ARENA_PUSH(a, &list) = (struct earlier_spell){ .posting = col_int(&q, 0),
                                                        .first_proof = col_int(&q, 1),
                                                        .last_proof = col_int(&q, 2),
                                                        .ended_by = col_int(&q, 3),
                                                        .ended_how = how_of(col_str(&q, 4)) };
    if (r)
        return r;
    *ret = list.items;
    *ret_n = list.n;
    return 0;
}
