/* What a golden output cannot show of the shipped adapters: what they ask. */
#include "test.h"

#include "config/config.h"
#include "core/arena.h"
#include "parsers/reading.h"

/* What a Workday site's facets say of India, and the facets that the list is then asked with. */
static const struct {
    const char *facets, *asked;
} countries[] = {
    { "{\"facetParameter\":\"locationMainGroup\",\"values\":[{\"facetParameter\":"
      "\"locationCountry\",\"values\":[{\"descriptor\":\"Peru\",\"id\":\"p0\"},{"
      "\"descriptor\":\"India\",\"id\":\"a1b2\"}]}]}",
      "{\"locationCountry\":[\"a1b2\"]}" },
    { "{\"facetParameter\":\"Location_Country\",\"values\":[{\"descriptor\":\"India\","
      "\"id\":\"c3\"}]}",
      "{\"Location_Country\":[\"c3\"]}" },
    { "{\"facetParameter\":\"locationCountry\",\"values\":[{\"descriptor\":\"Peru\","
      "\"id\":\"p0\"}]}",
      "{\"locationCountry\":[\"bc33aa3152ec42d4995f4791a106ed09\"]}" },
    { "{\"facetParameter\":\"timeType\",\"values\":[]}", "{}" },
};

static struct request asked_next(struct reading *r, uint32_t *ret_ticket)
{
    struct request q = { 0 };
    struct diag d = { 0 };

    CHECK(reading_next(r, &q, ret_ticket, &d) == READING_REQUEST);
    return q;
}

static void a_workday_site_is_asked_for_india_in_its_own_words(void **state)
{
    struct config_options opt = { .path = SOURCE_DIR "/config", .shipped = SOURCE_DIR "/config" };
    static struct str params[] = { { "base=https://t.wd3.myworkdayjobs.com", 36 },
                                   { "tenant=t", 8 },
                                   { "site=s", 6 } };
    struct source src = { .key = STR("workday:t"), .params = { params, 3, 3 } };
    struct arena a = ARENA_INIT, page = ARENA_INIT;
    struct config c = { 0 };
    struct diag d = { 0 };

    (void)state;
    CHECK(config_load(&a, &opt, &c, &d) == 0);
    for (size_t i = 0; i < ARRAY_LEN(countries); i++) {
        struct reading_options now = { .now = 1795392000 };
        struct answer answer = { .outcome = ANSWER_OK, .status = 200 };
        struct reading_items items;
        struct reading *r = NULL;
        struct request q;
        uint32_t ticket;

        CHECK(reading_open(&r, config_adapter(&c, STR("workday")), &src, &now, &d) == 0);
        (void)asked_next(r, &ticket);
        answer.body =
            str_printf(&a, "{\"total\":9,\"jobPostings\":[],\"facets\":[%s]}", countries[i].facets);
        CHECK_ROW(reading_take(r, ticket, &answer, &page, &items, &d) == 0, i);
        q = asked_next(r, &ticket);
        CHECK_STR(q.body,
                  str_printf(&a,
                             "{\"appliedFacets\":%s,\"limit\":20,\"offset\":0,\"searchText\":\"\"}",
                             countries[i].asked),
                  i);
        reading_close(&r);
    }
    arena_free(&page);
    arena_free(&a);
}

RUN_TESTS(TEST(a_workday_site_is_asked_for_india_in_its_own_words))
