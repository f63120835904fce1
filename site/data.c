#include <inttypes.h>
#include <math.h>

#include "core/arena.h"
#include "core/date.h"
#include "site/escape.h"
#include "site/feeds.h"
#include "site/figures_json.h"

/*
 * The format's version (semantic): a member added is a minor step, one that goes or
 * changes its meaning a major one, with a folder of its own beside v1/.
 */
#define FORMAT_VERSION "1.1.0"

struct strs site_attributions(const struct site_input *in, struct arena *a)
{
    struct strs all = { 0 };

    for (size_t i = 0; i < in->market->n_sources; i++) {
        struct str text = in->market->sources[i].row.attribution;
        bool known = !text.n;

        for (size_t k = 0; k < all.n && !known; k++)
            known = str_eq(all.items[k], text);
        if (!known)
            *ARENA_PUSH(a, &all) = text;
    }
    return all;
}

/* What every file of v1/ begins with. n: the openings its figures were counted from. */
static void begin(struct json_out *j, const struct site_input *in, struct arena *a,
                  const char *schema, int64_t n)
{
    struct strs attributions = site_attributions(in, a);

    json_object(j, NULL);
    json_cstr(j, "schema", schema);
    json_cstr(j, "format_version", FORMAT_VERSION);
    json_int(j, "n", n);
    json_array(j, "attribution");
    for (size_t i = 0; i < attributions.n; i++)
        json_str(j, NULL, attributions.items[i]);
    json_end(j);
    json_cstr(j, "method", "../index.html#method");
}

static void end(struct json_out *j)
{
    json_end(j);
    buf_add_byte(j->to, '\n');
}

void data_roles(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct json_out j = { .to = out, .indent = 1 };

    begin(&j, in, a, "schema/roles.json", in->roles->openings);
    roles_json(&j, in->market, in->as_of, in->roles, in->life, in->salary);
    end(&j);
}

void data_skills(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct json_out j = { .to = out, .indent = 1 };

    begin(&j, in, a, "schema/skills.json", in->demand->openings);
    demand_json(&j, in->as_of, in->demand);
    json_array(&j, "stages");
    for (int i = 0; in->stage_demand && i < STAGES; i++) {
        json_object(&j, NULL);
        json_int(&j, "stage", i + 1);
        demand_json(&j, in->as_of, &in->stage_demand[i]);
        json_end(&j);
    }
    json_end(&j);
    end(&j);
}

void data_stages(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct json_out j = { .to = out, .indent = 1 };

    begin(&j, in, a, "schema/stages.json", in->roles->openings);
    stages_json(&j, in->market, in->as_of, in->stages, in->life);
    end(&j);
}

void data_salary(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct json_out j = { .to = out, .indent = 1 };

    begin(&j, in, a, "schema/salary.json", in->salary->disclosed.openings);
    salary_json(&j, in->market, in->as_of, in->salary, in->stage_salary);
    end(&j);
}

void data_openings(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct json_out j = { .to = out, .indent = 1 };

    begin(&j, in, a, "schema/openings.json", in->roles->openings);
    json_time(&j, "as_of", in->as_of);
    json_array(&j, "openings");
    for (size_t i = 0; i < in->market->n_openings; i++)
        if (in->market->openings[i].why == COUNTED)
            opening_json(&j, NULL, in->market, &in->market->openings[i], a);
    json_end(&j);
    end(&j);
}

void data_sources(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct json_out j = { .to = out, .indent = 1 };

    begin(&j, in, a, "schema/sources.json", in->roles->openings);
    json_time(&j, "as_of", in->as_of);
    json_array(&j, "sources");
    for (size_t i = 0; i < in->market->n_sources; i++) {
        const struct source_state *s = &in->market->sources[i];

        json_object(&j, NULL);
        json_str(&j, "source", s->row.key);
        json_str(&j, "adapter", s->row.adapter);
        json_str(&j, "company", mask_personal(a, s->row.company));
        json_cstr(&j, "standing", source_standing(s, in->as_of));
        if (s->last_outcome.n)
            json_str(&j, "outcome", s->last_outcome);
        else
            json_null(&j, "outcome");
        json_time(&j, "last_reading", s->last_reading);
        json_time(&j, "last_proven", s->last_proven);
        json_int(&j, "failures", s->failures);
        json_int(&j, "open_postings", s->open);
        json_str(&j, "attribution", s->row.attribution);
        json_end(&j);
    }
    json_end(&j);
    end(&j);
}

void data_history(const struct site_input *in, struct arena *a, struct buf *out)
{
    (void)a;
    buf_add(out, STR("day,openings,postings,panel_index,sources_read\n"));
    for (size_t i = 0; i < in->n_series; i++) {
        const struct series_row *row = &in->series[i];
        char day[DATE_TEXT];

        day_format(row->day, day);
        buf_printf(out, "%s,%" PRId64 ",%" PRId64 ",", day, row->openings, row->postings);
        if (isfinite(row->panel_index))
            buf_printf(out, "%.2f", row->panel_index);
        buf_printf(out, ",%" PRId64 "\n", row->sources_read);
    }
}

void data_index(const struct site_input *in, struct arena *a, struct buf *out)
{
    static const struct {
        const char *file, *schema, *what;
    } files[] = {
        { "roles.json", "schema/roles.json", "how many roles are open, and what stands beside" },
        { "skills.json", "schema/skills.json", "demand by skill, overall and by stage" },
        { "stages.json", "schema/stages.json", "the roadmap's stages side by side" },
        { "salary.json", "schema/salary.json", "pay as the advertisements disclose it" },
        { "openings.json", "schema/openings.json", "the openings that are counted" },
        { "sources.json", "schema/sources.json", "the boards read, and how each stands" },
        { "history.csv", "schema/history.csv-metadata.json", "one row a day (CSV on the Web)" },
    };
    struct json_out j = { .to = out, .indent = 1 };

    begin(&j, in, a, "schema/index.json", in->roles->openings);
    json_time(&j, "as_of", in->as_of);
    json_str(&j, "title", site_title(in));
    json_str(&j, "url", safe_url(in->url));
    json_array(&j, "files");
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        json_object(&j, NULL);
        json_cstr(&j, "file", files[i].file);
        json_cstr(&j, "schema", files[i].schema);
        json_cstr(&j, "what", files[i].what);
        json_end(&j);
    }
    json_end(&j);
    end(&j);
}
