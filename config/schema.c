#include "config/schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config/origin.h"
#include "config/yaml_doc.h"
#include "core/arena.h"
#include "core/nearest.h"

enum { SHOWN = 60 }; /* bytes of a user's text in an error */

/* Every list struct of the house has this shape; it is filled through a copy. */
struct any_list {
    void *items;
    size_t n, cap;
};

struct binding {
    const struct schema_context *cx;
    const struct schema_field *field;
    void *at; /* where the value goes */
    struct diag *d;
};

typedef int bind_fn(const struct binding *b, const struct yaml_node *node);

static int bad(const struct binding *b, const struct yaml_node *node, const char *want)
{
    return yaml_fail(b->d, ERR_CONFIG, b->cx->file, node, "%s: must be %s", b->field->key, want);
}

static const char *shown(const struct schema_context *cx, struct str s)
{
    return str_cstr(cx->a, str_slice(s, 0, s.n < SHOWN ? s.n : SHOWN));
}

static void remember(const struct schema_context *cx, const void *at, size_t n,
                     const struct yaml_node *node)
{
    origin_add(cx->origin, cx->a, at, n, (struct place){ cx->file, node->line, node->column });
}

/* A text in memory of its own, so that its address names its place. */
static struct str own_text(const struct schema_context *cx, struct str s,
                           const struct yaml_node *node)
{
    struct str own = { str_cstr(cx->a, s), s.n };

    remember(cx, own.p, own.n + 1, node);
    return own;
}

static void hint_nearest(struct diag *d, struct str typed, const struct str *words, size_t n)
{
    ptrdiff_t near = nearest_word(typed, words, n);
    char all[sizeof(d->hint)] = "";
    size_t used = 0;

    if (n == 0)
        return;
    if (near >= 0) {
        diag_hint(d, "did you mean \"" STR_FMT "\"?", STR_ARG(words[near]));
        return;
    }
    for (size_t i = 0; i < n && used + words[i].n + 16 < sizeof(all); i++)
        used += (size_t)snprintf(all + used, sizeof(all) - used, "%s" STR_FMT, i ? ", " : "",
                                 STR_ARG(words[i]));
    diag_hint(d, "known: %s", all);
}

static int check_choice(const struct binding *b, const struct yaml_node *node)
{
    struct {
        struct str *items;
        size_t n, cap;
    } words = { 0 };

    if (!b->field->choices)
        return 0;
    for (const char *const *c = b->field->choices; *c; c++) {
        if (str_eq(node->text, str_of(*c)))
            return 0;
        *ARENA_PUSH(b->cx->a, &words) = str_of(*c);
    }
    (void)yaml_fail(b->d, ERR_CONFIG, b->cx->file, node, "%s: \"%s\" is not known", b->field->key,
                    shown(b->cx, node->text));
    hint_nearest(b->d, node->text, words.items, words.n);
    return ERR_CONFIG;
}

static int bind_str(const struct binding *b, const struct yaml_node *node)
{
    struct str *to = b->at;
    int err;

    if (node->kind != NODE_SCALAR)
        return bad(b, node, "a text");
    if (yaml_is_nothing(node)) {
        *to = own_text(b->cx, STR(""), node);
        return 0;
    }
    err = check_choice(b, node);
    if (err)
        return err;
    *to = own_text(b->cx, node->text, node);
    return 0;
}

static int bind_strs(const struct binding *b, const struct yaml_node *node)
{
    struct strs *to = b->at;
    struct yaml_node one = *node, *items[] = { &one };
    size_t n = node->kind == NODE_LIST ? node->n : 1;

    if (node->kind == NODE_MAP)
        return bad(b, node, "a list of texts");
    *to = (struct strs){ 0 };
    if (yaml_is_nothing(node))
        return 0;
    to->items = ARENA_NEW(b->cx->a, struct str, n);
    to->cap = n;
    for (size_t i = 0; i < n; i++) {
        const struct yaml_node *item = node->kind == NODE_LIST ? node->items[i] : items[0];
        int err;

        if (item->kind != NODE_SCALAR || yaml_is_nothing(item))
            return bad(b, item, "a list of texts");
        err = check_choice(b, item);
        if (err)
            return err;
        to->items[to->n++] = own_text(b->cx, item->text, item);
    }
    return 0;
}

