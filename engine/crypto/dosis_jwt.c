/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_jwt.h"

#include "base/dosis_text.h"

#define LEEWAY_MAX_S 60
#define TIME_MAX_S (INT64_C(1) << 53) /* exact as an integer and a real */
#define TIME_DIGITS 16

/* One token, decoded. */
typedef struct {
    dosis_slice_t message; /* the bytes that are signed */
    dosis_slice_t header;
    dosis_slice_t payload;
    dosis_slice_t signature;
    dosis_slice_t alg; /* borrowed from the header's tree */
    dosis_slice_t kid;
    char memory[DOSIS_JWT_MAX];
} jwt_token_t;

static const char *const reason_texts[] = {
    [DOSIS_JWT_OK] = "the token is valid",
    [DOSIS_JWT_TOO_LONG] = "the token is too long",
    [DOSIS_JWT_MALFORMED] = "the token is malformed",
    [DOSIS_JWT_CRITICAL] = "the token has critical extensions",
    [DOSIS_JWT_ALGORITHM] = "the algorithm is not allowed for this key",
    [DOSIS_JWT_UNKNOWN_KEY] = "the key is unknown",
    [DOSIS_JWT_SIGNATURE] = "the signature is invalid",
    [DOSIS_JWT_ISSUER] = "the issuer is not accepted",
    [DOSIS_JWT_AUDIENCE] = "the token is for another audience",
    [DOSIS_JWT_EXPIRED] = "the token has expired",
    [DOSIS_JWT_TOO_EARLY] = "the token is not valid yet",
    [DOSIS_JWT_BINDING] = "the token is bound in a way that is not supported",
    [DOSIS_JWT_CERTIFICATE] =
        "the token is bound to a client certificate that did not come with it",
    [DOSIS_JWT_INACTIVE] = "the issuer says that the token is not active",
    [DOSIS_JWT_TYPE] = "the token is of a type that is not supported",
};

/*
 * How far a token came: with several issuers for one kid, the reason of the
 * one that came furthest counts.
 */
static const int reason_rank[] = {
    [DOSIS_JWT_UNKNOWN_KEY] = 1,
    [DOSIS_JWT_ALGORITHM] = 2,
    [DOSIS_JWT_SIGNATURE] = 3,
    [DOSIS_JWT_ISSUER] = 4,
    [DOSIS_JWT_AUDIENCE] = 5,
    [DOSIS_JWT_MALFORMED] = 6, /* a signed payload that is none */
    [DOSIS_JWT_EXPIRED] = 7,
    [DOSIS_JWT_TOO_EARLY] = 8,
    [DOSIS_JWT_BINDING] = 9,
};

/* Decodes one part behind the others in memory. */
static bool
part_decode(dosis_buf_t *memory, dosis_slice_t text, dosis_slice_t *ret_bytes)
{
    size_t start = memory->len;

    if (dosis_base64url_decode(memory, text) != DOSIS_OK) {
        return false;
    }
    *ret_bytes = dosis_slice(memory->data + start, memory->len - start);
    return true;
}


/* header.payload.signature, each strict base64url. */
static bool
token_split(dosis_slice_t text, jwt_token_t *token)
{
    const char *end = text.data + text.len;
    const char *dot1, *dot2;
    dosis_buf_t memory;

    dot1 = text.len == 0 ? NULL : memchr(text.data, '.', text.len);
    if (dot1 == NULL) {
        return false;
    }
    dot2 = memchr(dot1 + 1, '.', (size_t) (end - dot1 - 1));
    if (dot2 == NULL) {
        return false;
    }
    token->message = dosis_slice(text.data, (size_t) (dot2 - text.data));
    dosis_buf_init_fixed(&memory, token->memory, sizeof(token->memory));
    /* a third dot is no base64url, so it fails in the last part */
    return part_decode(&memory,
               dosis_slice(text.data, (size_t) (dot1 - text.data)),
               &token->header)
        && part_decode(&memory,
            dosis_slice(dot1 + 1, (size_t) (dot2 - dot1 - 1)), &token->payload)
        && part_decode(&memory,
            dosis_slice(dot2 + 1, (size_t) (end - dot2 - 1)),
            &token->signature);
}


static bool
is_text(const dosis_json_t *value)
{
    return dosis_json_kind(value) == DOSIS_JSON_STRING;
}


/*
 * A media type, in either case (RFC 7515, 4.1.9): the one that is asked for, or
 * of a token: absent or one of two.
 */
