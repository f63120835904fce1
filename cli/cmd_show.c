/* One posting: what was concluded of it and from which words (show), and why it counts or not (why,
 * why-not). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "core/date.h"
#include "core/format.h"
#include "core/utf8.h"

struct asked {
    struct answer_market m;
    struct history h;
};

static int open_history(struct cli *cli, const char *command, struct asked *ret, struct diag *d)
{
    struct choice all = { 0 };
    int r;

    if (cli->rest.n != 1) {
        diag_fail(d, ERR_USAGE, "%s: want one posting: an id, SOURCE/NATIVE-ID or URL", command);
        diag_hint(d, "roletide openings lists the ids");
        return ERR_USAGE;
    }
    r = answer_open(cli, &all, &ret->m, d);
    if (!r)
        r = store_history(ret->m.store, cli->rest.items[0], cli->now, cli->run, &ret->h, d);
    if (r == STORE_NONE) {
        fprintf(stderr, "roletide: no posting " STR_FMT " was ever read\n",
                STR_ARG(cli->rest.items[0]));
        return EXIT_NOTHING;
    }
    return r;
}

static struct str field_text(const struct history *h, enum field f)
{
    const struct listing *l = &h->revision.listing;

    switch (f) {
    case FIELD_TITLE:
        return l->title;
    case FIELD_TEXT:
        return l->text;
    case FIELD_PLACE:
        return h->fact.places_text;
    case FIELD_EXPERIENCE:
        return l->experience;
    case FIELD_SALARY:
        return l->salary;
    case FIELD_COMPANY:
        return l->company;
    case FIELD_NONE:
    case FIELD_SOURCE:
        break;
    }
    return (struct str){ 0 };
}

/* Offsets in JSON count code points (contract). */
static void json_span(struct json_out *j, struct str text, uint32_t start, uint32_t end)
{
    struct utf8_place from = { 0 };

    json_int(j, "start", (int64_t)utf8_point_of(text, start, &from));
    json_int(j, "end", (int64_t)utf8_point_of(text, end, &from));
    json_str(j, "words", str_slice(text, start, end));
}

static void json_evidence(struct json_out *j, const struct history *h, const struct evidence *e)
{
    struct str text = field_text(h, e->field);

    json_object(j, "evidence");
    json_cstr(j, "rule", e->rule ? e->rule : "");
    json_cstr(j, "field", field_name(e->field));
    json_cstr(j, "confidence", confidence_name(e->confidence));
    if (text.n && e->end > e->start)
        json_span(j, text, e->start, e->end);
    json_end(j);
}

static void json_value(struct json_out *j, const struct history *h, const char *key,
                       const char *value, const struct evidence *e)
{
    json_object(j, key);
    json_cstr(j, "value", value);
    json_evidence(j, h, e);
    json_end(j);
}

static void json_months(struct json_out *j, const char *key, int32_t months)
{
    if (months < 0)
        json_null(j, key);
    else
        json_int(j, key, months);
}

static void json_skills(struct json_out *j, const struct asked *q)
{
    const struct signal *s = &q->h.fact.signal;

    json_array(j, "skills");
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        if (m->skill >= q->m.market.n_skills)
            continue;
        json_object(j, NULL);
        json_str(j, "id", q->m.market.skills[m->skill].id);
        json_cstr(j, "polarity", polarity_name(m->polarity));
        json_cstr(j, "section", section_name(m->section));
        json_bool(j, "implied", m->implied);
        json_cstr(j, "field", field_name(m->field));
        json_span(j, field_text(&q->h, m->field), m->start, m->end);
        json_end(j);
    }
    json_end(j);
}

