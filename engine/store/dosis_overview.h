/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_overview.h: how many dossiers a subject has, by phase, without
 * listing them. What is counted is what the list would show, judged by the
 * same access function; a big agent is counted from its side rows.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults; at most question->examine rows per call
 * Memory     adds to the buffer given; nothing is kept
 * Errors     DOSIS_EFORMAT, DOSIS_EKEY: damaged bytes
 */

#ifndef DOSIS_STORE_DOSIS_OVERVIEW_H
#define DOSIS_STORE_DOSIS_OVERVIEW_H

#include "store/dosis_read.h"

#define DOSIS_CLASSES_MAX 64    /* access classes judged of one big agent */

/*
 * Adds {"Agenten":[...],"Totaal":{...},"GedeeldTelt":"perAgent"} for the
 * subjects of the question, each counted for itself. Where a ceiling was
 * reached the counts are a lower bound, and `Minstens` is true; then
 * EersteTermijn may be a later one. after, limit, filter: unused.
 */
DOSIS_CHECK dosis_rc_t dosis_overview(dosis_reader_t *reader,
    const dosis_question_t *question, dosis_buf_t *body,
    dosis_answer_t *ret_answer);

#endif
