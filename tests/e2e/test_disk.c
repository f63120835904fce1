/*
 * What disks do: processes killed at each call that writes, calls that fail, a disk that is full,
 * one that is read-only, a file that is somebody else's. FULL_DISK kills at each call, and has
 * 1,000 runs fail.
 */
#include "test.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/broken.h"

#ifdef FULL_DISK
enum { KILL_STEP = 1, FAILING_RUNS = 1000 };
#else
enum { KILL_STEP = 23, FAILING_RUNS = 10 };
#endif
enum { NOBODY = 65534 };

/* D02. */
static void a_kill_at_any_call_leaves_a_whole_store(void **state)
{
    struct play p;
    int status = 128 + SIGKILL;
    long n = 1;

    (void)state;
    if (!broken_may_preload())
        skip();
    broken_begin(&p, "e2e-disk-kill");
    for (; status == 128 + SIGKILL; n += KILL_STEP) { /* until there are no more calls */
        status = broken_run(&p, str_printf(&p.memory, "kill:%ld:%s", n, p.state).p).status;
        CHECK_ROW(status == 128 + SIGKILL || status == 0, n);
        CHECK_ROW(broken_goes_on(&p), n);
    }
    printf("%ld calls\n", n - KILL_STEP);
    CHECK(n > 100);
    play_close(&p);
}

/* D05. */
static void calls_that_fail_are_said_and_lose_nothing(void **state)
{
    struct play p;
    int failed = 0;

    (void)state;
    if (!broken_may_preload())
        skip();
    broken_begin(&p, "e2e-disk-fail");
    for (int seed = 1; seed <= FAILING_RUNS; seed++) {
        struct spawned s =
            broken_run(&p, str_printf(&p.memory, "fail:%d:%s", seed * 7919, p.state).p);

        CHECK_ROW(s.status == 0 || s.status == 1 || s.status == 65, seed);
        if (s.status)
            CHECK_ROW(count_of(s.err, STR("roletide: ")) == 1, seed);
        failed += s.status != 0;
        CHECK_ROW(broken_goes_on(&p), seed);
    }
    printf("%d of %d runs failed\n", failed, FAILING_RUNS);
    CHECK(failed > FAILING_RUNS / 10);
    play_close(&p);
}

static const char *small_disk(struct play *p)
{
    return str_printf(&p->memory, "%s/small", p->folder).p;
}

/* The state lies on a disk of its own, which nobody else sees. */
static void mount_small(struct play *p, const char *size)
{
    const char *at = small_disk(p);

    if (mkdir(at, 0755) || unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)
        || mount("tmpfs", at, "tmpfs", 0, size)) {
        fprintf(stderr, "SKIP: no disk can be mounted here (%s): run as root\n", strerror(errno));
        play_close(p);
        skip();
    }
    p->state = str_printf(&p->memory, "%s/state", at).p;
}

static void remount(struct play *p, unsigned long flags, const char *size)
{
    CHECK(mount(NULL, small_disk(p), NULL, MS_REMOUNT | flags, size) == 0);
}

static void close_small(struct play *p)
{
    const char *at = str_printf(&p->memory, "%s", small_disk(p)).p;

    CHECK(umount2(at, MNT_DETACH) == 0);
    play_close(p);
}

/* D03. */
static void a_full_disk_loses_nothing_and_works_again_with_room(void **state)
{
    static const char *const sizes[] = { "size=16k", "size=300k", "size=420k", "size=500k" };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct play p;
        struct spawned s;

        broken_open(&p, "e2e-disk-full");
        mount_small(&p, sizes[i]);
        s = play(&p, "11T03:30", "run");
        if (s.status) { /* it names what it could not write */
            CHECK_ROW(s.status == 1 && count_of(s.err, STR("roletide: ")) == 1, i);
            CHECK_ROW(str_find(s.err, str_of(p.state)) > 0, i);
        }
        failed += s.status != 0;
        remount(&p, 0, "size=64m");
        CHECK_ROW(play(&p, "11T03:31", "run").status == 0, i);
        CHECK_ROW(play_number(&p, "SELECT count(*) FROM v_posting WHERE open") == 2, i);
        play_day(&p, 12);
        CHECK_ROW(broken_goes_on(&p), i);
        close_small(&p);
    }
    CHECK(failed >= 2);
}

