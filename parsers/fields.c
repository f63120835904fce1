#include "parsers/fields.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/ad_places.h"
#include "parsers/experience.h"
#include "parsers/pay.h"
#include "parsers/place.h"
#include "parsers/requisition.h"
#include "parsers/spots.h"
#include "parsers/stage.h"
#include "parsers/title.h"
#include "parsers/work.h"

struct fields {
    struct titles *titles;
    struct gazetteer *gazetteer;
    struct work *work;
    struct spotter spotter;
};

/* A listing as it is read: its longest texts with their spots. */
struct reader {
    const struct fields *f;
    const struct listing *in;
    const struct text_parts *parts; /* of the text */
    const struct said_modes *said;
    struct arena *a;
    struct spots title, text;
};

void fields_close(struct fields **f)
{
    if (!*f)
        return;
    titles_free(&(*f)->titles);
    gazetteer_free(&(*f)->gazetteer);
    work_free(&(*f)->work);
    free(*f);
    *f = NULL;
}

int fields_open(struct fields **ret, const struct rule_set *rules, const struct skills *skills,
                struct diag *d)
{
    CLEANUP(fields_close) struct fields *f = calloc(1, sizeof(*f));
    int err;

    if (!f)
        out_of_memory();
    err = titles_compile(&f->titles, rules->titles.items, rules->titles.n, d);
    if (!err)
        err = gazetteer_compile(&f->gazetteer, rules->places.items, rules->places.n, d);
    if (!err)
        err = work_compile(&f->work, rules->work.items, rules->work.n, skills, rules->skills.n, d);
    if (err)
        return err;
    spotter_init(&f->spotter);
    *ret = f;
    f = NULL;
    return 0;
}

int fields_prove(struct fields *f, size_t *ret_n, struct diag *d)
{
    size_t n = 0;
    int err = titles_prove(f->titles, &n, d);

    if (!err)
        *ret_n = n;
    return err;
}

static struct spots spots_of(const struct reader *r, struct str text)
{
    struct spots spots;

    spots_find(&r->f->spotter, text, r->a, &spots);
    return spots;
}

static void read_experience(const struct reader *r, struct signal *io)
{
    struct spots field = spots_of(r, r->in->experience);

    if (field.text.n && experience_read(&field, true, NULL, &io->experience) != EXPERIENCE_NONE)
        return;
    if (experience_read(&r->title, false, NULL, &io->experience) != EXPERIENCE_NONE) {
        io->experience.from.field = FIELD_TITLE;
        return;
    }
    if (experience_read(&r->text, false, r->parts, &io->experience) != EXPERIENCE_NONE)
        return;
    if (io->level == LEVEL_INTERN)
        (void)experience_of_student(r->in->text, &io->experience);
}

/* "97k - 164k", as a board shortens what it read. */
static bool in_thousands(struct str s)
{
    for (size_t i = 1; i < s.n; i++)
        if ((s.p[i] == 'k' || s.p[i] == 'K') && ascii_is_digit(s.p[i - 1]))
            return true;
    return false;
}

static bool shortens(int64_t field, int64_t exact)
{
    return exact >= field - 500 && exact < field + 1000;
}

/* Two ranges of a year of which one begins above the other's end: a board's guess, and the ad. */
static bool are_apart(const struct pay *field, const struct pay *said)
{
    return said->period == PERIOD_YEAR && said->annual_min > 0 && field->annual_min > 0
           && (said->annual_min > field->annual_max
               || (said->annual_max > 0 && said->annual_max < field->annual_min));
}

/* The ad's own words of the pay, where a field in thousands shortens it or says another's. */
static bool sharpen_pay(const struct reader *r, const struct pay_job *job, const struct pay *field,
                        struct signal *io)
{
    struct pay said = { 0 };

    if (!in_thousands(r->in->salary) || !pay_read(&r->text, PAY_IN_TEXT, job, r->parts, &said)
        || said.period != field->period)
        return false;
    if (!are_apart(field, &said)
        && (strcmp(said.currency, field->currency) != 0
            || !shortens(field->annual_min, said.annual_min)
            || !shortens(field->annual_max, said.annual_max)))
        return false;
    io->pay = said;
    return true;
}

