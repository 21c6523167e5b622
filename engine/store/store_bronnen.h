/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_bronnen.h: what a list tells of the sources of its rows, and when a
 * source was last heard. Private.
 *
 * Layer      store
 * Threads    one reader or transaction, one thread
 * Blocking   page faults
 * Memory     texts are kept per reader, STORE_BRON_SLOTS of them at most
 * Errors     note is sticky in the transaction; add: DOSIS_EFORMAT a source
 *            without a registration
 *
 * `meta` has one number per source, gehoord/<nummer>: the hour (since 1970)
 * of the last accepted delivery. It is written when the hour is another one,
 * so once per source and hour, on a page that each commit writes anyway.
 */

#ifndef DOSIS_STORE_STORE_BRONNEN_H
#define DOSIS_STORE_STORE_BRONNEN_H

#include "store/store_txn.h"

#define STORE_BRON_SLOTS 64
#define STORE_BRON_TEXT  480

/* The object of one source as text, good for one state of the store. */
struct store_bron_slot_s {
    uint32_t nummer;
    uint16_t len;
    bool paused;
    uint64_t ref_version;
    uint64_t snapshot;
    uint64_t hour;              /* in which it was made */
    char text[STORE_BRON_TEXT];
};

/* A delivery of that source was accepted now. */
void store_bronnen_note(dosis_txn_t *txn, uint32_t bron);

/* When one was last heard: the begin of that hour; 0: never. */
DOSIS_CHECK dosis_rc_t store_bronnen_heard(
    const store_snap_t *snap, uint32_t bron, int64_t *ret_ns);

/* Adds ,"Bronnen":[...] for these numbers, as of now. */
DOSIS_CHECK dosis_rc_t store_bronnen_add(dosis_reader_t *reader,
    const uint32_t *bron, unsigned count, int64_t now_ns, dosis_buf_t *out);

#endif
