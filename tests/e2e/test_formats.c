/* What is said to people, to spreadsheets and to programs is the same. */
#include "test.h"

#include "core/buf.h"
#include "tests/e2e/play.h"

enum { EMPLOYERS = 14, CELLS_MAX = 64 };

/* Fourteen employers, of which the last hires half of all; some say what they pay. */
static struct str market_lines(struct arena *a)
{
    struct buf b = { 0 };
    struct str ret;

    for (int e = 0; e < EMPLOYERS; e++)
        for (int i = 0; i < (e == EMPLOYERS - 1 ? 52 : 4); i++)
            buf_printf(&b,
                       "{\"id\":\"%d-%d\",\"title\":\"MLOps Engineer, Team %d\",\"company\":"
                       "\"Employer %d\",\"location\":\"%s, India\",\"experience\":\"%d-%d years\","
                       "\"salary\":\"%s\",\"description\":\"Requirements: Kubernetes%s and team "
                       "%d of %d, \\\"really, now\\\".\",\"first_seen\":\"2026-11-01\","
                       "\"last_seen\":\"2026-11-10\"}\n",
                       e, i, i, e, i % 2 ? "Pune" : "Chennai", i % 4 + 1, i % 4 + 3,
                       i % 2 ? "18-24 LPA" : "", e % 3 ? ", Python" : ", MLflow", i, e);
    ret = buf_take(&b, a);
    buf_release(&b);
    return ret;
}

static void open_market(struct play *p)
{
    struct str path;

    play_open(p, "e2e-formats");
    play_file(p, "127.0.0.2/market.jsonl", market_lines(&p->memory));
    play_start(p, GREENHOUSE_SOURCE);
    path = str_printf(&p->memory, "%s/boards/127.0.0.2/market.jsonl", p->folder);
    CHECK(play(p, "10T13:30", "import", path.p).status == 0);
}

/* The cells of a line of tab-separated text. */
static size_t cells_of(struct str line, struct str ret[CELLS_MAX])
{
    size_t n = 0;

    for (ptrdiff_t end; n < CELLS_MAX; line = str_from(line, (size_t)end + 1)) {
        end = str_find(line, STR("\t"));
        ret[n++] = end < 0 ? line : str_slice(line, 0, (size_t)end);
        if (end < 0)
            break;
    }
    return n;
}

static struct str take_line(struct str *io)
{
    ptrdiff_t end = str_find(*io, STR("\n"));
    struct str line = end < 0 ? *io : str_slice(*io, 0, (size_t)end);

    *io = str_from(*io, end < 0 ? io->n : (size_t)end + 1);
    return line;
}

/* Whether JSON has the cell under its key: as a number or word, as a string, or null. */
static bool has_cell(struct arena *a, struct str json, struct str key, struct str cell)
{
    static const char *const ends[][2] = { { "", "," }, { "", "}" }, { "\"", "\"" } };
    struct str value = cell.n ? cell : STR("null");

    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (str_find(json, str_printf(a, "\"" STR_FMT "\":%s" STR_FMT "%s", STR_ARG(key),
                                      ends[i][0], STR_ARG(value), ends[i][1]))
            >= 0)
            return true;
    return false;
}

/* Comma-separated text of cells without commas and quotes is the tab-separated with commas. */
static struct str with_commas(struct arena *a, struct str tsv)
{
    char *to = str_cstr(a, tsv);

    for (size_t i = 0; i < tsv.n; i++)
        if (to[i] == '\t')
            to[i] = ',';
    return (struct str){ to, tsv.n };
}

static struct spawned ask(struct play *p, const char *const words[], const char *format)
{
    const char *all[12] = { "--format", format };
    size_t n = 2;

    for (size_t i = 0; words[i]; i++)
        all[n++] = words[i];
    return play_with(p, "10T14:30", all);
}

static void rows_are_the_same_in_every_format(void **state)
{
    static const struct {
        const char *words[8];
        bool plain; /* no cell has a comma */
    } rows[] = {
        { { "demand" }, true },
        { { "demand", "--city", "Pune", "--stage", "3" }, true },
        { { "demand", "--with", "python" }, true },
        { { "roles", "--by", "stage" }, true },
        { { "roles", "--by", "city" }, true },
        { { "roles", "--by", "week" }, true },
        { { "roles", "--by", "source" }, true },
        { { "roles", "--by", "adapter" }, true },
        { { "roles", "--since", "2026-11-05" }, true },
        { { "trend", "--since", "2026-11-05" }, true },
        { { "trend", "kubernetes", "--since", "2026-11-05" }, true },
        { { "sql", "SELECT skill, openings, share, low FROM v_demand" }, true },
        { { "audit" }, false },
    };
    struct play p;

    (void)state;
    open_market(&p);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spawned tsv = ask(&p, rows[i].words, "tsv"), csv = ask(&p, rows[i].words, "csv");
        struct spawned json = ask(&p, rows[i].words, "json");
        struct spawned jsonl = ask(&p, rows[i].words, "jsonl");
        struct str left = tsv.out, lines = jsonl.out, keys[CELLS_MAX], cells[CELLS_MAX];
        size_t n = cells_of(take_line(&left), keys), seen = 0;

        CHECK_ROW(tsv.status == 0 && csv.status == 0 && json.status == 0 && jsonl.status == 0, i);
        if (rows[i].plain)
            CHECK_STR(csv.out, with_commas(&p.memory, tsv.out), i);
        for (; left.n; seen++) {
            struct str line = take_line(&lines);

            CHECK_ROW(cells_of(take_line(&left), cells) == n, i);
            for (size_t k = 0; k < n; k++) {
                CHECK_ROW(has_cell(&p.memory, line, keys[k], cells[k]), i);
                CHECK_ROW(str_starts(keys[k], STR("of_"))
                              || has_cell(&p.memory, json.out, keys[k], cells[k]),
                          i);
            }
        }
        CHECK_ROW(seen > 0 && lines.n == 0, i);
    }
    play_close(&p);
}

