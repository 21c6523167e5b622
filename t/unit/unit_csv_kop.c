/* SPDX-License-Identifier: EUPL-1.2 */
/* The header of a CSV delivery: recognised, or every problem named at once. */

#include <stdlib.h>

#include "../lib/tap.h"
#include "base/dosis_text.h"
#include "domain/dosis_csv_kop.h"
#include "domain/dosis_veld.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define NEEDED                                                                 \
    "Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;"                \
    "StatusVlaamsCode;AgentIdentificatie"

static dosis_csv_kop_t kop;
static dosis_err_t warnings;
static dosis_err_t err;


static dosis_rc_t
read_kop(dosis_slice_t text)
{
    memset(&warnings, 0, sizeof(warnings));
    memset(&err, 0, sizeof(err));
    return dosis_csv_kop_read(text, &kop, &warnings, &err);
}


/* "Code field, Code field" */
static const char *
problems(const dosis_err_t *of)
{
    static char text[4096];
    size_t len = 0;

    text[0] = '\0';
    for (uint32_t i = 0; i < of->count && len < sizeof(text); i++) {
        len += (size_t) snprintf(text + len, sizeof(text) - len, "%s%s%s%s",
            i == 0 ? "" : ", ", of->item[i].code,
            of->item[i].field[0] == '\0' ? "" : " ", of->item[i].field);
    }
    return text;
}


static void
check_good(void)
{
    static const struct {
        const char *fact;
        dosis_slice_t text;
        char separator;
        dosis_csv_codering_t codering;
        size_t kolommen;
    } rows[] = {
        { "the needed columns, a semicolon", DOSIS_SLICE(NEEDED "\r\nx\n"), ';',
            DOSIS_CSV_UTF8, 7 },
        { "a mark in front", DOSIS_SLICE("\xEF\xBB\xBF" NEEDED "\n"), ';',
            DOSIS_CSV_UTF8_BOM, 7 },
        { "no line end, no rows", DOSIS_SLICE(NEEDED), ';', DOSIS_CSV_UTF8, 7 },
        { "commas, quoted, another order and case",
            DOSIS_SLICE("\"naam\",\"BRON\",dossiernummer,agentidentificatie,"
                        "statusvlaamscode,STATUSVLAAMSFASE, WijzigingsDatum\n"
                        "a;b;c;d,x"),
            ',', DOSIS_CSV_UTF8, 7 },
        { "tabs",
            DOSIS_SLICE("Bron\tDossierNummer\tNaam\tWijzigingsDatum\t"
                        "StatusVlaamsFase\tStatusVlaamsCode\t"
                        "AgentIdentificatie\tUploadId\n"),
            '\t', DOSIS_CSV_UTF8, 8 },
        { "rows in Windows-1252", DOSIS_SLICE(NEEDED "\na;b;Caf\xE9 X;c\n"),
            ';', DOSIS_CSV_WINDOWS_1252, 7 },
        { "rows in UTF-8, one cell of which is cut in a character",
            DOSIS_SLICE(NEEDED "\na;b;Caf\xC3\xA9;c\na;b;Caf\xC3;c\n"
                               "a;b;\xE2\x82\xAC;c\n"),
            ';', DOSIS_CSV_UTF8, 7 },
        { "rows in Windows-1252, two bytes of which look like UTF-8",
            DOSIS_SLICE(NEEDED "\na;b;\xC3\xA9;c\na;b;Caf\xE9 X\x80;c\n"),
            ';', DOSIS_CSV_WINDOWS_1252, 7 },
        { "a character cut at the end", DOSIS_SLICE(NEEDED "\na;b;Caf\xC3"),
            ';', DOSIS_CSV_UTF8, 7 },
        { "the column of an error report", DOSIS_SLICE(NEEDED ";Fout\n"), ';',
            DOSIS_CSV_UTF8, 8 },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_rc_t rc = read_kop(rows[i].text);

        if (!CHECK(rc == DOSIS_OK && err.count == 0 && warnings.count == 0
                    && kop.separator == rows[i].separator
                    && kop.codering == rows[i].codering
                    && kop.kolommen == rows[i].kolommen,
                rows[i].fact)) {
            printf("# %s\n", problems(&err));
        }
    }
}


static void
check_place(void)
{
    CHECK(read_kop(DOSIS_SLICE("\xEF\xBB\xBF" NEEDED ";X\r\nrow")) == DOSIS_OK
            && strcmp(kop.kolom[0]->pad, "/Identificatie/Bron") == 0
            && strcmp(kop.kolom[6]->naam, "AgentIdentificatie") == 0
            && kop.kolom[7] == NULL,
        "each column has its member, an unknown one none");
    CHECK(kop.bytes == 3 + sizeof(NEEDED) - 1 + 2 + 2,
        "the first row begins behind mark, header and line end");
}


