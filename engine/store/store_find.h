/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_find.h: one dossier in a snapshot: its row with one agent, or what is
 * held of it. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     a row lies in reader->page until the next page is opened there;
 *            reader->pages counts those that were
 * Errors     DOSIS_EFORMAT: sleutel and pages disagree
 */

#ifndef DOSIS_STORE_STORE_FIND_H
#define DOSIS_STORE_STORE_FIND_H

#include "store/store_held.h"

/* The row of an agent that, says `sleutel`, has one. */
DOSIS_CHECK dosis_rc_t store_find_row(dosis_reader_t *reader,
    const uint8_t agent[16], const uint8_t id[16], dosis_slice_t *ret_row);

/* As store_held_load() for a reader: nothing is HELD_NOTHING, no error. */
DOSIS_CHECK dosis_rc_t store_find_held(dosis_reader_t *reader,
    const uint8_t id[16], store_held_t *ret_held);

/* Its place among the agents held; -1: it is none of them. */
int store_find_agent(dosis_reader_t *reader, const store_held_t *held,
    const dosis_agent_t *agent);

#endif
