/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_time.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

typedef struct {
    const char *text;
    const char *utc; /* NULL: refused */
} row_t;


static const char *
utc_of(dosis_buf_t *buf, int64_t ns)
{
    dosis_buf_reset(buf);
    dosis_time_add_utc(buf, ns);
    dosis_buf_add_byte(buf, '\0');
    return buf->data;
}


static void
check_rows(const row_t *rows, size_t count)
{
    dosis_buf_t buf;
    char fact[80];
    size_t i;
    int64_t ns;
    bool valid;

    dosis_buf_init(&buf, 100);
    for (i = 0; i < count; i++) {
        ns = -1;
        valid = dosis_time_parse(dosis_slice_of(rows[i].text), &ns);
        snprintf(fact, sizeof(fact), "'%s' is %s", rows[i].text,
            rows[i].utc == NULL ? "refused" : rows[i].utc);
        if (rows[i].utc == NULL) {
            CHECK(!valid && ns == -1, fact);
        } else {
            CHECK(valid && strcmp(utc_of(&buf, ns), rows[i].utc) == 0, fact);
        }
    }
    dosis_buf_done(&buf);
}


static void
check_forms(void)
{
    static const row_t rows[] = {
        { "2021-08-05T13:27:02", "2021-08-05T11:27:02.000Z" },
        { "2021-08-05t13:27:02", "2021-08-05T11:27:02.000Z" },
        { "2021-08-05 13:27:02", "2021-08-05T11:27:02.000Z" },
        { "2021-08-05T13:27", "2021-08-05T11:27:00.000Z" },
        { "2021-08-05", "2021-08-04T22:00:00.000Z" },
        { "2021-01-05", "2021-01-04T23:00:00.000Z" },
        { "2021-08-05T13:27:02Z", "2021-08-05T13:27:02.000Z" },
        { "2021-08-05t13:27:02z", "2021-08-05T13:27:02.000Z" },
        { "2021-08-05T13:27Z", "2021-08-05T13:27:00.000Z" },
        { "2021-08-05T13:27:02+02:00", "2021-08-05T11:27:02.000Z" },
        { "2021-08-05T13:27:02+0200", "2021-08-05T11:27:02.000Z" },
        { "2021-08-05T13:27:02+02", "2021-08-05T11:27:02.000Z" },
        { "2021-08-05T13:27:02-05:30", "2021-08-05T18:57:02.000Z" },
        { "2021-08-05T13:27:02-00:00", "2021-08-05T13:27:02.000Z" },
        { "2021-08-05T13:27:02+14:00", "2021-08-04T23:27:02.000Z" },
        { "2021-08-05T13:27:02-14:00", "2021-08-06T03:27:02.000Z" },
        { "2021-08-05T13:27:02.1", "2021-08-05T11:27:02.100Z" },
        { "2026-11-20T11:16:50.52", "2026-11-20T10:16:50.520Z" },
        { "2021-08-05T13:27:02.123456789Z", "2021-08-05T13:27:02.123Z" },
        { "2021-08-05T13:27:02.999999999Z", "2021-08-05T13:27:02.999Z" },
        { "2021-08-05T13:27:02.123+02:00", "2021-08-05T11:27:02.123Z" },
        { "2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z" },
        { "2000-02-29T12:00:00Z", "2000-02-29T12:00:00.000Z" },
        { "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z" },
        { "1900-01-01T00:00:00Z", "1900-01-01T00:00:00.000Z" },
        { "2099-12-31T23:59:59.999999999Z", "2099-12-31T23:59:59.999Z" },
        { "2100-01-01T00:59:59", "2099-12-31T23:59:59.000Z" },
    };

    check_rows(rows, ROWS(rows));
}


