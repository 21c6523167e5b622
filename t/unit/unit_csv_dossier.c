/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows of a CSV file become the JSON of deliveries; what cannot is refused. */

#include <malloc.h>
#include <stdlib.h>

#include "../lib/reading.h"
#include "../lib/tap.h"
#include "base/dosis_csv.h"
#include "base/dosis_json_value.h"
#include "base/dosis_text.h"
#include "domain/dosis_csv_dossier.h"

#define KOP                                                                    \
    "Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;"                \
    "StatusVlaamsCode;AgentIdentificatie;Toegangsrechten"
#define RIJ(nummer, agent)                                                     \
    "urn:b;" nummer ";N;2026-11-20;Behandeling;Ontvankelijk;" agent ";R\n"
#define SAID_MAX ((size_t) 1 << 22)

static dosis_csv_kop_t kop;
static dosis_buf_t said; /* what came of a file, delivery by delivery */
static uint64_t einde;   /* of the last one */
static uint64_t lijn_na;
static unsigned stop_after; /* that many deliveries; 0: never */
static unsigned seen;


static void
say_problems(const char *mark, const dosis_err_t *err)
{
    for (uint32_t i = 0; i < err->count; i++) {
        dosis_buf_addf(&said, " %s%s %s@%u", mark, err->item[i].code,
            err->item[i].field, (unsigned) err->item[i].line);
    }
}


/* LINE[+ROWS] JSON !Code Column@line ~Warning Column@line */
static dosis_rc_t
on_dossier(const dosis_csv_dossier_t *dossier, void *payload)
{
    bool whole = *(bool *) payload;

    dosis_buf_addf(&said, "%s%llu", said.len > 0 ? "\n" : "",
        (unsigned long long) dossier->rij[0].lijn);
    if (dossier->rijen > 1) {
        dosis_buf_addf(
            &said, "+%zu", dossier->rijen + (size_t) dossier->rijen_meer - 1);
    }
    if (whole && dossier->json != NULL) {
        dosis_buf_add_byte(&said, ' ');
        (void) dosis_json_add_value(&said, dossier->json);
    } else {
        dosis_buf_add_byte(&said, ' ');
        for (size_t i = 0; i < dossier->nummer.len; i++) {
            char c = dossier->nummer.data[i];

            dosis_buf_add_byte(&said, c == '\n' || c == '\r' ? '/' : c);
        }
    }
    say_problems("!", dossier->problems);
    say_problems("~", dossier->warnings);
    for (size_t i = 0; i < dossier->rijen; i++) {
        if (!dosis_utf8_valid(dossier->rij[i].tekst)) {
            DOSIS_BUF_LIT(&said, " NO TEXT");
        }
    }
    einde = dossier->einde;
    lijn_na = dossier->lijn_na;
    return ++seen == stop_after ? DOSIS_EBUSY : DOSIS_OK;
}


static bool
read_kop(dosis_slice_t file)
{
    dosis_err_t warnings = { 0 };
    dosis_err_t err = { 0 };

    return dosis_csv_kop_read(file, &kop, &warnings, &err) == DOSIS_OK;
}


/* In pieces of that many bytes. */
static const char *
read_file(dosis_slice_t file, size_t piece, bool whole)
{
    dosis_csv_lezer_t *lezer = NULL;
    size_t at = 0;
    dosis_rc_t rc;

    dosis_buf_reset(&said);
    seen = 0;
    if (!read_kop(file)
        || dosis_csv_lezer_create(&kop, 0, 0, &lezer) != DOSIS_OK) {
        return "no header";
    }
    do {
        size_t len = file.len - at < piece ? file.len - at : piece;

        rc = dosis_csv_lezer_add(lezer, dosis_slice(file.data + at, len),
            at + len == file.len, on_dossier, &whole);
        at += len;
    } while (rc == DOSIS_OK && at < file.len);
    dosis_csv_lezer_free(lezer);
    dosis_buf_add_byte(&said, '\0');
    return said.data;
}


