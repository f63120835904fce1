#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/cues.h"
#include "parsers/words.h"
#include "test.h"

#define WORDS(name, ...) static struct str name[] = { __VA_ARGS__ }
WORDS(preferred, { "is a plus", 9 }, { "preferred", 9 }, { "nice to have", 12 });
WORDS(next, { "preferably", 10 });
WORDS(must, { "is a must", 9 });
WORDS(negated, { "no experience with", 18 }, { "do not use", 10 }, { "rather than", 11 },
      { "without", 7 }, { "not", 3 });
WORDS(negated_back, { "not required", 12 });
WORDS(not_negated, { "not limited to", 14 }, { "will not be considered", 22 });
WORDS(but, { "but", 3 }, { "we use", 6 });
WORDS(introducer, { "experience with", 15 });
WORDS(degree, { "degree", 6 });
WORDS(study_end, { "experience", 10 });

static const struct cue_rule rules[] = {
    { .cue = { "preferred", 9 }, .aliases = { preferred, ARRAY_LEN(preferred), 0 } },
    { .cue = { "preferred_next", 14 }, .aliases = { next, ARRAY_LEN(next), 0 } },
    { .cue = { "required", 8 }, .aliases = { must, ARRAY_LEN(must), 0 } },
    { .cue = { "negated", 7 }, .aliases = { negated, ARRAY_LEN(negated), 0 } },
    { .cue = { "negated_back", 12 }, .aliases = { negated_back, ARRAY_LEN(negated_back), 0 } },
    { .cue = { "not_negated", 11 }, .aliases = { not_negated, ARRAY_LEN(not_negated), 0 } },
    { .cue = { "but", 3 }, .aliases = { but, ARRAY_LEN(but), 0 } },
    { .cue = { "introducer", 10 }, .aliases = { introducer, ARRAY_LEN(introducer), 0 } },
    { .cue = { "degree", 6 }, .aliases = { degree, ARRAY_LEN(degree), 0 } },
    { .cue = { "study_end", 9 }, .aliases = { study_end, ARRAY_LEN(study_end), 0 } },
};

struct read {
    struct text_words words;
    struct cue_hits cues;
};

static void read(const struct cues *c, const struct sweep *s, struct arena *a, const char *text,
                 struct read *ret)
{
    words_find(s, str_of(text), a, &ret->words);
    cues_find(c, &ret->words, a, &ret->cues);
}

static void a_cue_speaks_of_its_clause(void **state)
{
    static const struct {
        const char *text, *skill;
        enum section section;
        enum polarity want;
    } rows[] = {
        { "Python", "Python", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "Python", "Python", SECTION_EEO, POLARITY_IGNORED },
        { "Feast is a plus", "Feast", SECTION_REQUIRED, POLARITY_PREFERRED },
        { "Python. Feast is a plus", "Python", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "Python; Feast is a plus", "Python", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "Nice to have: Feast, Tecton", "Tecton", SECTION_DUTIES, POLARITY_PREFERRED },
        { "Preferred experience in Feast", "Feast", SECTION_DUTIES, POLARITY_PREFERRED },
        { "AWS (preferred) or GCP", "AWS", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "AWS (preferred)", "AWS", SECTION_REQUIRED, POLARITY_PREFERRED },
        { "Python.\n- (preferred) AWS and GCP", "GCP", SECTION_REQUIRED, POLARITY_PREFERRED },
        { "Python. (preferred) AWS", "AWS", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "(this is not required) AWS and GCP", "GCP", SECTION_REQUIRED, POLARITY_PREFERRED },
        { "Python or R. Go is a plus", "Python", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "Python and much that follows in an ad that lost all of its full stops and line breaks so"
          " that its reader goes on and on through duties and wishes and places and all that the"
          " writer had in mind when the words came out of the board in one long line with nothing "
          "to"
          " hold on to and no end of any thought in sight until at last it says what is but a wish,"
          " which is to say that some knowledge of Ray, if there is any at all, is a plus",
          "Python", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "a non-Docker background", "Docker", SECTION_REQUIRED, POLARITY_NEGATED },
        { "exposure to Go is a plus Roles: Python", "Go", SECTION_REQUIRED, POLARITY_PREFERRED },
        { "frameworks (e.g. Hadoop, Spark) is a plus", "Hadoop", SECTION_REQUIRED,
          POLARITY_PREFERRED },
        { "a cloud, preferably AWS", "AWS", SECTION_REQUIRED, POLARITY_PREFERRED },
        { "a cloud (preferably AWS) and Docker", "Docker", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "strong Python skills, experience with Go is a plus", "Python", SECTION_REQUIRED,
          POLARITY_REQUIRED },
        { "Go is a plus, but not required", "Go", SECTION_REQUIRED, POLARITY_PREFERRED },
        { "Go not required", "Go", SECTION_REQUIRED, POLARITY_NEGATED },
        { "We do not use Jenkins; CI is Drone", "Jenkins", SECTION_DUTIES, POLARITY_NEGATED },
        { "We do not use Jenkins; CI is Drone", "Drone", SECTION_DUTIES, POLARITY_DUTY },
        { "rather than Spark we use Polars", "Spark", SECTION_DUTIES, POLARITY_NEGATED },
        { "rather than Spark we use Polars", "Polars", SECTION_DUTIES, POLARITY_DUTY },
        { "not limited to AWS", "AWS", SECTION_REQUIRED, POLARITY_REQUIRED },
        { "Without Docker you will not be considered", "Docker", SECTION_REQUIRED,
          POLARITY_REQUIRED },
        { "Go is a must", "Go", SECTION_DUTIES, POLARITY_REQUIRED },
        { "- no experience with Rust\n- Go", "Go", SECTION_REQUIRED, POLARITY_REQUIRED },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(cues_free) struct cues *c = NULL;
    CLEANUP(sweep_free) struct sweep *s = NULL;
    struct words words = { 0 };
    struct diag d = { 0 };

    (void)state;
    assert_int_equal(cues_compile(&c, rules, ARRAY_LEN(rules), &d), 0);
    assert_int_equal(cues_add_words(c, &a, &words, &d), 0);
    s = sweep_new(&words);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str skill = str_of(rows[i].skill);
        struct read r;
        uint32_t at;

        read(c, s, &a, rows[i].text, &r);
        at = (uint32_t)str_find(r.words.copy.text, skill);
        CHECK_STR(str_of(polarity_name(cues_judge(r.words.copy.text, &r.cues, at,
                                                  at + (uint32_t)skill.n, rows[i].section))),
                  str_of(polarity_name(rows[i].want)), i);
    }
}

