/* One posting: what was concluded of it and from which words (show), and why it counts or not (why,
 * why-not). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/marked.h"
#include "cli/show.h"
#include "core/date.h"
#include "core/format.h"

struct args {
    bool html, body;
};

/* As things stand now: the openings kept in the store are of the last run, and time alone turns a
 * board stale. */
static void settle_opening(const struct market *m, struct history *h)
{
    for (size_t i = 0; i < m->n_openings; i++) {
        const struct opening *o = &m->openings[i];

        for (size_t k = 0; k < o->n_members; k++)
            if (o->members[k]->posting == h->fact.posting) {
                h->has_opening = true;
                h->opening = opening_line(o, k);
            }
    }
}

/* The postings it might have been joined with: those of its employer, and of namesakes. */
static int look_around(struct cli *cli, struct asked *io, struct diag *d)
{
    const struct market *m = &io->m.market;
    const struct walk_terms terms = { m->at, m->roadmap, m->skills, m->n_skills };
    int r = market_around(&io->around, io->m.store, &terms, io->h.fact.posting, cli->run, d);

    if (r == 0)
        io->n_misses = near_misses(&io->around, io->h.fact.posting, cli->run, io->misses);
    return r < 0 ? r : 0;
}

static int open_history(struct cli *cli, const char *command, struct asked *ret, struct diag *d)
{
    struct choice all = { 0 };
    int r;

    if (cli->rest.n != 1) {
        diag_fail(d, ERR_USAGE, "%s: want one posting: an id, SOURCE/NATIVE-ID or URL", command);
        diag_hint(d, "roletide openings lists the ids");
        return ERR_USAGE;
    }
    r = cli_config(cli, CONFIG_RULES | CONFIG_TERMS, d);
    if (!r)
        r = answer_open_series(cli, &all, &ret->m, d);
    if (!r)
        r = store_history(ret->m.store, cli->rest.items[0], cli->now, cli->run, &ret->h, d);
    if (r == STORE_NONE) {
        fprintf(stderr,
                "roletide: no posting " STR_FMT " was ever read\n"
                "hint: roletide openings lists the ids that count, roletide audit all\n",
                STR_ARG(terminal_text(cli->run, cli->rest.items[0])));
        return EXIT_NOTHING;
    }
    if (!r)
        r = extractor_open(&ret->x, &cli->config.rules, d);
    if (!r)
        r = look_around(cli, ret, d);
    if (!r)
        settle_opening(&ret->around, &ret->h);
    if (!r)
        extract_rejected(ret->x, &ret->h.revision.listing, cli->run, &ret->rejected,
                         &ret->n_rejected);
    return r;
}

static void close_history(struct asked *q)
{
    extractor_close(&q->x);
    answer_close(&q->m);
}

static void print_concluded(struct cli *cli, const char *what, const char *value,
                            const struct history *h, const struct evidence *e)
{
    struct str text = show_text(h, e->field);

    printf("  %-10s %-12s", what, value);
    if (text.n && e->end > e->start)
        printf("  \"" STR_FMT "\"",
               STR_ARG(terminal_text(cli->run, str_slice(text, e->start, e->end))));
    printf("  (%s, %s)\n", e->rule && e->rule[0] ? e->rule : "no rule",
           confidence_name(e->confidence));
}

static void print_bullets(struct cli *cli, const struct asked *q)
{
    const struct signal *s = &q->h.fact.signal;

    if (s->track)
        printf("  %-10s %s\n", "track", track_name(s->track));
    for (size_t i = 0; i < s->n_bullets; i++) {
        const struct evidence *e = &s->bullets[i].from;
        int stage = 0;
        const struct bullet_rule *b = extractor_bullet(q->x, s->bullets[i].bullet, &stage);
        struct str text = show_text(&q->h, e->field);

        if (!b)
            continue;
        printf("  %-10s " STR_FMT, i ? "" : "bullets", STR_ARG(b->text));
        if (text.n && e->end > e->start)
            printf("  \"" STR_FMT "\"",
                   STR_ARG(terminal_text(cli->run, str_slice(text, e->start, e->end))));
        printf("  (stage %d)\n", stage);
    }
    putchar('\n');
}

static void print_rejected(struct cli *cli, const struct asked *q)
{
    if (q->n_rejected)
        printf("\nConsidered, and not counted:\n");
    for (size_t i = 0; i < q->n_rejected; i++) {
        const struct rejection *r = &q->rejected[i];
        struct str words = str_slice(show_text(&q->h, r->field), r->start, r->end);

        printf("  " STR_FMT ", \"" STR_FMT "\": %s%s" STR_FMT "\n",
               STR_ARG(extractor_skill(q->x, r->skill)->label),
               STR_ARG(terminal_text(cli->run, words)), r->why, r->clause.n ? ": " : "",
               STR_ARG(terminal_text(cli->run, r->clause)));
    }
}

