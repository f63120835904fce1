#ifndef TESTS_UNIT_STORE_UTIL_H
#define TESTS_UNIT_STORE_UTIL_H

/* What the store's tests share: a fresh folder, and readings written in a line. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "store/store.h"
#include "test.h"

enum { DAY = 86400, NOON = 1795500000 };

#define OK(call) CHECK(said((call), &d) >= 0)

static inline int said(int r, const struct diag *d)
{
    if (r < 0)
        fprintf(stderr, "%s (%s)\n", d->text, d->hint);
    return r;
}

struct folder {
    char path[200];
};

static inline struct folder fresh_folder(void)
{
    struct folder f;

    snprintf(f.path, sizeof(f.path), "%s/store.XXXXXX", SCRATCH_DIR);
    if (!mkdtemp(f.path))
        abort();
    return f;
}

static inline void remove_folder(const struct folder *f)
{
    static const char *const names[] = {
        "roletide.db", "roletide.db-wal", "roletide.db-shm", "roletide.db.new",
        "lock",        "copy.db",         "kept.db"
    };
    char path[256];

    for (int v = 1; v < 20; v++) {
        snprintf(path, sizeof(path), "%s/roletide.db.v%d", f->path, v);
        (void)unlink(path);
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", f->path, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->path);
}

static inline struct listing listing_of(struct str id, struct str title, struct str text)
{
    return (struct listing){ .native_id = id,
                             .title = title,
                             .company = STR("Kaveri Pay"),
                             .url = id,
                             .text = text,
                             .text_read = text.n > 0 };
}

static inline void put_source(struct store *s, const char *key)
{
    struct diag d = { 0 };
    struct source_row row = { .key = str_of(key),
                              .adapter = STR("greenhouse"),
                              .company = STR("Kaveri Pay"),
                              .added = NOON };

    OK(store_put_source(s, &row, NOON, &d));
}

/* One whole reading, left to a later commit: `ids` separated by blanks, each id's listing put
 * before the verdict. */
static inline struct verdict put_board(struct store *s, const char *key, const char *ids,
                                       struct verdict_in in, int64_t now)
{
    struct arena a = ARENA_INIT;
    struct strs list = { 0 };
    struct str rest = str_of(ids);
    struct verdict v = { 0 };
    struct diag d = { 0 };
    int64_t reading = 0;

    OK(store_begin_reading(s, str_of(key), now, &reading, &d));
    while (rest.n) {
        struct str id = str_cut(&rest, ' ');
        struct listing l = listing_of(id, STR("MLOps Engineer"), id);

        *ARENA_PUSH(&a, &list) = id;
        OK(store_put_listing(s, reading, str_of(key), &l, STR("-"), (struct hash){ 0 }, now, &d));
    }
    in.ids = list.items;
    in.n_ids = list.n;
    in.got = (int64_t)list.n;
    OK(store_end_reading(s, reading, &in, now, &v, &d));
    arena_free(&a);
    return v;
}

static inline struct verdict read_board(struct store *s, const char *key, const char *ids,
                                        struct verdict_in in, int64_t now)
{
    struct verdict v = put_board(s, key, ids, in, now);
    struct diag d = { 0 };

    OK(store_flush(s, &d));
    return v;
}

#endif
