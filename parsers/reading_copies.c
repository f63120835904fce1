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

/*
 * That a page is as it was says everything of a list of one page, without details (whose
 * backlog can only be seen in a list that was read).
 */
static const struct page_copy *copy_of_all(const struct reading *r, const struct ask *ask)
{
    struct str paging = ask->step->paging.kind;
    bool one_page = !paging.n || str_eq(paging, STR("none"));

    if (r->unconditional || r->adapter->detail.name.n || ask->kind != ASK_LIST || !one_page)
        return NULL;
    return stored_copy(r, ask->key);
}

void copy_set_validators(struct reading *r, struct ask *ask)
{
    ask->copy = copy_of_all(r, ask);
}

/* The same bytes are the same listings only to what reads them in the same way. */
static void name_body(const struct reading *r, struct str body, char ret[HASH_HEX])
{
    const struct hash of[] = { hash_of(body), r->adapter->read_from, { PARSERS_VERSION, 0 } };

    hash_hex(hash_of((struct str){ (const char *)of, sizeof(of) }), ret);
}

void copy_keep(struct reading *r, const struct ask *ask, const struct answer *answer)
{
    char hex[HASH_HEX];
    const struct page_copy *old = stored_copy(r, ask->key);

    name_body(r, answer->body, hex);
    r->pages_same += old && str_eq(old->body_hash, str_of(hex));
    *ARENA_PUSH(&r->own, &r->copies) =
        (struct page_copy){ .key = ask->key,
                            .etag = str_dup(&r->own, answer->etag),
                            .last_modified = str_dup(&r->own, answer->last_modified),
                            .body_hash = str_dup(&r->own, str_of(hex)) };
}

/* A server without validators sends the same bytes: they need no reading either. */
bool copy_is_whole_list(const struct reading *r, const struct ask *ask, const struct answer *answer)
{
    const struct page_copy *copy = r->opt.n_pages == 1 ? copy_of_all(r, ask) : NULL;
    char hex[HASH_HEX];

    name_body(r, answer->body, hex);
    return copy && str_eq(copy->body_hash, str_of(hex));
}

void copy_keep_unread(struct reading *r, const struct ask *ask)
{
    const struct page_copy *copy = stored_copy(r, ask->key);

    r->pages_same++;
    if (copy)
        *ARENA_PUSH(&r->own, &r->copies) = *copy;
}
