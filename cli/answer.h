#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include "aggregator/walk.h"
#include "cli/pipeline.h"
#include "cli/table.h"
#include "core/json_out.h"

/* What the commands that answer from the store share: options that choose, and the market they ask.
 */
struct choice {
    int64_t stage; /* --stage; 0: all */
    struct str city, company, skill, track, mode;
    const char *skill_option; /* what `skill` was given as; NULL: --skill */
    int64_t newer_days;       /* --new */
    bool required;            /* --required, of whatever is asked */
    bool requires_it;         /* --required, of the skill that is chosen */
    struct str at;            /* --at DATE */
};

/* Rows for a command's option table; `type` is the args struct, `field` its struct choice. The
 * filters are the same wherever openings are chosen, and compose. */
#define CHOICE_ROW(type, at, name, value, kind, low, high, help)                                   \
    {                                                                                              \
        name, value, kind, offsetof(struct type, at), low, high, help                              \
    }
#define CHOICE_AT(type, field)                                                                     \
    CHOICE_ROW(type, field.at, "at", "DATE", OPTION_TEXT, 0, 0,                                    \
               "as things stood at the end of this day (India)")
#define CHOICE_STAGE(type, field)                                                                  \
    CHOICE_ROW(type, field.stage, "stage", "N", OPTION_INT, 1, STAGES,                             \
               "openings at this stage of the roadmap")
#define CHOICE_WHERE(type, field)                                                                  \
    CHOICE_ROW(type, field.city, "city", "CITY", OPTION_TEXT, 0, 0, "openings in this city"),      \
        CHOICE_ROW(type, field.company, "company", "NAME", OPTION_TEXT, 0, 0,                      \
                   "openings of this employer"),                                                   \
        CHOICE_ROW(type, field.track, "track", "TRACK", OPTION_TEXT, 0, 0,                         \
                   "ml-platform, ml-reliability or llm-infra"),                                    \
        CHOICE_ROW(type, field.mode, "mode", "MODE", OPTION_TEXT, 0, 0,                            \
                   "onsite, hybrid or remote")
#define CHOICE_NEW(type, field)                                                                    \
    CHOICE_ROW(type, field.newer_days, "new", "DAYS", OPTION_INT, 1, 3650,                         \
               "first proven in the last DAYS days")
#define CHOICE_FILTERS(type, field)                                                                \
    CHOICE_STAGE(type, field), CHOICE_WHERE(type, field), CHOICE_NEW(type, field),                 \
        CHOICE_AT(type, field)
/* And where openings are chosen by what they ask for. */
#define CHOICE_SKILL(type, field)                                                                  \
    CHOICE_ROW(type, field.skill, "skill", "ID", OPTION_TEXT, 0, 0,                                \
               "openings that ask for this skill"),                                                \
        CHOICE_ROW(type, field.requires_it, "required", NULL, OPTION_FLAG, 0, 0,                   \
                   "with --skill: only where the ad requires it")

struct answer_market {
    struct store *store;
    struct market market;
    struct filter filter;
};

/* Open the store read-only and load the market as of --at (or now). ERR_USAGE on a bad choice. */
int answer_open(struct cli *cli, const struct choice *choice, struct answer_market *ret,
                struct diag *d) MUST_USE;
/* The same for a command that asks demand_of() alone, or roles_of() without a filter: where they
 * are finished in the store, or the market was kept, no opening is loaded. */
int answer_open_figures(struct cli *cli, const struct choice *choice, struct answer_market *ret,
                        struct diag *d) MUST_USE;
/* The same for one that asks for the series alone, or walks: no opening is loaded. */
int answer_open_series(struct cli *cli, const struct choice *choice, struct answer_market *ret,
                       struct diag *d) MUST_USE;
/* ERR_USAGE, with the nearest one that there is, for a skill that no rule had when the store was
 * last read; `what` names where it was said. */
int answer_skill(struct cli *cli, const struct market *m, const char *what, struct str id,
                 struct diag *d) MUST_USE;
void answer_close(struct answer_market *m);

/* EXIT_NOTHING, and on standard error of how many openings none was chosen. */
int answer_none(const struct cli *cli, const struct answer_market *m);

/* Every posting there ever was, employer by employer; the terms of m->market suffice. */
int answer_walk(struct cli *cli, const struct answer_market *m, walk_each *each, void *ctx,
                struct diag *d) MUST_USE;

/* Print one JSON document or line and empty the buffer. */
void answer_print(struct json_out *j);

/*
 * A list for machines, item by item: a JSON array, or a line an item.
 *     answer_list(cli, &j); ... json_object(&j, NULL) ... json_end(&j); answer_item(cli, &j); ...
 *     answer_list_end(cli, &j);
 */
bool answer_wants_json(const struct cli *cli);
void answer_list(const struct cli *cli, struct json_out *j);
void answer_item(const struct cli *cli, struct json_out *j);
void answer_list_end(const struct cli *cli, struct json_out *j);

#endif
