/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_problem.h"

#include "base/dosis_err_json.h"
#include "base/dosis_json.h"

static const ngx_dosis_problem_row_t problem_rows[NGX_DOSIS_PROBLEM_MAX] = {
    [NGX_DOSIS_FINE] = { "InOrde", 200, NGX_LOG_DEBUG, "In orde", "In orde." },

    [NGX_DOSIS_VALIDATIE_FOUT] = { "ValidatieFout", 400, NGX_LOG_INFO,
        "De gegevens voldoen niet",
        "De gegevens voldoen niet aan de validatieregels; zie errors." },
    [NGX_DOSIS_JSON_ONGELDIG] = { "JsonOngeldig", 400, NGX_LOG_INFO,
        "Geen geldige JSON",
        "De inhoud van de aanvraag is geen geldige JSON." },
    [NGX_DOSIS_PARAMETER_ONGELDIG] = { "ParameterOngeldig", 400, NGX_LOG_INFO,
        "Ongeldige parameter",
        "Een parameter van de aanvraag is ongeldig; zie errors." },
    [NGX_DOSIS_PARAMETER_ONTBREEKT] = { "ParameterOntbreekt", 400, NGX_LOG_INFO,
        "Parameter ontbreekt",
        "Een verplichte parameter ontbreekt; zie errors." },
    [NGX_DOSIS_AGENT_ONTBREEKT] = { "AgentOntbreekt", 400, NGX_LOG_INFO,
        "Niet gezegd namens wie",
        "Een loket zegt namens wie het vraagt: met agent en recht, met de"
        " header Dosis-Namens, of met Agent of Agenten in de inhoud." },
    [NGX_DOSIS_TE_VEEL_AGENTEN] = { "TeVeelAgenten", 400, NGX_LOG_INFO,
        "Te veel agenten",
        "Een handvat draagt hoogstens 20 agenten, een vraag in de inhoud"
        " hoogstens 1000." },
    [NGX_DOSIS_NAMENS_ONGELDIG] = { "NamensOngeldig", 400, NGX_LOG_INFO,
        "Ongeldige Dosis-Namens",
        "De header Dosis-Namens is ongeldig, of van een andere client." },
    [NGX_DOSIS_NAMENS_VERLOPEN] = { "NamensVerlopen", 400, NGX_LOG_INFO,
        "Dosis-Namens is verlopen",
        "De header Dosis-Namens is verlopen; vraag een nieuwe aan." },
    [NGX_DOSIS_AANVRAAG_ONGELDIG] = { "AanvraagOngeldig", 400, NGX_LOG_INFO,
        "Ongeldige aanvraag", "De aanvraag is geen geldige HTTP-aanvraag." },

    [NGX_DOSIS_TOKEN_ONTBREEKT] = { "TokenOntbreekt", 401, NGX_LOG_INFO,
        "Token ontbreekt",
        "Deze dienst vraagt een toegangstoken: Authorization: Bearer." },
    [NGX_DOSIS_TOKEN_ONGELDIG] = { "TokenOngeldig", 401, NGX_LOG_INFO,
        "Ongeldig token", "Het toegangstoken is ongeldig." },
    [NGX_DOSIS_TOKEN_VERLOPEN] = { "TokenVerlopen", 401, NGX_LOG_INFO,
        "Token is verlopen", "Het toegangstoken is verlopen." },
    [NGX_DOSIS_SCOPE_ONTBREEKT] = { "ScopeOntbreekt", 403, NGX_LOG_INFO,
        "Scope ontbreekt",
        "Het toegangstoken heeft niet de scope voor deze aanvraag." },
    [NGX_DOSIS_BRON_NIET_TOEGELATEN] = { "BronNietToegelaten", 403,
        NGX_LOG_INFO, "Bron niet toegelaten",
        "Deze client mag niet leveren voor deze bron." },
    [NGX_DOSIS_CLIENT_ONBEKEND] = { "ClientOnbekend", 403, NGX_LOG_INFO,
        "Onbekende client",
        "De client van dit token is niet geregistreerd of niet actief." },
    [NGX_DOSIS_GEEN_TOEGANG] = { "GeenToegang", 403, NGX_LOG_INFO,
        "Geen toegang", "Dit token geeft geen toegang tot deze aanvraag." },
    [NGX_DOSIS_TLS_VEREIST] = { "TlsVereist", 403, NGX_LOG_INFO,
        "Beveiligde verbinding vereist",
        "Een toegangstoken wordt alleen over een beveiligde verbinding"
        " aanvaard." },

    [NGX_DOSIS_NIET_GEVONDEN] = { "NietGevonden", 404, NGX_LOG_INFO,
        "Niet gevonden", "Niet gevonden." },
    [NGX_DOSIS_HISTORIEK_VERLOPEN] = { "HistoriekVerlopen", 404, NGX_LOG_INFO,
        "Historiek is verlopen",
        "Wat dit dossier op dat moment toonde, wordt niet meer bewaard." },
    [NGX_DOSIS_GEEN_DOORVERWIJZING] = { "GeenDoorverwijzing", 404,
        NGX_LOG_INFO, "Geen doorverwijzing",
        "Dit dossier heeft bij zijn bron geen adres waarheen doorverwezen mag"
        " worden." },
    [NGX_DOSIS_METHODE_NIET_TOEGELATEN] = { "MethodeNietToegelaten", 405,
        NGX_LOG_INFO, "Methode niet toegelaten",
        "Deze methode is hier niet toegelaten; zie de header Allow." },
    [NGX_DOSIS_TIJD_OVERSCHREDEN] = { "TijdOverschreden", 408, NGX_LOG_INFO,
        "Tijd overschreden", "De aanvraag kwam niet op tijd binnen." },
    [NGX_DOSIS_UPLOAD_ID_HERGEBRUIKT] = { "UploadIdHergebruikt", 409,
        NGX_LOG_INFO, "UploadId hergebruikt",
        "Met deze UploadId is al een andere levering aanvaard." },
    [NGX_DOSIS_CURSOR_VERLOPEN] = { "CursorVerlopen", 410, NGX_LOG_INFO,
        "Cursor is verlopen",
        "De cursor is verlopen; begin opnieuw zonder na." },
    [NGX_DOSIS_VOLGPUNT_VERVALLEN] = { "VolgpuntVervallen", 410, NGX_LOG_INFO,
        "Volgpunt is vervallen",
        "Het volgpunt is te oud of hoort bij andere rechten; begin opnieuw"
        " zonder na." },
    [NGX_DOSIS_DOORVERWIJZING_VERVALLEN] = { "DoorverwijzingVervallen", 410,
        NGX_LOG_INFO, "Deze link werkt niet meer",
        "De link is al gebruikt of niet meer geldig. Ga terug naar het"
        " overzicht van uw dossiers en probeer het vandaar opnieuw." },
    [NGX_DOSIS_LENGTE_VEREIST] = { "LengteVereist", 411, NGX_LOG_INFO,
        "Lengte vereist", "De aanvraag vermeldt geen Content-Length." },
    [NGX_DOSIS_VOORWAARDE_NIET_VERVULD] = { "VoorwaardeNietVervuld", 412,
        NGX_LOG_INFO, "Voorwaarde niet vervuld",
        "If-Match of If-None-Match geldt niet voor het huidige dossier." },
    [NGX_DOSIS_BODY_TE_GROOT] = { "BodyTeGroot", 413, NGX_LOG_INFO,
        "Inhoud te groot",
        "De inhoud van de aanvraag is te groot; zie DossierBytes, LijstBytes"
        " en BestandBytes in GET /api/v1/dosis/instellingen/limieten." },
    [NGX_DOSIS_TE_VEEL_DOSSIERS] = { "TeVeelDossiers", 413, NGX_LOG_INFO,
        "Te veel dossiers",
        "Een lijst mag hoogstens 1000 dossiers bevatten; splits ze." },
    [NGX_DOSIS_ADRES_TE_LANG] = { "AdresTeLang", 414, NGX_LOG_INFO,
        "Adres te lang", "Het adres van de aanvraag is te lang." },
    [NGX_DOSIS_MEDIA_TYPE_NIET_ONDERSTEUND] = { "MediaTypeNietOndersteund", 415,
        NGX_LOG_INFO, "Mediatype niet ondersteund",
        "De inhoud moet application/json zijn, of waar dossiers geleverd"
        " worden text/csv (een bestand)." },
    [NGX_DOSIS_BEREIK_ONGELDIG] = { "BereikOngeldig", 416, NGX_LOG_INFO,
        "Ongeldig bereik", "Het gevraagde bereik bestaat niet." },
    [NGX_DOSIS_SERVER_ONBEKEND] = { "ServerOnbekend", 421, NGX_LOG_INFO,
        "Verkeerde server", "Deze server is niet de gevraagde." },
    [NGX_DOSIS_TE_VROEG] = { "TeVroeg", 425, NGX_LOG_INFO, "Te vroeg",
        "Deze link wordt pas geopend wanneer iemand erop klikt." },
    [NGX_DOSIS_TE_VEEL_AANVRAGEN] = { "TeVeelAanvragen", 429, NGX_LOG_INFO,
        "Te veel aanvragen", "Te veel aanvragen; probeer het later opnieuw." },
    [NGX_DOSIS_TE_VEEL_DOORVERWIJZINGEN] = { "TeVeelDoorverwijzingen", 429,
        NGX_LOG_INFO, "Te veel doorverwijzingen",
        "Er staan te veel doorverwijzingen open; zie de limieten in"
        " GET /api/v1/dosis/instellingen/limieten." },
    [NGX_DOSIS_AANVRAAG_GEWEIGERD] = { "AanvraagGeweigerd", 400, NGX_LOG_INFO,
        "Aanvraag geweigerd", "De aanvraag is geweigerd." },

    [NGX_DOSIS_INTERNE_FOUT] = { "InterneFout", 500, NGX_LOG_ERR,
        "Interne fout", "Er ging iets mis; de beheerder kan het nakijken." },
    [NGX_DOSIS_NIET_ONDERSTEUND] = { "NietOndersteund", 501, NGX_LOG_INFO,
        "Niet ondersteund", "Deze aanvraag wordt niet ondersteund." },
    [NGX_DOSIS_ACHTERLIGGEND_FAALT] = { "AchterliggendeDienstFaalt", 502,
        NGX_LOG_WARN, "Achterliggende dienst faalt",
        "Een achterliggende dienst gaf geen bruikbaar antwoord." },
    [NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR] = { "TijdelijkNietBeschikbaar", 503,
        NGX_LOG_INFO, "Tijdelijk niet beschikbaar",
        "De dienst is tijdelijk niet beschikbaar; probeer het opnieuw." },
    /* at a delivering door: a client drops what gets a 4xx */
    [NGX_DOSIS_TE_VEEL_LEVERINGEN] = { "TeVeelLeveringen", 503, NGX_LOG_INFO,
        "Te veel ineens",
        "Deze client levert of vraagt te veel; kom terug na Retry-After. Er is"
        " niets van bewaard." },
    [NGX_DOSIS_TE_VEEL_UPLOADS] = { "TeVeelUploads", 503, NGX_LOG_INFO,
        "Te veel bestanden ineens",
        "Er wachten te veel bestanden, of er komen er te veel tegelijk binnen;"
        " kom terug na Retry-After. Er is niets van bewaard." },
    [NGX_DOSIS_ALLEEN_LEZEN] = { "AlleenLezen", 503, NGX_LOG_INFO,
        "Het register kan nu alleen gelezen worden",
        "Leveringen worden nu niet aanvaard; kom terug na Retry-After." },
    [NGX_DOSIS_STILGELEGD] = { "RegisterStilgelegd", 503, NGX_LOG_INFO,
        "Het register ligt stil",
        "Het register antwoordt nu niet; kom terug na Retry-After." },
    [NGX_DOSIS_BRON_GEPAUZEERD] = { "BronGepauzeerd", 503, NGX_LOG_INFO,
        "De bron is gepauzeerd",
        "Leveringen van deze bron worden nu niet aanvaard; kom terug na"
        " Retry-After." },
    [NGX_DOSIS_UITGEVER_ONBEREIKBAAR] = { "UitgeverOnbereikbaar", 503,
        NGX_LOG_INFO, "Uitgever onbereikbaar",
        "De uitgever van dit token kan nu niet zeggen of het geldig is; probeer"
        " het opnieuw." },
    [NGX_DOSIS_ACHTERLIGGEND_TRAAG] = { "AchterliggendeDienstTraag", 504,
        NGX_LOG_WARN, "Achterliggende dienst te traag",
        "Een achterliggende dienst antwoordde niet op tijd." },
    [NGX_DOSIS_HTTP_VERSIE] = { "HttpVersieNietOndersteund", 505, NGX_LOG_INFO,
        "HTTP-versie niet ondersteund",
        "Deze versie van HTTP wordt niet ondersteund." },
    [NGX_DOSIS_OPSLAG_VOL] = { "OpslagVol", 507, NGX_LOG_INFO, "Opslag vol",
        "De opslag is vol; de levering is niet bewaard, probeer het later"
        " opnieuw." },
};

