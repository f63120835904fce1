#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"

extern const char store_migration_001[];

/* The schema, step by step: migration i brings user_version i to i + 1. */
static const char *const migrations[] = { store_migration_001 };

enum { APPLICATION_ID = 0x726F6C65 /* "role" */, BUSY_MS = 10000 };

static char *join(const char *dir, const char *name)
{
    size_t n = strlen(dir) + strlen(name) + 2;
    char *p = malloc(n);

    if (!p)
        abort();
    snprintf(p, n, "%s/%s", dir, name);
    return p;
}

void store_close(struct store **s)
{
    struct diag ignored = { 0 };

    if (!*s)
        return;
    (void)!store_flush(*s, &ignored);
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize((*s)->cache[i].statement);
    sqlite3_close((*s)->db);
    if ((*s)->lock >= 0)
        close((*s)->lock); /* releases the lock; the file stays, so that two openers agree on it */
    free((*s)->dir);
    free((*s)->path);
    free(*s);
    *s = NULL;
}

/* mkdir -p, for the last folders of a state path. */
static int make_folder(const char *dir, struct diag *d)
{
    char path[4096];
    size_t n = strlen(dir);

    if (n >= sizeof(path))
        return diag_fail(d, ERR_USAGE, "state folder: the path is too long");
    memcpy(path, dir, n + 1);
    for (char *p = path + 1; *p; p++)
        if (*p == '/') {
            *p = '\0';
            (void)!mkdir(path, 0755); /* an ancestor that cannot be made shows below */
            *p = '/';
        }
    if (mkdir(path, 0750) && errno != EEXIST)
        return diag_fail(d, ERR_IO, "state folder: %s: %s", dir, strerror(errno));
    return 0;
}

/* Who holds the lock writes its pid into it, for the message of those who wait. */
static int take_lock(struct store *s, struct diag *d)
{
    char *path = join(s->dir, "lock"), holder[24] = "";
    ssize_t n;
    int r = 0;

    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (s->lock < 0) {
        r = diag_fail(d, ERR_IO, "lock: %s: %s", path, strerror(errno));
    } else if (flock(s->lock, LOCK_EX | LOCK_NB)) {
        n = pread(s->lock, holder, sizeof(holder) - 1, 0);
        holder[n > 0 ? (size_t)n : 0] = '\0';
        holder[strcspn(holder, "\n")] = '\0';
        diag_fail(d, ERR_BUSY, "lock: %s: another roletide is running (process %s)", path,
                  holder[0] ? holder : "unknown");
        diag_hint(d, "wait for it, or ask from the store meanwhile: roletide roles");
        r = ERR_BUSY;
    } else {
        n = snprintf(holder, sizeof(holder), "%ld\n", (long)getpid());
        if (ftruncate(s->lock, 0) || pwrite(s->lock, holder, (size_t)n, 0) != n)
            r = diag_fail(d, ERR_IO, "lock: %s: %s", path, strerror(errno));
    }
    free(path);
    return r;
}

static int64_t pragma_int(struct store *s, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t v = -1;

    if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK
        && sqlite3_step(st) == SQLITE_ROW)
        v = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return v;
}

/* A copy beside the file, before its schema changes: roletide.db.v1 */
static int copy_before(struct store *s, int64_t version, struct diag *d)
{
    size_t n = strlen(s->path) + 24;
    char *to = malloc(n);
    int r;

    if (!to)
        abort();
    snprintf(to, n, "%s.v%lld", s->path, (long long)version);
    r = store_backup(s, to, d);
    free(to);
    return r;
}

static int migrate(struct store *s, struct diag *d)
{
    int64_t version = pragma_int(s, "PRAGMA user_version");
    char set[64];
    int r = 0;

    if (version < 0)
        return db_fail(s, d, "open");
    if (version > (int64_t)ARRAY_LEN(migrations)) {
        diag_fail(d, ERR_DB,
                  "database: %s: made by a newer roletide (schema %lld, this one knows %zu)",
                  s->path, (long long)version, ARRAY_LEN(migrations));
        diag_hint(d, "use the newer program; the file was left as it is");
        return ERR_DB;
    }
    if (version > 0 && version < (int64_t)ARRAY_LEN(migrations))
        r = copy_before(s, version, d);
    for (size_t i = (size_t)version; i < ARRAY_LEN(migrations) && !r; i++) {
        snprintf(set, sizeof(set), "PRAGMA user_version=%zu", i + 1);
        r = db_exec(s, "BEGIN IMMEDIATE", "migrate", d);
        if (!r)
            r = db_exec(s, migrations[i], "migrate", d);
        if (!r)
            r = db_exec(s, set, "migrate", d);
        r = db_end(s, r, d);
    }
    return r;
}

