/* Listings, openings, figures, plain SQL: what goes in comes out, as of its time. */
#include <math.h>
#include <time.h>

#include "core/buf.h"
#include "core/date.h"
#include "store/simhash.h"
#include "store_file.h"

static const char key[] = "greenhouse:kaveri";
static const struct verdict_in complete = { .outcome = "complete" };

static struct store *open_store(const struct folder *f, enum store_access access)
{
    struct store *s = NULL;
    struct diag d = { 0 };

    OK(store_open(&s, f->path, access, &d));
    if (!s)
        abort();
    return s;
}

static void a_listing_is_a_revision_only_when_its_content_changed(void **state)
{
    /* The same posting, row by row; a reading is begun where `reading` is new. */
    static const struct {
        int reading;
        const char *title, *text, *listed;
        int64_t posted;
        int want, known; /* known: store_known() of `listed` before it is put */
        const char *stored_text;
        int revisions;
    } rows[] = {
        { 1, "MLOps Engineer", "", "L1", 5, STORE_NEW, STORE_NEW, "", 1 },
        { 1, "MLOps Engineer", "We run Kubernetes.", "L1", 5, STORE_CHANGED, STORE_CHANGED,
          "We run Kubernetes.", 1 },
        { 2, "MLOps Engineer", "", "L1", 5, STORE_SAME, STORE_SAME, "We run Kubernetes.", 1 },
        { 2, "MLOps Engineer", "We run Kubernetes.", "L1", 9, STORE_SAME, STORE_SAME,
          "We run Kubernetes.", 1 },
        { 3, "Senior MLOps Engineer", "", "L2", 5, STORE_CHANGED, STORE_CHANGED,
          "We run Kubernetes.", 2 },
        { 3, "Senior MLOps Engineer", "", "L2", 5, STORE_SAME, STORE_CHANGED, "We run Kubernetes.",
          2 },
        { 4, "Senior MLOps Engineer", "We run KServe.", "L2", 5, STORE_CHANGED, STORE_CHANGED,
          "We run KServe.", 3 },
        { 5, "Senior MLOps Engineer", "", "L2", 5, STORE_SAME, STORE_SAME, "We run KServe.", 3 },
        /* the list says otherwise for a day, and its detail never comes */
        { 6, "MLOps Intern", "", "L3", 5, STORE_CHANGED, STORE_CHANGED, "We run KServe.", 4 },
        { 7, "Senior MLOps Engineer", "", "L2", 5, STORE_CHANGED, STORE_SAME, "We run KServe.", 5 },
        { 8, "Senior MLOps Engineer", "", "L2", 5, STORE_SAME, STORE_SAME, "We run KServe.", 5 },
    };
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE);
    struct diag d = { 0 };
    int64_t reading = 0, last = 0;

    (void)state;
    put_source(s, key);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct listing l = listing_of(STR("77"), str_of(rows[i].title), str_of(rows[i].text));
        struct history h = { 0 };
        int64_t now = NOON + rows[i].reading * 60;

        l.posted = rows[i].posted;
        if (last != rows[i].reading)
            OK(store_begin_reading(s, str_of(key), now, &reading, &d));
        last = rows[i].reading;
        CHECK_ROW(
            store_known(s, str_of(key), STR("77"), str_of(rows[i].listed), &d) == rows[i].known, i);
        CHECK_ROW(said(store_put_listing(s, reading, str_of(key), &l, str_of(rows[i].listed),
                                         (struct hash){ 0 }, now, &d),
                       &d)
                      == rows[i].want,
                  i);
        OK(store_history(s, STR("77"), now, &a, &h, &d));
        CHECK_STR(h.revision.listing.text, str_of(rows[i].stored_text), i);
        CHECK_STR(h.revision.listing.title, str_of(rows[i].title), i);
        CHECK_ROW(h.n_revisions == rows[i].revisions, i);
        CHECK_ROW(h.revision.listing.posted == 5, i);
        arena_free(&a);
    }
    store_close(&s);
    remove_folder(&f);
}

