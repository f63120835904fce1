/* A key that a board needs, over good days and bad ones: it reaches its board and is in nothing
 * that the program keeps, says or publishes, though the board repeats it wherever it can. */
#include "test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "tests/e2e/play.h"

#define CANARY  "canary/4f9c+77"
#define IN_URL  "canary%2F4f9c%2B77"
#define SLASHED "canary\\/4f9c+77"

static const char *const forms[] = { CANARY, IN_URL, SLASHED, "canary%2f4f9c%2b77", "4f9c" };

static bool shows(struct str text)
{
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (str_find(text, str_of(forms[i])) >= 0)
            return true;
    return false;
}

/* What the board does on each day, and what becomes of its source. */
static const struct {
    const char *row, *outcome;
} days[] = {
    { "200\tlist.json\tETag: \"" CANARY "\"", "complete" },
    { "500\tlist.json", "failed" },
    { "302\t-\tLocation: http://127.0.0.3/end?key=" IN_URL, "failed" },
    { "302\t-\tLocation: /moved?key=" IN_URL, "unchanged" },
    { "200\tlogin.html", "failed" },
    { "200\tlist.json\tlength=99999", "failed" },
    { "200\tother.json", "complete" },
    { "429\tlist.json\tRetry-After: 60", "failed" },
    { "404\tlist.json", "gone" },
};

static struct str board(struct arena *a, const char *title)
{
    return str_printf(a,
                      "{\"you\":\"%s\",\"jobs\":[{\"id\":\"1-%s\",\"title\":\"MLOps Engineer %s\","
                      "\"city\":\"Pune, India %s\",\"url\":\"https://palash.example/1?key=%s\","
                      "\"text\":\"<p>Kubernetes, asked with %s and %s</p>\"}]}",
                      CANARY, SLASHED, title, CANARY, IN_URL, SLASHED, CANARY);
}

static void write_adapter(struct play *p)
{
    scratch_file(
        &p->memory, p->folder, "config/adapters/keyed.yaml",
        str_printf(&p->memory,
                   "adapter: keyed\nlabel: Keyed\npolicy: default\nwhy: played\n"
                   "secrets: { KEY: { help: a key } }\n"
                   "params: { board: { help: whose, required: true } }\n"
                   "gone: [{ status: 404 }]\n"
                   "steps:\n"
                   "  - name: jobs\n"
                   "    url: 'https://127.0.0.2:%u/{board}?key={secret:KEY}'\n"
                   "    headers: { Authorization: 'Key {secret:KEY}' }\n"
                   "    decode: json\n    shape: /jobs\n    items: /jobs\n"
                   "fields:\n  - { to: native_id, at: /id }\n  - { to: title, at: /title }\n"
                   "  - { to: places, at: /city }\n  - { to: url, at: /url }\n"
                   "  - { to: text, at: /text, as: [html] }\n",
                   boards_port(p->boards)));
}

static void write_key(struct play *p)
{
    const char *path = str_printf(&p->memory, "%s/keys/KEY", p->folder).p;

    scratch_file(&p->memory, p->folder, "keys/KEY", STR(CANARY "\n"));
    CHECK(chmod(path, 0600) == 0);
    scratch_file(&p->memory, p->folder, "config/roletide.yaml",
                 str_printf(&p->memory,
                            "own_sources: true\nallow_loopback: true\nfetch:\n  gap_ms: 1\n"
                            "  timeout_s: 3\n  ca_file: '%s/ca.pem'\n  secrets_dir: '%s/keys'\n",
                            p->folder, p->folder));
}

static void open_keyed(struct play *p)
{
    CLEANUP(buf_release) struct buf rows = { 0 };

    play_open(p, "e2e-keys");
    play_certificate(p, "127.0.0.2", CERTIFICATE_GOOD);
    for (size_t i = 0; i < ARRAY_LEN(days); i++)
        buf_printf(&rows, "GET\t/palash*\t%zu\t%s\n", i + 11, days[i].row);
    buf_add(&rows, STR("GET\t/moved*\t-\t200\tlist.json\n"));
    play_file(p, "127.0.0.2/site.tsv", buf_str(&rows));
    play_file(p, "127.0.0.2/list.json", board(&p->memory, "one"));
    play_file(p, "127.0.0.2/other.json", board(&p->memory, CANARY));
    play_file(p, "127.0.0.2/login.html", STR("<title>Who is " CANARY "?</title>"));
    play_start(p, "- { adapter: keyed, company: Palash, params: { board: palash } }\n");
    write_adapter(p);
    write_key(p);
}

