#include "core/date.h"

#include <stdio.h>

/* Days from 1970-01-01 of a proleptic Gregorian date (H. Hinnant, "chrono-compatible low-level date
 * algorithms"). */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    int64_t era, yoe, doy, doe;

    y -= m <= 2;
    era = (y >= 0 ? y : y - 399) / 400;
    yoe = y - era * 400;
    doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t date_from_civil(int year, int month, int day)
{
    return days_from_civil(year, month, day) * DAY_SECONDS;
}

void date_to_civil(int64_t t, int *year, int *month, int *day)
{
    int64_t z = floor_div(t, DAY_SECONDS) + 719468, era = floor_div(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

static bool digits(struct str *s, size_t n, int *ret)
{
    int v = 0;

    if (s->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_digit(s->p[i]))
            return false;
        v = v * 10 + (s->p[i] - '0');
    }
    *s = str_from(*s, n);
    *ret = v;
    return true;
}

static bool byte(struct str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = str_from(*s, 1);
    return true;
}

static bool civil_ok(int y, int m, int d)
{
    static const int longest[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

    return y >= 1970 && m >= 1 && m <= 12 && d >= 1 && d <= longest[m - 1] + (m == 2 && leap);
}

/* "hh:mm", "hh:mm:ss", with a fraction that is dropped. */
static bool clock(struct str *s, int64_t *ret)
{
    int h, m, sec = 0;

    if (!digits(s, 2, &h) || !byte(s, ':') || !digits(s, 2, &m))
        return false;
    if (byte(s, ':') && !digits(s, 2, &sec))
        return false;
    if (byte(s, '.') || byte(s, ','))
        while (s->n && ascii_is_digit(s->p[0]))
            *s = str_from(*s, 1);
    if (h > 24 || m > 59 || sec > 60)
        return false;
    *ret = h * 3600 + m * 60 + sec;
    return true;
}

/* The offset east of UTC, in seconds. "" is UTC. */
static bool zone(struct str *s, int64_t *ret)
{
    int h, m = 0, sign;

    *ret = 0;
    *s = str_trim(*s);
    if (str_eq_fold(*s, STR("z")) || str_eq_fold(*s, STR("utc")) || str_eq_fold(*s, STR("gmt"))) {
        *s = str_from(*s, s->n);
        return true;
    }
    if (!s->n)
        return true;
    sign = s->p[0] == '-' ? -1 : 1;
    if (!byte(s, '+') && !byte(s, '-'))
        return false;
    if (!digits(s, 2, &h))
        return false;
    (void)byte(s, ':');
    if (s->n && !digits(s, 2, &m))
        return false;
    *ret = sign * ((int64_t)h * 3600 + (int64_t)m * 60);
    return h <= 14 && m <= 59;
}

bool date_parse_iso(struct str s, int64_t *ret)
{
    int y, m, d;
    int64_t time = 0, east = 0;

    s = str_trim(s);
    if (!digits(&s, 4, &y) || !byte(&s, '-') || !digits(&s, 2, &m) || !byte(&s, '-')
        || !digits(&s, 2, &d) || !civil_ok(y, m, d))
        return false;
    if (s.n && !byte(&s, 'T') && !byte(&s, 't') && !byte(&s, ' '))
        return false;
    if (s.n && (!clock(&s, &time) || !zone(&s, &east) || s.n))
        return false;
    *ret = date_from_civil(y, m, d) + time - east;
    return true;
}

static bool month_name(struct str *s, int *ret)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (int i = 0; i < 12 && s->n >= 3; i++)
        if (str_eq_fold(str_slice(*s, 0, 3), (struct str){ names + (size_t)i * 3, 3 })) {
            *ret = i + 1;
            *s = str_from(*s, 3);
            return true;
        }
    return false;
}

bool date_parse_http(struct str s, int64_t *ret)
{
    int64_t time = 0, east = 0;
    int y, m, d;
    ptrdiff_t comma = str_find(s, STR(","));

    s = str_trim(comma >= 0 ? str_from(s, (size_t)comma + 1) : s);
    if (!(s.n > 1 && ascii_is_digit(s.p[1]) ? digits(&s, 2, &d) : digits(&s, 1, &d)))
        return false;
    if (!byte(&s, ' ') && !byte(&s, '-'))
        return false;
    if (!month_name(&s, &m) || (!byte(&s, ' ') && !byte(&s, '-')) || !digits(&s, 4, &y)
        || !civil_ok(y, m, d))
        return false;
    s = str_trim(s);
    if (s.n && (!clock(&s, &time) || !zone(&s, &east) || s.n))
        return false;
    *ret = date_from_civil(y, m, d) + time - east;
    return true;
}

void date_format_iso(int64_t t, char ret[DATE_TEXT])
{
    int64_t clock_s = t - floor_div(t, DAY_SECONDS) * DAY_SECONDS;
    int y, m, d;

    date_to_civil(t, &y, &m, &d);
    snprintf(ret, DATE_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", y, m, d, (int)(clock_s / 3600),
             (int)(clock_s / 60 % 60), (int)(clock_s % 60));
}

int64_t day_of(int64_t t)
{
    return floor_div(t + IST_OFFSET, DAY_SECONDS);
}

int64_t day_start(int64_t day)
{
    return day * DAY_SECONDS - IST_OFFSET;
}

void day_format(int64_t day, char ret[DATE_TEXT])
{
    int y, m, d;

    date_to_civil(day * DAY_SECONDS, &y, &m, &d);
    snprintf(ret, DATE_TEXT, "%04d-%02d-%02d", y, m, d);
}

bool day_parse(struct str s, int64_t *ret)
{
    int64_t t;

    if (s.n != 10 || !date_parse_iso(s, &t))
        return false;
    *ret = t / DAY_SECONDS;
    return true;
}
