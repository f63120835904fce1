#include "parsers/posting_line.h"

#include <json-c/json.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "parsers/html_text.h"

enum { JSON_DEPTH = 16 };

static void json_close(struct json_object **o)
{
    json_object_put(*o);
}

static void tokener_close(struct json_tokener **t)
{
    if (*t)
        json_tokener_free(*t);
}

static int parse(struct str line, struct json_object **ret, struct diag *d)
{
    CLEANUP(tokener_close) struct json_tokener *t = json_tokener_new_ex(JSON_DEPTH);
    struct json_object *o;
    enum json_tokener_error why;

    if (line.n > POSTING_LINE_MAX)
        return diag_fail(d, ERR_LIMIT, "a posting of more than %d bytes", POSTING_LINE_MAX);
    json_tokener_set_flags(t, JSON_TOKENER_STRICT);
    o = json_tokener_parse_ex(t, line.p, (int)line.n);
    why = json_tokener_get_error(t);
    if (why == json_tokener_continue)
        return diag_fail(d, ERR_FORMAT, "no JSON: it ends too early");
    if (why != json_tokener_success)
        return diag_fail(d, ERR_FORMAT, "no JSON: byte %zu: %s", json_tokener_get_parse_end(t),
                         json_tokener_error_desc(why));
    if (!json_object_is_type(o, json_type_object)) {
        json_object_put(o);
        return diag_fail(d, ERR_FORMAT, "no JSON object");
    }
    *ret = o;
    return 0;
}

struct reader {
    struct json_object *from;
    struct arena *a;
    struct diag *d;
    int err; /* the first failure */
};

static struct str text_of(struct reader *r, struct json_object *v)
{
    return str_dup(
        r->a, (struct str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) });
}

/* A member that is a text; a number counts as its digits, because ids come as both. */
static struct str get(struct reader *r, const char *key)
{
    struct json_object *v;

    if (r->err || !json_object_object_get_ex(r->from, key, &v) || !v)
        return STR("");
    if (json_object_is_type(v, json_type_string))
        return text_of(r, v);
    if (json_object_is_type(v, json_type_int) || json_object_is_type(v, json_type_double))
        return str_dup(r->a, str_of(json_object_to_json_string(v)));
    r->err = diag_fail(r->d, ERR_FORMAT, "%s: want a text, not %s", key,
                       json_type_to_name(json_object_get_type(v)));
    return STR("");
}

static struct strs get_places(struct reader *r)
{
    struct strs places = { 0 };
    struct json_object *v;
    struct str one;

    if (json_object_object_get_ex(r->from, "location", &v)
        && json_object_is_type(v, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(v); i++) {
            struct json_object *item = json_object_array_get_idx(v, i);

            if (json_object_is_type(item, json_type_string))
                *ARENA_PUSH(r->a, &places) = text_of(r, item);
        }
        return places;
    }
    one = get(r, "location");
    if (str_trim(one).n)
        *ARENA_PUSH(r->a, &places) = one;
    return places;
}

static int64_t get_time(struct reader *r, const char *key)
{
    struct str s = get(r, key);
    int64_t t;

    return date_parse_iso(s, &t) ? t : 0;
}

static struct str get_description(struct reader *r)
{
    struct str format = get(r, "desc_format"), s = get(r, "description");

    if (!format.n || str_eq(format, STR("text")))
        return plain_text(r->a, s);
    if (str_eq(format, STR("html")))
        return html_text(r->a, s);
    if (!r->err)
        r->err = diag_fail(r->d, ERR_FORMAT, "desc_format: want text or html, not \"" STR_FMT "\"",
                           STR_ARG(format));
    return s;
}

int posting_line_read(struct str line, struct arena *a, struct posting_line *ret, struct diag *d)
{
    CLEANUP(json_close) struct json_object *root = NULL;
    struct reader r = { .a = a, .d = d };
    struct posting_line p = { 0 };

    r.err = parse(line, &root, d);
    if (r.err)
        return r.err;
    r.from = root;
    p.id = get(&r, "id");
    p.source = get(&r, "source");
    p.listing.native_id = get(&r, "native_id");
    p.listing.title = get(&r, "title");
    p.listing.company = get(&r, "company");
    p.listing.places = get_places(&r);
    p.listing.experience = get(&r, "experience");
    p.listing.salary = get(&r, "salary");
    p.listing.url = get(&r, "url");
    p.listing.posted = get_time(&r, "posted");
    p.first_seen = get_time(&r, "first_seen");
    p.last_seen = get_time(&r, "last_seen");
    p.listing.text = get_description(&r);
    p.listing.text_read = p.listing.text.n > 0;
    if (!p.listing.native_id.n)
        p.listing.native_id = p.id;
    if (!r.err && !p.listing.native_id.n)
        r.err = diag_fail(d, ERR_FORMAT, "a posting without id");
    if (!r.err)
        *ret = p;
    return r.err;
}

/* What scrapers call a member of a posting line, the first that says something. */
static const struct {
    const char *to, *names[4];
} members[] = {
    { "id", { "id", "native_id", "job_url", "url" } },
    { "title", { "title", "job_title" } },
    { "company", { "company", "company_name" } },
    { "location", { "location" } },
    { "description", { "description" } },
    { "source", { "source", "site" } },
    { "url", { "url", "job_url" } },
    { "posted", { "posted", "date_posted" } },
};

static struct str first_of(struct reader *r, const char *const *names, size_t n)
{
    struct str s = { 0 };

    for (size_t i = 0; i < n && names[i] && !s.n; i++)
        s = get(r, names[i]);
    return s;
}

static void put(struct json_object *o, const char *key, struct str s)
{
    json_object_object_add(o, key, json_object_new_string_len(s.p ? s.p : "", (int)s.n));
}

static int add_job(struct reader *r, struct str seen, struct buf *to)
{
    CLEANUP(json_close) struct json_object *o = json_object_new_object();

    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        put(o, members[i].to, first_of(r, members[i].names, ARRAY_LEN(members[i].names)));
    put(o, "first_seen", seen);
    put(o, "last_seen", seen);
    buf_add(to, str_of(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN)));
    buf_add_byte(to, '\n');
    return r->err;
}

int posting_snapshot(struct str line, struct arena *a, struct buf *to, struct diag *d)
{
    static const char *const times[] = { "fetched_at", "seen", "date", "committed" };
    CLEANUP(json_close) struct json_object *root = NULL;
    struct reader r = { .a = a, .d = d };
    struct json_object *jobs;
    struct str seen;
    int64_t t;

    if (parse(line, &root, d) || !json_object_object_get_ex(root, "jobs", &jobs)
        || !json_object_is_type(jobs, json_type_array))
        return SNAPSHOT_NONE;
    r.from = root;
    seen = first_of(&r, times, ARRAY_LEN(times));
    if (!date_parse_iso(seen, &t))
        return diag_fail(d, ERR_FORMAT, "a snapshot that does not say when it was taken");
    for (size_t i = 0; !r.err && i < json_object_array_length(jobs); i++) {
        r.from = json_object_array_get_idx(jobs, i);
        if (json_object_is_type(r.from, json_type_object))
            r.err = add_job(&r, seen, to);
    }
    return r.err;
}
