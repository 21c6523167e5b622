/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_uitleg.h: why somebody sees a dossier, or does not, step by step: the
 * rules of the access function in their order, up to the one that decides, and
 * what stands before it for a counter.
 *
 * Layer      store
 * Threads    one reader, one thread; between its begin and end
 * Blocking   page faults; one dossier
 * Memory     adds to the buffer given
 * Errors     DOSIS_ENOTFOUND unknown, or not of a source of whoever asks: one
 *            answer; DOSIS_EFORMAT, DOSIS_EKEY damaged bytes
 */

#ifndef DOSIS_STORE_DOSIS_UITLEG_H
#define DOSIS_STORE_DOSIS_UITLEG_H

#include "store/dosis_read.h"

typedef struct {
    dosis_slice_t client;          /* who asks */
    bool beheer;                   /* an operator: about any source; others
                                      about those they may deliver for now */
    const dosis_subject_t *subject;    /* about whom: an array */
    size_t subjects;
    const dosis_agent_t *mandataris;   /* who acts for it, or NULL */
    dosis_slice_t gebruiker;       /* who that is, or empty */
    dosis_slice_t loket;           /* through which counter, or empty */
} dosis_uitleg_t;

/*
 * Adds {"DossierId",...,"Zichtbaar","InLijst","Vooraf":[...],
 * "Agenten":[...]}. Zichtbaar: what dosis_detail() answers for the same
 * subjects; InLijst: whether it stands in their list.
 */
DOSIS_CHECK dosis_rc_t dosis_uitleg(dosis_reader_t *reader,
    const dosis_uitleg_t *asked, const uint8_t id[16], dosis_buf_t *body);

#endif
