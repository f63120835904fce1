#ifndef AGGREGATOR_FIGURES_H
#define AGGREGATOR_FIGURES_H

#include "aggregator/identity.h"
#include "aggregator/sources.h"
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

enum { STAGES = 5, PANEL_GAP_DAYS = 45, CHANGE_DAYS = 7 };

/* When a figure is too few (docs/method.md): employers for a share, for a rank or trend, for a
 * median, for quartiles. */
enum { LARGE_PART = 4 }; /* an employer of more than a fourth is named, and left out beside */
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

/* One posting as it stood, and what it counts for. */
enum why_counted {               /* audit's reasons; why_counted_text() has the words */
                   COUNTED,      /* the opening's one counted line */
                   SAME_OPENING, /* another posting of the same opening is counted */
                   ADJACENT,     /* of its family: stands beside where it is in India */
                   NOT_CORE,     /* of no family */
                   NOT_INDIA,
                   REMOTE_ONLY, /* remote and merely open to India: stands beside */
                   CLOSED,
                   STALE,     /* its source has not been proven for more than STALE_DAYS */
                   NO_SIGNAL, /* not extracted yet */
};
const char *why_counted_text(enum why_counted w);

/* So many entries of one of the market's pools, from `at` on. */
struct run {
    uint32_t at, n;
};

/*
 * What figures ask of an opening: of its lead, unless it says otherwise. It has no pointers, so
 * that a market can be kept as it is (kept.h).
 */
struct traits {
    int64_t proven;   /* the last proven reading of its source */
    double pay;       /* rupees a year: the middle of what it discloses; 0: nothing comparable */
    uint64_t bullets; /* one bit a bullet of the roadmap that its words evidence */
    int32_t min_months, max_months; /* -1: not given */
    uint32_t vacancies;             /* 1 where none are stated */
    uint32_t lead, open;            /* its place among `postings`; how many of them are open */
    struct run postings;            /* of market.postings: its members, in their order */
    uint8_t family, track, mode;    /* of the enums so called */
    uint8_t stage;                  /* 0: unstaged */
    bool read;                      /* its text was read: only then can it ask for anything */
};

/*
 * The counted openings and the adjacent ones column by column: what filters and counts go
 * through. Rows stand in order of employer, then of id.
 */
struct sheet {
    size_t n;
    const uint32_t *opening; /* its place in market.openings, if those were loaded */
    const uint32_t *employer;
    const int64_t *first_proof;
    const struct sheet_kind {
        uint8_t stage, track, mode; /* as in traits */
        uint8_t flags;
    } * kind;
    const uint32_t *asks_at, *cities_at,
        *sources_at;         /* where a row's run begins, and at n the end */
    const uint16_t *asks;    /* the skills that it demands, in order */
    const uint32_t *cities;  /* of its open postings, by number in market.cities */
    const uint32_t *sources; /* of all its postings, by number in market.known */
};
enum { SHEET_ADJACENT = 1, SHEET_READ = 2 };

/* An entry of `asks`: the skill, and how it is asked. */
enum {
    ASK_STATED = 1,   /* named itself: it does not merely follow from another skill */
    ASK_REQUIRED = 2, /* and not only a duty, in the stack or preferred */
    ASK_IN_WORDS = 4, /* a mention that states it requires it */
    ASK_BITS = 4
};
_Static_assert(SKILLS_MAX <= UINT16_MAX >> ASK_BITS, "a skill and how it is asked fit an entry");

struct opening {
    int64_t id;                  /* posting id of its earliest member: stable */
    const struct traits *traits; /* NULL: no figure counts it */
    uint32_t row;                /* of market.sheet, where it is counted or adjacent */
    const struct posting_fact *lead;
    const struct posting_fact **members; /* in order of (first proof, posting id) */
    enum why_counted *whys;              /* one a member: audit's line of it */
    struct str *evidences;               /* one a member: why it belongs; empty: it stands alone */
    const struct posting_fact **kin; /* one a member: with whom, by that; NULL: it stands alone */
    size_t n_members;
    uint32_t employer; /* index into market.employers */
    struct str employer_name;
    enum why_counted why; /* of the opening as a whole: COUNTED, or why not */
    bool adjacent;        /* not counted, but an open, fresh role in India of an adjacent family */
    bool fresh;           /* its source was proven in the last STALE_DAYS */
    bool carried;         /* counted, but its source was not proven on the day itself */
    int64_t first_proof, last_proof;
    struct str evidence; /* why its members are one job; empty: one posting */
};

/* A member's line, as the store keeps it; its evidence is the opening's. */
struct opening_row opening_line(const struct opening *o, size_t member);

