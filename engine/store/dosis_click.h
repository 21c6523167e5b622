/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_click.h: one dossier for a click-through: may they see it, who of them
 * is it, where does it stand.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     what is found points into the reader and the question: until the
 *            reader's end or its next use
 * Errors     DOSIS_ENOTFOUND unknown, or for none of the subjects: one answer
 */

#ifndef DOSIS_STORE_DOSIS_CLICK_H
#define DOSIS_STORE_DOSIS_CLICK_H

#include "store/dosis_read.h"

typedef struct {
    const dosis_bron_t *bron;
    const dosis_subject_t *subject; /* of the question: who sees it */
    dosis_slice_t nummer;           /* JSON-escaped, as it is kept */
    dosis_slice_t url;              /* where the browser goes; empty: there is
                                       none that the source's rules allow */
} dosis_click_t;

/* Through the one access function, by the door of the detail. */
DOSIS_CHECK dosis_rc_t dosis_click(dosis_reader_t *reader,
    const dosis_question_t *question, const uint8_t id[16],
    dosis_click_t *ret_click);

#endif