static void
is_read(const char *fact, dosis_slice_t file, bool whole, const char *want)
{
    const char *got = read_file(file, 1 << 20, whole);

    if (!CHECK(strcmp(got, want) == 0, fact)) {
        printf("# got  %s\n# want %s\n", got, want);
    }
}


static void
check_whole(void)
{
    is_read("each column becomes its member",
        DOSIS_SLICE(
            "Bron;DossierNummer;UploadId;Naam;WijzigingsDatum;TypeDossier;"
            "StatusVlaamsFase;StatusVlaamsCode;StatusDetail1;StatusDetail2;"
            "StatusEDRL;StatusActieNodig;StatusActie;StatusActieVoor;"
            "StreefDatum;IsPubliek;IsVertrouwelijk;Doorverwijzing;ProductId;"
            "AgentIdentificatie;Toegangsrechten;AgentRol;DossierBeheerderNaam;"
            "DossierBeheerderDienst;DossierBeheerderTelefoon;"
            "DossierBeheerderEmail;DossierBeheerderWebsite;Onbekend\r\n"
            "a;b;c;d;e;f;g;h;i;j;k;ja;m;n;o;0;Onwaar;r;s|S;t;u| v |;w;x;y;z;"
            "A;B;C\r\n"),
        true,
        "2 {\"Identificatie\":{\"Bron\":\"a\",\"DossierNummer\":\"b\"},"
        "\"UploadId\":\"c\",\"Naam\":\"d\",\"WijzigingsDatum\":\"e\","
        "\"TypeDossierCode\":\"f\",\"Status\":{\"VlaamsFase\":\"g\","
        "\"VlaamsCode\":\"h\",\"Detail1\":\"i\",\"Detail2\":\"j\","
        "\"EDRL\":\"k\",\"Actie\":{\"ActieNodig\":true,\"Actie\":\"m\","
        "\"Voor\":\"n\"}},\"StreefDatum\":\"o\",\"IsPubliek\":false,"
        "\"IsVertrouwelijk\":false,\"Doorverwijzing\":\"r\","
        "\"Producten\":[{\"Id\":\"s\"},{\"Id\":\"S\"}],\"DossierBeheerder\":"
        "{\"Naam\":\"x\",\"Dienst\":\"y\",\"Telefoon\":\"z\",\"Email\":\"A\","
        "\"Website\":\"B\"},\"Agenten\":[{\"Identificatie\":\"t\","
        "\"Toegangsrechten\":[{\"Code\":\"u\"},{\"Code\":\"v\"}],"
        "\"Rol\":\"w\"}]}");
    is_read("rows of one dossier are one delivery, an empty cell is absent",
        DOSIS_SLICE("Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;"
                    "StatusVlaamsCode;AgentIdentificatie;AgentRol\n"
                    "u;1;N;;;;A;\n"
                    "u;1; N ;2026;;;\" \";Rol\n"
                    "u;2;;;;;C;\n"),
        true,
        "2+1 {\"Identificatie\":{\"Bron\":\"u\",\"DossierNummer\":\"1\"},"
        "\"Naam\":\"N\",\"WijzigingsDatum\":\"2026\",\"Agenten\":["
        "{\"Identificatie\":\"A\"},{\"Rol\":\"Rol\"}]}\n"
        "4 {\"Identificatie\":{\"Bron\":\"u\",\"DossierNummer\":\"2\"},"
        "\"Agenten\":[{\"Identificatie\":\"C\"}]}");
}


