/* What is kept of a list's pages, so that the next reading sees what stayed as it was. */
#include "core/cleanup.h"
#include "parsers/reading_state.h"
#include "parsers/vintage.h"

static const struct page_copy *stored_copy(const struct reading *r, struct str key)
{
    for (size_t i = 0; i < r->opt.n_pages; i++)
        if (str_eq(r->opt.pages[i].key, key))
            return &r->opt.pages[i];
    return NULL;
}

/* What reads a page: the adapter's file and the parsers. */
static void name_reader(const struct reading *r, char ret[HASH_HEX])
{
    const struct hash of[] = { r->adapter->read_from, { PARSERS_VERSION, 0 } };

    hash_hex(hash_of((struct str){ (const char *)of, sizeof(of) }), ret);
}

/*
 * That a page is as it was says everything of a list of one page: copies are kept of lists that
 * were believed and whose texts were all read. But the same bytes are the same listings only to
 * what reads them in the same way.
 */
static const struct page_copy *copy_of_all(const struct reading *r, const struct ask *ask)
{
    struct str paging = ask->step->paging.kind;
    bool one_page = !paging.n || str_eq(paging, STR("none")) || r->opt.n_pages == 1;
    const struct page_copy *copy;
    char reader[HASH_HEX];

    if (r->unconditional || ask->kind != ASK_LIST || !one_page)
        return NULL;
    copy = stored_copy(r, ask->key);
    name_reader(r, reader);
    return copy && str_starts(copy->body_hash, str_of(reader)) ? copy : NULL;
}

/* RFC 9110 13.1.2: to what is no GET a validator that holds is answered with 412, not 304. */
void copy_set_validators(struct reading *r, struct ask *ask)
{
    struct str method = ask->step->method;

    ask->copy = !method.n || str_eq(method, STR("GET")) ? copy_of_all(r, ask) : NULL;
}

/* Of the answer that is being taken, once. */
static struct str name_body(struct reading *r, const struct answer *answer)
{
    if (!r->body_name[0]) {
        name_reader(r, r->body_name);
        hash_hex(answer->body_hash.high ? answer->body_hash : hash_of(answer->body),
                 r->body_name + HASH_HEX - 1);
    }
    return str_of(r->body_name);
}

void copy_keep(struct reading *r, const struct ask *ask, const struct answer *answer)
{
    const struct page_copy *old = stored_copy(r, ask->key);
    struct str name = name_body(r, answer);

    r->pages_same += old && str_eq(old->body_hash, name);
    *ARENA_PUSH(&r->own, &r->copies) =
        (struct page_copy){ .key = ask->key,
                            .etag = str_dup(&r->own, answer->etag),
                            .last_modified = str_dup(&r->own, answer->last_modified),
                            .body_hash = str_dup(&r->own, name) };
}

/* A server without validators sends the same bytes: they need no reading either. */
bool copy_is_whole_list(struct reading *r, const struct ask *ask, const struct answer *answer)
{
    const struct page_copy *copy = r->opt.n_pages == 1 ? copy_of_all(r, ask) : NULL;

    return copy && str_eq(copy->body_hash, name_body(r, answer));
}

void copy_keep_unread(struct reading *r, const struct ask *ask)
{
    const struct page_copy *copy = stored_copy(r, ask->key);

    r->pages_same++;
    if (copy)
        *ARENA_PUSH(&r->own, &r->copies) = *copy;
}
