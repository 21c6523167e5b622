/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_uitgever.h: an issuer of tokens as registered: where its keys are, how
 * its opaque tokens are asked about, what its claims are called.
 *
 * Layer      domain
 * Threads    read-only after parse
 * Blocking   never
 * Memory     everything kept is copied into the arena
 * Errors     DOSIS_EINPUT with all problems in err
 *
 * The settings, with type, default and range, stand in one table:
 * dosis_uitgever_settings, shown by `dosisctl uitgever schema` and on
 * doc/uitgever-instellingen.md. Unknown members are refused.
 */

#ifndef DOSIS_DOMAIN_DOSIS_UITGEVER_H
#define DOSIS_DOMAIN_DOSIS_UITGEVER_H

#include "domain/dosis_identity.h"
#include "domain/dosis_setting.h"

#define DOSIS_UITGEVERS_MAX 32 /* registered, switched off ones included */

typedef enum {
    DOSIS_PROFIEL_ACMIDM,
    DOSIS_PROFIEL_GEOSECURE
} dosis_profiel_t;

typedef enum {
    DOSIS_INTROSPECTIE_GEHEIM,
    DOSIS_INTROSPECTIE_ASSERTIE
} dosis_introspectie_methode_t;

/* How its opaque tokens are asked about (RFC 7662); files are the engine's. */
typedef struct {
    dosis_slice_t adres;     /* empty: found by discovery, or there is none */
    dosis_slice_t client_id;
    dosis_introspectie_methode_t methode;
    dosis_slice_t bestand;   /* of the secret, or of the private key */
    dosis_slice_t sleutel_id; /* kid of that key */
    dosis_slice_t audience;  /* of an assertion; empty: adres */
    dosis_slice_t voorvoegsel; /* of its opaque tokens; empty: any */
    uint32_t max_s;          /* a good answer counts at most so long */
    uint32_t negatief_s;
    uint32_t wacht_ms;
} dosis_introspectie_t;

typedef struct {
    uint32_t nummer; /* given by the store; 0 from parse */
    dosis_slice_t iss;
    dosis_slice_t naam;
    bool actief;
    dosis_profiel_t profiel;
    dosis_slice_t audience;
    bool ontdekking;
    dosis_slice_t sleutels; /* address of its key set; may be empty */
    dosis_slice_t ca_bestand;
    uint32_t ververs_s;
    uint32_t pauze_s;
    uint32_t overlap_s;
    uint32_t wacht_ms;
    dosis_slice_t acr_vertrouwelijk;
    dosis_slice_t *acr_ladder;
    size_t acr_ladder_count;
    dosis_slice_t *claims_rechten;
    size_t claims_rechten_count;
    bool is_introspectie;
    dosis_introspectie_t introspectie;
    dosis_identity_rules_t rules; /* with what the profile fills in */
} dosis_uitgever_t;

extern const dosis_settings_t dosis_uitgever_settings;

DOSIS_CHECK dosis_rc_t dosis_uitgever_from_json(const dosis_json_t *json,
    dosis_arena_t *arena, dosis_uitgever_t *ret_uitgever, dosis_err_t *err);

/* Are there keys to fetch: an address, or discovery? */
bool dosis_uitgever_fetches(const dosis_uitgever_t *uitgever);

/* May the engine ask there: https, or http of this machine itself? */
bool dosis_uitgever_address(dosis_slice_t text);

#endif
