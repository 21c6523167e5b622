/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_err_json.h: problems and warnings as an answer has them, of a push and
 * of a file.
 *
 * Layer      base
 * Threads    one thread at a time
 * Blocking   never
 * Memory     the caller's buffer
 * Errors     sticky in the buffer
 */

#ifndef DOSIS_BASE_DOSIS_ERR_JSON_H
#define DOSIS_BASE_DOSIS_ERR_JSON_H

#include "base/dosis_buf.h"
#include "base/dosis_err.h"

/* Adds an array, each with its line or null. */
void dosis_err_json_list(dosis_buf_t *to, const dosis_err_t *err);

/* Adds `,"Waarschuwingen":[…]`. */
void dosis_err_json_warnings(dosis_buf_t *to, const dosis_err_t *warnings);

#endif
