/*
 * A campaign of faults: boards whose jobs come and go, and answers that fail in every way the day
 * picks. After each day's crawl the store's open postings are held against what was last proven:
 * nothing may be closed by a failure, and nothing may stay open past the first proven reading
 * without it. FULL_CAMPAIGN injects more than 10,000 faults.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "tests/e2e/play.h"

#ifdef FULL_CAMPAIGN
enum { BOARDS = 64, DAYS = 250, FAULTS_AT_LEAST = 10000 };
#else
enum { BOARDS = 16, DAYS = 12, FAULTS_AT_LEAST = 100 };
#endif
enum { JOBS = 16, FIRST_ID = 100, FAULT_PERCENT = 67, OPENS_PERCENT = 6, CLOSES_PERCENT = 4 };

/* The first BROKEN are what becomes of the true answer on its way. */
enum { BROKEN = 4 };
static const char *const faults[] = {
    "cut=1",
    "cut=40",
    "cut=600",
    "length=90000",
    "500\t-",
    "503\t-",
    "403\t-",
    "404\t-",
    "429\t-\tRetry-After: 3600",
    "503\t-\tRetry-After: 7200",
    "200\tlogin.html",
    "200\thalf.json",
    "200\tshort.json",
    "200\tother.json",
    "200\t-",
    "302\t-\tLocation: /home",
    "302\t-\tLocation: /loop",
    "0\t-",
    "200\t-\treset",
    "200\t-\tendless",
    "301\t-",
};

struct board {
    unsigned seed;
    uint32_t truth[DAYS];       /* a bit a job: open that day */
    bool good[DAYS], lie[DAYS]; /* a whole list came: the true one, or an empty one */
    uint32_t proven, held; /* what the store must hold open; of those, what awaits its second */
};

struct campaign {
    struct play play;
    struct board boards[BOARDS];
    int faults;
};

static int percent(unsigned *seed)
{
    return (int)(rand_r(seed) / 7u % 100);
}

static struct str letters_of(struct arena *a, uint32_t jobs)
{
    char letters[JOBS + 1];
    size_t n = 0;

    for (int i = 0; i < JOBS; i++)
        if (jobs >> i & 1)
            letters[n++] = (char)('A' + i);
    letters[n] = '\0';
    return greenhouse_board(a, str_cstr(a, (struct str){ letters, n }));
}

/* Jobs come and go one by one; where faults hide many days, a true list may look like a collapse.
 */
static void live(struct board *b, int day)
{
    uint32_t jobs = day ? b->truth[day - 1] : 0x03ff;

    for (int i = 0; i < JOBS && day; i++)
        if (percent(&b->seed) < (jobs >> i & 1 ? CLOSES_PERCENT : OPENS_PERCENT))
            jobs ^= 1u << i;
    b->truth[day] = jobs;
    b->good[day] = day == 0 || percent(&b->seed) >= FAULT_PERCENT;
}

/* Between two good days a board may say, whole and well-formed, that it has no jobs at all. */
static bool may_lie(const struct board *b, int day)
{
    return day && day + 1 < DAYS && !b->good[day] && b->good[day - 1] && b->good[day + 1];
}

static void write_board(struct campaign *c, int i)
{
    CLEANUP(buf_release) struct buf site = { 0 };
    struct board *b = &c->boards[i];
    struct arena a = ARENA_INIT;

    b->seed = 1000u + (unsigned)i;
    for (int day = 0; day < DAYS; day++)
        live(b, day);
    for (int day = 0; day < DAYS; day++) {
        size_t kind = (size_t)rand_r(&b->seed) / 7 % (ARRAY_LEN(faults) + 3);

        play_file(&c->play, str_printf(&a, "b%d.localhost/truth%d.json", i, day).p,
                  letters_of(&a, b->truth[day]));
        buf_printf(&site, "GET\t" GREENHOUSE_PATH "\t%d\t", day);
        if (b->good[day])
            buf_printf(&site, "200\ttruth%d.json\tetag\n", day);
        else if ((b->lie[day] = kind >= ARRAY_LEN(faults) && may_lie(b, day)))
            buf_add(&site, STR("200\tnone.json\n"));
        else if (kind % ARRAY_LEN(faults) < BROKEN)
            buf_printf(&site, "200\ttruth%d.json\t%s\n", day, faults[kind % ARRAY_LEN(faults)]);
        else
            buf_printf(&site, "%s\n", faults[kind % ARRAY_LEN(faults)]);
        c->faults += !b->good[day];
        arena_reset(&a);
    }
    buf_add(&site, STR("GET\t/home\t-\t200\tlogin.html\nGET\t/loop\t-\t302\t-\tLocation: /loop\n"));
    play_file(&c->play, str_printf(&a, "b%d.localhost/site.tsv", i).p, buf_str(&site));
    play_file(&c->play, str_printf(&a, "b%d.localhost/login.html", i).p,
              STR("<html><title>Sign in</title></html>"));
    play_file(&c->play, str_printf(&a, "b%d.localhost/half.json", i).p,
              STR("{\"jobs\":[{\"id\":1"));
    play_file(&c->play, str_printf(&a, "b%d.localhost/short.json", i).p,
              STR("{\"jobs\":[],\"meta\":{\"total\":9}}"));
    play_file(&c->play, str_printf(&a, "b%d.localhost/other.json", i).p, STR("{\"positions\":[]}"));
    play_file(&c->play, str_printf(&a, "b%d.localhost/none.json", i).p, greenhouse_board(&a, ""));
    arena_free(&a);
}

