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

static void what_a_person_wrote_is_the_persons_to_change(void **state)
{
    struct spawned s;
    struct play p;

    (void)state;
    open_play(&p, "opt-in");
    s = play(&p, "11T03:30", "crawl");
    CHECK(s.status == 0 && play_hits(&p, "*") == 0);
    s = play(&p, "11T03:33", "source", "add", "greenhouse:palash");
    CHECK(s.status == 2 && str_find(s.err, STR("played.yaml:1:")) >= 0);
    s = play(&p, "11T03:34", "crawl", "--source", "greenhouse:palash");
    CHECK(s.status == 0 && play_hits(&p, GREENHOUSE_PATH) == 1);
    play_close(&p);
}

/* Added, in this order, to a configuration of one's own; and what is said then. */
static const struct {
    const char *what, *option, *value;
    int status;
    const char *out, *err; /* parts */
    const char *listed;    /* a line of `source list` begins so */
} adds[] = {
    { "keka:adit", "--company", "Adit: India's", 0, "/sources/keka-adit.yaml\n",
      "source check keka:adit", "keka:adit,Adit: India's,default,high," },
    { "keka:adit", NULL, NULL, 0, "", "is read already", "keka:adit,Adit: India's,default,high," },
    { "https://tarang.keka.com/careers", NULL, NULL, 0, "/sources/keka-tarang.yaml\n",
      "source check keka:tarang", "keka:tarang,,default,medium," },
    { "https://tarang.keka.com/jobs", "--company", "Tarang", 0, "", "is read already",
      "keka:tarang,,default,medium," },
    { "darwinbox:1mg", NULL, NULL, 1, "", "a wall is an answer",
      "darwinbox:1mg,1mg (Tata 1mg),off," },
    { "keka:nobody-there", NULL, NULL, 1, "", "No such file", "keka:adit," },
};

static void a_board_is_added_in_a_file_of_its_own(void **state)
{
    struct arena a = ARENA_INIT;
    const char *config = scratch_folder(&a, "e2e-own-sources");
    struct spawned shipped;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(adds); i++) {
        struct spawned s = spawn(&a, "--config", config, "source", "add", adds[i].what,
                                 adds[i].option, adds[i].value);
        struct spawned l = spawn(&a, "--config", config, "source", "list", "--format", "csv");

        CHECK_ROW(s.status == adds[i].status, i);
        CHECK_ROW(adds[i].out[0] ? str_ends(s.out, str_of(adds[i].out)) : s.out.n == 0, i);
        CHECK_ROW(str_find(s.err, str_of(adds[i].err)) >= 0, i);
        CHECK_ROW(str_find(l.out, str_of(adds[i].listed)) >= 0, i);
    }
    shipped = spawn(&a, "--config", config, "source", "list", "--format", "jsonl");
    CHECK(count_of(shipped.out, STR("\n")) >= 445 + 1);
    CHECK(count_of(shipped.out, STR("\"learned_from\":\"")) >= 445);
    CHECK(count_of(shipped.out, STR("\"attribution\":\"")) >= 400);
    arena_free(&a);
}

/* Who asks, in the order in which it is decided. */
static const struct {
    const char *settings, *agent, *from;
    bool nameless; /* the doctor says so */
} names[] = {
    { "", "roletide/0.1.0", "", true },
    { "site_url: 'https://palash.example/roles'\n",
      "roletide/0.1.0 (+https://palash.example/roles)", "" },
    { "  user_agent: 'roletide/0.1 (+https://palash.example/bot)'\n"
      "site_url: 'https://palash.example/roles'\n",
      "roletide/0.1 (+https://palash.example/bot)", "" },
    { "  contact: bot@palash.example\n", "roletide/0.1.0", "bot@palash.example" },
};

static void boards_see_who_asks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct boards_hit hit = { 0 };
        struct spawned s;
        struct play p;

        open_play(&p, "default");
        scratch_file(&p.memory, p.folder, "config/roletide.yaml",
                     str_printf(&p.memory,
                                "own_sources: true\nallow_loopback: true\nfetch:\n  gap_ms: 1\n%s",
                                names[i].settings));
        CHECK_ROW(play(&p, "11T03:30", "crawl").status == 0, i);
        for (size_t k = 0; k < boards_hits(p.boards); k++) {
            CHECK_ROW(boards_hit(p.boards, k, &hit), i);
            CHECK_STR(str_of(hit.agent), str_of(names[i].agent), i);
            CHECK_STR(str_of(hit.from), str_of(names[i].from), i);
        }
        CHECK_ROW(hit.agent[0], i);
        s = play(&p, "11T03:31", "doctor");
        CHECK_ROW((str_find(s.out, STR("note boards see who asks")) >= 0) == names[i].nameless, i);
        play_close(&p);
    }
}

RUN_TESTS(TEST(boards_see_who_asks), TEST(a_check_asks_as_a_crawl_does_and_records_nothing),
          TEST(what_a_person_wrote_is_the_persons_to_change),
          TEST(a_board_is_added_in_a_file_of_its_own))
