#ifndef PARSERS_JSON_TREE_H
#define PARSERS_JSON_TREE_H

#include <stdbool.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

struct json_object;

/*
 * A text read by json-c into a tree, whole or not at all. `strict`: no comments, no comma before a
 * closing bracket, nothing behind the value. NULL in *ret is JSON's null; the caller owns the tree.
 * ERR_FORMAT says at which byte, ERR_LIMIT is more than json-c can count. Where memory is refused
 * the program ends (core/arena.h), so that no list is read for shorter than it was.
 */
int json_tree(struct json_object **ret, struct str text, int depth, bool strict,
              struct diag *d) MUST_USE;

void json_release(struct json_object **v);

#endif
