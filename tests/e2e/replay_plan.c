/* What happens at a board over the days, and what a reader must make of it. */
#include <stdio.h>
#include <string.h>

#include "tests/e2e/replay.h"

const struct fault replay_faults[] = {
    { "cut short", 0, FAILS, USUAL, "200\t@\tcut=30", NULL, "" },
    { "cut short three times", NEED_GET, AS_EVER, USUAL, "200\t@\tcut=30\ttimes=3" },
    { "reset", 0, FAILS, USUAL, "200\t-\treset", NULL, "" },
    { "hangs", 0, FAILS, USUAL, "200\t-\thang", NULL, "" },
    { "a trickle", 0, FAILS, USUAL, "200\t@\tslow=20", NULL, "too slow" },
    { "500", 0, FAILS, USUAL, "500\t-", NULL, "HTTP 500" },
    { "503", 0, FAILS, USUAL, "503\t-", NULL, "left alone until" },
    { "429", 0, FAILS, USUAL, "429\t-\tRetry-After: 120", NULL, "left alone until" },
    { "403", 0, FAILS, USUAL, "403\t-", NULL, "HTTP 403" },
    { "404", 0, NOWHERE, USUAL, "404\t-", NULL, "404" },
    { "sends elsewhere", 0, FAILS, USUAL, "302\t-\tLocation: /home", NULL, "" },
    { "sends round and round", 0, FAILS, USUAL, "302\t-\tLocation: /loop", NULL, "redirect" },
    { "sends into a private network", 0, FAILS, USUAL, "302\t-\tLocation: http://10.1.2.3/", NULL,
      "10.1.2.3" },
    { "a login page", 0, FAILS, USUAL, "200\tlogin.html", NULL, "" },
    { "an error in JSON", 0, FAILS, USUAL, "200\terror.json", NULL, "" },
    { "nothing at all", 0, FAILS, USUAL, "200\t-", NULL, "" },
    { "half of it", 0, FAILS, HALF, NULL, NULL, "" },
    { "another tenant's", NEED_STRANGER, OF_STRANGER, STRANGER, NULL, NULL, "" },
    { "a collapse", NEED_MANY | NEED_ONE_PAGE, AS_EVER, COLLAPSE },
    { "a collapse that stays", NEED_MANY | NEED_ONE_PAGE, AS_EVER, COLLAPSE_STAYS },
    { "an empty list", NEED_ONE_PAGE, AS_EVER, EMPTY },
    { "a full list", NEED_CAP, ALL_SEEN, FULL, NULL, NULL, "no more than" },
    { "a page twice", NEED_PAGES, FIRST_PAGE, REPEATS, NULL, NULL, "repeats" },
    { "a second page that fails", NEED_PAGES, FIRST_PAGE, SECOND_FAILS, NULL, NULL, "HTTP 500" },
    { "a total of three more", NEED_TOTAL, ALL_SEEN, MISCOUNTS, NULL, NULL, "advertised came" },
    { "a total that moves", NEED_TOTAL | NEED_PAGES, AS_EVER, MOVES },
    { "a text that fails", NEED_DETAIL, AS_EVER, DETAIL_FAILS },
    { "a posting that is gone", NEED_DETAIL, AS_EVER, DETAIL_GONE },
    { "robots.txt forbids it", 0, FAILS, USUAL, NULL, "User-agent: *\nDisallow: /\n",
      "robots.txt line 2 disallows it", true },
    { "robots.txt cannot be had", 0, FAILS, USUAL, NULL, "500", "robots.txt could not be had",
      true },
    { "robots.txt wants a minute", 0, FAILS, USUAL, NULL, "User-agent: *\nCrawl-delay: 60\n",
      "60 s between requests", true },
    { "robots.txt allows it", 0, AS_EVER, USUAL, NULL,
      "User-agent: somebody\nDisallow: /\n\nUser-agent: *\nAllow: /\n" },
};
const size_t replay_n_faults = ARRAY_LEN(replay_faults);

