#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/answer.h"
#include "cli/commands.h"
#include "cli/flat.h"
#include "core/format.h"
#include "site/figures_json.h"

struct args {
    struct choice choose;
    struct str offer;
    int64_t years;
};

static const struct option options[] = {
    CHOICE_SKILL(args, choose),
    CHOICE_FILTERS(args, choose),
    { "offer", "AMOUNT", OPTION_TEXT, offsetof(struct args, offer), 0, 0,
      "where this yearly offer stands: 28L, 1.2Cr or 2800000" },
    { "years", "N", OPTION_INT, offsetof(struct args, years), 0, 60,
      "years of experience: yours, with --offer; else what such openings pay" },
};

/* "28L", "28 lakh", "1.2Cr", "2800000": whole rupees; 0: not one. */
static int64_t rupees_of(struct arena *a, struct str s)
{
    char *end, *text = str_cstr(a, s);
    double v = strtod(text, &end);
    struct str unit = str_trim(str_of(end));

    if (end == text || !isfinite(v) || v <= 0)
        return 0;
    if (str_eq_fold(unit, STR("l")) || str_eq_fold(unit, STR("lakh"))
        || str_eq_fold(unit, STR("lpa")))
        v *= 1e5;
    else if (str_eq_fold(unit, STR("cr")) || str_eq_fold(unit, STR("crore")))
        v *= 1e7;
    else if (unit.n)
        return 0;
    return v < 1e12 ? (int64_t)(v + 0.5) : 0;
}

static const char *rupees(struct cli *cli, double inr)
{
    return isfinite(inr) ? str_cstr(cli->run, format_rupees(cli->run, (int64_t)inr)) : "open";
}

static void quantile(struct cli *cli, const char *what, double q, double low, double high)
{
    if (isfinite(q))
        printf("%-12s %s (%s to %s)\n", what, rupees(cli, q), rupees(cli, low), rupees(cli, high));
    else
        printf("%-12s too few employers say\n", what);
}

/* Too few for a median are told one by one. */
static void print_list(struct cli *cli, const double *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%s%s", i ? ", " : "disclosed    ", rupees(cli, list[i]));
    if (n)
        putchar('\n');
}

static void print_band(struct cli *cli, const struct stage_view *view, const struct salary *s)
{
    printf("%-12s %s; %" PRId64 " below it, %" PRId64 " in it, %" PRId64 " above", "roadmap",
           str_cstr(cli->run, format_pay(cli->run, view->band_low, view->band_high, "INR")),
           s->below_band, s->in_band, s->above_band);
    if (s->band == BAND_UNDECIDED)
        printf("; the median may be either side of an end of it");
    else if (s->band != BAND_UNKNOWN)
        printf("; the median is %s it", band_verdict_name(s->band));
    printf("\n");
}

static void print_people(struct cli *cli, const struct salary *s, const struct stage_view *view,
                         const double *list, size_t n_list)
{
    const struct share *d = &s->disclosed;

    printf("%" PRId64 " of %" PRId64 " openings disclose pay, at %" PRId64 " employers",
           d->openings, s->openings, s->pay.employers);
    if (d->too_few)
        printf(" (too few employers for a percentage)\n");
    else
        printf(" (%s, %.0f-%.0f%%)\n", str_cstr(cli->run, format_percent(cli->run, d->share)),
               100 * d->low, 100 * d->high);
    quantile(cli, "lower fourth", s->pay.p25, s->pay.p25_low, s->pay.p25_high);
    quantile(cli, "median", s->pay.p50, s->pay.p50_low, s->pay.p50_high);
    quantile(cli, "upper fourth", s->pay.p75, s->pay.p75_low, s->pay.p75_high);
    if (isnan(s->pay.p50))
        print_list(cli, list, n_list);
    if (view)
        print_band(cli, view, s);
    printf("The middle of each disclosed range, rupees a year, and its range over employers like "
           "these (95%%);\nof those that say, which are not all.\n");
}

static void print_offer_people(struct cli *cli, const struct offer *o, int64_t inr)
{
    struct arena *a = cli->run;

    if (o->below.too_few) {
        printf("too few openings that ask for so much experience disclose pay to place it: %" PRId64
               " at %" PRId64 " employers, of %" PRId64 "\n",
               o->pay.n, o->pay.employers, o->openings);
        quantile(cli, "median", o->pay.p50, o->pay.p50_low, o->pay.p50_high);
    } else {
        printf("%s is above %s (%s to %s, over employers like these) of the %" PRId64
               " that disclose pay, at %" PRId64 " employers,\nof %" PRId64
               " openings that ask for so much experience\n",
               str_cstr(a, format_rupees(a, inr)), str_cstr(a, format_percent(a, o->below.share)),
               str_cstr(a, format_percent(a, o->below.low)),
               str_cstr(a, format_percent(a, o->below.high)), o->pay.n, o->pay.employers,
               o->openings);
    }
    if (o->stage)
        printf("the roadmap's band for stage %d is %s\n", o->stage,
               str_cstr(a, format_pay(a, o->band_low, o->band_high, "INR")));
}

