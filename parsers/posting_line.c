#include "parsers/posting_line.h"

#include <json-c/json.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "core/utf8.h"
#include "parsers/flat_json.h"
#include "parsers/html_text.h"
#include "parsers/json_tree.h"

enum { LINE_DEPTH = 16 };

static int parse(struct str line, struct json_object **ret, struct diag *d)
{
    int r = json_tree(ret, line, LINE_DEPTH, true, d);

    if (!r && !json_object_is_type(*ret, json_type_object))
        r = diag_fail(d, ERR_FORMAT, "not a JSON object");
    return r;
}

enum key {
    KEY_ID,
    KEY_SOURCE,
    KEY_NATIVE_ID,
    KEY_TITLE,
    KEY_COMPANY,
    KEY_LOCATION,
    KEY_EXPERIENCE,
    KEY_SALARY,
    KEY_URL,
    KEY_POSTED,
    KEY_FIRST_SEEN,
    KEY_LAST_SEEN,
    KEY_DESC_FORMAT,
    KEY_DESCRIPTION,
    KEY_COUNT
};

static const struct str keys[KEY_COUNT] = {
    [KEY_ID] = { "id", 2 },
    [KEY_SOURCE] = { "source", 6 },
    [KEY_NATIVE_ID] = { "native_id", 9 },
    [KEY_TITLE] = { "title", 5 },
    [KEY_COMPANY] = { "company", 7 },
    [KEY_LOCATION] = { "location", 8 },
    [KEY_EXPERIENCE] = { "experience", 10 },
    [KEY_SALARY] = { "salary", 6 },
    [KEY_URL] = { "url", 3 },
    [KEY_POSTED] = { "posted", 6 },
    [KEY_FIRST_SEEN] = { "first_seen", 10 },
    [KEY_LAST_SEEN] = { "last_seen", 9 },
    [KEY_DESC_FORMAT] = { "desc_format", 11 },
    [KEY_DESCRIPTION] = { "description", 11 },
};

struct reader {
    struct flat_value values[KEY_COUNT];
    struct arena *a;
    struct diag *d;
    int err; /* the first failure */
};

static struct str text_of(struct arena *a, struct json_object *v)
{
    return str_dup(
        a, (struct str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) });
}

/* What json-c read, as flat_json_read() would have said it. */
static struct flat_value value_of(struct json_object *v, struct arena *a)
{
    struct flat_value ret = { FLAT_NOTHING };

    if (!v)
        return ret;
    ret.kind = FLAT_TEXT;
    if (json_object_is_type(v, json_type_string)) {
        ret.text = text_of(a, v);
    } else if (json_object_is_type(v, json_type_int) || json_object_is_type(v, json_type_double)) {
        ret.text = str_dup(a, str_of(json_object_to_json_string(v)));
    } else if (json_object_is_type(v, json_type_array)) {
        ret.kind = FLAT_LIST;
        for (size_t i = 0; i < json_object_array_length(v); i++) {
            struct json_object *item = json_object_array_get_idx(v, i);

            if (json_object_is_type(item, json_type_string))
                *ARENA_PUSH(a, &ret.list) = text_of(a, item);
        }
    } else {
        ret.kind = FLAT_OTHER;
        ret.type = json_type_to_name(json_object_get_type(v));
    }
    return ret;
}

/* Nearly every line is plain and read at once; json-c reads the others, or says what is wrong. */
static int read_values(struct str line, struct reader *r)
{
    CLEANUP(json_release) struct json_object *root = NULL;
    int err;

    if (line.n > POSTING_LINE_MAX)
        return diag_fail(r->d, ERR_LIMIT, "a posting of more than %d bytes", POSTING_LINE_MAX);
    if (flat_json_read(line, keys, KEY_COUNT, r->a, r->values))
        return 0;
    err = parse(line, &root, r->d);
    for (size_t i = 0; i < KEY_COUNT && !err; i++) {
        struct json_object *v = NULL;

        json_object_object_get_ex(root, keys[i].p, &v);
        r->values[i] = value_of(v, r->a);
    }
    return err;
}

