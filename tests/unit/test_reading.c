#include "test.h"

#include "core/arena.h"
#include "parsers/documents.h"
#include "parsers/html_text.h"
#include "parsers/reading.h"

/* A board of two-item pages: {"total":N,"jobs":[{"id":..,"title":..}]}. */
static struct adapter board(void)
{
    static struct adapter_row rows[] = { { .to = { "native_id", 9 }, .at = { "/id", 3 } },
                                         { .to = { "title", 5 }, .at = { "/title", 6 } },
                                         { .to = { "text", 4 }, .at = { "/text", 5 } } };
    static struct adapter_param params[] = { { .name = { "base", 4 }, .required = true } };
    static struct adapter_sign gone[] = { { .status = 404 } };
    static struct adapter_step steps[1];
    struct adapter ad = { .id = STR("played"),
                          .params = { params, 1, 1 },
                          .fields = { rows, 3, 3 },
                          .gone = { gone, 1, 1 },
                          .zero = STR("ambiguous"),
                          .steps = { steps, 1, 1 } };

    steps[0] = (struct adapter_step){ .name = STR("jobs"),
                                      .url = STR("{base}/jobs?offset={offset}&limit={limit}"),
                                      .shape = STR("/jobs"),
                                      .items = STR("/jobs"),
                                      .paging = { .kind = STR("offset"),
                                                  .size = 2,
                                                  .total = STR("/total"),
                                                  .total_from = STR("every") } };
    return ad;
}

#define P(total, items) "{\"total\":" #total ",\"jobs\":[" items "]}"
#define J(id)           "{\"id\":\"" id "\",\"title\":\"ML Engineer\",\"text\":\"Ray\"}"

/* Each row: the answers in order ("404", "500" and "304" are statuses), and the outcome. */
static const struct {
    const char *answers[8];
    enum reading_outcome outcome;
    int64_t got;
    bool zero_ambiguous;
} rows[] = {
    { { P(3, J("a") "," J("b")), P(3, J("c")) }, READ_COMPLETE, 3, false },
    { { P(0, "") }, READ_COMPLETE, 0, true },
    { { "404" }, READ_GONE, 0, false },
    { { "500" }, READ_FAILED, 0, false },
    { { "<html>Just a moment...</html>" }, READ_FAILED, 0, false },
    { { "{\"positions\":[]}" }, READ_FAILED, 0, false },
    { { P(3, J("a") "," J("b")), "500" }, READ_PARTIAL, 2, false },
    { { P(3, J("a") "," J("b")), "{\"total\":3,\"jobs\":[{\"id\"" }, READ_PARTIAL, 2, false },
    { { P(4, J("a") "," J("b")), P(4, J("a") "," J("b")) }, READ_PARTIAL, 2, false },
    /* the total moved: the list is read once more, and is then in order */
    { { P(3, J("a") "," J("b")), P(4, J("c") "," J("d")), P(4, J("a") "," J("b")),
        P(4, J("c") "," J("d")) },
      READ_COMPLETE,
      4,
      false },
    /* it never comes to an agreement */
    { { P(5, J("a") "," J("b")), P(5, J("c") "," J("d")), P(5, ""), P(5, J("a") "," J("b")),
        P(5, J("c") "," J("d")), P(5, "") },
      READ_PARTIAL,
      4,
      false },
    { { P(2, J("a") ",{\"name\":\"no id\"}") }, READ_PARTIAL, 1, false },
};

static struct answer answer_of(const char *text)
{
    struct answer an = { .outcome = ANSWER_OK, .status = 200, .body = str_of(text) };
    int64_t status;

    if (str_int(str_of(text), &status)) {
        an.status = (int)status;
        an.body = STR("");
    }
    return an;
}

