/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_problem.h: the problems of one delivery: as they are stored, and as an
 * answer of the existing service gives them. Private.
 *
 * Layer      store
 * Threads    pure
 * Blocking   never
 * Memory     self-contained; problem codes are static
 * Errors     the reader and the buffer are sticky
 */

#ifndef DOSIS_STORE_STORE_PROBLEM_H
#define DOSIS_STORE_STORE_PROBLEM_H

#include "base/dosis_err.h"
#include "base/dosis_wire.h"

void store_problems_write(dosis_buf_t *buf, const dosis_err_t *problems);

/* More than DOSIS_ERR_MAX of them: a failure of the reader. */
void store_problems_read(dosis_wire_t *wire, dosis_err_t *ret_problems);

/*
 * {"Omschrijving":"field: text","LijnNummer":line|null}; line: where the
 * problem itself names none, or 0.
 */
void store_problem_json(
    dosis_buf_t *body, const dosis_problem_t *problem, uint64_t line);

/*
 * "(lijn 7) ", when it is of another line than that one: rows of one dossier
 * are refused together.
 */
void store_problem_place(
    dosis_buf_t *buf, const dosis_problem_t *problem, uint64_t lijn);

#endif
