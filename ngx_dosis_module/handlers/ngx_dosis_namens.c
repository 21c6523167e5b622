/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * POST namens: a counter asks for a sealed handle that says about whom it
 * will ask; sent back as the header Dosis-Namens. Nothing is stored.
 */

#include "auth/ngx_dosis_namens.h"

#include "auth/ngx_dosis_question.h"
#include "base/dosis_time.h"
#include "handlers/ngx_dosis_handlers.h"


/* An optional text of the body. */
static bool
namens_text(ngx_dosis_call_t *call, const dosis_json_t *body, const char *name,
    dosis_slice_t *ret)
{
    const dosis_json_t *member = ngx_dosis_member(body, name);

    *ret = dosis_json_string(member);
    if ((member != NULL && dosis_json_kind(member) != DOSIS_JSON_STRING)
        || ret->len > NGX_DOSIS_NAMENS_TEXT_MAX) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, name,
            "Dit veld moet een tekst van hoogstens 200 bytes zijn.");
        return false;
    }
    return true;
}


static bool
namens_rights_fit(ngx_dosis_call_t *call, const ngx_dosis_party_t *party)
{
    size_t i;
    bool fit = (party->rechten_count <= NGX_DOSIS_NAMENS_RIGHTS_MAX);

    for (i = 0; fit && i < party->rechten_count; i++) {
        fit = (party->rechten[i].len <= NGX_DOSIS_NAMENS_RIGHT_MAX);
    }
    if (!fit) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT,
            "/Agenten/0/Rechten",
            "Hoogstens 20 rechten van hoogstens 200 bytes.");
    }
    return fit;
}


static bool
namens_read(
    ngx_dosis_call_t *call, const dosis_json_t *body, ngx_dosis_namens_t *ret)
{
    const dosis_json_t *one;
    ngx_dosis_party_t party;

    one = ngx_dosis_party_one(call, ngx_dosis_member(body, "Agenten"));
    if (one == NULL || !ngx_dosis_party_read(call, one, &party)
        || !namens_rights_fit(call, &party)
        || !namens_text(call, body, "Gebruiker", &ret->gebruiker)
        || !namens_text(call, body, "Doel", &ret->doel)
        || !namens_text(call, body, "Zekerheid", &ret->zekerheid)) {
        return false;
    }
    ret->agent = party.agent;
    ret->rechten = party.rechten;
    ret->rechten_count = party.rechten_count;
    ret->expires_s = call->now_ns / DOSIS_NS_PER_S + NGX_DOSIS_NAMENS_TTL_S;
    return true;
}


static ngx_int_t
namens_answer(ngx_dosis_call_t *call, const dosis_json_t *body)
{
    dosis_rc_t rc;
    ngx_dosis_namens_t namens;

    if (!namens_read(call, body, &namens)) {
        return NGX_OK;
    }
    DOSIS_BUF_LIT(call->out, "{\"Namens\":\"");
    rc = ngx_dosis_namens_seal(dosis_reader_crypt(call->reader),
        call->client->client, &namens, call->arena, call->out);
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
