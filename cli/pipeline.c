#include "cli/pipeline.h"

#include "aggregator/finished.h"
#include "cli/crew.h"
#include "cli/sd_notify.h"
#include "cli/stop.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "parsers/change.h"
#include "parsers/vintage.h"
#include "site/publish.h"

/* What answers need of a rule, so that they need not read it. */
static struct skill_view view_of(const struct skill_rule *rule)
{
    return (struct skill_view){ .id = rule->id,
                                .label = rule->label,
                                .category = rule->category,
                                .practice = rule->practice,
                                .generic = rule->generic || rule->beside };
}

static int use_vintage(struct cli *cli, struct store *s, const struct extractor *x, struct diag *d)
{
    size_t n = extractor_skills(x);
    struct str *ids = ARENA_NEW(cli->run, struct str, n + 1);
    struct skill_view *views = ARENA_NEW(cli->run, struct skill_view, n + 1);
    int r;

    for (size_t i = 0; i < n; i++) {
        ids[i] = extractor_skill(x, (uint32_t)i)->id;
        views[i] = view_of(extractor_skill(x, (uint32_t)i));
    }
    r = store_use_vintage(s, extractor_vintage(x), ids, n, cli->now, d);
    return r < 0 ? r : store_put_skill_views(s, views, n, d);
}

/* What the rules of now may read otherwise than those that they replace; NULL: anything. */
static int find_change(struct cli *cli, struct store *s, struct change **ret, struct diag *d)
{
    struct rule_marks before = { 0 }, now = { 0 };
    bool known = false;
    int r = store_has_rule_marks(s, &known, d);

    if (!r)
        r = store_replaced_rule_marks(s, cli->run, &before, d);
    if (r || (known && !before.n)) /* the everyday run: by the rules of the one before */
        return r;
    vintage_marks(&cli->config.rules, cli->run, &now);
    r = store_put_rule_marks(s, &now, d);
    if (!r)
        *ret = change_new(&before, &now, &cli->config.rules);
    return r;
}

/* Revisions on their way through a worker, together: handing over costs as much as a tenth of
 * reading one. */
enum { TOGETHER = 32 };

struct unread {
    struct arena page;
    struct revision rev[TOGETHER];
    struct signal sig[TOGETHER];
    bool same[TOGETHER]; /* as readers see it: there is no need to read it */
    const struct change *change;
    size_t n, n_read;
    struct diag why; /* there is none of the next */
    int err;
};

static void read_batch(void *tool, void *item)
{
    struct unread *u = item;

    u->err = 0;
    for (u->n_read = 0; u->n_read < u->n && !u->err; u->n_read += !u->err) {
        const struct revision *rev = &u->rev[u->n_read];

        u->same[u->n_read] =
            u->change && rev->seen && !change_touches(u->change, &rev->listing, &u->page);
        if (!u->same[u->n_read])
            u->err = extract(tool, &rev->listing, &u->page, &u->sig[u->n_read], &u->why);
    }
}

/* The store is read and written by one thread; the workers are some revisions ahead of it. */
struct team {
    struct store *store;
    struct extractor **tools; /* the first is the caller's */
    size_t n;
    struct crew *crew;
    struct unread *unread; /* AHEAD each, used in turn */
    struct change *change;
    const struct extract_watcher *watcher;
    size_t out, next;
    int64_t cursor;
};

enum { AHEAD = 3 };
_Static_assert(AHEAD *CREW_MAX <= CREW_OUT, "every batch may be out");

static void team_end(struct team *t)
{
    crew_end(&t->crew);
    for (size_t i = 1; i < t->n; i++)
        extractor_close(&t->tools[i]);
    for (size_t i = 0; i < AHEAD * t->n; i++)
        arena_free(&t->unread[i].page);
    change_free(&t->change);
}

static int team_start(struct team *t, struct cli *cli, struct store *s, struct extractor *x,
                      struct diag *d)
{
    int err = 0;

    t->store = s;
    t->n = cli_jobs(cli);
    t->tools = ARENA_NEW(cli->run, struct extractor *, t->n);
    t->unread = ARENA_NEW(cli->run, struct unread, AHEAD * t->n);
    for (size_t i = 0; i < AHEAD * t->n; i++)
        t->unread[i].change = t->change;
    t->tools[0] = x;
    for (size_t i = 1; i < t->n && !err; i++)
        err = extractor_open(&t->tools[i], &cli->config.rules, d);
    if (!err)
        t->crew = crew_start(read_batch, (void *const *)t->tools, t->n);
    return err;
}

