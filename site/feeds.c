#include "site/feeds.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/format.h"
#include "core/json_out.h"
#include "site/escape.h"
#include "site/figures_json.h"

struct str site_title(const struct site_input *in)
{
    return in->title.n ? in->title : STR("Roles open in India");
}

static int later_first(const void *x, const void *y)
{
    const struct opening *a = *(const struct opening *const *)x;
    const struct opening *b = *(const struct opening *const *)y;

    if (a->first_proof != b->first_proof)
        return a->first_proof < b->first_proof ? 1 : -1;
    return (a->id < b->id) - (a->id > b->id);
}

const struct opening **newest_openings(const struct site_input *in, struct arena *a, size_t max,
                                       size_t *ret_n)
{
    const struct market *m = in->market;
    const struct opening **all = ARENA_NEW(a, const struct opening *, m->n_openings + 1);
    size_t n = 0;

    for (size_t i = 0; i < m->n_openings; i++)
        if (m->openings[i].why == COUNTED)
            all[n++] = &m->openings[i];
    qsort(all, n, sizeof(all[0]), later_first);
    *ret_n = n < max ? n : max;
    return all;
}

/* "Asha Motors, Pune, Bengaluru; stage 2" */
static struct str summary_of(const struct market *m, const struct opening *o, struct arena *a)
{
    const struct strs places = opening_places(m, o, a);
    const struct signal *sig = &o->lead->signal;
    struct buf b = { 0 };
    struct str text;

    buf_add(&b, mask_personal(a, o->employer_name));
    for (size_t i = 0; i < places.n; i++)
        buf_printf(&b, ", " STR_FMT, STR_ARG(places.items[i]));
    if (sig->stage)
        buf_printf(&b, "; stage %d", sig->stage);
    text = buf_take(&b, a);
    buf_release(&b);
    return text;
}

static struct str join_url(const struct site_input *in, struct arena *a, const char *name)
{
    struct str base = safe_url(in->url);

    while (str_ends(base, STR("/")))
        base.n--;
    return base.n ? str_printf(a, STR_FMT "/%s", STR_ARG(base), name) : str_of(name);
}

static void element(struct buf *out, const char *name, struct str text)
{
    buf_printf(out, "<%s>", name);
    escape_markup(out, text);
    buf_printf(out, "</%s>\n", name);
}

static void element_time(struct buf *out, const char *name, int64_t t)
{
    char text[DATE_TEXT];

    date_format_iso(t, text);
    element(out, name, str_of(text));
}

static void link_to(struct buf *out, const char *rel, struct str url)
{
    buf_printf(out, "<link rel=\"%s\" href=\"", rel);
    escape_markup(out, url);
    buf_add(out, STR("\"/>\n"));
}

static void atom_entry(const struct market *m, const struct opening *o, struct arena *a,
                       struct buf *out)
{
    struct str url = safe_url(o->lead->url);

    buf_add(out, STR("<entry>\n"));
    buf_printf(out, "<id>urn:roletide:opening:%" PRId64 "</id>\n", o->id);
    element(out, "title", mask_personal(a, o->lead->title));
    if (url.n)
        link_to(out, "alternate", url);
    element_time(out, "published", o->first_proof);
    element_time(out, "updated", o->first_proof);
    element(out, "summary", summary_of(m, o, a));
    buf_add(out, STR("</entry>\n"));
}

void feed_atom(const struct site_input *in, struct arena *a, struct buf *out)
{
    size_t n;
    const struct opening **newest = newest_openings(in, a, FEED_ITEMS, &n);

    buf_add(out, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                     "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
                     "<id>urn:roletide:newest:"));
    escape_markup(out, in->market->roadmap->id);
    buf_add(out, STR("</id>\n"));
    element(out, "title", site_title(in));
    element_time(out, "updated", n ? newest[0]->first_proof : in->as_of);
    buf_add(out, STR("<author><name>roletide</name></author>\n"));
    link_to(out, "self", join_url(in, a, "roles.atom"));
    link_to(out, "alternate", join_url(in, a, "index.html"));
    for (size_t i = 0; i < n; i++)
        atom_entry(in->market, newest[i], a, out);
    buf_add(out, STR("</feed>\n"));
}

static void json_feed_item(struct json_out *j, const struct market *m, const struct opening *o,
                           struct arena *a)
{
    struct str url = safe_url(o->lead->url);

    json_object(j, NULL);
    json_str(j, "id", str_printf(a, "urn:roletide:opening:%" PRId64, o->id));
    if (url.n)
        json_str(j, "url", url);
    json_str(j, "title", mask_personal(a, o->lead->title));
    json_str(j, "content_text", summary_of(m, o, a));
    json_time(j, "date_published", o->first_proof);
    json_end(j);
}

