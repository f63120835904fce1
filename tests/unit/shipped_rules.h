#ifndef TESTS_UNIT_SHIPPED_RULES_H
#define TESTS_UNIT_SHIPPED_RULES_H

#include "config/config.h"
#include "core/arena.h"
#include "parsers/extract.h"

/* The rules as shipped, read from the source tree; NULL with a word on stderr when they do not
 * load. */
static inline const struct rule_set *shipped_rules(struct arena *a, struct config *ret)
{
    const struct config_options opt = { .path = SOURCE_DIR "/config",
                                        .shipped = SOURCE_DIR "/config" };
    struct diag d = { 0 };

    if (!config_load(a, &opt, ret, &d))
        return &ret->rules;
    config_locate(ret, &d);
    fprintf(stderr, "%s\n", d.text);
    return NULL;
}

/* An extractor of them; NULL with a word on stderr. extractor_close() it before `a` is freed. */
static inline struct extractor *shipped_extractor(struct arena *a, struct config *ret)
{
    const struct rule_set *set = shipped_rules(a, ret);
    struct extractor *x = NULL;
    struct diag d = { 0 };

    if (set && extractor_open(&x, set, &d))
        fprintf(stderr, "%s\n", d.text);
    return x;
}

#endif