static int count_facts(void *ctx, const struct posting_fact *f, struct diag *d)
{
    int64_t *n = ctx;

    (void)d;
    n[0]++;
    n[1] += f->has_signal;
    n[2] += f->has_signal ? f->signal.stage : 0;
    return 0;
}

static int64_t signals_seen(struct store *s, int64_t at)
{
    int64_t n[3] = { 0 };
    struct diag d = { 0 };

    OK(store_scan(s, at, NULL, count_facts, n, &d));
    return n[1] * 100 + n[2];
}

static const struct str skills[] = { STR("kubernetes"), STR("kubeflow"), STR("python") };

/* `before`: the stage that the vintage before has; -1: it has none. */
static int extract(struct store *s, int stage, int before, int limit)
{
    struct mention mentions[] = {
        { .skill = 0, .polarity = POLARITY_REQUIRED, .section = SECTION_REQUIRED },
        { .skill = 0, .polarity = POLARITY_STACK, .section = SECTION_STACK, .implied = true },
        { .skill = 1, .polarity = POLARITY_PREFERRED, .implied = true },
        { .skill = 2, .polarity = POLARITY_NEGATED },
    };
    struct signal sig = { .family = FAMILY_CORE,
                          .stage = stage,
                          .stage_reason = "",
                          .mentions = mentions,
                          .n_mentions = ARRAY_LEN(mentions) };
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    int64_t cursor = 0;
    int n = 0, r = 0;

    while (n < limit) {
        struct revision rev = { 0 };

        struct signal old;

        r = store_next_unread(s, &cursor, &a, &rev, &d);
        if (r)
            break;
        CHECK_ROW(store_signal_before(s, rev.id, &a, &old, &d) == (before < 0 ? STORE_NONE : 0), n);
        CHECK_ROW(before < 0 || old.stage == before, n);
        CHECK_ROW(rev.newest, n);
        OK(store_put_signal(s, rev.id, &sig, &d));
        n++;
    }
    said(r, &d);
    arena_free(&a);
    return n;
}

static int add_stages(void *ctx, int64_t posting, const struct signal *before,
                      const struct signal *now, struct diag *d)
{
    (void)posting, (void)d;
    *(int *)ctx += 10 * before->stage + now->stage;
    return 0;
}

static void a_new_vintage_shows_only_when_all_is_read_again(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE), *reader;
    struct diag d = { 0 };
    int stages = 0;

    (void)state;
    put_source(s, key);
    read_board(s, key, "a b c", complete, NOON);
    CHECK(store_put_signal(s, 1, &(struct signal){ 0 }, &d) == ERR_USAGE);
    CHECK(store_use_vintage(s, (struct hash){ 1, 1 }, skills, 3, NOON, &d) == STORE_NEW);
    CHECK(extract(s, 2, -1, 99) == 3);
    CHECK(extract(s, 2, -1, 99) == 0);
    CHECK(store_use_vintage(s, (struct hash){ 1, 1 }, skills, 3, NOON, &d) == 0);
    CHECK(signals_seen(s, NOON) == 306);
    CHECK(store_use_vintage(s, (struct hash){ 2, 2 }, skills, 3, NOON, &d) == STORE_NEW);
    CHECK(extract(s, 5, 2, 2) == 2);
    OK(store_flush(s, &d));
    reader = open_store(&f, STORE_READ);
    CHECK(signals_seen(reader, NOON) == 306); /* no mixture of the two */
    store_close(&reader);
    store_close(&s); /* stopped half-way: the next run goes on */
    s = open_store(&f, STORE_WRITE);
    CHECK(store_use_vintage(s, (struct hash){ 2, 2 }, skills, 3, NOON, &d) == 0);
    OK(store_made_signals(s, add_stages, &stages, &d));
    CHECK(stages == 2 * 25); /* what the run that was stopped had read */
    CHECK(extract(s, 5, 2, 99) == 1);
    stages = 0;
    OK(store_made_signals(s, add_stages, &stages, &d));
    CHECK(stages == 0); /* the vintage before is gone */
    reader = open_store(&f, STORE_READ);
    CHECK(signals_seen(reader, NOON) == 315);
    store_close(&reader);
    OK(store_check(s, &d));
    store_close(&s);
    remove_folder(&f);
}

