/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/lijsten.h"
#include "../lib/tap.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Numbers stand in the store: a row may be added, none may change. */
static const struct {
    const char *lijst;
    uint16_t nummer;
    const char *code;
} fixed[] = {
    { "StatusVlaamsFase", 1, "Samenstelling" },
    { "StatusVlaamsFase", 2, "Behandeling" },
    { "StatusVlaamsFase", 3, "Beslissing" },
    { "StatusVlaamsFase", 4, "Beroep" },
    { "StatusVlaamsFase", 5, "Uitvoering" },
    { "StatusVlaamsFase", 6, "Afgerond" },
    { "StatusVlaamsCode", 1, "Geinitieerd" },
    { "StatusVlaamsCode", 2, "Aangevraagd" },
    { "StatusVlaamsCode", 3, "Ingediend" },
    { "StatusVlaamsCode", 4, "DossierOnvolledig" },
    { "StatusVlaamsCode", 5, "DossierVolledig" },
    { "StatusVlaamsCode", 6, "Ontvankelijk" },
    { "StatusVlaamsCode", 7, "OnOntvankelijk" },
    { "StatusVlaamsCode", 8, "InBehandeling" },
    { "StatusVlaamsCode", 9, "KlaarVoorBeslissing" },
    { "StatusVlaamsCode", 10, "InWacht" },
    { "StatusVlaamsCode", 11, "Beslist" },
    { "StatusVlaamsCode", 12, "Goedgekeurd" },
    { "StatusVlaamsCode", 13, "Stopgezet" },
    { "StatusVlaamsCode", 14, "Stopzetting" },
    { "StatusVlaamsCode", 15, "Geweigerd" },
    { "StatusVlaamsCode", 16, "KlaarVoorBetaling" },
    { "StatusVlaamsCode", 17, "Betaald" },
    { "StatusVlaamsCode", 18, "DeelsUitbetaald" },
    { "StatusVlaamsCode", 19, "Uitgevoerd" },
    { "StatusVlaamsCode", 20, "ErkendVergund" },
    { "StatusVlaamsCode", 21, "DeelsGoedgekeurd" },
    { "StatusVlaamsCode", 22, "Ontvangen" },
    { "StatusVlaamsCode", 23, "InVerwerking" },
    { "StatusVlaamsCode", 24, "ErkendOfVergund" },
    { "StatusVlaamsCode", 25, "Beroep" },
    { "StatusVlaamsCode", 26, "Bezwaar" },
    { "StatusVlaamsCode", 27, "BeslissingGepubliceerd" },
    { "StatusVlaamsCode", 28, "ErkenningOfVergunningIngetrokken" },
    { "StatusVlaamsCode", 29, "Terugbetaald" },
    { "StatusVlaamsCode", 30, "TerugvorderingBetaling" },
    { "StatusEDRL", 1, "Ingeschreven" },
    { "StatusEDRL", 2, "Doorgestuurd" },
    { "StatusEDRL", 3, "Ontvangen" },
    { "StatusEDRL", 4, "DossierVolledig" },
    { "StatusEDRL", 5, "DossierOnvolledig" },
    { "StatusEDRL", 6, "Stopgezet" },
    { "StatusEDRL", 7, "Aanvaard" },
    { "TypeDossier", 1, "DossierStatus" },
    { "TypeDossier", 2, "DossierVerwijzing" },
    { "TypeDossier", 3, "DossierCluster" },
    { "ParticipatieRol", 1, "Aanvrager" },
    { "ParticipatieRol", 2, "Indiener" },
    { "ParticipatieRol", 3, "Begunstigde" },
    { "ParticipatieRol", 4, "Betrokkene" },
    { "ParticipatieRol", 5, "Expert" },
    { "ParticipatieRol", 6, "Beslisser" },
    { "ParticipatieRol", 7, "Raadpleger" },
};


static void
check_files(void)
{
    for (size_t i = 0; i < ROWS(fixed); i++) {
        dosis_codelijst_t *lijst = lijst_load(fixed[i].lijst);
        dosis_slice_t code = dosis_slice_of(fixed[i].code);

        CHECK(dosis_codelijst_nummer(lijst, code) == fixed[i].nummer
                && dosis_slice_eq(
                    dosis_codelijst_code(lijst, fixed[i].nummer), code),
            fixed[i].code);
        dosis_codelijst_free(lijst);
    }
}


