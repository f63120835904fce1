/*
 * fill DIR SHIPPED NOTHING POSTINGS: a store as long use leaves it, written through the store's own
 * functions: BOARDS boards of unequal size, read once a day for DAYS days, every day a new batch of
 * ads that stays open for OPEN_DAYS; the figures of all days but the last are as if made. Only what
 * extraction would conclude is drawn, not read: about fifteen skills an ad, more alike within an
 * employer than between two. The same bytes each time.
 */
#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "parsers/extract.h"
#include "store/store.h"
#include "tests/sim/draws.h"

enum { BOARDS = 1000, DAYS = 365, OPEN_DAYS = 18, FIRST_DAY = 20383, TITLES = 40, SAID = 18 };
enum { HABITS = 40, ID_BYTES = 24 };

static const char *const cities[] = { "Bengaluru", "Pune",  "Hyderabad", "Chennai",
                                      "Mumbai",    "Noida", "Gurugram",  "Kolkata" };

struct fill {
    struct arena arena, page;
    struct config config;
    struct extractor *x;
    struct store *s;
    size_t n_skills;
    int64_t batch[BOARDS];  /* new ads of a board, a day */
    int32_t (*named)[DAYS]; /* by skill and day: ads of the core family that come to name it */
};

static void release(struct fill *f)
{
    store_close(&f->s);
    extractor_close(&f->x);
    arena_free(&f->page);
    arena_free(&f->arena);
}

static int64_t time_of(int day)
{
    return day_start(FIRST_DAY + day) + 6 * 3600;
}

static struct str board_key(struct arena *a, int board)
{
    return str_printf(a, "greenhouse:employer-%04d", board);
}

/* Sizes fall as 1 / (rank + 20). */
static void size_boards(struct fill *f, int64_t postings)
{
    const double a_day = (double)(postings / DAYS);
    double sum = 0, upto = 0;

    for (int b = 0; b < BOARDS; b++)
        sum += 1. / (b + 20);
    for (int b = 0; b < BOARDS; b++) {
        int64_t before = llround(upto);

        upto += a_day / sum / (b + 20);
        f->batch[b] = llround(upto) - before;
    }
}

static int put_board(struct fill *f, int board, struct diag *d)
{
    struct source_row row = { .key = board_key(&f->page, board),
                              .adapter = STR("greenhouse"),
                              .company = str_printf(&f->page, "Employer %04d", board),
                              .added = time_of(0) };

    return store_put_source(f->s, &row, time_of(0), d);
}

static int put_ad(struct fill *f, int64_t reading, int board, struct str id, uint64_t n,
                  struct diag *d)
{
    const char *city = cities[n % ARRAY_LEN(cities)];
    struct str places[] = { str_of(city) };
    struct listing l = { .native_id = id,
                         .title = str_printf(&f->page, "MLOps Engineer %d", (int)(n % TITLES)),
                         .company = str_printf(&f->page, "Employer %04d", board),
                         .url = str_printf(&f->page, "https://boards.example/%s",
                                           str_cstr(&f->page, id)),
                         .requisition = id,
                         .places = { .items = places, .n = 1 },
                         .text = str_printf(&f->page, "The ad %s of this board, in %s.",
                                            str_cstr(&f->page, id), city),
                         .text_read = true };
    int r = store_put_listing(f->s, reading, board_key(&f->page, board), &l, id, (struct hash){ 0 },
                              time_of((int)(n >> 40)), d);

    return r < 0 ? r : 0;
}

static int read_board(struct fill *f, int board, int day, struct diag *d)
{
    int from = day >= OPEN_DAYS ? day - OPEN_DAYS + 1 : 0;
    size_t n = 0, all = (size_t)f->batch[board] * OPEN_DAYS;
    struct str *ids = ARENA_NEW(&f->page, struct str, all + 1);
    struct verdict_in in = {
        .outcome = "complete", .proof = "whole", .ids = ids, .advertised = -1
    };
    struct verdict v;
    int64_t reading;
    int r = store_begin_reading(f->s, board_key(&f->page, board), time_of(day), &reading, d);

    for (int b = from; r >= 0 && b <= day; b++)
        for (int64_t i = 0; r >= 0 && i < f->batch[board]; i++) {
            ids[n] = str_printf(&f->page, "%d-%d-%d", board, b, (int)i);
            if (b == day)
                r = put_ad(f, reading, board, ids[n],
                           hash64_of(ids[n]) % 1000003 | (uint64_t)day << 40, d);
            n++;
        }
    in.n_ids = n;
    in.got = (int64_t)n;
    return r < 0 ? r : store_end_reading(f->s, reading, &in, time_of(day), &v, d);
}

