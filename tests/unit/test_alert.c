#include "aggregator/alert.h"

#include <math.h>

#include "aggregator/market.h"
#include "core/date.h"
#include "store_util.h"

enum { KUBERNETES, PYTHON, SKILLS };

static const struct skill_view skills[SKILLS] = {
    [KUBERNETES] = { .id = STR("kubernetes") },
    [PYTHON] = { .id = STR("python") },
};
static const struct str skill_ids[SKILLS] = { STR("kubernetes"), STR("python") };

static void a_change_is_measured_over_the_same_employers(void **state)
{
    const struct paired pairs[] = {
        { { 8, 1 }, { 10, 0 } },
        { { 6, 3 }, { 5, 3 } },
        { { 6, 4 }, { 5, 1 } },
    };
    struct paired_change c;
    double p = 8. / 20, q = 4. / 20;
    double a = (1 - 8 * p) / 20 - (0 - 10 * q) / 20, b = (3 - 6 * p) / 20 - (3 - 5 * q) / 20,
           e = (4 - 6 * p) / 20 - (1 - 5 * q) / 20;

    (void)state;
    paired_change(pairs, 3, &c);
    CHECK(fabs(c.now - p) < 1e-15 && fabs(c.then - q) < 1e-15);
    CHECK(fabs(c.deviation - sqrt(a * a + b * b + e * e)) < 1e-15);
    CHECK(c.employers == 3 && c.naming == 3 && !c.armed && !c.beyond);
    CHECK(c.by == 2); /* 3 of the 4 openings more */
}

/* k employers of four openings, of which the first `naming` name it: `then` times each, and `now`.
 */
static struct paired_change step(size_t k, size_t naming, int64_t then, int64_t now)
{
    struct paired pairs[200];
    struct paired_change ret;

    for (size_t i = 0; i < k; i++) {
        bool names = i < naming;

        pairs[i] = (struct paired){ { 4, names ? now : 0 }, { 4, names ? then : 0 } };
    }
    paired_change(pairs, k, &ret);
    return ret;
}

static void a_change_fires_when_it_is_large_certain_and_widely_asked(void **state)
{
    static const struct {
        size_t k, naming;
        int64_t then, now;
        bool armed, beyond;
    } rows[] = {
        { 100, 50, 1, 1, true, false }, /* nothing moved */
        { 100, 50, 1, 3, true, true },  /* 25 points at half of the employers */
        { 100, 50, 3, 1, true, true },  /* and down */
        { 60, 20, 1, 4, true, true },   /* as few as may be */
        { 59, 20, 1, 4, false, false }, /* too few employers */
        { 60, 19, 1, 4, false, false }, /* too few name it */
        { 200, 20, 1, 2, true, false }, /* 2.5 points */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct paired_change c = step(rows[i].k, rows[i].naming, rows[i].then, rows[i].now);

        CHECK_ROW(c.armed == rows[i].armed && c.beyond == rows[i].beyond, i);
        CHECK_ROW(c.by < 0, i); /* alike: nobody makes more than half */
    }
}

/*
 * A played history: seventy employers of four ads, each on its own board, read every fifth day
 * from day 0 on. One ad in four names Kubernetes at half of them; on day STEP two more at every
 * one. Python is asked by every second ad throughout.
 */
enum { EMPLOYERS = 70, ADS = 4, READ_EVERY = 5, STEP = 30, LAST = 62 };

static int64_t noon(int day)
{
    return NOON + (int64_t)day * DAY_SECONDS;
}

static bool names_kubernetes(int employer, int ad, int day)
{
    return ad == 0 ? employer % 2 == 0 : ad <= 2 && day >= STEP;
}

static void read_employer(struct store *s, int employer, int day)
{
    char keys[32], ids[ADS][8];
    struct str native[ADS];
    struct verdict_in in = { .outcome = "complete", .n_ids = ADS, .ids = native };
    struct verdict v;
    struct diag d = { 0 };
    int64_t reading = 0;

    snprintf(keys, sizeof(keys), "board:%02d", employer);
    OK(store_begin_reading(s, str_of(keys), noon(day), &reading, &d));
    for (int ad = 0; ad < ADS; ad++) {
        struct listing l;
        char text[80];

        snprintf(ids[ad], sizeof(ids[ad]), "%d-%d", employer, ad);
        native[ad] = str_of(ids[ad]);
        snprintf(text, sizeof(text), "%s ad %s%s", ad % 2 ? "Python" : "", ids[ad],
                 names_kubernetes(employer, ad, day) ? " Kubernetes" : "");
        l = listing_of(native[ad], STR("MLOps Engineer"), str_of(text));
        l.requisition = native[ad];
        OK(store_put_listing(s, reading, str_of(keys), &l, str_of(text), (struct hash){ 0 },
                             noon(day), &d));
    }
    OK(store_end_reading(s, reading, &in, noon(day), &v, &d));
}