/* Two revisions of three are read alike by the rules after: one row is written, and it is what is
 * told. The skills of the rules after stand elsewhere in their list. */
static void what_other_rules_conclude_alike_is_not_written_again(void **state)
{
    static const struct str after[] = { STR("airflow"), STR("python"), STR("kubernetes") };
    static const struct str gone[] = { STR("python"), STR("zenml") };
    struct mention m = { .skill = 2, .polarity = POLARITY_DUTY };
    struct signal sig = { .stage = 3, .stage_reason = "", .mentions = &m, .n_mentions = 1 }, old;
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE);
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    int stages = 0;

    (void)state;
    put_source(s, key);
    read_board(s, key, "a b c", complete, NOON);
    CHECK(store_use_vintage(s, (struct hash){ 1, 1 }, skills, 3, NOON, &d) == STORE_NEW);
    for (int64_t revision = 1; revision <= 3; revision++)
        OK(store_put_signal(s, revision, &sig, &d));
    CHECK(extract(s, 0, -1, 99) == 0);
    CHECK(store_use_vintage(s, (struct hash){ 2, 2 }, after, 3, NOON, &d) == STORE_NEW);
    m.skill = 1;
    CHECK(store_put_signal(s, 1, &sig, &d) == STORE_SAME);
    m.skill = 2;
    OK(store_put_signal(s, 2, &sig, &d));
    CHECK(store_signal_before(s, 2, &a, &old, &d) == 0 && old.mentions[0].skill == 2);
    store_close(&s); /* stopped before the third */
    s = open_store(&f, STORE_WRITE);
    CHECK(ask(&f, "SELECT count(*) FROM signal_next") == 1);
    CHECK(store_use_vintage(s, (struct hash){ 2, 2 }, after, 3, NOON, &d) == 0);
    OK(store_made_signals(s, add_stages, &stages, &d));
    CHECK(stages == 33);
    CHECK(extract(s, 4, 3, 99) == 1);
    CHECK(ask(&f, "SELECT count(*) FROM signal_next") == 0);
    CHECK(signals_seen(s, NOON) == 310);
    /* A list where neither stands as it did, and without the third. */
    CHECK(store_use_vintage(s, (struct hash){ 3, 3 }, gone, 2, NOON, &d) == STORE_NEW);
    m.skill = 0;
    CHECK(store_put_signal(s, 1, &sig, &d) == STORE_SAME);
    m.skill = 1;
    OK(store_put_signal(s, 2, &sig, &d));
    CHECK(ask(&f, "SELECT count(*) FROM skill a JOIN skill b USING (id) WHERE a.vintage < b.vintage"
                  " AND a.number <> b.number")
          == 0);
    OK(store_check(s, &d));
    arena_free(&a);
    store_close(&s);
    remove_folder(&f);
}

static int gather(void *ctx, size_t row, const struct sql_cell *cells, size_t n, struct diag *d)
{
    struct buf *b = ctx;

    (void)d;
    for (size_t i = 0; i < n; i++) {
        buf_add(b, cells[i].text);
        buf_add_byte(b, i + 1 < n ? ',' : row ? ';' : ':');
    }
    return 0;
}