/* The line that Excel understands. */
static void
check_sep(void)
{
    CHECK(read_kop(DOSIS_SLICE("\xEF\xBB\xBFSEP=;\r\n" NEEDED ";X\r\nrow"))
                == DOSIS_OK
            && kop.separator == ';' && kop.kolommen == 8 && kop.begin == 10
            && kop.bytes == 10 + sizeof(NEEDED) - 1 + 2 + 2
            && warnings.item[0].line == 2,
        "a line sep= is passed over, the header is line 2");
    CHECK(read_kop(DOSIS_SLICE("sep=,\n" NEEDED "\nrow")) == DOSIS_EINPUT,
        "it says the separator");
    CHECK(read_kop(DOSIS_SLICE("sep=\t\rBron\tDossierNummer\nx"))
                == DOSIS_EINPUT
            && kop.separator == '\t' && kop.kolommen == 2
            && err.item[0].line == 2,
        "and what is wrong stands on line 2");
    CHECK(read_kop(DOSIS_SLICE("sep=;\n" NEEDED "\na;Caf\xE9 X;c\n"))
                == DOSIS_OK
            && kop.codering == DOSIS_CSV_WINDOWS_1252,
        "the encoding is judged behind it");
    CHECK(read_kop(DOSIS_SLICE("sep=;")) == DOSIS_EINPUT
            && read_kop(DOSIS_SLICE("sep=;\n")) == DOSIS_EINPUT
            && read_kop(DOSIS_SLICE("sep=|\n" NEEDED "\nrow"))
                == DOSIS_EINPUT,
        "alone, or with another separator, it is no header");
}


