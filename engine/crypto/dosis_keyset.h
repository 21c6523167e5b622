/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_keyset.h: the key set of one issuer as the engine publishes it: the
 * keys of now, and those that were left out a moment ago, each with the moment
 * after which it counts no more.
 *
 *   {"Iss": "...", "Sleutels": [{jwk}], "Vervallen": [{"Tot": s, "Sleutel":
 *   {jwk}}]}, keys by kid, with their public members only: the same set is
 *   the same text.
 *
 * Layer      crypto
 * Threads    pure
 * Blocking   never
 * Memory     per function
 * Errors     DOSIS_EFORMAT no key set, no such text, or not one usable key;
 *            DOSIS_ELIMIT beyond a ceiling of dosis_jwks.h
 */

#ifndef DOSIS_CRYPTO_DOSIS_KEYSET_H
#define DOSIS_CRYPTO_DOSIS_KEYSET_H

#include "base/dosis_json.h"
#include "crypto/dosis_jwks.h"

#define DOSIS_KEYSET_TEXT_MAX ((size_t) 512 << 10) /* bytes, as published */

typedef struct {
    dosis_slice_t iss;
    dosis_slice_t held;    /* as published before; may be empty */
    dosis_slice_t fetched; /* a JWKS document; empty: no news */
    int64_t now_s;
    int64_t overlap_s;
} dosis_keyset_news_t;

/*
 * What is to be published now. A key that is in the document counts at once;
 * one that is no longer in it counts for the overlap; a kid that has another
 * key now has no old one. Without news only what has expired goes.
 */
DOSIS_CHECK dosis_rc_t dosis_keyset_make(
    const dosis_keyset_news_t *news, dosis_buf_t *out);

/*
 * The keys that count now, and until when exactly these: INT64_MAX, or the
 * first moment at which one of them counts no more.
 */
DOSIS_CHECK dosis_rc_t dosis_keyset_read(dosis_slice_t text, int64_t now_s,
    dosis_jwks_t **ret_set, int64_t *ret_until_s);

#endif
