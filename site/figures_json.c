#include "site/figures_json.h"

#include <math.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/date.h"
#include "site/escape.h"
#include "site/headline.h"

enum { SHARE_DECIMALS = 4, YEARS_DECIMALS = 1, DAYS_DECIMALS = 1 };

static double per_year(int32_t months)
{
    return months < 0 ? NAN : months / 12.0;
}

static void share_members(struct json_out *j, const struct share *s)
{
    json_int(j, "openings", s->openings);
    json_int(j, "employers", s->employers);
    json_num(j, "share", s->too_few ? NAN : s->share, SHARE_DECIMALS);
    json_num(j, "low", s->too_few ? NAN : s->low, SHARE_DECIMALS);
    json_num(j, "high", s->too_few ? NAN : s->high, SHARE_DECIMALS);
}

static void by_stage(struct json_out *j, const struct roles *r)
{
    json_object(j, "by_stage");
    for (int i = 1; i <= STAGES; i++) {
        char key[4];

        snprintf(key, sizeof(key), "%d", i);
        json_int(j, key, r->by_stage[i]);
    }
    json_int(j, "unstaged", r->by_stage[0]);
    json_end(j);
}

/* NULL: not worked out for such a question. */
static void life_json(struct json_out *j, const struct life *l)
{
    if (!l) {
        json_null(j, "life");
        return;
    }
    json_object(j, "life");
    json_int(j, "n", l->n);
    json_int(j, "employers", l->employers);
    json_int(j, "ended", l->ended);
    json_int(j, "left_out", l->left_out);
    json_num(j, "median_days", l->median, DAYS_DECIMALS);
    json_num(j, "low", l->low, DAYS_DECIMALS);
    json_num(j, "high", l->high, DAYS_DECIMALS);
    json_object(j, "reposted");
    share_members(j, &l->reposted);
    json_bool(j, "too_few", l->reposted.too_few);
    json_end(j);
    json_end(j);
}

static void rupees_or_null(struct json_out *j, const char *key, int64_t inr)
{
    json_num(j, key, inr ? (double)inr : NAN, 0);
}

static void headline_json(struct json_out *j, const struct market *m, const struct roles *r,
                          const struct salary *pay)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const struct quantiles *q = &pay->pay;
    int64_t low, high;

    roadmap_band(m->roadmap, &low, &high);
    json_object(j, "line");
    json_str(j, "text", headline_text(m, r, pay, &a));
    json_str(j, "limits", headline_limits(r, pay, &a));
    rupees_or_null(j, "band_low", low);
    rupees_or_null(j, "band_high", high);
    json_int(j, "disclosed", q->n);
    json_int(j, "employers", q->employers);
    json_num(j, "median", q->p50, 0);
    json_num(j, "low", q->p50_low, 0);
    json_num(j, "high", q->p50_high, 0);
    json_cstr(j, "against_band", band_verdict_name(band_verdict(q, low, high)));
    json_end(j);
}

void roles_json(struct json_out *j, const struct market *m, int64_t as_of, const struct roles *r,
                const struct life *life, const struct salary *pay)
{
    json_time(j, "as_of", as_of);
    json_str(j, "roadmap", m->roadmap->id);
    json_str(j, "country", m->roadmap->country);
    json_int(j, "openings", r->openings);
    json_int(j, "employers", r->employers);
    json_int(j, "postings", r->postings);
    json_int(j, "vacancies", r->vacancies);
    json_int(j, "remote_open", r->remote_open);
    by_stage(j, r);
    json_int(j, "adjacent", r->adjacent);
    json_int(j, "stale", r->stale);
    json_int(j, "carried", r->carried);
    json_object(j, "sources");
    json_int(j, "read", r->sources_read);
    json_int(j, "stale", r->sources_stale);
    json_int(j, "failed", r->sources_failed);
    json_end(j);
    json_object(j, "change");
    json_int(j, "days", CHANGE_DAYS);
    json_num(j, "panel_percent", r->has_change ? r->panel_percent : NAN, 2);
    if (r->has_change)
        json_int(j, "raw_openings", r->raw_openings);
    else
        json_null(j, "raw_openings");
    json_end(j);
    life_json(j, life);
    headline_json(j, m, r, pay);
}

