/* JSON Pointer (RFC 6901) with the extensions that adapter.h states. */
#include <json-c/json.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/document.h"

/* Where " | " stands, or -1: places are short, and most have none. */
static ptrdiff_t bar_in(struct str places)
{
    for (size_t i = 1; i + 1 < places.n; i++)
        if (places.p[i] == '|' && places.p[i - 1] == ' ' && places.p[i + 1] == ' ')
            return (ptrdiff_t)i - 1;
    return -1;
}

struct str place_cut(struct str *places)
{
    ptrdiff_t bar = bar_in(*places);
    struct str first = bar < 0 ? *places : str_slice(*places, 0, (size_t)bar);

    *places = bar < 0 ? (struct str){ 0 } : str_from(*places, (size_t)bar + 3);
    return str_trim(first);
}

struct str json_scalar(struct arena *a, struct json_object *v)
{
    switch (json_object_get_type(v)) {
    case json_type_string:
        return str_dup(
            a, (struct str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) });
    case json_type_int:
    case json_type_double:
    case json_type_boolean:
        return str_dup(a, str_of(json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN)));
    case json_type_null:
    case json_type_object:
    case json_type_array:
        break;
    }
    return (struct str){ 0 };
}

/* RFC 6901 4: "~1" is '/', "~0" is '~'. */
static struct str unescape(struct arena *a, struct str step)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    if (str_find(step, STR("~")) < 0)
        return step;
    for (size_t i = 0; i < step.n; i++) {
        if (step.p[i] == '~' && i + 1 < step.n) {
            i++;
            buf_add_byte(&b, step.p[i] == '1' ? '/' : step.p[i] == '0' ? '~' : step.p[i]);
        } else {
            buf_add_byte(&b, step.p[i]);
        }
    }
    return buf_take(&b, a);
}

struct walk {
    struct arena *a;
    struct nodes found;
    struct diag *d;
};

static int add(struct walk *w, struct json_object *v, struct json_object *outer)
{
    if (!v)
        return 0;
    if (w->found.n >= DOCUMENT_NODES)
        return diag_fail(w->d, ERR_LIMIT, "a place finds more than %d values", DOCUMENT_NODES);
    *ARENA_PUSH(w->a, &w->found) = (struct node){ .json = v, .outer = outer };
    return 0;
}

/* What stands around a list stands around its elements. */
static int children(struct walk *w, struct node n)
{
    int r = 0;

    if (json_object_is_type(n.json, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(n.json) && !r; i++)
            r = add(w, json_object_array_get_idx(n.json, i), n.outer);
    } else if (json_object_is_type(n.json, json_type_object)) {
        json_object_object_foreach(n.json, key, member)
        {
            (void)key;
            if (!r)
                r = add(w, member, n.json);
        }
    }
    return r;
}

/* n and all below it, lists by their elements alone, which a name would be asked of twice else;
 * json_check() has bounded the depth. */
static int descendants(struct walk *w, struct node n)
{
    size_t from = w->found.n, kept = from;
    int r = add(w, n.json, n.outer);

    for (size_t i = from; i < w->found.n && !r; i++)
        r = children(w, w->found.items[i]);
    for (size_t i = from; i < w->found.n; i++)
        if (!json_object_is_type(w->found.items[i].json, json_type_array))
            w->found.items[kept++] = w->found.items[i];
    w->found.n = kept;
    return r;
}

/* "[name=text]", "[name!=text]". */
static int filtered(struct walk *w, struct node n, struct str step)
{
    struct str inside = str_slice(step, 1, step.n - 1);
    struct str name = str_cut(&inside, '=');
    bool differs = str_ends(name, STR("!"));
    struct json_object *v = n.json, *member = NULL;
    struct str text;

    if (json_object_is_type(v, json_type_array)) {
        int r = 0;

        for (size_t i = 0; i < json_object_array_length(v) && !r; i++) {
            struct json_object *e = json_object_array_get_idx(v, i);

            if (json_object_is_type(e, json_type_object))
                r = filtered(w, (struct node){ .json = e, .outer = n.outer }, step);
        }
        return r;
    }
    if (!json_object_is_type(v, json_type_object))
        return 0;
    name = differs ? str_slice(name, 0, name.n - 1) : name;
    if (json_object_object_get_ex(v, str_cstr(w->a, unescape(w->a, name)), &member) && !member)
        text = STR("null");
    else
        text = json_scalar(w->a, member);
    if (str_eq(text, unescape(w->a, inside)) == differs)
        return 0;
    return add(w, v, n.outer);
}