static void json_signal(struct json_out *j, const struct asked *q)
{
    const struct signal *s = &q->h.fact.signal;
    const struct history *h = &q->h;

    json_value(j, h, "family", family_name(s->family), &s->family_from);
    json_value(j, h, "level", level_name(s->level), &s->level_from);
    json_cstr(j, "track", track_name(s->track));
    json_value(j, h, "mode", work_mode_name(s->mode), &s->mode_from);
    json_value(j, h, "india", india_name(s->india), &s->india_from);
    json_object(j, "experience");
    json_months(j, "min_months", s->experience.min_months);
    json_months(j, "max_months", s->experience.max_months);
    json_evidence(j, h, &s->experience.from);
    json_end(j);
    if (s->pay.kind == PAY_UNDISCLOSED) {
        json_null(j, "pay");
    } else {
        json_object(j, "pay");
        json_int(j, "min", s->pay.annual_min);
        json_int(j, "max", s->pay.annual_max);
        json_cstr(j, "currency", s->pay.currency);
        json_cstr(j, "period", pay_period_name(s->pay.period));
        json_cstr(j, "kind", pay_kind_name(s->pay.kind));
        json_evidence(j, h, &s->pay.from);
        json_end(j);
    }
    json_array(j, "places");
    for (size_t i = 0; i < s->n_places; i++) {
        json_object(j, NULL);
        json_str(j, "city", s->places[i].city);
        json_str(j, "state", s->places[i].state);
        json_str(j, "country", s->places[i].country);
        json_evidence(j, h, &s->places[i].from);
        json_end(j);
    }
    json_end(j);
    json_object(j, "stage");
    json_int(j, "value", s->stage);
    json_cstr(j, "confidence", confidence_name(s->stage_confidence));
    json_cstr(j, "reason", s->stage_reason);
    json_end(j);
    json_skills(j, q);
}

static void json_readings(struct json_out *j, const struct history *h)
{
    json_array(j, "readings");
    for (size_t i = 0; i < h->n_readings; i++) {
        const struct reading_row *r = &h->readings[i];

        json_object(j, NULL);
        json_int(j, "id", r->id);
        json_time(j, "ended", r->ended);
        json_str(j, "outcome", r->outcome);
        json_str(j, "proof", r->proof);
        json_int(j, "got", r->got);
        json_end(j);
    }
    json_end(j);
    json_array(j, "spells");
    for (size_t i = 0; i < h->n_spells; i++) {
        json_object(j, NULL);
        json_time(j, "first_proof", h->spells[i].first_proof);
        json_time(j, "ended_by", h->spells[i].ended_by);
        json_str(j, "how", h->spells[i].how);
        json_end(j);
    }
    json_end(j);
}

static void print_json(const struct asked *q)
{
    const struct history *h = &q->h;
    struct buf b = { 0 };
    struct json_out j = { .to = &b };

    json_object(&j, NULL);
    json_int(&j, "posting", h->fact.posting ? h->fact.posting : h->revision.posting);
    json_str(&j, "source", h->revision.source);
    json_str(&j, "native_id", h->revision.listing.native_id);
    json_str(&j, "title", h->revision.listing.title);
    json_str(&j, "company", h->fact.company);
    json_str(&j, "url", h->revision.listing.url);
    if (h->has_opening) {
        json_int(&j, "opening", h->opening.opening);
        json_bool(&j, "counted", h->opening.counted);
        json_str(&j, "reason", h->opening.reason);
        json_str(&j, "joined_by", h->opening.evidence);
    }
    json_str(&j, "body_hash", h->body_hash);
    json_str(&j, "body_url", h->body_url);
    json_int(&j, "revisions", h->n_revisions);
    json_readings(&j, h);
    if (h->fact.has_signal)
        json_signal(&j, q);
    json_str(&j, "text", h->revision.listing.text);
    json_end(&j);
    answer_print(&j);
}

/* Mentions by where they stand, so that the text can be marked in one walk. */
static size_t next_mark(const struct signal *s, enum field f, uint32_t from, uint32_t *ret_end)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        if (m->field != f || m->implied || m->start < from)
            continue;
        if (best == SIZE_MAX || m->start < s->mentions[best].start)
            best = i;
    }
    if (best != SIZE_MAX)
        *ret_end = s->mentions[best].end;
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

