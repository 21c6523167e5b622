/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_csv.h: one record of a CSV text (RFC 4180), field by field; the only
 * user of the CSV library.
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     a field is valid until its callback returns
 * Errors     DOSIS_EFORMAT a quote where none may stand, or one that never
 *            closes; DOSIS_ENOTFOUND there is no record; DOSIS_ENOMEM
 *
 * Lines end with CRLF, LF or CR; empty ones are passed over. Blanks around a
 * field that is not quoted are no part of it.
 */

#ifndef DOSIS_BASE_DOSIS_CSV_H
#define DOSIS_BASE_DOSIS_CSV_H

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"

typedef void (*dosis_csv_field_pt)(dosis_slice_t field, void *payload);

/* Whose payload it is, and what stands between two fields: one byte. */
typedef struct {
    char separator;
    dosis_csv_field_pt on_field;
    void *payload;
} dosis_csv_t;

/*
 * Reads the first record of text; *ret_used: the bytes up to and with its
 * line end. A record without a line end is one. Fields that came before an
 * error were given.
 */
DOSIS_CHECK dosis_rc_t dosis_csv_record(
    const dosis_csv_t *csv, dosis_slice_t text, size_t *ret_used);

#endif