static size_t files_seen, files_bad;

static int search_file(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    CLEANUP(file_close) FILE *f = kind == FTW_F ? fopen(path, "rb") : NULL;
    char *bytes;
    size_t n;

    (void)ftw;
    if (!f)
        return 0;
    bytes = malloc((size_t)st->st_size + 1);
    if (!bytes)
        abort();
    n = fread(bytes, 1, (size_t)st->st_size, f);
    files_seen++;
    if (shows((struct str){ bytes, n })) {
        fprintf(stderr, "%s has the key\n", path);
        files_bad++;
    }
    free(bytes);
    return 0;
}

static void check_said(struct play *p, const char *at, const char *const words[])
{
    struct spawned s = play_with(p, at, words);

    if (!shows(s.out) && !shows(s.err))
        return;
    fprintf(stderr, "%s %s says the key: " STR_FMT STR_FMT, words[0], words[1] ? words[1] : "",
            STR_ARG(s.out), STR_ARG(s.err));
    CHECK(false);
}

static void a_key_is_in_nothing_that_is_kept_said_or_published(void **state)
{
    static const char *const words[][6] = {
        { "crawl", "--dry-run", "--all", "--format", "jsonl" },
        { "crawl", "--check-ledger" },
        { "source", "list", "--format", "jsonl" },
        { "source", "check", "keyed:palash" },
        { "config", "show", "--origin" },
        { "doctor" },
        { "openings", "--format", "jsonl" },
        { "sql", "SELECT * FROM v_request" },
        { "sql", "SELECT * FROM v_posting" },
        { "sql", "SELECT * FROM v_revision" },
        { "sql", "SELECT * FROM v_source" },
        { "-v", "run" },
    };
    struct boards_hit hit;
    const char *public;
    size_t with = 0;
    struct play p;

    (void)state;
    open_keyed(&p);
    public = str_printf(&p.memory, "%s/public", p.folder).p;
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        char at[16];
        struct spawned s;

        play_day(&p, (int)i + 11);
        snprintf(at, sizeof(at), "%zuT03:30", i + 11);
        s = play(&p, at, "crawl", "--format", "jsonl");
        CHECK_STR(json_field(s.out, "outcome"), str_printf(&p.memory, "\"%s\"", days[i].outcome),
                  i);
        CHECK_ROW(!shows(s.out) && !shows(s.err), i);
        if (test_failures)
            fprintf(stderr, STR_FMT STR_FMT, STR_ARG(s.out), STR_ARG(s.err));
        s = play(&p, at, "-v", "run", "--publish", public);
        CHECK_ROW(!shows(s.out) && !shows(s.err), i);
    }
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        check_said(&p, "20T03:30", words[i]);
    CHECK(play(&p, "20T03:30", "backup", str_printf(&p.memory, "%s/backup.db", public).p).status
          == 0);
    /* It was used all the while, and nowhere but at home. */
    for (size_t i = 0; boards_hit(p.boards, i, &hit); i++) {
        CHECK_ROW(!hit.secret[0] || !strcmp(hit.secret, "Key " CANARY), i);
        CHECK_ROW(!strncmp(hit.host, "127.0.0.2", 9), i);
        with += hit.secret[0] && strstr(hit.url, IN_URL);
    }
    CHECK(with > ARRAY_LEN(days));
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting") == 1);
    CHECK(nftw(p.state, search_file, 16, FTW_PHYS) == 0);
    CHECK(nftw(public, search_file, 16, FTW_PHYS) == 0);
    CHECK(files_seen > 10 && !files_bad);
    play_close(&p);
}

RUN_TESTS(TEST(a_key_is_in_nothing_that_is_kept_said_or_published))
