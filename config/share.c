#include "config/share.h"

#include "core/arena.h"

static bool gives(const struct adapter_row *rows, size_t n, struct str field)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].to, field))
            return true;
    return false;
}

static void add_rows(struct adapter *to, const struct adapter *from, struct arena *a)
{
    const struct hash both[] = { to->read_from, from->read_from };
    struct adapter_rows rows = { 0 };

    for (size_t i = 0; i < to->detail_fields.n; i++)
        *ARENA_PUSH(a, &rows) = to->detail_fields.items[i];
    for (size_t i = 0; i < from->detail_fields.n; i++)
        if (!gives(to->detail_fields.items, to->detail_fields.n, from->detail_fields.items[i].to))
            *ARENA_PUSH(a, &rows) = from->detail_fields.items[i];
    to->detail_fields = rows;
    to->read_from = hash_of((struct str){ (const char *)both, sizeof(both) });
}

int share_detail_fields(struct config *c, struct arena *a, struct diag *d)
{
    for (size_t i = 0; i < c->adapters.n; i++) {
        struct adapter *ad = &c->adapters.items[i];
        const struct adapter *of =
            ad->detail_fields_of.n ? config_adapter(c, ad->detail_fields_of) : NULL;

        if (!ad->detail_fields_of.n)
            continue;
        if (!of || of->detail_fields_of.n)
            return diag_blame(d, ERR_CONFIG, ad->detail_fields_of.p,
                              of ? STR_FMT " takes its own detail_fields from another adapter"
                                 : "no adapter is called \"" STR_FMT "\"",
                              STR_ARG(ad->detail_fields_of));
        add_rows(ad, of, a);
    }
    return 0;
}
