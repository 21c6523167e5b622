/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_identity.h: from verified claims to who asks (api.md 4, "Who asks").
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     everything kept is copied into the arena
 * Errors     DOSIS_EDENIED with a static reason code: the token is good, but
 *            says nothing we accept (403)
 *
 * The kind follows from the scope: import, raadpleging (a counter),
 * gebruiker, beheer (an operator's tool). A token may hold import and beheer
 * with one reading scope; both reading scopes: denied. A user's subject
 * follows from vo_doelgroepcode alone: BUR -> rrn; EA VER LB GID OV ->
 * vo_orgcode, of a kind that this audience has, never a person; anything else:
 * denied. sub = client_id is never a user, nor is a token without sub. A
 * machine without a client's name: denied.
 *
 * With a mandate (claim_mandaat names the giver) the giver is the subject and
 * the user stands in `mandataris`. Then only rights count that name the giver:
 * one without an organisation is the user's own.
 */

#ifndef DOSIS_DOMAIN_DOSIS_IDENTITY_H
#define DOSIS_DOMAIN_DOSIS_IDENTITY_H

#include "base/dosis_arena.h"
#include "base/dosis_json.h"
#include "base/dosis_rc.h"
#include "domain/dosis_access.h"

enum {
    DOSIS_SCOPE_IMPORT = 1,
    DOSIS_SCOPE_RAADPLEGING = 2,
    DOSIS_SCOPE_GEBRUIKER = 4,
    DOSIS_SCOPE_BEHEER = 8
};

/* Names, settable per issuer; where more than one may stand, apart by blanks */
typedef struct {
    dosis_slice_t scope_import;         /* DosisImport */
    dosis_slice_t scope_raadpleging;    /* DosisRaadpleging */
    dosis_slice_t scope_gebruiker;      /* DosisGebruiker */
    dosis_slice_t claim_client;         /* client_id; of several the first one
                                           that a token has */
    dosis_slice_t claim_rights;         /* "dosis_rol_3d"; one or more */
    dosis_slice_t acr_vertrouwelijk;    /* the acr that suffices; empty: none */
    dosis_slice_t acr_ladder;           /* each acr that is known, from low to
                                           high; empty: they are not ordered */
    dosis_slice_t scope_beheer;         /* DosisBeheer */
    dosis_slice_t claim_doelgroep;      /* vo_doelgroepcode, when empty */
    dosis_slice_t claim_persoon;        /* rrn, when empty */
    dosis_slice_t claim_organisatie;    /* vo_orgcode, when empty */
    dosis_slice_t claim_mandaat;        /* ssm_mandaatgever; empty: no mandates
                                           are known */
} dosis_identity_rules_t;

typedef struct {
    unsigned scopes;            /* DOSIS_SCOPE_..., all that the token has */
    dosis_slice_t client;       /* the registered client's name; may be empty
                                   for a user */
    dosis_slice_t iss;          /* who says so; empty: the claims do not tell */
    bool has_subject;           /* a user: subject is set */
    dosis_subject_t subject;    /* rights filtered for this subject */
    dosis_slice_t doelgroep;    /* of a user, static; empty with a mandate */
    bool has_mandaat;           /* the subject gave a mandate: */
    dosis_agent_t mandataris;   /* to this one, who asks */
    int64_t exp_s;
} dosis_identity_t;

/*
 * payload: verified claims. `scope` is a string apart by blanks or an array.
 * A rights claim is one string or an array; at most DOSIS_HELD_MAX rights
 * count, each once. The mandate's is one identification, or an array with one.
 * ret_reason: static: "ScopeOntbreekt", "TweeLeesScopes", "ClientOntbreekt",
 * "GeenGebruiker", "DoelgroepOnbekend", "OnderwerpOntbreekt",
 * "OnderwerpOngeldig", "MandaatOngeldig"; set on EDENIED. exp_s: 0 when the
 * token does not say.
 */
DOSIS_CHECK dosis_rc_t dosis_identity_from_claims(const dosis_json_t *payload,
    const dosis_identity_rules_t *rules, dosis_arena_t *arena,
    dosis_identity_t *ret_identity, const char **ret_reason);

/*
 * Does that acr suffice for confidential dossiers: the configured one, or one
 * above it on the ladder?
 */
bool dosis_identity_assured(
    const dosis_identity_rules_t *rules, dosis_slice_t acr);

#endif