enum { CLOSES_PERCENT = 12, OPENS_PERCENT = 12, CHANGES_PERCENT = 10, QUIET_PERCENT = 40 };

static int dice(struct replay_board *b, int sides)
{
    b->seed = b->seed * 1664525u + 1013904223u;
    return (int)(b->seed >> 10) % sides;
}

/* How the board stands in the store, as far as the rules ask. */
struct known {
    uint8_t revision[REPLAY_JOBS], text[REPLAY_JOBS]; /* of the list entry, of the text */
    bool open[REPLAY_JOBS], ever[REPLAY_JOBS], held[REPLAY_JOBS], gone[REPLAY_JOBS];
    bool kept;    /* the list may be said to be as it was */
    bool lingers; /* something listed is gone by its own page */
    uint8_t list[REPLAY_JOBS];
};

static int count(const uint8_t jobs[REPLAY_JOBS])
{
    int n = 0;

    for (int j = 0; j < REPLAY_JOBS; j++)
        n += jobs[j] != 0;
    return n;
}

static int pages_of(const struct replay_board *b, int n)
{
    int size = (int)b->kind->size;

    return !size || n <= size ? 1 : (n + size - 1) / size;
}

/* Jobs come, go and are written anew, one by one and never many at once. */
static void live(struct replay_board *b, int day, int first)
{
    uint8_t *jobs = b->days[day].jobs;
    bool quiet;
    int most;

    if (!day) {
        for (int j = 0; j < first; j++)
            jobs[j] = 1;
        return;
    }
    memcpy(jobs, b->days[day - 1].jobs, REPLAY_JOBS);
    quiet = dice(b, 100) < QUIET_PERCENT;
    most = count(jobs) / 4;
    for (int j = 0; j < first + 3 && !quiet; j++) {
        int percent = dice(b, 100);

        if (jobs[j] && percent < CLOSES_PERCENT && most-- > 0)
            jobs[j] = 0;
        else if (jobs[j] && percent < CLOSES_PERCENT + CHANGES_PERCENT)
            jobs[j]++;
        else if (!jobs[j] && percent < OPENS_PERCENT)
            jobs[j] = 1;
    }
}

/* The first job whose text will be asked for on that day; -1: none. */
static int text_wanted(const struct known *k, const uint8_t jobs[REPLAY_JOBS])
{
    for (int j = 0; j < REPLAY_JOBS; j++)
        if (jobs[j] && k->text[j] != jobs[j] && !k->gone[j])
            return j;
    return -1;
}

static bool fits(const struct replay_board *b, const struct known *k, int day,
                 const struct fault *f)
{
    const uint8_t *jobs = b->days[day].jobs;
    int n = count(jobs), pages = pages_of(b, n), open = 0;
    bool get = str_eq(b->kind->list.method, STR("GET"));

    for (int j = 0; j < REPLAY_JOBS; j++)
        open += k->open[j];
    if ((f->needs & NEED_GET && !get) || (f->needs & NEED_PAGES && pages < 2)
        || (f->needs & NEED_ONE_PAGE && pages > 1) || (f->needs & NEED_CAP && !b->kind->cap)
        || (f->needs & NEED_TOTAL && !b->kind->advertises)
        || (f->needs & NEED_STRANGER && !b->kind->stranger.path.n && !b->kind->stranger.method.n)
        || (f->needs & NEED_MANY && (open < 6 || n < 6)))
        return false;
    if (f->play == MOVES && n < b->kind->size + 2)
        return false; /* the first page would have advertised what it had */
    return !(f->needs & NEED_DETAIL) || (b->kind->detail.path.n && text_wanted(k, jobs) >= 0);
}

