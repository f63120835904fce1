#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "core/format.h"
#include "site/figures_json.h"

enum { TOP_SKILLS = 5 };

struct args {
    struct choice choose;
};

static const struct option options[] = { CHOICE_AT(args, choose) };

static struct str share_text(struct arena *a, const struct share *s)
{
    if (s->too_few)
        return str_printf(a, "%" PRId64, s->openings);
    return format_percent(a, s->share);
}

static void print_pay(struct arena *a, const struct stage_view *view, const struct stage_figures *f)
{
    printf("   pay          the page says %s; ",
           str_cstr(a, format_pay(a, view->band_low, view->band_high, "INR")));
    if (!isfinite(f->pay.p50))
        printf("%" PRId64 " of %" PRId64 " openings disclose it: too few for a median\n", f->pay.n,
               f->openings);
    else
        printf("disclosed median %s (n %" PRId64 ")\n",
               str_cstr(a, format_rupees(a, (int64_t)f->pay.p50)), f->pay.n);
}

static int print_stage(struct cli *cli, struct answer_market *m, int stage,
                       const struct stage_figures *f, struct diag *d)
{
    const struct stage_view *view = &m->market.roadmap->stages[stage - 1];
    struct filter filter = { .stage = stage };
    struct arena *a = cli->run;
    struct demand dm = { 0 };
    size_t shown = 0;
    int r = demand_of(&m->market, &filter, m->store, &dm, a, d);

    if (r)
        return r;
    printf("%s%d  " STR_FMT "%s: %" PRId64 " opening%s at %" PRId64 " employer%s\n",
           cli->color ? "\033[1m" : "", stage, STR_ARG(view->name), cli->color ? "\033[0m" : "",
           f->openings, f->openings == 1 ? "" : "s", f->employers, f->employers == 1 ? "" : "s");
    if (isfinite(f->years.p25) && isfinite(f->years.p75))
        printf("   years asked  %g (quartiles %g-%g, n %" PRId64 ")\n", f->years.p50, f->years.p25,
               f->years.p75, f->years.n);
    else if (isfinite(f->years.p50))
        printf("   years asked  %g (n %" PRId64 ", too few employers for quartiles)\n",
               f->years.p50, f->years.n);
    print_pay(a, view, f);
    printf("   asked most   ");
    for (size_t i = 0; i < dm.n_rows && shown < TOP_SKILLS; i++)
        if (!dm.rows[i].skill->generic)
            printf("%s" STR_FMT " " STR_FMT, shown++ ? ", " : "", STR_ARG(dm.rows[i].skill->label),
                   STR_ARG(share_text(a, &dm.rows[i].demand)));
    printf("%s\n", shown ? "" : "nothing read yet");
    for (size_t i = 0; i < f->n_bullets; i++)
        printf("   %4.*s  " STR_FMT "%s\n", STR_ARG(share_text(a, &f->bullets[i].evidenced)),
               STR_ARG(f->bullets[i].bullet->text),
               f->bullets[i].stale ? "  (stale: hardly asked)" : "");
    if (isfinite(f->coverage))
        printf(
            "   %s of openings have 80%% of their required skills met after this stage (n %" PRId64
            ")\n",
            str_cstr(a, format_percent(a, f->coverage)), f->coverage_n);
    return 0;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    struct stages *stages = ARENA_NEW(cli->run, struct stages, 1);
    int r = answer_open(cli, &a->choose, &m, d);

    if (!r)
        r = stages_of(&m.market, stages, cli->run, d);
    if (!r && cli->format != OUTPUT_TABLE) {
        json_object(&j, NULL);
        stages_json(&j, &m.market, m.market.at, stages);
        json_end(&j);
        answer_print(&j);
    }
    for (int i = 1; !r && cli->format == OUTPUT_TABLE && i <= STAGES; i++)
        r = print_stage(cli, &m, i, &stages->stage[i - 1], d);
    if (!r && cli->format == OUTPUT_TABLE)
        printf("-  unstaged: %" PRId64 " openings give neither years nor a mark in the title\n",
               stages->unstaged);
    answer_close(&m);
    return r;
}

const struct command cmd_stages = {
    .name = "stages",
    .summary = "The roadmap's stages side by side with the market",
    .usage = "[--at DATE]",
    .examples = "  roletide stages\n  roletide stages --format json\n",
    .more = "A share of a bullet is of the stage's openings whose text was read; a plain number is "
            "a count of\n"
            "openings, where there are too few employers for a percentage.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
