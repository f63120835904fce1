/* What must never be lost or written half: kills, locks, full disks, damaged and foreign files. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "store_file.h"
#include "store_util.h"

static const struct verdict_in complete = { .outcome = "complete" };

static void write_forever(const struct folder *f)
{
    struct store *s = NULL;
    struct diag d = { 0 };

    if (store_open(&s, f->path, STORE_WRITE, &d))
        _exit(1);
    put_source(s, "greenhouse:kaveri");
    for (int64_t i = 0;; i++) {
        char ids[400] = "a b c d e f g h";

        for (int k = 0; k < 20; k++) {
            size_t n = strlen(ids);

            snprintf(ids + n, sizeof(ids) - n, " j%d-%d", (int)getpid(), (int)(i * 10 + k));
        }
        put_board(s, "greenhouse:kaveri", ids, complete, NOON + i * 60);
        if (i % 3 == 0 && store_flush(s, &d)) /* readings that end together share a commit */
            _exit(1);
    }
}

static void a_kill_at_any_moment_leaves_no_half_verdict(void **state)
{
    struct folder f = fresh_folder();
    struct diag d = { 0 };
    unsigned seed = 20261123;
    long longest = 30000000;

    (void)state;
    for (int i = 0; i < 40; i++) {
        struct timespec nap = { .tv_nsec = 3000000 + rand_r(&seed) % longest };
        pid_t child = fork();
        struct store *s = NULL;

        if (child == 0) {
            write_forever(&f);
            _exit(0);
        }
        nanosleep(&nap, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        CHECK_ROW(said(store_open(&s, f.path, STORE_WRITE, &d), &d) == 0, i);
        if (!s)
            continue;
        CHECK_ROW(said(store_check(s, &d), &d) == 0, i);
        store_close(&s);
        CHECK_ROW(ask(&f, "SELECT count(*) FROM reading WHERE outcome IS NULL") == 0, i);
        CHECK_ROW(ask(&f, "SELECT count(*) FROM (SELECT 1 FROM spell WHERE ended_by IS NULL"
                          " GROUP BY posting HAVING count(*) > 1)")
                      == 0,
                  i);
        /* Every verdict's own counts are what its spells say: none is there in part. */
        CHECK_ROW(ask(&f, "SELECT count(*) FROM reading r WHERE opened + reopened <>"
                          " (SELECT count(*) FROM spell WHERE first_reading = r.id)"
                          " OR closed <> (SELECT count(*) FROM spell WHERE ended_reading = r.id)")
                      == 0,
                  i);
        /* on a machine too busy to come to a verdict they live longer */
        if (longest < 400000000 && ask(&f, "SELECT count(*) FROM reading WHERE proven = 1") == 0)
            longest *= 2;
    }
    CHECK(ask(&f, "SELECT count(*) FROM reading WHERE outcome = 'complete'") > 0);
    remove_folder(&f);
}

static void the_second_writer_is_told_who_holds_the_store(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL, *other = NULL;
    struct diag d = { 0 };
    char pid[32];
    pid_t child;
    int status = -1;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    snprintf(pid, sizeof(pid), "process %ld", (long)getpid());
    child = fork();
    if (child == 0)
        _exit(store_open(&other, f.path, STORE_WRITE, &d) == ERR_BUSY && strstr(d.text, pid) ? 7
                                                                                             : 1);
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    put_source(s, "greenhouse:kaveri");
    read_board(s, "greenhouse:kaveri", "a b", complete, NOON);
    OK(store_open(&other, f.path, STORE_READ, &d)); /* a reader needs no lock */
    put_source(s, "lever:tungabhadra");             /* and sees what was committed, no more */
    struct arena a = ARENA_INIT;
    struct source_state *sources = NULL;
    size_t n = 0;
    OK(store_sources(other, &a, &sources, &n, &d));
    CHECK(n == 1);
    CHECK(store_put_source(other, &sources[0].row, NOON, &d) == ERR_USAGE);
    OK(store_flush(s, &d));
    OK(store_sources(other, &a, &sources, &n, &d));
    CHECK(n == 2 && sources[0].open == 2 && sources[0].last_proven == NOON);
    arena_free(&a);
    store_close(&other);
    store_close(&s);
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    store_close(&s);
    remove_folder(&f);
}

static void fill(const struct folder *f, int boards)
{
    struct store *s = NULL;
    struct diag d = { 0 };

    OK(store_open(&s, f->path, STORE_WRITE, &d));
    for (int i = 0; s && i < boards; i++) {
        char key[40];

        snprintf(key, sizeof(key), "greenhouse:board%d", i);
        put_source(s, key);
        read_board(s, key, "a b c d e f g h i j k l m n o p", complete, NOON);
    }
    store_close(&s);
}

static struct str read_file(struct arena *a, const char *path)
{
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    struct stat st;
    char *p;

    if (!f || fstat(fileno(f), &st))
        return STR("");
    p = ARENA_NEW(a, char, (size_t)st.st_size + 1);
    return (struct str){ p, fread(p, 1, (size_t)st.st_size, f) };
}

static void write_file(const char *path, struct str bytes)
{
    CLEANUP(file_close) FILE *f = fopen(path, "wb");

    CHECK(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n);
}

static void a_damaged_or_foreign_file_is_refused_and_left_as_it_is(void **state)
{
    enum fault { EMPTY, TEXT, CUT, GARBLED, NEWER, OTHER_PROGRAM };
    static const struct {
        enum fault fault;
        const char *says;
    } rows[] = { { EMPTY, "empty" },       { TEXT, "not a database" },
                 { CUT, "damaged" },       { GARBLED, "damaged" },
                 { NEWER, "schema 1000" }, { OTHER_PROGRAM, "not a store" } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct folder f = fresh_folder();
        struct arena a = ARENA_INIT;
        struct store *s = NULL;
        struct diag d = { 0 };
        struct stat closed = { 0 };
        struct str before;
        char path[256];
        char *bytes;

        fill(&f, 20);
        path_in(path, &f, "roletide.db");
        CHECK_ROW(stat(path, &closed) == 0, i);
        if (rows[i].fault == NEWER)
            CHECK(ask(&f, "PRAGMA user_version = 1000") == -1);
        if (rows[i].fault == OTHER_PROGRAM)
            CHECK(ask(&f, "PRAGMA application_id = 7") == -1);
        CHECK(ask(&f, "PRAGMA wal_checkpoint(TRUNCATE)") >= -1);
        before = read_file(&a, path);
        bytes = str_cstr(&a, before);
        if (rows[i].fault == GARBLED)
            for (size_t at = 4096; at < before.n; at += 4096) /* the head of every page */
                memset(bytes + at, 0x5a, 16);
        before = rows[i].fault == EMPTY  ? STR("")
                 : rows[i].fault == TEXT ? str_printf(&a, "%02000d", 7)
                 : rows[i].fault == CUT  ? (struct str){ bytes, before.n / 2 / 4096 * 4096 }
                                         : (struct str){ bytes, before.n };
        write_file(path, before);
        /* Whoever sets back its time does not make it the file that was closed. */
        CHECK_ROW(
            utimensat(AT_FDCWD, path, (struct timespec[]){ closed.st_atim, closed.st_mtim }, 0)
                == 0,
            i);
        for (int again = 0; again < 2; again++)
            CHECK_ROW(store_open(&s, f.path, STORE_WRITE, &d) == ERR_DB && !s, i);
        CHECK_ROW(strstr(d.text, rows[i].says) && *d.hint, i);
        if (!strstr(d.text, rows[i].says))
            fprintf(stderr, "  %s\n", d.text);
        CHECK_ROW(str_eq(read_file(&a, path), before), i);
        store_close(&s);
        arena_free(&a);
        remove_folder(&f);
    }
}

/* Read all that there is, as doctor, the scan and reparse do. */
static int each_posting(void *ctx, const struct posting_fact *f, struct diag *d)
{
    (void)f;
    (void)d;
    ++*(int *)ctx;
    return 0;
}

static int each_revision(void *ctx, const struct revision *rev, struct diag *d)
{
    (void)rev;
    (void)d;
    ++*(int *)ctx;
    return 0;
}

static int read_all(const struct folder *f, enum store_access access)
{
    CLEANUP(store_close) struct store *s = NULL;
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    int n = 0, r = store_open(&s, f->path, access, &d);

    if (!r)
        r = store_check(s, &d);
    if (!r)
        r = store_scan(s, NOON + DAY, &a, each_posting, &n, &d);
    if (!r)
        r = store_scan_texts(s, each_revision, &n, &d);
    arena_free(&a);
    CHECK(r <= 0 && (r == 0 || d.text[0])); /* a verdict with its reason, and no crash */
    return r;
}

/* D11: one byte turned over in each page, and the file cut off at each. */
static void damage_anywhere_is_found_or_does_no_harm(void **state)
{
    enum { PAGE = 4096 };
    struct folder f = fresh_folder();
    struct arena a = ARENA_INIT;
    size_t found = 0, pages;
    struct str whole;
    char path[256];

    (void)state;
    fill(&f, 4);
    CHECK(ask(&f, "PRAGMA wal_checkpoint(TRUNCATE)") >= -1);
    path_in(path, &f, "roletide.db");
    whole = read_file(&a, path);
    pages = whole.n / PAGE;
    CHECK(pages > 20);
    for (size_t i = 0; i < pages; i++) {
        char *bytes = str_cstr(&a, whole);

        bytes[i * PAGE + 3] = (char)~bytes[i * PAGE + 3];
        write_file(path, (struct str){ bytes, whole.n });
        found += read_all(&f, STORE_READ) != 0;
        if (!i)
            continue;
        write_file(path, (struct str){ whole.p, i * PAGE });
        CHECK_ROW(read_all(&f, STORE_READ) != 0, i);
        CHECK_ROW(read_all(&f, STORE_WRITE) != 0, i);
        CHECK_ROW(read_file(&a, path).n == i * PAGE, i); /* left for whoever puts a copy back */
    }
    CHECK(found > pages / 2);
    write_file(path, whole);
    CHECK(read_all(&f, STORE_WRITE) == 0);
    arena_free(&a);
    remove_folder(&f);
}

/* A store that a process left in the middle, its log not yet written back. */
static void leave_a_log(const struct folder *f)
{
    pid_t child = fork();
    int status = -1;

    if (child == 0) {
        struct store *s = NULL;
        struct diag d = { 0 };

        if (store_open(&s, f->path, STORE_WRITE, &d))
            _exit(1);
        put_source(s, "greenhouse:in-the-log");
        read_board(s, "greenhouse:in-the-log", "x y z", complete, NOON + DAY);
        kill(getpid(), SIGKILL);
    }
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
}

/* D12: the log or its index is lost, garbled, or another database's. */
static void a_log_that_is_not_its_own_is_found_or_does_no_harm(void **state)
{
    enum fault { LOST, GARBLED, CUT, FOREIGN, FOREIGN_AFTER_A_CLOSE };
    static const struct {
        const char *file;
        enum fault fault;
        int want; /* of an open for writing; 1: either */
    } rows[] = {
        { "roletide.db-wal", LOST, 0 },    { "roletide.db-wal", GARBLED, 0 },
        { "roletide.db-wal", CUT, 0 },     { "roletide.db-wal", FOREIGN, 1 },
        { "roletide.db-shm", LOST, 0 },    { "roletide.db-shm", GARBLED, 0 },
        { "roletide.db-shm", FOREIGN, 0 }, { "roletide.db-wal", FOREIGN_AFTER_A_CLOSE, ERR_DB },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct folder f = fresh_folder(), other = fresh_folder();
        struct arena a = ARENA_INIT;
        char path[256], from[256];
        struct str log;
        char *bytes;
        int r;

        fill(&f, 20);
        fill(&other, 7);
        leave_a_log(&other);
        if (rows[i].fault != FOREIGN_AFTER_A_CLOSE)
            leave_a_log(&f);
        path_in(path, &f, rows[i].file);
        path_in(from, rows[i].fault >= FOREIGN ? &other : &f, rows[i].file);
        log = read_file(&a, from);
        CHECK_ROW(log.n > 4096, i);
        bytes = str_cstr(&a, log);
        for (size_t at = 100; rows[i].fault == GARBLED && at < log.n; at += 512)
            bytes[at] = (char)~bytes[at];
        write_file(path, (struct str){ bytes, rows[i].fault == CUT ? log.n / 2 : log.n });
        if (rows[i].fault == LOST)
            CHECK_ROW(unlink(path) == 0, i);
        path_in(from, &f, "roletide.db");
        log = read_file(&a, from);
        r = read_all(&f, STORE_WRITE);
        if (r) /* left for whoever puts the right one back */
            CHECK_ROW(str_eq(read_file(&a, from), log), i);
        CHECK_ROW(rows[i].want == 1 ? r == 0 || r == ERR_DB : r == rows[i].want, i);
        if (!r)
            CHECK_ROW(ask(&f, "SELECT count(*) FROM v_posting WHERE open") >= 20 * 16, i);
        arena_free(&a);
        remove_folder(&f);
        remove_folder(&other);
    }
}

static int each_cell(void *ctx, size_t row, const struct sql_cell *cells, size_t n, struct diag *d)
{
    (void)ctx;
    (void)row;
    (void)cells;
    (void)n;
    (void)d;
    return 0;
}

/* D22: what a file from somebody else brings along is not run. */
static void what_is_planted_does_nothing(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };

    (void)state;
    fill(&f, 2);
    CHECK(ask(&f, "CREATE TRIGGER planted AFTER INSERT ON source BEGIN DELETE FROM spell; END")
          == -1);
    CHECK(ask(&f, "CREATE VIEW planted_view AS SELECT load_extension('evil') AS x") == -1);
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    put_source(s, "greenhouse:after-the-trigger");
    CHECK(store_sql(s, STR("SELECT x FROM planted_view"), each_cell, NULL, &d) < 0
          && strstr(d.text, "unsafe use of load_extension"));
    store_close(&s);
    CHECK(ask(&f, "SELECT count(*) FROM source WHERE key = 'greenhouse:after-the-trigger'") == 1);
    CHECK(ask(&f, "SELECT count(*) FROM spell") > 0);
    remove_folder(&f);
}