static const struct {
    const char *fact;
    dosis_slice_t file;
    const char *want;
} files[] = {
    { "only a header", DOSIS_SLICE(KOP), "" },
    { "a header and empty lines, and empty rows of Excel",
        DOSIS_SLICE(KOP "\r\n\r\n;;;;;;;\r\n;;;;;;;;;\r\n \r\n"), "" },
    { "rows of one dossier stand together",
        DOSIS_SLICE(KOP "\n" RIJ("1", "a") RIJ("1", "b") RIJ("2", "a")),
        "2+1 1\n4 2" },
    { "a key that comes back is a delivery, with a warning",
        DOSIS_SLICE(KOP "\n" RIJ("1", "a") RIJ("2", "a") RIJ("1", "b")),
        "2 1\n3 2\n4 1 ~SleutelOpnieuw @4" },
    { "another source is another dossier",
        DOSIS_SLICE(KOP "\n" RIJ("1", "a") "urn:c;1;;;;;a;\n"), "2 1\n3 1" },
    { "rows without a key stand alone",
        DOSIS_SLICE(KOP "\n;;N;;;;a;\n;;N;;;;b;\nurn:b;;N;;;;b;\n"),
        "2 \n3 \n4 " },
    { "empty cells at the end are none",
        DOSIS_SLICE(KOP "\nurn:b;1;N;;;;a;R;;;\nurn:b;2;N;;;;a;R\n"),
        "2 1\n3 2" },
    { "too many and too few are refused, with their key",
        DOSIS_SLICE(KOP "\nurn:b;1;N;;;;a;R;;x\nurn:b;2;N;;;;a\n"),
        "2 1 !TeVeelCellen @2\n3 2 !TeWeinigCellen @3" },
    { "a dossier of which a row is refused is refused",
        DOSIS_SLICE(KOP "\n" RIJ("1", "a") "urn:b;1;N;;;;b\n" RIJ("1", "c")
                RIJ("2", "a")),
        "2+2 1 !TeWeinigCellen @3\n5 2" },
    { "also by a row among its own that has no key",
        DOSIS_SLICE(KOP "\n" RIJ("1", "a") "\"u\"rn:b;1;N;;;;b\n;;;;;;c;\n" RIJ(
            "1", "c") RIJ("2", "a")),
        "2+3 1 !RijOngeldig @3 !VeldOntbreekt Bron@4\n6 2" },
    { "not by one behind it",
        DOSIS_SLICE(KOP "\n" RIJ("1", "a") "\"u\"rn:b;1;N;;;;b\n;;;;;;c;\n" RIJ(
            "2", "c") ";;;;;;d;\n"),
        "2 1\n3  !RijOngeldig @3\n4 \n5 2\n6 " },
    { "a quote where none may stand, and the next row again",
        DOSIS_SLICE(KOP "\nurn:b;1;N\"x;;;;a;R\n" RIJ("2", "a")),
        "2 1 !RijOngeldig @2\n3 2" },
    { "one that opens and never closes costs its line",
        DOSIS_SLICE(KOP "\nurn:b;1;\"N;;;;a;R\n" RIJ("2", "a") RIJ("3", "a")),
        "2 1 !RijOngeldig @2\n3 2\n4 3" },
    { "lines between quotes",
        DOSIS_SLICE(KOP "\r\nurn:b;1;\"N\r\nM\nO\";;;;a;R\r\n" RIJ("2", "a")),
        "2 1\n5 2" },
    { "cells that contradict are all named, with line and column",
        DOSIS_SLICE(
            KOP "\n" RIJ("1", "a") "urn:b;1;M;20/11/2026;;Ingediend;b;\n"
                                   "urn:b;1;M;;;;b;\n"),
        "2+2 1 !CelStrijdig Naam@3 !CelStrijdig Naam@4 "
        "!CelStrijdig StatusVlaamsCode@3" },
    { "Windows-1252 from the beginning",
        DOSIS_SLICE(KOP "\nurn:b;\xE9;N;;;;a;R\n"), "2 \xC3\xA9" },
    { "a header of more lines counts them",
        DOSIS_SLICE("\n\r\n" KOP ";\"x\r\ny\"\r" RIJ("1", "a")),
        "5 1 !TeWeinigCellen @5" },
    { "tabs",
        DOSIS_SLICE("Bron\tDossierNummer\tNaam\tWijzigingsDatum\t"
                    "StatusVlaamsFase\tStatusVlaamsCode\t"
                    "AgentIdentificatie\r\nb\t1\tN\t\t\t\ta\r\n"
                    "\t\t\t\t\t\t\r\nb\t2\tN;M\t\t\t\ta\r\n"),
        "2 1\n4 2" },
    { "a refused row keeps its key only when nothing can have moved it",
        DOSIS_SLICE("Naam;Bron;DossierNummer;WijzigingsDatum;"
                    "StatusVlaamsFase;StatusVlaamsCode;AgentIdentificatie\n"
                    "a;b;1;;;;x;y\nb;1;;;;x\n"),
        "2  !TeVeelCellen @2\n3  !TeWeinigCellen @3" },
};