/* A range, which is nothing but pay; one amount of a title may be an employer's funding. */
static void read_title_pay(const struct reader *r, const struct pay_job *job, struct signal *io)
{
    struct pay said;

    if (!pay_read(&r->title, PAY_IN_TEXT, job, NULL, &said) || !said.annual_min
        || said.annual_max <= said.annual_min)
        return;
    io->pay = said;
    io->pay.from.field = FIELD_TITLE;
}

/* A field that a job board rounded or guessed gives way to what the ad itself says. */
static void read_pay(const struct reader *r, struct signal *io)
{
    struct pay_job job = { .indian = io->india == INDIA_YES,
                           .remote = io->mode == MODE_REMOTE,
                           .places = io->places,
                           .n_places = io->n_places };
    struct spots salary = spots_of(r, r->in->salary);
    struct pay field = { 0 };
    bool rounded = str_find_fold(salary.text, STR("est.)")) >= 0;

    if (pay_of_stated(&r->in->pay, job.indian, &io->pay))
        return;
    if (salary.text.n && pay_read(&salary, PAY_IN_FIELD, &job, NULL, &field) && !rounded) {
        if (!sharpen_pay(r, &job, &field, io))
            io->pay = field;
        return;
    }
    if (pay_read(&r->text, PAY_IN_TEXT, &job, r->parts, &io->pay))
        return;
    if (field.kind != PAY_UNDISCLOSED) {
        io->pay = field;
        io->pay.from.confidence = CONFIDENCE_LOW;
        return;
    }
    read_title_pay(r, &job, io);
}

static void take_mode(struct signal *io, enum field field, const struct mode_said *said)
{
    static const enum confidence sure[] = { [MODE_SAID_NOT] = CONFIDENCE_NONE,
                                            [MODE_SAID_POLICY] = CONFIDENCE_LOW,
                                            [MODE_SAID_ROLE] = CONFIDENCE_MEDIUM,
                                            [MODE_SAID_LABEL] = CONFIDENCE_HIGH,
                                            [MODE_SAID_DAYS] = CONFIDENCE_HIGH };

    io->mode = said->mode;
    io->mode_from =
        (struct evidence){ field, said->start, said->end, sure[said->force], said->rule };
}

/* Boards and aggregators write "remote" over jobs that are so in part, and an ad's own form or
 * tag is about this one job. */
static bool text_corrects(const struct signal *s, const struct mode_said *text)
{
    if (text->mode == MODE_HYBRID && s->mode == MODE_REMOTE)
        return text->force >= MODE_SAID_ROLE;
    return text->force >= MODE_SAID_LABEL
           && (text->mode == MODE_HYBRID || s->mode_from.field != FIELD_SOURCE);
}

/* The source's field, the place's words, the title, then the text. */
static void read_mode(const struct reader *r, const struct places *places, struct signal *io)
{
    const struct listing *in = r->in;

    io->mode = in->mode;
    io->mode_from = (struct evidence){ .field = FIELD_SOURCE,
                                       .confidence = CONFIDENCE_HIGH,
                                       .rule = "mode: the source's field" };
    if (io->mode == MODE_UNKNOWN && places->mode != MODE_UNKNOWN) {
        io->mode = places->mode;
        io->mode_from = places->mode_from;
    }
    if (io->mode == MODE_UNKNOWN && r->said->title.force)
        take_mode(io, FIELD_TITLE, &r->said->title);
    if (r->said->text.force && (io->mode == MODE_UNKNOWN || text_corrects(io, &r->said->text)))
        take_mode(io, FIELD_TEXT, &r->said->text);
    if (io->mode == MODE_UNKNOWN)
        io->mode_from = (struct evidence){ .rule = "none" };
}

static void read_places(const struct reader *r, struct signal *io)
{
    struct places places = { 0 };

    ad_places_read(r->f->gazetteer, r->in, &r->text, r->a, &places);
    io->places = places.items;
    io->n_places = places.n;
    read_mode(r, &places, io);
    io->india = places_india(&places, io->mode, &io->india_from);
}

int fields_read(const struct fields *f, const struct listing *in, const struct text_parts *parts,
                const struct said_modes *said, struct arena *a, struct signal *io, struct diag *d)
{
    struct reader r = { .f = f, .in = in, .parts = parts, .said = said, .a = a };
    struct title_reading title;
    int err = title_read(f->titles, in->title, &title, d);

    if (err)
        return err;
    io->family = title.family;
    io->family_from = title.family_from;
    io->level = title.level;
    io->level_from = title.level_from;
    io->track = title.track;
    r.title = spots_of(&r, in->title);
    r.text = spots_of(&r, in->text);
    read_places(&r, io);
    read_experience(&r, io);
    read_pay(&r, io);
    requisition_read(in, &r.text, &io->requisition);
    return 0;
}

