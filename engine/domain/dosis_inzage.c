/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_inzage.h"

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "domain/dosis_dossier.h"

#define INZAGE_VERSION 1
#define INZAGE_DAY_NS (INT64_C(86400) * DOSIS_NS_PER_S)

static const char *const deur_names[DOSIS_DEUR_MAX] = {
    [DOSIS_DEUR_VERGETEN] = "vergeten",
    [DOSIS_DEUR_GEEN] = "geen",
    [DOSIS_DEUR_LIJST] = "lijst",
    [DOSIS_DEUR_ZOEK] = "zoek",
    [DOSIS_DEUR_DETAIL] = "detail",
    [DOSIS_DEUR_HISTORIEK] = "historiek",
    [DOSIS_DEUR_OVERZICHT] = "overzicht",
    [DOSIS_DEUR_WIJZIGINGEN] = "wijzigingen",
    [DOSIS_DEUR_UITLEG] = "uitleg",
    [DOSIS_DEUR_DOORVERWIJZING] = "doorverwijzing",
    [DOSIS_DEUR_BRON] = "bron",
    [DOSIS_DEUR_INZAGEN] = "inzagen",
};


const char *
dosis_deur_name(dosis_deur_t deur)
{
    return deur_names[deur < DOSIS_DEUR_MAX ? deur : DOSIS_DEUR_VERGETEN];
}


/* --- writing ------------------------------------------------------------- */

static void
put_text(dosis_buf_t *buf, dosis_slice_t text)
{
    if (text.len > DOSIS_INZAGE_TEXT_MAX) {
        text.len = DOSIS_INZAGE_TEXT_MAX;
    }
    dosis_wire_put_slice(buf, text);
}


static void
put_agent(dosis_buf_t *buf, const dosis_agent_t *agent)
{
    dosis_buf_add_byte(buf, (char) agent->soort);
    dosis_wire_put_slice(buf, dosis_agent_id(agent));
}


static void
put_subjects(dosis_buf_t *buf, const dosis_inzage_t *inzage)
{
    size_t i;

    if (inzage->mandataris != NULL) {
        put_agent(buf, inzage->mandataris);
    } else {
        dosis_buf_add_byte(buf, 0);
    }
    dosis_wire_put_varint(buf, inzage->subjects);
    for (i = 0; i < inzage->subjects; i++) {
        put_agent(buf, &inzage->subject[i].agent);
    }
}


void
dosis_inzage_add(dosis_buf_t *buf, const dosis_inzage_t *inzage)
{
    const dosis_shown_t *shown = inzage->shown;
    size_t dossiers = (shown == NULL) ? 0 : shown->count;

    dosis_buf_add_byte(buf, INZAGE_VERSION);
    dosis_wire_put_u64(buf, (uint64_t) inzage->time_ns);
    dosis_buf_add_byte(buf, (char) inzage->deur);
    dosis_buf_add_byte(buf, (char) inzage->flags);
    dosis_buf_add_byte(buf, (char) inzage->klasse);
    dosis_wire_put_varint(buf, inzage->uitstel_dagen);
    put_text(buf, inzage->client);
    put_text(buf, inzage->aanvraag);
    put_text(buf, inzage->gebruiker);
    put_text(buf, inzage->doel);
    put_text(buf, inzage->zekerheid);
    put_text(buf, inzage->bron);
    put_subjects(buf, inzage);
    dosis_wire_put_varint(buf, dossiers);
    if (dossiers > 0) {
        dosis_buf_add(buf, shown->id, dossiers * sizeof(shown->id[0]));
    }
}


/* --- reading ------------------------------------------------------------- */

/* Behind its kind. */
static bool
read_agent(dosis_wire_t *wire, uint8_t soort, dosis_agent_t *ret_agent)
{
    dosis_slice_t id = dosis_wire_slice(wire);

    if (!wire->ok || soort < DOSIS_AGENT_KBO || soort > DOSIS_AGENT_VREEMD
        || id.len == 0 || id.len > DOSIS_AGENT_ID_MAX) {
        return false;
    }
    ret_agent->soort = (dosis_agent_soort_t) soort;
    ret_agent->len = (uint8_t) id.len;
    memcpy(ret_agent->id, id.data, id.len);
    ret_agent->id[id.len] = '\0';
    return true;
}


bool
dosis_inzage_subject(dosis_slice_t *rest, dosis_agent_t *ret_agent)
{
    dosis_wire_t wire;

    dosis_wire_init(&wire, *rest);
    if (!read_agent(&wire, dosis_wire_u8(&wire), ret_agent)) {
        return false;
    }
    *rest = dosis_slice(wire.pos, (size_t) (wire.end - wire.pos));
    return true;
}


/* Walks over them: what follows begins behind the last. */
static bool
read_subjects(dosis_wire_t *wire, dosis_inzage_view_t *view)
{
    size_t i;
    uint8_t soort = dosis_wire_u8(wire);
    uint64_t count;
    dosis_agent_t agent;
    dosis_slice_t rest;

    view->has_mandaat = soort != 0;
    if (soort != 0 && !read_agent(wire, soort, &view->mandataris)) {
        return false;
    }
    count = dosis_wire_varint(wire);
    if (!wire->ok || count > DOSIS_SUBJECTS_MAX) {
        return false;
    }
    rest = dosis_slice(wire->pos, (size_t) (wire->end - wire->pos));
    view->subjects = (size_t) count;
    view->subject_bytes = rest;
    for (i = 0; i < view->subjects; i++) {
        if (!dosis_inzage_subject(&rest, &agent)) {
            return false;
        }
    }
    view->subject_bytes.len -= rest.len;
    wire->pos = wire->end - rest.len;
    return true;
}