/* What those pay that ask for so much experience. */
static void print_experience(struct cli *cli, const struct offer *o, int64_t years)
{
    printf("%" PRId64 " of %" PRId64 " openings that ask for %" PRId64
           " years disclose pay, at %" PRId64 " employers\n",
           o->pay.n, o->openings, years, o->pay.employers);
    quantile(cli, "lower fourth", o->pay.p25, o->pay.p25_low, o->pay.p25_high);
    quantile(cli, "median", o->pay.p50, o->pay.p50_low, o->pay.p50_high);
    quantile(cli, "upper fourth", o->pay.p75, o->pay.p75_low, o->pay.p75_high);
    if (o->stage)
        printf("the roadmap's band for stage %d is %s\n", o->stage,
               str_cstr(cli->run, format_pay(cli->run, o->band_low, o->band_high, "INR")));
}

static int print_offer(struct cli *cli, const struct offer *o, const struct answer_market *m,
                       const struct args *asked, int64_t inr, struct diag *d)
{
    struct buf b = { 0 };
    struct json_out j = { .to = &b };

    if (cli->format == OUTPUT_TABLE && inr)
        print_offer_people(cli, o, inr);
    else if (cli->format == OUTPUT_TABLE)
        print_experience(cli, o, asked->years);
    if (cli->format == OUTPUT_TABLE)
        return 0;
    json_object(&j, NULL);
    offer_json(&j, m->market.at, o, inr, asked->years);
    json_end(&j);
    return document_print(cli, &j, d);
}

/* For machines each stage stands beside the selection, but where the selection is one. */
static int print_salary(struct cli *cli, const struct answer_market *m, struct diag *d)
{
    struct salary salary, stages[STAGES];
    struct filter each = m->filter;
    struct buf b = { 0 };
    struct json_out j = { .to = &b };
    int stage = m->filter.stage;
    const double *list;
    size_t n;

    salary_of(&m->market, &m->filter, &salary);
    if (cli->format == OUTPUT_TABLE) {
        n = salary_list(&m->market, &m->filter, cli->run, &list);
        print_people(cli, &salary, stage ? &m->market.roadmap->stages[stage - 1] : NULL, list, n);
        return 0;
    }
    for (each.stage = 1; each.stage <= STAGES; each.stage++)
        salary_of(&m->market, &each, &stages[each.stage - 1]);
    json_object(&j, NULL);
    salary_json(&j, &m->market, m->market.at, &salary, stage ? NULL : stages);
    if (isnan(salary.pay.p50)) {
        n = salary_list(&m->market, &m->filter, cli->run, &list);
        json_array(&j, "list");
        for (size_t i = 0; i < n; i++)
            json_num(&j, NULL, list[i], 0);
        json_end(&j);
    }
    json_end(&j);
    return document_print(cli, &j, d);
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct answer_market m = { 0 };
    struct offer offer;
    int64_t inr = a->offer.n ? rupees_of(cli->run, a->offer) : 0;
    int r;

    if (a->offer.n && !inr)
        return diag_fail(d, ERR_USAGE,
                         "--offer: " STR_FMT ": want an amount like 28L, 1.2Cr or 2800000",
                         STR_ARG(a->offer));
    r = answer_open(cli, &a->choose, &m, d);
    if (!r && (inr || a->years)) {
        offer_of(&m.market, &m.filter, inr, (double)a->years, &offer);
        r = print_offer(cli, &offer, &m, a, inr, d);
    } else if (!r) {
        r = print_salary(cli, &m, d);
    }
    answer_close(&m);
    return r;
}

const struct command cmd_salary = {
    .name = "salary",
    .summary = "What the openings that disclose pay offer, and where an offer stands",
    .usage = "[--stage N] [--city CITY] [--company NAME] [--track T] [--mode M] [--skill ID] "
             "[--new DAYS] [--years 4] [--offer 28L] [--at DATE]",
    .examples = "  roletide salary --stage 3\n"
                "  roletide salary --years 4\n"
                "  roletide salary --skill kubernetes --mode remote\n"
                "  roletide salary --offer 28L --years 4\n",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
