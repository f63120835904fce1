#include "store/address.h"

enum { ADDRESSES_MAX = 8 }; /* of a board; where each ad's begins otherwise, they are kept whole */

static int find_address(struct store *s, int64_t source, struct str text, int64_t *ret,
                        struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q = stmt_begin(s, "SELECT id FROM address WHERE source = ?1 AND text = ?2");
    int r;

    stmt_int(&q, 1, source);
    stmt_str(&q, 2, text);
    r = stmt_step(&q, d);
    if (r == STMT_ROW)
        *ret = col_int(&q, 0);
    return r < 0 ? r : r == STMT_ROW ? 0 : STORE_NONE;
}

static int add_address(struct store *s, int64_t source, struct str text, int64_t *ret,
                       struct diag *d)
{
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin(s, "INSERT INTO address (source, text) SELECT ?1, ?2 WHERE"
                      " (SELECT count(*) FROM address WHERE source = ?1) < ?3 RETURNING id");
    int r;

    stmt_int(&q, 1, source);
    stmt_str(&q, 2, text);
    stmt_int(&q, 3, ADDRESSES_MAX);
    r = stmt_step(&q, d);
    if (r != STMT_ROW)
        return r;
    *ret = col_int(&q, 0);
    return stmt_run(&q, d);
}

/* Many in a row are of one board, and begin alike. */
static int address_id(struct store *s, int64_t source, struct str begins, int64_t *ret,
                      struct diag *d)
{
    int r;

    if (s->address.id && s->address.source == source && str_eq(buf_str(&s->address.text), begins)) {
        *ret = s->address.id;
        return 0;
    }
    r = find_address(s, source, begins, ret, d);
    if (r == STORE_NONE)
        r = add_address(s, source, begins, ret, d);
    if (r)
        return r;
    s->address.id = *ret;
    s->address.source = source;
    s->address.text.n = 0;
    buf_add(&s->address.text, begins);
    return 0;
}

int address_write(struct store *s, int64_t source, struct str native_id, struct str url,
                  struct written_url *ret, struct diag *d)
{
    struct str begins = str_slice(url, 0, url.n - (url.n < native_id.n ? 0 : native_id.n));
    int r;

    *ret = (struct written_url){ .url = url, .hash = url_hash(url) };
    if (!url.n || !str_ends(url, native_id))
        return 0;
    r = address_id(s, source, begins, &ret->address, d);
    if (!r && ret->address)
        ret->url = STR("");
    return r;
}
