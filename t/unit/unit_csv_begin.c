/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_csv_begin.c: what is no file of deliveries is seen at its beginning. */
#include "domain/dosis_csv_begin.h"

#include <stdlib.h>
#include <zlib.h>

#include "../lib/tap.h"

#define KOP                                                                    \
    "Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;"                \
    "StatusVlaamsCode;AgentIdentificatie\n"
#define RIJ "urn://x/y;1;Naam;2026-01-01;Behandeling;InBehandeling;0123456749\n"
#define SIZE 200000
#define MANY_COLUMNS 100000

typedef struct {
    const char *text;
    const char *code;    /* NULL: fine */
    const char *fact;
} row_t;

static const row_t rows[] = {
    { KOP RIJ, NULL, "a header and a row" },
    { KOP, "BestandZonderRijen", "a header only" },
    { KOP "\r\n \t\n", "BestandZonderRijen", "a header and blank lines" },
    { "", "KopOntbreekt", "an empty file" },
    { "\n\n", "KopOntbreekt", "blank lines only" },
    { "a;b\n1;2\n", "KopOntbreekt", "no header" },
    { "Bron;DossierNummer\nx;1\n", "KolomOntbreekt", "a column missing" },
    { "\x1f\x8b", "GzipOngeldig", "the mark of gzip alone" },
    { "\x1f\x8b no gzip at all", "GzipOngeldig", "what says it is gzip" },
};


static const char *
code_of(dosis_slice_t text, bool whole, bool *ret_gzip)
{
    dosis_err_t err = { 0 };
    dosis_err_t warnings = { 0 };
    dosis_rc_t rc = dosis_csv_begin(text, whole, ret_gzip, &warnings, &err);

    return rc == DOSIS_OK     ? NULL
           : rc != DOSIS_EINPUT ? "another code"
                                : err.item[0].code;
}


static bool
is(const char *code, const char *wanted)
{
    return code == NULL || wanted == NULL ? code == wanted
                                          : strcmp(code, wanted) == 0;
}


static size_t
pack(const char *text, size_t len, char *to)
{
    z_stream z = { 0 };

    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY)
        != Z_OK) {
        return 0;
    }
    z.next_in = (Bytef *) (uintptr_t) text;
    z.avail_in = (uInt) len;
    z.next_out = (Bytef *) to;
    z.avail_out = SIZE;
    (void) deflate(&z, Z_FINISH);
    (void) deflateEnd(&z);
    return z.total_out;
}


static void
test_table(void)
{
    static char packed[SIZE];
    size_t i, len;
    bool gzip;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        dosis_slice_t text = dosis_slice_of(rows[i].text);

        CHECK(is(code_of(text, true, &gzip), rows[i].code), rows[i].fact);
        if (text.len < 2 || text.data[0] == '\x1f') {
            continue;
        }
        len = pack(text.data, text.len, packed);
        CHECK(is(code_of(dosis_slice(packed, len), true, &gzip), rows[i].code)
                && gzip,
            "the same, packed");
    }
}


/* Packed or not; a misspelled column among what is wrong. */
static void
test_unknown(void)
{
    static char packed[SIZE];
    static const char good[] = "Kleur;" KOP "x;" RIJ;
    static const char bad[] = "Bron;DosierNummer\nx;1\n";
    dosis_err_t warnings = { 0 }, err = { 0 };
    size_t len = pack(good, sizeof(good) - 1, packed);
    bool gzip;

    CHECK(dosis_csv_begin(
              dosis_slice(packed, len), true, &gzip, &warnings, &err)
                == DOSIS_OK
            && warnings.count == 1
            && is(warnings.item[0].field, "Kleur")
            && is(warnings.item[0].code, "OnbekendeKolom"),
        "an unknown column is named");
    dosis_err_init(&warnings);
    CHECK(dosis_csv_begin(
              dosis_slice(bad, sizeof(bad) - 1), true, &gzip, &warnings, &err)
                == DOSIS_EINPUT
            && is(err.item[0].code, "KolomOntbreekt")
            && is(err.item[err.count - 1].field, "DosierNummer")
            && is(err.item[err.count - 1].code, "OnbekendeKolom")
            && err.item[err.count - 1].line == 1,
        "one that is misspelled is named beside what is missing");
}


static void
test_packed(void)
{
    static char text[SIZE], packed[SIZE];
    size_t len, i;
    bool gzip = true;

    len = pack(KOP RIJ, sizeof(KOP RIJ) - 1, packed);
    CHECK(is(code_of(dosis_slice(packed, len - 9), true, &gzip),
              "GzipOngeldig"),
        "packed, and cut short");
    CHECK(is(code_of(dosis_slice(packed, len - 9), false, &gzip), NULL),
        "packed, and more to come");
    memcpy(text, KOP, sizeof(KOP) - 1);
    memset(text + sizeof(KOP) - 1, ' ', SIZE - sizeof(KOP));
    len = pack(text, SIZE - 1, packed);
    CHECK(len < 1000 && is(code_of(dosis_slice(packed, len), true, &gzip),
              NULL),
        "only a beginning is unpacked, however much there is");
    for (i = 0; i < MANY_COLUMNS; i++) {
        text[2 * i] = 'a';
        text[2 * i + 1] = ';';
    }
    CHECK(is(code_of(dosis_slice(text, DOSIS_CSV_BEGIN_MAX), false, &gzip),
              "KopOntbreekt")
            && !gzip,
        "a hundred thousand columns");
}


int
main(void)
{
    test_table();
    test_unknown();
    test_packed();
    return tap_done();
}
