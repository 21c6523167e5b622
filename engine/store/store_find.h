/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_find.h: one dossier by its DossierId, for reading. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     a row lies in reader->page until the next find; each page opened
 *            is counted in reader->pages
 * Errors     DOSIS_ENOTFOUND unknown; DOSIS_EFORMAT sleutel and pages disagree
 */

#ifndef DOSIS_STORE_STORE_FIND_H
#define DOSIS_STORE_STORE_FIND_H

#include "store/store_held.h"

/* As in `sleutel`: the head only of a withdrawn one. */
DOSIS_CHECK dosis_rc_t store_find_held(dosis_reader_t *reader,
    const uint8_t id[16], store_held_t *ret_held);

/* The copy of an agent that has it. */
DOSIS_CHECK dosis_rc_t store_find_row(dosis_reader_t *reader,
    const uint8_t agent[16], const uint8_t id[16], dosis_slice_t *ret_row);

/* The head that is held, live or withdrawn. */
DOSIS_CHECK dosis_rc_t store_find_head(dosis_reader_t *reader,
    const uint8_t id[16], store_head_t *ret_head);

#endif
