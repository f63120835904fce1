#include "config/merge.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/csv.h"
#include "config/origin.h"
#include "config/vocabulary.h"
#include "config/yaml_doc.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/hash.h"

enum { FOLDER_MAX = 2000 }; /* files of one kind in one folder */

/* A record that was bound, and which entries of the origin table speak of it. */
struct record {
    char *at;
    struct str key;
    size_t layer, rank;
    size_t slot; /* its place in the list: that of the first record it replaces */
    size_t first, end;
    struct place place;
    bool dropped;
};

struct merge {
    struct config *c;
    struct arena *a;
    struct arena own; /* what is not needed when the records are merged */
    const struct kind *kind;
    size_t layer;
    struct diag *d;
    struct {
        struct record *items;
        size_t n, cap;
    } records;
};

/* `name` is the key in front of a record of LAYOUT_NAMED. */
static int add_record(struct merge *m, const char *file, const struct yaml_node *name,
                      const struct yaml_node *node)
{
    const struct kind *k = m->kind;
    struct schema_context cx = { m->a, file, m->c->origin };
    const struct yaml_node *head = name ? name : node;
    struct record r = {
        .at = arena_alloc(&m->own, 1, k->schema->size),
        .layer = m->layer,
        .rank = m->records.n,
        .slot = m->records.n,
        .first = m->c->origin->n,
        .place = { file, head->line, head->column },
    };
    int err = name ? schema_bind_named(&cx, k->schema, name, node, r.at, m->d)
                   : schema_bind(&cx, k->schema, node, r.at, m->d);

    if (err)
        return err;
    r.end = m->c->origin->n;
    if (k->settle) {
        r.key = k->settle(m->c, m->a, r.at, file);
        if (!origin_has(m->c->origin, r.first, r.key.p))
            origin_add(m->c->origin, m->a, r.key.p, r.key.n + 1, r.place);
    }
    *ARENA_PUSH(&m->own, &m->records) = r;
    return 0;
}

static int add_all(struct merge *m, const char *file, const struct yaml_node *root)
{
    bool named = m->kind->layout == LAYOUT_NAMED;
    size_t step = named ? 2 : 1;

    if (m->kind->layout == LAYOUT_ONE)
        return add_record(m, file, NULL, root);
    if (yaml_is_nothing(root))
        return 0;
    if (root->kind != (named ? NODE_MAP : NODE_LIST))
        return yaml_fail(m->d, ERR_CONFIG, file, root, "must be a %s, each of them %s",
                         named ? "mapping of names" : "list", m->kind->schema->what);
    for (size_t i = 0; i < root->n; i += step) {
        int err = add_record(m, file, named ? root->items[i] : NULL, root->items[i + step - 1]);

        if (err)
            return err;
    }
    return 0;
}

static bool is_source_key(struct str name)
{
    for (const struct schema_field *f = schema_source.fields; f->key; f++)
        if ((f->kind == SCHEMA_STR || f->kind == SCHEMA_STRS) && str_eq(name, str_of(f->key)))
            return true;
    return false;
}

static int load_file(struct merge *m, const char *file)
{
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    struct yaml_node *root;
    struct str text;
    int err = yaml_read_file(&page, file, &text, m->d);

    if (!err && str_ends(str_of(file), STR(".csv")))
        err = csv_parse(&page, file, text, is_source_key, &root, m->d);
    else if (!err)
        err = yaml_parse(&page, file, text, &root, m->d);
    if (!err)
        err = add_all(m, file, root);
    if (!err && m->kind->schema == &schema_adapter)
        ((struct adapter *)(void *)m->records.items[m->records.n - 1].at)->read_from =
            hash_of(text);
    return err;
}

static bool wanted(const struct kind *k, const char *name)
{
    struct str s = str_of(name);

    return name[0] != '.'
           && (str_ends(s, STR(".yaml"))
               || (k->schema == &schema_source && str_ends(s, STR(".csv"))));
}

