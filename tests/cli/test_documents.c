#include "test.h"

#include "core/buf.h"
#include "tests/cli/spawn.h"

/* A listing of which little is known, as `source try` prints it. */
#define LISTING(id, title, mode, url)                                                              \
    "{\"native_id\":" id ",\"title\":" title ",\"company\":null,\"places\":[],\"country\":null,"   \
    "\"mode\":" mode ",\"department\":null,\"employment\":null,\"posted\":null,\"updated\":null,"  \
    "\"pay\":null,\"url\":" url                                                                    \
    ",\"text\":null,\"requisition\":null,\"expires\":null,\"salary\":null,"                        \
    "\"experience\":null,\"vacancies\":null}\n"
#define ROBOTS                                                                                     \
    "User-agent: roletide\nDisallow: /private\nAllow: /private/jobs\n\nUser-agent: *\nDisallow: "  \
    "/\n"
#define SITEMAP "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"
#define BOARD                                                                                      \
    "{\"jobs\":[{\"id\":7,\"internal_job_id\":8,\"title\":\"MLOps Engineer\",\"company_name\":"    \
    "\"Palash Pay\",\"absolute_url\":\"https://palash.example/7\",\"location\":{\"name\":\"Pune\"" \
    "},\"content\":\"&lt;p&gt;Run &amp;amp; mend.&lt;/p&gt;\"}],\"meta\":{\"total\":1}}"

/* Each row: a document and what a command says of it. In the words, "@" is the document's file. */
static const struct {
    const char *words[5], *document;
    int status;
    const char *out, *err; /* all of the output; a part of the error */
} rows[] = {
    { { "json-check", "@" }, "{\"jobs\":[1, 2.5e3, null]}", 0, "valid\n", NULL },
    { { "json-check", "-q", "@" }, "[]", 0, "", NULL },
    { { "json-check", "@" }, "{\"jobs\":[}", 1, "", "byte 9" },
    { { "json-check", "@" }, "", 1, "", "not JSON" },
    { { "json-check", "@" }, "{\"a\":1}x", 1, "", "not JSON" },
    { { "json-check", "@" }, "[NaN]", 1, "", "not JSON" },
    { { "json-check", "/nowhere" }, "", 1, "", "/nowhere: No such file" },
    { { "json-check" }, "", 2, "", "want one FILE" },
    { { "sitemap-urls", "@" },
      SITEMAP "<url><loc>https://a.in/1</loc></url><url><loc> https://a.in/2?a=1&amp;b=2\n"
              "</loc></url></urlset>",
      0,
      "https://a.in/1\nhttps://a.in/2?a=1&b=2\n",
      NULL },
    { { "sitemap-urls", "@" },
      "<!DOCTYPE u [<!ENTITY x SYSTEM \"/etc/hostname\">]><urlset><url><loc>&x;</loc></url>"
      "</urlset>",
      65,
      "",
      "DOCTYPE" },
    { { "sitemap-urls", "@" }, "<html><body>Not found</body></html>", 65, "", "roletide: " },
    { { "html-text", "@" },
      "<h1>A &amp; B</h1><script>no()</script><ul><li>one<li>two</ul>",
      0,
      "A & B\n- one\n- two\n",
      NULL },
    { { "html-text", "@" },
      "<p>1 < 2 &lt;b&gt; &#8377;5",
      0,
      "1 < 2 <b> \xe2\x82\xb9"
      "5\n",
      NULL },
    { { "source", "detect", "@" },
      "<a href=\"https://jobs.ashbyhq.com/Kaveri%20Systems?x=1\">Jobs</a>",
      0,
      "- key: 'ashby:Kaveri Systems'\n  adapter: ashby\n  params: { board: 'Kaveri Systems' }\n"
      "  policy: default\n",
      NULL },
    { { "source", "detect", "https://deccan.wd3.myworkdayjobs.com/en-US/External" },
      "",
      0,
      "- key: 'workday:deccan/External'\n  adapter: workday\n  params: { base: "
      "'https://deccan.wd3.myworkdayjobs.com', tenant: deccan, site: External }\n"
      "  policy: opt-in\n",
      NULL },
    { { "source", "detect", "@" }, "<p>Write to us.</p>", 4, "", "leads to no board" },
    { { "source", "detect", "/nowhere" }, "", 1, "", "/nowhere: No such file" },
    { { "source", "detect" }, "", 2, "", "want list, try" },
    { { "source", "detect", "https://in.linkedin.com/jobs" }, "", 1, "", "terms forbid" },
    { { "source", "add", "https://www.naukri.com/mlops-jobs" }, "", 1, "", "terms forbid" },
    { { "source", "add", "darwinbox:1mg" }, "", 1, "", "a wall is an answer" },
    { { "source", "add", "greenhouse:phonepe" }, "", 0, "", "is read already" },
    { { "url-resolve", "http://a/b/c/d;p?q", "../g" }, "", 0, "http://a/b/g\n", NULL },
    { { "url-resolve", "http://a/b/c/d;p?q", "//g" }, "", 0, "http://g\n", NULL },
    { { "url-resolve", "http://a/b/c/d;p?q", "../../../../g" }, "", 0, "http://a/g\n", NULL },
    { { "url-resolve", "nonsense", "x" }, "", 1, "", "nonsense" },
    { { "robots-check", "@", "roletide", "https://x.in/jobs" },
      ROBOTS,
      0,
      "allow: no line decides\n",
      NULL },
    { { "robots-check", "@", "roletide", "https://x.in/private/x" },
      ROBOTS,
      1,
      "disallow: line 2: /private\n",
      NULL },
    { { "robots-check", "@", "roletide", "https://x.in/private/jobs/1" },
      ROBOTS,
      0,
      "allow: line 3: /private/jobs\n",
      NULL },
    { { "robots-check", "@", "another", "https://x.in/jobs" },
      ROBOTS,
      1,
      "disallow: line 6: /\n",
      NULL },
    { { "robots-check", "/nowhere", "roletide", "https://x.in/" }, "", 2, "", "/nowhere" },
    { { "source", "try", "greenhouse", "@" },
      "{\"positions\":[]}",
      65,
      "",
      "not an answer of a greenhouse board" },
    { { "source", "try", "greenhouse", "@" }, "{\"jobs\":[{\"id\":1", 65, "", "not JSON" },
    { { "source", "try", "greenhouse", "@" },
      "<html>Sign in to continue</html>",
      65,
      "",
      "not JSON" },
    { { "source", "try", "greenhouse", "@" }, "{\"jobs\":[]}", 0, "", NULL },
    /* another form of a kind, by the kind's name; and the error of its first form */
    { { "source", "try", "workable", "@" },
      "{\"total\":1,\"results\":[{\"shortcode\":\"K1\",\"title\":\"ML\",\"workplace\":\"on_site\"}]"
      "}",
      0,
      LISTING("\"K1\"", "\"ML\"", "\"onsite\"", "\"https://apply.workable.com/j/K1\""),
      NULL },
    { { "source", "try", "workable", "@" }, "{\"total\":1}", 65, "", "no /jobs" },
    /* a list without its envelope, if its items show whose they are */
    { { "source", "try", "bamboohr", "@" },
      "[{\"id\":\"7\",\"jobOpeningName\":\"ML\",\"locationType\":\"2\"}]",
      0,
      LISTING("\"7\"", "\"ML\"", "\"hybrid\"", "null"),
      NULL },
    { { "source", "try", "bamboohr", "@" },
      "[{\"id\":\"7\",\"name\":\"ML\"}]",
      65,
      "",
      "no /result" },
    { { "source", "try", "nobody", "@" }, "{}", 2, "", "no adapter nobody" },
};

