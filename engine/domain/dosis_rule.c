/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_rule.h"

#define FOUT "fout"
#define WAARSCHUWING "waarschuwing"

/* Where a rule comes from. */
#define MODEL "DOSIS-model (OSLO Dienst Transactiemodel)"
#define LIJST "DOSIS-codelijsten"
#define CONTRACT "DOSIS-API"
#define PRIVACY "DOSIS: geen rijksregisternummer in een adres"
#define KBO "KBO: nummer met controlegetal (97 - rest)"
#define RRN "Rijksregister: nummer met controlegetal (97 - rest)"
#define RECHTEN "DOSIS: toegang volgens rechten"
#define BEHEER "DOSIS-beheer"

static const dosis_rule_t rules[] = {
    [DOSIS_RULE_VELD_ONTBREEKT] = { "VeldOntbreekt", FOUT,
        "Dit veld is verplicht.", MODEL },
    [DOSIS_RULE_VELD_SOORT] = { "VeldOngeldig", FOUT, "Dit veld moet %s zijn.",
        MODEL },
    [DOSIS_RULE_VELD_TEKENS] = { "VeldOngeldig", FOUT,
        "Dit veld bevat een stuurteken dat hier niet mag.", CONTRACT },
    [DOSIS_RULE_VELD_TE_LANG] = { "VeldTeLang", FOUT,
        "Dit veld mag hoogstens %s bytes (UTF-8) lang zijn.", CONTRACT },
    [DOSIS_RULE_DUBBEL_VELD] = { "DubbelVeld", FOUT,
        "Dit veld is al gegeven in een andere schrijfwijze.", CONTRACT },
    [DOSIS_RULE_ONBEKEND_VELD] = { "OnbekendVeld", WAARSCHUWING,
        "Dit veld is niet gekend en is genegeerd.", CONTRACT },
    [DOSIS_RULE_UPLOAD_ID_ONGELDIG] = { "UploadIdOngeldig", FOUT,
        "Dit veld moet een UUID zijn (8-4-4-4-12 hexadecimale tekens).",
        CONTRACT },
    [DOSIS_RULE_INSZ_ALS_NUMMER] = { "InszAlsNummer", FOUT,
        "Een dossiernummer mag geen rijksregisternummer zijn.", PRIVACY },
    [DOSIS_RULE_DATUM_ONGELDIG] = { "DatumOngeldig", FOUT,
        "Dit veld is geen bestaande datum of tijdstip (ISO 8601) tussen 1900 "
        "en 2100.",
        MODEL },
    [DOSIS_RULE_DATUM_IN_TOEKOMST] = { "DatumInToekomst", FOUT,
        "Deze datum ligt te ver in de toekomst.", CONTRACT },
    [DOSIS_RULE_FASE_ONBEKEND] = { "FaseOnbekend", FOUT,
        "Deze fase staat niet in de codelijst StatusVlaamsFase.", LIJST },
    [DOSIS_RULE_CODE_ONBEKEND] = { "CodeOnbekend", FOUT,
        "Deze code staat niet in de codelijst StatusVlaamsCode.", LIJST },
    [DOSIS_RULE_EDRL_ONBEKEND] = { "EdrlOnbekend", FOUT,
        "Deze waarde staat niet in de codelijst StatusEDRL.", LIJST },
    [DOSIS_RULE_ROL_ONBEKEND] = { "RolOnbekend", FOUT,
        "Deze rol staat niet in de codelijst ParticipatieRol.", LIJST },
    [DOSIS_RULE_ONGEBRUIKELIJK_PAAR] = { "OngebruikelijkPaar", WAARSCHUWING,
        "Deze code is ongebruikelijk bij de fase %s.", LIJST },
    [DOSIS_RULE_TE_VEEL_FASEN] = { "TeVeelFasen", FOUT,
        "Hoogstens %s mogelijke fases zijn toegelaten.", CONTRACT },
    [DOSIS_RULE_TE_VEEL_PRODUCTEN] = { "TeVeelProducten", FOUT,
        "Hoogstens %s producten zijn toegelaten.", CONTRACT },
    [DOSIS_RULE_AGENTEN_ONTBREKEN] = { "AgentenOntbreken", FOUT,
        "Een dossier heeft minstens een agent nodig.", MODEL },
    [DOSIS_RULE_TE_VEEL_AGENTEN] = { "TeVeelAgenten", FOUT,
        "Hoogstens %s agenten zijn toegelaten.", CONTRACT },
    [DOSIS_RULE_TE_VEEL_RECHTEN] = { "TeVeelRechten", FOUT,
        "Hoogstens %s toegangsrechten per agent zijn toegelaten.", CONTRACT },
    [DOSIS_RULE_GEEN_RECHTEN] = { "GeenRechten", WAARSCHUWING,
        "Deze agent heeft geen toegangsrechten: niemand ziet het dossier voor "
        "deze agent, tenzij de bron anders geregistreerd is.",
        RECHTEN },
    [DOSIS_RULE_KBO_ONGELDIG] = { "KboOngeldig", FOUT,
        "Dit is geen geldig ondernemingsnummer.", KBO },
    [DOSIS_RULE_VESTIGING_ONGELDIG] = { "VestigingOngeldig", FOUT,
        "Dit is geen geldig vestigingsnummer.", KBO },
    [DOSIS_RULE_INSZ_ONGELDIG] = { "InszOngeldig", FOUT,
        "Dit is geen geldig rijksregister- of BIS-nummer.", RRN },
    [DOSIS_RULE_AGENT_ONGELDIG] = { "AgentOngeldig", FOUT,
        "Dit is geen identificatie van een agent (hoogstens 100 bytes, geen "
        "stuurtekens).",
        CONTRACT },
    [DOSIS_RULE_URL_ONGELDIG] = { "UrlOngeldig", FOUT,
        "Dit veld moet een volledig http- of https-adres zijn, zonder blanco, "
        "aanhalingsteken of aanmeldgegevens.",
        CONTRACT },
    [DOSIS_RULE_INSZ_IN_URL] = { "InszInUrl", FOUT,
        "Een doorverwijzing mag geen rijksregisternummer bevatten.", PRIVACY },
    [DOSIS_RULE_PUBLIEK_MET_PERSOON] = { "PubliekMetPersoon", FOUT,
        "Een dossier van een persoon mag niet publiek zijn.", RECHTEN },

    [DOSIS_RULE_VELD_BESTAAT_NIET] = { "VeldBestaatNiet", FOUT,
        "Dit veld bestaat niet.", BEHEER },
    [DOSIS_RULE_WAARDE_DUBBEL] = { "WaardeDubbel", FOUT,
        "Deze waarde komt twee keer voor.", BEHEER },
    [DOSIS_RULE_WAARDE_ONBEKEND] = { "WaardeOnbekend", FOUT,
        "Deze waarde is niet gekend; verwacht: %s.", BEHEER },
    [DOSIS_RULE_TE_VEEL_WAARDEN] = { "TeVeelWaarden", FOUT,
        "Hoogstens %s waarden zijn toegelaten.", BEHEER },
};

_Static_assert(sizeof(rules) / sizeof(rules[0]) == DOSIS_RULE_MAX,
    "each rule has its row");


const dosis_rule_t *
dosis_rule(dosis_rule_id_t id)
{
    return &rules[id];
}


bool
dosis_rule_warns(dosis_rule_id_t id)
{
    return rules[id].ernst[0] == 'w';
}


void
dosis_rule_broken(
    dosis_err_t *err, dosis_rule_id_t id, const char *field, const char *detail)
{
    const dosis_rule_t *rule = &rules[id];
    const char *hole = strstr(rule->text, "%s");

    if (hole == NULL) {
        dosis_err_add(err, rule->code, field, "%s", rule->text);
        return;
    }

    dosis_err_add(err, rule->code, field, "%.*s%s%s", (int) (hole - rule->text),
        rule->text, detail == NULL ? "" : detail, hole + 2);
}
