/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_registratie.h: a client as registered, from JSON; with dosis_bron.h and
 * dosis_uitgever.h all that an operator registers.
 *
 * Layer      domain
 * Threads    read-only after parse
 * Blocking   never
 * Memory     everything kept is copied into the arena
 * Errors     DOSIS_EINPUT with all problems in err
 *
 * Client: {"Client": "demo-vlaio", "Naam": "...", "Actief": true,
 *   "Uitgever": "https://issuer.example.be",
 *   "Bronnen": ["urn://vlaio/subsidies"],
 *   "Loket": {"AgentSoorten": ["KBO"], "Bronnen": [], "Producten": [],
 *             "Vertrouwelijk": false}}
 * Its settings, with type, default and range: dosis_client_settings. Absent
 * Loket: not a counter. Unknown members are refused (operators' typos).
 */

#ifndef DOSIS_DOMAIN_DOSIS_REGISTRATIE_H
#define DOSIS_DOMAIN_DOSIS_REGISTRATIE_H

#include "domain/dosis_bron.h"
#include "domain/dosis_grens.h"

#define DOSIS_REGISTRATIE_MAX 1000    /* entries in one list */

/* When whom a consultation is about may learn of it. */
typedef enum {
    DOSIS_INZAGE_DIRECT = 0,
    DOSIS_INZAGE_UITGESTELD = 1,    /* days later: an inspection */
    DOSIS_INZAGE_VRIJGESTELD = 2    /* never: an investigation */
} dosis_inzage_klasse_t;            /* numbers are stored: never change them */

#define DOSIS_INZAGE_UITSTEL_MAX 3650    /* days */

typedef struct {
    dosis_slice_t client;
    dosis_slice_t naam;
    dosis_slice_t uitgever;       /* whose tokens name it; empty: any */
    bool actief;
    dosis_inzage_klasse_t inzage;
    uint32_t inzage_uitstel_dagen;
    dosis_slice_t *bronnen;       /* it may deliver for */
    size_t bronnen_count;
    bool is_loket;
    unsigned agent_soorten;       /* bit 1 << soort; 0 = all */
    dosis_slice_t *loket_bronnen;
    size_t loket_bronnen_count;
    dosis_slice_t *producten;
    size_t producten_count;
    bool vertrouwelijk;
    dosis_grens_t vragen;         /* of its own; per_s 0: as configured */
    dosis_grens_t leveringen;
} dosis_client_t;

extern const dosis_settings_t dosis_client_settings;

DOSIS_CHECK dosis_rc_t dosis_client_from_json(const dosis_json_t *json,
    dosis_arena_t *arena, dosis_client_t *ret_client, dosis_err_t *err);

/*
 * May this client deliver for that source? The client must be active; that
 * the source is, its own registration tells.
 */
bool dosis_client_delivers(const dosis_client_t *client, dosis_slice_t bron);

/* May this counter ask about that kind of agent? */
bool dosis_client_asks(const dosis_client_t *client, dosis_agent_soort_t soort);

#endif
