#include "parsers/work_mode.h"

#include "parsers/scan.h"

struct mode_cue {
    const char *const *words;
    enum work_mode mode;
    enum confidence confidence;
    const char *rule;
};

static const char *const tag_remote[] = { "li-remote", NULL };
static const char *const tag_hybrid[] = { "li-hybrid", NULL };
static const char *const tag_onsite[] = { "li-onsite", NULL };
static const char *const hybrid[] = { "hybrid work~",
                                      "hybrid-work~",
                                      "come in office",
                                      "come into the office",
                                      "half of their work time in",
                                      "hybrid model",
                                      "hybrid role",
                                      "hybrid mode",
                                      "hybrid position",
                                      "hybrid schedule",
                                      "hybrid set~",
                                      "hybrid environment",
                                      "hybrid arrangement",
                                      "hybrid opportunity",
                                      "hybrid remote",
                                      "days a week in",
                                      "days per week in",
                                      "days a week from",
                                      "days in office",
                                      "days in the office",
                                      "days from office",
                                      "days/week in",
                                      "days work from office",
                                      "days onsite",
                                      "days on-site",
                                      "days a week at",
                                      "half of your time in",
                                      "hybrid)",
                                      NULL };
static const char *const remote[] = { "fully remote",
                                      "all-remote",
                                      "all remote",
                                      "roles are remote",
                                      "100% remote",
                                      "full remote",
                                      "remote position",
                                      "remote role",
                                      "remote job",
                                      "remote opportunity",
                                      "permanent remote",
                                      "work from home",
                                      "wfh",
                                      "work remotely",
                                      "remote work",
                                      "remote-first",
                                      "remote first",
                                      "telecommute",
                                      "work from anywhere",
                                      "remote only",
                                      "remote team",
                                      "remote)",
                                      NULL };
static const char *const onsite[] = { "work from office",    "wfo",
                                      "onsite role",         "on-site role",
                                      "onsite position",     "on-site position",
                                      "fully onsite",        "in-office role",
                                      "office-based",        "in-person role",
                                      "100% onsite",         "onsite only",
                                      "full-time in office", "full time from the office",
                                      "from our office",     NULL };
static const struct mode_cue cues[] = {
    { tag_remote, MODE_REMOTE, CONFIDENCE_HIGH, "mode: tag" },
    { tag_hybrid, MODE_HYBRID, CONFIDENCE_HIGH, "mode: tag" },
    { tag_onsite, MODE_ONSITE, CONFIDENCE_HIGH, "mode: tag" },
    { hybrid, MODE_HYBRID, CONFIDENCE_MEDIUM, "mode: stated" },
    { onsite, MODE_ONSITE, CONFIDENCE_MEDIUM, "mode: stated" },
    { remote, MODE_REMOTE, CONFIDENCE_MEDIUM, "mode: stated" },
};
_Static_assert(ARRAY_LEN(cues) == SPOT_MODES, "a bit of a spot for each list");

void mode_watch(struct beginnings *io)
{
    for (size_t k = 0; k < ARRAY_LEN(cues); k++)
        beginnings_add(&io[k], cues[k].words);
}

enum work_mode mode_read(const struct spots *in, enum field field, struct evidence *ret_from)
{
    size_t best = ARRAY_LEN(cues), where = 0;

    for (size_t i = 0; i < in->n; i++)
        for (size_t k = 0; k < best; k++)
            if (in->items[i].kinds & (uint32_t)SPOT_MODE << k
                && scan_one_of(in->text, in->items[i].at, cues[k].words)) {
                best = k;
                where = in->items[i].at;
            }
    if (best == ARRAY_LEN(cues))
        return MODE_UNKNOWN;
    *ret_from = (struct evidence){ field, (uint32_t)where, (uint32_t)where + 6,
                                   cues[best].confidence, cues[best].rule };
    return cues[best].mode;
}
