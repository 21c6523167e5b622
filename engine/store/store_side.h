/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_side.h: the side rows of a big agent: its counts per access class,
 * its changes in order, its deadlines in order. Derived from its pages, kept
 * in the same transaction. Private. Layout: engine/doc/store-format.md.
 *
 * Layer      store
 * Threads    one thread
 * Blocking   page faults
 * Memory     counts touched live in the transaction's arena until flush; a
 *            walk is closed by who opened it, also after a failure
 * Errors     writing: sticky in the transaction; reading: DOSIS_EFORMAT,
 *            DOSIS_EKEY for damaged rows
 *
 * Only an agent whose head page has PAGE_ZIJ has them all. Small agents have
 * none: what they would say is read from the pages.
 */

#ifndef DOSIS_STORE_STORE_SIDE_H
#define DOSIS_STORE_STORE_SIDE_H

#include "store/store_page.h"

#define STORE_CLASS_KEY   16
#define STORE_FASEN       64          /* phase numbers counted apart */
#define STORE_NO_DEADLINE UINT32_MAX  /* needs action, by no day */
#define STORE_TALLY_MAX   512         /* bytes of one, not sealed */

/* --- writing -------------------------------------------------------------- */

/* row: one that came into, or goes out of, the pages of a big agent. */
void store_side_add(dosis_txn_t *txn, const uint8_t agent[16],
    dosis_slice_t row);
void store_side_drop(dosis_txn_t *txn, const uint8_t agent[16],
    dosis_slice_t row);

/* Puts every count touched; before the arena is reset. */
void store_side_flush(dosis_txn_t *txn);

/* --- what a row is for them ----------------------------------------------- */

/* Rows that the access function cannot tell apart, for one agent. */
typedef struct {
    uint32_t bron;
    store_class_t class;              /* rights in order, once each */
} store_bucket_t;

typedef struct {
    bool live;                        /* counted; a marker only changes */
    bool actie_nodig;
    bool has_status;
    uint16_t fase;                    /* its number; 0: too large a one */
    uint32_t deadline;                /* biased day, as in `termijn` */
    uint64_t change;
    uint8_t id[STORE_ID_BYTES];
    store_bucket_t bucket;
    uint8_t key[STORE_CLASS_KEY];     /* of the bucket */
} store_facts_t;

/* All but what needs the part of the agent: change, bucket, key. */
void store_facts_fill(const store_head_t *head,
    const store_content_t *content, store_facts_t *ret_facts);

DOSIS_CHECK dosis_rc_t store_facts_read(dosis_crypt_t *crypt,
    dosis_slice_t row, store_facts_t *ret_facts);

/* Days since 1970 as a number that sorts, and back. */
uint32_t store_deadline(int32_t day);
int32_t store_deadline_day(uint32_t deadline);

/* --- counts: `telling` ---------------------------------------------------- */

typedef struct {
    store_bucket_t bucket;
    uint32_t rijen;
    uint32_t zonder_fase;             /* references */
    uint32_t actie_nodig;
    uint32_t fase[STORE_FASEN];       /* by number; 0: larger numbers */
} store_tally_t;

void store_tally_count(store_tally_t *tally, const store_facts_t *facts,
    int32_t by);
DOSIS_CHECK dosis_rc_t store_tally_read(dosis_slice_t bytes,
    store_tally_t *ret_tally);

/* --- reading in order ----------------------------------------------------- */

/* Over the rows of one agent in `telling`, `volg` or `termijn`. */
typedef struct {
    const store_snap_t *snap;
    store_db_t db;
    store_cursor_t cursor;
    dosis_rc_t rc;                    /* of the row the cursor is on */
    uint8_t agent[STORE_AGENT_BYTES];
} store_side_walk_t;

typedef struct {
    uint64_t seq;                     /* op-log sequence of the change */
    uint8_t id[STORE_ID_BYTES];
} store_change_t;

typedef struct {
    uint32_t deadline;
    uint8_t id[STORE_ID_BYTES];
    uint8_t key[STORE_CLASS_KEY];
} store_termijn_t;

/*
 * Each next gives DOSIS_ENOTFOUND at the end. Changes begin behind the
 * sequence after; deadlines behind after, or at the first for NULL.
 */
DOSIS_CHECK dosis_rc_t store_tallies_open(const store_snap_t *snap,
    const uint8_t agent[16], store_side_walk_t *ret_walk);
DOSIS_CHECK dosis_rc_t store_tallies_next(store_side_walk_t *walk,
    uint8_t ret_key[STORE_CLASS_KEY], store_tally_t *ret_tally);

DOSIS_CHECK dosis_rc_t store_changes_open(const store_snap_t *snap,
    const uint8_t agent[16], uint64_t after, store_side_walk_t *ret_walk);
DOSIS_CHECK dosis_rc_t store_changes_next(store_side_walk_t *walk,
    store_change_t *ret_change);

DOSIS_CHECK dosis_rc_t store_termijnen_open(const store_snap_t *snap,
    const uint8_t agent[16], const store_termijn_t *after,
    store_side_walk_t *ret_walk);
DOSIS_CHECK dosis_rc_t store_termijnen_next(store_side_walk_t *walk,
    store_termijn_t *ret_termijn);

void store_side_close(store_side_walk_t *walk);

/* --- side rows of an older store, made bit by bit ------------------------- */

/*
 * Up to which position the rows of a big agent without PAGE_ZIJ have their
 * side rows. false: none has.
 */
bool store_side_reached(dosis_txn_t *txn, const uint8_t agent[16],
    uint64_t *ret_order, uint8_t ret_id[STORE_ID_BYTES]);
void store_side_reach(dosis_txn_t *txn, const uint8_t agent[16],
    store_position_t position);
void store_side_complete(dosis_txn_t *txn, const uint8_t agent[16]);

/* --- keys ----------------------------------------------------------------- */

#define STORE_TELLING_KEY (STORE_AGENT_BYTES + STORE_CLASS_KEY)
#define STORE_VOLG_KEY    (STORE_AGENT_BYTES + 8)
#define STORE_TERMIJN_KEY (STORE_AGENT_BYTES + 4 + STORE_ID_BYTES)

void store_telling_key(char key[STORE_TELLING_KEY], const uint8_t agent[16],
    const uint8_t class_key[STORE_CLASS_KEY]);
void store_volg_key(char key[STORE_VOLG_KEY], const uint8_t agent[16],
    uint64_t change);
void store_termijn_key(char key[STORE_TERMIJN_KEY], const uint8_t agent[16],
    uint32_t deadline, const uint8_t id[STORE_ID_BYTES]);

#endif
