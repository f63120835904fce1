#include "tests/e2e/planted.h"

#include <string.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "tests/sim/draws.h"

enum { CITIES = 4, ABROAD = 4, TITLES_CORE = 6, TITLES = 9, STALE_DAYS = 14, AD_DAYS = 30 };
enum { FEED_SHOWS = 14, AGGREGATOR_SHOWS = 120, COLLAPSE_FROM = 5 };

/* Boards of an employer, how it starts and how fast it hires. */
static const struct {
    const char *name;
    int kinds[2]; /* -1: none */
    int from, start;
    double a_day;
    int renamed;
    bool says_was;
} plan[] = {
    { "Kaveri Pay", { GREENHOUSE, -1 }, 0, 8, .35, 25, true },
    { "Tungabhadra Labs", { LEVER, -1 }, 0, 6, .25, 0, false },
    { "Godavari AI", { ASHBY, GREENHOUSE }, 0, 7, .3, 0, false },
    { "Sabarmati Systems", { SMART, -1 }, 0, 6, .25, 0, false },
    { "Narmada Health", { CAREERS, -1 }, 0, 5, .2, 0, false },
    { "Betwa Works", { FEED, -1 }, 0, 5, .25, 0, false },
    { "Chambal Mobility", { RECRUITEE, -1 }, 0, 9, .3, 14, false },
    { "Indus Credit", { GREENHOUSE, LEVER }, 12, 10, .3, 0, false },
    { "Yamuna Retail", { GREENHOUSE, -1 }, 0, 14, .6, 0, false },
    { "Mahanadi Cloud", { ASHBY, -1 }, 0, 9, .4, 40, false },
    { "Krishna Robotics", { LEVER, GREENHOUSE }, 0, 6, .25, 0, false },
    { "Periyar Data", { GREENHOUSE, -1 }, 33, 12, .4, 0, false },
    { "Brahmaputra Energy", { SMART, RECRUITEE }, 0, 8, .3, 0, false },
    { "Luni Foods", { RECRUITEE, -1 }, 0, 5, .2, 0, false },
    { "Ghaggar Media", { GREENHOUSE, -1 }, 0, 6, .2, 60, true },
    { "Teesta Motors", { CAREERS, -1 }, 0, 6, .25, 0, false },
    { "Hooghly Shipping", { FEED, -1 }, 5, 5, .2, 0, false },
    { "Sharavati Games", { LEVER, -1 }, 0, 7, .3, 0, false },
    { "Vaigai Textiles", { -1, -1 }, 0, 5, .2, 0, false }, /* by an aggregator alone */
};

const char *const planted_tools[TOOLS] = { "terraform", "airflow",   "mlflow", "kafka",
                                           "pytorch",   "fastapi",   "spark",  "snowflake",
                                           "redis",     "prometheus" };
static const char *const tool_words[TOOLS] = { "Terraform",    "Apache Airflow", "MLflow",
                                               "Kafka",        "PyTorch",        "FastAPI",
                                               "Apache Spark", "Snowflake",      "Redis",
                                               "Prometheus" };
static const char *const titles[TITLES] = {
    "MLOps Engineer",      "Senior MLOps Engineer",      "Machine Learning Platform Engineer",
    "Lead MLOps Engineer", "ML Infrastructure Engineer", "LLMOps Engineer",
    "Pastry Chef",         "Frontend Developer",         "Accountant",
};
static const char *const cities[CITIES + ABROAD] = {
    "Pune, Maharashtra, India",
    "Chennai, Tamil Nadu, India",
    "Bengaluru, Karnataka, India",
    "Hyderabad, Telangana, India",
    "London, United Kingdom",
    "Berlin, Germany",
    "Toronto, Canada",
    "Singapore",
};

static int pick(struct draws *r, int below)
{
    return (int)(draw(r) * below);
}

static bool chance(struct draws *r, double p)
{
    return draw(r) < p;
}

static int wait(struct draws *r, double mean)
{
    return 1 + (int)(-log(draw(r)) * mean);
}

static int tools_of(struct draws *r)
{
    int bits = 0;

    for (int i = 0; i < TOOLS; i++)
        bits |= chance(r, .25 + .03 * i) << i;
    return bits;
}

/* What an aggregator shows of a job must have been at home long enough to be seen there. An edited
 * text is the same ad only where all of it is read at once. */
static void settle(struct planted_job *j, bool quiet)
{
    if (j->edited >= j->closes || !j->core || !j->india)
        j->edited = 0;
    if (j->boards == 0) {
        j->echoed = j->core = j->india = true;
        j->edited = 0;
    }
    if (j->edited && j->boards == 3)
        j->boards = 1;
    if (j->edited || quiet || (j->boards && (j->closes < 1 || j->closes - j->opens < 5)))
        j->echoed = false;
}

