/* Openings over time: a changed posting splits off and joins again, and what was joined at an
 * earlier time stays what was joined then. */
#include "aggregator/openings.h"
#include "aggregator/walk.h"
#include "core/date.h"
#include "core/hash.h"
#include "store_util.h"
#include "tests/sim/draws.h"
#include "whole_market.h"

enum { SKILLS = 1, ADS = 5, STEPS = 25, SEEDS = 8, HALF_DAY = DAY_SECONDS / 2 };

static const struct skill_view skills[SKILLS] = { { .id = STR("python") } };
static const struct str skill_ids[SKILLS] = { STR("python") };

static const struct source_row boards[] = {
    { .key = STR("board:kaveri"), .adapter = STR("greenhouse"), .company = STR("Kaveri Pay") },
    { .key = STR("board:kaveri2"), .adapter = STR("lever"), .company = STR("Kaveri Pay") },
    { .key = STR("jobs:all"), .adapter = STR("adzuna") },
};
enum { BOARDS = ARRAY_LEN(boards) };

/* A history under way. */
struct play {
    struct folder folder;
    struct store *s;
    int64_t now;
};

static struct play begin(void)
{
    struct play p = { .folder = fresh_folder(), .now = NOON };
    struct diag d = { 0 };

    OK(store_open(&p.s, p.folder.path, STORE_WRITE, &d));
    for (int i = 0; i < BOARDS; i++) {
        struct source_row row = boards[i];

        row.added = NOON;
        OK(store_put_source(p.s, &row, row.added, &d));
    }
    return p;
}

static void end(struct play *p)
{
    store_close(&p->s);
    remove_folder(&p->folder);
}

struct shown {
    const char *id, *title, *text; /* no id: not shown */
};

static void read_all(struct play *p)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct place pune = { .city = STR("Pune"), .country = STR("IN") };
    struct revision rev = { 0 };
    struct diag d = { 0 };
    int64_t cursor = 0;

    OK(store_use_vintage(p->s, (struct hash){ 1, 1 }, skill_ids, SKILLS, p->now, &d));
    while (store_next_unread(p->s, &cursor, &a, &rev, &d) == 0) {
        struct signal sig = { .family = FAMILY_CORE,
                              .india = INDIA_YES,
                              .stage_reason = "",
                              .places = &pune,
                              .n_places = 1 };

        OK(store_put_signal(p->s, rev.id, &sig, &d));
    }
}

static void show(struct play *p, int board, const struct shown *ads, size_t n)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct str list[ADS];
    struct verdict_in in = { .outcome = "complete", .ids = list };
    struct verdict v;
    struct diag d = { 0 };
    int64_t reading = 0;

    OK(store_begin_reading(p->s, boards[board].key, p->now, &reading, &d));
    for (size_t i = 0; i < n; i++) {
        struct listing l;

        if (!ads[i].id)
            continue;
        list[in.n_ids++] = str_of(ads[i].id);
        l = listing_of(str_of(ads[i].id), str_of(ads[i].title), str_of(ads[i].text));
        OK(store_put_listing(p->s, reading, boards[board].key, &l,
                             str_printf(&a, "%s %s", ads[i].title, ads[i].text), (struct hash){ 0 },
                             p->now, &d));
    }
    in.got = (int64_t)in.n_ids;
    OK(store_end_reading(p->s, reading, &in, p->now, &v, &d));
    read_all(p);
}

static size_t openings_at(struct play *p, int64_t at)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct market m;

    whole_market(&m, p->s, at, skills, SKILLS, &a);
    return m.n_openings;
}

#define WORDS       "You run the model platform of our payments: Kubernetes, MLflow and Python."
#define OTHER_WORDS "You sell terminals to shops in the west and keep their owners happy."

static void a_changed_posting_splits_and_joins_again_and_history_says_so(void **state)
{
    static const struct {
        const char *title, *text;
        size_t openings;
    } days[] = {
        { "MLOps Engineer", WORDS, 1 },
        { "MLOps Engineer", OTHER_WORDS, 2 },          /* another job under the old number */
        { "MLOps Engineer", WORDS, 1 },                /* a mistake, taken back */
        { "MLOps Engineer II", WORDS, 2 },             /* another level */
        { "MLOps Engineer - Pune", WORDS " Now!", 1 }, /* the place in the title, a word more */
    };
    struct shown copy = { .id = "77", .title = "MLOps Engineer", .text = WORDS };
    struct play p = begin();

    (void)state;
    show(&p, 2, &copy, 1);
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        struct shown ad = { .id = "1", .title = days[i].title, .text = days[i].text };

        p.now = NOON + (int64_t)(i + 1) * DAY_SECONDS;
        show(&p, 0, &ad, 1);
        show(&p, 2, &copy, 1);
        CHECK_ROW(openings_at(&p, p.now) == days[i].openings, i);
    }
    for (size_t i = 0; i < ARRAY_LEN(days); i++)
        CHECK_ROW(openings_at(&p, NOON + (int64_t)(i + 1) * DAY_SECONDS) == days[i].openings, i);
    end(&p);
}

