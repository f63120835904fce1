/* What the page is written with. */
#include <math.h>

#include "core/date.h"
#include "core/format.h"
#include "site/escape.h"
#include "site/page.h"

void page_raw(struct page *p, const char *markup)
{
    buf_add(p->out, str_of(markup));
}

void page_text(struct page *p, struct str text)
{
    escape_markup(p->out, text);
}

void page_number(struct page *p, int64_t n)
{
    buf_add(p->out, format_grouped(p->a, n));
}

void page_percent(struct page *p, double share)
{
    buf_add(p->out, format_percent(p->a, share));
}

void page_share(struct page *p, const struct share *s)
{
    if (s->too_few || !isfinite(s->share)) {
        page_number(p, s->openings);
        return;
    }
    page_percent(p, s->share);
    if (isfinite(s->low) && isfinite(s->high))
        buf_printf(p->out, " (%.0f\u2013%.0f%%)", s->low * 100, s->high * 100);
}

void page_bar(struct page *p, double share, double low, double high)
{
    if (!isfinite(share))
        return;
    page_raw(p, "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    buf_printf(p->out, "<rect class=\"bar\" y=\"1\" height=\"8\" width=\"%.1f\"/>", share * 100);
    if (isfinite(low) && isfinite(high))
        buf_printf(p->out, "<path class=\"whisker\" d=\"M%.1f 5H%.1fM%.1f 2.5v5M%.1f 2.5v5\"/>",
                   low * 100, high * 100, low * 100, high * 100);
    page_raw(p, "</svg>");
}

void page_when(struct page *p, int64_t t)
{
    static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int64_t local = t + IST_OFFSET, second = local % DAY_SECONDS;
    int year, month, day;

    date_to_civil(local, &year, &month, &day);
    buf_printf(p->out, "%d %s %d, %02d:%02d IST", day, months[month - 1], year,
               (int)(second / 3600), (int)(second / 60 % 60));
}
