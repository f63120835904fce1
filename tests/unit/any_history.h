#ifndef TESTS_UNIT_ANY_HISTORY_H
#define TESTS_UNIT_ANY_HISTORY_H

/*
 * A history drawn at random: boards crawled, whole or failing, ads edited, closed, put up again and
 * shared, sources renamed and handed over, texts read by other rules. What `roletide run` would
 * store is stored; whoever includes it counts that again.
 */
#include "core/date.h"
#include "store_util.h"
#include "tests/sim/draws.h"
#include "whole_market.h"

enum {
    BOARDS = 30,
    ADS = 9,
    SKILLS = 6,
    STEPS = 12,
    SEEDS = 3,
    FILTERS = 6,
    BULLETS = 5,
    LASTS = 20
};
enum {
    ECHO = BOARDS - 1,
    WINDOW = BOARDS - 2
}; /* an aggregator, and a board that shows the newest */

static const struct skill_view skills[SKILLS] = {
    { .id = STR("ai"), .generic = true }, { .id = STR("airflow") }, { .id = STR("docker") },
    { .id = STR("kubernetes") },          { .id = STR("mlflow") },  { .id = STR("python") },
};
static const struct str skill_ids[SKILLS] = {
    STR("ai"), STR("airflow"), STR("docker"), STR("kubernetes"), STR("mlflow"), STR("python"),
};

/* Histories that are counted again figure by figure take seconds each. */
#ifdef FULL_HISTORIES
enum { HISTORIES = 4 };
#else
enum { HISTORIES = 1 };
#endif

/* A history under way. */
struct play {
    struct folder folder;
    struct store *s;
    struct draws r;
    int64_t now;
    uint64_t rules;     /* the vintage in use */
    int names[BOARDS];  /* how often each board got another key */
    int days;           /* compared after they were over */
    int shares;         /* compared: of skills with enough employers for a percentage */
    int medians;        /* and quantiles with enough for one */
    int nexts, missing; /* skills that were told as the next one, or missing */
    int lives;          /* medians of how long roles stay open */
    int lifts;          /* and ratios of two shares */
    int moved;          /* groups in which roles came or went */
    int offers;         /* placed among enough that say their pay */
    int mixes, revised; /* days on which boards went or came back; and that later rules revised */
    int trends;         /* shares compared with those of a week before */
    /* The store as each step left it, and the one whose views are asked in place of `s`. */
    struct left {
        struct folder folder;
        int64_t at;
    } left[STEPS];
    size_t n_left;
    struct folder then_folder;
    struct store *then;
    int64_t then_at;
};

static inline uint64_t pick(struct play *p, uint64_t below)
{
    return (uint64_t)(draw(&p->r) * (double)below);
}

/* Names of several families, of which what is joined is one's own. */
static inline void name_employer(char *ret, size_t n, int employer)
{
    static const char *const families[] = { "Asha", "Banyan", "Champa" };

    snprintf(ret, n, "%s %d", families[employer % 3], employer);
}

enum { KEY_BYTES = 24 };

static inline void key_of(char *ret, const struct play *p, int board)
{
    snprintf(ret, KEY_BYTES, p->names[board] ? "board:%d.%d" : "board:%d", board, p->names[board]);
}

static inline void give_board(struct play *p, int board, int employer)
{
    char key[KEY_BYTES], name[16];
    struct source_row row = { .adapter = STR("greenhouse"), .added = NOON };
    struct diag d = { 0 };

    key_of(key, p, board);
    name_employer(name, sizeof(name), employer);
    row.key = str_of(key);
    row.company = board == ECHO ? STR("") : str_of(name);
    OK(store_put_source(p->s, &row, p->now, &d));
}

static inline void add_boards(struct play *p)
{
    for (int i = 0; i < BOARDS; i++)
        give_board(p, i, i / 2); /* two boards an employer */
}

/* A board becomes another employer's, or is read under another key from now on. */
static inline void change_a_source(struct play *p)
{
    int board = (int)pick(p, ECHO);
    char was[KEY_BYTES], key[KEY_BYTES];
    struct diag d = { 0 };

    if (pick(p, 2)) {
        give_board(p, board, (int)pick(p, BOARDS / 2));
        return;
    }
    key_of(was, p, board);
    p->names[board]++;
    key_of(key, p, board);
    OK(store_rename_source(p->s, str_of(was), str_of(key), p->now, &d));
}

/* A board shows some of its ads, some of them edited, each for LASTS days at most: then another
 * takes its turn. Ads of the two boards of an employer may be one job: they share requisitions. */
