/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_auth.h"

#include "auth/ngx_dosis_issuers.h"
#include "auth/ngx_dosis_opaque.h"
#include "auth/ngx_dosis_transport.h"
#include "base/dosis_text.h"
#include "http/ngx_dosis_params.h"
#include "ngx_dosis_worker.h"

#define AUTH_CHALLENGE_MAX 256


/* The empty slice when the header is of another scheme. */
static dosis_slice_t
auth_bearer(const ngx_table_elt_t *header)
{
    dosis_slice_t value = ngx_dosis_slice(&header->value);
    const dosis_slice_t scheme = DOSIS_SLICE("Bearer ");

    if (value.len <= scheme.len
        || !dosis_text_ieq(dosis_slice(value.data, scheme.len), scheme)) {
        return dosis_slice(NULL, 0);
    }
    return dosis_text_trim(
        dosis_slice(value.data + scheme.len, value.len - scheme.len));
}


static dosis_slice_t
auth_find_token(ngx_dosis_call_t *call, const ngx_dosis_loc_conf_t *conf)
{
    ngx_dosis_params_t params;
    const ngx_table_elt_t *header = call->r->headers_in.authorization;

    if (header != NULL) {
        return auth_bearer(header);
    }
    if (!conf->token_in_query
        || !ngx_dosis_params_read(call, NGX_DOSIS_PARAM(TOKEN), &params)) {
        return dosis_slice(NULL, 0);
    }
    return params.value[NGX_DOSIS_PARAM_TOKEN];
}


static bool
auth_refuse(ngx_dosis_call_t *call, ngx_dosis_problem_t problem)
{
    (void) ngx_dosis_refuse(call, problem);
    return false;
}


/* error and description of RFC 6750; both without quotes in them. */
static bool
auth_challenge(ngx_dosis_call_t *call, ngx_dosis_problem_t problem,
    const char *error, const char *description)
{
    dosis_buf_t text;
    char *memory = dosis_arena_alloc(call->arena, AUTH_CHALLENGE_MAX);

    if (memory != NULL) {
        dosis_buf_init_fixed(&text, memory, AUTH_CHALLENGE_MAX);
        dosis_buf_addf(&text, "error=\"%s\", error_description=\"%s\"", error,
            description);
        call->reply.challenge = dosis_buf_slice(&text);
    }
    return auth_refuse(call, problem);
}


/* What dosis_identity_from_claims() gives as a reason, for people. */
static const struct {
    const char *reason;
    const char *text;
} auth_reasons[] = {
    { "TweeLeesScopes",
        "Dit token heeft de scope van een loket en die van een gebruiker;"
        " vraag een token met één van beide." },
    { "ClientOntbreekt", "Dit token noemt geen client." },
    { "GeenGebruiker",
        "Dit token is van een toepassing en niet van een gebruiker." },
    { "DoelgroepOnbekend",
        "De doelgroep in dit token (vo_doelgroepcode) is niet die van een"
        " gebruiker." },
    { "OnderwerpOntbreekt",
        "Dit token zegt niet voor wie: rrn (burger) of vo_orgcode"
        " (organisatie) ontbreekt." },
    { "OnderwerpOngeldig",
        "De rrn of vo_orgcode in dit token is ongeldig, of hoort niet bij de"
        " doelgroep." },
    { "MandaatOngeldig",
        "De mandaatgever in dit token (ssm_mandaatgever) is niet één geldige"
        " identificatie." },
};


static const char *
auth_reason_text(const char *reason)
{
    size_t i;

    for (i = 0; i < sizeof(auth_reasons) / sizeof(auth_reasons[0]); i++) {
        if (strcmp(reason, auth_reasons[i].reason) == 0) {
            return auth_reasons[i].text;
        }
    }
    return "Dit token geeft geen toegang tot deze aanvraag.";
}


/* A good token that says nothing we accept. */
static bool
auth_deny(ngx_dosis_call_t *call, const char *reason)
{
    if (strcmp(reason, "ScopeOntbreekt") == 0) {
        return auth_challenge(call, NGX_DOSIS_SCOPE_ONTBREEKT,
            "insufficient_scope", "the token has no scope of this service");
    }
    dosis_err_add(&call->err, reason, "", "%s", auth_reason_text(reason));
    return auth_refuse(call, NGX_DOSIS_GEEN_TOEGANG);
}


