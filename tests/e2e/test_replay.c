/*
 * Three days over every shipped board, each on a host of its own with its own delay, its own
 * faults and its own changes: what a crawl reports of each source is what was planted, and the
 * ledger shows that the manners were kept. FULL_REPLAY keeps the adapters' own pace; otherwise the
 * gaps between requests are a hundredth of it.
 */
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/cleanup.h"
#include "tests/e2e/played.h"

#ifdef FULL_REPLAY
enum { FASTER = 1 };
#else
enum { FASTER = 100 };
#endif
enum { SHIPPED = 445, OF_EACH_KIND = 8, OF_A_FAULT = 3, SAID_AT_MOST = 20 };

struct world {
    struct played p;
    size_t hits; /* before this day */
    int said;
};

static const char *const clocks[REPLAY_DAYS] = { "11T03:30", "12T03:31", "13T03:32" };

static void add_shipped(struct played *p, const struct source *s)
{
    const struct adapter *ad = config_adapter(&p->config, s->adapter);
    bool never = str_eq(s->policy, STR("off")) || str_eq(ad->policy, STR("off"));

    (void)played_add(p, ad, s->key, &s->params, never);
}

/* Of a kind of which few employers' boards are shipped, some more. */
static void add_own(struct played *p, const struct kind *kind)
{
    struct arena *a = &p->play.memory;
    const struct adapter *ad = config_adapter(&p->config, kind->name);
    size_t n = 0;

    for (size_t i = 0; i < p->boards.n; i++)
        n += p->boards.items[i]->kind == kind && !p->boards.items[i]->never;
    for (; ad && n < OF_EACH_KIND; n++)
        (void)played_add(p, ad, str_printf(a, STR_FMT ":own%zu", STR_ARG(kind->name), n), NULL,
                         false);
    CHECK(ad && n >= OF_EACH_KIND);
}

static void plan_and_write(struct played *p)
{
    unsigned *of_all = calloc(replay_n_faults, sizeof(*of_all));
    unsigned *of_kind = calloc(replay_n_faults * p->kinds.n, sizeof(*of_kind));

    CHECK(of_all && of_kind);
    for (size_t i = 0; i < p->boards.n; i++) {
        struct replay_board *b = p->boards.items[i];

        if (b->never)
            continue;
        replay_plan(b, of_kind + (size_t)(b->kind - p->kinds.items) * replay_n_faults, of_all);
        played_write(p, b);
    }
    free(of_kind);
    free(of_all);
}

static void open_world(struct world *w)
{
    struct played *p = &w->p;
    size_t shipped = 0;

    played_open(p, "e2e-replay");
    for (size_t i = 0; i < p->config.sources.n; i++) {
        const struct source *s = &p->config.sources.items[i];

        shipped += s->company.n > 0; /* the rest are aggregators */
        add_shipped(p, s);
    }
    CHECK(shipped == SHIPPED);
    for (size_t i = 0; i < p->kinds.n; i++)
        add_own(p, &p->kinds.items[i]);
    plan_and_write(p);
    played_start(p, FASTER);
}

/* Requests that reached the board's host this day, robots.txt aside. */
static int64_t requests_at(struct world *w, const struct replay_board *b)
{
    struct boards_hit hit;
    int64_t got = 0;

    for (size_t i = w->hits; boards_hit(w->p.play.boards, i, &hit); i++)
        got += played_hit(b, &hit);
    return got;
}

static bool says(struct str line, const char *key, int64_t want)
{
    int64_t got;

    return str_int(json_field(line, key), &got) && got == want;
}

/* As many as planned; of a list of mere addresses each may be looked at once a fortnight besides,
 * which unit.reading holds to the day. */
static bool as_many(const struct replay_board *b, int day, struct str line, int64_t reached)
{
    int64_t least = b->days[day].want.requests, most = least;

    for (int job = 0; job < REPLAY_JOBS && b->kind->addresses_only; job++)
        most += b->days[day].listed[job] > 0;
    return least < 0 || (says(line, "requests", reached) && reached >= least && reached <= most);
}

static bool as_planted(struct world *w, struct arena *a, const struct replay_board *b, int day,
                       struct str line)
{
    const struct wanted *want = &b->days[day].want;
    const struct fault *f = b->days[day].fault;
    struct str outcome = str_printf(a, "\"%s\"", want->outcome), error = json_field(line, "error");
    int64_t reached = requests_at(w, b);

    return str_eq(json_field(line, "outcome"), outcome) && says(line, "new", want->opened)
           && says(line, "changed", want->changed) && says(line, "closed", want->closed)
           && says(line, "reopened", want->reopened) && says(line, "texts_owed", want->texts_owed)
           && str_eq(json_field(line, "held"), want->held ? STR("true") : STR("false"))
           && as_many(b, day, line, reached)
           && (!want->error || str_find(error, str_of(want->error)) >= 0)
           && (!f || !f->not_asked || !reached);
}

static void check_report(struct world *w, struct arena *a, int day, struct str report)
{
    size_t asked = 0;

    for (size_t i = 0; i < w->p.boards.n; i++) {
        const struct replay_board *b = w->p.boards.items[i];
        const struct wanted *want = &b->days[day].want;
        struct str line = report_line(a, report, b->key);

        asked += !b->never;
        if (b->never ? !line.n && !requests_at(w, b) : as_planted(w, a, b, day, line))
            continue;
        CHECK_ROW(!"as it was planted", b->number);
        if (w->said++ > SAID_AT_MOST)
            continue;
        fprintf(stderr,
                "  " STR_FMT " at %s, day %d, %s: want %s, new %d, changed %d, closed %d, "
                "reopened %d, held %d, owed %d, requests %d; %d reached it\n  " STR_FMT "\n",
                STR_ARG(b->key), b->host, day, b->days[day].fault ? b->days[day].fault->name : "-",
                want->outcome ? want->outcome : "nothing", (int)want->opened, (int)want->changed,
                (int)want->closed, (int)want->reopened, want->held, (int)want->texts_owed,
                (int)want->requests, (int)requests_at(w, b), STR_ARG(line));
    }
    CHECK_ROW(count_of(report, STR("\n")) == asked, day);
}

