/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_csv.h: CSV (RFC 4180): one record of a text; or all of them, of a text
 * that comes in pieces. The only user of the CSV library.
 *
 * Layer      base
 * Threads    pure; a reader belongs to one thread
 * Blocking   never
 * Memory     a field or row is valid until its callback returns; create gives
 *            (heap), free takes: what a reader has is set by its ceilings
 * Errors     of a record: DOSIS_EFORMAT a quote where none may stand, or one
 *            that never closes; DOSIS_ENOTFOUND there is no record;
 *            DOSIS_ENOMEM. Of a reader: DOSIS_ENOMEM, and what on_row returns;
 *            what is wrong with a row is told with it
 *
 * Lines end with CRLF, LF or CR; empty ones are passed over. Blanks around a
 * field that is not quoted are no part of it.
 */

#ifndef DOSIS_BASE_DOSIS_CSV_H
#define DOSIS_BASE_DOSIS_CSV_H

#include <stdint.h>

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

/* --- a text that comes in pieces ------------------------------------------ */

/*
 * What is wrong with a row; it is one line then. Reading goes on at the line
 * behind it, also when a quote had joined lines: what looked like text between
 * quotes is read again, as rows. So a stray quote costs the line it stands on,
 * and no more; a text between quotes that is broken or too long costs as many
 * rows as it has lines. Each byte is read twice at most: of the lines that are
 * read again none can open a quote, but for the last.
 */
typedef enum {
    DOSIS_CSV_FINE,
    DOSIS_CSV_QUOTE,    /* a quote where none may stand */
    DOSIS_CSV_OPEN,     /* one that opens here and is not closed as it must,
                           or not before the ceiling or the end */
    DOSIS_CSV_LONG      /* longer than the ceiling: text is its beginning */
} dosis_csv_fault_t;

typedef struct {
    uint64_t begin;      /* bytes of the text in front of it */
    uint64_t end;        /* the same, behind it and its line end */
    uint64_t line;       /* where it begins; the first is 1 */
    uint64_t line_after; /* the line that begins at `end` */
    dosis_slice_t text;  /* as it stands there, without its line end */
    dosis_csv_fault_t fault;
    size_t fields;       /* all of them; of a fault, those of the line that
                            stand in front of it */
    size_t filled;       /* up to the last that is not empty */
    const dosis_slice_t *field;    /* the first of them, to the ceiling; their
                                      bytes stand one behind the other */
} dosis_csv_row_t;

typedef dosis_rc_t (*dosis_csv_row_pt)(
    const dosis_csv_row_t *row, void *payload);

typedef struct dosis_csv_reader_s dosis_csv_reader_t;

typedef struct {
    char separator;
    size_t row_max;      /* bytes of a row, without its line end */
    size_t fields_max;   /* of a row: those beyond are counted, not given */
    uint64_t begin;      /* where the first piece begins in the text, */
    uint64_t line;       /*   and which line that is */
} dosis_csv_options_t;

DOSIS_CHECK dosis_rc_t dosis_csv_reader_create(
    const dosis_csv_options_t *options, dosis_csv_reader_t **ret_reader);

/* NULL is fine. */
void dosis_csv_reader_free(dosis_csv_reader_t *reader);

/*
 * The next bytes. last: the text ends with them. Where it is cut in pieces
 * makes no difference.
 */
DOSIS_CHECK dosis_rc_t dosis_csv_reader_add(dosis_csv_reader_t *reader,
    dosis_slice_t bytes, bool last, dosis_csv_row_pt on_row, void *payload);

/* Lines that end in the text: CRLF, LF or CR. */
uint64_t dosis_csv_lines(dosis_slice_t text);

#endif