static void play(const struct adapter *ad, const char *const *answers,
                 const struct reading_options *opt, struct reading **r)
{
    static struct str params[] = { { "base=http://127.0.0.2:8080", 26 } };
    struct source s = { .key = STR("played:x"), .params = { params, 1, 1 } };
    struct arena page = ARENA_INIT;
    struct diag d = { 0 };
    struct request q;
    uint32_t ticket;

    CHECK(reading_open(r, ad, &s, opt, &d) == 0);
    for (size_t i = 0; reading_next(*r, &q, &ticket, &d) == READING_REQUEST; i++) {
        struct answer an = answer_of(answers[i] ? answers[i] : "500");
        struct reading_items items;
        int taken;

        taken = reading_take(*r, ticket, &an, &page, &items, &d);
        CHECK(taken <= 0);
        arena_reset(&page);
    }
    arena_free(&page);
}

static void only_a_proven_list_is_complete(void **state)
{
    struct adapter ad = board();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct reading_options opt = { .now = 1795392000 };
        struct reading *r = NULL;
        struct reading_result res = { 0 };

        play(&ad, rows[i].answers, &opt, &r);
        reading_result(r, &res);
        CHECK_ROW(res.outcome == rows[i].outcome, i);
        CHECK_ROW(res.got == rows[i].got, i);
        CHECK_ROW(res.zero_ambiguous == rows[i].zero_ambiguous, i);
        CHECK_ROW((res.outcome == READ_COMPLETE) == (res.error[0] == '\0'), i);
        reading_close(&r);
    }
}

static void the_same_bytes_on_every_page_are_unchanged(void **state)
{
    static const char *const once[] = { P(3, J("a") "," J("b")), P(3, J("c")), NULL };
    static const char *const other[] = { P(3, J("a") "," J("b")), P(3, J("d")), NULL };
    struct adapter ad = board();
    struct reading_options opt = { 0 }, again = { 0 };
    struct reading *first = NULL, *second = NULL, *third = NULL;
    struct reading_result a = { 0 }, b = { 0 }, c = { 0 };

    (void)state;
    play(&ad, once, &opt, &first);
    reading_result(first, &a);
    again.pages = a.page_copies;
    again.n_pages = a.n_page_copies;
    play(&ad, once, &again, &second);
    reading_result(second, &b);
    CHECK(b.outcome == READ_UNCHANGED && b.got == 3);
    play(&ad, other, &again, &third);
    reading_result(third, &c);
    CHECK(c.outcome == READ_COMPLETE);
    reading_close(&first);
    reading_close(&second);
    reading_close(&third);
}

/* What is left may be as it was: a list that is no longer asked for still took its ads along. */
static void fewer_pages_than_before_are_a_change(void **state)
{
    static const char *const one[] = { P(2, J("a") "," J("b")), NULL };
    struct adapter ad = board();
    struct reading_options opt = { 0 }, again = { 0 };
    struct reading *first = NULL, *second = NULL;
    struct reading_result a = { 0 }, b = { 0 };
    struct page_copy pages[2];

    (void)state;
    play(&ad, one, &opt, &first);
    reading_result(first, &a);
    pages[0] = a.page_copies[0];
    pages[1] = (struct page_copy){ .key = STR("GET http://127.0.0.2:8080/of-another-list") };
    again.pages = pages;
    again.n_pages = 2;
    play(&ad, one, &again, &second);
    reading_result(second, &b);
    CHECK(b.outcome == READ_COMPLETE && b.got == 2);
    reading_close(&first);
    reading_close(&second);
}

