#ifndef PARSERS_FILL_H
#define PARSERS_FILL_H

#include "core/listing.h"
#include "parsers/pattern.h"
#include "parsers/template.h"

/*
 * The rows of an adapter at work: values out of a document into names, verdicts and
 * listings. For this folder's own use.
 */
enum { PLACES_A_LISTING = 100 };

struct filler {
    const struct adapter *adapter;
    struct arena *page;           /* what is extracted lives here */
    struct names names;           /* parameters, bound names, paging variables */
    struct pattern_set *patterns; /* regexes of adapters; NULL: they are among its own */
    struct pattern_set **own;     /* those of the source's parameters; made when first asked for */
    int64_t now;
    struct str page_url;
    struct str company; /* of the source: where the board states none */
};

/* The regex of a row: its text, or the parameter that "{name}" stands for. ERR_CONFIG. */
int filler_pattern(struct filler *f, struct str regex, const struct pattern **ret,
                   struct diag *d) MUST_USE;
/* "from=to": the right of the pair whose left v is, ASCII case ignored; else v. */
struct str fill_mapped(const struct strs *map, struct str v);
/* Every value of one row. */
int filler_values(struct filler *f, struct document *doc, struct node item,
                  const struct adapter_row *row, struct strs *ret, struct diag *d) MUST_USE;
/* Whether an item passes every `where` row. */
int filler_passes(struct filler *f, struct document *doc, struct node item,
                  const struct adapter_rows *where, bool *ret, struct diag *d) MUST_USE;
/* The rows' values into a listing, which may hold some already (a detail's do): those stay. */
int filler_listing(struct filler *f, struct document *doc, struct node item,
                   const struct adapter_rows *rows, struct listing *ret, struct diag *d) MUST_USE;
/* What `over` states replaces what `l` states; its native id stays. */
void listing_overlay(struct listing *l, const struct listing *over);
/* A place more, unless it is there or there are too many. */
void listing_add_place(struct arena *a, struct strs *places, struct str v);
struct listing listing_dup(struct arena *a, const struct listing *l);

#endif