/* Hand over the next revisions; STORE_NONE: every one was handed over or has a signal. */
static int give_next(struct team *t, struct diag *d)
{
    struct unread *u = &t->unread[t->next % (AHEAD * t->n)];
    int r = 0;

    arena_reset(&u->page);
    for (u->n = 0; !r && u->n < TOGETHER; u->n += !r)
        r = store_next_unread(t->store, &t->cursor, &u->page, &u->rev[u->n], d);
    if (r < 0 || !u->n)
        return r;
    t->next++;
    t->out++;
    crew_give(t->crew, u);
    return 0;
}

/* A signal that is stored; the watcher is told of those that are others than before. */
static int put(struct team *t, const struct revision *rev, const struct signal *now,
               struct arena *a, struct diag *d)
{
    struct signal before;
    int r = store_put_signal(t->store, rev->id, now, d);

    if (r || !t->watcher || !rev->newest)
        return r == STORE_SAME ? 0 : r;
    r = store_signal_before(t->store, rev->id, a, &before, d);
    if (r)
        return r == STORE_NONE ? 0 : r;
    return t->watcher->each(t->watcher->ctx, rev->posting, &before, now, d);
}

static int take_next(struct team *t, int64_t *io_n, struct diag *d)
{
    struct unread *u = crew_take(t->crew);
    int r = 0;

    t->out--;
    for (size_t i = 0; i < u->n_read && !r; i++) {
        r = u->same[i] ? store_keep_signal(t->store, u->rev[i].id, d)
                       : put(t, &u->rev[i], &u->sig[i], &u->page, d);
        *io_n += !r;
    }
    if (!r && u->err) {
        *d = u->why;
        r = u->err;
    }
    return r;
}

/* Store the signals of one batch. Whether every revision has one (STORE_NONE) is asked when none
 * is out. */
static int extract_next(struct team *t, int64_t *io_n, struct diag *d)
{
    int r = 0;

    while (!r && t->out < AHEAD * t->n)
        r = give_next(t, d);
    if (r < 0 || !t->out)
        return r;
    return take_next(t, io_n, d);
}

static int extract_all(struct team *t, int64_t *io_n, struct diag *d)
{
    int r = 0;

    while (!r) {
        sd_notify_send("WATCHDOG=1"); /* a whole history takes longer than one beat */
        r = stop_requested() ? PIPELINE_STOPPED : extract_next(t, io_n, d);
    }
    return r;
}

int pipeline_extract(struct cli *cli, struct store *s, struct extractor *x,
                     const struct extract_watcher *watcher, int64_t *ret_n, struct diag *d)
{
    CLEANUP(team_end) struct team t = { .watcher = watcher };
    int64_t n = 0;
    int flushed, r = use_vintage(cli, s, x, d);

    if (!r && watcher)
        r = watcher->begin(watcher->ctx, s, x, d);
    if (!r)
        r = find_change(cli, s, &t.change, d);
    if (!r)
        r = team_start(&t, cli, s, x, d);
    if (!r)
        r = extract_all(&t, &n, d);
    if (r < 0)
        return r;
    *ret_n = n;
    flushed = store_flush(s, d);
    return flushed ? flushed : r == STORE_NONE ? 0 : PIPELINE_STOPPED;
}

static void view_bullets(struct cli *cli, const struct stage_rule *from, struct stage_view *to)
{
    struct bullet_view *bullets = ARENA_NEW(cli->run, struct bullet_view, from->bullets.n + 1);

    for (size_t i = 0; i < from->bullets.n; i++)
        bullets[i] = (struct bullet_view){ .id = from->bullets.items[i].id,
                                           .text = from->bullets.items[i].text,
                                           .skills = from->bullets.items[i].skills };
    to->bullets = bullets;
    to->n_bullets = from->bullets.n;
}

/* Both sides of each other name; what names nobody leads to an empty one. */
static void view_aliases(struct cli *cli, struct roadmap_view *to)
{
    const struct config *c = &cli->config;
    struct {
        struct employer_alias *items;
        size_t n, cap;
    } list = { 0 };

    for (size_t i = 0; i < c->employers.n; i++) {
        const struct employer *e = &c->employers.items[i];
        struct str name = str_eq(e->name, STR("nobody")) ? STR("") : e->name;

        for (size_t k = 0; k < e->aliases.n; k++)
            *ARENA_PUSH(cli->run, &list) = (struct employer_alias){ e->aliases.items[k], name };
    }
    to->aliases = list.items;
    to->n_aliases = list.n;
}

