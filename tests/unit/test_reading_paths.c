/* How a reading walks: kinds of paging, details, validators, windows, tenants, challenges. */
#include "test.h"

#include "core/arena.h"
#include "parsers/documents.h"
#include "parsers/reading.h"

#define L(literal)                                                                                 \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

/* What is asked, by the end of its address, and what is answered: a body or a status. */
struct exchange {
    const char *asked, *answer;
};

static struct adapter_row fields[] = {
    { .to = L("native_id"), .at = L("/id") },
    { .to = L("title"), .at = L("/title") },
    { .to = L("text"), .at = L("/text") },
};
static struct adapter_row detail_fields[] = { { .to = L("text"), .at = L("/text") } };
static struct adapter_param params[] = { { .name = L("base"), .required = true },
                                         { .name = L("tenant") } };
static struct adapter_sign not_board[] = { { .phrase = L("(?i)checking your browser") },
                                           { .final_url = L("/login") } };

struct board {
    struct adapter adapter;
    struct adapter_step step;
};

static void init(struct board *b, const char *url, struct adapter_paging paging)
{
    b->step = (struct adapter_step){ .name = STR("jobs"),
                                     .url = str_of(url),
                                     .shape = STR("/jobs"),
                                     .items = STR("/jobs"),
                                     .paging = paging };
    b->adapter = (struct adapter){ .id = STR("played"),
                                   .params = { params, 2, 2 },
                                   .fields = { fields, 3, 3 },
                                   .not_board = { not_board, 2, 2 },
                                   .steps = { &b->step, 1, 1 } };
}

static struct answer answer_of(const char *text, struct str url)
{
    struct answer an = { .outcome = ANSWER_OK, .status = 200, .final_url = url };
    int64_t status;

    if (!str_int(str_of(text), &status)) {
        an.body = str_of(text);
        return an;
    }
    an.status = (int)status;
    if (status == 304)
        an.outcome = ANSWER_UNCHANGED;
    if (status == 302)
        an = (struct answer){ .outcome = ANSWER_OK,
                              .status = 200,
                              .final_url = STR("http://127.0.0.2/login") };
    return an;
}

struct seen {
    size_t requests, with_validators, texts, gone, as_kept;
};

/* Each request must be the next of `exchanges`, in order. */
static struct seen play(const struct board *b, const struct reading_options *opt,
                        const struct exchange *exchanges, struct reading **r, size_t row)
{
    static struct str given[] = { L("base=http://127.0.0.2"), L("tenant=tarang") };
    struct source s = { .key = STR("played:x"), .params = { given, 2, 2 } };
    struct arena page = ARENA_INIT;
    struct seen seen = { 0 };
    struct diag d = { 0 };
    struct request q;
    uint32_t ticket;

    CHECK_ROW(reading_open(r, &b->adapter, &s, opt, &d) == 0, row);
    while (reading_next(*r, &q, &ticket, &d) == READING_REQUEST) {
        const struct exchange *x = &exchanges[seen.requests];
        struct reading_items items = { 0 };
        struct answer an = answer_of(x->asked ? x->answer : "500", q.url);

        CHECK_ROW(x->asked && str_ends(q.url, str_of(x->asked)), row);
        seen.requests += x->asked != NULL;
        seen.with_validators += q.etag.n > 0;
        CHECK_ROW(reading_take(*r, ticket, &an, &page, &items, &d) <= 0, row);
        seen.as_kept += items.as_kept;
        for (size_t i = 0; i < items.n; i++) {
            seen.texts += items.items[i].listing.text_read;
            seen.gone += items.items[i].detail_gone;
        }
        arena_reset(&page);
    }
    CHECK_ROW(!exchanges[seen.requests].asked, row);
    arena_free(&page);
    return seen;
}

#define J(id)      "{\"id\":\"" id "\",\"title\":\"ML Engineer\",\"text\":\"Ray\"}"
#define J_BARE(id) "{\"id\":\"" id "\",\"title\":\"ML Engineer\"}"

#define OFFSET                                                                                     \
    {                                                                                              \
        .kind = L("offset"), .size = 2, .total = L("/total")                                       \
    }