static const struct {
    dosis_rc_t rc;
    ngx_dosis_problem_t problem;
} problem_of_rc[] = {
    { DOSIS_EINPUT, NGX_DOSIS_VALIDATIE_FOUT },
    { DOSIS_ENOTFOUND, NGX_DOSIS_NIET_GEVONDEN },
    { DOSIS_ECONFLICT, NGX_DOSIS_UPLOAD_ID_HERGEBRUIKT },
    { DOSIS_EDENIED, NGX_DOSIS_GEEN_TOEGANG },
    { DOSIS_EEXPIRED, NGX_DOSIS_CURSOR_VERLOPEN },
    { DOSIS_EBUSY, NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR },
    { DOSIS_EIO, NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR },
    { DOSIS_ENOMEM, NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR },
    { DOSIS_ELIMIT, NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR },
    { DOSIS_EFULL, NGX_DOSIS_OPSLAG_VOL },
    { DOSIS_EPRECOND, NGX_DOSIS_VOORWAARDE_NIET_VERVULD },
    { DOSIS_EPAUSED, NGX_DOSIS_BRON_GEPAUZEERD },
};

/* Where a status has several rows, the one that nginx itself means. */
static const ngx_dosis_problem_t problem_of_nginx[] = {
    NGX_DOSIS_AANVRAAG_ONGELDIG,
    NGX_DOSIS_TOKEN_ONTBREEKT,
    NGX_DOSIS_GEEN_TOEGANG,
};