/* Stopped after its list was read: what its details would have said is owed. */
static void a_detail_that_was_never_answered_is_owed(void **state)
{
    struct adapter ad = board();
    struct reading_options opt = { 0 };
    struct reading *r = NULL;
    struct reading_result res = { 0 };
    struct source s = { .key = STR("played:x") };
    struct str param = STR("base=http://127.0.0.2:8080");
    struct answer list = answer_of(P(2, J("a") "," J("b")));
    struct arena page = ARENA_INIT;
    struct reading_items items;
    struct request q;
    uint32_t ticket;
    struct diag d = { 0 };

    (void)state;
    s.params = (struct strs){ &param, 1, 1 };
    ad.detail = (struct adapter_step){ .name = STR("job"), .url = STR("{base}/jobs/{native_id}") };
    CHECK(reading_open(&r, &ad, &s, &opt, &d) == 0);
    CHECK(reading_next(r, &q, &ticket, &d) == READING_REQUEST);
    CHECK(reading_take(r, ticket, &list, &page, &items, &d) == 0);
    CHECK(reading_next(r, &q, &ticket, &d) == READING_REQUEST);
    reading_result(r, &res);
    CHECK(res.outcome == READ_COMPLETE && res.details_owed == 2);
    reading_close(&r);
    arena_free(&page);
}

static bool nothing_is_owed(void *ctx, struct str native_id, struct str listed)
{
    (void)ctx;
    (void)native_id;
    (void)listed;
    return false;
}

/* All is known and all says what it said; a list of addresses is not believed for ever. */
static void a_list_without_titles_is_doubted_once_a_fortnight(void **state)
{
    static const char *const answers[] = { P(3, J("a") "," J("b") "," J("c")), NULL };
    struct adapter ad = board();
    struct reading_options opt = { .owes_detail = nothing_is_owed };

    (void)state;
    ad.detail = (struct adapter_step){ .name = STR("job"), .url = STR("{base}/jobs/{native_id}") };
    for (size_t n_fields = 1; n_fields <= 2; n_fields++) {
        int64_t asked = 0;

        ad.fields.n = n_fields; /* of which the second is the title */
        for (int64_t day = 20000; day < 20028; day++) {
            struct reading_result res = { 0 };
            struct reading *r = NULL;

            opt.now = day * 86400 + 7;
            play(&ad, answers, &opt, &r);
            reading_result(r, &res);
            CHECK_ROW(res.outcome == READ_COMPLETE && res.got == 3, (size_t)day);
            asked += res.details_asked;
            reading_close(&r);
        }
        CHECK_ROW(asked == (n_fields == 1 ? 3 * 2 : 0), n_fields);
    }
}

static void boards_that_are_not_read_say_why(void **state)
{
    struct adapter ad = { .id = STR("walled"), .policy = STR("off"), .why = STR("it is a wall") };
    struct source s = { .key = STR("walled:a"), .adapter = STR("walled") };
    struct reading_options opt = { 0 };
    struct reading *r = NULL;
    struct diag d = { 0 };

    (void)state;
    CHECK(adapter_check(&ad, &d) == 0);
    CHECK(reading_open(&r, &ad, &s, &opt, &d) == ERR_DENIED && !r);
    CHECK_STR(str_of(d.text), STR("walled boards are not read: it is a wall"), 0);
    ad.policy = STR("opt-in");
    CHECK(adapter_check(&ad, &d) == ERR_CONFIG);
    ad.policy = STR("off");
    ad.why = STR("");
    CHECK(adapter_check(&ad, &d) == ERR_CONFIG);
}

static void a_wrong_adapter_is_refused_at_its_value(void **state)
{
    struct adapter ad = board();
    struct diag d = { 0 };
    static struct str as[] = { { "epoch_msec", 10 } };

    (void)state;
    CHECK(adapter_check(&ad, &d) == 0);
    ad.steps.items[0].paging.kind = STR("ofset");
    CHECK(adapter_check(&ad, &d) == ERR_CONFIG && d.about == ad.steps.items[0].paging.kind.p);
    CHECK_STR(str_of(d.hint), STR("did you mean \"offset\"?"), 0);
    ad = board();
    ad.steps.items[0].url = STR("{base}/{token}");
    CHECK(adapter_check(&ad, &d) == ERR_CONFIG && d.about == ad.steps.items[0].url.p);
    ad = board();
    ad.steps.items[0].items = STR("jobs");
    CHECK(adapter_check(&ad, &d) == ERR_CONFIG);
    ad = board();
    ad.params.items[0].name = STR("page");
    CHECK(adapter_check(&ad, &d) == ERR_CONFIG && d.about == ad.params.items[0].name.p);
    ad.params.items[0].name = STR("base");
    ad.fields.items[2].as = (struct strs){ as, 1, 1 };
    CHECK(adapter_check(&ad, &d) == ERR_CONFIG && d.about == as[0].p);
    ad.fields.items[2].as.n = 0;
    ad.fields.items[2].match = STR("(");
    CHECK(adapter_check(&ad, &d) == ERR_CONFIG);
    ad.fields.items[2].match.n = 0;
}