static void introducers_and_studies(void **state)
{
    static const struct {
        const char *text, *word;
        bool introduced, study;
    } rows[] = {
        { "experience with Go", "Go", true, false },
        { "experience with the Go team", "Go", false, false },
        { "degree in Statistics", "Statistics", false, true },
        { "degree and experience in Statistics", "Statistics", false, false },
        { "degree.\nStatistics", "Statistics", false, false },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(cues_free) struct cues *c = NULL;
    CLEANUP(sweep_free) struct sweep *s = NULL;
    struct words words = { 0 };
    struct diag d = { 0 };

    (void)state;
    assert_int_equal(cues_compile(&c, rules, ARRAY_LEN(rules), &d), 0);
    assert_int_equal(cues_add_words(c, &a, &words, &d), 0);
    s = sweep_new(&words);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct read r;
        uint32_t at;

        read(c, s, &a, rows[i].text, &r);
        at = (uint32_t)str_find(r.words.copy.text, str_of(rows[i].word));
        CHECK_ROW(cues_introduce(r.words.copy.text, &r.cues, at) == rows[i].introduced, i);
        CHECK_ROW(cues_is_study(r.words.copy.text, &r.cues, at) == rows[i].study, i);
    }
}

static void a_bad_cue_is_blamed(void **state)
{
    static const struct cue_rule rows[] = {
        { .cue = { "liked", 5 } },
        { .cue = { "preferred", 9 }, .regex = { "a", 1 } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct cues *c = NULL;
        struct diag d = { 0 };

        CHECK_ROW(cues_compile(&c, &rows[i], 1, &d) == ERR_CONFIG, i);
        CHECK_ROW(d.about == rows[i].cue.p, i);
    }
}

/* Else each skill of a text without a full stop would be judged by going through it whole. */
static void a_sentence_without_an_end_reaches_only_so_far(void **state)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct sentence_ends ends;
    struct str_span s;

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_add(&b, STR("python, "));
    words_sentence_ends_of(buf_str(&b), &a, &ends);
    s = words_sentence_among(&ends, buf_str(&b), 400000, 400006);
    CHECK(s.start < 400000 && s.end > 400006 && s.end - s.start < 10000);
    s = words_line(buf_str(&b), 400000);
    CHECK(s.start < 400000 && s.end > 400000 && s.end - s.start < 10000);
}

/* Byte by byte. */
static struct str_span sentence_around(struct str text, uint32_t start, uint32_t end)
{
    struct str_span ret = { start, end };

    while (ret.start && start - ret.start < 2000 && !words_sentence_ends(text, ret.start - 1))
        ret.start--;
    while (ret.end - end < 2000 && !words_sentence_ends(text, ret.end))
        ret.end++;
    return ret;
}

static void a_sentence_is_the_same_among_ends_found_before(void **state)
{
    static const char *const texts[] = {
        "",
        "Go",
        "Go. Ray is a plus! Is it? e.g. Rust, Node.Js.\n\n- Data Factory.Experience with Kafka.\n",
        "..\n..!?",
    };
    CLEANUP(buf_release) struct buf b = { 0 };
    struct arena a = ARENA_INIT;

    (void)state;
    for (int i = 0; i < 1000; i++)
        buf_add(&b, i == 500 ? STR("go. ") : STR("python, "));
    for (size_t i = 0; i <= ARRAY_LEN(texts); i++) {
        struct str text = i < ARRAY_LEN(texts) ? str_of(texts[i]) : buf_str(&b);
        struct sentence_ends ends;

        words_sentence_ends_of(text, &a, &ends);
        for (uint32_t start = 0; start <= text.n; start++)
            for (uint32_t end = start; end <= text.n && end < start + 3; end++) {
                struct str_span want = sentence_around(text, start, end);
                struct str_span got = words_sentence_among(&ends, text, start, end);

                CHECK_ROW(got.start == want.start && got.end == want.end, i);
            }
    }
    arena_free(&a);
}

RUN_TESTS(TEST(a_cue_speaks_of_its_clause), TEST(introducers_and_studies),
          TEST(a_bad_cue_is_blamed), TEST(a_sentence_without_an_end_reaches_only_so_far),
          TEST(a_sentence_is_the_same_among_ends_found_before))
