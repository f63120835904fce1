#include "boards/site.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"

int file_read(struct arena *a, const char *path, struct str *ret, struct diag *d)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    char chunk[65536];
    size_t n;

    if (!f)
        return diag_fail(d, ERR_IO, "%s: %s", path, strerror(errno));
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
        buf_add(&b, (struct str){ chunk, n });
    *ret = buf_take(&b, a);
    return 0;
}

/* "*", "3", "2-5", "4-" */
static bool days(struct str s, struct site_row *row)
{
    struct str first;

    row->from_day = 0;
    row->to_day = INT64_MAX;
    if (str_eq(s, STR("*")))
        return true;
    first = str_cut(&s, '-');
    if (!str_int(first, &row->from_day))
        return false;
    if (!s.p || (!s.n && first.p + first.n == s.p))
        row->to_day = row->from_day;
    return !s.n || str_int(s, &row->to_day);
}

static bool set(struct arena *a, struct site_row *row, struct str key, struct str value)
{
    const struct {
        const char *key;
        struct str *text;
        int64_t *number;
        bool *flag;
    } words[] = {
        { "type", &row->type, NULL, NULL },
        { "etag", &row->etag, NULL, NULL },
        { "last-modified", &row->last_modified, NULL, NULL },
        { "redirect", &row->redirect, NULL, NULL },
        { "retry-after", &row->retry_after, NULL, NULL },
        { "delay_ms", NULL, &row->delay_ms, NULL },
        { "slow", NULL, &row->slow, NULL },
        { "truncate", NULL, &row->truncate, NULL },
        { "length", NULL, &row->length, NULL },
        { "gzip", NULL, NULL, &row->gzip },
        { "chunked", NULL, NULL, &row->chunked },
        { "hang", NULL, NULL, &row->hang },
        { "endless", NULL, NULL, &row->endless },
    };

    if (str_eq(key, STR("header"))) {
        *ARENA_PUSH(a, &row->headers) = value;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!str_eq(key, str_of(words[i].key)))
            continue;
        if (words[i].text)
            *words[i].text = value;
        if (words[i].flag)
            *words[i].flag = true;
        return !words[i].number || str_int(value, words[i].number);
    }
    return false;
}

static bool parse_row(struct arena *a, const char *dir, struct str line, struct site_row *row)
{
    struct str file;

    *row = (struct site_row){ .truncate = -1, .length = -1 };
    if (!days(str_cut(&line, '\t'), row))
        return false;
    row->method = str_cut(&line, '\t');
    row->path = str_cut(&line, '\t');
    if (!row->method.n || !row->path.n || !str_int(str_cut(&line, '\t'), &row->status))
        return false;
    row->prefix = str_ends(row->path, STR("*"));
    row->path.n -= row->prefix;
    file = str_cut(&line, '\t');
    if (file.n && !str_eq(file, STR("-")))
        row->file = str_printf(a, "%s/" STR_FMT, dir, STR_ARG(file));
    while (line.n) {
        struct str option = str_cut(&line, '\t'), key = str_cut(&option, '=');

        if (key.n && !set(a, row, key, option))
            return false;
    }
    return true;
}

int site_read(struct arena *a, const char *dir, struct site *ret, struct diag *d)
{
    struct str path = str_printf(a, "%s/site.tsv", dir), text;
    int r = file_read(a, path.p, &text, d);

    for (int number = 1; !r && text.n; number++) {
        struct str line = str_cut(&text, '\n');

        if (!line.n || line.p[0] == '#')
            continue;
        if (!parse_row(a, dir, line, ARENA_PUSH(a, ret)))
            r = diag_fail(d, ERR_FORMAT,
                          "%s:%d: want days, method, path, status, file, key=value...", path.p,
                          number);
    }
    return r;
}

const struct site_row *site_find(const struct site *s, int64_t day, struct str method,
                                 struct str path)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct site_row *row = &s->items[i];

        if (day >= row->from_day && day <= row->to_day && str_eq(method, row->method)
            && (row->prefix ? str_starts(path, row->path) : str_eq(path, row->path)))
            return row;
    }
    return NULL;
}
