#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/sections.h"
#include "test.h"

static struct str preferred[] = { { "nice to have", 12 }, { "~preferred", 10 } };
static struct str eeo[] = { { "equal opportunity", 17 } };
static struct str required[] = { { "requirements", 12 }, { "~qualifications", 15 } };
static struct str required_says[] = { { "years of experience", 19 }, { "^knowledge of", 13 } };
static struct str duties[] = { { "responsibilities", 16 },
                               { "what you'll do", 14 },
                               { "~responsibilities", 17 } };
static struct str duties_says[] = { { "!in this role", 13 } };
static struct str blurb[] = { { "about us", 8 }, { "^about", 6 } };
static struct str blurb_says[] = { { "is a leading", 12 }, { "our mission", 11 } };
static struct str location[] = { { "location", 8 } };
static struct str tags[] = { { "industry type", 13 } };

static const struct heading_rule rules[] = {
    { .section = { "preferred", 9 }, .headings = { preferred, 2, 0 } },
    { .section = { "eeo", 3 }, .headings = { eeo, 1, 0 } },
    { .section = { "required", 8 },
      .headings = { required, 2, 0 },
      .says = { required_says, 2, 0 } },
    { .section = { "duties", 6 }, .headings = { duties, 3, 0 }, .says = { duties_says, 1, 0 } },
    { .section = { "blurb", 5 }, .headings = { blurb, 2, 0 }, .says = { blurb_says, 2, 0 } },
    { .section = { "location", 8 }, .headings = { location, 1, 0 } },
    { .section = { "tags", 4 }, .headings = { tags, 1, 0 } },
};

/* The rules of this file, and what looks for their words. */
struct reader {
    struct arena arena;
    struct sections *sections;
    struct words words;
    struct sweep *sweep;
};

static void reader_open(struct reader *r)
{
    struct diag d = { 0 };

    *r = (struct reader){ 0 };
    assert_int_equal(sections_compile(&r->sections, rules, ARRAY_LEN(rules), &d), 0);
    assert_int_equal(sections_add_words(r->sections, &r->arena, &r->words, &d), 0);
    r->sweep = sweep_new(&r->words);
}

static void reader_close(struct reader *r)
{
    sweep_free(&r->sweep);
    sections_free(&r->sections);
    arena_free(&r->arena);
}

static void split(struct reader *r, struct str text, struct str employer, struct text_parts *ret)
{
    struct text_words words;

    words_find(r->sweep, text, &r->arena, &words);
    sections_split(r->sections, &words, employer, &r->arena, ret);
}