static void
check_refused_dates(void)
{
    static const row_t rows[] = {
        { "", NULL },
        { "gisteren", NULL },
        { "2021", NULL },
        { "2021-08", NULL },
        { "2021-8-05", NULL },
        { "2021-08-5", NULL },
        { "20210805", NULL },
        { "05-08-2021", NULL },
        { "05/08/2021", NULL },
        { "2021-00-05", NULL },
        { "2021-13-05", NULL },
        { "2021-08-00", NULL },
        { "2021-08-32", NULL },
        { "2021-04-31", NULL },
        { "2021-02-29", NULL },
        { "1900-02-29", NULL },
        { "2021-08-05Z", NULL },
        { "2021-08-05x", NULL },
        { "2021-08-05T", NULL },
        { "2021-08-05 ", NULL },
        { " 2021-08-05", NULL },
        { "+2021-08-05", NULL },
        { "-021-08-05", NULL },
    };

    check_rows(rows, ROWS(rows));
}


static void
check_refused_moments(void)
{
    static const row_t rows[] = {
        { "2021-08-05T13", NULL },
        { "2021-08-05T13:", NULL },
        { "2021-08-05T1327", NULL },
        { "2021-08-05  13:27:02", NULL },
        { "2021-08-05T24:00:00", NULL },
        { "2021-08-05T25:00:00", NULL },
        { "2021-08-05T13:60:00", NULL },
        { "2021-08-05T13:27:60", NULL },
        { "2016-12-31T23:59:60Z", NULL },
        { "2021-08-05T13:27:", NULL },
        { "2021-08-05T13:27:2", NULL },
        { "2021-08-05T13:27:02.", NULL },
        { "2021-08-05T13:27:02.Z", NULL },
        { "2021-08-05T13:27:02,5", NULL },
        { "2021-08-05T13:27:02.1234567890", NULL },
        { "2021-08-05T13:27:02.12x", NULL },
        { "2021-08-05T13:27.5", NULL },
        { "2021-08-05T13:27:02ZZ", NULL },
        { "2021-08-05T13:27:02Z ", NULL },
        { "2021-08-05T13:27:02 Z", NULL },
        { "2021-08-05T13:27:02+", NULL },
        { "2021-08-05T13:27:02+2", NULL },
        { "2021-08-05T13:27:02+02:", NULL },
        { "2021-08-05T13:27:02+02:0", NULL },
        { "2021-08-05T13:27:02+020", NULL },
        { "2021-08-05T13:27:02+02:000", NULL },
        { "2021-08-05T13:27:02+02:60", NULL },
        { "2021-08-05T13:27:02+14:01", NULL },
        { "2021-08-05T13:27:02-15:00", NULL },
        { "2021-08-05T13:27:02+-2:00", NULL },
        { "2021-08-05T-1:27:02", NULL },
        { "1899-12-31T23:59:59.999Z", NULL },
        { "1900-01-01T00:30:00+01:00", NULL },
        { "2100-01-01T00:00:00Z", NULL },
        { "2100-01-01T01:00:00", NULL },
        { "0000-01-01T00:00:00Z", NULL },
        { "9999-12-31T23:59:59Z", NULL },
    };
    int64_t ns;

    check_rows(rows, ROWS(rows));
    CHECK(!dosis_time_parse(dosis_slice("2021-08-05\0", 11), &ns),
        "a NUL behind a date is refused");
    CHECK(!dosis_time_parse(dosis_slice(NULL, 0), &ns),
        "an absent text is refused");
    CHECK(dosis_time_parse(dosis_slice("2021-08-05T13", 10), &ns),
        "nothing is read past the length");
}


