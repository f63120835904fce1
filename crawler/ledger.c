#include "crawler/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/table.h"

enum { ROBOTS_AGE_S = 24 * 3600 + 120 }; /* from the request; an age counts from the answer */

struct host {
    bool asked_robots, sent;
    int64_t robots_at;
    int64_t sent_at, ended_at; /* its last request; the end in seconds that surely lie before it */
    int64_t patient_until;
};

struct ledger {
    struct arena *a;
    struct table hosts; /* struct host, by "https://name:port" */
};

static const struct str robots_path = { "/robots.txt", 11 };

const char *manner_name(enum manner m)
{
    static const char *const names[] = { "kept", "gap", "robots", "patience", "overlap" };

    return names[m];
}

struct ledger *ledger_new(struct arena *a)
{
    struct ledger *l = ARENA_NEW(a, struct ledger, 1);

    l->a = a;
    return l;
}

/* "https://name:port" of an address; what follows in *ret_path. */
static struct str origin_of(struct str url, struct str *ret_path)
{
    ptrdiff_t at = str_find(url, STR("://"));
    size_t i = at < 0 ? 0 : (size_t)at + 3;

    while (i < url.n && url.p[i] != '/' && url.p[i] != '?' && url.p[i] != '#')
        i++;
    *ret_path = str_from(url, i);
    return str_slice(url, 0, i);
}

static struct host *host_of(struct ledger *l, struct str name)
{
    struct host *h = table_find(&l->hosts, name);

    if (h)
        return h;
    h = ARENA_NEW(l->a, struct host, 1);
    table_put(&l->hosts, l->a, str_dup(l->a, name), h);
    return h;
}

/* Refused before a byte left: no request that a host could have seen. */
static bool was_sent(const struct transfer *t)
{
    return t->status || t->outcome == ANSWER_FAILED;
}

static enum manner judge(const struct host *h, const struct transfer *t, bool for_robots,
                         char why[200])
{
    char until[DATE_TEXT];

    if (t->gap_kept_ms && t->gap_kept_ms < t->gap_required_ms) {
        snprintf(why, 200, "%u ms after the last one, %u were required", t->gap_kept_ms,
                 t->gap_required_ms);
        return MANNER_GAP;
    }
    if (strcmp(t->robots, "disallow") == 0 || strcmp(t->robots, "unreachable") == 0) {
        snprintf(why, 200, "robots.txt: %s, line %u", t->robots, t->robots_line);
        return MANNER_ROBOTS;
    }
    if (!for_robots && strcmp(t->robots, "exempt") != 0
        && (!h->asked_robots || t->at - h->robots_at > ROBOTS_AGE_S)) {
        snprintf(why, 200, "no robots.txt of its host was asked for in the day before");
        return MANNER_ROBOTS;
    }
    if (t->at < h->patient_until) {
        date_format_iso(h->patient_until, until);
        snprintf(why, 200, "the host asked to be left alone until %s", until);
        return MANNER_PATIENCE;
    }
    if (h->sent && t->at > h->sent_at && t->at < h->ended_at) {
        snprintf(why, 200, "another request was under way until %" PRId64 " s later",
                 h->ended_at - t->at);
        return MANNER_OVERLAP;
    }
    return MANNER_KEPT;
}

/* "status 429: left alone until 2026-11-24T03:00:00Z", as the gate writes it. */
static int64_t patience_of(const struct transfer *t)
{
    static const struct str until = { "left alone until ", 17 };
    struct str error = str_of(t->error);
    ptrdiff_t at = str_find(error, until);
    int64_t ret;

    if ((t->status != 429 && t->status != 503) || at < 0
        || !date_parse_iso(str_trim(str_from(error, (size_t)at + until.n)), &ret))
        return 0;
    return ret;
}

enum manner ledger_take(struct ledger *l, const struct transfer *t, char why[200])
{
    struct str path, name = origin_of(t->url, &path);
    struct host *h = host_of(l, name);
    bool for_robots = str_eq(path, robots_path);
    enum manner m = MANNER_KEPT;

    if (!was_sent(t))
        return MANNER_KEPT;
    m = judge(h, t, for_robots, why);
    if (for_robots) {
        h->asked_robots = true;
        h->robots_at = t->at;
    }
    h->sent = true;
    h->sent_at = t->at;
    h->ended_at = t->redirects ? t->at : t->at + t->ms / 1000 - 1; /* `at` is the last hop's */
    h->patient_until = patience_of(t);
    return m;
}
