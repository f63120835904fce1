/* The manual of each file, printed from the tables that bind it. */
#include <inttypes.h>

#include "config/config.h"
#include "config/origin.h"
#include "config/vocabulary.h"
#include "core/arena.h"
#include "core/buf.h"

static const char *const kind_names[] = {
    [SCHEMA_STR] = "text",
    [SCHEMA_STRS] = "list of texts",
    [SCHEMA_PAIRS] = "mapping of names to texts",
    [SCHEMA_INT] = "number",
    [SCHEMA_U32] = "number",
    [SCHEMA_BOOL] = "true or false",
    [SCHEMA_RECORD] = "mapping",
    [SCHEMA_RECORDS] = "list of mappings",
    [SCHEMA_NAMED] = "mapping of names to mappings",
};

static void print_type(struct buf *b, const struct schema_field *f)
{
    if (f->choices) {
        for (size_t i = 0; f->choices[i]; i++)
            buf_printf(b, "%s%s", i ? "|" : "", f->choices[i]);
        return;
    }
    buf_printf(b, "%s", kind_names[f->kind]);
    if (f->kind == SCHEMA_INT || f->kind == SCHEMA_U32)
        buf_printf(b, " %" PRId64 "..%" PRId64, f->min, f->max);
}

void schema_print(struct buf *b, const struct schema *s, unsigned indent)
{
    for (const struct schema_field *f = s->fields; f->key; f++) {
        buf_printf(b, "%*s%s: ", (int)indent, "", f->key);
        print_type(b, f);
        if (f->required)
            buf_printf(b, " (required)");
        else if (f->otherwise)
            buf_printf(b, " (default %s)", f->otherwise);
        buf_printf(b, "\n%*s%s\n", (int)indent + 4, "", f->help);
        if (f->of)
            schema_print(b, f->of, indent + 4);
    }
}

static const struct {
    const char *path;
    const struct schema *schema;
} files[] = {
    { "roletide.yaml", &schema_settings },
    { "adapters/NAME.yaml", &schema_adapter },
    { "sources/NAME.yaml, a list; .csv: a column each, others are parameters", &schema_source },
    { "rules/skills/CATEGORY.yaml, a list", &schema_skill },
    { "rules/headings.yaml, a mapping of sections to headings", &schema_heading },
    { "rules/cues.yaml, a list", &schema_cue },
    { "rules/titles.yaml, a list", &schema_title },
    { "rules/modes.yaml, a list", &schema_mode },
    { "rules/work.yaml, a list", &schema_work },
    { "rules/places.yaml, a list", &schema_place },
    { "employers.yaml, a list", &schema_employer },
    { "roadmaps/NAME.yaml", &schema_roadmap },
};

void config_print_manual(struct buf *b)
{
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        buf_printf(b, "%s%s\n\n", i ? "\n" : "", files[i].path);
        schema_print(b, files[i].schema, 4);
    }
}

/* The value in words; a zero that stands for a default reads as that default. */
static struct str value_text(struct arena *a, const struct schema_field *f, const void *at,
                             bool is_default)
{
    int64_t number = f->kind == SCHEMA_INT   ? *(const int64_t *)at
                     : f->kind == SCHEMA_U32 ? *(const uint32_t *)at
                                             : 0;

    if (f->kind == SCHEMA_STR) {
        struct str text = *(const struct str *)at;

        return text.n || !is_default ? text : str_of(f->otherwise);
    }
    if (f->kind == SCHEMA_BOOL)
        return *(const bool *)at ? STR("true") : STR("false");
    return number || !is_default ? str_printf(a, "%" PRId64, number) : str_of(f->otherwise);
}

struct walk {
    const struct config *c;
    struct arena *a;
    void *ctx;
    void (*each)(void *ctx, const struct config_setting *s);
};

static void walk(const struct walk *w, const struct schema *s, const char *base, const char *prefix)
{
    for (const struct schema_field *f = s->fields; f->key; f++) {
        const char *at = base + f->offset;
        struct place place;
        struct config_setting setting = { .key = str_printf(w->a, "%s%s", prefix, f->key) };

        if (f->kind == SCHEMA_RECORD) {
            walk(w, f->of, at, str_printf(w->a, STR_FMT ".", STR_ARG(setting.key)).p);
            continue;
        }
        setting.is_default = !origin_find(w->c->origin, at, &place);
        setting.value = value_text(w->a, f, at, setting.is_default);
        setting.origin = setting.is_default
                             ? STR("default")
                             : str_printf(w->a, "%s:%u:%u", place.file, place.line, place.column);
        setting.help = str_of(f->help);
        w->each(w->ctx, &setting);
    }
}

void config_each_setting(const struct config *c, struct arena *a, void *ctx,
                         void (*each)(void *ctx, const struct config_setting *s))
{
    walk(&(struct walk){ c, a, ctx, each }, &schema_settings, (const char *)&c->settings, "");
}
