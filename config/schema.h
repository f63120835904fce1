#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/err.h"

struct arena;
struct buf;
struct config_origin;
struct yaml_node;

/*
 * What a mapping may say, as a table: each row is a key, what its value must be and
 * where in a C struct it goes. One binder serves every file, so that every error of
 * every file says file:line:column, and an unknown key names the nearest one.
 */
enum schema_kind {
    SCHEMA_STR,     /* struct str: any scalar */
    SCHEMA_STRS,    /* struct strs: a list of scalars, or one */
    SCHEMA_PAIRS,   /* struct strs of "key" `joint` "value": a mapping, or such a list */
    SCHEMA_INT,     /* int64_t within min..max */
    SCHEMA_U32,     /* uint32_t within min..max */
    SCHEMA_BOOL,    /* bool: true or false */
    SCHEMA_RECORD,  /* a nested struct: a mapping by `of` */
    SCHEMA_RECORDS, /* struct { T *items; size_t n, cap; }: a list of mappings, or one */
    SCHEMA_NAMED,   /* as RECORDS; also a mapping of names to records (see name_key) */
};

struct schema;

struct schema_field {
    const char *key;
    enum schema_kind kind;
    size_t offset;
    bool required;
    int64_t min, max; /* numbers */
    const struct schema *of;
    const char *joint;          /* SCHEMA_PAIRS */
    const char *const *choices; /* SCHEMA_STR, SCHEMA_STRS: the words allowed; ends with NULL */
    const char *help;
    const char *otherwise; /* the default, for people; NULL: none */
};

struct schema {
    const char *what;                  /* "an adapter" */
    size_t size;                       /* of the struct */
    const struct schema_field *fields; /* ends with a row without key */
    const char *name_key;  /* SCHEMA_NAMED: the key that the name in front of the colon is */
    const char *short_key; /* the key that is meant where a value stands instead of a mapping */
};

/* What a binding needs beside the node: where things live and what the file is called. */
struct schema_context {
    struct arena *a;
    const char *file;
    struct config_origin *origin;
};

/* Bind a mapping into `record`, which keeps what the mapping does not name. ERR_CONFIG. */
int schema_bind(const struct schema_context *cx, const struct schema *s,
                const struct yaml_node *node, void *record, struct diag *d) MUST_USE;

/* Bind one entry of a mapping of names to records: `name: node`. ERR_CONFIG. */
int schema_bind_named(const struct schema_context *cx, const struct schema *s,
                      const struct yaml_node *name, const struct yaml_node *node, void *record,
                      struct diag *d) MUST_USE;

const struct schema_field *schema_find(const struct schema *s, const char *key); /* NULL: none */

/* The manual of a mapping: each key with its kind, range, default and help, nested ones indented.
 */
void schema_print(struct buf *b, const struct schema *s, unsigned indent);

#endif
