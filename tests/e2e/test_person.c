/* What a person sees of a crawl: on a terminal, in a file, before it and after it. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "tests/e2e/play.h"

enum { ROWS = 20, COLUMNS = 90, MOST_LINES = 80 };

/* As much of a terminal as the program asks for: up, to the first column, clear what follows. */
struct screen {
    char line[MOST_LINES][256];
    size_t n[MOST_LINES], row, column;
    bool strange; /* something else was asked for, or a line went beyond the edge */
};

static void clear_below(struct screen *s)
{
    s->n[s->row] = s->column;
    for (size_t i = s->row + 1; i < MOST_LINES; i++)
        s->n[i] = 0;
}

static size_t escape(struct screen *s, struct str rest)
{
    if (str_starts(rest, STR("\033[A")) && s->row)
        s->row--;
    else if (str_starts(rest, STR("\033[J")))
        clear_below(s);
    else
        s->strange = true;
    return 3;
}

static void show(struct screen *s, struct str bytes)
{
    for (size_t i = 0; i < bytes.n;) {
        char c = bytes.p[i];

        if (c == '\033') {
            i += escape(s, str_from(bytes, i));
            continue;
        }
        i++;
        if (c == '\r') {
            s->column = 0;
        } else if (c == '\n') {
            s->strange |= s->row + 1 >= MOST_LINES;
            s->row += s->row + 1 < MOST_LINES;
            s->column = 0;
        } else if (s->column < sizeof(s->line[0])) {
            s->line[s->row][s->column++] = c;
            if (s->n[s->row] < s->column)
                s->n[s->row] = s->column;
        }
    }
}

static struct str screen_line(const struct screen *s, size_t row)
{
    return (struct str){ s->line[row], s->n[row] };
}

/* Everything the program wrote to its terminal, until it ended. */
static struct str on_a_terminal(struct play *p, int columns, const char *at,
                                const char *const words[], int *ret_status)
{
    struct winsize size = { .ws_row = ROWS, .ws_col = (unsigned short)columns };
    int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
    CLEANUP(buf_release) struct buf all = { 0 };
    struct running r;
    char bytes[4096];
    ssize_t n;

    CHECK(master >= 0 && !grantpt(master) && !unlockpt(master));
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    CHECK(slave >= 0 && !ioctl(master, TIOCSWINSZ, &size));
    r = play_begin(p, &(struct spawn_options){ .terminal = ptsname(master), .env = "TERM=xterm" },
                   at, words);
    for (;;) {
        struct pollfd wait = { .fd = master, .events = POLLIN };

        close(slave); /* the program's end of it is open by now, and the last one */
        slave = -1;
        if (poll(&wait, 1, 20000) <= 0 || (n = read(master, bytes, sizeof(bytes))) <= 0)
            break;
        buf_add(&all, (struct str){ bytes, (size_t)n });
    }
    *ret_status = spawn_wait(&p->memory, &r).status;
    close(master);
    return buf_take(&all, &p->memory);
}

enum { BOARDS = 8 };

/* Eight boards of one host that takes its time, and one of another that takes longer. */
static void open_two_hosts(struct play *p, const char *name)
{
    CLEANUP(buf_release) struct buf sources = { 0 };

    play_open(p, name);
    play_file(p, "127.0.0.2/site.tsv", STR("GET\t/v1/*\t-\t200\tAB.json\tdelay=300\n"));
    play_file(p, "127.0.0.2/AB.json", greenhouse_board(&p->memory, "AB"));
    play_file(p, "127.0.0.3/site.tsv", STR("GET\t/v1/*\t-\t200\tAB.json\tdelay=1200\n"));
    play_file(p, "127.0.0.3/AB.json", greenhouse_board(&p->memory, "AB"));
    for (int i = 0; i < BOARDS; i++)
        buf_printf(&sources,
                   "- { key: many-%d, adapter: greenhouse, params: { token: m%d, base: '@2' } }\n",
                   i, i);
    buf_add(&sources,
            STR("- { key: one, adapter: greenhouse, params: { token: o, base: '@3' } }\n"));
    play_start(p, str_cstr(&p->memory, buf_str(&sources)));
}

