/* Any bytes may be a board's answer: the first byte chooses how they are decoded. */
#include "core/arena.h"
#include "parsers/documents.h"
#include "parsers/try.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct str decodes[] = {
        { "json", 4 }, { "jsonld", 6 }, { "sitemap", 7 }, { "xml", 3 }, { "html", 4 }
    };
    struct arena a = ARENA_INIT;
    struct diag d;
    struct reading_items items;
    struct str body = { (const char *)data + 1, n ? n - 1 : 0 }, url;
    size_t kind = n ? data[0] % ARRAY_LEN(decodes) : 0;
    bool markup = kind >= 3;
    struct adapter_row rows[] = {
        { .to = STR("native_id"),
          .at = markup ? STR("@id | id") : STR("/id | /loc | /identifier") },
        { .to = STR("title"), .at = markup ? STR("title") : STR("/**/title | /loc") },
        { .to = STR("text"), .at = markup ? STR(".") : STR("/description"), .as = { 0 } },
    };
    struct adapter_step step = { .name = STR("list"),
                                 .url = STR("{base}"),
                                 .decode = decodes[kind],
                                 .items =
                                     markup ? STR("//item | //li") : STR("/urls | /jobs | .") };
    struct adapter ad = { .id = STR("fuzz"), .steps = { &step, 1, 1 }, .fields = { rows, 3, 3 } };

    if (adapter_try(&ad, STR("https://a.example/"), &body, 1, 1795392000, &a, &items, &d) == 0
        && items.n)
        (void)json_mend(&a, body);
    if (json_check(body, &d) == 0 && body.n && !body.p[0])
        __builtin_trap();
    (void)!url_resolve(&a, STR("http://a/b/c/d;p?q"), body, &url, &d);
    arena_free(&a);
    return 0;
}
