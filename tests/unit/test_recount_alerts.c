/*
 * Alerts, judged again: what each employer asks at both ends of each day is counted in plain SQL at
 * the end of that day, and the rule of docs/method.md is put to it.
 */
#include "aggregator/alert.h"
#include "recount_sql.h"

enum { HIRERS = 72, LATE = 6, JOBS = 3, DAYS_PLAYED = 84, WORDS = 2, FIRST = ALERT_LAG };
static const char *const words[WORDS] = { "docker", "mlflow" };

/* What an employer's openings ask for, of those on the panel. */
struct asked {
    struct cluster of[WORDS][HIRERS];
};

/* A day as the later end of a comparison, and as the earlier one of another. */
struct snapshot {
    struct asked later[ALERT_KINDS], earlier[ALERT_KINDS];
};

struct watch {
    struct play p;
    struct snapshot days[DAYS_PLAYED];
    int held[ALERT_KINDS][WORDS];
    bool stands[ALERT_KINDS][WORDS];
    int fired, resolved;
};

static int64_t end_of(int day)
{
    return day_start(day_of(NOON) + day + 1) - 1;
}

/* Docker is asked by more ads from day 35 to 60; MLflow by the ads that come from day 45 on.
 * Boards that come late ask for both. */
static bool asks_for(int employer, int job, int turn, int day, int word)
{
    const int often = (employer * 7 + job * 3 + turn) % 5;

    if (employer >= HIRERS - LATE)
        return true;
    if (word == 0)
        return often == 0 || (day >= 35 && day < 60 && often < 3);
    return often == 1 || (turn >= 3 && often < 4);
}

/* Ads turn over every fifteen days, each employer's on another one. */
static void read_hirer(struct play *p, int employer, int day)
{
    char key[24], ids[JOBS][32], text[96];
    struct str list[JOBS];
    struct verdict_in in = { .outcome = "complete", .ids = list, .n_ids = JOBS, .got = JOBS };
    struct verdict v;
    struct diag d = { 0 };
    int64_t reading = 0;
    const int turn = (day + employer) / 15;

    snprintf(key, sizeof(key), "hirer:%02d", employer);
    OK(store_begin_reading(p->s, str_of(key), p->now, &reading, &d));
    for (int job = 0; job < JOBS; job++) {
        struct listing l;

        snprintf(ids[job], sizeof(ids[job]), "%d-%d-%d", employer, job, turn);
        list[job] = str_of(ids[job]);
        snprintf(text, sizeof(text), "%s%s%s", ids[job],
                 asks_for(employer, job, turn, day, 0) ? " docker" : "",
                 asks_for(employer, job, turn, day, 1) ? " mlflow" : "");
        l = listing_of(list[job], STR("MLOps Engineer"), str_of(text));
        l.requisition = list[job];
        OK(store_put_listing(p->s, reading, str_of(key), &l, str_of(text), (struct hash){ 0 },
                             p->now, &d));
    }
    OK(store_end_reading(p->s, reading, &in, p->now, &v, &d));
}

static void sign_hirers(struct play *p)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct revision rev = { 0 };
    struct diag d = { 0 };
    int64_t cursor = 0;

    OK(store_use_vintage(p->s, (struct hash){ 1, 1 }, skill_ids, SKILLS, p->now, &d));
    while (store_next_unread(p->s, &cursor, &a, &rev, &d) == 0) {
        struct mention says[SKILLS];
        struct signal sig = {
            .family = FAMILY_CORE, .india = INDIA_YES, .stage_reason = "", .mentions = says
        };

        for (uint32_t i = 0; i < SKILLS; i++)
            if (str_find(rev.listing.text, skill_ids[i]) >= 0)
                says[sig.n_mentions++] =
                    (struct mention){ .skill = i, .polarity = POLARITY_REQUIRED };
        OK(store_put_signal(p->s, rev.id, &sig, &d));
    }
}

/* Openings at boards that were proven in the 45 days up to a day `lag` days ago; of the new ones,
 * those first seen in the last 28 days. */