struct lines {
    struct str *items;
    size_t n, cap;
};

static int by_text(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static void sort(struct lines *l)
{
    if (l->n)
        qsort(l->items, l->n, sizeof(*l->items), by_text);
}

/* A native id without the address at which its board happens to be played. */
static struct str without_origin(struct arena *a, struct str line)
{
    ptrdiff_t at = str_find(line, STR("http://127.1."));
    struct str rest = at < 0 ? line : str_from(line, (size_t)at + STR("http://").n);

    if (at < 0)
        return line;
    (void)str_cut(&rest, '/');
    return str_printf(a, STR_FMT "ORIGIN/" STR_FMT, STR_ARG(str_slice(line, 0, (size_t)at)),
                      STR_ARG(rest));
}

/* What is open is what was planted, job by job, under its newest title. */
static void check_open(struct world *w, struct arena *a, int day)
{
    struct spawned s = play(&w->p.play, "20T00:00", "--format", "tsv", "sql",
                            "SELECT source, native_id, title FROM v_posting WHERE open");
    struct lines want = { 0 }, got = { 0 };
    struct str rest = s.out;

    (void)str_cut(&rest, '\n');
    while (rest.n)
        *ARENA_PUSH(a, &got) = without_origin(a, str_cut(&rest, '\n'));
    for (size_t i = 0; i < w->p.boards.n; i++)
        for (int j = 0; j < REPLAY_JOBS; j++) {
            const struct replay_board *b = w->p.boards.items[i];
            int revision = b->days[day].open[j];

            if (revision != NOT_OPEN && !b->never)
                *ARENA_PUSH(a, &want) = str_printf(a, STR_FMT "\t" STR_FMT "\t" STR_FMT,
                                                   STR_ARG(b->key), STR_ARG(replay_id(a, b, j)),
                                                   STR_ARG(replay_title(a, b, j, revision)));
        }
    sort(&want);
    sort(&got);
    CHECK_ROW(s.status == 0 && want.n > SHIPPED, day);
    CHECK_ROW(want.n == got.n, day);
    for (size_t i = 0; i < want.n && i < got.n && !test_failures; i++)
        CHECK_STR(got.items[i], want.items[i], day);
}

/* The plan itself: every fault was played, and every outcome was due. */
static void check_plan(const struct world *w)
{
    static const char *const outcomes[] = { "complete", "unchanged", "partial", "failed", "gone" };
    size_t played = 0, of_outcome[ARRAY_LEN(outcomes)] = { 0 };

    for (size_t f = 0; f < replay_n_faults; f++) {
        size_t n = 0;

        for (size_t i = 0; i < w->p.boards.n; i++)
            for (int day = 0; day < REPLAY_DAYS; day++)
                n += w->p.boards.items[i]->days[day].fault == &replay_faults[f];
        printf("  %3zu boards: %s\n", n, replay_faults[f].name);
        CHECK_ROW(n >= (replay_faults[f].needs & NEED_CAP ? 1 : OF_A_FAULT), f);
    }
    for (size_t i = 0; i < w->p.boards.n; i++) {
        const struct replay_board *b = w->p.boards.items[i];

        played += !b->never;
        for (int day = 0; day < REPLAY_DAYS && !b->never; day++)
            for (size_t o = 0; o < ARRAY_LEN(outcomes); o++)
                of_outcome[o] += !strcmp(b->days[day].want.outcome, outcomes[o]);
    }
    for (size_t o = 0; o < ARRAY_LEN(outcomes); o++) {
        printf("  %4zu readings: %s\n", of_outcome[o], outcomes[o]);
        CHECK_ROW(of_outcome[o] >= 10, o);
    }
    printf("  %zu boards played over %d days, %zu never asked\n", played, REPLAY_DAYS,
           w->p.boards.n - played);
    CHECK(played >= SHIPPED);
}

static void three_days_over_every_board_go_as_planted(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct arena a = ARENA_INIT;
    struct spawned s;

    (void)state;
    open_world(w);
    check_plan(w);
    for (int day = 0; day < REPLAY_DAYS; day++) {
        w->hits = boards_hits(w->p.play.boards);
        play_day(&w->p.play, day);
        s = play(&w->p.play, clocks[day], "crawl", "--format", "jsonl");
        CHECK_ROW(s.status == 3, day);
        printf("  day %d: %.1f s, %zu requests\n", day, (double)s.ms / 1000,
               boards_hits(w->p.play.boards) - w->hits);
        check_report(w, &a, day, s.out);
        check_open(w, &a, day);
        arena_reset(&a);
    }
    s = play(&w->p.play, "20T00:00", "crawl", "--check-ledger");
    CHECK(s.status == 0
          && str_find(s.out, STR("broken: gap 0, robots 0, patience 0, overlap 0")) >= 0);
    printf("  " STR_FMT, STR_ARG(s.out));
    played_close(&w->p);
    arena_free(&a);
    free(w);
}

RUN_TESTS(TEST(three_days_over_every_board_go_as_planted))