static void plain_sql_reads_the_views_and_nothing_else(void **state)
{
    static const struct {
        const char *sql;
        int want;
        const char *rows;
    } rows[] = {
        { "SELECT skill, polarity, stated, section FROM v_mention ORDER BY skill", 0,
          "skill,polarity,stated,section:kubeflow,preferred,0,duties;"
          "kubernetes,required,1,required;python,negated,1,duties;" },
        { "SELECT opening, posting, postings, stage, text_read FROM v_counted_opening", 0,
          "opening,posting,postings,stage,text_read:1,2,2,3,1;" },
        { "SELECT count(*) AS n FROM v_opening; -- that is all", 0, "n:2;" },
        { "SELECT posting, reason FROM v_opening_posting WHERE counted", 0,
          "posting,reason:2,counted;" },
        { "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3)"
          " SELECT max(n) AS top FROM c",
          0, "top:3;" },
        { "SELECT x'00ff' AS b, NULL AS z, 0.5 AS h", 0, "b,z,h:00ff,,0.5;" },
        { "SELECT last_proof - first_proof AS t, open FROM v_posting WHERE native_id = 'a'", 0,
          "t,open:86400,1;" },
        { "SELECT native_id, ended_how FROM v_posting WHERE NOT open", 0,
          "native_id,ended_how:c,absent;" },
        { "SELECT name, value, low FROM v_figure WHERE current", 0,
          "name,value,low:openings,1.0,;" },
        { "SELECT group_concat(value, '+') AS v FROM json_each('[1, 2]')", 0, "v:1+2;" },
        { "SELECT fullkey, atom FROM json_tree('{\"a\": [7]}') WHERE atom", 0,
          "fullkey,atom:$.a[0],7;" },
        { "SELECT o.opening, c.value FROM v_opening o, json_each('[' || o.posting || ']') c", 0,
          "opening,value:1,2;3,3;" },
        { "SELECT count(*) > 5 AS n FROM pragma_table_info('v_opening')", 0, "n:1;" },
        { "SELECT type FROM pragma_table_list WHERE name = 'v_opening'", 0, "type:view;" },
        { "SELECT * FROM dbstat", ERR_USAGE, "" },
        { "SELECT * FROM sqlite_stmt", ERR_USAGE, "" },
        { "SELECT * FROM pragma_function_list", ERR_USAGE, "" },
        { "SELECT * FROM fts3tokenize('simple', 'a')", ERR_USAGE, "" },
        { "UPDATE sqlite_schema SET sql = ''", ERR_USAGE, "" },
        { "DELETE FROM posting", ERR_USAGE, "" },
        { "INSERT INTO source (key) VALUES (1)", ERR_USAGE, "" },
        { "CREATE TABLE t (a)", ERR_USAGE, "" },
        { "CREATE TEMP TABLE t (a)", ERR_USAGE, "" },
        { "ATTACH 'other.db' AS o", ERR_USAGE, "" },
        { "VACUUM INTO 'other.db'", ERR_USAGE, "" },
        { "PRAGMA user_version = 9", ERR_USAGE, "" },
        { "PRAGMA journal_mode = DELETE", ERR_USAGE, "" },
        { "SELECT load_extension('x')", ERR_USAGE, "" },
        { "SELECT 1; SELECT 2", ERR_USAGE, "" },
        { "SELECT zeroblob(999999999)", ERR_LIMIT, "" },
        { "nonsense", ERR_USAGE, "" },
        { "", ERR_USAGE, "" },
    };
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE);
    struct opening_row openings[] = {
        { .posting = 1, .opening = 1, .reason = STR("same opening"), .evidence = STR("alone") },
        { .posting = 2, .opening = 1, .leads = true, .counted = true, .reason = STR("counted") },
        { .posting = 3, .opening = 3, .leads = true, .reason = STR("closed") },
    };
    struct figure_row figure = { .day = day_of(NOON),
                                 .name = STR("openings"),
                                 .value = 1,
                                 .low = NAN,
                                 .high = NAN,
                                 .n = 1,
                                 .employers = 1 };
    struct figure_row *figures = NULL;
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    size_t n = 0;

    (void)state;
    put_source(s, key);
    read_board(s, key, "a b c", complete, NOON);
    read_board(s, key, "a b", complete, NOON + DAY);
    CHECK(store_use_vintage(s, (struct hash){ 1, 1 }, skills, 3, NOON, &d) == STORE_NEW);
    CHECK(extract(s, 3, -1, 99) == 3);
    OK(store_put_figures(s, &figure, 1, &d));
    for (int again = 0; again < 2; again++) {
        OK(store_begin_openings(s, NOON, &d));
        OK(store_end_openings(s, store_put_openings(s, openings, ARRAY_LEN(openings), &d), &d));
    }
    OK(store_figures(s, STR(""), figure.day, figure.day, &a, &figures, &n, &d));
    CHECK(n == 1 && figures[0].value == 1 && isnan(figures[0].low));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(buf_release) struct buf got = { 0 };
        int r = store_sql(s, str_of(rows[i].sql), gather, &got, &d);

        CHECK_ROW(r == rows[i].want, i);
        if (r != rows[i].want)
            fprintf(stderr, "  %d %s\n", r, d.text);
        if (!rows[i].want)
            CHECK_STR(buf_str(&got), str_of(rows[i].rows), i);
    }
    OK(store_check(s, &d));
    store_close(&s);
    arena_free(&a);
    remove_folder(&f);
}