static void
check_summers(void)
{
    static const row_t rows[] = {
        /* the hour that does not exist, and its neighbours */
        { "2021-03-28T01:59:59.999", "2021-03-28T00:59:59.999Z" },
        { "2021-03-28T02:00:00", NULL },
        { "2021-03-28T02:59:59.999", NULL },
        { "2021-03-28T03:00:00", "2021-03-28T01:00:00.000Z" },
        /* the hour that comes twice is the earlier one */
        { "2021-10-31T01:59:59", "2021-10-30T23:59:59.000Z" },
        { "2021-10-31T02:00:00", "2021-10-31T00:00:00.000Z" },
        { "2021-10-31T02:59:59", "2021-10-31T00:59:59.000Z" },
        { "2021-10-31T03:00:00", "2021-10-31T02:00:00.000Z" },
        /* before 1977 no summer */
        { "1976-07-01T12:00:00", "1976-07-01T11:00:00.000Z" },
        { "1950-07-01T12:00:00", "1950-07-01T11:00:00.000Z" },
        { "1977-04-03T02:30:00", NULL },
        { "1977-04-03T03:00:00", "1977-04-03T01:00:00.000Z" },
        { "1977-09-25T02:30:00", "1977-09-25T00:30:00.000Z" },
        { "1977-09-25T03:00:00", "1977-09-25T02:00:00.000Z" },
        { "1978-04-02T02:30:00", NULL },
        { "1978-09-30T12:00:00", "1978-09-30T10:00:00.000Z" },
        { "1978-10-01T12:00:00", "1978-10-01T11:00:00.000Z" },
        { "1979-04-01T02:30:00", NULL },
        { "1979-09-30T12:00:00", "1979-09-30T11:00:00.000Z" },
        { "1980-03-30T02:30:00", "1980-03-30T01:30:00.000Z" },
        { "1980-04-06T02:30:00", NULL },
        { "1980-09-28T12:00:00", "1980-09-28T11:00:00.000Z" },
        { "1981-03-29T02:30:00", NULL },
        { "1995-09-24T12:00:00", "1995-09-24T11:00:00.000Z" },
        { "1995-10-01T12:00:00", "1995-10-01T11:00:00.000Z" },
        /* October from 1996 */
        { "1996-10-01T12:00:00", "1996-10-01T10:00:00.000Z" },
        { "1996-10-27T12:00:00", "1996-10-27T11:00:00.000Z" },
        { "2099-07-01T12:00:00", "2099-07-01T10:00:00.000Z" },
    };

    check_rows(rows, ROWS(rows));
}


static void
check_parts(void)
{
    static const struct {
        int64_t parts[7];
        size_t count;
        const char *utc;
    } rows[] = {
        { { 2021, 8, 5, 13, 27, 2, 123456000 }, 7, "2021-08-05T11:27:02.123Z" },
        { { 2021, 8, 5, 13, 27, 2 }, 6, "2021-08-05T11:27:02.000Z" },
        { { 2021, 8, 5, 13, 27 }, 5, "2021-08-05T11:27:00.000Z" },
        { { 2021, 8, 5, 13 }, 4, "2021-08-05T11:00:00.000Z" },
        { { 2021, 8, 5 }, 3, "2021-08-04T22:00:00.000Z" },
        { { 2021, 8 }, 2, NULL },
        { { 2021, 8, 5 }, 0, NULL },
        { { 2021, 8, 5 }, 8, NULL },
        { { 2021, 2, 29 }, 3, NULL },
        { { 2021, 0, 5 }, 3, NULL },
        { { 2021, 8, 0 }, 3, NULL },
        { { 0, 8, 5 }, 3, NULL },
        { { 2021, 8, 5, 24, 0 }, 5, NULL },
        { { 2021, 8, 5, 13, 60 }, 5, NULL },
        { { 2021, 8, 5, 13, 27, 60 }, 6, NULL },
        { { 2021, 8, 5, 13, 27, 2, 1000000000 }, 7, NULL },
        { { 2021, 8, 5, 13, 27, 2, -1 }, 7, NULL },
        { { 2021, 8, 5, -1 }, 4, NULL },
        { { INT64_MAX, 8, 5 }, 3, NULL },
        { { 2021, INT64_MIN, 5 }, 3, NULL },
        { { 2021, 8, INT64_C(4294967301) }, 3, NULL },
        { { 2021, 3, 28, 2, 30 }, 5, NULL },
        { { 2021, 10, 31, 2, 30 }, 5, "2021-10-31T00:30:00.000Z" },
        { { 2100, 6, 1 }, 3, NULL },
    };
    dosis_buf_t buf;
    char fact[80];
    int64_t ns;
    size_t i;
    bool valid;

    dosis_buf_init(&buf, 100);
    for (i = 0; i < ROWS(rows); i++) {
        ns = -1;
        valid = dosis_time_from_parts(rows[i].parts, rows[i].count, &ns);
        snprintf(fact, sizeof(fact), "row %zu of the array form is %s", i,
            rows[i].utc == NULL ? "refused" : rows[i].utc);
        if (rows[i].utc == NULL) {
            CHECK(!valid && ns == -1, fact);
        } else {
            CHECK(valid && strcmp(utc_of(&buf, ns), rows[i].utc) == 0, fact);
        }
    }
    CHECK(dosis_time_from_parts(rows[0].parts, 7, &ns)
            && ns % DOSIS_NS_PER_S == 123456000,
        "nanoseconds are kept");
    CHECK(dosis_time_parse(DOSIS_SLICE("2021-08-05T13:27:02.123456789"), &ns)
            && ns % DOSIS_NS_PER_S == 123456789,
        "a fraction of nine digits is kept");
    dosis_buf_done(&buf);
}