static void list_jobs(struct replay_board *b, const struct known *k, int day)
{
    struct replay_day *d = &b->days[day];
    enum fault_play play = d->fault ? d->fault->play : USUAL;
    bool left = false;

    if (play == COLLAPSE_STAYS)
        for (int j = 0; j < REPLAY_JOBS; j++) {
            d->jobs[j] = left ? 0 : d->jobs[j];
            left |= d->jobs[j] != 0;
        }
    memcpy(d->listed, d->jobs, REPLAY_JOBS);
    left = false;
    for (int j = 0; j < REPLAY_JOBS; j++) {
        if (play == EMPTY || (play == COLLAPSE && left))
            d->listed[j] = 0;
        if (play == FULL && j < b->kind->cap && !d->listed[j])
            d->listed[j] = 1;
        left |= d->listed[j] != 0;
    }
    if (play == DETAIL_FAILS || play == DETAIL_GONE)
        d->odd_job = text_wanted(k, d->jobs);
    if (play == DETAIL_GONE)
        b->gone[d->odd_job] = true;
}

/* The texts of what is listed; a text may come late, or say that its posting is closed. */
static void read_texts(const struct replay_board *b, struct known *k, const struct replay_day *d,
                       const uint8_t seen[REPLAY_JOBS], bool changed[REPLAY_JOBS], struct wanted *w)
{
    for (int j = 0; j < REPLAY_JOBS; j++) {
        bool fails = d->fault && d->fault->play == DETAIL_FAILS && j == d->odd_job;

        if (!seen[j] || k->text[j] == seen[j])
            continue;
        w->requests += w->requests >= 0;
        w->texts_owed += fails;
        if (!fails && b->gone[j]) {
            k->gone[j] = k->lingers = true;
            w->closed += k->open[j];
            k->open[j] = k->held[j] = false;
        } else if (!fails) {
            changed[j] |= k->ever[j];
            k->text[j] = seen[j];
        }
    }
}

/* What a list lacks has ended; but a fall to nothing, or by more than half of five or more, must be
 * seen twice. */
static void close_absent(struct known *k, const uint8_t seen[REPLAY_JOBS], struct wanted *w)
{
    int still = 0, missing = 0;

    for (int j = 0; j < REPLAY_JOBS; j++) {
        if (k->open[j] && !seen[j] && k->held[j]) {
            k->open[j] = false;
            w->closed++;
        }
        still += k->open[j];
        missing += k->open[j] && !seen[j];
    }
    w->held = count(seen) ? still >= 5 && 2 * missing > still : missing > 0;
    for (int j = 0; j < REPLAY_JOBS; j++) {
        if (k->open[j] && !seen[j] && !w->held) {
            k->open[j] = false;
            w->closed++;
        }
        k->held[j] = k->open[j] && !seen[j] && w->held;
    }
}

static void see(const struct replay_board *b, struct known *k, const struct replay_day *d,
                const uint8_t seen[REPLAY_JOBS], bool whole, struct wanted *w)
{
    bool changed[REPLAY_JOBS] = { false };

    for (int j = 0; j < REPLAY_JOBS; j++) {
        changed[j] =
            seen[j] && k->revision[j] && k->revision[j] != seen[j] && !b->kind->addresses_only;
        k->revision[j] = seen[j] ? seen[j] : k->revision[j];
    }
    if (b->kind->detail.path.n)
        read_texts(b, k, d, seen, changed, w);
    if (whole && !b->kind->window && !(b->kind->ambiguous && !count(seen)))
        close_absent(k, seen, w);
    for (int j = 0; j < REPLAY_JOBS; j++) {
        w->changed += changed[j];
        k->held[j] = k->held[j] && !seen[j];
        if (!seen[j] || k->open[j] || k->gone[j])
            continue;
        w->opened += !k->ever[j];
        w->reopened += k->ever[j];
        k->open[j] = k->ever[j] = true;
    }
}

static void take_whole(const struct replay_board *b, struct known *k, struct replay_day *d)
{
    struct wanted *w = &d->want;
    bool moves = d->fault && d->fault->play == MOVES;
    bool again = d->fault && d->fault->answer; /* the first request was in vain */
    int pages = pages_of(b, count(d->listed)) + b->kind->walks_on;

    if (b->kind->walks_on && !count(d->listed))
        pages = 1;
    w->requests = again ? -1 : (b->kind->before.path.n > 0) + (moves ? 2 : 1) * pages;
    if (k->kept && !moves && !memcmp(k->list, d->listed, REPLAY_JOBS)) {
        w->outcome = "unchanged";
        return;
    }
    w->outcome = "complete";
    k->lingers = false;
    see(b, k, d, d->listed, true, w);
    k->kept =
        !w->held && !w->texts_owed && !k->lingers && !(b->kind->ambiguous && !count(d->listed));
    memcpy(k->list, d->listed, REPLAY_JOBS);
}

