/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "domain/dosis_resultaat.h"
#include "domain/dosis_rule.h"


static bool
row_is_whole(const dosis_rule_t *rule)
{
    const char *hole = strstr(rule->text, "%");

    return rule->code != NULL && rule->code[0] >= 'A' && rule->code[0] <= 'Z'
        && strspn(rule->code,
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        == strlen(rule->code)
        && rule->text[strlen(rule->text) - 1] == '.'
        && strlen(rule->text) < DOSIS_ERR_TEXT_MAX
        && (hole == NULL
            || (strncmp(hole, "%s", 2) == 0 && strchr(hole + 1, '%') == NULL))
        && rule->herkomst != NULL && rule->herkomst[0] != '\0'
        && (strcmp(rule->ernst, "fout") == 0
            || strcmp(rule->ernst, "waarschuwing") == 0);
}


static void
check_rows(void)
{
    for (int id = 0; id < DOSIS_RULE_MAX; id++) {
        const dosis_rule_t *rule = dosis_rule((dosis_rule_id_t) id);

        CHECK(row_is_whole(rule), rule->code);
        CHECK(dosis_rule_warns((dosis_rule_id_t) id)
                == (strcmp(rule->ernst, "waarschuwing") == 0),
            "a rule warns when its severity says so");
    }
}


/* Codes are on the wire: none may change. */
static void
check_codes(void)
{
    static const struct {
        dosis_rule_id_t id;
        const char *code;
    } rows[] = {
        { DOSIS_RULE_VELD_ONTBREEKT, "VeldOntbreekt" },
        { DOSIS_RULE_VELD_SOORT, "VeldOngeldig" },
        { DOSIS_RULE_VELD_TEKENS, "VeldOngeldig" },
        { DOSIS_RULE_VELD_TE_LANG, "VeldTeLang" },
        { DOSIS_RULE_DUBBEL_VELD, "DubbelVeld" },
        { DOSIS_RULE_ONBEKEND_VELD, "OnbekendVeld" },
        { DOSIS_RULE_UPLOAD_ID_ONGELDIG, "UploadIdOngeldig" },
        { DOSIS_RULE_INSZ_ALS_NUMMER, "InszAlsNummer" },
        { DOSIS_RULE_DATUM_ONGELDIG, "DatumOngeldig" },
        { DOSIS_RULE_DATUM_IN_TOEKOMST, "DatumInToekomst" },
        { DOSIS_RULE_FASE_ONBEKEND, "FaseOnbekend" },
        { DOSIS_RULE_CODE_ONBEKEND, "CodeOnbekend" },
        { DOSIS_RULE_ROL_ONBEKEND, "RolOnbekend" },
        { DOSIS_RULE_ONGEBRUIKELIJK_PAAR, "OngebruikelijkPaar" },
        { DOSIS_RULE_AGENTEN_ONTBREKEN, "AgentenOntbreken" },
        { DOSIS_RULE_TE_VEEL_AGENTEN, "TeVeelAgenten" },
        { DOSIS_RULE_TE_VEEL_RECHTEN, "TeVeelRechten" },
        { DOSIS_RULE_GEEN_RECHTEN, "GeenRechten" },
        { DOSIS_RULE_KBO_ONGELDIG, "KboOngeldig" },
        { DOSIS_RULE_VESTIGING_ONGELDIG, "VestigingOngeldig" },
        { DOSIS_RULE_INSZ_ONGELDIG, "InszOngeldig" },
        { DOSIS_RULE_URL_ONGELDIG, "UrlOngeldig" },
        { DOSIS_RULE_INSZ_IN_URL, "InszInUrl" },
        { DOSIS_RULE_PUBLIEK_MET_PERSOON, "PubliekMetPersoon" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK(strcmp(dosis_rule(rows[i].id)->code, rows[i].code) == 0,
            rows[i].code);
    }
}


static void
check_broken(void)
{
    dosis_err_t err = { 0 };

    dosis_rule_broken(&err, DOSIS_RULE_VELD_ONTBREEKT, "/Naam", NULL);
    dosis_rule_broken(&err, DOSIS_RULE_VELD_SOORT, "/Status", "een object");
    dosis_rule_broken(&err, DOSIS_RULE_VELD_SOORT, "/Status", "100%s");
    dosis_rule_broken(NULL, DOSIS_RULE_VELD_SOORT, "/Status", NULL);

    CHECK(err.count == 3, "each broken rule is one problem");
    CHECK(strcmp(err.item[0].code, "VeldOntbreekt") == 0
            && strcmp(err.item[0].field, "/Naam") == 0
            && strcmp(err.item[0].text, "Dit veld is verplicht.") == 0,
        "code, field and text come from the row");
    CHECK(strcmp(err.item[1].text, "Dit veld moet een object zijn.") == 0,
        "the detail fills the hole");
    CHECK(strcmp(err.item[2].text, "Dit veld moet 100%s zijn.") == 0,
        "a detail is never a format");
}


static void
check_resultaten(void)
{
    static const char *const names[] = { "Geweigerd", "Nieuw", "Gewijzigd",
        "Ongewijzigd", "Verouderd", "Hersteld", "Ingetrokken", "Onbekend",
        "Proef" };

    for (int i = 0; i < 9; i++) {
        CHECK(
            strcmp(dosis_resultaat_name((dosis_resultaat_t) i), names[i]) == 0,
            names[i]);
    }
    CHECK(dosis_resultaat_name((dosis_resultaat_t) 99) != NULL,
        "a number from elsewhere has a name too");
}


int
main(void)
{
    check_rows();
    check_codes();
    check_broken();
    check_resultaten();

    return tap_done();
}
