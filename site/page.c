#include "site/page.h"

#include <inttypes.h>
#include <math.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/format.h"
#include "site/escape.h"
#include "site/headline.h"

extern const char page_frame[], page_style[];

static void title(struct page *p)
{
    page_text(p, site_title(p->in));
}

static void style(struct page *p)
{
    page_raw(p, page_style);
}

/* The boards that were ever asked: one that waits for a yes is none. */
static int64_t boards_known(const struct market *m)
{
    int64_t n = 0;

    for (size_t i = 0; i < m->n_sources; i++)
        n += m->sources[i].last_reading && !m->sources[i].moved;
    return n;
}

static void freshness(struct page *p)
{
    const struct roles *r = p->in->roles;

    page_raw(p, "As of <strong>");
    page_when(p, p->in->as_of);
    page_raw(p, "</strong>; ");
    page_number(p, r->sources_read);
    page_raw(p, " of ");
    page_number(p, boards_known(p->in->market));
    page_raw(p, " boards proven today");
    if (r->sources_failed || r->sources_stale)
        buf_printf(p->out, ", %" PRId64 " failed, %" PRId64 " stale", r->sources_failed,
                   r->sources_stale);
}

static void count(struct page *p)
{
    page_raw(p, "<b>");
    page_number(p, p->in->roles->openings);
    page_raw(p, "</b> ");
    page_text(p, p->in->market->roadmap->role);
    page_raw(p, p->in->roles->openings == 1 ? " role" : " roles");
    page_raw(p, " open in India");
}

static void life(struct page *p)
{
    const struct life *l = &p->in->life[0];

    if (isnan(l->median)) {
        buf_printf(p->out,
                   "<p class=\"change\">How long a role stays open will be shown once enough have "
                   "come and gone <span class=\"few\">(%" PRId64 " watched at %" PRId64
                   " employers, %" PRId64 " of them to their end)</span>.</p>",
                   l->n, l->employers, l->ended);
        return;
    }
    buf_printf(p->out,
               "<p class=\"change\">Half of the roles are gone after <strong>%.0f days"
               "</strong> <span class=\"few\">(%.0f\u2013",
               l->median, l->low);
    if (isfinite(l->high))
        buf_printf(p->out, "%.0f", l->high);
    buf_printf(p->out, "; %" PRId64 " watched at %" PRId64 " employers)</span>.</p>", l->n,
               l->employers);
}

static void change(struct page *p)
{
    const struct roles *r = p->in->roles;

    if (!r->has_change) {
        page_raw(p, "<p class=\"change\">Change will be shown after a week of readings.</p>");
        return;
    }
    page_raw(p, "<p class=\"change\">");
    if (isfinite(r->panel_percent))
        buf_printf(p->out, "<strong>%+.1f%%</strong> in %d days on the same boards; ",
                   r->panel_percent, CHANGE_DAYS);
    buf_printf(p->out, "%+" PRId64 " openings in all</p>", r->raw_openings);
}

/* The roadmap page's one line, with its band, and what it does not cover. */
static void line(struct page *p)
{
    const struct site_input *in = p->in;

    page_raw(p, "<p class=\"line\">");
    page_text(p, headline_text(in->market, in->roles, in->salary, p->a));
    page_raw(p, " <span class=\"few\">(");
    page_text(p, headline_limits(in->roles, in->salary, p->a));
    page_raw(p, ")</span></p>");
}

static void figure_beside(struct page *p, const char *label, int64_t n)
{
    page_raw(p, "<div><dt>");
    page_raw(p, label);
    page_raw(p, "</dt><dd>");
    page_number(p, n);
    page_raw(p, "</dd></div>\n");
}

static void beside(struct page *p)
{
    const struct roles *r = p->in->roles;

    page_raw(p, "<dl class=\"beside\">\n");
    figure_beside(p, "employers", r->employers);
    figure_beside(p, "postings behind the openings", r->postings);
    figure_beside(p, "positions they state", r->vacancies);
    figure_beside(p, "of these, boards not proven today", r->carried);
    figure_beside(p, "not counted: remote, open to India", r->remote_open);
    figure_beside(p, "not counted: adjacent roles", r->adjacent);
    figure_beside(p, "not counted: stale", r->stale);
    page_raw(p, "</dl>\n");
}

static const struct {
    const char *name;
    page_slot *write;
} slots[] = {
    { "title", title },
    { "style", style },
    { "freshness", freshness },
    { "count", count },
    { "change", change },
    { "history", page_history },
    { "life", life },
    { "line", line },
    { "beside", beside },
    { "stages", page_stages },
    { "demand", page_demand },
    { "cities", page_cities },
    { "sources", page_sources },
};

static void fill(struct page *p, struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(slots); i++)
        if (str_eq(name, str_of(slots[i].name)))
            slots[i].write(p);
}

void page_write(const struct site_input *in, struct arena *a, struct buf *out)
{
    struct page p = { .in = in, .a = a, .out = out };
    struct str rest = str_of(page_frame);

    for (;;) {
        ptrdiff_t open = str_find(rest, STR("{{")), close;

        if (open < 0)
            break;
        close = str_find(rest, STR("}}"));
        buf_add(out, str_slice(rest, 0, (size_t)open));
        fill(&p, str_slice(rest, (size_t)open + 2, (size_t)close));
        rest = str_from(rest, (size_t)close + 2);
    }
    buf_add(out, rest);
}
