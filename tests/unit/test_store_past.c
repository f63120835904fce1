/* What was said of a time is said of it ever after, whatever is read or configured since. */
#include "store_util.h"
#include "tests/sim/draws.h"

enum { SOURCES = 3, IDS = 8, STEPS = 60, SEEDS = 12 };

struct fact_line {
    int64_t at;
    char text[400];
};

struct past {
    struct store *s;
    struct draws r;
    int64_t now;
    int names[SOURCES]; /* how often a source was renamed */
    struct {
        struct fact_line *items;
        size_t n, cap;
    } said;
    struct arena a;
};

static uint64_t pick(struct past *p, uint64_t below)
{
    return (uint64_t)(draw(&p->r) * (double)below);
}

static const char *key_of(struct past *p, int source)
{
    return str_printf(&p->a, "board:%d-%d", source, p->names[source]).p;
}

struct telling {
    struct past *p;
    int64_t at;
    const struct source_state *sources;
    size_t n_sources, told;
    bool again;
    size_t next;
    int wrong;
};

static void tell(struct telling *t, const char *text)
{
    struct past *p = t->p;

    if (!t->again) {
        struct fact_line *line = ARENA_PUSH(&p->a, &p->said);

        line->at = t->at;
        snprintf(line->text, sizeof(line->text), "%s", text);
    } else if (t->next >= p->said.n || p->said.items[t->next].at != t->at
               || strcmp(p->said.items[t->next].text, text) != 0) {
        if (t->wrong++ < 3)
            fprintf(stderr, "said then: %s\nsaid now:  %s\n",
                    t->next < p->said.n ? p->said.items[t->next].text : "", text);
        t->next++;
    } else {
        t->next++;
    }
}

/* Without the source's name, which is the one of now. */
static int tell_fact(void *ctx, const struct posting_fact *f, struct diag *d)
{
    struct telling *t = ctx;
    char text[400];

    (void)d;
    snprintf(text, sizeof(text),
             "%lld " STR_FMT " first %lld last %lld end %lld %s proven %lld window %d by " STR_FMT
             " title " STR_FMT,
             (long long)f->posting, STR_ARG(f->native_id), (long long)f->first_proof,
             (long long)f->last_proof, (long long)f->ended_by, f->ended_how,
             (long long)f->source_proven, f->source_window, STR_ARG(f->attribution),
             STR_ARG(f->title));
    tell(t, text);
    return 0;
}

static int by_added(const void *x, const void *y)
{
    const struct source_state *a = x, *b = y;

    return (a->row.added > b->row.added) - (a->row.added < b->row.added);
}

static void tell_all(struct telling *t)
{
    struct arena a = ARENA_INIT;
    struct source_state *sources = NULL;
    struct diag d = { 0 };
    size_t n = 0;

    OK(store_scan(t->p->s, t->at, NULL, tell_fact, t, &d));
    OK(store_sources_at(t->p->s, t->at, &a, &sources, &n, &d));
    if (n)
        qsort(sources, n, sizeof(*sources), by_added);
    for (size_t i = 0; i < n; i++) {
        char text[400];

        snprintf(text, sizeof(text),
                 STR_FMT " of " STR_FMT " " STR_FMT " " STR_FMT " proven %lld read %lld " STR_FMT
                         " '" STR_FMT "'"
                         " failed %lld gone %d open %lld moved %lld",
                 STR_ARG(sources[i].row.company), STR_ARG(sources[i].row.adapter),
                 STR_ARG(sources[i].row.params), STR_ARG(sources[i].row.attribution),
                 (long long)sources[i].last_proven, (long long)sources[i].last_reading,
                 STR_ARG(sources[i].last_outcome), STR_ARG(sources[i].last_error),
                 (long long)sources[i].failures, sources[i].gone, (long long)sources[i].open,
                 (long long)sources[i].moved);
        tell(t, text);
    }
    arena_free(&a);
}