/* Two things on a line, of which either may not be known: no blanks at its end. */
static void print_line(struct cli *cli, struct str a, struct str b)
{
    if (a.n || b.n)
        printf(STR_FMT "%s" STR_FMT "\n", STR_ARG(terminal_text(cli->run, a)),
               a.n && b.n ? "  " : "", STR_ARG(terminal_text(cli->run, b)));
}

static void print_people(struct cli *cli, const struct asked *q)
{
    const struct history *h = &q->h;
    const struct signal *s = &h->fact.signal;
    struct arena *a = cli->run;
    char stage[16];

    marked_print(cli, s, FIELD_TITLE, h->revision.listing.title);
    print_line(cli, h->fact.company, h->revision.listing.url);
    putchar('\n');
    if (h->fact.has_signal) {
        print_concluded(cli, "family", family_name(s->family), h, &s->family_from);
        print_concluded(cli, "level", level_name(s->level), h, &s->level_from);
        if (s->experience.min_months >= 0)
            print_concluded(cli, "years",
                            str_cstr(a, str_printf(a, "%g+", s->experience.min_months / 12.0)), h,
                            &s->experience.from);
        if (s->pay.kind != PAY_UNDISCLOSED)
            print_concluded(
                cli, "pay",
                str_cstr(a, format_pay(a, s->pay.annual_min, s->pay.annual_max, s->pay.currency)),
                h, &s->pay.from);
        print_concluded(cli, "mode", work_mode_name(s->mode), h, &s->mode_from);
        print_concluded(cli, "india", india_name(s->india), h, &s->india_from);
        snprintf(stage, sizeof(stage), "%d", s->stage);
        printf("  %-10s %-12s  %s (%s)\n", "stage", s->stage ? stage : "unstaged", s->stage_reason,
               confidence_name(s->stage_confidence));
        print_bullets(cli, q);
    }
    marked_print(cli, s, FIELD_TEXT, h->revision.listing.text);
    print_rejected(cli, q);
}

static int run_show(struct cli *cli, void *args, struct diag *d)
{
    const struct args *a = args;
    struct asked q = { 0 };
    int r = open_history(cli, "show", &q, d);

    if (!r && a->html)
        show_html(cli, &q);
    else if (!r && cli->format == OUTPUT_TABLE)
        print_people(cli, &q);
    else if (!r)
        show_json(&q);
    close_history(&q);
    return r;
}

/* The one posting by which an opening counts; NULL: it does not. */
static const struct posting_fact *counted_posting(const struct market *m, int64_t opening)
{
    for (size_t i = 0; i < m->n_openings; i++)
        for (size_t k = 0; k < m->openings[i].n_members; k++)
            if (m->openings[i].id == opening && m->openings[i].whys[k] == COUNTED)
                return m->openings[i].members[k];
    return NULL;
}

static void print_counted_by(const struct market *m, const struct opening_row *o)
{
    const struct posting_fact *f = o->counted ? NULL : counted_posting(m, o->opening);

    if (f)
        printf("opening %" PRId64 " counts by posting %" PRId64 ": " STR_FMT "/" STR_FMT "\n",
               o->opening, f->posting, STR_ARG(f->source), STR_ARG(f->native_id));
}

static void print_near_misses(struct cli *cli, const struct asked *q)
{
    for (size_t i = 0; i < q->n_misses; i++) {
        const struct near_miss *miss = &q->misses[i];

        printf("not joined with posting %" PRId64 " (" STR_FMT "/" STR_FMT ", opening %" PRId64
               "): " STR_FMT "\n",
               miss->f->posting, STR_ARG(miss->f->source), STR_ARG(miss->f->native_id),
               miss->opening, STR_ARG(terminal_text(cli->run, miss->why)));
    }
}

/* Where its words come from: request, answer, revision. */
static void print_source(const struct history *h)
{
    char at[DATE_TEXT];

    printf("its words were read from " STR_FMT "\n", STR_ARG(h->body_url));
    if (h->request) {
        date_format_iso(h->requested_at, at);
        printf("request %" PRId64 ", %s: status %" PRId64 "\n", h->request, at, h->request_status);
    }
    printf("body " STR_FMT " (XXH3-128%s), revision %" PRId64 ", one of %" PRId64 "\n",
           STR_ARG(h->body_hash), h->body_kept ? "" : "; its bytes are not kept any more",
           h->revision.id, h->n_revisions);
}

