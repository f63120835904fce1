#include "cli/answer.h"

#include <stdio.h>

#include "aggregator/finished.h"
#include "aggregator/identity.h"
#include "aggregator/sources.h"
#include "core/date.h"
#include "core/nearest.h"

static int time_of(struct cli *cli, struct str at, int64_t *ret, struct diag *d)
{
    int64_t day;

    *ret = cli->now;
    if (!at.n)
        return 0;
    if (!day_parse(at, &day))
        return diag_fail(d, ERR_USAGE, "--at: " STR_FMT ": want a date like 2026-11-23",
                         STR_ARG(at));
    if (day < day_of(cli->now))
        *ret = day_start(day + 1) - 1;
    return 0;
}

static int filter_of(const struct choice *c, int64_t at, struct filter *ret, struct diag *d)
{
    *ret = (struct filter){ .stage = (int)c->stage,
                            .city = c->city,
                            .company = c->company,
                            .skill = c->skill,
                            .required_only = c->required || c->requires_it };
    if (c->newer_days)
        ret->first_after = at - c->newer_days * DAY_SECONDS;
    if (c->requires_it && !c->skill.n)
        return diag_fail(d, ERR_USAGE, "--required: of which skill? it goes with --skill");
    if (c->track.n && !track_parse(c->track, &ret->track))
        return diag_fail(d, ERR_USAGE,
                         "--track: " STR_FMT ": want ml-platform, ml-reliability or llm-infra",
                         STR_ARG(c->track));
    if (c->mode.n && !work_mode_parse(c->mode, &ret->mode))
        return diag_fail(d, ERR_USAGE, "--mode: " STR_FMT ": want onsite, hybrid or remote",
                         STR_ARG(c->mode));
    return 0;
}

/* With the nearest there is, or where all of them are listed. */
static int unknown(struct diag *d, const char *what, struct str typed, const struct strs *known,
                   const char *where)
{
    ptrdiff_t near = nearest_word(typed, known->items, known->n);

    diag_fail(d, ERR_USAGE, "%s: " STR_FMT ": not known", what, STR_ARG(typed));
    if (near >= 0)
        diag_hint(d, "did you mean \"" STR_FMT "\"?", STR_ARG(known->items[near]));
    else
        diag_hint(d, "%s", where);
    return ERR_USAGE;
}

/* The gazetteer's own name of a city that people write in several ways: Bangalore, Bengaluru. */
static int settle_city(struct cli *cli, struct filter *f, struct diag *d)
{
    const struct rule_set *rules = &cli->config.rules;
    struct strs known = { 0 };

    for (size_t i = 0; f->city.n && i < rules->places.n; i++) {
        const struct place_rule *p = &rules->places.items[i];
        bool named = str_eq_fold(f->city, p->city);

        if (!p->city.n)
            continue;
        for (size_t k = 0; k < p->aliases.n && !named; k++)
            named = str_eq_fold(f->city, p->aliases.items[k]);
        if (named) {
            f->city = p->city;
            return 0;
        }
        *ARENA_PUSH(cli->run, &known) = p->city;
    }
    return f->city.n ? unknown(d, "--city", f->city, &known,
                               "roletide roles --by city lists those that openings name")
                     : 0;
}

int answer_skill(struct cli *cli, const struct market *m, const char *what, struct str id,
                 struct diag *d)
{
    struct strs known = { 0 };

    for (size_t i = 0; i < m->n_skills; i++) {
        if (str_eq(id, m->skills[i].id))
            return 0;
        *ARENA_PUSH(cli->run, &known) = m->skills[i].id;
    }
    return unknown(d, what, id, &known, "roletide demand lists the skills that are asked, by id");
}

/* A day before the first proof: every number of it is 0, and says nothing. */
static int note_nothing_read(struct cli *cli, struct store *s, int64_t at, struct diag *d)
{
    struct source_proven *known = NULL;
    size_t n = 0;
    int r = store_proven_by(s, at, cli->run, &known, &n, d);

    if (!r && !newest_proof(known, n))
        fprintf(stderr, "note: no board had been read by then, so every number is 0: "
                        "roletide trend begins with the first day that was\n");
    return r;
}