/* Each time the total was drawn: what stood on the screen with it. */
struct seen {
    size_t totals, both_hosts, estimates, wide;
};

static void look(const struct screen *s, struct seen *seen)
{
    size_t hosts = 0;

    for (size_t i = 0; i < MOST_LINES; i++) {
        struct str line = screen_line(s, i);

        hosts += str_starts(line, STR("  127.0.0.")) && str_find(line, STR(", reading ")) > 0;
        if (str_find(line, STR(" of 9 sources read, ")) < 0)
            continue;
        seen->totals++;
        seen->both_hosts += hosts == 2 && str_find(line, STR("9 active at 2 hosts")) > 0;
        seen->estimates += str_find(line, STR(", under a minute left")) > 0;
        seen->wide += line.n >= COLUMNS;
    }
}

static void a_terminal_shows_each_host_and_a_total(void **state)
{
    static const char *const words[] = { "crawl", NULL };
    struct screen screen = { 0 };
    struct seen seen = { 0 };
    struct play p;
    struct str all, rest;
    int status;
    size_t sources = 0;

    (void)state;
    open_two_hosts(&p, "e2e-terminal");
    all = rest = on_a_terminal(&p, COLUMNS, "11T03:30", words, &status);
    CHECK(status == 0 && all.n);
    while (rest.n) { /* up to each drawing's end: the next begins by going up, or it is the last */
        ptrdiff_t up = str_find(str_from(rest, 1), STR("\033["));
        size_t n = up < 0 ? rest.n : (size_t)up + 1;

        show(&screen, str_slice(rest, 0, n));
        rest = str_from(rest, n);
        look(&screen, &seen);
    }
    CHECK(!screen.strange && !seen.wide);
    CHECK(seen.totals >= 4 && seen.both_hosts >= 1 && seen.estimates >= 1);
    /* At the end nothing is left of it: a line a source, and the sum. */
    for (size_t i = 0; i < MOST_LINES; i++) {
        struct str line = screen_line(&screen, i);

        CHECK_ROW(str_find(line, STR(" active at ")) < 0 && str_find(line, STR("reading ")) < 0, i);
        sources += str_find(line, STR("complete     2 listed")) > 0;
    }
    CHECK(sources == BOARDS + 1);
    CHECK(str_starts(screen_line(&screen, BOARDS + 1), STR("9 sources: 9 complete, ")));
    CHECK(screen.row == BOARDS + 2);
    play_close(&p);
}

static void elsewhere_it_is_quiet(void **state)
{
    static const char *const quietly[] = { "-q", "crawl", NULL };
    struct spawned s;
    struct play p;
    int status;

    (void)state;
    open_two_hosts(&p, "e2e-quiet");
    s = play(&p, "11T03:30", "crawl");
    CHECK(s.status == 0 && count_of(s.err, STR("\n")) == 1);
    CHECK(str_starts(s.err, STR("9 sources: ")));
    CHECK(str_find(s.out, STR("\033")) < 0 && count_of(s.out, STR("\n")) == 9);
    CHECK(on_a_terminal(&p, COLUMNS, "12T03:30", quietly, &status).n == 0 && status == 0);
    play_close(&p);
}