static void history_is_told_as_of_its_time(void **state)
{
    static const struct {
        const char *which;
        int day, found;
        int64_t first, last, ended;
        const char *how;
        size_t spells;
    } rows[] = {
        /* proofs by day; a closed on day 2, open again on day 4 */
        { "1", 0, 0, 0, 0, -1, "", 1 },
        { "1", 1, 0, 0, 1, -1, "", 1 },
        { "greenhouse:kaveri/a", 2, 0, 0, 1, 2, "absent", 1 },
        { "a", 3, 0, 0, 1, 2, "absent", 1 },
        { "a", 5, 0, 4, 5, -1, "", 2 },
        { "a", 4, 0, 4, 4, -1, "", 2 },
        { "nobody", 5, STORE_NONE, 0, 0, 0, "", 0 },
        { "greenhouse:kaveri/nobody", 5, STORE_NONE, 0, 0, 0, "", 0 },
    };
    static const char *const lists[] = { "a b", "a b", "b", "b", "a b", "a b" };
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE);
    struct diag d = { 0 };

    (void)state;
    put_source(s, key);
    for (int i = 0; i < 6; i++)
        read_board(s, key, lists[i], complete, NOON + i * (int64_t)DAY);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct history h = { 0 };
        int r =
            store_history(s, str_of(rows[i].which), NOON + rows[i].day * (int64_t)DAY, &a, &h, &d);

        CHECK_ROW(r == rows[i].found, i);
        if (!r) {
            CHECK_ROW(h.fact.first_proof == NOON + rows[i].first * DAY, i);
            CHECK_ROW(h.fact.last_proof == NOON + rows[i].last * DAY, i);
            CHECK_ROW(h.fact.ended_by == (rows[i].ended < 0 ? 0 : NOON + rows[i].ended * DAY), i);
            CHECK_STR(str_of(h.fact.ended_how), str_of(rows[i].how), i);
            CHECK_ROW(h.n_spells == rows[i].spells, i);
            CHECK_ROW(h.n_readings >= 1 && h.readings[0].started == h.fact.first_proof, i);
        }
        arena_free(&a);
    }
    store_close(&s);
    remove_folder(&f);
}

/* Of most boards each address ends with the ad's id; those that do not, and the ninth way to begin,
 * are kept as they are. */
