#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "aggregator/finished.h"
#include "cli/answer.h"
#include "cli/commands.h"
#include "cli/flat.h"
#include "core/format.h"
#include "site/figures_json.h"

enum { TOP_SKILLS = 5, NEXT_SHOWN = 3 };

struct args {
    struct choice choose;
    struct str with;
};

static const struct option options[] = {
    { "with", "SKILL,...", OPTION_TEXT, offsetof(struct args, with), 0, 0,
      "how far these skills get, and which one to learn next" },
    CHOICE_WHERE(args, choose),
    CHOICE_NEW(args, choose),
    CHOICE_AT(args, choose),
};

/* "45% (32-58%)"; where there are too few, the count that stands for it. */
static const char *share_text(struct arena *a, const struct share *s)
{
    if (s->too_few)
        return str_cstr(a, str_printf(a, "%" PRId64, s->openings));
    return str_cstr(a, str_printf(a, STR_FMT " (%.0f-%.0f%%)", STR_ARG(format_percent(a, s->share)),
                                  100 * s->low, 100 * s->high));
}

static const char *rupees(struct arena *a, double inr)
{
    return isfinite(inr) ? str_cstr(a, format_rupees(a, (int64_t)inr)) : "open";
}

static const char *against_band(enum band_verdict v)
{
    return v == BAND_UNDECIDED ? "in or out of" : band_verdict_name(v);
}

static void print_pay(struct arena *a, const struct stage_view *view, const struct salary *s)
{
    const struct quantiles *q = &s->pay;

    printf("   pay          the roadmap says %s; ",
           str_cstr(a, format_pay(a, view->band_low, view->band_high, "INR")));
    if (isfinite(q->p50))
        printf("disclosed median %s (%s to %s), %s the band; ", rupees(a, q->p50),
               rupees(a, q->p50_low), rupees(a, q->p50_high), against_band(s->band));
    else
        printf("too few for a median; ");
    printf("n %" PRId64 " at %" PRId64 " employer%s: %" PRId64 " below, %" PRId64 " in, %" PRId64
           " above\n",
           q->n, q->employers, q->employers == 1 ? "" : "s", s->below_band, s->in_band,
           s->above_band);
}

static void print_years(const struct quantiles *y)
{
    if (isfinite(y->p25) && isfinite(y->p75))
        printf("   years asked  %g (quartiles %g-%g, n %" PRId64 " at %" PRId64 " employers)\n",
               y->p50, y->p25, y->p75, y->n, y->employers);
    else if (isfinite(y->p50))
        printf("   years asked  %g (n %" PRId64 ", too few employers for quartiles)\n", y->p50,
               y->n);
}

static void print_life(struct arena *a, const struct life *l)
{
    printf("   open for     ");
    if (isnan(l->median))
        printf("too few seen to the end for a median");
    else
        printf("%.0f days, the median (%.0f to %s)", l->median, l->low,
               isnan(l->high) ? "open" : str_cstr(a, str_printf(a, "%.0f", l->high)));
    printf("; n %" PRId64 " at %" PRId64 " employer%s, %" PRId64 " ended; put up again: %s\n", l->n,
           l->employers, l->employers == 1 ? "" : "s", l->ended, share_text(a, &l->reposted));
}

static void print_next(struct arena *a, const struct coverage *r)
{
    size_t n = r->n_next < NEXT_SHOWN ? r->n_next : NEXT_SHOWN, ties = 0;

    printf("   learn next   ");
    for (size_t i = 0; i < n; i++)
        printf("%s" STR_FMT " +%s n %" PRId64 " at %" PRId64, i ? ", " : "",
               STR_ARG(r->next[i].skill->label), share_text(a, &r->next[i].adds),
               r->next[i].adds.openings, r->next[i].adds.employers);
    for (size_t i = 1; i < r->n_next; i++)
        ties += r->next[i].tie;
    if (!n)
        printf("no single skill more opens roles at %d employers", RANK_EMPLOYERS);
    else if (ties)
        printf("; the first cannot be told from %zu more", ties);
    printf("\n");
}

static void print_coverage(struct arena *a, const char *what, const struct coverage *r)
{
    printf("   %-12s ", what);
    if (!r->met.too_few)
        printf("%s: ", share_text(a, &r->met));
    printf("%" PRId64 " of %" PRId64 " openings at %" PRId64
           " employer%s have 80%% of their required skills met; %" PRId64
           " more are one skill short, %" PRId64 " name none\n",
           r->met.openings, r->n, r->employers, r->employers == 1 ? "" : "s", r->one_short,
           r->left_out);
}