/* Each is KOP and rows; what comes of it without the JSON. */
static void
check_dossiers(void)
{
    for (size_t i = 0; i < ROWS(files); i++) {
        is_read(files[i].fact, files[i].file, false, files[i].want);
    }
}


/* The header is judged by a beginning that shows nothing of what follows. */
static void
check_encodings(void)
{
    static const struct {
        const char *fact;
        const char *kop;
        dosis_slice_t file;
        const char *want;
    } rows[] = {
        { "a row in Windows-1252 later on is read, with a warning once",
            KOP "\n",
            DOSIS_SLICE(KOP "\n" RIJ("\xC3\xA9", "a") RIJ("\xE9", "a")
                    RIJ("\xE8", "a") RIJ("\xC3\xA8", "a")),
            "2+1 \xC3\xA9 ~RijInWindows @3\n4+1 \xC3\xA8" },
        { "not after a mark", "\xEF\xBB\xBF" KOP "\n",
            DOSIS_SLICE("\xEF\xBB\xBF" KOP "\n" RIJ("1", "\xE9") RIJ("2", "a")),
            "2  !CoderingOngeldig @2\n3 2" },
        { "nor when it is none either", KOP "\n",
            DOSIS_SLICE(KOP "\n" RIJ("1", "\x81\xE9") RIJ("2", "a")),
            "2  !CoderingOngeldig @2\n3 2" },
        { "a byte that stands for nothing in Windows-1252", KOP "\n\xE9 x",
            DOSIS_SLICE(KOP "\n" RIJ("1", "\x81") RIJ("2", "\xE9")),
            "2  !CoderingOngeldig @2\n3 2" },
        { "a NUL", KOP "\n",
            DOSIS_SLICE(KOP "\n" RIJ("1", "a\0b")
                    RIJ("2", "a") "\0\0\0\n" RIJ("3", "\xE9\0")),
            "2  !NulTeken @2\n3 2\n4  !NulTeken @4\n5  !NulTeken @5" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_csv_lezer_t *lezer = NULL;
        bool whole = false;

        dosis_buf_reset(&said);
        (void) read_kop(dosis_slice_of(rows[i].kop));
        CHECK(dosis_csv_lezer_create(&kop, 0, 0, &lezer) == DOSIS_OK
                && dosis_csv_lezer_add(
                       lezer, rows[i].file, true, on_dossier, &whole)
                    == DOSIS_OK,
            "a file is read to its end");
        dosis_buf_add_byte(&said, '\0');
        if (!CHECK(strcmp(said.data, rows[i].want) == 0, rows[i].fact)) {
            printf("# got  %s\n", said.data);
        }
        dosis_csv_lezer_free(lezer);
    }
}


static void
check_values(void)
{
    static const struct {
        const char *kolom;
        const char *cel;
        const char *want;
    } rows[] = {
        { "IsPubliek", "TRUE", "\"IsPubliek\":true" },
        { "IsPubliek", "waar", "\"IsPubliek\":true" },
        { "IsPubliek", "1", "\"IsPubliek\":true" },
        { "IsPubliek", "False", "\"IsPubliek\":false" },
        { "IsPubliek", "NEE", "\"IsPubliek\":false" },
        { "IsPubliek", "onwaar", "\"IsPubliek\":false" },
        { "IsPubliek", "0", "\"IsPubliek\":false" },
        { "IsPubliek", "misschien", "\"IsPubliek\":\"misschien\"" },
        { "StreefDatum", "2027-01-31", "\"StreefDatum\":\"2027-01-31\"" },
        { "StreefDatum", "31/01/2027", "\"StreefDatum\":\"2027-01-31\"" },
        { "StreefDatum", "1/2/2027", "\"StreefDatum\":\"2027-02-01\"" },
        { "StreefDatum", "31/01/2027 9:05",
            "\"StreefDatum\":\"2027-01-31T09:05\"" },
        { "StreefDatum", "31/01/2027 09:05:07",
            "\"StreefDatum\":\"2027-01-31T09:05:07\"" },
        { "StreefDatum", "31/01/27", "\"StreefDatum\":\"31/01/27\"" },
        { "StreefDatum", "31/01/2027 9", "\"StreefDatum\":\"31/01/2027 9\"" },
        { "StreefDatum", "31/01/2027 9:05:7",
            "\"StreefDatum\":\"31/01/2027 9:05:7\"" },
        { "StreefDatum", "31/01/2027 9:05:071",
            "\"StreefDatum\":\"31/01/2027 9:05:071\"" },
        { "Toegangsrechten", "a - b | c||",
            "\"Toegangsrechten\":[{\"Code\":\"a - b\"},{\"Code\":\"c\"}]" },
        { "Toegangsrechten", "|", "\"Toegangsrechten\":[]" },
        { "ProductId", "1984", "\"Producten\":[{\"Id\":\"1984\"}]" },
        { "StatusActieNodig", "ja",
            "\"Status\":{\"Actie\":{\"ActieNodig\":true}}" },
        { "Naam", "\"een \"\"naam\"\"; zo\"",
            "\"Naam\":\"een \\\"naam\\\"; zo\"" },
    };
    char file[512];

    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *got;

        (void) snprintf(file, sizeof(file),
            "Bron;DossierNummer;WijzigingsDatum;TypeDossier;"
            "AgentIdentificatie;%s%s\nb;1;;;;%s%s\n",
            rows[i].kolom, strcmp(rows[i].kolom, "Naam") == 0 ? "" : ";Naam",
            rows[i].cel, strcmp(rows[i].kolom, "Naam") == 0 ? "" : ";");
        got = read_file(dosis_slice_of(file), 1 << 20, true);
        if (!CHECK(strstr(got, rows[i].want) != NULL, rows[i].cel)) {
            printf("# got  %s\n", got);
        }
    }
}