/* What may become of a source, and what is to be said of it. */
static const struct {
    const char *key, *row; /* of the site; NULL: nobody listens there */
    const char *says, *hint;
} troubles[] = {
    { "gone", "404\t-", "the board is gone: HTTP 404", "source detect URL" },
    { "login", "200\tlogin.html", "not JSON", "source try ADAPTER FILE" },
    { "broken", "500\t-", "HTTP 500", "asked again by itself; where it stays so" },
    { "cut", "200\tAB.json\tcut=40", "page 1: failed", "asked again by itself; where" },
    { "away", "302\t-\tLocation: http://10.0.0.1/", "denied", "correct the source's address" },
    { "private", NULL, "robots.txt line 2 disallows it", "the owner does not want it read" },
    { "wait", "429\t-\tRetry-After: 900", "left alone until 2026-11-11T03:45:00Z",
      "the host gets its rest" },
    { "mute", NULL, "robots.txt could not be had", "see that the address still holds" },
};

static void open_troubles(struct play *p, const char *name)
{
    CLEANUP(buf_release) struct buf sources = { 0 };

    play_open(p, name);
    for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
        const char *key = troubles[i].key;
        int host = strcmp(key, "mute") == 0 ? 20 : 2 + (int)i;
        CLEANUP(buf_release) struct buf rows = { 0 };
        char site[32];

        buf_printf(&sources,
                   "- { key: %s, adapter: greenhouse, params: { token: %s, base: '@[127.0.0.%d]' } "
                   "}\n",
                   key, key, host);
        snprintf(site, sizeof(site), "127.0.0.%d/", host);
        if (host == 20)
            continue;
        buf_printf(&rows, "GET\t/v1/*\t-\t%s\n",
                   troubles[i].row ? troubles[i].row : "200\tAB.json");
        play_file(p, str_cstr(&p->memory, str_printf(&p->memory, "%ssite.tsv", site)),
                  buf_str(&rows));
        play_file(p, str_cstr(&p->memory, str_printf(&p->memory, "%sAB.json", site)),
                  greenhouse_board(&p->memory, "AB"));
        play_file(p, str_cstr(&p->memory, str_printf(&p->memory, "%slogin.html", site)),
                  STR("<html><title>Sign in</title></html>"));
        if (strcmp(key, "private") == 0)
            play_file(p, str_cstr(&p->memory, str_printf(&p->memory, "%srobots.txt", site)),
                      STR("User-agent: *\nDisallow: /v1/\n"));
    }
    play_start(p, str_cstr(&p->memory, buf_str(&sources)));
}

/* The line that names a source and says what is wrong, and the hint below it and those alike. */
static void check_named(struct str err, size_t i)
{
    char name[40];
    ptrdiff_t at, hint;
    struct str rest, line;

    snprintf(name, sizeof(name), "roletide: %s: ", troubles[i].key);
    at = str_find(err, str_of(name));
    CHECK_ROW(at >= 0 && count_of(err, str_of(name)) == 1, i);
    if (at < 0)
        return;
    rest = str_from(err, (size_t)at);
    line = str_cut(&rest, '\n');
    CHECK_ROW(str_find(line, str_of(troubles[i].says)) > 0, i);
    hint = str_find(rest, STR("hint: "));
    CHECK_ROW(hint >= 0, i);
    if (hint < 0)
        return;
    rest = str_from(rest, (size_t)hint);
    CHECK_ROW(str_find(str_cut(&rest, '\n'), str_of(troubles[i].hint)) > 0, i);
}

static void the_end_names_each_source_that_failed_and_what_to_do(void **state)
{
    static const char *const words[] = { "crawl", NULL };
    struct spawned s;
    struct str shown;
    struct play p;
    int status;

    (void)state;
    open_troubles(&p, "e2e-troubles");
    shown = on_a_terminal(&p, COLUMNS, "11T03:30", words, &status);
    CHECK(status == 1);
    for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
        char name[40];

        snprintf(name, sizeof(name), "roletide: %s: ", troubles[i].key);
        CHECK_ROW(count_of(shown, str_of(name)) == 1, i);
    }
    play_close(&p);
    open_troubles(&p, "e2e-troubles");
    s = play(&p, "11T03:30", "-q", "crawl", "--format", "jsonl");
    CHECK(s.status == 1);
    for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
        CHECK_ROW(count_of(s.out, str_of(troubles[i].hint)) >= 1, i);
        check_named(s.err, i);
    }
    CHECK(count_of(s.out, STR("\"hint\":\"")) == ARRAY_LEN(troubles));
    play_close(&p);
}

