#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"
#include "crawler/fetch.h"
#include "parsers/adapter.h"
#include "parsers/rules.h"

/*
 * What to read and what to look for, from YAML: settings, adapters, sources, rules and
 * roadmaps. Layers, later ones winning by key or id: the shipped folder, /etc/roletide,
 * $XDG_CONFIG_HOME/roletide; or only the one that --config names (over the shipped).
 *
 *   DIR/roletide.yaml          settings                DIR/adapters/NAME.yaml
 *   DIR/sources/NAME.yaml|.csv boards                   DIR/rules/ and DIR/rules/skills/
 *   DIR/roadmaps/NAME.yaml
 *
 * One schema table (key, type, where it goes, range, help) binds them all and prints
 * the manual. Every error says file:line:column; an unknown key names the nearest one.
 *
 * Keys are the names of the fields in parsers/adapter.h, parsers/rules.h and
 * crawler/fetch.h, without a trailing underscore. Where a list is asked for, one value
 * will do. Aliases, anchors and tags of YAML are refused. config_print_manual() has all keys.
 *
 *   adapters/greenhouse.yaml, one adapter:
 *     adapter: greenhouse
 *     params: { token: { help: the board's name in its address, required: true } }
 *     steps:
 *       - url: https://boards-api.greenhouse.io/v1/boards/{token}/jobs?content=true
 *         items: /jobs
 *         headers: { Accept: application/json }
 *         paging: { total: /meta/total }
 *         where: [{ at: /internal_job_id, not: null }]
 *     fields:
 *       - { to: title, at: /title, as: trim }
 *       - { to: mode, at: /mode, map: { Remote: remote, Hybrid: hybrid } }
 *     gone: [{ status: 404 }]
 *   sources/india.yaml, a list; the key defaults to "adapter:first required parameter":
 *     - { adapter: greenhouse, params: { token: tarang }, company: Tarang Labs }
 *   sources/more.csv, the same; a column that is no key of a source, or is "params.NAME", is
 *   a parameter:
 *     adapter,token,company
 *     greenhouse,tarang,Tarang Labs
 *   rules/skills/orchestration.yaml, a list; the category defaults to the file's name:
 *     - id: kubernetes
 *       label: Kubernetes
 *       aliases: [kubernetes, k8s, '?=K8']
 *       near: any
 *       yes: [Deploy to K8s]
 *       no: [k8sgpt is a plus]
 *   rules/headings.yaml, sections and their headings:
 *     requirements: [what you bring, must have]
 *   rules/cues.yaml, a list (of the last layer that has one):
 *     - { cue: preferred, regex: '\bnice to have\b', yes: [Nice to have], no: [We have] }
 *   rules/titles.yaml, a list by id; rules/places.yaml, a list by country, state and city:
 *     - { id: mlops, kind: core, regex: '\bmlops\b', yes: [MLOps Engineer], no: [ML Ops] }
 *     - { city: Bengaluru, state: Karnataka, country: IN, aliases: [Bangalore] }
 *   employers.yaml, a list by name; a name that names nobody has `nobody` for its employer:
 *     - { employer: Tarang Labs, aliases: [Tarang Technologies, Tarang R&D Centre] }
 *   rules/modes.yaml, a list by id:
 *     - { id: remote, mode: remote, says: role, aliases: [fully remote], yes: [Fully remote],
 *         no: [Remote] }
 *   rules/work.yaml, a list by id:
 *     - { id: serving, kind: runs, skills: [model_serving, triton] }
 *   roadmaps/mlops-engineer-in.yaml, one roadmap:
 *     id: mlops-engineer-in
 *     title: MLOps engineer
 *     stages:
 *       - stage: 1
 *         name: Foundations
 *         to_month: 12
 *         bullets: [{ id: scripting, text: Write scripts, skills: [python, bash] }]
 */
struct buf;

