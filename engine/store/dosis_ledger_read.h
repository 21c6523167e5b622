/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_ledger_read.h: the access ledger, read: is its chain whole, what does
 * it say, and what may whom it is about read of it.
 *
 * Layer      store
 * Threads    that of the store or reader
 * Blocking   check and export read all of it, in snapshots of at most 5,000
 *            blocks, with the engine up or down; inzagen: page faults only
 * Memory     one block, and verdicts on the heap for the length of a call; what
 *            is told is lent for the call
 * Errors     DOSIS_OK: it was looked at; else it could not look
 */

#ifndef DOSIS_STORE_DOSIS_LEDGER_READ_H
#define DOSIS_STORE_DOSIS_LEDGER_READ_H

#include "store/dosis_anker.h"

typedef enum {
    DOSIS_LEDGER_WHOLE,
    DOSIS_LEDGER_GONE,      /* a block is not there */
    DOSIS_LEDGER_ALTERED,   /* it does not open in its place, or is none */
    DOSIS_LEDGER_UNLINKED,  /* it does not follow the one before */
    DOSIS_LEDGER_CUT,       /* it ends before its head, or has other ends */
    DOSIS_LEDGER_REWRITTEN, /* not what an anchor says it was */
    DOSIS_LEDGER_ANCHOR,    /* an anchor of the store does not hold */
    DOSIS_LEDGER_SIGNATURE  /* nor does the signature of its signed one */
} dosis_ledger_fault_t;

typedef struct {
    dosis_ledger_fault_t fault;
    uint64_t seq;                 /* of the block it is about */
    uint64_t blocks;              /* looked at */
    uint64_t consultations;
    dosis_ledger_anchor_t begin;  /* the last one removed */
    dosis_ledger_anchor_t anchor; /* the newest of the store */
    dosis_anker_t anker;          /* the newest signed one; zero: none */
    dosis_ledger_at_t head;
} dosis_ledger_check_t;

/*
 * Follows the chain to the first broken link. known: anchors kept elsewhere,
 * or NULL; each must lie on the chain, or before its first block.
 */
DOSIS_CHECK dosis_rc_t dosis_ledger_check(dosis_store_t *store,
    const dosis_ledger_at_t *known, size_t count,
    dosis_ledger_check_t *ret_check);

/* English, without a person: "block 12 is not there". */
const char *dosis_ledger_fault_text(dosis_ledger_fault_t fault);

/* The head as it is now, for a place outside the store. */
DOSIS_CHECK dosis_rc_t dosis_ledger_head(dosis_store_t *store,
    dosis_ledger_at_t *ret_at);

/* How it is, for who operates it. */
typedef struct {
    dosis_ledger_at_t head;
    uint64_t blocks;
    uint64_t indexed;             /* up to and with this block */
    int64_t oldest_ns;            /* consultation; 0: none, or damaged */
    dosis_ledger_anchor_t begin;
    dosis_ledger_anchor_t anchor;
    dosis_anker_t anker;          /* zero: none, or its signature fails */
} dosis_ledger_state_t;

/* The reader must be between begin and end. */
DOSIS_CHECK dosis_rc_t dosis_ledger_state(
    dosis_reader_t *reader, dosis_ledger_state_t *ret_state);

/* Adds {"block","indexed","oldest","removed","anchor":{...}}. */
void dosis_ledger_state_add(
    dosis_buf_t *json, const dosis_ledger_state_t *state);

/* What is exported: van <= time < tot. */
typedef struct {
    int64_t van_ns;
    int64_t tot_ns;
    const dosis_agent_t *onderwerp;    /* NULL: about anybody */
} dosis_ledger_range_t;

/* Returns whether to go on. */
typedef bool (*dosis_ledger_pt)(const dosis_inzage_view_t *view,
    uint64_t blok, unsigned nr, void *payload);

/* In the order of the chain. A damaged block: DOSIS_EFORMAT, DOSIS_EKEY. */
DOSIS_CHECK dosis_rc_t dosis_ledger_each(dosis_store_t *store,
    const dosis_ledger_range_t *range, dosis_ledger_pt each, void *payload);

/*
 * Adds {"Inzagen":[...],"Volgende":...}: who looked at dossiers of the only
 * subject of the question that it may see now, newest first. A look that
 * showed none of those is not told, but for counts. The reader must be between
 * begin and end. Errors: those of dosis_list().
 */
DOSIS_CHECK dosis_rc_t dosis_inzagen(dosis_reader_t *reader,
    const dosis_question_t *question, dosis_buf_t *body,
    dosis_answer_t *ret_answer);

#endif