#define CURSOR                                                                                     \
    {                                                                                              \
        .kind = L("cursor"), .at = L("/next")                                                      \
    }
#define LINK                                                                                       \
    {                                                                                              \
        .kind = L("link"), .at = L("/next")                                                        \
    }
#define CAPPED                                                                                     \
    {                                                                                              \
        .kind = L("offset"), .size = 2, .cap = 4                                                   \
    }
#define SHORT                                                                                      \
    {                                                                                              \
        .kind = L("page"), .first = 1, .size = 1, .max_pages = 2                                   \
    }

static const struct {
    const char *url;
    struct adapter_paging paging;
    struct exchange exchanges[7];
    enum reading_outcome outcome;
    int64_t got;
} walks[] = {
    { "{base}/o?at={offset}",
      OFFSET,
      { { "/o?at=0", "{\"total\":3,\"jobs\":[" J("a") "," J("b") "]}" },
        { "/o?at=2", "{\"total\":3,\"jobs\":[" J("c") "]}" } },
      READ_COMPLETE,
      3 },
    /* the board gives fewer a page than it was asked for */
    { "{base}/o?at={offset}",
      OFFSET,
      { { "/o?at=0", "{\"total\":3,\"jobs\":[" J("a") "]}" },
        { "/o?at=1", "{\"total\":3,\"jobs\":[" J("b") "]}" },
        { "/o?at=2", "{\"total\":3,\"jobs\":[" J("c") "]}" } },
      READ_COMPLETE,
      3 },
    { "{base}/c?after={cursor}",
      CURSOR,
      { { "/c?after=", "{\"next\":\"k1\",\"jobs\":[" J("a") "]}" },
        { "/c?after=k1", "{\"next\":\"k2\",\"jobs\":[" J("b") "]}" },
        { "/c?after=k2", "{\"jobs\":[" J("c") "]}" } },
      READ_COMPLETE,
      3 },
    /* a cursor that comes again would be followed for ever */
    { "{base}/c?after={cursor}",
      CURSOR,
      { { "/c?after=", "{\"next\":\"k1\",\"jobs\":[" J("a") "]}" },
        { "/c?after=k1", "{\"next\":\"k1\",\"jobs\":[" J("b") "]}" } },
      READ_PARTIAL,
      2 },
    { "{base}/l",
      LINK,
      { { "/l", "{\"next\":\"/l?p=2\",\"jobs\":[" J("a") "]}" },
        { "/l?p=2", "{\"next\":\"http://127.0.0.2/l?p=3\",\"jobs\":[" J("b") "]}" },
        { "/l?p=3", "{\"next\":null,\"jobs\":[" J("c") "]}" } },
      READ_COMPLETE,
      3 },
    { "{base}/l",
      LINK,
      { { "/l", "{\"next\":\"/l?p=2\",\"jobs\":[" J("a") "]}" }, { "/l?p=2", "500" } },
      READ_PARTIAL,
      1 },
    /* the board stops at four, so four prove nothing */
    { "{base}/o?at={offset}",
      CAPPED,
      { { "/o?at=0", "{\"jobs\":[" J("a") "," J("b") "]}" },
        { "/o?at=2", "{\"jobs\":[" J("c") "," J("d") "]}" },
        { "/o?at=4", "{\"jobs\":[]}" } },
      READ_PARTIAL,
      4 },
    { "{base}/o?at={offset}",
      CAPPED,
      { { "/o?at=0", "{\"jobs\":[" J("a") "," J("b") "]}" }, { "/o?at=2", "{\"jobs\":[]}" } },
      READ_COMPLETE,
      2 },
    /* a page that repeats what came before: the board ignores the offset */
    { "{base}/o?at={offset}",
      CAPPED,
      { { "/o?at=0", "{\"jobs\":[" J("a") "," J("b") "]}" },
        { "/o?at=2", "{\"jobs\":[" J("a") "," J("b") "]}" } },
      READ_PARTIAL,
      2 },
    /* our own bound on pages */
    { "{base}/p?page={page}",
      SHORT,
      { { "/p?page=1", "{\"jobs\":[" J("a") "]}" }, { "/p?page=2", "{\"jobs\":[" J("b") "]}" } },
      READ_PARTIAL,
      2 },
};