static void an_address_comes_back_whole(void **state)
{
    static const struct {
        const char *id, *url;
    } rows[] = {
        { "1", "https://board.example/jobs/1" },
        { "2", "https://board.example/jobs/2" },
        { "3", "https://board.example/jobs/3?apply" },
        { "https://feed.example/4", "https://feed.example/4" },
        { "5", "" },
        { "66", "6" },
        { "2", "https://board.example/careers/2" }, /* it moved */
        { "2", "https://board.example/other/two" },
    };
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE);
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    int64_t reading = 0;

    (void)state;
    put_source(s, key);
    OK(store_begin_reading(s, str_of(key), NOON, &reading, &d));
    for (int i = 0; i < 40 + (int)ARRAY_LEN(rows); i++) {
        const char *id = i < 40 ? str_printf(&a, "many-%d", i).p : rows[i - 40].id;
        const char *url =
            i < 40 ? str_printf(&a, "https://%d.example/%s", i % 20, id).p : rows[i - 40].url;
        struct listing l = listing_of(str_of(id), STR("MLOps Engineer"), STR("We run Ray."));
        struct history h = { 0 };

        l.url = str_of(url);
        OK(store_put_listing(s, reading, str_of(key), &l, STR("-"), (struct hash){ 0 }, NOON, &d));
        CHECK_ROW(store_history(s, str_printf(&a, "%s/%s", key, id), NOON, &a, &h, &d) == 0, i);
        CHECK_STR(h.fact.url, l.url, i);
        CHECK_STR(h.revision.listing.url, l.url, i);
        if (l.url.n > 1) /* else it is a posting by number */
            CHECK_ROW(store_history(s, l.url, NOON, &a, &h, &d) == 0, i);
        CHECK_STR(h.fact.native_id, str_of(id), i);
    }
    OK(store_check(s, &d));
    store_close(&s);
    arena_free(&a);
    remove_folder(&f);
}

static void a_page_that_says_closed_ends_a_spell_even_while_listed(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE);
    struct str ids[] = { STR("a"), STR("b") };
    struct verdict_in in = { .outcome = "complete", .ids = ids, .n_ids = 2 };
    struct stored_page page = { STR("GET x"), STR("e"), STR(""), STR("") }, *pages = NULL;
    struct arena a = ARENA_INIT;
    struct verdict v;
    struct diag d = { 0 };
    int64_t reading = 0;
    size_t n = 9;

    (void)state;
    put_source(s, key);
    read_board(s, key, "a b",
               (struct verdict_in){ .outcome = "complete", .pages_kept = &page, .n_pages_kept = 1 },
               NOON);
    OK(store_pages(s, str_of(key), &a, &pages, &n, &d));
    CHECK(n == 1);
    OK(store_begin_reading(s, str_of(key), NOON + DAY, &reading, &d));
    OK(store_put_gone(s, reading, str_of(key), ids[1], STR("404"), NOON + DAY, &d));
    in.details_owed = 1;
    OK(store_end_reading(s, reading, &in, NOON + DAY, &v, &d));
    CHECK(v.closed == 1 && v.open == 1);
    OK(store_pages(s, str_of(key), &a, &pages, &n, &d));
    CHECK(n == 0); /* texts are owed: the next reading must not be "unchanged" */
    OK(store_flush(s, &d));
    CHECK(store_end_reading(s, reading, &in, NOON + DAY, &v, &d) == ERR_USAGE);
    v = read_board(s, key, "a b", complete, NOON + 2 * DAY);
    CHECK(v.reopened == 0 && v.open == 1);
    store_close(&s);
    arena_free(&a);
    remove_folder(&f);
}

