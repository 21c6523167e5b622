/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One record of a CSV text: its fields, and where the next one begins; and all
 * of them, of a text that comes in pieces.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/tap.h"
#include "base/dosis_csv.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static char fields[256]; /* each with a bar behind it */
static size_t fields_len;


static void
on_field(dosis_slice_t field, void *payload)
{
    (void) payload;
    fields_len +=
        (size_t) snprintf(fields + fields_len, sizeof(fields) - fields_len,
            "%.*s|", (int) field.len, field.len == 0 ? "" : field.data);
}


static dosis_rc_t
read_record(char separator, dosis_slice_t text, size_t *ret_used)
{
    dosis_csv_t csv = { .separator = separator, .on_field = on_field };

    fields_len = 0;
    fields[0] = '\0';
    return dosis_csv_record(&csv, text, ret_used);
}


static void
check_records(void)
{
    static const struct {
        char separator;
        const char *text;
        const char *fields;
        size_t used;
    } rows[] = {
        { ';', "a;b;c", "a|b|c|", 5 },
        { ';', "a;b\nc;d", "a|b|", 4 },
        { ';', "a;b\r\nc;d", "a|b|", 5 },
        { ';', "a;b\rc;d", "a|b|", 4 },
        { ';', "a;b\n", "a|b|", 4 },
        { ';', "\n\r\na;b\n", "a|b|", 7 },
        { ',', "a;b,c", "a;b|c|", 5 },
        { '\t', "a\tb\t\tc", "a|b||c|", 6 },
        { '\t', "a \t b\n", "a|b|", 6 },
        { ';', "\"a;b\";\"c\"\"d\"", "a;b|c\"d|", 12 },
        { ';', "\"a\nb\";c\nd", "a\nb|c|", 8 },
        { ';', ";", "||", 1 },
        { ';', "a;", "a||", 2 },
        { ';', " a ; b ", "a|b|", 7 },
        { ';', "\" a \"", " a |", 5 },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        size_t used = 0;
        char fact[32];
        dosis_rc_t rc =
            read_record(rows[i].separator, dosis_slice_of(rows[i].text), &used);

        (void) snprintf(fact, sizeof(fact), "record %zu", i + 1);
        if (!CHECK(rc == DOSIS_OK && strcmp(fields, rows[i].fields) == 0
                    && used == rows[i].used,
                fact)) {
            printf("# %s, %s, used %zu\n", dosis_rc_name(rc), fields, used);
        }
    }
}


