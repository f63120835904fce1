/* A planned board as a folder of answers. */
#include <stdio.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "tests/e2e/replay.h"

struct writer {
    const struct replay_board *b;
    const struct replay_writer *to;
    struct arena a;
    struct buf rows; /* site.tsv */
};

static const struct str login = STR("<html><head><title>Sign in</title></head><body>Who are you?"
                                    "</body></html>\n");
static const struct str error = STR("{\"error\":{\"code\":500,\"message\":\"maintenance\"}}\n");

static struct words words_of(struct arena *a, const struct replay_board *b)
{
    struct words w = { 0 };

    for (size_t i = 0; i < b->words.n; i++)
        *ARENA_PUSH(a, &w) = b->words.items[i];
    return w;
}

struct str replay_title(struct arena *a, const struct replay_board *b, int job, int revision)
{
    static const char *const roles[] = { "MLOps Engineer", "ML Platform Engineer", "Data Engineer",
                                         "Site Reliability Engineer, ML", "Payroll Clerk" };
    const char *role = roles[(b->number + (unsigned)job) % ARRAY_LEN(roles)];

    if (!revision)
        return STR("");
    return revision > 1 ? str_printf(a, "%s %d v%d", role, job, revision)
                        : str_printf(a, "%s %d", role, job);
}

static void set_job(struct arena *a, const struct replay_board *b, int job, int revision,
                    struct words *w)
{
    static const char *const cities[] = { "Bengaluru", "Pune", "Hyderabad", "Chennai", "Kochi" };

    words_set(a, w, STR("n"),
              str_printf(a, "%u", 1000000 + b->number * REPLAY_JOBS + (unsigned)job));
    words_set(a, w, STR("title"), replay_title(a, b, job, revision));
    words_set(a, w, STR("city"),
              str_of(cities[(b->number * 3 + (unsigned)job) % ARRAY_LEN(cities)]));
    words_set(a, w, STR("lastmod"), str_printf(a, "2026-11-0%d", revision % 10));
    words_set(a, w, STR("text"),
              str_printf(a, "Run MLflow on Kubernetes. Job %d, text %d.", job, revision));
    words_set(a, w, STR("id"), words_fill(a, b->kind->id, w, false));
}

struct str replay_id(struct arena *a, const struct replay_board *b, int job)
{
    struct words w = words_of(a, b);

    set_job(a, b, job, 1, &w);
    return words_fill(a, b->kind->id, &w, false);
}

static void put(struct writer *w, struct str name, struct str bytes)
{
    w->to->file(w->to->ctx, str_cstr(&w->a, name), bytes);
}

/* A row of site.tsv: `answer` is its status, file and behaviours; "@" stands for the file. */
static void row(struct writer *w, const struct kind_part *part, const struct words *words, int day,
                const char *answer, struct str file)
{
    buf_printf(&w->rows, STR_FMT "\t" STR_FMT "\t%d\t", STR_ARG(part->method),
               STR_ARG(words_fill(&w->a, part->path, words, true)), day);
    for (; *answer; answer++) {
        if (*answer == '@')
            buf_add(&w->rows, file);
        else
            buf_add_byte(&w->rows, *answer);
    }
    if (part->match.n)
        buf_printf(&w->rows, "\tmatch=" STR_FMT,
                   STR_ARG(words_fill(&w->a, part->match, words, false)));
    buf_add_byte(&w->rows, '\n');
}

/* As the board sends what it has: its delay, its transport. */
static void usual_row(struct writer *w, const struct kind_part *part, const struct words *words,
                      int day, struct str file)
{
    struct str answer =
        str_printf(&w->a, "200\t@\torigin\t%s\tdelay=%d", w->b->manner, w->b->delay_ms);

    row(w, part, words, day, str_cstr(&w->a, answer), file);
}

static int jobs_listed(const struct replay_day *d)
{
    int n = 0;

    for (int j = 0; j < REPLAY_JOBS; j++)
        n += d->listed[j] != 0;
    return n;
}

/* The listed jobs from..to in order, joined as the kind does. */
static struct str items_of(struct writer *w, const struct replay_day *d, int from, int to,
                           bool each_after)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct words words = words_of(&w->a, w->b);
    int at = 0;

    for (int j = 0; j < REPLAY_JOBS; j++) {
        if (!d->listed[j] || at++ < from || at > to)
            continue;
        set_job(&w->a, w->b, j, d->listed[j], &words);
        if (b.n || each_after)
            buf_add(&b, w->b->kind->between);
        buf_add(&b, words_fill(&w->a, w->b->kind->item, &words, false));
    }
    return buf_take(&b, &w->a);
}

static void set_page(struct writer *w, const struct replay_day *d, int page, int total,
                     struct words *words)
{
    const struct kind *k = w->b->kind;
    int size = k->size ? (int)k->size : REPLAY_JOBS, from = page * size;
    int offset = from > jobs_listed(d) ? jobs_listed(d) : from; /* behind a short page */

    words_set(&w->a, words, STR("offset"), str_printf(&w->a, "%d", offset));
    words_set(&w->a, words, STR("page"), str_printf(&w->a, "%d", (int)k->first + page));
    words_set(&w->a, words, STR("total"), str_printf(&w->a, "%d", total));
    words_set(&w->a, words, STR("items"), items_of(w, d, from, from + size, false));
    words_set(&w->a, words, STR("more"), items_of(w, d, from, from + size, true));
}