static void take_part(const struct replay_board *b, struct known *k, struct replay_day *d)
{
    uint8_t seen[REPLAY_JOBS] = { 0 };
    int left = d->fault->effect == FIRST_PAGE ? (int)b->kind->size : REPLAY_JOBS;

    for (int j = 0; j < REPLAY_JOBS && left > 0; j++) {
        seen[j] = d->listed[j];
        left -= seen[j] != 0;
    }
    d->want.outcome = "partial";
    d->want.requests = -1;
    see(b, k, d, seen, false, &d->want);
    k->kept = false;
}

static void take(const struct replay_board *b, struct known *k, struct replay_day *d)
{
    const struct fault *f = d->fault;

    d->want = (struct wanted){ .requests = -1, .error = f ? f->error : NULL, .outcome = "failed" };
    switch (f ? f->effect : AS_EVER) {
    case AS_EVER:
        take_whole(b, k, d);
        break;
    case FIRST_PAGE:
    case ALL_SEEN:
        take_part(b, k, d);
        break;
    case NOWHERE:
        d->want.outcome = b->kind->nowhere.p[0] == 'g' ? "gone" : "failed";
        break;
    case OF_STRANGER:
        d->want.outcome = b->kind->stranger.method.p[0] == 'g' ? "gone" : "failed";
        break;
    case FAILS:
        d->want.requests = f->not_asked ? 0 : -1;
        break;
    }
}

/* One day in seven boards is bad at once, most on the second day, some on the third. */
static int bad_day_of(unsigned number)
{
    static const int days[] = { 1, 2, 1, 0, 1, 2, 1 };

    return days[number % ARRAY_LEN(days)];
}

/* The fault of a bad day; NULL: there is none that the board could play. */
static const struct fault *choose(const struct replay_board *b, const struct known *k, int day,
                                  unsigned *of_kind, unsigned *of_all)
{
    size_t best = replay_n_faults;

    for (size_t i = 0; i < replay_n_faults; i++) {
        if (!fits(b, k, day, &replay_faults[i]))
            continue;
        if (best == replay_n_faults || of_kind[i] < of_kind[best]
            || (of_kind[i] == of_kind[best] && of_all[i] < of_all[best]))
            best = i;
    }
    if (best == replay_n_faults)
        return NULL;
    of_kind[best]++;
    of_all[best]++;
    return &replay_faults[best];
}

void replay_plan(struct replay_board *b, unsigned *of_kind, unsigned *of_all)
{
    static const char *const manners[] = { "", "etag", "gzip", "chunked", "", "close" };
    int bad = bad_day_of(b->number), size = (int)b->kind->size, first = 2 + dice(b, 9);
    struct known k = { 0 };

    if (size && size + 8 < REPLAY_JOBS && dice(b, size < 50 ? 2 : 6) == 0)
        first = size + 2 + dice(b, 4);
    b->manner = manners[dice(b, ARRAY_LEN(manners))];
    b->delay_ms = dice(b, 3) ? dice(b, 40) : 0;
    for (int day = 0; day < REPLAY_DAYS && !b->never; day++) {
        live(b, day, first);
        if (day == bad)
            b->days[day].fault = choose(b, &k, day, of_kind, of_all);
        list_jobs(b, &k, day);
        take(b, &k, &b->days[day]);
        for (int j = 0; j < REPLAY_JOBS; j++)
            if (k.open[j])
                b->days[day].open[j] = b->kind->addresses_only ? k.text[j] : k.revision[j];
            else
                b->days[day].open[j] = NOT_OPEN;
    }
}
