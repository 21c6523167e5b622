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
 * gebruiker. A token may hold import with one reading scope; both reading
 * scopes: denied. A user's subject follows from vo_doelgroepcode alone: BUR
 * -> rrn (must be a person's number); EA VER LB GID OV -> vo_orgcode, never a
 * person's number; anything else: denied. sub = client_id is never a user, nor
 * is a token without sub. A machine without a client's name: denied.
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
    DOSIS_SCOPE_GEBRUIKER = 4
};

/* Names, settable per issuer. */
typedef struct {
    dosis_slice_t scope_import;         /* DosisImport */
    dosis_slice_t scope_raadpleging;    /* DosisRaadpleging */
    dosis_slice_t scope_gebruiker;      /* DosisGebruiker */
    dosis_slice_t claim_client;         /* client_id */
    dosis_slice_t claim_rights;         /* "dosis_rol_3d" */
    dosis_slice_t acr_vertrouwelijk;    /* the acr that suffices; empty: none */
} dosis_identity_rules_t;

typedef struct {
    unsigned scopes;            /* DOSIS_SCOPE_..., all that the token has */
    dosis_slice_t client;       /* the registered client's name; may be empty
                                   for a user */
    bool has_subject;           /* a user: subject is set */
    dosis_subject_t subject;    /* rights filtered for this subject */
    int64_t exp_s;
} dosis_identity_t;

/*
 * payload: verified claims. `scope` is a string apart by blanks or an array.
 * The rights claim is one string or an array; at most DOSIS_HELD_MAX count.
 * ret_reason: static: "ScopeOntbreekt", "TweeLeesScopes", "ClientOntbreekt",
 * "GeenGebruiker", "DoelgroepOnbekend", "OnderwerpOntbreekt",
 * "OnderwerpOngeldig"; set on EDENIED. exp_s: 0 when the token does not say.
 */
DOSIS_CHECK dosis_rc_t dosis_identity_from_claims(const dosis_json_t *payload,
    const dosis_identity_rules_t *rules, dosis_arena_t *arena,
    dosis_identity_t *ret_identity, const char **ret_reason);

#endif
