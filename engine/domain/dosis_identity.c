/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_identity.h"

#include "base/dosis_text.h"
#include "domain/dosis_recht.h"

#include <stdio.h>

#define READING (DOSIS_SCOPE_RAADPLEGING | DOSIS_SCOPE_GEBRUIKER)

#define TEXT_DIGITS 24
#define EXP_DIGITS 15 /* fits an int64_t and a double */
#define EXP_MAX 1e15

#define KIND(soort) (1u << DOSIS_AGENT_##soort)

/* What a user's subject may be, by the audience; a person has its own claim. */
static const struct {
    dosis_slice_t doelgroep;
    unsigned soorten;
} doelgroepen[] = {
    { { "BUR", 3 }, KIND(INSZ) },
    { { "EA", 2 }, KIND(KBO) | KIND(VESTIGING) },
    { { "VER", 3 }, KIND(VERENIGING) | KIND(KBO) },
    { { "LB", 2 }, KIND(KBO) | KIND(OVO) | KIND(VREEMD) },
    { { "GID", 3 }, KIND(OVO) | KIND(KBO) },
    { { "OV", 2 }, KIND(VREEMD) | KIND(KBO) | KIND(VESTIGING) | KIND(OVO) },
};

/* A giver of a mandate is known by its form: never an opaque text. */
#define MANDAATGEVERS                                                          \
    (KIND(INSZ) | KIND(KBO) | KIND(VESTIGING) | KIND(VERENIGING) | KIND(OVO))

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


/* The next of words apart by blanks; an empty one between two blanks. */
static bool
word_next(dosis_slice_t *rest, dosis_slice_t *ret_word)
{
    const char *blank;
    size_t len;

    if (rest->len == 0) {
        return false;
    }

    blank = memchr(rest->data, ' ', rest->len);
    len = blank == NULL ? rest->len : (size_t) (blank - rest->data);
    *ret_word = dosis_slice(rest->data, len);
    len = blank == NULL ? len : len + 1;
    *rest = dosis_slice(rest->data + len, rest->len - len);

    return true;
}


