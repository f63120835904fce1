/* `extract`: JSON lines of postings -> JSON lines of what they ask for (docs: the contract). */
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/crew.h"
#include "core/cleanup.h"
#include "core/json_out.h"
#include "core/utf8.h"
#include "parsers/extract.h"
#include "parsers/posting_line.h"

static void free_line(char **line)
{
    free(*line);
}

enum {
    BATCH_BYTES = 64 * 1024,     /* of lines that one worker reads at a time */
    BATCHES_EACH = 3,            /* a worker: one at work, one waiting, one being written */
    BATCH_KEPT = 4 * BATCH_BYTES /* memory that a batch keeps for the next lines */
};

_Static_assert(BATCHES_EACH *CREW_MAX <= CREW_OUT, "every batch may be out");

/* One of the threads: what it reads with. */
struct reader {
    struct extractor *x;
    struct arena page; /* of one posting */
};

/* What is wrong with a line, and how much of the output stands before it. */
struct complaint {
    size_t out;
    struct diag why;
};

/* Some lines of one file: read by the main thread, answered by a worker, written in order. */
struct batch {
    const char *file;
    size_t line; /* number of the first */
    struct buf in, out;
    struct arena arena; /* of the complaints */
    struct {
        struct complaint *items;
        size_t n, cap;
    } bad;
};

struct job {
    struct cli *cli;
    struct reader *readers;
    size_t n_readers;
    struct batch *batches; /* used in turn */
    size_t n_batches, next;
    struct crew *crew;
    size_t n_bad;
};

static void release(struct job *j)
{
    crew_end(&j->crew);
    for (size_t i = 0; i < j->n_readers; i++) {
        arena_free(&j->readers[i].page);
        extractor_close(&j->readers[i].x);
    }
    for (size_t i = 0; i < j->n_batches; i++) {
        buf_release(&j->batches[i].in);
        buf_release(&j->batches[i].out);
        arena_free(&j->batches[i].arena);
    }
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

/* What is written of one posting. */
struct reply {
    const struct posting_line *posting;
    const struct signal *signal;
    struct utf8_points title, text; /* offsets are in code points */
};

/* The strongest mention of each skill, on the path or beside it. */
static void put_skills(struct json_out *o, const struct extractor *x, const struct reply *r,
                       bool beside)
{
    const struct signal *s = r->signal;

    json_array(o, beside ? "other" : "skills");
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];
        const struct utf8_points *field = m->field == FIELD_TITLE ? &r->title : &r->text;

        if ((i && s->mentions[i - 1].skill == m->skill)
            || extractor_skill(x, m->skill)->beside != beside)
            continue;
        json_object(o, NULL);
        json_str(o, "id", extractor_skill(x, m->skill)->id);
        json_cstr(o, "polarity", polarity_name(m->polarity));
        json_bool(o, "implied", m->implied);
        json_cstr(o, "field", field_name(m->field));
        json_int(o, "start", (int64_t)utf8_points_before(field, m->start));
        json_int(o, "end", (int64_t)utf8_points_before(field, m->end));
        json_end(o);
    }
    json_end(o);
}

static void put_bullets(struct json_out *o, const struct extractor *x, const struct signal *s)
{
    json_array(o, "bullets");
    for (size_t i = 0; i < s->n_bullets; i++)
        json_str(o, NULL, extractor_bullet(x, s->bullets[i].bullet, NULL)->id);
    json_end(o);
}

static void put_reply(struct buf *to, const struct extractor *x, const struct reply *r)
{
    const struct posting_line *p = r->posting;
    const struct signal *s = r->signal;
    struct json_out o = { .to = to };

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
    put_bullets(&o, x, s);
    put_skills(&o, x, r, false);
    put_skills(&o, x, r, true);
    json_end(&o);
    buf_add_byte(to, '\n');
}

/* A bad line is reported with its number, and the rest goes on. */
static void complain(struct batch *b, size_t line, const struct diag *why)
{
    struct complaint *c = ARENA_PUSH(&b->arena, &b->bad);

    c->out = b->out.n;
    diag_fail(&c->why, ERR_FORMAT, "%s:%zu: %s", b->file, line, why->text);
}

static void read_line(struct reader *r, struct batch *b, size_t number, struct str line)
{
    struct posting_line p;
    struct signal s;
    struct reply reply = { &p, &s };
    struct diag why = { 0 };

    if (!str_trim(line).n)
        return;
    arena_reset(&r->page);
    if (posting_line_read(line, &r->page, &p, &why)) {
        complain(b, number, &why);
        return;
    }
    if (extract(r->x, &p.listing, &r->page, &s, &why)) {
        complain(b, number, &why);
        return;
    }
    utf8_points_of(&r->page, p.listing.title, &reply.title);
    utf8_points_of(&r->page, p.listing.text, &reply.text);
    put_reply(&b->out, r->x, &reply);
}

