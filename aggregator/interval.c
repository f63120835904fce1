#include "aggregator/interval.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"

/* docs/method.md, "Shares": weight of the pool in openings' worth of df, and from how many
 * employers on both sides a trait speaks for itself. */
enum { POOL_DF = 20, OWN_VOICE = 20 };
static const double TAIL = .025, TAIL_Z = 1.959963984540054; /* either side of a 95% interval */
static const double RHO_LOW = .05, RHO_HIGH = .95, RHO_UNKNOWN = .5, RHO_RANK = .4;

static double clamp(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

/* The continued fraction of the incomplete beta function by the modified Lentz method (DLMF
 * 8.17.22; Press et al., Numerical Recipes, 6.4). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), h;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    h = d;
    for (int m = 1; m < 500; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step;

        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        h *= d * c;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        step = d * c;
        h *= step;
        if (fabs(step - 1) < 1e-14)
            break;
    }
    return h;
}

/* I_x(a, b), 0 < x < 1. */
static double incomplete_beta(double a, double b, double x)
{
    int sign;
    double scale = exp(lgamma_r(a + b, &sign) - lgamma_r(a, &sign) - lgamma_r(b, &sign) + a * log(x)
                       + b * log1p(-x));

    if (x < (a + 1) / (a + b + 2))
        return scale * beta_fraction(a, b, x) / a;
    return 1 - scale * beta_fraction(b, a, 1 - x) / b;
}

/* The same of the normal distribution, to 5e-4 (Hastings 1955; Abramowitz and Stegun 26.2.23). */
static double normal_above(double tail)
{
    double t = sqrt(-2 * log(tail));

    return t
           - (2.515517 + t * (0.802853 + t * 0.010328))
                 / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

/* The normal value itself, by Newton's method on its tail. */
static double normal_quantile(double tail)
{
    double z = normal_above(tail);

    for (int i = 0; i < 3; i++)
        z += (.5 * erfc(z / sqrt(2)) - tail) / (exp(-z * z / 2) / sqrt(6.28318530717958648));
    return z;
}

/*
 * Of many degrees of freedom, the expansion of t about the normal value in powers of 1/df, to the
 * fourth (Abramowitz and Stegun 26.7.5): from FEW_DF on it is right to 1e-8 but for far tails. Else
 * Newton's method: beyond 0 the tail is convex, so whatever the start it comes from below in the
 * end.
 */
enum { FEW_DF = 40, VERY_MANY_DF = 100000 };
static const double FAR_TAIL = .01;

static double expand_t(double z, double df)
{
    double z2 = z * z;
    double one = (z2 + 1) / 4, two = ((5 * z2 + 16) * z2 + 3) / 96,
           three = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
           four = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;

    return z * (1 + (one + (two + (three + four / df) / df) / df) / df);
}

double student_t(double df, double tail)
{
    double z, t, scale;
    int sign;

    df = df < 1 ? 1 : df;
    z = tail == TAIL ? TAIL_Z : normal_quantile(tail);
    t = df >= 3 ? expand_t(z, df) : z;
    if (df > VERY_MANY_DF || (df > FEW_DF && tail > FAR_TAIL))
        return t;
    scale = exp(lgamma_r((df + 1) / 2, &sign) - lgamma_r(df / 2, &sign))
            / sqrt(df * 3.14159265358979323846);
    for (int i = 0; i < 100; i++) {
        double above = .5 * incomplete_beta(df / 2, .5, df / (df + t * t));
        double step = (above - tail) / (scale * exp(-(df + 1) / 2 * log1p(t * t / df)));

        t += step;
        if (fabs(step) <= 1e-13 * t)
            break;
    }
    return t;
}

/* Wilson's score interval with an effective size and Student's t in place of z. */
static struct interval wilson(double p, double n_eff, double t)
{
    double t2 = t * t, scale = 1 + t2 / n_eff;
    double centre = (p + t2 / (2 * n_eff)) / scale;
    double half = t * sqrt(p * (1 - p) / n_eff + t2 / (4 * n_eff * n_eff)) / scale;

    return (struct interval){ p, clamp(centre - half, 0, 1), clamp(centre + half, 0, 1) };
}

struct sizes sizes_of(const struct cluster *c, size_t k)
{
    struct sizes s = { .k = k };

    for (size_t i = 0; i < k; i++) {
        double m = (double)c[i].n;

        s.n += m;
        s.squares += m * m;
        s.cubes += m * m * m;
        s.fourths += m * m * m * m;
    }
    for (size_t i = 0; i < k; i++) {
        double m = (double)c[i].n;

        s.weighted += m * m / (1 - m / s.n);
    }
    return s;
}

struct weighed sizes_weigh(const struct sizes *s, int64_t openings)
{
    double m = (double)openings;

    return (struct weighed){ m, 1 / m, 1 / (1 - m / s->n) };
}

void trait_add(struct trait *t, const struct weighed *w, int64_t hits)
{
    double y = (double)hits;

    t->naming++;
    t->whole += y == w->m;
    t->hits += y;
    t->by_size += y * y * w->of_m;
    t->squares += y * y * w->weight;
    t->products += y * w->m * w->weight;
}

static struct trait trait_of(const struct cluster *c, const struct sizes *s)
{
    struct trait t = { 0 };

    for (size_t i = 0; i < s->k; i++)
        if (c[i].hits) {
            struct weighed w = sizes_weigh(s, c[i].n);

            trait_add(&t, &w, c[i].hits);
        }
    return t;
}

struct interval ratio_interval(struct interval over, struct interval under)
{
    struct interval ret = { over.at / under.at, NAN, NAN };
    double below, above;

    if (!(over.at > 0) || !(under.at > 0))
        return (struct interval){ NAN, NAN, NAN };
    below = hypot(log(over.at / over.low), log(under.high / under.at));
    above = hypot(log(over.high / over.at), log(under.at / under.low));
    ret.low = ret.at * exp(-below); /* exp(-infinity) is 0 */
    if (isfinite(above))
        ret.high = ret.at * exp(above);
    return ret;
}

double sizes_effective(const struct sizes *s)
{
    return s->squares > 0 ? s->n * s->n / s->squares : 0;
}

double effective_employers(const struct cluster *c, size_t k)
{
    struct sizes s = sizes_of(c, k);

    return sizes_effective(&s);
}

double trait_correlation(const struct sizes *s, const struct trait *t)
{
    double p = t->hits / s->n, k = (double)s->k, between, within, n0, all;

    if (s->k < 2 || s->n <= k || p < .05 || p > .95)
        return NAN;
    n0 = (s->n - s->squares / s->n) / (k - 1);
    between = (t->by_size - p * t->hits) / (k - 1);
    within = (t->hits - t->by_size) / (s->n - k);
    all = between + (n0 - 1) * within;
    return all > 0 ? (between - within) / all : NAN;
}

double intra_correlation(const struct cluster *c, size_t k)
{
    struct sizes s = sizes_of(c, k);
    struct trait t = trait_of(c, &s);

    return trait_correlation(&s, &t);
}

void icc_pool_add(struct icc_pool *p, double icc)
{
    if (isnan(icc))
        return;
    p->sum += icc;
    p->n++;
}

double icc_pool_rho(const struct icc_pool *p, double except)
{
    size_t n = p->n - (!isnan(except) && p->n > 0);
    double sum = p->sum - (isnan(except) ? 0 : except);

    return n ? clamp(sum / (double)n, RHO_LOW, RHO_HIGH) : RHO_UNKNOWN;
}

/* Satterthwaite's degrees of freedom of a variance over employers of unequal size: of the sum of
 * v = m (1 + (m - 1) rho) and of its squares. */
static double employer_df(const struct sizes *s, double rho)
{
    double sum = s->n + rho * (s->squares - s->n), own = 1 - rho;
    double squares = own * own * s->squares + 2 * rho * own * s->cubes + rho * rho * s->fourths;

    return clamp(sum * sum / squares - 1, 1, (double)(s->k - 1));
}

/* The design effect as observed: the CR2 variance over the binomial one. */
static double observed_effect(const struct sizes *s, const struct trait *t)
{
    double p = t->hits / s->n;
    double v = t->squares - 2 * p * t->products + p * p * s->weighted;

    return fmax(0, v) / (s->n * p * (1 - p));
}

struct interval trait_interval(const struct sizes *s, const struct trait *t, double rho)
{
    double p = s->n > 0 ? t->hits / s->n : NAN, df, w, pooled, observed, effect;
    size_t silent = s->k - t->whole, both = t->naming < silent ? t->naming : silent;

    if (s->k < 2)
        return (struct interval){ p, NAN, NAN };
    df = employer_df(s, rho);
    observed = both ? observed_effect(s, t) : 0;
    w = both ? fmin(df, (double)both - 1) : 0;
    pooled = 1 + (s->squares / s->n - 1) * rho;
    effect = (w * observed + POOL_DF * pooled) / (w + POOL_DF);
    if (both >= OWN_VOICE) /* its own variance, which by chance may look too small */
        return wilson(p, s->n / fmax(1, fmax(observed, effect)), student_t(w, TAIL));
    return wilson(p, s->n / fmax(1, effect), student_t(w + POOL_DF, TAIL));
}

struct interval share_interval(const struct cluster *c, size_t k, double rho)
{
    struct sizes s = sizes_of(c, k);
    struct trait t = trait_of(c, &s);

    return trait_interval(&s, &t, rho);
}

static int by_value(const void *a, const void *b)
{
    const struct valued *x = a, *y = b;

    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->employer > y->employer) - (x->employer < y->employer);
}

static int by_employer(const void *a, const void *b)
{
    const struct valued *x = a, *y = b;

    if (x->employer != y->employer)
        return x->employer < y->employer ? -1 : 1;
    return by_value(a, b);
}

void valued_sort(struct valued *v, size_t n)
{
    if (n)
        qsort(v, n, sizeof(*v), by_value);
}

/* The employers of v, with how many of their values are at most `limit`. */
static size_t clusters_of(const struct valued *v, size_t n, double limit, struct arena *a,
                          struct cluster **ret)
{
    struct valued *sorted = ARENA_NEW(a, struct valued, n ? n : 1);
    struct cluster *c = ARENA_NEW(a, struct cluster, n ? n : 1);
    size_t k = 0;

    if (n) {
        memcpy(sorted, v, n * sizeof(*v));
        qsort(sorted, n, sizeof(*sorted), by_employer);
    }
    for (size_t i = 0; i < n; i++) {
        k += i == 0 || sorted[i].employer != sorted[i - 1].employer;
        c[k - 1].n++;
        c[k - 1].hits += sorted[i].value <= limit;
    }
    *ret = c;
    return k;
}

size_t valued_employers(const struct valued *v, size_t n)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct cluster *c;

    return clusters_of(v, n, INFINITY, &a, &c);
}