static void count_asked(struct play *p, enum alert_kind kind, int lag, struct asked *ret)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const int64_t known = day_of(p->now) - lag;
    struct got *got;
    size_t n = rows_of(
        p, &a,
        counted(p, &a,
                str_printf(
                    &a,
                    "SELECT CAST(substr(who, 7) AS INTEGER), count(*), sum(" STR_FMT
                    "), sum(" STR_FMT ") FROM counted c WHERE text_read AND (%d OR (SELECT"
                    " min(open_since) FROM member m WHERE m.opening = c.opening) > %lld) AND EXISTS"
                    " (SELECT 1 FROM member m JOIN v_reading r ON r.source = m.source WHERE"
                    " m.opening = c.opening AND r.proven AND r.ended >= %lld AND r.ended < %lld)"
                    " GROUP BY who",
                    STR_ARG(demands(&a, str_of(words[0]), false)),
                    STR_ARG(demands(&a, str_of(words[1]), false)), kind == ALERT_STOCK,
                    (long long)(p->now - 28 * DAY_SECONDS), (long long)day_start(known - 45),
                    (long long)day_start(known + 1))),
        &got);

    *ret = (struct asked){ 0 };
    for (size_t i = 0; i < n; i++)
        for (int word = 0; word < WORDS; word++)
            ret->of[word][(int)got[i].v[0]] =
                (struct cluster){ (int64_t)got[i].v[1], (int64_t)got[i].v[2 + word] };
}

/* One end of a comparison. */
struct side {
    double n, hits;
    int employers, naming, silent;
};

static struct side side_of(const struct cluster *c)
{
    struct side ret = { 0 };

    for (int i = 0; i < HIRERS; i++) {
        ret.n += (double)c[i].n;
        ret.hits += (double)c[i].hits;
        ret.employers += c[i].n > 0;
        ret.naming += c[i].hits > 0;
        ret.silent += c[i].hits < c[i].n;
    }
    return ret;
}

struct judged {
    double then, now;
    int employers, mostly; /* the employer of more than half of the change; -1: nobody */
    bool armed, beyond;
};

static struct judged judge(const struct cluster *y, const struct cluster *x)
{
    struct side now = side_of(y), then = side_of(x);
    struct judged ret = { .then = then.hits / then.n, .now = now.hits / now.n, .mostly = -1 };
    const double moved = ret.now - ret.then;
    double squares = 0, largest = 0;
    int rarer[2] = { now.naming < now.silent ? now.naming : now.silent,
                     then.naming < then.silent ? then.naming : then.silent };

    for (int i = 0; i < HIRERS; i++) {
        double e = ((double)y[i].hits - ret.now * (double)y[i].n) / now.n
                   - ((double)x[i].hits - ret.then * (double)x[i].n) / then.n;
        double own = (double)y[i].hits / now.n - (double)x[i].hits / then.n;

        squares += e * e;
        if (own / moved > .5 && fabs(own) > largest) {
            largest = fabs(own);
            ret.mostly = i;
        }
    }
    ret.employers = now.employers < then.employers ? now.employers : then.employers;
    ret.armed = ret.employers >= 60 && (rarer[0] >= 20 || rarer[1] >= 20);
    ret.beyond = ret.armed && fabs(moved) >= .05 && fabs(moved) > 3.5 * sqrt(squares);
    return ret;
}

/* The one alert of a day and skill that fired, or resolved, is in v_alert as it was judged. */
static void check_alert(struct watch *w, enum alert_kind kind, int word, int day,
                        const struct judged *j, bool fires)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    char date[DATE_TEXT], name[24] = "";
    struct got *got;
    size_t n;

    day_format(day_of(NOON) + day, date);
    n = rows_of(&w->p, &a,
                str_printf(&a,
                           "SELECT employer, share_then, share_now, employers FROM v_alert WHERE"
                           " kind = '%s' AND skill = '%s' AND %s = '%s'",
                           kind == ALERT_NEW ? "new" : "stock", words[word],
                           fires ? "fired" : "resolved", date),
                &got);
    CHECK_ROW(n == 1, day);
    if (n != 1 || !fires)
        return;
    if (j->mostly >= 0)
        snprintf(name, sizeof(name), "Hirer %02d", j->mostly);
    CHECK_STR(got[0].text, str_of(name), day);
    CHECK_ROW(near(got[0].v[1], j->then) && near(got[0].v[2], j->now), day);
    CHECK_ROW(got[0].v[3] == j->employers, day);
}

