#ifndef PARSERS_WORK_MODE_H
#define PARSERS_WORK_MODE_H

#include "core/signal.h"
#include "parsers/rules.h"
#include "parsers/words.h"

struct arena;

/*
 * What an ad's title and text say of where the work is done: "3 days a week from the office",
 * "#LI-Hybrid". The rules are data (config/rules/modes.yaml); each says how firmly it speaks:
 *
 *   policy  of an employer's habits: "we are remote-first", "our hybrid model"
 *   role    of this job: "this is a remote position"
 *   label   as a form states it: "Work type: hybrid", "#LI-Remote"
 *   days    in numbers: "2 days a week in the office"
 *   title   a word of a title
 *   unless  nothing: its whole sentence is not about this job ("depending on the role")
 */
enum mode_force {
    MODE_SAID_NOT,
    MODE_SAID_POLICY,
    MODE_SAID_ROLE,
    MODE_SAID_LABEL,
    MODE_SAID_DAYS
};

struct mode_said {
    enum work_mode mode;
    enum mode_force force;
    uint32_t start, end; /* bytes of the copy */
    const char *rule;    /* lives as long as the rules' handle */
};

struct modes;

/* The rules must outlive the handle. ERR_CONFIG blames what is at fault. */
int modes_compile(struct modes **ret, const struct mode_rule *rules, size_t n,
                  struct diag *d) MUST_USE;
void modes_free(struct modes **m);

/* Add what the sweep must look for: WORD_MODE and WORD_MODE_FIND, owner = index of the rule. */
int modes_add_words(const struct modes *m, struct arena *a, struct words *to,
                    struct diag *d) MUST_USE;

/* Whether the rule is found in the text. */
bool modes_has(const struct modes *m, const struct text_words *t, uint32_t rule);

/*
 * The firmest statement of a text, or of a title. Of several as firm remote counts first, because
 * a job that "is remote or hybrid" may be done remotely; but of an employer's habits and of days
 * in numbers hybrid does, because who must come on some days is not remote.
 */
struct mode_said modes_of_text(const struct modes *m, const struct text_words *t);
struct mode_said modes_of_title(const struct modes *m, const struct text_words *t);

#endif
