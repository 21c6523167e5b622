/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_anker.h: signed anchors of the access ledger: where its chain ended at
 * a moment and where it began, signed with the key that DOSIS signs with. Who
 * has the key set verifies one, without the store or its key.
 *
 * A compact JWS (RFC 7515), ES256, kid in its header. Its audience is its own,
 * and it has neither iss nor exp: no token is taken for one, nor one for a
 * token. Payload:
 *   {"aud":"dosis-inzage-anker","iat":SECONDS,"kop":{"blok":N,"hash":HEX},
 *    "begin":{"blok":N,"hash":HEX}}
 * kop: the last block; begin: the last one that had ended by age, 0 when none.
 *
 * The public part of a key is kept with the store as long as what it anchored
 * may be: a key that retires is out of the key set a day later, and its
 * anchors are not.
 *
 * Layer      store
 * Threads    that of the reader or the transaction
 * Blocking   page faults; signing takes up to a millisecond
 * Memory     the caller's
 * Errors     per function
 */

#ifndef DOSIS_STORE_DOSIS_ANKER_H
#define DOSIS_STORE_DOSIS_ANKER_H

#include "crypto/dosis_jwks.h"
#include "store/dosis_ledger.h"

#define DOSIS_ANKER_AUD "dosis-inzage-anker"
#define DOSIS_ANKER_MAX 2048         /* bytes of one */
#define DOSIS_ANKER_KEYS_MAX 1000    /* public parts kept; the oldest goes */

typedef struct {
    dosis_ledger_at_t kop;
    dosis_ledger_at_t begin;
    int64_t time_s;
} dosis_anker_t;

/*
 * What a signed anchor says, if one of these keys signed it. DOSIS_EDENIED: no
 * key of that kid, or not its signature; DOSIS_EFORMAT: it is no anchor.
 */
DOSIS_CHECK dosis_rc_t dosis_anker_open(
    dosis_slice_t jws, const dosis_jwks_t *keys, dosis_anker_t *ret_anker);

/* As open, with the key that the store has kept. */
DOSIS_CHECK dosis_rc_t dosis_anker_check(
    dosis_reader_t *reader, dosis_slice_t jws, dosis_anker_t *ret_anker);

/* Adds the newest one. DOSIS_ENOTFOUND: none yet. */
DOSIS_CHECK dosis_rc_t dosis_anker_newest(
    dosis_reader_t *reader, dosis_buf_t *jws);

/* Adds {"keys":[...]}: the public part of every key that signed one. */
DOSIS_CHECK dosis_rc_t dosis_anker_jwks(
    dosis_reader_t *reader, dosis_buf_t *json);

#endif