/* Somebody else's database, or a damaged one, is never touched. */
static int judge(struct store *s, struct diag *d)
{
    int64_t id = pragma_int(s, "PRAGMA application_id"), tables;

    if (id < 0)
        return db_fail(s, d, "open");
    tables = pragma_int(s, "SELECT count(*) FROM sqlite_schema");
    if (tables < 0)
        return db_fail(s, d, "open");
    if (id != APPLICATION_ID && tables > 0)
        return diag_fail(d, ERR_DB, "database: %s: not a roletide store", s->path);
    return 0;
}

static int settle(struct store *s, bool write, struct diag *d)
{
    static const char both[] = "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
                               "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
                               "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384;";
    int r;

    sqlite3_busy_timeout(s->db, BUSY_MS);
    sqlite3_extended_result_codes(s->db, 0);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    r = judge(s, d);
    if (!r)
        r = db_exec(s, both, "settings", d);
    if (!r && write)
        r = db_exec(
            s,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA application_id=1919904869;",
            "settings", d);
    return r;
}

static int keep_wal(struct store *s)
{
    int on = 1;

    /* Readers of a store that nobody writes need the -wal and -shm files to stay. */
    return sqlite3_file_control(s->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
}

static int open_for_writing(struct store *s, struct diag *d)
{
    int r = make_folder(s->dir, d);

    if (!r)
        r = take_lock(s, d);
    if (r)
        return r;
    if (sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL))
        return db_fail(s, d, "open");
    r = settle(s, true, d);
    if (!r && keep_wal(s))
        r = db_fail(s, d, "settings");
    return r ? r : migrate(s, d);
}

static int open_for_reading(struct store *s, struct diag *d)
{
    int64_t version;
    int r;

    if (access(s->path, R_OK)) {
        diag_fail(d, ERR_IO, "store: %s: %s", s->path, strerror(errno));
        diag_hint(d, errno == ENOENT ? "nothing was read yet: roletide crawl"
                                     : "ask its owner for permission to read");
        return ERR_IO;
    }
    if (sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READONLY, NULL))
        return db_fail(s, d, "open");
    r = settle(s, false, d);
    if (r)
        return r;
    version = pragma_int(s, "PRAGMA user_version");
    if (version != (int64_t)ARRAY_LEN(migrations)) {
        diag_fail(d, ERR_DB, "database: %s: schema %lld, this program reads %zu", s->path,
                  (long long)version, ARRAY_LEN(migrations));
        diag_hint(d, "roletide crawl migrates an older store; a newer one needs the newer program");
        return ERR_DB;
    }
    return 0;
}

int store_open(struct store **ret, const char *dir, enum store_access access, struct diag *d)
{
    CLEANUP(store_close) struct store *s = calloc(1, sizeof(*s));
    int64_t vintage;
    int r;

    if (!s)
        abort();
    s->lock = -1;
    s->dir = strdup(dir);
    s->path = join(dir, "roletide.db");
    if (!s->dir)
        abort();
    r = access == STORE_WRITE ? open_for_writing(s, d) : open_for_reading(s, d);
    if (r)
        return r;
    vintage = pragma_int(s, "SELECT id FROM vintage WHERE current");
    s->vintage = vintage > 0 ? vintage : 0;
    *ret = s;
    s = NULL;
    return 0;
}

int store_backup(struct store *s, const char *to, struct diag *d)
{
    sqlite3 *copy = NULL;
    sqlite3_backup *b;
    int r = 0;

    if (sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL)) {
        r = diag_fail(d, ERR_IO, "backup: %s: %s", to, sqlite3_errmsg(copy));
        sqlite3_close(copy);
        return r;
    }
    b = sqlite3_backup_init(copy, "main", s->db, "main");
    if (!b || sqlite3_backup_step(b, -1) != SQLITE_DONE || sqlite3_backup_finish(b) != SQLITE_OK)
        r = diag_fail(d, ERR_IO, "backup: %s: %s", to, sqlite3_errmsg(copy));
    if (!r && sqlite3_exec(copy, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL))
        r = diag_fail(d, ERR_IO, "backup: %s: %s", to,
                      sqlite3_errmsg(copy)); /* one file, complete by itself */
    sqlite3_close(copy);
    return r;
}

int store_check(struct store *s, struct diag *d)
{
    DB_STATEMENT(integrity);
    DB_STATEMENT(keys);
    int r = db_prepare(s, "PRAGMA integrity_check(1)", &integrity, d);

    if (!r)
        r = db_step(s, integrity, "check", d);
    if (r == DB_ROW && !str_eq(db_text(integrity, 0), STR("ok")))
        return diag_fail(d, ERR_DB, "database: %s: damaged: " STR_FMT, s->path,
                         STR_ARG(db_text(integrity, 0)));
    if (r < 0)
        return r;
    r = db_prepare(s, "PRAGMA foreign_key_check", &keys, d);
    if (!r)
        r = db_step(s, keys, "check", d);
    if (r == DB_ROW)
        return diag_fail(d, ERR_DB, "database: %s: a row of " STR_FMT " points to nothing", s->path,
                         STR_ARG(db_text(keys, 0)));
    return r;
}
