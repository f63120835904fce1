#include <math.h>

#include "aggregator/market.h"
#include "aggregator/walk.h"
#include "core/buf.h"
#include "core/date.h"
#include "store_util.h"

/*
 * A market whose truth is known, played into a store: employers open and close jobs, list some
 * of them twice, put some up again; an aggregator echoes; a board is added late and a third of
 * them fails for days. Every board is read once a day, and shows what is open then.
 */
enum { FIRST = 20700, DAYS = 30, BOARDS = 5, ECHO = 5, SOURCES = 6, LATE = 4, LATE_DAY = 10 };
enum { FAILS_FROM = 12, FAILS_TO = 17, JOBS = 60, POSTINGS = 4 * JOBS, WORDS = 40 };

static const char *const keys[SOURCES] = { "board:a", "board:b", "board:c",
                                           "board:d", "board:e", "echo:all" };
static const char *const companies[SOURCES] = { "Asha",   "Banyan Pvt Ltd", "Champa",
                                                "Deodar", "Elaichi",        "" };

struct posted { /* one posting, as it was in truth: open on days from <= day < to */
    int source, from, to, job, nth;
    char id[16], requisition[16];
};

struct play {
    struct folder folder;
    struct store *s;
    struct arena a;
    bool with_late, with_failure;
    struct posted postings[POSTINGS];
    size_t n_postings;
    int next; /* the first day whose boards were not read yet */
};

static bool fails(int source)
{
    return source == 1 || source == 2;
}

static bool is_proven(const struct play *p, int source, int day)
{
    if (source == LATE)
        return p->with_late && day >= LATE_DAY;
    return !(p->with_failure && fails(source) && day >= FAILS_FROM && day <= FAILS_TO);
}

static int64_t read_at(int day)
{
    return day_start(FIRST + day) + 12 * 3600;
}

static void post(struct play *p, int source, int job, int from, int to, int nth)
{
    struct posted *q = &p->postings[p->n_postings++];

    *q = (struct posted){ .source = source, .from = from, .to = to, .job = job, .nth = nth };
    snprintf(q->id, sizeof(q->id), "%d-%d", job, nth);
    if (job % 3 == 0 && source != ECHO)
        snprintf(q->requisition, sizeof(q->requisition), "R-%d", job);
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
static void begin(struct play *p)
{
    struct diag d = { 0 };

    p->folder = fresh_folder();
    OK(store_open(&p->s, p->folder.path, STORE_WRITE, &d));
    for (int i = 0; i < SOURCES; i++)
        OK(store_put_source(p->s,
                            &(struct source_row){ .key = str_of(keys[i]),
                                                  .adapter = STR("greenhouse"),
                                                  .company = str_of(companies[i]),
                                                  .added = read_at(0) },
                            read_at(0), &d));
    for (int j = 0; j < JOBS; j++) {
        int board = j % BOARDS;

        post(p, board, j, opens(j), closes(j), 0);
        if (j % 2)
            post(p, board, j, opens(j), closes(j), 1);
        if (j % 4 == 0 && board != LATE)
            post(p, ECHO, j, opens(j) + 1, closes(j) + 2, 0);
        if (j % 7 == 0)
            post(p, board, j, closes(j), closes(j) + 4, 2);
    }
}

static void release(struct play *p)
{
    store_close(&p->s);
    arena_free(&p->a);
    remove_folder(&p->folder);
}

/* Ads of one job have the same words, ads of two have hardly one in common. */
static struct str text_of(struct arena *a, int job)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (uint64_t i = 0; i < WORDS; i++)
        buf_printf(&b, "word%llx ",
                   (unsigned long long)(((uint64_t)job * WORDS + i + 1) * 0x9E3779B97F4A7C15ULL));
    return buf_take(&b, a);
}

static void put_posting(struct play *p, int64_t reading, const struct posted *q, int64_t at,
                        struct arena *a)
{
    struct str city = q->nth % 2 ? STR("Chennai") : STR("Pune");
    struct listing l = listing_of(str_of(q->id), STR("MLOps Engineer"), text_of(a, q->job));
    struct diag d = { 0 };

    l.company = str_of(companies[q->job % BOARDS]);
    l.requisition = str_of(q->requisition);
    l.places = (struct strs){ &city, 1, 1 };
    OK(store_put_listing(p->s, reading, str_of(keys[q->source]), &l, str_of(q->id),
                         (struct hash){ 0 }, at, &d));
}

/* A collapse is confirmed by a second look, a minute later. */
static bool read_once(struct play *p, int source, int day, int64_t at)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct str ids[POSTINGS];
    struct verdict_in in = { .outcome = "complete", .ids = ids };
    struct verdict v;
    struct diag d = { 0 };
    int64_t reading = 0;

    OK(store_begin_reading(p->s, str_of(keys[source]), at, &reading, &d));
    for (size_t i = 0; i < p->n_postings; i++) {
        const struct posted *q = &p->postings[i];

        if (q->source != source || day < q->from || day >= q->to)
            continue;
        put_posting(p, reading, q, at, &a);
        ids[in.n_ids++] = str_of(q->id);
    }
    in.got = (int64_t)in.n_ids;
    OK(store_end_reading(p->s, reading, &in, at, &v, &d));
    return v.held;
}