/* D15: who only asks gets his answer; who would write is told why not, and nothing is changed. */
static void check_reads_only(struct play *p, size_t row)
{
    static const char *const whys[] = { "ead-only file system", "ermission denied" };
    const char *db = str_printf(&p->memory, "%s/roletide.db", p->state).p;
    struct stat before = { 0 }, after = { 0 };
    struct spawned s;
    bool said = false;

    CHECK_ROW(stat(db, &before) == 0, row);
    s = play(p, "11T05:00", "roles", "--format", "json");
    CHECK_ROW(s.status == 0, row);
    CHECK_STR(json_field(s.out, "openings"), STR("2"), row);
    CHECK_ROW(play(p, "11T05:00", "demand").status == 0, row);
    s = broken_run(p, NULL);
    CHECK_ROW(s.status == 1 && count_of(s.err, STR("roletide: ")) == 1, row);
    for (size_t i = 0; i < ARRAY_LEN(whys); i++)
        said |= str_find(s.err, str_of(whys[i])) >= 0;
    CHECK_ROW(said, row);
    CHECK_ROW(stat(db, &after) == 0 && after.st_size == before.st_size
                  && after.st_mtim.tv_sec == before.st_mtim.tv_sec
                  && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec,
              row);
}

static void a_read_only_disk_is_read(void **state)
{
    struct play p;

    (void)state;
    broken_open(&p, "e2e-disk-read-only");
    mount_small(&p, "size=64m");
    CHECK(play(&p, "11T03:30", "run").status == 0);
    remount(&p, MS_RDONLY, "size=64m");
    check_reads_only(&p, 0);
    remount(&p, 0, "size=64m");
    play_day(&p, 12);
    CHECK(broken_goes_on(&p));
    close_small(&p);
}

/* Root may write whatever the mode is, so for a while this process is nobody, wholly, but for the
 * way back. */
static void become(uid_t user)
{
    if (setresuid(user, user, 0)) {
        perror("setresuid");
        abort();
    }
}

static void what_is_somebody_elses_is_read_and_not_written(void **state)
{
    static const struct {
        mode_t folder, file;
    } rows[] = { { 0555, 0444 }, { 0555, 0644 }, { 0755, 0444 } };
    bool root = geteuid() == 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct play p;

        broken_open(&p, "e2e-disk-others");
        CHECK_ROW(play(&p, "11T03:30", "run").status == 0, i);
        CHECK_ROW(chmod(str_printf(&p.memory, "%s/roletide.db", p.state).p, rows[i].file) == 0, i);
        CHECK_ROW(chmod(str_printf(&p.memory, "%s/lock", p.state).p, 0444) == 0, i);
        CHECK_ROW(chmod(p.state, rows[i].folder) == 0 && chmod(p.folder, 0755) == 0, i);
        CHECK_ROW(chmod(p.config, 0755) == 0, i);
        CHECK_ROW(chmod(str_printf(&p.memory, "%s/sources", p.config).p, 0755) == 0, i);
        if (root)
            become(NOBODY);
        if (access(p.state, R_OK | X_OK) == 0)
            check_reads_only(&p, i);
        else
            fprintf(stderr, "SKIP: nobody may not come to %s\n", p.state);
        if (root)
            become(0);
        CHECK_ROW(chmod(p.state, 0755) == 0, i);
        play_close(&p);
    }
}

RUN_TESTS(TEST(a_kill_at_any_call_leaves_a_whole_store),
          TEST(calls_that_fail_are_said_and_lose_nothing),
          TEST(what_is_somebody_elses_is_read_and_not_written),
          TEST(a_full_disk_loses_nothing_and_works_again_with_room), TEST(a_read_only_disk_is_read))
