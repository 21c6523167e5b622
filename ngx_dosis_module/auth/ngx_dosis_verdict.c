/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_verdict.h"

#include "auth/ngx_dosis_issuers.h"
#include "ngx_dosis_worker.h"


/* The issuer that was asked is one of ours; else the count. */
static size_t
verdict_issuer(const ngx_dosis_issuers_t *known, dosis_slice_t name)
{
    size_t i;

    for (i = 0; i < known->count; i++) {
        if (dosis_slice_eq(known->issuers[i].issuer, name)) {
            break;
        }
    }
    return i;
}


static dosis_rc_t
verdict_identity(ngx_dosis_token_t *token, const dosis_json_t *claims, size_t i)
{
    dosis_rc_t rc;
    dosis_jwt_t jwt = { 0 };
    const ngx_dosis_issuers_t *known = ngx_dosis_issuers();
    const dosis_jwt_policy_t clock = { .now_s = ngx_time(),
        .leeway_s = ngx_dosis_worker()->conf->leeway_s };

    token->issuer = dosis_arena_copy(token->arena, known->issuers[i].issuer);
    if (token->issuer.data == NULL) {
        return DOSIS_ENOMEM;
    }
    token->refused =
        dosis_jwt_claims(claims, &known->issuers[i], &clock, &jwt);
    if (token->refused != DOSIS_JWT_OK) {
        return DOSIS_OK;
    }
    token->binding = jwt.binding;
    token->expires = ngx_min(token->expires, (time_t) jwt.exp_s);
    rc = dosis_identity_from_claims(claims, &known->rules[i], token->arena,
        &token->identity, &token->denied);
    return (rc == DOSIS_EDENIED) ? DOSIS_OK : rc;
}


static bool
verdict_take(ngx_dosis_token_t *token, const dosis_json_t *answer)
{
    size_t i;
    const dosis_json_t *active = dosis_json_get(answer, "Actief");

    token->generation = ngx_dosis_issuers()->generation;
    token->expires = (time_t) dosis_json_int(dosis_json_get(answer, "Tot"));
    if (dosis_json_kind(active) != DOSIS_JSON_BOOL) {
        return false;
    }
    if (!dosis_json_bool(active)) {
        token->refused = dosis_jwt_reason_of(
            dosis_json_string(dosis_json_get(answer, "Reden")));
        return true;
    }
    i = verdict_issuer(ngx_dosis_issuers(),
        dosis_json_string(dosis_json_get(answer, "Uitgever")));
    return i < ngx_dosis_issuers()->count
        && verdict_identity(token, dosis_json_get(answer, "Claims"), i)
        == DOSIS_OK;
}


ngx_dosis_token_t *
ngx_dosis_verdict_read(dosis_slice_t text, dosis_slice_t answer)
{
    bool taken = false;
    dosis_json_t *root = NULL;
    ngx_dosis_token_t *token = ngx_dosis_token_create(text);

    (void) ngx_dosis_issuers_look_now();
    if (token != NULL && dosis_json_parse(answer, &root, NULL) == DOSIS_OK) {
        taken = verdict_take(token, root);
    }
    dosis_json_free(root);
    if (taken) {
        return token;
    }
    ngx_dosis_token_release(token);
    return NULL;
}
