#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/extract.h"
#include "test.h"

#include "shipped_rules.h"

enum { UNKNOWN = MODE_UNKNOWN, ONSITE = MODE_ONSITE, HYBRID = MODE_HYBRID, REMOTE = MODE_REMOTE };

struct row {
    const char *title, *place, *text;
    int want;
    const char *from; /* the words that decide; "" where the mode is a field's or unknown */
};

/* What the text alone says. */
static const struct row texts[] = {
    { "", "", "We work 3 days a week from the office in Pune.", HYBRID, NULL },
    { "", "", "This is a fully remote position.", REMOTE, NULL },
    { "", "", "Mode: work from office, 5 days", ONSITE, NULL },
    { "", "", "Apply now. #LI-Remote", REMOTE, "LI-Remote" },
    { "", "", "Apply now. #LI-Hybrid", HYBRID, "LI-Hybrid" },
    { "", "", "Experience with hybrid cloud and remote procedure calls", UNKNOWN, NULL },
    { "", "", "", UNKNOWN, NULL },
    { "", "", "Remote sensing of crops from satellites", UNKNOWN, NULL },
    { "", "", "You support remote teams in three countries", UNKNOWN, NULL },
    { "", "", "Troubleshoot remote access and VPN", UNKNOWN, NULL },
    { "", "", "Perks: a work from home stipend and lunch", UNKNOWN, NULL },
    { "", "", "Work from home Wednesdays", UNKNOWN, NULL },
    { "", "", "Remote work:\nHybrid\nJob number: 7", HYBRID, NULL },
    { "", "", "Remote work:\nNo\nJob number: 7", ONSITE, NULL },
    { "", "", "Remote work:\nYes\nJob number: 7", REMOTE, NULL },
    { "", "", "Work Location: In person", ONSITE, NULL },
    { "", "", "Work Location: Hybrid remote in Pune 411001", HYBRID, NULL },
    { "", "", "Work type \xE2\x80\x93 Hybrid", HYBRID, NULL },
    { "", "", "Work\xC2\xA0Mode:\xC2\xA0WFO", ONSITE, NULL },
    { "", "", "Be in the office 4+ days per week", HYBRID, NULL },
    { "", "", "in office 3 days weekly", HYBRID, NULL },
    { "", "", "In the office twice a week, please", HYBRID, NULL },
    { "", "",
      "Office: 2\xE2\x80\x93"
      "3 days a week in office",
      HYBRID, NULL },
    { "", "", "Hybrid - two weeks onsite in a month", HYBRID, NULL },
    { "", "", "Five days a week in the office", ONSITE, NULL },
    { "", "", "A massage at the office once a month", UNKNOWN, NULL },
    { "", "", "Our offices are in two countries", UNKNOWN, NULL },
    { "", "", "Phone screen, then half a day on-site", UNKNOWN, NULL },
    { "", "", "The role can be hybrid or remote.", REMOTE, NULL },
    { "", "", "This role is onsite in Pune.", ONSITE, NULL },
    { "", "", "The role is not remote.", UNKNOWN, NULL },
    { "", "", "This is not a remote role.", ONSITE, NULL },
    { "", "", "No remote, sorry", ONSITE, NULL },
    { "", "", "We are a remote-first company. This position is hybrid.", HYBRID, NULL },
    { "", "", "Our team is 100% remote. This is a hybrid role in Pune.", HYBRID, NULL },
    { "", "", "We work in a hybrid model, and this role is fully remote.", REMOTE, NULL },
    { "", "", "Work hybrid, onsite or fully remote, depending on the role.", UNKNOWN, NULL },
    { "", "", "For our office-based teams this means 3 days a week in the office.", UNKNOWN, NULL },
    { "", "", "If you live near Pune, come in two days a week to the office.", UNKNOWN, NULL },
    { "", "", "Palash | Engineer | Pune | ONSITE | https://jobs.example.in", ONSITE, NULL },
    { "", "", "Palash | Engineer | Pune | ONSITE or REMOTE | full-time", REMOTE, NULL },
    { "", "", "NO REMOTE, but we sponsor visas", ONSITE, NULL },
    { "", "", "About us\nRemote\nApply", REMOTE, NULL },
};