static void each_place_has_its_section(void **state)
{
    static const struct {
        const char *text, *at;
        enum section want;
        bool headed;
    } rows[] = {
        { "Requirements\n- Python", "Python", SECTION_REQUIRED, true },
        { "## Requirements ##\nPython", "Python", SECTION_REQUIRED, true },
        { "**Requirements:**\nPython", "Python", SECTION_REQUIRED, true },
        { "REQUIREMENTS :\nPython", "Python", SECTION_REQUIRED, true },
        { "Preferred Qualifications\n- Go", "Go", SECTION_PREFERRED, true },
        { "Basic Qualifications\n- Go", "Go", SECTION_REQUIRED, true },
        { "What you\xE2\x80\x99ll do\n- Go", "Go", SECTION_DUTIES, true },
        { "Nice to have: Kubeflow", "Kubeflow", SECTION_PREFERRED, true },
        { "**_Preferred Qualifications_**\n- Go", "Go", SECTION_PREFERRED, true },
        { "### ** _Preferred Skills:_**\n\n* ### Go", "Go", SECTION_PREFERRED, true },
        { "__Preferred Skills:__\n- Go", "Go", SECTION_PREFERRED, true },
        { "_Preferred Skills##_\n- Go", "Go", SECTION_PREFERRED, true },
        { "\\-\\-\\-\\- Preferred Skills ----\n- Go", "Go", SECTION_PREFERRED, true },
        { "About us\nWe are.\n--Where you fit in--\nPython", "Python", SECTION_DUTIES, false },
        /* unknown headings keep the section, but lead back from what asks for nothing */
        { "Requirements\nLanguages:\nPython", "Python", SECTION_REQUIRED, true },
        { "About us\nWe are.\n**Your world**\nPython", "Python", SECTION_DUTIES, false },
        { "About us\nKubernetes", "Kubernetes", SECTION_BLURB, true },
        /* one line, and back again */
        { "Requirements\nLocation: Pune\nGo and Python", "Python", SECTION_REQUIRED, true },
        /* a heading's words inside a bullet or a sentence are none */
        { "Blurb\xE2\x80\xA8Requirements:\xE2\x80\xA8Go", "Go", SECTION_REQUIRED, true },
        { "Requirements\n- location\n- Python", "Python", SECTION_REQUIRED, true },
        { "Responsibilities\nThe requirements change. Python", "Python", SECTION_DUTIES, true },
        { "About us\nWe build things for people who build things, and we have done so for years "
          "and years in many places all over the world, with love and some care, every single day "
          "of the week and more than that, come rain. Requirements\nPython",
          "Python", SECTION_REQUIRED, true },
        { "About us\nWe build things for people who build things, and we have done so for years "
          "and years in many places all over the world, with love and some care, every single day "
          "of the week and more than that, as by your Requirements\nPython",
          "Python", SECTION_BLURB, true },
        { "Requirements\n- **Meet our responsibilities.**\n- **Python**", "Python",
          SECTION_REQUIRED, true },
        /* lost line breaks */
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. Requirements: Python. Responsibilities: deploy with Helm",
          "Python", SECTION_REQUIRED, true },
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. Requirements: Python. Responsibilities: deploy with Helm",
          "Helm", SECTION_DUTIES, true },
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. 3 years of experience with Go. Preferred Know-how: Helm. Ray too",
          "Ray", SECTION_PREFERRED, true },
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. 3 years of experience with Go. Preferred Know-how: Helm. Ray too",
          "Go", SECTION_REQUIRED, false },
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more and Helm Nice to have: Ray. Go too",
          "Go", SECTION_PREFERRED, true },
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. Embeddings (LLMs, prompts preferred) NLP: Go",
          "Go", SECTION_DUTIES, false },
        { "Palash Bank serves nine million shops and is proud of its people and of their work, in"
          " every city of every state of the whole country, day and night, on all days of the year"
          " but one, come rain or shine.Engineer Responsibilities:\n- Helm",
          "Helm", SECTION_DUTIES, true },
        /* there, with capitals and a colon, its words are enough */
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. Go. The Role's Own Responsibilities: Helm, and more of the same.",
          "Helm", SECTION_DUTIES, true },
        { "Requirements: we build things for people who build things, and have done so for years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. Great responsibilities: Helm, and more of the same.",
          "Helm", SECTION_REQUIRED, true },
        /* a section that asks for nothing ends where years are asked for */
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. About us: We like Ray. 4+ years of experience with Go. Helm too",
          "Helm", SECTION_REQUIRED, false },
        /* a board's footer, from its first label to the end */
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. Role: Data & Go , Industry Type: IT , Requirements: Helm",
          "Go", SECTION_TAGS, true },
        { "We build things for people who build things, and we have done so for years and years"
          " in many places all over the world, with love and some care, every single day of the"
          " week and more. Role: Data & Go , Industry Type: IT , Requirements: Helm",
          "Helm", SECTION_TAGS, true },
        { "About Palash\nKubernetes", "Kubernetes", SECTION_BLURB, true },
        { "About Palash\nWe are.\nChallenges of the day\n\n  * Run Kubernetes", "Kubernetes",
          SECTION_DUTIES, false },
        { "Requirements\n  * Go\n  * A plus, preferred:\n    * Kubernetes", "Kubernetes",
          SECTION_PREFERRED, true },
        { "Requirements\n  * Go\n  * Preferred by us\n    * Kubernetes", "Kubernetes",
          SECTION_PREFERRED, true },
        { "Requirements\n  * Go\n  * Preferred by us\n  * Kubernetes", "Kubernetes",
          SECTION_REQUIRED, true },
        { "Passionate about Kubernetes", "Kubernetes", SECTION_DUTIES, false },
        /* a paragraph that begins with the employer's name */
        { "Requirements\n- Go\nPalash Bank serves nine million shops and is proud of its people "
          "and of"
          " their work on Kubernetes. 5 years of experience with Helm",
          "Kubernetes", SECTION_BLURB, false },
        { "Requirements\n- Go\nPalash Bank serves nine million shops and is proud of its people "
          "and of"
          " their work on Kubernetes. 5 years of experience with Helm",
          "Helm", SECTION_REQUIRED, false },
        { "About us\nPalash Bank serves nine million shops and is proud of its people and of their"
          " work for all of them. Helm has been with it for five years",
          "Helm", SECTION_BLURB, true },
        /* a sentence of the job leads out of the employer's section, to its line's end */
        { "About us\nWe are many. 5+ years of experience with Go. Helm", "Helm", SECTION_REQUIRED,
          false },
        { "About us\nWe are many. In this role you run Go. Helm too", "Helm", SECTION_DUTIES,
          false },
        { "About us\nIn this role you run Go.\nWe love Helm", "Helm", SECTION_BLURB, true },
        { "About us\n\xE2\x80\xA2 Knowledge of Helm", "Helm", SECTION_DUTIES, false },
        { "About us\nOur knowledge of Helm", "Helm", SECTION_BLURB, true },
        /* a bullet of any kind is a bullet, and may be a heading of two words or more */
        { "Requirements\n\xE2\x96\xAA Go\n\xE2\x96\xAA About us\nHelm", "Helm", SECTION_BLURB,
          true },
        { "Requirements\n\xE2\x9D\x96 Responsibilities\nHelm", "Helm", SECTION_REQUIRED, true },
        /* a sentence that lost its full stop is no heading */
        { "Responsibilities\nExperience with Go and Flink preferred\n- Helm", "Helm",
          SECTION_DUTIES, true },
        { "Requirements\nMaster's degree preferred\nHelm", "Helm", SECTION_REQUIRED, true },
        { "Palash Bank | Pune | Kubernetes", "Kubernetes", SECTION_DUTIES, false },
        { "At Palash Bank, we love Kubernetes", "Kubernetes", SECTION_BLURB, false },
        /* no heading: by the sentence's words */
        { "Acme is a leading maker of AI. You deploy with Helm", "AI", SECTION_BLURB, false },
        { "3 years of experience with Go", "Go", SECTION_REQUIRED, false },
        { "Deploy with Helm", "Helm", SECTION_DUTIES, false },
    };
    CLEANUP(reader_close) struct reader r;

    (void)state;
    reader_open(&r);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str text = str_of(rows[i].text);
        struct text_parts parts;
        const struct text_part *p;

        split(&r, text, STR("Palash Bank Pvt Ltd"), &parts);
        p = sections_at(&parts, (uint32_t)str_find(text, str_of(rows[i].at)));
        CHECK_STR(str_of(section_name(p->section)), str_of(section_name(rows[i].want)), i);
        CHECK_ROW(p->headed == rows[i].headed, i);
    }
}