static void print_marked(struct cli *cli, const struct signal *s, enum field f, struct str text)
{
    uint32_t at = 0, end = 0;
    size_t i;

    while ((i = next_mark(s, f, at, &end)) != SIZE_MAX) {
        const struct mention *m = &s->mentions[i];

        print_lines(cli, str_slice(text, at, m->start));
        if (cli->color)
            fputs(color_of(m->polarity), stdout);
        else
            putchar('[');
        print_lines(cli, str_slice(text, m->start, end));
        fputs(cli->color ? "\033[0m" : "]", stdout);
        at = end;
    }
    print_lines(cli, str_from(text, at));
    putchar('\n');
}

static void print_concluded(struct cli *cli, const char *what, const char *value,
                            const struct history *h, const struct evidence *e)
{
    struct str text = field_text(h, e->field);

    printf("  %-10s %-12s", what, value);
    if (text.n && e->end > e->start)
        printf("  \"" STR_FMT "\"",
               STR_ARG(terminal_text(cli->run, str_slice(text, e->start, e->end))));
    printf("  (%s, %s)\n", e->rule && e->rule[0] ? e->rule : "no rule",
           confidence_name(e->confidence));
}

static void print_people(struct cli *cli, const struct asked *q)
{
    const struct history *h = &q->h;
    const struct signal *s = &h->fact.signal;
    struct arena *a = cli->run;
    char stage[16];

    print_marked(cli, s, FIELD_TITLE, h->revision.listing.title);
    printf(STR_FMT "  " STR_FMT "\n\n", STR_ARG(terminal_text(a, h->fact.company)),
           STR_ARG(terminal_text(a, h->revision.listing.url)));
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
        printf("  %-10s %-12s  %s (%s)\n\n", "stage", s->stage ? stage : "unstaged",
               s->stage_reason, confidence_name(s->stage_confidence));
    }
    print_marked(cli, s, FIELD_TEXT, h->revision.listing.text);
}

static int run_show(struct cli *cli, void *args, struct diag *d)
{
    struct asked q = { 0 };
    int r = open_history(cli, "show", &q, d);

    (void)args;
    if (!r && cli->format == OUTPUT_TABLE)
        print_people(cli, &q);
    else if (!r)
        print_json(&q);
    answer_close(&q.m);
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
        print_counted_by(&q->m.market, &h->opening);
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
    printf("its words were read from " STR_FMT "\nbody " STR_FMT " (XXH3-128), revision %" PRId64
           " of %" PRId64 "\n",
           STR_ARG(h->body_url), STR_ARG(h->body_hash), h->revision.id, h->n_revisions);
}

static int run_why(struct cli *cli, void *args, struct diag *d)
{
    struct asked q = { 0 };
    int r = open_history(cli, "why", &q, d);

    (void)args;
    if (!r && cli->format == OUTPUT_TABLE)
        print_why(cli, &q);
    else if (!r)
        print_json(&q);
    answer_close(&q.m);
    return r;
}

const struct command cmd_show = {
    .name = "show",
    .summary = "A posting with its evidence marked in the text",
    .usage = "ID|URL",
    .examples = "  roletide show 42\n  roletide show 42 --format json | jq .skills\n",
    .run = run_show,
};

const struct command cmd_why = {
    .name = "why",
    .summary = "Why a posting counts: its readings, its words, down to the body's hash",
    .usage = "ID|URL",
    .examples = "  roletide why 42\n  roletide why greenhouse:phonepe/4012345\n",
    .run = run_why,
};

const struct command cmd_why_not = {
    .name = "why-not",
    .summary = "Why a posting does not count",
    .usage = "ID|URL",
    .examples = "  roletide why-not 43\n",
    .run = run_why,
};
