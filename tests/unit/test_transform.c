/* Times and texts as sources write them. */
#include "test.h"

#include "core/arena.h"
#include "core/date.h"
#include "parsers/spellings.h"
#include "parsers/transform.h"

static const struct {
    struct str text;
    const char *want; /* NULL: no time */
} times[] = {
    { STR("2026-11-01"), "2026-11-01T00:00:00Z" },
    { STR("2026-11-01T10:00:00.000+0530"), "2026-11-01T04:30:00Z" },
    { STR("1793527200"), "2026-11-01T10:00:00Z" },
    { STR("1793527200.75"), "2026-11-01T10:00:00Z" },
    { STR("1793527200000"), "2026-11-01T10:00:00Z" },
    { STR("20261101"), "2026-11-01T00:00:00Z" },
    { STR("2026-7-27"), "2026-07-27T00:00:00Z" },
    { STR("2026/07/27"), "2026-07-27T00:00:00Z" },
    { STR("2026/7/27 10:00"), "2026-07-27T00:00:00Z" },
    { STR("2026-11-01 10:00:00 +0000 UTC"), "2026-11-01T00:00:00Z" },
    { STR("2026-11-01T10:00:00 EST"), "2026-11-01T00:00:00Z" },
    { STR("2026-11-01Z"), "2026-11-01T00:00:00Z" },
    { STR("27.07.2026"), "2026-07-27T00:00:00Z" },
    { STR("27-07-2026"), "2026-07-27T00:00:00Z" },
    { STR("7/27/2026"), "2026-07-27T00:00:00Z" },
    { STR("11/11/2026"), "2026-11-11T00:00:00Z" },
    { STR("Sun, 01 Nov 2026 10:00:00 +0530"), "2026-11-01T04:30:00Z" },
    { STR("Nov 1, 2026, 10:30 AM"), "2026-11-01T00:00:00Z" },
    { STR("01/11/2026"), NULL }, /* January or November */
    { STR("2026-13-01"), NULL },
    { STR("31.02.2026"), NULL },
    { STR("1.2.3"), NULL },
    { STR("10.0.26100"), NULL },
    { STR("2026"), NULL },
    { STR("soon"), NULL },
    { STR(""), NULL },
};

static void a_time_is_read_as_it_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        char iso[DATE_TEXT] = "";
        int64_t t = 0;
        bool ok = transform_time(times[i].text, &t);

        CHECK_ROW(ok == (times[i].want != NULL), i);
        if (!ok || !times[i].want)
            continue;
        date_format_iso(t, iso);
        CHECK_STR(str_of(iso), str_of(times[i].want), i);
    }
}

static const struct {
    struct str in, want;
} texts[] = {
    { STR("<p>Run</p><ul><li>Go &amp; C</li></ul>"), STR("Run\n- Go & C") },
    { STR("&lt;p&gt;Run&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Go&lt;/li&gt;&lt;/ul&gt;"), STR("Run\n- Go") },
    { STR("&amp;lt;p&amp;gt;Run&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Go&amp;lt;/p&amp;gt;"),
      STR("Run\n\nGo") },
    { STR("p &lt; 0.05 &amp; n &gt; 3"), STR("p < 0.05 & n > 3") },
    { STR("write &amp;amp; for &"), STR("write &amp; for &") },
};

static void markup_is_found_however_often_it_was_escaped(void **state)
{
    struct arena a = ARENA_INIT;
    transform_fn *html_auto = transform_find(STR("html_auto"));

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        CHECK_STR(html_auto(&a, texts[i].in, 0), texts[i].want, i);
    arena_free(&a);
}

static const struct {
    struct str spelt;
    enum work_mode mode;
} modes[] = {
    { STR("Fully On-Site"), MODE_ONSITE },
    { STR("fully"), MODE_REMOTE },
    { STR("Fully remote"), MODE_REMOTE },
    { STR("Home Office"), MODE_REMOTE },
    { STR("WFH"), MODE_REMOTE },
    { STR("remote_local"), MODE_REMOTE },
    { STR("TELECOMMUTE"), MODE_REMOTE },
    { STR("Partially Remote"), MODE_HYBRID },
    { STR("ORA_ON_SITE"), MODE_ONSITE },
    { STR("in_office"), MODE_ONSITE },
    { STR("Not remote"), MODE_ONSITE },
    { STR("In-person"), MODE_ONSITE },
    { STR("Hybrid (remote)"), MODE_HYBRID },
    { STR("unspecified"), MODE_UNKNOWN },
};

static const struct {
    struct str spelt;
    enum pay_period period;
} periods[] = {
    { STR("per-year-salary"), PERIOD_YEAR },
    { STR("1 YEAR"), PERIOD_YEAR },
    { STR("ANNUAL"), PERIOD_YEAR },
    { STR("ANN"), PERIOD_YEAR },
    { STR("MONTHLY"), PERIOD_MONTH },
    { STR("per-hour-wage"), PERIOD_HOUR },
    { STR("hr"), PERIOD_HOUR },
    { STR("daily"), PERIOD_DAY },
    { STR("bi-month-salary"), PERIOD_UNKNOWN },
    { STR("bi-week-salary"), PERIOD_UNKNOWN },
    { STR("SEMI_MONTHLY"), PERIOD_UNKNOWN },
    { STR("one-time"), PERIOD_UNKNOWN },
};

static const struct {
    struct str spelt, code;
} currencies[] = {
    { STR("INR"), STR("INR") },
    { STR("inr"), STR("INR") },
    { STR("\xE2\x82\xB9"), STR("INR") },
    { STR("Rs."), STR("INR") },
    { STR("\xC2\xA3"), STR("GBP") },
    { STR("$"), STR("") },
    { STR("1.5"), STR("") },
    { STR("rupees"), STR("") },
};

static void usual_spellings_mean_one_thing(void **state)
{
    struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(modes); i++)
        CHECK_ROW(mode_spelt(modes[i].spelt) == modes[i].mode, i);
    for (size_t i = 0; i < ARRAY_LEN(periods); i++)
        CHECK_ROW(period_spelt(periods[i].spelt) == periods[i].period, i);
    for (size_t i = 0; i < ARRAY_LEN(currencies); i++)
        CHECK_STR(currency_spelt(&a, currencies[i].spelt), currencies[i].code, i);
    arena_free(&a);
}

RUN_TESTS(TEST(usual_spellings_mean_one_thing), TEST(a_time_is_read_as_it_is_written),
          TEST(markup_is_found_however_often_it_was_escaped))