static void parts_cover_the_text_in_order(void **state)
{
    static const char *const texts[] = {
        "",
        "\n\n",
        "Requirements",
        "a\nRequirements:\nb\nAbout us\nc",
        "Requirements: x. Responsibilities: y. Nice to have: z",
        ":::\n***\n###",
        "a\xE2\x80\xA8\xE2\x80\xA9\nRequirements:\xE2\x80\xA9",
    };
    CLEANUP(reader_close) struct reader r;

    (void)state;
    reader_open(&r);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct text_parts parts;
        uint32_t at = 0;

        split(&r, str_of(texts[i]), STR(""), &parts);
        for (size_t k = 0; k < parts.n; k++) {
            CHECK_ROW(parts.items[k].start == at && parts.items[k].end >= at, i);
            at = parts.items[k].end;
        }
        CHECK_ROW(at == str_of(texts[i]).n, i);
    }
}

static void an_unknown_section_is_blamed(void **state)
{
    static const struct heading_rule bad = { .section = { "dutys", 5 } };
    struct sections *s = NULL;
    struct diag d = { 0 };

    (void)state;
    CHECK(sections_compile(&s, &bad, 1, &d) == ERR_CONFIG);
    CHECK(d.about == bad.section.p);
    CHECK(s == NULL);
}

RUN_TESTS(TEST(each_place_has_its_section), TEST(parts_cover_the_text_in_order),
          TEST(an_unknown_section_is_blamed))