/* A member that is a text; a number counts as its digits, because ids come as both. */
static struct str want_text(struct reader *r, const struct flat_value *v, const char *key)
{
    if (r->err || v->kind == FLAT_NOTHING)
        return STR("");
    if (v->kind == FLAT_TEXT)
        return v->text;
    r->err = diag_fail(r->d, ERR_FORMAT, "%s: want a text, not %s", key,
                       v->kind == FLAT_LIST ? "array" : v->type);
    return STR("");
}

static struct str get(struct reader *r, enum key key)
{
    return want_text(r, &r->values[key], keys[key].p);
}

static struct strs get_places(struct reader *r)
{
    struct strs places = { 0 };
    struct str one;

    if (r->values[KEY_LOCATION].kind == FLAT_LIST)
        return r->values[KEY_LOCATION].list;
    one = get(r, KEY_LOCATION);
    if (str_trim(one).n)
        *ARENA_PUSH(r->a, &places) = one;
    return places;
}

static int64_t get_time(struct reader *r, enum key key)
{
    struct str s = get(r, key);
    int64_t t;

    return date_parse_iso(s, &t) ? t : 0;
}

static struct str get_description(struct reader *r)
{
    struct str format = get(r, KEY_DESC_FORMAT), s = get(r, KEY_DESCRIPTION);

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
    struct reader r = { .a = a, .d = d };
    struct posting_line p = { 0 };

    r.err = read_values(line, &r);
    if (r.err)
        return r.err;
    p.id = get(&r, KEY_ID);
    p.source = get(&r, KEY_SOURCE);
    p.listing.native_id = get(&r, KEY_NATIVE_ID);
    p.listing.title = utf8_repair(a, get(&r, KEY_TITLE));
    p.listing.company = get(&r, KEY_COMPANY);
    p.listing.places = get_places(&r);
    p.listing.experience = get(&r, KEY_EXPERIENCE);
    p.listing.salary = get(&r, KEY_SALARY);
    p.listing.url = get(&r, KEY_URL);
    p.listing.posted = get_time(&r, KEY_POSTED);
    p.first_seen = get_time(&r, KEY_FIRST_SEEN);
    p.last_seen = get_time(&r, KEY_LAST_SEEN);
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

static struct str first_of(struct reader *r, struct json_object *o, const char *const *names,
                           size_t n)
{
    struct str s = { 0 };

    for (size_t i = 0; i < n && names[i] && !s.n; i++) {
        struct flat_value v = value_of(json_object_object_get(o, names[i]), r->a);

        s = want_text(r, &v, names[i]);
    }
    return s;
}

static void put(struct json_object *o, const char *key, struct str s)
{
    json_object_object_add(o, key, json_object_new_string_len(s.p ? s.p : "", (int)s.n));
}

static int add_job(struct reader *r, struct json_object *job, struct str seen, struct buf *to)
{
    CLEANUP(json_release) struct json_object *o = json_object_new_object();

    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        put(o, members[i].to, first_of(r, job, members[i].names, ARRAY_LEN(members[i].names)));
    put(o, "first_seen", seen);
    put(o, "last_seen", seen);
    buf_add(to, str_of(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN)));
    buf_add_byte(to, '\n');
    return r->err;
}

int posting_snapshot(struct str line, struct arena *a, struct buf *to, struct diag *d)
{
    static const char *const times[] = { "fetched_at", "seen", "date", "committed" };
    CLEANUP(json_release) struct json_object *root = NULL;
    struct reader r = { .a = a, .d = d };
    struct json_object *jobs;
    struct str seen;
    int64_t t;

    if (parse(line, &root, d) || !json_object_object_get_ex(root, "jobs", &jobs)
        || !json_object_is_type(jobs, json_type_array))
        return SNAPSHOT_NONE;
    seen = first_of(&r, root, times, ARRAY_LEN(times));
    if (!date_parse_iso(seen, &t))
        return diag_fail(d, ERR_FORMAT, "a snapshot that does not say when it was taken");
    for (size_t i = 0; !r.err && i < json_object_array_length(jobs); i++) {
        struct json_object *job = json_object_array_get_idx(jobs, i);

        if (json_object_is_type(job, json_type_object))
            r.err = add_job(&r, job, seen, to);
    }
    return r.err;
}
