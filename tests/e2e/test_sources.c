/* A board of one's own: added, checked, read; and one that waits for a yes. */
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "core/cleanup.h"
#include "tests/e2e/play.h"

static void open_play(struct play *p, const char *policy)
{
    play_open(p, "e2e-sources");
    play_file(p, "127.0.0.2/site.tsv", STR("GET\t" GREENHOUSE_PATH "\t-\t200\tAB.json\n"));
    play_file(p, "127.0.0.2/AB.json", greenhouse_board(&p->memory, "AB"));
    play_start(p, str_printf(&p->memory,
                             "- { adapter: greenhouse, company: 'Palash: Pay', policy: %s, "
                             "params: { token: palash, base: '@2' } }\n",
                             policy)
                      .p);
}

static void a_check_asks_as_a_crawl_does_and_records_nothing(void **state)
{
    struct spawned s;
    struct play p;

    (void)state;
    open_play(&p, "default");
    s = play(&p, "11T03:30", "source", "check", "greenhouse:palash", "--format", "jsonl");
    CHECK(s.status == 0);
    CHECK_STR(json_field(s.out, "outcome"), STR("\"complete\""), 0);
    CHECK_STR(json_field(s.out, "postings"), STR("2"), 0);
    CHECK(play_hits(&p, GREENHOUSE_PATH) == 1);
    CHECK(play_number(&p, "SELECT count(*) FROM v_reading") == 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_posting") == 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_request WHERE url LIKE '%boards/palash%'") == 1);
    s = play(&p, "11T03:31", "source", "check", "greenhouse:nobody");
    CHECK(s.status == 2 && str_find(s.err, STR("no source greenhouse:nobody")) >= 0);
    s = play(&p, "11T03:40", "crawl", "--format", "jsonl");
    CHECK(s.status == 0);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE open") == 2);
    play_close(&p);
}

static void a_board_that_waits_is_read_once_it_is_added(void **state)
{
    struct spawned s;
    struct play p;
    char path[400];

    (void)state;
    open_play(&p, "opt-in");
    s = play(&p, "11T03:30", "crawl");
    CHECK(s.status == 0 && play_hits(&p, "*") == 0);
    s = play(&p, "11T03:31", "source", "add", "greenhouse:palash", "--hiring");
    CHECK(s.status == 0);
    snprintf(path, sizeof(path), "%s/sources/greenhouse-palash.yaml\n", p.config);
    CHECK_STR(s.out, str_of(path), 0);
    s = play(&p, "11T03:32", "crawl", "--format", "jsonl");
    CHECK(s.status == 0 && play_hits(&p, GREENHOUSE_PATH) == 1);
    CHECK(play_number(&p, "SELECT count(*) FROM v_source WHERE company = 'Palash: Pay'") == 1);
    s = play(&p, "11T03:33", "source", "add", "greenhouse:palash");
    CHECK(s.status == 0 && str_find(s.err, STR("is read already")) >= 0);
    play_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_asks_as_a_crawl_does_and_records_nothing),
        cmocka_unit_test(a_board_that_waits_is_read_once_it_is_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
