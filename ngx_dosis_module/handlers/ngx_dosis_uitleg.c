/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * POST uitleg: why somebody can see a dossier, or cannot, step by step. For a
 * source about its own dossiers, for an operator about any.
 *
 *   members      about which dossier and whom; who asks need be none of them
 *   the store    the rules of access in their order, as they judge each door
 *   the ledger   an explanation shows that dossier to whoever asked for it
 *
 * A dossier of another source, and one that does not exist: one answer.
 */

#include "auth/ngx_dosis_auth.h"
#include "auth/ngx_dosis_party.h"
#include "base/dosis_text.h"
#include "handlers/ngx_dosis_handlers.h"
#include "store/dosis_namens.h"
#include "store/dosis_uitleg.h"

#define UITLEG_LOKET_DENIED                                                    \
    "Alleen met de scope van een beheerder wordt uitleg gevraagd over een"     \
    " loket."

/* What the body says, besides its agents and why. */
typedef struct {
    dosis_slice_t dossier;
    dosis_slice_t loket;
    dosis_slice_t mandataris;
    dosis_agent_t acts; /* the mandataris, read */
} uitleg_t;

static const struct {
    const char *pointer;
    size_t offset; /* in uitleg_t */
} uitleg_texts[] = {
    { "/DossierId", offsetof(uitleg_t, dossier) },
    { "/Loket", offsetof(uitleg_t, loket) },
    { "/Mandataris", offsetof(uitleg_t, mandataris) },
};


static void
uitleg_wrong(ngx_dosis_call_t *call, const char *field, const char *text)
{
    (void) ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, field, text);
}


static void
uitleg_read_texts(
    ngx_dosis_call_t *call, const dosis_json_t *body, uitleg_t *ret)
{
    size_t i;
    dosis_slice_t text;
    const dosis_json_t *member;

    for (i = 0; i < sizeof(uitleg_texts) / sizeof(uitleg_texts[0]); i++) {
        member = ngx_dosis_member(body, uitleg_texts[i].pointer + 1);
        text = dosis_json_string(member);
        if ((member != NULL && dosis_json_kind(member) != DOSIS_JSON_STRING)
            || text.len > DOSIS_NAMENS_TEXT_MAX) {
            uitleg_wrong(call, uitleg_texts[i].pointer,
                "Dit veld moet een tekst van hoogstens 200 bytes zijn.");
            continue;
        }
        *(dosis_slice_t *) ((u_char *) ret + uitleg_texts[i].offset) = text;
    }
    if (ret->dossier.len == 0) {
        uitleg_wrong(call, "/DossierId", "Dit veld is verplicht.");
    }
    if (ret->mandataris.len > 0
        && dosis_agent_parse(ret->mandataris, DOSIS_VORM, &ret->acts)
            != NULL) {
        uitleg_wrong(call, "/Mandataris", "Deze identificatie is ongeldig.");
    }
}


/* A counter's registration says what it is trusted with; else the log-in. */
static bool
uitleg_assured(ngx_dosis_call_t *call, const uitleg_t *asked)
{
    const dosis_client_t *loket;

    if (asked->loket.len == 0) {
        return ngx_dosis_auth_assured(call->inzage.zekerheid);
    }
    loket = dosis_ref_client(dosis_reader_ref(call->reader), asked->loket);
    return loket != NULL && loket->vertrouwelijk;
}


/* About whom, and which dossier. Who acts is supposed here: nobody acted. */
static void
uitleg_note(ngx_dosis_call_t *call, const ngx_dosis_parties_t *parties,
    const uint8_t id[DOSIS_ID_BYTES])
{
    call->shown.count = 0;
    dosis_shown_add(&call->shown, id);
    call->inzage.shown = &call->shown;
    call->inzage.subject = parties->subject;
    call->inzage.subjects = parties->subjects;
}


static ngx_int_t
uitleg_answer(ngx_dosis_call_t *call, const uitleg_t *asked,
    const ngx_dosis_parties_t *parties)
{
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    uint8_t id[DOSIS_ID_BYTES];
    const dosis_uitleg_t question = {
        .client = call->identity->client,
        .beheer = (call->identity->scopes & DOSIS_SCOPE_BEHEER) != 0,
        .subject = parties->subject,
        .subjects = parties->subjects,
        .mandataris = (asked->mandataris.len > 0) ? &asked->acts : NULL,
        .gebruiker = call->inzage.gebruiker,
        .loket = asked->loket,
    };

    if (question.loket.len > 0 && !question.beheer) {
        return ngx_dosis_refuse_field(
            call, NGX_DOSIS_GEEN_TOEGANG, "/Loket", UITLEG_LOKET_DENIED);
    }
    if (dosis_id_decode(id, asked->dossier)) {
        rc = dosis_uitleg(call->reader, &question, id, call->out);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    uitleg_note(call, parties, id);
    return ngx_dosis_answer(call);
}


static void
uitleg_read(ngx_dosis_call_t *call, const dosis_json_t *body)
{
    uitleg_t asked;
    ngx_dosis_parties_t parties;
    ngx_dosis_parties_rule_t rule = { .max = DOSIS_HANDLE_SUBJECTS_MAX };

    ngx_memzero(&asked, sizeof(asked));
    uitleg_read_texts(call, body, &asked);
    (void) ngx_dosis_parties_why(call, body); /* a problem stands in reply */
    rule.mandated = asked.mandataris.len > 0;
    rule.vertrouwelijk = uitleg_assured(call, &asked);
    if (ngx_dosis_parties_explained(
            call, ngx_dosis_member(body, "Agenten"), &rule, &parties)
        && call->reply.problem == NGX_DOSIS_FINE) {
        (void) uitleg_answer(call, &asked, &parties);
    }
}


ngx_int_t
ngx_dosis_uitleg(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    dosis_json_t *body;

    rc = dosis_json_parse(call->body, &body, &call->err);
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse(call, NGX_DOSIS_JSON_ONGELDIG);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    if (dosis_json_kind(body) == DOSIS_JSON_OBJECT) {
        uitleg_read(call, body);
    } else {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, "",
            "De inhoud moet één JSON-object zijn.");
    }
    dosis_json_free(body);
    return NGX_OK;
}