static void demand_row_json(struct json_out *j, const struct demand_row *row)
{
    json_object(j, NULL);
    json_str(j, "id", row->skill->id);
    json_str(j, "label", row->skill->label);
    share_members(j, &row->demand);
    json_int(j, "stated", row->stated);
    json_int(j, "required", row->required);
    json_num(j, "lift", row->lift, SHARE_DECIMALS);
    if (row->stage)
        json_int(j, "stage", row->stage);
    else
        json_null(j, "stage");
    json_num(j, "adjacent_lift", row->adjacent_lift, SHARE_DECIMALS);
    json_num(j, "adjacent_low", row->adjacent_low, SHARE_DECIMALS);
    json_num(j, "adjacent_high", row->adjacent_high, SHARE_DECIMALS);
    json_num(j, "trend", row->trend, SHARE_DECIMALS);
    json_num(j, "share_without", row->without, SHARE_DECIMALS);
    json_num(j, "low_without", row->without_low, SHARE_DECIMALS);
    json_num(j, "high_without", row->without_high, SHARE_DECIMALS);
    json_bool(j, "too_few", row->demand.too_few);
    json_end(j);
}

void demand_json(struct json_out *j, int64_t as_of, const struct demand *d)
{
    json_time(j, "as_of", as_of);
    json_int(j, "openings", d->openings);
    json_int(j, "employers", d->employers);
    json_num(j, "k_eff", d->k_eff, 1);
    json_int(j, "adjacent", d->adjacent);
    if (d->largest.openings) {
        json_object(j, "largest_employer");
        json_str(j, "name", d->largest.name);
        json_int(j, "openings", d->largest.openings);
        json_end(j);
    } else {
        json_null(j, "largest_employer");
    }
    json_cstr(j, "interval", "employer_variation");
    json_array(j, "skills");
    for (size_t i = 0; i < d->n_rows; i++)
        demand_row_json(j, &d->rows[i]);
    json_end(j);
}

static void quantile_members(struct json_out *j, const struct quantiles *q, int decimals)
{
    json_num(j, "p25", q->p25, decimals);
    json_num(j, "p25_low", q->p25_low, decimals);
    json_num(j, "p25_high", q->p25_high, decimals);
    json_num(j, "p50", q->p50, decimals);
    json_num(j, "p50_low", q->p50_low, decimals);
    json_num(j, "p50_high", q->p50_high, decimals);
    json_num(j, "p75", q->p75, decimals);
    json_num(j, "p75_low", q->p75_low, decimals);
    json_num(j, "p75_high", q->p75_high, decimals);
}

void offer_json(struct json_out *j, int64_t as_of, const struct offer *o, int64_t inr,
                int64_t years)
{
    const struct share *b = &o->below;

    json_time(j, "as_of", as_of);
    json_cstr(j, "currency", "INR");
    json_cstr(j, "unit", "YEAR");
    if (inr)
        json_int(j, "offer", inr);
    json_int(j, "years", years);
    json_int(j, "openings", o->openings);
    json_int(j, "n", o->pay.n);
    json_int(j, "employers", o->pay.employers);
    if (inr) {
        json_num(j, "above_share", b->share, SHARE_DECIMALS);
        json_num(j, "low", b->low, SHARE_DECIMALS);
        json_num(j, "high", b->high, SHARE_DECIMALS);
        json_bool(j, "too_few", b->too_few);
    }
    quantile_members(j, &o->pay, 0);
    if (!o->stage)
        return;
    json_int(j, "stage", o->stage);
    json_int(j, "band_low", o->band_low);
    json_int(j, "band_high", o->band_high);
}

static void years_json(struct json_out *j, const struct quantiles *q)
{
    json_object(j, "years");
    json_int(j, "n", q->n);
    json_int(j, "employers", q->employers);
    quantile_members(j, q, YEARS_DECIMALS);
    json_end(j);
}