/* The roadmap that the settings name, as the figures need it. */
static int view_roadmap(struct cli *cli, const struct roadmap_view **ret, struct diag *d)
{
    const struct config *c = &cli->config;
    struct roadmap_view *view = ARENA_NEW(cli->run, struct roadmap_view, 1);
    const struct roadmap *map = NULL;

    for (size_t i = 0; i < c->rules.roadmaps.n; i++)
        if (str_eq(c->rules.roadmaps.items[i].id, c->settings.roadmap))
            map = &c->rules.roadmaps.items[i];
    if (!map)
        return diag_blame(d, ERR_CONFIG, c->settings.roadmap.p,
                          "roadmap: no roadmap named " STR_FMT, STR_ARG(c->settings.roadmap));
    *view = (struct roadmap_view){
        .id = map->id, .title = map->title, .country = map->country, .role = map->role
    };
    view_aliases(cli, view);
    for (size_t i = 0; i < map->stages.n; i++) {
        const struct stage_rule *from = &map->stages.items[i];
        struct stage_view *to;

        if (from->stage < 1 || from->stage > STAGES)
            continue;
        to = &view->stages[from->stage - 1];
        *to = (struct stage_view){ .name = from->name,
                                   .from_month = from->from_month,
                                   .to_month = from->to_month,
                                   .band_low = from->salary_min,
                                   .band_high = from->salary_max };
        view_bullets(cli, from, to);
    }
    *ret = view;
    return 0;
}

static const struct skill_rule *rule_of(const struct rule_set *rules, struct str id)
{
    for (size_t i = 0; i < rules->skills.n; i++)
        if (str_eq(rules->skills.items[i].id, id))
            return &rules->skills.items[i];
    return NULL;
}

/* A store that was not read since it keeps them: the rules of today have them. */
static int views_from_rules(struct cli *cli, struct skill_view *io, size_t n, struct diag *d)
{
    int r = cli_config(cli, CONFIG_RULES, d);

    for (size_t i = 0; !r && i < n; i++) {
        const struct skill_rule *rule = rule_of(&cli->config.rules, io[i].id);

        io[i].label = io[i].id;
        if (rule)
            io[i] = view_of(rule);
    }
    return r;
}

/* The skills of the store's vintage. */
static int view_skills(struct cli *cli, struct store *s, const struct skill_view **ret,
                       size_t *ret_n, struct diag *d)
{
    struct skill_view *views = NULL;
    size_t n = 0;
    int r = store_skill_views(s, cli->run, &views, &n, d);

    if (r == STORE_NONE)
        r = views_from_rules(cli, views, n, d);
    if (r)
        return r;
    *ret = views;
    *ret_n = n;
    return 0;
}

int pipeline_terms(struct cli *cli, struct store *s, struct market *ret, struct diag *d)
{
    int r = cli_config(cli, CONFIG_TERMS, d);

    if (!r)
        r = view_roadmap(cli, &ret->roadmap, d);
    return r ? r : view_skills(cli, s, &ret->skills, &ret->n_skills, d);
}

int pipeline_market(struct cli *cli, struct store *s, int64_t at, struct market *io, struct diag *d)
{
    return market_load(io, s, at, io->roadmap, io->skills, io->n_skills, cli->run, d);
}

int pipeline_demand(struct cli *cli, struct store *s, int64_t at, struct market *io, struct diag *d)
{
    return market_load_demand(io, s, at, io->roadmap, io->skills, io->n_skills, cli->run, d);
}

int pipeline_finished(struct cli *cli, struct store *s, int64_t at, struct market *io,
                      struct diag *d)
{
    int r = finished_open(io, s, at, io->roadmap, io->skills, io->n_skills, d);

    return r == STORE_NONE ? pipeline_market(cli, s, at, io, d) : r;
}

bool pipeline_current(struct cli *cli, struct store *s)
{
    struct market known = { 0 };
    struct diag ignored = { 0 };
    int64_t made = 0;

    return pipeline_terms(cli, s, &known, &ignored) == 0
           && finished_made(s, cli->now, finished_terms(known.roadmap), &made, &ignored) == 0
           && day_of(made) == day_of(cli->now);
}