/* Half of what an ad names is its employer's habit, so that ads of one resemble each other. */
static uint32_t draw_skill(struct fill *f, struct draws *r, uint64_t employer)
{
    double u = draw(r);

    if (draw(r) < .5) {
        struct draws habit = draws_from(employer * HABITS + (uint64_t)(u * HABITS));

        u = draw(&habit);
    }
    return (uint32_t)((double)f->n_skills * u * u);
}

/* How many more, or fewer, counted ads name each skill from the day on, and from their end on. */
static void count_named(struct fill *f, const struct signal *sig, int day)
{
    for (size_t i = 0, j; i < sig->n_mentions; i = j) {
        uint32_t skill = sig->mentions[i].skill;
        bool demanded = false;

        for (j = i; j < sig->n_mentions && sig->mentions[j].skill == skill; j++)
            demanded |= sig->mentions[j].polarity >= POLARITY_PREFERRED;
        if (!demanded || sig->family != FAMILY_CORE)
            continue;
        f->named[skill][day]++;
        if (day + OPEN_DAYS < DAYS)
            f->named[skill][day + OPEN_DAYS]--;
    }
}

static int by_skill(const void *x, const void *y)
{
    const struct mention *a = x, *b = y;

    return (a->skill > b->skill) - (a->skill < b->skill);
}

static int put_signal(struct fill *f, const struct revision *rev, struct diag *d)
{
    static const enum polarity polarities[] = { POLARITY_REQUIRED,  POLARITY_REQUIRED,
                                                POLARITY_DUTY,      POLARITY_STACK,
                                                POLARITY_PREFERRED, POLARITY_IGNORED };
    struct draws r = draws_from((uint64_t)rev->posting);
    struct mention says[SAID];
    struct place place = { .city = rev->listing.places.n ? rev->listing.places.items[0] : STR(""),
                           .country = STR("IN") };
    struct evidence from = { .rule = "drawn", .confidence = CONFIDENCE_HIGH };
    int stage = (int)(draw(&r) * 6);
    struct signal sig = {
        .family = draw(&r) < .8 ? FAMILY_CORE : FAMILY_ADJACENT,
        .track = (enum track)(draw(&r) * 4),
        .level = LEVEL_MID,
        .mode = (enum work_mode)(draw(&r) * 4),
        .india = INDIA_YES,
        .stage = stage,
        .stage_reason = "drawn",
        .experience = { .min_months = 12 * stage, .max_months = -1, .from = from },
        .places = &place,
        .n_places = 1,
        .mentions = says,
        .n_mentions = SAID
    };

    place.from = sig.family_from = sig.level_from = sig.mode_from = sig.india_from = sig.pay.from =
        from;
    for (size_t i = 0; i < SAID; i++)
        says[i] = (struct mention){
            .skill = draw_skill(f, &r, hash64_of(rev->source)),
            .polarity = polarities[(size_t)(draw(&r) * ARRAY_LEN(polarities))],
            .section = SECTION_REQUIRED,
            .implied = draw(&r) < .1,
            .field = FIELD_TEXT,
            .start = (uint32_t)(40 * i),
            .end = (uint32_t)(40 * i + 8),
        };
    qsort(says, SAID, sizeof(*says), by_skill);
    count_named(f, &sig, (int)(day_of(rev->read_at) - FIRST_DAY));
    return store_put_signal(f->s, rev->id, &sig, d);
}

