#include "parsers/requisition.h"

#include "core/arena.h"
#include "core/cleanup.h"
#include "spots_of.h"
#include "test.h"

static void an_ad_gives_the_number_of_its_job(void **state)
{
    static const struct {
        const char *title, *text, *want;
    } rows[] = {
        { "Engineer", "Requisition ID: JR-10423", "JR-10423" },
        { "Engineer", "Req ID #: 4411", "4411" },
        { "Engineer", "Job Number 4411-A", "4411-A" },
        { "Engineer", "Job # 4411", "4411" },
        { "Engineer", "Apply at https://neem.example/jobs/2869-engineer now", "2869-engineer" },
        { "Engineer", "We hire. R0184095 is open.", "R0184095" },
        { "Engineer", "ref REQ_001733.", "REQ_001733" },
        { "Engineer", "Opening 2023-21666 is for you", "2023-21666" },
        { "Engineer", "142035BR", "142035BR" },
        { "Engineer", "About us\n### POS-24007\nYou will run things", "POS-24007" },
        { "Engineer - 5050304", "Req ID: 77001", "5050304" }, /* the title first */
        { "2024-7248_Engineer", "", "2024-7248" },
        /* several jobs, or one number twice */
        { "Engineer", "Job ID: 4411. Job ID: 4412.", "" },
        { "Engineer", "Job ID: 4411. Job ID: 4411.", "4411" },
        { "Engineer", "R0184095 and R0184096", "" },
        /* numbers of other things */
        { "Engineer", "Job code of conduct: 2024", "" },
        { "Engineer", "Founded 2015, 400 people, 24x7", "" },
        { "Engineer", "3 to 5 years in the role. 90% remote", "" },
        { "Engineer, New York, NY 10018", "", "" },
        { "Engineer", "We use POS-24007 terminals in our shops", "" },
        { "Engineer", "R00000000000000000000000000000001", "" }, /* no number is so long */
        { "Engineer II", "Call 0222345678", "" },
        { "", "", "" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct listing l = { .title = str_of(rows[i].title), .text = str_of(rows[i].text) };
        struct spots spots = spots_of(&a, l.text);
        struct requisition got;
        struct str in;

        requisition_read(&l, &spots, &got);
        CHECK_STR(got.id, str_of(rows[i].want), i);
        if (!got.id.n)
            continue;
        in = got.from.field == FIELD_TITLE ? l.title : l.text;
        CHECK_STR(str_slice(in, got.from.start, got.from.end), got.id, i);
        CHECK_ROW(got.from.rule[0] && got.from.confidence == CONFIDENCE_MEDIUM, i);
    }
}

RUN_TESTS(TEST(an_ad_gives_the_number_of_its_job))
