#include "cli/due.h"

#include <inttypes.h>

#include "cli/source_off.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "crawler/schedule.h"

static bool enabled(struct cli *cli, const struct source *src)
{
    const struct adapter *ad = config_adapter(&cli->config, src->adapter);
    struct diag unfit = { 0 }; /* said by doctor, and where the source is named */

    return ad && !str_eq(src->policy, STR("off")) && !str_eq(src->policy, STR("opt-in"))
           && !str_eq(ad->policy, STR("off")) && !source_is_fit(cli, src, &unfit);
}

static bool listed(const struct source_list *list, const struct source *src)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].source == src)
            return true;
    return false;
}

static int named_sources(struct cli *cli, const struct strs *keys, struct source_list *ret,
                         struct diag *d)
{
    for (size_t i = 0; i < keys->n; i++) {
        const struct source *src = config_source(&cli->config, keys->items[i]);

        if (!src) {
            diag_fail(d, ERR_USAGE, "no source " STR_FMT, STR_ARG(keys->items[i]));
            diag_hint(d, "roletide source list");
            return ERR_USAGE;
        }
        if (str_eq(src->policy, STR("off")))
            return diag_fail(d, ERR_DENIED, STR_FMT ": its policy is off", STR_ARG(src->key));
        if (source_is_fit(cli, src, d))
            return ERR_CONFIG;
        if (!listed(ret, src))
            *ARENA_PUSH(cli->run, ret) = (struct due_source){ src, "asked for by name" };
    }
    return 0;
}

/* The enabled sources; plan[i] is of items[i]. */
struct agenda {
    const struct source **items;
    struct schedule_source *plan;
    size_t n;
};

static void add_changes(struct schedule_source *to, const struct source_change *from)
{
    to->reads_today = from->reads_today;
    to->tries_today = from->tries_today;
    to->texts_owed = from->texts_owed;
    to->texts_owed_before = from->texts_owed_before;
    to->requests = from->pages;
    to->changes = from->changes;
    to->days = (double)from->seconds / DAY_SECONDS;
}

/* Where none was read today every one is due, and how often each changes decides nothing. */
static bool any_read_today(struct cli *cli, const struct source_states *known)
{
    for (size_t i = 0; i < known->n; i++)
        if (day_of(known->items[i].last_reading) >= day_of(cli->now))
            return true;
    return false;
}

/* What is enabled, as the store knows it. */
static int load(struct cli *cli, struct store *s, const struct source_states *known,
                struct arena *a, struct agenda *ret, struct diag *d)
{
    const struct config *c = &cli->config;
    int64_t since = cli->now - (int64_t)SCHEDULE_MEMORY_DAYS * DAY_SECONDS;
    struct source_change *changes = NULL;
    size_t n = 0;
    int r = 0;

    if (s && any_read_today(cli, known))
        r = store_source_changes(s, since, day_start(day_of(cli->now)), a, &changes, &n, d);
    if (r)
        return r;
    ret->items = ARENA_NEW(a, const struct source *, c->sources.n + 1);
    ret->plan = ARENA_NEW(a, struct schedule_source, c->sources.n + 1);
    for (size_t i = 0; i < c->sources.n; i++) {
        const struct source *src = &c->sources.items[i];
        const struct source_state *state = source_state_find(known->items, known->n, src->key);
        struct schedule_source *p = &ret->plan[ret->n];

        if (!enabled(cli, src))
            continue;
        *p = (struct schedule_source){ .key = src->key };
        ret->items[ret->n++] = src;
        if (!state)
            continue;
        p->last_reading = state->last_reading;
        p->last_proven = state->last_proven;
        p->awaits_proof = state->awaits_proof;
        if (changes)
            add_changes(p, &changes[state - known->items]); /* both have all, in order of key */
    }
    return 0;
}

/* Why it is due, in words; NULL: it is not. */
static const char *why_due(struct arena *a, const struct schedule_source *p)
{
    switch (p->due) {
    case DUE_NOT:
        return NULL;
    case DUE_NEVER_READ:
        return "never read";
    case DUE_DAILY:
        return "daily: not read today";
    case DUE_RETRY:
        return "the last try proved nothing";
    case DUE_PROOF:
        return "its fall waits for a second look";
    case DUE_TEXTS:
        return str_printf(a, "texts are owed: %" PRId64, p->texts_owed).p;
    case DUE_EXTRA:
        return str_printf(a, "extra: %.1f changes expected, at %.1f a day", p->expected, p->rate).p;
    }
    return NULL;
}

int due_sources(struct cli *cli, struct store *s, const struct source_states *known,
                const struct crawl_options *opt, struct source_list *ret, struct diag *d)
{
    struct schedule_options budget = { cli->now, cli->config.settings.extra_requests };
    CLEANUP(arena_free) struct arena own = ARENA_INIT;
    struct agenda agenda = { 0 };
    int r;

    if (opt->sources.n)
        return named_sources(cli, &opt->sources, ret, d);
    r = load(cli, s, known, &own, &agenda, d);
    if (r)
        return r;
    schedule_plan(agenda.plan, agenda.n, &budget);
    for (size_t i = 0; i < agenda.n; i++) {
        const char *why = why_due(cli->run, &agenda.plan[i]);

        if (opt->all || why)
            *ARENA_PUSH(cli->run, ret) =
                (struct due_source){ agenda.items[i], why ? why : "all are asked for" };
    }
    return 0;
}
