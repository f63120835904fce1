#include "cli/spark.h"

#include <langinfo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/cleanup.h"

enum { LEVELS = 8 };

bool spark_blocks(void)
{
    const char *term = getenv("TERM");

    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && !(term && strcmp(term, "dumb") == 0);
}

struct str spark_line(struct arena *a, const double *values, size_t n, bool blocks)
{
    static const char *const block[LEVELS] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    static const char *const digit[LEVELS] = { "0", "1", "2", "3", "4", "5", "6", "7" };
    CLEANUP(buf_release) struct buf b = { 0 };
    double low = INFINITY, high = -INFINITY;

    for (size_t i = 0; i < n; i++) {
        low = fmin(low, values[i]); /* both leave a NaN out */
        high = fmax(high, values[i]);
    }
    for (size_t i = 0; i < n; i++) {
        double at = high > low ? (values[i] - low) / (high - low) : .5;
        int level = isnan(values[i]) ? 0 : (int)(at * (LEVELS - 1) + .5);

        if (isnan(values[i]))
            buf_add(&b, STR("."));
        else
            buf_add(&b, str_of(blocks ? block[level] : digit[level]));
    }
    return buf_take(&b, a);
}