int pipeline_figures(struct cli *cli, struct store *s, struct diag *d)
{
    struct market known = { 0 };
    int r = pipeline_terms(cli, s, &known, d);

    return r ? r : figures_update(s, cli->now, known.roadmap, known.skills, known.n_skills, d);
}

void pipeline_figures_before(struct cli *cli, struct store *s)
{
    struct market known = { 0 };
    struct diag ignored = { 0 };
    int r = pipeline_terms(cli, s, &known, &ignored);

    if (!r)
        r = figures_carry(s, cli->now, known.roadmap, known.skills, known.n_skills, &ignored);
    (void)r;
}

struct keeper {
    struct store *store;
    int64_t now;
};

static int keep_bytes(void *ctx, struct str name, struct str bytes, struct diag *d)
{
    struct keeper *k = ctx;
    int r = store_put_published(k->store, name, bytes, k->now, d);

    return r < 0 ? r : 0;
}

/* Figures of the whole and of each stage, side by side. */
static int gather(struct cli *cli, struct store *s, struct market *m, struct site_input *in,
                  struct diag *d)
{
    struct roles *roles = ARENA_NEW(cli->run, struct roles, 1);
    struct demand *demand = ARENA_NEW(cli->run, struct demand, STAGES + 1);
    struct salary *salary = ARENA_NEW(cli->run, struct salary, STAGES + 1);
    struct stages *stages = ARENA_NEW(cli->run, struct stages, 1);
    struct life *life = ARENA_NEW(cli->run, struct life, STAGES + 1);
    struct series_row *series;
    int r = market_load_before(m, s, cli->run, d);

    if (!r)
        r = roles_of(m, s, roles, cli->run, d);
    for (int i = 0; i <= STAGES && !r; i++) {
        struct filter filter = { .stage = i };

        salary_of(m, &filter, &salary[i]);
        r = demand_of(m, &filter, s, &demand[i], cli->run, d);
    }
    if (!r)
        r = stages_of(m, &(struct filter){ 0 }, stages, cli->run, d);
    if (!r)
        r = life_of(m, s, life, d);
    if (!r)
        r = series_load(s, 0, m->day, cli->run, &series, &in->n_series, d);
    if (r)
        return r;
    in->market = m;
    in->roles = roles;
    in->demand = &demand[0];
    in->stage_demand = &demand[1];
    in->stages = stages;
    in->life = life;
    in->salary = &salary[0];
    in->stage_salary = &salary[1];
    in->series = series;
    return 0;
}

/* What is published of each counted opening, and of each source. */
static int detail_counted(struct cli *cli, struct store *s, struct market *io, struct diag *d)
{
    const struct opening **sel;
    struct source_state *sources;
    size_t n;
    int r = store_sources(s, cli->run, &sources, &io->n_sources, d);

    if (r)
        return r;
    io->sources = sources;
    market_select(io, &(struct filter){ 0 }, cli->run, &sel, &n);
    return market_details(io, s, sel, n, cli->run, d);
}

int pipeline_publish(struct cli *cli, struct store *s, bool keep, struct str dir, struct diag *d)
{
    struct keeper keeper = { s, cli->now };
    struct store_facts about = { 0 };
    struct site_input in = { 0 };
    struct market m = { 0 };
    int r = store_about(s, cli->run, &about, d);

    if (!r)
        r = pipeline_terms(cli, s, &m, d);
    if (!r)
        r = pipeline_market(cli, s, cli->now, &m, d);
    if (!r)
        r = detail_counted(cli, s, &m, d);
    if (!r)
        r = gather(cli, s, &m, &in, d);
    if (r)
        return r;
    in.as_of = about.last_run;
    in.title = cli->config.settings.site_title;
    if (!in.title.n)
        in.title = str_printf(cli->run, STR_FMT " roles open in India", STR_ARG(m.roadmap->role));
    in.url = cli->config.settings.site_url;
    in.save = keep ? keep_bytes : NULL;
    in.ctx = &keeper;
    return site_publish(&in, str_cstr(cli->run, dir), d);
}

int pipeline_tidy(struct cli *cli, struct store *s, struct diag *d)
{
    const struct settings *set = &cli->config.settings;
    int64_t before = cli->now - set->keep_bodies_days * DAY_SECONDS, n;
    bool more = true;
    int r = store_drop_bodies(s, before, set->keep_bodies_mib << 20, &n, d);

    while (!r && more && !stop_requested())
        r = store_pack_texts(s, &more, d);
    return r ? r : store_flush(s, d);
}