static void a_list_is_walked_to_its_natural_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(walks); i++) {
        struct reading_options opt = { 0 };
        struct reading_result res = { 0 };
        struct reading *r = NULL;
        struct board b;

        init(&b, walks[i].url, walks[i].paging);
        play(&b, &opt, walks[i].exchanges, &r, i);
        reading_result(r, &res);
        CHECK_ROW(res.outcome == walks[i].outcome, i);
        CHECK_ROW(res.got == walks[i].got, i);
        CHECK_ROW((res.error[0] == '\0') == (walks[i].outcome == READ_COMPLETE), i);
        reading_close(&r);
    }
}

/* Pages that are no list of this board: nothing of them is believed. */
static const struct {
    const char *answer;
    enum reading_outcome outcome;
} strangers[] = {
    { "{\"jobs\":[" J("a") "],\"note\":\"Checking your browser\"}", READ_FAILED },
    { "302", READ_FAILED }, /* to the login page */
    { "403", READ_FAILED },
    { "429", READ_FAILED },
    { "{\"tenant\":\"other\",\"jobs\":[" J("a") "]}", READ_FAILED },
    { "{\"tenant\":\"tarang\",\"jobs\":[" J("a") "]}", READ_COMPLETE },
    { "{\"jobs\":[" J("a") "]}", READ_COMPLETE }, /* an answer need not name its tenant */
};

static void another_tenant_or_a_challenge_proves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
        struct exchange once[] = { { "/jobs", strangers[i].answer }, { 0 } };
        struct reading_options opt = { 0 };
        struct reading_result res = { 0 };
        struct reading *r = NULL;
        struct board b;

        init(&b, "{base}/jobs", (struct adapter_paging){ 0 });
        b.step.tenant = STR("/tenant");
        play(&b, &opt, once, &r, i);
        reading_result(r, &res);
        CHECK_ROW(res.outcome == strangers[i].outcome, i);
        CHECK_ROW(res.got == (strangers[i].outcome == READ_COMPLETE), i);
        reading_close(&r);
    }
}

/* HTML says nowhere that it was cut off; JSON stands for it here. */
static void a_page_without_its_end_proves_nothing(void **state)
{
    static const struct {
        const char *whole;
        enum reading_outcome outcome;
    } ends[] = { { NULL, READ_COMPLETE },
                 { "\\}\\s*$", READ_COMPLETE },
                 { "(?i)</HTML", READ_FAILED } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        static const struct exchange once[] = { { "/jobs", "{\"jobs\":[" J("a") "]}" }, { 0 } };
        struct reading_options opt = { 0 };
        struct reading_result res = { 0 };
        struct reading *r = NULL;
        struct board b;

        init(&b, "{base}/jobs", (struct adapter_paging){ 0 });
        b.step.whole = str_of(ends[i].whole);
        play(&b, &opt, once, &r, i);
        reading_result(r, &res);
        CHECK_ROW(res.outcome == ends[i].outcome, i);
        CHECK_ROW(res.got == (ends[i].outcome == READ_COMPLETE), i);
        reading_close(&r);
    }
}

static const char bare_list[] = "{\"jobs\":[" J_BARE("a") "," J_BARE("b") "]}";

/* The list decides the outcome; a detail brings a text, is owed, or says that the job is gone. */
static const struct {
    const char *detail_of_b;
    uint32_t max_details;
    size_t texts, gone;
    int64_t asked, read, owed;
} details[] = {
    { "{\"text\":\"Spark\"}", 0, 2, 0, 2, 2, 0 },
    { "404", 0, 1, 1, 2, 1, 0 },
    { "410", 0, 1, 1, 2, 1, 0 },
    { "500", 0, 1, 0, 2, 1, 1 },
    { "{\"text\":", 0, 1, 0, 2, 1, 1 },
    { NULL, 1, 1, 0, 1, 1, 1 }, /* over the budget: not asked */
};

