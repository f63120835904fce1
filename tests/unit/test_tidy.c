/* What keeps the file small: a dictionary for texts, and bodies let go. */
#include "store_file.h"

enum { TEXTS = 2100 };

/* Words of a kind, and some that are this text's own. */
static struct str text_of(struct arena *a, int i)
{
    static const char *const asks[] = { "Kubernetes and Helm", "Airflow on AWS", "MLflow registry",
                                        "Terraform in CI", "Prometheus alerts" };

    return str_printf(a,
                      "About the role %d\nYou will own the platform on which models are trained "
                      "and served, with %s, %s and %s.\nRequirements\n- %d years of Python\n- You "
                      "have run systems for people who depend on them (reference %d).",
                      i, asks[i % 5], asks[i / 5 % 5], asks[i / 25 % 5], i % 9, i * 7919);
}

static void fill_texts(struct store *s, int from, int to)
{
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    int64_t reading;

    put_source(s, "import:tidy");
    OK(store_begin_reading(s, STR("import:tidy"), NOON, &reading, &d));
    for (int i = from; i < to; i++) {
        struct listing l =
            listing_of(str_printf(&a, "p%d", i), STR("MLOps Engineer"), text_of(&a, i));

        OK(store_put_listing(s, reading, STR("import:tidy"), &l, STR("x"), (struct hash){ 0 }, NOON,
                             &d));
        arena_reset(&a);
    }
    arena_free(&a);
}

struct reader {
    struct arena a;
    int n, wrong;
};

static int read_back(void *ctx, const struct revision *rev, struct diag *d)
{
    struct reader *r = ctx;
    int64_t i;

    (void)d;
    if (!str_int(str_from(rev->listing.native_id, 1), &i)
        || !str_eq(rev->listing.text, text_of(&r->a, (int)i)))
        r->wrong++;
    r->n++;
    arena_reset(&r->a);
    return 0;
}

static void check_texts(struct store *s, int want)
{
    struct reader r = { 0 };
    struct diag d = { 0 };

    OK(store_scan_texts(s, read_back, &r, &d));
    CHECK(r.n == want && r.wrong == 0);
    arena_free(&r.a);
}

static void texts_share_what_they_have_in_common(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    int64_t before, after;
    bool more = true;
    int calls = 0;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    fill_texts(s, 0, TEXTS);
    OK(store_flush(s, &d));
    before = ask(&f, "SELECT sum(length(data)) FROM block");
    for (; more && calls < 9; calls++)
        OK(store_pack_texts(s, &more, &d));
    CHECK(!more && calls == 2); /* a call's work, and what is too few to pack */
    after = ask(&f, "SELECT sum(length(data)) FROM block");
    CHECK(after > 0 && 3 * after < before);
    CHECK(ask(&f, "SELECT count(*) FROM text WHERE at IS NULL") == TEXTS - 2048);
    CHECK(ask(&f, "SELECT count(DISTINCT block) FROM text WHERE at IS NOT NULL") < 10);
    CHECK(ask(&f, "SELECT count(*) FROM block")
          == ask(&f, "SELECT count(DISTINCT block) FROM text"));
    check_texts(s, TEXTS);
    fill_texts(s, TEXTS, TEXTS + 50); /* new ones use the dictionary at once */
    OK(store_flush(s, &d));
    CHECK(ask(&f, "SELECT sum(length(data)) FROM block") - after < 50 * (before / TEXTS) * 2 / 3);
    OK(store_pack_texts(s, &more, &d));
    CHECK(!more); /* fifty wait for more of their kind */
    OK(store_check(s, &d));
    store_close(&s);
    OK(store_open(&s, f.path, STORE_READ, &d));
    check_texts(s, TEXTS + 50);
    store_close(&s);
    remove_folder(&f);
}

/* In whatever order they are asked, and after each tidying, texts are what they were. */
static void a_text_is_found_in_its_block(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct arena a = ARENA_INIT;
    struct diag d = { 0 };
    unsigned seed = 3;
    bool more = true;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    fill_texts(s, 0, 2 * TEXTS);
    while (more)
        OK(store_pack_texts(s, &more, &d));
    for (int i = 0; i < 500; i++) {
        int n = rand_r(&seed) % (2 * TEXTS);
        struct history h = { 0 };

        OK(store_history(s, str_printf(&a, "import:tidy/p%d", n), NOON, &a, &h, &d));
        CHECK_STR(h.revision.listing.text, text_of(&a, n), n);
        arena_reset(&a);
    }
    store_close(&s);
    CHECK(ask(&f, "DELETE FROM block WHERE id = (SELECT max(id) FROM block)") == -1);
    OK(store_open(&s, f.path, STORE_READ, &d));
    CHECK(store_check(s, &d) == ERR_DB && strstr(d.text, "its block is missing"));
    store_close(&s);
    arena_free(&a);
    remove_folder(&f);
}

static void few_texts_teach_nothing(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    bool more = true;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    fill_texts(s, 0, 100);
    OK(store_pack_texts(s, &more, &d));
    OK(store_flush(s, &d));
    CHECK(!more && ask(&f, "SELECT count(*) FROM dictionary") == 0);
    store_close(&s);
    remove_folder(&f);
}