/* --- ceilings ------------------------------------------------------------- */

static void
check_ceilings(void)
{
    static char text[12 << 20];
    dosis_buf_t file;

    dosis_buf_init_fixed(&file, text, sizeof(text));
    DOSIS_BUF_LIT(&file, KOP "\nurn:b;1;");
    memset(dosis_buf_grow(&file, 10 << 20), 'x', 10 << 20);
    DOSIS_BUF_LIT(&file, ";;;;a;R\n" RIJ("2", "a"));
    is_read("a line of 10 MB is refused, with its key, and the next one read",
        dosis_buf_slice(&file), false, "2 1 !RijTeLang @2\n3 2");

    dosis_buf_reset(&file);
    DOSIS_BUF_LIT(&file, KOP "\nurn:b;1;\"");
    for (int i = 0; i < 20000; i++) {
        DOSIS_BUF_LIT(&file, RIJ("7", "a"));
    }
    CHECK(strncmp(read_file(dosis_buf_slice(&file), 1 << 20, false),
              "2 1 !RijOngeldig @2\n3+19998 7 !TeVeelAgenten "
              "AgentIdentificatie@53",
              66)
            == 0,
        "a stray quote swallows nothing of a large file");
    CHECK(einde == file.len && lijn_na == 20002,
        "of a dossier of 19,999 rows all are counted");

    dosis_buf_reset(&file);
    DOSIS_BUF_LIT(&file, KOP "\nurn:b;1");
    for (int i = 0; i < 30000; i++) {
        DOSIS_BUF_LIT(&file, ";x");
    }
    DOSIS_BUF_LIT(&file, "\n" RIJ("2", "a"));
    is_read("a row of 30,002 cells", dosis_buf_slice(&file), false,
        "2 1 !TeVeelCellen @2\n3 2");

    dosis_buf_reset(&file);
    DOSIS_BUF_LIT(&file, KOP);
    for (int i = 0; i < 100000; i++) {
        DOSIS_BUF_LIT(&file, ";x");
    }
    is_read("a header of 100,000 columns is none", dosis_buf_slice(&file),
        false, "no header");

    dosis_buf_reset(&file);
    DOSIS_BUF_LIT(&file, KOP "\n");
    for (int i = 0; i < DOSIS_CSV_RIJEN_MAX; i++) {
        DOSIS_BUF_LIT(&file, RIJ("1", "a"));
    }
    is_read("as many rows as a dossier may have", dosis_buf_slice(&file), false,
        "2+49 1");
}


