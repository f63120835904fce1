#include <inttypes.h>
#include <math.h>

#include "core/arena.h"
#include "core/format.h"
#include "site/page.h"

/* The roadmap's stages as cards, side by side where there is room. */

enum { CARD_SKILLS = 8, CARD_MISSING = 4 };

static void years(struct page *p, const struct quantiles *q)
{
    page_raw(p, "<dt>years asked, at least</dt><dd>");
    if (isfinite(q->p25) && isfinite(q->p75))
        buf_printf(p->out, "%.3g\u2013%.3g, half above %.3g", q->p25, q->p75, q->p50);
    else if (isfinite(q->p50))
        buf_printf(p->out, "half above %.3g", q->p50);
    else
        page_raw(p, "<span class=\"few\">too few</span>");
    buf_printf(p->out, " <span class=\"few\">(n %" PRId64 ")</span></dd>", q->n);
}

static void rupees(struct page *p, double inr)
{
    page_text(p, format_rupees(p->a, llround(inr)));
}

static void pay(struct page *p, const struct stage_view *v, const struct stage_figures *f)
{
    page_raw(p, "<dt>pay disclosed</dt><dd>");
    if (isfinite(f->pay.p50)) {
        rupees(p, f->pay.p50);
        page_raw(p, " in the middle");
    } else {
        page_raw(p, "<span class=\"few\">too few</span>");
    }
    if (isfinite(f->pay.p25) && isfinite(f->pay.p75)) {
        page_raw(p, ", ");
        rupees(p, f->pay.p25);
        page_raw(p, "\u2013");
        rupees(p, f->pay.p75);
    }
    buf_printf(p->out, " <span class=\"few\">(n %" PRId64 ", ", f->pay.n);
    page_percent(p, f->disclosed_share);
    page_raw(p, " say)</span></dd><dt>the page's band</dt><dd>");
    page_text(p, format_pay(p->a, v->band_low, v->band_high, "INR"));
    page_raw(p, "</dd>");
}

static void coverage(struct page *p, const struct stage_figures *f)
{
    page_raw(p, "<dt>reach: openings of which 80% of what is required is met after this "
                "stage</dt><dd>");
    page_percent(p, f->coverage);
    buf_printf(p->out, " <span class=\"few\">(n %" PRId64 ")</span></dd>", f->coverage_n);
}

static void row(struct page *p, const char *class, struct str label, const struct share *s)
{
    page_raw(p, class);
    page_raw(p, "<span>");
    page_text(p, label);
    page_raw(p, "</span><span>");
    if (s->too_few || !isfinite(s->share))
        page_number(p, s->openings);
    else
        page_percent(p, s->share);
    page_raw(p, "</span></li>");
}

static void bullets(struct page *p, const struct stage_figures *f)
{
    if (!f->n_bullets)
        return;
    page_raw(p, "<h4>The page's bullets, and who asks</h4><ul>");
    for (size_t i = 0; i < f->n_bullets; i++)
        row(p, f->bullets[i].stale ? "<li class=\"stale\">" : "<li>", f->bullets[i].bullet->text,
            &f->bullets[i].evidenced);
    page_raw(p, "</ul>");
}

static void skills(struct page *p, const char *heading, const struct demand_row *rows, size_t n,
                   size_t max)
{
    if (!n)
        return;
    page_raw(p, heading);
    for (size_t i = 0; i < n && i < max; i++)
        row(p, "<li>", rows[i].skill->label, &rows[i].demand);
    page_raw(p, "</ul>");
}

static void card(struct page *p, int stage)
{
    const struct stage_view *v = &p->in->market->roadmap->stages[stage];
    const struct stage_figures *f = &p->in->stages->stage[stage];
    const struct demand *d = p->in->stage_demand ? &p->in->stage_demand[stage] : NULL;

    buf_printf(p->out,
               "<article class=\"card\" aria-labelledby=\"stage%d\"><h3 id=\"stage%d\">%d. ",
               stage + 1, stage + 1, stage + 1);
    page_text(p, v->name);
    page_raw(p, "</h3><p class=\"big\">");
    page_number(p, f->openings);
    page_raw(p, f->openings == 1 ? " <small>opening at " : " <small>openings at ");
    page_number(p, f->employers);
    page_raw(p, f->employers == 1 ? " employer</small></p><dl>" : " employers</small></p><dl>");
    years(p, &f->years);
    pay(p, v, f);
    coverage(p, f);
    page_raw(p, "</dl>");
    if (d)
        skills(p, "<h4>Asked most</h4><ul>", d->rows, d->n_rows, CARD_SKILLS);
    bullets(p, f);
    skills(p, "<h4>Asked, and not on the page so far</h4><ul>", f->missing, f->n_missing,
           CARD_MISSING);
    page_raw(p, "</article>\n");
}

void page_stages(struct page *p)
{
    for (int i = 0; i < STAGES; i++)
        card(p, i);
    if (p->in->stages->unstaged) {
        page_raw(p, "<p class=\"note\">");
        page_number(p, p->in->stages->unstaged);
        page_raw(p, " more state neither years nor a level: unstaged.</p>");
    }
}
