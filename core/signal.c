#include "core/signal.h"

/* One table an enum, in the order of its values; lookups are linear (conventions, 11). */
static const char *const work_modes[] = { "unknown", "onsite", "hybrid", "remote" };
static const char *const pay_periods[] = { "unknown", "hour", "day", "week", "month", "year" };
static const char *const families[] = { "no", "adjacent", "core" };
static const char *const tracks[] = { "", "ml-platform", "ml-reliability", "llm-infra" };
static const char *const levels[] = { "unknown", "intern", "junior", "mid", "senior", "lead" };
static const char *const confidences[] = { "none", "low", "medium", "high" };
static const char *const polarities[] = { "none",  "negated", "ignored", "preferred",
                                          "stack", "duty",    "required" };
static const char *const sections[] = { "duties",  "required",  "preferred", "stack",
                                        "blurb",   "benefits",  "eeo",       "pay",
                                        "process", "education", "location",  "tags" };
static const char *const fields[] = { "none",       "title",  "text",    "place",
                                      "experience", "salary", "company", "source" };
static const char *const pay_kinds[] = { "undisclosed", "ctc",     "fixed",   "gross",
                                         "base",        "in-hand", "stipend", "ote" };
static const char *const indias[] = { "no", "yes", "remote-open" };

static bool look_up(const char *const *names, size_t n, struct str s, size_t *ret)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, str_of(names[i]))) {
            *ret = i;
            return true;
        }
    return false;
}

#define NAME_OF(function, type, names)                                                             \
    const char *function(type v)                                                                   \
    {                                                                                              \
        return (size_t)v < ARRAY_LEN(names) ? names[v] : "?";                                      \
    }
#define PARSE_OF(function, type, names)                                                            \
    bool function(struct str s, type *ret)                                                         \
    {                                                                                              \
        size_t i;                                                                                  \
                                                                                                   \
        if (!look_up(names, ARRAY_LEN(names), s, &i))                                              \
            return false;                                                                          \
        *ret = (type)i;                                                                            \
        return true;                                                                               \
    }

NAME_OF(work_mode_name, enum work_mode, work_modes)
NAME_OF(pay_period_name, enum pay_period, pay_periods)
NAME_OF(family_name, enum family, families)
NAME_OF(track_name, enum track, tracks)
NAME_OF(level_name, enum level, levels)
NAME_OF(confidence_name, enum confidence, confidences)
NAME_OF(polarity_name, enum polarity, polarities)
NAME_OF(section_name, enum section, sections)
NAME_OF(field_name, enum field, fields)
NAME_OF(pay_kind_name, enum pay_kind, pay_kinds)
NAME_OF(india_name, enum india, indias)
PARSE_OF(work_mode_parse, enum work_mode, work_modes)
PARSE_OF(section_parse, enum section, sections)
PARSE_OF(track_parse, enum track, tracks)
