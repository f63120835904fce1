#include "core/nearest.h"

enum { WORD_MAX = 64 }; /* longer words are no typing errors of ours */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many insertions, removals, replacements and swaps of neighbours lead from a to b: optimal
 * string alignment with three rows, the one being filled and the two above it. */
static size_t edit_distance(struct str a, struct str b)
{
    size_t rows[3][WORD_MAX + 1];

    if (a.n > WORD_MAX || b.n > WORD_MAX)
        return a.n > b.n ? a.n : b.n;
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = rows[i % 3], *above = rows[(i - 1) % 3], *above2 = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            bool same = ascii_lower(a.p[i - 1]) == ascii_lower(b.p[j - 1]);

            now[j] = least(above[j - 1] + !same, least(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
                now[j] = least(now[j], above2[j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}

ptrdiff_t nearest_word(struct str typed, const struct str *words, size_t n)
{
    size_t best = (typed.n + 2) / 3;
    ptrdiff_t found = -1;

    for (size_t i = 0; i < n; i++) {
        size_t distance = edit_distance(typed, words[i]);

        if (distance < best || (distance == best && found < 0)) {
            best = distance;
            found = (ptrdiff_t)i;
        }
    }
    return found;
}
