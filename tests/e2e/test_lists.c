/* Lists that change while they are paged, and ads whose stated last day passes. */
#include "test.h"

#include <string.h>

#include "tests/e2e/play.h"

/* Two a page; each page says how many there are in all. */
static const char paged[] =
    "adapter: paged\n"
    "label: Paged\n"
    "about: Two jobs a page.\n"
    "policy: default\n"
    "why: Made for a test.\n"
    "params:\n"
    "  base: { help: 'its address', required: true }\n"
    "steps:\n"
    "  - name: jobs\n"
    "    url: '{base}/jobs?from={offset}'\n"
    "    decode: json\n"
    "    shape: /jobs\n"
    "    items: /jobs\n"
    "    must: [/id, /title]\n"
    "    paging: { kind: offset, size: 2, total: /total, total_from: every }\n"
    "fields:\n"
    "  - { to: native_id, at: /id }\n"
    "  - { to: title, at: /title }\n"
    "  - { to: expires, at: /until, as: [iso] }\n"
    "  - { to: text, at: /text }\n";
#define PAGED_SOURCE "- { adapter: paged, company: Palash Pay, params: { base: '@2' } }\n"
#define FEED_SOURCE  "- { adapter: rss, params: { base: '@2', feed: /feed } }\n"

enum { MAX_STEPS = 5 };

struct step {
    const char *at, *outcome;
    int status;
    const char *opened, *reopened, *closed;
    const char *open; /* the letters of the jobs that are open after it, in order */
};

/* Pages: "11- 0 4AB": from the 11th on, at offset 0, 4 in all, jobs A and B; "<12": their last day.
 * With `!` it is given once, before those that stand below it. */
struct story {
    const char *name, *pages[12];
    struct step steps[MAX_STEPS];
};

#define FIRST                                                                                      \
    {                                                                                              \
        "11T03:30", "complete", 0, "4", "0", "0", "ABCD"                                           \
    }

static const struct story stories[] = {
    { "one comes while it is paged, and pushes another over the edge",
      { "11-11 0 4AB", "11-11 2 4CD", "12- 0 4AB!", "12- 2 5BC", "12- 0 5EA", "12- 4 5D",
        "12- 5 5-!" },
      { FIRST, { "12T03:30", "complete", 0, "1", "0", "0", "ABCDE" } } },
    { "one goes while it is paged, and pulls another over the edge",
      { "11-11 0 4AB", "11-11 2 4CD", "12- 0 4AB!", "12- 2 3D", "12- 0 3BC" },
      { FIRST, { "12T03:30", "complete", 0, "0", "0", "1", "BCD" } } },
    { "one goes and one comes: as many as before, one of them twice",
      { "11-11 0 4AB", "11-11 2 4CD", "12- 0 4AB!", "12- 2 4BC!", "12- 4 4-!", "12- 0 4EA",
        "12- 2 4BC" },
      { FIRST, { "12T03:30", "complete", 0, "1", "0", "1", "ABCE" } } },
    { "it never stands still, and so it closes nothing",
      { "11-11 0 4AB", "11-11 2 4CD", "12-12 0 4AB!", "12-12 2 3D!", "12-12 0 3BD!", "12-12 2 2-",
        "13- 0 2BD" },
      { FIRST,
        { "12T03:30", "partial", 3, "0", "0", "0", "ABCD" },
        { "13T03:30", "complete", 0, "0", "0", "2", "BD" } } },
    { "a last day passes on a list that still has it: the list is the proof",
      { "11-13 0 2AB<12", "14- 0 1B" },
      { { "11T03:30", "complete", 0, "2", "0", "0", "AB" },
        { "13T03:30", "unchanged", 0, "0", "0", "0", "AB" },
        { "14T03:30", "complete", 0, "0", "0", "1", "B" } } },
};

static struct str job(struct arena *a, char letter, const char *until)
{
    return str_printf(a,
                      "{\"id\":\"%c\",\"title\":\"MLOps Engineer %c\",\"until\":\"%s\",\"text\":"
                      "\"Job %c is about running models on Kubernetes in Pune, India.\"}",
                      letter, letter, until, letter);
}

/* "11-12 0 4AB<12!" as a row and its file. */
static struct str write_page(struct play *p, struct str rows, const char *page, size_t n)
{
    struct str text = str_of(page), days = str_cut(&text, ' '), from = str_cut(&text, ' ');
    bool once = str_ends(text, STR("!"));
    char total = text.p[0];
    struct str letters = str_from(text, 1), jobs = { 0 };
    ptrdiff_t until = str_find(letters, STR("<"));
    struct str day = until < 0 ? STR("30") : str_slice(letters, (size_t)until + 1, letters.n);
    const char *date =
        str_cstr(&p->memory, str_printf(&p->memory, "2026-11-" STR_FMT "T00:00:00Z", STR_ARG(day)));

