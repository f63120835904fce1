/* No shipped adapter takes another kind's answer for its own, not even for an empty list. */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "core/arena.h"
#include "parsers/reading.h"
#include "parsers/try.h"

#define BOARDS SOURCE_DIR "/tests/fixtures/boards"

static struct str contents(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct str s = { 0 };
    char *p;

    CHECK(f && fseek(f, 0, SEEK_END) == 0);
    s.n = (size_t)ftell(f);
    rewind(f);
    s.p = p = arena_alloc(a, s.n + 1, 1);
    CHECK(fread(p, 1, s.n, f) == s.n);
    fclose(f);
    return s;
}

static struct str kind(const struct adapter *ad)
{
    return ad->variant_of.n ? ad->variant_of : ad->id;
}

static bool reads_any_page(const struct adapter *ad)
{
    return str_eq(ad->detail.decode, STR("jsonld"));
}

static struct str form(const struct adapter *ad)
{
    return ad->steps.items[ad->steps.n - 1].decode;
}

/* A JobPosting is anybody's, and so, nearly, is RSS. */
static bool may_be_taken(const struct adapter *own, const struct adapter *ad, struct str doc)
{
    return str_eq(kind(own), kind(ad))
           || (reads_any_page(ad)
               && (str_eq(own->id, STR("careers-jsonld")) || str_find(doc, STR("JobPosting")) >= 0
                   || str_find(doc, STR("itemprop=\"description\"")) >= 0))
           || (str_eq(form(own), STR("xml")) && str_eq(form(ad), STR("xml")));
}

static size_t try_all(const struct config *c, const struct adapter *own, const char *path)
{
    struct arena file = ARENA_INIT;
    struct str doc = contents(&file, path);
    size_t tried = 0;

    for (size_t i = 0; i < c->adapters.n; i++) {
        const struct adapter *ad = &c->adapters.items[i];
        struct arena a = ARENA_INIT;
        struct reading_items items;
        struct diag d = { 0 };
        int r;

        if (!ad->steps.n || may_be_taken(own, ad, doc))
            continue;
        r = adapter_try(ad, STR(""), &doc, 1, 1795392000, &a, &items, &d);
        if (r != ERR_FORMAT)
            fprintf(stderr, "%s: taken by " STR_FMT "\n", path, STR_ARG(ad->id));
        CHECK(r == ERR_FORMAT);
        tried++;
        arena_free(&a);
    }
    arena_free(&file);
    return tried;
}

static void another_kinds_answer_is_refused(void **state)
{
    struct config_options opt = { .path = SOURCE_DIR "/config", .shipped = SOURCE_DIR "/config" };
    struct arena a = ARENA_INIT;
    struct config c = { 0 };
    struct diag d = { 0 };
    size_t tried = 0;

    (void)state;
    CHECK(config_load(&a, &opt, &c, &d) == 0);
    for (size_t i = 0; i < c.adapters.n; i++) {
        const struct adapter *own = &c.adapters.items[i];
        struct str folder = str_printf(&a, BOARDS "/" STR_FMT, STR_ARG(own->id));
        DIR *dir = opendir(str_cstr(&a, folder));

        for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir))
            if (e->d_name[0] != '.')
                tried +=
                    try_all(&c, own, str_printf(&a, STR_FMT "/%s", STR_ARG(folder), e->d_name).p);
        if (dir)
            closedir(dir);
    }
    CHECK(tried > 2000);
    arena_free(&a);
}

RUN_TESTS(TEST(another_kinds_answer_is_refused))