static void a_missing_store_is_no_store_to_a_reader(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    char path[256];

    (void)state;
    CHECK(store_open(&s, f.path, STORE_READ, &d) == ERR_IO && strstr(d.text, "no store"));
    path_in(path, &f, "roletide.db");
    CHECK(symlink("/nowhere/at-all", path) == 0);
    CHECK(store_open(&s, f.path, STORE_WRITE, &d) == ERR_IO);
    CHECK(unlink(path) == 0 && mkdir(path, 0755) == 0);
    CHECK(store_open(&s, f.path, STORE_WRITE, &d) == ERR_IO);
    CHECK(rmdir(path) == 0);
    remove_folder(&f);
}

static int write_until_full(const struct folder *f)
{
    struct rlimit limit = { 400 * 1024, 400 * 1024 };
    struct store *s = NULL;
    struct diag d = { 0 };
    char body[4000];
    unsigned seed = 7;
    int64_t reading = 0;
    int r;

    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) || store_open(&s, f->path, STORE_WRITE, &d))
        return 1;
    put_source(s, "greenhouse:full");
    r = store_begin_reading(s, STR("greenhouse:full"), NOON, &reading, &d);
    for (int i = 0; !r && i < 10000; i++) {
        for (size_t k = 0; k < sizeof(body); k++)
            body[k] = (char)(rand_r(&seed) >> 7);
        r = store_put_body(s, reading, STR("http://board.example/"),
                           (struct str){ body, sizeof(body) }, NOON, NULL, &d);
    }
    fprintf(stderr, "%s (%s)\n", d.text, d.hint);
    store_close(&s);
    return r == ERR_IO && *d.hint ? 7 : 2;
}

