/*
 * A board that stayed as it was costs one request: for each kind that is read, over HTTP. The
 * list's one page comes again byte for byte, or a validator brings a 304; it is not read again, and
 * no text is asked for.
 */
#include "test.h"

#include <string.h>

#include "core/cleanup.h"
#include "tests/e2e/played.h"

enum { JOBS = 3 };

/* Two boards of each kind: one without validators, one with. */
static void open_quiet(struct played *p)
{
    static const char *const manners[] = { "", "etag" };
    struct arena *a = &p->play.memory;

    played_open(p, "e2e-unchanged");
    for (size_t i = 0; i < p->config.adapters.n * ARRAY_LEN(manners); i++) {
        const struct adapter *ad = &p->config.adapters.items[i / ARRAY_LEN(manners)];
        struct replay_board *b;

        /* not read, or from an address that is written out */
        if (!ad->steps.n || ad->secrets.n || str_eq(ad->policy, STR("off")))
            continue;
        b = played_add(p, ad, str_printf(a, STR_FMT ":%zu", STR_ARG(ad->id), i), NULL, false);
        b->manner = manners[i % ARRAY_LEN(manners)];
        for (int day = 0; day < REPLAY_DAYS; day++)
            memset(b->days[day].listed, 1, JOBS);
        played_write(p, b);
    }
    CHECK(p->boards.n == ARRAY_LEN(manners) * p->kinds.n);
    played_start(p, 100);
}

/* What reached a board's host from the `from`-th request on. */
struct asked {
    int lists, validators, rest;
};

static struct asked asked_of(struct played *p, const struct replay_board *b, size_t from)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct asked asked = { 0 };
    struct words words = { 0 };
    struct boards_hit hit;
    struct str list;

    for (size_t i = 0; i < b->words.n; i++)
        words_set(&a, &words, b->words.items[i].name, b->words.items[i].value);
    words_set(&a, &words, STR("offset"), STR("0"));
    words_set(&a, &words, STR("page"), str_printf(&a, "%d", (int)b->kind->first));
    list = words_fill(&a, b->kind->list.path, &words, true);
    for (size_t i = from; boards_hit(p->play.boards, i, &hit); i++) {
        bool is_list = str_starts(list, str_of(hit.url)); /* a long one is kept in part */

        if (!played_hit(b, &hit))
            continue;
        asked.lists += is_list;
        asked.validators += is_list && hit.validator[0];
        asked.rest += !is_list;
    }
    return asked;
}

static void check_first(struct played *p, struct str report)
{
    for (size_t i = 0; i < p->boards.n; i++) {
        struct str line = report_line(&p->play.memory, report, p->boards.items[i]->key);

        CHECK_STR(json_field(line, "outcome"), STR("\"complete\""), i);
        CHECK_STR(json_field(line, "postings"), STR("3"), i);
        CHECK_STR(json_field(line, "texts_owed"), STR("0"), i);
    }
}

static void check_second(struct played *p, struct str report, size_t from)
{
    for (size_t i = 0; i < p->boards.n; i++) {
        const struct replay_board *b = p->boards.items[i];
        struct str line = report_line(&p->play.memory, report, b->key);
        bool unread = str_find(json_field(line, "proof"), STR("not read again")) >= 0;
        bool before = b->kind->before.path.n > 0; /* at the list's own address or another */
        bool at_list = before && str_eq(b->kind->before.path, b->kind->list.path);
        bool etag = b->manner[0] == 'e' && str_eq(b->kind->list.method, STR("GET"));
        struct asked asked = asked_of(p, b, from);
        int failures = test_failures;

        CHECK_STR(json_field(line, "outcome"), STR("\"unchanged\""), i);
        CHECK_STR(json_field(line, "postings"), STR("3"), i);
        CHECK_ROW(asked.lists == 1 + at_list, i);
        /* where nothing but an empty page ends a list, that page is asked for again */
        CHECK_ROW(asked.rest == (before && !at_list) + b->kind->walks_on, i);
        CHECK_ROW(unread == !b->kind->walks_on, i);
        CHECK_ROW(asked.validators == (etag && unread), i);
        if (failures != test_failures)
            fprintf(stderr, "  " STR_FMT ": %d lists, %d with validators, %d others\n",
                    STR_ARG(line), asked.lists, asked.validators, asked.rest);
    }
}

static void an_unchanged_board_costs_one_request_whatever_its_kind(void **state)
{
    struct played p;
    struct spawned s;
    size_t from;

    (void)state;
    open_quiet(&p);
    s = play(&p.play, "11T03:30", "crawl", "--format", "jsonl");
    CHECK(s.status == 0 && count_of(s.out, STR("\n")) == p.boards.n);
    check_first(&p, s.out);
    from = boards_hits(p.play.boards);
    play_day(&p.play, 1);
    s = play(&p.play, "12T03:31", "crawl", "--format", "jsonl");
    CHECK(s.status == 0);
    check_second(&p, s.out, from);
    played_close(&p);
}

RUN_TESTS(TEST(an_unchanged_board_costs_one_request_whatever_its_kind))