static void pay_members(struct json_out *j, const struct salary *s)
{
    const struct quantiles *q = &s->pay;
    const struct share *d = &s->disclosed;

    json_int(j, "openings", s->openings);
    json_int(j, "disclosed", d->openings);
    json_num(j, "disclosed_share", d->too_few ? NAN : d->share, SHARE_DECIMALS);
    json_num(j, "disclosed_low", d->too_few ? NAN : d->low, SHARE_DECIMALS);
    json_num(j, "disclosed_high", d->too_few ? NAN : d->high, SHARE_DECIMALS);
    json_int(j, "n", q->n);
    json_int(j, "employers", q->employers);
    quantile_members(j, q, 0);
}

static void band_members(struct json_out *j, const struct stage_view *v, const struct salary *s)
{
    if (v->band_low)
        json_int(j, "band_low", v->band_low);
    else
        json_null(j, "band_low");
    if (v->band_high)
        json_int(j, "band_high", v->band_high);
    else
        json_null(j, "band_high");
    json_int(j, "below_band", s->below_band);
    json_int(j, "in_band", s->in_band);
    json_int(j, "above_band", s->above_band);
    json_cstr(j, "against_band", band_verdict_name(s->band));
}

static void bullet_skill_json(struct json_out *j, const struct bullet_skill *s)
{
    json_object(j, NULL);
    json_str(j, "id", s->skill->id);
    json_str(j, "label", s->skill->label);
    share_members(j, &s->demand);
    json_bool(j, "too_few", s->demand.too_few);
    json_bool(j, "stale", s->stale);
    json_end(j);
}

static void bullet_json(struct json_out *j, const struct bullet_figures *b)
{
    json_object(j, NULL);
    json_str(j, "id", b->bullet->id);
    json_str(j, "text", b->bullet->text);
    share_members(j, &b->evidenced);
    json_bool(j, "too_few", b->evidenced.too_few);
    json_bool(j, "stale", b->stale);
    json_object(j, "asked");
    share_members(j, &b->asked);
    json_bool(j, "too_few", b->asked.too_few);
    json_end(j);
    json_int(j, "asks", b->asks);
    json_array(j, "skills");
    for (size_t i = 0; i < b->n_skills; i++)
        bullet_skill_json(j, &b->skills[i]);
    json_end(j);
    json_end(j);
}

static void next_json(struct json_out *j, const struct coverage *r)
{
    json_array(j, "next");
    for (size_t i = 0; i < r->n_next; i++) {
        json_object(j, NULL);
        json_str(j, "id", r->next[i].skill->id);
        json_str(j, "label", r->next[i].skill->label);
        share_members(j, &r->next[i].adds);
        json_bool(j, "too_few", r->next[i].adds.too_few);
        json_bool(j, "tie", r->next[i].tie);
        json_end(j);
    }
    json_end(j);
}

static void missing_json(struct json_out *j, const struct demand_row *rows, size_t n)
{
    json_array(j, "missing");
    for (size_t i = 0; i < n; i++)
        demand_row_json(j, &rows[i]);
    json_end(j);
}

/* coverage, coverage_low ...: the members of a stage are flat. */
static void coverage_members(struct json_out *j, const char *name, const struct coverage *r)
{
    const struct {
        const char *suffix;
        double v;
    } shares[] = { { "", r->met.share }, { "_low", r->met.low }, { "_high", r->met.high } };
    const struct {
        const char *suffix;
        int64_t v;
    } counts[] = {
        { "_met", r->met.openings },    { "_n", r->n },
        { "_employers", r->employers }, { "_left_out", r->left_out },
        { "_one_short", r->one_short },
    };
    char key[40];

    for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
        snprintf(key, sizeof(key), "%s%s", name, shares[i].suffix);
        json_num(j, key, r->met.too_few ? NAN : shares[i].v, SHARE_DECIMALS);
    }
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        snprintf(key, sizeof(key), "%s%s", name, counts[i].suffix);
        json_int(j, key, counts[i].v);
    }
}