static void add_job(struct planted *m, struct draws *r, int employer, int boards, int opens)
{
    struct planted_job *j = &m->jobs[m->n_jobs++];
    bool core = chance(r, .8), india = chance(r, .85);

    *j = (struct planted_job){
        .employer = employer,
        .title =
            core || !boards ? pick(r, TITLES_CORE) : TITLES_CORE + pick(r, TITLES - TITLES_CORE),
        .tools = tools_of(r),
        .seed = pick(r, 1 << 30),
        .core = core,
        .india = india,
        .boards = boards,
        .echoed = chance(r, .35),
        .opens = opens,
        .closes = opens + wait(r, 24),
    };
    j->cities = 1 << (pick(r, CITIES) + (india || !boards ? 0 : CITIES));
    if (india && chance(r, .2))
        j->cities |= 1 << pick(r, CITIES);
    j->opens2 = j->closes2 = j->closes;
    if (chance(r, .25)) { /* within the 30 days in which an ad is its former self */
        j->opens2 = j->closes + 2 + pick(r, 18);
        j->closes2 = j->opens2 + wait(r, 12);
        j->new_id = chance(r, .5);
    }
    if (chance(r, .2)) {
        j->edited = j->opens + wait(r, 8);
        j->tools2 = tools_of(r);
    }
    settle(j, plan[employer].from > 0 || employer == 1 || employer == 10 || employer == 14);
}

static void add_board(struct planted *m, struct draws *r, int kind, int employer, int from)
{
    struct planted_board *b = &m->boards[m->n_boards++];

    *b =
        (struct planted_board){ .kind = (enum board_kind)kind, .employer = employer, .from = from };
    for (int day = from + 1; day < m->n_days; day++)
        if (day % 10 >= 6 && chance(r, .12))
            b->days[day] =
                kind != SMART && kind != FEED && b->days[day - 1] != EMPTY && chance(r, .3) ? EMPTY
                                                                                            : FAULT;
}

/* One day many jobs go at once, and it is true. */
static void plant_collapse(struct planted *m, int employer, int day)
{
    int n = 0;

    for (int i = 0; i < m->n_jobs; i++) {
        struct planted_job *j = &m->jobs[i];

        if (j->employer == employer && j->opens < day && j->closes > day && n++ % 4) {
            j->closes = day;
            j->opens2 = j->closes2 = day;
        }
    }
}

static void plant_silence(struct planted *m, int board, int from, int to, enum board_day how)
{
    for (int day = from; day < to && day < m->n_days; day++)
        m->boards[board].days[day] = how;
}

static void make_employer(struct planted *m, struct draws *r, int e)
{
    int first = m->n_boards, boards = 0;

    m->employers[e] = plan[e].name;
    for (int k = 0; k < 2 && plan[e].kinds[k] >= 0; k++) {
        add_board(m, r, plan[e].kinds[k], e, plan[e].from);
        boards |= 1 << k;
    }
    m->boards[first].renamed = plan[e].renamed < m->n_days ? plan[e].renamed : 0;
    m->boards[first].says_was = plan[e].says_was;
    for (int i = 0; i < plan[e].start; i++)
        add_job(m, r, e, boards, plan[e].from - pick(r, 10));
    for (double t = plan[e].from - log(draw(r)) / plan[e].a_day; t < m->n_days;
         t -= log(draw(r)) / plan[e].a_day)
        add_job(m, r, e, boards == 3 && chance(r, .4) ? 1 << pick(r, 2) : boards, (int)t);
}

void planted_make(struct planted *m, int employers, int days)
{
    struct draws r = draws_from(1947);

    memset(m, 0, sizeof(*m));
    m->n_employers = employers;
    m->n_days = days;
    for (int e = 0; e < employers; e++)
        make_employer(m, &r, e);
    add_board(m, &r, FEED, -1, 0);
    plant_collapse(m, 0, 11);
    plant_collapse(m, 6, 15);
    if (employers > 8)
        plant_collapse(m, 8, 47);
    plant_silence(m, 1, 6, 9, FAULT);
    if (employers > 12) {
        plant_silence(m, 10, 50, 72, FAULT); /* beyond what is carried */
        plant_silence(m, 14, 80, days, GONE);
    }
}

static bool shown(const struct planted_job *j, int day, int *ret_life)
{
    *ret_life = j->new_id && day >= j->opens2 && j->opens2 < j->closes2;
    return (day >= j->opens && day < j->closes) || (day >= j->opens2 && day < j->closes2);
}