static struct str put_page(struct writer *w, const struct words *words, const char *name, bool half)
{
    const struct kind_part *list = &w->b->kind->list;
    struct str file = kind_file(&w->a, list, name);
    struct str bytes = words_fill(&w->a, list->body, words, false);

    put(w, file, half ? str_slice(bytes, 0, bytes.n / 2) : bytes);
    return file;
}

static void write_page(struct writer *w, int day, int page, int total)
{
    const struct replay_day *d = &w->b->days[day];
    const struct kind_part *list = &w->b->kind->list;
    enum fault_play play = d->fault ? d->fault->play : USUAL;
    struct words words = words_of(&w->a, w->b);
    char name[32];
    struct str file;

    set_page(w, d, page, total - 1, &words);
    if (play == MOVES && page == 0) {
        file = put_page(w, &words, str_cstr(&w->a, str_printf(&w->a, "d%dold", day)), false);
        row(w, list, &words, day, "200\t@\torigin\ttimes=1", file);
    }
    set_page(w, d, page, total, &words);
    snprintf(name, sizeof(name), "d%dp%d", day, play == REPEATS && page == 1 ? 0 : page);
    file = kind_file(&w->a, list, name);
    if (play == SECOND_FAILS && page == 1) {
        row(w, list, &words, day, "500\t-", file);
        return;
    }
    if (play == STRANGER) {
        file = kind_file(&w->a, &w->b->kind->stranger, "stranger");
        put(w, file, w->b->kind->stranger.body);
    } else if (play != REPEATS || page != 1) {
        file = put_page(w, &words, name, play == HALF && page == 0);
    }
    if (d->fault && d->fault->answer && page == 0)
        row(w, list, &words, day, d->fault->answer, file);
    usual_row(w, list, &words, day, file);
}

static void write_details(struct writer *w, int day, int gone_from)
{
    const struct kind_part *detail = &w->b->kind->detail;
    const struct replay_day *d = &w->b->days[day];
    struct words words = words_of(&w->a, w->b);

    for (int j = 0; j < REPLAY_JOBS && detail->path.n; j++) {
        bool fails = d->fault && d->fault->play == DETAIL_FAILS && j == d->odd_job;
        char name[32];
        struct str file;

        if (!d->listed[j])
            continue;
        set_job(&w->a, w->b, j, d->listed[j], &words);
        snprintf(name, sizeof(name), "j%dr%d", j, d->listed[j]);
        file = kind_file(&w->a, detail, name);
        put(w, file, words_fill(&w->a, detail->body, &words, false));
        if (fails || (w->b->gone[j] && day >= gone_from))
            row(w, detail, &words, day, fails ? "500\t-" : "404\t-", file);
        else
            usual_row(w, detail, &words, day, file);
    }
}

static void write_robots(struct writer *w, int day)
{
    const struct fault *f = w->b->days[day].fault;
    int64_t status;

    if (!f || !f->robots)
        return;
    if (str_int(str_of(f->robots), &status)) {
        buf_printf(&w->rows, "GET\t/robots.txt\t%d\t%s\t-\n", day, f->robots);
        return;
    }
    put(w, STR("robots-then.txt"), str_of(f->robots));
    buf_printf(&w->rows, "GET\t/robots.txt\t%d\t200\trobots-then.txt\n", day);
}

static void write_day(struct writer *w, int day, int gone_from)
{
    const struct replay_day *d = &w->b->days[day];
    const struct kind *k = w->b->kind;
    int n = jobs_listed(d), pages, total;

    total = n + (d->fault && d->fault->play == MISCOUNTS ? 3 : 0);
    pages = k->size ? (n + (int)k->size - 1) / (int)k->size + 1 : 1; /* and one without jobs */
    write_robots(w, day);
    for (int page = 0; page < pages; page++)
        write_page(w, day, page, total);
    write_details(w, day, gone_from);
}

void replay_write(const struct replay_board *b, const struct replay_writer *to)
{
    struct writer w = { .b = b, .to = to };
    struct words words = words_of(&w.a, b);
    int gone_from = 0;

    if (b->kind->before.path.n) {
        struct str file = kind_file(&w.a, &b->kind->before, "before");

        put(&w, file, words_fill(&w.a, b->kind->before.body, &words, false));
        for (int day = 0; day < REPLAY_DAYS; day++)
            usual_row(&w, &b->kind->before, &words, day, file);
    }
    for (int day = 0; day < REPLAY_DAYS; day++)
        if (b->days[day].fault && b->days[day].fault->play == DETAIL_GONE)
            gone_from = day;
    for (int day = 0; day < REPLAY_DAYS; day++)
        write_day(&w, day, gone_from);
    put(&w, STR("login.html"), login);
    put(&w, STR("error.json"), error);
    buf_add(&w.rows, STR("GET\t/home\t-\t200\tlogin.html\nGET\t/loop\t-\t302\t-\tLocation: "
                         "/loop\n"));
    put(&w, STR("site.tsv"), buf_str(&w.rows));
    buf_release(&w.rows);
    arena_free(&w.a);
}
