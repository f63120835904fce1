#include "tests/e2e/kinds.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/cleanup.h"

static void __attribute__((noreturn)) refuse(struct str where, const char *what)
{
    fprintf(stderr, STR_FMT ": %s\n", STR_ARG(where), what);
    exit(1);
}

struct str kinds_file(struct arena *a, struct str path)
{
    CLEANUP(file_close) FILE *f = fopen(str_cstr(a, path), "rb");
    CLEANUP(buf_release) struct buf b = { 0 };
    int c;

    if (!f)
        refuse(path, "it cannot be read");
    while ((c = getc(f)) != EOF)
        buf_add_byte(&b, (char)c);
    return buf_take(&b, a);
}

static bool set_flag(struct kind *k, struct str word)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        { "advertises", &k->advertises },
        { "walks-on", &k->walks_on },
        { "addresses-only", &k->addresses_only },
        { "ambiguous", &k->ambiguous },
        { "window", &k->window },
    };

    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        if (str_eq(word, str_of(flags[i].name)))
            return *flags[i].flag = true;
    return false;
}

static bool set_value(struct kind *k, struct str word, struct str value)
{
    if (str_eq(word, STR("id")))
        return (k->id = value).n;
    if (str_eq(word, STR("nowhere")))
        return (k->nowhere = value).n;
    if (str_eq(word, STR("size")))
        return str_int(value, &k->size);
    if (str_eq(word, STR("first")))
        return str_int(value, &k->first);
    return str_eq(word, STR("cap")) && str_int(value, &k->cap);
}

static struct kind_part *part_of(struct kind *k, struct str name)
{
    const struct {
        const char *name;
        struct kind_part *part;
    } parts[] = {
        { "before", &k->before },
        { "list", &k->list },
        { "detail", &k->detail },
        { "stranger", &k->stranger },
    };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (str_eq(name, str_of(parts[i].name)))
            return parts[i].part;
    return NULL;
}

/* "> list GET /path match" and what follows it. */
static bool set_section(struct kind *k, struct str head, struct str body)
{
    struct str name = str_cut(&head, ' ');
    struct kind_part *part = part_of(k, name);

    if (str_eq(name, STR("source"))) {
        k->source = body;
        return true;
    }
    if (str_eq(name, STR("item"))) {
        k->between = head;
        k->item = body;
        return body.n;
    }
    if (!part)
        return false;
    part->method = str_cut(&head, ' ');
    part->path = str_cut(&head, ' ');
    part->match = head;
    part->body = body;
    return part->method.n && body.n;
}

static struct str section_cut(struct str *rest)
{
    ptrdiff_t next = str_find(*rest, STR("\n> "));
    struct str section = next < 0 ? *rest : str_slice(*rest, 0, (size_t)next);

    *rest = next < 0 ? (struct str){ 0 } : str_from(*rest, (size_t)next + 3);
    return str_trim(section);
}

static void read_kind(struct arena *a, struct str path, struct kind *k)
{
    struct str rest = kinds_file(a, path), facts;

    k->id = STR("$n$");
    k->nowhere = STR("gone");
    facts = str_starts(rest, STR("> ")) ? STR("") : section_cut(&rest);
    if (str_starts(rest, STR("> ")))
        rest = str_from(rest, 2);
    while (facts.n) {
        struct str value = str_cut(&facts, '\n'), word = str_cut(&value, ' ');

        if (!set_flag(k, word) && !set_value(k, word, value))
            refuse(path, "not a fact of a kind");
    }
    while (rest.n) {
        struct str body = section_cut(&rest), head = str_cut(&body, '\n');

        if (!set_section(k, head, body))
            refuse(path, "not a section of a kind");
    }
    if (!k->list.path.n || !k->item.n)
        refuse(path, "a kind has a list and items");
}

void kinds_read(struct arena *a, const char *folder, struct kinds *ret)
{
    DIR *d = opendir(folder);
    struct dirent *e;

    if (!d)
        refuse(str_of(folder), "no such folder");
    while ((e = readdir(d))) {
        struct str name = str_of(e->d_name);
        struct kind *k;

        if (!str_ends(name, STR(".board")))
            continue;
        k = ARENA_PUSH(a, ret);
        k->name = str_dup(a, str_slice(name, 0, name.n - STR(".board").n));
        read_kind(a, str_printf(a, "%s/%s", folder, e->d_name), k);
    }
    closedir(d);
}

const struct kind *kind_find(const struct kinds *kinds, struct str name)
{
    for (size_t i = 0; i < kinds->n; i++)
        if (str_eq(kinds->items[i].name, name))
            return &kinds->items[i];
    return NULL;
}

void words_set(struct arena *a, struct words *w, struct str name, struct str value)
{
    for (size_t i = 0; i < w->n; i++)
        if (str_eq(w->items[i].name, name)) {
            w->items[i].value = value;
            return;
        }
    *ARENA_PUSH(a, w) = (struct word){ name, value };
}

static void add_encoded(struct buf *b, struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];

        if (ascii_is_alnum(c) || strchr("-._~", c))
            buf_add_byte(b, c);
        else
            buf_printf(b, "%%%02X", (unsigned char)c);
    }
}

static void add_word(struct buf *b, struct str name, const struct words *w, bool path)
{
    bool raw = str_starts(name, STR("="));
    struct str wanted = str_from(name, raw);

    for (size_t i = 0; i < w->n; i++) {
        if (!str_eq(w->items[i].name, wanted))
            continue;
        if (path && !raw)
            add_encoded(b, w->items[i].value);
        else
            buf_add(b, w->items[i].value);
        return;
    }
    refuse(name, "no such word of a board");
}

struct str words_fill(struct arena *a, struct str text, const struct words *w, bool path)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    while (text.n) {
        struct str before = str_cut(&text, '$');

        buf_add(&b, before);
        if (text.n)
            add_word(&b, str_cut(&text, '$'), w, path);
    }
    return buf_take(&b, a);
}

struct str kind_file(struct arena *a, const struct kind_part *part, const char *name)
{
    const char *end = "json";

    if (str_starts(part->body, STR("<?xml")))
        end = "xml";
    else if (str_starts(part->body, STR("<")))
        end = "html";
    return str_printf(a, "%s.%s", name, end);
}
