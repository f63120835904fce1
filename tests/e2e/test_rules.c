/* What a change of the rules does to the postings that are stored. */
#include "test.h"

#include "tests/e2e/play.h"

#define RULE(id, aliases)                                                                          \
    "- id: " id "\n  label: Years\n  category: practices\n  aliases: " aliases                     \
    "\n  yes: [five years of experience]\n  no: [five days of rest]\n"

static void open_board(struct play *p, const char *name)
{
    play_open(p, name);
    play_file(p, "127.0.0.2/site.tsv",
              str_printf(&p->memory, "GET\t%s\t-\t200\tboard.json\tetag\n", GREENHOUSE_PATH));
    play_file(p, "127.0.0.2/board.json", greenhouse_board(&p->memory, "ABc"));
    play_start(p, GREENHOUSE_SOURCE);
    CHECK(play(p, "11T03:30", "run").status == 0);
}

static const char *rule_file(struct play *p, const char *text)
{
    scratch_file(&p->memory, p->folder, "rule.yaml", str_of(text));
    return str_cstr(&p->memory, str_printf(&p->memory, "%s/rule.yaml", p->folder));
}

static void a_new_rule_is_tried_on_every_stored_posting(void **state)
{
    struct play p;
    struct spawned s;
    size_t hits;

    (void)state;
    open_board(&p, "e2e-rules-try");
    hits = play_hits(&p, GREENHOUSE_PATH);
    s = play(&p, "11T04:00", "rules", "try",
             rule_file(&p, RULE("tried_years", "[years of experience]")));
    CHECK(s.status == 0);
    CHECK(str_find(s.out, STR("[years of experience]")) >= 0);
    CHECK(str_find(s.out, STR("3 of 3 postings, 3 openings (3 counted), 1 employers")) >= 0);
    CHECK(play_hits(&p, GREENHOUSE_PATH) == hits);
    CHECK(play_number(&p, "SELECT count(*) FROM v_mention WHERE skill = 'tried_years'") == 0);
    s = play(&p, "11T04:00", "rules", "try", "--alias", "3-5 years", "--format", "json");
    CHECK(s.status == 0);
    CHECK(count_of(s.out, STR("\"posting\":")) == 3);
    s = play(&p, "11T04:00", "rules", "try", "--alias", "zzyzx");
    CHECK(s.status == 4);
    play_close(&p);
}

static void a_rule_in_place_of_another_shows_what_differs(void **state)
{
    struct play p;
    struct spawned s;

    (void)state;
    open_board(&p, "e2e-rules-replace");
    s = play(&p, "11T04:00", "rules", "try",
             rule_file(&p, "- id: mlflow\n  label: MLflow\n  category: tracking\n"
                           "  aliases: [terraform as mlflow]\n"
                           "  yes: [We use terraform as mlflow]\n  no: [MLflow]\n"));
    CHECK(s.status == 0);
    CHECK(str_find(s.out, STR("in place of mlflow as it is: 0 more, 2 fewer")) >= 0);
    CHECK(count_of(s.out, STR("lost")) == 2);
    CHECK(str_find(s.err, STR("another's sentence fails")) >= 0); /* Neptune needs MLflow beside */
    play_close(&p);
}

static void a_rule_whose_sentence_fails_is_not_tried(void **state)
{
    struct play p;
    struct spawned s;

    (void)state;
    open_board(&p, "e2e-rules-fails");
    s = play(&p, "11T04:00", "rules", "try", rule_file(&p, RULE("tried_years", "[decades]")));
    CHECK(s.status == 78);
    CHECK(str_find(s.err, STR("rule.yaml:5:")) >= 0);
    CHECK(s.out.n == 0);
    s = play(&p, "11T04:00", "rules", "try");
    CHECK(s.status == 2);
    play_close(&p);
}

#define JOB(id, words)                                                                             \
    "{\"id\":" id ",\"internal_job_id\":9" id ",\"requisition_id\":\"PP-" id "\","                 \
    "\"title\":\"MLOps Engineer\",\"company_name\":\"Palash Pay\","                                \
    "\"absolute_url\":\"https://palash.example/jobs/" id "\","                                     \
    "\"location\":{\"name\":\"Pune, Maharashtra, India\"},"                                        \
    "\"first_published\":\"2026-11-09T09:00:00+05:30\",\"content\":\"&lt;p&gt;" words              \
    "&lt;/p&gt;\"}"

#define TOOLS                                                                                      \
    "Run Kubernetes with ZenFlow, PQX4 and Tarkash in Pune on Monday. "                            \
    "Bring Curiosity; see https://palash.example/QuietPage "                                       \
    "- Lamplight helps, so bring Lamplight or any lamplight"
#define MAINFRAME "Run our Mainframe with ZenFlow. A mainframe needs curiosity"
#define SMALL     "A mainframe for Palash, with curiosity"

