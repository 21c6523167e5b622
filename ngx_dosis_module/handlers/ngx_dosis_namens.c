/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * POST namens: a counter asks for a sealed handle that says about whom it
 * will ask, up to 20 agents with their rights; sent back as the header
 * Dosis-Namens. Nothing is stored.
 */

#include "auth/ngx_dosis_party.h"
#include "base/dosis_time.h"
#include "handlers/ngx_dosis_handlers.h"
#include "store/dosis_namens.h"

#define NAMENS_TOO_LARGE                                                       \
    "Deze agenten en rechten passen niet in een header van 8 KiB, of zijn"     \
    " samen meer dan 400 rechten: geef er minder, of gebruik zoek."


static bool
namens_read(
    ngx_dosis_call_t *call, const dosis_json_t *body, dosis_namens_t *ret)
{
    bool read;
    ngx_dosis_parties_t parties;

    read = ngx_dosis_parties_of_list(call, ngx_dosis_member(body, "Agenten"),
        DOSIS_HANDLE_SUBJECTS_MAX, &parties);
    read = ngx_dosis_parties_why(call, body) && read;
    if (read) {
        ret->gebruiker = call->inzage.gebruiker;
        ret->doel = call->inzage.doel;
        ret->zekerheid = call->inzage.zekerheid;
        ret->subject = parties.subject;
        ret->subjects = parties.subjects;
        ret->expires_s = call->now_ns / DOSIS_NS_PER_S + DOSIS_HANDLE_TTL_S;
    }
    return read;
}


static ngx_int_t
namens_answer(ngx_dosis_call_t *call, const dosis_json_t *body)
{
    dosis_rc_t rc;
    dosis_namens_t namens;
    const dosis_namens_door_t door = { dosis_reader_crypt(call->reader),
        call->client->client, 0, call->arena };

    if (!namens_read(call, body, &namens)) {
        return NGX_OK;
    }
    DOSIS_BUF_LIT(call->out, "{\"Namens\":\"");
    rc = dosis_namens_seal(&door, &namens, call->out);
    if (rc == DOSIS_ELIMIT) {
        return ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT,
            "/Agenten", NAMENS_TOO_LARGE);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    DOSIS_BUF_LIT(call->out, "\",\"VervaltOp\":\"");
    dosis_time_add_utc(call->out, namens.expires_s * DOSIS_NS_PER_S);
    DOSIS_BUF_LIT(call->out, "\"}");
    return ngx_dosis_answer(call);
}


ngx_int_t
ngx_dosis_namens(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    dosis_json_t *body;

    if (!call->client->is_loket) {
        return ngx_dosis_refuse_field(call, NGX_DOSIS_GEEN_TOEGANG, "",
            "Deze client is niet als loket geregistreerd.");
    }
    rc = dosis_json_parse(call->body, &body, &call->err);
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse(call, NGX_DOSIS_JSON_ONGELDIG);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    if (dosis_json_kind(body) == DOSIS_JSON_OBJECT) {
        (void) namens_answer(call, body);
    } else {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, "",
            "De inhoud moet één JSON-object zijn.");
    }
    dosis_json_free(body);
    return NGX_OK;
}
