#ifndef CONFIG_YAML_DOC_H
#define CONFIG_YAML_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

/*
 * A YAML file as a tree in which each node knows its line and column. Configuration
 * is data that people read, so the parts of YAML that surprise them are refused by
 * name: aliases and anchors (a bomb in the wrong hands), tags, keys that are not
 * plain words, a key twice in one mapping, several documents in one file.
 */
enum yaml_limits {
    YAML_MAX_BYTES = 4 * 1024 * 1024,
    YAML_MAX_NODES = 500 * 1000,
    YAML_MAX_DEPTH = 32,
    YAML_MAX_KEYS = 1024, /* of one mapping */
};

enum yaml_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct yaml_node {
    enum yaml_kind kind;
    bool plain; /* a scalar written without quotes */
    uint32_t line, column;
    struct str text; /* NODE_SCALAR */
    /* NODE_LIST: its elements. NODE_MAP: key, value, key, value, ... */
    struct yaml_node **items;
    size_t n, cap;
};

/* A scalar without a value: nothing after the colon, or `~`. */
bool yaml_is_nothing(const struct yaml_node *node);

/* Append to a list, or a key or value to a mapping. */
void yaml_add(struct arena *a, struct yaml_node *parent, struct yaml_node *child);

/*
 * Parse `text`, which was read from `file` (named in errors, "file:line:column: why").
 * A file without content gives an empty plain scalar. ERR_CONFIG for what is not the
 * YAML we read, ERR_LIMIT for what is too much of it.
 */
int yaml_parse(struct arena *a, const char *file, struct str text, struct yaml_node **ret,
               struct diag *d) MUST_USE;

/* Read a whole regular file of at most YAML_MAX_BYTES. ERR_IO, ERR_LIMIT. */
int yaml_read_file(struct arena *a, const char *path, struct str *ret, struct diag *d) MUST_USE;

/* A failure at a node: "file:line:column: ...". */
int yaml_fail(struct diag *d, int err, const char *file, const struct yaml_node *at,
              const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