static void a_page_that_answers_again_opens_what_its_404_kept_shut(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE);
    struct str id = STR("a");
    struct verdict_in in = { .outcome = "complete", .ids = &id, .n_ids = 1 };
    struct listing listed = listing_of(id, STR("MLOps Engineer"), STR("")),
                   whole = listing_of(id, STR("MLOps Engineer"), STR("We run Ray."));
    /* day by day: what the posting's own page answers (0: it is not asked), and what is open */
    static const struct {
        int answer;
        int64_t open;
    } days[] = { { 404, 0 }, { 404, 0 }, { 200, 1 }, { 0, 1 } };
    struct diag d = { 0 };

    (void)state;
    put_source(s, key);
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        int64_t reading = 0, now = NOON + (int64_t)i * DAY;
        struct verdict v = { 0 };
        struct hash none = { 0 };

        OK(store_begin_reading(s, str_of(key), now, &reading, &d));
        OK(store_put_listing(s, reading, str_of(key), &listed, STR("L1"), none, now, &d));
        if (days[i].answer == 404)
            OK(store_put_gone(s, reading, str_of(key), id, STR("404"), now, &d));
        if (days[i].answer == 200)
            OK(store_put_listing(s, reading, str_of(key), &whole, STR("L1"), none, now, &d));
        OK(store_end_reading(s, reading, &in, now, &v, &d));
        CHECK_ROW(v.open == days[i].open, i);
    }
    store_close(&s);
    remove_folder(&f);
}

static void what_is_published_twice_alike_is_kept_once(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = open_store(&f, STORE_WRITE);
    struct host_state host = { .host = STR("https://b.example:443"), .robots = STR("a\0b") }, got;
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };

    (void)state;
    CHECK(store_put_published(s, STR("roles.json"), STR("{}"), NOON, &d) == 0);
    CHECK(store_put_published(s, STR("roles.json"), STR("{}"), NOON, &d) == STORE_SAME);
    CHECK(store_put_published(s, STR("skills.json"), STR("{}"), NOON, &d) == 0);
    CHECK(store_put_published(s, STR("roles.json"), STR("[]"), NOON, &d) == 0);
    CHECK(store_put_published(s, STR("roles.json"), STR("{}"), NOON, &d) == 0);
    CHECK(store_get_host(s, host.host, &a, &got, &d) == STORE_NONE);
    OK(store_put_host(s, &host, &d));
    OK(store_get_host(s, host.host, &a, &got, &d));
    CHECK_STR(got.robots, STR("a\0b"), 0);
    store_close(&s);
    arena_free(&a);
    remove_folder(&f);
}

static void near_same_texts_have_near_same_prints(void **state)
{
    struct arena a = ARENA_INIT;
    CLEANUP(buf_release) struct buf one = { 0 }, two = { 0 }, far = { 0 };

    (void)state;
    for (int i = 0; i < 300; i++) {
        buf_printf(&one, "word%d ", i * 7);
        buf_printf(&two, i == 150 ? "other " : "Word%d,\n", i * 7);
        buf_printf(&far, "thing%d ", i * 11);
    }
    struct text_prints p = text_prints(buf_str(&one)), q = text_prints(buf_str(&two)),
                       r = text_prints(buf_str(&far));
    CHECK(__builtin_popcountll(p.simhash ^ q.simhash) <= 8 && p.words != q.words);
    CHECK(__builtin_popcountll(p.simhash ^ r.simhash) >= 16);
    CHECK(text_prints(STR("We RUN, k8s!")).words == text_prints(STR("we run k8s")).words);
    CHECK(text_prints(STR("")).simhash == 0 && text_prints(STR("a")).simhash != 0);
    arena_free(&a);
}

RUN_TESTS(TEST(an_address_comes_back_whole),
          TEST(a_listing_is_a_revision_only_when_its_content_changed),
          TEST(a_new_vintage_shows_only_when_all_is_read_again),
          TEST(what_other_rules_conclude_alike_is_not_written_again),
          TEST(plain_sql_reads_the_views_and_nothing_else), TEST(history_is_told_as_of_its_time),
          TEST(a_page_that_says_closed_ends_a_spell_even_while_listed),
          TEST(a_page_that_answers_again_opens_what_its_404_kept_shut),
          TEST(what_is_published_twice_alike_is_kept_once),
          TEST(near_same_texts_have_near_same_prints))
