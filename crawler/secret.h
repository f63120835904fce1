#ifndef CRAWLER_SECRET_H
#define CRAWLER_SECRET_H

#include <stdbool.h>

#include "core/diag.h"
#include "core/err.h"
#include "core/exchange.h"

struct arena;
struct buf;

/*
 * Keys. Each is a file of its own in one folder, named as the adapter names it, and is
 * written into a request in the moment it is sent. Whatever comes back loses it again:
 * an echoed key becomes its placeholder before anybody sees the answer.
 */
enum { SECRET_BYTES_MIN = 8, SECRET_BYTES_MAX = 4096 }; /* shorter ones cannot be hidden well */

struct secret {
    struct str name, value;
};

struct secrets {
    struct secret items[SECRETS_MAX];
    size_t n;
};

/*
 * The key of this name. ERR_CONFIG with a hint: no folder, no such file, others than its owner
 * may read it (0600 or 0400; systemd's credentials may be readable by their group), not 8 to
 * 4096 printable bytes. The message never has the key.
 */
int secret_read(struct str dir, struct str name, struct arena *a, struct str *ret,
                struct diag *d) MUST_USE;

/* Whether a "{secret:NAME}" stands in it, of whatever name. */
bool secret_stands_in(struct str text);

enum secret_escape {
    SECRET_PLAIN,
    SECRET_URL,
    SECRET_JSON,
    SECRET_URL_LOWER,    /* "%2f": nobody fills these two in, and a server may say them */
    SECRET_JSON_SLASHED, /* "\/" */
    SECRET_ESCAPES
};
struct str secret_fill(struct arena *a, struct str text, const struct secrets *keys,
                       enum secret_escape escape);

/* The text with each key, in any of these forms, turned into its placeholder. */
struct str secret_hide(struct arena *a, struct str text, const struct secrets *keys);
void secret_hide_in(struct arena *a, struct buf *b, const struct secrets *keys);

#endif
