#include <math.h>

#include "aggregator/market.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "test.h"

/*
 * A market whose truth is known, played through the store's interface: employers open and
 * close jobs, list some of them twice, put some up again; an aggregator echoes; a board is
 * added late and another fails for days. What the store would know at a time is computed
 * from the truth and the days on which each board was proven.
 */
enum { FIRST = 20700, DAYS = 30, BOARDS = 5, ECHO = 5, SOURCES = 6, LATE = 4, LATE_DAY = 10 };
enum { FAILS = 1, FAILS_FROM = 12, FAILS_TO = 17, JOBS = 60, POSTINGS = 4 * JOBS };

static const char *const keys[SOURCES] = { "board:a", "board:b", "board:c",
                                           "board:d", "board:e", "echo:all" };
static const char *const companies[SOURCES] = { "Asha",   "Banyan Pvt Ltd", "Champa",
                                                "Deodar", "Elaichi",        "" };

struct played { /* one posting, as it was in truth: open on days from <= day < to */
    int source, from, to, job;
    char id[16], requisition[16];
    struct place place;
};

struct store {
    struct arena a;
    bool with_late, with_failure;
    struct played postings[POSTINGS];
    size_t n_postings;
    struct source_state sources[SOURCES];
    struct {
        struct figure_row *items;
        size_t n, cap;
    } figures;
    struct opening_row *openings;
    size_t n_openings;
};

static bool is_proven(const struct store *s, int source, int day)
{
    if (source == LATE)
        return s->with_late && day >= LATE_DAY;
    return !(s->with_failure && source == FAILS && day >= FAILS_FROM && day <= FAILS_TO);
}

static int64_t read_at(int day)
{
    return day_start(FIRST + day) + 12 * 3600;
}

int store_sources(struct store *s, struct arena *a, struct source_state **ret, size_t *ret_n,
                  struct diag *d)
{
    (void)a, (void)d;
    *ret = s->sources;
    *ret_n = SOURCES;
    return 0;
}

int store_source_standing(struct store *s, int64_t at, int64_t today, int64_t stale,
                          struct source_standing *ret, struct diag *d)
{
    (void)s, (void)at, (void)today, (void)stale, (void)d;
    *ret = (struct source_standing){ 0 };
    return 0;
}

int store_proven_days(struct store *s, int64_t to, struct arena *a, struct proven_day **ret,
                      size_t *ret_n, struct diag *d)
{
    struct proven_day *days = ARENA_NEW(a, struct proven_day, SOURCES * DAYS);
    size_t n = 0;

    (void)d;
    for (int i = 0; i < SOURCES; i++)
        for (int day = 0; day < DAYS && FIRST + day <= to; day++)
            if (is_proven(s, i, day))
                days[n++] = (struct proven_day){ s->sources[i].row.key, FIRST + day, read_at(day) };
    *ret = days;
    *ret_n = n;
    return 0;
}

static struct posting_fact fact_at(const struct store *s, const struct played *p, int64_t at)
{
    struct posting_fact f = {
        .source = s->sources[p->source].row.key,
        .native_id = str_of(p->id),
        .requisition = str_of(p->requisition),
        .company = str_of(companies[p->job % BOARDS]),
        .title = STR("MLOps Engineer"),
        .ended_how = "",
        .text_read = true,
        .text_hash = (uint64_t)p->job + 1,
        .has_signal = true,
        .signal = { .family = FAMILY_CORE, .india = INDIA_YES, .stage = 1 + p->job % STAGES },
    };

    for (int day = 0; day < DAYS && read_at(day) <= at; day++) {
        if (!is_proven(s, p->source, day))
            continue;
        f.source_proven = read_at(day);
        if (day >= p->from && day < p->to && !f.first_proof)
            f.first_proof = read_at(day);
        if (day >= p->to && !f.ended_by)
            f.ended_by = read_at(day);
    }
    return f;
}

int store_scan(struct store *s, int64_t at, struct arena *a,
               int (*each)(void *ctx, const struct posting_fact *f, struct diag *d), void *ctx,
               struct diag *d)
{
    for (size_t i = 0; i < s->n_postings; i++) {
        struct posting_fact *f = ARENA_NEW(a, struct posting_fact, 1);
        int r;

        *f = fact_at(s, &s->postings[i], at);
        f->posting = (int64_t)i + 1;
        f->signal.places = &s->postings[i].place;
        f->signal.n_places = 1;
        if (!f->first_proof)
            continue;
        r = each(ctx, f, d);
        if (r)
            return r;
    }
    return 0;
}

static struct figure_row *find_row(struct store *s, int64_t day, struct str name)
{
    for (size_t i = 0; i < s->figures.n; i++)
        if (s->figures.items[i].day == day && str_eq(s->figures.items[i].name, name))
            return &s->figures.items[i];
    return NULL;
}