static void sign_all(struct store *s)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct revision rev = { 0 };
    struct diag d = { 0 };
    int64_t cursor = 0;

    while (store_next_unread(s, &cursor, &a, &rev, &d) == 0) {
        struct mention says[SKILLS];
        struct place pune = { .city = STR("Pune"), .country = STR("IN") };
        struct signal sig = { .family = FAMILY_CORE,
                              .india = INDIA_YES,
                              .stage_reason = "",
                              .places = &pune,
                              .n_places = 1,
                              .mentions = says };
        static const char *const words[SKILLS] = { "Kubernetes", "Python" };

        for (uint32_t i = 0; i < SKILLS; i++)
            if (str_find(rev.listing.text, str_of(words[i])) >= 0)
                says[sig.n_mentions++] =
                    (struct mention){ .skill = i, .polarity = POLARITY_REQUIRED };
        OK(store_put_signal(s, rev.id, &sig, &d));
    }
}

static void add_boards(struct store *s)
{
    struct diag d = { 0 };

    for (int i = 0; i < EMPLOYERS; i++) {
        char key[32], name[32];
        struct source_row row = { .adapter = STR("greenhouse"), .added = noon(0) };

        snprintf(key, sizeof(key), "board:%02d", i);
        snprintf(name, sizeof(name), "Employer %02d", i);
        row.key = str_of(key);
        row.company = str_of(name);
        OK(store_put_source(s, &row, row.added, &d));
    }
}

static void look(struct store *s, int day)
{
    struct diag d = { 0 };

    OK(alert_update(s, noon(day), NULL, skills, SKILLS, &d));
}

static void a_played_step_fires_once_and_resolves_once(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct folder f = fresh_folder();
    struct alert_row *rows = NULL;
    struct store *s = NULL;
    struct diag d = { 0 };
    size_t n = 0;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    add_boards(s);
    for (int day = 0; day <= LAST; day++) {
        if (day % READ_EVERY == 0)
            for (int i = 0; i < EMPLOYERS; i++)
                read_employer(s, i, day);
        if (day == 0)
            OK(store_use_vintage(s, (struct hash){ 1, 1 }, skill_ids, SKILLS, noon(0), &d));
        sign_all(s);
        if (day < STEP)
            continue;
        look(s, day);
        look(s, day); /* asked again, nothing is new */
        OK(store_alerts(s, &a, &rows, &n, &d));
        /* Beyond from the day of the step on; finished days alone are judged. */
        CHECK_ROW(n == (day > STEP + ALERT_DAYS - 1), day);
        CHECK_ROW(n == 0 || (rows[0].resolved == 0) == (day <= STEP + ALERT_LAG), day);
    }
    CHECK(n == 1);
    CHECK_STR(rows[0].skill, STR("kubernetes"), 0);
    CHECK_STR(rows[0].kind, STR("stock"), 0);
    CHECK(rows[0].fired == day_of(noon(STEP + ALERT_DAYS - 1)));
    CHECK(rows[0].resolved == day_of(noon(STEP + ALERT_LAG)));
    CHECK(fabs(rows[0].share_then - .125) < 1e-12 && fabs(rows[0].share_now - .625) < 1e-12);
    CHECK(rows[0].employers == EMPLOYERS && rows[0].employer.n == 0 && rows[0].untold);
    OK(store_alerts_told(s, &d));
    look(s, LAST);
    OK(store_alerts(s, &a, &rows, &n, &d));
    CHECK(n == 1 && !rows[0].untold);
    store_close(&s);
    remove_folder(&f);
}

RUN_TESTS(TEST(a_change_is_measured_over_the_same_employers),
          TEST(a_change_fires_when_it_is_large_certain_and_widely_asked),
          TEST(a_played_step_fires_once_and_resolves_once))