static void hostile_documents_get_a_verdict(void **state)
{
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "documents");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *words[6] = { NULL };
        struct spawned s;

        scratch_file(&a, folder, "document", str_of(rows[i].document));
        for (size_t k = 0; k < ARRAY_LEN(rows[i].words) && rows[i].words[k]; k++)
            words[k] = str_eq(str_of(rows[i].words[k]), STR("@")) ? SCRATCH_DIR
                           "/documents/document"
                                                                  : rows[i].words[k];
        s = spawn_with(&a, &(struct spawn_options){ 0 }, words);
        CHECK_ROW(s.status == rows[i].status, i);
        CHECK_STR(s.out, str_of(rows[i].out), i);
        CHECK_ROW(rows[i].err ? str_find(s.err, str_of(rows[i].err)) >= 0 : s.err.n == 0, i);
    }
    arena_free(&a);
}

static void a_batch_of_robots_questions_is_answered_line_by_line(void **state)
{
    static const struct {
        const char *in;
        int status;
        const char *out;
    } batches[] = {
        { "F\troletide\thttps://x.in/private\nF\troletide\thttps://x.in/\r\n\nF\tother\t/\n", 0,
          "disallow\nallow\ndisallow\n" },
        { "F\troletide\t\nF\t\t\nF\t\thttps://x.in/private/x\n", 0, "allow\ndisallow\ndisallow\n" },
        { "F\troletide\thttps://x.in/\nF roletide\n", 2, "allow\n" },
        { "F\troletide\n", 2, "" },
        { "", 0, "" },
    };
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "batch");

    (void)state;
    scratch_file(&a, folder, "robots.txt", STR(ROBOTS));
    for (size_t i = 0; i < ARRAY_LEN(batches); i++) {
        struct str in = { 0 };
        struct spawned s;

        for (const char *p = batches[i].in; *p; p++)
            in = *p == 'F' ? str_printf(&a, STR_FMT "%s/robots.txt", STR_ARG(in), folder)
                           : str_printf(&a, STR_FMT "%c", STR_ARG(in), *p);
        s = spawn_with(&a, &(struct spawn_options){ .in = in },
                       (const char *const[]){ "robots-check", "--batch", NULL });
        CHECK_ROW(s.status == batches[i].status, i);
        CHECK_STR(s.out, str_of(batches[i].out), i);
    }
    arena_free(&a);
}

