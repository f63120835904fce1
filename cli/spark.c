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

struct str spark_bar(struct arena *a, double value, int width, bool blocks)
{
    static const char *const part[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
    CLEANUP(buf_release) struct buf b = { 0 };
    int eighths = isnan(value) ? 0 : (int)(fmin(fmax(value, 0), 1) * width * 8 + .5);

    for (int i = 0; i < (blocks ? eighths : eighths + 4) / 8; i++)
        buf_add(&b, str_of(blocks ? "█" : "#"));
    if (blocks)
        buf_add(&b, str_of(part[eighths % 8]));
    return buf_take(&b, a);
}