int store_put_figures(struct store *s, const struct figure_row *rows, size_t n, struct diag *d)
{
    (void)d;
    for (size_t i = 0; i < n; i++) {
        struct figure_row *to = find_row(s, rows[i].day, rows[i].name);

        if (!to)
            to = ARENA_PUSH(&s->a, &s->figures);
        *to = rows[i];
        to->name = str_dup(&s->a, rows[i].name);
    }
    return 0;
}

int store_figures(struct store *s, struct str name, int64_t from, int64_t to, struct arena *a,
                  struct figure_row **ret, size_t *ret_n, struct diag *d)
{
    struct figure_row *rows = ARENA_NEW(a, struct figure_row, DAYS + 1);
    size_t n = 0;

    (void)d;
    for (int64_t day = from < FIRST ? FIRST : from; day <= to && day < FIRST + DAYS; day++) {
        const struct figure_row *row = find_row(s, day, name);

        if (row)
            rows[n++] = *row;
    }
    *ret = rows;
    *ret_n = n;
    return 0;
}

int store_put_openings(struct store *s, const struct opening_row *rows, size_t n, int64_t now,
                       struct diag *d)
{
    (void)now, (void)d;
    s->openings = ARENA_NEW(&s->a, struct opening_row, n + 1);
    for (size_t i = 0; i < n; i++)
        s->openings[i] = rows[i];
    s->n_openings = n;
    return 0;
}

static void post(struct store *s, int source, int job, int from, int to, int nth)
{
    static struct place cities[2] = { { .city = { "Pune", 4 } }, { .city = { "Chennai", 7 } } };
    struct played *p = &s->postings[s->n_postings++];

    *p = (struct played){ .source = source, .from = from, .to = to, .job = job };
    p->place = cities[nth % 2];
    snprintf(p->id, sizeof(p->id), "%d-%d", job, nth);
    if (job % 3 == 0 && source != ECHO)
        snprintf(p->requisition, sizeof(p->requisition), "R-%d", job);
}

static int opens(int job)
{
    return job * 7 % 31 - 8; /* some were open before the first day */
}

static int closes(int job)
{
    return opens(job) + 6 + job * 5 % 17;
}

/* Job j is employer j % BOARDS's. Every second one is listed in two cities, every fourth echoed a
 * day later and two days too long; every seventh is put up again under a new id when it closes. */
static void play(struct store *s)
{
    for (int i = 0; i < SOURCES; i++)
        s->sources[i].row =
            (struct source_row){ .key = str_of(keys[i]), .company = str_of(companies[i]) };
    for (int j = 0; j < JOBS; j++) {
        int board = j % BOARDS;

        post(s, board, j, opens(j), closes(j), 0);
        if (j % 2)
            post(s, board, j, opens(j), closes(j), 1);
        if (j % 4 == 0 && board != LATE)
            post(s, ECHO, j, opens(j) + 1, closes(j) + 2, 0);
        if (j % 7 == 0)
            post(s, board, j, closes(j), closes(j) + 4, 2);
    }
}

static int64_t truth(const struct store *s, int day)
{
    int64_t n = 0;

    for (int j = 0; j < JOBS; j++) {
        int to = closes(j) + (j % 7 == 0 ? 4 : 0);

        n += opens(j) <= day && day < to && is_proven(s, j % BOARDS, day);
    }
    return n;
}

static bool all_proven(const struct store *s, int day)
{
    for (int i = 0; i < SOURCES; i++)
        if (!is_proven(s, i, day) && (i != LATE || day >= LATE_DAY))
            return false;
    return true;
}

static void update(struct store *s, int64_t now)
{
    struct diag d;

    assert_int_equal(series_update(s, now, NULL, NULL, 0, &d), 0);
}

static void release(struct store *s)
{
    arena_free(&s->a);
}

static double figure(struct store *s, int day, const char *name)
{
    const struct figure_row *row = find_row(s, FIRST + day, str_of(name));

    return row ? row->value : NAN;
}

static void the_count_is_the_truth_whenever_every_board_was_proven(void **state)
{
    CLEANUP(release) struct store s = { .with_late = true, .with_failure = true };
    int proven = 0;

    (void)state;
    play(&s);
    update(&s, read_at(DAYS - 1) + 3600);
    for (int day = 0; day < DAYS; day++) {
        if (!all_proven(&s, day))
            continue;
        proven++;
        CHECK_ROW(figure(&s, day, "openings") == (double)truth(&s, day), day);
        CHECK_ROW(figure(&s, day, "carried") == 0, day);
    }
    CHECK(proven == DAYS - (FAILS_TO - FAILS_FROM + 1));
    CHECK(figure(&s, FAILS_TO, "carried") > 0);
    CHECK(figure(&s, FAILS_TO, "sources_read") == SOURCES - 1);
}

