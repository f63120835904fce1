#ifndef CORE_JSON_OUT_H
#define CORE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"

/*
 * Writes JSON (RFC 8259) to a buffer, compact, in the order of the calls:
 *     struct json_out j = { .to = &b };
 *     json_object(&j, NULL);
 *     json_int(&j, "openings", 42);
 *     json_end(&j);
 * `key` is the member's name inside an object and NULL inside an array or at the
 * top. Strings may hold any bytes; what is not UTF-8 becomes U+FFFD. `indent` > 0
 * puts each member on a line of its own, indented by that many spaces a level.
 */
struct json_out {
    struct buf *to;
    int indent;
    int depth;
    uint64_t closers; /* a bit a level: 1 for an object (so 64 levels at most) */
    bool has_member;
};

void json_object(struct json_out *j, const char *key);
void json_array(struct json_out *j, const char *key);
void json_end(struct json_out *j); /* of the innermost object or array */
void json_str(struct json_out *j, const char *key, struct str v);
void json_cstr(struct json_out *j, const char *key, const char *v); /* NULL writes null */
void json_int(struct json_out *j, const char *key, int64_t v);
void json_num(struct json_out *j, const char *key, double v, int decimals); /* NaN writes null */
/* A number as it is written; it must be JSON's form of one. */
void json_numeral(struct json_out *j, const char *key, struct str v);
void json_bool(struct json_out *j, const char *key, bool v);
void json_null(struct json_out *j, const char *key);
void json_time(struct json_out *j, const char *key, int64_t t); /* ISO 8601; 0 writes null */

#endif