static bool
typ_is_ours(const dosis_json_t *typ, const char *wanted)
{
    dosis_slice_t text = dosis_json_string(typ);

    if (wanted != NULL) {
        return dosis_text_ieq(text, dosis_slice_of(wanted));
    }
    return typ == NULL
        || (is_text(typ)
            && (dosis_text_ieq(text, DOSIS_SLICE("JWT"))
                || dosis_text_ieq(text, DOSIS_SLICE("at+jwt"))));
}


/* The algorithm is judged before the kid: `none` is refused as such. */
static dosis_jwt_reason_t
header_check(const dosis_json_t *header, const char *typ, jwt_token_t *token)
{
    const dosis_json_t *alg = dosis_json_get(header, "alg");
    const dosis_json_t *kid = dosis_json_get(header, "kid");

    if (dosis_json_get(header, "crit") != NULL) {
        return DOSIS_JWT_CRITICAL;
    }
    if (!is_text(alg) || !typ_is_ours(dosis_json_get(header, "typ"), typ)) {
        return DOSIS_JWT_MALFORMED;
    }
    token->alg = dosis_json_string(alg);
    if (!dosis_jwks_knows(token->alg)) {
        return DOSIS_JWT_ALGORITHM;
    }
    token->kid = dosis_json_string(kid);
    return token->kid.len == 0 ? DOSIS_JWT_MALFORMED : DOSIS_JWT_OK;
}


/* A claim that must be this text; nothing equals an empty one. */
static bool
claim_is(const dosis_json_t *claim, dosis_slice_t text)
{
    return is_text(claim) && text.len > 0
        && dosis_slice_eq(dosis_json_string(claim), text);
}


static bool
claim_holds(const dosis_json_t *claim, dosis_slice_t text)
{
    size_t i;

    if (dosis_json_kind(claim) != DOSIS_JSON_ARRAY) {
        return claim_is(claim, text);
    }
    for (i = 0; i < dosis_json_count(claim); i++) {
        if (claim_is(dosis_json_at(claim, i), text)) {
            return true;
        }
    }
    return false;
}


static bool
time_from_text(dosis_slice_t text, int64_t *ret_s)
{
    int64_t s = 0;
    size_t i;

    if (text.len > TIME_DIGITS || !dosis_text_is_digits(text)) {
        return false;
    }
    for (i = 0; i < text.len; i++) {
        s = s * 10 + (text.data[i] - '0');
    }
    *ret_s = s;
    return true;
}


static bool
time_from_real(double real, int64_t *ret_s)
{
    /* written so that what is no number fails */
    if (!(real >= (double) -TIME_MAX_S && real <= (double) TIME_MAX_S)) {
        return false;
    }
    *ret_s = (int64_t) real;
    return true;
}


/* A NumericDate: an integer, a real, or an integer as text. */
static bool
claim_time(const dosis_json_t *claim, int64_t *ret_s)
{
    bool ok = false;

    switch (dosis_json_kind(claim)) {
    case DOSIS_JSON_INT:
        *ret_s = dosis_json_int(claim);
        ok = true;
        break;
    case DOSIS_JSON_REAL:
        ok = time_from_real(dosis_json_real(claim), ret_s);
        break;
    case DOSIS_JSON_STRING:
        ok = time_from_text(dosis_json_string(claim), ret_s);
        break;
    default:
        break;
    }
    return ok && *ret_s >= -TIME_MAX_S && *ret_s <= TIME_MAX_S;
}


static dosis_jwt_reason_t
times_check(const dosis_json_t *payload, const dosis_jwt_policy_t *policy,
    int64_t *ret_exp_s)
{
    static const char *const starts[] = { "nbf", "iat" };
    const dosis_json_t *claim;
    int64_t leeway_s = policy->leeway_s, start_s[2] = { 0, 0 };
    size_t i;

    leeway_s = leeway_s > LEEWAY_MAX_S ? LEEWAY_MAX_S : leeway_s;
    leeway_s = leeway_s < 0 ? 0 : leeway_s;
    if (!claim_time(dosis_json_get(payload, "exp"), ret_exp_s)) {
        return DOSIS_JWT_MALFORMED;
    }
    for (i = 0; i < 2; i++) {
        claim = dosis_json_get(payload, starts[i]);
        start_s[i] = policy->now_s;
        if (claim != NULL && !claim_time(claim, &start_s[i])) {
            return DOSIS_JWT_MALFORMED;
        }
    }
    if (*ret_exp_s + leeway_s <= policy->now_s) {
        return DOSIS_JWT_EXPIRED;
    }
    for (i = 0; i < 2; i++) {
        if (start_s[i] - leeway_s > policy->now_s) {
            return DOSIS_JWT_TOO_EARLY;
        }
    }
    return DOSIS_JWT_OK;
}


