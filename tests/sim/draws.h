#ifndef TESTS_SIM_DRAWS_H
#define TESTS_SIM_DRAWS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* Seeded draws for the simulations: the same ones in every run. */
struct draws {
    uint64_t s;
};

/* xorshift64* (Vigna 2016), within (0, 1). */
static inline double draw(struct draws *d)
{
    d->s ^= d->s >> 12;
    d->s ^= d->s << 25;
    d->s ^= d->s >> 27;
    return ((double)((d->s * 2685821657736338717ULL) >> 11) + .5) / 9007199254740992.0;
}

static inline struct draws draws_from(uint64_t seed)
{
    struct draws d = { (seed + 1) * 0x9E3779B97F4A7C15ULL };

    for (int i = 0; i < 8; i++)
        (void)draw(&d);
    return d;
}

static inline double draw_normal(struct draws *d)
{
    return sqrt(-2 * log(draw(d))) * cos(6.283185307179586 * draw(d));
}

/* The logarithm of a Gamma(shape, 1) draw (Marsaglia and Tsang 2000), safe for tiny shapes. */
static inline double draw_log_gamma(struct draws *r, double shape)
{
    double add = 0, d, c;

    if (shape < 1) {
        add = log(draw(r)) / shape;
        shape += 1;
    }
    d = shape - 1. / 3;
    c = 1 / sqrt(9 * d);
    for (;;) {
        double x = draw_normal(r), v = 1 + c * x;

        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(draw(r)) < .5 * x * x + d - d * v + d * log(v))
            return log(d * v) + add;
    }
}

/* An employer's own share: mean p, intra-employer correlation rho. */
static inline double draw_share(struct draws *r, double p, double rho)
{
    double c = (1 - rho) / rho;
    double x = draw_log_gamma(r, p * c), y = draw_log_gamma(r, (1 - p) * c);

    return 1 / (1 + exp(y - x));
}

static inline int64_t draw_binomial(struct draws *r, int64_t n, double p)
{
    int64_t hits = 0;

    for (int64_t i = 0; i < n; i++)
        hits += draw(r) < p;
    return hits;
}

static inline int64_t draw_poisson(struct draws *r, double mean)
{
    double limit = exp(-mean), product = draw(r);
    int64_t n = 0;

    for (; product > limit; n++)
        product *= draw(r);
    return n;
}

/* Sizes of employers: 1 to 60 with weights size^-s. */
enum { SIZES = 60 };
struct zipf {
    double upto[SIZES];
};

static inline struct zipf zipf_of(double s)
{
    struct zipf z;
    double sum = 0;

    for (int i = 0; i < SIZES; i++)
        z.upto[i] = sum += pow(i + 1, -s);
    for (int i = 0; i < SIZES; i++)
        z.upto[i] /= sum;
    return z;
}

static inline int64_t draw_size(struct draws *r, const struct zipf *z)
{
    double u = draw(r);
    int i = 0;

    while (i < SIZES - 1 && z->upto[i] < u)
        i++;
    return i + 1;
}

#endif
