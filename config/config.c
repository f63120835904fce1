#include "config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/check.h"
#include "config/merge.h"
#include "config/origin.h"
#include "config/share.h"
#include "config/vocabulary.h"
#include "config/yaml_doc.h"
#include "core/arena.h"
#include "core/cleanup.h"
#include "core/nearest.h"

static const char default_roadmap[] = "mlops-engineer-in";

/* "/etc/x/rules/skills/cicd.yaml" -> "cicd" */
static struct str base_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    struct str name = str_of(slash ? slash + 1 : file);

    return str_ends(name, STR(".yaml")) ? str_slice(name, 0, name.n - 5) : name;
}

static struct str settle_adapter(const struct config *c, struct arena *a, void *record,
                                 const char *file)
{
    struct adapter *ad = record;

    (void)c, (void)a, (void)file;
    if (ad->detail.url.n && !ad->detail.name.n)
        ad->detail.name = STR("detail"); /* a detail that is written is meant */
    return ad->id;
}

static struct str param_of(const struct source *s, struct str name)
{
    for (size_t i = 0; i < s->params.n; i++) {
        struct str value = s->params.items[i];

        if (str_eq(str_cut(&value, '='), name))
            return value;
    }
    return STR("");
}

/* The value that tells two boards of one adapter apart: its first required parameter. */
static struct str main_param(const struct config *c, const struct source *s)
{
    const struct adapter *ad = config_adapter(c, s->adapter);
    struct str first = s->params.n ? s->params.items[0] : STR("");

    for (size_t i = 0; ad && i < ad->params.n; i++)
        if (ad->params.items[i].required)
            return param_of(s, ad->params.items[i].name);
    str_cut(&first, '=');
    return first;
}

static struct str settle_source(const struct config *c, struct arena *a, void *record,
                                const char *file)
{
    struct source *s = record;
    struct str main;

    (void)file;
    if (s->key.n)
        return s->key;
    main = main_param(c, s);
    s->key =
        str_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(s->adapter), main.n ? ":" : "", STR_ARG(main));
    return s->key;
}

static struct str settle_skill(const struct config *c, struct arena *a, void *record,
                               const char *file)
{
    struct skill_rule *skill = record;

    (void)c;
    if (!skill->category.n)
        skill->category = str_dup(a, base_name(file));
    return skill->id;
}

static struct str settle_heading(const struct config *c, struct arena *a, void *record,
                                 const char *file)
{
    (void)c, (void)a, (void)file;
    return ((const struct heading_rule *)record)->section;
}

static struct str settle_title(const struct config *c, struct arena *a, void *record,
                               const char *file)
{
    (void)c, (void)a, (void)file;
    return ((const struct title_rule *)record)->id;
}

static struct str settle_mode(const struct config *c, struct arena *a, void *record,
                              const char *file)
{
    (void)c, (void)a, (void)file;
    return ((const struct mode_rule *)record)->id;
}

static struct str settle_work(const struct config *c, struct arena *a, void *record,
                              const char *file)
{
    (void)c, (void)a, (void)file;
    return ((const struct work_rule *)record)->id;
}

static struct str settle_place(const struct config *c, struct arena *a, void *record,
                               const char *file)
{
    const struct place_rule *place = record;

    (void)c, (void)file;
    return str_printf(a, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(place->country),
                      STR_ARG(place->state), STR_ARG(place->city));
}

static struct str settle_employer(const struct config *c, struct arena *a, void *record,
                                  const char *file)
{
    (void)c, (void)a, (void)file;
    return ((const struct employer *)record)->name;
}

static struct str settle_roadmap(const struct config *c, struct arena *a, void *record,
                                 const char *file)
{
    (void)c, (void)a, (void)file;
    return ((const struct roadmap *)record)->id;
}

