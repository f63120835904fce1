#ifndef PARSERS_TITLE_H
#define PARSERS_TITLE_H

#include "core/diag.h"
#include "core/err.h"
#include "core/signal.h"
#include "parsers/rules.h"

/*
 * Family, level and track of a title, by the regexes of config/rules/titles.yaml.
 *   family  veto_all: no. explicit: core (adjacent when a `soften` rule also matches).
 *           core: no on a veto, adjacent on `soften`, else core. platform: as core, with low
 *           confidence: its text has to say something of the field. adjacent: no on a veto.
 *           A `soften` rule's confidence is medium: the text does not make it core.
 *           by_text alone: no, with low confidence: the text decides.
 *   level   none where an `ungraded` rule matches; of the parts that `either` joins the lowest, of
 *           the marks of a part the highest.
 *   track   the first track rule that matches, in the order of the rules.
 */
struct titles;

struct title_reading {
    enum family family;
    struct evidence family_from;
    enum level level;
    struct evidence level_from;
    enum track track;
};

int titles_compile(struct titles **ret, const struct title_rule *rules, size_t n,
                   struct diag *d) MUST_USE;
void titles_free(struct titles **t);

/* Run each rule's yes: and no: sentences; the first that fails is blamed. *ret_n counts on. */
int titles_prove(const struct titles *t, size_t *ret_n, struct diag *d) MUST_USE;

int title_read(const struct titles *t, struct str title, struct title_reading *ret,
               struct diag *d) MUST_USE;

#endif
