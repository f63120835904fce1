/*
 * ask STATE NOW CONFIG figures        works out the figures of NOW, as `run` does: seconds, peak
 * MiB ask STATE NOW CONFIG export DIR     the postings and what each names, as CSV: posting.csv,
 * match.csv ask STATE NOW CONFIG QUESTION RUNS  asks of an open store; the median in milliseconds,
 * then the answer's rows, to be compared: skill, openings, stated, required
 *
 * CONFIG is the folder of the program's data: employers go by its names, as in the program's
 * answers. Times are the processor's. A QUESTION is words as `demand` has them, without dashes and
 * joined by commas
 * ("city=Pune,new=7"), or "series=SKILL". The store stays open from one to the next, as an engine's
 * table does; everything else is made anew each time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "aggregator/finished.h"
#include "config/config.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"

enum { RUNS_MAX = 1000, SERIES_DAYS = 365 };

struct bench {
    struct arena arena;
    struct store *s;
    struct skill_view *skills;
    size_t n_skills;
    int64_t now;
    struct roadmap_view roadmap; /* its employers' names alone */
};

static void release(struct bench *b)
{
    store_close(&b->s);
    arena_free(&b->arena);
}

/* Of the processor: neighbours do not change it. */
static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int figures(struct bench *b, struct diag *d)
{
    double from = seconds();
    struct rusage used;
    int r = figures_update(b->s, b->now, &b->roadmap, b->skills, b->n_skills, d);

    getrusage(RUSAGE_SELF, &used);
    printf("%.1f %ld\n", seconds() - from, used.ru_maxrss / 1024);
    return r;
}

struct export
{
    FILE *postings, *matches;
};

/* As plain as an analyst would have it: dates are days, ended is empty while open. */
static int export_posting(void *ctx, const struct posting_fact *f, struct diag *d)
{
    const struct export *to = ctx;
    const struct signal *s = &f->signal;

    (void)d;
    fprintf(to->postings, "%" PRId64 "," STR_FMT ",%d,%d,%d,%d," STR_FMT ",%" PRId64 ",",
            f->posting, STR_ARG(f->source), s->family == FAMILY_CORE, s->stage, s->mode, s->track,
            STR_ARG(s->places[0].city), day_of(f->first_proof));
    if (f->ended_by)
        fprintf(to->postings, "%" PRId64, day_of(f->ended_by));
    fputc('\n', to->postings);
    for (size_t i = 0, j; i < s->n_mentions; i = j) {
        bool stated = false, required = false, named = false;

        for (j = i; j < s->n_mentions && s->mentions[j].skill == s->mentions[i].skill; j++) {
            bool demands = s->mentions[j].polarity >= POLARITY_PREFERRED;

            named |= demands;
            stated |= demands && !s->mentions[j].implied;
            required |= s->mentions[j].polarity == POLARITY_REQUIRED;
        }
        if (named)
            fprintf(to->matches, "%" PRId64 ",%u,%d,%d\n", f->posting, s->mentions[i].skill, stated,
                    required);
    }
    return 0;
}

static int export_all(struct bench *b, const char *dir, struct diag *d)
{
    CLEANUP(file_close) FILE *postings = NULL;
    CLEANUP(file_close) FILE *matches = NULL;
    struct export to;

    postings = fopen(str_printf(&b->arena, "%s/posting.csv", dir).p, "w");
    matches = fopen(str_printf(&b->arena, "%s/match.csv", dir).p, "w");
    if (!postings || !matches)
        return diag_fail(d, ERR_IO, "%s: %m", dir);
    to = (struct export){ postings, matches };
    return store_scan(b->s, b->now, NULL, export_posting, &to, d);
}

static bool read_word(const struct bench *b, struct str word, struct filter *f)
{
    struct str key = str_cut(&word, '=');
    int64_t n = 0;

    if (str_eq(key, STR("city")))
        f->city = word;
    else if (str_eq(key, STR("company")))
        f->company = word;
    else if (str_eq(key, STR("with")))
        f->skill = word;
    else if (str_eq(key, STR("mode")))
        return work_mode_parse(word, &f->mode);
    else if (str_eq(key, STR("track")))
        return track_parse(word, &f->track);
    else if (str_eq(key, STR("required")))
        f->required_only = true;
    else if (str_eq(key, STR("stage")) && str_int(word, &n))
        f->stage = (int)n;
    else if (str_eq(key, STR("new")) && str_int(word, &n))
        f->first_after = b->now - n * DAY_SECONDS;
    else
        return str_eq(key, STR("all"));
    return true;
}