static void details_bring_texts_and_never_decide_the_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(details); i++) {
        struct exchange exchanges[] = { { "/jobs", bare_list },
                                        { "/jobs/a", "{\"text\":\"Ray\"}" },
                                        { details[i].detail_of_b ? "/jobs/b" : NULL,
                                          details[i].detail_of_b },
                                        { 0 } };
        struct reading_options opt = { .max_details = details[i].max_details };
        struct reading_result res = { 0 };
        struct reading *r = NULL;
        struct seen seen;
        struct board b;

        init(&b, "{base}/jobs", (struct adapter_paging){ 0 });
        b.adapter.detail =
            (struct adapter_step){ .name = STR("job"), .url = STR("{base}/jobs/{native_id}") };
        b.adapter.detail_fields = (struct adapter_rows){ detail_fields, 1, 1 };
        seen = play(&b, &opt, exchanges, &r, i);
        reading_result(r, &res);
        CHECK_ROW(res.outcome == READ_COMPLETE && res.got == 2, i);
        CHECK_ROW(seen.texts == details[i].texts && seen.gone == details[i].gone, i);
        CHECK_ROW(res.details_asked == details[i].asked, i);
        CHECK_ROW(res.details_read == details[i].read && res.details_owed == details[i].owed, i);
        reading_close(&r);
    }
}

static bool is_mlops(void *ctx, struct str title)
{
    (void)ctx;
    return str_find(title, STR("MLOps")) >= 0;
}

/* What could be counted is asked first, wherever it is listed; what the budget leaves is owed, and
 * said so, and still the list proves what it proves. */
