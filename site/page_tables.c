#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/date.h"
#include "site/escape.h"
#include "site/figures_json.h"
#include "site/page.h"

/* What is a list: demand by skill, cities, sources, and the series as a line. */

enum { PAGE_SKILLS = 30, PAGE_CITIES = 12 };

static void demand_row(struct page *p, const struct demand_row *row)
{
    const struct share *s = &row->demand;
    bool few = s->too_few || !isfinite(s->share);

    page_raw(p, "<tr><th scope=\"row\">");
    page_text(p, row->skill->label);
    page_raw(p, "</th><td class=\"chart\">");
    if (!few)
        page_bar(p, s->share, s->low, s->high);
    page_raw(p, "</td><td class=\"n\">");
    if (few)
        page_raw(p, "<span class=\"few\">too few</span>");
    else
        page_percent(p, s->share);
    if (!few)
        buf_printf(p->out, "<span class=\"few thin\">%.0f\u2013%.0f%%</span>", s->low * 100,
                   s->high * 100);
    page_raw(p, "</td><td class=\"n opt\">");
    if (!few)
        buf_printf(p->out, "%.0f\u2013%.0f%%", s->low * 100, s->high * 100);
    page_raw(p, "</td><td class=\"n\">");
    page_number(p, s->openings);
    buf_printf(p->out, "<span class=\"few thin\">at %" PRId64 "</span>", s->employers);
    page_raw(p, "</td><td class=\"n opt\">");
    page_number(p, s->employers);
    page_raw(p, "</td><td class=\"n opt\">");
    page_number(p, row->required);
    page_raw(p, "</td></tr>\n");
}