static void a_board_added_late_does_not_move_the_index(void **state)
{
    CLEANUP(release) struct store with = { .with_late = true }, without = { 0 };

    (void)state;
    play(&with);
    play(&without);
    update(&with, read_at(LATE_DAY) + 3600);
    update(&without, read_at(LATE_DAY) + 3600);
    CHECK(figure(&with, LATE_DAY, "openings") > figure(&without, LATE_DAY, "openings"));
    for (int day = 0; day <= LATE_DAY; day++)
        CHECK_ROW(figure(&with, day, "panel_index") == figure(&without, day, "panel_index"), day);
    CHECK(figure(&with, 0, "panel_index") == 100);
    CHECK(figure(&with, LATE_DAY, "panel_raw") != 100);
}

static void after_an_outage_the_index_is_what_it_would_have_been(void **state)
{
    CLEANUP(release) struct store with = { .with_failure = true }, without = { 0 };

    (void)state;
    play(&with);
    play(&without);
    update(&with, read_at(DAYS - 1));
    update(&without, read_at(DAYS - 1));
    CHECK(figure(&with, FAILS_TO, "panel_raw") != figure(&without, FAILS_TO, "panel_raw"));
    for (int day = FAILS_TO + 1; day < DAYS; day++)
        CHECK_ROW(fabs(figure(&with, day, "panel_raw") - figure(&without, day, "panel_raw")) < 1e-9,
                  day);
}

static void updating_daily_gives_what_updating_once_gives(void **state)
{
    CLEANUP(release) struct store daily = { .with_late = true, .with_failure = true };
    CLEANUP(release) struct store once = daily;

    (void)state;
    play(&daily);
    play(&once);
    for (int day = 0; day < DAYS; day++) {
        update(&daily, read_at(day) - 3600); /* before the reading of the day, and after it */
        update(&daily, read_at(day) + 3600);
    }
    update(&once, read_at(DAYS - 1) + 3600);
    CHECK(daily.figures.n == once.figures.n);
    for (size_t i = 0; i < once.figures.n; i++) {
        const struct figure_row *a = &once.figures.items[i], *b = find_row(&daily, a->day, a->name);

        CHECK_ROW(b && (a->value == b->value || (isnan(a->value) && isnan(b->value))), i);
    }
}

static void the_audit_adds_up_every_day(void **state)
{
    CLEANUP(release) struct store s = { .with_late = true, .with_failure = true };
    struct diag d;

    (void)state;
    play(&s);
    for (int day = 0; day < DAYS; day++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        struct market m;
        struct roles r;
        int64_t lines = 0, counted = 0;

        assert_int_equal(market_load(&m, &s, read_at(day) + 60, NULL, NULL, 0, &a, &d), 0);
        assert_int_equal(market_save(&m, &s, m.at, &d), 0);
        assert_int_equal(roles_of(&m, &s, &r, &a, &d), 0);
        for (size_t i = 0; i < s.n_openings; i++) {
            lines++;
            counted += s.openings[i].counted;
            CHECK_ROW(!s.openings[i].counted || s.openings[i].leads, day);
            CHECK_ROW(s.openings[i].reason.n > 0, day);
        }
        CHECK_ROW(counted == r.openings && lines == (int64_t)m.n_postings, day);
        CHECK_ROW(r.by_stage[0] + r.by_stage[1] + r.by_stage[2] + r.by_stage[3] + r.by_stage[4]
                          + r.by_stage[5]
                      == r.openings,
                  day);
    }
}

static void the_series_and_the_change_are_read_back(void **state)
{
    CLEANUP(release) struct store s = { .with_late = true };
    struct series_row *rows;
    struct market m;
    struct roles r;
    struct diag d;
    size_t n;

    (void)state;
    play(&s);
    update(&s, read_at(20));
    assert_int_equal(series_load(&s, FIRST, FIRST + 20, &s.a, &rows, &n, &d), 0);
    assert_int_equal(n, 21);
    CHECK(rows[20].day == FIRST + 20 && rows[20].sources_read == SOURCES);
    CHECK((double)rows[20].postings == figure(&s, 20, "postings"));
    CHECK(rows[20].panel_index == figure(&s, 20, "panel_index"));
    assert_int_equal(market_load(&m, &s, read_at(20), NULL, NULL, 0, &s.a, &d), 0);
    assert_int_equal(roles_of(&m, &s, &r, &s.a, &d), 0);
    CHECK(r.has_change && r.raw_openings == rows[20].openings - rows[13].openings);
    CHECK(fabs(r.panel_percent - 100 * (rows[20].panel_index / rows[13].panel_index - 1)) < 1e-12);
}

RUN_TESTS(TEST(the_count_is_the_truth_whenever_every_board_was_proven),
          TEST(a_board_added_late_does_not_move_the_index),
          TEST(after_an_outage_the_index_is_what_it_would_have_been),
          TEST(updating_daily_gives_what_updating_once_gives), TEST(the_audit_adds_up_every_day),
          TEST(the_series_and_the_change_are_read_back))
