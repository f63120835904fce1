#ifndef TESTS_BOARDS_SITE_H
#define TESTS_BOARDS_SITE_H

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

/* A row of ROOT/ADDRESS/site.tsv: what a request gets, on which days. README.md has the words. */
struct site_row {
    int64_t from_day, to_day;
    struct str method, path;
    bool prefix; /* the path ended in `*` */
    int64_t status;
    struct str file; /* full path of the body; empty: none */
    struct str type, etag, last_modified, redirect, retry_after;
    struct strs headers;                      /* "Name: value" */
    int64_t delay_ms, slow, truncate, length; /* -1: not given */
    bool gzip, chunked, hang, endless;
};

struct site {
    struct site_row *items;
    size_t n, cap;
};

/* Read a site.tsv of folder `dir`. ERR_FORMAT names file and line. */
int site_read(struct arena *a, const char *dir, struct site *ret, struct diag *d) MUST_USE;

/* The first row that fits, or NULL. */
const struct site_row *site_find(const struct site *s, int64_t day, struct str method,
                                 struct str path);

int file_read(struct arena *a, const char *path, struct str *ret, struct diag *d) MUST_USE;

#endif