/* What a dry run says of a source on the day after, when its host is known. */
static const struct {
    const char *key, *when;
} plans[] = {
    { "gone", " all are asked for: at once: GET http://127.0.0.2:" },
    { "private", ": not at all, for robots.txt line 2 disallows it: GET http://127.0.0.7:" },
    { "wait", ": not before 2026-11-11T03:45:00Z, for its host asked to be left alone: GET " },
    { "mute", ": in 1 s: GET http://127.0.0.20:" }, /* after its robots.txt */
};

static void a_dry_run_says_what_would_be_asked_when_and_why(void **state)
{
    struct spawned s;
    struct play p;
    size_t asked;

    (void)state;
    open_two_hosts(&p, "e2e-dry");
    s = play(&p, "11T03:30", "crawl", "--dry-run");
    CHECK(s.status == 0 && play_hits(&p, "*") == 0 && count_of(s.out, STR("\n")) == 9);
    CHECK(count_of(s.out, STR(" due       never read: in ")) == 9);
    CHECK(count_of(s.out, STR("/v1/boards/m3/jobs?content=true")) == 1);
    play_close(&p);
    open_troubles(&p, "e2e-dry");
    CHECK(play(&p, "11T03:30", "crawl").status == 1);
    asked = play_hits(&p, "*");
    s = play(&p, "11T03:40", "crawl", "--dry-run", "--all");
    CHECK(s.status == 0 && play_hits(&p, "*") == asked);
    for (size_t i = 0; i < ARRAY_LEN(plans); i++)
        CHECK_ROW(str_find(s.out, str_of(plans[i].when)) > 0, i);
    s = play(&p, "11T03:40", "crawl", "--dry-run", "--all", "--format", "jsonl");
    CHECK(count_of(s.out, STR("\"outcome\":\"due\",\"why\":\"")) == ARRAY_LEN(troubles));
    CHECK(count_of(s.out, STR("\"asks\":\"GET http://127.0.0.")) == ARRAY_LEN(troubles));
    CHECK(play_hits(&p, "*") == asked);
    play_close(&p);
}

/* What a list has no room for it leaves out, and says so; the lines stay lines. */
static void a_narrow_terminal_gets_fewer_columns(void **state)
{
    static const struct {
        int columns;
        bool whole;
    } rows[] = { { 56, false }, { 80, false }, { 160, true } };
    const char *const words[] = { "demand", "--limit", "3", NULL };
    struct play p;
    int status = -1;

    (void)state;
    open_two_hosts(&p, "e2e-narrow");
    CHECK(play(&p, "11T03:30", "crawl").status == 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str all = on_a_terminal(&p, rows[i].columns, "11T04:30", words, &status);
        size_t n = 0;

        CHECK_ROW(status == 0 && str_find(all, STR("SKILL")) == 0, i);
        CHECK_ROW((str_find(all, STR("left out for want of room")) < 0) == rows[i].whole, i);
        CHECK_ROW((str_find(all, STR("X ADJACENT LOW HIGH 7 DAYS")) >= 0) == rows[i].whole, i);
        for (; all.n && n < 4; n++)
            CHECK_ROW(utf8_count(str_trim(str_cut(&all, '\n'))) <= (size_t)rows[i].columns, i);
        CHECK_ROW(n == 4, i);
    }
    play_close(&p);
}

RUN_TESTS(TEST(a_narrow_terminal_gets_fewer_columns), TEST(a_terminal_shows_each_host_and_a_total),
          TEST(elsewhere_it_is_quiet), TEST(the_end_names_each_source_that_failed_and_what_to_do),
          TEST(a_dry_run_says_what_would_be_asked_when_and_why))
