#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/buf.h"
#include "store/handle.h"
#include "store/schema.h"
#include "store/text.h"
#include "store/zip.h"

enum {
    LENGTH_MAX = 64 * 1024 * 1024, /* of one text or blob; a body is 32 MiB at most */
    CHECK_ALWAYS_BYTES =
        64 * 1024 * 1024, /* a quick_check of this much is a fraction of a second */
    LOCK_TEXT = 200,
    SLOTS = 400,
    SLOT_BYTES = 1200, /* what statements hold while they run comes from these */
};

static const char settings[] = "PRAGMA busy_timeout = 5000;"
                               "PRAGMA foreign_keys = ON;"
                               "PRAGMA trusted_schema = OFF;"
                               "PRAGMA cell_size_check = ON;"
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA cache_size = -8192;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA wal_autocheckpoint = 4000;"
                               "PRAGMA journal_size_limit = 16777216;";

static int system_fail(struct diag *d, const char *path)
{
    return diag_fail(d, ERR_IO, "store: %s: %s", path, strerror(errno));
}

static char *join(const char *a, const char *b)
{
    char *p = NULL;

    if (asprintf(&p, "%s%s", a, b) < 0)
        out_of_memory();
    return p;
}

static void free_text(char **p)
{
    free(*p);
}

static int make_folders(const char *dir, struct diag *d)
{
    CLEANUP(free_text) char *path = join(dir, "");

    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(path, 0755) && errno != EEXIST)
            return system_fail(d, path);
        *p = '/';
    }
    return mkdir(path, 0750) && errno != EEXIST ? system_fail(d, path) : 0;
}

/* What names a file and its log as they lie there: whoever writes to them, or puts others in their
 * place, changes this. Empty: there is none. */
static void name_state(const struct store *s, char ret[LOCK_TEXT])
{
    CLEANUP(free_text) char *log = join(s->path, "-wal");
    struct stat st, log_st = { 0 };

    ret[0] = '\0';
    (void)!stat(log, &log_st);
    if (stat(s->path, &st) == 0)
        snprintf(ret, LOCK_TEXT, "closed: %llu %lld %lld.%09ld %lld.%09ld, %lld %lld.%09ld",
                 (unsigned long long)st.st_ino, (long long)st.st_size, (long long)st.st_mtim.tv_sec,
                 st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec,
                 (long long)log_st.st_size, (long long)log_st.st_mtim.tv_sec,
                 log_st.st_mtim.tv_nsec);
}

static void read_note(int fd, char ret[LOCK_TEXT])
{
    ssize_t n = pread(fd, ret, LOCK_TEXT - 1, 0);

    ret[n > 0 ? n : 0] = '\0';
    ret[strcspn(ret, "\n")] = '\0';
}

/*
 * Held as long as the descriptor is open, so a killed process leaves no stale lock. It says which
 * process has it, and after a close how the file was left: *ret_left.
 */
static int lock(struct store *s, char ret_left[LOCK_TEXT], struct diag *d)
{
    CLEANUP(free_text) char *path = join(s->dir, "/lock");
    int taken;

    s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (s->lock_fd < 0)
        return system_fail(d, path);
    taken = flock(s->lock_fd, LOCK_EX | LOCK_NB);
    if (taken && errno != EWOULDBLOCK)
        return system_fail(d, path);
    read_note(s->lock_fd, ret_left);
    if (taken) { /* by one who may not have said so yet */
        diag_fail(d, ERR_BUSY, "store: %s: held by process %s", s->dir,
                  ascii_is_digit(*ret_left) ? ret_left : "(unknown)");
        diag_hint(d, "try again when it is done; reading needs no lock");
        return ERR_BUSY;
    }
    if (ftruncate(s->lock_fd, 0) || dprintf(s->lock_fd, "%ld\n", (long)getpid()) < 0)
        return system_fail(d, path);
    return 0;
}