static double quantile(const struct valued *v, size_t n, double q)
{
    double rank = (double)n * q;
    size_t below = (size_t)floor(rank);

    if (below >= n)
        return v[n - 1].value;
    if (rank > (double)below || below == 0)
        return v[below].value;
    return (v[below - 1].value + v[below].value) / 2;
}

/* What few employers show of their likeness is mostly chance: it is drawn towards what pay usually
 * has, by the weight that shares use. */
static double rank_correlation(const struct cluster *c, size_t k)
{
    double seen = intra_correlation(c, k), df = (double)(k - 1);

    if (isnan(seen))
        return RHO_RANK;
    return clamp((df * seen + POOL_DF * RHO_RANK) / (df + POOL_DF), RHO_LOW, RHO_HIGH);
}

struct interval quantile_interval(const struct valued *v, size_t n, double q)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct interval ret = { NAN, NAN, NAN }, ranks;
    struct cluster *c;
    size_t k;
    double rho, n_eff, low, high, m = (double)n;

    if (n == 0)
        return ret;
    ret.at = quantile(v, n, q);
    k = clusters_of(v, n, ret.at, &a, &c);
    if (k < 2)
        return ret;
    rho = rank_correlation(c, k);
    n_eff = m / (1 + (sizes_of(c, k).squares / m - 1) * rho);
    ranks = wilson(q, n_eff, student_t((double)(k - 1), TAIL));
    low = floor(m * ranks.low);
    high = ceil(m * ranks.high);
    if (low >= 1)
        ret.low = v[(size_t)low - 1].value;
    if (high <= m)
        ret.high = v[(size_t)high - 1].value;
    return ret;
}