static void print_why(struct cli *cli, const struct asked *q)
{
    const struct history *h = &q->h;
    char at[DATE_TEXT];

    printf(STR_FMT ": ", STR_ARG(terminal_text(cli->run, h->revision.listing.title)));
    if (!h->has_opening)
        printf("not worked out yet (roletide run)\n");
    else
        printf("%s" STR_FMT "\n",
               h->opening.counted ? "" : "not counted: ", STR_ARG(h->opening.reason));
    if (h->has_opening)
        printf("opening %" PRId64 "%s" STR_FMT "\n", h->opening.opening,
               h->opening.evidence.n ? ": " : "", STR_ARG(h->opening.evidence));
    if (h->has_opening)
        print_counted_by(&q->around, &h->opening);
    print_near_misses(cli, q);
    for (size_t i = 0; i < h->n_spells; i++) {
        date_format_iso(h->spells[i].first_proof, at);
        printf("open since %s", at);
        if (h->spells[i].ended_by) {
            date_format_iso(h->spells[i].ended_by, at);
            printf(", ended by %s (" STR_FMT ")", at, STR_ARG(h->spells[i].how));
        }
        putchar('\n');
    }
    for (size_t i = 0; i < h->n_readings; i++) {
        date_format_iso(h->readings[i].ended, at);
        printf("reading %" PRId64 " of " STR_FMT ", %s: " STR_FMT "; " STR_FMT "\n",
               h->readings[i].id, STR_ARG(h->readings[i].source), at,
               STR_ARG(h->readings[i].outcome), STR_ARG(h->readings[i].proof));
    }
    print_source(h);
}

/* The answer itself, byte for byte. */
static int print_body(struct cli *cli, const struct asked *q, struct diag *d)
{
    struct str bytes;
    int r = store_history_body(q->m.store, &q->h, cli->run, &bytes, d);

    if (r == STORE_NONE) {
        fprintf(stderr, "roletide: the bytes of body " STR_FMT " are not kept any more\n",
                STR_ARG(q->h.body_hash));
        return EXIT_NOTHING;
    }
    if (!r && fwrite(bytes.p, 1, bytes.n, stdout) != bytes.n && errno != EPIPE)
        r = diag_fail(d, ERR_IO, "why: the bytes cannot be written");
    return r;
}

static int run_why(struct cli *cli, void *args, struct diag *d)
{
    const struct args *a = args;
    struct asked q = { 0 };
    int r = open_history(cli, "why", &q, d);

    if (!r && a->body)
        r = print_body(cli, &q, d);
    else if (!r && cli->format == OUTPUT_TABLE)
        print_why(cli, &q);
    else if (!r)
        show_json(&q);
    close_history(&q);
    return r;
}

static const struct option show_options[] = {
    { "html", NULL, OPTION_FLAG, offsetof(struct args, html), 0, 0,
      "a page with the evidence in <mark>" },
};

static const struct option why_options[] = {
    { "body", NULL, OPTION_FLAG, offsetof(struct args, body), 0, 0,
      "the bytes of the answer that its words were read from, as they came" },
};

const struct command cmd_show = {
    .name = "show",
    .summary = "A posting with its evidence marked in the text",
    .usage = "ID|URL [--html]",
    .examples = "  roletide show 42\n  roletide show 42 --format json | jq .skills\n"
                "  roletide show 42 --html >42.html\n",
    .more = "Behind the text: what was considered and not counted, and by which clause of which"
            " rule.",
    .options = show_options,
    .n_options = ARRAY_LEN(show_options),
    .args_size = sizeof(struct args),
    .run = run_show,
};

const struct command cmd_why = {
    .name = "why",
    .summary = "Why a posting counts: its readings, its words, down to the bytes",
    .usage = "ID|URL [--body]",
    .examples = "  roletide why 42\n  roletide why greenhouse:phonepe/4012345\n"
                "  roletide why 42 --body | xxhsum -H2    its bytes, and their hash\n",
    .options = why_options,
    .n_options = ARRAY_LEN(why_options),
    .args_size = sizeof(struct args),
    .run = run_why,
};

const struct command cmd_why_not = {
    .name = "why-not",
    .summary = "Why a posting does not count",
    .usage = "ID|URL",
    .examples = "  roletide why-not 43\n",
    .args_size = sizeof(struct args),
    .run = run_why,
};
