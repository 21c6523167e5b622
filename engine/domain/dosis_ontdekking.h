/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_ontdekking.h: the discovery document of an issuer (OpenID Connect
 * Discovery 1.0): where its keys are, where its opaque tokens are asked about.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     everything kept is copied into the arena
 * Errors     DOSIS_EFORMAT it is no such document, or names no usable key set;
 *            DOSIS_EDENIED it is of another issuer; DOSIS_ENOMEM
 */

#ifndef DOSIS_DOMAIN_DOSIS_ONTDEKKING_H
#define DOSIS_DOMAIN_DOSIS_ONTDEKKING_H

#include "base/dosis_arena.h"
#include "base/dosis_json.h"

#define DOSIS_ONTDEKKING_TEXT_MAX (256 * 1024)

typedef struct {
    dosis_slice_t sleutels;     /* jwks_uri */
    dosis_slice_t introspectie; /* introspection_endpoint; may be empty */
} dosis_ontdekking_t;

/* Adds iss and the path behind it. */
void dosis_ontdekking_add_address(dosis_buf_t *to, dosis_slice_t iss);

/*
 * `issuer` must be iss, exactly. An address counts when it is https, or when
 * iss itself stays within this machine.
 */
DOSIS_CHECK dosis_rc_t dosis_ontdekking_read(dosis_slice_t json,
    dosis_slice_t iss, dosis_arena_t *arena, dosis_ontdekking_t *ret);

#endif