static void
read_texts(dosis_wire_t *wire, dosis_inzage_view_t *view)
{
    view->client = dosis_wire_slice(wire);
    view->aanvraag = dosis_wire_slice(wire);
    view->gebruiker = dosis_wire_slice(wire);
    view->doel = dosis_wire_slice(wire);
    view->zekerheid = dosis_wire_slice(wire);
    view->bron = dosis_wire_slice(wire);
}


dosis_rc_t
dosis_inzage_read(dosis_slice_t bytes, dosis_inzage_view_t *view)
{
    uint8_t klasse;
    uint64_t days;
    uint64_t dossiers;
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
    if (dosis_wire_u8(&wire) != INZAGE_VERSION) {
        return DOSIS_EFORMAT;
    }
    view->time_ns = (int64_t) dosis_wire_u64(&wire);
    view->deur = (dosis_deur_t) dosis_wire_u8(&wire);
    view->flags = dosis_wire_u8(&wire);
    klasse = dosis_wire_u8(&wire);
    days = dosis_wire_varint(&wire);
    read_texts(&wire, view);
    if (!read_subjects(&wire, view)) {
        return DOSIS_EFORMAT;
    }
    dossiers = dosis_wire_varint(&wire);
    if (!wire.ok || dossiers > DOSIS_INZAGE_SHOWN_MAX
        || view->deur <= DOSIS_DEUR_GEEN || view->deur >= DOSIS_DEUR_MAX
        || klasse > DOSIS_INZAGE_VRIJGESTELD
        || days > DOSIS_INZAGE_UITSTEL_MAX) {
        return DOSIS_EFORMAT;
    }
    view->klasse = (dosis_inzage_klasse_t) klasse;
    view->uitstel_dagen = (uint32_t) days;
    view->dossiers = (size_t) dossiers;
    view->dossier = dosis_wire_take(&wire, dossiers * 16);
    return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
}


/* --- who may learn of it ------------------------------------------------- */

bool
dosis_inzage_shows(const dosis_inzage_view_t *view,
    const dosis_client_t *client, int64_t now_ns)
{
    uint32_t days = view->uitstel_dagen;
    dosis_inzage_klasse_t klasse = view->klasse;

    if (client != NULL) {
        klasse = client->inzage;
        days = client->inzage_uitstel_dagen;
    }
    switch (klasse) {
    case DOSIS_INZAGE_DIRECT:
        return true;
    case DOSIS_INZAGE_UITGESTELD:
        return now_ns - view->time_ns >= days * INZAGE_DAY_NS;
    default:
        return false;
    }
}


/* --- for the auditor ----------------------------------------------------- */

/* ,"name":"text", or null. */
static void
add_text(dosis_buf_t *out, const char *name, dosis_slice_t text)
{
    dosis_buf_add_byte(out, ',');
    dosis_json_add_member(
        out, name, text.len == 0 ? dosis_slice(NULL, 0) : text);
}


static void
add_subjects(dosis_buf_t *out, const dosis_inzage_view_t *view)
{
    size_t i;
    dosis_slice_t rest = view->subject_bytes;
    dosis_agent_t agent;

    DOSIS_BUF_LIT(out, ",\"Onderwerpen\":[");
    for (i = 0; i < view->subjects; i++) {
        if (!dosis_inzage_subject(&rest, &agent)) {
            break;
        }
        dosis_buf_addf(out, "%s{\"Soort\":\"%s\",", i > 0 ? "," : "",
            dosis_agent_soort_name(agent.soort));
        dosis_json_add_member(out, "Identificatie", dosis_agent_id(&agent));
        dosis_buf_add_byte(out, '}');
    }
    dosis_buf_add_byte(out, ']');
}


static void
add_dossiers(dosis_buf_t *out, const dosis_inzage_view_t *view)
{
    size_t i;
    char id[DOSIS_ID_TEXT + 1];

    DOSIS_BUF_LIT(out, ",\"Dossiers\":[");
    for (i = 0; i < view->dossiers; i++) {
        dosis_id_encode(id, view->dossier + i * 16);
        dosis_buf_addf(
            out, "%s\"%.*s\"", i > 0 ? "," : "", DOSIS_ID_TEXT, id);
    }
    dosis_buf_add_byte(out, ']');
}


void
dosis_inzage_add_json(
    dosis_buf_t *out, const dosis_inzage_view_t *view, uint64_t blok, size_t nr)
{
    static const char *const klassen[] = { "direct", "uitgesteld",
        "vrijgesteld" };

    dosis_buf_addf(out, "{\"Blok\":%llu,\"Nr\":%zu,\"Tijdstip\":\"",
        (unsigned long long) blok, nr);
    dosis_time_add_utc(out, view->time_ns);
    dosis_buf_addf(out, "\",\"Deur\":\"%s\",\"Eigen\":%s,\"Klasse\":\"%s\"",
        dosis_deur_name(view->deur),
        (view->flags & DOSIS_INZAGE_EIGEN) ? "true" : "false",
        klassen[view->klasse]);
    add_text(out, "Client", view->client);
    add_text(out, "Aanvraag", view->aanvraag);
    add_text(out, "Gebruiker", view->gebruiker);
    add_text(out, "Doel", view->doel);
    add_text(out, "Zekerheid", view->zekerheid);
    add_text(out, "Bron", view->bron);
    add_text(out, "Mandataris",
        view->has_mandaat ? dosis_agent_id(&view->mandataris)
                          : dosis_slice(NULL, 0));
    add_subjects(out, view);
    add_dossiers(out, view);
    dosis_buf_add_byte(out, '}');
}
