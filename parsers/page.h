#ifndef PARSERS_PAGE_H
#define PARSERS_PAGE_H

#include "parsers/fill.h"
#include "parsers/reading.h"

/* A page of a list, taken apart. For this folder's own use. */
enum { PAGE_ITEMS = 50000 };

struct page_item {
    struct reading_item out;
    struct node node;
};

struct page {
    struct {
        struct page_item *items;
        size_t n, cap;
    } items;
    size_t raw;    /* before `where` */
    size_t kept;   /* after `where`, before `group_by` */
    size_t unfit;  /* without a native id, a title, or a place that `must` be there */
    int64_t total; /* advertised; -1: none */
};

/*
 * What one `bind` row finds in a document, kept in `keep`; the first becomes the name's value
 * unless the row is for `all`. ERR_FORMAT: it finds nothing, and the name has no value yet.
 */
int page_bind(struct filler *f, struct document *doc, const struct adapter_row *row,
              struct arena *keep, struct strs *ret, struct diag *d) MUST_USE;

/* ERR_FORMAT: not this board's shape, another tenant's, or none of its items fits. */
int page_take(struct filler *f, const struct adapter_step *step, struct document *doc,
              struct page *ret, struct diag *d) MUST_USE;
/* Whether the step's `shape` is there. */
bool page_has_shape(struct filler *f, const struct adapter_step *step, struct document *doc);
bool page_item_fits(struct filler *f, const struct adapter_step *step, struct document *doc,
                    struct node item);
/* Whether the list's rows give a title: else only the detail does. */
bool rows_give(const struct adapter_rows *rows, const char *field);
/* What a detail's document says, over what the list said. ERR_FORMAT: it says nothing. */
int page_detail(struct filler *f, struct document *doc, struct node posting, struct listing *l,
                struct diag *d) MUST_USE;

#endif
