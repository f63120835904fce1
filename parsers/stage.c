#include "parsers/stage.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    WIDE_SPAN_MONTHS = 96,  /* a range wider than eight years says little */
    SKILLS_ONLY_MAX = 4,    /* bullets alone never prove ownership, which is what stage 5 means */
    SKILLS_ONLY_BULLETS = 2 /* one bullet is in nearly every ad */
};

struct window {
    int low, high; /* low 0: nothing known */
};

static struct window by_years(int32_t min_months)
{
    static const struct {
        int32_t from;
        struct window window;
    } rows[] = {
        { 72, { 5, 5 } }, { 48, { 4, 5 } }, { 24, { 3, 4 } }, { 12, { 2, 3 } }, { 0, { 1, 2 } }
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (min_months >= rows[i].from)
            return rows[i].window;
    return (struct window){ 0, 0 };
}

static struct window by_level(enum level level)
{
    static const struct window windows[] = {
        [LEVEL_UNKNOWN] = { 0, 0 }, [LEVEL_INTERN] = { 1, 2 }, [LEVEL_JUNIOR] = { 2, 3 },
        [LEVEL_MID] = { 3, 4 },     [LEVEL_SENIOR] = { 4, 5 }, [LEVEL_LEAD] = { 5, 5 },
    };

    return windows[level];
}

static bool evidenced_from(const struct stage_facts *f, int stage)
{
    for (int i = stage; i <= STAGE_MAX; i++)
        if (f->bullets[i])
            return true;
    return false;
}

static struct stage_verdict by_bullets(const struct stage_facts *f)
{
    for (int i = SKILLS_ONLY_MAX; i >= 1; i--)
        if (f->bullets[i] >= SKILLS_ONLY_BULLETS)
            return (struct stage_verdict){
                i, CONFIDENCE_LOW,
                "Neither years nor a title mark; the highest stage with two evidenced bullets."
            };
    return (struct stage_verdict){
        0, CONFIDENCE_NONE,
        "Neither years nor a title mark, and no stage has two evidenced bullets."
    };
}

/* The stage inside a window: its upper end only on evidence of that stage or one above. */
static struct stage_verdict inside(const struct stage_facts *f, struct window w)
{
    struct stage_verdict v = { w.low, CONFIDENCE_MEDIUM, "Years or title leave one stage." };

    if (w.low == w.high)
        return v;
    if (evidenced_from(f, w.high)) {
        v.stage = w.high;
        v.reason = "Two stages fit; a bullet of the upper one is evidenced.";
    } else {
        v.reason = "Two stages fit; no bullet of the upper one is evidenced.";
    }
    return v;
}

static int nearest_end(struct window years, struct window title)
{
    return title.high < years.low ? years.low : years.high;
}

static bool span_is_wide(const struct stage_facts *f)
{
    return f->min_months >= 0 && f->max_months >= 0
           && f->max_months - f->min_months > WIDE_SPAN_MONTHS;
}

struct stage_verdict stage_decide(const struct stage_facts *facts)
{
    struct window years = by_years(facts->min_months), title = by_level(facts->level), both;
    struct stage_verdict v;

    if (!years.low && !title.low)
        return by_bullets(facts);
    both.low = years.low > title.low ? years.low : title.low;
    both.high = !years.low || (title.low && title.high < years.high) ? title.high : years.high;
    if (both.low > both.high)
        return (struct stage_verdict){
            nearest_end(years, title), CONFIDENCE_LOW,
            "Years and title disagree; the end of the years' window nearest to the title."
        };
    v = inside(facts, both);
    if (years.low && title.low && both.low == both.high) {
        v.confidence = CONFIDENCE_HIGH;
        v.reason = "Years and title meet in one stage.";
    } else if (facts->bullets[v.stage] >= 2) {
        v.confidence = CONFIDENCE_HIGH;
    }
    if (span_is_wide(facts)) {
        v.confidence = CONFIDENCE_LOW;
        v.reason = "The years asked for span more than eight, so the floor says little.";
    }
    return v;
}