static void print_missing(struct arena *a, const struct demand_row *rows, size_t n)
{
    printf("   missing      ");
    for (size_t i = 0; i < n && i < TOP_SKILLS; i++)
        printf("%s" STR_FMT " %s", i ? ", " : "", STR_ARG(rows[i].skill->label),
               share_text(a, &rows[i].demand));
    printf("%s\n", n ? "" : "nothing that three employers ask for");
}

/* Which of the skills asked a bullet covers; the asked ones first, so the stale ones end the list.
 */
static void print_bullet(struct arena *a, const struct bullet_figures *b, int64_t asks)
{
    size_t shown = 0;

    printf("   %13s  " STR_FMT "%s\n", share_text(a, &b->evidenced), STR_ARG(b->bullet->text),
           b->stale ? "  (stale: hardly asked)" : "");
    printf("   %13s  covers %" PRId64 " of %" PRId64 " asks; openings that ask for one of it: %s",
           "", b->asks, asks, share_text(a, &b->asked));
    for (size_t i = 0; i < b->n_skills && i < TOP_SKILLS && b->skills[i].demand.openings; i++)
        printf("%s" STR_FMT " %" PRId64, shown++ ? ", " : ": ", STR_ARG(b->skills[i].skill->label),
               b->skills[i].demand.openings);
    shown = 0;
    for (size_t i = 0; i < b->n_skills; i++)
        if (b->skills[i].stale)
            printf("%s" STR_FMT, shown++ ? ", " : "; stale: ", STR_ARG(b->skills[i].skill->label));
    printf("\n");
}

static int print_stage(struct cli *cli, struct answer_market *m, int stage,
                       const struct stage_figures *f, const struct life *life, struct diag *d)
{
    const struct stage_view *view = &m->market.roadmap->stages[stage - 1];
    struct filter filter = m->filter;
    struct arena *a = cli->run;
    struct demand dm = { 0 };
    size_t shown = 0;
    int r;

    filter.stage = stage;
    r = demand_of(&m->market, &filter, m->store, &dm, a, d);
    if (r)
        return r;
    printf("%s%d  " STR_FMT "%s: %" PRId64 " opening%s at %" PRId64 " employer%s\n",
           cli->color ? "\033[1m" : "", stage, STR_ARG(view->name), cli->color ? "\033[0m" : "",
           f->openings, f->openings == 1 ? "" : "s", f->employers, f->employers == 1 ? "" : "s");
    print_years(&f->years);
    print_pay(a, view, &f->pay);
    if (life)
        print_life(a, life);
    printf("   asked most   ");
    for (size_t i = 0; i < dm.n_rows && shown < TOP_SKILLS; i++)
        if (!dm.rows[i].skill->generic)
            printf("%s" STR_FMT " %s", shown++ ? ", " : "", STR_ARG(dm.rows[i].skill->label),
                   share_text(a, &dm.rows[i].demand));
    printf("%s\n", shown ? "" : "nothing read yet");
    for (size_t i = 0; i < f->n_bullets; i++)
        print_bullet(a, &f->bullets[i], f->asks);
    print_missing(a, f->missing, f->n_missing);
    print_coverage(a, "after it", &f->coverage);
    print_coverage(a, "of its own", &f->coverage_own);
    print_next(a, &f->coverage);
    return 0;
}

static size_t skill_index(const struct market *m, struct str id)
{
    size_t i = 0;

    while (i < m->n_skills && !str_eq(m->skills[i].id, id))
        i++;
    return i;
}

/* Whoever has a skill has what it implies: EKS is Kubernetes, and AWS. */
static void add_implied(struct cli *cli, const struct market *m, bool *io)
{
    const struct rule_set *rules = &cli->config.rules;

    for (bool grew = true; grew;) {
        grew = false;
        for (size_t i = 0; i < rules->skills.n; i++) {
            const struct skill_rule *rule = &rules->skills.items[i];

            if (!io[skill_index(m, rule->id)])
                continue;
            for (size_t k = 0; k < rule->implies.n; k++) {
                size_t implied = skill_index(m, rule->implies.items[k]);

                grew |= implied < m->n_skills && !io[implied];
                io[implied] |= implied < m->n_skills;
            }
        }
    }
}