void feed_json(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct json_out j = { .to = out, .indent = 1 };
    bool absolute = safe_url(in->url).n > 0;
    size_t n;
    const struct opening **newest = newest_openings(in, a, FEED_ITEMS, &n);

    json_object(&j, NULL);
    json_cstr(&j, "version", "https://jsonfeed.org/version/1.1");
    json_str(&j, "title", site_title(in));
    if (absolute) {
        json_str(&j, "home_page_url", join_url(in, a, "index.html"));
        json_str(&j, "feed_url", join_url(in, a, "feed.json"));
    }
    json_array(&j, "items");
    for (size_t i = 0; i < n; i++)
        json_feed_item(&j, in->market, newest[i], a);
    json_end(&j);
    json_end(&j);
    buf_add_byte(out, '\n');
}

/* The schema of shields.io's endpoint refuses keys it does not know. */
void feed_badge_json(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct json_out j = { .to = out };

    json_object(&j, NULL);
    json_int(&j, "schemaVersion", 1);
    json_str(&j, "label", site_title(in));
    json_str(&j, "message", format_grouped(a, in->roles->openings));
    json_cstr(&j, "color", "blue");
    json_int(&j, "cacheSeconds", 3600);
    json_end(&j);
    buf_add_byte(out, '\n');
}

void feed_badge_svg(const struct site_input *in, struct arena *a, struct buf *out)
{
    enum { LETTER = 7, PAD = 10, HEIGHT = 20, BASELINE = 14 };
    struct str label = site_title(in), count = format_grouped(a, in->roles->openings);
    int left = (int)(label.n < 100 ? label.n : 100) * LETTER + 2 * PAD;
    int right = (int)count.n * LETTER + 2 * PAD;

    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
               "role=\"img\">\n<title>",
               left + right, HEIGHT);
    escape_markup(out, label);
    buf_printf(out, ": " STR_FMT "</title>\n", STR_ARG(count));
    buf_printf(out, "<rect width=\"%d\" height=\"%d\" rx=\"3\" fill=\"#3d4451\"/>\n", left + right,
               HEIGHT);
    buf_printf(out, "<path d=\"M%d 0h%da3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-%dz\" fill=\"#0b63ce\"/>\n",
               left, right - 3, right - 3);
    buf_printf(out,
               "<g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\" "
               "text-anchor=\"middle\">\n<text x=\"%d\" y=\"%d\" textLength=\"%d\">",
               left / 2, BASELINE, left - 2 * PAD);
    escape_markup(out, label);
    buf_printf(out, "</text>\n<text x=\"%d\" y=\"%d\">" STR_FMT "</text>\n</g>\n</svg>\n",
               left + right / 2, BASELINE, STR_ARG(count));
}

static void family(struct buf *out, const char *name, const char *help)
{
    buf_printf(out, "# HELP roletide_%s %s\n# TYPE roletide_%s gauge\n", name, help, name);
}

static void one(struct buf *out, const char *name, const char *help, int64_t value)
{
    family(out, name, help);
    buf_printf(out, "roletide_%s %" PRId64 "\n", name, value);
}

static void labelled(struct buf *out, const char *name, const char *label, struct str value,
                     int64_t n)
{
    buf_printf(out, "roletide_%s{%s=\"", name, label);
    escape_label(out, value);
    buf_printf(out, "\"} %" PRId64 "\n", n);
}

static void stage_metrics(const struct roles *r, struct buf *out)
{
    family(out, "stage_openings", "Counted openings by stage of the roadmap.");
    for (int i = 0; i <= STAGES; i++) {
        char stage[] = { (char)('0' + i), '\0' };

        labelled(out, "stage_openings", "stage", i ? str_of(stage) : STR("unstaged"),
                 r->by_stage[i]);
    }
}

void feed_metrics(const struct site_input *in, struct arena *a, struct buf *out)
{
    const struct roles *r = in->roles;

    (void)a;
    one(out, "last_run_timestamp_seconds", "When the figures were last made.", in->as_of);
    one(out, "open_roles", "Openings counted in the headline.", r->openings);
    one(out, "open_postings", "Postings behind the openings counted.", r->postings);
    one(out, "employers", "Employers with a counted opening.", r->employers);
    one(out, "remote_open_roles", "Remote roles merely open to India.", r->remote_open);
    one(out, "stale_roles", "Openings whose source is not proven lately.", r->stale);
    one(out, "carried_roles", "Counted openings whose source was not proven today.", r->carried);
    stage_metrics(r, out);
    family(out, "sources", "Sources by how they stand.");
    labelled(out, "sources", "standing", STR("read"), r->sources_read);
    labelled(out, "sources", "standing", STR("stale"), r->sources_stale);
    labelled(out, "sources", "standing", STR("failed"), r->sources_failed);
    if (in->market->n_sources)
        family(out, "source_proven_timestamp_seconds",
               "Last proven reading of a source; 0: never.");
    for (size_t i = 0; i < in->market->n_sources; i++)
        labelled(out, "source_proven_timestamp_seconds", "source", in->market->sources[i].row.key,
                 in->market->sources[i].last_proven);
}
