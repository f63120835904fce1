/* What has no signal of the vintage in use yet, in order of revision. */
#include <stdlib.h>

#include "core/arena.h"
#include "store/revision.h"
#include "store/text.h"

/*
 * Revisions are read some at a time, because a statement that is kept open would keep the log from
 * being written back. Those read ahead are void when a revision is written.
 */
enum { AT_ONCE = 256 };

struct unread_batch {
    struct arena a;
    struct {
        struct revision rev;
        struct text_place text;
    } items[AT_ONCE];
    size_t n, next;
    int64_t after; /* the cursor that the next one follows */
};

void unread_free(struct store *s)
{
    if (s->unread)
        arena_free(&s->unread->a);
    free(s->unread);
}

/* A vintage that is building reads in order, and notes how far it came; of the one that readers see
 * any signal may be void. ?1: the cursor, ?2: the vintage in use, ?3: whether it is building. */
#define WHERE_UNREAD                                                                               \
    " WHERE r.id > max(?1, (SELECT read_to FROM vintage WHERE id = ?2)) AND (?3"                   \
    " OR r.id > (SELECT coalesce(max(revision), 0) FROM signal)"                                   \
    " OR NOT EXISTS (SELECT 1 FROM signal g WHERE g.revision = r.id))"

static void bind_unread(struct stmt *q, int64_t cursor)
{
    stmt_int(q, 1, cursor > q->s->read_to ? cursor : q->s->read_to);
    stmt_int(q, 2, q->s->vintage);
    stmt_int(q, 3, q->s->building);
}

static int fill(struct store *s, struct unread_batch *b, int64_t cursor, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(
        s, "SELECT r.id, r.posting, r.read_at, s.key, p.revision = r.id, t.block,"
           " coalesce(t.at, -1), t.size,"
           " EXISTS (SELECT 1 FROM signal g WHERE g.revision = r.id), " LISTING_COLUMNS
           " FROM revision r JOIN posting p ON p.id = r.posting JOIN source s ON s.id = p.source"
           " LEFT JOIN text t ON t.id = r.text" WHERE_UNREAD " ORDER BY r.id LIMIT ?4");
    int64_t text;
    int r;

    arena_reset(&b->a);
    b->n = b->next = 0;
    b->after = cursor;
    s->unread_void = false;
    bind_unread(&q, cursor);
    stmt_int(&q, 4, AT_ONCE);
    while ((r = stmt_step(&q, d)) == STMT_ROW) {
        struct revision *rev = &b->items[b->n].rev;

        *rev = (struct revision){ .id = col_int(&q, 0),
                                  .posting = col_int(&q, 1),
                                  .read_at = col_int(&q, 2),
                                  .source = str_dup(&b->a, col_str(&q, 3)),
                                  .newest = col_int(&q, 4) != 0,
                                  .seen = col_int(&q, 8) != 0 };
        b->items[b->n].text = (struct text_place){ col_int(&q, 5), col_int(&q, 6), col_int(&q, 7) };
        read_listing(&q, 9, &b->a, &rev->listing, &text);
        b->n++;
    }
    return r;
}

static void copy(struct arena *a, const struct revision *from, struct revision *to)
{
    struct listing *l = &to->listing;
    struct str *const words[] = {
        &to->source,    &l->native_id,  &l->requisition, &l->title,  &l->company, &l->country,
        &l->department, &l->employment, &l->experience,  &l->salary, &l->url,     &l->pay.currency
    };

    *to = *from;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        *words[i] = str_dup(a, *words[i]);
    l->places = (struct strs){ 0 };
    for (size_t i = 0; i < from->listing.places.n; i++)
        *ARENA_PUSH(a, &l->places) = str_dup(a, from->listing.places.items[i]);
}

static int next_unread(struct store *s, int64_t *cursor, struct arena *a, struct revision *ret,
                       struct diag *d)
{
    struct unread_batch *b = s->unread;
    int r = 0;

    if (!b)
        b = s->unread = calloc(1, sizeof(*b));
    if (!b)
        out_of_memory();
    if (s->unread_void || b->next == b->n || b->after != *cursor)
        r = fill(s, b, *cursor, d);
    if (r || b->next == b->n)
        return r ? r : STORE_NONE;
    copy(a, &b->items[b->next].rev, ret);
    r = read_placed(s, &b->items[b->next].text, a, &ret->listing.text, d);
    *cursor = b->after = ret->id;
    b->next++;
    return r;
}

/* Whether none was left before the cursor: one whose extraction failed, or that is not put yet. */
static int none_left(struct store *s, bool *ret, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT 1 FROM revision r" WHERE_UNREAD " LIMIT 1");
    int r;

    bind_unread(&q, 0);
    r = stmt_step(&q, d);
    *ret = r == 0;
    return r < 0 ? r : 0;
}

/* Nothing is left to read: note it, so that the next call need not look through all. */
static int all_read(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "UPDATE vintage SET read_to = (SELECT coalesce(max(id), 0) FROM revision)"
                      " WHERE id = ?1 RETURNING state = 'building'");
    bool building;
    int r;

    s->unread_from = 0;
    stmt_int(&q, 1, s->vintage);
    r = stmt_step(&q, d);
    building = r == STMT_ROW && col_int(&q, 0);
    if (r >= 0)
        r = stmt_run(&q, d);
    return !r && building ? vintage_make_current(s, d) : r;
}

int store_next_unread(struct store *s, int64_t *cursor, struct arena *a, struct revision *ret,
                      struct diag *d)
{
    bool none = false;
    int r;

    if (!s->vintage)
        return diag_fail(d, ERR_USAGE, "store: %s: no vintage is in use", s->path);
    r = next_unread(s, cursor, a, ret, d);
    if (r != STORE_NONE || s->access != STORE_WRITE)
        return r;
    r = none_left(s, &none, d);
    if (r || !none)
        return r ? r : STORE_NONE;
    r = write_begin(s, d);
    if (!r)
        r = write_end_now(s, all_read(s, d), d);
    return r ? r : STORE_NONE;
}
