/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_history.h: what came in of one dossier, newest receipt first.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults; at most question->limit entries per call
 * Memory     adds to the buffer given; nothing is kept
 * Errors     DOSIS_ENOTFOUND unknown, withdrawn, or not for this subject: one
 *            answer; DOSIS_EINPUT, DOSIS_EEXPIRED as for a list's cursor;
 *            DOSIS_EFORMAT, DOSIS_EKEY damaged bytes
 *
 * Rights and confidentiality of now decide; then every entry is shown, also
 * one of before the subject had a part in it. An unchanged status has none.
 */

#ifndef DOSIS_STORE_DOSIS_HISTORY_H
#define DOSIS_STORE_DOSIS_HISTORY_H

#include "store/dosis_read.h"

/*
 * Adds {"DossierId","Historiek":[...],"Volgende":...,"Ingekort":...}.
 * Ingekort: what is older than the last entry shown is not kept any more.
 */
DOSIS_CHECK dosis_rc_t dosis_history(dosis_reader_t *reader,
    const dosis_question_t *question, const uint8_t id[16],
    dosis_buf_t *body, dosis_answer_t *ret_answer);

#endif
