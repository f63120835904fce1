/* What rules and roadmaps may say. */
#include "config/config.h"
#include "config/vocabulary.h"

#include "core/str.h"
#include "parsers/rules.h"

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define RUPEES INT64_C(10000000000)

enum { STAGES = 20, MONTHS = 720 };

#define AT(member) offsetof(struct skill_rule, member)
static const struct schema_field skill_keys[] = {
    { "id", SCHEMA_STR, AT(id), .required = true, .help = "the unique name" },
    { "label", SCHEMA_STR, AT(label), .required = true, .help = "the name for people" },
    { "category", SCHEMA_STR, AT(category), .otherwise = "the file's name", .help = "its kind" },
    { "aliases", SCHEMA_STRS, AT(aliases),
      .help = "literal names; marks in front: = case-sensitive, ? only in context" },
    { "regex", SCHEMA_STRS, AT(regex), .help = "PCRE2, tried where one of find stands" },
    { "find", SCHEMA_STRS, AT(find), .help = "literals that begin a match of regex" },
    { "near", SCHEMA_STRS, AT(near), .help = "context of ? aliases: categories, or any" },
    { "deny", SCHEMA_STRS, AT(deny), .help = "a match close to the hit kills it" },
    { "implies", SCHEMA_STRS, AT(implies), .help = "ids of the skills that it includes" },
    { "yes", SCHEMA_STRS, AT(yes), .help = "sentences in which it is found" },
    { "no", SCHEMA_STRS, AT(no), .help = "sentences in which it is not found" },
    { "esco", SCHEMA_STR, AT(esco), .help = "ESCO's id" },
    { "onet", SCHEMA_STR, AT(onet), .help = "O*NET's id" },
    { "github", SCHEMA_STR, AT(github), .help = "its repository" },
    { "wikipedia", SCHEMA_STR, AT(wikipedia), .help = "its article" },
    { "stackoverflow", SCHEMA_STR, AT(stackoverflow), .help = "its tag" },
    { "practice", SCHEMA_BOOL, AT(practice), .otherwise = "false",
      .help = "said in many words, not a name" },
    { "generic", SCHEMA_BOOL, AT(generic), .otherwise = "false", .help = "useless as demand" },
    { "beside", SCHEMA_BOOL, AT(beside), .otherwise = "false",
      .help = "named by ads, but no step of the path asks for it" },
    { 0 },
};
#undef AT
const struct schema schema_skill = { .what = "a skill",
                                     .size = sizeof(struct skill_rule),
                                     .fields = skill_keys };

#define AT(member) offsetof(struct heading_rule, member)
static const struct schema_field heading_keys[] = {
    { "section", SCHEMA_STR, AT(section), .required = true, .help = "the section they begin" },
    { "headings", SCHEMA_STRS, AT(headings),
      .help = "lower-cased, without markup and end colon; ~ in front: words anywhere in one" },
    { "says", SCHEMA_STRS, AT(says), .help = "words of a sentence that stands under no heading" },
    { 0 },
};
#undef AT
const struct schema schema_heading = { .what = "a section",
                                       .size = sizeof(struct heading_rule),
                                       .fields = heading_keys,
                                       .name_key = "section",
                                       .short_key = "headings" };

/* How a rule that looks for words finds them, and the sentences that prove it. */
#define FOUND_BY                                                                                   \
    { "aliases", SCHEMA_STRS, AT(aliases), .help = "literals, as a skill's" },                     \
        { "regex", SCHEMA_STR, AT(regex), .help = "PCRE2, tried where one of find stands" },       \
        { "find", SCHEMA_STRS, AT(find), .help = "words that begin a match of regex" },            \
        { "yes", SCHEMA_STRS, AT(yes), .help = "sentences in which it is found" },                 \
    {                                                                                              \
        "no", SCHEMA_STRS, AT(no), .help = "sentences in which it is not found"                    \
    }

#define AT(member) offsetof(struct cue_rule, member)
static const struct schema_field cue_keys[] = {
    { "cue", SCHEMA_STR, AT(cue), .required = true,
      .help = "what it says of the clause around it: preferred, required, negated, ..." },
    FOUND_BY,
    { 0 },
};
#undef AT
const struct schema schema_cue = { .what = "a cue",
                                   .size = sizeof(struct cue_rule),
                                   .fields = cue_keys };

#define AT(member) offsetof(struct title_rule, member)
static const struct schema_field title_keys[] = {
    { "id", SCHEMA_STR, AT(id), .required = true, .help = "the unique name" },
    { "kind", SCHEMA_STR, AT(kind), .required = true,
      .choices = WORDS("core", "platform", "adjacent", "veto", "explicit", "veto_all", "soften",
                       "by_text", "ungraded", "either", "intern", "junior", "mid", "senior", "lead",
                       "ml-platform", "ml-reliability", "llm-infra"),
      .help = "what the mark says of the job" },
    { "regex", SCHEMA_STR, AT(regex), .required = true, .help = "PCRE2 on the title" },
    { "unless", SCHEMA_STR, AT(unless), .help = "PCRE2: where it matches, the mark is none" },
    { "yes", SCHEMA_STRS, AT(yes), .help = "titles in which it is found" },
    { "no", SCHEMA_STRS, AT(no), .help = "titles in which it is not found" },
    { 0 },
};
#undef AT
const struct schema schema_title = { .what = "a title mark",
                                     .size = sizeof(struct title_rule),
                                     .fields = title_keys };

