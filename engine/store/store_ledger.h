/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_ledger.h: the access ledger as blocks: their bytes, their chain, its
 * head and its anchors. Private. See engine/doc/inzage.md.
 *
 * Layer      store
 * Threads    that of the snapshot
 * Blocking   page faults
 * Memory     a block is seen in its bytes
 * Errors     DOSIS_EFORMAT, DOSIS_EKEY: it does not open, or is no block
 *
 * A block: 0x01 | hash of the block before, 32 B | number of consultations,
 * 2 B | each: length, bytes (dosis_inzage.h). It lies in `inzage` under its
 * number, 8 B, counted from 1. Its hash: SHA-256 over "dosis inzage v1", the
 * number and the SHA-256 of these bytes, so that it outlives a new key.
 */

#ifndef DOSIS_STORE_STORE_LEDGER_H
#define DOSIS_STORE_STORE_LEDGER_H

#include "domain/dosis_inzage.h"
#include "store/dosis_ledger.h"
#include "store/store_page.h"

#define LEDGER_HASH_BYTES  32
#define LEDGER_BLOCK_BYTES ((size_t) 1900)    /* then the next one begins */
#define LEDGER_PLAIN_MAX   (DOSIS_INZAGE_MAX + ((size_t) 4 << 10))

/* In `meta`. */
#define LEDGER_META_HEAD   "inzage-kop"      /* the last block */
#define LEDGER_META_BEGIN  "inzage-begin"    /* the last one removed */
#define LEDGER_META_SIGNED "inzage-merk"     /* a head of some time ago */
#define LEDGER_META_INDEX  "inzage-wie"      /* blocks in `betrokken` */
#define LEDGER_INDEX_POS   10                /* block 8 B, place 2 B */

typedef struct {
    uint8_t before[LEDGER_HASH_BYTES];
    unsigned count;
    dosis_slice_t rest;         /* consultations not yet taken */
} store_ledger_block_t;

/* All zero when there is none. */
DOSIS_CHECK dosis_rc_t store_ledger_head(const store_snap_t *snap,
    dosis_ledger_at_t *ret_at);

/* LEDGER_META_BEGIN or LEDGER_META_SIGNED; all zero, without a seal: none. */
DOSIS_CHECK dosis_rc_t store_ledger_anchor(const store_snap_t *snap,
    const char *name, dosis_ledger_anchor_t *ret_anchor);

/* The last block that the index has whole; 0: none yet. */
DOSIS_CHECK dosis_rc_t store_ledger_indexed(
    const store_snap_t *snap, uint64_t *ret_seq);

void store_ledger_put_anchor(dosis_txn_t *txn, const char *name,
    const dosis_ledger_anchor_t *anchor);

void store_ledger_hash(uint64_t seq, dosis_slice_t plain,
    uint8_t to[LEDGER_HASH_BYTES]);

DOSIS_CHECK dosis_rc_t store_ledger_read(dosis_slice_t plain,
    store_ledger_block_t *ret_block);

/* Into buf, which is emptied. */
DOSIS_CHECK dosis_rc_t store_ledger_open(const store_snap_t *snap,
    uint64_t seq, dosis_buf_t *buf, store_ledger_block_t *ret_block);

/* DOSIS_ENOTFOUND behind the last. */
DOSIS_CHECK dosis_rc_t store_ledger_next(store_ledger_block_t *block,
    dosis_slice_t *ret_inzage);

/* agent 16 B | block 8 B | place in it 2 B, in `betrokken`. */
#define LEDGER_INDEX_KEY 26

void store_ledger_index_key(char to[LEDGER_INDEX_KEY],
    const uint8_t agent[STORE_AGENT_BYTES], uint64_t seq, unsigned nr);

#endif
