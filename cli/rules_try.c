/* A rule tried on the stored history before it is kept. */
#include "cli/rules_try.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/terms.h"
#include "core/cleanup.h"

struct match {
    int64_t posting;
    const char *change; /* "new", "same", "lost"; "" where no rule is replaced */
    const char *polarity, *section;
    struct str title, context;
};

struct trial {
    struct cli *cli;
    struct extractor *now, *then; /* with the rule, and without */
    struct rule_set rules;
    uint32_t skill;
    bool replaces;
    struct {
        struct match *items;
        size_t n, cap;
    } matches; /* in order of posting */
    int64_t read, found, gained, lost;
    int64_t *more, *fewer; /* postings, by skill: what other rules gain and lose by it */
};

/* The strongest mention by which an ad names a skill; NULL: it does not, or says that it is not
 * wanted. Mentions are sorted so that it comes first. */
static const struct mention *named(const struct signal *s, uint32_t skill)
{
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        if (m->skill == skill)
            return m->implied || m->polarity <= POLARITY_NEGATED ? NULL : m;
    }
    return NULL;
}

static void note(struct trial *t, const struct revision *rev, const struct mention *m,
                 const char *change)
{
    struct arena *a = t->cli->run;
    struct str text = m->field == FIELD_TITLE ? rev->listing.title : rev->listing.text;

    *ARENA_PUSH(a, &t->matches) =
        (struct match){ .posting = rev->posting,
                        .change = change,
                        .polarity = polarity_name(m->polarity),
                        .section = section_name(m->section),
                        .title = str_dup(a, rev->listing.title),
                        .context = terms_context(a, text, m->start, m->end) };
}

static void compare_others(struct trial *t, const struct signal *now, const struct signal *then)
{
    size_t n = extractor_skills(t->then);

    for (uint32_t i = 0; i < n; i++) {
        bool a = named(now, i) != NULL, b = named(then, i) != NULL;

        t->more[i] += a && !b;
        t->fewer[i] += b && !a;
    }
}

static int try_revision(void *ctx, const struct revision *rev, struct diag *d)
{
    CLEANUP(arena_free) struct arena page = ARENA_INIT;
    struct trial *t = ctx;
    struct signal now, then;
    const struct mention *m, *old;
    int r = extract(t->now, &rev->listing, &page, &now, d);

    if (!r)
        r = extract(t->then, &rev->listing, &page, &then, d);
    if (r)
        return r;
    t->read++;
    compare_others(t, &now, &then);
    m = named(&now, t->skill);
    old = t->replaces ? named(&then, t->skill) : NULL;
    t->found += m != NULL;
    t->gained += m && !old;
    t->lost += old && !m;
    if (m)
        note(t, rev, m, !t->replaces ? "" : old ? "same" : "new");
    else if (old)
        note(t, rev, old, "lost");
    return 0;
}

static struct str without_marks(struct str alias)
{
    while (alias.n && (alias.p[0] == '?' || alias.p[0] == '='))
        alias = str_from(alias, 1);
    return alias;
}

/* A rule of nothing but names; the language wants a sentence of each kind. */
static void rule_of_aliases(struct cli *cli, const struct strs *aliases, struct skill_rule *ret)
{
    *ret = (struct skill_rule){
        .id = STR("tried"), .label = STR("tried"), .category = STR("tried"), .aliases = *aliases
    };
    *ARENA_PUSH(cli->run, &ret->near) = STR("any");
    *ARENA_PUSH(cli->run, &ret->yes) = without_marks(aliases->items[0]);
    *ARENA_PUSH(cli->run, &ret->no) = STR(".");
}

/* The rules with this one in place of its namesake, or after all others: so that every other
 * skill keeps its index. */
static void put_rule(struct trial *t, const struct skill_rule *rule)
{
    const struct rule_set *all = &t->cli->config.rules;
    size_t n = all->skills.n, at = 0;
    struct skill_rule *items = ARENA_NEW(t->cli->run, struct skill_rule, n + 1);

    if (n)
        memcpy(items, all->skills.items, n * sizeof(*items));
    while (at < n && !str_eq(items[at].id, rule->id))
        at++;
    items[at] = *rule;
    t->replaces = at < n;
    t->skill = (uint32_t)at;
    t->rules = *all;
    t->rules.skills.items = items;
    t->rules.skills.n = t->rules.skills.cap = n + !t->replaces;
}

/* A new name may take another rule's away, or the context that it needs. */
static void warn_of_others(struct trial *t)
{
    struct diag d = { 0 };
    size_t n;

    if (!extractor_prove(t->now, &n, &d))
        return;
    config_locate(&t->cli->config, &d);
    fprintf(stderr, "roletide: with this rule another's sentence fails: %s\n", d.text);
}