static void the_budget_goes_to_the_texts_that_could_count(void **state)
{
    static const char two[] =
        "{\"jobs\":[" J_BARE("a") "," J_BARE("b") "],\"next\":\"http://127.0.0.2/two\"}";
    static const char last[] =
        "{\"jobs\":[" J_BARE("c") ",{\"id\":\"d\",\"title\":\"MLOps Engineer\"}]}";
    static const struct {
        uint32_t max_details;
        const char *asked[5];
        const char *proof;
    } rows[] = {
        { 1, { "/jobs/d" }, "; texts not read yet: 3" },
        { 2, { "/jobs/d", "/jobs/a" }, "; texts not read yet: 2" },
        { 3, { "/jobs/d", "/jobs/a", "/jobs/b" }, "; texts not read yet: 1" },
        { 4, { "/jobs/d", "/jobs/a", "/jobs/b", "/jobs/c" }, "4 listed" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct exchange exchanges[7] = { { "/jobs", two }, { "/two", last } };
        struct reading_options opt = { .max_details = rows[i].max_details,
                                       .could_count = is_mlops };
        struct reading_result res = { 0 };
        struct reading *r = NULL;
        struct board b;

        for (size_t k = 0; k < 4 && rows[i].asked[k]; k++)
            exchanges[2 + k] = (struct exchange){ rows[i].asked[k], "{\"text\":\"Ray\"}" };
        init(&b, "{base}/jobs", (struct adapter_paging)LINK);
        b.adapter.detail =
            (struct adapter_step){ .name = STR("job"), .url = STR("{base}/jobs/{native_id}") };
        b.adapter.detail_fields = (struct adapter_rows){ detail_fields, 1, 1 };
        (void)play(&b, &opt, exchanges, &r, i);
        reading_result(r, &res);
        CHECK_ROW(res.outcome == READ_COMPLETE && res.got == 4, i);
        CHECK_ROW(res.details_read == rows[i].max_details, i);
        CHECK_ROW(res.details_owed == 4 - (int64_t)rows[i].max_details, i);
        CHECK_ROW(str_ends(str_of(res.proof), str_of(rows[i].proof)), i);
        reading_close(&r);
    }
}

/* A list of one page, however it pages and whatever its details; but not as another adapter read
 * it. */
#define ONE_PAGE                                                                                   \
    {                                                                                              \
        .first = 0                                                                                 \
    }
static const struct {
    struct adapter_paging paging;
    bool details;
    uint64_t reader;
    size_t with_validators;
    bool post;
} conditional[] = {
    { ONE_PAGE, false, 0, 1 },       { OFFSET, false, 0, 1 },
    { CURSOR, false, 0, 1 },         { { .kind = L("page"), .size = 2 }, false, 0, 1 },
    { ONE_PAGE, true, 0, 1 },        { OFFSET, true, 0, 1 },
    { ONE_PAGE, false, 7, 0 },       { OFFSET, true, 7, 0 },
    { ONE_PAGE, false, 0, 0, true },
};

static void a_304_to_our_validators_is_unchanged(void **state)
{
    static const struct exchange first[] = {
        { "/jobs", "{\"total\":1,\"jobs\":[" J_BARE("a") "]}" },
        { "/text/a", "{\"text\":\"Ray\"}" },
        { 0 },
    };
    static const struct exchange not_modified[] = { { "/jobs", "304" }, { 0 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(conditional); i++) {
        struct exchange told[] = { first[0], conditional[i].details ? first[1] : first[2], { 0 } };
        struct reading_options opt = { 0 };
        struct reading_result res = { 0 };
        struct reading *r = NULL, *again = NULL;
        struct page_copy copy;
        struct seen seen;
        struct board b;

        init(&b, "{base}/jobs", conditional[i].paging);
        if (conditional[i].post)
            b.step.method = STR("POST");
        if (conditional[i].details) {
            b.adapter.detail =
                (struct adapter_step){ .name = STR("text"), .url = STR("{base}/text/{native_id}") };
            b.adapter.detail_fields = (struct adapter_rows){ detail_fields, 1, 1 };
        }
        play(&b, &opt, told, &r, i);
        reading_result(r, &res);
        CHECK_ROW(res.n_page_copies == 1 && res.outcome == READ_COMPLETE, i);
        copy = res.page_copies[0];
        copy.etag = STR("\"v1\"");
        opt = (struct reading_options){ .pages = &copy, .n_pages = 1 };
        b.adapter.read_from.low = conditional[i].reader;
        seen = play(&b, &opt, conditional[i].with_validators ? not_modified : told, &again, i);
        reading_result(again, &res);
        CHECK_ROW(seen.with_validators == conditional[i].with_validators, i);
        CHECK_ROW((res.outcome == READ_UNCHANGED) == (seen.with_validators || conditional[i].post),
                  i);
        CHECK_ROW(str_ends(str_of(res.proof), STR("not read again"))
                      == (res.outcome == READ_UNCHANGED),
                  i);
        CHECK_ROW(
            res.n_page_copies == 1
                && str_eq(res.page_copies[0].etag, seen.with_validators ? copy.etag : STR("")),
            i);
        reading_close(&again);
        reading_close(&r);
    }
}

/* A board without validators: the same bytes are not read again, but by a new adapter they are. */
static void the_same_bytes_are_read_once_by_one_adapter(void **state)
{
    static const char before[] = "{\"jobs\":[" J("a") "]}", after[] = "{\"jobs\":[" J("b") "]}";
    static const struct {
        const char *answer;
        struct hash read_from;
        size_t texts;
        enum reading_outcome outcome;
    } days[] = {
        { before, { 1, 1 }, 1, READ_COMPLETE }, { before, { 1, 1 }, 0, READ_UNCHANGED },
        { before, { 2, 2 }, 1, READ_COMPLETE }, { after, { 2, 2 }, 1, READ_COMPLETE },
        { after, { 2, 2 }, 0, READ_UNCHANGED },
    };
    struct reading *r[ARRAY_LEN(days)] = { NULL };
    struct reading_options opt = { 0 };
    struct reading_result res = { 0 };
    struct board b;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        const struct exchange list[] = { { "/jobs", days[i].answer }, { 0 } };
        struct seen seen;

        init(&b, "{base}/jobs", (struct adapter_paging){ 0 });
        b.adapter.read_from = days[i].read_from;
        seen = play(&b, &opt, list, &r[i], i);
        reading_result(r[i], &res);
        CHECK_ROW(res.outcome == days[i].outcome, i);
        CHECK_ROW(seen.texts == days[i].texts && res.n_page_copies == 1, i);
        CHECK_ROW(seen.as_kept == (res.outcome == READ_UNCHANGED), i);
        opt.pages = res.page_copies;
        opt.n_pages = res.n_page_copies;
    }
    for (size_t i = 0; i < ARRAY_LEN(days); i++)
        reading_close(&r[i]);
}

/* One page of several may be as it was while another changed: a 304 could not say which. */
static void a_list_of_pages_is_asked_without_validators(void **state)
{
    static const struct exchange pages[] = {
        { "/o?at=0", "{\"total\":3,\"jobs\":[" J("a") "," J("b") "]}" },
        { "/o?at=2", "{\"total\":3,\"jobs\":[" J("c") "]}" },
        { 0 },
    };
    struct reading_options opt = { 0 };
    struct reading *r = NULL, *again = NULL;
    struct reading_result res = { 0 };
    struct page_copy copies[2];
    struct seen seen;
    struct board b;

    (void)state;
    init(&b, "{base}/o?at={offset}", (struct adapter_paging)OFFSET);
    play(&b, &opt, pages, &r, 0);
    reading_result(r, &res);
    CHECK(res.n_page_copies == 2);
    for (size_t i = 0; i < ARRAY_LEN(copies); i++) {
        copies[i] = res.page_copies[i];
        copies[i].etag = STR("\"v1\"");
    }
    opt = (struct reading_options){ .pages = copies, .n_pages = 2 };
    seen = play(&b, &opt, pages, &again, 0);
    reading_result(again, &res);
    CHECK(seen.with_validators == 0 && res.outcome == READ_UNCHANGED && !seen.as_kept);
    CHECK(!str_ends(str_of(res.proof), STR("not read again")));
    reading_close(&again);
    reading_close(&r);
}

static void a_window_says_so(void **state)
{
    static const struct exchange once[] = { { "/jobs", "{\"jobs\":[" J("a") "]}" }, { 0 } };
    static const char *const scopes[] = { "", "whole", "window" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        struct reading_options opt = { 0 };
        struct reading_result res = { 0 };
        struct reading *r = NULL;
        struct board b;

        init(&b, "{base}/jobs", (struct adapter_paging){ 0 });
        b.adapter.scope = str_of(scopes[i]);
        play(&b, &opt, once, &r, i);
        reading_result(r, &res);
        CHECK_ROW(res.outcome == READ_COMPLETE && res.window == (i == 2), i);
        CHECK_ROW((str_find(str_of(res.proof), STR("absence proves nothing")) >= 0) == (i == 2), i);
        reading_close(&r);
    }
}

static void a_sitemap_may_be_a_gzip_file(void **state)
{
    static const char packed[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x28\x29\x29\x28\xb6\xd2\xd7\x4f\x4e\x2c"
        "\x4a\x4d\x2d\x2a\xd6\x4b\xad\x48\xcc\x2d\xc8\x49\xd5\xcf\xca\x4f\x2a\xd6\x37\xe4\x02"
        "\x00\x78\x28\x10\x64\x1f\x00\x00\x00";
    enum { WHOLE = sizeof(packed) - 1 };
    static const struct {
        size_t n;
        int want;
    } cases[] = { { WHOLE, 0 }, { WHOLE - 9, ERR_FORMAT }, { 12, ERR_FORMAT }, { 2, ERR_FORMAT } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena a = ARENA_INIT;
        struct strs urls = { 0 };
        struct diag d;

        CHECK_ROW(sitemap_urls(&a, (struct str){ packed, cases[i].n }, &urls, &d) == cases[i].want,
                  i);
        if (cases[i].want == 0 && urls.n)
            CHECK_STR(urls.items[0], STR("https://careers.example/jobs/1"), i);
        CHECK_ROW(urls.n == (cases[i].want == 0), i);
        arena_free(&a);
    }
}

RUN_TESTS(TEST(a_list_is_walked_to_its_natural_end),
          TEST(another_tenant_or_a_challenge_proves_nothing),
          TEST(a_page_without_its_end_proves_nothing),
          TEST(details_bring_texts_and_never_decide_the_list),
          TEST(the_budget_goes_to_the_texts_that_could_count),
          TEST(a_304_to_our_validators_is_unchanged),
          TEST(the_same_bytes_are_read_once_by_one_adapter),
          TEST(a_list_of_pages_is_asked_without_validators), TEST(a_window_says_so),
          TEST(a_sitemap_may_be_a_gzip_file))