static void read_source(struct play *p, int source, int day)
{
    if (read_once(p, source, day, read_at(day)))
        CHECK_ROW(!read_once(p, source, day, read_at(day) + 60), day);
}

static void sign_all(struct play *p, int64_t now)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct revision rev;
    struct diag d = { 0 };
    int64_t cursor = 0;

    OK(store_use_vintage(p->s, (struct hash){ 1, 1 }, NULL, 0, now, &d));
    while (store_next_unread(p->s, &cursor, &a, &rev, &d) == 0) {
        struct str rest = rev.listing.native_id;
        struct place place = { .city = rev.listing.places.items[0], .country = STR("IN") };
        struct signal sig = { .family = FAMILY_CORE,
                              .india = INDIA_YES,
                              .stage_reason = "",
                              .experience = { -1, -1, { 0 } },
                              .places = &place,
                              .n_places = 1 };
        int64_t job = 0;

        CHECK(str_int(str_cut(&rest, '-'), &job));
        sig.stage = 1 + (int)job % STAGES;
        OK(store_put_signal(p->s, rev.id, &sig, &d));
    }
}

/* Everything is read that is to be read by `now`. */
static void play_until(struct play *p, int64_t now)
{
    struct diag d = { 0 };

    for (; p->next < DAYS && read_at(p->next) <= now; p->next++)
        for (int source = 0; source < SOURCES; source++)
            if (is_proven(p, source, p->next))
                read_source(p, source, p->next);
    sign_all(p, now);
    OK(store_flush(p->s, &d));
}

static void update(struct play *p, int64_t now)
{
    struct diag d = { 0 };

    play_until(p, now);
    OK(figures_update(p->s, now, NULL, NULL, 0, &d));
}

static int64_t truth(const struct play *p, int day)
{
    int64_t n = 0;

    for (int j = 0; j < JOBS; j++) {
        int to = closes(j) + (j % 7 == 0 ? 4 : 0);

        n += opens(j) <= day && day < to && is_proven(p, j % BOARDS, day);
    }
    return n;
}

static bool all_proven(const struct play *p, int day)
{
    for (int i = 0; i < SOURCES; i++)
        if (!is_proven(p, i, day) && (i != LATE || day >= LATE_DAY))
            return false;
    return true;
}

static size_t figures(struct play *p, int day, const char *name, struct figure_row **ret)
{
    struct diag d = { 0 };
    size_t n = 0;

    OK(store_figures(p->s, str_of(name), FIRST + day, FIRST + day, &p->a, ret, &n, &d));
    return n;
}

static double figure(struct play *p, int day, const char *name)
{
    struct figure_row *rows = NULL;

    return figures(p, day, name, &rows) ? rows[0].value : NAN;
}

static void the_count_is_the_truth_whenever_every_board_was_proven(void **state)
{
    CLEANUP(release) struct play p = { .with_late = true, .with_failure = true };
    int proven = 0;

    (void)state;
    begin(&p);
    update(&p, read_at(DAYS - 1) + 3600);
    for (int day = 0; day < DAYS; day++) {
        if (!all_proven(&p, day))
            continue;
        proven++;
        CHECK_ROW(figure(&p, day, "openings") == (double)truth(&p, day), day);
        CHECK_ROW(figure(&p, day, "carried") == 0, day);
    }
    CHECK(proven == DAYS - (FAILS_TO - FAILS_FROM + 1));
    CHECK(figure(&p, FAILS_TO, "carried") > 0);
    CHECK(figure(&p, FAILS_TO, "sources_read") == SOURCES - 2);
}

static void a_board_added_late_does_not_move_the_index(void **state)
{
    CLEANUP(release) struct play with = { .with_late = true };
    CLEANUP(release) struct play without = { 0 };

    (void)state;
    begin(&with);
    begin(&without);
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
    CLEANUP(release) struct play with = { .with_failure = true };
    CLEANUP(release) struct play without = { 0 };

    (void)state;
    begin(&with);
    begin(&without);
    update(&with, read_at(DAYS - 1) + 90);
    update(&without, read_at(DAYS - 1) + 90);
    CHECK(figure(&with, FAILS_TO, "panel_raw") != figure(&without, FAILS_TO, "panel_raw"));
    for (int day = FAILS_TO + 1; day < DAYS; day++)
        CHECK_ROW(fabs(figure(&with, day, "panel_raw") - figure(&without, day, "panel_raw")) < 1e-9,
                  day);
}

/* What stood at the boards that fail stays in the headline, and says so; what an aggregator shows
 * of them meanwhile comes to it. */
