#ifndef CORE_LISTING_H
#define CORE_LISTING_H

#include "core/str.h"

/*
 * What a source states of one job, before anything is concluded from it. Text is
 * UTF-8 without NUL; an empty view or a 0 means "not stated". The views belong to
 * whoever filled the struct (a page's arena, a store scan) and die with it.
 */
enum work_mode { MODE_UNKNOWN, MODE_ONSITE, MODE_HYBRID, MODE_REMOTE };

enum pay_period { PERIOD_UNKNOWN, PERIOD_HOUR, PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_YEAR };

/* Pay in the source's own fields, as stated: not annualised, not converted. */
struct stated_pay {
    double min, max;     /* 0: not given */
    struct str currency; /* ISO 4217, upper case; empty: not given */
    enum pay_period period;
};

struct listing {
    struct str native_id;   /* the source's own key; unique within the source, text as written */
    struct str requisition; /* the employer's number for the job, the same at all its boards */
    struct str title;
    struct str company;
    struct strs places; /* each as the source writes it */
    struct str
        country; /* ISO 3166-1 alpha-2 in upper case, or as written when it is no known code */
    enum work_mode mode; /* as the source's own field says */
    struct str department;
    struct str employment; /* as written: "Full-time", "FULL_TIME" */
    struct str experience; /* the source's own experience field */
    struct str salary;     /* the source's own salary text */
    struct stated_pay pay;
    int64_t posted, updated, expires; /* UTC seconds; 0: not stated */
    int64_t vacancies;                /* stated number of positions; 0: not stated */
    struct str url;                   /* the page a person would open */
    struct str text;                  /* the ad as plain text, line breaks at blocks */
    bool text_read; /* false: listed, its text not read yet (a detail request is owed) */
};

const char *work_mode_name(enum work_mode m);   /* "unknown", "onsite", "hybrid", "remote" */
const char *pay_period_name(enum pay_period p); /* "unknown", "hour" ... "year" */
bool work_mode_parse(struct str s, enum work_mode *ret);

#endif
