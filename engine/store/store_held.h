/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_held.h: what the store holds of one dossier: nothing, a live record,
 * or a withdrawal. `sleutel` says which agents' pages have it. Private.
 *
 * Layer      store
 * Threads    one thread
 * Blocking   page faults
 * Memory     self-contained
 * Errors     DOSIS_EFORMAT: sleutel and pages disagree
 */

#ifndef DOSIS_STORE_STORE_HELD_H
#define DOSIS_STORE_STORE_HELD_H

#include "store/store_page.h"

typedef enum {
    HELD_NOTHING = 0,
    HELD_LIVE = 1,
    HELD_WITHDRAWN = 2
} store_held_state_t;

typedef struct {
    store_held_state_t state;
    store_head_t head;             /* of the live row, or of the withdrawal */
    uint8_t agents;
    uint8_t agent[DOSIS_AGENTEN_MAX][STORE_AGENT_BYTES];    /* blinded */
} store_held_t;

/* A value of `sleutel`. For a live dossier head is not in it. */
DOSIS_CHECK dosis_rc_t store_sleutel_read(dosis_slice_t bytes,
    store_held_t *ret_held);
void store_sleutel_write(dosis_buf_t *buf, const store_held_t *held);

/* The same, of that dossier; DOSIS_ENOTFOUND: nothing was ever held. */
DOSIS_CHECK dosis_rc_t store_sleutel_get(const store_snap_t *snap,
    const uint8_t id[16], store_held_t *ret_held);

/* At most this long. */
#define STORE_SLEUTEL_MAX \
    (2 + DOSIS_AGENTEN_MAX * STORE_AGENT_BYTES + STORE_HEAD_BYTES)

/* What is held now, head included. Sticky failures: state is NOTHING. */
void store_held_load(dosis_txn_t *txn, const uint8_t id[16],
    store_held_t *ret_held);

#endif