struct settings {
    struct fetch_options fetch;
    struct str state_dir;            /* "" : see config_state_dir() */
    struct str publish_dir;          /* where `run` publishes; "" : STATE/public */
    struct str site_title, site_url; /* for feeds and the page */
    struct str roadmap;              /* id; default mlops-engineer-in */
    bool allow_loopback;
    bool own_sources;         /* the shipped boards are not read */
    int64_t run_limit_s;      /* `run` stops itself after so long; default 3000 */
    int64_t keep_bodies_days; /* raw bodies; default 90 */
    int64_t keep_bodies_mib;  /* of them at most; default 0: no bound */
    int64_t extra_requests;   /* a day, beyond each source's daily read; default 500 */
    int64_t board_details;    /* texts asked of one board in a run; default 500 */
};

/* An employer that ads name in several ways. */
struct employer {
    struct str name;
    struct strs aliases;
};

struct config {
    struct settings settings;
    struct {
        struct adapter *items;
        size_t n, cap;
    } adapters;
    struct {
        struct source *items;
        size_t n, cap;
    } sources;
    struct rule_set rules;
    struct {
        struct employer *items;
        size_t n, cap;
    } employers;
    struct config_origin *origin; /* opaque: where each value was read */
};

/* What of it is read: reading all of it takes longer than most answers. */
enum config_part {
    CONFIG_SETTINGS = 1, /* always */
    CONFIG_BOARDS = 2,   /* adapters and sources */
    CONFIG_PLACES = 4,   /* of the rules, the gazetteer alone */
    CONFIG_RULES = 8,    /* all of them */
    CONFIG_TERMS = 16,   /* what answers speak of: roadmaps, and other names of employers */
    CONFIG_ALL = 31
};

struct config_options {
    const char *path;    /* --config: a folder or a file; NULL: /etc and XDG */
    const char *shipped; /* the shipped folder; NULL: built-in default */
    unsigned parts;      /* of enum config_part; 0: all */
    bool allow_loopback; /* as the setting of that name: boards on this machine may be read */
};

/* Everything lives in `a`. ERR_CONFIG: d says file:line:column. Checks adapters and sources; rules
 * are the extractor's. Parts that were not asked for stay empty. */
int config_load(struct arena *a, const struct config_options *opt, struct config *ret,
                struct diag *d) MUST_USE;

/* The folder of a person's own configuration, which may not be there yet: --config where that is
 * a folder, /etc/roletide where it may be written, else $XDG_CONFIG_HOME/roletide. NULL: none. */
const char *config_own_folder(struct arena *a, const char *path);

/*
 * Read a file of one skill rule, in the language of rules/skills/ (a list of one, or its mapping
 * alone). *c is not changed but for knowing where its values were read. ERR_CONFIG, ERR_IO.
 */
int config_read_skill(const struct config *c, struct arena *a, const char *file,
                      struct skill_rule *ret, struct diag *d) MUST_USE;

/* Rewrite a diag that blames a value of this configuration as "file:line:column: ...". */
void config_locate(const struct config *c, struct diag *d);

/* Where a value was read: "file:line:column", or "default". */
struct str config_origin_of(const struct config *c, struct arena *a, const void *value);

/*
 * Each setting with its value and origin, in the order of the manual: `config show`. A
 * nested key is written with a dot ("fetch.gap_ms"). What `each` is given lives in `a`.
 * Numbers are found by the address of their field: this is for the struct config that
 * config_load() filled, not for a copy of it.
 */
struct config_setting {
    struct str key, value, origin, help;
    bool is_default;
};
void config_each_setting(const struct config *c, struct arena *a, void *ctx,
                         void (*each)(void *ctx, const struct config_setting *s));

/* Every key of every file with its type, range, default and help. */
void config_print_manual(struct buf *b);

const struct adapter *config_adapter(const struct config *c, struct str id); /* NULL: none */
const struct source *config_source(const struct config *c, struct str key);  /* NULL: none */

#endif
