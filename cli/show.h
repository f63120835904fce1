#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "aggregator/near_miss.h"
#include "cli/answer.h"
#include "parsers/extract.h"

/* A posting that was asked for, and all that is known of it. */
struct asked {
    struct answer_market m; /* its terms alone */
    struct market around;   /* of the posting and those it might have been joined with */
    struct history h;
    struct extractor *x;
    struct rejection *rejected; /* by today's rules */
    size_t n_rejected;
    struct near_miss misses[NEAR_MISSES];
    size_t n_misses;
};

/* The text in which a field's evidence stands; empty where it is not kept. */
struct str show_text(const struct history *h, enum field f);

/* Everything as one JSON document on stdout. */
void show_json(const struct asked *q);

/* The posting as an HTML page on stdout, its evidence in <mark>. */
void show_html(struct cli *cli, const struct asked *q);

#endif