static void a_full_disk_is_said_and_loses_nothing_committed(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    int status = -1;
    pid_t child;

    (void)state;
    fill(&f, 5);
    child = fork();
    if (child == 0)
        _exit(write_until_full(&f));
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    OK(store_check(s, &d));
    put_source(s, "greenhouse:after");
    CHECK(read_board(s, "greenhouse:after", "a b", complete, NOON + DAY).opened == 2);
    store_close(&s);
    CHECK(ask(&f, "SELECT sum(open) FROM v_source") == 5 * 16 + 2);
    remove_folder(&f);
}

static void a_backup_made_while_writing_is_a_whole_store(void **state)
{
    struct folder f = fresh_folder(), g = fresh_folder();
    struct store *s = NULL, *reader = NULL, *copy = NULL;
    struct diag d = { 0 };
    char to[256], own[256];

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    OK(store_open(&reader, f.path, STORE_READ, &d));
    put_source(s, "greenhouse:kaveri");
    read_board(s, "greenhouse:kaveri", "a b c", complete, NOON);
    put_source(s, "greenhouse:open-batch");
    path_in(to, &g, "roletide.db");
    OK(store_backup(reader, to, &d));
    path_in(own, &f, "roletide.db");
    CHECK(store_backup(s, own, &d) == ERR_USAGE);
    store_close(&reader);
    store_close(&s);
    OK(store_open(&copy, g.path, STORE_WRITE, &d));
    OK(store_check(copy, &d));
    store_close(&copy);
    CHECK(ask(&g, "SELECT count(*) FROM v_posting WHERE open") == 3);
    CHECK(ask(&g, "SELECT count(*) FROM source") == 1);
    remove_folder(&f);
    remove_folder(&g);
}

RUN_TESTS(TEST(a_kill_at_any_moment_leaves_no_half_verdict),
          TEST(the_second_writer_is_told_who_holds_the_store),
          TEST(a_damaged_or_foreign_file_is_refused_and_left_as_it_is),
          TEST(damage_anywhere_is_found_or_does_no_harm),
          TEST(a_log_that_is_not_its_own_is_found_or_does_no_harm),
          TEST(what_is_planted_does_nothing), TEST(a_missing_store_is_no_store_to_a_reader),
          TEST(a_full_disk_is_said_and_loses_nothing_committed),
          TEST(a_backup_made_while_writing_is_a_whole_store))