void page_demand(struct page *p)
{
    const struct demand *d = p->in->demand;

    page_raw(p, "<div class=\"wide\"><table><caption>Share of the ");
    page_number(p, d->openings);
    page_raw(p, " openings at ");
    page_number(p, d->employers);
    page_raw(p,
             " employers whose text was read. The line through a bar is the range over employers "
             "like these (95%).</caption>\n<thead><tr><th scope=\"col\">skill</th>"
             "<th scope=\"col\"><span class=\"few\">0 to 100%</span></th>"
             "<th scope=\"col\" class=\"n\">share</th>"
             "<th scope=\"col\" class=\"n opt\">range</th>"
             "<th scope=\"col\" class=\"n\">openings</th>"
             "<th scope=\"col\" class=\"n opt\">employers</th>"
             "<th scope=\"col\" class=\"n opt\">required</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < d->n_rows && i < PAGE_SKILLS; i++)
        demand_row(p, &d->rows[i]);
    page_raw(p, "</tbody></table></div>\n");
    if (d->n_rows > PAGE_SKILLS) {
        page_raw(p, "<p class=\"note\">All ");
        page_number(p, (int64_t)d->n_rows);
        page_raw(p, " are in <a href=\"v1/skills.json\">skills.json</a>, also by stage.</p>\n");
    }
}

struct city {
    struct str name;
    int64_t openings;
};

struct cities {
    struct city *items;
    size_t n, cap;
};

static void count_city(struct arena *a, struct cities *all, struct str name)
{
    for (size_t i = 0; i < all->n; i++) {
        if (str_eq(all->items[i].name, name)) {
            all->items[i].openings++;
            return;
        }
    }
    *ARENA_PUSH(a, all) = (struct city){ name, 1 };
}

/* An opening counts once in each of its cities: those by which `--city` finds it. */
static void count_opening(struct arena *a, struct cities *all, const struct market *m,
                          const struct opening *o)
{
    const uint32_t *cities;
    size_t n = opening_cities(m, o, &cities);

    for (size_t i = 0; i < n; i++)
        count_city(a, all, m->cities[cities[i]]);
}

static int most_first(const void *x, const void *y)
{
    const struct city *a = x, *b = y;

    if (a->openings != b->openings)
        return a->openings < b->openings ? 1 : -1;
    return str_cmp(a->name, b->name);
}

static void city_row(struct page *p, const struct city *c, int64_t most)
{
    page_raw(p, "<tr><th scope=\"row\">");
    page_text(p, c->name);
    page_raw(p, "</th><td class=\"chart\">");
    page_bar(p, (double)c->openings / (double)most, NAN, NAN);
    page_raw(p, "</td><td class=\"n\">");
    page_number(p, c->openings);
    page_raw(p, "</td></tr>\n");
}

void page_cities(struct page *p)
{
    const struct market *m = p->in->market;
    struct cities all = { 0 };

    for (size_t i = 0; i < m->n_openings; i++)
        if (m->openings[i].why == COUNTED)
            count_opening(p->a, &all, m, &m->openings[i]);
    if (!all.n) {
        page_raw(p, "<p class=\"note\">No opening names a city.</p>\n");
        return;
    }
    qsort(all.items, all.n, sizeof(all.items[0]), most_first);
    page_raw(p, "<table><caption>Of ");
    page_number(p, p->in->roles->openings);
    page_raw(p, " openings those that name the city in one of their postings; one may name "
                "several.</caption>\n"
                "<thead><tr><th scope=\"col\">city</th><th scope=\"col\"></th>"
                "<th scope=\"col\" class=\"n\">openings</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < all.n && i < PAGE_CITIES; i++)
        city_row(p, &all.items[i], all.items[0].openings);
    page_raw(p, "</tbody></table>\n");
}

static void source_row(struct page *p, const struct source_state *s)
{
    const char *standing = source_standing(s, p->in->as_of);

    page_raw(p, "<tr><th scope=\"row\">");
    page_text(p, mask_personal(p->a, s->row.company.n ? s->row.company : s->row.key));
    page_raw(p, "</th><td class=\"opt\"><code>");
    page_text(p, s->row.key);
    page_raw(p, "</code></td><td>");
    buf_printf(p->out, "<span class=\"%s\">%s</span>", standing, standing);
    page_raw(p, "</td><td class=\"opt\">");
    if (s->last_proven)
        page_when(p, s->last_proven);
    else
        page_raw(p, "never");
    page_raw(p, "</td><td class=\"n\">");
    page_number(p, s->open);
    page_raw(p, "</td></tr>\n");
}

void page_sources(struct page *p)
{
    const struct market *m = p->in->market;
    struct strs attributions = site_attributions(p->in, p->a);

    page_raw(p,
             "<div class=\"wide\"><table><caption>A board that failed keeps what was last proven; "
             "after 14 days it is stale and its openings are no longer counted.</caption>\n"
             "<thead><tr><th scope=\"col\">board</th><th scope=\"col\" class=\"opt\">source</th>"
             "<th scope=\"col\">standing</th><th scope=\"col\" class=\"opt\">last proven</th>"
             "<th scope=\"col\" class=\"n\">postings</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < m->n_sources; i++)
        source_row(p, &m->sources[i]);
    page_raw(p, "</tbody></table></div>\n");
    if (!attributions.n)
        return;
    page_raw(p, "<ul class=\"plain\">");
    for (size_t i = 0; i < attributions.n; i++) {
        page_raw(p, "<li>");
        page_text(p, attributions.items[i]);
        page_raw(p, "</li>");
    }
    page_raw(p, "</ul>\n");
}

enum { SPARK_WIDTH = 600, SPARK_HEIGHT = 140, SPARK_PAD = 8 };

static double spark_y(int64_t v, int64_t most)
{
    return SPARK_HEIGHT - SPARK_PAD - (double)v / (double)most * (SPARK_HEIGHT - 2 * SPARK_PAD);
}

/* Days without a finished figure leave their width: the line goes by the day, not by the row. */
static void spark_line(struct page *p, int64_t most)
{
    const struct series_row *rows = p->in->series;
    size_t n = p->in->n_series;
    double step = (double)SPARK_WIDTH / (double)(rows[n - 1].day - rows[0].day);

    for (size_t i = 0; i < n; i++)
        buf_printf(p->out, "%c%.1f %.1f", i ? 'L' : 'M', (double)(rows[i].day - rows[0].day) * step,
                   spark_y(rows[i].openings, most));
}

void page_history(struct page *p)
{
    const struct series_row *rows = p->in->series;
    size_t n = p->in->n_series;
    char from[DATE_TEXT], to[DATE_TEXT];
    int64_t most = 1;

    if (n < 2) {
        page_raw(p, "<figcaption>The line begins with the second day read.</figcaption>");
        return;
    }
    for (size_t i = 0; i < n; i++)
        most = rows[i].openings > most ? rows[i].openings : most;
    day_format(rows[0].day, from);
    day_format(rows[n - 1].day, to);
    buf_printf(p->out,
               "<svg class=\"spark\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Openings from "
               "%s to %s: %" PRId64 " then, %" PRId64 " now\"><path class=\"fill\" d=\"",
               SPARK_WIDTH, SPARK_HEIGHT, from, to, rows[0].openings, rows[n - 1].openings);
    spark_line(p, most);
    buf_printf(p->out, "V%dH0Z\"/><path d=\"", SPARK_HEIGHT);
    spark_line(p, most);
    buf_printf(p->out, "\"/></svg><figcaption>Openings a day, %s to %s: from ", from, to);
    page_number(p, rows[0].openings);
    page_raw(p, " to ");
    page_number(p, rows[n - 1].openings);
    page_raw(p, ", at most ");
    page_number(p, most);
    page_raw(p, ". The scale begins at zero.</figcaption>");
}