static void configure(struct past *p, int source)
{
    struct diag d = { 0 };
    struct source_row row = { .key = str_of(key_of(p, source)),
                              .adapter = pick(p, 4) ? STR("rss") : STR("html"),
                              .params = str_printf(&p->a, "feed=%d", (int)pick(p, 2)),
                              .company = str_printf(&p->a, "Employer %d", (int)pick(p, 3)),
                              .attribution = str_printf(&p->a, "Thanks %d", (int)pick(p, 3)),
                              .why_added = pick(p, 2) ? STR("list") : STR("hiring"),
                              .added = NOON + source };

    OK(store_put_source(p->s, &row, p->now, &d));
}

static void rename_one(struct past *p, int source)
{
    const char *was = key_of(p, source);
    struct diag d = { 0 };

    p->names[source]++;
    OK(store_rename_source(p->s, str_of(was), str_of(key_of(p, source)), p->now, &d));
}

static void read_one(struct past *p, int source)
{
    static const char *const outcomes[] = { "complete", "complete", "complete", "unchanged",
                                            "partial",  "failed",   "gone" };
    const char *outcome = outcomes[pick(p, ARRAY_LEN(outcomes))];
    struct verdict_in in = { .outcome = outcome,
                             .window = source == 0 || (source == 1 && pick(p, 8) == 0),
                             .error = strcmp(outcome, "failed") ? "" : outcome,
                             .max_age_s = 5 * (int64_t)DAY,
                             .advertised = -1 };
    struct verdict v;
    struct str ids[IDS];
    struct diag d = { 0 };
    int64_t reading = 0;

    OK(store_begin_reading(p->s, str_of(key_of(p, source)), p->now, &reading, &d));
    for (uint64_t i = 0; i < IDS && strcmp(outcome, "unchanged"); i++) {
        struct listing l;

        if (pick(p, 3) == 0)
            continue;
        ids[in.n_ids] = str_printf(&p->a, "id%d", (int)i);
        l = listing_of(ids[in.n_ids++], str_printf(&p->a, "MLOps Engineer %d", pick(p, 6) ? 1 : 2),
                       str_printf(&p->a, "text %d", (int)pick(p, 3)));
        l.expires = pick(p, 5) ? 0 : p->now + (int64_t)pick(p, 9) * DAY;
        OK(store_put_listing(p->s, reading, str_of(key_of(p, source)), &l,
                             str_printf(&p->a, "%d", (int)pick(p, 9)), (struct hash){ 0 }, p->now,
                             &d));
        if (pick(p, 20) == 0)
            OK(store_put_gone(p->s, reading, str_of(key_of(p, source)), l.native_id, STR("404"),
                              p->now, &d));
    }
    in.ids = ids;
    in.got = (int64_t)in.n_ids;
    OK(store_end_reading(p->s, reading, &in, p->now, &v, &d));
}

static void step(struct past *p)
{
    int source = (int)pick(p, SOURCES);

    p->now += 3600 + (int64_t)pick(p, 30) * 3600;
    if (pick(p, 6) == 0)
        configure(p, source);
    if (pick(p, 10) == 0)
        rename_one(p, source);
    if (pick(p, 8))
        read_one(p, source);
}

static void no_answer_of_a_past_time_changes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct folder f = fresh_folder();
        struct past p = { .r = draws_from(seed), .now = NOON };
        struct telling again = { .p = &p, .again = true };
        struct diag d = { 0 };
        int64_t times[STEPS];

        OK(store_open(&p.s, f.path, STORE_WRITE, &d));
        for (int i = 0; i < SOURCES; i++)
            configure(&p, i);
        for (int i = 0; i < STEPS; i++) {
            struct telling first = { .p = &p };

            step(&p);
            first.at = times[i] = p.now + 600;
            tell_all(&first);
        }
        for (int i = 0; i < STEPS; i++) {
            again.at = times[i];
            tell_all(&again);
        }
        CHECK_ROW(p.said.n > STEPS * (SOURCES + 5), seed);
        CHECK_ROW(again.next == p.said.n, seed);
        CHECK_ROW(again.wrong == 0, seed);
        OK(store_check(p.s, &d));
        store_close(&p.s);
        arena_free(&p.a);
        remove_folder(&f);
    }
}