static int put_signals(struct fill *f, struct diag *d)
{
    struct str *ids = ARENA_NEW(&f->arena, struct str, f->n_skills);
    struct skill_view *views = ARENA_NEW(&f->arena, struct skill_view, f->n_skills);
    struct revision rev;
    int64_t cursor = 0;
    int r;

    for (size_t i = 0; i < f->n_skills; i++) {
        const struct skill_rule *rule = extractor_skill(f->x, (uint32_t)i);

        ids[i] = rule->id;
        views[i] = (struct skill_view){ .id = rule->id,
                                        .label = rule->label,
                                        .category = rule->category,
                                        .practice = rule->practice,
                                        .generic = rule->generic };
    }
    r = store_use_vintage(f->s, extractor_vintage(f->x), ids, f->n_skills, time_of(DAYS - 1), d);
    if (r >= 0)
        r = store_put_skill_views(f->s, views, f->n_skills, d);
    while (r >= 0 && (r = store_next_unread(f->s, &cursor, &f->page, &rev, d)) == 0) {
        r = put_signal(f, &rev, d);
        arena_reset(&f->page);
    }
    return r < 0 ? r : 0;
}

/* The days before the last, as finished then: made one by one they would take hours. How many ads
 * name each skill is what would have been counted; the rest is drawn. */
static int put_days(struct fill *f, struct diag *d)
{
    static const char *const names[] = { "openings", "postings",    "sources_read",
                                         "final",    "panel_index", "panel_raw" };
    struct draws r = draws_from(1);
    int64_t *upto = ARENA_NEW(&f->arena, int64_t, f->n_skills);
    int err = 0;

    for (int day = 0; !err && day < DAYS - 1; day++) {
        struct figure_row *rows =
            ARENA_NEW(&f->page, struct figure_row, ARRAY_LEN(names) + f->n_skills);
        size_t n = 0;

        for (size_t i = 0; i < ARRAY_LEN(names); i++)
            rows[n++] = (struct figure_row){ .name = str_of(names[i]), .value = 100 + draw(&r) };
        for (size_t i = 0; i < f->n_skills; i++)
            rows[n++] = (struct figure_row){
                .name = str_printf(&f->page, "skill:%s",
                                   str_cstr(&f->page, extractor_skill(f->x, (uint32_t)i)->id)),
                .value = draw(&r) / 2,
                .n = upto[i] += f->named[i][day],
                .employers = 50,
            };
        for (size_t i = 0; i < n; i++) {
            rows[i].day = FIRST_DAY + day;
            rows[i].low = rows[i].value * .9;
            rows[i].high = rows[i].value * 1.1;
        }
        err = store_put_figures(f->s, rows, n, d);
        arena_reset(&f->page);
    }
    return err;
}

static int fill(struct fill *f, struct diag *d)
{
    int r = 0;

    for (int b = 0; r >= 0 && b < BOARDS; b++)
        r = put_board(f, b, d);
    for (int day = 0; r >= 0 && day < DAYS; day++)
        for (int b = 0; r >= 0 && b < BOARDS; b++) {
            r = read_board(f, b, day, d);
            arena_reset(&f->page);
        }
    if (r >= 0)
        r = put_signals(f, d);
    if (r >= 0)
        r = put_days(f, d);
    return r < 0 ? r : store_flush(f->s, d);
}

int main(int argc, char **argv)
{
    CLEANUP(release) struct fill f = { 0 };
    struct config_options options = { 0 };
    char now[DATE_TEXT];
    struct diag d = { 0 };
    int64_t postings;
    int r;

    if (argc != 5 || !str_int(str_of(argv[4]), &postings) || postings < BOARDS * DAYS)
        return 2;
    options.shipped = argv[2];
    options.path = argv[3];
    r = config_load(&f.arena, &options, &f.config, &d);
    if (!r)
        r = extractor_open(&f.x, &f.config.rules, &d);
    if (!r)
        r = store_open(&f.s, argv[1], STORE_WRITE, &d);
    if (!r) {
        f.n_skills = extractor_skills(f.x);
        f.named = arena_alloc(&f.arena, f.n_skills, sizeof(*f.named));
        size_boards(&f, postings);
        r = fill(&f, &d);
    }
    if (r < 0)
        return fprintf(stderr, "%s\n", d.text), 1;
    date_format_iso(time_of(DAYS - 1), now);
    printf("%s\n", now);
    return 0;
}
