/*
 * The interval of a share beside that of the reference programs (reference.sh), on the same
 * employers: `draw` prints cases, `check CASES` reads the reference's answers to them.
 *     case:   k rho, then m and y of each employer
 *     answer: c, then low and high of the pooled interval, and of the one by its own variance
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/interval.h"
#include "test.h"
#include "tests/sim/draws.h"

enum { CASES = 4000, EMPLOYERS_MAX = 300, OWN_VOICE = 20 };

static int draw_cases(void)
{
    static const size_t ks[] = { 10, 20, 45, 100, 200, 300 };
    static const double shares[] = { 0, .015, .1, .45, .9, 1 };
    struct draws r = draws_from(1);
    struct zipf sizes = zipf_of(1.5);

    for (int i = 0; i < CASES; i++) {
        size_t k = ks[(size_t)(draw(&r) * ARRAY_LEN(ks))];
        double p = shares[(size_t)(draw(&r) * ARRAY_LEN(shares))];

        printf("%zu %.17g", k, .05 + .9 * draw(&r));
        for (size_t e = 0; e < k; e++) {
            int64_t m = draw_size(&r, &sizes);
            double own = p > 0 && p < 1 ? draw_share(&r, p, .4) : p;

            printf(" %lld %lld", (long long)m, (long long)draw_binomial(&r, m, own));
        }
        printf("\n");
    }
    return 0;
}

struct answered {
    double rho;
    struct cluster c[EMPLOYERS_MAX];
    size_t k;
    int rarer; /* employers on the rarer side */
    double pooled[2], own[2];
};

static bool read_one(FILE *cases, FILE *answers, struct answered *ret)
{
    long long m, y;

    if (fscanf(cases, "%zu %lf", &ret->k, &ret->rho) != 2 || ret->k > EMPLOYERS_MAX)
        return false;
    for (size_t e = 0; e < ret->k; e++) {
        if (fscanf(cases, "%lld %lld", &m, &y) != 2)
            return false;
        ret->c[e] = (struct cluster){ m, y };
    }
    return fscanf(answers, "%d %lf %lf %lf %lf", &ret->rarer, &ret->pooled[0], &ret->pooled[1],
                  &ret->own[0], &ret->own[1])
           == 5;
}

/* Fewer than 20 employers on the rarer side: the same. From 20 on ours is never narrower, for what
 * is seen may look too small. The reference takes t by twentieths of a degree of freedom: of two
 * degrees that is a hundredth of the width. */
static void compare(const struct answered *a, int row, int *same, int *wider)
{
    struct interval v = share_interval(a->c, a->k, a->rho);
    const double *ref = a->rarer < OWN_VOICE ? a->pooled : a->own;
    const double tolerance = 5e-4 + (a->rarer < OWN_VOICE ? 0 : .015 * (ref[1] - ref[0]));
    bool equal = fabs(v.low - ref[0]) <= tolerance && fabs(v.high - ref[1]) <= tolerance;

    if (a->rarer < OWN_VOICE)
        CHECK_ROW(equal, row);
    else
        CHECK_ROW(v.low <= ref[0] + tolerance && v.high >= ref[1] - tolerance, row);
    *same += equal;
    *wider += !equal;
}

static int check(const char *path)
{
    static struct answered a;
    FILE *cases = fopen(path, "r");
    int n = 0, same = 0, wider = 0;

    while (cases && read_one(cases, stdin, &a))
        compare(&a, n++, &same, &wider);
    if (cases)
        fclose(cases);
    printf("%d cases: %d as the reference, %d wider\n", n, same, wider);
    CHECK(n == CASES && same > CASES / 2);
    return test_failures ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "draw") == 0)
        return draw_cases();
    return argc == 3 && strcmp(argv[1], "check") == 0 ? check(argv[2]) : 2;
}
