#include "parsers/json_tree.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"

/*
 * json-c 0.16 takes what strdup gives for a key without looking (json_tokener.c, object_field),
 * and dies of NULL. A program's own strdup is the one that its libraries call.
 */
__attribute__((visibility("default"))) char *strdup(const char *s)
{
    size_t size = strlen(s) + 1;
    char *copy = malloc(size);

    if (!copy)
        out_of_memory();
    return memcpy(copy, s, size);
}

void json_release(struct json_object **v)
{
    if (*v)
        json_object_put(*v);
    *v = NULL;
}

static void tokener_release(struct json_tokener **t)
{
    if (*t)
        json_tokener_free(*t);
}

int json_tree(struct json_object **ret, struct str text, int depth, bool strict, struct diag *d)
{
    CLEANUP(tokener_release) struct json_tokener *t = json_tokener_new_ex(depth);
    struct json_object *v;
    enum json_tokener_error why;

    if (!t)
        out_of_memory();
    if (text.n > INT_MAX)
        return diag_fail(d, ERR_LIMIT, "JSON: too large");
    json_tokener_set_flags(t, strict ? JSON_TOKENER_STRICT : 0);
    errno = 0;
    v = json_tokener_parse_ex(t, text.p, (int)text.n);
    if (json_tokener_get_error(t) == json_tokener_continue) /* a bare number has no end */
        v = json_tokener_parse_ex(t, "\n", 1);
    if (errno == ENOMEM) /* of a list or text that could not grow json-c says nothing */
        out_of_memory();
    why = json_tokener_get_error(t);
    if (why == json_tokener_continue)
        return diag_fail(d, ERR_FORMAT, "not JSON: it ends too early");
    if (why != json_tokener_success)
        return diag_fail(d, ERR_FORMAT, "not JSON: byte %zu: %s", json_tokener_get_parse_end(t),
                         json_tokener_error_desc(why));
    *ret = v;
    return 0;
}
