#ifndef PARSERS_WORK_H
#define PARSERS_WORK_H

#include "core/diag.h"
#include "core/err.h"
#include "core/signal.h"
#include "parsers/rules.h"
#include "parsers/skills.h"

/*
 * What an ad's text asks for in work on models, by the groups of skills in
 * config/rules/work.yaml: running them, the platform below, making them, or another craft's
 * (TAXONOMY 6).
 */
struct work;

struct work_read {
    unsigned runs, stands_on; /* kinds of it that the duties and requirements name */
    unsigned run, made;       /* mentions there of running models, and of making them */
    unsigned named;           /* of the former by the field's own name */
    unsigned apart;           /* of another craft */
    unsigned asked;           /* of anything */
    bool said; /* whether the text, its wishes too, names running or training models at all */
};

/* `n_skills`: those that `skills` was compiled of. ERR_CONFIG blames an unknown skill, or one rule
 * too many. */
int work_compile(struct work **ret, const struct work_rule *rules, size_t n,
                 const struct skills *skills, size_t n_skills, struct diag *d) MUST_USE;
void work_free(struct work **w);

struct work_read work_read(const struct work *w, const struct signal *s);

/* Whether an adjacent title's job is a core one: two kinds of the platform, and running models
 * named three times or more, no less often than making them, and in two kinds, or by the field's
 * own name in an eighth of all that is asked for; or one kind of the platform, and running models
 * in four kinds, named twice as often as making them. */
bool work_is_core(const struct work_read *r);

/* Whether a core title's job is another craft's: named three times or more, and more often than
 * running models. */
bool work_is_apart(const struct work_read *r);

/* Whether the text of a title that names a platform for models ("ML Platform") asks for three
 * things or more, and for nothing of running or training models: the platform is a team's or a
 * product's name. */
bool work_is_unsaid(const struct work_read *r);

/* Whether a core title's job, unless the title says MLOps, is to make models: named five times or
 * more and more than three times as often as running them, of which one kind stands at most, and no
 * platform. */
bool work_makes(const struct work_read *r);

/* Whether somebody whose title leaves it open (a data scientist) works on models at all. */
bool work_is_adjacent(const struct work_read *r);

#endif
