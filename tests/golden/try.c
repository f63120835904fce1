/* Print the listings of saved documents: try CONFIG ADAPTER URL|- FILE... ; exit 65 as the CLI. */
#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "parsers/listing_json.h"
#include "parsers/try.h"

enum { FILES = 64 };

static struct str read_file(struct arena *a, const char *path)
{
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    CLEANUP(buf_release) struct buf b = { 0 };
    char part[65536];
    size_t n;

    while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, (struct str){ part, n });
    return buf_take(&b, a);
}

static int fail(const struct config *c, struct diag *d, int status)
{
    if (c)
        config_locate(c, d);
    fprintf(stderr, "try: %s\n", d->text);
    if (d->hint[0])
        fprintf(stderr, "hint: %s\n", d->hint);
    return status;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config_options where = { .path = NULL, .shipped = argc > 1 ? argv[1] : NULL };
    int64_t now = date_from_civil(2026, 11, 23);
    struct str url = { 0 };
    struct config config = { 0 };
    struct reading_items out = { 0 };
    struct str docs[FILES];
    struct diag d = { 0 };
    const struct adapter *ad;
    size_t n = 0;

    if (argc < 5 || config_load(&a, &where, &config, &d))
        return fail(NULL, &d, 78);
    ad = config_adapter(&config, str_of(argv[2]));
    if (!ad)
        return 2;
    if (strcmp(argv[3], "-") != 0)
        url = str_of(argv[3]);
    for (int i = 4; i < argc && n < FILES; i++)
        docs[n++] = read_file(&a, argv[i]);
    if (adapter_try(ad, url, docs, n, now, &a, &out, &d))
        return fail(&config, &d, 65);
    for (size_t i = 0; i < out.n; i++) {
        CLEANUP(buf_release) struct buf b = { 0 };
        struct json_out j = { .to = &b };

        listing_json(&j, NULL, &out.items[i].listing);
        printf("%.*s\n", (int)b.n, b.p);
    }
    return 0;
}