static inline void crawl(struct play *p)
{
    int board = (int)pick(p, BOARDS);
    char key[KEY_BYTES], ids[ADS][40], reqs[ADS][40];
    struct str list[ADS];
    struct verdict_in in = { .outcome = pick(p, 5)   ? "complete"
                                        : pick(p, 3) ? "failed"
                                                     : "gone",
                             .ids = list,
                             .window = board == WINDOW,
                             .max_age_s = 20 * DAY_SECONDS };
    struct verdict v;
    struct diag d = { 0 };
    int64_t reading = 0;

    key_of(key, p, board);
    OK(store_begin_reading(p->s, str_of(key), p->now, &reading, &d));
    for (int ad = 0; ad < ADS; ad++) {
        struct listing l;
        char text[64], company[16];
        int turn = (int)((p->now - NOON) / DAY_SECONDS + ad * 5) / LASTS;

        if (pick(p, 4) == 0)
            continue;
        name_employer(company, sizeof(company), (int)pick(p, BOARDS / 2 + 3));
        snprintf(ids[in.n_ids], sizeof(ids[0]), "%d-%d-%d", board, ad, turn);
        snprintf(reqs[in.n_ids], sizeof(reqs[0]), "R-%d-%d-%d", board / 2, ad * (board % 2 + 1),
                 turn);
        list[in.n_ids] = str_of(ids[in.n_ids]);
        snprintf(text, sizeof(text), "ad %d %d %d %d", board, ad, turn, (int)pick(p, 3));
        l = listing_of(list[in.n_ids], STR("MLOps Engineer"), pick(p, 12) ? str_of(text) : STR(""));
        l.requisition = str_of(reqs[in.n_ids++]);
        l.company = str_of(company);
        l.posted = pick(p, 3) ? p->now - (int64_t)pick(p, 40 * DAY_SECONDS) : 0;
        l.vacancies = (int64_t)pick(p, 4);
        if (board == WINDOW)
            l.expires = p->now + (int64_t)pick(p, 12 * DAY_SECONDS);
        OK(store_put_listing(p->s, reading, str_of(key), &l, str_of(text), (struct hash){ 0 },
                             p->now, &d));
    }
    in.got = (int64_t)in.n_ids;
    OK(store_end_reading(p->s, reading, &in, p->now, &v, &d));
}

/* Of the numbers below n, one that a text stands for; the next time another. */
static inline uint64_t number_of(uint64_t *h, uint64_t n)
{
    *h = *h * 6364136223846793005ULL + 1442695040888963407ULL;
    return (*h >> 33) % n;
}

static inline struct pay pay_in(uint64_t *h)
{
    static const enum pay_kind kinds[] = {
        PAY_UNDISCLOSED, PAY_UNDISCLOSED, PAY_CTC,  PAY_CTC,
        PAY_FIXED,       PAY_STIPEND,     PAY_BASE, PAY_IN_HAND
    };
    struct pay ret = { .kind = kinds[number_of(h, ARRAY_LEN(kinds))],
                       .currency = "INR",
                       .annual_min = (int64_t)(8 + number_of(h, 40)) * 100000,
                       .annual_max = (int64_t)(48 + number_of(h, 20)) * 100000 };

    if (number_of(h, 8) == 0)
        memcpy(ret.currency, "USD", sizeof(ret.currency));
    if (number_of(h, 4) == 0)
        ret.annual_min = 0;
    else if (number_of(h, 4) == 0)
        ret.annual_max = 0;
    return ret.kind == PAY_UNDISCLOSED ? (struct pay){ 0 } : ret;
}

static inline size_t mentions_in(uint64_t h, struct mention *ret)
{
    size_t n = 0;

    for (uint32_t i = 0; i < SKILLS; i++)
        for (int twice = 0; twice < 2; twice++)
            if (number_of(&h, 3))
                ret[n++] = (struct mention){
                    .skill = i,
                    .polarity = (enum polarity)number_of(&h, POLARITY_REQUIRED + 1),
                    .implied = number_of(&h, 2),
                };
    return n;
}

/* What the rules in use read in a text: any, but always the same. */
static inline void sign(struct play *p, const struct revision *rev)
{
    static const enum india indias[] = { INDIA_NO,  INDIA_REMOTE_OPEN, INDIA_YES, INDIA_YES,
                                         INDIA_YES, INDIA_YES,         INDIA_YES };
    uint64_t h = hash64_of(rev->listing.text) ^ (p->rules * 0x9E3779B97F4A7C15ULL);
    struct place places[] = { { .city = number_of(&h, 3) ? STR("Pune") : STR("Chennai"),
                                .country = STR("IN") },
                              { .city = STR("Kochi"), .country = STR("IN") } };
    struct bullet_hit hits[BULLETS];
    struct mention says[2 * SKILLS];
    struct signal sig = { .family = number_of(&h, 3) ? FAMILY_CORE : FAMILY_ADJACENT,
                          .india = indias[number_of(&h, ARRAY_LEN(indias))],
                          .stage = (int)number_of(&h, STAGES + 1),
                          .stage_reason = "",
                          .mode = (enum work_mode)number_of(&h, MODE_REMOTE + 1),
                          .track = (enum track)number_of(&h, TRACK_LLM_INFRA + 1),
                          .places = places,
                          .n_places = number_of(&h, 3),
                          .experience = { .min_months = (int)number_of(&h, 10) * 12 - 12,
                                          .max_months = -1 },
                          .pay = pay_in(&h),
                          .mentions = says,
                          .n_mentions = mentions_in(h, says),
                          .bullets = hits };
    struct diag d = { 0 };

    if (sig.experience.min_months < 0)
        sig.experience.min_months = -1;
    else if (number_of(&h, 2))
        sig.experience.max_months = sig.experience.min_months + 24;
    for (uint32_t i = 0; i < BULLETS; i++)
        if (number_of(&h, 3) == 0)
            hits[sig.n_bullets++] = (struct bullet_hit){ .bullet = i };
    CHECK(store_put_signal(p->s, rev->id, &sig, &d) >= 0); /* or as the rules before had it */
}