/* One confirmation only: another one beside it would go unchecked. */
static dosis_jwt_reason_t
binding_read(const dosis_json_t *cnf, dosis_jwt_binding_t *binding)
{
    const dosis_json_t *thumbprint = dosis_json_get(cnf, "x5t#S256");
    dosis_buf_t bytes;

    binding->bound = cnf != NULL;
    if (cnf == NULL) {
        return DOSIS_JWT_OK;
    }
    dosis_buf_init_fixed(&bytes, binding->sha256, sizeof(binding->sha256));
    if (dosis_json_kind(cnf) != DOSIS_JSON_OBJECT || dosis_json_count(cnf) != 1
        || dosis_base64url_decode(&bytes, dosis_json_string(thumbprint))
            != DOSIS_OK
        || bytes.len != sizeof(binding->sha256)) {
        return DOSIS_JWT_BINDING;
    }
    return DOSIS_JWT_OK;
}


static dosis_rc_t
deny(dosis_jwt_reason_t reason, dosis_jwt_reason_t *ret_reason)
{
    *ret_reason = reason;
    return reason == DOSIS_JWT_OK ? DOSIS_OK : DOSIS_EDENIED;
}


/* Does this issuer's key sign the token? */
static dosis_rc_t
signature_check(const jwt_token_t *token, const dosis_jwks_t *keys,
    dosis_jwt_reason_t *ret_reason)
{
    const char *alg = keys == NULL ? NULL : dosis_jwks_alg(keys, token->kid);
    dosis_rc_t rc;

    if (alg == NULL) {
        return deny(DOSIS_JWT_UNKNOWN_KEY, ret_reason);
    }
    if (!dosis_slice_eq(token->alg, dosis_slice_of(alg))) {
        return deny(DOSIS_JWT_ALGORITHM, ret_reason);
    }
    rc = dosis_jwks_verify(keys, token->kid, token->message, token->signature);
    return rc == DOSIS_EDENIED ? deny(DOSIS_JWT_SIGNATURE, ret_reason) : rc;
}


/* The payload, once one signature over it holds. */
static dosis_rc_t
payload_read(const jwt_token_t *token, dosis_json_t **payload,
    dosis_jwt_reason_t *ret_reason)
{
    dosis_rc_t rc = DOSIS_OK;

    if (*payload == NULL) {
        rc = dosis_json_parse(token->payload, payload, NULL);
    }
    if (rc == DOSIS_ENOMEM) {
        return rc;
    }
    if (rc != DOSIS_OK || dosis_json_kind(*payload) != DOSIS_JSON_OBJECT) {
        return deny(DOSIS_JWT_MALFORMED, ret_reason);
    }
    return DOSIS_OK;
}


dosis_jwt_reason_t
dosis_jwt_parties(
    const dosis_json_t *payload, const dosis_jwt_issuer_t *issuer)
{
    if (!claim_is(dosis_json_get(payload, "iss"), issuer->issuer)) {
        return DOSIS_JWT_ISSUER;
    }
    return claim_holds(dosis_json_get(payload, "aud"), issuer->audience)
        ? DOSIS_JWT_OK
        : DOSIS_JWT_AUDIENCE;
}


dosis_jwt_reason_t
dosis_jwt_claims(const dosis_json_t *payload, const dosis_jwt_issuer_t *issuer,
    const dosis_jwt_policy_t *policy, dosis_jwt_t *jwt)
{
    dosis_jwt_reason_t reason = dosis_jwt_parties(payload, issuer);

    if (reason == DOSIS_JWT_OK) {
        reason = times_check(payload, policy, &jwt->exp_s);
    }
    return reason == DOSIS_JWT_OK
        ? binding_read(dosis_json_get(payload, "cnf"), &jwt->binding)
        : reason;
}


/* One issuer: signature first, claims after. */
static dosis_rc_t
issuer_try(const jwt_token_t *token, const dosis_jwt_policy_t *policy,
    dosis_jwt_t *jwt, dosis_jwt_reason_t *ret_reason)
{
    const dosis_jwt_issuer_t *issuer = &policy->issuers[jwt->issuer];
    dosis_rc_t rc;

    rc = signature_check(token, issuer->keys, ret_reason);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = payload_read(token, &jwt->payload, ret_reason);
    if (rc != DOSIS_OK) {
        return rc;
    }
    return deny(
        dosis_jwt_claims(jwt->payload, issuer, policy, jwt), ret_reason);
}