#define AT(member) offsetof(struct mode_rule, member)
static const struct schema_field mode_keys[] = {
    { "id", SCHEMA_STR, AT(id), .required = true, .help = "the unique name" },
    { "mode", SCHEMA_STR, AT(mode), .choices = WORDS("remote", "hybrid", "onsite"),
      .help = "where the work is done" },
    { "says", SCHEMA_STR, AT(says), .required = true,
      .choices = WORDS("policy", "role", "label", "days", "title", "unless"),
      .help = "how firmly: of the employer's habits, of this job, as a form states it" },
    FOUND_BY,
    { 0 },
};
#undef AT
const struct schema schema_mode = { .what = "a statement of the work mode",
                                    .size = sizeof(struct mode_rule),
                                    .fields = mode_keys };

#define AT(member) offsetof(struct work_rule, member)
static const struct schema_field work_keys[] = {
    { "id", SCHEMA_STR, AT(id), .required = true, .help = "the unique name" },
    { "kind", SCHEMA_STR, AT(kind), .required = true,
      .choices = WORDS("runs", "names", "platform", "makes", "trains", "elsewhere"),
      .help =
          "models in operation, what they run or are trained on, their making, or another craft" },
    { "skills", SCHEMA_STRS, AT(skills), .required = true, .help = "ids of what names it" },
    { 0 },
};
#undef AT
const struct schema schema_work = { .what = "a kind of work on models",
                                    .size = sizeof(struct work_rule),
                                    .fields = work_keys };

#define AT(member) offsetof(struct place_rule, member)
static const struct schema_field place_keys[] = {
    { "city", SCHEMA_STR, AT(city), .help = "without it the row names a state or country" },
    { "state", SCHEMA_STR, AT(state), .help = "the state" },
    { "country", SCHEMA_STR, AT(country), .required = true, .help = "ISO 3166 alpha-2" },
    { "aliases", SCHEMA_STRS, AT(aliases), .help = "other names" },
    { "ambiguous", SCHEMA_BOOL, AT(ambiguous), .otherwise = "false",
      .help = "a namesake exists elsewhere" },
    { 0 },
};
#undef AT
const struct schema schema_place = { .what = "a place",
                                     .size = sizeof(struct place_rule),
                                     .fields = place_keys };

#define AT(member) offsetof(struct employer, member)
static const struct schema_field employer_keys[] = {
    { "employer", SCHEMA_STR, AT(name), .required = true,
      .help = "as people write it; nobody: the aliases name no employer" },
    { "aliases", SCHEMA_STRS, AT(aliases), .required = true, .help = "other names in ads" },
    { 0 },
};
#undef AT
const struct schema schema_employer = { .what = "an employer",
                                        .size = sizeof(struct employer),
                                        .fields = employer_keys };

#define AT(member) offsetof(struct bullet_rule, member)
static const struct schema_field bullet_keys[] = {
    { "id", SCHEMA_STR, AT(id), .required = true, .help = "the unique name" },
    { "text", SCHEMA_STR, AT(text), .required = true, .help = "as the roadmap says it" },
    { "skills", SCHEMA_STRS, AT(skills), .help = "skills that evidence it" },
    { "phrases", SCHEMA_STRS, AT(phrases),
      .help = "literals or @skill, alternatives joined by |; two evidence it" },
    { "rule", SCHEMA_STR, AT(rule), .help = "over stated skills: python|bash AND cicd|git" },
    { 0 },
};
#undef AT
static const struct schema schema_bullet = { .what = "a bullet",
                                             .size = sizeof(struct bullet_rule),
                                             .fields = bullet_keys };

#define AT(member) offsetof(struct stage_rule, member)
static const struct schema_field stage_keys[] = {
    { "stage", SCHEMA_INT, AT(stage), .required = true, .max = STAGES, .help = "its number" },
    { "name", SCHEMA_STR, AT(name), .required = true, .help = "its name" },
    { "from_month", SCHEMA_INT, AT(from_month), .max = MONTHS, .otherwise = "0",
      .help = "experience at which it begins" },
    { "to_month", SCHEMA_INT, AT(to_month), .max = MONTHS, .otherwise = "0",
      .help = "and ends; 0: open" },
    { "salary_min", SCHEMA_INT, AT(salary_min), .max = RUPEES, .otherwise = "0",
      .help = "the roadmap's band, INR a year; 0: open" },
    { "salary_max", SCHEMA_INT, AT(salary_max), .max = RUPEES, .otherwise = "0",
      .help = "its upper end; 0: open" },
    { "bullets", SCHEMA_RECORDS, AT(bullets), .of = &schema_bullet, .help = "what it teaches" },
    { 0 },
};
#undef AT
static const struct schema schema_stage = { .what = "a stage",
                                            .size = sizeof(struct stage_rule),
                                            .fields = stage_keys };

#define AT(member) offsetof(struct roadmap, member)
static const struct schema_field roadmap_keys[] = {
    { "id", SCHEMA_STR, AT(id), .required = true, .help = "the unique name" },
    { "title", SCHEMA_STR, AT(title), .required = true, .help = "its title" },
    { "country", SCHEMA_STR, AT(country), .help = "ISO 3166 alpha-2" },
    { "role", SCHEMA_STR, AT(role), .help = "the role that it leads to" },
    { "url", SCHEMA_STR, AT(url), .help = "where it is published" },
    { "stages", SCHEMA_RECORDS, AT(stages), .required = true, .of = &schema_stage,
      .help = "in order" },
    { 0 },
};
#undef AT
const struct schema schema_roadmap = { .what = "a roadmap",
                                       .size = sizeof(struct roadmap),
                                       .fields = roadmap_keys };
