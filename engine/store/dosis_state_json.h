/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_state_json.h: the state of a store as JSON, for operators. The engine
 * and dosisctl say it in the same words.
 *
 * Layer      store
 * Threads    pure
 * Blocking   never
 * Memory     the caller's buffer
 * Errors     sticky in the buffer
 */

#ifndef DOSIS_STORE_DOSIS_STATE_JSON_H
#define DOSIS_STORE_DOSIS_STATE_JSON_H

#include "base/dosis_buf.h"
#include "store/dosis_store.h"

/* Adds one object: generation, format, site, bytes, readers, databases. */
void dosis_state_add_json(dosis_buf_t *buf, const dosis_store_state_t *state);

#endif
