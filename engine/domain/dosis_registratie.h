/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_registratie.h: a source (bron) and a client as registered, from JSON.
 *
 * Layer      domain
 * Threads    read-only after parse
 * Blocking   never
 * Memory     everything kept is copied into the arena
 * Errors     DOSIS_EINPUT with all problems in err
 *
 * Source: {"Bron": "urn://vlaio/subsidies", "Naam": "...", "Actief": true,
 *   "ZonderRecht": "niemand"|"iedereen", "Strengheid": "streng"|"vorm"}
 * Client: {"Client": "demo-vlaio", "Naam": "...", "Actief": true,
 *   "Bronnen": ["urn://vlaio/subsidies"],
 *   "Loket": {"AgentSoorten": ["KBO"], "Bronnen": [], "Producten": [],
 *             "Vertrouwelijk": false}}
 * Absent Actief: true. Absent ZonderRecht: niemand; absent Strengheid: streng.
 * Absent Loket: not a counter. Absent or empty AgentSoorten, Loket.Bronnen,
 * Loket.Producten: all. Unknown members are refused (operators' typos).
 */

#ifndef DOSIS_DOMAIN_DOSIS_REGISTRATIE_H
#define DOSIS_DOMAIN_DOSIS_REGISTRATIE_H

#include "base/dosis_arena.h"
#include "base/dosis_json.h"
#include "domain/dosis_agent.h"

#define DOSIS_REGISTRATIE_MAX 1000    /* entries in one list */

typedef struct {
    uint32_t nummer;              /* given by the store; 0 from parse */
    dosis_slice_t bron;
    dosis_slice_t naam;
    bool actief;
    bool zonder_recht_iedereen;
    dosis_strengheid_t strengheid;
} dosis_bron_t;

typedef struct {
    dosis_slice_t client;
    dosis_slice_t naam;
    bool actief;
    dosis_slice_t *bronnen;       /* it may deliver for */
    size_t bronnen_count;
    bool is_loket;
    unsigned agent_soorten;       /* bit 1 << soort; 0 = all */
    dosis_slice_t *loket_bronnen;
    size_t loket_bronnen_count;
    dosis_slice_t *producten;
    size_t producten_count;
    bool vertrouwelijk;
} dosis_client_t;

DOSIS_CHECK dosis_rc_t dosis_bron_from_json(const dosis_json_t *json,
    dosis_arena_t *arena, dosis_bron_t *ret_bron, dosis_err_t *err);

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
