/* SPDX-License-Identifier: EUPL-1.2 */
/* One record of a CSV text: its fields, and where the next one begins. */

#include <string.h>

#include "../lib/tap.h"
#include "base/dosis_csv.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static char fields[256]; /* each with a bar behind it */
static size_t fields_len;


static void
on_field(dosis_slice_t field, void *payload)
{
    (void) payload;
    fields_len += (size_t) snprintf(fields + fields_len,
        sizeof(fields) - fields_len, "%.*s|", (int) field.len,
        field.len == 0 ? "" : field.data);
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
        dosis_rc_t rc = read_record(
            rows[i].separator, dosis_slice_of(rows[i].text), &used);

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

        CHECK(read_record(';', dosis_slice_of(rows[i].text), &used)
                == rows[i].rc,
            rows[i].fact);
    }
}


int
main(void)
{
    check_records();
    check_wrong();

    return tap_done();
}