static int compile(struct trial *t, const struct rules_try *what, struct diag *d)
{
    struct cli *cli = t->cli;
    struct skill_rule rule;
    size_t n;
    int r = cli_config(cli, CONFIG_RULES | CONFIG_TERMS, d);

    if (!r && what->file.n)
        r = config_read_skill(&cli->config, cli->run, str_cstr(cli->run, what->file), &rule, d);
    else if (!r)
        rule_of_aliases(cli, &what->aliases, &rule);
    if (r)
        return r;
    put_rule(t, &rule);
    r = extractor_open(&t->now, &t->rules, d);
    if (!r && what->file.n)
        r = extractor_prove_skill(t->now, t->skill, &n, d);
    if (!r && what->file.n)
        warn_of_others(t);
    if (r)
        config_locate(&cli->config, d);
    return r ? r : extractor_open(&t->then, &cli->config.rules, d);
}

static int by_posting(const void *key, const void *item)
{
    int64_t a = *(const int64_t *)key, b = ((const struct match *)item)->posting;

    return a < b ? -1 : a > b;
}

static const struct match *find(const struct trial *t, int64_t posting)
{
    const struct match *m = t->matches.n ? bsearch(&posting, t->matches.items, t->matches.n,
                                                   sizeof(*t->matches.items), by_posting)
                                         : NULL;

    return m && strcmp(m->change, "lost") != 0 ? m : NULL;
}

struct reach {
    const struct trial *t;
    int64_t openings, counted, employers;
};

static int reach_family(void *ctx, const struct market *one, struct diag *d)
{
    CLEANUP(arena_free) struct arena scratch = ARENA_INIT;
    struct reach *reach = ctx;
    bool *seen = ARENA_NEW(&scratch, bool, one->n_employers + 1);

    (void)d;
    for (size_t i = 0; i < one->n_openings; i++) {
        const struct opening *o = &one->openings[i];
        bool hit = false;

        for (size_t k = 0; k < o->n_members && !hit; k++)
            hit = find(reach->t, o->members[k]->posting) != NULL;
        reach->openings += hit;
        reach->counted += hit && o->why == COUNTED;
        reach->employers += hit && !seen[o->employer];
        seen[o->employer] |= hit;
    }
    return 0;
}

static int print_matches(const struct trial *t, int64_t limit, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "posting", .heading = "POSTING", .right = true },
        { .key = "change", .heading = "CHANGE" },
        { .key = "polarity", .heading = "POLARITY" },
        { .key = "section", .heading = "SECTION" },
        { .key = "title", .heading = "TITLE", .cut = true },
        { .key = "context", .heading = "CONTEXT", .cut = true },
    };
    struct table table = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    struct cli *cli = t->cli;

    for (size_t i = 0; i < t->matches.n && (!limit || (int64_t)i < limit); i++) {
        const struct match *m = &t->matches.items[i];

        table_add(cli, &table, cell_int(m->posting));
        table_add(cli, &table, cell_text(m->change));
        table_add(cli, &table, cell_text(m->polarity));
        table_add(cli, &table, cell_text(m->section));
        table_add(cli, &table, cell_str(m->title));
        table_add(cli, &table, cell_str(m->context));
    }
    return table_print(cli, &table, d);
}

static void print_sums(const struct trial *t, const struct reach *reach, FILE *to)
{
    size_t n = extractor_skills(t->then);

    fprintf(to,
            "%" PRId64 " of %" PRId64 " postings, %" PRId64 " openings (%" PRId64
            " counted), %" PRId64 " employers\n",
            t->found, t->read, reach->openings, reach->counted, reach->employers);
    if (t->replaces)
        fprintf(to, "in place of " STR_FMT " as it is: %" PRId64 " more, %" PRId64 " fewer\n",
                STR_ARG(t->rules.skills.items[t->skill].id), t->gained, t->lost);
    for (uint32_t i = 0; i < n; i++)
        if (i != t->skill && (t->more[i] || t->fewer[i]))
            fprintf(to, "and " STR_FMT ": %" PRId64 " more, %" PRId64 " fewer\n",
                    STR_ARG(extractor_skill(t->then, i)->id), t->more[i], t->fewer[i]);
}

static int try_all(struct trial *t, const struct rules_try *what, struct diag *d)
{
    struct choice all = { 0 };
    struct answer_market m = { 0 };
    struct reach reach = { .t = t };
    size_t n = extractor_skills(t->now);
    int r = answer_open_series(t->cli, &all, &m, d);

    t->more = ARENA_NEW(t->cli->run, int64_t, n + 1);
    t->fewer = ARENA_NEW(t->cli->run, int64_t, n + 1);
    if (!r)
        r = store_scan_texts(m.store, try_revision, t, d);
    if (!r)
        r = print_matches(t, what->limit, d);
    if (!r && !t->cli->quiet)
        r = answer_walk(t->cli, &m, reach_family, &reach, d);
    if (!r && !t->cli->quiet) {
        fflush(stdout);
        print_sums(t, &reach, t->cli->format == OUTPUT_TABLE ? stdout : stderr);
    }
    answer_close(&m);
    return r ? r : t->found || t->lost ? 0 : EXIT_NOTHING;
}

int rules_try(struct cli *cli, const struct rules_try *what, struct diag *d)
{
    struct trial t = { .cli = cli };
    int r = compile(&t, what, d);

    if (!r)
        r = try_all(&t, what, d);
    extractor_close(&t.now);
    extractor_close(&t.then);
    return r;
}
