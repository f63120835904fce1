#ifndef PARSERS_DOCUMENT_H
#define PARSERS_DOCUMENT_H

#include "core/diag.h"
#include "core/err.h"
#include "core/hash.h"
#include "core/str.h"
#include "parsers/adapter.h"

struct arena;
struct document;
struct json_object;

/*
 * An answer, decoded as an adapter's step says, and the places in it (adapter.h).
 * For this folder's own use. One document is open at a time; its trees die with it,
 * what node_text() gives lives in the arena.
 */
enum { DOCUMENT_NODES = 200000 }; /* a place that finds more is ERR_LIMIT */

struct node {
    struct json_object *json;  /* one of the three; JSON null counts as nothing */
    void *xml;                 /* xmlNode */
    struct str text;           /* a string, number or truth that an XPath computed */
    struct json_object *outer; /* json: the object that holds it, or the list that it is in */
};

struct nodes {
    struct node *items;
    size_t n, cap;
};

/* `page_url` is told to JobPostings as "@page". ERR_FORMAT, ERR_LIMIT. */
int document_open(struct document **ret, struct arena *a, const struct adapter *ad,
                  const struct adapter_step *step, struct str body, struct str page_url,
                  struct diag *d) MUST_USE;
void document_close(struct document **doc);
struct node document_root(const struct document *doc);

/* What stands at `place`, seen from `from`; lists at its end stand for their elements. */
int document_find(struct document *doc, struct arena *a, struct node from, struct str place,
                  struct nodes *ret, struct diag *d) MUST_USE;

/* Whether there is anything at `place`, an empty list included. */
bool document_has(struct document *doc, struct arena *a, struct node from, struct str place);

/* The first value at `place` that is not empty, as text; else empty. */
struct str document_value(struct document *doc, struct arena *a, struct node from,
                          struct str place);

/* A scalar as text (objects and lists are none); `markup`: an element's inside with its tags. */
struct str node_text(struct arena *a, struct node n, bool markup);
/* Of the whole node: whether a list says what it said before. */
struct hash node_hash(struct arena *a, struct node n);

/* Well-formedness, for adapter_check(): NULL or what is wrong. */
const char *pointer_fault(struct str place);
const char *xpath_fault(struct arena *a, const struct adapter *ad, struct str place);
bool decode_is_markup(struct str decode); /* places are XPath */

/* select.c: JSON places. */
int select_json(struct arena *a, struct node from, struct str place, bool expand, struct nodes *ret,
                struct diag *d) MUST_USE;
struct str json_scalar(struct arena *a, struct json_object *v);
struct str place_cut(struct str *places); /* the next of "a | b" */

/* jsonld.c: the list of a page's JobPostings. *ret is owned by the caller. ERR_FORMAT: none. */
int jsonld_postings(struct arena *a, struct str html, struct str page_url, struct json_object **ret,
                    struct diag *d) MUST_USE;

#endif
