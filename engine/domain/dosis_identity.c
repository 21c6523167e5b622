/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_identity.h"

#include "base/dosis_text.h"
#include "domain/dosis_recht.h"

#include <stdio.h>

#define READING (DOSIS_SCOPE_RAADPLEGING | DOSIS_SCOPE_GEBRUIKER)

#define TEXT_DIGITS 24
#define EXP_DIGITS 15 /* fits an int64_t and a double */
#define EXP_MAX 1e15

/* Which claim names a user's subject, by the audience: exact names. */
static const struct {
    dosis_slice_t doelgroep;
    const char *claim;
    bool person;
} doelgroepen[] = {
    { { "BUR", 3 }, "rrn", true },
    { { "EA", 2 }, "vo_orgcode", false },
    { { "VER", 3 }, "vo_orgcode", false },
    { { "LB", 2 }, "vo_orgcode", false },
    { { "GID", 3 }, "vo_orgcode", false },
    { { "OV", 2 }, "vo_orgcode", false },
};

#define DOELGROEPEN (sizeof(doelgroepen) / sizeof(doelgroepen[0]))


/* By a name that is a slice and may lack its NUL. */
static const dosis_json_t *
claim_get(const dosis_json_t *payload, dosis_slice_t name)
{
    void *cursor = NULL;
    const char *found_name;
    const dosis_json_t *found;

    if (name.len == 0) {
        return NULL;
    }

    while ((cursor = dosis_json_next(payload, cursor, &found_name, &found))
        != NULL) {
        if (dosis_slice_eq(dosis_slice_of(found_name), name)) {
            return found;
        }
    }

    return NULL;
}


/* Old issuers name a client by a number: its decimal text is taken. */
static dosis_slice_t
claim_text(const dosis_json_t *claim, char digits[TEXT_DIGITS])
{
    if (dosis_json_kind(claim) != DOSIS_JSON_INT) {
        return dosis_json_string(claim);
    }

    (void) snprintf(
        digits, TEXT_DIGITS, "%lld", (long long) dosis_json_int(claim));

    return dosis_slice_of(digits);
}


static unsigned
scope_bit(const dosis_identity_rules_t *rules, dosis_slice_t scope)
{
    const struct {
        dosis_slice_t name;
        unsigned bit;
    } known[] = {
        { rules->scope_import, DOSIS_SCOPE_IMPORT },
        { rules->scope_raadpleging, DOSIS_SCOPE_RAADPLEGING },
        { rules->scope_gebruiker, DOSIS_SCOPE_GEBRUIKER },
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (scope.len > 0 && dosis_slice_eq(known[i].name, scope)) {
            return known[i].bit;
        }
    }

    return 0;
}


static unsigned
scopes_of_text(const dosis_identity_rules_t *rules, dosis_slice_t text)
{
    unsigned scopes = 0;

    while (text.len > 0) {
        const char *blank = memchr(text.data, ' ', text.len);
        size_t len = blank == NULL ? text.len : (size_t) (blank - text.data);
        size_t next = blank == NULL ? len : len + 1;

        scopes |= scope_bit(rules, dosis_slice(text.data, len));
        text = dosis_slice(text.data + next, text.len - next);
    }

    return scopes;
}


static unsigned
scopes_of(const dosis_identity_rules_t *rules, const dosis_json_t *scope)
{
    unsigned scopes = scopes_of_text(rules, dosis_json_string(scope));

    if (dosis_json_kind(scope) == DOSIS_JSON_ARRAY) {
        for (size_t i = 0; i < dosis_json_count(scope); i++) {
            scopes |=
                scope_bit(rules, dosis_json_string(dosis_json_at(scope, i)));
        }
    }

    return scopes;
}


/* A machine is its own subject; no subject at all is nobody. */
static bool
is_user(const dosis_json_t *payload, dosis_slice_t client)
{
    char sub_digits[TEXT_DIGITS];
    char id_digits[TEXT_DIGITS];
    dosis_slice_t sub = claim_text(dosis_json_get(payload, "sub"), sub_digits);
    dosis_slice_t client_id =
        claim_text(dosis_json_get(payload, "client_id"), id_digits);

    return sub.len > 0 && !dosis_slice_eq(sub, client)
        && !dosis_slice_eq(sub, client_id);
}


/* NULL, or the reason why there is no subject. */
static const char *
subject_find(const dosis_json_t *payload, dosis_agent_t *ret_agent)
{
    dosis_slice_t doelgroep =
        dosis_json_string(dosis_json_get(payload, "vo_doelgroepcode"));
    dosis_slice_t id;
    bool person;

    for (size_t i = 0; i < DOELGROEPEN; i++) {
        if (!dosis_slice_eq(doelgroepen[i].doelgroep, doelgroep)) {
            continue;
        }

        id = dosis_text_trim(
            dosis_json_string(dosis_json_get(payload, doelgroepen[i].claim)));
        if (id.len == 0) {
            return "OnderwerpOntbreekt";
        }

        /* The issuer vouches for the number: only its form counts. */
        if (dosis_agent_parse(id, DOSIS_VORM, ret_agent) != NULL) {
            return "OnderwerpOngeldig";
        }

        person = ret_agent->soort == DOSIS_AGENT_INSZ;
        return person == doelgroepen[i].person ? NULL : "OnderwerpOngeldig";
    }

    return "DoelgroepOnbekend";
}