/* The store and what is asked of it, without the market. */
static int open_question(struct cli *cli, const struct choice *choice, struct answer_market *ret,
                         int64_t *ret_at, struct diag *d)
{
    const unsigned parts = CONFIG_TERMS | (choice->city.n ? CONFIG_PLACES : 0);
    int r = time_of(cli, choice->at, ret_at, d);

    if (!r)
        r = filter_of(choice, *ret_at, &ret->filter, d);
    if (!r)
        r = cli_config(cli, parts, d);
    if (!r)
        r = settle_city(cli, &ret->filter, d);
    if (!r)
        r = cli_store(cli, STORE_READ, &ret->store, d);
    if (!r)
        r = pipeline_terms(cli, ret->store, &ret->market, d);
    if (!r && ret->filter.skill.n)
        r = answer_skill(cli, &ret->market, choice->skill_option ? choice->skill_option : "--skill",
                         ret->filter.skill, d);
    if (!r && choice->at.n && !cli->quiet)
        r = note_nothing_read(cli, ret->store, *ret_at, d);
    return r;
}

/* An employer without a role here is no mistake, but perhaps another was meant. */
static void hint_company(struct cli *cli, const struct market *m, struct str company)
{
    struct str key = employer_key(cli->run, company, &m->names);
    ptrdiff_t near;

    for (size_t i = 0; company.n && i < m->n_employers; i++)
        if (str_eq(key, m->employer_keys[i]))
            return;
    near = company.n ? nearest_word(key, m->employer_keys, m->n_employers) : -1;
    if (near >= 0)
        fprintf(stderr, "hint: --company: did you mean \"" STR_FMT "\"?\n",
                STR_ARG(terminal_text(cli->run, m->employers[near])));
}

int answer_open(struct cli *cli, const struct choice *choice, struct answer_market *ret,
                struct diag *d)
{
    int64_t at = 0;
    int r = open_question(cli, choice, ret, &at, d);

    if (!r)
        r = pipeline_market(cli, ret->store, at, &ret->market, d);
    if (!r)
        hint_company(cli, &ret->market, ret->filter.company);
    return r;
}

int answer_open_figures(struct cli *cli, const struct choice *choice, struct answer_market *ret,
                        struct diag *d)
{
    int64_t at = 0;
    int r = open_question(cli, choice, ret, &at, d);

    if (!r)
        r = finished_covers(&ret->filter) ? pipeline_finished(cli, ret->store, at, &ret->market, d)
                                          : pipeline_demand(cli, ret->store, at, &ret->market, d);
    if (!r)
        hint_company(cli, &ret->market, ret->filter.company);
    return r;
}

int answer_open_series(struct cli *cli, const struct choice *choice, struct answer_market *ret,
                       struct diag *d)
{
    int64_t at = 0;
    int r = open_question(cli, choice, ret, &at, d);

    ret->market.at = at;
    ret->market.day = day_of(at);
    return r;
}

int answer_walk(struct cli *cli, const struct answer_market *m, walk_each *each, void *ctx,
                struct diag *d)
{
    const struct walk_terms terms = { m->market.at, m->market.roadmap, m->market.skills,
                                      m->market.n_skills };

    return market_walk(m->store, &terms, each, ctx, cli->run, d);
}

int answer_none(const struct cli *cli, const struct answer_market *m)
{
    const struct opening **all;
    size_t n;

    market_select(&m->market, &(struct filter){ 0 }, cli->run, &all, &n);
    if (!cli->quiet)
        fprintf(stderr,
                "roletide: nothing found: of %zu openings counted none is like that\n"
                "hint: %s\n",
                n,
                n ? "leave out an option; roletide roles --by city, company, track or mode says "
                    "what there is"
                  : "roletide doctor says what is wrong, roletide audit why nothing counts");
    return EXIT_NOTHING;
}

void answer_close(struct answer_market *m)
{
    store_close(&m->store);
}

void answer_print(struct json_out *j)
{
    printf(STR_FMT "\n", STR_ARG(buf_str(j->to)));
    buf_release(j->to);
    *j = (struct json_out){ .to = j->to };
}

bool answer_wants_json(const struct cli *cli)
{
    return cli->format == OUTPUT_JSON || cli->format == OUTPUT_JSONL;
}

void answer_list(const struct cli *cli, struct json_out *j)
{
    if (cli->format == OUTPUT_JSON)
        json_array(j, NULL);
}

void answer_item(const struct cli *cli, struct json_out *j)
{
    if (cli->format == OUTPUT_JSONL)
        answer_print(j);
}

void answer_list_end(const struct cli *cli, struct json_out *j)
{
    if (cli->format != OUTPUT_JSON)
        return;
    json_end(j);
    answer_print(j);
}
