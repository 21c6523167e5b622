/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_side.h: gives the big agents of an older store the side rows that
 * overview, feed and action order read, bit by bit. For the engine.
 *
 * Layer      store
 * Threads    that of the writer
 * Blocking   a step is one short transaction; begin waits for other writers
 * Memory     in place; zero it before the first step
 * Errors     those of a transaction: the step was not done, call again
 *
 * A store made by this version needs no step, and the first one says so. Until
 * an agent has them all, its rows are read from its pages.
 */

#ifndef DOSIS_STORE_DOSIS_SIDE_H
#define DOSIS_STORE_DOSIS_SIDE_H

#include "store/dosis_txn.h"

typedef struct {
    bool done;                /* nothing lacks, in the whole store */
    bool begun;
    uint8_t agent[16];        /* blinded: where the next step looks first */
} dosis_side_t;

DOSIS_CHECK dosis_rc_t dosis_side_step(dosis_writer_t *writer, int64_t now_ns,
    dosis_side_t *side);

#endif