/* An aggregator shows an ad a day later and until its own date, whatever became of the job. */
static bool echoed(const struct planted_job *j, int day)
{
    return j->echoed && j->core && j->india && day > j->opens && day < j->opens + AD_DAYS;
}

static int own_bit(const struct planted *m, int board)
{
    return board && m->boards[board - 1].employer == m->boards[board].employer ? 2 : 1;
}

/* Whether the board's list has it that day; a careers site's list is a day late, and the ad's own
 * page says so. */
static bool listed(const struct planted *m, int board, const struct planted_job *j, int day,
                   struct planted_ad *ret)
{
    const struct planted_board *b = &m->boards[board];
    bool here;

    *ret = (struct planted_ad){ .job = j, .expires = j->opens + AD_DAYS };
    if (b->employer < 0)
        return echoed(j, day);
    if (j->employer != b->employer || !(j->boards & own_bit(m, board)))
        return false;
    here = shown(j, day, &ret->life);
    if (!here && b->kind == CAREERS && shown(j, day - 1, &ret->life))
        here = ret->gone = true;
    ret->expires = day < j->closes ? j->closes : j->closes2;
    return here;
}

/* A feed has the newest ads alone. */
int planted_ads(const struct planted *m, int board, int day, struct planted_ad ret[ADS_MAX])
{
    const struct planted_board *b = &m->boards[board];
    int most = b->kind != FEED ? ADS_MAX : b->employer < 0 ? AGGREGATOR_SHOWS : FEED_SHOWS;
    int n = 0;

    for (int i = m->n_jobs - 1; i >= 0; i--) {
        struct planted_ad ad;

        if (!listed(m, board, &m->jobs[i], day, &ad))
            continue;
        for (int c = 0; c < CITIES + ABROAD && n < most; c++)
            if (m->jobs[i].cities >> c & 1) {
                ret[n] = ad;
                ret[n++].city = c;
            }
    }
    return n;
}

const char *planted_title(const struct planted_job *j)
{
    return titles[j->title];
}

const char *planted_city(const struct planted_ad *ad)
{
    return cities[ad->city];
}

int planted_requisition(const struct planted *m, const struct planted_job *j)
{
    return 1000 + (int)(j - m->jobs);
}

const char *planted_id(struct arena *a, const struct planted *m, const struct planted_ad *ad)
{
    return str_printf(a, "%d",
                      (ad->life + 1) * 1000000 + planted_requisition(m, ad->job) * 10 + ad->city)
        .p;
}

/* Words of no meaning, so that two jobs' texts are as unlike as two texts of one trade are. */
static const char *const nouns[] = {
    "river",  "valley", "bridge", "garden",  "harbour", "market",
    "temple", "window", "carpet", "lantern", "orchard", "village"
};
static const char *const verbs[] = { "keep",  "build", "mend", "watch", "carry", "draw",
                                     "count", "guard", "plan", "shape", "open",  "join" };

static void add_sentences(struct buf *b, struct draws *r, int n)
{
    for (int i = 0; i < n; i++)
        buf_printf(b, "<li>You %s the %s of each %s and %s every %s of house %d with care</li>",
                   verbs[pick(r, 12)], nouns[pick(r, 12)], nouns[pick(r, 12)], verbs[pick(r, 12)],
                   nouns[pick(r, 12)], 10 + pick(r, 90));
}

struct str planted_text(struct arena *a, const struct planted_job *j, int day)
{
    struct draws r = draws_from((uint64_t)j->seed);
    int tools = j->edited && day >= j->edited ? j->tools2 : j->tools;
    CLEANUP(buf_release) struct buf b = { 0 };

    buf_add(&b, STR("<h3>What you will do</h3><ul>"));
    add_sentences(&b, &r, 7);
    buf_printf(&b, "</ul><h3>Requirements</h3><ul><li>%d+ years of experience</li>",
               2 + pick(&r, 6));
    for (int i = 0; i < TOOLS; i++)
        if (tools >> i & 1)
            buf_printf(&b, "<li>Experience with %s</li>", tool_words[i]);
    buf_add(&b, STR("</ul>"));
    return buf_take(&b, a);
}

static void count(struct planted_counts *ret, const struct planted_job *j, int day)
{
    int tools = j->edited && day >= j->edited ? j->tools2 : j->tools;

    ret->openings++;
    for (int i = 0; i < TOOLS; i++)
        ret->tools[i] += tools >> i & 1;
}