static void covered_members(struct json_out *j, const struct coverage *r)
{
    share_members(j, &r->met);
    json_bool(j, "too_few", r->met.too_few);
    json_int(j, "n", r->n);
    json_int(j, "of_employers", r->employers);
    json_int(j, "left_out", r->left_out);
    json_int(j, "one_short", r->one_short);
    next_json(j, r);
}

void with_json(struct json_out *j, const struct market *m, int64_t as_of, const struct with *w)
{
    json_time(j, "as_of", as_of);
    json_str(j, "roadmap", m->roadmap->id);
    json_cstr(j, "interval", "employer_variation");
    json_array(j, "with");
    for (size_t i = 0; i < m->n_skills; i++)
        if (w->has[i])
            json_str(j, NULL, m->skills[i].id);
    json_end(j);
    json_object(j, "all");
    covered_members(j, &w->coverage[0]);
    missing_json(j, w->missing, w->n_missing);
    json_end(j);
    json_array(j, "stages");
    for (int i = 1; i <= STAGES; i++) {
        json_object(j, NULL);
        json_int(j, "stage", i);
        json_str(j, "name", m->roadmap->stages[i - 1].name);
        covered_members(j, &w->coverage[i]);
        json_end(j);
    }
    json_end(j);
}

static void stage_json(struct json_out *j, int n, const struct stage_view *v,
                       const struct stage_figures *f, const struct life *life)
{
    json_object(j, NULL);
    json_int(j, "stage", n);
    json_str(j, "name", v->name);
    json_int(j, "openings", f->openings);
    json_int(j, "employers", f->employers);
    json_int(j, "read", f->read);
    years_json(j, &f->years);
    life_json(j, life);
    json_object(j, "pay");
    pay_members(j, &f->pay);
    band_members(j, v, &f->pay);
    json_end(j);
    json_int(j, "asks", f->asks);
    json_int(j, "asks_covered", f->asks_covered);
    json_array(j, "bullets");
    for (size_t i = 0; i < f->n_bullets; i++)
        bullet_json(j, &f->bullets[i]);
    json_end(j);
    coverage_members(j, "coverage", &f->coverage);
    coverage_members(j, "coverage_own", &f->coverage_own);
    next_json(j, &f->coverage);
    missing_json(j, f->missing, f->n_missing);
    json_array(j, "stale_bullets");
    for (size_t i = 0; i < f->n_bullets; i++)
        if (f->bullets[i].stale)
            json_str(j, NULL, f->bullets[i].bullet->id);
    json_end(j);
    json_end(j);
}

void stages_json(struct json_out *j, const struct market *m, int64_t as_of, const struct stages *s,
                 const struct life *life)
{
    json_time(j, "as_of", as_of);
    json_str(j, "roadmap", m->roadmap->id);
    json_cstr(j, "interval", "employer_variation");
    json_int(j, "unstaged", s->unstaged);
    life_json(j, life);
    json_array(j, "stages");
    for (int i = 0; i < STAGES; i++)
        stage_json(j, i + 1, &m->roadmap->stages[i], &s->stage[i], life ? &life[i + 1] : NULL);
    json_end(j);
}

void salary_json(struct json_out *j, const struct market *m, int64_t as_of,
                 const struct salary *all, const struct salary *stages)
{
    json_time(j, "as_of", as_of);
    json_cstr(j, "currency", "INR");
    json_cstr(j, "unit", "YEAR");
    json_object(j, "all");
    pay_members(j, all);
    json_end(j);
    json_array(j, "stages");
    for (int i = 0; stages && i < STAGES; i++) {
        json_object(j, NULL);
        json_int(j, "stage", i + 1);
        json_str(j, "name", m->roadmap->stages[i].name);
        pay_members(j, &stages[i]);
        band_members(j, &m->roadmap->stages[i], &stages[i]);
        json_end(j);
    }
    json_end(j);
}

