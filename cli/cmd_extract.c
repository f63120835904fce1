/* `extract`: JSON lines of postings -> JSON lines of what they ask for (docs: the contract). */
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "core/cleanup.h"
#include "core/json_out.h"
#include "core/utf8.h"
#include "parsers/extract.h"
#include "parsers/posting_line.h"

static void free_line(char **line)
{
    free(*line);
}

struct job {
    struct cli *cli;
    struct extractor *x;
    struct arena page; /* of one posting */
    struct buf out;
    const char *file;
    size_t line, n_bad;
};

static void release(struct job *j)
{
    arena_free(&j->page);
    buf_release(&j->out);
    extractor_close(&j->x);
}

/* null where the ad states none */
static void put_months(struct json_out *o, const char *key, int32_t months)
{
    if (months < 0)
        json_null(o, key);
    else
        json_int(o, key, months);
}

static void put_amount(struct json_out *o, const char *key, int64_t amount)
{
    if (amount)
        json_int(o, key, amount);
    else
        json_null(o, key);
}

static void put_pay(struct json_out *o, const struct pay *p)
{
    if (p->kind == PAY_UNDISCLOSED) {
        json_null(o, "salary");
        return;
    }
    json_object(o, "salary");
    put_amount(o, "min", p->annual_min);
    put_amount(o, "max", p->annual_max);
    json_cstr(o, "currency", p->currency[0] ? p->currency : NULL);
    json_cstr(o, "period", pay_period_name(p->period));
    json_cstr(o, "kind", pay_kind_name(p->kind));
    json_end(o);
}

static bool named_before(const struct signal *s, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(s->places[k].city, s->places[i].city))
            return true;
    return false;
}

/* Cities are India's, as the count means them; the country says where else the job is. */
static void put_places(struct json_out *o, const struct signal *s)
{
    struct str country = { 0 };

    json_array(o, "cities");
    for (size_t i = 0; i < s->n_places; i++) {
        if (s->places[i].city.n && str_eq(s->places[i].country, STR("IN")) && !named_before(s, i))
            json_str(o, NULL, s->places[i].city);
        if (!country.n)
            country = s->places[i].country;
    }
    json_end(o);
    if (s->india != INDIA_NO)
        country = STR("IN");
    if (country.n)
        json_str(o, "country", country);
    else
        json_null(o, "country");
    json_cstr(o, "india", india_name(s->india));
}

/* The strongest mention of each skill; offsets in code points of its field. */
static void put_skills(struct json_out *o, const struct job *j, const struct signal *s,
                       const struct listing *l)
{
    struct utf8_place text = { 0 }, title = { 0 };

    json_array(o, "skills");
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];
        bool in_title = m->field == FIELD_TITLE;
        struct str field = in_title ? l->title : l->text;
        struct utf8_place *from = in_title ? &title : &text;

        if (i && s->mentions[i - 1].skill == m->skill)
            continue;
        json_object(o, NULL);
        json_str(o, "id", extractor_skill(j->x, m->skill)->id);
        json_cstr(o, "polarity", polarity_name(m->polarity));
        json_bool(o, "implied", m->implied);
        json_cstr(o, "field", field_name(m->field));
        json_int(o, "start", (int64_t)utf8_point_of(field, m->start, from));
        json_int(o, "end", (int64_t)utf8_point_of(field, m->end, from));
        json_end(o);
    }
    json_end(o);
}

static void put_bullets(struct json_out *o, const struct job *j, const struct signal *s)
{
    json_array(o, "bullets");
    for (size_t i = 0; i < s->n_bullets; i++)
        json_str(o, NULL, extractor_bullet(j->x, s->bullets[i].bullet, NULL)->id);
    json_end(o);
}