static void
check_dates(void)
{
    static const struct {
        const char *text;
        int32_t day;
        bool valid;
    } rows[] = {
        { "1970-01-01", 0, true },
        { "1969-12-31", -1, true },
        { "2026-12-15", 20802, true },
        { "2024-02-29", 19782, true },
        { "1900-01-01", -25567, true },
        { "2099-12-31", 47481, true },
        { "2100-01-01", 0, false },
        { "1899-12-31", 0, false },
        { "2023-02-29", 0, false },
        { "2026-12-15T00:00:00", 0, false },
        { "2026-12-15 ", 0, false },
        { "2026-1-15", 0, false },
        { "15-12-2026", 0, false },
        { "", 0, false },
    };
    dosis_buf_t buf;
    char fact[80];
    int32_t day;
    size_t i;

    dosis_buf_init(&buf, 100);
    for (i = 0; i < ROWS(rows); i++) {
        snprintf(fact, sizeof(fact), "the date '%s' is %s", rows[i].text,
            rows[i].valid ? "read" : "refused");
        CHECK(dosis_date_parse(dosis_slice_of(rows[i].text), &day)
                == rows[i].valid,
            fact);
        if (rows[i].valid) {
            dosis_buf_reset(&buf);
            dosis_date_add(&buf, day);
            CHECK(day == rows[i].day
                    && dosis_slice_eq(
                        dosis_buf_slice(&buf), dosis_slice_of(rows[i].text)),
                "it is the right day, and comes back");
        }
    }

    dosis_buf_reset(&buf);
    dosis_date_add(&buf, INT32_MAX);
    CHECK(buf.rc == DOSIS_EFORMAT && buf.len == 0,
        "a day whose year has no four digits is an error");
    dosis_buf_done(&buf);
}


/* Each day of two centuries follows the one before. */
static void
check_calendar(void)
{
    dosis_buf_t buf;
    int32_t day;
    int32_t back;
    unsigned right = 0;

    dosis_buf_init(&buf, 100);
    for (day = -25567; day <= 47481; day++) {
        dosis_buf_reset(&buf);
        dosis_date_add(&buf, day);
        right += dosis_date_parse(dosis_buf_slice(&buf), &back) && back == day;
    }
    CHECK(right == 47481 + 25567 + 1, "every day comes back as itself");
    dosis_buf_done(&buf);
}