/* "python,docker" -> by market skill. The slot after the last is that of skills it lacks: never. */
static int skills_had(struct cli *cli, const struct market *m, struct str list, bool **ret,
                      struct diag *d)
{
    bool *has = ARENA_NEW(cli->run, bool, m->n_skills + 1);
    int r = 0;

    while (list.n && !r) {
        struct str id = str_trim(str_cut(&list, ','));
        size_t i = skill_index(m, id);

        if (!id.n)
            continue;
        r = answer_skill(cli, m, "--with", id, d);
        has[i] = i < m->n_skills;
    }
    if (!r)
        r = cli_config(cli, CONFIG_RULES, d);
    if (!r)
        add_implied(cli, m, has);
    *ret = has;
    return r;
}

static void print_with(struct cli *cli, const struct market *m, const struct with *w)
{
    struct arena *a = cli->run;
    const char *comma = "";

    printf("with ");
    for (size_t i = 0; i < m->n_skills; i++)
        if (w->has[i]) {
            printf("%s" STR_FMT, comma, STR_ARG(m->skills[i].label));
            comma = ", ";
        }
    printf("\n");
    print_coverage(a, "reach", &w->coverage[0]);
    print_next(a, &w->coverage[0]);
    print_missing(a, w->missing, w->n_missing);
    for (int i = 1; i <= STAGES; i++) {
        printf("%d  " STR_FMT "\n", i, STR_ARG(m->roadmap->stages[i - 1].name));
        print_coverage(a, "reach", &w->coverage[i]);
        print_next(a, &w->coverage[i]);
    }
}

static int answer_with(struct cli *cli, const struct answer_market *asked, struct str list,
                       struct json_out *j, struct diag *d)
{
    const struct market *m = &asked->market;
    struct with *w = ARENA_NEW(cli->run, struct with, 1);
    bool *has;
    int r = skills_had(cli, m, list, &has, d);

    if (r)
        return r;
    with_of(m, &asked->filter, has, w, cli->run);
    if (cli->format == OUTPUT_TABLE) {
        print_with(cli, m, w);
        return 0;
    }
    json_object(j, NULL);
    with_json(j, m, m->at, w);
    json_end(j);
    return document_print(cli, j, d);
}

static int answer_stages(struct cli *cli, struct answer_market *m, struct json_out *j,
                         struct diag *d)
{
    struct stages *stages = ARENA_NEW(cli->run, struct stages, 1);
    const bool all = finished_covers(&m->filter);
    struct life life[STAGES + 1];
    int r = stages_of(&m->market, &m->filter, stages, cli->run, d);

    if (!r && all)
        r = life_of(&m->market, m->store, life, d);
    if (!r && cli->format != OUTPUT_TABLE) {
        json_object(j, NULL);
        stages_json(j, &m->market, m->market.at, stages, all ? life : NULL);
        json_end(j);
        return document_print(cli, j, d);
    }
    for (int i = 1; !r && i <= STAGES; i++)
        r = print_stage(cli, m, i, &stages->stage[i - 1], all ? &life[i] : NULL, d);
    if (!r)
        printf("-  unstaged: %" PRId64 " openings give neither years nor a mark in the title\n",
               stages->unstaged);
    return r;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    int r = answer_open(cli, &a->choose, &m, d);

    if (!r && a->with.n)
        r = answer_with(cli, &m, a->with, &j, d);
    else if (!r)
        r = answer_stages(cli, &m, &j, d);
    answer_close(&m);
    return r;
}

const struct command cmd_stages = {
    .name = "stages",
    .summary = "The roadmap's stages side by side with the market",
    .usage = "[--with SKILL,...] [--city CITY] [--company NAME] [--track T] [--mode M] "
             "[--new DAYS] [--at DATE]",
    .examples = "  roletide stages\n"
                "  roletide stages --format json\n"
                "  roletide stages --city Bengaluru\n"
                "  roletide stages --with python,docker,kubernetes\n",
    .more = "A share is of the openings whose text was read, with its range over employers like "
            "these (95%); a\n"
            "plain number is a count of openings, where there are too few employers for a "
            "percentage. --with\n"
            "tells how many openings somebody with these skills meets, and which one skill more "
            "opens most.\n"
            "How long roles stay open is known of all of them, and not said of a choice.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
