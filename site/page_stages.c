#include <inttypes.h>
#include <math.h>

#include "core/arena.h"
#include "core/format.h"
#include "site/page.h"

/* The roadmap's stages as cards, side by side where there is room. */

enum { CARD_SKILLS = 8, CARD_MISSING = 4, CARD_NEXT = 3, BULLET_SKILLS = 5 };

static void years(struct page *p, const struct quantiles *q)
{
    page_raw(p, "<dt>years asked, at least</dt><dd>");
    if (isfinite(q->p50))
        buf_printf(p->out, "%.3g in the middle", q->p50);
    else
        page_raw(p, "<span class=\"few\">too few</span>");
    if (isfinite(q->p50_low) && isfinite(q->p50_high))
        buf_printf(p->out, " <span class=\"few\">(%.3g\u2013%.3g)</span>", q->p50_low, q->p50_high);
    if (isfinite(q->p25) && isfinite(q->p75))
        buf_printf(p->out, ", half of them %.3g\u2013%.3g", q->p25, q->p75);
    buf_printf(p->out, " <span class=\"few\">n %" PRId64 " at %" PRId64 "</span></dd>", q->n,
               q->employers);
}

static void rupees(struct page *p, double inr)
{
    page_text(p, format_rupees(p->a, llround(inr)));
}

static void range(struct page *p, double low, double high)
{
    page_raw(p, " <span class=\"few\">(");
    if (isfinite(low))
        rupees(p, low);
    page_raw(p, "\u2013");
    if (isfinite(high))
        rupees(p, high);
    page_raw(p, ")</span>");
}

static void pay(struct page *p, const struct stage_view *v, const struct salary *s)
{
    static const char *const verdicts[] = {
        [BAND_BELOW] = "; the middle is below it",
        [BAND_WITHIN] = "; the middle is in it",
        [BAND_ABOVE] = "; the middle is above it",
        [BAND_UNDECIDED] = "; the middle may be in it or not",
    };
    const struct quantiles *q = &s->pay;

    page_raw(p, "<dt>pay disclosed, the middle</dt><dd>");
    if (isfinite(q->p50)) {
        rupees(p, q->p50);
        range(p, q->p50_low, q->p50_high);
    } else {
        page_raw(p, "<span class=\"few\">too few</span>");
    }
    buf_printf(p->out, " <span class=\"few\">n %" PRId64 " at %" PRId64, q->n, q->employers);
    if (!s->disclosed.too_few) {
        page_raw(p, ", said by ");
        page_share(p, &s->disclosed);
    }
    page_raw(p, "</span></dd><dt>the roadmap's band</dt><dd>");
    page_text(p, format_pay(p->a, v->band_low, v->band_high, "INR"));
    if (s->band != BAND_UNKNOWN)
        page_raw(p, verdicts[s->band]);
    if (q->n)
        buf_printf(p->out,
                   " <span class=\"few\">(%" PRId64 " below, %" PRId64 " in, %" PRId64
                   " above)</span>",
                   s->below_band, s->in_band, s->above_band);
    page_raw(p, "</dd>");
}

static void life(struct page *p, const struct life *l)
{
    page_raw(p, "<dt>days open, the middle</dt><dd>");
    if (isnan(l->median))
        page_raw(p, "<span class=\"few\">too few</span>");
    else
        buf_printf(p->out, "%.0f <span class=\"few\">(%.0f\u2013", l->median, l->low);
    if (isfinite(l->high))
        buf_printf(p->out, "%.0f", l->high);
    buf_printf(p->out,
               "%s<span class=\"few\"> n %" PRId64 " at %" PRId64 ", %" PRId64
               " seen to end, %" PRId64 " put up again</span></dd>",
               isnan(l->median) ? "" : ")</span>", l->n, l->employers, l->ended,
               l->reposted.openings);
}

/* "38% (31-46%) n 46 of 120 at 45" */
static void coverage(struct page *p, const char *term, const struct coverage *r)
{
    page_raw(p, term);
    if (!r->met.too_few) {
        page_share(p, &r->met);
        page_raw(p, " ");
    }
    buf_printf(p->out, "<span class=\"few\">%" PRId64 " of %" PRId64 " at %" PRId64 "</span></dd>",
               r->met.openings, r->n, r->employers);
}

static void row(struct page *p, const char *class, struct str label, const struct share *s)
{
    page_raw(p, class);
    page_raw(p, "<span>");
    page_text(p, label);
    page_raw(p, "</span><span class=\"of\">");
    if (!s->too_few) {
        page_share(p, s);
        page_raw(p, "<br>");
    }
    buf_printf(p->out, "n %" PRId64 " at %" PRId64 "</span></li>", s->openings, s->employers);
}

static void covered(struct page *p, const struct bullet_figures *b)
{
    size_t shown = 0, stale = 0;

    page_raw(p, "<li class=\"covers\">");
    for (size_t i = 0; i < b->n_skills && shown < BULLET_SKILLS; i++) {
        if (!b->skills[i].demand.openings)
            break;
        page_raw(p, shown++ ? ", " : "covers ");
        page_text(p, b->skills[i].skill->label);
        page_raw(p, " ");
        page_number(p, b->skills[i].demand.openings);
    }
    if (!shown)
        page_raw(p, "covers nothing that is asked here");
    for (size_t i = 0; i < b->n_skills; i++) {
        if (!b->skills[i].stale)
            continue;
        page_raw(p, stale++ ? ", " : "; hardly asked: ");
        page_text(p, b->skills[i].skill->label);
    }
    page_raw(p, "</li>");
}

static void next(struct page *p, const struct coverage *r)
{
    if (!r->n_next)
        return;
    page_raw(p, "<h4>The one skill more that opens most</h4><ul>");
    for (size_t i = 0; i < r->n_next && i < CARD_NEXT; i++)
        row(p, "<li>", r->next[i].skill->label, &r->next[i].adds);
    page_raw(p, "</ul>");
    if (r->next[0].tie)
        page_raw(p, "<p class=\"few\">That the first is ahead of the next may be chance.</p>");
}

static void bullets(struct page *p, const struct stage_figures *f)
{
    if (!f->n_bullets)
        return;
    page_raw(p, "<h4>The roadmap's bullets, and who asks</h4><ul>");
    for (size_t i = 0; i < f->n_bullets; i++) {
        row(p, f->bullets[i].stale ? "<li class=\"stale\">" : "<li>", f->bullets[i].bullet->text,
            &f->bullets[i].evidenced);
        covered(p, &f->bullets[i]);
    }
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
    pay(p, v, &f->pay);
    life(p, &p->in->life[stage + 1]);
    coverage(p,
             "<dt>reach: of all openings, those of which 80% of what is required is met after "
             "this stage</dt><dd>",
             &f->coverage);
    coverage(p, "<dt>of this stage's own</dt><dd>", &f->coverage_own);
    page_raw(p, "</dl>");
    if (d)
        skills(p, "<h4>Asked most</h4><ul>", d->rows, d->n_rows, CARD_SKILLS);
    bullets(p, f);
    skills(p, "<h4>Asked, and not on the roadmap so far</h4><ul>", f->missing, f->n_missing,
           CARD_MISSING);
    next(p, &f->coverage);
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