static void close_folder(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static int by_name(const void *l, const void *r)
{
    const struct str *a = l, *b = r;

    return str_cmp(*a, *b);
}

/* By name, so that what a configuration means does not depend on the file system. */
static int load_folder(struct merge *m, const char *folder)
{
    CLEANUP(close_folder) DIR *dir = opendir(folder);
    struct strs files = { 0 };

    if (!dir)
        return errno == ENOENT ? 0 : diag_fail(m->d, ERR_IO, "%s: %s", folder, strerror(errno));
    for (struct dirent *e; (e = readdir(dir));) {
        if (!wanted(m->kind, e->d_name))
            continue;
        if (files.n >= FOLDER_MAX)
            return diag_fail(m->d, ERR_LIMIT, "%s: more than %d files", folder, FOLDER_MAX);
        *ARENA_PUSH(m->a, &files) = str_printf(m->a, "%s/%s", folder, e->d_name);
    }
    if (files.n)
        qsort(files.items, files.n, sizeof(*files.items), by_name);
    for (size_t i = 0; i < files.n; i++) {
        int err = load_file(m, files.items[i].p);

        if (err)
            return err;
    }
    return 0;
}

static int load_layer(struct merge *m, const char *layer)
{
    struct str path = str_printf(m->a, "%s/%s", layer, m->kind->path);

    if (!str_ends(path, STR(".yaml")))
        return load_folder(m, path.p);
    if (access(path.p, F_OK) != 0 && errno == ENOENT)
        return 0;
    return load_file(m, path.p);
}

static int by_key(const void *l, const void *r)
{
    const struct record *const *a = l, *const *b = r;
    int order = str_cmp((*a)->key, (*b)->key);

    if (order)
        return order;
    return (*a)->rank < (*b)->rank ? -1 : (*a)->rank > (*b)->rank;
}

static int drop_replaced_keys(struct merge *m)
{
    struct record **sorted = ARENA_NEW(&m->own, struct record *, m->records.n);

    for (size_t i = 0; i < m->records.n; i++)
        sorted[i] = &m->records.items[i];
    qsort(sorted, m->records.n, sizeof(*sorted), by_key); /* NOLINT */
    for (size_t i = 1; i < m->records.n; i++) {
        struct record *before = sorted[i - 1], *r = sorted[i];

        if (!str_eq(before->key, r->key))
            continue;
        if (before->layer == r->layer)
            return diag_fail(m->d, ERR_CONFIG, "%s:%u:%u: \"%.100s\" already stands at %s:%u",
                             r->place.file, r->place.line, r->place.column, r->key.p,
                             before->place.file, before->place.line);
        before->dropped = true;
        r->slot = before->slot;
    }
    return 0;
}

static struct record *find_kept(struct merge *m, struct str key)
{
    for (size_t i = 0; i < m->records.n; i++)
        if (!m->records.items[i].dropped && str_eq(m->records.items[i].key, key))
            return &m->records.items[i];
    return NULL;
}

/* A source that another one was is that board under its old key: one's own takes the place of the
 * shipped one. */
static int drop_renamed(struct merge *m)
{
    for (size_t i = 0; i < m->records.n; i++) {
        const struct record *r = &m->records.items[i];
        const struct source *s = (const struct source *)(const void *)r->at;

        for (size_t k = 0; !r->dropped && k < s->was.n; k++) {
            struct record *old = find_kept(m, s->was.items[k]);

            if (old == r)
                return diag_fail(m->d, ERR_CONFIG, "%s:%u:%u: was: \"%.100s\" is its key now",
                                 r->place.file, r->place.line, r->place.column, r->key.p);
            if (old)
                old->dropped = true;
        }
    }
    return 0;
}

static int drop_replaced(struct merge *m)
{
    if (m->records.n == 0)
        return 0;
    if (m->kind->settle) {
        int err = drop_replaced_keys(m);

        return !err && m->kind->schema == &schema_source ? drop_renamed(m) : err;
    }
    for (size_t i = 0; i < m->records.n; i++)
        m->records.items[i].dropped =
            m->records.items[i].layer != m->records.items[m->records.n - 1].layer;
    return 0;
}

static void gather(struct merge *m)
{
    size_t size = m->kind->schema->size, n = 0;
    char *items = arena_alloc(m->a, m->records.n, size);
    const struct record **slots = ARENA_NEW(&m->own, const struct record *, m->records.n);
    struct {
        void *items;
        size_t n, cap;
    } list; /* the shape of every list struct */

    for (size_t i = 0; i < m->records.n; i++) {
        const struct record *r = &m->records.items[i];

        if (r->dropped)
            origin_drop(m->c->origin, r->first, r->end, r->at, size);
        else
            slots[r->slot] = r;
    }
    for (size_t i = 0; i < m->records.n; i++) {
        const struct record *r = slots[i];

        if (!r)
            continue;
        memcpy(items + n * size, r->at, size);
        origin_move(m->c->origin, r->first, r->end, r->at, size, items + n * size);
        n++;
    }
    list.items = items;
    list.n = n;
    list.cap = m->records.n;
    memcpy((char *)m->c + m->kind->list, &list, sizeof(list));
}

int merge_kind(struct config *c, struct arena *a, const struct kind *k, const struct layers *layers,
               struct diag *d)
{
    struct merge m = { .c = c, .a = a, .kind = k, .d = d };
    int err = 0;

    for (m.layer = 0; !err && m.layer < layers->n; m.layer++)
        err = load_layer(&m, layers->items[m.layer]);
    if (!err)
        err = drop_replaced(&m);
    if (!err)
        gather(&m);
    arena_free(&m.own);
    return err;
}
