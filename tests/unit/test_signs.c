#include "test.h"

#include "config/config.h"
#include "core/arena.h"
#include "parsers/reading.h"

/* What the shipped adapters make of a soft answer: status 200, and where it led in the end. */
static const struct {
    const char *adapter, *param, *final_url, *body;
    enum reading_outcome outcome;
    bool zero_ambiguous;
} rows[] = {
    { "bamboohr", "base=https://palash.bamboohr.com", "https://www.bamboohr.com/", "<html></html>",
      READ_GONE, false },
    { "bamboohr", "base=https://palash.bamboohr.com", "", "{\"result\":[]}", READ_COMPLETE, false },
    { "bamboohr", "base=https://palash.bamboohr.com", "https://palash.bamboohr.com/login.php",
      "{\"result\":[]}", READ_FAILED, false },
    { "breezy", "base=https://palash.breezy.hr", "https://breezy.hr/", "[]", READ_GONE, false },
    { "breezy", "base=https://palash.breezy.hr", "", "[]", READ_COMPLETE, false },
    { "freshteam", "base=https://palash.freshteam.com", "https://www.freshworks.com/hrms/",
      "<html></html>", READ_GONE, false },
    { "gem", "board=palash", "", "[{\"data\":{\"oatsExternalJobPostings\":null}}]", READ_FAILED,
      false },
    { "icims", "base=https://careers-palash.icims.com", "https://www.icims.com/", "<html></html>",
      READ_GONE, false },
    { "icims", "base=https://careers-palash.icims.com", "",
      "<html><body><div class='iCIMS_MainWrapper'></div></body></html>", READ_COMPLETE, true },
    { "jibe", "base=https://careers.palash.example", "", "<html>Please wait</html>", READ_FAILED,
      false },
    { "jobvite", "board=palash", "https://search.jobvite.com/?invalid=1", "<html></html>",
      READ_GONE, false },
    { "jobvite-feed", "code=qAbc", "https://app.jobvite.com/CompanyJobs/NoJobs.htm", "<result/>",
      READ_FAILED, false },
    { "phenom", "base=https://careers.palash.example", "",
      "{\"refineSearch\":{\"totalHits\":0,\"data\":{\"jobs\":[]}}}", READ_COMPLETE, true },
    { "pinpoint", "base=https://palash.pinpointhq.com", "https://www.pinpointhq.com/", "{}",
      READ_GONE, false },
};

static void a_soft_answer_is_told_from_a_board(void **state)
{
    struct arena a = ARENA_INIT;
    struct config_options where = { .path = SOURCE_DIR "/config", .shipped = SOURCE_DIR "/config" };
    struct config c = { 0 };
    struct diag d = { 0 };

    (void)state;
    CHECK(config_load(&a, &where, &c, &d) == 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str param = str_of(rows[i].param);
        struct source s = { .key = STR("played"),
                            .adapter = str_of(rows[i].adapter),
                            .params = { &param, 1, 1 } };
        struct reading_options opt = { 0 };
        struct reading *r = NULL;
        struct request q = { 0 };
        struct reading_items items = { 0 };
        struct reading_result res = { 0 };
        struct answer an = { .outcome = ANSWER_OK, .status = 200, .body = str_of(rows[i].body) };
        uint32_t ticket = 0;

        CHECK_ROW(reading_open(&r, config_adapter(&c, s.adapter), &s, &opt, &d) == 0, i);
        CHECK_ROW(reading_next(r, &q, &ticket, &d) == READING_REQUEST, i);
        an.final_url = rows[i].final_url[0] ? str_of(rows[i].final_url) : q.url;
        /* A body that is not this board's is an error of its own. */
        CHECK_ROW(
            reading_take(r, ticket, &an, &a, &items, &d) == 0 || rows[i].outcome == READ_FAILED, i);
        reading_result(r, &res);
        CHECK_ROW(res.outcome == rows[i].outcome, i);
        CHECK_ROW(res.zero_ambiguous == rows[i].zero_ambiguous, i);
        reading_close(&r);
    }
    arena_free(&a);
}

RUN_TESTS(TEST(a_soft_answer_is_told_from_a_board))
