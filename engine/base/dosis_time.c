/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_time.h"

#define SECONDS_PER_DAY INT64_C(86400)
#define MIN_SECONDS (DOSIS_TIME_MIN / DOSIS_NS_PER_S)
#define MAX_SECONDS (DOSIS_TIME_MAX / DOSIS_NS_PER_S)
#define WINTER_OFFSET 3600
#define SUMMER_OFFSET 7200
#define SWITCH_HOUR 1 /* UTC, at both ends of summer */
#define LAST_SUNDAY 0
#define OFFSET_MAX_MIN (14 * 60)
#define FRACTION_DIGITS 9
#define MS_PER_DAY (1000 * SECONDS_PER_DAY)
#define FIRST_DAY (-719528) /* 0000-01-01 */
#define LAST_DAY 2932896 /* 9999-12-31 */
#define TIME_TEXT (sizeof("2021-08-05T13:27:02.123") - 1)

/* A wall clock, wherever it hangs. */
typedef struct {
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int nano;
} civil_t;

typedef struct {
    int from_year;
    int start_month;
    int start_day; /* LAST_SUNDAY, or the day */
    int end_month;
    int end_day;
} summer_t;

/* Belgian summers, newest first; before the last row there are none. */
static const summer_t summers[] = {
    { 1996, 3, LAST_SUNDAY, 10, LAST_SUNDAY },
    { 1981, 3, LAST_SUNDAY, 9, LAST_SUNDAY },
    { 1980, 4, 6, 9, 28 },
    { 1979, 4, 1, 9, 30 },
    { 1978, 4, 2, 10, 1 },
    { 1977, 4, 3, 9, 25 },
};


static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}


/* Days since 1970-01-01 in the Gregorian calendar; a year starts in March. */
static int64_t
days_from_civil(int64_t year, int month, int day)
{
    int64_t era;
    int64_t year_of_era;
    int64_t day_of_year;

    year -= (month <= 2);
    era = floor_div(year, 400);
    year_of_era = year - era * 400;
    day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4
        - year_of_era / 100 + day_of_year - 719468;
}


/*
 * From year 0 to 9999, counted from March of the year -400: none is negative,
 * and 32 bits do. Once or more per row of every list.
 */
static void
civil_from_days(int64_t days, civil_t *ret_civil)
{
    uint32_t quarter = 4 * (uint32_t) (days + 719468 + 146097) + 3;
    uint32_t century = quarter / 146097;
    uint32_t day_of_century = quarter % 146097 / 4;
    uint32_t year = (4 * day_of_century + 3) / 1461;
    uint32_t day_of_year = (4 * day_of_century + 3) % 1461 / 4;
    uint32_t month = (5 * day_of_year + 2) / 153;

    ret_civil->day = (int) (day_of_year - (153 * month + 2) / 5 + 1);
    ret_civil->month = (int) (month < 10 ? month + 3 : month - 9);
    ret_civil->year = (int) (100 * century + year) - 400 + (month >= 10);
}


static int
days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
        31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}


/* When summer starts or ends; day LAST_SUNDAY: of a month of 30 or 31 days. */
static int64_t
switch_seconds(int year, int month, int day)
{
    int64_t days;

    if (day != LAST_SUNDAY) {
        days = days_from_civil(year, month, day);
    } else {
        days = days_from_civil(year, month, days_in_month(year, month));
        /* 1970-01-01 was a Thursday */
        days -= (days + 4) - floor_div(days + 4, 7) * 7;
    }
    return days * SECONDS_PER_DAY + SWITCH_HOUR * 3600;
}


static int
brussels_offset_at(int64_t seconds)
{
    civil_t civil;
    const summer_t *summer = NULL;
    size_t i;

    civil_from_days(floor_div(seconds, SECONDS_PER_DAY), &civil);
    for (i = 0; i < sizeof(summers) / sizeof(summers[0]); i++) {
        if (civil.year >= summers[i].from_year) {
            summer = &summers[i];
            break;
        }
    }

    if (summer == NULL
        || seconds
            < switch_seconds(civil.year, summer->start_month, summer->start_day)
        || seconds
            >= switch_seconds(civil.year, summer->end_month, summer->end_day)) {
        return WINTER_OFFSET;
    }
    return SUMMER_OFFSET;
}


int
dosis_time_brussels_offset(int64_t ns)
{
    return brussels_offset_at(floor_div(ns, DOSIS_NS_PER_S));
}


static bool
civil_valid(const civil_t *civil)
{
    return civil->year >= 1 && civil->month >= 1 && civil->month <= 12
        && civil->day >= 1
        && civil->day <= days_in_month(civil->year, civil->month)
        && civil->hour <= 23 && civil->minute <= 59 && civil->second <= 59;
}


