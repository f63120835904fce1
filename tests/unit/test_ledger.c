#include "test.h"

#include "core/arena.h"
#include "crawler/ledger.h"

#define A "https://a.example"

/* A ledger of up to five lines; the last one is judged, those before it are in order. */
struct line {
    const char *url;
    int64_t at;
    int status;
    const char *robots;
    uint32_t gap_required, gap_kept, ms, redirects;
    const char *error;
};

static const struct {
    struct line lines[4];
    enum manner manner;
} ledgers[] = {
    { { { A "/robots.txt", 1000, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 1001, 200, "allow", 1000, 1000, 50, 0, "" } },
      MANNER_KEPT },
    { { { A "/robots.txt", 1000, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 1001, 200, "allow", 1000, 999, 50, 0, "" } },
      MANNER_GAP },
    { { { A "/robots.txt", 1000, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 1001, 200, "disallow", 1000, 1000, 50, 0, "" } },
      MANNER_ROBOTS },
    /* refused: nothing was sent */
    { { { A "/robots.txt", 1000, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 1001, 0, "disallow", 1000, 1000, 50, 0, "robots.txt line 2 disallows it" } },
      MANNER_KEPT },
    { { { A "/jobs", 1001, 200, "none", 1000, 0, 50, 0, "" } }, MANNER_ROBOTS },
    { { { A "/jobs", 1001, 200, "exempt", 1000, 0, 50, 0, "" } }, MANNER_KEPT },
    /* another port is another host */
    { { { A "/robots.txt", 1000, 200, "none", 1000, 0, 50, 0, "" },
        { A ":8443/jobs", 1001, 200, "none", 1000, 1000, 50, 0, "" } },
      MANNER_ROBOTS },
    { { { A "/robots.txt", 1000, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 1000 + 86000, 200, "none", 1000, 0, 50, 0, "" } },
      MANNER_KEPT },
    { { { A "/robots.txt", 1000, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 1000 + 90000, 200, "none", 1000, 0, 50, 0, "" } },
      MANNER_ROBOTS },
    { { { A "/robots.txt", 0, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 60, 429, "none", 1000, 1000, 50, 0,
          "status 429: left alone until 1970-01-01T00:10:00Z" },
        { A "/jobs", 599, 200, "none", 1000, 0, 50, 0, "" } },
      MANNER_PATIENCE },
    { { { A "/robots.txt", 0, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 60, 503, "none", 1000, 1000, 50, 0,
          "status 503: left alone until 1970-01-01T00:10:00Z" },
        { A "/jobs", 600, 200, "none", 1000, 0, 50, 0, "" } },
      MANNER_KEPT },
    { { { A "/robots.txt", 0, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 10, 200, "none", 1000, 1000, 9000, 0, "" },
        { A "/jobs?page=2", 15, 200, "none", 1000, 1000, 50, 0, "" } },
      MANNER_OVERLAP },
    { { { A "/robots.txt", 0, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 10, 200, "none", 1000, 1000, 9000, 0, "" },
        { A "/jobs?page=2", 19, 200, "none", 1000, 1000, 50, 0, "" } },
      MANNER_KEPT },
    /* one host's trouble is not another's */
    { { { "https://b.example/robots.txt", 0, 200, "none", 1000, 0, 50, 0, "" },
        { A "/jobs", 60, 429, "exempt", 1000, 1000, 50, 0,
          "status 429: left alone until 1970-01-01T00:10:00Z" },
        { "https://b.example/jobs", 61, 200, "none", 1000, 0, 50, 0, "" } },
      MANNER_KEPT },
};

static struct transfer transfer_of(const struct line *l)
{
    struct transfer t = { .method = STR("GET"),
                          .url = str_of(l->url),
                          .at = l->at,
                          .status = l->status,
                          .outcome = l->status ? ANSWER_OK : ANSWER_DENIED,
                          .gap_required_ms = l->gap_required,
                          .gap_kept_ms = l->gap_kept,
                          .ms = l->ms,
                          .redirects = l->redirects };

    snprintf(t.robots, sizeof(t.robots), "%s", l->robots);
    snprintf(t.error, sizeof(t.error), "%s", l->error);
    return t;
}

static void a_ledger_shows_each_breach_of_manners(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ledgers); i++) {
        struct arena a = ARENA_INIT;
        struct ledger *l = ledger_new(&a);
        enum manner last = MANNER_KEPT;
        char why[200] = "";

        for (size_t k = 0; k < ARRAY_LEN(ledgers[i].lines) && ledgers[i].lines[k].url; k++) {
            struct transfer t = transfer_of(&ledgers[i].lines[k]);

            CHECK_ROW(last == MANNER_KEPT, i);
            last = ledger_take(l, &t, why);
        }
        CHECK_ROW(last == ledgers[i].manner, i);
        CHECK_ROW((last == MANNER_KEPT) == (why[0] == '\0'), i);
        arena_free(&a);
    }
}

static void many_hosts_are_kept_apart(void **state)
{
    enum { HOSTS = 1000 };
    struct arena a = ARENA_INIT;
    struct ledger *l = ledger_new(&a);
    char why[200], url[64];

    (void)state;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < HOSTS; i++) {
            struct line at = { url, 1000 + pass, 200, "none", 1000, pass ? 1000 : 0, 50, 0, "" };
            struct transfer t;

            snprintf(url, sizeof(url), "https://h%d.example/%s", i, pass ? "jobs" : "robots.txt");
            t = transfer_of(&at);
            CHECK_ROW(ledger_take(l, &t, why) == MANNER_KEPT, i);
        }
    }
    arena_free(&a);
}

RUN_TESTS(TEST(a_ledger_shows_each_breach_of_manners), TEST(many_hosts_are_kept_apart))
