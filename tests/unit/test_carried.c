/*
 * Figures that were carried because nothing changed, against the same worked out whole: every byte
 * that is stored of them.
 */
#include <sqlite3.h>

#include "aggregator/finished.h"
#include "any_history.h"
#include "core/buf.h"

enum { PLAYED = 2 };

static sqlite3 *open_file(const struct folder *f)
{
    sqlite3 *db = NULL;
    char path[256];

    snprintf(path, sizeof(path), "%s/roletide.db", f->path);
    CHECK(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    return db;
}

/* Every column of every row, as SQL writes it. */
static void dump(const struct folder *f, const char *query, struct buf *to)
{
    sqlite3 *db = open_file(f);
    sqlite3_stmt *st = NULL;

    CHECK(sqlite3_prepare_v2(db, query, -1, &st, NULL) == SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            const char *value = (const char *)sqlite3_column_text(st, i);

            buf_add(to, str_of(value ? value : "NULL"));
            buf_add_byte(to, i + 1 < sqlite3_column_count(st) ? '|' : '\n');
        }
    sqlite3_finalize(st);
    sqlite3_close(db);
}

/* What figures_update() writes. */
static const char *const written[] = {
    "SELECT quote(vintage), day, name, quote(value), quote(low), quote(high), n, employers"
    " FROM figure_day ORDER BY vintage, day, name",
    "SELECT at, vintage, terms, hex(front), hex(rest) FROM market ORDER BY at, vintage, terms",
    "SELECT * FROM finished",
    "SELECT stage, required_only, openings, employers, adjacent, quote(k_eff), hex(packed), "
    "largest,"
    " largest_name FROM demand_total ORDER BY stage, required_only",
    "SELECT stage, required_only, skill, openings, quote(share), quote(low), quote(high),"
    " quote(lift), highest_stage, quote(trend) FROM demand ORDER BY stage, required_only, skill",
    "SELECT * FROM joined",
    "SELECT posting, opening, leads, counted, reason, evidence FROM opening_posting ORDER BY"
    " posting",
    "SELECT opening, posting, skill, polarity, stated FROM mention ORDER BY opening, skill",
};

static void same_bytes(const struct folder *x, const struct folder *y, int step)
{
    for (size_t i = 0; i < ARRAY_LEN(written); i++) {
        CLEANUP(buf_release) struct buf a = { 0 };
        CLEANUP(buf_release) struct buf b = { 0 };

        dump(x, written[i], &a);
        dump(y, written[i], &b);
        CHECK_ROW(str_eq(buf_str(&a), buf_str(&b)), step);
        if (!str_eq(buf_str(&a), buf_str(&b)))
            fprintf(stderr, "  %s\n", written[i]);
    }
}

/* The same store, of which nothing finished holds: its figures are worked out whole. */
static void update_whole(struct play *p, struct folder *ret)
{
    struct store *s = NULL;
    char path[256];
    sqlite3 *db;
    struct diag d = { 0 };

    *ret = fresh_folder();
    snprintf(path, sizeof(path), "%s/roletide.db", ret->path);
    OK(store_backup(p->s, path, &d));
    db = open_file(ret);
    CHECK(sqlite3_exec(db, "DELETE FROM finished", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    OK(store_open(&s, ret->path, STORE_WRITE, &d));
    OK(figures_update(s, p->now, NULL, skills, SKILLS, &d));
    store_close(&s);
}

static void update_both(struct play *p, int step)
{
    struct folder whole;
    struct diag d = { 0 };
    int64_t made = 0;

    p->moved += finished_made(p->s, p->now, finished_terms(NULL), &made, &d) == 0;
    update_whole(p, &whole);
    OK(figures_carry(p->s, p->now, NULL, skills, SKILLS, &d)); /* as before a crawl */
    OK(figures_update(p->s, p->now, NULL, skills, SKILLS, &d));
    OK(store_flush(p->s, &d));
    same_bytes(&p->folder, &whole, step);
    remove_folder(&whole);
}

/* Boards that do not answer change nothing. */
static void fail_to_read(struct play *p)
{
    struct verdict_in in = { .outcome = pick(p, 2) ? "failed" : "gone" };
    struct verdict v;
    struct diag d = { 0 };
    char key[KEY_BYTES];
    int64_t reading = 0;

    key_of(key, p, (int)pick(p, BOARDS));
    OK(store_begin_reading(p->s, str_of(key), p->now, &reading, &d));
    OK(store_end_reading(p->s, reading, &in, p->now, &v, &d));
}

/* After whatever was read, and after some hours or days in which nothing was. */
static void check(struct play *p, int step)
{
    update_both(p, step);
    for (int quiet = 0; quiet < 2; quiet++) {
        p->now += 600 + (int64_t)pick(p, quiet ? 4 * DAY_SECONDS : 20 * 3600);
        for (uint64_t n = pick(p, 4); n > 0; n--)
            fail_to_read(p);
        update_both(p, step);
    }
}

static void what_is_carried_is_what_is_worked_out_whole(void **state)
{
    int carried = 0;

    (void)state;
    for (uint64_t seed = 50; seed < 50 + PLAYED; seed++) {
        struct play p;

        play_history(seed, 60, 3, check, &p);
        carried += p.moved;
        end_play(&p);
    }
    CHECK(carried > 5 * PLAYED);
}

/* Of two closed ads of one job that of the board which was read of late speaks for it. */
static void the_clock_alone_may_change_who_speaks_for_what_is_over(void **state)
{
    static const struct verdict_in whole = { .outcome = "complete" };
    struct play p = { .folder = fresh_folder(), .now = NOON, .rules = 1 };
    const struct str lead = STR("SELECT posting FROM v_opening_posting WHERE leads");
    struct diag d = { 0 };

    (void)state;
    OK(store_open(&p.s, p.folder.path, STORE_WRITE, &d));
    put_source(p.s, "board:a");
    put_source(p.s, "board:b");
    read_board(p.s, "board:a", "x", whole, NOON);
    read_board(p.s, "board:b", "x", whole, NOON + 3600);
    read_all(&p);
    for (int day = 1; day <= 2; day++) { /* an empty board is believed the second time */
        read_board(p.s, "board:a", "", whole, NOON + day * DAY_SECONDS);
        read_board(p.s, "board:b", "", whole, NOON + (6 + day) * DAY_SECONDS);
    }
    p.now = NOON + 9 * DAY_SECONDS;
    update_both(&p, 0);
    CHECK(ask(&p, STR("SELECT count(*) FROM v_opening_posting")) == 2);
    CHECK(ask(&p, STR("SELECT count(DISTINCT opening) FROM v_opening_posting")) == 1);
    CHECK(ask(&p, lead) == 1);
    p.now = NOON + 18 * DAY_SECONDS;
    update_both(&p, 1);
    CHECK(ask(&p, lead) == 2);
    end_play(&p);
}

RUN_TESTS(TEST(the_clock_alone_may_change_who_speaks_for_what_is_over),
          TEST(what_is_carried_is_what_is_worked_out_whole))