static void json_is_judged_by_rfc_8259(void **state)
{
    static const struct {
        struct str text;
        int want;
    } cases[] = {
        { { "{}", 2 }, 0 },
        { { " [1,2.5e-3,\"\\u00e9\"] ", 21 }, 0 },
        { { "0", 1 }, 0 },
        { { "[-0]", 4 }, 0 },
        { { "[01]", 4 }, ERR_FORMAT },
        { { "[1,]", 4 }, ERR_FORMAT },
        { { "{\"a\":1,}", 8 }, ERR_FORMAT },
        { { "[NaN]", 5 }, ERR_FORMAT },
        { { "", 0 }, ERR_FORMAT },
        { { "[1]\0", 4 }, ERR_FORMAT },
        { { "[\"\n\"]", 5 }, ERR_FORMAT },
        { { "[\"\xff\"]", 5 }, ERR_FORMAT },
        { { "[1]x", 4 }, ERR_FORMAT },
        { { "[1.]", 4 }, ERR_FORMAT },
        { { "{\"a\" 1}", 7 }, ERR_FORMAT },
        { { "tru", 3 }, ERR_FORMAT },
        { { "[\"a", 3 }, ERR_FORMAT },
        { { "{\"a\":[}", 7 }, ERR_FORMAT },
    };
    char deep[JSON_DEPTH + 2];
    struct diag d;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_ROW(json_check(cases[i].text, &d) == cases[i].want, i);
    for (size_t i = 0; i < sizeof(deep); i++)
        deep[i] = '[';
    CHECK(json_check((struct str){ deep, sizeof(deep) }, &d) == ERR_LIMIT);
}