static void read_batch(void *tool, void *item)
{
    struct batch *b = item;
    struct str rest = buf_str(&b->in);

    for (size_t number = b->line; rest.n; number++)
        read_line(tool, b, number, str_cut(&rest, '\n'));
}

static int put(struct str s, struct diag *d)
{
    if (fwrite(s.p, 1, s.n, stdout) == s.n)
        return 0;
    return diag_fail(d, ERR_IO, "standard output: %m");
}

/* Write what the oldest batch gave, as if its lines had been read one by one. */
static int write_batch(struct job *j, struct batch *b, struct diag *d)
{
    struct str out = buf_str(&b->out);
    size_t written = 0;
    int err = 0;

    for (size_t i = 0; i < b->bad.n && !err; i++) {
        err = put(str_slice(out, written, b->bad.items[i].out), d);
        written = b->bad.items[i].out;
        cli_complain(j->cli, &b->bad.items[i].why);
    }
    j->n_bad += b->bad.n;
    return err ? err : put(str_from(out, written), d);
}

static void empty(struct batch *b)
{
    if (b->in.cap > BATCH_KEPT)
        buf_release(&b->in);
    if (b->out.cap > BATCH_KEPT)
        buf_release(&b->out);
    b->in.n = b->out.n = b->bad.n = b->bad.cap = 0;
    arena_reset(&b->arena);
}

/* Hand the batch over and get the next: that which was handed over first, once it is written. */
static int give(struct job *j, struct diag *d)
{
    struct batch *b = &j->batches[j->next++ % j->n_batches];
    int err = 0;

    crew_give(j->crew, b);
    if (j->next >= j->n_batches) {
        b = crew_take(j->crew);
        err = write_batch(j, b, d);
        empty(b);
    }
    return err;
}

static int write_rest(struct job *j, struct diag *d)
{
    struct batch *b;
    int err = 0;

    while (!err && (b = crew_take(j->crew)) != NULL)
        err = write_batch(j, b, d);
    return err;
}

static int take_file(struct job *j, FILE *f, const char *name, struct diag *d)
{
    CLEANUP(free_line) char *line = NULL;
    size_t cap = 0, number = 0;
    ssize_t n;
    int err = 0;

    while (!err && (n = getline(&line, &cap, f)) >= 0) {
        struct batch *b = &j->batches[j->next % j->n_batches];

        number++;
        if (!b->in.n) {
            b->file = name;
            b->line = number;
        }
        buf_add(&b->in, (struct str){ line, (size_t)n });
        if (b->in.n >= BATCH_BYTES)
            err = give(j, d);
    }
    if (!err && j->batches[j->next % j->n_batches].in.n)
        err = give(j, d);
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

/* Each worker reads with its own extractor of the same rules. */
static int open_readers(struct job *j, struct diag *d)
{
    size_t n = cli_jobs(j->cli);
    void **tools = ARENA_NEW(j->cli->run, void *, n);
    int err = 0;

    j->readers = ARENA_NEW(j->cli->run, struct reader, n);
    j->n_batches = BATCHES_EACH * n;
    j->batches = ARENA_NEW(j->cli->run, struct batch, j->n_batches);
    for (; j->n_readers < n && !err; j->n_readers++) {
        tools[j->n_readers] = &j->readers[j->n_readers];
        err = extractor_open(&j->readers[j->n_readers].x, &j->cli->config.rules, d);
    }
    if (!err)
        j->crew = crew_start(read_batch, tools, n);
    return err;
}

static int take_all(struct job *j, struct diag *d)
{
    int err = 0, last;

    if (!j->cli->rest.n)
        err = take_file(j, stdin, "standard input", d);
    for (size_t i = 0; i < j->cli->rest.n && !err; i++)
        err = take_named(j, j->cli->rest.items[i], d);
    last = ferror(stdout) ? 0 : write_rest(j, err ? &(struct diag){ 0 } : d);
    return err ? err : last;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    CLEANUP(release) struct job j = { .cli = cli };
    int err = cli_config(cli, CONFIG_RULES | CONFIG_TERMS, d);

    (void)args;
    if (!err)
        err = open_readers(&j, d);
    if (err) {
        config_locate(&cli->config, d);
        return err;
    }
    err = take_all(&j, d);
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
            "desc_format (text or html). Offsets count code points of the text after decoding.\n"
            "Every processor reads; the answers keep the order of the lines.",
    .run = run,
};
