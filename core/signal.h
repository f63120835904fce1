#ifndef CORE_SIGNAL_H
#define CORE_SIGNAL_H

#include "core/listing.h"
#include "core/str.h"

/*
 * What the parsers conclude of one revision of a posting. Each conclusion carries
 * its confidence and the span it was read from; a span counts bytes (in JSON:
 * code points) in the named field of the listing.
 */
enum family { FAMILY_NO, FAMILY_ADJACENT, FAMILY_CORE };
enum track { TRACK_NONE, TRACK_ML_PLATFORM, TRACK_ML_RELIABILITY, TRACK_LLM_INFRA };
enum level { LEVEL_UNKNOWN, LEVEL_INTERN, LEVEL_JUNIOR, LEVEL_MID, LEVEL_SENIOR, LEVEL_LEAD };
enum confidence { CONFIDENCE_NONE, CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };

/* The strongest mention of a skill decides, in this order (TAXONOMY: required > duty > stack >
 * preferred > ignored). */
enum polarity {
    POLARITY_NONE,
    POLARITY_NEGATED,
    POLARITY_IGNORED,
    POLARITY_PREFERRED,
    POLARITY_STACK,
    POLARITY_DUTY,
    POLARITY_REQUIRED,
};

/* Whether such a mention asks for the skill: wanted, or at least preferred. */
static inline bool polarity_demands(enum polarity p)
{
    return p >= POLARITY_PREFERRED;
}

enum section { /* of the ad's text */
               SECTION_DUTIES,
               SECTION_REQUIRED,
               SECTION_PREFERRED,
               SECTION_STACK,
               SECTION_BLURB,
               SECTION_BENEFITS,
               SECTION_EEO,
               SECTION_PAY,
               SECTION_PROCESS,
               SECTION_EDUCATION,
               SECTION_LOCATION,
               SECTION_TAGS, /* a job board's footer or key-skill tags */
               SECTION_COUNT
};

enum field {
    FIELD_NONE,
    FIELD_TITLE,
    FIELD_TEXT,
    FIELD_PLACE,
    FIELD_EXPERIENCE,
    FIELD_SALARY,
    FIELD_COMPANY,
    FIELD_SOURCE
};

/* Where a conclusion comes from. FIELD_SOURCE is a structured field of the source: no span. */
struct evidence {
    enum field field;
    uint32_t start, end; /* bytes into the field; FIELD_PLACE: the places joined by '\n' */
    enum confidence confidence;
    const char *rule; /* which rule decided; a constant or the extractor's own memory; never NULL */
};

enum { SKILLS_MAX = 4095 }; /* of one set of rules */

struct mention {
    uint32_t skill; /* index into the extractor's skills (extractor_skill()) */
    enum polarity polarity;
    enum section section;
    bool implied;     /* follows from another skill; the span is that skill's */
    enum field field; /* FIELD_TITLE or FIELD_TEXT */
    uint32_t start, end;
};

struct place {
    struct str city, state, country; /* canonical names; country ISO alpha-2; empty: not known */
    struct evidence from;
};

enum pay_kind {
    PAY_UNDISCLOSED,
    PAY_CTC,
    PAY_FIXED,
    PAY_GROSS,
    PAY_BASE,
    PAY_IN_HAND,
    PAY_STIPEND,
    PAY_OTE
};

/* Whole currency units a year, whatever the ad's own period; 0: that end is not given. */
struct pay {
    int64_t annual_min, annual_max;
    char currency[4];
    enum pay_period period; /* as the ad states it */
    enum pay_kind kind;     /* PAY_UNDISCLOSED: the other fields mean nothing */
    struct evidence from;
};

struct experience {
    int32_t min_months, max_months; /* -1: not given */
    struct evidence from;
};

/* The number of the job that the ad's own words give; empty: none. */
struct requisition {
    struct str id; /* as written */
    struct evidence from;
};

/* Whether somebody in India may take the job. */
enum india { INDIA_NO, INDIA_YES, INDIA_REMOTE_OPEN };

enum { BULLET_MAX = 64 }; /* bullets of a roadmap: one bit each */

struct bullet_hit {
    uint32_t bullet; /* index into the extractor's roadmap */
    struct evidence from;
};

struct signal {
    enum family family;
    struct evidence family_from;
    enum track track;
    enum level level;
    struct evidence level_from;
    struct experience experience;
    struct pay pay;
    struct requisition requisition;
    enum work_mode mode;
    struct evidence mode_from;
    enum india india;
    struct evidence india_from;
    int stage; /* 1..5; 0: unstaged */
    enum confidence stage_confidence;
    const char *stage_reason; /* a constant sentence */
    struct place *places;
    size_t n_places;
    struct mention *mentions; /* in order of (skill, strongest first, start) */
    size_t n_mentions;
    struct bullet_hit *bullets; /* at most one a bullet: the first span that evidences it */
    size_t n_bullets;
};

/* The names used in JSON, in the store's views and in options. Every enum above has its pair. */
const char *family_name(enum family v);
const char *track_name(enum track v); /* "", "ml-platform", "ml-reliability", "llm-infra" */
const char *level_name(enum level v);
const char *confidence_name(enum confidence v);
const char *polarity_name(enum polarity v);
const char *section_name(enum section v);
const char *field_name(enum field v);
const char *pay_kind_name(enum pay_kind v); /* "undisclosed", "ctc", "in-hand" ... */
const char *india_name(enum india v);       /* "no", "yes", "remote-open" */
bool section_parse(struct str s, enum section *ret);
bool track_parse(struct str s, enum track *ret);

#endif