static void put_signal(struct job *j, const struct posting_line *p, const struct signal *s)
{
    struct json_out o = { .to = &j->out };

    json_object(&o, NULL);
    json_str(&o, "id", p->id.n ? p->id : p->listing.native_id);
    json_cstr(&o, "family", family_name(s->family));
    json_cstr(&o, "track", track_name(s->track));
    json_cstr(&o, "level", level_name(s->level));
    json_object(&o, "experience");
    put_months(&o, "min_months", s->experience.min_months);
    put_months(&o, "max_months", s->experience.max_months);
    json_end(&o);
    put_pay(&o, &s->pay);
    put_places(&o, s);
    json_cstr(&o, "mode", work_mode_name(s->mode));
    json_int(&o, "stage", s->stage);
    json_cstr(&o, "confidence", confidence_name(s->stage_confidence));
    json_cstr(&o, "reason", s->stage_reason);
    put_bullets(&o, j, s);
    put_skills(&o, j, s, &p->listing);
    json_end(&o);
    buf_add_byte(&j->out, '\n');
}

static int flush(struct job *j, struct diag *d)
{
    bool written = fwrite(j->out.p, 1, j->out.n, stdout) == j->out.n;

    j->out.n = 0;
    return written ? 0 : diag_fail(d, ERR_IO, "standard output: %m");
}

/* A bad line is reported with its number, and the rest goes on. */
static int take(struct job *j, struct str line, struct diag *d)
{
    struct posting_line p;
    struct signal s;
    struct diag why = { 0 }, where = { 0 };

    if (!str_trim(line).n)
        return 0;
    arena_reset(&j->page);
    if (posting_line_read(line, &j->page, &p, &why)) {
        diag_fail(&where, ERR_FORMAT, "%s:%zu: %s", j->file, j->line, why.text);
        cli_complain(j->cli, &where);
        j->n_bad++;
        return 0;
    }
    /* Offsets count in the repaired text, so it is repaired before either side counts. */
    p.listing.title = utf8_repair(&j->page, p.listing.title);
    p.listing.text = utf8_repair(&j->page, p.listing.text);
    if (extract(j->x, &p.listing, &j->page, &s, &why)) {
        diag_fail(&where, ERR_FORMAT, "%s:%zu: %s", j->file, j->line, why.text);
        cli_complain(j->cli, &where);
        j->n_bad++;
        return 0;
    }
    put_signal(j, &p, &s);
    return flush(j, d);
}

static int take_file(struct job *j, FILE *f, const char *name, struct diag *d)
{
    CLEANUP(free_line) char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    int err = 0;

    j->file = name;
    j->line = 0;
    while (!err && (n = getline(&line, &cap, f)) >= 0) {
        j->line++;
        err = take(j, (struct str){ line, (size_t)n }, d);
    }
    if (!err && ferror(f))
        err = diag_fail(d, ERR_IO, "%s: %m", name);
    return err;
}

static int take_named(struct job *j, struct str name, struct diag *d)
{
    const char *path = str_cstr(j->cli->run, name);
    CLEANUP(file_close) FILE *f = NULL;

    if (str_eq(name, STR("-")))
        return take_file(j, stdin, "standard input", d);
    f = fopen(path, "r");
    if (!f)
        return diag_fail(d, ERR_IO, "%s: %m", path);
    return take_file(j, f, path, d);
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(release) struct job j = { .cli = cli };
    int err = cli_config(cli, d);

    (void)args;
    if (!err)
        err = extractor_open(&j.x, &cli->config.rules, d);
    if (err) {
        config_locate(&cli->config, d);
        return err;
    }
    if (!cli->rest.n)
        err = take_file(&j, stdin, "standard input", d);
    for (size_t i = 0; i < cli->rest.n && !err; i++)
        err = take_named(&j, cli->rest.items[i], d);
    if (!err && fflush(stdout))
        err = diag_fail(d, ERR_IO, "standard output: %m");
    if (err)
        return err;
    return j.n_bad ? EXIT_PARTIAL : 0;
}

const struct command cmd_extract = {
    .name = "extract",
    .summary = "What postings ask for: JSON lines in, JSON lines out; a bad line is named, the rest"
               " goes on",
    .usage = "[FILE...]",
    .examples = "  roletide extract postings.jsonl\n"
                "  zcat ads.jsonl.gz | roletide extract\n",
    .more = "Each line has id, title, company, location, experience, salary, description and\n"
            "desc_format (text or html). Offsets count code points of the text after decoding.",
    .run = run,
};
