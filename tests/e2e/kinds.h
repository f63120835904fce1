#ifndef TESTS_E2E_KINDS_H
#define TESTS_E2E_KINDS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/str.h"

/*
 * How boards of a kind answer, after their documented shape: tests/e2e/kinds/NAME.board, one file
 * for each adapter that is read. Written apart from the adapters, so that the two check each other.
 *
 *     id JR$n$                 the posting's id as the program must find it; default $n$
 *     size 20                  jobs a page; without it one page holds all
 *     first 1                  the first page's number; default 0
 *     cap 100                  the board never lists more
 *     advertises               the list states its total
 *     walks-on                 the list ends with a page without jobs
 *     addresses-only           the list has nothing of a job but where it is
 *     ambiguous                an empty list may be an unknown board's
 *     window                   what is not listed any more may still be open
 *     nowhere failed           what a 404 of the list is; default gone
 *     > source                 parameters of a board, one a line
 *     > list POST /path "x":1  a request: method, path and query, a part of its body
 *     {"jobs":[$items$]}       and its answer, up to the next line that begins with "> "
 *     > item ,                 a job in it, and what stands between two
 *     > detail GET /path/$n$   a posting's own answer
 *     > before GET /path       what is asked before the list
 *     > stranger failed        the list's answer of another tenant, and its outcome
 *
 * "$name$" is a word of the board or the job, percent-encoded in paths; "$=name$" is not.
 */
struct kind_part {
    struct str method, path, match, body;
};

struct kind {
    struct str name, id, source, nowhere, item, between;
    struct kind_part before, list, detail, stranger; /* stranger.method: its outcome */
    int64_t size, first, cap;
    bool advertises, walks_on, addresses_only, ambiguous, window;
};

struct kinds {
    struct kind *items;
    size_t n, cap;
};

/* Every kind of a folder, by name; a file that cannot be read ends the test program. */
void kinds_read(struct arena *a, const char *folder, struct kinds *ret);
struct str kinds_file(struct arena *a, struct str path); /* the bytes of any file */
const struct kind *kind_find(const struct kinds *kinds, struct str name);

struct word {
    struct str name, value;
};

struct words {
    struct word *items;
    size_t n, cap;
};

void words_set(struct arena *a, struct words *w, struct str name, struct str value);

/* A text with its words filled in; one that is not known ends the test program. */
struct str words_fill(struct arena *a, struct str text, const struct words *w, bool path);

/* "list.json", "list.xml" or "list.html": by how the answer begins. */
struct str kind_file(struct arena *a, const struct kind_part *part, const char *name);

#endif