static int bind_pairs(const struct binding *b, const struct yaml_node *node)
{
    struct strs *to = b->at;
    const char *joint = b->field->joint;

    if (node->kind != NODE_MAP)
        return bind_strs(b, node);
    *to = (struct strs){ ARENA_NEW(b->cx->a, struct str, node->n / 2), 0, node->n / 2 };
    for (size_t i = 0; i < node->n; i += 2) {
        const struct yaml_node *key = node->items[i], *value = node->items[i + 1];

        if (value->kind != NODE_SCALAR)
            return bad(b, value, "a text for each name");
        if (str_find(key->text, str_of(joint)) >= 0)
            return yaml_fail(b->d, ERR_CONFIG, b->cx->file, key,
                             "%s: a name cannot hold \"%s\": \"%s\"", b->field->key, joint,
                             shown(b->cx, key->text));
        to->items[to->n++] =
            own_text(b->cx,
                     str_printf(b->cx->a, STR_FMT "%s" STR_FMT, STR_ARG(key->text), joint,
                                STR_ARG(yaml_is_nothing(value) ? STR("") : value->text)),
                     value);
    }
    return 0;
}

static int read_number(const struct binding *b, const struct yaml_node *node, int64_t *ret)
{
    const struct schema_field *f = b->field;

    if (node->kind != NODE_SCALAR || !node->plain || !str_int(node->text, ret))
        return bad(b, node, "a whole number");
    if (*ret >= f->min && *ret <= f->max)
        return 0;
    return yaml_fail(b->d, ERR_CONFIG, b->cx->file, node,
                     "%s: %" PRId64 " is not within %" PRId64 "..%" PRId64, f->key, *ret, f->min,
                     f->max);
}

static int bind_int(const struct binding *b, const struct yaml_node *node)
{
    int64_t number = 0;
    int err = read_number(b, node, &number);

    if (!err)
        *(int64_t *)b->at = number;
    return err;
}

static int bind_u32(const struct binding *b, const struct yaml_node *node)
{
    int64_t number = 0;
    int err = read_number(b, node, &number);

    if (!err)
        *(uint32_t *)b->at = (uint32_t)number;
    return err;
}

static int bind_bool(const struct binding *b, const struct yaml_node *node)
{
    bool yes = node->kind == NODE_SCALAR && str_eq(node->text, STR("true"));

    if (!yes && !(node->kind == NODE_SCALAR && str_eq(node->text, STR("false"))))
        return bad(b, node, "true or false");
    *(bool *)b->at = yes;
    return 0;
}

static int bind_record(const struct binding *b, const struct yaml_node *node)
{
    if (yaml_is_nothing(node))
        return 0;
    return schema_bind(b->cx, b->field->of, node, b->at, b->d);
}

/*
 * The array is made once at its full size: the fields of its records keep their address,
 * by which origins are found.
 */
static char *new_records(const struct binding *b, size_t n)
{
    struct any_list list = { arena_alloc(b->cx->a, n, b->field->of->size), n, n };

    memcpy(b->at, &list, sizeof(list));
    return list.items;
}

static int bind_records(const struct binding *b, const struct yaml_node *node)
{
    size_t n = node->kind == NODE_LIST ? node->n : !yaml_is_nothing(node);
    char *items = new_records(b, n);

    for (size_t i = 0; i < n; i++) {
        const struct yaml_node *item = node->kind == NODE_LIST ? node->items[i] : node;
        int err = schema_bind(b->cx, b->field->of, item, items + i * b->field->of->size, b->d);

        if (err)
            return err;
    }
    return 0;
}

static int bind_named(const struct binding *b, const struct yaml_node *node)
{
    char *items;

    if (node->kind != NODE_MAP)
        return bind_records(b, node);
    items = new_records(b, node->n / 2);
    for (size_t i = 0; i < node->n / 2; i++) {
        int err = schema_bind_named(b->cx, b->field->of, node->items[2 * i], node->items[2 * i + 1],
                                    items + i * b->field->of->size, b->d);

        if (err)
            return err;
    }
    return 0;
}

