/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_introspectie.h"

#include "base/dosis_json_value.h"
#include "base/dosis_text.h"

#define SIGNED_TYPE "application/" DOSIS_INTROSPECTIE_TYP


/* What stands before the first `;`, without blanks. */
static dosis_slice_t
type_of(dosis_slice_t value)
{
    const char *end =
        value.len == 0 ? NULL : memchr(value.data, ';', value.len);

    if (end != NULL) {
        value.len = (size_t) (end - value.data);
    }
    return dosis_text_trim(value);
}


/* A tree that is an object, or EFORMAT. */
static dosis_rc_t
object_parse(dosis_slice_t text, dosis_json_t **ret)
{
    dosis_rc_t rc = dosis_json_parse(text, ret, NULL);

    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOMEM ? rc : DOSIS_EFORMAT;
    }
    return dosis_json_kind(*ret) == DOSIS_JSON_OBJECT ? DOSIS_OK
                                                      : DOSIS_EFORMAT;
}


/* `active`, and nothing but that: a text "false" is no answer. */
static dosis_rc_t
active_check(const dosis_json_t *answer, dosis_introspectie_said_t *said)
{
    const dosis_json_t *active = dosis_json_get(answer, "active");

    if (dosis_json_kind(active) != DOSIS_JSON_BOOL) {
        return DOSIS_EFORMAT;
    }
    said->reason = DOSIS_JWT_INACTIVE;
    return dosis_json_bool(active) ? DOSIS_OK : DOSIS_EDENIED;
}


static dosis_rc_t
type_check(const dosis_json_t *claims, dosis_introspectie_said_t *said)
{
    const dosis_json_t *type = dosis_json_get(claims, "token_type");

    said->reason = DOSIS_JWT_TYPE;
    return type == NULL
            || dosis_text_ieq(dosis_json_string(type), DOSIS_SLICE("Bearer"))
        ? DOSIS_OK
        : DOSIS_EDENIED;
}


/* text is an object: puts in front what it leaves out. */
static void
claims_complete(const dosis_introspectie_asked_t *asked, dosis_slice_t text,
    const dosis_json_t *claims, dosis_buf_t *to)
{
    const char *inside = (const char *) memchr(text.data, '{', text.len) + 1;
    size_t members = dosis_json_count(claims);

    dosis_buf_add_byte(to, '{');
    if (dosis_json_get(claims, "iss") == NULL) {
        dosis_json_add_member(to, "iss", asked->issuer->issuer);
        DOSIS_BUF_LIT(to, ",");
    }
    if (dosis_json_get(claims, "exp") == NULL) {
        dosis_buf_addf(to, "\"exp\":%lld%s",
            (long long) (asked->now_s + asked->max_s), members > 0 ? "," : "");
    }
    dosis_buf_add(to, inside, (size_t) (text.data + text.len - inside));
}


/* The claims in text, judged and completed. */
static dosis_rc_t
claims_take(const dosis_introspectie_asked_t *asked, dosis_slice_t text,
    dosis_introspectie_said_t *said)
{
    const dosis_jwt_policy_t clock = { .now_s = asked->now_s,
        .leeway_s = asked->leeway_s };
    dosis_jwt_t jwt = { 0 };
    dosis_json_t *claims = NULL, *whole = NULL;
    dosis_buf_t *to = said->claims;
    size_t start = to->len;
    dosis_rc_t rc;

    rc = object_parse(text, &claims);
    if (rc == DOSIS_OK) {
        rc = type_check(claims, said);
    }
    if (rc == DOSIS_OK) {
        claims_complete(asked, text, claims, to);
        rc = to->rc;
    }
    if (rc == DOSIS_OK) {
        rc = object_parse(
            dosis_slice(to->data + start, to->len - start), &whole);
    }
    if (rc == DOSIS_OK) {
        said->reason = dosis_jwt_claims(whole, asked->issuer, &clock, &jwt);
        said->exp_s = jwt.exp_s;
        rc = said->reason == DOSIS_JWT_OK ? DOSIS_OK : DOSIS_EDENIED;
    }
    dosis_json_free(claims);
    dosis_json_free(whole);
    return rc;
}


