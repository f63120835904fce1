#include "cli/marked.h"

#include <stdio.h>

#include "cli/answer.h"
#include "site/escape.h"

/* The next stated mention from byte `from` on, the longest where two begin together: so the text is
 * marked in one walk. NULL: no more. */
static const struct mention *next_mark(const struct signal *s, enum field f, uint32_t from)
{
    const struct mention *best = NULL;

    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        if (m->field != f || m->implied || m->start < from)
            continue;
        if (!best || m->start < best->start || (m->start == best->start && m->end > best->end))
            best = m;
    }
    return best;
}

static const char *color_of(enum polarity p)
{
    switch (p) {
    case POLARITY_REQUIRED:
    case POLARITY_DUTY:
    case POLARITY_STACK:
        return "\033[1;32m";
    case POLARITY_PREFERRED:
        return "\033[33m";
    case POLARITY_NONE:
    case POLARITY_NEGATED:
    case POLARITY_IGNORED:
        break;
    }
    return "\033[2m";
}

static void print_lines(struct cli *cli, struct str s)
{
    while (s.n) {
        struct str rest = s, line = str_cut(&rest, '\n');

        printf(STR_FMT "%s", STR_ARG(terminal_text(cli->run, line)), line.n < s.n ? "\n" : "");
        s = rest;
    }
}

void marked_print(struct cli *cli, const struct signal *s, enum field f, struct str text)
{
    const struct mention *m;
    uint32_t at = 0;

    while ((m = next_mark(s, f, at))) {
        print_lines(cli, str_slice(text, at, m->start));
        if (cli->color)
            fputs(color_of(m->polarity), stdout);
        else
            putchar('[');
        print_lines(cli, str_slice(text, m->start, m->end));
        fputs(cli->color ? "\033[0m" : "]", stdout);
        at = m->end;
    }
    print_lines(cli, str_from(text, at));
    putchar('\n');
}

void marked_html(struct buf *to, const struct signal *s, enum field f, struct str text,
                 const struct strs *names)
{
    const struct mention *m;
    uint32_t at = 0;

    while ((m = next_mark(s, f, at))) {
        escape_markup(to, str_slice(text, at, m->start));
        buf_printf(to, "<mark class=\"%s\" title=\"", polarity_name(m->polarity));
        if (m->skill < names->n)
            escape_markup(to, names->items[m->skill]);
        buf_printf(to, ", %s\">", polarity_name(m->polarity));
        escape_markup(to, str_slice(text, m->start, m->end));
        buf_add(to, STR("</mark>"));
        at = m->end;
    }
    escape_markup(to, str_from(text, at));
}