static inline void read_all(struct play *p)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct revision rev = { 0 };
    struct diag d = { 0 };
    int64_t cursor = 0;

    OK(store_use_vintage(p->s, (struct hash){ p->rules, p->rules }, skill_ids, SKILLS, p->now, &d));
    while (store_next_unread(p->s, &cursor, &a, &rev, &d) == 0)
        sign(p, &rev);
}

static inline int take_number(void *ctx, size_t row, const struct sql_cell *cells, size_t n,
                              struct diag *d)
{
    (void)n, (void)d;
    if (row == 1 && !str_int(cells[0].text, ctx))
        *(int64_t *)ctx = -1;
    return 0;
}

static inline int64_t ask(struct play *p, struct str query)
{
    struct diag d = { 0 };
    int64_t n = -1;

    OK(store_sql(p->s, query, take_number, &n, &d));
    return n < 0 ? 0 : n;
}

/* The end of one of the last days. */
static inline int64_t some_past(struct play *p)
{
    return day_start(day_of(p->now) - (int64_t)pick(p, 8)) - 1;
}

/* Keep the store as it is now: nothing is written until the next step. */
static inline void remember(struct play *p)
{
    struct left *to = &p->left[p->n_left++];
    char path[256];
    struct diag d = { 0 };

    *to = (struct left){ .folder = fresh_folder(), .at = p->now };
    snprintf(path, sizeof(path), "%s/roletide.db", to->folder.path);
    OK(store_backup(p->s, path, &d));
}

/*
 * The store as it was at a time, read by the rules of now, its openings joined as of then: what
 * its views say is what stood then. False: nothing was kept so early. come_back() ends it.
 */
static inline bool rewind_to(struct play *p, int64_t at, const struct roadmap_view *roadmap)
{
    struct store *kept = NULL;
    struct play then = *p;
    size_t i = p->n_left;
    char path[256];
    struct diag d = { 0 };

    while (i > 0 && p->left[i - 1].at > at)
        i--;
    if (!i)
        return false;
    p->then_folder = fresh_folder();
    snprintf(path, sizeof(path), "%s/roletide.db", p->then_folder.path);
    OK(store_open(&kept, p->left[i - 1].folder.path, STORE_READ, &d));
    OK(store_backup(kept, path, &d));
    store_close(&kept);
    OK(store_open(&p->then, p->then_folder.path, STORE_WRITE, &d));
    p->then_at = then.now = at;
    then.s = p->then;
    read_all(&then);
    OK(figures_update(p->then, at, roadmap, skills, SKILLS, &d));
    return true;
}

static inline void come_back(struct play *p)
{
    store_close(&p->then);
    remove_folder(&p->then_folder);
}

/* The store whose views are asked, and when that is. */
static inline struct store *told(const struct play *p)
{
    return p->then ? p->then : p->s;
}

static inline int64_t as_of(const struct play *p)
{
    return p->then ? p->then_at : p->now;
}

/* STEPS steps from the beginning, of fewer than `crawls` readings each and fewer than `days` days
 * apart; `check` is asked after each. */
static inline void play_history(uint64_t seed, uint64_t crawls, uint64_t days,
                                void (*check)(struct play *p, int step), struct play *ret)
{
    struct diag d = { 0 };

    *ret =
        (struct play){ .folder = fresh_folder(), .r = draws_from(seed), .now = NOON, .rules = 1 };
    OK(store_open(&ret->s, ret->folder.path, STORE_WRITE, &d));
    add_boards(ret);
    for (int step = 0; step < STEPS; step++) {
        for (uint64_t n = pick(ret, crawls); n > 0; n--)
            crawl(ret);
        if (pick(ret, 3) == 0)
            change_a_source(ret);
        ret->rules += pick(ret, 5) == 0; /* a rule changed: the whole history is read again */
        read_all(ret);
        check(ret, (int)seed * STEPS + step);
        ret->now += 3600 + (int64_t)pick(ret, pick(ret, 3) ? days * DAY_SECONDS : 6 * 3600);
    }
}

static inline void end_play(struct play *p)
{
    store_close(&p->s);
    remove_folder(&p->folder);
    for (size_t i = 0; i < p->n_left; i++)
        remove_folder(&p->left[i].folder);
}

#endif