/* Two issuers may use one kid, or share a key: each is tried. */
static dosis_rc_t
issuers_try(const jwt_token_t *token, const dosis_jwt_policy_t *policy,
    dosis_jwt_t *jwt, dosis_jwt_reason_t *ret_reason)
{
    dosis_jwt_reason_t reason = DOSIS_JWT_UNKNOWN_KEY;
    dosis_rc_t rc = DOSIS_EDENIED;

    *ret_reason = reason;
    for (jwt->issuer = 0; jwt->issuer < policy->count; jwt->issuer++) {
        rc = issuer_try(token, policy, jwt, &reason);
        if (rc != DOSIS_EDENIED) {
            return rc;
        }
        if (reason_rank[reason] > reason_rank[*ret_reason]) {
            *ret_reason = reason;
        }
    }
    return rc;
}


/* Splits and judges all but signature and claims; header is given. */
static dosis_rc_t
token_read(dosis_slice_t text, const char *typ, jwt_token_t *token,
    dosis_json_t **header, dosis_jwt_reason_t *ret_reason)
{
    dosis_rc_t rc;

    if (text.len > DOSIS_JWT_MAX) {
        return deny(DOSIS_JWT_TOO_LONG, ret_reason);
    }
    *ret_reason = DOSIS_JWT_MALFORMED;
    if (!token_split(text, token)) {
        return DOSIS_EDENIED;
    }
    rc = dosis_json_parse(token->header, header, NULL);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOMEM ? rc : DOSIS_EDENIED;
    }
    return deny(header_check(*header, typ, token), ret_reason);
}


dosis_rc_t
dosis_jwt_verify(dosis_slice_t text, const dosis_jwt_policy_t *policy,
    dosis_jwt_t *ret_jwt, dosis_jwt_reason_t *ret_reason)
{
    jwt_token_t token;
    dosis_jwt_t jwt = { 0 };
    dosis_json_t *header = NULL;
    dosis_rc_t rc;

    rc = token_read(text, NULL, &token, &header, ret_reason);
    if (rc == DOSIS_OK) {
        rc = issuers_try(&token, policy, &jwt, ret_reason);
    }
    dosis_json_free(header);
    if (rc != DOSIS_OK) {
        dosis_json_free(jwt.payload);
        return rc;
    }
    *ret_reason = DOSIS_JWT_OK;
    *ret_jwt = jwt;
    return DOSIS_OK;
}


dosis_rc_t
dosis_jwt_open(dosis_slice_t text, const char *typ, const dosis_jwks_t *keys,
    dosis_buf_t *ret_payload, dosis_jwt_reason_t *ret_reason)
{
    jwt_token_t token;
    dosis_json_t *header = NULL;
    dosis_rc_t rc;

    rc = token_read(text, typ, &token, &header, ret_reason);
    if (rc == DOSIS_OK) {
        rc = signature_check(&token, keys, ret_reason);
    }
    dosis_json_free(header);
    if (rc != DOSIS_OK) {
        return rc;
    }
    *ret_reason = DOSIS_JWT_OK;
    dosis_buf_add_slice(ret_payload, token.payload);
    return ret_payload->rc;
}


static bool
name_keep(dosis_slice_t text, char to[DOSIS_JWT_NAME_MAX], size_t *ret_len)
{
    if (text.len == 0 || text.len > DOSIS_JWT_NAME_MAX) {
        return false;
    }
    memcpy(to, text.data, text.len);
    *ret_len = text.len;
    return true;
}


bool
dosis_jwt_names(dosis_slice_t text, dosis_jwt_names_t *ret)
{
    jwt_token_t token;
    dosis_json_t *header = NULL, *payload = NULL;
    bool told;

    told = text.len <= DOSIS_JWT_MAX && token_split(text, &token)
        && dosis_json_parse(token.header, &header, NULL) == DOSIS_OK
        && header_check(header, NULL, &token) == DOSIS_JWT_OK
        && dosis_json_parse(token.payload, &payload, NULL) == DOSIS_OK
        && claim_time(dosis_json_get(payload, "exp"), &ret->exp_s)
        && name_keep(dosis_json_string(dosis_json_get(payload, "iss")),
            ret->iss, &ret->iss_len)
        && name_keep(token.kid, ret->kid, &ret->kid_len);
    dosis_json_free(header);
    dosis_json_free(payload);
    return told;
}


const char *
dosis_jwt_reason_text(dosis_jwt_reason_t reason)
{
    size_t count = sizeof(reason_texts) / sizeof(*reason_texts);

    return (size_t) reason < count ? reason_texts[reason]
                                   : "the token is not accepted";
}


dosis_jwt_reason_t
dosis_jwt_reason_of(dosis_slice_t text)
{
    size_t i, count = sizeof(reason_texts) / sizeof(*reason_texts);

    for (i = DOSIS_JWT_OK + 1; i < count; i++) {
        if (dosis_slice_eq(text, dosis_slice_of(reason_texts[i]))) {
            return (dosis_jwt_reason_t) i;
        }
    }
    return DOSIS_JWT_INACTIVE;
}
