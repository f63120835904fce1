#include "config/yaml_doc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

#include "core/arena.h"
#include "core/cleanup.h"

struct reader {
    struct arena *a;
    const char *file;
    struct str text;
    size_t nodes;
    yaml_parser_t parser;
    struct diag *d;
};

bool yaml_is_nothing(const struct yaml_node *node)
{
    return node->kind == NODE_SCALAR && node->plain
           && (node->text.n == 0 || str_eq(node->text, STR("~")));
}

void yaml_add(struct arena *a, struct yaml_node *parent, struct yaml_node *child)
{
    *ARENA_PUSH(a, parent) = child; /* NOLINT(bugprone-sizeof-expression): a list of pointers */
}

int yaml_fail(struct diag *d, int err, const char *file, const struct yaml_node *at,
              const char *fmt, ...)
{
    char text[sizeof(d->text)];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    return diag_fail(d, err, "%s:%u:%u: %s", file, at->line, at->column, text);
}

int yaml_read_file(struct arena *a, const char *path, struct str *ret, struct diag *d)
{
    CLEANUP(file_close) FILE *f = NULL;
    struct stat st;
    size_t n;
    char *p;

    if (stat(path, &st) != 0)
        return diag_fail(d, ERR_IO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return diag_fail(d, ERR_IO, "%s: not a regular file", path);
    if (st.st_size > YAML_MAX_BYTES)
        return diag_fail(d, ERR_LIMIT, "%s: larger than %d MiB", path, YAML_MAX_BYTES >> 20);
    f = fopen(path, "rbe");
    if (!f)
        return diag_fail(d, ERR_IO, "%s: %s", path, strerror(errno));
    p = arena_alloc(a, (size_t)st.st_size + 1, 1);
    n = fread(p, 1, (size_t)st.st_size, f);
    if (ferror(f))
        return diag_fail(d, ERR_IO, "%s: %s", path, strerror(errno));
    *ret = (struct str){ p, n };
    return 0;
}

/* The reader of libyaml tells a byte, not a line. */
static struct yaml_node place_of_byte(struct str text, size_t byte)
{
    struct yaml_node at = { .line = 1, .column = 1 };

    for (size_t i = 0; i < byte && i < text.n; i++) {
        if (text.p[i] == '\n') {
            at.line++;
            at.column = 1;
        } else if (((unsigned char)text.p[i] & 0xc0) != 0x80) {
            at.column++;
        }
    }
    return at;
}

static struct yaml_node place_of_mark(yaml_mark_t mark)
{
    return (struct yaml_node){ .line = (uint32_t)mark.line + 1,
                               .column = (uint32_t)mark.column + 1 };
}

/* What libyaml found wrong. */
static int not_yaml(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem ? p->problem : "cannot be read";
    struct yaml_node at;

    if (p->error == YAML_READER_ERROR) {
        at = place_of_byte(r->text, p->problem_offset);
        return yaml_fail(r->d, ERR_CONFIG, r->file, &at, "not UTF-8 text: %s", problem);
    }
    at = place_of_mark(p->problem_mark);
    if (p->context)
        return yaml_fail(r->d, ERR_CONFIG, r->file, &at, "not YAML: %s, %s", p->context, problem);
    return yaml_fail(r->d, ERR_CONFIG, r->file, &at, "not YAML: %s", problem);
}

static int next_event(struct reader *r, yaml_event_t *ret)
{
    if (!yaml_parser_parse(&r->parser, ret))
        return not_yaml(r);
    return 0;
}

static bool has_anchor_or_tag(const yaml_event_t *e)
{
    switch ((int)e->type) {
    case YAML_SCALAR_EVENT:
        return e->data.scalar.anchor || e->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return e->data.sequence_start.anchor || e->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return e->data.mapping_start.anchor || e->data.mapping_start.tag;
    default:
        return e->type == YAML_ALIAS_EVENT;
    }
}

static int read_scalar(struct reader *r, const yaml_event_t *e, struct yaml_node *node)
{
    const char *p = (const char *)e->data.scalar.value;
    size_t n = e->data.scalar.length;

    if (memchr(p, '\0', n))
        return yaml_fail(r->d, ERR_CONFIG, r->file, node, "a NUL character in a text");
    node->kind = NODE_SCALAR;
    node->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = str_dup(r->a, (struct str){ p, n });
    return 0;
}

/* The newest item of a mapping is a key: it must be a word, and new. */
static int check_key(struct reader *r, const struct yaml_node *map)
{
    const struct yaml_node *key = map->items[map->n - 1];

    if (key->kind != NODE_SCALAR || key->text.n == 0)
        return yaml_fail(r->d, ERR_CONFIG, r->file, key, "a key must be a word");
    if (map->n / 2 >= YAML_MAX_KEYS)
        return yaml_fail(r->d, ERR_LIMIT, r->file, key, "more than %d keys in one mapping",
                         YAML_MAX_KEYS);
    for (size_t i = 0; i + 1 < map->n; i += 2)
        if (str_eq(map->items[i]->text, key->text))
            return yaml_fail(r->d, ERR_CONFIG, r->file, key,
                             "the key \"%.60s\" was already given in line %u",
                             str_cstr(r->a, key->text), map->items[i]->line);
    return 0;
}

static int read_node(struct reader *r, const yaml_event_t *e, unsigned depth,
                     struct yaml_node **ret);

static int read_children(struct reader *r, struct yaml_node *parent, unsigned depth)
{
    for (;;) {
        CLEANUP(yaml_event_delete) yaml_event_t e = { 0 };
        struct yaml_node *child = NULL;
        int err = next_event(r, &e);

        if (err)
            return err;
        if (e.type == YAML_SEQUENCE_END_EVENT || e.type == YAML_MAPPING_END_EVENT)
            return 0;
        err = read_node(r, &e, depth + 1, &child);
        if (err)
            return err;
        yaml_add(r->a, parent, child);
        if (parent->kind == NODE_MAP && parent->n % 2 == 1 && (err = check_key(r, parent)))
            return err;
    }
}

static int read_node(struct reader *r, const yaml_event_t *e, unsigned depth,
                     struct yaml_node **ret)
{
    struct yaml_node *node = ARENA_NEW(r->a, struct yaml_node, 1);

    *node = place_of_mark(e->start_mark);
    *ret = node;
    if (++r->nodes > YAML_MAX_NODES)
        return yaml_fail(r->d, ERR_LIMIT, r->file, node, "more than %d values in one file",
                         YAML_MAX_NODES);
    if (depth > YAML_MAX_DEPTH)
        return yaml_fail(r->d, ERR_LIMIT, r->file, node, "nested deeper than %d", YAML_MAX_DEPTH);
    if (has_anchor_or_tag(e)) {
        (void)yaml_fail(r->d, ERR_CONFIG, r->file, node, "aliases, anchors and tags are not read");
        diag_hint(r->d, "write the value out; a text that begins with & * or ! needs quotes");
        return ERR_CONFIG;
    }
    if (e->type == YAML_SCALAR_EVENT)
        return read_scalar(r, e, node);
    node->kind = e->type == YAML_MAPPING_START_EVENT ? NODE_MAP : NODE_LIST;
    return read_children(r, node, depth);
}

/* The root of the only document, or an empty scalar. */
static int read_document(struct reader *r, struct yaml_node **ret)
{
    *ret = ARENA_NEW(r->a, struct yaml_node, 1);
    **ret = (struct yaml_node){ .kind = NODE_SCALAR, .plain = true, .line = 1, .column = 1 };
    for (bool seen = false;;) {
        CLEANUP(yaml_event_delete) yaml_event_t e = { 0 };
        struct yaml_node at;
        int err = next_event(r, &e);

        if (err)
            return err;
        at = place_of_mark(e.start_mark);
        if (e.type == YAML_STREAM_END_EVENT)
            return 0;
        if (e.type == YAML_DOCUMENT_START_EVENT && seen)
            return yaml_fail(r->d, ERR_CONFIG, r->file, &at, "a second document in one file");
        if (e.type == YAML_STREAM_START_EVENT || e.type == YAML_DOCUMENT_START_EVENT
            || e.type == YAML_DOCUMENT_END_EVENT)
            continue;
        seen = true;
        err = read_node(r, &e, 0, ret);
        if (err)
            return err;
    }
}

int yaml_parse(struct arena *a, const char *file, struct str text, struct yaml_node **ret,
               struct diag *d)
{
    struct reader r = { .a = a, .file = file, .text = text, .d = d };
    int err;

    if (text.n > YAML_MAX_BYTES)
        return diag_fail(d, ERR_LIMIT, "%s: larger than %d MiB", file, YAML_MAX_BYTES >> 20);
    if (!yaml_parser_initialize(&r.parser))
        return diag_fail(d, ERR_IO, "%s: out of memory", file);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.p, text.n);
    err = read_document(&r, ret);
    yaml_parser_delete(&r.parser);
    return err;
}