/* A document as text has a row a value, under where it stands. */
static void documents_are_the_same_in_every_format(void **state)
{
    static const struct {
        const char *words[8];
        size_t figures; /* at least */
    } rows[] = {
        { { "roles" }, 30 },
        { { "stages" }, 300 },
        { { "stages", "--with", "python,docker" }, 60 },
        { { "salary" }, 100 },
        { { "salary", "--stage", "3" }, 18 },
        { { "salary", "--offer", "28L", "--years", "2" }, 20 },
    };
    struct play p;

    (void)state;
    open_market(&p);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spawned tsv = ask(&p, rows[i].words, "tsv"), csv = ask(&p, rows[i].words, "csv");
        struct spawned json = ask(&p, rows[i].words, "json");
        struct str left = tsv.out, cells[CELLS_MAX];
        size_t seen = 0, lines = 0;

        CHECK_ROW(tsv.status == 0 && csv.status == 0 && json.status == 0, i);
        CHECK_STR(ask(&p, rows[i].words, "jsonl").out, json.out, i);
        CHECK_STR(take_line(&left), STR("figure\tvalue"), i);
        for (; left.n; seen++) {
            struct str last;

            CHECK_ROW(cells_of(take_line(&left), cells) == 2, i);
            last = cells[0];
            for (ptrdiff_t dot; (dot = str_find(last, STR("."))) >= 0;)
                last = str_from(last, (size_t)dot + 1);
            CHECK_ROW(has_cell(&p.memory, json.out, last, cells[1])
                          || str_find(json.out, cells[1]) >= 0,
                      i);
        }
        for (size_t k = 0; k < csv.out.n; k++)
            lines += csv.out.p[k] == '\n';
        CHECK_ROW(seen >= rows[i].figures && lines == seen + 1, i);
    }
    play_close(&p);
}

/* What people read of a row stands in what programs read, and one employer of half is named. */
static void the_table_is_the_rows_rounded(void **state)
{
    static const char *const demand[] = { "demand", "kubernetes", NULL };
    struct str left, cells[CELLS_MAX];
    struct spawned s;
    struct play p;

    (void)state;
    open_market(&p);
    left = ask(&p, demand, "tsv").out;
    (void)take_line(&left);
    CHECK(cells_of(take_line(&left), cells) == 20);
    CHECK_STR(cells[2], STR("104"), 0); /* 13 x 4 and 52 */
    CHECK_STR(cells[3], STR("14"), 0);
    CHECK_STR(cells[18], STR("104"), 0);
    CHECK_STR(cells[15], STR("1.0000"), 0); /* at the other thirteen too */
    s = ask(&p, demand, "table");
    CHECK(str_find(s.out, STR("WITHOUT")) > 0);
    CHECK(str_find(s.out, STR("52 of them are of one employer, Employer 13")) > 0);
    CHECK(str_find(s.out, STR(" 104 ")) > 0);
    play_close(&p);
}

/* The page's line, from the finished answers and from the market: its band beside what is paid. */
static void the_line_is_the_same_in_every_answer(void **state)
{
    static const char *const bare[] = { NULL }, *const roles[] = { "roles", NULL };
    const struct str text = STR("104 open MLOps Engineer roles, salary band ₹10L-45L a year on the "
                                "page; observed: median ₹21L (₹21L to ₹21L), of the 52 at 14 "
                                "employers that say, within the band");
    const struct str limits = STR("not in it: employers whose boards are not read; what the 52 "
                                  "that name no yearly rupees pay; 0 stale, 0 merely open to "
                                  "India, 0 adjacent");
    static const char *const formats[] = { "table", "json", "jsonl", "csv", "tsv" };
    struct play p;

    (void)state;
    open_market(&p);
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        struct spawned x = ask(&p, bare, formats[i]), y = ask(&p, roles, formats[i]);

        CHECK_ROW(str_find(x.out, text) >= 0 && str_find(x.out, limits) >= 0, i);
        CHECK_ROW(str_find(y.out, text) >= 0 && str_find(y.out, limits) >= 0, i);
    }
    CHECK(str_find(ask(&p, roles, "tsv").out, STR("line.median\t2100000\n")) > 0);
    CHECK(str_find(ask(&p, roles, "tsv").out, STR("line.against_band\twithin\n")) > 0);
    CHECK(play(&p, "10T14:30", "roles", "--at", "2026-10-01").status == 0);
    play_close(&p);
}

RUN_TESTS(TEST(rows_are_the_same_in_every_format), TEST(documents_are_the_same_in_every_format),
          TEST(the_table_is_the_rows_rounded), TEST(the_line_is_the_same_in_every_answer))
