/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_time.h: moments. One unit: nanoseconds since 1970-01-01 UTC, signed.
 *
 * Layer      base
 * Threads    pure: no clock, no environment, no time zone database
 * Blocking   never
 * Memory     the caller's
 * Errors     false when the text is not a moment between 1900 and 2100
 *
 * Local time is Europe/Brussels: summer time by the EU rule from 1996 (last
 * Sunday of March and October, 01:00 UTC), a table for 1977-1995, and plain
 * UTC+1 before. An ambiguous hour is the earlier instant; an hour that does
 * not exist is refused (api.md 1).
 */

#ifndef DOSIS_BASE_DOSIS_TIME_H
#define DOSIS_BASE_DOSIS_TIME_H

#include "base/dosis_buf.h"

#define DOSIS_NS_PER_S   INT64_C(1000000000)
#define DOSIS_NS_PER_MS  INT64_C(1000000)

/* The first and last moment accepted: 1900-01-01, 2100-01-01 (exclusive). */
#define DOSIS_TIME_MIN   (INT64_C(-2208988800) * DOSIS_NS_PER_S)
#define DOSIS_TIME_MAX   (INT64_C(4102444800) * DOSIS_NS_PER_S)

/*
 * ISO 8601: `2021-08-05T13:27:02[.fraction 0-9 digits][Z|+02:00|+0200|+02]`
 * without zone = Brussels; seconds may lack; or a date alone = Brussels
 * midnight. `T` or one blank between.
 */
bool dosis_time_parse(dosis_slice_t text, int64_t *ret_ns);

/*
 * The array form [year, month, day, hour, minute, second, nano] as local
 * time: 3 to 7 numbers.
 */
bool dosis_time_from_parts(const int64_t *parts, size_t count,
    int64_t *ret_ns);

/* A date alone, `2026-12-15`; ret_day = days since 1970-01-01. */
bool dosis_date_parse(dosis_slice_t text, int32_t *ret_day);

/* Adds 2026-12-15. */
void dosis_date_add(dosis_buf_t *buf, int32_t day);

/* Adds 2021-08-05T11:27:02.123Z. */
void dosis_time_add_utc(dosis_buf_t *buf, int64_t ns);

/* As a JSON value: in quotes, or null for 0: that it has not come. */
void dosis_time_add_json(dosis_buf_t *buf, int64_t ns);

/* The same without a buffer: 24 bytes, no NUL; returns what is behind them. */
char *dosis_time_put_utc(char *to, int64_t ns);
#define DOSIS_TIME_TEXT 24

/* Adds Brussels time without offset, 2021-08-05T13:27:02.123. */
void dosis_time_add_local(dosis_buf_t *buf, int64_t ns);

/* Seconds to add to UTC for Brussels at that moment: 3600 or 7200. */
int dosis_time_brussels_offset(int64_t ns);

#endif
