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
 */
struct settings {
    struct fetch_options fetch;
    struct str state_dir;            /* "" : see config_state_dir() */
    struct str publish_dir;          /* where `run` publishes; "" : STATE/public */
    struct str site_title, site_url; /* for feeds and the page */
    struct str roadmap;              /* id; default mlops-engineer-in */
    bool allow_loopback;
    int64_t run_limit_s;      /* `run` stops itself after so long; default 3000 */
    int64_t keep_bodies_days; /* raw bodies; default 90 */
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
    struct config_origin *origin; /* opaque: where each value was read */
};

struct config_options {
    const char *path;    /* --config: a folder or a file; NULL: /etc and XDG */
    const char *shipped; /* the shipped folder; NULL: built-in default */
};

/* Everything lives in `a`. ERR_CONFIG: d says file:line:column. Checks adapters and sources; rules
 * are the extractor's. */
int config_load(struct arena *a, const struct config_options *opt, struct config *ret,
                struct diag *d) MUST_USE;

/* Rewrite a diag that blames a value of this configuration as "file:line:column: ...". */
void config_locate(const struct config *c, struct diag *d);

/* Where a value was read: "file:line:column", or "default". */
struct str config_origin_of(const struct config *c, struct arena *a, const void *value);

const struct adapter *config_adapter(const struct config *c, struct str id); /* NULL: none */
const struct source *config_source(const struct config *c, struct str key);  /* NULL: none */

#endif
