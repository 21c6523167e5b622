/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_limiet.h"

#include <string.h>

#include "base/dosis_err.h"
#include "domain/dosis_access.h"
#include "domain/dosis_csv_dossier.h"
#include "domain/dosis_dossier.h"

#define BYTES "bytes"
#define SECONDEN "seconden"
#define AANTAL "aantal"

#define VAST .instelling = DOSIS_LIMIET_VAST
#define SET(member) .instelling = offsetof(dosis_limiet_instelling_t, member)

static const dosis_limiet_t limieten[] = {
    { "DossierBytes", BYTES, "Grootte van een levering van een dossier.",
        DOSIS_BODY_MAX, SET(body_max) },
    { "LijstBytes", BYTES, "Grootte van een lijst van dossiers.",
        DOSIS_BATCH_BODY_MAX, SET(batch_body_max) },
    { "LijstDossiers", AANTAL, "Dossiers in een lijst.", DOSIS_BATCH_ITEMS_MAX,
        VAST },
    { "BestandBytes", BYTES, "Grootte van een CSV-bestand, zoals verzonden.",
        DOSIS_CSV_BYTES_MAX, SET(csv_max) },
    { "BestandRijBytes", BYTES, "Grootte van een rij, als UTF-8.",
        DOSIS_CSV_RIJ_MAX, VAST },
    { "BestandRijenPerDossier", AANTAL, "Rijen van een dossier.",
        DOSIS_CSV_RIJEN_MAX, VAST },
    { "BestandKolommen", AANTAL, "Kolommen van een CSV-bestand.",
        DOSIS_CSV_KOLOMMEN_MAX, VAST },
    { "WijzigingsDatumVooruit", SECONDEN,
        "Hoe ver WijzigingsDatum in de toekomst mag liggen.", DOSIS_FUTURE_S,
        SET(future_s) },
    { "Agenten", AANTAL, "Agenten per dossier.", DOSIS_AGENTEN_MAX, VAST },
    { "ToegangsrechtenPerAgent", AANTAL, "Toegangsrechten per agent.",
        DOSIS_RECHTEN_MAX, VAST },
    { "Producten", AANTAL, "Producten per dossier.", DOSIS_PRODUCTEN_MAX,
        VAST },
    { "MogelijkeVlaamseFases", AANTAL, "Mogelijke fases per dossier.",
        DOSIS_FASEN_MAX, VAST },
    { "FoutenPerAntwoord", AANTAL,
        "Fouten die een antwoord of resultaat opsomt; wat meer is, wordt"
        " geteld.",
        DOSIS_ERR_MAX, VAST },
    { "UploadIdOnthouden", SECONDEN,
        "Hoe lang een UploadId onthouden wordt; daarna is hij onbekend.",
        (uint64_t) DOSIS_UPLOAD_TTL_S, VAST },
    { "FoutenPerBron", AANTAL,
        "Geweigerde leveringen die per bron in de lijst blijven; de oudste"
        " vallen weg.",
        DOSIS_FAILURES_MAX, VAST },
    { "Limiet", AANTAL, "Rijen per pagina als limiet ontbreekt.",
        DOSIS_PAGE_ROWS, VAST },
    { "LimietMaximum", AANTAL, "Rijen per pagina, hoogstens.",
        DOSIS_PAGE_ROWS_MAX, VAST },
    { "BekekenPerAanvraag", AANTAL,
        "Rijen die een aanvraag hoogstens bekijkt; een pagina kan dus korter"
        " zijn dan gevraagd.",
        DOSIS_EXAMINED_MAX, VAST },
    { "PaginaBytesPerBron", BYTES,
        "Grootte waarop een pagina van een bron eindigt.",
        DOSIS_SOURCE_BYTES_MAX, VAST },
    { "CursorGeldig", SECONDEN, "Hoe lang een cursor geldig blijft.",
        (uint64_t) DOSIS_CURSOR_TTL_S, VAST },
    { "VolgpuntGeldig", SECONDEN,
        "Hoe lang een volgpunt van de wijzigingen geldig blijft.",
        (uint64_t) DOSIS_FEED_TTL_S, VAST },
    { "WachtenMaximum", SECONDEN,
        "Hoe lang een vraag naar wijzigingen hoogstens wacht.",
        DOSIS_FEED_WAIT_MAX_S, VAST },
    { "RechtenPerVraag", AANTAL,
        "Rechten die een vraag per agent hoogstens noemt.", DOSIS_HELD_MAX,
        VAST },
    { "AgentenPerVraag", AANTAL, "Agenten in de inhoud van een vraag.",
        DOSIS_SUBJECTS_MAX, VAST },
    { "WaardenPerFilter", AANTAL, "Waarden van een filter.", DOSIS_FILTER_MAX,
        VAST },
    { "AgentenPerHandvat", AANTAL, "Agenten in een handvat (Dosis-Namens).",
        DOSIS_HANDLE_SUBJECTS_MAX, VAST },
    { "RechtenPerHandvat", AANTAL,
        "Rechten in een handvat, van alle agenten samen.",
        DOSIS_HANDLE_RIGHTS_MAX, VAST },
    { "HandvatBytes", BYTES, "Grootte van een handvat.",
        DOSIS_HANDLE_BYTES_MAX, VAST },
    { "HandvatGeldig", SECONDEN, "Hoe lang een handvat geldig blijft.",
        DOSIS_HANDLE_TTL_S, VAST },
    { "VragenPerSeconde", AANTAL,
        "Vragen van een client per seconde, zolang het duurt; 0: geen grens.",
        DOSIS_VRAGEN_PER_S, SET(vragen_per_s) },
    { "VragenStoot", AANTAL, "Vragen van een client ineens.",
        DOSIS_VRAGEN_STOOT, SET(vragen_stoot) },
    { "LeveringenPerSeconde", AANTAL,
        "Dossiers die een client per seconde levert of intrekt, zolang het"
        " duurt; 0: geen grens.",
        DOSIS_LEVERINGEN_PER_S, SET(leveringen_per_s) },
    { "LeveringenStoot", AANTAL,
        "Dossiers die een client ineens levert of intrekt.",
        DOSIS_LEVERINGEN_STOOT, SET(leveringen_stoot) },
    { "GebruikerPerSeconde", AANTAL,
        "Vragen van een gebruiker per seconde, zolang het duurt; 0: geen"
        " grens.",
        DOSIS_GEBRUIKER_PER_S, SET(gebruiker_per_s) },
    { "GebruikerStoot", AANTAL, "Vragen van een gebruiker ineens.",
        DOSIS_GEBRUIKER_STOOT, SET(gebruiker_stoot) },
    { "DoorverwijzingGeldig", SECONDEN,
        "Hoe lang het adres van een doorverwijzing geldig blijft.",
        DOSIS_TICKET_TTL_S, VAST },
    { "DoorverwijzingenPerGebruiker", AANTAL,
        "Adressen van doorverwijzingen van een gebruiker die nog niet geopend"
        " of verlopen zijn.",
        DOSIS_TICKETS_USER, VAST },
    { "DoorverwijzingenPerLoket", AANTAL, "Hetzelfde van een loket.",
        DOSIS_TICKETS_LOKET, VAST },
    { "BestandenPerClient", AANTAL,
        "Bestanden van een client die wachten of ingelezen worden.",
        DOSIS_OPLADINGEN_CLIENT, VAST },
    { "BestandenBytesPerClient", BYTES, "Hun grootte samen.",
        DOSIS_OPLADINGEN_BYTES, VAST },
    { "Bestanden", AANTAL,
        "Bestanden die wachten of ingelezen worden, van alle clients samen.",
        DOSIS_OPLADINGEN_MAX, VAST },
    { "AfgekeurdeRijen", AANTAL,
        "Geweigerde rijen die van een bestand bewaard blijven; wat meer is,"
        " wordt geteld.",
        DOSIS_AFKEURINGEN_MAX, VAST },
    { "AfgekeurdeRijenBytes", BYTES, "Hun grootte samen, per bestand.",
        DOSIS_AFKEURINGEN_BYTES, VAST },
    { "GewaarschuwdeDossiers", AANTAL,
        "Dossiers van een bestand waarvan de waarschuwingen bewaard blijven;"
        " wat meer is, wordt geteld.",
        DOSIS_WAARSCHUWINGEN_MAX, VAST },
    { "GewaarschuwdeDossiersBytes", BYTES,
        "De grootte van die waarschuwingen samen, per bestand.",
        DOSIS_WAARSCHUWINGEN_BYTES, VAST },
    { "FoutenPerBestand", AANTAL,
        "Fouten die het resultaat van een bestand opsomt.",
        DOSIS_BESTAND_FOUTEN, VAST },
};


size_t
dosis_limiet_count(void)
{
    return sizeof(limieten) / sizeof(limieten[0]);
}


const dosis_limiet_t *
dosis_limiet_at(size_t index)
{
    return index < dosis_limiet_count() ? &limieten[index] : NULL;
}


uint64_t
dosis_limiet_waarde(
    const dosis_limiet_t *limiet, const dosis_limiet_instelling_t *set)
{
    uint64_t waarde = limiet->waarde;

    if (set != NULL && limiet->instelling != DOSIS_LIMIET_VAST) {
        memcpy(
            &waarde, (const char *) set + limiet->instelling, sizeof(waarde));
    }

    return waarde;
}
