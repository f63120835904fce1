#include "boards/site.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/cleanup.h"

static bool number(struct str s, int64_t *ret)
{
    return str_int(s, ret) && *ret >= 0;
}

/* "", "-", "3", "3-", "-5", "2-4". */
static bool read_days(struct str s, int64_t *from, int64_t *to)
{
    struct str first = str_cut(&s, '-');
    bool range = first.p + first.n != s.p || s.n;

    *from = 0;
    *to = INT64_MAX;
    if (first.n && !number(first, from))
        return false;
    if (first.n && !s.n && !range)
        *to = *from;
    return !s.n || number(s, to);
}

/* A word without a value switches something on. */
static bool read_flag(struct row *r, struct str word)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        { "etag", &r->etag },   { "chunked", &r->chunked }, { "gzip", &r->gzip },
        { "close", &r->close }, { "reset", &r->reset },     { "hang", &r->hang },
        { "raw", &r->raw },     { "endless", &r->endless }, { "origin", &r->origin },
    };

    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        if (str_eq(word, str_of(flags[i].name)))
            return *flags[i].flag = true;
    return false;
}

static bool read_number(struct row *r, struct str key, struct str value)
{
    const struct {
        const char *name;
        int64_t *number;
    } numbers[] = {
        { "delay", &r->delay_ms }, { "slow", &r->slow }, { "cut", &r->cut },
        { "length", &r->length },  { "bomb", &r->bomb }, { "times", &r->times },
    };

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (str_eq(key, str_of(numbers[i].name)))
            return number(value, numbers[i].number);
    return false;
}

/* "Name: value" is a header; "key=value" and "key" are behaviours. */
static bool read_behaviour(struct row *r, struct str cell)
{
    ptrdiff_t colon = str_find(cell, STR(": ")), equals = str_find(cell, STR("="));
    struct str key = cell;

    if (colon > 0 && (equals < 0 || colon < equals)) {
        if (r->n_headers == ARRAY_LEN(r->headers))
            return false;
        r->headers[r->n_headers++] =
            (struct header){ str_slice(cell, 0, (size_t)colon), str_from(cell, (size_t)colon + 2) };
        return true;
    }
    if (equals < 0)
        return read_flag(r, cell);
    cell = str_from(cell, (size_t)equals + 1);
    key = str_slice(key, 0, (size_t)equals);
    if (str_eq(key, STR("type")))
        return (r->type = cell).n;
    if (str_eq(key, STR("match")))
        return (r->match = cell).n;
    return read_number(r, key, cell);
}

static bool read_row(struct row *r, struct str line)
{
    int64_t status;

    r->delay_ms = r->slow = r->cut = r->length = r->bomb = r->times = -1;
    r->method = str_cut(&line, '\t');
    r->path = str_cut(&line, '\t');
    if (!r->method.n || !r->path.n || !read_days(str_cut(&line, '\t'), &r->from, &r->to))
        return false;
    if (!number(str_cut(&line, '\t'), &status) || status > 599)
        return false;
    r->status = (int)status;
    r->file = str_cut(&line, '\t');
    if (str_eq(r->file, STR("-")))
        r->file = (struct str){ 0 };
    while (line.n) {
        struct str cell = str_trim(str_cut(&line, '\t'));

        if (cell.n && !read_behaviour(r, cell))
            return false;
    }
    return true;
}

static bool load_site(struct arena *a, const char *dir, struct site *s, char why[200])
{
    const char *path = str_printf(a, "%s/" STR_FMT "/site.tsv", dir, STR_ARG(s->host)).p;
    CLEANUP(file_close) FILE *f = fopen(path, "r");
    CLEANUP(buf_release) struct buf b = { 0 };
    struct str text;
    int c, line = 0;

    if (!f) /* a folder of files alone */
        return true;
    while ((c = getc(f)) != EOF)
        buf_add_byte(&b, (char)c);
    text = buf_take(&b, a);
    while (text.n) {
        struct str row = str_cut(&text, '\n');

        line++;
        if (!str_trim(row).n || row.p[0] == '#')
            continue;
        if (!read_row(ARENA_PUSH(a, &s->rows), row)) {
            snprintf(why, 200, "%s:%d: not a row", path, line);
            return false;
        }
    }
    return true;
}

bool sites_load(struct arena *a, const char *dir, struct sites *ret, char why[200])
{
    DIR *d = opendir(dir);
    struct dirent *e;
    bool ok = true;

    if (!d) {
        snprintf(why, 200, "%s: no such folder", dir);
        return false;
    }
    while (ok && (e = readdir(d)))
        if (e->d_name[0] != '.') {
            struct site *s = ARENA_PUSH(a, ret);

            s->host = str_dup(a, str_of(e->d_name));
            ok = load_site(a, dir, s, why);
        }
    closedir(d);
    return ok;
}

static bool path_fits(struct str pattern, struct str url)
{
    if (str_ends(pattern, STR("*")))
        return str_starts(url, str_slice(pattern, 0, pattern.n - 1));
    return str_eq(pattern, url);
}

struct row *site_pick(struct site *s, struct str method, struct str url, struct str body,
                      int64_t day)
{
    for (size_t i = 0; i < s->rows.n; i++) {
        struct row *r = &s->rows.items[i];

        if (!str_eq(r->method, STR("*")) && !str_eq(r->method, method))
            continue;
        if (day < r->from || day > r->to || !path_fits(r->path, url))
            continue;
        if (r->match.n && str_find(body, r->match) < 0)
            continue;
        if (atomic_fetch_add(&r->served, 1) < r->times || r->times < 0)
            return r;
    }
    return NULL;
}