static void
right_add(dosis_subject_t *subject, dosis_slice_t *held, dosis_slice_t text,
    dosis_arena_t *arena)
{
    if (subject->rechten_count < DOSIS_HELD_MAX
        && dosis_recht_held(text, dosis_agent_id(&subject->agent), arena,
            &held[subject->rechten_count])) {
        subject->rechten_count++;
    }
}


static dosis_rc_t
rights_read(
    const dosis_json_t *claim, dosis_arena_t *arena, dosis_subject_t *subject)
{
    bool list = dosis_json_kind(claim) == DOSIS_JSON_ARRAY;
    size_t count = list ? dosis_json_count(claim) : 1;
    size_t room = count < DOSIS_HELD_MAX ? count : DOSIS_HELD_MAX;
    dosis_slice_t *held;

    held = dosis_arena_alloc(arena, room * sizeof(*held));
    if (held == NULL) {
        return DOSIS_ENOMEM;
    }

    for (size_t i = 0; i < count; i++) {
        const dosis_json_t *right = list ? dosis_json_at(claim, i) : claim;

        right_add(subject, held, dosis_json_string(right), arena);
    }
    subject->rechten = held;

    return DOSIS_OK;
}


static dosis_rc_t
subject_read(const dosis_json_t *payload, const dosis_identity_rules_t *rules,
    dosis_arena_t *arena, dosis_identity_t *identity, const char **ret_reason)
{
    dosis_slice_t acr = dosis_json_string(dosis_json_get(payload, "acr"));
    const char *reason = "GeenGebruiker";

    if (is_user(payload, identity->client)) {
        reason = subject_find(payload, &identity->subject.agent);
    }

    if (reason != NULL) {
        *ret_reason = reason;
        return DOSIS_EDENIED;
    }

    identity->has_subject = true;
    identity->subject.vertrouwelijk = rules->acr_vertrouwelijk.len > 0
        && dosis_slice_eq(acr, rules->acr_vertrouwelijk);

    return rights_read(
        claim_get(payload, rules->claim_rights), arena, &identity->subject);
}


/* Numeric texts are accepted; 0 when the token does not say. */
static int64_t
exp_read(const dosis_json_t *claim)
{
    dosis_slice_t text = dosis_json_string(claim);
    double real = dosis_json_real(claim);
    int64_t seconds = 0;

    if (dosis_json_kind(claim) == DOSIS_JSON_REAL) {
        return real >= 0 && real < EXP_MAX ? (int64_t) real : 0;
    }

    if (text.len > EXP_DIGITS || !dosis_text_is_digits(text)) {
        return dosis_json_int(claim);
    }

    for (size_t i = 0; i < text.len; i++) {
        seconds = seconds * 10 + (text.data[i] - '0');
    }

    return seconds;
}


/* A machine must be named, or nobody could say what it may do. */
static const char *
scopes_refused(unsigned scopes, dosis_slice_t client)
{
    if (scopes == 0) {
        return "ScopeOntbreekt";
    }

    if ((scopes & READING) == READING) {
        return "TweeLeesScopes";
    }

    if (client.len == 0 && scopes != DOSIS_SCOPE_GEBRUIKER) {
        return "ClientOntbreekt";
    }

    return NULL;
}


dosis_rc_t
dosis_identity_from_claims(const dosis_json_t *payload,
    const dosis_identity_rules_t *rules, dosis_arena_t *arena,
    dosis_identity_t *ret_identity, const char **ret_reason)
{
    char digits[TEXT_DIGITS];
    dosis_slice_t client =
        claim_text(claim_get(payload, rules->claim_client), digits);
    const char *reason;

    memset(ret_identity, 0, sizeof(*ret_identity));
    ret_identity->scopes = scopes_of(rules, dosis_json_get(payload, "scope"));
    ret_identity->exp_s = exp_read(dosis_json_get(payload, "exp"));

    reason = scopes_refused(ret_identity->scopes, client);
    if (reason != NULL) {
        *ret_reason = reason;
        return DOSIS_EDENIED;
    }

    ret_identity->client = dosis_arena_copy(arena, client);
    if (client.len > 0 && ret_identity->client.data == NULL) {
        return DOSIS_ENOMEM;
    }

    if ((ret_identity->scopes & DOSIS_SCOPE_GEBRUIKER) == 0) {
        return DOSIS_OK;
    }

    return subject_read(payload, rules, arena, ret_identity, ret_reason);
}
