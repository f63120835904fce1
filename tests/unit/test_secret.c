#include "crawler/secret.h"

#include "fetch_room.h"

#define CANARY  "canary/4f9c+77"
#define IN_URL  "canary%2F4f9c%2B77"
#define LOWER   "canary%2f4f9c%2b77"
#define SLASHED "canary\\/4f9c+77"

static bool shows(const char *text)
{
    return strstr(text, CANARY) || strstr(text, IN_URL) || strstr(text, LOWER)
           || strstr(text, SLASHED);
}

static void keep_key(struct room *r, const char *text, mode_t mode)
{
    char path[512];

    write_file(r, "keys/KEY", text);
    snprintf(path, sizeof(path), "%s/keys/KEY", r->dir);
    if (chmod(path, mode))
        abort();
    r->opt.secrets_dir = str_printf(&r->mem, "%s/keys", r->dir);
    reopen(r);
}

static struct request keyed(struct room *r, const char *path)
{
    struct request q = get(r, "127.0.0.1", path);

    q.headers[q.n_headers++] = (struct header){ STR("Authorization"), STR("Key {secret:KEY}") };
    q.secrets[q.n_secrets++] = STR("KEY");
    q.secret_origin = str_printf(&r->mem, "http://127.0.0.1:%u", boards_port(r->boards));
    return q;
}

/* In no line, answer or remembered host, whatever the server does with it. */
static void check_hidden(const struct room *r, size_t answers)
{
    for (size_t i = 0; i < r->n_lines; i++)
        CHECK_ROW(!shows(r->urls[i]) && !shows(r->lines[i].error), i);
    for (size_t i = 0; i < answers; i++) {
        const struct saved *a = &r->answers[i];

        CHECK_ROW(!shows(a->url) && !shows(a->error) && !shows(a->etag) && !shows(a->body), i);
    }
    for (size_t i = 0; i < r->n_hosts; i++)
        CHECK_ROW(str_find(r->hosts[i].robots, STR(CANARY)) < 0, i);
}

static void a_key_reaches_its_host_and_is_seen_nowhere_else(void **state)
{
    static const char *const paths[] = { "/echo?k={secret:KEY}", "/moved?k={secret:KEY}",
                                         "/away?k={secret:KEY}", "/cut?k={secret:KEY}" };
    struct boards_hit h;
    struct room r;
    char site[1024];
    size_t with = 0;

    (void)state;
    open_room(&r, FILES("127.0.0.1/echo.txt",
                        "you said " CANARY " and " IN_URL " and " SLASHED " and " LOWER,
                        "127.0.0.2/end", "end"));
    snprintf(site, sizeof(site),
             "GET\t/echo*\t-\t200\techo.txt\tETag: \"" CANARY "\"\n"
             "GET\t/moved*\t-\t302\t-\tLocation: /echo?k=%s\n"
             "GET\t/away*\t-\t302\t-\tLocation: http://127.0.0.2:%u/end?k=%s\n"
             "GET\t/cut*\t-\t200\techo.txt\tcut=20\n",
             IN_URL, boards_port(r.boards), IN_URL);
    write_file(&r, "127.0.0.1/site.tsv", site);
    restart(&r);
    keep_key(&r, CANARY "\n", 0600);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct request q = keyed(&r, paths[i]);

        submit(&r, &q, i);
    }
    drain(&r);
    check_hidden(&r, ARRAY_LEN(paths));
    CHECK(r.answers[0].outcome == ANSWER_OK && r.answers[1].outcome == ANSWER_OK);
    CHECK_STR(str_of(r.answers[0].body),
              STR("you said {secret:KEY} and {secret:KEY} and {secret:KEY} and {secret:KEY}"), 0);
    CHECK(r.answers[2].outcome == ANSWER_DENIED && strstr(r.answers[2].error, "another host"));
    for (size_t i = 0; boards_hit(r.boards, i, &h); i++) {
        CHECK_ROW(!h.secret[0] || strcmp(h.secret, "Key " CANARY) == 0, i);
        CHECK_ROW(strncmp(h.host, "127.0.0.2", 9) != 0, i);
        with += h.secret[0] != '\0' && shows(h.url);
    }
    CHECK(with == 5); /* the four, and the one after the redirect at home */
    close_room(&r);
}

static void without_a_safe_key_nothing_is_sent(void **state)
{
    static const struct {
        const char *text;
        mode_t mode;
        const char *why;
    } rows[] = {
        { CANARY, 0644, "others may read" },
        { CANARY, 0640, "others may read" },
        { "short", 0600, "8 to 4096" },
        { CANARY "\nX-More: 1", 0600, "printable" },
    };
    struct room r;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct request q;

        open_room(&r, FILES("127.0.0.1/jobs", "[]"));
        keep_key(&r, rows[i].text, rows[i].mode);
        q = keyed(&r, "/jobs");
        submit(&r, &q, 0);
        drain(&r);
        CHECK_ROW(r.answers[0].outcome == ANSWER_DENIED, i);
        CHECK_ROW(strstr(r.answers[0].error, rows[i].why) != NULL, i);
        CHECK_ROW(hits_of(&r, "/jobs") == 0 && hits_of(&r, "/robots.txt") == 0, i);
        check_hidden(&r, 1);
        close_room(&r);
    }
}

static void a_key_goes_to_no_other_host_than_its_own(void **state)
{
    struct request q;
    struct room r;

    (void)state;
    open_room(&r, FILES("127.0.0.2/jobs", "[]"));
    keep_key(&r, CANARY, 0600);
    q = keyed(&r, "/jobs");
    q.url = get(&r, "127.0.0.2", "/jobs").url;
    submit(&r, &q, 0);
    drain(&r);
    CHECK(r.answers[0].outcome == ANSWER_DENIED && strstr(r.answers[0].error, "belongs to"));
    CHECK(hits_of(&r, "/jobs") == 0);
    close_room(&r);
}

RUN_TESTS(TEST(a_key_reaches_its_host_and_is_seen_nowhere_else),
          TEST(without_a_safe_key_nothing_is_sent), TEST(a_key_goes_to_no_other_host_than_its_own))
