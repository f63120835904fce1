#include "cli/rules_unmatched.h"

#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/terms.h"
#include "core/cleanup.h"

struct posting_of {
    int64_t posting;
    uint32_t employer;
};

struct search {
    struct extractor *x;
    struct terms terms;
    struct {
        struct posting_of *items;
        size_t n, cap;
    } postings; /* in order of posting */
    uint32_t n_employers;
};

static void know_all(struct terms *t, const struct strs *names)
{
    for (size_t i = 0; i < names->n; i++)
        terms_know(t, names->items[i]);
}

/* What the rules, the gazetteer and the headings already name. */
static void know(struct terms *t, const struct rule_set *rules)
{
    static const char months[] = "January February March April May June July August September "
                                 "October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept "
                                 "Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday "
                                 "Sunday";

    terms_know(t, STR(months));
    for (size_t i = 0; i < rules->skills.n; i++) {
        terms_know(t, rules->skills.items[i].label);
        know_all(t, &rules->skills.items[i].aliases);
        know_all(t, &rules->skills.items[i].find);
    }
    for (size_t i = 0; i < rules->headings.n; i++)
        know_all(t, &rules->headings.items[i].headings);
    for (size_t i = 0; i < rules->places.n; i++) {
        terms_know(t, rules->places.items[i].city);
        terms_know(t, rules->places.items[i].state);
        terms_know(t, rules->places.items[i].country);
        know_all(t, &rules->places.items[i].aliases);
    }
}

static int by_posting(const void *a, const void *b)
{
    int64_t x = ((const struct posting_of *)a)->posting,
            y = ((const struct posting_of *)b)->posting;

    return x < y ? -1 : x > y;
}

/* Employers' names are known too. */
static int index_family(void *ctx, const struct market *one, struct diag *d)
{
    struct search *s = ctx;

    (void)d;
    for (size_t i = 0; i < one->n_employers; i++)
        terms_know(&s->terms, one->employers[i]);
    for (size_t i = 0; i < one->n_openings; i++)
        for (size_t k = 0; k < one->openings[i].n_members; k++)
            *ARENA_PUSH(s->terms.a, &s->postings) =
                (struct posting_of){ one->openings[i].members[k]->posting,
                                     s->n_employers + one->openings[i].employer };
    s->n_employers += (uint32_t)one->n_employers;
    return 0;
}

static int read_revision(void *ctx, const struct revision *rev, struct diag *d)
{
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    struct search *s = ctx;
    struct posting_of key = { .posting = rev->posting };
    const struct posting_of *of =
        s->postings.n ? bsearch(&key, s->postings.items, s->postings.n, sizeof(key), by_posting)
                      : NULL;
    struct str text = rev->listing.text;
    bool *covered = ARENA_NEW(&page, bool, text.n + 1);
    struct signal sig;
    int r;

    if (!of) /* never proven: it belongs to no opening */
        return 0;
    r = extract(s->x, &rev->listing, &page, &sig, d);
    if (r)
        return r;
    for (size_t i = 0; i < sig.n_mentions; i++)
        for (size_t k = sig.mentions[i].start; k < sig.mentions[i].end && k < text.n; k++)
            covered[k] |= sig.mentions[i].field == FIELD_TEXT;
    terms_read(&s->terms, text, &(struct term_source){ rev->posting, of->employer, covered });
    return 0;
}

static const char *shape_name(enum term_shape shape)
{
    switch (shape) {
    case TERM_CAPITALISED:
        return "capitalised";
    case TERM_CAPITALS:
        return "capitals";
    case TERM_SHAPED:
        return "shaped";
    case TERM_PLAIN:
        break;
    }
    return "";
}

static int print(struct cli *cli, struct term *const *list, size_t n, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "term", .heading = "TERM" },
        { .key = "shape", .heading = "SHAPE" },
        { .key = "employers", .heading = "EMPLOYERS", .right = true },
        { .key = "postings", .heading = "POSTINGS", .right = true },
        { .key = "posting", .heading = "POSTING", .right = true },
        { .key = "context", .heading = "CONTEXT", .cut = true },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };

    for (size_t i = 0; i < n; i++) {
        table_add(cli, &t, cell_str(list[i]->shown));
        table_add(cli, &t, cell_text(shape_name(list[i]->shape)));
        table_add(cli, &t, cell_int((int64_t)list[i]->employers.n));
        table_add(cli, &t, cell_int(list[i]->postings));
        table_add(cli, &t, cell_int(list[i]->posting));
        table_add(cli, &t, cell_str(list[i]->context));
    }
    return table_print(cli, &t, d);
}

int rules_unmatched(struct cli *cli, int64_t limit, struct diag *d)
{
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct choice all = { 0 };
    struct answer_market m = { 0 };
    struct search s = { .terms = { .a = cli->run } };
    struct term **list;
    size_t n = 0;
    int r = cli_config(cli, CONFIG_RULES | CONFIG_TERMS, d);

    if (!r)
        r = answer_open_series(cli, &all, &m, d);
    if (!r)
        r = extractor_open(&x, &cli->config.rules, d);
    if (!r) {
        s.x = x;
        know(&s.terms, &cli->config.rules);
        r = answer_walk(cli, &m, index_family, &s, d);
    }
    if (!r && s.postings.n)
        qsort(s.postings.items, s.postings.n, sizeof(*s.postings.items), by_posting);
    if (!r)
        r = store_scan_texts(m.store, read_revision, &s, d);
    if (!r) {
        list = terms_rank(&s.terms, &n);
        r = print(cli, list, limit && (size_t)limit < n ? (size_t)limit : n, d);
    }
    answer_close(&m);
    return r ? r : n ? 0 : EXIT_NOTHING;
}