static void a_dictionary_that_is_lost_is_said(void **state)
{
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct reader r = { 0 };
    struct diag d = { 0 };
    bool more = true;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    fill_texts(s, 0, TEXTS);
    while (more)
        OK(store_pack_texts(s, &more, &d));
    store_close(&s);
    CHECK(ask(&f, "DELETE FROM dictionary") == -1);
    OK(store_open(&s, f.path, STORE_READ, &d));
    CHECK(store_scan_texts(s, read_back, &r, &d) == ERR_DB);
    CHECK(strstr(d.text, "dictionary") != NULL);
    store_close(&s);
    arena_free(&r.a);
    remove_folder(&f);
}

static void bodies_go_but_those_that_open_postings_stand_on(void **state)
{
    static const struct verdict_in complete = { .outcome = "complete", .proof = "", .error = "" };
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    struct listing l = listing_of(STR("a"), STR("MLOps Engineer"), STR("Ray."));
    struct verdict_in in = complete;
    struct arena a = ARENA_INIT;
    struct history h;
    struct str bytes;
    struct verdict v;
    int64_t reading, n;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    put_source(s, "import:tidy");
    OK(store_begin_reading(s, STR("import:tidy"), NOON, &reading, &d));
    OK(store_put_body(s, reading, STR("u"), STR("stands"), NOON, NULL, &d));
    OK(store_put_body(s, reading, STR("u"), STR("falls"), NOON, NULL, &d));
    OK(store_put_body(s, reading, STR("u"), STR("young"), NOON + DAY, NULL, &d));
    OK(store_put_listing(s, reading, STR("import:tidy"), &l, STR("x"), hash_of(STR("stands")), NOON,
                         &d));
    in.ids = &l.native_id;
    in.n_ids = 1;
    OK(store_end_reading(s, reading, &in, NOON, &v, &d));
    OK(store_drop_bodies(s, NOON + 1, 0, &n, &d));
    CHECK(n == 1);
    OK(store_begin_reading(s, STR("import:tidy"), NOON + DAY, &reading, &d));
    in.n_ids = 0;
    in.imported = true;
    OK(store_end_reading(s, reading, &in, NOON + DAY, &v, &d));
    OK(store_drop_bodies(s, NOON + 1, 0, &n, &d));
    CHECK(v.closed == 1 && n == 1); /* it has ended, and its body is old */
    OK(store_drop_bodies(s, NOON + 1, 0, &n, &d));
    CHECK(n == 0);
    OK(store_history(s, STR("import:tidy/a"), NOON + DAY, &a, &h, &d));
    CHECK(!h.body_kept && store_history_body(s, &h, &a, &bytes, &d) == STORE_NONE);
    /* the same answer again is kept again */
    OK(store_begin_reading(s, STR("import:tidy"), NOON + 2 * DAY, &reading, &d));
    OK(store_put_body(s, reading, STR("u"), STR("stands"), NOON + 2 * DAY, NULL, &d));
    OK(store_history(s, STR("import:tidy/a"), NOON + DAY, &a, &h, &d));
    CHECK(h.body_kept && store_history_body(s, &h, &a, &bytes, &d) == 0);
    CHECK_STR(bytes, STR("stands"), 0);
    arena_free(&a);
    store_close(&s);
    CHECK(ask(&f, "SELECT count(*) FROM body WHERE data IS NULL") == 1);
    CHECK(ask(&f, "SELECT count(*) FROM body") == 3);
    remove_folder(&f);
}

static void of_bodies_the_newest_stay_within_a_size(void **state)
{
    static const struct verdict_in complete = { .outcome = "complete", .proof = "", .error = "" };
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    struct listing l = listing_of(STR("a"), STR("MLOps Engineer"), STR("Ray."));
    struct verdict_in in = complete;
    struct verdict v;
    int64_t reading, n, each;
    char body[] = "number 0";

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    put_source(s, "import:size");
    OK(store_begin_reading(s, STR("import:size"), NOON, &reading, &d));
    for (int i = 0; i < 8; i++) {
        body[7] = (char)('0' + i);
        OK(store_put_body(s, reading, STR("u"), str_of(body), NOON + i, NULL, &d));
    }
    OK(store_put_listing(s, reading, STR("import:size"), &l, STR("x"), hash_of(STR("number 1")),
                         NOON, &d));
    in.ids = &l.native_id;
    in.n_ids = 1;
    OK(store_end_reading(s, reading, &in, NOON, &v, &d));
    OK(store_flush(s, &d));
    each = ask(&f, "SELECT sum(length(data)) / 8 FROM body");
    OK(store_drop_bodies(s, 0, 8 * each, &n, &d));
    CHECK(n == 0);
    OK(store_drop_bodies(s, 0, 3 * each, &n, &d));
    CHECK(n == 4); /* of the five oldest, an open posting stands on one */
    store_close(&s);
    CHECK(ask(&f, "SELECT sum(id) FROM body WHERE data IS NOT NULL") == 2 + 6 + 7 + 8);
    remove_folder(&f);
}

RUN_TESTS(TEST(of_bodies_the_newest_stay_within_a_size), TEST(texts_share_what_they_have_in_common),
          TEST(a_text_is_found_in_its_block), TEST(few_texts_teach_nothing),
          TEST(a_dictionary_that_is_lost_is_said),
          TEST(bodies_go_but_those_that_open_postings_stand_on))