/* In this order: a source's key may come from its adapter. */
static const struct kind kinds[] = {
    { CONFIG_BOARDS, "adapters", &schema_adapter, LAYOUT_ONE, offsetof(struct config, adapters),
      settle_adapter },
    { CONFIG_BOARDS, "sources", &schema_source, LAYOUT_LIST, offsetof(struct config, sources),
      settle_source },
    { CONFIG_RULES, "rules/skills", &schema_skill, LAYOUT_LIST,
      offsetof(struct config, rules.skills), settle_skill },
    { CONFIG_RULES, "rules/headings.yaml", &schema_heading, LAYOUT_NAMED,
      offsetof(struct config, rules.headings), settle_heading },
    { CONFIG_RULES, "rules/cues.yaml", &schema_cue, LAYOUT_LIST,
      offsetof(struct config, rules.cues), NULL },
    { CONFIG_RULES, "rules/titles.yaml", &schema_title, LAYOUT_LIST,
      offsetof(struct config, rules.titles), settle_title },
    { CONFIG_RULES, "rules/modes.yaml", &schema_mode, LAYOUT_LIST,
      offsetof(struct config, rules.modes), settle_mode },
    { CONFIG_RULES, "rules/work.yaml", &schema_work, LAYOUT_LIST,
      offsetof(struct config, rules.work), settle_work },
    { CONFIG_RULES | CONFIG_PLACES, "rules/places.yaml", &schema_place, LAYOUT_LIST,
      offsetof(struct config, rules.places), settle_place },
    { CONFIG_TERMS, "employers.yaml", &schema_employer, LAYOUT_LIST,
      offsetof(struct config, employers), settle_employer },
    { CONFIG_TERMS, "roadmaps", &schema_roadmap, LAYOUT_ONE,
      offsetof(struct config, rules.roadmaps), settle_roadmap },
};

static int load_settings(struct config *c, struct arena *a, const char *file, struct diag *d)
{
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    struct schema_context cx = { a, file, c->origin };
    struct yaml_node *root;
    struct str text;
    int err = yaml_read_file(&page, file, &text, d);

    if (!err)
        err = yaml_parse(&page, file, text, &root, d);
    if (err || yaml_is_nothing(root))
        return err;
    return schema_bind(&cx, &schema_settings, root, &c->settings, d);
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static const char *shipped_folder(const struct config_options *opt)
{
    if (opt->shipped)
        return opt->shipped;
    return is_folder(ROLETIDE_DATADIR) ? ROLETIDE_DATADIR : ROLETIDE_SOURCE_CONFIG;
}

static const char *user_folder(struct arena *a)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (xdg && xdg[0] == '/') /* the specification: a relative one is ignored */
        return str_printf(a, "%s/roletide", xdg).p;
    return home && home[0] == '/' ? str_printf(a, "%s/.config/roletide", home).p : NULL;
}

const char *config_own_folder(struct arena *a, const char *path)
{
    if (path)
        return is_folder(path) ? path : NULL;
    if (access("/etc/roletide", W_OK) == 0 || geteuid() == 0)
        return "/etc/roletide";
    return user_folder(a);
}

/* The folders to read; *ret_file is set where --config names a file of settings instead. */
static int find_layers(const struct config_options *opt, struct arena *a, struct layers *ret,
                       const char **ret_file, struct diag *d)
{
    const char *user;

    ret->items[ret->n++] = shipped_folder(opt);
    if (!is_folder(ret->items[0]))
        return diag_fail(d, ERR_CONFIG, "%s: no such folder of shipped configuration",
                         ret->items[0]);
    if (opt->path && is_folder(opt->path)) {
        ret->items[ret->n++] = opt->path;
    } else if (opt->path) {
        if (access(opt->path, R_OK) != 0)
            return diag_fail(d, ERR_CONFIG, "%s: %s", opt->path, strerror(errno));
        *ret_file = opt->path;
    } else {
        if (is_folder("/etc/roletide"))
            ret->items[ret->n++] = "/etc/roletide";
        user = user_folder(a);
        if (user && is_folder(user))
            ret->items[ret->n++] = user;
    }
    return 0;
}

static int load_all_settings(struct config *c, struct arena *a, const struct layers *layers,
                             const char *file, struct diag *d)
{
    int err = 0;

    c->settings.extra_requests = 500; /* 0 is a budget too: none */
    for (size_t i = 0; !err && i < layers->n; i++) {
        const char *path = str_printf(a, "%s/roletide.yaml", layers->items[i]).p;

        if (access(path, F_OK) == 0 || errno != ENOENT)
            err = load_settings(c, a, path, d);
    }
    if (!err && file)
        err = load_settings(c, a, file, d);
    return err;
}

static void default_settings(struct settings *s)
{
    if (!s->roadmap.n)
        s->roadmap = str_of(default_roadmap);
    if (!s->run_limit_s)
        s->run_limit_s = 3000;
    if (!s->keep_bodies_days)
        s->keep_bodies_days = 90;
    if (!s->board_details)
        s->board_details = 500;
    s->fetch.allow_loopback = s->allow_loopback;
}

