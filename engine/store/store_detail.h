/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_detail.h: one dossier by its DossierId, found and judged, for every
 * door that names one: detail, history, what was shown at a moment. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     views point into reader->page and reader->lang
 * Errors     DOSIS_ENOTFOUND unknown, or for none of the subjects: one answer;
 *            DOSIS_EFORMAT, DOSIS_EKEY damaged bytes
 */

#ifndef DOSIS_STORE_STORE_DETAIL_H
#define DOSIS_STORE_STORE_DETAIL_H

#include "store/store_view.h"

typedef struct {
    store_view_t view;
    const dosis_agent_t *own; /* the agent that sees it as one, or NULL */
} store_admitted_t;

DOSIS_CHECK dosis_rc_t store_detail_admit(dosis_reader_t *reader,
    const dosis_question_t *question, const uint8_t id[16],
    store_admitted_t *ret_admitted);

/* What was shown at question->moment_ns of a dossier that was admitted. */
DOSIS_CHECK dosis_rc_t store_detail_add_moment(dosis_reader_t *reader,
    const dosis_question_t *question, store_admitted_t *admitted,
    dosis_buf_t *body, dosis_answer_t *ret_answer);

#endif
