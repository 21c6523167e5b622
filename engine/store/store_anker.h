/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_anker.h: signs the head of the access ledger, and looks at the newest
 * signed anchor. Private. See dosis_anker.h.
 *
 * Layer      store
 * Threads    that of the transaction or snapshot
 * Blocking   signing takes up to a millisecond
 * Memory     in place
 * Errors     sticky in the transaction; DOSIS_EDENIED: the signature does not
 *            hold
 */

#ifndef DOSIS_STORE_STORE_ANKER_H
#define DOSIS_STORE_STORE_ANKER_H

#include "store/dosis_anker.h"
#include "store/store_ledger.h"

#define ANKER_META "inzage-anker"    /* in `meta`: the newest, as it is told */

/*
 * Signs, and puts the anchor and its key's public part down. No signing key
 * yet: nothing. keep_ns: keys that signed nothing for so long go; 0: none.
 */
void store_anker_put(
    dosis_txn_t *txn, const dosis_anker_t *anker, int64_t keep_ns);

/* All zero: there is none. */
DOSIS_CHECK dosis_rc_t store_anker_get(
    const store_snap_t *snap, dosis_anker_t *ret_anker);

#endif