/* A field first; but an ad's own words of this one job take a field's "remote" back. */
static const struct row fields[] = {
    { "", "Bengaluru, India (Remote)", "We bake bread.", REMOTE, "Remote" },
    { "", "Pune | On-site", "We bake bread.", ONSITE, "On-site" },
    { "", "Pune, Telecommute", "We bake bread.", REMOTE, "Telecommute" },
    { "", "Pune, WFH", "We bake bread.", REMOTE, "WFH" },
    { "", "Bengaluru, India,Remote", "A hybrid remote/onsite role at our Pune office.", HYBRID,
      NULL },
    { "", "Remote", "Willing to work from the office 3 days a week", HYBRID, NULL },
    { "", "Remote", "We have a hybrid work model.", REMOTE, NULL },
    { "", "Remote", "#LI-Onsite", ONSITE, "LI-Onsite" },
    { "", "Remote Hybrid,Remote,Pune, India", "We bake bread.", HYBRID, NULL },
    { "", "Remote Hybrid,Remote,Pune, India", "#LI-Remote", REMOTE, NULL },
    { "", "Hybrid or Remote", "", REMOTE, NULL },
    { "", "Pune (Hybrid: 4 days office / 1 day WFH)", "", HYBRID, NULL },
    { "", "Pune - Hybrid; India - Remote", "", REMOTE, NULL },
    { "", "Pune (on-site)", "We work remote two days per week.", HYBRID, NULL },
    { "Data Engineer (Remote)", "Pune", "We bake bread.", REMOTE, "Remote" },
    { "Remote Sensing Scientist", "Pune", "We bake bread.", UNKNOWN, NULL },
    { "Hybrid Cloud Engineer", "Pune", "We bake bread.", UNKNOWN, NULL },
    { "ML Engineer - Hybrid", "Pune", "We bake bread.", HYBRID, "Hybrid" },
};

static void check_rows(struct extractor *x, struct arena *a, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str place = str_of(rows[i].place), from;
        struct listing l = { .title = str_of(rows[i].title),
                             .places = { &place, place.n > 0, place.n > 0 },
                             .text = str_of(rows[i].text) };
        struct signal s = { 0 };
        struct diag d = { 0 };

        CHECK_ROW(extract(x, &l, a, &s, &d) == 0, i);
        CHECK_STR(str_of(work_mode_name(s.mode)),
                  str_of(work_mode_name((enum work_mode)rows[i].want)), i);
        if (!rows[i].from)
            continue;
        from = s.mode_from.field == FIELD_TITLE   ? l.title
               : s.mode_from.field == FIELD_PLACE ? place
                                                  : l.text;
        CHECK_STR(str_slice(from, s.mode_from.start, s.mode_from.end), str_of(rows[i].from), i);
    }
}

static void the_mode_is_what_an_ad_says_of_this_job(void **state)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(extractor_close) struct extractor *x = shipped_extractor(&a, &c);

    (void)state;
    CHECK(x);
    if (!x)
        return;
    check_rows(x, &a, texts, ARRAY_LEN(texts));
    check_rows(x, &a, fields, ARRAY_LEN(fields));
}

static void a_strange_rule_is_refused(void **state)
{
    static const struct {
        struct mode_rule rule;
        const char *says;
    } rows[] = {
        { { .id = STR("a"), .mode = STR("afar"), .says = STR("role") }, "no such mode: afar" },
        { { .id = STR("a"), .mode = STR("remote"), .says = STR("sung") }, "no such says: sung" },
        { { .id = STR("a"), .mode = STR("remote"), .says = STR("role") }, "needs yes: and no:" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct rule_set set = { 0 };
        struct mode_rule rule = rows[i].rule;
        struct extractor *x = NULL;
        struct diag d = { 0 };

        set.modes.items = &rule;
        set.modes.n = 1;
        CHECK_ROW(extractor_open(&x, &set, &d) == ERR_CONFIG, i);
        CHECK_ROW(strstr(d.text, rows[i].says) != NULL, i);
        extractor_close(&x);
    }
}

RUN_TESTS(TEST(the_mode_is_what_an_ad_says_of_this_job), TEST(a_strange_rule_is_refused))
