#include "tests/cli/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/cleanup.h"

enum { MAX_WORDS = 40, MAX_TREE = 16, FOLDER = 0700 };

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t ms_of(struct timeval t)
{
    return (int64_t)t.tv_sec * 1000 + t.tv_usec / 1000;
}

static int memory_file(const char *name)
{
    int fd = memfd_create(name, MFD_CLOEXEC);

    if (fd < 0)
        give_up("memfd_create");
    return fd;
}

static int input(struct str in)
{
    int fd = memory_file("in");

    if (in.n && write(fd, in.p, in.n) != (ssize_t)in.n)
        give_up("standard input");
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* The limit is the caller's own while the child is born, because a spawn cannot set one. */
static struct rlimit limit_files(int64_t max_kib)
{
    struct rlimit before, limited;

    if (getrlimit(RLIMIT_FSIZE, &before))
        give_up("getrlimit");
    limited = before;
    if (max_kib)
        limited.rlim_cur = (rlim_t)max_kib * 1024;
    if (setrlimit(RLIMIT_FSIZE, &limited))
        give_up("setrlimit");
    return before;
}

struct running spawn_start(const struct spawn_options *opt, const char *const words[])
{
    char preload[512];
    const char *env[] = {
        "PATH=/usr/bin:/bin", "HOME=" SCRATCH_DIR, "LC_ALL=C.UTF-8", preload, opt->env, NULL
    };
    const char *argv[MAX_WORDS + 2] = { PROGRAM };
    struct running r = { .out = memory_file("out"),
                         .err = memory_file("err"),
                         .started_ms = now_ms() };
    int in = input(opt->in), failed;
    posix_spawn_file_actions_t actions;
    struct rlimit before;

    for (size_t i = 0; words[i] && i < MAX_WORDS; i++)
        argv[i + 1] = words[i];
    snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", opt->preload ? opt->preload : "");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, r.out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, r.err, STDERR_FILENO);
    if (opt->terminal) {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, opt->terminal,
                                         O_WRONLY | O_NOCTTY, 0);
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    }
    before = limit_files(opt->max_file_kib);
    /* POSIX takes char *const[], and promises to change neither words nor environment. */
    failed = posix_spawn(&r.pid, PROGRAM, &actions, NULL, (char *const *)(uintptr_t)argv,
                         (char *const *)(uintptr_t)env);
    setrlimit(RLIMIT_FSIZE, &before);
    posix_spawn_file_actions_destroy(&actions);
    close(in);
    errno = failed;
    if (failed)
        give_up(PROGRAM);
    return r;
}

static struct str bytes_of(struct arena *a, int fd)
{
    struct stat st;
    char *p;

    if (fstat(fd, &st))
        give_up("fstat");
    p = ARENA_NEW(a, char, (size_t)st.st_size + 1);
    if (pread(fd, p, (size_t)st.st_size, 0) != st.st_size)
        give_up("pread");
    return (struct str){ p, (size_t)st.st_size };
}

struct str spawn_output(struct arena *a, const struct running *r)
{
    return bytes_of(a, r->out);
}

struct spawned spawn_wait(struct arena *a, struct running *r)
{
    struct spawned s = { 0 };
    struct rusage used = { 0 };
    int status;

    while (wait4(r->pid, &status, 0, &used) < 0)
        if (errno != EINTR)
            give_up("wait4");
    s.ms = now_ms() - r->started_ms;
    s.cpu_ms = ms_of(used.ru_utime) + ms_of(used.ru_stime);
    s.max_rss_kib = used.ru_maxrss;
    s.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    s.out = bytes_of(a, r->out);
    s.err = bytes_of(a, r->err);
    close(r->out);
    close(r->err);
    *r = (struct running){ 0 };
    return s;
}

struct spawned spawn_with(struct arena *a, const struct spawn_options *opt,
                          const char *const words[])
{
    struct running r = spawn_start(opt, words);

    return spawn_wait(a, &r);
}

struct str json_field(struct str json, const char *key)
{
    char quoted[64];
    ptrdiff_t at;
    size_t n = 0;
    bool in_text = false;

    snprintf(quoted, sizeof(quoted), "\"%s\":", key);
    at = str_find(json, str_of(quoted));
    if (at < 0)
        return (struct str){ 0 };
    json = str_from(json, (size_t)at + strlen(quoted));
    for (; n < json.n && (in_text || !strchr(",}]\n", json.p[n])); n++) {
        if (in_text && json.p[n] == '\\')
            n++;
        else if (json.p[n] == '"')
            in_text = !in_text;
    }
    return str_slice(json, 0, n);
}

size_t count_of(struct str text, struct str what)
{
    size_t n = 0;

    for (ptrdiff_t at; (at = str_find(text, what)) >= 0; n++)
        text = str_from(text, (size_t)at + what.n);
    return n;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

const char *scratch_folder(struct arena *a, const char *name)
{
    const char *path = str_cstr(a, str_printf(a, "%s/%s", SCRATCH_DIR, name));

    if (nftw(path, remove_entry, MAX_TREE, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
        give_up(path);
    if (mkdir(path, FOLDER))
        give_up(path);
    return path;
}

void scratch_file(struct arena *a, const char *folder, const char *path, struct str bytes)
{
    char *full = str_cstr(a, str_printf(a, "%s/%s", folder, path));
    CLEANUP(file_close) FILE *f = NULL;

    for (char *slash = full + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (mkdir(full, FOLDER) && errno != EEXIST)
            give_up(full);
        *slash = '/';
    }
    f = fopen(full, "wb");
    if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n)
        give_up(full);
}