static void
check_wrong(void)
{
    static const struct {
        const char *fact;
        dosis_slice_t text;
        const char *err;
        const char *warnings;
    } rows[] = {
        { "an empty file", DOSIS_SLICE(""), "KopOntbreekt", "" },
        { "empty lines", DOSIS_SLICE("\n\r\n"), "KopOntbreekt", "" },
        { "only a mark", DOSIS_SLICE("\xEF\xBB\xBF"), "KopOntbreekt", "" },
        { "rows without a header", DOSIS_SLICE("urn://x/y;1;Naam van\n"),
            "KopOntbreekt", "" },
        { "UTF-16", DOSIS_SLICE("\xFF\xFE" "B\0r\0o\0n\0"), "CoderingOngeldig",
            "" },
        { "neither of the encodings", DOSIS_SLICE(NEEDED "\n\x81\xE9 x"),
            "CoderingOngeldig", "" },
        { "a mark, and then no UTF-8",
            DOSIS_SLICE("\xEF\xBB\xBF" NEEDED "\ncaf\xE9 x"),
            "CoderingOngeldig", "" },
        { "a NUL", DOSIS_SLICE("Bron;\0;Naam\n"), "NulTeken", "" },
        { "a quote that never closes", DOSIS_SLICE("Bron;\"Naam\nx;y"),
            "KopOngeldig", "" },
        { "a column twice, in another case", DOSIS_SLICE(NEEDED ";naam"),
            "DubbeleKolom Naam", "" },
        { "an unknown one, and one without a name",
            DOSIS_SLICE(NEEDED ";Bedrag;;\"a\nb\""), "",
            "OnbekendeKolom Bedrag, KolomZonderNaam, OnbekendeKolom a b" },
        { "an unknown one that is no UTF-8 in a text that is",
            DOSIS_SLICE("\n" NEEDED ";Caf\xE9 x\n\xC3\xA9\xC3\xA9"),
            "", "OnbekendeKolom Caf\xC3\xA9 x" },
        { "an unknown one in Windows-1252", DOSIS_SLICE(NEEDED ";Caf\xE9;x"),
            "", "OnbekendeKolom Caf\xC3\xA9, OnbekendeKolom x" },
        { "no number of a person is told",
            DOSIS_SLICE("Bron;85.07.30-007.54;" NEEDED),
            "DubbeleKolom Bron", "OnbekendeKolom xx.xx.xx-xxx.xx" },
        { "all that lacks", DOSIS_SLICE("Bron"),
            "KolomOntbreekt DossierNummer, KolomOntbreekt Naam, "
            "KolomOntbreekt WijzigingsDatum, KolomOntbreekt StatusVlaamsFase, "
            "KolomOntbreekt StatusVlaamsCode, "
            "KolomOntbreekt AgentIdentificatie",
            "" },
        { "with a type, a status is not needed",
            DOSIS_SLICE("Bron;DossierNummer;Naam;TypeDossier;"
                        "AgentIdentificatie;WijzigingsDatum"),
            "",
            "StatusKolomOntbreekt StatusVlaamsFase, "
            "StatusKolomOntbreekt StatusVlaamsCode" },
        { "several kinds at once", DOSIS_SLICE("Bron;Bron;Naam;x"),
            "DubbeleKolom Bron, KolomOntbreekt DossierNummer, "
            "KolomOntbreekt WijzigingsDatum, KolomOntbreekt StatusVlaamsFase, "
            "KolomOntbreekt StatusVlaamsCode, "
            "KolomOntbreekt AgentIdentificatie",
            "OnbekendeKolom x" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_rc_t rc = read_kop(rows[i].text);
        bool fine = strcmp(problems(&err), rows[i].err) == 0
            && strcmp(problems(&warnings), rows[i].warnings) == 0
            && (rc == DOSIS_EINPUT) == (rows[i].err[0] != '\0');

        if (!CHECK(fine, rows[i].fact)) {
            printf("# %s\n", problems(&err));
            printf("# %s\n", problems(&warnings));
        }
    }
}


/* What is beyond a ceiling. */
static void
check_ceilings(void)
{
    static char text[2 * DOSIS_CSV_KOP_MAX];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, text, sizeof(text));
    DOSIS_BUF_LIT(&buf, NEEDED ";");
    for (int i = 0; i <= DOSIS_CSV_NAAM_MAX; i++) {
        dosis_buf_add_byte(&buf, 'x');
    }
    CHECK(read_kop(dosis_buf_slice(&buf)) == DOSIS_EINPUT
            && strncmp(problems(&err), "KolomTeLang xxx", 15) == 0,
        "a name that is too long");
    CHECK(err.item[0].line == 1 && strstr(err.item[0].text, "79") != NULL,
        "with its line and the ceiling");

    dosis_buf_reset(&buf);
    DOSIS_BUF_LIT(&buf, NEEDED ";");
    for (int i = 0; i < DOSIS_CSV_NAAM_MAX + 20; i++) {
        dosis_buf_add_byte(&buf, i < DOSIS_CSV_NAAM_MAX - 11 ? 'x' : '7');
    }
    CHECK(read_kop(dosis_buf_slice(&buf)) == DOSIS_EINPUT
            && strchr(err.item[0].field, '7') == NULL,
        "eleven digits that a cut leaves are blanked");

    dosis_buf_reset(&buf);
    DOSIS_BUF_LIT(&buf, NEEDED);
    for (int i = 7; i < DOSIS_CSV_KOLOMMEN_MAX; i++) {
        DOSIS_BUF_LIT(&buf, ";x");
    }
    CHECK(read_kop(dosis_buf_slice(&buf)) == DOSIS_OK
            && kop.kolommen == DOSIS_CSV_KOLOMMEN_MAX,
        "as many columns as there may be");
    DOSIS_BUF_LIT(&buf, ";x");
    CHECK(read_kop(dosis_buf_slice(&buf)) == DOSIS_EINPUT
            && strcmp(problems(&err), "TeVeelKolommen") == 0,
        "and one more");

    dosis_buf_reset(&buf);
    DOSIS_BUF_LIT(&buf, NEEDED ";");
    while (buf.len < DOSIS_CSV_KOP_MAX + 1) {
        dosis_buf_add_byte(&buf, ' ');
    }
    CHECK(read_kop(dosis_buf_slice(&buf)) == DOSIS_EINPUT
            && strstr(problems(&err), "KopTeLang") != NULL,
        "a line that is too long");
    text[DOSIS_CSV_KOP_MAX - 1] = '\n';
    CHECK(read_kop(dosis_buf_slice(&buf)) == DOSIS_OK
            && kop.bytes == DOSIS_CSV_KOP_MAX,
        "one that just fits");
}


static const char *pad;

static void
on_veld(const dosis_veld_t *veld, void *payload)
{
    if (strcmp(veld->pad, pad) == 0) {
        ++*(size_t *) payload;
    }
}


static void
check_table(void)
{
    for (size_t i = 0; i < dosis_csv_kolom_count(); i++) {
        size_t found = 0;

        pad = dosis_csv_kolom(i)->pad;
        dosis_veld_each(on_veld, &found);
        CHECK(found == 1, dosis_csv_kolom(i)->naam);
    }
}


int
main(void)
{
    check_table();
    check_good();
    check_place();
    check_sep();
    check_wrong();
    check_ceilings();

    return tap_done();
}