/* As if the clock hung in Greenwich. */
static int64_t
civil_seconds(const civil_t *civil)
{
    return days_from_civil(civil->year, civil->month, civil->day)
        * SECONDS_PER_DAY
        + civil->hour * 3600 + civil->minute * 60 + civil->second;
}


static bool
moment_of(int64_t seconds, int nano, int64_t *ret_ns)
{
    if (seconds < MIN_SECONDS || seconds >= MAX_SECONDS) {
        return false;
    }
    *ret_ns = seconds * DOSIS_NS_PER_S + nano;
    return true;
}


/* Summer is tried first: of an hour that comes twice it is the earlier. */
static bool
moment_of_local(const civil_t *civil, int64_t *ret_ns)
{
    int64_t local = civil_seconds(civil);

    if (brussels_offset_at(local - SUMMER_OFFSET) == SUMMER_OFFSET) {
        return moment_of(local - SUMMER_OFFSET, civil->nano, ret_ns);
    }
    if (brussels_offset_at(local - WINTER_OFFSET) == WINTER_OFFSET) {
        return moment_of(local - WINTER_OFFSET, civil->nano, ret_ns);
    }
    return false;
}


/* Takes `count` digits from the front; false leaves text alone. */
static bool
take_digits(dosis_slice_t *text, size_t count, int *ret_value)
{
    int value = 0;
    size_t i;

    if (text->len < count) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (text->data[i] < '0' || text->data[i] > '9') {
            return false;
        }
        value = value * 10 + (text->data[i] - '0');
    }
    text->data += count;
    text->len -= count;
    *ret_value = value;
    return true;
}


static bool
take_byte(dosis_slice_t *text, char byte)
{
    if (text->len == 0 || text->data[0] != byte) {
        return false;
    }
    text->data++;
    text->len--;
    return true;
}


static bool
take_one_of(dosis_slice_t *text, const char *bytes)
{
    for (; *bytes != '\0'; bytes++) {
        if (take_byte(text, *bytes)) {
            return true;
        }
    }
    return false;
}


static bool
take_date(dosis_slice_t *text, civil_t *civil)
{
    return take_digits(text, 4, &civil->year) && take_byte(text, '-')
        && take_digits(text, 2, &civil->month) && take_byte(text, '-')
        && take_digits(text, 2, &civil->day);
}


/* What may stand behind the point: 1 to 9 digits. */
static bool
take_fraction(dosis_slice_t *text, int *ret_nano)
{
    int nano = 0;
    int digit;
    int count = 0;

    while (count < FRACTION_DIGITS && take_digits(text, 1, &digit)) {
        nano = nano * 10 + digit;
        count++;
    }
    if (count == 0) {
        return false;
    }
    for (; count < FRACTION_DIGITS; count++) {
        nano *= 10;
    }
    *ret_nano = nano;
    return true;
}


/* hh:mm[:ss[.fraction]] */
static bool
take_clock(dosis_slice_t *text, civil_t *civil)
{
    if (!take_digits(text, 2, &civil->hour) || !take_byte(text, ':')
        || !take_digits(text, 2, &civil->minute)) {
        return false;
    }
    if (!take_byte(text, ':')) {
        return true;
    }
    if (!take_digits(text, 2, &civil->second)) {
        return false;
    }
    return !take_byte(text, '.') || take_fraction(text, &civil->nano);
}


/* Z, +02:00, +0200 or +02; at most 14 hours either way. */
static bool
take_offset(dosis_slice_t *text, int *ret_seconds)
{
    int sign;
    int hours;
    int minutes = 0;

    if (take_one_of(text, "Zz")) {
        *ret_seconds = 0;
        return true;
    }

    sign = take_byte(text, '+') ? 1 : -1;
    if (sign < 0 && !take_byte(text, '-')) {
        return false;
    }
    if (!take_digits(text, 2, &hours)) {
        return false;
    }
    if ((take_byte(text, ':') || text->len > 0)
        && !take_digits(text, 2, &minutes)) {
        return false;
    }
    if (minutes > 59 || hours * 60 + minutes > OFFSET_MAX_MIN) {
        return false;
    }
    *ret_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}


bool
dosis_time_parse(dosis_slice_t text, int64_t *ret_ns)
{
    civil_t civil = { 0 };
    int offset;

    if (!take_date(&text, &civil)) {
        return false;
    }
    if (text.len > 0
        && (!take_one_of(&text, "Tt ") || !take_clock(&text, &civil))) {
        return false;
    }
    if (!civil_valid(&civil)) {
        return false;
    }
    if (text.len == 0) {
        return moment_of_local(&civil, ret_ns);
    }
    if (!take_offset(&text, &offset) || text.len > 0) {
        return false;
    }
    return moment_of(civil_seconds(&civil) - offset, civil.nano, ret_ns);
}


