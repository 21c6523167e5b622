/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_text.h"

#define NUMBER_DIGITS 11
#define READINGS 3 /* as it is; %20; %2520, in an address in an address */

typedef enum { MARK_OTHER, MARK_DIGIT, MARK_SEPARATOR } mark_kind_t;

typedef struct {
    mark_kind_t kind;
    unsigned escapes; /* how many were undone to read it */
    size_t len;
} mark_t;


static int
mark_hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char) (c | 0x20);
    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


/* What the two hex digits at `at` stand for, or -1. */
static int
mark_hex(const char *text, size_t len, size_t at)
{
    int high;
    int low;

    if (len < 2 || at > len - 2) {
        return -1;
    }
    high = mark_hex_digit(text[at]);
    low = mark_hex_digit(text[at + 1]);
    return (high < 0 || low < 0) ? -1 : high << 4 | low;
}


static mark_kind_t
mark_kind(int byte)
{
    if (byte >= '0' && byte <= '9') {
        return MARK_DIGIT;
    }
    switch (byte) {
    case '.':
    case '-':
    case '/':
    case '+':
    case ' ':
        return MARK_SEPARATOR;
    default:
        return MARK_OTHER;
    }
}


/* The mark at `at`, with escapes undone as often as `level`. */
static mark_t
mark_read(const char *text, size_t len, size_t at, unsigned level)
{
    mark_t mark = { .len = 1 };
    int byte = (unsigned char) text[at];
    int value;

    /* %2520: the 25 is the % of the 20 */
    while (byte == '%' && mark.escapes < level) {
        value = mark_hex(text, len, at + mark.len);
        if (value < 0) {
            break;
        }
        byte = value;
        mark.len += 2;
        mark.escapes++;
    }
    mark.kind = mark_kind(byte);
    return mark;
}


/*
 * Where the eleventh digit of the stretch that starts at `at` ends, or 0
 * when there is no such stretch, or it goes on with a twelfth.
 */
static size_t
number_end(const char *text, size_t len, size_t at, unsigned level)
{
    mark_t mark;
    unsigned digits = 0;
    bool apart = false;

    while (at < len) {
        mark = mark_read(text, len, at, level);
        if (digits == NUMBER_DIGITS) {
            return (mark.kind == MARK_DIGIT) ? 0 : at;
        }
        if (mark.kind == MARK_OTHER || (mark.kind == MARK_SEPARATOR && apart)) {
            return 0;
        }
        apart = (mark.kind == MARK_SEPARATOR);
        digits += (mark.kind == MARK_DIGIT);
        at += mark.len;
    }
    return (digits == NUMBER_DIGITS) ? at : 0;
}


/* A digit becomes x; in an escape its two hex digits become those of x. */
static void
number_blank_digit(char *text, mark_t mark)
{
    if (mark.escapes == 0) {
        text[0] = 'x';
    } else {
        memcpy(text + mark.len - 2, "78", 2);
    }
}


/* One way to read the text: how often escapes are undone. */
typedef struct {
    unsigned level;
    size_t at;          /* where its next mark starts */
    size_t blank_until; /* end of the last stretch found */
    mark_t mark;        /* the one at `at` */
    bool in_run;        /* the one before was a digit */
} reading_t;


/* Reads the mark at `at`; returns 1 when a stretch starts there. */
static unsigned
reading_look(reading_t *reading, const char *text, size_t len)
{
    size_t end;

    reading->mark = mark_read(text, len, reading->at, reading->level);
    if (reading->mark.kind != MARK_DIGIT || reading->in_run) {
        return 0;
    }
    end = number_end(text, len, reading->at, reading->level);
    if (end > reading->blank_until) {
        reading->blank_until = end;
    }
    return end > 0;
}


static void
reading_step(reading_t *reading, char *text)
{
    reading->in_run = (reading->mark.kind == MARK_DIGIT);
    if (reading->in_run && reading->at < reading->blank_until) {
        number_blank_digit(text + reading->at, reading->mark);
    }
    reading->at += reading->mark.len;
}


/*
 * All readings go through the text together, and a digit goes only when all
 * have looked at what starts there: no stretch hides another, whether it
 * overlaps it or is seen by another reading.
 */
unsigned
dosis_text_blank_numbers(char *text, size_t len)
{
    reading_t readings[READINGS] = { 0 };
    unsigned count = 0;
    unsigned used;
    unsigned i;
    size_t at;

    if (len < NUMBER_DIGITS) {
        return 0;
    }
    used = (memchr(text, '%', len) == NULL) ? 1 : READINGS;

    for (at = 0; at < len; at++) {
        for (i = 0; i < used; i++) {
            readings[i].level = i;
            if (readings[i].at == at) {
                count += reading_look(&readings[i], text, len);
            }
        }
        for (i = 0; i < used; i++) {
            if (readings[i].at == at) {
                reading_step(&readings[i], text);
            }
        }
    }
    return count;
}
