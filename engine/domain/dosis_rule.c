/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_rule.h"

#include "domain/dosis_csv_dossier.h"
#include "domain/dosis_dossier.h"

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

/* About which members. */
#define ANY "*"
#define AGENT "/Agenten/*/Identificatie"
#define RECHT "/Agenten/*/Toegangsrechten"
#define MOMENTS                                                                \
    "/WijzigingsDatum /StreefDatum /Status/StreefDatum /Status/Actie/Voor"
#define FASEN "/Status/VlaamsFase /MogelijkeVlaamseFases/*"
#define REGISTRATIE ""
#define KOP ""
#define RIJ ""

#define TEXT_BYTES 512 /* of a text with its detail, before it is cut */

#define TEXT_OF(number) #number
#define DECIMAL(number) TEXT_OF(number)

static const dosis_rule_t rules[] = {
    [DOSIS_RULE_VELD_ONTBREEKT] = { "VeldOntbreekt", FOUT,
        "Dit veld is verplicht.", NULL, ANY, MODEL },
    [DOSIS_RULE_VELD_SOORT] = { "VeldOngeldig", FOUT, "Dit veld moet %s zijn.",
        "van de gevraagde soort", ANY, MODEL },
    [DOSIS_RULE_VELD_TEKENS] = { "VeldOngeldig", FOUT,
        "Dit veld bevat een stuurteken dat hier niet mag.", NULL, ANY,
        CONTRACT },
    [DOSIS_RULE_VELD_TE_LANG] = { "VeldTeLang", FOUT,
        "Dit veld mag hoogstens %s bytes (UTF-8) lang zijn.", "Maximum", ANY,
        CONTRACT },
    [DOSIS_RULE_DUBBEL_VELD] = { "DubbelVeld", FOUT,
        "Dit veld is al gegeven in een andere schrijfwijze.", NULL, ANY,
        CONTRACT },
    [DOSIS_RULE_ONBEKEND_VELD] = { "OnbekendVeld", WAARSCHUWING,
        "Dit veld is niet gekend en is genegeerd.", NULL, ANY, CONTRACT },
    [DOSIS_RULE_UPLOAD_ID_ONGELDIG] = { "UploadIdOngeldig", FOUT,
        "Dit veld moet een UUID zijn (8-4-4-4-12 hexadecimale tekens).", NULL,
        "/UploadId", CONTRACT },
    [DOSIS_RULE_INSZ_ALS_NUMMER] = { "InszAlsNummer", FOUT,
        "Een dossiernummer mag geen rijksregisternummer zijn.", NULL,
        "/Identificatie/DossierNummer", PRIVACY },
    [DOSIS_RULE_DATUM_ONGELDIG] = { "DatumOngeldig", FOUT,
        "Dit veld is geen bestaande datum of tijdstip (ISO 8601, in CSV ook "
        "dag/maand/jaar) tussen 1900 en 2100.",
        NULL, MOMENTS, MODEL },
    [DOSIS_RULE_DATUM_IN_TOEKOMST] = { "DatumInToekomst", FOUT,
        "Deze datum ligt te ver in de toekomst.", NULL, "/WijzigingsDatum",
        CONTRACT },
    [DOSIS_RULE_FASE_ONBEKEND] = { "FaseOnbekend", FOUT,
        "Deze fase staat niet in de codelijst StatusVlaamsFase.", NULL, FASEN,
        LIJST },
    [DOSIS_RULE_CODE_ONBEKEND] = { "CodeOnbekend", FOUT,
        "Deze code staat niet in de codelijst StatusVlaamsCode.", NULL,
        "/Status/VlaamsCode", LIJST },
    [DOSIS_RULE_EDRL_ONBEKEND] = { "EdrlOnbekend", FOUT,
        "Deze waarde staat niet in de codelijst StatusEDRL.", NULL,
        "/Status/EDRL", LIJST },
    [DOSIS_RULE_ROL_ONBEKEND] = { "RolOnbekend", FOUT,
        "Deze rol staat niet in de codelijst ParticipatieRol.", NULL,
        "/Agenten/*/Rol", LIJST },
    [DOSIS_RULE_ONGEBRUIKELIJK_PAAR] = { "OngebruikelijkPaar", WAARSCHUWING,
        "Deze code is ongebruikelijk bij de fase %s.", "van het dossier",
        "/Status/VlaamsCode", LIJST },
    [DOSIS_RULE_TE_VEEL_FASEN] = { "TeVeelFasen", FOUT,
        "Hoogstens %s mogelijke fases zijn toegelaten.",
        DECIMAL(DOSIS_FASEN_MAX), "/MogelijkeVlaamseFases", CONTRACT },
    [DOSIS_RULE_TE_VEEL_PRODUCTEN] = { "TeVeelProducten", FOUT,
        "Hoogstens %s producten zijn toegelaten.", DECIMAL(DOSIS_PRODUCTEN_MAX),
        "/Producten", CONTRACT },
    [DOSIS_RULE_AGENTEN_ONTBREKEN] = { "AgentenOntbreken", FOUT,
        "Een dossier heeft minstens een agent nodig.", NULL, "/Agenten",
        MODEL },
    [DOSIS_RULE_TE_VEEL_AGENTEN] = { "TeVeelAgenten", FOUT,
        "Hoogstens %s agenten zijn toegelaten.", DECIMAL(DOSIS_AGENTEN_MAX),
        "/Agenten", CONTRACT },
    [DOSIS_RULE_TE_VEEL_RECHTEN] = { "TeVeelRechten", FOUT,
        "Hoogstens %s toegangsrechten per agent zijn toegelaten.",
        DECIMAL(DOSIS_RECHTEN_MAX), RECHT, CONTRACT },
    [DOSIS_RULE_GEEN_RECHTEN] = { "GeenRechten", WAARSCHUWING,
        "Deze agent heeft geen toegangsrechten: niemand ziet het dossier voor "
        "deze agent, tenzij de bron anders geregistreerd is.",
        NULL, RECHT, RECHTEN },
    [DOSIS_RULE_KBO_ONGELDIG] = { "KboOngeldig", FOUT,
        "Dit is geen geldig ondernemingsnummer.", NULL, AGENT, KBO },
    [DOSIS_RULE_VESTIGING_ONGELDIG] = { "VestigingOngeldig", FOUT,
        "Dit is geen geldig vestigingsnummer.", NULL, AGENT, KBO },
    [DOSIS_RULE_INSZ_ONGELDIG] = { "InszOngeldig", FOUT,
        "Dit is geen geldig rijksregister- of BIS-nummer.", NULL, AGENT, RRN },
    [DOSIS_RULE_AGENT_ONGELDIG] = { "AgentOngeldig", FOUT,
        "Dit is geen identificatie van een agent (hoogstens " DECIMAL(
            DOSIS_AGENT_ID_MAX) " bytes, geen stuurtekens).",
        NULL, AGENT, CONTRACT },
    [DOSIS_RULE_AGENT_AFGEROND] = { "AgentAfgerond", FOUT,
        "Een rekenblad heeft dit nummer afgerond (zoals 4,23E+08): zijn "
        "cijfers zijn weg. Maak van de kolom tekst en vul het nummer opnieuw "
        "in.",
        NULL, AGENT, CONTRACT },
    [DOSIS_RULE_AGENT_VREEMD] = { "AgentVreemd", WAARSCHUWING,
        "Geen KBO-, vestigings-, rijksregister-, verenigings- of OVO-nummer: "
        "genomen als buitenlands. Alleen wie precies deze tekst vraagt, vindt "
        "het.",
        NULL, AGENT, CONTRACT },
    [DOSIS_RULE_URL_ONGELDIG] = { "UrlOngeldig", FOUT,
        "Dit veld moet een volledig http- of https-adres zijn, zonder blanco, "
        "aanhalingsteken of aanmeldgegevens.",
        NULL, "/Doorverwijzing", CONTRACT },
    [DOSIS_RULE_INSZ_IN_URL] = { "InszInUrl", FOUT,
        "Een doorverwijzing mag geen rijksregisternummer bevatten.", NULL,
        "/Doorverwijzing", PRIVACY },
    [DOSIS_RULE_URL_NIET_GEOPEND] = { "UrlNietGeopend", WAARSCHUWING,
        "Naar dit adres wordt niemand doorverwezen: het is geen https, of zijn "
        "host staat niet bij deze bron.",
        NULL, "/Doorverwijzing", CONTRACT },
    [DOSIS_RULE_PUBLIEK_MET_PERSOON] = { "PubliekMetPersoon", FOUT,
        "Een dossier van een persoon mag niet publiek zijn.", NULL,
        "/IsPubliek", RECHTEN },

    [DOSIS_RULE_VELD_BESTAAT_NIET] = { "VeldBestaatNiet", FOUT,
        "Dit veld bestaat niet.", NULL, REGISTRATIE, BEHEER },
    [DOSIS_RULE_WAARDE_DUBBEL] = { "WaardeDubbel", FOUT,
        "Deze waarde komt twee keer voor.", NULL, REGISTRATIE, BEHEER },
    [DOSIS_RULE_WAARDE_ONBEKEND] = { "WaardeOnbekend", FOUT,
        "Deze waarde is niet gekend; verwacht: %s.", "een waarde uit de lijst",
        REGISTRATIE, BEHEER },
    [DOSIS_RULE_TE_VEEL_WAARDEN] = { "TeVeelWaarden", FOUT,
        "Hoogstens %s waarden zijn toegelaten.", "zoveel als toegelaten",
        REGISTRATIE, BEHEER },

    [DOSIS_RULE_CSV_CODERING] = { "CoderingOngeldig", FOUT,
        "Het bestand is geen UTF-8 en geen Windows-1252.", NULL, KOP,
        CONTRACT },
    [DOSIS_RULE_CSV_NUL] = { "NulTeken", FOUT,
        "Het bestand bevat een NUL-teken, en is dus geen CSV. Bewaar een "
        "rekenblad als CSV.",
        NULL, KOP, CONTRACT },
    [DOSIS_RULE_KOP_ONTBREEKT] = { "KopOntbreekt", FOUT,
        "De eerste lijn is leeg of geen kop: geen enkele naam van een kolom "
        "staat in het sjabloon.",
        NULL, KOP, CONTRACT },
    [DOSIS_RULE_KOP_TE_LANG] = { "KopTeLang", FOUT,
        "De kop mag hoogstens %s bytes lang zijn.",
        DECIMAL(DOSIS_CSV_KOP_MAX), KOP, CONTRACT },
    [DOSIS_RULE_KOP_AANHALING] = { "KopOngeldig", FOUT,
        "Een aanhalingsteken in de kop staat verkeerd of wordt niet gesloten.",
        NULL, KOP, CONTRACT },
    [DOSIS_RULE_KOLOM_ONTBREEKT] = { "KolomOntbreekt", FOUT,
        "Deze kolom is verplicht.", NULL, KOP, MODEL },
    [DOSIS_RULE_KOLOM_STATUS] = { "StatusKolomOntbreekt", WAARSCHUWING,
        "Zonder deze kolom kan geen rij een DossierStatus zijn.", NULL, KOP,
        MODEL },
    [DOSIS_RULE_KOLOM_DUBBEL] = { "DubbeleKolom", FOUT,
        "Deze kolom komt meer dan eens voor.", NULL, KOP, CONTRACT },
    [DOSIS_RULE_KOLOM_TE_LANG] = { "KolomTeLang", FOUT,
        "De naam van een kolom mag hoogstens %s bytes (UTF-8) lang zijn.",
        DECIMAL(DOSIS_CSV_NAAM_MAX), KOP, CONTRACT },
    [DOSIS_RULE_KOLOM_ONBEKEND] = { "OnbekendeKolom", WAARSCHUWING,
        "Deze kolom is niet gekend en wordt niet gelezen.", NULL, KOP,
        CONTRACT },
    [DOSIS_RULE_KOLOM_ZONDER_NAAM] = { "KolomZonderNaam", WAARSCHUWING,
        "Kolom %s heeft geen naam en wordt niet gelezen.", "nummer", KOP,
        CONTRACT },
    [DOSIS_RULE_TE_VEEL_KOLOMMEN] = { "TeVeelKolommen", FOUT,
        "Hoogstens %s kolommen zijn toegelaten.",
        DECIMAL(DOSIS_CSV_KOLOMMEN_MAX), KOP, CONTRACT },
    [DOSIS_RULE_CSV_ZONDER_RIJEN] = { "BestandZonderRijen", FOUT,
        "Het bestand heeft een kop, maar geen rijen.", NULL, KOP, CONTRACT },
    [DOSIS_RULE_CSV_GZIP] = { "GzipOngeldig", FOUT,
        "Het bestand is beschadigde of afgebroken gzip.", NULL, KOP,
        CONTRACT },
    [DOSIS_RULE_RIJ_TE_LANG] = { "RijTeLang", FOUT,
        "Een rij mag hoogstens %s bytes lang zijn.",
        DECIMAL(DOSIS_CSV_RIJ_MAX), RIJ, CONTRACT },
    [DOSIS_RULE_RIJ_AANHALING] = { "RijOngeldig", FOUT,
        "Op deze lijn staat een aanhalingsteken waar dat niet mag.", NULL, RIJ,
        CONTRACT },
    [DOSIS_RULE_RIJ_OPEN] = { "RijOngeldig", FOUT,
        "Een aanhalingsteken dat op deze lijn opent, wordt niet gesloten zoals "
        "het moet.",
        NULL, RIJ, CONTRACT },
    [DOSIS_RULE_RIJ_NUL] = { "NulTeken", FOUT,
        "Deze rij bevat een NUL-teken.", NULL, RIJ, CONTRACT },
    [DOSIS_RULE_RIJ_CODERING] = { "CoderingOngeldig", FOUT,
        "Deze rij is geen UTF-8, en ook geen Windows-1252 waar dat mag.", NULL,
        RIJ, CONTRACT },
    [DOSIS_RULE_RIJ_TE_VEEL] = { "TeVeelCellen", FOUT,
        "Deze rij heeft te veel cellen: %s.", "meer dan kolommen", RIJ,
        CONTRACT },
    [DOSIS_RULE_RIJ_TE_WEINIG] = { "TeWeinigCellen", FOUT,
        "Deze rij heeft te weinig cellen: %s.", "minder dan kolommen", RIJ,
        CONTRACT },
    [DOSIS_RULE_RIJ_STRIJDIG] = { "CelStrijdig", FOUT,
        "Rijen van een dossier zeggen hier hetzelfde of niets: deze cel "
        "verschilt van die op lijn %s.",
        "nummer", RIJ, CONTRACT },
    [DOSIS_RULE_RIJ_WINDOWS_1252] = { "RijInWindows", WAARSCHUWING,
        "Deze rij is geen UTF-8 en is gelezen als Windows-1252, zoals elke "
        "verdere rij die geen UTF-8 is.",
        NULL, RIJ, CONTRACT },
    [DOSIS_RULE_SLEUTEL_OPNIEUW] = { "SleutelOpnieuw", WAARSCHUWING,
        "Dit dossier stond eerder al in het bestand, met andere ertussen: dit "
        "is een nieuwe levering, die de vorige vervangt.",
        NULL, RIJ, CONTRACT },
    [DOSIS_RULE_RIJ_BRON] = { "BronNietToegelaten", FOUT,
        "Deze client mag niet leveren voor deze bron.", NULL, RIJ, CONTRACT },
    [DOSIS_RULE_RIJ_UPLOAD_ID] = { "UploadIdHergebruikt", FOUT,
        "Met deze UploadId is al een andere levering aanvaard.", NULL, RIJ,
        CONTRACT },
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
dosis_rule_add_text(
    dosis_buf_t *buf, const dosis_rule_t *rule, const char *detail)
{
    const char *hole = strstr(rule->text, "%s");

    if (hole == NULL) {
        dosis_buf_add_slice(buf, dosis_slice_of(rule->text));
        return;
    }

    dosis_buf_add(buf, rule->text, (size_t) (hole - rule->text));
    dosis_buf_add_slice(buf, dosis_slice_of(detail == NULL ? "" : detail));
    dosis_buf_add_slice(buf, dosis_slice_of(hole + 2));
}


void
dosis_rule_broken(
    dosis_err_t *err, dosis_rule_id_t id, const char *field, const char *detail)
{
    const dosis_rule_t *rule = &rules[id];
    char text[TEXT_BYTES];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, text, sizeof(text));
    dosis_rule_add_text(&buf, rule, detail);
    dosis_err_add(err, rule->code, field, "%.*s", (int) buf.len, text);
}