bool
dosis_time_from_parts(const int64_t *parts, size_t count, int64_t *ret_ns)
{
    /* what the longest month, day and so on can hold; the rest is checked */
    static const int64_t ceilings[] = { 9999, 12, 31, 23, 59, 59, 999999999 };
    civil_t civil;
    int value[7] = { 0 };
    size_t i;

    if (count < 3 || count > sizeof(ceilings) / sizeof(ceilings[0])) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (parts[i] < 0 || parts[i] > ceilings[i]) {
            return false;
        }
        value[i] = (int) parts[i];
    }

    civil = (civil_t){ value[0], value[1], value[2], value[3], value[4],
        value[5], value[6] };
    return civil_valid(&civil) && moment_of_local(&civil, ret_ns);
}


bool
dosis_date_parse(dosis_slice_t text, int32_t *ret_day)
{
    civil_t civil = { 0 };
    int64_t day;

    if (!take_date(&text, &civil) || text.len > 0 || !civil_valid(&civil)) {
        return false;
    }
    day = days_from_civil(civil.year, civil.month, civil.day);
    if (day < MIN_SECONDS / SECONDS_PER_DAY
        || day >= MAX_SECONDS / SECONDS_PER_DAY) {
        return false;
    }
    *ret_day = (int32_t) day;
    return true;
}


/* value: 0 to 99. */
static inline void
put_two(char *to, unsigned value)
{
    static const char digits[] =
        "0001020304050607080910111213141516171819"
        "2021222324252627282930313233343536373839"
        "4041424344454647484950515253545556575859"
        "6061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";

    memcpy(to, digits + 2 * value, 2);
}


/* 2026-12-15 */
static void
put_date(char *to, const civil_t *civil)
{
    put_two(to, (unsigned) civil->year / 100);
    put_two(to + 2, (unsigned) civil->year % 100);
    to[4] = '-';
    put_two(to + 5, (unsigned) civil->month);
    to[7] = '-';
    put_two(to + 8, (unsigned) civil->day);
}


void
dosis_date_add(dosis_buf_t *buf, int32_t day)
{
    char text[sizeof("2026-12-15") - 1];
    civil_t civil;

    if (day < FIRST_DAY || day > LAST_DAY) {
        if (buf->rc == DOSIS_OK) {
            buf->rc = DOSIS_EFORMAT;
        }
        return;
    }
    civil_from_days(day, &civil);
    put_date(text, &civil);
    dosis_buf_add(buf, text, sizeof(text));
}


/* 2021-08-05T13:27:02.123: what a clock shows that is `offset` ahead. */
static void
put_time(char *to, int64_t ns, int offset)
{
    civil_t civil;
    int64_t ms = floor_div(ns, DOSIS_NS_PER_MS) + offset * INT64_C(1000);
    int64_t days = floor_div(ms, MS_PER_DAY);
    unsigned rest = (unsigned) (ms - days * MS_PER_DAY);
    unsigned seconds = rest / 1000;

    civil_from_days(days, &civil);
    put_date(to, &civil);
    to[10] = 'T';
    put_two(to + 11, seconds / 3600);
    to[13] = ':';
    put_two(to + 14, seconds / 60 % 60);
    to[16] = ':';
    put_two(to + 17, seconds % 60);
    to[19] = '.';
    rest %= 1000;
    to[20] = (char) ('0' + rest / 100);
    put_two(to + 21, rest % 100);
}


char *
dosis_time_put_utc(char *to, int64_t ns)
{
    put_time(to, ns, 0);
    to[TIME_TEXT] = 'Z';
    return to + DOSIS_TIME_TEXT;
}


void
dosis_time_add_utc(dosis_buf_t *buf, int64_t ns)
{
    char *to = dosis_buf_grow(buf, DOSIS_TIME_TEXT);

    if (to != NULL) {
        (void) dosis_time_put_utc(to, ns);
    }
}


void
dosis_time_add_json(dosis_buf_t *buf, int64_t ns)
{
    if (ns == 0) {
        DOSIS_BUF_LIT(buf, "null");
        return;
    }
    dosis_buf_add_byte(buf, '"');
    dosis_time_add_utc(buf, ns);
    dosis_buf_add_byte(buf, '"');
}


void
dosis_time_add_local(dosis_buf_t *buf, int64_t ns)
{
    char *to = dosis_buf_grow(buf, TIME_TEXT);

    if (to != NULL) {
        put_time(to, ns, dosis_time_brussels_offset(ns));
    }
}
