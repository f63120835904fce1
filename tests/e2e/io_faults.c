/*
 * Preloaded into the program: what a disk, a clock or a machine does wrong, at a chosen call. The
 * environment says what, one thing at a time:
 *
 *     IO_FAULTS=kill:N:PREFIX       killed in the N-th call that changes files whose path begins
 *                                   with PREFIX, half of what it writes written
 *     IO_FAULTS=fail:SEED:PREFIX    one such call of a hundred fails (EIO or ENOSPC), or writes
 * half IO_FAULTS=starve:N            the N-th request for memory is refused; 0: none, but their
 *                                   number is said at the end
 *     IO_FAULTS=files:N             no more than N descriptors
 *     IO_FAULTS=memory:MIB          no more than so much address space
 *     IO_FAULTS=jump:N:SECONDS      from the N-th look at the clock on it is so far ahead
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum what { NOTHING, KILL, FAIL, STARVE, FILES, MEMORY, JUMP };
static const char *const whats[] = {
    "nothing", "kill", "fail", "starve", "files", "memory", "jump"
};

static struct {
    enum what what;
    long at;
    const char *rest; /* PREFIX or SECONDS */
    unsigned seed;
    long calls;
    atomic_long looks, asked;
} plan;

static void limit(int what, long most)
{
    struct rlimit r = { (rlim_t)most, (rlim_t)most };

    if (setrlimit(what, &r))
        abort();
}

static void __attribute__((constructor)) begin(void)
{
    const char *env = getenv("IO_FAULTS");
    char *end;

    for (size_t i = 1; env && i < sizeof(whats) / sizeof(*whats); i++) {
        size_t n = strlen(whats[i]);

        if (strncmp(env, whats[i], n) || env[n] != ':')
            continue;
        plan.at = strtol(env + n + 1, &end, 10);
        plan.seed = (unsigned)plan.at;
        plan.rest = *end == ':' ? end + 1 : end;
        plan.what = (enum what)i; /* from here on */
    }
    if (plan.what == FILES)
        limit(RLIMIT_NOFILE, plan.at);
    if (plan.what == MEMORY)
        limit(RLIMIT_AS, plan.at << 20);
}

static void __attribute__((destructor)) end(void)
{
    if (plan.what == STARVE && !plan.at)
        dprintf(STDERR_FILENO, "asked for memory %ld times\n", plan.asked);
}

static bool concerns_path(const char *path)
{
    return (plan.what == KILL || plan.what == FAIL)
           && strncmp(path, plan.rest, strlen(plan.rest)) == 0;
}

static bool concerns(int fd)
{
    char link[64], path[1024];
    ssize_t n;

    if (plan.what != KILL && plan.what != FAIL)
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof(path) - 1);
    path[n > 0 ? n : 0] = '\0';
    return concerns_path(path);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* What becomes of a call: 0 it is made, 1 half of it is, -1 it fails. */
static int fate(void)
{
    plan.calls++;
    if (plan.what == KILL && plan.calls == plan.at)
        return 1;
    if (plan.what != FAIL || rand_r(&plan.seed) / 7 % 100)
        return 0;
    errno = rand_r(&plan.seed) & 64 ? EIO : ENOSPC;
    return rand_r(&plan.seed) & 64 ? 1 : -1;
}

#define REAL(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *p, size_t n)
{
    int f = concerns(fd) ? fate() : 0;
    ssize_t r = f < 0 ? -1 : REAL(write)(fd, p, f ? n / 2 : n);

    if (f > 0 && plan.what == KILL)
        die();
    return r;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    int f = concerns(fd) ? fate() : 0;
    ssize_t r = f < 0 ? -1 : REAL(pwrite)(fd, p, f ? n / 2 : n, at);

    if (f > 0 && plan.what == KILL)
        die();
    return r;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return pwrite(fd, p, n, at);
}

/* A call that is made or not. */
#define WHOLE(declared, concerned, call)                                                           \
    declared                                                                                       \
    {                                                                                              \
        int f = concerned ? fate() : 0;                                                            \
                                                                                                   \
        if (f > 0 && plan.what == KILL)                                                            \
            die();                                                                                 \
        return f ? -1 : call;                                                                      \
    }
WHOLE(int fsync(int fd), concerns(fd), REAL(fsync)(fd))
WHOLE(int fdatasync(int fd), concerns(fd), REAL(fdatasync)(fd))
WHOLE(int ftruncate(int fd, off_t n), concerns(fd), REAL(ftruncate)(fd, n))
WHOLE(int ftruncate64(int fd, off64_t n), concerns(fd), REAL(ftruncate64)(fd, n))
WHOLE(int rename(const char *a, const char *b), concerns_path(b), REAL(rename)(a, b))
WHOLE(int unlink(const char *p), concerns_path(p), REAL(unlink)(p))

/* What looks up the next of a name asks for memory itself, so these are called by their own. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static bool refused(void)
{
    if (plan.what != STARVE || ++plan.asked != plan.at)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n)
{
    return refused() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return refused() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return refused() ? NULL : __libc_realloc(p, n);
}

static long ahead(void)
{
    return plan.what == JUMP && ++plan.looks >= plan.at ? strtol(plan.rest, NULL, 10) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
    int r = REAL(clock_gettime)(clock, t);

    if (clock == CLOCK_REALTIME)
        t->tv_sec += ahead();
    return r;
}

time_t time(time_t *to)
{
    struct timespec t;
    time_t now = clock_gettime(CLOCK_REALTIME, &t) ? -1 : t.tv_sec;

    if (to)
        *to = now;
    return now;
}