static void names_that_no_rule_knows_are_ranked(void **state)
{
    static const char board[] = "{\"jobs\":[" JOB("1", TOOLS) "," JOB("2", MAINFRAME) "," JOB(
        "3", SMALL) "],\"meta\":{\"total\":3}}";
    static const char *const absent[] = { "Kubernetes", "Pune",        "Monday",      "QuietPage",
                                          "Palash",     "Curiosity\"", "Mainframe\"", "Lamplight" };
    struct play p;
    struct spawned s;

    (void)state;
    play_open(&p, "e2e-rules-unmatched");
    play_file(&p, "127.0.0.2/site.tsv",
              str_printf(&p.memory, "GET\t%s\t-\t200\tboard.json\tetag\n", GREENHOUSE_PATH));
    play_file(&p, "127.0.0.2/board.json", str_of(board));
    play_start(&p, GREENHOUSE_SOURCE);
    CHECK(play(&p, "11T03:30", "run").status == 0);
    s = play(&p, "11T04:00", "rules", "unmatched", "--format", "json");
    CHECK(s.status == 0);
    CHECK(str_find(s.out, STR("\"term\":\"ZenFlow\",\"shape\":\"shaped\",\"employers\":1,"
                              "\"postings\":2"))
          >= 0);
    CHECK(str_find(s.out, STR("\"PQX4\"")) > str_find(s.out, STR("\"ZenFlow\"")));
    CHECK(str_find(s.out, STR("\"Tarkash\"")) > 0);
    for (size_t i = 0; i < ARRAY_LEN(absent); i++) {
        struct str term = str_printf(&p.memory, "\"term\":\"%s", absent[i]);

        CHECK_ROW(str_find(s.out, term) < 0, i);
    }
    s = play(&p, "11T04:00", "rules", "unmatched", "--format", "csv", "--limit", "1");
    CHECK(count_of(s.out, STR("\n")) == 2);
    play_close(&p);
}

#define SHOWN                                                                                      \
    "What you will do: deploy models on Kubernetes with Docker. We do not use Jenkins. "           \
    "Read https://palash.example/python first"

static void show_marks_what_counts_and_names_what_does_not(void **state)
{
    static const char board[] = "{\"jobs\":[" JOB("1", SHOWN) "],\"meta\":{\"total\":1}}";
    static const struct {
        const char *option, *want;
    } rows[] = {
        { "--format=table", "on [Kubernetes] with [Docker]" },
        { "--format=table", "Kubernetes basics: kubectl, Helm, namespaces, RBAC, secrets  "
                            "\"Kubernetes\"  (stage 2)" },
        { "--format=table", "Jenkins, \"Jenkins\": negated: do not use" },
        { "--format=table", "Python, \"python\": in an address" },
        { "--format=json", "\"bullets\":[{\"id\":\"s1.docker\"" },
        { "--format=json", "{\"id\":\"jenkins\",\"why\":\"negated\",\"clause\":\"do not use\"" },
        { "--html", "on <mark class=\"duty\" title=\"Kubernetes, duty\">Kubernetes</mark> with" },
        { "--html", "<td>Python</td><td>python</td><td>in an address</td>" },
    };
    struct play p;

    (void)state;
    play_open(&p, "e2e-rules-show");
    play_file(&p, "127.0.0.2/site.tsv",
              str_printf(&p.memory, "GET\t%s\t-\t200\tboard.json\tetag\n", GREENHOUSE_PATH));
    play_file(&p, "127.0.0.2/board.json", str_of(board));
    play_start(&p, GREENHOUSE_SOURCE);
    CHECK(play(&p, "11T03:30", "run").status == 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spawned s = play(&p, "11T04:00", "show", "1", rows[i].option);

        CHECK_ROW(s.status == 0, i);
        CHECK_ROW(str_find(s.out, str_of(rows[i].want)) >= 0, i);
    }
    play_close(&p);
}

static void reparse_prints_what_the_new_rules_say_otherwise(void **state)
{
    struct play p;
    struct spawned s;

    (void)state;
    open_board(&p, "e2e-reparse-diff");
    s = play(&p, "11T04:00", "reparse");
    CHECK(s.status == 0);
    CHECK(s.out.n == 0); /* the same rules: no difference */
    scratch_file(&p.memory, p.folder, "config/rules/skills/own.yaml",
                 STR(RULE("own_years", "[years of experience]")));
    s = play(&p, "11T04:00", "reparse", "--format", "csv");
    CHECK(s.status == 0);
    CHECK(str_find(s.out, STR("skill,own_years,,3,0,1,\n")) >= 0);
    CHECK(str_find(s.out, STR("skill,own_years,3,3,0,1,\n")) >= 0); /* all at the third stage */
    CHECK(count_of(s.out, STR("\n")) == 3);                         /* nothing else */
    scratch_file(&p.memory, p.folder, "config/rules/skills/own.yaml", STR(""));
    s = play(&p, "11T04:00", "reparse", "--format", "csv");
    CHECK(str_find(s.out, STR("skill,own_years,,0,3,,1\n")) >= 0);
    play_close(&p);
}

RUN_TESTS(TEST(show_marks_what_counts_and_names_what_does_not),
          TEST(reparse_prints_what_the_new_rules_say_otherwise),
          TEST(names_that_no_rule_knows_are_ranked),
          TEST(a_new_rule_is_tried_on_every_stored_posting),
          TEST(a_rule_in_place_of_another_shows_what_differs),
          TEST(a_rule_whose_sentence_fails_is_not_tried))