/* The 2018 list; spellings and case differ from the older one. */
static void
check_generations(void)
{
    static const char *const newer[] = { "InVerwerking",
        "BeslissingGepubliceerd", "Beroep", "Beslist", "Betaald", "Bezwaar",
        "DeelsGoedgekeurd", "DeelsUitbetaald", "DossierOnvolledig",
        "DossierVolledig", "ErkendOfVergund",
        "ErkenningOfVergunningIngetrokken", "Geinitieerd", "Geweigerd",
        "Goedgekeurd", "InWacht", "Ingediend", "KlaarVoorBeslissing",
        "KlaarVoorBetaling", "Onontvankelijk", "Ontvangen", "Ontvankelijk",
        "Stopgezet", "Stopzetting", "Terugbetaald", "TerugvorderingBetaling",
        "Uitgevoerd" };
    dosis_codelijst_t *lijst = lijst_load("StatusVlaamsCode");
    const dosis_codewaarde_t *waarde;

    for (size_t i = 0; i < ROWS(newer); i++) {
        CHECK(dosis_codelijst_nummer(lijst, dosis_slice_of(newer[i])) != 0,
            newer[i]);
    }

    CHECK(dosis_codelijst_nummer(lijst, DOSIS_SLICE("INBEHANDELING")) == 8
            && dosis_codelijst_nummer(lijst, DOSIS_SLICE("inbehandeling")) == 8,
        "codes are found in any case");
    CHECK(dosis_codelijst_nummer(lijst, DOSIS_SLICE("InBehandelin")) == 0
            && dosis_codelijst_nummer(lijst, DOSIS_SLICE("")) == 0,
        "an unknown code is number 0");

    waarde = dosis_codelijst_at(lijst, 7);
    CHECK(dosis_slice_eq(waarde->code, DOSIS_SLICE("InBehandeling"))
            && dosis_slice_eq(waarde->als_in, DOSIS_SLICE("InVerwerking"))
            && waarde->omschrijving.len > 0,
        "a value names itself, its meaning and its twin");
    CHECK(dosis_codelijst_at(lijst, 30) == NULL
            && dosis_codelijst_count(lijst) == 30,
        "the list ends");
    CHECK(dosis_slice_eq(
              dosis_codelijst_naam(lijst), DOSIS_SLICE("StatusVlaamsCode")),
        "the list has its name");
    CHECK(dosis_codelijst_code(lijst, 0).len == 0
            && dosis_codelijst_code(lijst, 31).len == 0
            && dosis_codelijst_code(lijst, 65535).len == 0,
        "a number that is not given has no code");
    dosis_codelijst_free(lijst);
    dosis_codelijst_free(NULL);
}


/*
 * What one generation has and the other has not leads there through AlsIn; of
 * Aangevraagd the newer one has no counterpart.
 */
static void
check_twins(void)
{
    static const struct {
        const char *code;
        const char *als_in;
    } rows[] = {
        { "OnOntvankelijk", "Onontvankelijk" },
        { "InBehandeling", "InVerwerking" },
        { "InVerwerking", "InBehandeling" },
        { "ErkendVergund", "ErkendOfVergund" },
        { "ErkendOfVergund", "ErkendVergund" },
        { "Aangevraagd", "" },
        { "Betaald", "" },
        { "Beroep", "" },
    };
    dosis_codelijst_t *lijst = lijst_load("StatusVlaamsCode");

    for (size_t i = 0; i < ROWS(rows); i++) {
        uint16_t nummer =
            dosis_codelijst_nummer(lijst, dosis_slice_of(rows[i].code));
        const dosis_codewaarde_t *waarde =
            dosis_codelijst_at(lijst, (size_t) nummer - 1);

        CHECK(nummer != 0
                && dosis_slice_eq(
                    waarde->als_in, dosis_slice_of(rows[i].als_in)),
            rows[i].code);
    }
    dosis_codelijst_free(lijst);
}


#define HEAD "{\"Naam\":\"N\",\"Herkomst\":\"H\",\"Datum\":\"2026-11-23\","
#define ONE "{\"Nummer\":1,\"Code\":\"A\",\"Omschrijving\":\"a\"}"