static void json_is_cut_out_of_a_script(void **state)
{
    static const struct {
        const char *text, *value;
    } cases[] = {
        { " = {\"a\":\"}\"}; next()", "{\"a\":\"}\"}" },
        { ":[1,[2]],x", "[1,[2]]" },
        { "({\"a\":\"\\\"}\"})", "{\"a\":\"\\\"}\"}" },
        { " = {\"a\":[1}", "{\"a\":[1}" },
        { " = [{}", "[{}" },
        { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_STR(json_value(str_of(cases[i].text)), str_of(cases[i].value), i);
}

static void markup_becomes_the_text_a_reader_sees(void **state)
{
    static const struct {
        const char *html, *text;
    } cases[] = {
        { "<p>One</p><p>Two</p>", "One\n\nTwo" },
        { "<ul><li>Kubernetes</li><li><p>Ray &amp; Spark</p></li></ul>End",
          "- Kubernetes\n- Ray & Spark\n\nEnd" },
        { "a<br>b<br/><br>c", "a\nb\n\nc" },
        { "x<script>if (a<b) alert('</p>')</script>y", "x\ny" },
        { "<!-- hidden <p> --> seen", "seen" },
        { "5 < 6 && 7 > 2", "5 < 6 && 7 > 2" },
        { "caf&eacute;&nbsp;&#x2F; &rsquo;&#146;", "café / ’’" },
        { "<p title=\"a > b\">c</p>", "c" },
        { "<p title=\"a>never closed", "never closed" },
        { "&lt;p&gt;", "<p>" },
        { "<style>p{}</style", "" },
        { "<", "<" },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_STR(html_text(&a, str_of(cases[i].html)), str_of(cases[i].text), i);
    arena_free(&a);
}

static void a_reference_is_resolved_as_rfc_3986_says(void **state)
{
    /* RFC 3986 5.4, with the base "http://a/b/c/d;p?q". */
    static const char *const cases[][2] = {
        { "g:h", "g:h" },
        { "g", "http://a/b/c/g" },
        { "./g", "http://a/b/c/g" },
        { "g/", "http://a/b/c/g/" },
        { "/g", "http://a/g" },
        { "//g", "http://g" },
        { "?y", "http://a/b/c/d;p?y" },
        { "g?y", "http://a/b/c/g?y" },
        { "#s", "http://a/b/c/d;p?q#s" },
        { "g#s", "http://a/b/c/g#s" },
        { ";x", "http://a/b/c/;x" },
        { "", "http://a/b/c/d;p?q" },
        { ".", "http://a/b/c/" },
        { "..", "http://a/b/" },
        { "../g", "http://a/b/g" },
        { "../..", "http://a/" },
        { "../../../g", "http://a/g" },
        { "/./g", "http://a/g" },
        { "g..", "http://a/b/c/g.." },
        { "./../g", "http://a/b/g" },
        { "g;x=1/../y", "http://a/b/c/y" },
        { "g?y/../x", "http://a/b/c/g?y/../x" },
    };
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_STR(url_join(&a, STR("http://a/b/c/d;p?q"), str_of(cases[i][0])), str_of(cases[i][1]),
                  i);
    arena_free(&a);
}

/* A key is declared, stands in a request, and goes to a host that the adapter writes out. */
static void a_secret_goes_only_where_the_adapter_says(void **state)
{
    static const struct {
        const char *url, *header, *template;
        bool good;
    } cases[] = {
        { "https://api.example/jobs?k={secret:KEY}", "Accept: x", "", true },
        { "https://api.example/jobs", "X-Key: {secret:KEY}", "", true },
        { "https://api.example/jobs", "X-Key: {secret:OTHER}", "", false },
        { "https://api.example/jobs?k={secret:OTHER}", "Accept: x", "", false },
        { "http://api.example/jobs?k={secret:KEY}", "Accept: x", "", false },
        { "{base}/jobs", "X-Key: {secret:KEY}", "", false },
        { "https://{base}.example/jobs", "X-Key: {secret:KEY}", "", false },
        { "https://api.example/jobs", "X-Key: {secret:KEY}", "{secret:KEY}", false },
    };
    static struct adapter_secret secrets[] = { { .name = { "KEY", 3 } } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct adapter ad = board();
        struct str header = str_of(cases[i].header);
        struct diag d = { 0 };

        ad.secrets.items = secrets;
        ad.secrets.n = 1;
        ad.steps.items[0].url = str_of(cases[i].url);
        ad.steps.items[0].headers = (struct strs){ &header, 1, 1 };
        ad.fields.items[2].template = str_of(cases[i].template);
        CHECK_ROW(!adapter_check(&ad, &d) == cases[i].good, i);
        CHECK_ROW(cases[i].good || d.text[0], i);
        ad.fields.items[2].template = (struct str){ 0 };
    }
}

RUN_TESTS(TEST(a_secret_goes_only_where_the_adapter_says), TEST(only_a_proven_list_is_complete),
          TEST(the_same_bytes_on_every_page_are_unchanged),
          TEST(fewer_pages_than_before_are_a_change),
          TEST(a_detail_that_was_never_answered_is_owed),
          TEST(a_list_without_titles_is_doubted_once_a_fortnight),
          TEST(boards_that_are_not_read_say_why), TEST(a_wrong_adapter_is_refused_at_its_value),
          TEST(json_is_judged_by_rfc_8259), TEST(json_is_cut_out_of_a_script),
          TEST(markup_becomes_the_text_a_reader_sees),
          TEST(a_reference_is_resolved_as_rfc_3986_says))