void planted_truth(const struct planted *m, int day, struct planted_counts *ret)
{
    *ret = (struct planted_counts){ 0 };
    for (int i = 0; i < m->n_jobs; i++) {
        const struct planted_job *j = &m->jobs[i];
        int life;

        if (j->core && j->india && day >= plan[j->employer].from
            && (j->boards ? shown(j, day, &life) : echoed(j, day)))
            count(ret, j, day);
    }
}

/* The list of a day that came whole, and what it leaves of what was known: the rule for a proven
 * list once more. What it lacks has ended; but a fall to nothing, or by more than half of five or
 * more, must be seen twice. */
struct list {
    int n, still, missing; /* ads */
    bool has[JOBS_MAX][2], gone[JOBS_MAX][2];
    int expires[JOBS_MAX][2];
};

static void take_list(const struct planted *m, int board, int day, struct list *ret)
{
    struct planted_ad ads[ADS_MAX];
    int n = m->boards[board].days[day] == EMPTY ? 0 : planted_ads(m, board, day, ads);

    memset(ret, 0, sizeof(*ret));
    ret->n = n;
    for (int i = 0; i < n; i++) {
        int job = (int)(ads[i].job - m->jobs);

        ret->has[job][ads[i].life] = !ads[i].gone;
        ret->gone[job][ads[i].life] = ads[i].gone;
        ret->expires[job][ads[i].life] = ads[i].expires;
    }
}

/* Close what the list lacked before, or whose page is gone; count the rest. */
static void close_first(const struct planted *m, int board, struct planted_memory *k,
                        struct list *l)
{
    for (int i = 0; i < m->n_jobs; i++)
        for (int life = 0; life < 2; life++) {
            bool *open = &k->open[board][i][life], has = l->has[i][life];
            int ads = __builtin_popcount((unsigned)m->jobs[i].cities);

            if (l->gone[i][life] || (!has && k->held[board][i][life]))
                *open = false;
            l->still += *open ? ads : 0;
            l->missing += *open && !has ? ads : 0;
        }
}

static void prove(const struct planted *m, int board, int day, struct planted_memory *k)
{
    bool window = m->boards[board].kind == FEED, hold;
    struct list l;

    take_list(m, board, day, &l);
    if (!l.n && m->boards[board].kind == SMART) /* an unknown company looks the same */
        return;
    if (!window)
        close_first(m, board, k, &l);
    hold = l.n ? l.still >= COLLAPSE_FROM && 2 * l.missing > l.still : l.missing > 0;
    for (int i = 0; i < m->n_jobs; i++)
        for (int life = 0; life < 2; life++) {
            bool *open = &k->open[board][i][life], has = l.has[i][life];

            k->held[board][i][life] = hold && *open && !has;
            *open = has || (*open && (hold || window));
            k->known[board][i][life] |= has;
            if (has)
                k->expires[board][i][life] = l.expires[i][life];
        }
    if (hold)
        return;
    k->read[board] = true;
    k->proven[board] = day;
}

/* What is known of one job at the boards that show it. */
struct standing {
    bool own, own_open, open, fresh;
};

static void look(const struct planted *m, int board, int day, int job,
                 const struct planted_memory *k, struct standing *io)
{
    const struct planted_board *b = &m->boards[board];
    bool fresh = k->read[board] && day - k->proven[board] <= STALE_DAYS;

    for (int life = 0; life < 2; life++) {
        bool open =
            k->open[board][job][life] && (b->kind != FEED || day < k->expires[board][job][life]);

        if (b->employer >= 0) {
            io->own |= k->known[board][job][life];
            io->own_open |= open;
        }
        io->open |= open;
        io->fresh |= open && fresh;
    }
}

void planted_expect(const struct planted *m, int day, struct planted_memory *memory,
                    struct planted_counts *ret)
{
    *ret = (struct planted_counts){ .all_proven = true };
    for (int b = 0; b < m->n_boards; b++) {
        if (m->boards[b].from > day)
            continue;
        if (m->boards[b].days[day] == FINE || m->boards[b].days[day] == EMPTY)
            prove(m, b, day, memory);
        ret->all_proven &= m->boards[b].days[day] == FINE && memory->proven[b] == day;
    }
    for (int i = 0; i < m->n_jobs; i++) {
        struct standing s = { 0 };

        for (int b = 0; b < m->n_boards && m->jobs[i].core && m->jobs[i].india; b++)
            look(m, b, day, i, memory, &s);
        if ((s.own && !s.own_open) || !s.open)
            continue;
        if (s.fresh)
            count(ret, &m->jobs[i], day);
        else
            ret->stale++;
    }
}