struct market { /* everything as it stood at one time */
    int64_t at, day;
    bool kept;                /* as it was kept, not out of every posting */
    bool finished;            /* and the answers finished with it hold (finished.h) */
    int64_t until;            /* from then on the clock alone may change it; 0: not known */
    int64_t made;             /* not 0: no openings, but the answers finished then (finished.h) */
    struct opening *openings; /* all, in order of id */
    size_t n_openings;
    struct str *employers;       /* names as people write them, in order of their keys */
    struct str *employer_keys;   /* employer_key() of each */
    struct employer_names names; /* the aliases that the keys went through */
    size_t n_employers;
    const struct skill_view *skills;
    size_t n_skills;
    const struct roadmap_view *roadmap;
    const struct source_state *sources;
    size_t n_sources;
    size_t n_postings;
    struct sheet sheet;
    const int64_t *postings; /* the pool of ids that traits name runs of */
    const struct str *cities;
    size_t n_cities;
    const struct source_proven *known; /* every source, as it stood */
    size_t n_known;
    const struct market *before; /* CHANGE_DAYS before the newest proven day, at its end; NULL until
                                    market_load_before() */
    struct str *panel; /* of `before`: the sources whose changes since then are known, sorted */
    size_t n_panel;
};

/*
 * The market as it stood at `at`: as it was kept (market_keep()), else of every posting there ever
 * was, joined to openings (openings.h). Only openings that some figure counts are in it, and
 * without their postings, which market_details() reads.
 */
int market_load(struct market *ret, struct store *s, int64_t at, const struct roadmap_view *roadmap,
                const struct skill_view *skills, size_t n_skills, struct arena *a,
                struct diag *d) MUST_USE;
/* The same for demand_of() alone: a market that was kept comes without openings. */
int market_load_demand(struct market *ret, struct store *s, int64_t at,
                       const struct roadmap_view *roadmap, const struct skill_view *skills,
                       size_t n_skills, struct arena *a, struct diag *d) MUST_USE;
int market_keep(const struct market *m, struct store *s, struct diag *d) MUST_USE;

/* Read the postings of some openings of m: their leads and members. */
int market_details(struct market *m, struct store *s, const struct opening *const *sel, size_t n,
                   struct arena *a, struct diag *d) MUST_USE;

/* Load m->before, once, for the trends of demand_of(); without it each call loads its own. */
int market_load_before(struct market *m, struct store *s, struct arena *a, struct diag *d) MUST_USE;

/* What an opening must be like. Empty or 0 fields do not filter. */
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
/* Whether an opening's stage (0: unstaged), track and mode are those asked for. */
static inline bool filter_admits(const struct filter *f, int stage, enum track track,
                                 enum work_mode mode)
{
    return (!f->stage || stage == (f->stage > 0 ? f->stage : 0))
           && (f->track == TRACK_NONE || track == f->track)
           && (f->mode == MODE_UNKNOWN || mode == f->mode);
}

/* The counted openings that pass, in order of id. */
void market_select(const struct market *m, const struct filter *f, struct arena *a,
                   const struct opening ***ret, size_t *ret_n);

/* The skills that a counted opening demands (required, duty, stack or preferred), in order: how
 * many. */
size_t opening_asks(const struct market *m, const struct opening *o, const uint16_t **ret);

/* The cities that open postings of a counted opening name, as a filter for a city finds it: numbers
 * in m->cities, how many. */
size_t opening_cities(const struct market *m, const struct opening *o, const uint32_t **ret);

/* The pay the opening discloses: its lead's, else its earliest member's that does; NULL: none. */
const struct pay *opening_pay(const struct opening *o);

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
/* How what the count stands on changed over CHANGE_DAYS: sources that speak for now, and spoke
 * then; employers with an opening that counts. */
struct mix {
    struct source_mix sources;
    int64_t employers, employers_before; /* before: -1 where that day has no figures */
};
int mix_of(const struct market *m, struct store *s, const struct roles *now, struct mix *ret,
           struct diag *d) MUST_USE;

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
    double without, without_low, without_high; /* the share but for the largest employer */
};
struct demand {
    int64_t openings, employers; /* the denominator: counted openings whose text was read */
    double k_eff;
    struct demand_row *rows; /* most demanded first, ties by id; skills nobody names are left out */
    size_t n_rows;
    int64_t adjacent; /* adjacent openings that were read and pass the filter */
    struct {
        struct str name;
        int64_t openings;
    } largest; /* an employer of more than a quarter of the openings; openings 0: there is none */
};
int demand_of(const struct market *m, const struct filter *f, struct store *s, struct demand *ret,
              struct arena *a, struct diag *d) MUST_USE;

struct quantiles {
    double p25, p50, p75; /* NaN where too few employers */
    int64_t n, employers;
    double p25_low, p25_high, p50_low, p50_high, p75_low, p75_high; /* NaN: open-ended too */
};