static void open_campaign(struct campaign *c)
{
    CLEANUP(buf_release) struct buf sources = { 0 };

    play_open(&c->play, "e2e-campaign");
    for (int i = 0; i < BOARDS; i++) {
        write_board(c, i);
        buf_printf(&sources,
                   "- { key: b%d, adapter: greenhouse, company: Employer %d, "
                   "params: { token: palash, base: '@[b%d.localhost]' } }\n",
                   i, i, i);
    }
    play_start(&c->play, str_cstr(&c->play.memory, buf_str(&sources)));
}

static struct spawned run_on(struct campaign *c, struct arena *a, int day, const char *command,
                             const char *argument)
{
    char now[DATE_TEXT];

    date_format_iso(date_from_civil(2026, 1, 1) + (int64_t)day * DAY_SECONDS + 12600, now);
    return spawn(a, "--config", c->play.config, "--state", c->play.state, "--now", now, "--format",
                 strcmp(command, "sql") ? "jsonl" : "csv", command, argument);
}

/* What the store holds open, board by board. */
static void read_open(struct campaign *c, struct arena *a, int day, uint32_t ret[BOARDS])
{
    struct spawned s =
        run_on(c, a, day, "sql", "SELECT substr(source, 2), native_id FROM v_posting WHERE open");
    struct str rest = s.out;

    memset(ret, 0, BOARDS * sizeof(*ret));
    CHECK_ROW(s.status == 0 || s.status == 4, day);
    (void)str_cut(&rest, '\n'); /* the headings */
    while (rest.n) {
        struct str id = str_cut(&rest, '\n'), board = str_cut(&id, ',');
        int64_t b, n;

        if (!str_int(board, &b) || !str_int(id, &n) || b < 0 || b >= BOARDS || n < FIRST_ID
            || n >= FIRST_ID + JOBS) {
            CHECK_ROW(!"a board and a job of ours", day);
            continue;
        }
        ret[b] |= 1u << (n - FIRST_ID);
    }
}

/* The rule for a proven list, once more: what it lacks has ended; but a fall to nothing, or by more
 * than half of five or more, must be seen twice. */
static void prove(struct board *b, uint32_t list)
{
    uint32_t missing = b->proven & ~list;
    int still, gone;

    b->proven &= ~(missing & b->held);
    missing &= ~b->held;
    still = __builtin_popcount(b->proven);
    gone = __builtin_popcount(missing);
    b->held = (list ? still >= 5 && 2 * gone > still : gone > 0) ? missing : 0;
    b->proven = list | b->held;
}

/* What a crawl reported of a board. */
static struct str line_of(struct arena *a, struct str report, int board)
{
    struct str key = str_printf(a, "\"source\":\"b%d\"", board);

    while (report.n) {
        struct str line = str_cut(&report, '\n');

        if (str_find(line, key) >= 0)
            return line;
    }
    return STR("");
}

static void no_failure_closes_and_no_closing_is_missed(void **state)
{
    struct campaign *c = calloc(1, sizeof(*c));
    struct arena a = ARENA_INIT;
    int wrong = 0, closed_falsely = 0;

    (void)state;
    open_campaign(c);
    for (int day = 0; day < DAYS; day++) {
        uint32_t held[BOARDS];
        struct spawned crawl;

        play_day(&c->play, day);
        crawl = run_on(c, &a, day, "crawl", "--all");
        CHECK_ROW(crawl.status <= 3, day);
        read_open(c, &a, day, held);
        for (int i = 0; i < BOARDS; i++) {
            struct board *b = &c->boards[i];

            if (b->good[day] || b->lie[day])
                prove(b, b->lie[day] ? 0 : b->truth[day]);
            for (uint32_t lost = b->truth[day] & b->proven & ~held[i]; lost; lost &= lost - 1)
                closed_falsely++;
            if (held[i] != b->proven && wrong++ < 5)
                fprintf(stderr,
                        "board %d, day %d (%s): %04x is open, %04x was proven\n  " STR_FMT "\n", i,
                        day, b->good[day] ? "good" : "fault", held[i], b->proven,
                        STR_ARG(line_of(&a, crawl.out, i)));
        }
        arena_reset(&a);
    }
    printf("%d faults on %d boards over %d days\n", c->faults, BOARDS, DAYS);
    CHECK(closed_falsely == 0);
    CHECK(wrong == 0);
    CHECK(c->faults >= FAULTS_AT_LEAST);
    CHECK(run_on(c, &a, DAYS, "doctor", NULL).status <= 1);
    arena_free(&a);
    play_close(&c->play);
    free(c);
}

RUN_TESTS(TEST(no_failure_closes_and_no_closing_is_missed))
