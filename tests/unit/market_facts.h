#ifndef TESTS_UNIT_MARKET_FACTS_H
#define TESTS_UNIT_MARKET_FACTS_H

#include "aggregator/market.h"
#include "core/date.h"

/* Facts by hand, for tests of what is made of them: a core role in Bengaluru, open, proven today.
 * A row of a test states only what differs. */
enum { FACT_DAY = 20780 };

#define FACT_NOW (day_start(FACT_DAY) + 12 * 3600)

static struct place bengaluru = { .city = { "Bengaluru", 9 }, .country = { "IN", 2 } };

struct fact_row {
    const char *source, *id, *company, *title, *requisition;
    struct place *place;  /* NULL: Bengaluru */
    uint64_t text;        /* hash and SimHash; 0: 1000 */
    int64_t first, ended; /* days before today; 0: ten days ago, open */
    int64_t seen;         /* for the last time, days before today; 0: an hour ago */
    const char *number;   /* the requisition that the ad's own words give */
    const char *lines;    /* its places as written */
    enum level level;
    int months;  /* 0: 36 */
    int64_t pay; /* rupees a year; 0: not disclosed */
    struct {
        uint32_t from, to;
    } skills; /* named */
};

/* A mention of each skill, by its index. */
enum { FACT_SKILLS = 40 };
static inline struct mention *fact_mentions(void)
{
    static struct mention all[FACT_SKILLS];

    for (uint32_t i = 0; i < FACT_SKILLS; i++)
        all[i].skill = i;
    return all;
}

static inline struct posting_fact fact_of(int64_t posting, const struct fact_row *row)
{
    uint64_t text = row->text ? row->text : 1000;

    return (struct posting_fact){
        .posting = posting,
        .source = str_of(row->source),
        .native_id = str_of(row->id),
        .company = str_of(row->company ? row->company : "Kaveri Cloud"),
        .title = str_of(row->title ? row->title : "MLOps Engineer"),
        .requisition = str_of(row->requisition),
        .first_proof = FACT_NOW - (row->first ? row->first : 10) * DAY_SECONDS,
        .last_proof = row->seen ? FACT_NOW - row->seen * DAY_SECONDS : FACT_NOW - 3600,
        .ended_by = row->ended ? FACT_NOW - row->ended * DAY_SECONDS : 0,
        .ended_how = "",
        .source_proven = FACT_NOW - 3600,
        .text_read = true,
        .simhash = text,
        .text_hash = text,
        .places_text = str_of(row->lines),
        .has_signal = true,
        .signal = { .family = FAMILY_CORE,
                    .india = INDIA_YES,
                    .level = row->level,
                    .experience = { .min_months = row->months ? row->months : 36,
                                    .max_months = -1 },
                    .pay = { .kind = row->pay ? PAY_FIXED : PAY_UNDISCLOSED,
                             .annual_min = row->pay,
                             .annual_max = row->pay },
                    .requisition.id = str_of(row->number),
                    .mentions = fact_mentions() + row->skills.from,
                    .n_mentions = row->skills.to - row->skills.from,
                    .places = row->place ? row->place : &bengaluru,
                    .n_places = 1 },
    };
}

/* In order of key, as store_sources() gives them: two own boards of one employer, an aggregator. */
static inline size_t fact_sources(const struct source_state **ret)
{
    static const struct source_state sources[] = {
        { .row = { .key = { "board:kaveri", 12 }, .company = { "Kaveri Cloud", 12 } } },
        { .row = { .key = { "careers:kaveri", 14 }, .company = { "Kaveri Cloud Pvt Ltd", 20 } } },
        { .row = { .key = { "jobs:all", 8 } } },
    };

    *ret = sources;
    return ARRAY_LEN(sources);
}

#endif