static void
check_refused(void)
{
    static const struct {
        const char *json;
        const char *field;
        const char *code;
    } rows[] = {
        { "{", "", "JsonOngeldig" },
        { "[]", "", "VeldOngeldig" },
        { "{\"Herkomst\":\"H\",\"Datum\":\"2026-11-23\",\"Waarden\":[]}",
            "/Naam", "VeldOntbreekt" },
        { "{\"Naam\":\"N\",\"Datum\":\"2026-11-23\",\"Waarden\":[]}",
            "/Herkomst", "VeldOntbreekt" },
        { HEAD "\"Waarden\":{}}", "/Waarden", "VeldOngeldig" },
        { HEAD "\"X\":1}", "/X", "VeldBestaatNiet" },
        { "{\"Naam\":\"N\",\"Herkomst\":\"H\",\"Datum\":\"2026-02-30\","
          "\"Waarden\":[]}",
            "/Datum", "DatumOngeldig" },
        { HEAD "\"Waarden\":[3]}", "/Waarden/0", "VeldOngeldig" },
        { HEAD "\"Waarden\":[" ONE ",{\"Nummer\":0,\"Code\":\"B\","
               "\"Omschrijving\":\"b\"}]}",
            "/Waarden/1/Nummer", "VeldOngeldig" },
        { HEAD "\"Waarden\":[{\"Nummer\":65536,\"Code\":\"B\","
               "\"Omschrijving\":\"b\"}]}",
            "/Waarden/0/Nummer", "VeldOngeldig" },
        { HEAD "\"Waarden\":[{\"Nummer\":\"1\",\"Code\":\"B\","
               "\"Omschrijving\":\"b\"}]}",
            "/Waarden/0/Nummer", "VeldOngeldig" },
        { HEAD "\"Waarden\":[" ONE ",{\"Nummer\":1,\"Code\":\"B\","
               "\"Omschrijving\":\"b\"}]}",
            "/Waarden/1/Nummer", "WaardeDubbel" },
        { HEAD "\"Waarden\":[" ONE ",{\"Nummer\":2,\"Code\":\"a\","
               "\"Omschrijving\":\"b\"}]}",
            "/Waarden/1/Code", "WaardeDubbel" },
        { HEAD "\"Waarden\":[" ONE ",{\"Nummer\":2,\"Code\":\"B\","
               "\"Omschrijving\":\"b\",\"AlsIn\":\"C\"}]}",
            "/Waarden/1/AlsIn", "WaardeOnbekend" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_codelijst_t *lijst = NULL;
        dosis_err_t err = { 0 };
        dosis_rc_t rc =
            dosis_codelijst_parse(dosis_slice_of(rows[i].json), &lijst, &err);
        bool named = false;

        for (uint32_t j = 0; j < err.count; j++) {
            named = named
                || (strcmp(err.item[j].field, rows[i].field) == 0
                    && strcmp(err.item[j].code, rows[i].code) == 0);
        }
        CHECK(rc == DOSIS_EINPUT && lijst == NULL, rows[i].json);
        CHECK(named, "the problem is named where it stands");
    }
}


static void
check_small(void)
{
    dosis_codelijst_t *lijst = NULL;
    dosis_err_t err = { 0 };
    dosis_rc_t rc = dosis_codelijst_parse(
        DOSIS_SLICE(
            HEAD "\"Waarden\":["
                 "{\"Nummer\":65535,\"Code\":\"Z\",\"Omschrijving\":\"z\"}," ONE
                 "]}"),
        &lijst, &err);

    CHECK(rc == DOSIS_OK && !dosis_err_any(&err), "a small list is read");
    CHECK(dosis_slice_eq(dosis_codelijst_at(lijst, 0)->code, DOSIS_SLICE("Z"))
            && dosis_codelijst_at(lijst, 0)->nummer == 65535,
        "the order of the file is kept");
    CHECK(dosis_slice_eq(dosis_codelijst_code(lijst, 65535), DOSIS_SLICE("Z"))
            && dosis_codelijst_code(lijst, 2).len == 0,
        "the largest number is found, a gap is not");
    dosis_codelijst_free(lijst);
}


static void
check_add(void)
{
    static const char json[] = HEAD
        "\"Waarden\":["
        "{\"Nummer\":7,\"Code\":\"Z\",\"Omschrijving\":\"z\\\"\","
        "\"AlsIn\":\"A\"}," ONE "]}";
    static const char wanted[] = HEAD
        "\"Waarden\":["
        "{\"Code\":\"A\",\"Omschrijving\":\"a\",\"Nummer\":1,"
        "\"AlsIn\":null},"
        "{\"Code\":\"Z\",\"Omschrijving\":\"z\\\"\",\"Nummer\":7,"
        "\"AlsIn\":\"A\"}]}";
    dosis_codelijst_t *lijst = NULL;
    dosis_buf_t buf;

    CHECK(dosis_codelijst_parse(dosis_slice_of(json), &lijst, NULL)
            == DOSIS_OK,
        "a list is read");
    dosis_buf_init(&buf, LIJST_FILE_MAX);
    dosis_codelijst_add(&buf, lijst);
    CHECK(dosis_slice_eq(dosis_buf_slice(&buf), dosis_slice_of(wanted)),
        "and written as JSON, by Nummer");
    dosis_buf_done(&buf);
    dosis_codelijst_free(lijst);
}


int
main(void)
{
    dosis_json_init();
    check_files();
    check_generations();
    check_twins();
    check_refused();
    check_small();
    check_add();

    return tap_done();
}