/* Summed over postings, a number that names the partition and its reasons. */
static uint64_t shape(int64_t posting, int64_t opening, struct str evidence)
{
    return (hash64_of(evidence) + (uint64_t)posting * 0x9E3779B97F4A7C15ULL)
           ^ ((uint64_t)opening << 32);
}

static int add_row(void *ctx, size_t row, const struct sql_cell *cells, size_t n, struct diag *d)
{
    int64_t posting = 0, opening = 0;

    (void)n, (void)d;
    if (row && str_int(cells[0].text, &posting) && str_int(cells[1].text, &opening))
        *(uint64_t *)ctx += shape(posting, opening, cells[2].text);
    return 0;
}

/* As the store has it. */
static uint64_t shape_kept(struct play *p)
{
    struct diag d = { 0 };
    uint64_t ret = 0;

    OK(store_sql(p->s, STR("SELECT posting, opening, evidence FROM v_opening_posting"), add_row,
                 &ret, &d));
    return ret;
}

static int add_family(void *ctx, const struct market *one, struct diag *d)
{
    (void)d;
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    for (size_t i = 0; i < one->n_openings; i++)
        for (size_t k = 0; k < one->openings[i].n_members; k++)
            *(uint64_t *)ctx += shape(one->openings[i].members[k]->posting, one->openings[i].id,
                                      opening_evidence(&one->openings[i], k, &a));
    return 0;
}

/* As it is worked out now for then, family by family. */
static uint64_t shape_at(struct play *p, int64_t at)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const struct walk_terms terms = { at, NULL, skills, SKILLS };
    struct diag d = { 0 };
    uint64_t ret = 0;

    OK(market_walk(p->s, &terms, add_family, &ret, &a, &d));
    return ret;
}

/* As it is worked out from all postings at once. */
static uint64_t shape_of_all(struct play *p, int64_t at)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct market m;
    uint64_t ret = 0;

    whole_market(&m, p->s, at, skills, SKILLS, &a);
    add_family(&ret, &m, NULL);
    return ret;
}

static uint64_t pick(struct draws *r, uint64_t below)
{
    return (uint64_t)(draw(r) * (double)below);
}

static void change_a_board(struct play *p, struct draws *r)
{
    static const char *const ids[ADS] = { "1", "2", "3", "4", "5" };
    static const char *const titles[] = { "MLOps Engineer", "Sr MLOps Engineer" };
    static const char *const texts[] = { WORDS, OTHER_WORDS, WORDS " Now!" };
    struct shown ads[ADS] = { 0 };

    for (size_t i = 0; i < ADS; i++)
        if (pick(r, 3))
            ads[i] = (struct shown){ .id = ids[i], .title = titles[pick(r, 2)], texts[pick(r, 3)] };
    show(p, (int)pick(r, BOARDS), ads, ADS);
}

/* Another company's from now on, whose name comes before or after the other boards'. */
static void hand_over_a_board(struct play *p, struct draws *r)
{
    static const struct str companies[] = { STR("Kaveri Pay"), STR("Asha Works"), STR("Zari") };
    struct source_row row = boards[pick(r, 2)];
    struct diag d = { 0 };

    row.added = NOON;
    row.company = companies[pick(r, ARRAY_LEN(companies))];
    OK(store_put_source(p->s, &row, p->now, &d));
}

/* Saved at every step, or worked out once from all that was read: the same, now and for then. */
static void step_by_step_is_what_all_at_once_is(void **state)
{
    (void)state;
    for (int seed = 1; seed <= SEEDS; seed++) {
        struct play p = begin();
        struct draws r = draws_from((uint64_t)seed);
        uint64_t then[STEPS];
        struct diag d = { 0 };

        for (int i = 0; i < STEPS; i++) {
            p.now = NOON + (i + 1) * (int64_t)HALF_DAY;
            if (pick(&r, 4) == 0)
                hand_over_a_board(&p, &r);
            change_a_board(&p, &r);
            OK(figures_update(p.s, p.now, NULL, skills, SKILLS, &d));
            then[i] = shape_kept(&p);
            CHECK_ROW(shape_of_all(&p, p.now) == then[i], i);
        }
        store_close(&p.s);
        OK(store_open(&p.s, p.folder.path, STORE_WRITE, &d));
        CHECK_ROW(shape_kept(&p) == then[STEPS - 1], seed);
        for (int i = STEPS; i--;)
            CHECK_ROW(shape_at(&p, NOON + (i + 1) * (int64_t)HALF_DAY) == then[i], seed);
        end(&p);
    }
}

RUN_TESTS(TEST(a_changed_posting_splits_and_joins_again_and_history_says_so),
          TEST(step_by_step_is_what_all_at_once_is))
