/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_apply.h: applies one stamped operation. The same set of operations,
 * in any order, ends in the same content, stamp and tombstone. Private.
 *
 * Layer      store
 * Threads    one thread
 * Blocking   page faults
 * Memory     the operation is borrowed for the call
 * Errors     sticky in the transaction
 *
 * Onbekend is an answer of the door, not of this function: a withdrawal of an
 * unknown dossier stores its tombstone here.
 */

#ifndef DOSIS_STORE_STORE_APPLY_H
#define DOSIS_STORE_STORE_APPLY_H

#include "domain/dosis_resultaat.h"
#include "store/store_held.h"

typedef struct {
    bool withdraw;
    uint8_t id[STORE_ID_BYTES];
    store_stamp_t stamp;
    int64_t receipt_ns;
    uint32_t bron;
    uint64_t result_seq;                 /* 0: none */

    /* a status only */
    const dosis_dossier_t *dossier;
    uint8_t content[16];                 /* fingerprint */
    const uint8_t (*agents)[STORE_AGENT_BYTES];
} store_op_t;

/* What it would come to; writes nothing. */
dosis_resultaat_t store_outcome(const store_op_t *op,
    const store_held_t *held);

/*
 * held: what store_held_load() said in this transaction; brought up to date.
 * Returns DOSIS_NIEUW, GEWIJZIGD, ONGEWIJZIGD, VEROUDERD, HERSTELD or
 * INGETROKKEN; without meaning once the transaction has failed.
 */
dosis_resultaat_t store_apply(dosis_txn_t *txn, const store_op_t *op,
    store_held_t *held);

#define STORE_CONTENT_MAX ((size_t) 192 << 10)

/* An entry of `historie`. */
typedef struct {
    uint8_t kind;                  /* STORE_OP_... */
    uint8_t resultaat;
    uint8_t flags;
    uint8_t id[STORE_ID_BYTES];
    uint64_t previous;             /* 0: the first */
    int64_t receipt_ns;
    store_stamp_t stamp;
    uint32_t versie;
    uint64_t result_seq;
    uint32_t bron;
    dosis_slice_t content;
} store_history_t;

enum {
    STORE_OP_STATUS = 1,
    STORE_OP_WITHDRAW = 2
};

DOSIS_CHECK dosis_rc_t store_history_read(dosis_slice_t bytes,
    store_history_t *ret_history);

/* An entry of `log`. */
typedef struct {
    uint8_t kind;
    uint8_t id[STORE_ID_BYTES];
    store_stamp_t stamp;
    uint64_t history;              /* the entry it made, or the one held */
} store_log_t;

DOSIS_CHECK dosis_rc_t store_log_read(dosis_slice_t bytes,
    store_log_t *ret_log);

#endif
