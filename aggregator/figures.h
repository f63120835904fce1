#ifndef AGGREGATOR_FIGURES_H
#define AGGREGATOR_FIGURES_H

#include "aggregator/identity.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/signal.h"
#include "store/store.h"

struct arena;

/*
 * Facts -> figures. docs/method.md says what each published figure means; the
 * comments here say which field holds it. Everything lives in the arena given to
 * market_load(); counts are of openings unless the name says otherwise.
 */

enum { STAGES = 5, STALE_DAYS = 14, PANEL_GAP_DAYS = 45, CHANGE_DAYS = 7 };

/* When a figure is too few (docs/method.md): employers for a share, for a rank or trend, for a
 * median, for quartiles. */
enum { SHARE_EMPLOYERS = 10, SHARE_K_EFF = 8, RANK_EMPLOYERS = 3 };
enum { MEDIAN_EMPLOYERS = 8, QUARTILE_EMPLOYERS = 15 };

/* The roadmap as the figures need it; cli/ fills it from the configuration. */
struct roadmap_view {
    struct str id, title, country, role;
    const struct employer_alias *aliases; /* employers known by several names (identity.h) */
    size_t n_aliases;
    struct stage_view {
        struct str name;
        int64_t from_month, to_month, band_low, band_high; /* INR a year; 0: open */
        struct bullet_view {
            struct str id, text;
            struct strs skills;
        } * bullets;
        size_t n_bullets;
    } stages[STAGES];
};

/* A skill as the figures need it, by the index that mentions use. */
struct skill_view {
    struct str id, label, category;
    bool practice, generic;
};

/* One posting as it stood, and what it counts for. */
enum why_counted {               /* audit's reasons; why_counted_text() has the words */
                   COUNTED,      /* the opening's one counted line */
                   SAME_OPENING, /* another posting of the same opening is counted */
                   NOT_CORE,     /* family adjacent or none */
                   NOT_INDIA,
                   REMOTE_ONLY, /* remote and merely open to India: stands beside */
                   CLOSED,
                   STALE,     /* its source has not been proven for more than STALE_DAYS */
                   NO_SIGNAL, /* not extracted yet */
};
const char *why_counted_text(enum why_counted w);

struct opening {
    int64_t id; /* posting id of its earliest member: stable */
    const struct posting_fact *lead;
    const struct posting_fact **members; /* in order of (first proof, posting id) */
    enum why_counted *whys;              /* one a member: audit's line of it */
    struct str *evidences;               /* one a member: why it belongs; empty: it stands alone */
    size_t n_members;
    uint32_t employer; /* index into market.employers */
    struct str employer_name;
    enum why_counted why; /* of the opening as a whole: COUNTED, or why not */
    bool carried;         /* counted, but its source was not proven on the day itself */
    int64_t first_proof, last_proof;
    struct str evidence; /* why its members are one job; empty: one posting */
};

struct market { /* everything as it stood at one time */
    int64_t at, day;
    int64_t made;             /* not 0: no openings, but the answers finished then (finished.h) */
    struct opening *openings; /* all, in order of id */
    size_t n_openings;
    struct str *employers;     /* names as people write them, in order of their keys */
    struct str *employer_keys; /* employer_key() of each */
    size_t n_employers;
    const struct skill_view *skills;
    size_t n_skills;
    const struct roadmap_view *roadmap;
    const struct source_state *sources;
    size_t n_sources;
    size_t n_postings;
    const struct market *before; /* CHANGE_DAYS before the newest proven day, at its end; NULL until
                                    market_load_before() */
    struct str *panel; /* of `before`: the sources whose changes since then are known, sorted */
    size_t n_panel;
};

/* Load the store as it stood at `at` and join postings to openings (openings.h). */
int market_load(struct market *ret, struct store *s, int64_t at, const struct roadmap_view *roadmap,
                const struct skill_view *skills, size_t n_skills, struct arena *a,
                struct diag *d) MUST_USE;

/* Load m->before, once, for the trends of demand_of(); without it each call loads its own. */
int market_load_before(struct market *m, struct store *s, struct arena *a, struct diag *d) MUST_USE;

/* Give the store its openings: a row for each posting seen. */
int market_save(const struct market *m, struct store *s, int64_t now, struct diag *d) MUST_USE;

/* An opening that is counted and passes the filter. Empty or 0 fields do not filter. */
struct filter {
    int stage;       /* 1..5; -1: unstaged */
    struct str city; /* canonical, ASCII case ignored; aliases are the gazetteer's, so cli/ resolves
                        them */
    struct str company, skill;
    enum track track;
    enum work_mode mode;
    int64_t first_after; /* first proof at or after this time */
    bool required_only;  /* demand: mentions with polarity required alone */
};
bool opening_passes(const struct market *m, const struct opening *o, const struct filter *f);
/* The same of an opening that is not counted. */
bool opening_matches(const struct market *m, const struct opening *o, const struct filter *f);

/* The counted openings that pass, in order of id. */
void market_select(const struct market *m, const struct filter *f, struct arena *a,
                   const struct opening ***ret, size_t *ret_n);

/* The pay the opening discloses: its lead's, else its earliest member's that does; NULL: none. */
const struct pay *opening_pay(const struct opening *o);

