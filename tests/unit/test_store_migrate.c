/* A store that an earlier release wrote is brought up to this one's schema, whole or not at all. */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "core/buf.h"
#include "store/schema.h"
#include "store_file.h"

/* What the first release kept of two boards, one of them a window, over three days. */
static const char made_by_1[] =
    "INSERT INTO source (id, key, adapter, company, policy, attribution, why_added, added,"
    " last_reading, last_proven, last_outcome, windowed) VALUES"
    " (1, 'greenhouse:kaveri', 'greenhouse', 'Kaveri Pay', 'default', '', 'list', 1795400000,"
    "  1795672800, 1795672800, 'complete', 0),"
    " (2, 'rss:tungabhadra', 'rss', '', 'default', 'Jobs by Tungabhadra', 'hiring', 1795400000,"
    "  1795672800, 1795672800, 'complete', 1);"
    "INSERT INTO reading (id, source, started, ended, outcome, proven, proof, got, opened, open)"
    " VALUES (1, 1, 1795500000, 1795500000, 'complete', 1, '1 page', 3, 3, 3),"
    " (2, 2, 1795500000, 1795500000, 'complete', 1, '1 page', 1, 1, 1),"
    " (3, 1, 1795586400, 1795586400, 'failed', 0, '', 0, 0, 3),"
    " (4, 1, 1795672800, 1795672800, 'complete', 1, '1 page', 2, 0, 2),"
    " (5, 2, 1795672800, 1795672800, 'complete', 1, '1 page', 1, 0, 1);"
    "INSERT INTO request VALUES (1, 1, 'GET', 'http://board.example/', 1795500000, 'ok', 'allow',"
    " 0, 1000, 1000, 200, 90, 90, 12, 0, 0, '');"
    "INSERT INTO body VALUES (1, x'000102030405060708090a0b0c0d0e0f', 38, 1795500000,"
    " x'28b52ffd242631010052756e204b756265726e657465732077697468204d4c666c6f772e20332d352079"
    "656172732e3d24f2cc');"
    "INSERT INTO answer VALUES (1, 1, 1, 'http://board.example/', 1795500000);"
    "INSERT INTO page VALUES (1, 'GET http://board.example/', '\"v1\"', '', 'aa');"
    "INSERT INTO text VALUES (1, x'00112233445566778899aabbccddeeff', 38, 11, 12,"
    " x'28b52ffd242631010052756e204b756265726e657465732077697468204d4c666c6f772e20332d352079"
    "656172732e3d24f2cc');"
    "INSERT INTO posting (id, source, native_id, url, first_seen, listed, revision, revised) VALUES"
    " (1, 1, 'a', 'http://board.example/a', 1795500000, '0123456789abcdef0123456789abcdef', 4,"
    "  1795672800),"
    " (2, 1, 'b', 'http://board.example/b', 1795500000, '-', 2, 1795500000),"
    " (3, 1, 'c', '', 1795500000, '-', 3, 1795500000),"
    " (4, 2, 'd', 'http://other.example/d', 1795500000, '-', 5, 1795500000);"
    "INSERT INTO revision (id, posting, reading, read_at, content, body, title, company,"
    " requisition, places, country, mode, department, employment, experience, salary,"
    " pay_currency, pay_period, posted, text) VALUES"
    " (1, 1, 1, 1795500000, x'000102030405060708090a0b0c0d0e01', "
    "x'000102030405060708090a0b0c0d0e0f',"
    "  'MLOps Engineer', 'Kaveri Pay', 'K-1', 'Pune', 'IN', 0, '', '', '', '', '', 0, 1795400000, "
    "1),"
    " (2, 2, 1, 1795500000, x'000102030405060708090a0b0c0d0e02', "
    "x'000102030405060708090a0b0c0d0e0f',"
    "  'MLOps Lead', 'Kaveri Pay', '', 'Pune' || char(10) || 'Chennai', 'IN', 3, '', '', '', '', "
    "'',"
    "  0, NULL, 1),"
    " (3, 3, 1, 1795500000, x'000102030405060708090a0b0c0d0e03', NULL,"
    "  'Chef', 'Kaveri Pay', '', '', '', 0, '', '', '', '', '', 0, NULL, NULL),"
    " (4, 1, 4, 1795672800, x'000102030405060708090a0b0c0d0e04', "
    "x'000102030405060708090a0b0c0d0e0f',"
    "  'MLOps Engineer II', 'Kaveri Pay', 'K-1', 'Pune', 'IN', 0, '', '', '', '', 'INR', 0,"
    "  1795400000, 1),"
    " (5, 4, 2, 1795500000, x'000102030405060708090a0b0c0d0e05', NULL,"
    "  'ML Engineer', 'Tungabhadra', '', 'Pune', 'IN', 0, '', '', '', '', '', 0, NULL, 1);"
    "INSERT INTO spell (posting, n, source, first_proof, first_reading, last_seen, ended_after,"
    " ended_by, ended_reading, ended_how) VALUES"
    " (1, 1, 1, 1795500000, 1, NULL, NULL, NULL, NULL, NULL),"
    " (2, 1, 1, 1795500000, 1, NULL, NULL, NULL, NULL, NULL),"
    " (3, 1, 1, 1795500000, 1, NULL, 1795500000, 1795672800, 4, 'absent'),"
    " (4, 1, 2, 1795500000, 2, 1795672800, NULL, NULL, NULL, NULL);"
    "INSERT INTO vintage VALUES (1, x'ff0102030405060708090a0b0c0d0e0f', 1795500000, 'current', 5);"
    "INSERT INTO skill VALUES (1, 0, 'kubernetes'), (1, 1, 'mlflow');"
    "INSERT INTO signal VALUES (1, 4, 'core', '', 'unknown', 0, 'yes', 'unknown', 'Chandigarh',"
    " NULL, NULL, 'undisclosed', '', NULL, NULL,"
    " x'"
    "01084E656974686572207965617273206E6F722061207469746C65206D61726B2C20616E64206E6F207374616765"
    "206861732074776F2065766964656E6365642062756C6C6574732E00706C6174666F726D5F666F725F6169006E6F20"
    "6D61726B20696E20746865207469746C65006E6F6E6500706C6163653A2067617A657474656572004C617573616E6E"
    "65004368616E64696761726800494E00020000000100000011011442010200000003000013040A0401010203000000"
    "0105060713040A040008C80305022F20001C012520002202C20320042202A602040405024120001C013720AE010502"
    "1E0C001C01140C');"
    "INSERT INTO opening VALUES (1, 1, 1, 'counted: a core role', 1795672800),"
    " (2, 2, 0, 'no signal', 1795672800);"
    "INSERT INTO opening_posting VALUES (1, 1, 1, 1, 'counted: a core role', 'same title and text "
    "as "
    "greenhouse:kaveri/b'),"
    " (2, 2, 1, 0, 'no signal', 'same title and text as x/y');"
    "INSERT INTO figure_day VALUES (1, 20781, 'openings', 1, NULL, NULL, 1, 1),"
    " (1, 20781, 'final', 1, NULL, NULL, 0, 0);"
    "INSERT INTO published VALUES (1, 'v1/roles.json', 1795672800,"
    " x'00000000000000000000000000000000', 38,"
    " x'28b52ffd242631010052756e204b756265726e657465732077697468204d4c666c6f772e20332d352079"
    "656172732e3d24f2cc');";