static bool
auth_invalid(ngx_dosis_call_t *call, dosis_jwt_reason_t reason)
{
    return auth_challenge(call,
        (reason == DOSIS_JWT_EXPIRED) ? NGX_DOSIS_TOKEN_VERLOPEN
                                      : NGX_DOSIS_TOKEN_ONGELDIG,
        "invalid_token", dosis_jwt_reason_text(reason));
}


static dosis_rc_t
auth_verify_now(dosis_slice_t text, dosis_jwt_t *ret_jwt,
    dosis_jwt_reason_t *ret_reason)
{
    const ngx_dosis_issuers_t *known = ngx_dosis_issuers();
    const dosis_jwt_policy_t policy = {
        .issuers = known->issuers,
        .count = known->count,
        .now_s = ngx_time(),
        .leeway_s = ngx_dosis_worker()->conf->leeway_s,
    };

    return dosis_jwt_verify(text, &policy, ret_jwt, ret_reason);
}


/* Refused for its key, of which there may be another by now. */
static bool
auth_by_key(dosis_jwt_reason_t reason)
{
    return reason == DOSIS_JWT_UNKNOWN_KEY || reason == DOSIS_JWT_ALGORITHM
        || reason == DOSIS_JWT_SIGNATURE || reason == DOSIS_JWT_ISSUER;
}


static dosis_rc_t
auth_verify(ngx_dosis_call_t *call, dosis_slice_t text, dosis_jwt_t *ret_jwt)
{
    dosis_rc_t rc;
    dosis_jwt_reason_t reason;

    rc = auth_verify_now(text, ret_jwt, &reason);
    if (rc == DOSIS_EDENIED && call->reader == NULL
        && ngx_dosis_issuers_look_now()) {
        rc = auth_verify_now(text, ret_jwt, &reason);
    }
    if (rc == DOSIS_EDENIED && auth_by_key(reason)
        && ngx_dosis_issuers_may_come(text)) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR);
    } else if (rc == DOSIS_EDENIED) {
        (void) auth_invalid(call, reason);
    } else if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(call, rc);
    }
    return rc;
}


/* Verified here and now, and kept for the next minute. */
static ngx_dosis_token_t *
auth_read_token(ngx_dosis_call_t *call, dosis_slice_t text)
{
    dosis_rc_t rc;
    dosis_jwt_t jwt;
    const char *reason;
    ngx_dosis_token_t *token;
    const dosis_identity_rules_t *rules;

    if (auth_verify(call, text, &jwt) != DOSIS_OK) {
        return NULL;
    }
    rules = ngx_dosis_issuers()->rules;
    token = ngx_dosis_token_create(text);
    rc = DOSIS_ENOMEM;
    if (token != NULL) {
        rc = dosis_identity_from_claims(jwt.payload, &rules[jwt.issuer],
            token->arena, &token->identity, &reason);
    }
    dosis_json_free(jwt.payload);

    if (rc == DOSIS_OK) {
        token->binding = jwt.binding;
        token->expires =
            ngx_min(ngx_time() + NGX_DOSIS_TOKEN_TTL_S, (time_t) jwt.exp_s);
        return token;
    }
    ngx_dosis_token_release(token);
    if (rc == DOSIS_EDENIED) {
        (void) auth_deny(call, reason);
    } else {
        (void) ngx_dosis_refuse_rc(call, rc);
    }
    return NULL;
}


/* What is remembered of it, or what its issuer has just told. */
static ngx_int_t
auth_judge(ngx_dosis_call_t *call, const ngx_dosis_token_t *token)
{
    if (token->refused != DOSIS_JWT_OK) {
        (void) auth_invalid(call, token->refused);
        return NGX_DECLINED;
    }
    if (token->denied != NULL) {
        (void) auth_deny(call, token->denied);
        return NGX_DECLINED;
    }
    return NGX_OK;
}


/*
 * A signed token is judged anew in the snapshot of its request, when an issuer
 * has changed; an opaque one has to be asked about, and that is now.
 */
static ngx_dosis_token_t *
auth_remembered(dosis_slice_t text)
{
    ngx_dosis_token_cache_t *cache = ngx_dosis_worker()->tokens;
    ngx_dosis_token_t *token;

    token = ngx_dosis_token_cache_get(cache, text, ngx_time());
    if (token == NULL || token->issuer.len == 0
        || !ngx_dosis_issuers_look_now()) {
        return token;
    }
    ngx_dosis_token_release(token);
    return ngx_dosis_token_cache_get(cache, text, ngx_time());
}