static void
check_wrong(void)
{
    static const struct {
        const char *text;
        dosis_rc_t rc;
        const char *fact;
    } rows[] = {
        { "", DOSIS_ENOTFOUND, "nothing is no record" },
        { "\r\n\n", DOSIS_ENOTFOUND, "nor are empty lines" },
        { "a;\"b", DOSIS_EFORMAT, "a quote that never closes" },
        { "a;b\"c", DOSIS_EFORMAT, "a quote inside a bare field" },
        { "\"a\"b;c", DOSIS_EFORMAT, "text behind a closing quote" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        size_t used = 0;

        CHECK(
            read_record(';', dosis_slice_of(rows[i].text), &used) == rows[i].rc,
            rows[i].fact);
    }
}


/* --- a text that comes in pieces ------------------------------------------ */

#define ROW_MAX 24
#define FIELDS_MAX 4

static char rows_said[65536];
static size_t rows_len;


static void
say(const char *format, dosis_slice_t text)
{
    rows_len +=
        (size_t) snprintf(rows_said + rows_len, sizeof(rows_said) - rows_len,
            format, (int) text.len, text.len == 0 ? "" : text.data);
}


/* LINE-LINE_AFTER BEGIN-END FAULT FIELDS/FILLED field|field| <text> */
static dosis_rc_t
on_row(const dosis_csv_row_t *row, void *payload)
{
    size_t given = row->fields < FIELDS_MAX ? row->fields : FIELDS_MAX;

    (void) payload;
    rows_len +=
        (size_t) snprintf(rows_said + rows_len, sizeof(rows_said) - rows_len,
            "%" PRIu64 "-%" PRIu64 " %" PRIu64 "-%" PRIu64 " %c %zu/%zu ",
            row->line, row->line_after, row->begin, row->end,
            "FQOL"[row->fault], row -> fields, row -> filled);
    for (size_t i = 0; i < given; i++) {
        say("%.*s|", row->field[i]);
    }
    say(" <%.*s>\n", row->text);
    return DOSIS_OK;
}


/* In pieces of that many bytes; 0: of as many as chance says. */
static const char *
read_rows(dosis_slice_t text, size_t piece, unsigned *chance)
{
    const dosis_csv_options_t options = {
        .separator = ';',
        .row_max = ROW_MAX,
        .fields_max = FIELDS_MAX,
        .line = 1,
    };
    dosis_csv_reader_t *reader = NULL;
    dosis_rc_t rc = dosis_csv_reader_create(&options, &reader);
    size_t at = 0;

    rows_len = 0;
    rows_said[0] = '\0';
    do {
        size_t len = piece > 0 ? piece : (size_t) rand_r(chance) % 9;

        len = len > text.len - at ? text.len - at : len;
        rc = rc != DOSIS_OK
            ? rc
            : dosis_csv_reader_add(reader, dosis_slice(text.data + at, len),
                at + len == text.len, on_row, NULL);
        at += len;
    } while (rc == DOSIS_OK && at < text.len);
    dosis_csv_reader_free(reader);
    return rc == DOSIS_OK ? rows_said : dosis_rc_name(rc);
}


static const struct {
    const char *fact;
    const char *text;
    const char *want;
} texts[] = {
    { "nothing", "", "" },
    { "empty lines are passed over, and counted", "\n\r\n  \r\ra;b\n\n",
        "5-6 7-11 F 2/2 a|b| <a;b>\n" },
    { "CRLF, LF and CR, and no end at all", "a\r\nb\nc\rd",
        "1-2 0-3 F 1/1 a| <a>\n2-3 3-5 F 1/1 b| <b>\n"
        "3-4 5-7 F 1/1 c| <c>\n4-5 7-8 F 1/1 d| <d>\n" },
    { "lines between quotes", "\"a\r\nb\";\"c\rd\ne\"\nf",
        "1-5 0-15 F 2/2 a\r\nb|c\rd\ne| <\"a\r\nb\";\"c\rd\ne\">\n"
        "5-6 15-16 F 1/1 f| <f>\n" },
    { "cells beyond the ceiling are counted, to the last that says "
      "something",
        "a;;c;;e;;\n;;;;;;;\n",
        "1-2 0-10 F 7/5 a||c|| <a;;c;;e;;>\n"
        "2-3 10-18 F 8/0 |||| <;;;;;;;>\n" },
    { "a stray quote costs its line", "a;b\"c;d\ne;f\n",
        "1-2 0-8 Q 1/1 a| <a;b\"c;d>\n2-3 8-12 F 2/2 e|f| <e;f>\n" },
    { "text behind a closing quote as well", "\"a\"b;c\nd\n",
        "1-2 0-7 Q 0/0  <\"a\"b;c>\n2-3 7-9 F 1/1 d| <d>\n" },
    { "one that closes wrongly lines further on", "a;\"b;c\nd;e\nf;\"g\"\nh\n",
        "1-2 0-7 O 1/1 a| <a;\"b;c>\n2-3 7-11 F 2/2 d|e| <d;e>\n"
        "3-4 11-17 F 2/2 f|g| <f;\"g\">\n4-5 17-19 F 1/1 h| <h>\n" },
    { "fields of the lines behind it are none of its own",
        "a;\"b\nc\";d;\"e\"f\nx\n",
        "1-2 0-5 O 1/1 a| <a;\"b>\n2-3 5-15 Q 0/0  <c\";d;\"e\"f>\n"
        "3-4 15-17 F 1/1 x| <x>\n" },
    { "one that never closes", "a;\"b\nc;d\ne",
        "1-2 0-5 O 1/1 a| <a;\"b>\n2-3 5-9 F 2/2 c|d| <c;d>\n"
        "3-4 9-10 F 1/1 e| <e>\n" },
    { "one that never closes, on the last line", "a;\"b",
        "1-2 0-4 O 1/1 a| <a;\"b>\n" },
    { "one that does not close before the ceiling",
        "a;\"b\nccccccccc;d\neeeeeeeeeeee;f\n\"g\"",
        "1-2 0-5 O 1/1 a| <a;\"b>\n"
        "2-3 5-17 F 2/2 ccccccccc|d| <ccccccccc;d>\n"
        "3-4 17-32 F 2/2 eeeeeeeeeeee|f| <eeeeeeeeeeee;f>\n"
        "4-5 32-35 F 1/1 g| <\"g\">\n" },
    { "one that opens, and a line that is too long",
        "a;\"b\n0123456789012345678901234;6\n\"g\"",
        "1-2 0-5 O 1/1 a| <a;\"b>\n"
        "2-3 5-33 L 0/0  <012345678901234567890123>\n"
        "3-4 33-36 F 1/1 g| <\"g\">\n" },
    { "as long as may be", "01234567890123456789;123\r\n;",
        "1-2 0-26 F 2/2 01234567890123456789|123| "
        "<01234567890123456789;123>\n2-3 26-27 F 2/0 || <;>\n" },
    { "a byte more", "a;b;c67890123456789;12345\r\n;",
        "1-2 0-27 L 3/3 a|b|c67890123456789| <a;b;c67890123456789;1234>\n"
        "2-3 27-28 F 2/0 || <;>\n" },
    { "far too long, a quote in it",
        "a;b;c\"7890123456789;12345aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaa\r;",
        "1-2 0-84 L 2/2 a|b| <a;b;c\"7890123456789;1234>\n"
        "2-3 84-85 F 2/0 || <;>\n" },
    { "too long, without an end", "a;012345678901234567890123456789",
        "1-2 0-32 L 1/1 a| <a;0123456789012345678901>\n" },
};


static void
check_rows(void)
{
    for (size_t i = 0; i < ROWS(texts); i++) {
        bool fine = true;
        unsigned chance = 1;

        for (size_t piece = 0; fine && piece < 40; piece++) {
            const char *got =
                read_rows(dosis_slice_of(texts[i].text), piece, &chance);

            fine = strcmp(got, texts[i].want) == 0;
            if (!fine) {
                printf("# pieces of %zu\n# got\n%s\n", piece, got);
            }
        }
        CHECK(fine, texts[i].fact);
    }
}


/* Any text, cut anywhere; rows and what lies between are the whole of it. */
static void
check_chance(void)
{
    static const char bytes[] = "ab;;;\"\"\"\n\n\r ";
    unsigned chance = 3;
    bool same = true;
    char text[200];
    char *want;

    for (int round = 0; same && round < 5000; round++) {
        size_t len = (size_t) rand_r(&chance) % sizeof(text);

        for (size_t i = 0; i < len; i++) {
            text[i] = bytes[(size_t) rand_r(&chance) % (sizeof(bytes) - 1)];
        }
        want = strdup(read_rows(dosis_slice(text, len), sizeof(text), NULL));
        same = strcmp(read_rows(dosis_slice(text, len), 0, &chance), want) == 0;
        if (!same) {
            printf("# %.*s\n# got\n%s\n# want\n%s\n", (int) len, text,
                rows_said, want);
        }
        free(want);
    }
    CHECK(same, "where it is cut makes no difference");
}


static dosis_rc_t
on_no_row(const dosis_csv_row_t *row, void *payload)
{
    (void) row;
    (void) payload;
    return DOSIS_OK;
}


/* CPU time of a text of nothing but empty lines. */
static clock_t
time_of(char end)
{
    const dosis_csv_options_t options = { .separator = ';', .row_max = 65536,
        .fields_max = 3, .line = 1 };
    static char piece[1 << 16];
    clock_t from;
    dosis_csv_reader_t *reader;

    memset(piece, end, sizeof(piece));
    if (dosis_csv_reader_create(&options, &reader) != DOSIS_OK) {
        return 0;
    }
    from = clock();
    for (int i = 0; i < 64; i++) {
        (void) !dosis_csv_reader_add(reader,
            dosis_slice(piece, sizeof(piece)), i == 63, on_no_row, NULL);
    }
    from = clock() - from;
    dosis_csv_reader_free(reader);
    return from;
}


static void
check_time(void)
{
    clock_t lf = time_of('\n');
    clock_t cr = time_of('\r');

    if (!CHECK(cr < 8 * lf + CLOCKS_PER_SEC / 20,
            "lines that end with CR take no longer")) {
        printf("# %ld for %ld\n", (long) cr, (long) lf);
    }
}


static void
check_lines(void)
{
    CHECK(dosis_csv_lines(DOSIS_SLICE("a\r\nb\nc\rd")) == 3
            && dosis_csv_lines(DOSIS_SLICE("")) == 0,
        "lines that end are counted");
}


int
main(void)
{
    check_records();
    check_wrong();
    check_rows();
    check_chance();
    check_time();
    check_lines();

    return tap_done();
}
