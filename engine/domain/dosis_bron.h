/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_bron.h: a source (bron) as registered, and what its settings say.
 *
 * Layer      domain
 * Threads    read-only after parse
 * Blocking   never
 * Memory     everything kept is copied into the arena
 * Errors     DOSIS_EINPUT with all problems in err
 *
 * The settings, with type, default and range, stand in one table:
 * dosis_bron_settings, shown by `dosisctl bron schema` and on
 * doc/bron-instellingen.md. Unknown members are refused (operators' typos).
 */

#ifndef DOSIS_DOMAIN_DOSIS_BRON_H
#define DOSIS_DOMAIN_DOSIS_BRON_H

#include "base/dosis_arena.h"
#include "base/dosis_json.h"
#include "domain/dosis_agent.h"
#include "domain/dosis_codelijst.h"
#include "domain/dosis_setting.h"

typedef enum {
    DOSIS_DOORKLIK_URL,
    DOSIS_DOORKLIK_LOGIN_HINT,
    DOSIS_DOORKLIK_OIDC,
    DOSIS_DOORKLIK_ASSERTIE
} dosis_doorklik_t;

typedef struct {
    uint32_t nummer; /* given by the store; 0 from parse */
    dosis_slice_t bron;
    dosis_slice_t bron_json; /* by the store: escaped */
    dosis_slice_t naam;
    bool actief;
    bool verwijderd; /* by the store: only its number is left */
    bool zonder_recht_iedereen;
    dosis_strengheid_t strengheid;
    uint8_t streng_kbo; /* 0: as strengheid; else 1 + strengheid */
    uint8_t streng_vestiging;
    uint8_t streng_insz;
    dosis_pairs_t fasen; /* its own phases -> codes of the list */
    dosis_pairs_t codes;
    dosis_doorklik_t doorklik;
    dosis_slice_t *hosten; /* a browser may be sent there; none: any */
    size_t hosten_count;
    dosis_slice_t login_uri; /* of DOSIS_DOORKLIK_OIDC */
    dosis_slice_t login_issuer; /* empty: DOSIS itself */
    dosis_slice_t audience;  /* of an assertion; empty: the source */
    uint32_t ritme_uren;     /* 0: no rhythm */
    uint32_t ontbrekend_max; /* percent */
    uint32_t bewaring_dagen; /* 0: for ever */
    dosis_pairs_t bewaring_fasen;
} dosis_bron_t;

extern const dosis_settings_t dosis_bron_settings;

DOSIS_CHECK dosis_rc_t dosis_bron_from_json(const dosis_json_t *json,
    dosis_arena_t *arena, dosis_bron_t *ret_bron, dosis_err_t *err);

/*
 * Does each code and phase it names stand in the lists? Judged when the
 * source is registered; codes never leave a list, so it stays so.
 */
DOSIS_CHECK dosis_rc_t dosis_bron_judge(const dosis_bron_t *bron,
    const dosis_codelijsten_t *lijsten, dosis_err_t *err);

/* How hard check digits of that kind are judged; bron NULL: strictly. */
dosis_strengheid_t dosis_bron_strengheid(
    const dosis_bron_t *bron, dosis_agent_soort_t soort);

#endif
