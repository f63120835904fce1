#include "cli/crawl_plan.h"

#include "core/cleanup.h"
#include "core/date.h"
#include "crawler/host.h"
#include "crawler/netguard.h"
#include "crawler/robots.h"
#include "parsers/reading.h"

struct origin { /* as the store knows it */
    struct host_state state;
    struct robots *robots; /* NULL: not held, so it is asked for first */
};

struct group { /* whose requests go one after the other */
    struct str name;
    int64_t next_ms; /* from now on */
};

struct plan {
    struct cli *cli;
    struct store *store;
    struct origins {
        struct origin **items;
        size_t n, cap;
    } origins;
    struct groups {
        struct group **items;
        size_t n, cap;
    } groups;
};

static int find_origin(struct plan *p, struct str name, struct origin **ret, struct diag *d)
{
    struct arena *a = p->cli->run;
    struct origin *o;
    int r;

    for (size_t i = 0; i < p->origins.n; i++) {
        *ret = p->origins.items[i];
        if (str_eq((*ret)->state.host, name))
            return 0;
    }
    o = *ret = *ARENA_PUSH(a, &p->origins) = ARENA_NEW(a, struct origin, 1);
    *o = (struct origin){ .state.host = name };
    r = p->store ? store_get_host(p->store, name, a, &o->state, d) : STORE_NONE;
    if (r < 0)
        return r;
    o->state.host = name;
    if (host_robots_fresh(&o->state, p->cli->now))
        o->robots = robots_parse(a, o->state.robots, p->cli->config.settings.fetch.user_agent);
    return 0;
}

static struct group *find_group(struct plan *p, struct str name)
{
    struct group *g;

    for (size_t i = 0; i < p->groups.n; i++)
        if (str_eq(p->groups.items[i]->name, name))
            return p->groups.items[i];
    g = *ARENA_PUSH(p->cli->run, &p->groups) = ARENA_NEW(p->cli->run, struct group, 1);
    *g = (struct group){ .name = name };
    return g;
}

/* What the host is known to want; NULL: it may be asked. */
static const char *hindrance(struct plan *p, const struct origin *o, const struct request *req,
                             struct str url)
{
    enum host_gate gate = host_gate(&o->state, p->cli->now);
    struct arena *a = p->cli->run;
    struct robots_verdict v;
    char until[DATE_TEXT];

    if (gate != HOST_OPEN) {
        date_format_iso(gate == HOST_PATIENT ? o->state.next_ok : o->state.breaker_until, until);
        return str_printf(a, "not before %s, for its host %s", until,
                          gate == HOST_PATIENT ? "asked to be left alone" : "failed too often")
            .p;
    }
    if (req->robots_exempt || !o->robots)
        return NULL;
    v = robots_ask(o->robots, url);
    if (!v.allow)
        return str_printf(a, "not at all, for robots.txt line %u disallows it", v.line).p;
    if (robots_crawl_delay(o->robots) > p->cli->config.settings.fetch.max_crawl_delay_s)
        return "not at all, for robots.txt asks for too long a pause";
    return NULL;
}

static const char *turn(struct plan *p, const struct origin *o, const struct request *req,
                        struct str host)
{
    struct group *g = find_group(p, req->pace_group.n ? req->pace_group : host);
    int64_t gap = req->gap_ms ? req->gap_ms : p->cli->config.settings.fetch.gap_ms, at;
    double delay = o->robots && !req->robots_exempt ? robots_crawl_delay(o->robots) : -1;

    gap = delay * 1000 > (double)gap ? (int64_t)(delay * 1000) : gap;
    at = g->next_ms;
    g->next_ms += gap;
    if (!at)
        return "at once";
    return str_printf(p->cli->run, "in %lld s", (long long)(at + 999) / 1000).p;
}

/* Its first request, and when that would be made. */
static int plan_source(struct plan *p, const struct source *src, struct source_report *ret,
                       struct diag *d)
{
    const struct adapter *ad = config_adapter(&p->cli->config, src->adapter);
    CLEANUP(reading_close) struct reading *reading = NULL;
    struct reading_options opt = { .now = p->cli->now };
    struct arena *a = p->cli->run;
    struct url_parts at = { 0 };
    struct origin *origin;
    struct request req;
    struct diag why;
    uint32_t ticket;
    int r = reading_open(&reading, ad, src, &opt, d);

    if (r)
        return r;
    if (reading_next(reading, &req, &ticket, d) != READING_REQUEST)
        return diag_fail(d, ERR_CONFIG, STR_FMT ": it asks nothing", STR_ARG(src->key));
    ret->asks = str_printf(a, STR_FMT " " STR_FMT, STR_ARG(req.method), STR_ARG(req.url));
    if (netguard_url(a, req.url, p->cli->allow_loopback, &at, &why)) {
        ret->when = str_printf(a, "not at all, for %s", why.text).p;
        return 0;
    }
    r = find_origin(p, at.origin, &origin, d);
    if (r)
        return r;
    ret->when = hindrance(p, origin, &req, at.url);
    if (ret->when)
        return 0;
    if (!origin->robots && !req.robots_exempt) { /* which is asked for first, once */
        (void)turn(p, origin, &req, at.name);
        origin->robots = robots_parse(a, STR(""), p->cli->config.settings.fetch.user_agent);
    }
    ret->when = turn(p, origin, &req, at.name);
    return 0;
}

int crawl_plan(struct cli *cli, struct store *s, const struct source_list *due,
               const struct crawl_watcher *watcher, struct diag *d)
{
    struct plan p = { .cli = cli, .store = s };
    int r = 0;

    for (size_t i = 0; i < due->n && !r; i++) {
        struct source_report report = { .source = due->items[i].source->key,
                                        .why = due->items[i].why,
                                        .outcome = "due",
                                        .proof = "",
                                        .error = "",
                                        .advertised = -1 };

        r = plan_source(&p, due->items[i].source, &report, d);
        if (!r && watcher->report)
            watcher->report(watcher->ctx, &report);
    }
    return r;
}
