#ifndef CLI_DUE_H
#define CLI_DUE_H

#include "cli/pipeline.h"
#include "cli/sources_record.h"

/* The sources that a crawl reads, each with the reason why: those that are named, or all, or what
 * crawler/schedule.h says is due of the enabled ones by what the store knows of them. */
struct source_list {
    struct due_source {
        const struct source *source;
        const char *why;
    } * items;
    size_t n, cap;
};

/* known: all that the store knows. s may be NULL: no store yet, so all is due. ERR_USAGE,
 * ERR_DENIED, ERR_CONFIG: of a named one. */
int due_sources(struct cli *cli, struct store *s, const struct source_states *known,
                const struct crawl_options *opt, struct source_list *ret, struct diag *d) MUST_USE;

#endif