static void
check_local(void)
{
    static const struct {
        const char *utc;
        const char *local;
        int offset;
    } rows[] = {
        { "2021-08-05T11:27:02.123Z", "2021-08-05T13:27:02.123", 7200 },
        { "2021-12-31T23:30:00Z", "2022-01-01T00:30:00.000", 3600 },
        { "2021-03-28T00:59:59.999999999Z", "2021-03-28T01:59:59.999", 3600 },
        { "2021-03-28T01:00:00Z", "2021-03-28T03:00:00.000", 7200 },
        { "2021-10-31T00:59:59Z", "2021-10-31T02:59:59.000", 7200 },
        { "2021-10-31T01:00:00Z", "2021-10-31T02:00:00.000", 3600 },
        { "1969-12-31T23:00:00Z", "1970-01-01T00:00:00.000", 3600 },
        { "1960-07-01T10:00:00.001Z", "1960-07-01T11:00:00.001", 3600 },
    };
    dosis_buf_t buf;
    int64_t ns;
    size_t i;

    dosis_buf_init(&buf, 100);
    for (i = 0; i < ROWS(rows); i++) {
        dosis_buf_reset(&buf);
        CHECK(dosis_time_parse(dosis_slice_of(rows[i].utc), &ns)
                && dosis_time_brussels_offset(ns) == rows[i].offset,
            "the offset is right");
        dosis_time_add_local(&buf, ns);
        CHECK(dosis_slice_eq(
                  dosis_buf_slice(&buf), dosis_slice_of(rows[i].local)),
            rows[i].local);
    }

    dosis_buf_reset(&buf);
    dosis_time_add_utc(&buf, -1);
    CHECK(dosis_slice_eq(
              dosis_buf_slice(&buf), DOSIS_SLICE("1969-12-31T23:59:59.999Z")),
        "a nanosecond before 1970 is in 1969");
    dosis_buf_reset(&buf);
    dosis_time_add_utc(&buf, INT64_MIN);
    dosis_time_add_local(&buf, INT64_MAX);
    CHECK(dosis_slice_eq(dosis_buf_slice(&buf),
              DOSIS_SLICE("1677-09-21T00:12:43.145Z"
                          "2262-04-12T01:47:16.854")),
        "the ends of the range are written without harm");
    dosis_buf_reset(&buf);
    dosis_time_add_json(&buf, 0);
    dosis_time_add_json(&buf, 1000000);
    CHECK(dosis_slice_eq(dosis_buf_slice(&buf),
              DOSIS_SLICE("null\"1970-01-01T00:00:00.001Z\"")),
        "as JSON in quotes, and null for none");
    dosis_buf_done(&buf);
}


/* Local text of a moment is that moment, or in the second hour the first. */
static void
check_round_trip(void)
{
    dosis_buf_t buf;
    int64_t at;
    int64_t back;
    unsigned wrong = 0;
    unsigned twice = 0;

    dosis_buf_init(&buf, 100);
    for (at = DOSIS_TIME_MIN + 3600 * DOSIS_NS_PER_S; at < DOSIS_TIME_MAX;
         at += 1799 * DOSIS_NS_PER_S) {
        dosis_buf_reset(&buf);
        dosis_time_add_local(&buf, at);
        if (!dosis_time_parse(dosis_buf_slice(&buf), &back)) {
            wrong++;
        } else if (back == at - 3600 * DOSIS_NS_PER_S) {
            twice++;
        } else {
            wrong += back != at;
        }
    }
    CHECK(wrong == 0, "every local time we write is read back");
    /* one hour in each of 123 autumns, tried about every half hour */
    CHECK(twice >= 123 * 2 && twice <= 123 * 3,
        "only in the hour that comes twice as the earlier instant");
    dosis_buf_done(&buf);
}


int
main(void)
{
    check_forms();
    check_refused_dates();
    check_refused_moments();
    check_summers();
    check_parts();
    check_dates();
    check_calendar();
    check_local();
    check_round_trip();

    return tap_done();
}