static void an_adapter_is_tried_on_a_saved_answer(void **state)
{
    struct arena a = ARENA_INIT;
    const char *folder = scratch_folder(&a, "try");
    struct spawned s;

    (void)state;
    scratch_file(&a, folder, "jobs.json", STR(BOARD));
    s = spawn(&a, "source", "try", "greenhouse", SCRATCH_DIR "/try/jobs.json");
    CHECK(s.status == 0);
    CHECK(count_of(s.out, STR("\n")) == 1);
    CHECK_STR(json_field(s.out, "native_id"), STR("\"7\""), 0);
    CHECK_STR(json_field(s.out, "title"), STR("\"MLOps Engineer\""), 0);
    CHECK_STR(json_field(s.out, "company"), STR("\"Palash Pay\""), 0);
    CHECK_STR(json_field(s.out, "places"), STR("[\"Pune\""), 0);
    CHECK_STR(json_field(s.out, "text"), STR("\"Run & mend.\""), 0);
    arena_free(&a);
}

static void extract_names_a_bad_line_and_reads_the_rest(void **state)
{
    struct spawn_options three = {
        .in =
            STR("{\"id\":\"a\",\"title\":\"MLOps Engineer\",\"location\":\"Pune\",\"description\":"
                "\"You must know Kubernetes.\",\"desc_format\":\"text\"}\n"
                "{\"id\":\"b\",\"title\":\n"
                "{\"id\":\"c\",\"title\":\"Cook\",\"description\":\"<p>Dosa</p>\",\"desc_format\":"
                "\"html\"}\n")
    };
    struct arena a = ARENA_INIT;
    struct spawned s = spawn_with(&a, &three, (const char *const[]){ "extract", NULL });
    struct str lines = s.out, first = str_cut(&lines, '\n');

    (void)state;
    CHECK(s.status == 3);
    CHECK(count_of(s.out, STR("\n")) == 2);
    CHECK_STR(json_field(first, "id"), STR("\"a\""), 0);
    CHECK_STR(json_field(first, "family"), STR("\"core\""), 0);
    CHECK(str_find(first, STR("\"kubernetes\"")) > 0);
    CHECK_STR(json_field(lines, "id"), STR("\"c\""), 0);
    CHECK_STR(json_field(lines, "family"), STR("\"no\""), 0);
    CHECK(str_find(s.err, STR("standard input:2: not JSON")) > 0);
    CHECK(count_of(s.err, STR("\n")) == 1);
    arena_free(&a);
}

/* More lines than one worker takes at a time, every seventh a bad one. */
static void extract_answers_alike_with_any_number_of_jobs(void **state)
{
    static const char *const jobs[] = { "-j1", "-j2", "--jobs=7" };
    struct arena a = ARENA_INIT;
    struct buf in = { 0 };
    struct spawned first = { 0 };

    (void)state;
    for (int i = 0; i < 2500; i++)
        buf_printf(&in,
                   i % 7 ? "{\"id\":\"%d\",\"title\":\"MLOps Engineer\",\"description\":"
                           "\"You must know Kubernetes, Python and Docker for %d years.\"}\n"
                         : "{\"id\":\"%d\",\"title\":%d\n",
                   i, i % 9);
    for (size_t row = 0; row < ARRAY_LEN(jobs); row++) {
        struct spawn_options opt = { .in = buf_str(&in) };
        struct spawned s =
            spawn_with(&a, &opt, (const char *const[]){ "extract", jobs[row], NULL });

        if (!row)
            first = s;
        CHECK_ROW(s.status == 3, row);
        CHECK_ROW(count_of(s.out, STR("\n")) == 2500 - 358, row);
        CHECK_ROW(count_of(s.err, STR("standard input:")) == 358, row);
        CHECK_ROW(str_eq(s.out, first.out) && str_eq(s.err, first.err), row);
    }
    buf_release(&in);
    arena_free(&a);
}

RUN_TESTS(TEST(hostile_documents_get_a_verdict),
          TEST(a_batch_of_robots_questions_is_answered_line_by_line),
          TEST(an_adapter_is_tried_on_a_saved_answer),
          TEST(extract_names_a_bad_line_and_reads_the_rest),
          TEST(extract_answers_alike_with_any_number_of_jobs))
