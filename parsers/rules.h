#ifndef PARSERS_RULES_H
#define PARSERS_RULES_H

#include "core/str.h"

/*
 * The rule language, as plain structs that config/ fills from config/rules/ (YAML) and
 * config/roadmaps/. extractor_open() compiles and checks them all (extract.h). All
 * regexes are PCRE2 on bytes, caseless unless `(?-i)` says otherwise, without UCP.
 */

/* One skill: a YAML block in config/rules/skills/CATEGORY.yaml. */
struct skill_rule {
    struct str id, label, category;
    /*
     * Literal names. Space and hyphen are interchangeable inside one, a phrase may carry a
     * plural s. Marks in front: `=` case-sensitive, `?` counts only in context (see `near`),
     * in any order. A boundary on either side is no [A-Za-z0-9_] or byte >= 0x80, and no
     * `++` or `#` after it (sweep.h).
     */
    struct strs aliases;
    struct strs regex; /* each tried only where one of `find`'s literals stands; may look around */
    struct strs find;  /* whole words that begin a match of `regex`; at least one if there is one */
    struct strs near;  /* context of `?` aliases: categories, or `any` (not a generic skill) */
    struct strs
        deny; /* case-sensitive; a match within 25 bytes of the hit, on its line, kills it */
    struct strs implies;
    struct strs yes, no; /* sentences in which it is and is not found: the rule's own test */
    struct str esco, onet, github, wikipedia, stackoverflow; /* external ids; may be empty */
    bool practice; /* said in many words, not a name: scored and shown apart */
    bool generic;  /* true but useless as demand ("AI", "machine learning"): shown apart */
    bool beside;   /* real ads name it, no step of the path asks for it ("Tableau"): shown apart,
                      no context of other names, and takes none of their spans */
};

/*
 * Headings of one section of an ad, compared lower-cased, without markup and end colon. With
 * `~` in front: words that anywhere in a heading's line tell its section; of several rules the
 * first one decides.
 */
struct heading_rule {
    struct str section; /* section_name() */
    struct strs headings;
    struct strs says; /* words by which a sentence without a heading belongs to this section */
};

/* Words that change what the clause around them says; cues.h has the kinds. */
struct cue_rule {
    struct str cue;
    struct strs aliases; /* literals, as a skill's */
    struct str regex;    /* tried where one of `find` stands */
    struct strs find;
    struct strs yes, no; /* sentences in which it is and is not found */
};

/* Words that say where the work is done; work_mode.h has the values of `says`. */
struct mode_rule {
    struct str id, mode, says;
    struct strs aliases; /* literals, as a skill's */
    struct str regex;    /* tried where one of `find` stands */
    struct strs find;
    struct strs yes, no; /* sentences in which it is and is not found */
};

/* A mark in a title. */
struct title_rule {
    struct str id;
    struct str
        kind; /* core, adjacent, veto, explicit (an MLOps token that overrules a veto), veto_all,
                 soften (core becomes adjacent), by_text (no, or adjacent by the text),
                 intern, junior, mid, senior, lead, ml-platform, ml-reliability, llm-infra */
    struct str regex, unless; /* found where regex matches and unless does not */
    struct strs yes, no;
};

/* One kind of work on models, by the skills that name it; work.h has the values of `kind`. */
struct work_rule {
    struct str id, kind;
    struct strs skills;
};

/* A city, state or country and its names. */
struct place_rule {
    struct str city, state,
        country; /* country: ISO alpha-2. No city: the row names a state or country */
    struct strs aliases;
    bool ambiguous; /* a namesake exists: counts only with its country or state beside it, or alone
                     */
};

/* A bullet of a roadmap's stage, and what evidences it in an ad. */
struct bullet_rule {
    struct str id, text;
    struct strs skills;
    /*
     * Each a way of saying a part of it: literals as a skill's aliases, or @skill for a stated
     * mention of it, with " | " between alternatives. Two of them evidence the bullet.
     */
    struct strs phrases;
    struct str rule; /* or this over stated skills: "python|bash AND (cicd OR git)"; bullets.h */
};

struct stage_rule {
    int64_t stage;
    struct str name;
    int64_t from_month, to_month;   /* to_month 0: open */
    int64_t salary_min, salary_max; /* the page's band, INR a year; 0: open */
    struct {
        struct bullet_rule *items;
        size_t n, cap;
    } bullets;
};

struct roadmap {
    struct str id, title, country, role, url;
    struct {
        struct stage_rule *items;
        size_t n, cap;
    } stages;
};

struct rule_set {
    struct {
        struct skill_rule *items;
        size_t n, cap;
    } skills;
    struct {
        struct heading_rule *items;
        size_t n, cap;
    } headings;
    struct {
        struct cue_rule *items;
        size_t n, cap;
    } cues;
    struct {
        struct title_rule *items;
        size_t n, cap;
    } titles;
    struct {
        struct mode_rule *items;
        size_t n, cap;
    } modes;
    struct {
        struct work_rule *items;
        size_t n, cap;
    } work;
    struct {
        struct place_rule *items;
        size_t n, cap;
    } places;
    struct {
        struct roadmap *items;
        size_t n, cap;
    } roadmaps; /* the first is the one whose bullets are sought */
};

#endif