static const struct {
    const char *name;
    bind_fn *bind;
    size_t size; /* of the field in the struct: the memory that has an origin; 0: none of its own */
} kinds[] = {
    [SCHEMA_STR] = { "text", bind_str, sizeof(struct str) },
    [SCHEMA_STRS] = { "list of texts", bind_strs, sizeof(struct strs) },
    [SCHEMA_PAIRS] = { "mapping", bind_pairs, sizeof(struct strs) },
    [SCHEMA_INT] = { "number", bind_int, sizeof(int64_t) },
    [SCHEMA_U32] = { "number", bind_u32, sizeof(uint32_t) },
    [SCHEMA_BOOL] = { "true or false", bind_bool, sizeof(bool) },
    [SCHEMA_RECORD] = { "mapping", bind_record, 0 },
    [SCHEMA_RECORDS] = { "list of mappings", bind_records, sizeof(struct any_list) },
    [SCHEMA_NAMED] = { "mapping of names", bind_named, sizeof(struct any_list) },
};

const struct schema_field *schema_find(const struct schema *s, const char *key)
{
    for (const struct schema_field *f = s->fields; f->key; f++)
        if (strcmp(f->key, key) == 0)
            return f;
    return NULL;
}

static int unknown_key(const struct schema_context *cx, const struct schema *s,
                       const struct yaml_node *key, struct diag *d)
{
    struct {
        struct str *items;
        size_t n, cap;
    } words = { 0 };

    for (const struct schema_field *f = s->fields; f->key; f++)
        *ARENA_PUSH(cx->a, &words) = str_of(f->key);
    (void)yaml_fail(d, ERR_CONFIG, cx->file, key, "%s has no key \"%s\"", s->what,
                    shown(cx, key->text));
    hint_nearest(d, key->text, words.items, words.n);
    return ERR_CONFIG;
}

static int bind_field(const struct schema_context *cx, const struct schema_field *f,
                      const struct yaml_node *node, void *record, struct diag *d)
{
    struct binding b = { cx, f, (char *)record + f->offset, d };

    if (f->required && yaml_is_nothing(node))
        return bad(&b, node, "given");
    if (kinds[f->kind].size)
        remember(cx, b.at, kinds[f->kind].size, node);
    return kinds[f->kind].bind(&b, node);
}

static const struct yaml_node *value_of(const struct yaml_node *map, const char *key)
{
    for (size_t i = 0; i < map->n; i += 2)
        if (str_eq(map->items[i]->text, str_of(key)))
            return map->items[i + 1];
    return NULL;
}

/* `given`: the key that stands outside the mapping, or NULL. */
static int check_required(const struct schema_context *cx, const struct schema *s,
                          const struct yaml_node *map, const char *given, struct diag *d)
{
    for (const struct schema_field *f = s->fields; f->key; f++)
        if (f->required && !(given && strcmp(given, f->key) == 0) && !value_of(map, f->key))
            return yaml_fail(d, ERR_CONFIG, cx->file, map, "%s needs the key \"%s\"", s->what,
                             f->key);
    return 0;
}

static int bind_map(const struct schema_context *cx, const struct schema *s,
                    const struct yaml_node *map, const char *given, void *record, struct diag *d)
{
    for (size_t i = 0; i < map->n; i += 2) {
        const struct schema_field *f = schema_find(s, str_cstr(cx->a, map->items[i]->text));
        int err;

        if (!f)
            return unknown_key(cx, s, map->items[i], d);
        err = bind_field(cx, f, map->items[i + 1], record, d);
        if (err)
            return err;
    }
    return check_required(cx, s, map, given, d);
}

int schema_bind(const struct schema_context *cx, const struct schema *s,
                const struct yaml_node *node, void *record, struct diag *d)
{
    if (node->kind == NODE_MAP)
        return bind_map(cx, s, node, NULL, record, d);
    if (s->short_key && !s->name_key)
        return bind_field(cx, schema_find(s, s->short_key), node, record, d);
    return yaml_fail(d, ERR_CONFIG, cx->file, node, "%s is a mapping of keys to values", s->what);
}

int schema_bind_named(const struct schema_context *cx, const struct schema *s,
                      const struct yaml_node *name, const struct yaml_node *node, void *record,
                      struct diag *d)
{
    int err = bind_field(cx, schema_find(s, s->name_key), name, record, d);

    if (err)
        return err;
    if (node->kind == NODE_MAP)
        return bind_map(cx, s, node, s->name_key, record, d);
    if (s->short_key)
        return bind_field(cx, schema_find(s, s->short_key), node, record, d);
    if (yaml_is_nothing(node))
        return 0;
    return yaml_fail(d, ERR_CONFIG, cx->file, node, "%s is a mapping of keys to values", s->what);
}