/* Of the claims named, the first that is there, whatever it says. */
static dosis_slice_t
client_text(const dosis_json_t *payload, dosis_slice_t names,
    char digits[TEXT_DIGITS])
{
    dosis_slice_t name;
    const dosis_json_t *claim = NULL;

    while (
        dosis_json_kind(claim) == DOSIS_JSON_NULL && word_next(&names, &name)) {
        claim = claim_get(payload, name);
    }

    return claim_text(claim, digits);
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
        { rules->scope_beheer, DOSIS_SCOPE_BEHEER },
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
    dosis_slice_t word;

    while (word_next(&text, &word)) {
        scopes |= scope_bit(rules, word);
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


/* The text of a claim whose name may be set. */
static dosis_slice_t
named_text(const dosis_json_t *payload, dosis_slice_t name, const char *usual)
{
    return dosis_text_trim(dosis_json_string(
        claim_get(payload, name.len > 0 ? name : dosis_slice_of(usual))));
}


static dosis_slice_t
doelgroep_text(const dosis_json_t *payload, const dosis_identity_rules_t *rules)
{
    return dosis_json_string(claim_get(payload,
        rules->claim_doelgroep.len > 0 ? rules->claim_doelgroep
                                       : DOSIS_SLICE("vo_doelgroepcode")));
}


/* NULL, or the reason why there is no subject. */
static const char *
subject_find(const dosis_json_t *payload, const dosis_identity_rules_t *rules,
    dosis_agent_t *ret_agent)
{
    dosis_slice_t doelgroep = doelgroep_text(payload, rules);
    dosis_slice_t id;

    for (size_t i = 0; i < DOELGROEPEN; i++) {
        if (!dosis_slice_eq(doelgroepen[i].doelgroep, doelgroep)) {
            continue;
        }

        id = doelgroepen[i].soorten == KIND(INSZ)
            ? named_text(payload, rules->claim_persoon, "rrn")
            : named_text(payload, rules->claim_organisatie, "vo_orgcode");
        if (id.len == 0) {
            return "OnderwerpOntbreekt";
        }

        /* The issuer vouches for the number: only its form counts. */
        if (dosis_agent_parse(id, DOSIS_VORM, ret_agent) != NULL) {
            return "OnderwerpOngeldig";
        }

        return doelgroepen[i].soorten & (1u << ret_agent->soort)
            ? NULL
            : "OnderwerpOngeldig";
    }

    return "DoelgroepOnbekend";
}


/* The audience of a token whose subject was found. */
static dosis_slice_t
doelgroep_of(const dosis_json_t *payload, const dosis_identity_rules_t *rules)
{
    dosis_slice_t text = doelgroep_text(payload, rules);
    dosis_slice_t known = { NULL, 0 };

    for (size_t i = 0; i < DOELGROEPEN; i++) {
        if (dosis_slice_eq(doelgroepen[i].doelgroep, text)) {
            known = doelgroepen[i].doelgroep;
        }
    }

    return known;
}


/*
 * NULL: there is no mandate, or its giver is the subject now and the user the
 * one who holds it.
 */
static const char *
mandate_read(const dosis_json_t *claim, dosis_identity_t *identity)
{
    dosis_json_kind_t kind = dosis_json_kind(claim);
    dosis_agent_t giver;

    if (kind == DOSIS_JSON_ARRAY && dosis_json_count(claim) <= 1) {
        claim = dosis_json_at(claim, 0);
        kind = dosis_json_kind(claim);
    }

    if (kind == DOSIS_JSON_NULL
        || (kind == DOSIS_JSON_STRING && dosis_json_string(claim).len == 0)) {
        return NULL;
    }

    if (kind != DOSIS_JSON_STRING
        || dosis_agent_parse(dosis_json_string(claim), DOSIS_VORM, &giver)
            != NULL
        || !(MANDAATGEVERS & (1u << giver.soort))) {
        return "MandaatOngeldig";
    }

    if (!dosis_slice_eq(dosis_agent_id(&giver),
            dosis_agent_id(&identity->subject.agent))) {
        identity->has_mandaat = true;
        identity->mandataris = identity->subject.agent;
        identity->subject.agent = giver;
    }

    return NULL;
}


static void
right_add(dosis_identity_t *identity, dosis_slice_t *held, dosis_slice_t text,
    dosis_arena_t *arena)
{
    dosis_subject_t *subject = &identity->subject;
    dosis_slice_t id = dosis_agent_id(&subject->agent);
    size_t count = subject->rechten_count;
    bool counts;

    if (count == DOSIS_HELD_MAX) {
        return;
    }

    counts = identity->has_mandaat
        ? dosis_recht_mandated(text, id, arena, &held[count])
        : dosis_recht_held(text, id, arena, &held[count]);
    if (counts && !dosis_slice_in(held[count], held, count)) {
        subject->rechten_count++;
    }
}


static void
rights_add(const dosis_json_t *claim, dosis_arena_t *arena,
    dosis_identity_t *identity, dosis_slice_t *held)
{
    bool list = dosis_json_kind(claim) == DOSIS_JSON_ARRAY;
    size_t count = list ? dosis_json_count(claim) : 1;

    for (size_t i = 0; i < count; i++) {
        const dosis_json_t *right = list ? dosis_json_at(claim, i) : claim;

        right_add(identity, held, dosis_json_string(right), arena);
    }
}


static dosis_rc_t
rights_read(const dosis_json_t *payload, const dosis_identity_rules_t *rules,
    dosis_arena_t *arena, dosis_identity_t *identity)
{
    dosis_slice_t names = rules->claim_rights;
    dosis_slice_t name;
    dosis_slice_t *held;

    held = dosis_arena_alloc(arena, DOSIS_HELD_MAX * sizeof(*held));
    if (held == NULL) {
        return DOSIS_ENOMEM;
    }

    while (word_next(&names, &name)) {
        rights_add(claim_get(payload, name), arena, identity, held);
    }
    identity->subject.rechten = held;

    return DOSIS_OK;
}


/* Where it stands on the ladder, from 1; 0: nowhere. */
static size_t
rung_of(dosis_slice_t ladder, dosis_slice_t acr)
{
    dosis_slice_t word;

    for (size_t rung = 1; word_next(&ladder, &word); rung++) {
        if (acr.len > 0 && dosis_slice_eq(word, acr)) {
            return rung;
        }
    }

    return 0;
}


bool
dosis_identity_assured(const dosis_identity_rules_t *rules, dosis_slice_t acr)
{
    size_t needed = rung_of(rules->acr_ladder, rules->acr_vertrouwelijk);

    if (rules->acr_vertrouwelijk.len == 0) {
        return false;
    }

    return dosis_slice_eq(acr, rules->acr_vertrouwelijk)
        || (needed > 0 && rung_of(rules->acr_ladder, acr) > needed);
}


static dosis_rc_t
subject_read(const dosis_json_t *payload, const dosis_identity_rules_t *rules,
    dosis_arena_t *arena, dosis_identity_t *identity, const char **ret_reason)
{
    const char *reason = "GeenGebruiker";

    if (is_user(payload, identity->client)) {
        reason = subject_find(payload, rules, &identity->subject.agent);
    }

    if (reason == NULL) {
        reason =
            mandate_read(claim_get(payload, rules->claim_mandaat), identity);
    }

    if (reason != NULL) {
        *ret_reason = reason;
        return DOSIS_EDENIED;
    }

    identity->has_subject = true;
    if (!identity->has_mandaat) {
        identity->doelgroep = doelgroep_of(payload, rules);
    }

    identity->subject.vertrouwelijk = dosis_identity_assured(
        rules, dosis_json_string(dosis_json_get(payload, "acr")));

    return rights_read(payload, rules, arena, identity);
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
    dosis_slice_t client = client_text(payload, rules->claim_client, digits);
    dosis_slice_t iss = dosis_json_string(dosis_json_get(payload, "iss"));
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
    ret_identity->iss = dosis_arena_copy(arena, iss);
    if ((client.len > 0 && ret_identity->client.data == NULL)
        || (iss.len > 0 && ret_identity->iss.data == NULL)) {
        return DOSIS_ENOMEM;
    }

    if ((ret_identity->scopes & DOSIS_SCOPE_GEBRUIKER) == 0) {
        return DOSIS_OK;
    }

    return subject_read(payload, rules, arena, ret_identity, ret_reason);
}