static int note_source(void *ctx, const struct posting_fact *f, struct diag *d)
{
    char *to = ctx;
    size_t n = strlen(to);

    (void)d;
    snprintf(to + n, 200 - n, "%s" STR_FMT "/" STR_FMT "%s%s", n ? " " : "", STR_ARG(f->source),
             STR_ARG(f->native_id), *f->ended_how ? ":" : "", f->ended_how);
    return 0;
}

static const char *all_facts(struct store *s, int64_t at, char text[200])
{
    struct diag d = { 0 };

    text[0] = '\0';
    OK(store_scan(s, at, NULL, note_source, text, &d));
    return text;
}

static void a_renamed_source_goes_on(void **state)
{
    static const struct verdict_in complete = { .outcome = "complete" };
    struct folder f = fresh_folder();
    struct arena a = ARENA_INIT;
    struct figure_row figure = { .day = 20000, .name = STR("source:was"), .value = 2 }, *kept;
    struct store *s = NULL;
    struct diag d = { 0 };
    struct history h = { 0 };
    struct verdict v;
    char text[200];
    size_t n = 0;

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    put_source(s, "was");
    read_board(s, "was", "a b", complete, NOON);
    OK(store_put_figures(s, &figure, 1, &d));
    CHECK(store_rename_source(s, STR("never"), STR("is"), NOON + DAY, &d) == STORE_NONE);
    CHECK(store_rename_source(s, STR("was"), STR("is"), NOON + DAY, &d) == 0);
    CHECK(store_rename_source(s, STR("was"), STR("is"), NOON + DAY, &d) == STORE_NONE);
    v = read_board(s, "is", "a b c", complete, NOON + DAY);
    CHECK(v.opened == 1 && v.open == 3);
    CHECK_STR(str_of(all_facts(s, NOON + DAY, text)), STR("is/a is/b is/c"), 0);
    OK(store_figures(s, STR("source:is"), 0, 30000, &a, &kept, &n, &d));
    CHECK(n == 1);
    CHECK(store_history(s, STR("was/b"), NOON + DAY, &a, &h, &d) == 0);
    CHECK(store_history(s, STR("is/b"), NOON + DAY, &a, &h, &d) == 0);
    store_close(&s);
    arena_free(&a);
    remove_folder(&f);
}

/* It was read under both names for a while: what was counted then stays counted of then. */
static void a_source_with_two_histories_ends_the_older_one(void **state)
{
    static const struct verdict_in complete = { .outcome = "complete" };
    struct folder f = fresh_folder();
    struct store *s = NULL;
    struct diag d = { 0 };
    char text[200];

    (void)state;
    OK(store_open(&s, f.path, STORE_WRITE, &d));
    put_source(s, "was");
    put_source(s, "is");
    read_board(s, "was", "a b", complete, NOON);
    read_board(s, "is", "a b", complete, NOON + DAY);
    CHECK(store_rename_source(s, STR("was"), STR("is"), NOON + 2 * DAY, &d) == 0);
    CHECK_STR(str_of(all_facts(s, NOON + 2 * DAY - 1, text)), STR("was/a was/b is/a is/b"), 0);
    CHECK_STR(str_of(all_facts(s, NOON + 2 * DAY, text)), STR("was/a:moved was/b:moved is/a is/b"),
              1);
    CHECK(store_rename_source(s, STR("was"), STR("is"), NOON + 3 * DAY, &d) == 0); /* and again */
    OK(store_check(s, &d));
    store_close(&s);
    remove_folder(&f);
}

RUN_TESTS(TEST(no_answer_of_a_past_time_changes), TEST(a_renamed_source_goes_on),
          TEST(a_source_with_two_histories_ends_the_older_one))