static bool wanted(const struct fields_skills *skills, const struct signal *s, const char *id)
{
    int64_t skill = skills->find(skills->ctx, str_of(id));

    for (size_t i = 0; i < s->n_mentions && skill >= 0; i++)
        if (s->mentions[i].skill == (uint32_t)skill && !s->mentions[i].implied
            && (s->mentions[i].polarity == POLARITY_REQUIRED
                || s->mentions[i].polarity == POLARITY_DUTY))
            return true;
    return false;
}

static void settle_family(struct signal *io, enum family family, const char *rule)
{
    io->family = family;
    io->family_from = (struct evidence){ FIELD_TEXT, 0, 0, CONFIDENCE_LOW, rule };
    if (family != FAMILY_CORE)
        io->track = TRACK_NONE;
}

/* A title is sure of its family only where no other of its words takes that back. */
static void conclude_family(const struct fields *f, struct signal *io)
{
    struct work_read work = work_read(f->work, io);
    enum confidence sure = io->family_from.confidence;

    switch (io->family) {
    case FAMILY_CORE:
        if (work_is_apart(&work) || (sure != CONFIDENCE_HIGH && work_makes(&work))
            || (sure == CONFIDENCE_LOW && work_is_unsaid(&work)))
            settle_family(io, FAMILY_ADJACENT, "adjacent by the text of a core title");
        break;
    case FAMILY_ADJACENT:
        if (sure == CONFIDENCE_HIGH && work_is_core(&work))
            settle_family(io, FAMILY_CORE, "core by the text of an adjacent title");
        break;
    case FAMILY_NO:
        if (sure == CONFIDENCE_LOW && work_is_adjacent(&work))
            settle_family(io, FAMILY_ADJACENT, "adjacent by the text of an open title");
        break;
    }
}

static void conclude_track(const struct fields_skills *skills, struct signal *io)
{
    bool llm, sre, ml_platform;

    if (io->family != FAMILY_CORE || io->track != TRACK_NONE)
        return;
    llm = wanted(skills, io, "llm_serving") || wanted(skills, io, "vllm")
          || wanted(skills, io, "gpu_scheduling");
    sre = wanted(skills, io, "slo") && wanted(skills, io, "on_call");
    ml_platform = wanted(skills, io, "ml_platform") && wanted(skills, io, "feature_store");
    if (llm + sre + ml_platform == 1)
        io->track = llm ? TRACK_LLM_INFRA : sre ? TRACK_ML_RELIABILITY : TRACK_ML_PLATFORM;
}

/* A specialist's and a lead's bullets are the path's own: another job's road map or incident says
 * nothing of it. */
static bool evidences(const struct signal *s, int stage)
{
    return stage >= 1 && stage <= STAGE_MAX
           && (s->family != FAMILY_NO || stage <= STAGE_OF_ANY_JOB);
}

static void count_bullets(const struct roadmap *roadmap, const struct signal *s,
                          struct stage_facts *ret)
{
    uint32_t bullet = 0;

    for (size_t i = 0; roadmap && i < roadmap->stages.n; i++) {
        const struct stage_rule *stage = &roadmap->stages.items[i];

        for (size_t k = 0; k < stage->bullets.n; k++, bullet++)
            for (size_t h = 0; h < s->n_bullets; h++)
                if (s->bullets[h].bullet == bullet && evidences(s, stage->stage))
                    ret->bullets[stage->stage]++;
    }
}

void fields_conclude(const struct fields *f, const struct fields_skills *skills, struct signal *io)
{
    struct stage_facts facts = { .min_months = io->experience.min_months,
                                 .max_months = io->experience.max_months,
                                 .level = io->level };
    struct stage_verdict verdict;

    conclude_family(f, io);
    conclude_track(skills, io);
    count_bullets(skills->roadmap, io, &facts);
    verdict = stage_decide(&facts);
    io->stage = verdict.stage;
    io->stage_confidence = verdict.confidence;
    io->stage_reason = verdict.reason;
}