/* What the releases after it kept besides, by the version that brought the table. */
static const char *const made_by[] = {
    [2] = "INSERT INTO alert VALUES (1, 'stock', 'mlflow', 20780, NULL, .1, .3, 60, '', 1);",
    [3] = "INSERT INTO finished VALUES (1, 1795672800, 1795700000, 7);"
          "INSERT INTO demand_total VALUES (0, 0, 1, 1, 0, 1);"
          "INSERT INTO demand VALUES (0, 0, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL,"
          " NULL, NULL);",
};

/* The file as the release that had schema `version` left it. */
static void make_old(const struct folder *f, int version)
{
    struct diag d = { 0 };
    sqlite3 *db = NULL;
    char path[256];

    path_in(path, f, "roletide.db");
    CHECK(sqlite3_open(path, &db) == SQLITE_OK);
    for (int v = 1; v <= version; v++) {
        const char *rows = v == 1 ? made_by_1 : v < (int)ARRAY_LEN(made_by) ? made_by[v] : NULL;

        OK(schema_migrate(db, path, schema_migrations, v - 1, v, &d));
        if (rows && sqlite3_exec(db, rows, NULL, NULL, NULL))
            CHECK_ROW(!sqlite3_errmsg(db), v);
    }
    CHECK(sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

static int note_fact(void *ctx, const struct posting_fact *f, struct diag *d)
{
    struct buf *b = ctx;

    (void)d;
    buf_printf(b, STR_FMT "/" STR_FMT " " STR_FMT " %lld-%lld%s%s%s%s\n", STR_ARG(f->source),
               STR_ARG(f->native_id), STR_ARG(f->title), (long long)f->first_proof - 1795500000,
               (long long)f->last_proof - 1795500000, f->ended_by ? " " : "", f->ended_how,
               f->source_window ? " window" : "", f->has_signal ? " read" : "");
    if (f->has_signal)
        for (size_t i = 0; i < f->signal.n_places; i++)
            buf_printf(b, "  " STR_FMT ", " STR_FMT " by %s\n", STR_ARG(f->signal.places[i].city),
                       STR_ARG(f->signal.places[i].state), f->signal.places[i].from.rule);
    return 0;
}

static const char facts[] = "greenhouse:kaveri/a MLOps Engineer II 0-172800 read\n"
                            "  Lausanne, Chandigarh by place: gazetteer\n"
                            "greenhouse:kaveri/b MLOps Lead 0-172800\n"
                            "greenhouse:kaveri/c Chef 0-0 absent\n"
                            "rss:tungabhadra/d ML Engineer 0-172800 window\n";

static int keep_feed(void *ctx, struct str name, struct str bytes, struct diag *d)
{
    (void)d, (void)name;
    *(size_t *)ctx += bytes.n;
    return 0;
}

static void check_brought_up(const struct folder *f, int row)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    struct arena a = ARENA_INIT;
    struct store *s = NULL;
    struct diag d = { 0 };
    struct history h = { 0 };
    struct figure_row *figures = NULL;
    struct alert_row *alerts = NULL;
    size_t n = 0, feed = 0;

    OK(store_open(&s, f->path, STORE_WRITE, &d));
    if (!s)
        return;
    OK(store_check(s, &d));
    OK(store_scan(s, 1795672800, NULL, note_fact, &b, &d));
    CHECK_STR(buf_str(&b), STR(facts), row);
    CHECK_ROW(store_history(s, STR("http://board.example/b"), 1795672800, &a, &h, &d) == 0, row);
    CHECK_STR(h.revision.listing.text, STR("Run Kubernetes with MLflow. 3-5 years."), row);
    CHECK_STR(h.body_hash, STR("000102030405060708090a0b0c0d0e0f"), row);
    CHECK_STR(h.body_url, STR("http://board.example/"), row);
    CHECK_STR(h.opening.evidence, STR("same title and text as x/y"), row);
    CHECK_STR(h.opening.reason, STR("no signal"), row);
    CHECK_ROW(ask(f, "SELECT kin FROM opening_posting WHERE posting = 1") == 2, row);
    OK(store_history(s, STR("greenhouse:kaveri/a"), 1795672800, &a, &h, &d));
    CHECK_STR(h.opening.evidence, STR("same title and text as greenhouse:kaveri/b"), row);
    OK(store_figures(s, STR("openings"), 0, 30000, &a, &figures, &n, &d));
    CHECK_ROW(n == 1, row);
    OK(store_alerts(s, &a, &alerts, &n, &d));
    CHECK_ROW(n == (row >= 2), row);
    CHECK_ROW(store_known(s, STR("greenhouse:kaveri"), STR("a"),
                          STR("0123456789abcdef0123456789abcdef"), &d)
                  == STORE_SAME,
              row);
    /* Its feed was written by hand, and so its hash is not that of the bytes: that is seen. */
    CHECK_ROW(store_published(s, INT64_MAX, keep_feed, &feed, &d) == ERR_DB && !feed, row);
    CHECK_ROW(read_board(s, "greenhouse:kaveri", "a b e",
                         (struct verdict_in){ .outcome = "complete" }, 1795700000)
                      .opened
                  == 1,
              row);
    store_close(&s);
    arena_free(&a);
}

static void every_earlier_schema_is_brought_up_with_a_copy_made_first(void **state)
{
    (void)state;
    for (int v = 1; v < schema_version; v++) {
        struct folder f = fresh_folder();
        struct diag d = { 0 };
        sqlite3 *copy = NULL;
        char path[256], name[32];
        int version = 0;

        make_old(&f, v);
        check_brought_up(&f, v);
        CHECK_ROW(ask(&f, "PRAGMA user_version") == schema_version, v);
        CHECK_ROW(ask(&f, "SELECT count(*) FROM v_posting WHERE open") == 4, v);
        CHECK_ROW(ask(&f, "SELECT count(*) FROM v_opening WHERE reason = 'no signal'") == 1, v);
        snprintf(name, sizeof(name), "roletide.db.v%d", v);
        path_in(path, &f, name);
        CHECK_ROW(sqlite3_open_v2(path, &copy, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK, v);
        OK(schema_of(copy, path, &version, &d));
        CHECK_ROW(version == v, v);
        sqlite3_close(copy);
        /* The way back: the copy is a store of that release, and is brought up again. */
        char own[256];

        path_in(own, &f, "roletide.db");
        CHECK_ROW(rename(path, own) == 0, v);
        path_in(path, &f, "roletide.db-wal");
        (void)unlink(path);
        path_in(path, &f, "roletide.db-shm");
        (void)unlink(path);
        check_brought_up(&f, v);
        remove_folder(&f);
    }
}

/* Kill a process that brings the store up after so long. */
static void kill_in_the_middle(const struct folder *f, long us)
{
    struct timespec nap = { us / 1000000, us % 1000000 * 1000 };
    pid_t child = fork();

    if (child == 0) {
        struct store *s = NULL;
        struct diag d;

        _exit(store_open(&s, f->path, STORE_WRITE, &d) != 0);
    }
    nanosleep(&nap, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* As long as a whole one takes on this machine, and a third more. */
static long most_us(void)
{
    struct folder f = fresh_folder();
    struct timespec from, to;

    make_old(&f, 1);
    clock_gettime(CLOCK_MONOTONIC, &from);
    check_brought_up(&f, 1);
    clock_gettime(CLOCK_MONOTONIC, &to);
    remove_folder(&f);
    return ((to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000) * 4 / 3;
}

static void a_kill_in_the_middle_leaves_the_old_one_or_the_new_one(void **state)
{
    enum { KILLS = 40, KILLS_MAX = 400 };
    unsigned seed = 5;
    long us = most_us();
    int old = 0, brought = 0;

    (void)state;
    for (int i = 0; i < KILLS || (i < KILLS_MAX && !(old && brought)); i++) {
        struct folder f = fresh_folder();
        int version = 1 + i % (schema_version - 1);
        int64_t is;

        make_old(&f, version);
        kill_in_the_middle(&f, rand_r(&seed) % us);
        is = ask(&f, "PRAGMA user_version");
        CHECK_ROW(is == version || is == schema_version, i);
        CHECK_ROW(ask(&f, "SELECT count(*) FROM spell") == 4, i);
        old += is == version;
        brought += is == schema_version;
        check_brought_up(&f, version);
        remove_folder(&f);
    }
    CHECK(old > 0 && brought > 0);
}

/* Where no copy can be kept, nothing is changed. */
static void without_room_for_the_copy_nothing_is_changed(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    char path[256];

    (void)state;
    make_old(&f, 1);
    path_in(path, &f, "roletide.db.v1.part");
    CHECK(mkdir(path, 0755) == 0);
    CHECK(store_open(&s, f.path, STORE_WRITE, &d) < 0 && !s);
    CHECK(strstr(d.text, "roletide.db.v1.part"));
    CHECK(ask(&f, "PRAGMA user_version") == 1);
    CHECK(ask(&f, "SELECT count(*) FROM spell") == 4);
    CHECK(rmdir(path) == 0);
    check_brought_up(&f, 1);
    remove_folder(&f);
}

static void a_step_that_fails_takes_all_back(void **state)
{
    static const struct migration bad[] = { { "CREATE TABLE half (a)" },
                                            { "CREATE TABLE more (a); nonsense" } };
    struct migration *steps = calloc((size_t)schema_version + 2, sizeof(*steps));
    struct folder f = fresh_folder();
    struct diag d = { 0 };
    sqlite3 *db = NULL;
    char path[256];
    int version = 0;

    (void)state;
    make_old(&f, schema_version);
    steps[schema_version] = bad[0];
    steps[schema_version + 1] = bad[1];
    path_in(path, &f, "roletide.db");
    CHECK(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK(schema_migrate(db, path, steps, schema_version, schema_version + 2, &d) == ERR_DB);
    OK(schema_of(db, path, &version, &d));
    CHECK(version == schema_version);
    sqlite3_close(db);
    free(steps);
    CHECK(ask(&f, "SELECT count(*) FROM sqlite_schema WHERE name IN ('half', 'more')") == 0);
    check_brought_up(&f, schema_version);
    remove_folder(&f);
}

/* D14: a newer release's store is refused, whoever opens it, and not a byte of it is written. */
static void a_newer_schema_is_refused_and_left_alone(void **state)
{
    struct folder f = fresh_folder();
    struct diag d = { 0 };
    struct store *s = NULL;
    char path[256], bump[64];
    struct stat before, after;

    (void)state;
    make_old(&f, schema_version);
    snprintf(bump, sizeof(bump), "PRAGMA user_version = %d", schema_version + 1);
    CHECK(ask(&f, bump) == -1);
    CHECK(ask(&f, "PRAGMA wal_checkpoint(TRUNCATE)") >= -1);
    path_in(path, &f, "roletide.db");
    CHECK(stat(path, &before) == 0);
    for (int access = STORE_READ; access <= STORE_WRITE; access++) {
        CHECK_ROW(store_open(&s, f.path, (enum store_access)access, &d) == ERR_DB && !s, access);
        CHECK_ROW(strstr(d.text, "this release knows 1 to") && *d.hint, access);
    }
    CHECK(stat(path, &after) == 0);
    CHECK(before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec
          && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    remove_folder(&f);
}

RUN_TESTS(TEST(every_earlier_schema_is_brought_up_with_a_copy_made_first),
          TEST(a_kill_in_the_middle_leaves_the_old_one_or_the_new_one),
          TEST(without_room_for_the_copy_nothing_is_changed),
          TEST(a_step_that_fails_takes_all_back), TEST(a_newer_schema_is_refused_and_left_alone))
