/* Any bytes as each of the files that config/ reads: parsed, bound and judged, never a crash. */
#include <stdint.h>
#include <stdlib.h>

#include "config/csv.h"
#include "config/origin.h"
#include "config/vocabulary.h"
#include "config/yaml_doc.h"
#include "core/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool is_key(struct str name)
{
    return str_eq(name, STR("adapter"));
}

static void bind_as(struct arena *a, const struct schema *s, const struct yaml_node *root)
{
    struct config_origin origin = { 0 };
    struct schema_context cx = { a, "fuzz.yaml", &origin };
    struct diag d = { 0 };
    void *record = arena_alloc(a, 1, s->size);
    struct place place;

    if (schema_bind(&cx, s, root, record, &d) == 0)
        origin_finish(&origin);
    if (d.about)
        (void)origin_find(&origin, d.about, &place);
}

static void bind_each(struct arena *a, const struct yaml_node *root)
{
    static const struct schema *const all[] = {
        &schema_settings, &schema_adapter, &schema_source, &schema_skill,   &schema_heading,
        &schema_cue,      &schema_title,   &schema_place,  &schema_roadmap,
    };

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        bind_as(a, all[i], root);
        for (size_t j = 0; root->kind == NODE_LIST && j < root->n && j < 8; j++)
            bind_as(a, all[i], root->items[j]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = ARENA_INIT;
    struct str text = str_dup(&a, (struct str){ (const char *)data, n });
    struct yaml_node *root;
    struct diag d = { 0 };

    if (yaml_parse(&a, "fuzz.yaml", text, &root, &d) == 0)
        bind_each(&a, root);
    if (csv_parse(&a, "fuzz.csv", text, is_key, &root, &d) == 0)
        bind_each(&a, root);
    arena_free(&a);
    return 0;
}