static int named(struct walk *w, struct node n, struct str step)
{
    struct json_object *member, *v = n.json;
    int64_t index;
    int r = 0;

    if (json_object_is_type(v, json_type_object))
        return json_object_object_get_ex(v, str_cstr(w->a, unescape(w->a, step)), &member)
                   ? add(w, member, v)
                   : 0;
    if (!json_object_is_type(v, json_type_array))
        return 0;
    if (str_int(step, &index))
        return index >= 0 ? add(w, json_object_array_get_idx(v, (size_t)index), n.outer) : 0;
    for (size_t i = 0; i < json_object_array_length(v) && !r; i++) {
        struct json_object *e = json_object_array_get_idx(v, i);

        if (json_object_is_type(e, json_type_object))
            r = named(w, (struct node){ .json = e, .outer = n.outer }, step);
    }
    return r;
}

static int take_step(struct walk *w, struct node n, struct str step)
{
    if (str_eq(step, STR("**")))
        return descendants(w, n);
    if (str_eq(step, STR("*")))
        return children(w, n);
    if (str_starts(step, STR("[")) && str_ends(step, STR("]")) && step.n > 2)
        return filtered(w, n, step);
    return named(w, n, step);
}

/* The next step of a pointer; a '/' inside brackets does not end it. */
static struct str step_cut(struct str *place)
{
    size_t i = 0;
    struct str step;

    if (place->n && place->p[0] == '[')
        while (i < place->n && place->p[i] != ']')
            i++;
    while (i < place->n && place->p[i] != '/')
        i++;
    step = str_slice(*place, 0, i);
    *place = i < place->n ? str_from(*place, i + 1) : (struct str){ 0 };
    return step;
}

static int select_one(struct arena *a, struct node from, struct str place, struct nodes *ret,
                      struct diag *d)
{
    struct walk w = { .a = a, .d = d };
    bool outside = str_starts(place, STR("^"));
    int r = add(&w, outside ? from.outer : from.json, outside ? NULL : from.outer);

    if (outside)
        place = str_from(place, 1);
    if (str_eq(place, STR(".")))
        place.n = 0;
    if (place.n) {
        place = str_from(place, 1);
        do {
            struct str step = step_cut(&place);
            struct nodes before = w.found;

            w.found = (struct nodes){ 0 };
            for (size_t i = 0; i < before.n && !r; i++)
                r = take_step(&w, before.items[i], step);
        } while (place.p && w.found.n && !r);
    }
    *ret = w.found;
    return r;
}

/* A list stands for its elements. */
static int expanded(struct arena *a, struct nodes *nodes, struct diag *d)
{
    struct walk w = { .a = a, .d = d };
    int r = 0;

    for (size_t i = 0; i < nodes->n && !r; i++) {
        struct node n = nodes->items[i];

        r = json_object_is_type(n.json, json_type_array) ? children(&w, n)
                                                         : add(&w, n.json, n.outer);
    }
    *nodes = w.found;
    return r;
}

int select_json(struct arena *a, struct node from, struct str place, bool expand, struct nodes *ret,
                struct diag *d)
{
    struct nodes found = { 0 };
    int r = 0;

    do {
        r = select_one(a, from, place_cut(&place), &found, d);
    } while (!r && !found.n && place.p);
    if (!r && expand)
        r = expanded(a, &found, d);
    if (!r)
        *ret = found;
    return r;
}

const char *pointer_fault(struct str places)
{
    do {
        struct str place = place_cut(&places);

        if (str_starts(place, STR("^")))
            place = str_from(place, 1);
        if (!place.n || str_eq(place, STR(".")))
            continue;
        if (place.p[0] != '/')
            return "a JSON Pointer begins with '/'";
        for (size_t i = 0; i < place.n; i++)
            if (place.p[i] == '~' && (i + 1 == place.n || (place.p[i + 1] | 1) != '1'))
                return "in a JSON Pointer '~' is written ~0 and '/' in a name ~1";
        place = str_from(place, 1);
        while (place.p) {
            struct str step = step_cut(&place);

            if (str_starts(step, STR("["))
                && (!str_ends(step, STR("]")) || str_find(step, STR("=")) < 2))
                return "a filter is [name=text] or [name!=text]";
        }
    } while (places.p);
    return NULL;
}
