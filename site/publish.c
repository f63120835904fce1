#include "site/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "site/feeds.h"

enum { PATH_LIMIT = 4096, FOLDER_MODE = 0755, FILE_MODE = 0644 };

extern const char schema_roles[], schema_skills[], schema_stages[], schema_salary[],
    schema_openings[], schema_sources[], schema_index[], schema_history[];

static const struct {
    const char *name;
    feed_writer *write;
} feeds[] = {
    { "v1/roles.json", data_roles },
    { "v1/skills.json", data_skills },
    { "v1/stages.json", data_stages },
    { "v1/salary.json", data_salary },
    { "v1/openings.json", data_openings },
    { "v1/sources.json", data_sources },
    { "v1/history.csv", data_history },
    { "index.html", page_write },
    { "badge.json", feed_badge_json },
    { "badge.svg", feed_badge_svg },
    { "roles.atom", feed_atom },
    { "feed.json", feed_json },
    { "metrics.prom", feed_metrics },
    { "v1/index.json", data_index }, /* last: what it lists is there already */
};

static const struct {
    const char *name, *text;
} schemas[] = {
    { "v1/schema/roles.json", schema_roles },
    { "v1/schema/skills.json", schema_skills },
    { "v1/schema/stages.json", schema_stages },
    { "v1/schema/salary.json", schema_salary },
    { "v1/schema/openings.json", schema_openings },
    { "v1/schema/sources.json", schema_sources },
    { "v1/schema/index.json", schema_index },
    { "v1/schema/history.csv-metadata.json", schema_history },
};

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static int fail(struct diag *d, const char *what, const char *path)
{
    return diag_fail(d, ERR_IO, "publish: %s: %s: %s", what, path, strerror(errno));
}

static int join(char ret[PATH_LIMIT], const char *dir, const char *name, const char *suffix,
                struct diag *d)
{
    int n = snprintf(ret, PATH_LIMIT, "%s/%s%s", dir, name, suffix);

    if (n < 0 || n >= PATH_LIMIT)
        return diag_fail(d, ERR_LIMIT, "publish: path too long: %s", dir);
    return 0;
}

/* Whether the file holds exactly these bytes. */
static bool holds(const char *path, struct str bytes)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    char part[16384];
    size_t at = 0;

    if (fd < 0 || fstat(fd, &st) || st.st_size != (off_t)bytes.n)
        return false;
    while (at < bytes.n) {
        ssize_t n = read(fd, part, sizeof(part));

        if (n <= 0 || (size_t)n > bytes.n - at || memcmp(part, bytes.p + at, (size_t)n) != 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static int write_all(int fd, struct str bytes, const char *path, struct diag *d)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(d, "write", path);
        bytes = str_from(bytes, (size_t)n);
    }
    return fsync(fd) ? fail(d, "sync", path) : 0;
}

static int write_beside(const char *path, struct str bytes, struct diag *d)
{
    CLEANUP(close_fd)
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);

    if (fd < 0)
        return fail(d, "open", path);
    /* The web server reads it under another user, whatever umask the service keeps. */
    if (fchmod(fd, FILE_MODE))
        return fail(d, "chmod", path);
    return write_all(fd, bytes, path, d);
}

static int put_file(const char *dir, const char *name, struct str bytes, struct diag *d)
{
    char path[PATH_LIMIT], beside[PATH_LIMIT];
    int r = join(path, dir, name, "", d);

    if (!r)
        r = join(beside, dir, name, ".new", d);
    if (r || holds(path, bytes))
        return r;
    r = write_beside(beside, bytes, d);
    if (!r && rename(beside, path))
        r = fail(d, "rename", path);
    if (r)
        unlink(beside);
    return r;
}

static int put(const struct site_input *in, const char *dir, const char *name, struct str bytes,
               struct diag *d)
{
    int r = put_file(dir, name, bytes, d);

    return r || !in->save ? r : in->save(in->ctx, str_of(name), bytes, d);
}

/* A folder that was there keeps its owner's mode. */
static int make_folder(const char *dir, const char *name, struct diag *d)
{
    char path[PATH_LIMIT];
    int r = join(path, dir, name, "", d);

    if (r)
        return r;
    if (mkdir(path, FOLDER_MODE))
        return errno == EEXIST ? 0 : fail(d, "make folder", path);
    return chmod(path, FOLDER_MODE) ? fail(d, "chmod", path) : 0;
}

/* The renames are durable once their folder is. */
static int sync_folder(const char *dir, const char *name, struct diag *d)
{
    char path[PATH_LIMIT];
    int r = join(path, dir, name, "", d);
    CLEANUP(close_fd) int fd = r ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (r)
        return r;
    return fd < 0 || fsync(fd) ? fail(d, "sync", path) : 0;
}

static int put_feeds(const struct site_input *in, const char *dir, struct diag *d)
{
    struct arena a = ARENA_INIT;
    CLEANUP(buf_release) struct buf b = { 0 };
    int r = 0;

    for (size_t i = 0; i < ARRAY_LEN(schemas) && !r; i++)
        r = put(in, dir, schemas[i].name, str_of(schemas[i].text), d);
    for (size_t i = 0; i < ARRAY_LEN(feeds) && !r; i++) {
        b.n = 0;
        feeds[i].write(in, &a, &b);
        r = put(in, dir, feeds[i].name, buf_str(&b), d);
        arena_reset(&a);
    }
    arena_free(&a);
    return r;
}

static const char *const folders[] = { "", "v1", "v1/schema" };

static int make_site(const char *dir, struct diag *d)
{
    int r = 0;

    for (size_t i = 0; i < ARRAY_LEN(folders) && !r; i++)
        r = make_folder(dir, folders[i], d);
    return r;
}

/* A name that the store gives back is one of ours, or nothing is written. */
static bool is_ours(struct str name)
{
    bool ours = false;

    for (size_t i = 0; i < ARRAY_LEN(feeds); i++)
        ours |= str_eq(name, str_of(feeds[i].name));
    for (size_t i = 0; i < ARRAY_LEN(schemas); i++)
        ours |= str_eq(name, str_of(schemas[i].name));
    return ours;
}

int site_restore(const char *dir, struct str name, struct str bytes, struct diag *d)
{
    char file[PATH_LIMIT];
    int r = make_site(dir, d);

    if (r || !is_ours(name))
        return r;
    snprintf(file, sizeof(file), STR_FMT, STR_ARG(name));
    return put_file(dir, file, bytes, d);
}

int site_publish(const struct site_input *in, const char *dir, struct diag *d)
{
    int r = make_site(dir, d);

    if (!r)
        r = put_feeds(in, dir, d);
    for (size_t i = ARRAY_LEN(folders); i-- > 0 && !r;)
        r = sync_folder(dir, folders[i], d);
    return r;
}
