#include <stdio.h>

#include "cli/marked.h"
#include "cli/show.h"
#include "core/format.h"
#include "site/escape.h"

static const char style[] =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70ch;margin:2em auto;padding:0 1em}"
    "pre{white-space:pre-wrap;font:inherit}"
    "mark{background:#cdebc8}mark.preferred{background:#f6e7b0}"
    "mark.ignored,mark.negated{background:#e4e4e4;color:#555}"
    "td{padding:0 1em 0 0;vertical-align:top}";

static void add_row(struct buf *b, const char *what, struct str value, struct str words)
{
    buf_printf(b, "<tr><th align=\"left\">%s</th><td>", what);
    escape_markup(b, value);
    buf_add(b, STR("</td><td>"));
    escape_markup(b, words);
    buf_add(b, STR("</td></tr>\n"));
}

static struct str words_of(const struct asked *q, const struct evidence *e)
{
    struct str text = show_text(&q->h, e->field);

    return text.n && e->end > e->start ? str_slice(text, e->start, e->end) : (struct str){ 0 };
}

static void add_concluded(struct cli *cli, struct buf *b, const struct asked *q)
{
    const struct signal *s = &q->h.fact.signal;
    struct arena *a = cli->run;

    buf_add(b, STR("<table>\n"));
    add_row(b, "family", str_of(family_name(s->family)), words_of(q, &s->family_from));
    add_row(b, "level", str_of(level_name(s->level)), words_of(q, &s->level_from));
    if (s->experience.min_months >= 0)
        add_row(b, "years", str_printf(a, "%g+", s->experience.min_months / 12.0),
                words_of(q, &s->experience.from));
    if (s->pay.kind != PAY_UNDISCLOSED)
        add_row(b, "pay", format_pay(a, s->pay.annual_min, s->pay.annual_max, s->pay.currency),
                words_of(q, &s->pay.from));
    add_row(b, "mode", str_of(work_mode_name(s->mode)), words_of(q, &s->mode_from));
    add_row(b, "stage", s->stage ? str_printf(a, "%d", s->stage) : STR("unstaged"),
            str_of(s->stage_reason));
    for (size_t i = 0; i < s->n_bullets; i++) {
        const struct bullet_rule *bullet = extractor_bullet(q->x, s->bullets[i].bullet, NULL);

        if (bullet)
            add_row(b, "bullet", bullet->text, words_of(q, &s->bullets[i].from));
    }
    buf_add(b, STR("</table>\n"));
}

static void add_rejected(struct buf *b, const struct asked *q)
{
    if (q->n_rejected)
        buf_add(b, STR("<h2>Considered, and not counted</h2>\n<table>\n"));
    for (size_t i = 0; i < q->n_rejected; i++) {
        const struct rejection *r = &q->rejected[i];

        buf_add(b, STR("<tr><td>"));
        escape_markup(b, extractor_skill(q->x, r->skill)->label);
        buf_add(b, STR("</td><td>"));
        escape_markup(b, str_slice(show_text(&q->h, r->field), r->start, r->end));
        buf_printf(b, "</td><td>%s</td><td>", r->why);
        escape_markup(b, r->clause);
        buf_add(b, STR("</td></tr>\n"));
    }
    if (q->n_rejected)
        buf_add(b, STR("</table>\n"));
}

/* The labels of the skills, as the market counts them. */
static struct strs labels(struct arena *a, const struct market *m)
{
    struct strs names = { 0 };

    for (size_t i = 0; i < m->n_skills; i++)
        *ARENA_PUSH(a, &names) = m->skills[i].label;
    return names;
}

void show_html(struct cli *cli, const struct asked *q)
{
    const struct listing *l = &q->h.revision.listing;
    const struct signal *s = &q->h.fact.signal;
    struct strs names = labels(cli->run, &q->m.market);
    struct buf b = { 0 };

    buf_add(&b, STR("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>"));
    escape_markup(&b, l->title);
    buf_printf(&b, "</title><style>%s</style>\n<h1>", style);
    marked_html(&b, s, FIELD_TITLE, l->title, &names);
    buf_add(&b, STR("</h1>\n<p>"));
    escape_markup(&b, q->h.fact.company);
    buf_add(&b, STR("</p>\n"));
    if (q->h.fact.has_signal)
        add_concluded(cli, &b, q);
    buf_add(&b, STR("<pre>"));
    marked_html(&b, s, FIELD_TEXT, l->text, &names);
    buf_add(&b, STR("</pre>\n"));
    add_rejected(&b, q);
    buf_add(&b, STR("</html>\n"));
    fwrite(b.p, 1, b.n, stdout);
    buf_release(&b);
}
