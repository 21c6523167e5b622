/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_page.h: the pages of one agent, inside a writing transaction.
 * Private. Layout and why: engine/doc/store-format.md.
 *
 * Layer      store
 * Threads    one thread
 * Blocking   page faults
 * Memory     pages live in the transaction's arena; a row's bytes are valid
 *            until the next insert or remove
 * Errors     sticky in the transaction; a find that failed says "not there"
 *
 * A page opened in a batch stays open and is sealed and put once, by flush.
 * What changes the set of keys (a new page, an emptied one, another newest
 * row) is put or deleted at once, so that cursors always see the true set.
 */

#ifndef DOSIS_STORE_STORE_PAGE_H
#define DOSIS_STORE_STORE_PAGE_H

#include "store/store_record.h"
#include "store/store_txn.h"

#define STORE_PAGE_FORMAT  1
#define STORE_PAGE_HEADER  4
#define STORE_PAGE_MAX     (STORE_VALUE_MAX - DOSIS_SEAL_OVERHEAD)
#define STORE_SMALL_PAGES  32     /* more: the agent is big */
#define STORE_OPEN_PAGES_MAX 512   /* beyond: flushed between two items */
#define STORE_AGENT_BYTES  16
#define STORE_PAGE_KEY     40     /* agent 16 | order 8 | DossierId 16 */
#define STORE_ROW_ID       2      /* in a row's head, see store_record.c */
#define STORE_ROW_ORDER    18

enum {
    PAGE_GROOT = 1,               /* in the head: `plaats` has every row */
    PAGE_ZIJ = 2                  /* in the head: so have the side rows */
};

typedef struct store_page_s {
    struct store_page_s *next;    /* in its bucket */
    bool dirty;
    bool gone;                    /* deleted in this transaction */
    uint8_t flags;
    uint16_t rows;
    uint8_t key_len;              /* 16: a head page, else 40 */
    char key[STORE_PAGE_KEY];
    size_t len;                   /* of bytes */
    char bytes[STORE_PAGE_MAX];   /* rows: length 2 B, row */
} store_page_t;

/* Where a row was found. */
typedef struct {
    store_page_t *page;
    size_t at;                    /* offset of its length */
    dosis_slice_t bytes;          /* the row */
} store_spot_t;

/* Position of a row in the agent's order. */
typedef struct {
    uint64_t order;
    const uint8_t *id;
} store_position_t;


/* false: this agent has no such row (or the transaction has failed). */
bool store_page_find(dosis_txn_t *txn, const uint8_t agent[16],
    const uint8_t id[16], store_spot_t *ret_spot);

/* Overwrites the row's head (STORE_HEAD_BYTES); its position must not move. */
void store_page_patch(store_spot_t *spot, const char *head);

void store_page_remove(dosis_txn_t *txn, const uint8_t agent[16],
    store_spot_t *spot);

/* row: at most STORE_PAGE_MAX - STORE_PAGE_HEADER - 2 bytes. */
void store_page_insert(dosis_txn_t *txn, const uint8_t agent[16],
    dosis_slice_t row);

/*
 * An agent that an older version made big has no side rows: gives them to
 * some pages more, from the newest row on; at the last one sets PAGE_ZIJ.
 */
void store_page_catch_up(dosis_txn_t *txn, const uint8_t agent[16]);

/* Seals and puts every dirty page; forgets all of them. */
void store_page_flush(dosis_txn_t *txn);

/* --- shared with reading -------------------------------------------------- */

/* A page's bytes: checked header, then its rows one by one. */
typedef struct {
    uint8_t flags;
    uint16_t rows;
    dosis_slice_t rest;
} store_page_view_t;

DOSIS_CHECK dosis_rc_t store_page_view(dosis_slice_t bytes,
    store_page_view_t *ret_view);

/* The next row's bytes; false at the end (view.rows is then 0) or damage. */
bool store_page_next(store_page_view_t *view, dosis_slice_t *ret_row);

void store_page_key(char key[STORE_PAGE_KEY], const uint8_t agent[16],
    store_position_t position);

/* Of a row, pointing into its bytes; and in order, as memcmp tells. */
store_position_t store_position_of(const char *row);
int store_position_cmp(store_position_t a, store_position_t b);

/* Does a key of `agent`, or of a side database, belong to that agent? */
static inline bool
store_is_agents(dosis_slice_t key, const uint8_t agent[16])
{
    return key.len >= STORE_AGENT_BYTES
           && memcmp(key.data, agent, STORE_AGENT_BYTES) == 0;
}

/* Sets the cursor on the page where that position belongs. */
DOSIS_CHECK dosis_rc_t store_page_seek(store_cursor_t *cursor,
    const uint8_t agent[16], store_position_t position);

/* The blinded key of an agent: kind and normalised identification. */
void store_agent_blind(dosis_crypt_t *crypt, const dosis_agent_t *agent,
    uint8_t to[STORE_AGENT_BYTES]);

#endif
