/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_ledger.h: the access ledger, written: consultations in sealed blocks,
 * each with the hash of the one before; and what the engine does with it later:
 * an index by subject, anchors, the end of what is old. engine/doc/inzage.md.
 *
 * Layer      store
 * Threads    that of the writer
 * Blocking   a step is one short transaction; begin waits for other writers
 * Memory     the caller's
 * Errors     of append: sticky in the transaction. Of step: the step was not
 *            done, call again
 */

#ifndef DOSIS_STORE_DOSIS_LEDGER_H
#define DOSIS_STORE_DOSIS_LEDGER_H

#include "store/dosis_txn.h"

/* A place in the chain. seq 0: before the first block. */
typedef struct {
    uint64_t seq;
    uint8_t hash[32];
} dosis_ledger_at_t;

/*
 * A place, set down at a moment and sealed with the store's key: who has not
 * that key can neither make one nor move it.
 */
typedef struct {
    dosis_ledger_at_t at;
    int64_t time_ns;
    bool holds;             /* its seal */
} dosis_ledger_anchor_t;

/*
 * Adds consultations behind the head: each with its length in front (a varint),
 * as dosis_inzage_add() wrote it.
 */
void dosis_ledger_append(dosis_txn_t *txn, dosis_slice_t consultations);

#define DOSIS_LEDGER_CHUNK 300    /* index entries put or removed in a step */

/* What the engine has to do; zero it before the first step. */
typedef struct {
    int64_t keep_ns;        /* consultations older than this end; 0: none */
    int64_t anchor_ns;      /* how old the newest anchor of the head may be */
    uint64_t idle_txn;      /* the store as it was when nothing was to do */
    int64_t idle_ns;        /* and when */
    bool more;              /* a step left something for the next one */
    uint64_t indexed;       /* consultations, since the start */
    uint64_t removed;       /* blocks, since the start */
    bool anchored;          /* this step set down the anchor below */
    dosis_ledger_anchor_t anchor;
} dosis_ledger_work_t;

/* Index first, then what is too old, then an anchor: one of them a step. */
DOSIS_CHECK dosis_rc_t dosis_ledger_step(dosis_writer_t *writer,
    int64_t now_ns, dosis_ledger_work_t *work);

#endif
