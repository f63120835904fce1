#ifndef PARSERS_WORK_H
#define PARSERS_WORK_H

#include "core/diag.h"
#include "core/err.h"
#include "core/signal.h"
#include "parsers/rules.h"
#include "parsers/skills.h"

/*
 * What an ad's text asks for in work on models, by the groups of skills in
 * config/rules/work.yaml: running them, the platform below, or making them (TAXONOMY 6).
 */
struct work;

struct work_read {
    unsigned runs, stands_on; /* kinds of it that the duties and requirements name */
    unsigned run, made;       /* mentions there of running models, and of making them */
};

/* `n_skills`: those that `skills` was compiled of. ERR_CONFIG blames an unknown skill, or one rule
 * too many. */
int work_compile(struct work **ret, const struct work_rule *rules, size_t n,
                 const struct skills *skills, size_t n_skills, struct diag *d) MUST_USE;
void work_free(struct work **w);

struct work_read work_read(const struct work *w, const struct signal *s);

/* Whether an adjacent title's job is a core one: two kinds of running models on two of the
 * platform, named four times or more, and no less often than making them. */
bool work_is_core(const struct work_read *r);

/* Whether somebody whose title leaves it open (a data scientist) also runs what they make. */
bool work_is_adjacent(const struct work_read *r);

#endif