static void judge_day(struct watch *w, enum alert_kind kind, int word, int day)
{
    struct judged j =
        judge(w->days[day].later[kind].of[word], w->days[day - ALERT_LAG].earlier[kind].of[word]);
    int *held = &w->held[kind][word];
    bool *stands = &w->stands[kind][word];

    *held = j.beyond ? *held + 1 : 0;
    if (!*stands && *held == 7) {
        check_alert(w, kind, word, day, &j, true);
        *stands = true;
        w->fired++;
    } else if (*stands && j.armed && !j.beyond) {
        check_alert(w, kind, word, day, &j, false);
        *stands = false;
        w->resolved++;
    }
}

/* Every day from the last one looked at on; then the alerts that stand, and all there are. */
static void judge_days(struct watch *w, int from, int to)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    int standing = 0;

    for (int day = from; day < to; day++)
        for (int kind = 0; kind < ALERT_KINDS; kind++)
            for (int word = 0; word < WORDS; word++)
                judge_day(w, (enum alert_kind)kind, word, day);
    for (int i = 0; i < ALERT_KINDS * WORDS; i++)
        standing += w->stands[i / WORDS][i % WORDS];
    CHECK_ROW(number(&w->p, &a, STR("SELECT count(*) FROM v_alert")) == w->fired, to);
    CHECK_ROW(number(&w->p, &a, STR("SELECT count(*) FROM v_alert WHERE resolved IS NULL"))
                  == standing,
              to);
}

static void open_boards(struct watch *w, int from, int to)
{
    struct diag d = { 0 };

    for (int i = from; i < to; i++) {
        char key[24], name[24];
        struct source_row row = { .adapter = STR("greenhouse"), .added = w->p.now };

        snprintf(key, sizeof(key), "hirer:%02d", i);
        snprintf(name, sizeof(name), "Hirer %02d", i);
        row.key = str_of(key);
        row.company = str_of(name);
        OK(store_put_source(w->p.s, &row, w->p.now, &d));
    }
}

static void play_day(struct watch *w, int day)
{
    struct diag d = { 0 };
    const int open = day < 20 ? HIRERS - LATE : HIRERS;

    w->p.now = end_of(day);
    if (day == 0 || day == 20)
        open_boards(w, day ? HIRERS - LATE : 0, open);
    for (int i = 0; i < open; i++)
        if (day == 0 || day == 20 || pick(&w->p, 3) == 0)
            read_hirer(&w->p, i, day);
    sign_hirers(&w->p);
    OK(figures_update(w->p.s, w->p.now, NULL, skills, SKILLS, &d));
    for (int kind = 0; kind < ALERT_KINDS; kind++) {
        const int lag = kind == ALERT_NEW ? ALERT_LAG : 0;

        count_asked(&w->p, (enum alert_kind)kind, lag + ALERT_LAG, &w->days[day].later[kind]);
        count_asked(&w->p, (enum alert_kind)kind, lag, &w->days[day].earlier[kind]);
    }
}

static void an_alert_fires_and_resolves_where_sql_says(void **state)
{
    static struct watch w;
    struct diag d = { 0 };
    int looked = FIRST;

    (void)state;
    w = (struct watch){ .p = { .folder = fresh_folder(), .r = draws_from(5) } };
    OK(store_open(&w.p.s, w.p.folder.path, STORE_WRITE, &d));
    for (int day = 0; day < DAYS_PLAYED; day++) {
        play_day(&w, day);
        if (day < FIRST || (pick(&w.p, 3) && day + 1 < DAYS_PLAYED))
            continue;
        OK(alert_update(w.p.s, w.p.now, NULL, skills, SKILLS, &d));
        judge_days(&w, looked, day); /* today is not over */
        looked = day;
    }
    CHECK(w.fired >= 3 && w.resolved >= 2);
    end_play(&w.p);
}

RUN_TESTS(TEST(an_alert_fires_and_resolves_where_sql_says))
