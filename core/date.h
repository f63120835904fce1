#ifndef CORE_DATE_H
#define CORE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/*
 * Times are UTC seconds since 1970 (int64_t); 0 means "not stated" wherever a
 * posting's date is optional. A day is an Asia/Kolkata day, numbered since
 * 1970-01-01: India has kept +05:30 without daylight saving since 1945, so the
 * zone is a constant and needs no tz database.
 */
enum { DAY_SECONDS = 86400, IST_OFFSET = 19800, DATE_TEXT = 32 };

/*
 * ISO 8601 / RFC 3339: a date, or date and time with `T` or a space, seconds and
 * fraction optional, `Z`, `UTC`, `+05:30`, `+0530` or no zone (then UTC). The whole of s must
 * be the time. False when it is not one; years 1970 to 9999.
 */
bool date_parse_iso(struct str s, int64_t *ret);

/* RFC 822 / 9110 dates of feeds and headers: "Mon, 23 Nov 2026 21:00:00 GMT" (or +0530). */
bool date_parse_http(struct str s, int64_t *ret);

int64_t date_from_civil(int year, int month, int day); /* midnight UTC */
void date_to_civil(int64_t t, int *year, int *month, int *day);

void date_format_iso(int64_t t, char ret[DATE_TEXT]); /* 2026-11-23T21:54:00Z */

int64_t day_of(int64_t t);                         /* the Asia/Kolkata day in which t lies */
int64_t day_start(int64_t day);                    /* its first second */
void day_format(int64_t day, char ret[DATE_TEXT]); /* 2026-11-23 */
bool day_parse(struct str s, int64_t *ret);        /* "2026-11-23" */

#endif
