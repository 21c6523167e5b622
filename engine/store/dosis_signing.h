/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_signing.h: the keys that DOSIS signs with itself (ES256): made here,
 * sealed in the store, turned over.
 *
 *   next      published, signs nothing yet
 *   active    signs
 *   retired   signs nothing any more, still published
 *
 * There is always one next and one active key. A verifier that has read the
 * key set within DOSIS_SIGNING_KNOWN_S knows the next one before it signs, and
 * what the last one signed stays verifiable.
 *
 * Layer      store
 * Threads    as the reader or the transaction given
 * Blocking   as those; making a key takes a fraction of a millisecond
 * Memory     the caller's buffer; a private key in it is the caller's to wipe
 * Errors     of a transaction sticky, but for DOSIS_EBUSY and DOSIS_ENOTFOUND
 */

#ifndef DOSIS_STORE_DOSIS_SIGNING_H
#define DOSIS_STORE_DOSIS_SIGNING_H

#include "store/dosis_txn.h"

#define DOSIS_SIGNING_ALG "ES256"
#define DOSIS_SIGNING_KID 16          /* characters */
#define DOSIS_SIGNING_MAX 8           /* keys held; the oldest goes */
#define DOSIS_SIGNING_PEM_MAX 2048
#define DOSIS_SIGNING_CACHE_S 300     /* a key set may be kept so long */
#define DOSIS_SIGNING_KNOWN_S 600     /* a next key before it may sign */
#define DOSIS_SIGNING_RETIRED_S 86400 /* a retired key goes after that */

/* Makes what lacks: an active key, a next one. false: nothing did. */
bool dosis_signing_ensure(dosis_txn_t *txn);

/*
 * The next key signs from here on, the active one retires, a new one comes
 * next. DOSIS_EBUSY: the next one is not known long enough; force: still.
 */
DOSIS_CHECK dosis_rc_t dosis_signing_rotate(dosis_txn_t *txn, bool force);

/* A retired key is published no more. DOSIS_ENOTFOUND: no such retired key. */
DOSIS_CHECK dosis_rc_t dosis_signing_drop(dosis_txn_t *txn, dosis_slice_t kid);

/* Adds {"keys":[...]}, oldest first. None yet: an empty set. */
DOSIS_CHECK dosis_rc_t dosis_signing_jwks(
    dosis_reader_t *reader, dosis_buf_t *json);

/* Adds [{"Kid","Toestand","Gemaakt","Sinds"}], oldest first. */
DOSIS_CHECK dosis_rc_t dosis_signing_list(
    dosis_reader_t *reader, dosis_buf_t *json);

/* The key that signs: PEM added to pem. DOSIS_ENOTFOUND: none yet. */
DOSIS_CHECK dosis_rc_t dosis_signing_active(dosis_reader_t *reader,
    char ret_kid[DOSIS_SIGNING_KID + 1], dosis_buf_t *pem);

/* The same for who writes what it signs; its public part is added to jwk. */
DOSIS_CHECK dosis_rc_t dosis_signing_signer(dosis_txn_t *txn,
    char ret_kid[DOSIS_SIGNING_KID + 1], dosis_buf_t *jwk, dosis_buf_t *pem);

#endif