/* Signed by the issuer, or nothing is known: it is no word of the issuer's. */
static dosis_rc_t
signed_open(const dosis_introspectie_asked_t *asked, dosis_slice_t text,
    const char *typ, dosis_buf_t *to)
{
    dosis_jwt_reason_t reason;
    dosis_rc_t rc;

    rc = dosis_jwt_open(text, typ, asked->issuer->keys, to, &reason);
    return rc == DOSIS_EDENIED ? DOSIS_EFORMAT : rc;
}


/* The object of an answer. */
static dosis_rc_t
answer_read(const dosis_introspectie_asked_t *asked, dosis_slice_t text,
    dosis_introspectie_said_t *said)
{
    char memory[DOSIS_JWT_MAX];
    dosis_buf_t payload;
    const dosis_json_t *jwt;
    dosis_json_t *answer = NULL;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&payload, memory, sizeof(memory));
    rc = object_parse(text, &answer);
    if (rc == DOSIS_OK) {
        rc = active_check(answer, said);
    }
    jwt = dosis_json_get(answer, "jwt");
    if (rc == DOSIS_OK && jwt != NULL) {
        rc = signed_open(asked, dosis_json_string(jwt), NULL, &payload);
        text = dosis_buf_slice(&payload);
    }
    if (rc == DOSIS_OK) {
        rc = claims_take(asked, text, said);
    }
    dosis_json_free(answer);
    return rc;
}


/* Of the issuer, and for us: another's answer says nothing to us. */
static bool
envelope_is_ours(
    const dosis_introspectie_asked_t *asked, const dosis_json_t *payload)
{
    const dosis_jwt_issuer_t us = { asked->issuer->issuer, asked->client,
        NULL };

    return dosis_jwt_parties(payload, &us) == DOSIS_JWT_OK
        && dosis_json_kind(dosis_json_get(payload, "token_introspection"))
        == DOSIS_JSON_OBJECT;
}


static dosis_rc_t
signed_read(const dosis_introspectie_asked_t *asked, dosis_slice_t body,
    dosis_introspectie_said_t *said)
{
    char memory[DOSIS_JWT_MAX];
    char inner_memory[DOSIS_JWT_MAX];
    dosis_buf_t text, inner;
    dosis_json_t *payload = NULL;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    dosis_buf_init_fixed(&inner, inner_memory, sizeof(inner_memory));
    rc = signed_open(asked, body, DOSIS_INTROSPECTIE_TYP, &text);
    if (rc == DOSIS_OK) {
        rc = object_parse(dosis_buf_slice(&text), &payload);
    }
    if (rc == DOSIS_OK
        && (!envelope_is_ours(asked, payload)
            || !dosis_json_add_value(
                &inner, dosis_json_get(payload, "token_introspection"))
            || inner.rc != DOSIS_OK)) {
        rc = DOSIS_EFORMAT;
    }
    if (rc == DOSIS_OK) {
        rc = answer_read(asked, dosis_buf_slice(&inner), said);
    }
    dosis_json_free(payload);
    return rc;
}


dosis_rc_t
dosis_introspectie_read(const dosis_introspectie_asked_t *asked,
    dosis_slice_t type, dosis_slice_t body, dosis_introspectie_said_t *said)
{
    said->reason = DOSIS_JWT_MALFORMED;
    said->exp_s = 0;
    if (body.len == 0 || body.len > DOSIS_INTROSPECTIE_MAX) {
        return DOSIS_EFORMAT;
    }
    if (dosis_text_ieq(type_of(type), DOSIS_SLICE(SIGNED_TYPE))) {
        return signed_read(asked, dosis_text_trim(body), said);
    }
    return answer_read(asked, body, said);
}


static bool
is_token_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || (c != '\0' && strchr("-._~+/=", c) != NULL);
}


/*
 * Three parts, and the first begins with { as base64url, with a quote or a
 * blank behind it: the header of a signed token.
 */
static bool
is_signed_form(dosis_slice_t token)
{
    size_t i, dots = 0;

    for (i = 0; i < token.len; i++) {
        dots += token.data[i] == '.';
    }
    return dots == 2 && token.len > 2 && token.data[0] == 'e'
        && (token.data[1] == 'y' || token.data[1] == 'w');
}


bool
dosis_introspectie_is_opaque(dosis_slice_t token)
{
    size_t i;

    if (token.len == 0 || token.len > DOSIS_JWT_MAX || is_signed_form(token)) {
        return false;
    }
    for (i = 0; i < token.len; i++) {
        if (!is_token_byte(token.data[i])) {
            return false;
        }
    }
    return true;
}