    for (size_t i = 0; i < letters.n && letters.p[i] >= 'A' && letters.p[i] <= 'Z'; i++) {
        struct str one = job(&p->memory, letters.p[i], date);

        jobs =
            str_printf(&p->memory, STR_FMT "%s" STR_FMT, STR_ARG(jobs), i ? "," : "", STR_ARG(one));
    }
    play_file(
        p, str_cstr(&p->memory, str_printf(&p->memory, "127.0.0.2/%zu.json", n)),
        str_printf(&p->memory, "{\"total\":%c,\"jobs\":[" STR_FMT "]}", total, STR_ARG(jobs)));
    return str_printf(&p->memory,
                      STR_FMT "GET\t/jobs?from=" STR_FMT "\t" STR_FMT "\t200\t%zu.json%s\n",
                      STR_ARG(rows), STR_ARG(from), STR_ARG(days), n, once ? "\ttimes=1" : "");
}

static void write_pages(struct play *p, const struct story *story)
{
    struct str rows = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(story->pages) && story->pages[i]; i++)
        rows = write_page(p, rows, story->pages[i], i);
    play_file(p, "127.0.0.2/site.tsv", rows);
}

/* A feed of which job A ends on the 12th, is put up again to the 16th, and B says nothing. */
static void write_feed(struct play *p)
{
    static const char *const until[] = { "2026-11-12", "2026-11-16" };

    for (size_t i = 0; i < ARRAY_LEN(until); i++)
        play_file(p, i ? "127.0.0.2/b.xml" : "127.0.0.2/a.xml",
                  str_printf(&p->memory,
                             "<rss><channel><item><guid>A</guid><title>MLOps Engineer A</title>"
                             "<description>Job A runs models in Pune.</description>"
                             "<expires_at>%s</expires_at></item><item><guid>B</guid>"
                             "<title>MLOps Engineer B</title><description>Job B runs models in "
                             "Chennai.</description></item></channel></rss>",
                             until[i]));
    play_file(p, "127.0.0.2/site.tsv",
              STR("GET\t/feed\t-13\t200\ta.xml\nGET\t/feed\t14-\t200\tb.xml\n"));
}

static const struct step feed_steps[] = {
    { "11T03:30", "complete", 0, "2", "0", "0", "AB" },
    { "13T03:30", "unchanged", 0, "0", "0", "1", "B" }, /* though the feed shows it still */
    { "13T06:30", "unchanged", 0, "0", "0", "0", "B" },
    { "14T03:30", "complete", 0, "0", "1", "0", "AB" },
    { "17T03:30", "unchanged", 0, "0", "0", "1", "B" }, /* and though nothing changed */
};

static void check_open(struct play *p, const struct step *st, size_t row)
{
    struct spawned s = play(p, st->at, "sql", "--format", "tsv",
                            "SELECT group_concat(id, '') FROM (SELECT native_id AS id FROM"
                            " v_posting WHERE open ORDER BY native_id)");
    struct str said = s.out;

    (void)str_cut(&said, '\n'); /* the heading */
    CHECK_STR(str_trim(said), str_of(st->open), row);
    CHECK_ROW(play_number(p, "SELECT count(*) FROM v_posting WHERE open")
                  == (int64_t)strlen(st->open),
              row);
}

static void check_step(struct play *p, const struct step *st, size_t row)
{
    struct spawned s;

    play_day(p, (st->at[0] - '0') * 10 + st->at[1] - '0');
    s = play(p, st->at, "crawl", "--all", "--format", "jsonl");
    CHECK_ROW(s.status == st->status, row);
    CHECK_STR(json_field(s.out, "outcome"), str_printf(&p->memory, "\"%s\"", st->outcome), row);
    CHECK_STR(json_field(s.out, "new"), str_of(st->opened), row);
    CHECK_STR(json_field(s.out, "reopened"), str_of(st->reopened), row);
    CHECK_STR(json_field(s.out, "closed"), str_of(st->closed), row);
    check_open(p, st, row);
    if (test_failures)
        fprintf(stderr, "at %s: " STR_FMT STR_FMT, st->at, STR_ARG(s.out), STR_ARG(s.err));
}

static void a_list_that_moves_while_it_is_paged_closes_only_what_is_gone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stories); i++) {
        struct play p;

        play_open(&p, "e2e-lists");
        write_pages(&p, &stories[i]);
        scratch_file(&p.memory, p.folder, "config/adapters/paged.yaml", STR(paged));
        play_start(&p, PAGED_SOURCE);
        for (size_t k = 0; k < MAX_STEPS && stories[i].steps[k].at; k++)
            check_step(&p, &stories[i].steps[k], i);
        play_close(&p);
    }
}

static void a_stated_last_day_ends_a_job_of_a_feed(void **state)
{
    struct play p;

    (void)state;
    play_open(&p, "e2e-lists-feed");
    write_feed(&p);
    play_start(&p, FEED_SOURCE);
    for (size_t i = 0; i < ARRAY_LEN(feed_steps); i++)
        check_step(&p, &feed_steps[i], i);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell WHERE ended_how = 'expired'") == 2);
    CHECK(play_number(&p, "SELECT count(*) FROM v_spell") == 3);
    play_close(&p);
}

RUN_TESTS(TEST(a_list_that_moves_while_it_is_paged_closes_only_what_is_gone),
          TEST(a_stated_last_day_ends_a_job_of_a_feed))