static void in_an_outage_of_a_third_the_headline_carries_them(void **state)
{
    CLEANUP(release) struct play p = { .with_failure = true };

    (void)state;
    begin(&p);
    update(&p, read_at(FAILS_TO) + 3600);
    for (int day = FAILS_FROM; day <= FAILS_TO; day++) {
        int64_t counted = 0, carried = 0;

        for (int j = 0; j < JOBS; j++) {
            const int board = j % BOARDS, last = FAILS_FROM - 1;
            const int to = closes(j) + (j % 7 == 0 ? 4 : 0);

            if (!fails(board)) {
                counted += board != LATE && opens(j) <= day && day < to;
                continue;
            }
            carried += opens(j) <= last && last < to;
            counted +=
                (opens(j) <= last && last < to)
                || (j % 4 == 0 && opens(j) > last && opens(j) + 1 <= day && day < closes(j) + 2);
        }
        CHECK_ROW(carried > 0 && figure(&p, day, "carried") == (double)carried, day);
        CHECK_ROW(figure(&p, day, "openings") == (double)counted, day);
    }
}

static void updating_daily_gives_what_updating_once_gives(void **state)
{
    CLEANUP(release) struct play daily = { .with_late = true, .with_failure = true };
    CLEANUP(release) struct play once = { .with_late = true, .with_failure = true };

    (void)state;
    begin(&daily);
    begin(&once);
    for (int day = 0; day < DAYS; day++) {
        update(&daily, read_at(day) - 3600); /* before the reading of the day, and after it */
        update(&daily, read_at(day) + 3600);
    }
    update(&once, read_at(DAYS - 1) + 3600);
    for (int day = 0; day < DAYS; day++) {
        struct figure_row *a = NULL, *b = NULL;
        size_t n = figures(&once, day, "", &a);

        CHECK_ROW(n > 0 && figures(&daily, day, "", &b) == n, day);
        for (size_t i = 0; i < n; i++)
            CHECK_ROW(str_eq(a[i].name, b[i].name)
                          && (fabs(a[i].value - b[i].value) < 1e-9
                              || (isnan(a[i].value) && isnan(b[i].value)))
                          && a[i].n == b[i].n && a[i].employers == b[i].employers,
                      day);
    }
}

struct lines {
    int64_t all, counted;
    bool odd; /* one that leads nothing counts, or that gives no reason */
};

static int count_lines(void *ctx, const struct market *one, struct diag *d)
{
    struct lines *n = ctx;

    (void)d;
    for (size_t i = 0; i < one->n_openings; i++)
        for (size_t k = 0; k < one->openings[i].n_members; k++) {
            const struct opening *o = &one->openings[i];

            n->all++;
            n->counted += o->whys[k] == COUNTED;
            n->odd |= o->whys[k] == COUNTED && o->members[k] != o->lead;
            n->odd |= !*why_counted_text(o->whys[k]);
        }
    return 0;
}

static void the_audit_adds_up_every_day(void **state)
{
    CLEANUP(release) struct play p = { .with_late = true, .with_failure = true };

    (void)state;
    begin(&p);
    for (int day = 0; day < DAYS; day++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        const struct walk_terms terms = { read_at(day) + 90, NULL, NULL, 0 };
        struct lines lines = { 0 };
        struct market m;
        struct roles r;
        struct diag d = { 0 };

        play_until(&p, terms.at);
        OK(market_walk(p.s, &terms, count_lines, &lines, &a, &d));
        OK(market_load(&m, p.s, terms.at, NULL, NULL, 0, &a, &d));
        OK(roles_of(&m, p.s, &r, &a, &d));
        CHECK_ROW(lines.counted == r.openings && lines.all == (int64_t)m.n_postings, day);
        CHECK_ROW(!lines.odd, day);
        CHECK_ROW(r.by_stage[0] + r.by_stage[1] + r.by_stage[2] + r.by_stage[3] + r.by_stage[4]
                          + r.by_stage[5]
                      == r.openings,
                  day);
    }
}

static void the_series_and_the_change_are_read_back(void **state)
{
    CLEANUP(release) struct play p = { .with_late = true };
    struct series_row *rows;
    struct market m;
    struct roles r;
    struct diag d = { 0 };
    size_t n;

    (void)state;
    begin(&p);
    update(&p, read_at(20) + 90);
    OK(series_load(p.s, FIRST, FIRST + 20, &p.a, &rows, &n, &d));
    assert_int_equal(n, 21);
    CHECK(rows[20].day == FIRST + 20 && rows[20].sources_read == SOURCES);
    CHECK((double)rows[20].postings == figure(&p, 20, "postings"));
    CHECK(rows[20].panel_index == figure(&p, 20, "panel_index"));
    OK(market_load(&m, p.s, read_at(20) + 90, NULL, NULL, 0, &p.a, &d));
    OK(roles_of(&m, p.s, &r, &p.a, &d));
    CHECK(r.has_change && r.raw_openings == rows[20].openings - rows[13].openings);
    CHECK(fabs(r.panel_percent - 100 * (rows[20].panel_index / rows[13].panel_index - 1)) < 1e-12);
}

RUN_TESTS(TEST(the_count_is_the_truth_whenever_every_board_was_proven),
          TEST(a_board_added_late_does_not_move_the_index),
          TEST(after_an_outage_the_index_is_what_it_would_have_been),
          TEST(in_an_outage_of_a_third_the_headline_carries_them),
          TEST(updating_daily_gives_what_updating_once_gives), TEST(the_audit_adds_up_every_day),
          TEST(the_series_and_the_change_are_read_back))
