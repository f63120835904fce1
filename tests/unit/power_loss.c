#include "power_loss.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512, FILES = 16, PATH_BYTES = 300 };

/* What a sector may be once the power is back. */
struct version {
    int64_t sector;
    char bytes[SECTOR];
};

/* A file by its path: it may be open twice. */
struct disk_file {
    char path[PATH_BYTES];
    int64_t synced_size;
    struct version *versions; /* each sector's, oldest first: the synced one, then those written */
    size_t n, cap;
};

struct file { /* of SQLite: its head is read by SQLite, behind the struct lies the real file */
    sqlite3_file head;
    struct disk_file *disk;
};

static struct {
    sqlite3_vfs vfs, *real;
    struct disk_file files[FILES];
    size_t n_files;
    long at, calls;
    unsigned seed;
} power;

static sqlite3_file *real_of(sqlite3_file *f)
{
    return (sqlite3_file *)(void *)((char *)f + sizeof(struct file));
}

static int64_t size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) ? 0 : (int64_t)st.st_size;
}

static struct disk_file *disk_of(const char *path)
{
    struct disk_file *d = power.files;

    for (; d < power.files + power.n_files; d++)
        if (strcmp(d->path, path) == 0)
            return d;
    if (power.n_files++ == FILES)
        abort();
    snprintf(d->path, sizeof(d->path), "%s", path);
    d->synced_size = size_of(path);
    return d;
}

static void forget(struct disk_file *d)
{
    d->n = 0;
    d->synced_size = size_of(d->path);
}

static unsigned draw(unsigned below)
{
    return (unsigned)rand_r(&power.seed) / 5 % below;
}

/* Each sector becomes one of its versions; those at the same place lie in order of time. */
static void settle_sectors(struct disk_file *d, int fd)
{
    for (size_t i = 0; i < d->n; i++) {
        size_t same = 0, chosen = i;

        for (size_t k = 0; k < i; k++)
            same += d->versions[k].sector == d->versions[i].sector;
        if (same) /* chosen with the first of them */
            continue;
        for (size_t k = i + 1; k < d->n; k++)
            if (d->versions[k].sector == d->versions[i].sector && draw((unsigned)++same + 1) == 0)
                chosen = k;
        if (pwrite(fd, d->versions[chosen].bytes, SECTOR, d->versions[i].sector * SECTOR) < 0)
            abort();
    }
}

static void fail(void)
{
    for (struct disk_file *d = power.files; d < power.files + power.n_files; d++) {
        int64_t now = size_of(d->path);
        int fd = open(d->path, O_RDWR);

        if (fd < 0)
            continue;
        settle_sectors(d, fd);
        if (now > d->synced_size && draw(2))
            now = d->synced_size + (int64_t)draw((unsigned)(now - d->synced_size) + 1);
        if (ftruncate(fd, now))
            abort();
        close(fd);
    }
    _exit(POWER_LOST);
}

static void count(void)
{
    if (++power.calls == power.at)
        fail();
}

static struct version *add(struct disk_file *d, int64_t sector)
{
    if (d->n == d->cap) {
        d->cap = d->cap ? 2 * d->cap : 64;
        d->versions = realloc(d->versions, d->cap * sizeof(*d->versions));
        if (!d->versions)
            abort();
    }
    d->versions[d->n] = (struct version){ .sector = sector };
    return &d->versions[d->n++];
}

static void note(struct disk_file *d, int64_t at, int n, bool before)
{
    int fd = open(d->path, O_RDONLY);

    for (int64_t s = at / SECTOR; fd >= 0 && s * SECTOR < at + n; s++) {
        bool known = false;

        for (size_t i = 0; before && i < d->n; i++)
            known |= d->versions[i].sector == s;
        if (!known && pread(fd, add(d, s)->bytes, SECTOR, s * SECTOR) < 0)
            abort();
    }
    if (fd >= 0)
        close(fd);
}

static int do_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    struct disk_file *d = ((struct file *)(void *)f)->disk;
    int rc;

    note(d, at, n, true);
    rc = real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
    note(d, at, n, false);
    count();
    return rc;
}

static int do_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int rc = real_of(f)->pMethods->xTruncate(real_of(f), size);

    count();
    return rc;
}

/* What is synced is in `versions` no more; the machine's own disk need not hear of it. */
static int do_sync(sqlite3_file *f, int flags)
{
    (void)flags;
    count();
    forget(((struct file *)(void *)f)->disk);
    return 0;
}

static int do_close(sqlite3_file *f)
{
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int do_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}

static int do_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), ret);
}

static int do_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int do_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int do_reserved(sqlite3_file *f, int *ret)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), ret);
}

static int do_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int do_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int do_character(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int do_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **ret)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), region, size, extend, ret);
}

static int do_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags);
}

static void do_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int do_shm_unmap(sqlite3_file *f, int forget_it)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), forget_it);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = do_close,
    .xRead = do_read,
    .xWrite = do_write,
    .xTruncate = do_truncate,
    .xSync = do_sync,
    .xFileSize = do_size,
    .xLock = do_lock,
    .xUnlock = do_unlock,
    .xCheckReservedLock = do_reserved,
    .xFileControl = do_control,
    .xSectorSize = do_sector,
    .xDeviceCharacteristics = do_character,
    .xShmMap = do_shm_map,
    .xShmLock = do_shm_lock,
    .xShmBarrier = do_shm_barrier,
    .xShmUnmap = do_shm_unmap,
};

static int do_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
    int rc;

    (void)v;
    f->pMethods = NULL;
    if (!name) /* a temporary one: the store keeps those in memory */
        return SQLITE_CANTOPEN;
    rc = power.real->xOpen(power.real, name, real_of(f), flags, ret_flags);
    if (rc)
        return rc;
    f->pMethods = &methods;
    ((struct file *)(void *)f)->disk = disk_of(name);
    return 0;
}

void power_fails_at(long n, unsigned seed)
{
    power.at = n;
    power.seed = seed;
    power.real = sqlite3_vfs_find(NULL);
    power.vfs = *power.real;
    power.vfs.zName = "power-loss";
    power.vfs.szOsFile = (int)sizeof(struct file) + power.real->szOsFile;
    power.vfs.xOpen = do_open;
    if (sqlite3_vfs_register(&power.vfs, 1))
        abort();
}

long power_calls(void)
{
    return power.calls;
}