static ngx_int_t
auth_token(ngx_dosis_call_t *call, ngx_dosis_ctx_t *ctx, dosis_slice_t text)
{
    ngx_int_t rc;
    ngx_dosis_token_cache_t *cache = ngx_dosis_worker()->tokens;

    ctx->token = auth_remembered(text);
    if (ctx->token != NULL) {
        return auth_judge(call, ctx->token);
    }
    if (ngx_dosis_opaque_is(text)) {
        rc = ngx_dosis_opaque_ask(call, text, &ctx->token);
        return (rc == NGX_OK) ? auth_judge(call, ctx->token) : rc;
    }
    ctx->token = auth_read_token(call, text);
    if (ctx->token == NULL) {
        return NGX_DECLINED;
    }
    ngx_dosis_token_cache_put(cache, ctx->token, ngx_time());
    return NGX_OK;
}


/* At every request: a token that is remembered is bound as it was. */
static bool
auth_check_binding(ngx_dosis_call_t *call, const ngx_dosis_ctx_t *ctx,
    const ngx_dosis_loc_conf_t *conf)
{
    dosis_rc_t rc;

    rc = ngx_dosis_transport_check(call->r, ctx, conf, &ctx->token->binding);
    if (rc == DOSIS_EDENIED) {
        return auth_challenge(call, NGX_DOSIS_TOKEN_ONGELDIG, "invalid_token",
            dosis_jwt_reason_text(DOSIS_JWT_CERTIFICATE));
    }
    if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(call, rc);
    }
    return rc == DOSIS_OK;
}


/* Once there is a token: is it bound, and has it a scope for this route? */
static bool
auth_allows(ngx_dosis_call_t *call, const ngx_dosis_ctx_t *ctx,
    const ngx_dosis_loc_conf_t *conf)
{
    if (!auth_check_binding(call, ctx, conf)) {
        return false;
    }
    if ((ctx->token->identity.scopes & call->route->scopes) == 0) {
        return auth_challenge(call, NGX_DOSIS_SCOPE_ONTBREEKT,
            "insufficient_scope", "the token has no scope for this request");
    }
    return true;
}


bool
ngx_dosis_auth_assured(dosis_slice_t acr)
{
    size_t i;
    const ngx_dosis_issuers_t *known = ngx_dosis_issuers();

    for (i = 0; i < known->count; i++) {
        if (dosis_identity_assured(&known->rules[i], acr)) {
            return true;
        }
    }
    return false;
}


bool
ngx_dosis_auth_again(ngx_dosis_call_t *call)
{
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(call->r);
    ngx_dosis_token_t *before = ctx->token;
    ngx_dosis_token_t *token;

    ngx_dosis_issuers_look(dosis_reader_ref(call->reader));
    if (before == NULL || before->issuer.len > 0 /* judged with its client */
        || before->generation == ngx_dosis_issuers()->generation) {
        return true;
    }
    token = auth_read_token(call, before->text);
    if (token == NULL) {
        return false;
    }
    ctx->token = token;
    call->identity = &token->identity;
    ngx_dosis_token_release(before);
    return auth_allows(call, ctx,
        ngx_http_get_module_loc_conf(call->r, ngx_dosis_module));
}


ngx_int_t
ngx_dosis_auth(ngx_dosis_call_t *call, ngx_dosis_ctx_t *ctx)
{
    ngx_int_t rc;
    dosis_slice_t text;
    const ngx_dosis_loc_conf_t *conf;

    conf = ngx_http_get_module_loc_conf(call->r, ngx_dosis_module);
    text = auth_find_token(call, conf);
    if (text.len == 0) {
        (void) auth_refuse(call, NGX_DOSIS_TOKEN_ONTBREEKT);
        return NGX_DECLINED;
    }
    if (conf->require_tls
        && !ngx_dosis_transport_is_private(call->r, ctx, conf)) {
        (void) auth_refuse(call, NGX_DOSIS_TLS_VEREIST);
        return NGX_DECLINED;
    }

    ngx_dosis_token_release(ctx->token); /* of before a redirect */
    ctx->token = NULL;
    rc = auth_token(call, ctx, text);
    if (rc != NGX_OK) {
        return rc;
    }
    return auth_allows(call, ctx, conf) ? NGX_OK : NGX_DECLINED;
}