static size_t most; /* of the heap, in any callback */

static dosis_rc_t
on_dossier_weigh(const dosis_csv_dossier_t *dossier, void *payload)
{
    size_t used = mallinfo2().uordblks + mallinfo2().hblkhd;

    (void) payload;
    seen += (unsigned) dossier->rijen;
    most = used > most ? used : most;
    return DOSIS_OK;
}


/* 40 MB of rows, the same piece again and again. */
static void
check_memory(void)
{
    static char text[1 << 20];
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    dosis_csv_lezer_t *lezer = NULL;
    dosis_buf_t file;
    bool fine = read_kop(DOSIS_SLICE(KOP "\n"))
        && dosis_csv_lezer_create(&kop, 1, 2, &lezer) == DOSIS_OK;

    dosis_buf_init_fixed(&file, text, sizeof(text));
    while (file.len + 60000 < sizeof(text)) {
        size_t width = file.len % 50000;

        dosis_buf_addf(&file, "urn:b;%zu;\"%*s\";;;;a\xE9;R\n", file.len,
            (int) width, "x\n;\"\"");
        DOSIS_BUF_LIT(&file, RIJ("1", "a") RIJ("1", "b") RIJ("1", "c"));
    }
    seen = 0;
    most = 0;
    for (int i = 0; fine && i < 40; i++) {
        fine = dosis_csv_lezer_add(lezer, dosis_buf_slice(&file), i == 39,
                   on_dossier_weigh, NULL)
            == DOSIS_OK;
    }
    CHECK(fine && seen > 2000, "40 MB of rows");
    if (!CHECK(most - before < (2 << 20), "in constant memory")) {
        printf("# %zu\n", most - before);
    }
    dosis_csv_lezer_free(lezer);
}


/* --- pieces, and going on ------------------------------------------------- */

static const char *const parts[] = { "urn:b", ";", ";", ";", "1", "2", "\"",
    "\"\"", "\n", "\r\n", "x", "\xC3\xA9", "\xE9", " ", RIJ("1", "a"),
    RIJ("2", "a"), RIJ("1", "b"), ";;;;;;;\n" };


static void
random_file(dosis_buf_t *file, unsigned *chance)
{
    size_t count = (size_t) rand_r(chance) % 40;

    dosis_buf_reset(file);
    DOSIS_BUF_LIT(file, KOP "\n" RIJ("1", "a") RIJ("\xC3\xA9", "a"));
    while (count-- > 0) {
        const char *part = parts[(size_t) rand_r(chance) % ROWS(parts)];

        dosis_buf_add(file, part, strlen(part));
    }
}


/* From behind the delivery of that number. */
static const char *
read_rest(dosis_slice_t file, unsigned after)
{
    dosis_csv_lezer_t *lezer = NULL;
    bool whole = false;
    uint64_t from;

    stop_after = after;
    (void) read_file(file, file.len, whole);
    stop_after = 0;
    from = einde;
    dosis_buf_reset(&said);
    if (dosis_csv_lezer_create(&kop, from, lijn_na, &lezer) != DOSIS_OK
        || dosis_csv_lezer_add(lezer,
               dosis_slice(file.data + from, file.len - from), true, on_dossier,
               &whole)
            != DOSIS_OK) {
        return "not read";
    }
    dosis_csv_lezer_free(lezer);
    dosis_buf_add_byte(&said, '\0');
    return said.data;
}