/* Whether a signal demands a skill: required, duty, stack or preferred; or required alone. */
bool signal_names(const struct signal *s, uint32_t skill, bool required_only);

/* A share and how it would vary over other employers like these (method/interval, interval.h). */
struct share {
    int64_t openings, employers;
    double share, low, high; /* 0..1; NaN where too few */
    bool too_few;
};

struct roles {
    int64_t openings, employers, postings, vacancies, remote_open;
    int64_t by_stage[STAGES + 1]; /* [0]: unstaged */
    int64_t adjacent, stale, carried;
    int64_t sources_read, sources_stale, sources_failed;
    bool has_change;
    double panel_percent; /* change of the constant panel over CHANGE_DAYS */
    int64_t raw_openings; /* plain difference of the count over CHANGE_DAYS */
};
int roles_of(const struct market *m, struct store *s, struct roles *ret, struct arena *a,
             struct diag *d) MUST_USE;

struct demand_row {
    const struct skill_view *skill;
    struct share demand; /* stated or implied; required, duty, stack or preferred */
    int64_t stated, required;
    double lift; /* share in this selection / share in all counted openings; NaN: none */
    int stage;   /* the stage in which it stands highest by lift, 0: none */
    double adjacent_lift, adjacent_low, adjacent_high; /* share here / share in adjacent openings
                     that pass the same filter; NaN: too few on either side */
    double trend; /* change of the share (0.02: two points) since the end of the day CHANGE_DAYS
                     before the newest proven one; NaN: not known */
};
struct demand {
    int64_t openings, employers; /* the denominator: counted openings whose text was read */
    double k_eff;
    struct demand_row *rows; /* most demanded first, ties by id; skills nobody names are left out */
    size_t n_rows;
    int64_t adjacent; /* adjacent openings that were read and pass the filter */
};
int demand_of(const struct market *m, const struct filter *f, struct store *s, struct demand *ret,
              struct arena *a, struct diag *d) MUST_USE;

struct quantiles {
    double p25, p50, p75; /* NaN where too few employers */
    int64_t n, employers;
    double p25_low, p25_high, p50_low, p50_high, p75_low, p75_high; /* NaN: open-ended too */
};

struct stage_figures {
    int64_t openings, employers;
    struct quantiles years; /* of the stated minimum */
    struct quantiles pay;   /* middle of the disclosed range, INR a year; NaN where too few */
    double disclosed_share;
    struct bullet_figures {
        const struct bullet_view *bullet;
        struct share evidenced;
        bool stale;
    } * bullets;
    size_t n_bullets;
    /* Of all counted openings: the share whose required skills are 80% met by what the bullets
     * up to this stage teach; NaN: none. coverage_own: of this stage's openings alone. */
    double coverage, coverage_own;
    int64_t coverage_n, coverage_left_out; /* openings with no required skill found */
    int64_t coverage_own_n;
    struct demand_row
        *missing; /* most demanded skills of this stage that no bullet up to it teaches */
    size_t n_missing;
};
struct stages {
    struct stage_figures stage[STAGES];
    int64_t unstaged;
};
int stages_of(const struct market *m, struct stages *ret, struct arena *a, struct diag *d) MUST_USE;

/* Pay in the selection: the middle of what is disclosed, INR a year. */
struct salary {
    int64_t openings, disclosed;
    double disclosed_share;
    struct quantiles pay;
};
void salary_of(const struct market *m, const struct filter *f, struct salary *ret);

/* Where an offer stands among counted openings that ask for so much experience and say their pay.
 */
struct offer {
    int64_t openings; /* that ask for so much experience, disclosed or not */
    struct quantiles pay;
    struct share below; /* share of the disclosed ones that pay less; ties count half */
    int stage;          /* of the roadmap, by years; 0: none */
    int64_t band_low, band_high;
};
void offer_of(const struct market *m, const struct filter *f, int64_t inr, double years,
              struct offer *ret);

/* The series, one row a finished day; computes and stores the days that are missing. */
int series_update(struct store *s, int64_t now, const struct roadmap_view *roadmap,
                  const struct skill_view *skills, size_t n_skills, struct diag *d) MUST_USE;
struct series_row {
    int64_t day, openings, postings, sources_read;
    double panel_index; /* 100 on the first day; mean of 7 days after chaining; NaN: none yet */
};
int series_load(struct store *s, int64_t from, int64_t to, struct arena *a, struct series_row **ret,
                size_t *ret_n, struct diag *d) MUST_USE;

/*
 * The series as a trend: what was counted beside the constant panel, both 100 on one day. A day
 * on which no board was proven is a gap: its panel_index is NaN.
 */
struct trend_row {
    int64_t day, openings, sources_read;
    double raw_index, panel_index; /* NaN: none */
    int64_t revised; /* openings by today's rules less those first finished for the day */
};
/* Days from..to. `base` is the day that is 100; 0: the first with an index. ERR_USAGE where the
 * base has none. */
int trend_load(struct store *s, int64_t from, int64_t to, int64_t base, struct arena *a,
               struct trend_row **ret, size_t *ret_n, struct diag *d) MUST_USE;
/* A skill's share day by day, value, low and high; NaN: too few that day. */
int trend_skill(struct store *s, struct str skill, int64_t from, int64_t to, struct arena *a,
                struct figure_row **ret, size_t *ret_n, struct diag *d) MUST_USE;

#endif
