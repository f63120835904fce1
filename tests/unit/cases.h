#ifndef TESTS_UNIT_CASES_H
#define TESTS_UNIT_CASES_H

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/str.h"

/*
 * The tables of knowledge/cases, which lie beside the source tree where they exist. A
 * row's columns are cut at tabs; `\n` and `\t` in a column are escapes.
 */
struct cases {
    struct strs *items; /* rows without the heading, each a list of columns */
    size_t n, cap;
};

static inline struct str case_column(struct arena *a, struct str raw)
{
    char *c = str_cstr(a, raw);
    size_t n = 0;

    for (size_t i = 0; i < raw.n; i++) {
        bool escape =
            raw.p[i] == '\\' && i + 1 < raw.n && (raw.p[i + 1] == 'n' || raw.p[i + 1] == 't');

        c[n++] = escape ? (raw.p[++i] == 'n' ? '\n' : '\t') : raw.p[i];
    }
    return (struct str){ c, n };
}

static inline void cases_read(struct arena *a, FILE *f, struct cases *ret)
{
    char line[4096];
    bool heading = true;

    while (fgets(line, sizeof(line), f)) {
        struct str rest = str_of(line);
        struct strs row = { 0 };

        if (rest.n && rest.p[rest.n - 1] == '\n')
            rest.n--;
        while (rest.n || row.n < 8)
            *ARENA_PUSH(a, &row) = case_column(a, str_cut(&rest, '\t'));
        if (!heading)
            *ARENA_PUSH(a, ret) = row;
        heading = false;
    }
}

/* A table of our own, tests/unit/tables/NAME: false, with a word, when it is not there. */
static inline bool cases_own(struct arena *a, const char *name, struct cases *ret)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/tests/unit/tables/%s", SOURCE_DIR, name);
    CLEANUP(file_close) FILE *f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "no table %s\n", path);
        return false;
    }
    cases_read(a, f, ret);
    return true;
}

/* False, with a loud word, when the table is not there. */
static inline bool cases_load(struct arena *a, const char *name, struct cases *ret)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/../shared/knowledge/cases/%s", SOURCE_DIR, name);
    CLEANUP(file_close) FILE *f = fopen(path, "r");
    if (!f)
        snprintf(path, sizeof(path), "%s/../../shared/knowledge/cases/%s", SOURCE_DIR, name);
    if (!f && !(f = fopen(path, "r"))) {
        fprintf(stderr, "SKIP: SKIP: SKIP: no case table %s; nothing was measured\n", path);
        return false;
    }
    cases_read(a, f, ret);
    return true;
}

/* The share of right rows, printed; a test sets its floor on it. */
static inline double cases_share(const char *name, size_t right, size_t n)
{
    double share = n ? (double)right / (double)n : 0;

    fprintf(stderr, "%s: %zu of %zu rows = %.3f\n", name, right, n, share);
    return share;
}

#endif