/* As `demand` asks: from the finished answers where there are, else of the kept market. */
static int demand(struct bench *b, const struct filter *f, struct arena *a, struct demand *ret,
                  struct diag *d)
{
    struct market m;
    int r = finished_covers(f)
                ? finished_open(&m, b->s, b->now, &b->roadmap, b->skills, b->n_skills, d)
                : market_load_demand(&m, b->s, b->now, &b->roadmap, b->skills, b->n_skills, a, d);

    return r ? r : demand_of(&m, f, b->s, ret, a, d);
}

static int by_time(const void *x, const void *y)
{
    const double *a = x, *b = y;

    return (*a > *b) - (*a < *b);
}

static int ask(struct bench *b, struct str question, int64_t runs, struct diag *d)
{
    CLEANUP(arena_free) struct arena answer = ARENA_INIT;
    struct filter f = { 0 };
    struct str rest = question, series = { 0 };
    struct figure_row *days = NULL;
    struct demand dm = { 0 };
    double times[RUNS_MAX];
    size_t n_days = 0;
    int r = 0;

    if (str_starts(question, STR("series=")))
        series = str_from(question, 7);
    while (!series.n && rest.n)
        if (!read_word(b, str_cut(&rest, ','), &f))
            return diag_fail(d, ERR_USAGE, STR_FMT ": no question", STR_ARG(question));
    for (int64_t i = 0; r == 0 && i < runs; i++) {
        double from = seconds();

        arena_reset(&answer);
        r = series.n ? trend_skill(b->s, series, day_of(b->now) - SERIES_DAYS + 1, day_of(b->now),
                                   &answer, &days, &n_days, d)
                     : demand(b, &f, &answer, &dm, d);
        times[i] = 1000 * (seconds() - from);
    }
    if (r)
        return r < 0 ? r : diag_fail(d, ERR_USAGE, "no answer is finished");
    qsort(times, (size_t)runs, sizeof(*times), by_time);
    printf("%.4f\n", times[runs / 2]);
    for (size_t i = 0; i < n_days; i++)
        printf("%" PRId64 ",%" PRId64 "\n", days[i].day, days[i].n);
    for (size_t i = 0; i < dm.n_rows; i++)
        printf("%zu,%" PRId64 ",%" PRId64 ",%" PRId64 "\n", (size_t)(dm.rows[i].skill - b->skills),
               dm.rows[i].demand.openings, dm.rows[i].stated, dm.rows[i].required);
    return 0;
}

/* As cli/pipeline.c gives them to answers. */
static int read_names(struct bench *b, const char *folder, struct diag *d)
{
    const struct config_options opt = { .parts = CONFIG_TERMS, .shipped = folder, .path = folder };
    struct config *c = ARENA_NEW(&b->arena, struct config, 1);
    struct {
        struct employer_alias *items;
        size_t n, cap;
    } list = { 0 };
    int r = config_load(&b->arena, &opt, c, d);

    for (size_t i = 0; r == 0 && i < c->employers.n; i++) {
        const struct employer *e = &c->employers.items[i];
        struct str name = str_eq(e->name, STR("nobody")) ? STR("") : e->name;

        for (size_t k = 0; k < e->aliases.n; k++)
            *ARENA_PUSH(&b->arena, &list) = (struct employer_alias){ e->aliases.items[k], name };
    }
    b->roadmap.aliases = list.items;
    b->roadmap.n_aliases = list.n;
    return r;
}

int main(int argc, char **argv)
{
    CLEANUP(release) struct bench b = { 0 };
    struct diag d = { 0 };
    int64_t runs = 0;
    bool makes = argc == 5 && str_eq(str_of(argv[4]), STR("figures"));
    bool exports = argc == 6 && str_eq(str_of(argv[4]), STR("export"));
    int r;

    if (argc < 5 || argc > 6 || !date_parse_iso(str_of(argv[2]), &b.now)
        || (!makes && !exports
            && (argc != 6 || !str_int(str_of(argv[5]), &runs) || runs < 1 || runs > RUNS_MAX)))
        return 2;
    r = read_names(&b, argv[3], &d);
    if (!r)
        r = store_open(&b.s, argv[1], makes ? STORE_WRITE : STORE_READ, &d);
    if (!r)
        r = store_skill_views(b.s, &b.arena, &b.skills, &b.n_skills, &d);
    if (r >= 0)
        r = makes     ? figures(&b, &d)
            : exports ? export_all(&b, argv[5], &d)
                      : ask(&b, str_of(argv[4]), runs, &d);
    if (r < 0)
        return fprintf(stderr, "%s\n", d.text), 1;
    return 0;
}