static struct str place_label(const struct place *p)
{
    if (p->city.n)
        return p->city;
    return p->state.n ? p->state : p->country;
}

static bool has_text(const struct strs *all, struct str text)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->items[i], text))
            return true;
    return false;
}

struct strs opening_places(const struct market *m, const struct opening *o, struct arena *a)
{
    const struct signal *lead = &o->lead->signal;
    struct strs ret = { 0 };
    const uint32_t *cities;
    size_t n = opening_cities(m, o, &cities);

    for (size_t i = 0; i < lead->n_places; i++)
        *ARENA_PUSH(a, &ret) = place_label(&lead->places[i]);
    for (size_t i = 0; i < n; i++)
        if (!has_text(&ret, m->cities[cities[i]]))
            *ARENA_PUSH(a, &ret) = m->cities[cities[i]];
    return ret;
}

static void places_json(struct json_out *j, const struct market *m, const struct opening *o,
                        struct arena *a)
{
    struct strs places = opening_places(m, o, a);
    struct str rest = o->lead->places_text;

    json_array(j, "places");
    for (size_t i = 0; i < places.n; i++)
        json_str(j, NULL, places.items[i]);
    while (!places.n && rest.n)
        json_str(j, NULL, mask_personal(a, str_cut(&rest, '\n')));
    json_end(j);
}

static void opening_pay_json(struct json_out *j, const struct opening *o)
{
    const struct pay *pay = opening_pay(o);

    if (!pay) {
        json_null(j, "pay");
        return;
    }
    json_object(j, "pay");
    json_cstr(j, "currency", pay->currency);
    json_num(j, "min", pay->annual_min ? (double)pay->annual_min : NAN, 0);
    json_num(j, "max", pay->annual_max ? (double)pay->annual_max : NAN, 0);
    json_cstr(j, "unit", "YEAR");
    json_cstr(j, "stated_period", pay_period_name(pay->period));
    json_cstr(j, "kind", pay_kind_name(pay->kind));
    json_end(j);
}

static void opening_skills(struct json_out *j, const struct market *m, const struct opening *o)
{
    const uint16_t *asks;
    size_t n = opening_asks(m, o, &asks);

    json_array(j, "skills");
    for (size_t i = 0; i < n; i++) {
        uint32_t skill = asks[i] >> ASK_BITS;

        if (skill < m->n_skills)
            json_str(j, NULL, m->skills[skill].id);
    }
    json_end(j);
}

void opening_json(struct json_out *j, const char *key, const struct market *m,
                  const struct opening *o, struct arena *a)
{
    const struct signal *sig = &o->lead->signal;
    struct str url = safe_url(o->lead->url);

    json_object(j, key);
    json_int(j, "id", o->id);
    json_str(j, "title", mask_personal(a, o->lead->title));
    json_str(j, "employer", mask_personal(a, o->employer_name));
    places_json(j, m, o, a);
    json_cstr(j, "mode", work_mode_name(sig->mode));
    if (sig->stage)
        json_int(j, "stage", sig->stage);
    else
        json_null(j, "stage");
    json_cstr(j, "track", sig->track == TRACK_NONE ? NULL : track_name(sig->track));
    json_object(j, "years");
    json_num(j, "min", per_year(sig->experience.min_months), YEARS_DECIMALS);
    json_num(j, "max", per_year(sig->experience.max_months), YEARS_DECIMALS);
    json_end(j);
    opening_pay_json(j, o);
    opening_skills(j, m, o);
    if (url.n)
        json_str(j, "url", url);
    else
        json_null(j, "url");
    json_time(j, "first_proof", o->first_proof);
    json_time(j, "last_proof", o->last_proof);
    json_end(j);
}

const char *source_standing(const struct source_state *s, int64_t now)
{
    if (s->gone)
        return "gone";
    if (!s->last_reading)
        return "new";
    if (!s->last_proven || !source_fresh(s->last_proven, now))
        return "stale";
    return s->failures ? "failed" : "read";
}