/* The roadmap whose bullets are sought is the first; the order of the others stays. */
static int choose_roadmap(struct config *c, struct arena *a, struct diag *d)
{
    struct roadmap *all = c->rules.roadmaps.items, chosen;
    size_t n = c->rules.roadmaps.n;
    struct str *ids = ARENA_NEW(a, struct str, n);
    ptrdiff_t near;

    for (size_t i = 0; i < n; i++) {
        ids[i] = all[i].id;
        if (!str_eq(all[i].id, c->settings.roadmap))
            continue;
        chosen = all[i];
        memmove(all + 1, all, i * sizeof(*all));
        all[0] = chosen;
        return 0;
    }
    if (c->settings.roadmap.p == default_roadmap)
        return 0; /* nobody asked for it: a configuration may do without roadmaps */
    (void)diag_blame(d, ERR_CONFIG, c->settings.roadmap.p, "no roadmap is called \"" STR_FMT "\"",
                     STR_ARG(c->settings.roadmap));
    near = nearest_word(c->settings.roadmap, ids, n);
    if (near >= 0)
        diag_hint(d, "did you mean \"" STR_FMT "\"?", STR_ARG(ids[near]));
    return ERR_CONFIG;
}

/* The layers of a kind: with own_sources, boards are not read from the shipped folder. */
static struct layers layers_of(const struct config *c, const struct kind *k,
                               const struct layers *all)
{
    struct layers ret = *all;

    if (!c->settings.own_sources || strcmp(k->path, "sources") != 0)
        return ret;
    memmove(ret.items, ret.items + 1, --ret.n * sizeof(ret.items[0]));
    return ret;
}

/* `home` is where *c will stand in the end. */
static int load(struct arena *a, const struct config_options *opt, struct config *c,
                const struct config *home, struct diag *d)
{
    const unsigned parts = opt->parts ? opt->parts : CONFIG_ALL;
    struct layers layers = { 0 };
    const char *file = NULL;
    int err = find_layers(opt, a, &layers, &file, d);

    if (!err)
        err = load_all_settings(c, a, &layers, file, d);
    if (opt->allow_loopback)
        c->settings.allow_loopback = true;
    default_settings(&c->settings);
    for (size_t i = 0; !err && i < ARRAY_LEN(kinds); i++) {
        struct layers of_kind = layers_of(c, &kinds[i], &layers);

        if (kinds[i].parts & parts)
            err = merge_kind(c, a, &kinds[i], &of_kind, d);
    }
    if (err)
        return err;
    if (parts & CONFIG_TERMS)
        err = choose_roadmap(c, a, d);
    origin_move(c->origin, 0, c->origin->n, c, sizeof(*c), home);
    origin_finish(c->origin);
    if (!err && (parts & CONFIG_BOARDS))
        err = share_detail_fields(c, a, d);
    if (!err && (parts & CONFIG_BOARDS))
        err = check_boards(c, a, d);
    if (err)
        config_locate(c, d);
    return err;
}

int config_load(struct arena *a, const struct config_options *opt, struct config *ret,
                struct diag *d)
{
    struct config c = { .origin = ARENA_NEW(a, struct config_origin, 1) };
    int err = load(a, opt, &c, ret, d);

    if (err)
        return err;
    *ret = c;
    return 0;
}

int config_read_skill(const struct config *c, struct arena *a, const char *file,
                      struct skill_rule *ret, struct diag *d)
{
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    struct schema_context cx = { a, file, c->origin };
    struct skill_rule rule = { 0 };
    struct yaml_node *root;
    struct str text;
    int err = yaml_read_file(&page, file, &text, d);

    if (!err)
        err = yaml_parse(&page, file, text, &root, d);
    if (err)
        return err;
    if (root->kind == NODE_LIST && root->n != 1)
        return yaml_fail(d, ERR_CONFIG, file, root, "must be one rule, not %zu", root->n);
    err =
        schema_bind(&cx, &schema_skill, root->kind == NODE_LIST ? root->items[0] : root, &rule, d);
    if (err)
        return err;
    settle_skill(c, a, &rule, file);
    origin_finish(c->origin);
    *ret = rule;
    return 0;
}

void config_locate(const struct config *c, struct diag *d)
{
    char text[sizeof(d->text)];
    struct place place;

    if (!d->about || !origin_find(c->origin, d->about, &place))
        return;
    memcpy(text, d->text, sizeof(text));
    snprintf(d->text, sizeof(d->text), "%.200s:%u:%u: %.240s", place.file, place.line, place.column,
             text);
    d->about = NULL;
}

struct str config_origin_of(const struct config *c, struct arena *a, const void *value)
{
    struct place place;

    if (!value || !origin_find(c->origin, value, &place))
        return STR("default");
    return str_printf(a, "%s:%u:%u", place.file, place.line, place.column);
}