/* Lines are those of the file, in pieces and after a resume. */
static void
check_sep(void)
{
    static const char text[] = "sep=;\r\n" KOP "\r\n" RIJ("1", "a")
        RIJ("2", "a") RIJ("3", "a");
    dosis_slice_t file = dosis_slice(text, sizeof(text) - 1);
    size_t piece;
    bool same = true;

    for (piece = 1; piece <= file.len; piece++) {
        same = same
            && strcmp(read_file(file, piece, false), "3 1\n4 2\n5 3") == 0;
    }
    CHECK(same, "behind a line sep= rows have the lines of the file");
    CHECK(strcmp(read_rest(file, 1), "4 2\n5 3") == 0, "also from the middle");
}


/* But for warnings: what was seen before is not known any more. */
static void
without_warnings(char *text)
{
    char *mark;
    size_t len;

    while ((mark = strstr(text, " ~")) != NULL) {
        len = strcspn(mark + 1, "\n !");
        len += strcspn(mark + 1 + len + 1, "\n ") + 2;
        memmove(mark, mark + len, strlen(mark + len) + 1);
    }
}


static void
check_pieces(void)
{
    static char text[16384];
    unsigned chance = 5;
    bool same = true;
    bool rest = true;
    dosis_buf_t file;
    char *want;

    dosis_buf_init_fixed(&file, text, sizeof(text));
    for (int round = 0; same && rest && round < 1000; round++) {
        unsigned all, after;
        const char *at;

        random_file(&file, &chance);
        want = strdup(read_file(dosis_buf_slice(&file), file.len, true));
        same = strcmp(want,
                   read_file(dosis_buf_slice(&file),
                       1 + (size_t) rand_r(&chance) % 50, true))
            == 0;
        free(want);
        want = strdup(read_file(dosis_buf_slice(&file), file.len, false));
        all = seen;
        without_warnings(want);
        after = 1 + (unsigned) rand_r(&chance) % (all - 1);
        at = want;
        for (unsigned i = 0; i < after; i++) {
            at = strchrnul(at, '\n');
            at += *at != '\0';
        }
        (void) read_rest(dosis_buf_slice(&file), after);
        without_warnings(said.data);
        rest = strcmp(said.data, at) == 0;
        if (!same || !rest) {
            printf("# %.*s\n# after %u got\n%s\n# want\n%s\n", (int) file.len,
                file.data, after, said.data, at);
        }
        free(want);
    }
    CHECK(same, "where a file is cut makes no difference");
    CHECK(rest, "behind any delivery it goes on as if it had not stopped");
}


/* --- places, template ----------------------------------------------------- */

static dosis_err_t placed;

static dosis_rc_t
on_dossier_place(const dosis_csv_dossier_t *dossier, void *payload)
{
    const char *const *field;

    (void) payload;
    for (field = payload; *field != NULL; field++) {
        dosis_err_add(&placed, "X", *field, "x");
    }
    dosis_csv_dossier_place(dossier, &kop, &placed);
    return DOSIS_OK;
}


static void
check_place(void)
{
    static const char *const fields[] = { "/Agenten/1/Identificatie",
        "/Agenten/2/Toegangsrechten/3/Code", "/Agenten/1/Toegangsrechten",
        "/Agenten", "/Naam", "/Status", "/Status/VlaamsCode", "/Identificatie",
        "/Producten/1/Id", "/Onbekend/x", "", "Naam", "/StreefDatum",
        "/Agenten/70/Rol", NULL };
    static const char want[] =
        "AgentIdentificatie@3 Toegangsrechten@4 Toegangsrechten@3 "
        "AgentIdentificatie@2 Naam@3 StatusVlaamsFase@2 StatusVlaamsCode@2 "
        "Bron@2 ProductId@2 /Onbekend/x@2 @2 Naam@2 StreefDatum@2 AgentRol@2 ";
    const dosis_slice_t file =
        DOSIS_SLICE(KOP "\nu;1;;;;;a;\nu;1;N;;;;b;\nu;1;;;;;c;\n");
    dosis_csv_lezer_t *lezer = NULL;
    char got[1024];
    size_t len = 0;

    (void) read_kop(file);
    CHECK(dosis_csv_lezer_create(&kop, 0, 0, &lezer) == DOSIS_OK
            && dosis_csv_lezer_add(
                   lezer, file, true, on_dossier_place, (void *) fields)
                == DOSIS_OK,
        "a dossier of three rows");
    dosis_csv_lezer_free(lezer);
    for (uint32_t i = 0; i < placed.count; i++) {
        len += (size_t) snprintf(got + len, sizeof(got) - len, "%s@%u ",
            placed.item[i].field, (unsigned) placed.item[i].line);
    }
    if (!CHECK(strcmp(got, want) == 0,
            "problems of members name the column, and the line of the row")) {
        printf("# got  %s\n# want %s\n", got, want);
    }
}


