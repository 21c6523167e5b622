/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows of a CSV file become the JSON of deliveries; what cannot is refused. */

#include <stdlib.h>

#include "../lib/tap.h"
#include "base/dosis_csv.h"
#include "base/dosis_json_value.h"
#include "base/dosis_text.h"
#include "domain/dosis_csv_dossier.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define KOP "Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;"        \
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
        dosis_buf_addf(&said, "+%zu",
            dossier->rijen + (size_t) dossier->rijen_meer - 1);
    }
    if (whole && dossier->json != NULL) {
        dosis_buf_add_byte(&said, ' ');
        (void) dosis_json_add_value(&said, dossier->json);
    } else {
        dosis_buf_addf(&said, " %.*s", (int) dossier->nummer.len,
            dossier->nummer.len == 0 ? "" : dossier->nummer.data);
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


int
main(void)
{
    dosis_json_init();
    dosis_buf_init(&said, SAID_MAX);
    check_whole();
    dosis_buf_done(&said);

    return tap_done();
}