const ngx_dosis_problem_row_t *
ngx_dosis_problem_row(ngx_dosis_problem_t problem)
{
    return &problem_rows[problem];
}


ngx_dosis_problem_t
ngx_dosis_problem_of_rc(dosis_rc_t rc)
{
    size_t i;

    for (i = 0; i < sizeof(problem_of_rc) / sizeof(problem_of_rc[0]); i++) {
        if (problem_of_rc[i].rc == rc) {
            return problem_of_rc[i].problem;
        }
    }
    return NGX_DOSIS_INTERNE_FOUT;
}


ngx_dosis_problem_t
ngx_dosis_problem_of_delivery(dosis_rc_t rc)
{
    return (rc == DOSIS_EDENIED) ? NGX_DOSIS_BRON_NIET_TOEGELATEN
                                 : ngx_dosis_problem_of_rc(rc);
}


ngx_dosis_problem_t
ngx_dosis_problem_of_status(ngx_uint_t status)
{
    size_t i;
    ngx_dosis_problem_t problem;

    for (i = 0; i < sizeof(problem_of_nginx) / sizeof(problem_of_nginx[0]);
         i++) {
        if (problem_rows[problem_of_nginx[i]].status == status) {
            return problem_of_nginx[i];
        }
    }
    for (problem = NGX_DOSIS_NIET_GEVONDEN; problem < NGX_DOSIS_PROBLEM_MAX;
         problem++) {
        if (problem_rows[problem].status == status) {
            return problem;
        }
    }
    return (status < NGX_HTTP_INTERNAL_SERVER_ERROR)
        ? NGX_DOSIS_AANVRAAG_GEWEIGERD
        : NGX_DOSIS_INTERNE_FOUT;
}