/* A store is one thread's, so nothing of SQLite needs a lock; it counts no memory for us either. */
static int open_db(const char *path, int flags, sqlite3 **ret, struct diag *d)
{
    int rc;

    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused where a store was opened before */
    rc = sqlite3_open_v2(path, ret, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc)
        return db_fail(*ret, path, rc, d);
    sqlite3_db_config(*ret, SQLITE_DBCONFIG_LOOKASIDE, NULL, SLOT_BYTES, SLOTS);
    sqlite3_db_config(*ret, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(*ret, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(*ret, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_limit(*ret, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
    return db_exec(*ret, path, settings, d);
}

/* Made beside and renamed, so that the store's own name never stands for an empty or half file. */
static int create(struct store *s, struct diag *d)
{
    CLEANUP(free_text) char *fresh = join(s->path, ".new");
    sqlite3 *db = NULL;
    int r;

    (void)unlink(fresh);
    r = open_db(fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db, d);
    if (!r)
        r = schema_migrate(db, fresh, schema_migrations, 0, schema_version, d);
    if (!r)
        r = db_exec(db, fresh, "PRAGMA journal_mode = WAL", d);
    sqlite3_close(db);
    if (!r && rename(fresh, s->path))
        r = system_fail(d, s->path);
    if (r)
        (void)unlink(fresh);
    return r;
}

/* What a file must be before SQLite may touch it: 0, or STORE_NONE when there is none. */
static int look_at(const char *path, int64_t *ret_bytes, struct diag *d)
{
    struct stat st;

    if (lstat(path, &st)) {
        if (errno == ENOENT || errno == ENOTDIR)
            return STORE_NONE;
        return system_fail(d, path);
    }
    if (stat(path, &st))
        return system_fail(d, path);
    if (!S_ISREG(st.st_mode))
        return diag_fail(d, ERR_IO, "store: %s: not a file", path);
    if (st.st_size == 0) {
        diag_fail(d, ERR_DB, "store: %s: the file is empty: it was damaged", path);
        diag_hint(d, "put back a copy made by `roletide backup`, or move the file away");
        return ERR_DB;
    }
    *ret_bytes = st.st_size;
    return 0;
}

static int quick_check(struct store *s, struct diag *d)
{
    CLEANUP(stmt_end) struct stmt q = stmt_begin_once(s, "PRAGMA quick_check(1)");
    int r = stmt_step(&q, d);

    if (r < 0)
        return r;
    if (str_eq(col_str(&q, 0), STR("ok")))
        return 0;
    diag_fail(d, ERR_DB, "store: %s: the file is damaged: " STR_FMT, s->path,
              STR_ARG(col_str(&q, 0)));
    diag_hint(d, "it is left as it is: put back a copy made by `roletide backup`");
    return ERR_DB;
}

/* A close leaves its log empty, but where somebody was reading: what is in one that the close did
 * not leave may be another database's. */
static bool has_log(const struct store *s)
{
    CLEANUP(free_text) char *log = join(s->path, "-wal");
    struct stat st;

    return stat(log, &st) == 0 && st.st_size > 0;
}

/* A file that is just as a writer closed it needs no check; above some size only one that a writer
 * did not close gets one. */
static int check_pages(struct store *s, const char *left, int64_t bytes, struct diag *d)
{
    bool unclean = ascii_is_digit(left[0]) || has_log(s);
    char now[LOCK_TEXT];

    name_state(s, now);
    if (strcmp(left, now) == 0 || (!unclean && bytes > CHECK_ALWAYS_BYTES))
        return 0;
    return quick_check(s, d);
}

static int check_version(struct store *s, int version, struct diag *d)
{
    if (version > 0 && version <= schema_version)
        return 0;
    diag_fail(d, ERR_DB, "store: %s: schema %d, this release knows 1 to %d", s->path, version,
              schema_version);
    diag_hint(d, "it is left as it is: use the release that wrote it, or a newer one");
    return ERR_DB;
}

static int bring_up_to_date(struct store *s, int version, struct diag *d)
{
    char suffix[32];
    int r;

    if (version == schema_version)
        return 0;
    snprintf(suffix, sizeof(suffix), ".v%d", version);
    CLEANUP(free_text) char *copy = join(s->path, suffix);
    r = schema_copy(s->db, s->path, copy, d);
    return r ? r : schema_migrate(s->db, s->path, schema_migrations, version, schema_version, d);
}

/* A process that was killed left readings without a verdict: they have none and never will. */
static int end_interrupted(struct store *s, struct diag *d)
{
    int r = write_begin(s, d);

    if (r)
        return r;
    CLEANUP(stmt_end)
    struct stmt q =
        stmt_begin_once(s, "UPDATE reading SET outcome = 'failed', ended = started,"
                           " error = 'the process ended before the verdict' WHERE outcome IS NULL");
    return write_end_now(s, stmt_run(&q, d), d);
}

static int open_for_writing(struct store *s, struct diag *d)
{
    int64_t bytes = 0;
    char left[LOCK_TEXT];
    int version = 0, on = 1;
    int r = make_folders(s->dir, d);

    if (!r)
        r = lock(s, left, d);
    if (!r)
        r = look_at(s->path, &bytes, d);
    if (r == STORE_NONE)
        r = create(s, d);
    if (!r)
        r = open_db(s->path, SQLITE_OPEN_READWRITE, &s->db, d);
    if (r)
        return r;
    sqlite3_file_control(s->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    r = schema_of(s->db, s->path, &version, d);
    if (!r)
        r = check_version(s, version, d);
    if (!r)
        r = check_pages(s, left, bytes, d);
    if (r)
        return r;
    /* Only from here on may the close write the log back into the file. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    r = db_exec(s->db, s->path, "PRAGMA journal_mode = WAL", d); /* a backup put back has none */
    if (!r)
        r = bring_up_to_date(s, version, d);
    if (!r)
        r = end_interrupted(s, d);
    s->sound = !r;
    return r;
}

/* A path as a URI: what URIs give a meaning to is escaped. */
static char *uri_of(const char *path)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    buf_add(&b, STR("file:"));
    for (; *path; path++) {
        if (strchr("%?#", *path))
            buf_printf(&b, "%%%02x", (unsigned)*path);
        else
            buf_add_byte(&b, *path);
    }
    buf_add_byte(&b, '\0');
    return join(b.p, "");
}

/* A copy on read-only media has no log beside it, and SQLite must be told that none will come. */
static int open_immutable(struct store *s, struct diag *d)
{
    CLEANUP(free_text) char *log = join(s->path, "-wal");
    char *uri;

    if (!access(log, F_OK))
        return STORE_NONE;
    sqlite3_close(s->db);
    s->db = NULL;
    uri = join(s->uri, "?immutable=1");
    free(s->uri);
    s->uri = uri;
    return open_db(s->uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, &s->db, d);
}

static int open_for_reading(struct store *s, struct diag *d)
{
    int64_t bytes = 0;
    int version = 0;
    int r = look_at(s->path, &bytes, d);

    if (r == STORE_NONE) {
        diag_fail(d, ERR_IO, "store: %s: no store here yet", s->path);
        diag_hint(d, "`roletide run` makes one; --state names another folder");
        return ERR_IO;
    }
    if (!r)
        r = open_db(s->path, SQLITE_OPEN_READONLY, &s->db, d);
    if (!r)
        r = schema_of(s->db, s->path, &version, d);
    if (r == ERR_IO && s->db && open_immutable(s, d) == 0)
        r = schema_of(s->db, s->path, &version, d);
    if (!r && version > 0 && version < schema_version) {
        diag_fail(d, ERR_DB, "store: %s: schema %d, this release reads %d", s->path, version,
                  schema_version);
        diag_hint(d, "`roletide run` brings it up to date, keeping a copy");
        return ERR_DB;
    }
    return r ? r : check_version(s, version, d);
}

int store_open(struct store **ret, const char *dir, enum store_access access, struct diag *d)
{
    CLEANUP(store_close) struct store *s = calloc(1, sizeof(*s));
    int r;

    if (!s)
        out_of_memory();
    s->lock_fd = -1;
    s->nothing_kept = INT64_MAX;
    s->access = access;
    s->dir = join(dir, "");
    s->path = join(dir, "/roletide.db");
    s->uri = uri_of(s->path);
    s->zip = zip_new();
    r = access == STORE_WRITE ? open_for_writing(s, d) : open_for_reading(s, d);
    if (!r)
        r = vintage_load(s, d);
    if (r)
        return r;
    *ret = s;
    s = NULL;
    return 0;
}

/* Where it cannot be said, the next open checks the file once more than it needs to. */
static void leave(struct store *s)
{
    char state[LOCK_TEXT];

    name_state(s, state);
    if (!ftruncate(s->lock_fd, 0) && pwrite(s->lock_fd, state, strlen(state), 0) < 0)
        (void)!ftruncate(s->lock_fd, 0);
}

void store_close(struct store **ps)
{
    struct store *s = *ps;
    struct diag ignored;

    if (!s)
        return;
    if (store_flush(s, &ignored)) {
        /* Lost with its batch; whoever must know calls store_flush() first. */
    }
    for (size_t i = 0; i < STMT_SLOTS; i++)
        sqlite3_finalize(s->slots[i].st);
    sqlite3_close(s->db);
    if (s->lock_fd >= 0) {
        if (s->sound)
            leave(s);
        close(s->lock_fd);
    }
    arena_free(&s->scratch);
    arena_free(&s->known);
    buf_release(&s->hashed);
    buf_release(&s->address.text);
    zip_free(s->zip);
    blocks_free(s->blocks);
    words_free(&s->words);
    skill_numbers_free(s);
    unread_free(s);
    if (s->waiting)
        s->forget_waiting(s);
    free(s->dir);
    free(s->path);
    free(s->uri);
    free(s);
    *ps = NULL;
}