/* Pay in a selection: the middle of what is disclosed, INR a year. */
struct salary {
    int64_t openings;
    struct share disclosed; /* of the openings; its counts are of those that say */
    struct quantiles pay;
    int64_t below_band, in_band, above_band; /* disclosed, against the roadmap's band of a stage */
    enum band_verdict { BAND_UNKNOWN, BAND_BELOW, BAND_WITHIN, BAND_ABOVE, BAND_UNDECIDED } band;
};
/* With filter.stage the band is that stage's; else there is none. */
void salary_of(const struct market *m, const struct filter *f, struct salary *ret);
/* The disclosed pays themselves, lowest first: where they are too few for a median. */
size_t salary_list(const struct market *m, const struct filter *f, struct arena *a,
                   const double **ret);
/* The same of all counted openings, without their band: of the finished answers where m is opened
 * from them. */
int pay_of(const struct market *m, struct store *s, struct salary *ret, struct diag *d) MUST_USE;

/* The roadmap's whole band, from its lowest end to its highest (0: open, or none), and where a
 * median of pay stands to a band. */
void roadmap_band(const struct roadmap_view *r, int64_t *ret_low, int64_t *ret_high);
enum band_verdict band_verdict(const struct quantiles *q, int64_t low, int64_t high);
/* "unknown" (no band, or too few for a median), "below", "within", "above", "undecided" (the
 * interval of the median spans an end of the band). */
const char *band_verdict_name(enum band_verdict v);

/* What one skill more would bring. */
struct next_skill {
    const struct skill_view *skill;
    struct share adds; /* openings not met yet that would be; of reach.n */
    bool tie;          /* cannot be told from the first of the list */
};

/*
 * How far somebody with a set of skills gets in a selection: an opening is met where at least 80%
 * of the skills it requires are had (of 1 to 4: all).
 */
struct coverage {
    int64_t n, employers; /* the openings with a required skill found, and who offers them */
    int64_t left_out;     /* openings read in which no required skill was found */
    struct share met;
    int64_t one_short;       /* not met, but one skill more would do */
    struct next_skill *next; /* most openings first, ties by id; each at RANK_EMPLOYERS or more */
    size_t n_next;
};

/* Which of the skills asked at a stage a bullet covers. */
struct bullet_skill {
    const struct skill_view *skill;
    struct share demand; /* of the stage's openings */
    bool stale;
};

struct stage_figures {
    int64_t openings, employers;
    int64_t read;           /* of them with their text: what the shares are of */
    struct quantiles years; /* of the stated minimum */
    struct salary pay;
    struct bullet_figures {
        const struct bullet_view *bullet;
        struct share evidenced; /* the ad's words are the bullet's */
        struct share asked;     /* at least one skill that the bullet teaches is asked */
        bool stale;
        int64_t asks;                /* of stage_figures.asks, those it covers */
        struct bullet_skill *skills; /* all that it teaches, most demanded first, ties by id */
        size_t n_skills;
    } * bullets;
    size_t n_bullets;
    int64_t asks, asks_covered; /* (opening, skill) pairs; those that a bullet up to here covers */
    struct coverage coverage;   /* what stages 1 to here reach of all counted openings */
    struct coverage coverage_own; /* and of this stage's own */
    struct demand_row
        *missing; /* most demanded skills of this stage that no bullet up to it teaches */
    size_t n_missing;
};
struct stages {
    struct stage_figures stage[STAGES];
    int64_t unstaged;
};
/* Of the openings that pass; each stage takes the place of the filter's own. */
int stages_of(const struct market *m, const struct filter *f, struct stages *ret, struct arena *a,
              struct diag *d) MUST_USE;

/* The same for somebody's own set of skills. */
struct with {
    const bool *has;                      /* by market skill */
    struct coverage coverage[STAGES + 1]; /* [0]: of all counted openings */
    struct demand_row *missing;           /* most demanded of all, and not had */
    size_t n_missing;
};
void with_of(const struct market *m, const struct filter *f, const bool *has, struct with *ret,
             struct arena *a);

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

/* How long roles stay open (life.h). */
struct life {
    int64_t n, employers;     /* roles watched in the last LIFE_WINDOW_DAYS */
    int64_t ended;            /* of them, those whose end was seen */
    int64_t left_out;         /* open when their board was first read, and no telling since when */
    double median, low, high; /* days; high NaN beside a median: beyond what was seen */
    struct share reposted;    /* put up again within 30 days of an end */
};
enum { LIFE_WINDOW_DAYS = 180 };
/* [0]: all; [n]: roles at stage n. */
int life_of(const struct market *m, struct store *s, struct life ret[STAGES + 1],
            struct diag *d) MUST_USE;

/*
 * Every day that lacks its figures gets them. Of today the openings are joined and stored, and the
 * answers asked most finished (finished.h).
 */
int figures_update(struct store *s, int64_t now, const struct roadmap_view *roadmap,
                   const struct skill_view *skills, size_t n_skills, struct diag *d) MUST_USE;

/* The days that are over and lack their figures get them where what was counted last still holds:
 * before a crawl, which would have it counted again. */
int figures_carry(struct store *s, int64_t now, const struct roadmap_view *roadmap,
                  const struct skill_view *skills, size_t n_skills, struct diag *d) MUST_USE;

/* The series, one row a finished day. */
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