/* Read from text, as a body is: the same content. */
static bool
reads_alike(const dosis_json_t *json, const dosis_dossier_t *dossier)
{
    char texts[3][8192];
    dosis_buf_t text, content, other;
    reading_t parsed;
    bool alike;

    dosis_buf_init_fixed(&text, texts[0], sizeof(texts[0]));
    dosis_buf_init_fixed(&content, texts[1], sizeof(texts[1]));
    dosis_buf_init_fixed(&other, texts[2], sizeof(texts[2]));
    (void) dosis_json_add_value(&text, json);
    reading_begin(&parsed, dosis_buf_slice(&text), ARENA_MAX);
    dosis_dossier_canonical(&content, dossier, &lijsten);
    dosis_dossier_canonical(&other, &parsed.dossier, &lijsten);
    alike = parsed.rc == DOSIS_OK && content.len > 0
        && dosis_slice_eq(dosis_buf_slice(&content), dosis_buf_slice(&other))
        && parsed.dossier.wijziging_ns == dossier->wijziging_ns;
    reading_end(&parsed);
    return alike;
}


static dosis_rc_t
on_dossier_judge(const dosis_csv_dossier_t *dossier, void *payload)
{
    reading_t *r = payload;
    const dosis_dossier_rules_t rules = {
        .lijsten = &lijsten, .now_ns = NOW_NS, .future_ns = DAY_NS
    };

    seen++;
    r->rc = dosis_dossier_from_json(
        dossier->json, &rules, r->arena, &r->dossier, &r->warnings, &r->err);
    CHECK(reads_alike(dossier->json, &r->dossier),
        "the JSON door would have got the very same");
    return DOSIS_OK;
}


static void
check_sjabloon(void)
{
    char text[4096];
    dosis_buf_t body;
    dosis_csv_lezer_t *lezer = NULL;
    reading_t r = { .arena = dosis_arena_create(ARENA_MAX) };

    dosis_buf_init_fixed(&body, text, sizeof(text));
    dosis_csv_sjabloon(&body);
    CHECK(body.rc == DOSIS_OK && read_kop(dosis_buf_slice(&body))
            && kop.codering == DOSIS_CSV_UTF8_BOM
            && kop.kolommen == dosis_csv_kolom_count(),
        "the template has every column, and a mark for Excel");
    seen = 0;
    CHECK(dosis_csv_lezer_create(&kop, 0, 0, &lezer) == DOSIS_OK
            && dosis_csv_lezer_add(
                   lezer, dosis_buf_slice(&body), true, on_dossier_judge, &r)
                == DOSIS_OK
            && seen == 1,
        "it has a row");
    problems_print(&r.err);
    problems_print(&r.warnings);
    CHECK(r.rc == DOSIS_OK && r.err.count == 0 && r.warnings.count == 0
            && r.dossier.agenten_count == 1
            && r.dossier.agenten[0].rechten_count == 2
            && IS(r.dossier.producten[0], "1984") && r.dossier.has_voor,
        "that keeps every rule");
    dosis_csv_lezer_free(lezer);
    dosis_arena_free(r.arena);
}


int
main(void)
{
    dosis_json_init();
    lijsten = lijsten_load();
    dosis_buf_init(&said, SAID_MAX);
    check_whole();
    check_dossiers();
    check_encodings();
    check_values();
    check_ceilings();
    check_memory();
    check_pieces();
    check_sep();
    check_place();
    check_sjabloon();
    dosis_buf_done(&said);
    lijsten_free(&lijsten);

    return tap_done();
}