void
ngx_dosis_problem_render(dosis_buf_t *out, ngx_dosis_problem_t problem,
    ngx_uint_t status, ngx_str_t request_id, const dosis_err_t *err)
{
    dosis_slice_t detail;
    const ngx_dosis_problem_row_t *row = &problem_rows[problem];

    detail = dosis_slice_of(row->detail);
    if (err != NULL && err->count == 1 && err->more == 0) {
        detail = dosis_slice_of(err->item[0].text);
    }

    dosis_buf_addf(out,
        "{\"type\":\"urn:dosis:probleem:%s\",\"title\":\"%s\",\"status\":%u,",
        row->code, row->title, (unsigned) status);
    dosis_json_add_member(out, "detail", detail);
    DOSIS_BUF_LIT(out, ",\"instance\":\"urn:dosis:aanvraag:");
    dosis_buf_add_slice(out, ngx_dosis_slice(&request_id));
    dosis_buf_addf(out, "\",\"Code\":\"%s\",", row->code);
    dosis_json_add_member(out, "Message", detail);
    dosis_buf_addf(out, ",\"Description\":\"%s\",\"errors\":", row->detail);
    if (err != NULL) {
        dosis_err_json_list(out, err);
    } else {
        DOSIS_BUF_LIT(out, "[]");
    }
    dosis_buf_add_byte(out, '}');
}
